//! The memory layout of the operands of a byte product.

/// Columns that lie side by side in packed weights: a cache line holds four weights of each.
pub(crate) const PANEL: usize = 16;

/// Four weights for each of [`PANEL`] columns: one word per column, with its first weight in the lowest byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub(crate) struct Line(pub(crate) [u32; PANEL]);

impl Line {
    pub(crate) const ZERO: Self = Self([0; PANEL]);
}

/// The number of lines for a column of `length` weights, rounded up so that it splits into equal steps of at most 16 lines, the
/// height of an AMX tile. Weights beyond `length` are 0.
pub(crate) fn depth(length: usize) -> usize {
    let n_lines = length.div_ceil(4);
    n_lines.next_multiple_of(n_lines.div_ceil(PANEL).max(1))
}

/// Activations: `n` rows, `stride` bytes apart, each at least as long as the columns it is multiplied by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) stride: usize,
    pub(crate) n: usize,
}

/// Packed weights: panel by panel, `depth` lines each, see [`depth`]. The padding columns of the last panel may hold anything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns<'a> {
    pub(crate) lines: &'a [Line],
    pub(crate) depth: usize,
    pub(crate) n_panels: usize,
}

impl<'a> Columns<'a> {
    /// `n_panels` panels, starting at panel `start`.
    pub(crate) fn part(&self, start: usize, n_panels: usize) -> Columns<'a> {
        assert!(start + n_panels <= self.n_panels, "the panels are inside the columns");
        Columns { lines: &self.lines[start * self.depth..], n_panels, ..*self }
    }
}

/// The output: rows of whole panels, `stride` sums apart.
#[derive(Debug)]
pub(crate) struct Out<'a> {
    pub(crate) sums: &'a mut [i32],
    pub(crate) stride: usize,
}

/// The operands of a byte product by address, for code that computes addresses.
///
/// There are `n_rows` rows of at least `4 * depth` activations, unsigned bytes, and `n_panels` panels of 16 columns. A panel has `depth` lines,
/// which begin at multiples of 64 bytes and hold four weights, signed bytes, of each column. The output has room for as many rows of whole panels.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(unreachable_pub, reason = "only modules of WebAssembly are given to the library")
)]
pub struct Operands {
    /// The first row.
    pub bytes: *const u8,
    /// Bytes from a row to the next.
    pub stride: usize,
    /// Rows.
    pub n_rows: usize,
    /// The first panel: a word a column and line.
    pub words: *const u32,
    /// Lines of a panel.
    pub depth: usize,
    /// Panels.
    pub n_panels: usize,
    /// The first row of sums.
    pub out: *mut i32,
    /// Sums from a row to the next.
    pub out_stride: usize,
}

/// A checked product: rows, columns and output whose dimensions match.
pub(super) struct Call<'a> {
    rows: Rows<'a>,
    columns: Columns<'a>,
    out: &'a mut [i32],
    out_stride: usize,
}

impl<'a> Call<'a> {
    pub(super) fn new(rows: Rows<'a>, columns: Columns<'a>, out: Out<'a>) -> Self {
        let Out { sums: out, stride: out_stride } = out;
        let width = columns.n_panels * PANEL;
        if rows.n > 0 {
            assert!(rows.stride >= 4 * columns.depth, "rows do not overlap");
            assert!(rows.bytes.len() >= (rows.n - 1) * rows.stride + 4 * columns.depth, "all rows are present");
            assert!(out_stride >= width, "rows of the output do not overlap");
            assert!(out.len() >= (rows.n - 1) * out_stride + width, "the output has room");
        }
        assert!(columns.lines.len() >= columns.n_panels * columns.depth, "all weights are present");
        Self { rows, columns, out, out_stride }
    }

    pub(super) fn rows(&self) -> Rows<'a> {
        self.rows
    }

    pub(super) fn columns(&self) -> Columns<'a> {
        self.columns
    }

    pub(super) fn out(&mut self) -> &mut [i32] {
        self.out
    }

    pub(super) fn out_stride(&self) -> usize {
        self.out_stride
    }

    /// The addresses, which are valid as long as the call is.
    pub(super) fn operands(&mut self) -> Operands {
        Operands {
            bytes: self.rows.bytes.as_ptr(),
            stride: self.rows.stride,
            n_rows: self.rows.n,
            words: self.columns.lines.as_ptr().cast(),
            depth: self.columns.depth,
            n_panels: self.columns.n_panels,
            out: self.out.as_mut_ptr(),
            out_stride: self.out_stride,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_hold_their_weights_and_split_into_equal_steps() {
        for length in 0..5_000_usize {
            let (shortest, depth) = (length.div_ceil(4), depth(length));
            let n_steps = shortest.div_ceil(16);
            assert!((shortest..=shortest + n_steps).contains(&depth), "{length}: {depth}");
            assert!(n_steps == 0 || depth.is_multiple_of(n_steps) && depth / n_steps <= 16, "{length}: {depth}");
        }
    }
}
