//! How do Intel's matrix extensions (AMX) multiply bytes?
//!
//! A tile register holds 16 rows of 64 bytes. Four of them are sums, the four others hold two tiles of rows and two panels of columns,
//! whose lines are already laid out as the instruction reads them.

use std::arch::asm;
use std::arch::x86_64::*;
use std::mem::MaybeUninit;
use std::sync::OnceLock;

use super::{Call, PANEL, Store, avx512};

/// Rows of a tile, and lines of a panel that are multiplied at once.
const TILE: usize = 16;

/// Fewer rows than this are faster in vectors, which need no configuration.
const FEWEST_ROWS: usize = 4;

/// Whether the processor has the instructions, and the operating system lets this process use the registers.
pub(super) fn is_available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| {
        // SAFETY: `xsave` says that the system has switched on the instruction that reads its register.
        is_x86_feature_detected!("xsave") && has_instructions() && unsafe { saves_tiles() } && permitted()
    })
}

fn has_instructions() -> bool {
    const TILES: u32 = 1 << 24;
    const INT8: u32 = 1 << 25;
    // SAFETY: every 64-bit processor has the instruction. Newer compilers know that.
    #[allow(unused_unsafe)]
    unsafe {
        __cpuid(0).eax >= 7 && __cpuid_count(7, 0).edx & (TILES | INT8) == TILES | INT8
    }
}

/// Whether the system saves tiles and their configuration when it switches threads.
///
/// # Safety
/// The processor and the system have XSAVE.
#[target_feature(enable = "xsave")]
unsafe fn saves_tiles() -> bool {
    const STATE: u64 = 0b11 << 17;
    // SAFETY: the caller's.
    unsafe { _xgetbv(0) & STATE == STATE }
}

/// Asks Linux for the tile registers, which are too large to be given to every process (arch_prctl(2)); all threads get them.
#[cfg(target_os = "linux")]
fn permitted() -> bool {
    const ARCH_PRCTL: i64 = 158;
    const ARCH_REQ_XCOMP_PERM: u64 = 0x1023;
    const TILE_DATA: u64 = 18;
    let answer: i64;
    // SAFETY: this system call takes two numbers and touches no memory of ours.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") ARCH_PRCTL => answer, in("rdi") ARCH_REQ_XCOMP_PERM, in("rsi") TILE_DATA,
            lateout("rcx") _, lateout("r11") _, options(nostack)
        );
    }
    answer == 0
}

#[cfg(not(target_os = "linux"))]
fn permitted() -> bool {
    false
}

/// The shapes of the tile registers, as the processor reads them.
#[repr(C, align(64))]
struct Shapes {
    palette: u8,
    start: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

/// Sums of two tiles of rows with two panels; of each tile as many rows as tiles have are there.
#[repr(C, align(64))]
struct Sums([[MaybeUninit<[i32; PANEL]>; TILE]; 4]);

/// How the rows of a product are shared out: tiles of one height, of which the last may begin before the one before it ends.
#[derive(Clone, Copy)]
struct RowTiles {
    n_rows: usize,
    height: usize,
}

impl RowTiles {
    fn new(n_rows: usize) -> Self {
        Self { n_rows, height: n_rows.div_ceil(n_rows.div_ceil(TILE)) }
    }

    fn len(self) -> usize {
        self.n_rows.div_ceil(self.height)
    }

