//! A fully connected layer in bytes.

use std::ops::Range;

use super::bytes::Bytes;
use super::operands::{Columns, Line, Out, PANEL, depth};
use super::product::Kernel;
use super::sums::{Product, Scaling};
use crate::model::aligned::Aligned;

/// A fully connected layer, `x W^T + b`, with eight-bit weights and one scale per output, packed for [`Kernel::product`].
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    lines: Vec<Line>,
    depth: usize,
    sums: Vec<f32>,
    scales: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// Packs outputs, each given as its weights (`n_in` signed bytes), their scale and its bias. An output without weights yields just
    /// its bias.
    pub(crate) fn pack<'a>(n_in: usize, outputs: impl ExactSizeIterator<Item = (&'a [u8], f32, f32)>) -> Self {
        let n_out = outputs.len();
        let (depth, n_panels) = (depth(n_in), n_out.div_ceil(PANEL));
        let mut packed = Self {
            lines: vec![Line::ZERO; n_panels * depth],
            depth,
            sums: vec![0.0; n_panels * PANEL],
            scales: vec![0.0; n_panels * PANEL],
            bias: vec![0.0; n_panels * PANEL],
        };
        for (column, (weights, scale, bias)) in outputs.enumerate() {
            (packed.scales[column], packed.bias[column]) = (scale, bias);
            packed.sums[column] = weights.iter().map(|byte| i32::from(byte.cast_signed())).sum::<i32>() as f32;
            let (fours, rest) = weights.as_chunks();
            let mut lines = packed.lines[column / PANEL * depth..].iter_mut().map(|line| &mut line.0[column % PANEL]);
            for (word, four) in lines.by_ref().zip(fours) {
                *word = u32::from_le_bytes(*four);
            }
            for (i, byte) in rest.iter().enumerate() {
                packed.lines[column / PANEL * depth + fours.len()].0[column % PANEL] |= u32::from(*byte) << (8 * i);
            }
        }
        packed
    }

    /// The width of a row of sums: the number of outputs, rounded up to whole panels.
    pub(crate) fn width(&self) -> usize {
        self.scales.len()
    }

    /// Multiplies all rows by all weights. The result represents `[rows, n_in] x [n_in, width] + [width] -> [rows, width]`.
    pub(crate) fn apply<'a>(&'a self, kernel: Kernel, input: &'a Bytes, sums: &'a mut Aligned<i32>) -> Product<'a> {
        self.apply_part(kernel, input, 0..self.width(), sums)
    }

    /// Like [`apply`](Self::apply), but only for a range of outputs, which must consist of whole panels.
    pub(crate) fn apply_part<'a>(
        &'a self,
        kernel: Kernel,
        input: &'a Bytes,
        outputs: Range<usize>,
        sums: &'a mut Aligned<i32>,
    ) -> Product<'a> {
        let (panel, width) = (outputs.start / PANEL, outputs.len());
        let n_panels = width / PANEL;
        let rows = input.rows();
        let sums = sums.first(rows.n * width);
        kernel.product(rows, self.columns().part(panel, n_panels), Out { sums, stride: width });
        Product::new(sums, input.points(), self.scaling().part(panel, n_panels))
    }

    fn columns(&self) -> Columns<'_> {
        Columns { lines: &self.lines, depth: self.depth, n_panels: self.width() / PANEL }
    }

    fn scaling(&self) -> Scaling<'_> {
        Scaling { sums: &self.sums, scales: &self.scales, shifts: &self.bias }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::quantise::{EIGHT_BITS, quantise};

    /// A layer from weights in PyTorch's layout, `[n_out, n_in]`.
    fn rounded(weights: &[f32], n_in: usize, bias: &[f32]) -> Linear {
        let mut bytes = vec![0; weights.len()];
        let rows = weights.chunks_exact(n_in).zip(bytes.chunks_exact_mut(n_in));
        let scales: Vec<f32> = rows.map(|(row, bytes)| quantise(row, EIGHT_BITS, bytes)).collect();
        let bytes: Vec<u8> = bytes.into_iter().map(i8::cast_unsigned).collect();
        Linear::pack(n_in, bias.iter().enumerate().map(|(i, &bias)| (&bytes[i * n_in..][..n_in], scales[i], bias)))
    }

    /// The width of the layer's output rows, and the rows.
    fn numbers(linear: &Linear, rows: &Bytes) -> (usize, Vec<f32>) {
        let mut sums = Aligned::default();
        let product = linear.apply(Kernel::best(), rows, &mut sums);
        let mut numbers = vec![9.0; product.n_rows() * product.width()];
        product.read(&mut numbers);
        (product.width(), numbers)
    }

    #[test]
    fn a_layer_is_close_to_the_definition() {
        for (n_rows, n_in, n_out) in [(1, 1, 1), (3, 33, 17), (7, 384, 48), (20, 61, 5)] {
            let noise = |len: usize, seed: usize| -> Vec<f32> {
                (0..len).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.5 - 0.9).collect()
            };
            let (weights, bias, input) = (noise(n_out * n_in, 1), noise(n_out, 2), noise(n_rows * n_in, 3));
            let linear = rounded(&weights, n_in, &bias);
            let mut bytes = Bytes::default();
            bytes.read(&input, n_in);
            let (width, got) = numbers(&linear, &bytes);
            for r in 0..n_rows {
                for o in 0..n_out {
                    let dot: f32 = (0..n_in).map(|i| input[r * n_in + i] * weights[o * n_in + i]).sum();
                    let want = dot + bias[o];
                    // Up to half a step of error in each factor; the errors of the terms are independent.
                    let tolerance = 0.03 * (n_in as f32).sqrt();
                    assert!((got[r * width + o] - want).abs() < tolerance, "{n_rows}x{n_in}x{n_out}: {got:?} {want}");
                }
            }
        }
    }

    #[test]
    fn outputs_without_weights_yield_their_bias() {
        let linear = rounded(&[0.0; 12], 6, &[1.5, -2.0]);
        let mut bytes = Bytes::default();
        bytes.read(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 6);
        let (_, got) = numbers(&linear, &bytes);
        assert_eq!(got[..2], [1.5, -2.0]);
        assert_eq!(got[2..], [0.0; PANEL - 2], "padding columns are 0");
    }
}
