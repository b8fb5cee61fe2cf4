//! Self-attention in `f32`: what each piece reads from the others in its window.

use std::ops::Range;
use std::sync::Arc;

use rten_simd::SimdOp;
use rten_vecmath::Softmax;

use super::aligned::Aligned;
use super::distances::Distances;
use super::gemm::{Store, View, product};

/// Multi-head scaled dot-product attention (Vaswani et al., 2017) within windows of any length, without padding.
#[derive(Clone, Debug)]
pub(crate) struct Attention {
    pub(crate) n_heads: usize,
    pub(crate) head_size: usize,
    /// What is added to scores, in MPNet. In bytes it is for base-2 logits.
    pub(crate) distances: Option<Arc<Distances>>,
}

/// Working memory for attention.
pub(crate) struct Memory<'a> {
    pub(crate) attention: &'a mut Aligned<f32>,
    pub(crate) head: &'a mut Aligned<f32>,
}

impl Attention {
    /// Computes one window: `qkv` is `[n_pieces, 3 * hidden]`, `context` is `[n_pieces, hidden]`, and `window` is a range of their rows.
    pub(crate) fn apply(&self, qkv: &[f32], window: Range<usize>, context: &mut [f32], work: &mut Memory<'_>) {
        let (n, d) = (window.len(), self.head_size);
        let hidden = self.n_heads * d;
        let rows = &qkv[window.start * 3 * hidden..window.end * 3 * hidden];
        let context = &mut context[window.start * hidden..window.end * hidden];
        let scores = work.attention.first(n * n);
        let read = work.head.first(n * d);
        let scale = (d as f32).sqrt().recip();
        for head in 0..self.n_heads {
            let query = View { numbers: &rows[head * d..], shape: [n, d], strides: [3 * hidden, 1] };
            let key = View { numbers: &rows[hidden + head * d..], shape: [d, n], strides: [1, 3 * hidden] };
            let value = View { numbers: &rows[2 * hidden + head * d..], shape: [n, d], strides: [3 * hidden, 1] };
            let store = self.start(head, n, scores);
            product(scale, query, key, scores, store); // [n, d] x [d, n] -> [n, n]
            for row in scores.chunks_exact_mut(n) {
                Softmax::new_mut(row).dispatch();
            }
            let weights = View { numbers: scores, shape: [n, n], strides: [n, 1] };
            product(1.0, weights, value, read, Store::Replace); // [n, n] x [n, d] -> [n, d]
            for (row, read) in context.chunks_exact_mut(hidden).zip(read.chunks_exact(d)) {
                row[head * d..(head + 1) * d].copy_from_slice(read);
            }
        }
    }

    /// Fills the scores of a head, `[n, n]`, with what they start from, if anything.
    fn start(&self, head: usize, n: usize, scores: &mut [f32]) -> Store {
        let Some(distances) = &self.distances else { return Store::Replace };
        for (query, row) in scores.chunks_exact_mut(n).enumerate() {
            row.copy_from_slice(distances.head(head).row(query, n));
        }
        Store::Add
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_the_definition_for_every_length() {
        let table: Vec<f32> = (0..32 * 3).map(|i| ((i * 37) % 97) as f32 / 20.0 - 2.0).collect();
        let distances = Arc::new(Distances::new(&table, 3, 40, 1.0));
        let hidden = 15;
        for (n, distances) in [1, 2, 17, 40].into_iter().flat_map(|n| [(n, None), (n, Some(Arc::clone(&distances)))]) {
            let added = distances.clone();
            let added = |h: usize, row: usize, n: usize| added.as_ref().map(|d| d.head(h).row(row, n).to_vec());
            let attention = Attention { n_heads: 3, head_size: 5, distances };
            let (before, after) = (2, 1);
            let total = before + n + after;
            let qkv: Vec<f32> = (0..total * 3 * hidden).map(|i| ((i * 7919) % 503) as f32 / 100.0 - 2.5).collect();
            let mut context = vec![9.0; total * hidden];
            let (mut scores, mut head) = (Aligned::default(), Aligned::default());
            let mut work = Memory { attention: &mut scores, head: &mut head };
            attention.apply(&qkv, before..before + n, &mut context, &mut work);
            assert!(context[..before * hidden].iter().chain(&context[(before + n) * hidden..]).all(|&x| x == 9.0));
            let at = |part: usize, row: usize, column: usize| {
                f64::from(qkv[(before + row) * 3 * hidden + part * hidden + column])
            };
            for row in 0..n {
                for h in 0..3 {
                    let added = added(h, row, n).unwrap_or_else(|| vec![0.0; n]);
                    let product = |k: usize| (0..5).map(|c| at(0, row, h * 5 + c) * at(1, k, h * 5 + c)).sum::<f64>();
                    let logits: Vec<f64> = (0..n).map(|k| product(k) / 5f64.sqrt() + f64::from(added[k])).collect();
                    let top = logits.iter().copied().fold(f64::MIN, f64::max);
                    let total: f64 = logits.iter().map(|x| (x - top).exp()).sum();
                    for c in h * 5..h * 5 + 5 {
                        let want: f64 = (0..n).map(|k| (logits[k] - top).exp() / total * at(2, k, c)).sum();
                        let got = f64::from(context[(before + row) * hidden + c]);
                        assert!((got - want).abs() < 1e-4, "{n} pieces: got {got}, want {want}");
                    }
                }
            }
        }
    }
}
