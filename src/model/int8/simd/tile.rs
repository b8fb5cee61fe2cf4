//! How is a product cut so that its sums stay in registers?

use super::{Call, PANEL, Store};

/// Vectors of 32-bit lanes, one a column; the methods need the processor to have the instructions that the type stands for.
pub(super) trait Lanes {
    /// Lanes in a vector; it divides [`PANEL`].
    const N: usize;
    type Sums: Copy;
    type Weights: Copy;
    type Bytes: Copy;
    type Numbers: Copy;

    unsafe fn zero() -> Self::Sums;
    /// Four weights for each of `N` columns.
    unsafe fn weights(at: *const i8) -> Self::Weights;
    /// The same four activations in every lane.
    unsafe fn bytes(at: *const u8) -> Self::Bytes;
    /// Adds the sum of the four products to each lane, without saturation.
    unsafe fn dot(sums: Self::Sums, bytes: Self::Bytes, weights: Self::Weights) -> Self::Sums;
    /// `(sums - zero * column_sums) * (scale * column_scales) + shifts`: each product, but that of the scales, is rounded together with the
    /// number behind it.
    unsafe fn finish(
        sums: Self::Sums,
        point: (f32, f32),
        columns: (*const f32, *const f32, *const f32),
    ) -> Self::Numbers;
    unsafe fn load(at: *const f32) -> Self::Numbers;
    unsafe fn add(left: Self::Numbers, right: Self::Numbers) -> Self::Numbers;
    unsafe fn store(numbers: Self::Numbers, at: *mut f32);
}

/// One tile: `R` rows from `row` on, `V` vectors of columns from `panel` on.
///
/// # Safety
/// The processor has the instructions of `L`; the rows and the panels that the vectors cover are inside of the call.
#[inline(always)]
unsafe fn tile<L: Lanes, const R: usize, const V: usize>(call: &mut Call<'_>, row: usize, panel: usize) {
    let per_panel = PANEL / L::N;
    let (rows, columns, out_stride, adds) =
        (call.rows(), call.columns(), call.out_stride(), call.store() == Store::Add);
    let depth = columns.depth;
    let out = call.out().as_mut_ptr();
    // SAFETY: `Call::new` checked that `n_rows` rows of `4 * depth` bytes, `depth` lines a panel, and a sum, scale and shift for each
    // column of a panel are there; the caller keeps rows and panels inside. A vector never crosses a panel.
    unsafe {
        let weights = columns.lines.as_ptr().add(panel * depth).cast::<i8>();
        let bytes = rows.bytes.as_ptr().add(row * rows.stride);
        let mut sums = [[L::zero(); V]; R];
        for k in 0..depth {
            let mut line = [L::weights(weights.add(k * 4 * PANEL)); V];
            for (v, weight) in line.iter_mut().enumerate().skip(1) {
                let at = (v / per_panel) * depth * 4 * PANEL + (v % per_panel) * 4 * L::N;
                *weight = L::weights(weights.add(k * 4 * PANEL + at));
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                let four = L::bytes(bytes.add(r * rows.stride + 4 * k));
                for (sum, &weight) in sums.iter_mut().zip(&line) {
                    *sum = L::dot(*sum, four, weight);
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            let point = *rows.points.get_unchecked(row + r);
            for (v, &sum) in sums.iter().enumerate() {
                let column = panel * PANEL + v * L::N;
                let about = (
                    columns.sums.as_ptr().add(column),
                    columns.scales.as_ptr().add(column),
                    columns.shifts.as_ptr().add(column),
                );
                let mut numbers = L::finish(sum, (point.zero, point.scale), about);
                let at = out.add((row + r) * out_stride + column);
                let n_left = columns.n.saturating_sub(column).min(L::N);
                if n_left == L::N {
                    if adds {
                        numbers = L::add(numbers, L::load(at));
                    }
                    L::store(numbers, at);
                } else {
                    let mut edge = [0.0; PANEL];
                    L::store(numbers, edge.as_mut_ptr());
                    for (i, number) in edge[..n_left].iter().enumerate() {
                        *at.add(i) = if adds { *number + *at.add(i) } else { *number };
                    }
                }
            }
        }
    }
}

/// All rows for the columns of one group of panels, most of them `R` at a time.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
pub(super) unsafe fn group<L: Lanes, const R: usize, const V: usize>(call: &mut Call<'_>, panel: usize) {
    let n_rows = call.rows().points.len();
    let mut row = 0;
    // SAFETY: no tile reaches beyond `n_rows`.
    unsafe {
        while row + R <= n_rows {
            tile::<L, R, V>(call, row, panel);
            row += R;
        }
        while R > 4 && row + 4 <= n_rows {
            tile::<L, 4, V>(call, row, panel);
            row += 4;
        }
        while row < n_rows {
            tile::<L, 1, V>(call, row, panel);
            row += 1;
        }
    }
}
