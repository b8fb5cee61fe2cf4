//! The integer sums of a product, and the values they represent.

use rten_simd::ops::{BitOps, FloatOps, NumOps, ToFloat};
use rten_simd::{Isa, SimdOp};

use super::bytes::Point;
use super::operands::PANEL;

/// The scaling of a product's columns. Each slice has one element per column, padded to whole panels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scaling<'a> {
    /// The sum of each column's weights, an integer.
    pub(crate) sums: &'a [f32],
    pub(crate) scales: &'a [f32],
    /// Added after scaling: the bias.
    pub(crate) shifts: &'a [f32],
}

impl<'a> Scaling<'a> {
    /// The scaling of `n_panels` panels, starting at panel `start`.
    pub(crate) fn part(&self, start: usize, n_panels: usize) -> Scaling<'a> {
        let range = start * PANEL..(start + n_panels) * PANEL;
        Scaling { sums: &self.sums[range.clone()], scales: &self.scales[range.clone()], shifts: &self.shifts[range] }
    }
}

/// The sums of a product, `[rows, columns]`, which represent the values `(sum - zero * column sum) * (scale * column scale) + shift`.
/// Every multiplication except that of the scales is fused with the addition that follows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Product<'a> {
    sums: &'a [i32],
    points: &'a [Point],
    scaling: Scaling<'a>,
}

impl<'a> Product<'a> {
    /// # Panics
    /// When the dimensions do not match.
    pub(crate) fn new(sums: &'a [i32], points: &'a [Point], scaling: Scaling<'a>) -> Self {
        let width = scaling.sums.len();
        assert!(width.is_multiple_of(PANEL) && width == scaling.scales.len() && width == scaling.shifts.len());
        assert_eq!(sums.len(), points.len() * width, "one sum per row and column");
        Self { sums, points, scaling }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.points.len()
    }

    /// The number of columns, in whole panels.
    pub(crate) fn width(&self) -> usize {
        self.scaling.sums.len()
    }

    /// Writes the values, `[rows, columns]`.
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

/// One vector's worth of a row: its sums, and the sums, scales and shifts of its columns.
type Chunk<'a> = (&'a [i32], &'a [f32], &'a [f32], &'a [f32]);

impl<'a> Row<'a> {
    /// Splits the row into vectors of `len` lanes; `len` must divide [`PANEL`].
    #[inline(always)]
    pub(super) fn chunks(self, len: usize) -> impl Iterator<Item = Chunk<'a>> {
        let Scaling { sums, scales, shifts } = self.scaling;
        let columns = sums.chunks_exact(len).zip(scales.chunks_exact(len)).zip(shifts.chunks_exact(len));
        self.sums
            .chunks_exact(len)
            .zip(columns)
            .map(|(sums, ((column_sums, scales), shifts))| (sums, column_sums, scales, shifts))
    }

    /// The values of a chunk. Padding columns are 0 if their weights, scales and shifts are.
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
    fn values_are_scaled_by_row_and_column() {
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
    #[should_panic(expected = "one sum per row and column")]
    fn a_missing_sum_panics() {
        let numbers = [0.0; PANEL];
        Product::new(&[0; 31], &[Point::default(); 2], Scaling { sums: &numbers, scales: &numbers, shifts: &numbers });
    }
}
