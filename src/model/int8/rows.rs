//! How do numbers become bytes, and what happens to them on the way?

use rten_simd::ops::{BitOps, FloatOps, IntOps, NarrowSaturate, NumOps};
use rten_simd::{Isa, Simd, SimdOp, SimdUnaryOp};

use super::product::{Point, Rows};

/// Activations in eight bits, each row with a scale and a zero point of its own: the memory of one thread.
#[derive(Debug, Default)]
pub(crate) struct Bytes {
    bytes: Vec<u8>,
    points: Vec<Point>,
    stride: usize,
    n_rows: usize,
}

impl Bytes {
    /// Room for rows of `width`, whatever they hold.
    pub(crate) fn start(&mut self, n_rows: usize, width: usize) {
        self.stride = width.next_multiple_of(4);
        self.n_rows = n_rows;
        if self.bytes.len() < n_rows * self.stride {
            self.bytes.resize(n_rows * self.stride, 0);
        }
        if self.points.len() < n_rows {
            self.points.resize(n_rows, Point::default());
        }
    }

    /// Rounds the numbers of one row.
    pub(crate) fn write(&mut self, row: usize, numbers: &[f32]) {
        let bytes = &mut self.bytes[row * self.stride..][..numbers.len()];
        self.points[row] = Quantise { numbers, bytes }.dispatch();
    }

    /// Rounds rows of `width` numbers each.
    pub(crate) fn read(&mut self, numbers: &[f32], width: usize) {
        self.start(numbers.len() / width, width);
        for (row, numbers) in numbers.chunks_exact(width).enumerate() {
            self.write(row, numbers);
        }
    }

    /// A row's bytes, to write, and how they are read.
    pub(crate) fn row_mut(&mut self, row: usize) -> (&mut [u8], &mut Point) {
        (&mut self.bytes[row * self.stride..][..self.stride], &mut self.points[row])
    }

    /// All rows.
    pub(crate) fn rows(&self) -> Rows<'_> {
        self.part(0, self.n_rows)
    }

    /// `n` rows from `start` on.
    pub(crate) fn part(&self, start: usize, n: usize) -> Rows<'_> {
        Rows { bytes: &self.bytes[start * self.stride..], stride: self.stride, points: &self.points[start..start + n] }
    }
}

/// Maps a row onto `0..=255` so that 0 falls on a whole number, and its smallest and largest numbers on the ends: the asymmetric
/// scheme of Jacob et al. (2018), whose range is measured row by row.
struct Quantise<'a> {
    numbers: &'a [f32],
    bytes: &'a mut [u8],
}

impl SimdOp for Quantise<'_> {
    type Output = Point;

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> Point {
        let ops = isa.f32();
        let len = ops.len();
        let (mut low, mut high) = ([ops.zero(); 2], [ops.zero(); 2]);
        let mut pairs = self.numbers.chunks_exact(2 * len);
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
        let low = -largest(ops.neg(ops.min(low[0], low[1])));
        let high = largest(ops.max(high[0], high[1]));
        let scale = (high - low) / 255.0;
        // A row of zeros, or of numbers too small to tell from zeros.
        let inverse = if scale > f32::MIN_POSITIVE { scale.recip() } else { 0.0 };
        let zero = (-low * inverse).round_ties_even();
        let point = Point { scale, zero: zero as i32 };
        let (inverse, zero) = (ops.splat(inverse), isa.i32().splat(point.zero));
        let mut fours = self.numbers.chunks_exact(4 * len);
        let (whole, rest) = self.bytes.split_at_mut(self.numbers.len() / (4 * len) * (4 * len));
        for (four, bytes) in fours.by_ref().zip(whole.chunks_exact_mut(4 * len)) {
            let mut parts = [zero; 4];
            for (i, part) in parts.iter_mut().enumerate() {
                *part = byte(isa, ops.load(&four[i * len..]), inverse, zero);
            }
            isa.u8().store(narrow(isa, parts), bytes);
        }
        if !rest.is_empty() {
            let mut four = [isa.i32().zero(); 4];
            for (at, part) in fours.remainder().chunks(len).enumerate() {
                four[at] = byte(isa, ops.load_pad(part).0, inverse, zero);
            }
            rest.copy_from_slice(&narrow(isa, four).to_array().as_ref()[..rest.len()]);
        }
        point
    }
}

/// `softmax` of a row of logits to the base 2, each probability as a multiple of 1/255 of the largest.
///
/// The bytes are padded with zeros to a multiple of four. Returns their sum.
pub(crate) fn softmax(logits: &[f32], bytes: &mut [u8]) -> i32 {
    Softmax { logits, bytes }.dispatch()
}

struct Softmax<'a> {
    logits: &'a [f32],
    bytes: &'a mut [u8],
}

