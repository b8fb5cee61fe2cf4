//! Self-attention in bytes.

use std::ops::Range;

use rten_simd::{Isa, SimdOp};

use super::bytes::{Bytes, largest_magnitude, round};
use super::operands::{Columns, Line, Out, PANEL, depth};
use super::product::Kernel;
use super::softmax::{Logits, softmax};
use crate::model::aligned::Aligned;
use crate::model::distances::HeadDistances;

/// Queries whose scores are in the cache at the same time: two tiles of the kernel with the largest tiles.
const QUERIES: usize = 32;

/// The attention of one head (Vaswani et al., 2017) in windows of any length.
///
/// All queries of a window share one scale, as do all keys; values have one scale per column. Probabilities are stored as multiples
/// of 1/255 of the largest in their row and divided by their own sum, so that they add up to 1 whatever rounding lost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    pub(crate) size: usize,
    /// What is added to base-2 logits for the distance between two pieces.
    pub(crate) distances: Option<HeadDistances<'a>>,
}

/// The rows of a window, `stride` values apart. Each starts with the query, key and value of one head.
pub(crate) struct Projected<'a> {
    pub(crate) numbers: &'a [f32],
    pub(crate) stride: usize,
}

/// The output of a head: rows that start with the head's columns, `stride` values apart.
pub(crate) struct Context<'a> {
    pub(crate) numbers: &'a mut [f32],
    pub(crate) stride: usize,
}

/// Working memory for attention.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    queries: Bytes,
    probabilities: Bytes,
    keys: Keys,
    values: Values,
    sums: Aligned<i32>,
}

/// The columns of the first product, one key per column.
#[derive(Debug, Default)]
struct Keys {
    lines: Vec<Line>,
    depth: usize,
    /// The factor that turns a sum into a base-2 logit.
    scale: f32,
    /// One per column: the correction for the zero point of the queries, or [`f32::MIN`] in a column without a key.
    shifts: Vec<f32>,
}

/// The columns of the second product, one dimension of the head per column.
#[derive(Debug, Default)]
struct Values {
    lines: Vec<Line>,
    depth: usize,
    scales: Vec<f32>,
}

/// Makes room for `n` columns of `length` zeros each and returns their depth.
fn start(lines: &mut Vec<Line>, n: usize, length: usize) -> usize {
    let depth = depth(length);
    lines.clear();
    lines.resize(n.div_ceil(PANEL) * depth, Line::ZERO);
    depth
}

/// `127 / top`, or 0 for a column of zeros.
fn inverse(top: f32) -> f32 {
    if top > f32::MIN_POSITIVE { 127.0 / top } else { 0.0 }
}

/// Adding this to a number of small magnitude leaves the number, rounded, in the lowest bits.
const ROUNDING: f32 = 12_582_912.0;

impl Head<'_> {
    /// Computes one window.
    pub(crate) fn apply(self, kernel: Kernel, projected: Projected<'_>, context: Context<'_>, memory: &mut Memory) {
        let Projected { numbers: qkv, stride } = projected;
        let Context { numbers: context, stride: context_stride } = context;
        let d = self.size;
        let n = qkv.len().div_ceil(stride);
        let Memory { queries, probabilities, keys, values, sums } = memory;
        queries.start(n, d);
        keys.depth = start(&mut keys.lines, n, d);
        values.depth = start(&mut values.lines, d, n);
        Pack { qkv, stride, d, queries, keys, values }.dispatch();

        let key_columns = Columns { lines: &keys.lines, depth: keys.depth, n_panels: n.div_ceil(PANEL) };
        let value_columns = Columns { lines: &values.lines, depth: values.depth, n_panels: d.div_ceil(PANEL) };
        let (n_shifts, width) = (keys.shifts.len(), value_columns.n_panels * PANEL);
        for (block, context) in context.chunks_mut(QUERIES * context_stride).enumerate() {
            let rows = queries.part(block * QUERIES, QUERIES.min(n - block * QUERIES));
            let logits = sums.first(rows.n * n_shifts);
            kernel.product(rows, key_columns, Out { sums: logits, stride: n_shifts }); // [rows, d] x [d, n] -> [rows, n]
            let distances = self.distances.map(|distances| distances.skip(block * QUERIES));
            softmax(logits, Logits { scale: keys.scale, shifts: &keys.shifts, distances }, probabilities);
            let read = sums.first(rows.n * width);
            kernel.product(probabilities.rows(), value_columns, Out { sums: read, stride: width }); // [rows, n] x [n, d] -> [rows, d]
            let (points, scales) = (probabilities.points(), &values.scales);
            for ((row, sums), point) in context.chunks_mut(context_stride).zip(read.chunks_exact(width)).zip(points) {
                for ((x, &sum), scale) in row[..d].iter_mut().zip(sums).zip(scales) {
                    *x = sum as f32 * (point.scale * scale);
                }
            }
        }
    }
}

