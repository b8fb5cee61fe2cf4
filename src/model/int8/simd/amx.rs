//! Byte products with Intel's matrix extensions (AMX).
//!
//! A tile register holds 16 rows of 64 bytes. Four of the eight hold sums; the others hold two tiles of rows and two panels of
//! columns, whose lines are already laid out the way the instruction reads them.

use std::arch::asm;
use std::arch::x86_64::*;
use std::sync::OnceLock;

use super::avx512;
use crate::model::int8::operands::{Call, Columns, Line, PANEL};

/// Rows of a tile, and lines of a panel multiplied at once.
const TILE: usize = 16;

/// Below this number of rows, vectors are faster: they need no configuration.
const FEWEST_ROWS: usize = 4;

/// Whether the CPU has the instructions and the operating system lets this process use the registers.
pub(super) fn is_available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| {
        // SAFETY: `xsave` means that the system has enabled the instruction that reads its register.
        is_x86_feature_detected!("xsave") && has_instructions() && unsafe { saves_tiles() } && permitted()
    })
}

fn has_instructions() -> bool {
    const TILES: u32 = 1 << 24;
    const INT8: u32 = 1 << 25;
    // SAFETY: every 64-bit CPU has the instruction. Newer compilers know that.
    #[allow(unused_unsafe)]
    unsafe {
        __cpuid(0).eax >= 7 && __cpuid_count(7, 0).edx & (TILES | INT8) == TILES | INT8
    }
}

/// Whether the system saves tiles and their configuration when it switches threads.
///
/// # Safety
/// The CPU and the system must support XSAVE.
#[target_feature(enable = "xsave")]
unsafe fn saves_tiles() -> bool {
    const STATE: u64 = 0b11 << 17;
    // SAFETY: the caller guarantees XSAVE.
    unsafe { _xgetbv(0) & STATE == STATE }
}

