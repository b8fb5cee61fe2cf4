//! Byte products in 128-bit vectors of WebAssembly.
//!
//! Bytes at even and odd positions are widened to 16 bits, and one instruction multiplies and adds pairs. Weights are widened once for all
//! rows.

use std::arch::wasm32::*;

use crate::model::int8::operands::{Call, Line, PANEL};

/// Vectors of sums in a row of a panel.
const VECTORS: usize = PANEL / 4;
/// Lines whose weights are widened together: they and what is multiplied by them stay in the L1 cache.
const BLOCK: usize = 64;
/// The widened weights of a line: those at even positions and those at odd ones, of four columns each.
type Wide = [[v128; 2]; VECTORS];

pub(super) fn simd128(call: &mut Call<'_>) {
    let (rows, columns, stride) = (call.rows(), call.columns(), call.out_stride());
    let width = columns.n_panels * PANEL;
    if columns.depth == 0 {
        (0..rows.n).for_each(|row| call.out()[row * stride..][..width].fill(0));
        return;
    }
    let mut block = [[[i32x4_splat(0); 2]; VECTORS]; BLOCK];
    for (panel, lines) in columns.lines.chunks_exact(columns.depth).take(columns.n_panels).enumerate() {
        for (nth, lines) in lines.chunks(BLOCK).enumerate() {
            for (wide, line) in block.iter_mut().zip(lines) {
                *wide = widened(line);
            }
            let block = &block[..lines.len()];
            let (first, at) = (nth == 0, 4 * nth * BLOCK);
            let bytes = |row: usize| &rows.bytes[row * rows.stride + at..][..4 * lines.len()];
            let mut row = 0;
            while row + 1 < rows.n {
                tile(
                    block,
                    [bytes(row), bytes(row + 1)],
                    &mut call.out()[row * stride + panel * PANEL..],
                    (stride, first),
                );
                row += 2;
            }
            if row < rows.n {
                tile(block, [bytes(row)], &mut call.out()[row * stride + panel * PANEL..], (stride, first));
            }
        }
    }
}

fn widened(line: &Line) -> Wide {
    let (fours, _) = line.0.as_chunks::<4>();
    std::array::from_fn(|v| {
        let [a, b, c, d] = fours[v];
        let weights = u32x4(a, b, c, d);
        [i16x8_shr(i16x8_shl(weights, 8), 8), i16x8_shr(weights, 8)]
    })
}

/// Adds the products of `R` rows of bytes and a block of weights to their sums, or begins them.
#[inline(always)]
fn tile<const R: usize>(block: &[Wide], bytes: [&[u8]; R], out: &mut [i32], (stride, first): (usize, bool)) {
    let mut sums = [[i32x4_splat(0); VECTORS]; R];
    let fours = bytes.map(|bytes| bytes.as_chunks::<4>().0);
    let fours = fours.map(|fours| &fours[..block.len()]);
    for (k, weights) in block.iter().enumerate() {
        for r in 0..R {
            let four = u32x4_splat(u32::from_le_bytes(fours[r][k]));
            let (even, odd) = (v128_and(four, u16x8_splat(0xff)), u16x8_shr(four, 8));
            for v in 0..VECTORS {
                let pairs = i32x4_add(i32x4_dot_i16x8(even, weights[v][0]), i32x4_dot_i16x8(odd, weights[v][1]));
                sums[r][v] = i32x4_add(sums[r][v], pairs);
            }
        }
    }
    for (r, sums) in sums.iter().enumerate() {
        let (out, _) = out[r * stride..][..PANEL].as_chunks_mut::<4>();
        for (sum, [a, b, c, d]) in sums.iter().zip(out) {
            let sum = if first { *sum } else { i32x4_add(*sum, i32x4(*a, *b, *c, *d)) };
            *a = i32x4_extract_lane::<0>(sum);
            *b = i32x4_extract_lane::<1>(sum);
            *c = i32x4_extract_lane::<2>(sum);
            *d = i32x4_extract_lane::<3>(sum);
        }
    }
}
