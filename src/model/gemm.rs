//! Matrix products and fully connected layers in `f32`.

use std::fmt;

use gemm::{Parallelism, gemm};

/// A `[rows, columns]` matrix inside a longer slice: row `r` starts at `r * strides[0]`, and its columns are `strides[1]` apart.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) numbers: &'a [f32],
    pub(crate) shape: [usize; 2],
    pub(crate) strides: [usize; 2],
}

impl View<'_> {
    /// Whether every element is inside the slice.
    fn is_inside(&self) -> bool {
        let [last_row, last_column] = match self.shape {
            [0, _] | [_, 0] => return true,
            shape => shape.map(|n| n - 1),
        };
        let last = last_row.checked_mul(self.strides[0]).zip(last_column.checked_mul(self.strides[1]));
        last.and_then(|(row, column)| row.checked_add(column)).is_some_and(|last| last < self.numbers.len())
    }
}

/// Computes `scale * left x right`, `[m, k] x [k, n] -> [m, n]`, and overwrites `out` with it or adds it to `out`. The instructions
/// are chosen at run time from what the CPU offers: AVX-512, AVX2, NEON or plain code.
///
/// The work is split over the rayon pool it is called in. A caller that runs one batch per thread calls it from single-threaded
/// pools, where nothing is split.
///
/// # Panics
/// When the shapes do not match.
pub(crate) fn product(scale: f32, left: View<'_>, right: View<'_>, out: &mut [f32], store: Store) {
    let ([m, k], [inner, n]) = (left.shape, right.shape);
    assert!(k == inner && out.len() == m * n && left.is_inside() && right.is_inside(), "shapes fit together");
    let strides = |view: &View<'_>| view.strides.map(usize::cast_signed);
    let ([left_row, left_column], [right_row, right_column]) = (strides(&left), strides(&right));
    let adds = store == Store::Add;
    // SAFETY: both views are inside their slices, and the output, which nothing else borrows, has room for `m` rows of `n`. Slices
    // are shorter than `isize::MAX`, so every stride that is used fits.
    #[allow(unsafe_code)]
    unsafe {
        gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            n.cast_signed(),
            adds,
            left.numbers.as_ptr(),
            left_column,
            left_row,
            right.numbers.as_ptr(),
            right_column,
            right_row,
            f32::from(u8::from(adds)),
            scale,
            false,
            false,
            false,
            Parallelism::Rayon(0),
        );
    }
}

/// A fully connected layer: `x W^T + b`.
#[derive(Clone)]
pub(crate) struct Linear {
    /// `[n_in, n_out]`.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// What a product does with the previous contents of its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// Overwrites them.
    Replace,
    /// Adds to them: a residual connection.
    Add,
}

/// Transposes weights, `[n_out, n_in] -> [n_in, width]`, and pads with zeros after the last output.
pub(crate) fn turned(weights: &[f32], n_in: usize, width: usize) -> Vec<f32> {
    /// Inputs written together, so that their rows stay in the L1 cache.
    const BLOCK: usize = 32;
    let mut turned = vec![0.0; n_in * width];
    for start in (0..n_in).step_by(BLOCK) {
        for (output, weights) in weights.chunks_exact(n_in).enumerate() {
            for (input, weight) in (start..n_in).zip(&weights[start..]).take(BLOCK) {
                turned[input * width + output] = *weight;
            }
        }
    }
    turned
}

impl Linear {
    /// Builds a layer from weights in PyTorch's layout, `[n_out, n_in]`, and a bias, `[n_out]`.
    ///
    /// # Panics
    /// When the number of weights is not `n_in * n_out`.
    pub(crate) fn new(weights: &[f32], bias: Vec<f32>) -> Self {
        let n_out = bias.len();
        let n_in = weights.len() / n_out;
        assert_eq!(weights.len(), n_in * n_out, "one weight per input and output");
        Self { weights: turned(weights, n_in, n_out), bias }
    }

    fn n_in(&self) -> usize {
        self.weights.len() / self.n_out()
    }

    /// The width of an output row.
    pub(crate) fn n_out(&self) -> usize {
        self.bias.len()
    }

    /// `[rows, n_in] x [n_in, n_out] + [n_out] -> [rows, n_out]`. A row's result is bitwise independent of the other rows.
    ///
    /// # Panics
    /// When the two slices do not hold the same number of rows.
    pub(crate) fn apply(&self, input: &[f32], output: &mut [f32], store: Store) {
        let (n_in, n_out) = (self.n_in(), self.n_out());
        let n_rows = input.len() / n_in;
        if n_rows == 1 {
            // A product with one row may sum in a different order than a product with several.
            let (input, mut two) = (input.repeat(2), output.repeat(2));
            self.apply(&input, &mut two, store);
            return output.copy_from_slice(&two[..n_out]);
        }
        for row in output.chunks_exact_mut(n_out) {
            match store {
                Store::Replace => row.copy_from_slice(&self.bias),
                Store::Add => row.iter_mut().zip(&self.bias).for_each(|(x, bias)| *x += bias),
            }
        }
        let left = View { numbers: input, shape: [n_rows, n_in], strides: [n_in, 1] };
        let right = View { numbers: &self.weights, shape: [n_in, n_out], strides: [n_out, 1] };
        product(1.0, left, right, output, Store::Add);
    }
}

impl fmt::Debug for Linear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linear").field("n_in", &self.n_in()).field("n_out", &self.n_out()).finish()
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
        for (rows, n_in, n_out) in [(1, 1, 1), (1, 33, 17), (3, 300, 5), (7, 257, 67), (65, 384, 96), (3, 1536, 40)] {
            let weights = noise(n_out * n_in, 1);
            let bias = noise(n_out, 2);
            let input = noise(rows * n_in, 3);
            let linear = Linear::new(&weights, bias.clone());
            for store in [Store::Replace, Store::Add] {
                let before = noise(rows * n_out, 4);
                let mut got = before.clone();
                linear.apply(&input, &mut got, store);
                for r in 0..rows {
                    for o in 0..n_out {
                        let dot: f64 =
                            (0..n_in).map(|i| f64::from(input[r * n_in + i]) * f64::from(weights[o * n_in + i])).sum();
                        let start = if store == Store::Add { f64::from(before[r * n_out + o]) } else { 0.0 };
                        let want = start + dot + f64::from(bias[o]);
                        let got = f64::from(got[r * n_out + o]);
                        let tolerance = 2e-5 + 2e-7 * n_in as f64;
                        assert!(
                            (got - want).abs() < tolerance,
                            "{rows}x{n_in}x{n_out} {store:?}: got {got}, want {want}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_row_does_not_depend_on_the_other_rows() {
        for (n_in, n_out) in [(300, 70), (384, 1152), (384, 9), (1536, 384)] {
            let linear = Linear::new(&noise(n_out * n_in, 1), noise(n_out, 2));
            let input = noise(512 * n_in, 3);
            let mut together = vec![0.0; 512 * n_out];
            linear.apply(&input, &mut together, Store::Replace);
            for n_rows in [1, 2, 5, 13, 40, 301] {
                let mut alone = vec![0.0; n_rows * n_out];
                linear.apply(&input[..n_rows * n_in], &mut alone, Store::Replace);
                assert_eq!(alone, together[..n_rows * n_out], "{n_rows} rows of {n_in} to {n_out}");
            }
        }
    }
}
