//! Layer normalisation.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, Simd, SimdOp};
use rten_vecmath::{Normalize, NormalizeOptions};

/// Layer normalisation (Ba, Kiros and Hinton, 2016): shifts and scales each row to mean 0 and variance 1, then applies a scale and
/// a shift per column.
#[derive(Debug)]
pub(crate) struct LayerNorm {
    pub(crate) scale: Vec<f32>,
    pub(crate) shift: Vec<f32>,
    /// Added to the variance, so that a constant row is not divided by 0.
    pub(crate) eps: f32,
}

impl LayerNorm {
    /// The width of a row.
    pub(crate) fn width(&self) -> usize {
        self.scale.len()
    }

    /// Normalises each row of `rows`, `[n, len of scale]`, in place.
    pub(crate) fn apply(&self, rows: &mut [f32]) {
        let width = self.width();
        for row in rows.chunks_exact_mut(width) {
            let mean = Sum(row).dispatch() / width as f32;
            let variance = Squares(row, mean).dispatch() / width as f32;
            Normalize::new_mut(
                row,
                NormalizeOptions {
                    pre_scale_bias: mean,
                    scale: (variance + self.eps).sqrt().recip(),
                    element_scale: Some(&self.scale),
                    element_bias: Some(&self.shift),
                    ..Default::default()
                },
            )
            .dispatch();
        }
    }
}

/// Lanes in which a row is added up, whatever the width of vectors: so every CPU adds in the same order, and gets the same sum.
const LANES: usize = 32;

/// The sum of a row.
struct Sum<'a>(&'a [f32]);

/// The sum of the squared distances of a row from a number.
struct Squares<'a>(&'a [f32], f32);

impl SimdOp for Sum<'_> {
    type Output = f32;

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> f32 {
        let ops = isa.f32();
        sum_of_lanes(isa, self.0, |total, x| ops.add(total, x), |total, x| total + x)
    }
}

impl SimdOp for Squares<'_> {
    type Output = f32;

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> f32 {
        let Self(row, from) = self;
        let (ops, from_of_lanes) = (isa.f32(), isa.f32().splat(from));
        let vector = |total, x| {
            let distance = ops.sub(x, from_of_lanes);
            ops.mul_add(distance, distance, total)
        };
        sum_of_lanes(isa, row, vector, |total, x| total + (x - from) * (x - from))
    }
}

/// Adds up what `vector` makes of each whole step of [`LANES`] numbers, and `number` of those that are left.
#[inline(always)]
fn sum_of_lanes<I: Isa>(
    isa: I,
    row: &[f32],
    vector: impl Fn(I::F32, I::F32) -> I::F32,
    number: impl Fn(f32, f32) -> f32,
) -> f32 {
    let ops = isa.f32();
    let mut totals = [ops.zero(); LANES / 4];
    let (steps, rest) = row.as_chunks::<LANES>();
    for step in steps {
        for (total, x) in totals.iter_mut().zip(step.chunks_exact(ops.len())) {
            *total = vector(*total, ops.load(x));
        }
    }
    let mut lanes = [0.0; LANES];
    for (lanes, total) in lanes.chunks_exact_mut(ops.len()).zip(totals) {
        lanes.copy_from_slice(total.to_array().as_ref());
    }
    let mut eight: [f32; 8] = std::array::from_fn(|i| lanes[i] + lanes[i + 8] + lanes[i + 16] + lanes[i + 24]);
    for (i, &x) in rest.iter().enumerate() {
        eight[i % 8] = number(eight[i % 8], x);
    }
    eight.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_added_up_in_the_same_order_whatever_the_width_of_vectors() {
        for width in [32, 384, 768_usize] {
            let row: Vec<f32> = (0..width).map(|i| ((i * 7919) % 1009) as f32 / 97.0 - 3.0).collect();
            let (mut sums, mut squares) = ([0.0_f32; LANES], [0.0_f32; LANES]);
            for (i, x) in row.iter().enumerate() {
                sums[i % LANES] += x;
                squares[i % LANES] = (x - 0.7).mul_add(x - 0.7, squares[i % LANES]);
            }
            let total = |lanes: [f32; LANES]| {
                (0..8).map(|i| lanes[i] + lanes[i + 8] + lanes[i + 16] + lanes[i + 24]).sum::<f32>()
            };
            assert_eq!(Sum(&row).dispatch(), total(sums));
            // WebAssembly rounds a product before it adds it.
            if cfg!(not(target_arch = "wasm32")) {
                assert_eq!(Squares(&row, 0.7).dispatch(), total(squares));
            }
        }
    }

    #[test]
    fn matches_the_definition_for_odd_widths_and_constant_rows() {
        for width in [1, 3, 16, 31, 384] {
            let norm = LayerNorm {
                scale: (0..width).map(|i| 0.5 + i as f32 * 0.01).collect(),
                shift: (0..width).map(|i| i as f32 * 0.1 - 1.0).collect(),
                eps: 1e-5,
            };
            let mut rows: Vec<f32> = (0..2 * width).map(|i| ((i * 7919) % 97) as f32 / 10.0).collect();
            rows.extend(vec![2.5; width]);
            let mut got = rows.clone();
            norm.apply(&mut got);
            for (row, got) in rows.chunks(width).zip(got.chunks(width)) {
                let mean = row.iter().map(|&x| f64::from(x)).sum::<f64>() / width as f64;
                let variance = row.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / width as f64;
                for i in 0..width {
                    let unit = (f64::from(row[i]) - mean) / (variance + 1e-5).sqrt();
                    let want = unit * f64::from(norm.scale[i]) + f64::from(norm.shift[i]);
                    assert!((f64::from(got[i]) - want).abs() < 2e-5, "width {width}: got {}, want {want}", got[i]);
                }
            }
        }
    }
}