/// Requests the tile registers from Linux, which does not give them to every process because of their size (arch_prctl(2)). All threads
/// get them.
#[cfg(target_os = "linux")]
fn permitted() -> bool {
    const ARCH_PRCTL: i64 = 158;
    const ARCH_REQ_XCOMP_PERM: u64 = 0x1023;
    const TILE_DATA: u64 = 18;
    let answer: i64;
    // SAFETY: this system call takes two integers and does not touch our memory.
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

/// The shapes of the tile registers, in the layout the CPU reads.
#[repr(C, align(64))]
struct Shapes {
    palette: u8,
    start: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

/// The division of a product's rows into tiles of equal height; the last tile may overlap the one before it.
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

    /// The first row of a tile.
    fn start(self, tile: usize) -> usize {
        (tile * self.height).min(self.n_rows - self.height)
    }
}

/// # Safety
/// [`is_available`] must be true, and the CPU must support AVX-512 F and VNNI.
#[target_feature(enable = "avx512f,avx512vnni")]
pub(super) unsafe fn amx(call: &mut Call<'_>) {
    let (depth, n_rows, n_panels) = (call.columns().depth, call.rows().n, call.columns().n_panels);
    let n_steps = depth.div_ceil(TILE);
    if n_rows < FEWEST_ROWS || n_steps == 0 || !depth.is_multiple_of(n_steps) {
        // SAFETY: the caller guarantees AVX-512 F and VNNI.
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
    // SAFETY: the system lets us use the tiles; the shapes have at most 16 rows of at most 64 bytes, as `step` is at most 16. Rows and
    // panels are those of the call.
    unsafe {
        asm!("ldtilecfg [{}]", in(reg) &raw const shapes, options(nostack, readonly, preserves_flags));
        for panel in (0..n_panels).step_by(2) {
            for tile in (0..tiles.len()).step_by(2) {
                let has_second = tile + 1 < tiles.len();
                let rows = [tiles.start(tile), tiles.start(tile + usize::from(has_second))];
                let work = Work {
                    rows,
                    panel,
                    n_steps,
                    step,
                    ahead: ahead(call.columns(), panel, tile / 2 * n_steps, n_steps),
                };
                match (has_second, panel + 1 < n_panels) {
                    (true, true) => work.four(call),
                    (false, true) => work.row_of_two(call),
                    (true, false) => work.column_of_two(call),
                    (false, false) => work.one(call),
                }
            }
        }
        // The tiles are ours, and their contents are no longer needed.
        asm!("tilerelease", options(nostack, nomem, preserves_flags));
    }
}

/// Lines of weights prefetched in each step, long before they are multiplied.
const AHEAD: usize = 8;

/// What to prefetch in the next `n` steps: where the part of the next two panels that was not fetched in `done` steps begins, and how many
/// bytes to advance per step. If nothing is left to fetch, a nearby address that does not advance.
fn ahead(columns: Columns<'_>, panel: usize, done: usize, n: usize) -> (*const Line, usize) {
    let (start, pair) = ((panel + 2) * columns.depth, 2 * columns.depth);
    let lines = columns.lines.get(start + done * AHEAD..start + (done + n) * AHEAD);
    match lines {
        Some(lines) if done * AHEAD < pair => (lines.as_ptr(), size_of::<Line>() * AHEAD),
        _ => (columns.lines.as_ptr().wrapping_add(panel * columns.depth), 0),
    }
}

/// The products of one or two tiles of rows with one or two panels.
struct Work {
    /// The first row of each tile.
    rows: [usize; 2],
    panel: usize,
    n_steps: usize,
    /// Lines per step.
    step: usize,
    /// See [`ahead`].
    ahead: (*const Line, usize),
}

macro_rules! products {
    ($name:ident, zero: [$($zero:literal),*], step: [$($step:literal),*], store: [$($store:literal),*]) => {
        /// # Safety
        /// Tiles must be configured for `step`; rows, of the configured height, and panels must be inside the call.
        #[inline(always)]
        unsafe fn $name(&self, call: &mut Call<'_>) {
            let (rows, columns, out_stride) = (call.rows(), call.columns(), call.out_stride());
            let out = call.out().as_mut_ptr().wrapping_add(self.panel * PANEL);
            // SAFETY: `Call::new` checked that all rows have `4 * depth` bytes, that all panels have `depth` lines, and that the output has
            // room for whole panels; the asm reads `n_steps * step` lines, which is `depth`. A missing panel is neither read nor written.
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
                    "/* {c1} {p} {p_step} */",
                    a0 = inout(reg) rows.bytes.as_ptr().add(self.rows[0] * rows.stride) => _,
                    a1 = inout(reg) rows.bytes.as_ptr().add(self.rows[1] * rows.stride) => _,
                    b0 = inout(reg) lines => _,
                    b1 = inout(reg) lines.wrapping_add(columns.depth) => _,
                    c0 = in(reg) out.add(self.rows[0] * out_stride),
                    c1 = in(reg) out.add(self.rows[1] * out_stride),
                    a_stride = in(reg) rows.stride,
                    a_step = in(reg) 4 * self.step,
                    b_step = in(reg) 64 * self.step,
                    c_stride = in(reg) size_of::<i32>() * out_stride,
                    line = in(reg) 64_usize,
                    p = inout(reg) self.ahead.0 => _,
                    p_step = in(reg) self.ahead.1,
                    n = inout(reg) self.n_steps => _,
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
            "prefetcht1 [{p}]",
            "prefetcht1 [{p} + 64]",
            "tileloadd tmm7, [{b1} + {line}]",
            "tdpbusd tmm1, tmm4, tmm7",
            "prefetcht1 [{p} + 128]",
            "prefetcht1 [{p} + 192]",
            "tileloadd tmm5, [{a1} + {a_stride}]",
            "tdpbusd tmm2, tmm5, tmm6",
            "prefetcht1 [{p} + 256]",
            "prefetcht1 [{p} + 320]",
            "tdpbusd tmm3, tmm5, tmm7",
            "prefetcht1 [{p} + 384]",
            "prefetcht1 [{p} + 448]",
            "add {p}, {p_step}"
        ],
        store: [
            "tilestored [{c0} + {c_stride}], tmm0",
            "tilestored [{c0} + {c_stride} + 64], tmm1",
            "tilestored [{c1} + {c_stride}], tmm2",
            "tilestored [{c1} + {c_stride} + 64], tmm3"
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
            "tilestored [{c0} + {c_stride}], tmm0",
            "tilestored [{c0} + {c_stride} + 64], tmm1"
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
            "tilestored [{c0} + {c_stride}], tmm0",
            "tilestored [{c1} + {c_stride}], tmm2"
        ]
    );
    products!(one,
        zero: ["tmm0"],
        step: [
            "tileloadd tmm4, [{a0} + {a_stride}]",
            "tileloadd tmm6, [{b0} + {line}]",
            "tdpbusd tmm0, tmm4, tmm6"
        ],
        store: ["tilestored [{c0} + {c_stride}], tmm0"]
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_of_rows_cover_each_row() {
        for n_rows in 1..200 {
            let tiles = RowTiles::new(n_rows);
            assert!((1..=TILE).contains(&tiles.height), "{n_rows}");
            let mut next = 0;
            for tile in 0..tiles.len() {
                let start = tiles.start(tile);
                assert!(start <= next && start + tiles.height <= n_rows, "{n_rows}: tile {tile}");
                next = start + tiles.height;
            }
            assert_eq!(next, n_rows);
        }
    }
}
