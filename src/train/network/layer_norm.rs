//! Layer normalisation and its gradient.

use rayon::prelude::*;

use super::gradient::Gradient;
use super::rows::{ROWS, add, sum_of};

/// Layer normalisation (Ba, Kiros and Hinton, 2016): where its scale and its shift, one after the other, are among all parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Norm {
    pub(crate) start: usize,
    pub(crate) width: usize,
    /// Added to the variance.
    pub(crate) eps: f32,
}

/// What the backward pass needs to know of the forward pass.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normalised {
    /// The rows with mean 0 and variance 1, `[n, width]`.
    unit: Vec<f32>,
    /// What each row was multiplied by, `[n]`.
    inverse: Vec<f32>,
}

impl Norm {
    /// The number of parameters.
    pub(crate) fn len(self) -> usize {
        2 * self.width
    }

    /// Normalises each row in place.
    pub(crate) fn forward(self, parameters: &[f32], rows: &mut [f32], known: &mut Normalised) {
        let width = self.width;
        let (scale, shift) = parameters[self.start..][..self.len()].split_at(width);
        known.unit.resize(rows.len(), 0.0);
        known.inverse.resize(rows.len() / width, 0.0);
        let units = known.unit.par_chunks_mut(ROWS * width).zip(known.inverse.par_chunks_mut(ROWS));
        rows.par_chunks_mut(ROWS * width).zip(units).for_each(|(rows, (units, inverses))| {
            let rows = rows.chunks_exact_mut(width).zip(units.chunks_exact_mut(width)).zip(inverses);
            for ((row, unit), inverse) in rows {
                let mean = sum_of(row, row, |x, _| x) / width as f32;
                let variance = sum_of(row, row, |x, _| (x - mean) * (x - mean)) / width as f32;
                *inverse = (variance + self.eps).sqrt().recip();
                for (((x, unit), scale), shift) in row.iter_mut().zip(unit).zip(scale).zip(shift) {
                    *unit = (*x - mean) * *inverse;
                    *x = *unit * scale + shift;
                }
            }
        });
    }

    /// Turns the gradient of the output into that of the input, in place. With a gradient to fill, it learns scale and shift too.
    pub(crate) fn backward(
        self,
        parameters: &[f32],
        known: &Normalised,
        d_rows: &mut [f32],
        gradient: Option<&mut Gradient>,
    ) {
        let width = self.width;
        let scale = &parameters[self.start..][..width];
        let blocks = known.unit.par_chunks(ROWS * width).zip(known.inverse.par_chunks(ROWS));
        let sums: Vec<Vec<f32>> = d_rows
            .par_chunks_mut(ROWS * width)
            .zip(blocks)
            .map(|(d_rows, (units, inverses))| {
                let mut sums = vec![0.0; 2 * width];
                let (d_scale, d_shift) = sums.split_at_mut(width);
                let rows = d_rows.chunks_exact_mut(width).zip(units.chunks_exact(width)).zip(inverses);
                for ((d_row, unit), inverse) in rows {
                    add(d_shift, d_row);
                    for (((sum, d), unit), scale) in d_scale.iter_mut().zip(d_row.iter_mut()).zip(unit).zip(scale) {
                        *sum += *d * unit;
                        *d *= scale;
                    }
                    let mean = sum_of(d_row, d_row, |d, _| d) / width as f32;
                    let along = sum_of(d_row, unit, |d, unit| d * unit) / width as f32;
                    for (d, unit) in d_row.iter_mut().zip(unit) {
                        *d = inverse * (*d - mean - unit * along);
                    }
                }
                sums
            })
            .collect();
        if let Some(gradient) = gradient {
            let all = gradient.of(self.start, self.len());
            all.fill(0.0);
            sums.iter().for_each(|block| add(all, block));
        }
    }
}
