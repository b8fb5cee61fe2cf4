//! The byte product with relaxed SIMD, in a module of its own, which works in the memory of the library's.
//!
//! A module that names an instruction that the engine lacks does not load, and relaxed SIMD is not everywhere. The module must use no memory
//! of its own: `bindings/wasm/build` gives it no stack, and refuses it if it has data.
#![cfg_attr(target_arch = "wasm32", no_std)]
#![cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
#![allow(dead_code, reason = "the library uses the rest")]

#[path = "../../../../src/model"]
mod model {
    pub(crate) mod int8 {
        pub(crate) mod operands;
        pub(crate) mod simd {
            pub(crate) mod relaxed;
            mod tile;
        }
    }
}

use model::int8::operands::Operands;
use model::int8::simd::relaxed::{Way, relaxed};

/// How the engine multiplies, a number to hand to [`product`]; 0 if it cannot be used.
#[unsafe(no_mangle)]
pub extern "C" fn way() -> u32 {
    match Way::of_engine() {
        None => 0,
        Some(Way::Unsigned) => 1,
        Some(Way::Signed) => 2,
    }
}

/// The product of rows and columns, as `Operands` of the library says.
///
/// # Safety
/// The operands must be as `Operands` says, and `way` what [`way`] returned, unless that was 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn product(
    way: u32,
    bytes: *const u8,
    stride: usize,
    n_rows: usize,
    words: *const u32,
    depth: usize,
    n_panels: usize,
    out: *mut i32,
    out_stride: usize,
) {
    let way = if way == 1 { Way::Unsigned } else { Way::Signed };
    // SAFETY: of the caller.
    unsafe { relaxed(way, Operands { bytes, stride, n_rows, words, depth, n_panels, out, out_stride }) }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
