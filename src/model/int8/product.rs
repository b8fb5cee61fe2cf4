//! What is the product of two matrices of bytes?

use super::simd::Simd;

/// Columns that stand side by side in packed weights, in a cache line four deep.
pub(crate) const PANEL: usize = 16;

/// Four weights for each of [`PANEL`] columns: a word a column, its first weight in the lowest byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub(crate) struct Line(pub(crate) [u32; PANEL]);

impl Line {
    pub(crate) const ZERO: Self = Self([0; PANEL]);
}

/// How many lines a column of `length` weights takes: so many that they can be cut into equal steps of at most 16 lines, as tiles of
/// AMX hold. Weights beyond `length` are 0.
pub(crate) fn depth(length: usize) -> usize {
    let n_lines = length.div_ceil(4);
    n_lines.next_multiple_of(n_lines.div_ceil(PANEL).max(1))
}

/// How the bytes of a row of activations are read: `(byte - zero) * scale`. `zero` is a whole number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) scale: f32,
    pub(crate) zero: f32,
}

/// Activations: a row a point, `stride` bytes apart, each at least as deep as the columns that it meets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) stride: usize,
    pub(crate) points: &'a [Point],
}

/// Packed weights of `n` columns: panel by panel, `depth` lines each. Missing columns of the last panel are anything, their sums,
/// scales and shifts must be there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns<'a> {
    pub(crate) lines: &'a [Line],
    /// Lines a panel, see [`depth`].
    pub(crate) depth: usize,
    pub(crate) n: usize,
    /// The sum of each column's weights, a whole number.
    pub(crate) sums: &'a [f32],
    pub(crate) scales: &'a [f32],
    /// Added to each column.
    pub(crate) shifts: &'a [f32],
}

impl<'a> Columns<'a> {
    pub(crate) fn n_panels(&self) -> usize {
        self.n.div_ceil(PANEL)
    }

    /// The `n` columns from `start` on, which must be a multiple of [`PANEL`].
    pub(crate) fn part(&self, start: usize, n: usize) -> Columns<'a> {
        assert!(start.is_multiple_of(PANEL) && start + n <= self.n, "whole panels of the columns");
        let panel = start / PANEL;
        Columns {
            lines: &self.lines[panel * self.depth..],
            n,
            sums: &self.sums[start..],
            scales: &self.scales[start..],
            shifts: &self.shifts[start..],
            ..*self
        }
    }
}

/// What a product does with what its output holds already.
pub(crate) use crate::model::gemm::Store;

/// A checked product: rows, columns and an output that belong together.
pub(super) struct Call<'a> {
    rows: Rows<'a>,
    columns: Columns<'a>,
    out: &'a mut [f32],
    out_stride: usize,
    store: Store,
}

impl<'a> Call<'a> {
    fn new(rows: Rows<'a>, columns: Columns<'a>, (out, out_stride): (&'a mut [f32], usize), store: Store) -> Self {
        let (n_rows, width) = (rows.points.len(), columns.n_panels() * PANEL);
        if n_rows > 0 {
            assert!(rows.stride >= 4 * columns.depth, "rows do not overlap");
            assert!(rows.bytes.len() >= (n_rows - 1) * rows.stride + 4 * columns.depth, "all rows are there");
            assert!(out_stride >= columns.n, "rows of the output do not overlap");
            assert!(out.len() >= (n_rows - 1) * out_stride + columns.n, "the output has room");
        }
        assert!(columns.lines.len() >= columns.n_panels() * columns.depth, "all weights are there");
        let shortest = columns.sums.len().min(columns.scales.len()).min(columns.shifts.len());
        assert!(shortest >= width, "a sum, scale and shift for each column of each panel");
        Self { rows, columns, out, out_stride, store }
    }

    pub(super) fn rows(&self) -> Rows<'a> {
        self.rows
    }

    pub(super) fn columns(&self) -> Columns<'a> {
        self.columns
    }

    pub(super) fn out(&mut self) -> &mut [f32] {
        self.out
    }

    pub(super) fn out_stride(&self) -> usize {
        self.out_stride
    }

    pub(super) fn store(&self) -> Store {
        self.store
    }
}

/// A way to multiply bytes, chosen at run time. All give the same numbers, to the last bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernel {
    /// With the processor's own instructions for it.
    Simd(Simd),
    /// Plain code: the definition, for any processor.
    Plain,
}

impl Kernel {
    /// Those that this processor can run, the fastest first.
    #[cfg(test)]
    pub(crate) fn available() -> Vec<Self> {
        Simd::available().into_iter().map(Self::Simd).chain([Self::Plain]).collect()
    }

