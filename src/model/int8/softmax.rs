//! What do queries read from keys?

use rten_simd::ops::{BitOps, FloatOps, IntOps, NumOps, ToFloat};
use rten_simd::{Isa, Simd, SimdOp};

use super::bytes::{Bytes, Point, largest, narrow};

/// `softmax` to the base 2 of rows of logits, `sums * scale + shifts`: each probability as a multiple of 1/255 of its row's largest, and
/// scales so that those of a row add up to 1. The sums, rows as wide as there are shifts, are written over.
///
/// Logits whose shift is [`f32::MIN`] have no part in it, whatever their sums.
pub(crate) fn softmax(sums: &mut [i32], (scale, shifts): (f32, &[f32]), bytes: &mut Bytes) {
    bytes.start(sums.len() / shifts.len(), shifts.len());
    Softmax { sums, scale, shifts, bytes }.dispatch();
}

struct Softmax<'a> {
    sums: &'a mut [i32],
    scale: f32,
    shifts: &'a [f32],
    bytes: &'a mut Bytes,
}

impl SimdOp for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Self { sums, scale, shifts, bytes } = self;
        // All logits first: nothing waits for what becomes of the lanes of one vector.
        for (row, sums) in sums.chunks_exact_mut(shifts.len()).enumerate() {
            bytes.row_mut(row).1.scale = logits(isa, sums, (scale, shifts));
        }
        for (row, logits) in sums.chunks_exact(shifts.len()).enumerate() {
            let (bytes, point) = bytes.row_mut(row);
            let sum = probabilities(isa, logits, point.scale, bytes);
            *point = Point { scale: (sum as f32).recip(), zero: 0.0 };
        }
    }
}

/// Puts logits in the place of sums, and returns the largest.
#[inline(always)]
fn logits<I: Isa>(isa: I, sums: &mut [i32], (scale, shifts): (f32, &[f32])) -> f32 {
    let (ops, ints) = (isa.f32(), isa.i32());
    let (len, scale) = (ops.len(), ops.splat(scale));
    let mut tops = [ops.splat(f32::MIN); 4];
    for (four, shifts) in sums.chunks_exact_mut(4 * len).zip(shifts.chunks_exact(4 * len)) {
        for (i, top) in tops.iter_mut().enumerate() {
            let sum = ints.to_float(ints.load(&four[i * len..]));
            let logit = ops.mul_add(sum, scale, ops.load(&shifts[i * len..]));
            ints.store(logit.reinterpret_cast(), &mut four[i * len..]);
            *top = ops.max(*top, logit);
        }
    }
    let [a, b, c, d] = tops;
    largest(ops.max(ops.max(a, b), ops.max(c, d)))
}

/// Returns the sum of the bytes.
#[inline(always)]
fn probabilities<I: Isa>(isa: I, logits: &[i32], top: f32, bytes: &mut [u8]) -> i32 {
    let (ops, ints) = (isa.f32(), isa.i32());
    let (len, top) = (ops.len(), ops.splat(top));
    let mut sums = [ints.zero(); 2];
    for (four, bytes) in logits.chunks_exact(4 * len).zip(bytes.chunks_exact_mut(4 * len)) {
        let mut parts = [ints.zero(); 4];
        for (i, part) in parts.iter_mut().enumerate() {
            *part = power(isa, ops.sub(ints.load(&four[i * len..]).reinterpret_cast(), top));
            sums[i % 2] = ints.add(sums[i % 2], *part);
        }
        isa.u8().store(narrow(isa, parts), bytes);
    }
    ints.sum(ints.add(sums[0], sums[1]))
}

/// `255 * 2^x` for `x <= 0`, rounded; what is below `2^-20` is 0.
#[inline(always)]
fn power<I: Isa>(isa: I, x: I::F32) -> I::I32 {
    let (ops, ints) = (isa.f32(), isa.i32());
    let x = ops.max(x, ops.splat(-20.0));
    // The lowest bits of the sum are the exponent of 2^x, as the others are shifted out.
    let rounding = ops.splat(12_582_912.0 + 127.0);
    let sum = ops.add(x, rounding);
    let exponent = ints.shift_left::<23>(sum.reinterpret_cast());
    // 255 * 2^f for f from -1/2 to 1/2 by interpolation at Chebyshev's points: off by at most a fiftieth.
    let fraction = ops.sub(x, ops.sub(sum, rounding));
    let y = ops.mul_add(fraction, ops.splat(255.0 * 0.055_838_283), ops.splat(255.0 * 0.242_639_48));
    let y = ops.mul_add(fraction, y, ops.splat(255.0 * 0.693_136_75));
    let y = ops.mul_add(fraction, y, ops.splat(255.0 * 0.999_924_54));
    ops.to_int_round(ops.mul(y, exponent.reinterpret_cast()))
}
#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_within_a_step_of_its_definition(
            sums in proptest::collection::vec(-2_500..2_500, 1..400), shift in -3.0_f32..3.0, stale in any::<i32>(),
        ) {
            let (n, scale) = (sums.len(), 0.01);
            let width = n.next_multiple_of(64);
            let shifts: Vec<f32> = (0..width).map(|i| if i < n { shift * i as f32 / n as f32 } else { f32::MIN }).collect();
            let mut rows = vec![stale; 2 * width];
            for row in rows.chunks_exact_mut(width) {
                row[..n].copy_from_slice(&sums);
            }
            let mut got = Bytes::default();
            softmax(&mut rows, (scale, &shifts), &mut got);
            let logits: Vec<f32> = sums.iter().zip(&shifts).map(|(&sum, shift)| sum as f32 * scale + shift).collect();
            let top = logits.iter().copied().fold(f32::MIN, f32::max);
            for row in 0..2 {
                let (bytes, point) = got.row_mut(row);
                let sum = bytes[..n].iter().map(|&byte| i32::from(byte)).sum::<i32>();
                prop_assert_eq!(*point, Point { scale: (sum as f32).recip(), zero: 0.0 });
                prop_assert!(bytes[n..].iter().all(|&byte| byte == 0), "what is behind the row has no part in it");
                for (&x, &byte) in logits.iter().zip(&*bytes) {
                    prop_assert!((f32::from(byte) - 255.0 * (x - top).exp2()).abs() < 0.53, "{x} - {top}: {byte}");
                }
            }
        }
    }
}
