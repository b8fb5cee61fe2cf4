//! GELU in bytes, between the two products of a feed-forward layer.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp, SimdUnaryOp};

use super::bytes::{Bytes, largest, quantise};
use super::sums::Product;

/// Applies GELU to the values of a product and quantises the result. `row` is working memory for one row.
pub(crate) fn gelu(product: Product<'_>, row: &mut [f32], bytes: &mut Bytes) {
    bytes.start(product.n_rows(), product.width());
    Gelu { product, row, bytes }.dispatch();
}

struct Gelu<'a> {
    product: Product<'a>,
    row: &'a mut [f32],
    bytes: &'a mut Bytes,
}

impl SimdOp for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        for (i, row) in self.product.rows().enumerate() {
            let mut high = ops.zero();
            for (numbers, chunk) in self.row.chunks_exact_mut(ops.len()).zip(row.chunks(ops.len())) {
                let y = QuickGelu.eval(isa, row.numbers(isa, chunk));
                ops.store(y, numbers);
                high = ops.max(high, y);
            }
            let (bytes, point) = self.bytes.row_mut(i);
            *point = quantise(isa, self.row, (LOWEST, largest(high)), bytes);
        }
    }
}

/// GELU with an error of at most 1.03e-3 + 4e-5 |x|: about a tenth of the step to which a row's results are rounded.
///
/// Computes `x * Phi(x)`, with `Phi` from a minimax polynomial in `x^2` (fitted by Lawson's algorithm) up to `|x| = 3.4`, and
/// constant beyond.
struct QuickGelu;

/// A lower bound of [`QuickGelu`] for `x > -4000`. Anything below it is quantised as if it were equal to it.
const LOWEST: f32 = -0.171;

impl SimdUnaryOp<f32> for QuickGelu {
    #[inline(always)]
    fn eval<I: Isa>(&self, isa: I, x: I::F32) -> I::F32 {
        let ops = isa.f32();
        let near = ops.min(ops.max(x, ops.splat(-3.4)), ops.splat(3.4));
        let square = ops.mul(near, near);
        let mut y = ops.splat(1.055_659_6e-5);
        for coefficient in [-4.151_416e-4, 6.711_93e-3, -5.980_769e-2, 3.942_794e-1] {
            y = ops.mul_add(y, square, ops.splat(coefficient));
        }
        ops.mul(x, ops.mul_add(near, y, ops.splat(0.5)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::int8::bytes::Point;
    use crate::model::int8::operands::PANEL;
    use crate::model::int8::sums::Scaling;

    proptest! {
        #[test]
        fn bytes_match_the_values(sums in proptest::collection::vec(-600..600, 1..200), n_rows in 1_usize..4) {
            let width = sums.len().next_multiple_of(PANEL);
            let mut row = sums.clone();
            row.resize(width, 0);
            let points = vec![Point { scale: 0.5, zero: 3.0 }; n_rows];
            let (sums, scales, shifts) = (vec![2.0; width], vec![0.02; width], vec![0.25; width]);
            let row = row.repeat(n_rows);
            let product = Product::new(&row, &points, Scaling { sums: &sums, scales: &scales, shifts: &shifts });
            let mut want = vec![0.0; n_rows * width];
            product.read(&mut want);
            QuickGelu.map_mut(&mut want);
            let mut got = Bytes::default();
            gelu(product, &mut vec![9.0; width], &mut got);
            for i in 0..n_rows {
                let (bytes, point) = got.row_mut(i);
                let want = &want[i * width..][..width];
                let top = want.iter().copied().fold(0.0, f32::max);
                prop_assert!((point.scale * 255.0 - (top - LOWEST)).abs() < 1e-5);
                for (&byte, want) in bytes.iter().zip(want) {
                    let got = (f32::from(byte) - point.zero) * point.scale;
                    prop_assert!((got - want).abs() < 1.001 * point.scale, "got {got}, want {want} of {point:?}");
                }
            }
        }
    }

    #[test]
    fn quick_gelu_is_within_its_stated_error() {
        let mut xs: Vec<f32> = (-4000..=4000).map(|i| i as f32 / 400.0).collect();
        xs.extend([-1e4, 1e4, 0.0]);
        let mut got = xs.clone();
        QuickGelu.map_mut(&mut got);
        let mut exact = xs.clone();
        rten_vecmath::Gelu {}.map_mut(&mut exact);
        for ((x, got), want) in xs.iter().zip(got).zip(exact) {
            assert!(got >= LOWEST || *x < -4000.0, "gelu({x}) = {got}");
            assert!((got - want).abs() <= 1.03e-3 + 4e-5 * x.abs(), "gelu({x}): got {got}, want {want}");
        }
    }
}
