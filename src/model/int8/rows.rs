//! How do numbers become bytes, and what happens to them on the way?

use std::array;

use rten_simd::ops::{BitOps, FloatOps, IntOps, NarrowSaturate, NumOps};
use rten_simd::{Isa, Simd, SimdOp, SimdUnaryOp};

use super::product::{Point, Rows};
use crate::model::numbers::Numbers;

/// Rows begin so many bytes apart or a multiple of that, and at such an address: a cache line, which no kernel then reads across.
const ROW_UNIT: usize = 64;

/// Activations in eight bits, each row with a scale and a zero point of its own: the memory of one thread.
#[derive(Debug, Default)]
pub(crate) struct Bytes {
    memory: Vec<u8>,
    /// Where the first row begins.
    start: usize,
    points: Vec<Point>,
    stride: usize,
    n_rows: usize,
}

impl Bytes {
    /// Room for rows of `width`, whatever they hold.
    pub(crate) fn start(&mut self, n_rows: usize, width: usize) {
        self.stride = width.next_multiple_of(ROW_UNIT);
        self.n_rows = n_rows;
        let len = n_rows * self.stride + ROW_UNIT;
        if self.memory.len() < len {
            self.memory.resize(len, 0);
            self.start = self.memory.as_ptr().addr().wrapping_neg() % ROW_UNIT;
        }
        if self.points.len() < n_rows {
            self.points.resize(n_rows, Point::default());
        }
    }

    /// Rounds rows of `width` numbers each.
    pub(crate) fn read(&mut self, numbers: &[f32], width: usize) {
        self.start(numbers.len() / width, width);
        Quantise { numbers, width, bytes: self }.dispatch();
    }

    /// A row's bytes, to write, with what is between it and the next row, and how they are read.
    #[inline(always)]
    pub(crate) fn row_mut(&mut self, row: usize) -> (&mut [u8], &mut Point) {
        (&mut self.memory[self.start + row * self.stride..][..self.stride], &mut self.points[row])
    }

    /// All rows.
    pub(crate) fn rows(&self) -> Rows<'_> {
        self.part(0, self.n_rows)
    }

    /// `n` rows from `start` on.
    pub(crate) fn part(&self, start: usize, n: usize) -> Rows<'_> {
        let bytes = &self.memory[self.start + start * self.stride..];
        Rows { bytes, stride: self.stride, points: &self.points[start..start + n] }
    }
}

struct Quantise<'a> {
    numbers: &'a [f32],
    width: usize,
    bytes: &'a mut Bytes,
}

impl SimdOp for Quantise<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        for (row, numbers) in self.numbers.chunks_exact(self.width).enumerate() {
            let (bytes, point) = self.bytes.row_mut(row);
            let range = range(isa, numbers);
            *point = quantise(isa, numbers, range, bytes);
        }
    }
}

/// The smallest and the largest number, or 0.
#[inline(always)]
fn range<I: Isa>(isa: I, numbers: &[f32]) -> (f32, f32) {
    let ops = isa.f32();
    let len = ops.len();
    let (mut low, mut high) = ([ops.zero(); 2], [ops.zero(); 2]);
    let mut pairs = numbers.chunks_exact(2 * len);
    for pair in pairs.by_ref() {
        for (i, (low, high)) in low.iter_mut().zip(&mut high).enumerate() {
            let x = ops.load(&pair[i * len..]);
            (*low, *high) = (ops.min(*low, x), ops.max(*high, x));
        }
    }
    for rest in pairs.remainder().chunks(len) {
        let (rest, _) = ops.load_pad(rest);
        low[0] = ops.min(low[0], rest);
        high[0] = ops.max(high[0], rest);
    }
    (-largest(ops.neg(ops.min(low[0], low[1]))), largest(ops.max(high[0], high[1])))
}

/// The largest magnitude of all numbers, or 0.
#[inline(always)]
pub(crate) fn largest_magnitude<'a, I: Isa>(isa: I, rows: impl Iterator<Item = &'a [f32]>) -> f32 {
    let ops = isa.f32();
    let mut tops = [ops.zero(); 2];
    for row in rows {
        for (i, chunk) in row.chunks(ops.len()).enumerate() {
            let x = if chunk.len() == ops.len() { ops.load(chunk) } else { ops.load_pad(chunk).0 };
            tops[i % 2] = ops.max(tops[i % 2], ops.abs(x));
        }
    }
    largest(ops.max(tops[0], tops[1]))
}

