//! How many mentions do the clusters of key and response share?

use super::clustering::Clustering;

/// The cluster of a mention that the side lacks.
pub(super) const ABSENT: u32 = u32::MAX;

/// The clusters of one mention on both sides, or [`ABSENT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) key: u32,
    pub(super) response: u32,
}

/// The overlap of a cluster of the key and one of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The key's cluster, as an index into [`Contingency::key_sizes`].
    pub(crate) key: usize,
    /// The response's cluster, as an index into [`Contingency::response_sizes`].
    pub(crate) response: usize,
    /// How many mentions they share, at least 1.
    pub(crate) count: u64,
}

/// All that the metrics depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contingency {
    key_sizes: Vec<u64>,
    response_sizes: Vec<u64>,
    cells: Vec<Cell>,
}

impl Contingency {
    /// The overlaps of two partitions.
    pub(crate) fn new(key: &Clustering, response: &Clustering) -> Self {
        let (mut keys, mut responses) = (key.places().iter().peekable(), response.places().iter().peekable());
        let mut placed = Vec::with_capacity(key.places().len().max(response.places().len()));
        loop {
            let next = match (keys.peek(), responses.peek()) {
                (None, None) => break,
                (Some(key), None) => key.0,
                (None, Some(response)) => response.0,
                (Some(key), Some(response)) => key.0.min(response.0),
            };
            let key = keys.next_if(|place| place.0 == next).map_or(ABSENT, |place| place.1);
            let response = responses.next_if(|place| place.0 == next).map_or(ABSENT, |place| place.1);
            placed.push(Placed { key, response });
        }
        Self::of(placed)
    }

    /// The overlaps of mentions in any order.
    pub(super) fn of(mut placed: Vec<Placed>) -> Self {
        let mut responses: Vec<u32> = placed.iter().map(|p| p.response).filter(|r| *r != ABSENT).collect();
        responses.sort_unstable();
        let mut names = Vec::new();
        let mut response_sizes = Vec::new();
        for run in responses.chunk_by(|a, b| a == b) {
            names.push(run[0]);
            response_sizes.push(run.len() as u64);
        }
        placed.retain(|p| p.key != ABSENT);
        placed.sort_unstable_by_key(|p| u64::from(p.key) << 32 | u64::from(p.response));
        let mut key_sizes = Vec::new();
        let mut cells = Vec::new();
        for cluster in placed.chunk_by(|a, b| a.key == b.key) {
            let key = key_sizes.len();
            key_sizes.push(cluster.len() as u64);
            for shared in cluster.chunk_by(|a, b| a == b).filter(|shared| shared[0].response != ABSENT) {
                let response = names.binary_search(&shared[0].response).expect("the names of all mentions are there");
                cells.push(Cell { key, response, count: shared.len() as u64 });
            }
        }
        Self { key_sizes, response_sizes, cells }
    }

    /// The number of mentions in each cluster of the key, at least 1, twinless ones included.
    pub(crate) fn key_sizes(&self) -> &[u64] {
        &self.key_sizes
    }

    /// The number of mentions in each cluster of the response, at least 1, twinless ones included.
    pub(crate) fn response_sizes(&self) -> &[u64] {
        &self.response_sizes
    }

    /// The overlaps, by key cluster, then by response cluster.
    pub(crate) fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

/// The number of pairs of mentions.
pub(super) fn pairs(mentions: u64) -> u64 {
    mentions * mentions.saturating_sub(1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twinless_mentions_count_only_in_the_sizes() {
        let key = Clustering::new([vec![0, 1, 2], vec![3, 4]]);
        let response = Clustering::new([vec![9], vec![0, 1, 3, 8], vec![2]]);
        let got = Contingency::new(&key, &response);
        assert_eq!(got.key_sizes(), [3, 2]);
        assert_eq!(got.response_sizes(), [1, 4, 1]);
        let cell = |key, response, count| Cell { key, response, count };
        assert_eq!(got.cells(), [cell(0, 1, 2), cell(0, 2, 1), cell(1, 1, 1)]);
        assert_eq!(Contingency::new(&Clustering::default(), &Clustering::default()), Contingency::default());
    }

    #[test]
    fn pairs_by_hand() {
        assert_eq!([0, 1, 2, 5].map(pairs), [0, 0, 1, 10]);
    }
}