impl SimdOp for Softmax<'_> {
    type Output = i32;

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> i32 {
        let (ops, ints) = (isa.f32(), isa.i32());
        let len = ops.len();
        let lowest = ops.splat(f32::MIN);
        let mut top = [lowest; 2];
        let mut pairs = self.logits.chunks_exact(2 * len);
        for pair in pairs.by_ref() {
            for (i, top) in top.iter_mut().enumerate() {
                *top = ops.max(*top, ops.load(&pair[i * len..]));
            }
        }
        for rest in pairs.remainder().chunks(len) {
            let (rest, mask) = ops.load_pad(rest);
            top[0] = ops.max(top[0], ops.select(rest, lowest, mask));
        }
        let top = ops.splat(largest(ops.max(top[0], top[1])));
        let mut sums = ints.zero();
        let mut fours = self.logits.chunks_exact(4 * len);
        let (whole, rest) = self.bytes.split_at_mut(self.logits.len() / (4 * len) * (4 * len));
        for (four, bytes) in fours.by_ref().zip(whole.chunks_exact_mut(4 * len)) {
            let mut parts = [ints.zero(); 4];
            for (i, part) in parts.iter_mut().enumerate() {
                *part = power(isa, ops.sub(ops.load(&four[i * len..]), top));
                sums = ints.add(sums, *part);
            }
            isa.u8().store(narrow(isa, parts), bytes);
        }
        if !rest.is_empty() {
            let mut four = [ints.zero(); 4];
            for (at, part) in fours.remainder().chunks(len).enumerate() {
                let (x, mask) = ops.load_pad(part);
                four[at] = ints.select(power(isa, ops.sub(x, top)), ints.zero(), mask);
                sums = ints.add(sums, four[at]);
            }
            let n = rest.len();
            rest.copy_from_slice(&narrow(isa, four).to_array().as_ref()[..n]);
        }
        ints.sum(sums)
    }
}

/// `255 * 2^x` for `x <= 0`, rounded; what is below `2^-20` is 0.
#[inline(always)]
fn power<I: Isa>(isa: I, x: I::F32) -> I::I32 {
    let (ops, ints) = (isa.f32(), isa.i32());
    let x = ops.max(x, ops.splat(-20.0));
    let whole = ops.round_ties_even(x);
    // 2^f for f from -1/2 to 1/2 by interpolation at Chebyshev's points: off by at most 8.1e-5, a fiftieth of a step.
    let fraction = ops.sub(x, whole);
    let y = ops.mul_add(fraction, ops.splat(0.055_838_283), ops.splat(0.242_639_48));
    let y = ops.mul_add(fraction, y, ops.splat(0.693_136_75));
    let y = ops.mul_add(fraction, y, ops.splat(0.999_924_54));
    let exponent = ints.shift_left::<23>(ints.add(ops.to_int_round(whole), ints.splat(127)));
    ops.to_int_round(ops.mul(ops.mul(y, ops.splat(255.0)), exponent.reinterpret_cast()))
}

/// GELU, off by at most 2e-4 + 5e-5 |x|, which is less than a hundredth of the step to which its result is rounded.
///
/// `x * Phi(x)` with `Phi` by a polynomial in `x^2` of least error (fitted by Lawson's algorithm) up to `|x| = 4`, and as there beyond.
pub(crate) struct QuickGelu;

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
    let array = array.as_ref();
    let mut lanes = [f32::MIN; 16];
    let mut n = array.len();
    lanes[..n].copy_from_slice(array);
    while n > 1 {
        n /= 2;
        let (left, right) = lanes[..2 * n].split_at_mut(n);
        for (x, y) in left.iter_mut().zip(right) {
            *x = if *y > *x { *y } else { *x };
        }
    }
    lanes[0]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(point: Point, byte: u8) -> f32 {
        (i32::from(byte) - point.zero) as f32 * point.scale
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
            prop_assert!((0..=255).contains(&point.zero));
            for (&x, &byte) in numbers.iter().zip(rows.bytes) {
                // Half a step for the number and half a step for the zero point where they meet at an end of the range.
                prop_assert!((read(point, byte) - x).abs() <= point.scale * 1.001, "{x} as {byte} of {point:?}");
            }
        }

        #[test]
        fn softmax_is_within_a_step_of_its_definition(logits in proptest::collection::vec(-25.0_f32..25.0, 1..400)) {
            let mut bytes = vec![9; logits.len().next_multiple_of(4)];
            let sum = softmax(&logits, &mut bytes);
            prop_assert_eq!(sum, bytes.iter().map(|&byte| i32::from(byte)).sum::<i32>());
            let top = logits.iter().copied().fold(f32::MIN, f32::max);
            for (&x, &byte) in logits.iter().zip(&bytes) {
                prop_assert!((f32::from(byte) - 255.0 * (x - top).exp2()).abs() < 0.53, "{x} - {top}: {byte}");
            }
            prop_assert!(bytes[logits.len()..].iter().all(|&byte| byte == 0));
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