/// Maps a row onto `0..=255` so that 0 falls on a whole number, and its smallest and largest numbers on the ends: the asymmetric
/// scheme of Jacob et al. (2018), whose range is measured row by row.
///
/// `bytes` are a multiple of [`ROW_UNIT`]; those behind the row become anything.
#[inline(always)]
fn quantise<I: Isa>(isa: I, numbers: &[f32], (low, high): (f32, f32), bytes: &mut [u8]) -> Point {
    let scale = (high - low) / 255.0;
    // A row of zeros, or of numbers too small to tell from zeros.
    let inverse = if scale > f32::MIN_POSITIVE { scale.recip() } else { 0.0 };
    let zero = (-low * inverse).round_ties_even();
    round(isa, numbers, (inverse, zero as i32), bytes);
    Point { scale, zero }
}

/// Rounds `x * inverse` and adds `zero`; what stands behind the numbers in `bytes`, up to a vector, becomes `zero`.
#[inline(always)]
pub(crate) fn round<I: Isa>(isa: I, numbers: &[f32], (inverse, zero): (f32, i32), bytes: &mut [u8]) {
    let ops = isa.f32();
    let len = ops.len();
    let (inverse, zero) = (ops.splat(inverse), isa.i32().splat(zero));
    for (four, bytes) in numbers.chunks(4 * len).zip(bytes.chunks_exact_mut(4 * len)) {
        let mut parts = [zero; 4];
        if four.len() == 4 * len {
            for (i, part) in parts.iter_mut().enumerate() {
                *part = byte(isa, ops.load(&four[i * len..]), inverse, zero);
            }
        } else {
            for (part, numbers) in parts.iter_mut().zip(four.chunks(len)) {
                *part = byte(isa, ops.load_pad(numbers).0, inverse, zero);
            }
        }
        isa.u8().store(narrow(isa, parts), bytes);
    }
}

/// GELU of rows of `width` numbers, and its images as bytes. The numbers are written over.
pub(crate) fn gelu(numbers: &mut [f32], width: usize, bytes: &mut Bytes) {
    bytes.start(numbers.len() / width, width);
    GeluRows { numbers, width, bytes }.dispatch();
}

struct GeluRows<'a> {
    numbers: &'a mut [f32],
    width: usize,
    bytes: &'a mut Bytes,
}

impl SimdOp for GeluRows<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let len = ops.len();
        for (row, numbers) in self.numbers.chunks_exact_mut(self.width).enumerate() {
            let (mut low, mut high) = (ops.zero(), ops.zero());
            let mut chunks = numbers.chunks_exact_mut(4 * len);
            for chunk in chunks.by_ref() {
                let mut ys = [ops.zero(); 4];
                for (i, y) in ys.iter_mut().enumerate() {
                    *y = QuickGelu.eval(isa, ops.load(&chunk[i * len..]));
                }
                for (i, y) in ys.into_iter().enumerate() {
                    ops.store(y, &mut chunk[i * len..]);
                    (low, high) = (ops.min(low, y), ops.max(high, y));
                }
            }
            for chunk in chunks.into_remainder().chunks_mut(len) {
                let y = QuickGelu.eval(isa, ops.load_pad(chunk).0);
                chunk.copy_from_slice(&y.to_array().as_ref()[..chunk.len()]);
                (low, high) = (ops.min(low, y), ops.max(high, y));
            }
            let (bytes, point) = self.bytes.row_mut(row);
            *point = quantise(isa, numbers, (-largest(ops.neg(low)), largest(high)), bytes);
        }
    }
}

/// Room for `n_rows` rows of `n` logits each, and how far apart they are. Behind a row stand logits whose probability is 0, so that
/// [`softmax`] meets whole vectors only.
pub(crate) fn logits(memory: &mut Numbers, n_rows: usize, n: usize) -> (&mut [f32], usize) {
    let stride = n.next_multiple_of(ROW_UNIT);
    let rows = memory.first(n_rows * stride);
    for row in rows.chunks_exact_mut(stride) {
        row[n..].fill(f32::MIN);
    }
    (rows, stride)
}