    /// The fastest that this processor can run.
    pub(crate) fn best() -> Self {
        Simd::available().first().map_or(Self::Plain, |&simd| Self::Simd(simd))
    }

    /// `out = rows x columns + shifts`, or adds that: `[m, k] x [k, n] -> [m, n]`, with the distance of the output's rows.
    ///
    /// # Panics
    /// When the parts do not fit together.
    pub(crate) fn product(self, rows: Rows<'_>, columns: Columns<'_>, out: (&mut [f32], usize), store: Store) {
        let mut call = Call::new(rows, columns, out, store);
        match self {
            Self::Simd(simd) => simd.run(&mut call),
            Self::Plain => plain(&mut call),
        }
    }
}

/// The definition.
fn plain(call: &mut Call<'_>) {
    let (rows, columns, stride, store) = (call.rows, call.columns, call.out_stride, call.store);
    for (r, point) in rows.points.iter().enumerate() {
        let (fours, _) = rows.bytes[r * rows.stride..][..4 * columns.depth].as_chunks::<4>();
        for p in 0..columns.n_panels() {
            let mut sums = [0_i32; PANEL];
            for (four, line) in fours.iter().zip(&columns.lines[p * columns.depth..]) {
                for (sum, word) in sums.iter_mut().zip(line.0) {
                    for (&byte, weight) in four.iter().zip(word.to_le_bytes()) {
                        *sum += i32::from(byte) * i32::from(weight.cast_signed());
                    }
                }
            }
            for (c, sum) in (p * PANEL..columns.n).zip(sums) {
                let number = (-point.zero).mul_add(columns.sums[c], sum as f32);
                let value = number.mul_add(point.scale * columns.scales[c], columns.shifts[c]);
                let out = &mut call.out[r * stride + c];
                *out = match store {
                    Store::Replace => value,
                    Store::Add => value + *out,
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A product and what it must come out as.
    #[derive(Debug)]
    struct Case {
        shape: (usize, usize, usize),
        bytes: Vec<u8>,
        weights: Vec<i8>,
        points: Vec<Point>,
        scales: Vec<f32>,
        shifts: Vec<f32>,
    }

    impl Case {
        fn random(shape: (usize, usize, usize), seed: u64) -> Self {
            let (m, k, n) = shape;
            let mut random = fastrand::Rng::with_seed(seed);
            // A third of the bytes at the ends of their range, where sums of 16 bits would saturate.
            let bytes = (0..m * k).map(|_| if random.u8(..3) == 0 { 255 } else { random.u8(..) }).collect();
            let weights = (0..n * k)
                .map(|_| match random.u8(..3) {
                    0 => 127,
                    1 => -127,
                    _ => random.i8(-127..=127),
                })
                .collect();
            let points = (0..m).map(|_| Point { scale: random.f32() + 0.01, zero: f32::from(random.u8(..)) }).collect();
            let width = n.next_multiple_of(PANEL);
            let mut numbers = || (0..width).map(|_| random.f32() - 0.5).collect::<Vec<_>>();
            Self { shape, bytes, weights, points, scales: numbers(), shifts: numbers() }
        }

        /// Runs a kernel with rows `gap` bytes further apart than they must be, and an output with as much room between its rows. Where
        /// the gap is odd, columns are as short as can be, which tiles may not divide.
        fn run(&self, kernel: Kernel, gap: usize, store: Store) -> Vec<f32> {
            let (m, k, n) = self.shape;
            let depth = if gap % 2 == 1 { k.div_ceil(4) } else { depth(k) };
            let mut lines = vec![Line::ZERO; n.div_ceil(PANEL) * depth];
            let mut sums = vec![0.0; n.next_multiple_of(PANEL)];
            for c in 0..n {
                for i in 0..k {
                    let weight = self.weights[c * k + i];
                    lines[c / PANEL * depth + i / 4].0[c % PANEL] |= u32::from(weight.cast_unsigned()) << (8 * (i % 4));
                    sums[c] += f32::from(weight);
                }
            }
            let stride = 4 * depth + gap;
            // What stands between the rows, and before the first, must not matter.
            let mut bytes = vec![0xAA; gap + m * stride];
            for (r, row) in self.bytes.chunks(k.max(1)).enumerate() {
                bytes[gap + r * stride..][..k].copy_from_slice(row);
            }
            let (scales, shifts) = (&self.scales, &self.shifts);
            let columns = Columns { lines: &lines, depth, n, sums: &sums, scales, shifts };
            let rows = Rows { bytes: &bytes[gap..], stride, points: &self.points };
            let mut out: Vec<f32> = (0..gap + m * (n + gap)).map(|i| i as f32).collect();
            kernel.product(rows, columns, (&mut out[gap..], n + gap), store);
            out
        }

        /// The definition in 64 bits, from the plain matrices.
        fn want(&self, gap: usize, store: Store) -> Vec<f32> {
            let (m, k, n) = self.shape;
            let mut out: Vec<f32> = (0..gap + m * (n + gap)).map(|i| i as f32).collect();
            for r in 0..m {
                for c in 0..n {
                    let weights = (0..k).map(|i| i64::from(self.weights[c * k + i]));
                    let column_sum: i64 = weights.clone().sum();
                    let sum: i64 =
                        weights.enumerate().map(|(i, weight)| i64::from(self.bytes[r * k + i]) * weight).sum();
                    let number = (-self.points[r].zero).mul_add(column_sum as f32, sum as f32);
                    let value = number.mul_add(self.points[r].scale * self.scales[c], self.shifts[c]);
                    let out = &mut out[gap + r * (n + gap) + c];
                    *out = if store == Store::Add { value + *out } else { value };
                }
            }
            out
        }
    }

    #[test]
    fn every_kernel_gives_the_definition_to_the_last_bit() {
        let shapes = [
            (0, 5, 5),
            (1, 1, 1),
            (1, 4, 16),
            (2, 3, 17),
            (3, 65, 1),
            (6, 8, 64),
            (7, 33, 63),
            (12, 32, 32),
            (13, 67, 48),
            (25, 384, 96),
            (30, 12, 112),
            (5, 1536, 20),
            (16, 66, 40),
            (17, 130, 31),
            (33, 200, 33),
            (66, 1539, 49),
            (4, 0, 7),
            (9, 5, 0),
        ];
        for kernel in Kernel::available() {
            for (i, shape) in shapes.into_iter().enumerate() {
                for store in [Store::Replace, Store::Add] {
                    let (case, gap) = (Case::random(shape, i as u64), i % 4);
                    assert_eq!(case.run(kernel, gap, store), case.want(gap, store), "{kernel:?} {shape:?} {store:?}");
                }
            }
        }
    }

    #[test]
    fn sums_at_the_ends_of_the_range_do_not_saturate() {
        let (m, k, n) = (7, 1536, 33);
        for kernel in Kernel::available() {
            for weight in [127, -127] {
                let mut case = Case::random((m, k, n), 1);
                case.bytes.fill(255);
                case.weights.fill(weight);
                for zero in [0.0, 255.0] {
                    case.points.fill(Point { scale: 1.0, zero });
                    assert_eq!(
                        case.run(kernel, 0, Store::Replace),
                        case.want(0, Store::Replace),
                        "{kernel:?} {weight} {zero}"
                    );
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_kernel_gives_the_definition(m in 0_usize..=67, k in 0_usize..=67, n in 0_usize..=67, gap in 0_usize..5, seed in 0..u64::MAX) {
            let case = Case::random((m, k, n), seed);
            for kernel in Kernel::available() {
                prop_assert_eq!(case.run(kernel, gap, Store::Replace), case.want(gap, Store::Replace), "{:?}", kernel);
            }
        }
    }

    #[test]
    fn any_number_of_rows_meets_whole_steps_of_columns() {
        for kernel in Kernel::available() {
            for m in 1..=67 {
                let case = Case::random((m, 384, 33), m as u64);
                assert_eq!(case.run(kernel, 0, Store::Add), case.want(0, Store::Add), "{kernel:?} {m}");
            }
        }
    }

    #[test]
    fn columns_are_as_deep_as_their_weights_and_fall_into_equal_steps() {
        for length in 0..5_000_usize {
            let (shortest, depth) = (length.div_ceil(4), depth(length));
            let n_steps = shortest.div_ceil(16);
            assert!((shortest..=shortest + n_steps).contains(&depth), "{length}: {depth}");
            assert!(n_steps == 0 || depth.is_multiple_of(n_steps) && depth / n_steps <= 16, "{length}: {depth}");
        }
    }

    #[test]
    #[should_panic(expected = "all rows are there")]
    fn a_missing_row_is_not_read() {
        let case = Case::random((3, 8, 16), 1);
        let (lines, points) = (vec![Line::ZERO; 2], &case.points);
        let columns =
            Columns { lines: &lines, depth: 2, n: 16, sums: &[0.0; 16], scales: &[0.0; 16], shifts: &[0.0; 16] };
        let rows = Rows { bytes: &case.bytes[..23], stride: 8, points };
        Kernel::best().product(rows, columns, (&mut [0.0; 48], 16), Store::Replace);
    }
}
