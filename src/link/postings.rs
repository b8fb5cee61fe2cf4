//! Which rows have a key: a sorted list, twelve bytes an entry.

/// Row numbers by key.
#[derive(Clone, Debug, Default)]
pub(super) struct Postings {
    /// Sorted.
    keys: Vec<u64>,
    /// The row of each key; ascending where keys are equal.
    rows: Vec<u32>,
}

impl Postings {
    /// The rows that have a key, in ascending order.
    pub(super) fn rows(&self, key: u64) -> &[u32] {
        let start = self.keys.partition_point(|&other| other < key);
        let n = self.keys[start..].partition_point(|&other| other == key);
        &self.rows[start..start + n]
    }
}

impl FromIterator<(u64, u32)> for Postings {
    fn from_iter<I: IntoIterator<Item = (u64, u32)>>(entries: I) -> Self {
        let mut entries: Vec<(u64, u32)> = entries.into_iter().collect();
        entries.sort_unstable();
        entries.dedup();
        let (keys, rows) = entries.into_iter().unzip();
        Self { keys, rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_key_in_order() {
        let postings: Postings = [(7, 2), (3, 9), (7, 0), (7, 2), (u64::MAX, 1)].into_iter().collect();
        assert_eq!(postings.rows(7), [0, 2]);
        assert_eq!(postings.rows(3), [9]);
        assert_eq!(postings.rows(u64::MAX), [1]);
        assert_eq!(postings.rows(0), [0; 0]);
        assert_eq!(Postings::default().rows(1), [0; 0]);
    }
}
