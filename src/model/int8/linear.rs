//! What is a fully connected layer on bytes?

use super::product::{Columns, Kernel, Line, PANEL, Rows, Store, depth};

/// A fully connected layer, `x W^T + b`: weights of eight bits with one scale an output, packed for [`Kernel::product`].
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    lines: Vec<Line>,
    depth: usize,
    n_out: usize,
    sums: Vec<f32>,
    scales: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// Packs one output after the other: its weights, `n_in` signed bytes, their scale and its bias. An output without weights is 0
    /// before its bias.
    pub(crate) fn pack<'a>(n_in: usize, outputs: impl ExactSizeIterator<Item = (&'a [u8], f32, f32)>) -> Self {
        let n_out = outputs.len();
        let (depth, n_panels) = (depth(n_in), n_out.div_ceil(PANEL));
        let mut packed = Self {
            lines: vec![Line::ZERO; n_panels * depth],
            depth,
            n_out,
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

    /// The width of an output row.
    pub(crate) fn n_out(&self) -> usize {
        self.n_out
    }

    /// `[rows, n_in] x [n_in, n_out] + [n_out] -> [rows, n_out]`.
    pub(crate) fn apply(&self, kernel: Kernel, rows: Rows<'_>, output: &mut [f32], store: Store) {
        kernel.product(rows, self.columns(), (output, self.n_out), store);
    }

    /// The `n` outputs from `start` on, a multiple of [`PANEL`].
    pub(crate) fn apply_part(&self, kernel: Kernel, rows: Rows<'_>, (start, n): (usize, usize), output: &mut [f32]) {
        kernel.product(rows, self.columns().part(start, n), (output, n), Store::Replace);
    }

    fn columns(&self) -> Columns<'_> {
        let Self { lines, depth, n_out, sums, scales, bias } = self;
        Columns { lines, depth: *depth, n: *n_out, sums, scales, shifts: bias }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::int8::rows::Bytes;
    use crate::model::quantise::{EIGHT_BITS, quantise};

    /// A layer of weights as PyTorch stores them, `[n_out, n_in]`.
    fn rounded(weights: &[f32], n_in: usize, bias: &[f32]) -> Linear {
        let mut bytes = vec![0; weights.len()];
        let rows = weights.chunks_exact(n_in).zip(bytes.chunks_exact_mut(n_in));
        let scales: Vec<f32> = rows.map(|(row, bytes)| quantise(row, EIGHT_BITS, bytes)).collect();
        let bytes: Vec<u8> = bytes.into_iter().map(i8::cast_unsigned).collect();
        Linear::pack(n_in, bias.iter().enumerate().map(|(i, &bias)| (&bytes[i * n_in..][..n_in], scales[i], bias)))
    }

    #[test]
    fn a_layer_is_near_its_definition() {
        for (n_rows, n_in, n_out) in [(1, 1, 1), (3, 33, 17), (7, 384, 48), (20, 61, 5)] {
            let noise = |len: usize, seed: usize| -> Vec<f32> {
                (0..len).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.5 - 0.9).collect()
            };
            let (weights, bias, input) = (noise(n_out * n_in, 1), noise(n_out, 2), noise(n_rows * n_in, 3));
            let linear = rounded(&weights, n_in, &bias);
            let mut bytes = Bytes::default();
            bytes.read(&input, n_in);
            let mut got = vec![0.0; n_rows * n_out];
            linear.apply(Kernel::best(), bytes.rows(), &mut got, Store::Replace);
            for r in 0..n_rows {
                for o in 0..n_out {
                    let dot: f32 = (0..n_in).map(|i| input[r * n_in + i] * weights[o * n_in + i]).sum();
                    let want = dot + bias[o];
                    // Half a step on either side of each factor, the errors of the terms being independent.
                    let tolerance = 0.03 * (n_in as f32).sqrt();
                    assert!((got[r * n_out + o] - want).abs() < tolerance, "{n_rows}x{n_in}x{n_out}: {got:?} {want}");
                }
            }
        }
    }

    #[test]
    fn outputs_without_weights_are_their_bias() {
        let linear = rounded(&[0.0; 12], 6, &[1.5, -2.0]);
        let mut bytes = Bytes::default();
        bytes.read(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 6);
        let mut got = [0.0; 2];
        linear.apply(Kernel::best(), bytes.rows(), &mut got, Store::Replace);
        assert_eq!(got, [1.5, -2.0]);
    }
}
