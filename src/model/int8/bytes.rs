//! Quantisation of activations to bytes.

use rten_simd::ops::{BitOps, FloatOps, NarrowSaturate, NumOps};
use rten_simd::{Isa, Simd, SimdOp};

use super::operands::Rows;
use crate::model::aligned::{Aligned, LINE_BYTES};

/// The quantisation parameters of a row of activations: a byte represents `(byte - zero) * scale`. `zero` is an integer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) scale: f32,
    pub(crate) zero: f32,
}

/// Activations in eight bits, each row with its own scale and zero point; the memory of one thread.
///
/// Every row starts at a cache line, so that no kernel reads across one.
#[derive(Debug, Default)]
pub(crate) struct Bytes {
    bytes: Aligned<u8>,
    points: Vec<Point>,
    stride: usize,
    n_rows: usize,
}

impl Bytes {
    /// Makes room for `n_rows` rows of `width` bytes, whose contents are unspecified.
    pub(crate) fn start(&mut self, n_rows: usize, width: usize) {
        self.stride = width.next_multiple_of(LINE_BYTES);
        self.n_rows = n_rows;
        self.bytes.first(n_rows * self.stride);
        if self.points.len() < n_rows {
            self.points.resize(n_rows, Point::default());
        }
    }

    /// Quantises rows of `width` numbers each.
    pub(crate) fn read(&mut self, numbers: &[f32], width: usize) {
        self.start(numbers.len() / width, width);
        Quantise { numbers, width, bytes: self }.dispatch();
    }

    /// The bytes of a row, with the padding up to the next row, and its quantisation parameters.
    #[inline(always)]
    pub(crate) fn row_mut(&mut self, row: usize) -> (&mut [u8], &mut Point) {
        (&mut self.bytes.all_mut()[row * self.stride..][..self.stride], &mut self.points[row])
    }

    pub(crate) fn rows(&self) -> Rows<'_> {
        self.part(0, self.n_rows)
    }

    /// The quantisation parameters of all rows.
    pub(crate) fn points(&self) -> &[Point] {
        &self.points[..self.n_rows]
    }

    /// `n` rows, starting at row `start`.
    pub(crate) fn part(&self, start: usize, n: usize) -> Rows<'_> {
        Rows { bytes: &self.bytes.all()[start * self.stride..], stride: self.stride, n }
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

/// The minimum and maximum of `numbers` and 0.
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
    extremes(isa, ops.min(low[0], low[1]), ops.max(high[0], high[1]))
}

/// The largest magnitude in all rows; 0 if there are none.
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

/// Maps a row to `0..=255` so that 0 falls on an integer and the smallest and largest numbers fall on the ends: the asymmetric scheme
/// of Jacob et al. (2018), with the range measured per row.
///
/// The length of `bytes` must be a multiple of [`LINE_BYTES`]; the bytes after the row are left unspecified.
#[inline(always)]
pub(super) fn quantise<I: Isa>(isa: I, numbers: &[f32], (low, high): (f32, f32), bytes: &mut [u8]) -> Point {
    let width = high - low;
    // 0 for a row of zeros, or of numbers too small to tell from zeros.
    let inverse = if width > 255.0 * f32::MIN_POSITIVE { 255.0 / width } else { 0.0 };
    let zero = (-low * inverse).round_ties_even();
    round(isa, numbers, (inverse, zero), bytes);
    Point { scale: width * (1.0 / 255.0), zero }
}

/// Writes `x * inverse + zero`, rounded, to `bytes`. The bytes after the last number, up to a whole vector, become `zero`.
#[inline(always)]
pub(crate) fn round<I: Isa>(isa: I, numbers: &[f32], (inverse, zero): (f32, f32), bytes: &mut [u8]) {
    let ops = isa.f32();
    let len = ops.len();
    let (inverse, zero) = (ops.splat(inverse), ops.splat(zero));
    let empty = ops.to_int_round(zero);
    let mut fours = numbers.chunks_exact(4 * len);
    let mut bytes = bytes.chunks_exact_mut(4 * len);
    for (four, bytes) in fours.by_ref().zip(bytes.by_ref()) {
        let mut parts = [empty; 4];
        for (i, part) in parts.iter_mut().enumerate() {
            *part = byte(isa, ops.load(&four[i * len..]), inverse, zero);
        }
        isa.u8().store(narrow(isa, parts), bytes);
    }
    if let (rest @ [_, ..], Some(bytes)) = (fours.remainder(), bytes.next()) {
        let mut parts = [empty; 4];
        for (part, numbers) in parts.iter_mut().zip(rest.chunks(len)) {
            *part = byte(isa, ops.load_pad(numbers).0, inverse, zero);
        }
        isa.u8().store(narrow(isa, parts), bytes);
    }
}

#[inline(always)]
fn byte<I: Isa>(isa: I, x: I::F32, inverse: I::F32, zero: I::F32) -> I::I32 {
    isa.f32().to_int_round(isa.f32().mul_add(x, inverse, zero))
}

#[inline(always)]
pub(super) fn narrow<I: Isa>(isa: I, [a, b, c, d]: [I::I32; 4]) -> I::U8 {
    let ints = isa.i32();
    isa.i16().narrow_saturate(ints.narrow_saturate(a, b), ints.narrow_saturate(c, d))
}

/// The smallest lane of one vector and the largest of another.
#[inline(always)]
pub(super) fn extremes<I: Isa>(isa: I, low: I::F32, high: I::F32) -> (f32, f32) {
    (-largest(isa.f32().neg(low)), largest(high))
}

/// The largest lane.
#[inline(always)]
pub(super) fn largest<S: Simd<Elem = f32>>(vector: S) -> f32 {
    // Floats are ordered like their bits, except that negative ones are in reverse. Compilers vectorise integer reductions well.
    let order = |bits: i32| bits ^ (bits >> 31 & i32::MAX);
    let array = vector.to_array();
    let lanes = array.as_ref().iter().map(|x| order(x.to_bits().cast_signed()));
    f32::from_bits(order(lanes.fold(i32::MIN, i32::max)).cast_unsigned())
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
            let (rows, point) = (bytes.rows(), bytes.points()[0]);
            prop_assert!((0.0..=255.0).contains(&point.zero) && point.zero.fract() == 0.0);
            for (&x, &byte) in numbers.iter().zip(rows.bytes) {
                // Half a step for the number and half a step for the zero point, which add up at an end of the range.
                prop_assert!((read(point, byte) - x).abs() <= point.scale * 1.001, "{x} as {byte} of {point:?}");
            }
        }
    }

    #[test]
    fn degenerate_rows_are_quantised() {
        for (numbers, name) in [
            (vec![0.0; 70], "zeros"),
            (vec![1e-42; 5], "as good as zero"),
            (vec![3.0; 5], "one number"),
            (vec![-7.5; 33], "one negative number"),
            (vec![f32::MAX / 4.0, -f32::MAX / 4.0], "huge"),
        ] {
            let mut bytes = Bytes::default();
            bytes.read(&numbers, numbers.len());
            let point = bytes.points()[0];
            for (&x, &byte) in numbers.iter().zip(bytes.rows().bytes) {
                assert!((read(point, byte) - x).abs() <= x.abs() / 200.0 + 1e-40, "{name}: {x} as {byte} of {point:?}");
            }
        }
    }
}
