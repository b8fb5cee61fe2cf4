//! Byte products in 128-bit vectors of WebAssembly.
//!
//! With plain vectors, bytes at even and odd positions are widened to 16 bits, and one instruction multiplies and adds pairs. Weights are
//! widened once for all rows.

#[cfg(target_feature = "relaxed-simd")]
pub(super) use relaxed::relaxed as simd128;
#[cfg(not(target_feature = "relaxed-simd"))]
pub(super) use wide::wide as simd128;

#[cfg(not(target_feature = "relaxed-simd"))]
mod wide {
    use std::arch::wasm32::*;

    use crate::model::int8::operands::{Call, Line, PANEL};

    /// Vectors of sums in a row of a panel.
    const VECTORS: usize = PANEL / 4;
    /// Lines whose weights are widened together: they and what is multiplied by them stay in the L1 cache.
    const BLOCK: usize = 64;
    /// The widened weights of a line: those at even positions and those at odd ones, of four columns each.
    type Wide = [[v128; 2]; VECTORS];

    pub(in super::super) fn wide(call: &mut Call<'_>) {
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
}

#[cfg(target_feature = "relaxed-simd")]
mod relaxed {
    use std::arch::wasm32::*;

    use super::super::tile::{Lanes, group};
    use crate::model::int8::operands::Call;

    /// The relaxed dot product takes signed bytes and numbers of seven bits, so a byte is twice its upper seven bits and its lowest one.
    /// Where the processor adds pairs in 16 bits, none reaches their end: 2 * 127 * 128 is 32,512.
    struct Relaxed;

    impl Lanes for Relaxed {
        const N: usize = 4;
        /// The sums of the upper bits and of the lowest ones.
        type Sums = [v128; 2];
        type Weights = v128;
        type Bytes = [v128; 2];

        // SAFETY, for all methods: the caller guarantees that pointers are valid for all bytes read or written.
        #[inline(always)]
        unsafe fn zero() -> [v128; 2] {
            [i32x4_splat(0); 2]
        }
        #[inline(always)]
        unsafe fn weights(at: *const i8) -> v128 {
            unsafe { v128_load(at.cast()) }
        }
        #[inline(always)]
        unsafe fn bytes(at: *const u8) -> [v128; 2] {
            let bytes = unsafe { v128_load32_splat(at.cast()) };
            [u8x16_shr(bytes, 1), v128_and(bytes, u8x16_splat(1))]
        }
        #[inline(always)]
        unsafe fn dot([high, low]: [v128; 2], bytes: [v128; 2], weights: v128) -> [v128; 2] {
            [
                i32x4_relaxed_dot_i8x16_i7x16_add(weights, bytes[0], high),
                i32x4_relaxed_dot_i8x16_i7x16_add(weights, bytes[1], low),
            ]
        }
        #[inline(always)]
        unsafe fn subtract(left: [v128; 2], right: [v128; 2]) -> [v128; 2] {
            [i32x4_sub(left[0], right[0]), i32x4_sub(left[1], right[1])]
        }
        #[inline(always)]
        unsafe fn store([high, low]: [v128; 2], at: *mut i32) {
            unsafe { v128_store(at.cast(), i32x4_add(i32x4_shl(high, 1), low)) }
        }
    }

    pub(in super::super) fn relaxed(call: &mut Call<'_>) {
        for panel in 0..call.columns().n_panels {
            // SAFETY: the panel is one of the call's. Of 16 registers, 8 hold sums, 4 the weights, 2 the activations.
            unsafe { group::<Relaxed, 1, 4>(call, panel) }
        }
    }
}
