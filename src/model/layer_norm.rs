//! Layer normalisation.

use rten_simd::SimdOp;
use rten_vecmath::{Normalize, NormalizeOptions, Sum, SumSquareSub};

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
            let mean = Sum::new(row).dispatch() / width as f32;
            let variance = SumSquareSub::new(row, mean).dispatch() / width as f32;
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

#[cfg(test)]
mod tests {
    use super::*;

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