    /// The first row of a tile; the first that no tile before has.
    fn start(self, tile: usize) -> (usize, usize) {
        ((tile * self.height).min(self.n_rows - self.height), tile * self.height)
    }
}

/// # Safety
/// [`is_available`], and the processor has AVX-512 F and VNNI.
#[target_feature(enable = "avx512f,avx512vnni")]
pub(super) unsafe fn amx(call: &mut Call<'_>) {
    let (depth, n_rows, n_panels) = (call.columns().depth, call.rows().points.len(), call.columns().n_panels());
    let n_steps = depth.div_ceil(TILE);
    if n_rows < FEWEST_ROWS || n_steps == 0 || !depth.is_multiple_of(n_steps) {
        // SAFETY: the caller's.
        return unsafe { avx512::avx512_vnni(call) };
    }
    let (tiles, step) = (RowTiles::new(n_rows), depth / n_steps);
    let (rows, lines) = (tiles.height as u8, step as u8);
    let (sums, left, right) = ((rows, 64), (rows, 4 * u16::from(lines)), (lines, 64));
    let mut shapes = Shapes { palette: 1, start: 0, reserved: [0; 14], row_bytes: [0; 16], rows: [0; 16] };
    for (register, (rows, row_bytes)) in [sums, sums, sums, sums, left, left, right, right].into_iter().enumerate() {
        shapes.rows[register] = rows;
        shapes.row_bytes[register] = row_bytes;
    }
    let mut memory = [const { Sums([[MaybeUninit::uninit(); TILE]; 4]) }; 2];
    // What was multiplied last is read while the next is multiplied.
    let (mut last, mut is_odd): (Option<Work>, bool) = (None, false);
    // SAFETY: the system gives us the tiles; the shapes have at most 16 rows of at most 64 bytes, as `step` is at most 16.
    unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const shapes, options(nostack, readonly, preserves_flags)) };
    for panel in (0..n_panels).step_by(2) {
        let panels = (n_panels - panel).min(2);
        for tile in (0..tiles.len()).step_by(2) {
            let [one, two] = &mut memory;
            let (now, before) = if is_odd { (one, two) } else { (two, one) };
            is_odd = !is_odd;
            let rows = [tiles.start(tile), tiles.start((tile + 1).min(tiles.len() - 1))];
            let work = Work { rows, tiles: (tiles.len() - tile).min(2), panel, panels, n_steps, step };
            // SAFETY: rows and panels are those of the call, the tiles have the shapes that the work expects.
            unsafe {
                match (work.tiles, panels) {
                    (2, 2) => work.four(call, now),
                    (1, 2) => work.row_of_two(call, now),
                    (2, 1) => work.column_of_two(call, now),
                    _ => work.one(call, now),
                }
                if let Some(last) = &last {
                    last.finish(call, before, tiles.height);
                }
            }
            last = Some(work);
        }
    }
    if let Some(last) = &last {
        // SAFETY: rows and panels are those of the call.
        unsafe { last.finish(call, &memory[usize::from(is_odd)], tiles.height) };
    }
    // SAFETY: the tiles are ours, and nothing is in them that is needed.
    unsafe { asm!("tilerelease", options(nostack, nomem, preserves_flags)) };
}

/// Sums of one or two tiles of rows with one or two panels.
struct Work {
    /// Of each tile its first row, and its first row that is in no tile before.
    rows: [(usize, usize); 2],
    tiles: usize,
    panel: usize,
    panels: usize,
    n_steps: usize,
    /// Lines a step.
    step: usize,
}

macro_rules! products {
    ($name:ident, zero: [$($zero:literal),*], step: [$($step:literal),*], store: [$($store:literal),*]) => {
        /// # Safety
        /// Tiles are configured for `step`; rows, of the configured height, and panels are inside of the call.
        #[inline(always)]
        unsafe fn $name(&self, call: &Call<'_>, sums: &mut Sums) {
            let (rows, columns) = (call.rows(), call.columns());
            // SAFETY: `Call::new` checked that all rows are there, `4 * depth` bytes each, and `depth` lines of each panel; the asm reads
            // `n_steps * step`, which is `depth`, of each, and writes whole tiles of `sums`. A panel that is not there is not read.
            unsafe {
                let lines = columns.lines.as_ptr().add(self.panel * columns.depth);
                asm!(
                    $(concat!("tilezero ", $zero),)*
                    "2:",
                    $($step,)*
                    "add {a0}, {a_step}",
                    "add {a1}, {a_step}",
                    "add {b0}, {b_step}",
                    "add {b1}, {b_step}",
                    "dec {n}",
                    "jnz 2b",
                    $($store,)*
                    a0 = inout(reg) rows.bytes.as_ptr().add(self.rows[0].0 * rows.stride) => _,
                    a1 = inout(reg) rows.bytes.as_ptr().add(self.rows[1].0 * rows.stride) => _,
                    b0 = inout(reg) lines => _,
                    b1 = inout(reg) lines.wrapping_add(columns.depth) => _,
                    a_stride = in(reg) rows.stride,
                    a_step = in(reg) 4 * self.step,
                    b_step = in(reg) 64 * self.step,
                    line = in(reg) 64_usize,
                    n = inout(reg) self.n_steps => _,
                    sums = in(reg) sums.0.as_mut_ptr(),
                    out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                    out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                    options(nostack)
                );
            }
        }
    };
}

