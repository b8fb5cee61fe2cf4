//! The driver that splits a product into tiles whose sums stay in registers.

use crate::model::int8::operands::{Operands, PANEL};

/// Vectors of 32-bit lanes, one lane per column. The methods require a CPU with the instructions that the type stands for.
pub(super) trait Lanes {
    /// Lanes per vector; must divide [`PANEL`].
    const N: usize;
    /// Whether [`bytes`](Self::bytes) returns signed bytes, 128 less than the bytes in memory.
    const MOVED: bool = false;
    type Sums: Copy;
    type Weights: Copy;
    type Bytes: Copy;

    unsafe fn zero() -> Self::Sums;
    /// Four weights for each of `N` columns.
    unsafe fn weights(at: *const i8) -> Self::Weights;
    /// The same four activations, the first in the lowest byte, in every lane.
    unsafe fn bytes(four: u32) -> Self::Bytes;
    /// Adds the sum of the four products to each lane, without saturation.
    unsafe fn dot(sums: Self::Sums, bytes: Self::Bytes, weights: Self::Weights) -> Self::Sums;
    unsafe fn subtract(left: Self::Sums, right: Self::Sums) -> Self::Sums;
    unsafe fn store(sums: Self::Sums, at: *mut i32);
}

/// Computes one tile: `R` rows starting at `row`, `V` vectors of columns starting at `panel`.
///
/// # Safety
/// The CPU must support the instructions of `L`; the operands must be as [`Operands`] says, and the rows, and the panels that the vectors
/// cover, inside them.
#[inline(always)]
#[allow(
    clippy::needless_range_loop,
    reason = "iterators are calls here where the compiler does not inline across units of code"
)]
unsafe fn tile<L: Lanes, const R: usize, const V: usize>(on: Operands, row: usize, panel: usize) {
    let per_panel = PANEL / L::N;
    let depth = on.depth;
    // SAFETY: all rows have `4 * depth` bytes, all panels have `depth` lines, and the output has room for whole panels; the caller keeps
    // rows and panels inside. A vector never crosses a panel.
    unsafe {
        let weights = on.words.add(panel * depth * PANEL).cast::<i8>();
        let bytes = on.bytes.add(row * on.stride);
        let zeros = L::bytes(0);
        let (mut sums, mut moved) = ([[L::zero(); V]; R], [L::zero(); V]);
        for k in 0..depth {
            let mut line = [L::weights(weights.add(k * 4 * PANEL)); V];
            for v in 1..V {
                let at = (v / per_panel) * depth * 4 * PANEL + (v % per_panel) * 4 * L::N;
                line[v] = L::weights(weights.add(k * 4 * PANEL + at));
            }
            for r in 0..R {
                let four = L::bytes(bytes.add(r * on.stride + 4 * k).cast::<u32>().read_unaligned());
                for v in 0..V {
                    sums[r][v] = L::dot(sums[r][v], four, line[v]);
                }
            }
            if L::MOVED {
                for v in 0..V {
                    moved[v] = L::dot(moved[v], zeros, line[v]);
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            for (v, (&sum, &moved)) in sums.iter().zip(&moved).enumerate() {
                let sum = if L::MOVED { L::subtract(sum, moved) } else { sum };
                L::store(sum, on.out.add((row + r) * on.out_stride + panel * PANEL + v * L::N));
            }
        }
    }
}

/// Computes all rows for the columns of one group of panels, `R` rows at a time as far as possible.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
pub(super) unsafe fn group<L: Lanes, const R: usize, const V: usize>(on: Operands, panel: usize) {
    let n_rows = on.n_rows;
    let mut row = 0;
    // SAFETY: no tile reaches past `n_rows`.
    unsafe {
        while row + R <= n_rows {
            tile::<L, R, V>(on, row, panel);
            row += R;
        }
        while R > 4 && row + 4 <= n_rows {
            tile::<L, 4, V>(on, row, panel);
            row += 4;
        }
        while row < n_rows {
            tile::<L, 1, V>(on, row, panel);
            row += 1;
        }
    }
}
