//! Small fully connected layers around the encoder, such as classifiers.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, Simd, SimdOp};

use super::gemm::turned;

/// Outputs are padded to the widest vectors in use, 16 lanes of 32 bits.
const PANEL: usize = 16;

/// A small fully connected layer, `x W^T + b`, such as a classifier. The outputs of a row are summed at once, one per lane. Unlike the
/// large products it needs no working memory, whatever the precision of the layers.
pub(crate) struct Projection {
    /// `[n_in, outputs in whole panels]`, padded with zeros after the last output.
    weights: Vec<f32>,
    bias: Vec<f32>,
    n_out: usize,
}

impl Projection {
    /// Builds a layer from weights in PyTorch's layout, `[n_out, n_in]`, and a bias, `[n_out]`.
    ///
    /// # Panics
    /// When the number of weights is not `n_in * n_out`.
    pub(crate) fn new(weights: &[f32], mut bias: Vec<f32>) -> Self {
        let n_out = bias.len();
        let n_in = weights.len() / n_out;
        assert_eq!(weights.len(), n_in * n_out, "one weight per input and output");
        bias.resize(n_out.next_multiple_of(PANEL), 0.0);
        Self { weights: turned(weights, n_in, bias.len()), bias, n_out }
    }

    /// The width of an output row.
    pub(crate) fn n_out(&self) -> usize {
        self.n_out
    }

    /// `[rows, n_in] x [n_in, n_out] + [n_out] -> [rows, n_out]`.
    pub(crate) fn apply(&self, rows: &[f32], outputs: &mut [f32]) {
        Apply { projection: self, rows, outputs }.dispatch();
    }
}

impl std::fmt::Debug for Projection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Projection").field("n_out", &self.n_out).finish_non_exhaustive()
    }
}

struct Apply<'a> {
    projection: &'a Projection,
    rows: &'a [f32],
    outputs: &'a mut [f32],
}

impl SimdOp for Apply<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Projection { weights, bias, n_out } = self.projection;
        let ops = isa.f32();
        let width = bias.len();
        let rows = self.rows.chunks_exact(weights.len() / width).zip(self.outputs.chunks_exact_mut(*n_out));
        for (row, outputs) in rows {
            for (panel, outputs) in outputs.chunks_mut(ops.len()).enumerate() {
                let start = panel * ops.len();
                // Four independent sums, to hide the latency of the multiply-add.
                let mut sums = [ops.load(&bias[start..]), ops.zero(), ops.zero(), ops.zero()];
                for (xs, weights) in row.chunks(4).zip(weights.chunks(4 * width)) {
                    for ((sum, &x), weights) in sums.iter_mut().zip(xs).zip(weights.chunks_exact(width)) {
                        *sum = ops.mul_add(ops.splat(x), ops.load(&weights[start..]), *sum);
                    }
                }
                let [a, b, c, d] = sums;
                let total = ops.add(ops.add(a, b), ops.add(c, d));
                outputs.copy_from_slice(&total.to_array().as_ref()[..outputs.len()]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_match_the_definition() {
        let noise = |len: usize, seed: usize| -> Vec<f32> {
            (0..len).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.5 - 1.0).collect()
        };
        for (n_rows, n_in, n_out) in [(1, 1, 1), (3, 384, 9), (2, 7, 16), (5, 33, 37)] {
            let (weights, bias, rows) = (noise(n_out * n_in, 1), noise(n_out, 2), noise(n_rows * n_in, 3));
            let mut got = vec![9.0; n_rows * n_out];
            Projection::new(&weights, bias.clone()).apply(&rows, &mut got);
            for (i, got) in got.into_iter().enumerate() {
                let (row, output) = (i / n_out, i % n_out);
                let terms = (0..n_in).map(|k| f64::from(rows[row * n_in + k]) * f64::from(weights[output * n_in + k]));
                let want = terms.sum::<f64>() + f64::from(bias[output]);
                assert!((f64::from(got) - want).abs() < 2e-5 + 2e-7 * n_in as f64, "{i}: got {got}, want {want}");
            }
        }
    }
}