/// Quantises and packs the queries, keys and values of one head in one window.
struct Pack<'a> {
    qkv: &'a [f32],
    stride: usize,
    d: usize,
    queries: &'a mut Bytes,
    keys: &'a mut Keys,
    values: &'a mut Values,
}

impl SimdOp for Pack<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        // With constant widths, the compiler fills whole vectors.
        match self.d {
            32 => self.pack(isa, 32),
            64 => self.pack(isa, 64),
            d => self.pack(isa, d),
        }
    }
}

impl Pack<'_> {
    #[inline(always)]
    fn pack<I: Isa>(self, isa: I, d: usize) {
        let Self { qkv, stride, queries, keys, values, .. } = self;
        let part = |part: usize| qkv.chunks(stride).map(move |row| &row[part * d..(part + 1) * d]);
        let tops = [largest_magnitude(isa, part(0)), largest_magnitude(isa, part(1))];
        let inverse_query = inverse(tops[0]);
        for (i, query) in part(0).enumerate() {
            round(isa, query, (inverse_query, f32::from(ZERO)), queries.row_mut(i).0);
        }
        keys.scale = tops[0] / 127.0 * (tops[1] / 127.0) * std::f32::consts::LOG2_E / (d as f32).sqrt();
        pack_keys(isa, part(1), inverse(tops[1]), keys);
        pack_values(qkv, stride, d, values);
    }
}

/// The zero point of queries, which makes them unsigned bytes.
const ZERO: u8 = 128;

/// Packs keys as the columns of the first product: one row of the window per column.
#[inline(always)]
fn pack_keys<'a, I: Isa>(isa: I, rows: impl ExactSizeIterator<Item = &'a [f32]>, inverse: f32, keys: &mut Keys) {
    let n = rows.len();
    let mut bytes = [0_u8; 4 * PANEL];
    for (i, key) in rows.enumerate() {
        let lines = &mut keys.lines[i / PANEL * keys.depth..][..keys.depth];
        for (key, lines) in key.chunks(bytes.len()).zip(lines.chunks_mut(PANEL)) {
            // Unsigned bytes with offset 128 become signed bytes when the top bit is flipped.
            round(isa, key, (inverse, 128.0), &mut bytes);
            for (line, four) in lines[..key.len().div_ceil(4)].iter_mut().zip(bytes.as_chunks().0) {
                line.0[i % PANEL] = u32::from_le_bytes(*four) ^ 0x8080_8080;
            }
        }
    }
    keys.shifts.clear();
    for lines in keys.lines.chunks(keys.depth) {
        keys.shifts.extend(column_sums(lines).map(|sum| (-i32::from(ZERO) * sum) as f32 * keys.scale));
    }
    keys.shifts.truncate(n);
    keys.shifts.resize(n.next_multiple_of(4 * PANEL), f32::MIN);
}

/// The sum of each column's weights.
#[inline(always)]
fn column_sums(lines: &[Line]) -> [i32; PANEL] {
    let mut sums = [0_i32; PANEL];
    for line in lines {
        for (sum, word) in sums.iter_mut().zip(line.0) {
            let word = word.cast_signed();
            *sum += (word << 24 >> 24) + (word << 16 >> 24) + (word << 8 >> 24) + (word >> 24);
        }
    }
    sums
}

