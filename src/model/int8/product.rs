//! The product of two byte matrices.

use super::operands::{Call, Columns, Out, PANEL, Rows};
use super::simd::Simd;

/// An implementation of the byte product, chosen at run time. All of them produce the same sums, which are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernel {
    /// Uses special instructions of the CPU.
    Simd(Simd),
    /// Plain code for any CPU: the reference implementation.
    Plain,
}

impl Kernel {
    /// The kernels this CPU can run, fastest first.
    #[cfg(test)]
    pub(crate) fn available() -> Vec<Self> {
        Simd::available().into_iter().map(Self::Simd).chain([Self::Plain]).collect()
    }

    /// A name to show to users, such as `AVX2`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Simd(simd) => simd.name(),
            Self::Plain => "portable",
        }
    }

    /// The fastest kernel this CPU can run.
    pub(crate) fn best() -> Self {
        Simd::available().first().map_or(Self::Plain, |&simd| Self::Simd(simd))
    }

    /// Computes `out = rows x columns`, `[m, k] x [k, n] -> [m, n]`, in whole panels. Sums of more than 66,000 products may exceed 32
    /// bits and wrap.
    ///
    /// # Panics
    /// When the dimensions do not match.
    pub(crate) fn product(self, rows: Rows<'_>, columns: Columns<'_>, out: Out<'_>) {
        let mut call = Call::new(rows, columns, out);
        match self {
            Self::Simd(simd) => simd.run(&mut call),
            Self::Plain => plain(&mut call),
        }
    }
}

/// The reference implementation.
fn plain(call: &mut Call<'_>) {
    let (rows, columns, stride) = (call.rows(), call.columns(), call.out_stride());
    for r in 0..rows.n {
        let (fours, _) = rows.bytes[r * rows.stride..][..4 * columns.depth].as_chunks::<4>();
        let (panels, _) = call.out()[r * stride..][..columns.n_panels * PANEL].as_chunks_mut::<PANEL>();
        for (p, sums) in panels.iter_mut().enumerate() {
            *sums = [0; PANEL];
            for (four, line) in fours.iter().zip(&columns.lines[p * columns.depth..]) {
                for (sum, word) in sums.iter_mut().zip(line.0) {
                    for (&byte, weight) in four.iter().zip(word.to_le_bytes()) {
                        *sum = sum.wrapping_add(i32::from(byte) * i32::from(weight.cast_signed()));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::int8::operands::{Line, depth};

    /// The operands of a product, as plain matrices.
    #[derive(Debug)]
    struct Case {
        shape: (usize, usize, usize),
        bytes: Vec<u8>,
        weights: Vec<i8>,
    }

    impl Case {
        fn random(shape: (usize, usize, usize), seed: u64) -> Self {
            let (m, k, n) = shape;
            let mut random = fastrand::Rng::with_seed(seed);
            // Many operands are at the ends of their range, where 16-bit sums would saturate.
            let bytes = (0..m * k).map(|_| if random.u8(..3) == 0 { 255 } else { random.u8(..) }).collect();
            let weights = (0..n * k)
                .map(|_| match random.u8(..3) {
                    0 => 127,
                    1 => -127,
                    _ => random.i8(-127..=127),
                })
                .collect();
            Self { shape, bytes, weights }
        }

        /// The stride and the length of an output with a gap before its first row and after every row.
        fn place(&self, gap: usize) -> (usize, usize) {
            let (m, _, n) = self.shape;
            let stride = n.next_multiple_of(PANEL) + gap;
            (stride, gap + m * stride)
        }

        /// Runs a kernel on rows with `gap` extra bytes between them and an output with `gap` extra sums between its rows. If the gap is
        /// odd, columns are as short as possible, and may not split into equal tiles.
        fn run(&self, kernel: Kernel, gap: usize) -> Vec<i32> {
            let (m, k, n) = self.shape;
            let depth = if gap % 2 == 1 { k.div_ceil(4) } else { depth(k) };
            let n_panels = n.div_ceil(PANEL);
            let mut lines = vec![Line::ZERO; n_panels * depth];
            for c in 0..n {
                for i in 0..k {
                    let weight = self.weights[c * k + i];
                    lines[c / PANEL * depth + i / 4].0[c % PANEL] |= u32::from(weight.cast_unsigned()) << (8 * (i % 4));
                }
            }
            let stride = 4 * depth + gap;
            // The bytes between rows, and before the first, must not matter.
            let mut bytes = vec![0xAA; gap + m * stride];
            for (r, row) in self.bytes.chunks(k.max(1)).enumerate() {
                bytes[gap + r * stride..][..k].copy_from_slice(row);
            }
            let rows = Rows { bytes: &bytes[gap..], stride, n: m };
            let (out_stride, len) = self.place(gap);
            let mut out: Vec<i32> = (0..).take(len).collect();
            kernel.product(
                rows,
                Columns { lines: &lines, depth, n_panels },
                Out { sums: &mut out[gap..], stride: out_stride },
            );
            out
        }

        /// The expected output, computed in 64 bits: the sums, 0 in padding columns, and the previous contents in the gaps.
        fn want(&self, gap: usize) -> Vec<i32> {
            let (m, k, n) = self.shape;
            let (stride, len) = self.place(gap);
            let mut out: Vec<i32> = (0..).take(len).collect();
            for r in 0..m {
                for c in 0..stride - gap {
                    let products = (0..if c < n { k } else { 0 })
                        .map(|i| i64::from(self.bytes[r * k + i]) * i64::from(self.weights[c * k + i]));
                    out[gap + r * stride + c] = products.sum::<i64>().try_into().expect("a sum of 32 bits");
                }
            }
            out
        }
    }

    #[test]
    fn every_kernel_matches_the_definition_for_chosen_shapes() {
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
                let (case, gap) = (Case::random(shape, i as u64), i % 4);
                assert_eq!(case.run(kernel, gap), case.want(gap), "{kernel:?} {shape:?}");
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
                assert_eq!(case.run(kernel, 0), case.want(0), "{kernel:?} {weight}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_kernel_matches_the_definition(
            m in 0_usize..=67, k in 0_usize..=67, n in 0_usize..=67, gap in 0_usize..5, seed in 0..u64::MAX,
        ) {
            let case = Case::random((m, k, n), seed);
            for kernel in Kernel::available() {
                prop_assert_eq!(case.run(kernel, gap), case.want(gap), "{:?}", kernel);
            }
        }
    }

    #[test]
    fn any_number_of_rows_works_with_columns_in_whole_steps() {
        for kernel in Kernel::available() {
            for m in 1..=67 {
                let case = Case::random((m, 384, 33), m as u64);
                assert_eq!(case.run(kernel, 0), case.want(0), "{kernel:?} {m}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "all rows are present")]
    fn a_missing_row_is_not_read() {
        let case = Case::random((3, 8, 16), 1);
        let columns = Columns { lines: &[Line::ZERO; 2], depth: 2, n_panels: 1 };
        let rows = Rows { bytes: &case.bytes[..23], stride: 8, n: 3 };
        Kernel::best().product(rows, columns, Out { sums: &mut [0; 48], stride: 16 });
    }
}
