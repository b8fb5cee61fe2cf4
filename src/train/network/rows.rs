//! Sums over rows and columns, in an order that the number of threads does not change.

use rayon::prelude::*;

/// Rows that a thread takes at once. Sums are made of the sums of such blocks, in order.
pub(crate) const ROWS: usize = 32;

/// Numbers that are added up side by side.
const LANES: usize = 16;

/// The sum of `term` over two rows of the same length.
#[inline]
pub(crate) fn sum_of(a: &[f32], b: &[f32], term: impl Fn(f32, f32) -> f32) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (blocks_a, rest_a) = a.as_chunks::<LANES>();
    let (blocks_b, rest_b) = b.as_chunks::<LANES>();
    for (a, b) in blocks_a.iter().zip(blocks_b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += term(*a, *b);
        }
    }
    let rest: f32 = rest_a.iter().zip(rest_b).map(|(a, b)| term(*a, *b)).sum();
    sums.iter().sum::<f32>() + rest
}

/// Sums the columns of `rows`, `[n, len of sums]`.
pub(crate) fn column_sums(rows: &[f32], sums: &mut [f32]) {
    let width = sums.len();
    let blocks: Vec<Vec<f32>> = rows
        .par_chunks(ROWS * width)
        .map(|block| {
            let mut sums = vec![0.0; width];
            block.chunks_exact(width).for_each(|row| add(&mut sums, row));
            sums
        })
        .collect();
    sums.fill(0.0);
    blocks.iter().for_each(|block| add(sums, block));
}

/// Adds numbers to others.
pub(crate) fn add(sums: &mut [f32], numbers: &[f32]) {
    for (sum, x) in sums.iter_mut().zip(numbers) {
        *sum += x;
    }
}