/// `softmax` of rows of [`logits`] to the base 2, `stride` apart: each probability as a multiple of 1/255 of its row's largest, and
/// scales so that those of a row add up to 1.
pub(crate) fn softmax(logits: &[f32], stride: usize, bytes: &mut Bytes) {
    bytes.start(logits.len() / stride, stride);
    Softmax { logits, stride, bytes }.dispatch();
}

struct Softmax<'a> {
    logits: &'a [f32],
    stride: usize,
    bytes: &'a mut Bytes,
}

impl SimdOp for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let rows = || self.logits.chunks_exact(self.stride);
        // The tops of all rows first: nothing waits for what becomes of the lanes of one vector.
        for (row, logits) in rows().enumerate() {
            self.bytes.row_mut(row).1.scale = top(isa, logits);
        }
        for (row, logits) in rows().enumerate() {
            let (bytes, point) = self.bytes.row_mut(row);
            let sum = probabilities(isa, logits, point.scale, bytes);
            *point = Point { scale: (sum as f32).recip(), zero: 0.0 };
        }
    }
}

/// The largest of a multiple of [`ROW_UNIT`] numbers.
#[inline(always)]
fn top<I: Isa>(isa: I, numbers: &[f32]) -> f32 {
    let ops = isa.f32();
    let len = ops.len();
    let mut tops = [ops.splat(f32::MIN); 4];
    for four in numbers.chunks_exact(4 * len) {
        for (i, top) in tops.iter_mut().enumerate() {
            *top = ops.max(*top, ops.load(&four[i * len..]));
        }
    }
    let [a, b, c, d] = tops;
    largest(ops.max(ops.max(a, b), ops.max(c, d)))
}

