//! What does a feed-forward layer make of its sums?

use rten_simd::ops::{BitOps, FloatOps, NumOps};
use rten_simd::{Isa, SimdOp, SimdUnaryOp};

use super::bytes::{Bytes, largest, quantise};
use super::sums::Product;

/// GELU of the numbers that a product stands for, as bytes. `row` is memory for one row of them.
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
            let (mut low, mut high) = (ops.zero(), ops.zero());
            for (numbers, chunk) in self.row.chunks_exact_mut(ops.len()).zip(row.chunks(ops.len())) {
                let y = QuickGelu.eval(isa, row.numbers(isa, chunk));
                ops.store(y, numbers);
                (low, high) = (ops.min(low, y), ops.max(high, y));
            }
            let (bytes, point) = self.bytes.row_mut(i);
            *point = quantise(isa, self.row, (-largest(ops.neg(low)), largest(high)), bytes);
        }
    }
}

/// GELU, off by at most 2e-4 + 5e-5 |x|, which is less than a hundredth of the step to which its result is rounded.
///
/// `x * Phi(x)` with `Phi` by a polynomial in `x^2` of least error (fitted by Lawson's algorithm) up to `|x| = 4`, and as there beyond.
struct QuickGelu;

impl SimdUnaryOp<f32> for QuickGelu {
    #[inline(always)]
    fn eval<I: Isa>(&self, isa: I, x: I::F32) -> I::F32 {
        let ops = isa.f32();
        let near = ops.min(ops.max(x, ops.splat(-4.0)), ops.splat(4.0));
        let square = ops.mul(near, near);
        let mut y = ops.splat(-1.301_119_7e-9);
        for coefficient in [
            1.041_858_8e-7,
            -3.656_894_5e-6,
            7.485_216e-5,
            -1.006_471_3e-3,
            9.505_331e-3,
            -6.588_773_4e-2,
            3.986_733_3e-1,
        ] {
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
    use crate::model::int8::product::PANEL;
    use crate::model::int8::sums::Scaling;

    proptest! {
        #[test]
        fn bytes_are_those_of_the_numbers(sums in proptest::collection::vec(-600..600, 1..200), n_rows in 1_usize..4) {
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
            let (mut got, mut want_bytes) = (Bytes::default(), Bytes::default());
            want_bytes.read(&want, width);
            gelu(product, &mut vec![9.0; width], &mut got);
            for i in 0..n_rows {
                let (got, want) = (got.row_mut(i), want_bytes.row_mut(i));
                prop_assert_eq!(got.1, want.1);
                prop_assert_eq!(&got.0[..width], &want.0[..width]);
            }
        }
    }

    #[test]
    fn the_quick_gelu_is_as_near_as_it_says() {
        let mut xs: Vec<f32> = (-4000..=4000).map(|i| i as f32 / 400.0).collect();
        xs.extend([-1e4, 1e4, 0.0]);
        let mut got = xs.clone();
        QuickGelu.map_mut(&mut got);
        let mut exact = xs.clone();
        rten_vecmath::Gelu {}.map_mut(&mut exact);
        for ((x, got), want) in xs.iter().zip(got).zip(exact) {
            assert!((got - want).abs() <= 2e-4 + 5e-5 * x.abs(), "gelu({x}): got {got}, want {want}");
        }
    }
}
