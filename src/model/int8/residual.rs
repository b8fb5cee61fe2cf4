//! Residual connections: adds the output of a layer to its input, normalises and quantises.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, Simd, SimdOp};

use super::bytes::{Bytes, extremes, quantise};
use super::sums::{Product, Row};
use crate::model::layer_norm::LayerNorm;

/// Where quantised rows are written: into `bytes`, starting at row `start`.
pub(crate) struct Images<'a> {
    pub(crate) bytes: &'a mut Bytes,
    pub(crate) start: usize,
}

/// Adds the values of a product to `hidden`, `[rows, norm.width()]`, then normalises and quantises its rows.
pub(crate) fn add_and_normalise(product: Product<'_>, hidden: &mut [f32], norm: &LayerNorm, images: Images<'_>) {
    let Images { bytes, start } = images;
    AddAndNormalise { product, hidden, norm, bytes, start }.dispatch();
}

/// Rows that go through the steps together: few enough to stay in the L1 cache.
const BLOCK: usize = 8;

struct AddAndNormalise<'a> {
    product: Product<'a>,
    hidden: &'a mut [f32],
    norm: &'a LayerNorm,
    bytes: &'a mut Bytes,
    start: usize,
}

impl SimdOp for AddAndNormalise<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Self { product, hidden, norm, bytes, start } = self;
        let width = norm.width();
        let mut rows = product.rows();
        let mut next = start;
        for block in hidden.chunks_mut(BLOCK * width) {
            // Each step runs over a block of rows, so that the latency of one row is hidden by the others.
            let (mut means, mut factors, mut ranges) = ([0.0; BLOCK], [0.0; BLOCK], [(0.0, 0.0); BLOCK]);
            for ((hidden, row), mean) in block.chunks_exact_mut(width).zip(rows.by_ref()).zip(&mut means) {
                *mean = add(isa, hidden, row) / width as f32;
            }
            for ((hidden, &mean), factor) in block.chunks_exact(width).zip(&means).zip(&mut factors) {
                *factor = (squares(isa, hidden, mean) / width as f32 + norm.eps).sqrt().recip();
            }
            for (((hidden, &mean), &factor), range) in
                block.chunks_exact_mut(width).zip(&means).zip(&factors).zip(&mut ranges)
            {
                *range = normalise(isa, hidden, (mean, factor), norm);
            }
            for (hidden, &range) in block.chunks_exact(width).zip(&ranges) {
                let (bytes, point) = bytes.row_mut(next);
                *point = quantise(isa, hidden, range, bytes);
                next += 1;
            }
        }
    }
}

/// Adds `row` to `hidden` and returns the sum of the result.
#[inline(always)]
fn add<I: Isa>(isa: I, hidden: &mut [f32], row: Row<'_>) -> f32 {
    let ops = isa.f32();
    let mut chunks = row.chunks(ops.len());
    let mut whole = hidden.chunks_exact_mut(ops.len());
    for (hidden, chunk) in whole.by_ref().zip(chunks.by_ref()) {
        ops.store(ops.add(ops.load(hidden), row.numbers(isa, chunk)), hidden);
    }
    let rest = whole.into_remainder();
    if let (false, Some(chunk)) = (rest.is_empty(), chunks.next()) {
        for (x, number) in rest.iter_mut().zip(row.numbers(isa, chunk).to_array().as_ref()) {
            *x += number;
        }
    }
    sum(hidden)
}

/// The sum of a row, added up in eight lanes whatever the width of vectors: so every CPU adds in the same order, and gets the same sum.
#[inline(always)]
fn sum(row: &[f32]) -> f32 {
    let mut lanes = [0.0; 8];
    let (eights, rest) = row.as_chunks::<8>();
    for eight in eights {
        for (lane, x) in lanes.iter_mut().zip(eight) {
            *lane += x;
        }
    }
    of_eight(lanes) + rest.iter().sum::<f32>()
}

