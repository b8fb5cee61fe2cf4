//! What do the sums of a product stand for?

use rten_simd::ops::{BitOps, FloatOps, NumOps, ToFloat};
use rten_simd::{Isa, SimdOp};

use super::bytes::Point;
use super::operands::PANEL;

/// What the columns of a product stand for; each as many numbers as there are columns in whole panels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scaling<'a> {
    /// The sum of each column's weights, a whole number.
    pub(crate) sums: &'a [f32],
    pub(crate) scales: &'a [f32],
    /// Added to each column.
    pub(crate) shifts: &'a [f32],
}

impl<'a> Scaling<'a> {
    /// Those of `n_panels` panels from `start` on.
    pub(crate) fn part(&self, start: usize, n_panels: usize) -> Scaling<'a> {
        let range = start * PANEL..(start + n_panels) * PANEL;
        Scaling { sums: &self.sums[range.clone()], scales: &self.scales[range.clone()], shifts: &self.shifts[range] }
    }
}

/// The sums of rows with columns, `[rows, columns]`, and what they stand for: `(sum - zero * column sum) * (scale * column scale) + shift`,
/// where every product, but that of the scales, is rounded together with the number that is added to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Product<'a> {
    sums: &'a [i32],
    points: &'a [Point],
    scaling: Scaling<'a>,
}

impl<'a> Product<'a> {
    /// # Panics
    /// When the parts do not fit together.
    pub(crate) fn new(sums: &'a [i32], points: &'a [Point], scaling: Scaling<'a>) -> Self {
        let width = scaling.sums.len();
        assert!(width.is_multiple_of(PANEL) && width == scaling.scales.len() && width == scaling.shifts.len());
        assert_eq!(sums.len(), points.len() * width, "a sum for each row and column");
        Self { sums, points, scaling }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.points.len()
    }

    /// Columns, in whole panels.
    pub(crate) fn width(&self) -> usize {
        self.scaling.sums.len()
    }

    /// Writes the numbers, `[rows, columns]`.
    pub(crate) fn read(self, numbers: &mut [f32]) {
        Read { product: self, numbers }.dispatch();
    }

    #[inline(always)]
    pub(super) fn rows(self) -> impl Iterator<Item = Row<'a>> {
        let rows = self.sums.chunks_exact(self.width());
        rows.zip(self.points).map(move |(sums, &point)| Row { sums, point, scaling: self.scaling })
    }
}

/// One row of a product.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    sums: &'a [i32],
    point: Point,
    scaling: Scaling<'a>,
}

/// A vector's worth of a row: the sums, and the columns' sums, scales and shifts.
type Chunk<'a> = (&'a [i32], &'a [f32], &'a [f32], &'a [f32]);

impl<'a> Row<'a> {
    /// Cuts the row into vectors of `len` lanes, which divides [`PANEL`].
    #[inline(always)]
    pub(super) fn chunks(self, len: usize) -> impl Iterator<Item = Chunk<'a>> {
        let Scaling { sums, scales, shifts } = self.scaling;
        let columns = sums.chunks_exact(len).zip(scales.chunks_exact(len)).zip(shifts.chunks_exact(len));
        self.sums
            .chunks_exact(len)
            .zip(columns)
            .map(|(sums, ((column_sums, scales), shifts))| (sums, column_sums, scales, shifts))
    }

    /// The numbers that a chunk stands for; what is behind the last column, in its panel, is 0 where its weights, scale and shift are.
    #[inline(always)]
    pub(super) fn numbers<I: Isa>(self, isa: I, (sums, column_sums, scales, shifts): Chunk<'a>) -> I::F32 {
        let (ops, ints) = (isa.f32(), isa.i32());
        let (zero, scale) = (ops.splat(self.point.zero), ops.splat(self.point.scale));
        let sum = ints.to_float(ints.load(sums));
        let number = ops.mul_sub_from(zero, ops.load(column_sums), sum);
        ops.mul_add(number, ops.mul(scale, ops.load(scales)), ops.load(shifts))
    }
}

struct Read<'a> {
    product: Product<'a>,
    numbers: &'a mut [f32],
}

impl SimdOp for Read<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        for (numbers, row) in self.numbers.chunks_exact_mut(self.product.width()).zip(self.product.rows()) {
            for (numbers, chunk) in numbers.chunks_exact_mut(ops.len()).zip(row.chunks(ops.len())) {
                ops.store(row.numbers(isa, chunk), numbers);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_their_row_and_column() {
        let width = 3 * PANEL;
        let column = |f: fn(usize) -> f32| (0..width).map(f).collect::<Vec<f32>>();
        let (sums, scales) = (column(|c| c as f32 - 20.0), column(|c| 0.01 + c as f32 * 1e-3));
        let shifts = column(|c| c as f32 / 7.0);
        let scaling = Scaling { sums: &sums, scales: &scales, shifts: &shifts }.part(1, 2);
        let points = [Point { scale: 0.25, zero: 7.0 }, Point { scale: 3.0, zero: 255.0 }];
        let ints: Vec<i32> = (0..2 * 2 * PANEL as i32).map(|i| i * 311 - 9_000).collect();
        let mut got = vec![9.0; ints.len()];
        Product::new(&ints, &points, scaling).read(&mut got);
        for (i, (got, int)) in got.into_iter().zip(ints).enumerate() {
            let (point, c) = (points[i / (2 * PANEL)], PANEL + i % (2 * PANEL));
            let number = (-point.zero).mul_add(sums[c], int as f32);
            assert_eq!(got, number.mul_add(point.scale * scales[c], shifts[c]), "number {i}");
        }
    }

    #[test]
    #[should_panic(expected = "a sum for each row and column")]
    fn a_missing_sum_is_seen() {
        let numbers = [0.0; PANEL];
        Product::new(&[0; 31], &[Point::default(); 2], Scaling { sums: &numbers, scales: &numbers, shifts: &numbers });
    }
}
