//! What MPNet adds to attention scores: a number for how far a key is from the query.

/// The numbers of all heads, which all layers share (Song et al., 2020; buckets as in Raffel et al., 2020).
#[derive(Debug)]
pub(crate) struct Distances {
    /// For each head, one for each distance from `1 - longest` to `longest - 1`, and zeros up to `stride`.
    numbers: Vec<f32>,
    stride: usize,
    longest: usize,
}

/// The numbers of one head, for queries from some position of the window on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadDistances<'a> {
    /// Ends where the largest distance and its zeros end.
    numbers: &'a [f32],
    /// Where the first query finds the key at the start of the window.
    start: usize,
}

/// Distances from which on all are the same.
const FURTHEST: f64 = 128.0;

/// Zeros after the numbers of a head, so that rows can be read in whole vectors.
const SPARE: usize = 64;

impl Distances {
    /// Spreads a table, `[n_buckets, n_heads]`, over the distances in windows of up to `longest` pieces, and multiplies it by `factor`.
    pub(crate) fn new(table: &[f32], n_heads: usize, longest: usize, factor: f32) -> Self {
        let n_buckets = table.len() / n_heads;
        let stride = 2 * longest - 1 + SPARE;
        let mut numbers = vec![0.0; n_heads * stride];
        for (head, numbers) in numbers.chunks_exact_mut(stride).enumerate() {
            for (i, number) in numbers[..2 * longest - 1].iter_mut().enumerate() {
                let bucket = bucket(i.cast_signed() - (longest - 1).cast_signed(), n_buckets);
                *number = table[bucket * n_heads + head] * factor;
            }
        }
        Self { numbers, stride, longest }
    }

    pub(crate) fn head(&self, head: usize) -> HeadDistances<'_> {
        HeadDistances { numbers: &self.numbers[head * self.stride..][..self.stride], start: self.longest - 1 }
    }
}

impl<'a> HeadDistances<'a> {
    /// Those for the queries from `query` on.
    pub(crate) fn skip(self, query: usize) -> Self {
        Self { start: self.start - query, ..self }
    }

    /// What is added to the scores that a query has for the first `n` keys. `n` may be the length of the window, rounded up to a multiple of
    /// 64: what is added after the last key means nothing.
    pub(crate) fn row(self, query: usize, n: usize) -> &'a [f32] {
        &self.numbers[self.start - query..][..n]
    }
}

/// The bucket of the distance from a query to a key: one half for keys before the query and one for those behind, near distances by
/// themselves, far ones by their logarithm.
fn bucket(distance: isize, n_buckets: usize) -> usize {
    let half = n_buckets / 2;
    let exact = half / 2;
    let far = distance.unsigned_abs();
    let bucket = if far < exact {
        far
    } else {
        let ratio = (far as f64 / exact as f64).ln() / (FURTHEST / exact as f64).ln();
        // A little more, so that a distance at the edge of a bucket is in it.
        let steps = (ratio * (half - exact) as f64 + 1e-9) as usize;
        (exact + steps).min(half - 1)
    };
    bucket + if distance > 0 { half } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The distances at which `MPNetEncoder.relative_position_bucket` of transformers 5.23.0 begins a new bucket.
    #[test]
    fn buckets_begin_where_those_of_pytorch_do() {
        let cases: [(usize, &[isize]); 3] = [
            (8, &[0, 1, 2, 16]),
            (32, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91]),
            (
                64,
                &[
                    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19, 21, 24, 27, 31, 35, 40, 46, 52, 59,
                    67, 77, 87, 99, 113,
                ],
            ),
        ];
        for (n_buckets, starts) in cases {
            for distance in 0..600 {
                let want = starts.iter().filter(|&&start| start <= distance).count() - 1;
                assert_eq!(bucket(-distance, n_buckets), want, "{distance} before, {n_buckets} buckets");
                let want = if distance == 0 { 0 } else { want + n_buckets / 2 };
                assert_eq!(bucket(distance, n_buckets), want, "{distance} behind, {n_buckets} buckets");
            }
        }
    }

    #[test]
    fn a_row_has_the_number_of_each_key() {
        let table: Vec<f32> = (0..32 * 3).map(|i| i as f32).collect();
        let distances = Distances::new(&table, 3, 100, 0.5);
        for (head, query, n) in [(0, 0, 1), (1, 0, 100), (2, 99, 100), (1, 57, 128)] {
            for row in
                [distances.head(head).row(query, n), distances.head(head).skip(query / 2).row(query.div_ceil(2), n)]
            {
                assert_eq!(row.len(), n);
                for (key, number) in row.iter().enumerate().take(100) {
                    let bucket = bucket(key.cast_signed() - query.cast_signed(), 32);
                    assert_eq!(*number, 0.5 * table[bucket * 3 + head], "head {head}, query {query}, key {key}");
                }
            }
        }
    }
}