impl Work {
    products!(four,
        zero: ["tmm0", "tmm1", "tmm2", "tmm3"],
        step: [
            "tileloadd tmm4, [{a0} + {a_stride}]",
            "tileloadd tmm6, [{b0} + {line}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "tileloadd tmm7, [{b1} + {line}]",
            "tdpbusd tmm1, tmm4, tmm7",
            "tileloadd tmm5, [{a1} + {a_stride}]",
            "tdpbusd tmm2, tmm5, tmm6",
            "tdpbusd tmm3, tmm5, tmm7"
        ],
        store: [
            "tilestored [{sums} + {line}], tmm0",
            "tilestored [{sums} + {line} + 0x400], tmm1",
            "tilestored [{sums} + {line} + 0x800], tmm2",
            "tilestored [{sums} + {line} + 0xc00], tmm3"
        ]
    );
    products!(row_of_two,
        zero: ["tmm0", "tmm1"],
        step: [
            "tileloadd tmm4, [{a0} + {a_stride}]",
            "tileloadd tmm6, [{b0} + {line}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "tileloadd tmm7, [{b1} + {line}]",
            "tdpbusd tmm1, tmm4, tmm7"
        ],
        store: [
            "tilestored [{sums} + {line}], tmm0",
            "tilestored [{sums} + {line} + 0x400], tmm1"
        ]
    );
    products!(column_of_two,
        zero: ["tmm0", "tmm2"],
        step: [
            "tileloadd tmm6, [{b0} + {line}]",
            "tileloadd tmm4, [{a0} + {a_stride}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "tileloadd tmm5, [{a1} + {a_stride}]",
            "tdpbusd tmm2, tmm5, tmm6"
        ],
        store: [
            "tilestored [{sums} + {line}], tmm0",
            "tilestored [{sums} + {line} + 0x800], tmm2"
        ]
    );
    products!(one,
        zero: ["tmm0"],
        step: [
            "tileloadd tmm4, [{a0} + {a_stride}]",
            "tileloadd tmm6, [{b0} + {line}]",
            "tdpbusd tmm0, tmm4, tmm6"
        ],
        store: ["tilestored [{sums} + {line}], tmm0"]
    );

    /// # Safety
    /// As for [`finish`].
    #[inline(always)]
    unsafe fn finish(&self, call: &mut Call<'_>, sums: &Sums, height: usize) {
        for right in 0..self.panels {
            for (left, (start, fresh)) in self.rows.into_iter().enumerate().take(self.tiles) {
                // SAFETY: the caller's.
                unsafe { finish(call, &sums.0[2 * left + right][fresh - start..height], fresh, self.panel + right) };
            }
        }
    }
}

/// Turns sums into the numbers of rows from `row` on, in one panel.
///
/// # Safety
/// The processor has AVX-512 F and VNNI; the rows and the panel are those of the call, and their sums are there.
#[inline(always)]
unsafe fn finish(call: &mut Call<'_>, sums: &[MaybeUninit<[i32; PANEL]>], row: usize, panel: usize) {
    let (columns, out_stride, store) = (call.columns(), call.out_stride(), call.store());
    let column = panel * PANEL;
    let n_left = (columns.n - column).min(PANEL);
    let mask = 0xffff_u16 >> (PANEL - n_left);
    // SAFETY: `Call::new` checked that a point, and room in the output, are there for each row, and a sum, scale and shift for each
    // column of a panel; the mask keeps what is behind the last column from being touched.
    unsafe {
        let points = call.rows().points.get_unchecked(row..row + sums.len());
        let column_sums = _mm512_loadu_ps(columns.sums.as_ptr().add(column));
        let scales = _mm512_loadu_ps(columns.scales.as_ptr().add(column));
        let shifts = _mm512_loadu_ps(columns.shifts.as_ptr().add(column));
        let mut at = call.out().as_mut_ptr().add(row * out_stride + column);
        for (sums, point) in sums.iter().zip(points) {
            let sums = _mm512_load_si512(sums.as_ptr().cast());
            let number = _mm512_fnmadd_ps(_mm512_set1_ps(point.zero), column_sums, _mm512_cvtepi32_ps(sums));
            let mut number = _mm512_fmadd_ps(number, _mm512_mul_ps(_mm512_set1_ps(point.scale), scales), shifts);
            if store == Store::Add {
                number = _mm512_add_ps(number, _mm512_maskz_loadu_ps(mask, at));
            }
            _mm512_mask_storeu_ps(at, mask, number);
            at = at.wrapping_add(out_stride);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_of_rows_cover_each_row_once() {
        for n_rows in 1..200 {
            let tiles = RowTiles::new(n_rows);
            assert!((1..=TILE).contains(&tiles.height), "{n_rows}");
            let mut next = 0;
            for tile in 0..tiles.len() {
                let (start, fresh) = tiles.start(tile);
                assert!(start <= fresh && fresh == next && start + tiles.height <= n_rows, "{n_rows}: tile {tile}");
                next = start + tiles.height;
            }
            assert_eq!(next, n_rows);
        }
    }
}
