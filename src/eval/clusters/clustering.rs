//! Which mentions does one side take for the same?

/// A partition of mentions into clusters: one entity, one cluster.
///
/// Mentions are numbers that both sides share; either side may lack some (twinless mentions). A mention that is given twice
/// stays where it stood first, as in the CoNLL reference scorer 8.01 (corefud-scorer keeps the last place instead), and
/// clusters that lose all their mentions by that do not exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clustering {
    /// (mention, cluster), by mention, each mention once.
    places: Vec<(u32, u32)>,
}

impl Clustering {
    /// The partition into these clusters.
    ///
    /// ```
    /// use allonym::eval::clusters::{Clustering, score};
    /// let key = Clustering::new([vec![0, 1, 2], vec![3]]);
    /// let response = Clustering::new([vec![0, 1], vec![2, 3]]);
    /// assert_eq!(score(&key, &response).muc.recall(), Some(0.5));
    /// ```
    ///
    /// # Panics
    /// With 4,294,967,295 clusters or more.
    pub fn new<C: IntoIterator<Item = u32>>(clusters: impl IntoIterator<Item = C>) -> Self {
        let mut places = Vec::new();
        for (i, cluster) in clusters.into_iter().enumerate() {
            let i = u32::try_from(i).ok().filter(|i| *i < u32::MAX).expect("fewer than 2^32 - 1 clusters");
            places.extend(cluster.into_iter().map(|mention| (mention, i)));
        }
        // The sort is stable, so that the first place of a mention is the one that stays.
        places.sort_by_key(|place| place.0);
        places.dedup_by_key(|place| place.0);
        Self { places }
    }

    /// (mention, cluster), by mention, each mention once.
    pub(super) fn places(&self) -> &[(u32, u32)] {
        &self.places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_mention_stays_in_its_first_cluster() {
        let repeated = Clustering::new([vec![7, 1], vec![1, 2, 2], vec![7]]);
        assert_eq!(repeated, Clustering::new([vec![1, 7], vec![2], vec![]]));
        assert_eq!(repeated.places(), [(1, 0), (2, 1), (7, 0)]);
    }
}
