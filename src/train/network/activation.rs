//! The gradients of activation functions.

use std::f32::consts::{FRAC_1_SQRT_2, PI};

use rayon::prelude::*;
use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdUnaryOp};
use rten_vecmath::{Erf, Exp, Tanh};

use crate::model::Activation;

/// Numbers that a thread takes at once.
const BLOCK: usize = 1 << 14;

/// Applies the function to every element of `input`.
pub(crate) fn forward(activation: Activation, input: &[f32], output: &mut [f32]) {
    output.par_chunks_mut(BLOCK).zip(input.par_chunks(BLOCK)).for_each(|(output, input)| {
        output.copy_from_slice(input);
        activation.apply(output);
    });
}

/// Multiplies the gradient of the output with the derivative at `input`, which is overwritten.
pub(crate) fn backward(activation: Activation, input: &mut [f32], d_output: &mut [f32]) {
    d_output.par_chunks_mut(BLOCK).zip(input.par_chunks_mut(BLOCK)).for_each(|(d_output, input)| {
        match activation {
            Activation::Gelu => GeluSlope {}.map_mut(input),
            Activation::GeluTanh => GeluTanhSlope {}.map_mut(input),
            Activation::Relu => input.iter_mut().for_each(|x| *x = f32::from(u8::from(*x > 0.0))),
        }
        for (d, slope) in d_output.iter_mut().zip(input) {
            *d *= *slope;
        }
    });
}

/// The derivative of GELU: the normal distribution at x, and x times its density.
struct GeluSlope {}

impl SimdUnaryOp<f32> for GeluSlope {
    #[inline(always)]
    fn eval<I: Isa>(&self, isa: I, x: I::F32) -> I::F32 {
        let ops = isa.f32();
        let half = ops.splat(0.5);
        let below = ops.mul_add(Erf::apply(isa, ops.mul(x, ops.splat(FRAC_1_SQRT_2))), half, half);
        let density = Exp::apply(isa, ops.mul(ops.mul(x, x), ops.splat(-0.5)));
        ops.mul_add(ops.mul(x, ops.splat((2.0 * PI).sqrt().recip())), density, below)
    }
}

/// The derivative of GELU by its tanh approximation.
struct GeluTanhSlope {}

impl SimdUnaryOp<f32> for GeluTanhSlope {
    #[inline(always)]
    fn eval<I: Isa>(&self, isa: I, x: I::F32) -> I::F32 {
        let ops = isa.f32();
        let (half, one) = (ops.splat(0.5), ops.one());
        let factor = ops.splat((2.0 / PI).sqrt());
        let square = ops.mul(x, x);
        let inside = ops.mul(ops.mul(x, factor), ops.mul_add(square, ops.splat(0.044_715), one));
        let tanh = Tanh::apply(isa, inside);
        let slope = ops.mul(factor, ops.mul_add(square, ops.splat(3.0 * 0.044_715), one));
        let rest = ops.mul(ops.sub(one, ops.mul(tanh, tanh)), slope);
        ops.mul_add(ops.mul(half, x), rest, ops.mul_add(tanh, half, half))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_differences() {
        for activation in [Activation::Gelu, Activation::GeluTanh, Activation::Relu] {
            let xs: Vec<f32> = (0..997).map(|i| -6.0 + 12.0 * i as f32 / 997.0).collect();
            let mut slopes = vec![1.0; xs.len()];
            backward(activation, &mut xs.clone(), &mut slopes);
            for (x, slope) in xs.iter().zip(slopes) {
                let mut ends = [x - 5e-3, x + 5e-3];
                activation.apply(&mut ends);
                let want = (ends[1] - ends[0]) / 1e-2;
                assert!((slope - want).abs() < 1e-3 || x.abs() < 1e-2, "{activation:?} at {x}: {slope}, {want}");
            }
        }
    }
}