/// Packs values as the columns of the second product: four rows of the window per line.
#[inline(always)]
fn pack_values(qkv: &[f32], stride: usize, d: usize, values: &mut Values) {
    values.scales.resize(d.next_multiple_of(PANEL), 0.0);
    for panel in 0..d.div_ceil(PANEL) {
        let from = 2 * d + panel * PANEL;
        let width = PANEL.min(3 * d - from);
        // With a constant width, the compiler fills whole vectors.
        if width == PANEL {
            pack_panel(qkv, stride, from..from + PANEL, values, panel);
        } else {
            pack_panel(qkv, stride, from..from + width, values, panel);
        }
    }
}

#[inline(always)]
fn pack_panel(qkv: &[f32], stride: usize, place: Range<usize>, values: &mut Values, panel: usize) {
    let depth = values.depth;
    let mut top = [0.0_f32; PANEL];
    for row in qkv.chunks(stride) {
        for (top, x) in top.iter_mut().zip(&row[place.clone()]) {
            *top = if x.abs() > *top { x.abs() } else { *top };
        }
    }
    let inverse = top.map(inverse);
    for (scale, top) in values.scales[panel * PANEL..].iter_mut().zip(top) {
        *scale = top / 127.0;
    }
    for (four, line) in qkv.chunks(4 * stride).zip(&mut values.lines[panel * depth..]) {
        let mut words = [0; PANEL];
        for (k, row) in four.chunks(stride).enumerate() {
            for ((word, x), inverse) in words.iter_mut().zip(&row[place.clone()]).zip(inverse) {
                *word |= ((x * inverse + ROUNDING).to_bits() & 0xff) << (8 * k);
            }
        }
        line.0 = words;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::distances::Distances;

    #[test]
    fn is_close_to_the_definition_for_every_length_and_width() {
        let table: Vec<f32> = (0..32).map(|i| ((i * 37) % 97) as f32 / 40.0 - 1.0).collect();
        let all = Distances::new(&table, 1, 301, std::f32::consts::LOG2_E);
        let sizes = [(1, 32), (2, 5), (11, 16), (12, 64), (13, 80), (40, 32), (301, 32)];
        for ((n, d), distances) in sizes.into_iter().flat_map(|size| [(size, None), (size, Some(all.head(0)))]) {
            let stride = 3 * d + 3;
            let qkv: Vec<f32> = (0..n * stride).map(|i| ((i * 7919) % 503) as f32 / 100.0 - 2.5).collect();
            let mut context = vec![9.0; n * (d + 2)];
            let kernel = Kernel::best();
            let (rows, read) = (Projected { numbers: &qkv, stride }, Context { numbers: &mut context, stride: d + 2 });
            Head { size: d, distances }.apply(kernel, rows, read, &mut Memory::default());
            let at = |part: usize, row: usize, column: usize| f64::from(qkv[row * stride + part * d + column]);
            for row in 0..n {
                let added = |k: usize| {
                    let row = distances.map(|distances| distances.row(row, n)[k]);
                    f64::from(row.unwrap_or(0.0)) * std::f64::consts::LN_2
                };
                let logits: Vec<f64> = (0..n)
                    .map(|k| (0..d).map(|c| at(0, row, c) * at(1, k, c)).sum::<f64>() / (d as f64).sqrt() + added(k))
                    .collect();
                let top = logits.iter().copied().fold(f64::MIN, f64::max);
                let total: f64 = logits.iter().map(|x| (x - top).exp()).sum();
                for c in 0..d {
                    let want: f64 = (0..n).map(|k| (logits[k] - top).exp() / total * at(2, k, c)).sum();
                    let got = f64::from(context[row * (d + 2) + c]);
                    assert!((got - want).abs() < 0.12, "{n} pieces, head of {d}: got {got}, want {want}");
                }
                assert_eq!(context[row * (d + 2) + d..][..2], [9.0, 9.0], "nothing is written outside the head");
            }
        }
    }
}
