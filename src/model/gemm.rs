//! How is a matrix multiplied?

use std::fmt;

use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::NdTensorView;

/// The matrix product for this processor, chosen at run time: AVX-512, AVX2, NEON, WebAssembly or plain code.
///
/// The kernels split their work over the rayon pool that they are called in. A caller that runs one batch a thread calls from
/// pools of one thread each, where they run straight through. Choosing costs nothing next to one product, and the choice may not
/// move between threads: each call of a model makes its own.
#[derive(Default)]
pub(crate) struct Gemm(GemmExecutor<f32>);

/// `[rows, columns]` numbers inside a longer slice: row `r` starts at `r * strides[0]`, its columns lie `strides[1]` apart.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) numbers: &'a [f32],
    pub(crate) shape: [usize; 2],
    pub(crate) strides: [usize; 2],
}

impl<'a> View<'a> {
    fn tensor(self) -> NdTensorView<'a, f32, 2> {
        NdTensorView::from_data_with_strides(self.shape, self.numbers, self.strides)
            .expect("the caller's slice covers the view")
    }
}

impl Gemm {
    /// `out = scale * left x right`: `[m, k] x [k, n] -> [m, n]`.
    ///
    /// # Panics
    /// When the shapes do not fit together.
    pub(crate) fn product(&self, scale: f32, left: View<'_>, right: View<'_>, out: &mut [f32]) {
        let options = GemmOptions { alpha: scale, ..GemmOptions::default() };
        self.0
            .gemm(out, GemmInputA::Unpacked(left.tensor()), GemmInputB::Unpacked(right.tensor()), options)
            .expect("the caller's shapes fit together");
    }
}

impl fmt::Debug for Gemm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gemm").field(&self.0.kernel_name()).finish()
    }
}

/// A fully connected layer: `x W^T + b`, its weights packed once for the kernel that will read them.
pub(crate) struct Linear {
    weights: PackedBMatrix<f32>,
    bias: Vec<f32>,
}

/// What a linear layer does with what its output holds already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// Writes over it.
    Replace,
    /// Adds to it: a residual connection.
    Add,
}

impl Linear {
    /// From weights as PyTorch stores them, `[n_out, n_in]`, and a bias, `[n_out]`.
    ///
    /// # Panics
    /// When there is not one weight for each input and output.
    pub(crate) fn new(gemm: &Gemm, weights: &[f32], bias: Vec<f32>) -> Self {
        let n_out = bias.len();
        let n_in = weights.len() / n_out;
        let weights = View { numbers: weights, shape: [n_in, n_out], strides: [1, n_in] };
        Self { weights: gemm.0.prepack_b(weights.tensor()), bias }
    }

    /// The width of an output row.
    pub(crate) fn n_out(&self) -> usize {
        self.bias.len()
    }

    /// `[rows, n_in] x [n_in, n_out] + [n_out] -> [rows, n_out]`.
    ///
    /// # Panics
    /// When the two slices do not hold the same number of rows.
    pub(crate) fn apply(&self, gemm: &Gemm, input: &[f32], output: &mut [f32], store: Store) {
        let n_in = self.weights.rows();
        let rows = View { numbers: input, shape: [input.len() / n_in, n_in], strides: [n_in, 1] };
        let options = GemmOptions {
            beta: match store {
                Store::Replace => 0.0,
                Store::Add => 1.0,
            },
            bias: Some(BiasVector::Row(&self.bias)),
            ..GemmOptions::default()
        };
        gemm.0
            .gemm(output, GemmInputA::Unpacked(rows.tensor()), GemmInputB::Packed(&self.weights), options)
            .expect("shapes are checked when a model is loaded, and one kernel packs and multiplies");
    }
}

impl fmt::Debug for Linear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linear").field("n_in", &self.weights.rows()).field("n_out", &self.n_out()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(len: usize, seed: usize) -> Vec<f32> {
        (0..len).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.5 - 1.0).collect()
    }

    #[test]
    fn a_linear_layer_matches_its_definition() {
        let gemm = Gemm::default();
        for (rows, n_in, n_out) in [(1, 1, 1), (1, 33, 17), (3, 300, 5), (7, 257, 67), (65, 384, 96)] {
            let weights = noise(n_out * n_in, 1);
            let bias = noise(n_out, 2);
            let input = noise(rows * n_in, 3);
            let linear = Linear::new(&gemm, &weights, bias.clone());
            for store in [Store::Replace, Store::Add] {
                let before = noise(rows * n_out, 4);
                let mut got = before.clone();
                linear.apply(&gemm, &input, &mut got, store);
                for r in 0..rows {
                    for o in 0..n_out {
                        let dot: f64 =
                            (0..n_in).map(|i| f64::from(input[r * n_in + i]) * f64::from(weights[o * n_in + i])).sum();
                        let start = if store == Store::Add { f64::from(before[r * n_out + o]) } else { 0.0 };
                        let want = start + dot + f64::from(bias[o]);
                        let got = f64::from(got[r * n_out + o]);
                        assert!((got - want).abs() < 1e-4, "{rows}x{n_in}x{n_out} {store:?}: got {got}, want {want}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_row_does_not_depend_on_the_rows_around_it() {
        let gemm = Gemm::default();
        let (n_in, n_out) = (300, 70);
        let linear = Linear::new(&gemm, &noise(n_out * n_in, 1), noise(n_out, 2));
        let input = noise(41 * n_in, 3);
        let mut together = vec![0.0; 41 * n_out];
        linear.apply(&gemm, &input, &mut together, Store::Replace);
        for n_rows in [1, 2, 5, 13, 40] {
            let mut alone = vec![0.0; n_rows * n_out];
            linear.apply(&gemm, &input[..n_rows * n_in], &mut alone, Store::Replace);
            assert_eq!(alone, together[..n_rows * n_out], "{n_rows} rows");
        }
    }
}