/// The sum of eight lanes, halves first.
#[inline(always)]
fn of_eight(lanes: [f32; 8]) -> f32 {
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// The sum of squared deviations from the mean, in sixteen lanes whatever the width of vectors.
#[inline(always)]
fn squares<I: Isa>(isa: I, row: &[f32], mean: f32) -> f32 {
    let ops = isa.f32();
    let (mut totals, mean_of_lanes) = ([ops.zero(); 4], ops.splat(mean));
    let (steps, rest) = row.as_chunks::<16>();
    for step in steps {
        for (total, x) in totals.iter_mut().zip(step.chunks_exact(ops.len())) {
            let distance = ops.sub(ops.load(x), mean_of_lanes);
            *total = ops.mul_add(distance, distance, *total);
        }
    }
    let mut lanes = [0.0; 16];
    for (lanes, total) in lanes.chunks_exact_mut(ops.len()).zip(totals) {
        lanes.copy_from_slice(total.to_array().as_ref());
    }
    let rest: f32 = rest.iter().map(|x| (x - mean) * (x - mean)).sum();
    of_eight(std::array::from_fn(|i| lanes[i] + lanes[i + 8])) + rest
}

/// Replaces each `x` by `(x - mean) * factor * scale + shift` and returns the minimum and maximum of the results and 0.
#[inline(always)]
fn normalise<I: Isa>(isa: I, row: &mut [f32], (mean, factor): (f32, f32), norm: &LayerNorm) -> (f32, f32) {
    let ops = isa.f32();
    let (mut low, mut high) = (ops.zero(), ops.zero());
    let (scales, shifts) = (norm.scale.chunks_exact(ops.len()), norm.shift.chunks_exact(ops.len()));
    let rest_of_columns = scales.remainder().iter().zip(shifts.remainder());
    let mut whole = row.chunks_exact_mut(ops.len());
    for (row, (scale, shift)) in whole.by_ref().zip(scales.zip(shifts)) {
        let y = ops.mul(ops.sub(ops.load(row), ops.splat(mean)), ops.splat(factor));
        let y = ops.mul_add(y, ops.load(scale), ops.load(shift));
        ops.store(y, row);
        (low, high) = (ops.min(low, y), ops.max(high, y));
    }
    let (mut low, mut high) = extremes(isa, low, high);
    for (x, (scale, shift)) in whole.into_remainder().iter_mut().zip(rest_of_columns) {
        *x = ((*x - mean) * factor).mul_add(*scale, *shift);
        (low, high) = (low.min(*x), high.max(*x));
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::int8::bytes::Point;
    use crate::model::int8::operands::PANEL;
    use crate::model::int8::sums::Scaling;

    struct Both<'a>(&'a [f32], f32);

    impl SimdOp for Both<'_> {
        type Output = (f32, f32);

        #[inline(always)]
        fn eval<I: Isa>(self, isa: I) -> (f32, f32) {
            (sum(self.0), squares(isa, self.0, self.1))
        }
    }

    #[test]
    fn rows_are_added_up_in_the_same_order_whatever_the_width_of_vectors() {
        for width in [16, 384, 768_usize] {
            let row: Vec<f32> = (0..width).map(|i| ((i * 7919) % 1009) as f32 / 97.0 - 3.0).collect();
            let (mut eight, mut sixteen) = ([0.0_f32; 8], [0.0_f32; 16]);
            for (i, x) in row.iter().enumerate() {
                eight[i % 8] += x;
                sixteen[i % 16] = (x - 0.7).mul_add(x - 0.7, sixteen[i % 16]);
            }
            let total = |l: [f32; 8]| ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
            let want = (total(eight), total(std::array::from_fn(|i| sixteen[i] + sixteen[i + 8])));
            assert_eq!(Both(&row, 0.7).dispatch(), want, "{width}");
        }
    }

    #[test]
    fn matches_its_steps_run_one_by_one() {
        for width in [1, 15, 16, 33, 384_usize] {
            let padded = width.next_multiple_of(PANEL);
            let column =
                |f: fn(usize) -> f32| (0..padded).map(|c| if c < width { f(c) } else { 0.0 }).collect::<Vec<_>>();
            let (column_sums, scales) = (column(|c| c as f32), column(|_| 0.01));
            let scaling = Scaling { sums: &column_sums, scales: &scales, shifts: &column(|c| c as f32 / 100.0) };
            let points = [Point { scale: 0.5, zero: 1.0 }, Point { scale: 0.25, zero: 2.0 }];
            let sums: Vec<i32> = (0..2 * padded as i32).map(|i| i * 7_919 % 1_009 - 500).collect();
            let product = Product::new(&sums, &points, scaling);
            let norm = LayerNorm {
                scale: (0..width).map(|i| 0.5 + i as f32 * 0.01).collect(),
                shift: (0..width).map(|i| i as f32 * 0.1 - 1.0).collect(),
                eps: 1e-5,
            };
            let hidden: Vec<f32> = (0..2 * width).map(|i| (i * 31 % 17) as f32).collect();

            let mut numbers = vec![0.0; 2 * padded];
            product.read(&mut numbers);
            let mut want = hidden.clone();
            for (row, numbers) in want.chunks_mut(width).zip(numbers.chunks(padded)) {
                row.iter_mut().zip(numbers).for_each(|(x, number)| *x += number);
            }
            norm.apply(&mut want);
            let (mut got, mut bytes, mut want_bytes) = (hidden, Bytes::default(), Bytes::default());
            bytes.start(3, width);
            add_and_normalise(product, &mut got, &norm, Images { bytes: &mut bytes, start: 1 });
            for (got, want) in got.iter().zip(&want) {
                assert!((got - want).abs() < 1e-4, "{width}: got {got}, want {want}");
            }
            want_bytes.read(&got, width);
            for i in 0..2 {
                let (got, want) = (bytes.row_mut(1 + i), want_bytes.row_mut(i));
                assert_eq!((&got.0[..width], got.1), (&want.0[..width], want.1), "{width}");
            }
        }
    }
}
