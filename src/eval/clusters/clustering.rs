//! Which mentions does a side put into one cluster?

/// A partition of mentions into clusters, one for each entity.
///
/// Mentions are numbers that both sides share. Either side may lack some of them (twinless mentions). A mention that is
/// given twice stays in the first cluster, as in the CoNLL scorer 8.01 (corefud-scorer keeps the last one); a cluster that
/// loses all its mentions does not count.
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
    ///
    /// let key = Clustering::new([vec![0, 1, 2], vec![3]]);
    /// let response = Clustering::new([vec![0, 1], vec![2, 3]]);
    /// let scores = score(&key, &response);
    /// assert_eq!(scores.muc.recall(), Some(0.5));
    /// assert_eq!(scores.pairwise.precision(), Some(0.5));
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
        // The sort is stable, so the first cluster of a mention is the one that stays.
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