/// Returns the sum of the bytes. Logits are a multiple of [`ROW_UNIT`].
#[inline(always)]
fn probabilities<I: Isa>(isa: I, logits: &[f32], top: f32, bytes: &mut [u8]) -> i32 {
    let (ops, ints) = (isa.f32(), isa.i32());
    let len = ops.len();
    let top = ops.splat(top);
    let mut sums = [ints.zero(); 2];
    for (four, bytes) in logits.chunks_exact(4 * len).zip(bytes.chunks_exact_mut(4 * len)) {
        let mut parts = [ints.zero(); 4];
        for (i, part) in parts.iter_mut().enumerate() {
            *part = power(isa, ops.sub(ops.load(&four[i * len..]), top));
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

/// GELU, off by at most 2e-4 + 5e-5 |x|, which is less than a hundredth of the step to which its result is rounded.
///
/// `x * Phi(x)` with `Phi` by a polynomial in `x^2` of least error (fitted by Lawson's algorithm) up to `|x| = 4`, and as there beyond.
struct QuickGelu;

impl SimdUnaryOp<f32> for QuickGelu {
    #[inline(always)]
    fn eval<I: Isa>(&self, isa: I, x: I::F32) -> I::F32 {
        let ops = isa.f32();
        let near = ops.min(ops.max(x, ops.splat(-4.0)), ops.splat(4.0));
        let square = ops.mul(near, near);
        let mut y = ops.splat(-1.301_119_7e-9);
        for coefficient in [
            1.041_858_8e-7,
            -3.656_894_5e-6,
            7.485_216e-5,
            -1.006_471_3e-3,
            9.505_331e-3,
            -6.588_773_4e-2,
            3.986_733_3e-1,
        ] {
            y = ops.mul_add(y, square, ops.splat(coefficient));
        }
        ops.mul(x, ops.mul_add(near, y, ops.splat(0.5)))
    }
}

#[inline(always)]
fn byte<I: Isa>(isa: I, x: I::F32, inverse: I::F32, zero: I::I32) -> I::I32 {
    isa.i32().add(isa.f32().to_int_round(isa.f32().mul(x, inverse)), zero)
}

#[inline(always)]
fn narrow<I: Isa>(isa: I, [a, b, c, d]: [I::I32; 4]) -> I::U8 {
    let ints = isa.i32();
    isa.i16().narrow_saturate(ints.narrow_saturate(a, b), ints.narrow_saturate(c, d))
}

/// The largest lane.
#[inline(always)]
fn largest<S: Simd<Elem = f32>>(vector: S) -> f32 {
    let array = vector.to_array();
    let lanes = array.as_ref();
    let max = |x: f32, y: f32| if y > x { y } else { x };
    let mut eight = [f32::MIN; 8];
    if let Ok(sixteen) = <&[f32; 16]>::try_from(lanes) {
        eight = array::from_fn(|i| max(sixteen[i], sixteen[i + 8]));
    } else {
        eight[..lanes.len()].copy_from_slice(lanes);
    }
    let four: [f32; 4] = array::from_fn(|i| max(eight[i], eight[i + 4]));
    max(max(four[0], four[2]), max(four[1], four[3]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(point: Point, byte: u8) -> f32 {
        (f32::from(byte) - point.zero) * point.scale
    }

    proptest! {
        #[test]
        fn a_byte_is_within_half_a_step_of_its_number(
            numbers in proptest::collection::vec(-30.0_f32..50.0, 1..300), shift in -60.0_f32..60.0, size in -8..8,
        ) {
            let numbers: Vec<f32> = numbers.iter().map(|x| (x + shift) * 10_f32.powi(size)).collect();
            let mut bytes = Bytes::default();
            bytes.read(&numbers, numbers.len());
            let rows = bytes.rows();
            let point = rows.points[0];
            prop_assert!((0.0..=255.0).contains(&point.zero) && point.zero.fract() == 0.0);
            for (&x, &byte) in numbers.iter().zip(rows.bytes) {
                // Half a step for the number and half a step for the zero point where they meet at an end of the range.
                prop_assert!((read(point, byte) - x).abs() <= point.scale * 1.001, "{x} as {byte} of {point:?}");
            }
        }

        #[test]
        fn softmax_is_within_a_step_of_its_definition(logits in proptest::collection::vec(-25.0_f32..25.0, 1..400)) {
            let n = logits.len();
            let mut memory = Numbers::default();
            memory.first(1000).fill(9.0);
            let (rows, stride) = super::logits(&mut memory, 2, n);
            for row in rows.chunks_exact_mut(stride) {
                row[..n].copy_from_slice(&logits);
            }
            let mut got = Bytes::default();
            softmax(rows, stride, &mut got);
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

        #[test]
        fn gelu_and_its_bytes_are_those_of_the_parts(
            numbers in proptest::collection::vec(-6.0_f32..6.0, 1..200), n_rows in 1_usize..4,
        ) {
            let width = numbers.len();
            let mut want = numbers.repeat(n_rows);
            let mut got = want.clone();
            QuickGelu.map_mut(&mut want);
            let (mut bytes, mut want_bytes) = (Bytes::default(), Bytes::default());
            want_bytes.read(&want, width);
            gelu(&mut got, width, &mut bytes);
            for row in 0..n_rows {
                let (got, want) = (bytes.row_mut(row), want_bytes.row_mut(row));
                prop_assert_eq!(got.1, want.1);
                prop_assert_eq!(&got.0[..width], &want.0[..width]);
            }
        }
    }

    #[test]
    fn odd_rows_become_bytes() {
        for (numbers, name) in [
            (vec![0.0; 70], "zeros"),
            (vec![1e-42; 5], "as good as zero"),
            (vec![3.0; 5], "one number"),
            (vec![-7.5; 33], "one negative number"),
            (vec![f32::MAX / 4.0, -f32::MAX / 4.0], "huge"),
        ] {
            let mut bytes = Bytes::default();
            bytes.read(&numbers, numbers.len());
            let point = bytes.rows().points[0];
            for (&x, &byte) in numbers.iter().zip(bytes.rows().bytes) {
                assert!((read(point, byte) - x).abs() <= x.abs() / 200.0 + 1e-40, "{name}: {x} as {byte} of {point:?}");
            }
        }
    }

    #[test]
    fn the_quick_gelu_is_as_near_as_it_says() {
        let mut xs: Vec<f32> = (-4000..=4000).map(|i| i as f32 / 400.0).collect();
        xs.extend([-1e4, 1e4, 0.0]);
        let mut got = xs.clone();
        QuickGelu.map_mut(&mut got);
        let mut exact = xs.clone();
        rten_vecmath::Gelu {}.map_mut(&mut exact);
        for ((x, got), want) in xs.iter().zip(got).zip(exact) {
            assert!((got - want).abs() <= 2e-4 + 5e-5 * x.abs(), "gelu({x}): got {got}, want {want}");
        }
    }
}
