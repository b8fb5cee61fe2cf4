//! Self-attention and its gradient.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rten_simd::SimdOp;
use rten_vecmath::Softmax;

use super::rows::sum_of;
use crate::model::{Distances, Store, View, product};

/// Multi-head attention within windows, without padding.
#[derive(Clone, Debug)]
pub(crate) struct Attention {
    pub(crate) n_heads: usize,
    pub(crate) head_size: usize,
    /// What MPNet adds to scores; it is not trained.
    pub(crate) distances: Option<Arc<Distances>>,
}

impl Attention {
    fn hidden(&self) -> usize {
        self.n_heads * self.head_size
    }

    fn scale(&self) -> f32 {
        (self.head_size as f32).sqrt().recip()
    }

    /// How many attention weights all windows have.
    pub(crate) fn n_weights(&self, windows: &[Range<usize>]) -> usize {
        windows.iter().map(|window| self.n_heads * window.len() * window.len()).sum()
    }

    /// From queries, keys and values, `[n, 3 hidden]`, to what each piece reads, `[n, hidden]`. Keeps the attention weights: for each
    /// window and head `[window, window]`.
    pub(crate) fn forward(&self, windows: &[Range<usize>], qkv: &[f32], weights: &mut [f32], context: &mut [f32]) {
        let (d, hidden) = (self.head_size, self.hidden());
        let weights = split_mut(weights, windows.iter().map(|window| self.n_heads * window.len() * window.len()));
        let contexts = split_mut(context, windows.iter().map(|window| window.len() * hidden));
        let work: Vec<_> = windows.iter().zip(weights).zip(contexts).collect();
        work.into_par_iter().with_max_len(1).for_each(|((window, weights), context)| {
            let n = window.len();
            let rows = &qkv[window.start * 3 * hidden..window.end * 3 * hidden];
            let mut read = vec![0.0; n * d];
            for (head, weights) in weights.chunks_exact_mut(n * n).enumerate() {
                let [query, key, value] = self.parts(rows, head);
                let store = self.start(head, n, weights);
                product(self.scale(), query, transposed(key), weights, store); // [n, d] x [d, n] -> [n, n]
                weights.chunks_exact_mut(n).for_each(|row| {
                    Softmax::new_mut(row).dispatch();
                });
                product(1.0, square(weights, n), value, &mut read, Store::Replace); // [n, n] x [n, d] -> [n, d]
                place(&read, context, head * d, hidden);
            }
        });
    }

    /// From the gradient of what each piece reads to that of queries, keys and values.
    pub(crate) fn backward(
        &self,
        windows: &[Range<usize>],
        (qkv, weights): (&[f32], &[f32]),
        d_context: &[f32],
        d_qkv: &mut [f32],
    ) {
        let (d, hidden) = (self.head_size, self.hidden());
        let d_qkvs = split_mut(d_qkv, windows.iter().map(|window| window.len() * 3 * hidden));
        let mut rest = weights;
        let weights: Vec<&[f32]> = windows
            .iter()
            .map(|window| {
                let (first, after) = rest.split_at(self.n_heads * window.len() * window.len());
                rest = after;
                first
            })
            .collect();
        let work: Vec<_> = windows.iter().zip(weights).zip(d_qkvs).collect();
        work.into_par_iter().with_max_len(1).for_each(|((window, weights), d_qkv)| {
            let n = window.len();
            let rows = &qkv[window.start * 3 * hidden..window.end * 3 * hidden];
            let d_read = &d_context[window.start * hidden..window.end * hidden];
            let (mut d_weights, mut part) = (vec![0.0; n * n], vec![0.0; n * d]);
            for (head, weights) in weights.chunks_exact(n * n).enumerate() {
                let [query, key, value] = self.parts(rows, head);
                let d_read = View { numbers: &d_read[head * d..], shape: [n, d], strides: [hidden, 1] };
                product(1.0, transposed(square(weights, n)), d_read, &mut part, Store::Replace);
                place(&part, d_qkv, 2 * hidden + head * d, 3 * hidden); // of the values
                product(1.0, d_read, transposed(value), &mut d_weights, Store::Replace);
                for (d_row, row) in d_weights.chunks_exact_mut(n).zip(weights.chunks_exact(n)) {
                    let along = sum_of(d_row, row, |d, weight| d * weight);
                    for (d, weight) in d_row.iter_mut().zip(row) {
                        *d = weight * (*d - along);
                    }
                }
                product(self.scale(), square(&d_weights, n), key, &mut part, Store::Replace);
                place(&part, d_qkv, head * d, 3 * hidden); // of the queries
                product(self.scale(), transposed(square(&d_weights, n)), query, &mut part, Store::Replace);
                place(&part, d_qkv, hidden + head * d, 3 * hidden); // of the keys
            }
        });
    }

    /// Queries, keys and values of a head, each `[n, d]`.
    fn parts<'a>(&self, rows: &'a [f32], head: usize) -> [View<'a>; 3] {
        let (d, hidden) = (self.head_size, self.hidden());
        let n = rows.len() / (3 * hidden);
        [0, 1, 2].map(|part| View {
            numbers: &rows[part * hidden + head * d..],
            shape: [n, d],
            strides: [3 * hidden, 1],
        })
    }

    /// Fills the scores of a head with what they start from, if anything.
    fn start(&self, head: usize, n: usize, scores: &mut [f32]) -> Store {
        let Some(distances) = &self.distances else { return Store::Replace };
        for (query, row) in scores.chunks_exact_mut(n).enumerate() {
            row.copy_from_slice(distances.head(head).row(query, n));
        }
        Store::Add
    }
}

fn square(numbers: &[f32], n: usize) -> View<'_> {
    View { numbers, shape: [n, n], strides: [n, 1] }
}

fn transposed(view: View<'_>) -> View<'_> {
    let View { numbers, shape: [rows, columns], strides: [row, column] } = view;
    View { numbers, shape: [columns, rows], strides: [column, row] }
}

/// Writes `[n, d]` into the columns from `column` on of rows of `width`.
fn place(part: &[f32], rows: &mut [f32], column: usize, width: usize) {
    let d = part.len() / (rows.len() / width);
    for (row, part) in rows.chunks_exact_mut(width).zip(part.chunks_exact(d)) {
        row[column..column + d].copy_from_slice(part);
    }
}

/// Cuts a slice into parts of these lengths.
fn split_mut(mut numbers: &mut [f32], lengths: impl Iterator<Item = usize>) -> Vec<&mut [f32]> {
    lengths
        .map(|length| {
            let (first, rest) = std::mem::take(&mut numbers).split_at_mut(length);
            numbers = rest;
            first
        })
        .collect()
}
