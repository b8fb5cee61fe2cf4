//! Softmax in bytes.

use rten_simd::ops::{BitOps, FloatOps, NumOps, ToFloat};
use rten_simd::{Isa, Simd, SimdOp};

use super::bytes::{Bytes, Point, largest, narrow};
use crate::model::distances::HeadDistances;

/// The scaling that turns sums into base-2 logits.
#[derive(Clone, Copy)]
pub(crate) struct Logits<'a> {
    pub(crate) scale: f32,
    /// One per column; [`f32::MIN`] excludes a column.
    pub(crate) shifts: &'a [f32],
    /// What is added for the distance between the row and the column.
    pub(crate) distances: Option<HeadDistances<'a>>,
}

/// Base-2 softmax over rows of logits, `sums * scale + shifts + distances`. Each probability is a multiple of 1/255 of the largest in its row; the
/// scales make each row add up to 1. `sums` is `[rows, shifts.len()]` and is overwritten.
///
/// Columns whose shift is [`f32::MIN`] are excluded, whatever their sums.
pub(crate) fn softmax(sums: &mut [i32], logits: Logits<'_>, bytes: &mut Bytes) {
    let width = logits.shifts.len();
    bytes.start(sums.len() / width, width);
    Softmax { sums, logits, bytes }.dispatch();
}

struct Softmax<'a> {
    sums: &'a mut [i32],
    logits: Logits<'a>,
    bytes: &'a mut Bytes,
}

impl SimdOp for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Self { sums, logits: Logits { scale, shifts, distances }, bytes } = self;
        // All logits first, so that nothing waits for a reduction over lanes.
        for (row, sums) in sums.chunks_exact_mut(shifts.len()).enumerate() {
            bytes.row_mut(row).1.scale = match distances {
                None => logits(isa, sums, (scale, shifts), None),
                Some(distances) => logits(isa, sums, (scale, shifts), Some(distances.row(row, shifts.len()))),
            };
        }
        for (row, logits) in sums.chunks_exact(shifts.len()).enumerate() {
            let (bytes, point) = bytes.row_mut(row);
            let sum = probabilities(isa, logits, point.scale, bytes);
            *point = Point { scale: (sum as f32).recip(), zero: 0.0 };
        }
    }
}

/// Replaces sums by logits and returns the largest. Inlined, so that a row without distances is not asked for them in each step.
#[inline(always)]
fn logits<I: Isa>(isa: I, sums: &mut [i32], (scale, shifts): (f32, &[f32]), distances: Option<&[f32]>) -> f32 {
    let (ops, ints) = (isa.f32(), isa.i32());
    let (len, scale) = (ops.len(), ops.splat(scale));
    let mut tops = [ops.splat(f32::MIN); 4];
    for (at, (four, shifts)) in sums.chunks_exact_mut(4 * len).zip(shifts.chunks_exact(4 * len)).enumerate() {
        for (i, top) in tops.iter_mut().enumerate() {
            let sum = ints.to_float(ints.load(&four[i * len..]));
            let mut shift = ops.load(&shifts[i * len..]);
            if let Some(distances) = distances {
                shift = ops.add(shift, ops.load(&distances[(4 * at + i) * len..]));
            }
            let logit = ops.mul_add(sum, scale, shift);
            ints.store(logit.reinterpret_cast(), &mut four[i * len..]);
            *top = ops.max(*top, logit);
        }
    }
    let [a, b, c, d] = tops;
    largest(ops.max(ops.max(a, b), ops.max(c, d)))
}

/// Writes the probabilities of a row to `bytes` and returns their sum.
#[inline(always)]
fn probabilities<I: Isa>(isa: I, logits: &[i32], top: f32, bytes: &mut [u8]) -> i32 {
    let ints = isa.i32();
    let len = ints.len();
    let mut total = ints.zero();
    for (four, bytes) in logits.chunks_exact(4 * len).zip(bytes.chunks_exact_mut(4 * len)) {
        let mut logits = [isa.f32().zero(); 4];
        for (i, logits) in logits.iter_mut().enumerate() {
            *logits = ints.load(&four[i * len..]).reinterpret_cast();
        }
        let parts = powers(isa, logits, top);
        for part in parts {
            total = ints.add(total, part);
        }
        isa.u8().store(narrow(isa, parts), bytes);
    }
    // Compilers vectorise the reduction of an array well.
    total.to_array().as_ref().iter().sum()
}

