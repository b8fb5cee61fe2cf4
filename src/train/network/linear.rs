//! Fully connected layers.

use rayon::prelude::*;

use super::gradient::Gradient;
use super::rows::ROWS;
use crate::model::{Store, View, product};

/// A fully connected layer, `x W^T + b`: where its weights, `[n_out, n_in]`, and its bias, `[n_out]`, are among all parameters.
/// The bias follows the weights.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Linear {
    pub(crate) start: usize,
    pub(crate) n_in: usize,
    pub(crate) n_out: usize,
}

impl Linear {
    fn n_weights(self) -> usize {
        self.n_in * self.n_out
    }

    /// The number of parameters.
    pub(crate) fn len(self) -> usize {
        self.n_weights() + self.n_out
    }

    fn weights(self, parameters: &[f32]) -> &[f32] {
        &parameters[self.start..][..self.n_weights()]
    }

    /// `[rows, n_in] -> [rows, n_out]`.
    pub(crate) fn forward(self, parameters: &[f32], input: &[f32], output: &mut [f32], store: Store) {
        let Self { n_in, n_out, .. } = self;
        let bias = &parameters[self.start + self.n_weights()..][..n_out];
        output.par_chunks_mut(ROWS * n_out).for_each(|rows| {
            for row in rows.chunks_exact_mut(n_out) {
                match store {
                    Store::Replace => row.copy_from_slice(bias),
                    Store::Add => row.iter_mut().zip(bias).for_each(|(x, bias)| *x += bias),
                }
            }
        });
        let left = View { numbers: input, shape: [input.len() / n_in, n_in], strides: [n_in, 1] };
        let right = View { numbers: self.weights(parameters), shape: [n_in, n_out], strides: [1, n_in] };
        product(1.0, left, right, output, Store::Add);
    }

    /// The gradients of weights and bias, from the input, `[rows, n_in]`, and the gradient of the output, `[rows, n_out]`.
    pub(crate) fn learn(self, input: &[f32], d_output: &[f32], gradient: &mut Gradient) {
        let Self { n_in, n_out, .. } = self;
        let n_rows = input.len() / n_in;
        let (weights, bias) = gradient.of(self.start, self.len()).split_at_mut(self.n_weights());
        let left = View { numbers: d_output, shape: [n_out, n_rows], strides: [1, n_out] };
        let right = View { numbers: input, shape: [n_rows, n_in], strides: [n_in, 1] };
        product(1.0, left, right, weights, Store::Replace);
        super::rows::column_sums(d_output, bias);
    }

    /// The gradient of the input, `[rows, n_in]`.
    pub(crate) fn backward(self, parameters: &[f32], d_output: &[f32], d_input: &mut [f32], store: Store) {
        let Self { n_in, n_out, .. } = self;
        let left = View { numbers: d_output, shape: [d_output.len() / n_out, n_out], strides: [n_out, 1] };
        let right = View { numbers: self.weights(parameters), shape: [n_out, n_in], strides: [n_in, 1] };
        product(1.0, left, right, d_input, store);
    }
}
