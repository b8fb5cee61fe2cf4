//! AdamW, with a limit on the length of the gradient.

use std::ops::Range;

use rayon::prelude::*;

/// Parameters that a thread takes at once.
const BLOCK: usize = 1 << 14;

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.98;
const EPSILON: f32 = 1e-8;

/// Longer gradients are shortened to this length.
const LONGEST: f64 = 1.0;

/// Parameters that are treated alike, by their places among those that are trained.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) range: Range<usize>,
    /// How much of itself a parameter loses in a step, times the rate.
    pub(crate) decay: f32,
    /// What the rate is multiplied by.
    pub(crate) factor: f32,
}

/// AdamW (Loshchilov and Hutter, 2019): moving averages of the gradient and of its square.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct AdamW {
    pub(crate) mean: Vec<f32>,
    pub(crate) square: Vec<f32>,
    /// The number of steps done.
    pub(crate) n_steps: u32,
}

impl AdamW {
    pub(crate) fn new(n_parameters: usize) -> Self {
        Self { mean: vec![0.0; n_parameters], square: vec![0.0; n_parameters], n_steps: 0 }
    }

    /// Moves the parameters against the gradient.
    pub(crate) fn step(&mut self, parameters: &mut [f32], gradient: &[f32], groups: &[Group], rate: f32) {
        self.n_steps += 1;
        let shortened = (LONGEST / (length(gradient) + 1e-6)).min(1.0) as f32;
        let corrected = |beta: f32| 1.0 - f64::from(beta).powi(self.n_steps.cast_signed());
        let (first, second) = (corrected(BETA_1) as f32, corrected(BETA_2).sqrt() as f32);
        for Group { range, decay, factor } in groups {
            let rate = rate * factor;
            let moments =
                self.mean[range.clone()].par_chunks_mut(BLOCK).zip(self.square[range.clone()].par_chunks_mut(BLOCK));
            let numbers =
                parameters[range.clone()].par_chunks_mut(BLOCK).zip(gradient[range.clone()].par_chunks(BLOCK));
            numbers.zip(moments).for_each(|((parameters, gradient), (means, squares))| {
                let all = parameters.iter_mut().zip(gradient).zip(means.iter_mut().zip(squares));
                for ((parameter, slope), (mean, square)) in all {
                    let slope = slope * shortened;
                    *mean += (slope - *mean) * (1.0 - BETA_1);
                    *square = *square * BETA_2 + slope * slope * (1.0 - BETA_2);
                    *parameter -= *parameter * rate * decay;
                    *parameter -= rate / first * *mean / (square.sqrt() / second + EPSILON);
                }
            });
        }
    }
}

/// The Euclidean length.
fn length(numbers: &[f32]) -> f64 {
    let square = |block: &[f32]| block.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>();
    let blocks: Vec<f64> = numbers.par_chunks(BLOCK).map(square).collect();
    blocks.iter().sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// torch.optim.AdamW with clip_grad_norm_(1.0) on [1, -2, 0.5] with gradients [0.3, -0.1, 0.02] * (step + 1), rate 0.01,
    /// betas (0.9, 0.98), decay 0.1, four steps.
    #[test]
    fn steps_are_those_of_pytorch() {
        let mut parameters = vec![1.0, -2.0, 0.5];
        let mut optimiser = AdamW::new(3);
        let groups = [Group { range: 0..3, decay: 0.1, factor: 1.0 }];
        for step in 1..=4 {
            let gradient = [0.3, -0.1, 0.02].map(|x| x * step as f32);
            optimiser.step(&mut parameters, &gradient, &groups, 0.01);
        }
        let want = [0.9572293, -1.9532353, 0.4592262];
        for (got, want) in parameters.iter().zip(want) {
            assert!((got - want).abs() < 2e-6, "{parameters:?}, PyTorch {want:?}");
        }
    }
}