/// `255 * 2^(x - top)` for `x <= top`, rounded, with an error of at most 1/6 before rounding; powers below `2^-20` become 0. Each step
/// covers four vectors, to hide its latency.
#[inline(always)]
fn powers<I: Isa>(isa: I, mut xs: [I::F32; 4], top: f32) -> [I::I32; 4] {
    /// An increment of 1 in the exponent of an `f32`.
    const ONE: f32 = 8_388_608.0;
    let (ops, ints) = (isa.f32(), isa.i32());
    // The bits of an f32 whose exponent is the integer part of x - top and whose mantissa is the fraction (Schraudolph, 1999):
    // 2^integer * (1 + fraction).
    for x in &mut xs {
        *x = ops.mul_add(*x, ops.splat(ONE), ops.splat((127.0 - top) * ONE));
    }
    let mut bits = [ints.zero(); 4];
    for (bits, x) in bits.iter_mut().zip(xs) {
        *bits = ops.to_int_round(ops.max(x, ops.splat((127.0 - 20.0) * ONE)));
    }
    // The factor that makes this 2^integer * 2^fraction: a polynomial in 1 + fraction with minimal relative error (fitted by Lawson's
    // algorithm).
    for (x, bits) in xs.iter_mut().zip(bits) {
        *x = ints.or(ints.and(bits, ints.splat(0x007f_ffff)), ints.splat(0x3f80_0000)).reinterpret_cast();
    }
    let mut ys = [ops.splat(255.0 * -0.106_447_65); 4];
    for coefficient in [0.707_486_86, -1.377_327_2, 1.775_625_8] {
        for (y, x) in ys.iter_mut().zip(xs) {
            *y = ops.mul_add(x, *y, ops.splat(255.0 * coefficient));
        }
    }
    for (y, bits) in ys.into_iter().zip(&mut bits) {
        *bits = ops.to_int_round(ops.mul(y, bits.reinterpret_cast()));
    }
    bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::distances::Distances;

    proptest! {
        #[test]
        fn is_within_a_step_of_the_definition(
            sums in proptest::collection::vec(-2_500..2_500, 1..400), shift in -3.0_f32..3.0, stale in any::<i32>(),
            table in proptest::collection::vec(-9.0_f32..9.0, 32), far in any::<bool>(),
        ) {
            let (n, scale) = (sums.len(), 0.01);
            let width = n.next_multiple_of(64);
            let shifts: Vec<f32> = (0..width).map(|i| if i < n { shift * i as f32 / n as f32 } else { f32::MIN }).collect();
            let zeros = vec![0.0; n];
            // Queries behind the last key have no distances.
            let n_rows = 2.min(n - n / 2);
            let mut rows = vec![stale; n_rows * width];
            for row in rows.chunks_exact_mut(width) {
                row[..n].copy_from_slice(&sums);
            }
            let mut got = Bytes::default();
            let distances = Distances::new(&table, 1, n, 1.0);
            let distances = far.then(|| distances.head(0).skip(n / 2));
            softmax(&mut rows, Logits { scale, shifts: &shifts, distances }, &mut got);
            for row in 0..n_rows {
                let added = distances.map_or(&zeros[..n], |distances| distances.row(row, n));
                let logits: Vec<f32> =
                    sums.iter().zip(&shifts).zip(added).map(|((&sum, shift), add)| sum as f32 * scale + shift + add).collect();
                let top = logits.iter().copied().fold(f32::MIN, f32::max);
                let (bytes, point) = got.row_mut(row);
                let sum = bytes[..n].iter().map(|&byte| i32::from(byte)).sum::<i32>();
                prop_assert_eq!(*point, Point { scale: (sum as f32).recip(), zero: 0.0 });
                prop_assert!(bytes[n..].iter().all(|&byte| byte == 0), "excluded columns are 0");
                for (&x, &byte) in logits.iter().zip(&*bytes) {
                    prop_assert!((f32::from(byte) - 255.0 * (x - top).exp2()).abs() < 0.68, "{x} - {top}: {byte}");
                }
            }
        }
    }
}
