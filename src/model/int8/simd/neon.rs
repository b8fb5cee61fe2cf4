//! Byte products in 128-bit vectors on Arm.

use std::arch::aarch64::*;
use std::arch::asm;

use super::tile::{Lanes, group};
use crate::model::int8::operands::Call;

/// `SDOT` multiplies signed bytes only, so activations are shifted down by 128.
struct NeonDot;

impl Lanes for NeonDot {
    const N: usize = 4;
    const MOVED: bool = true;
    type Sums = int32x4_t;
    type Weights = int8x16_t;
    type Bytes = int8x16_t;

    // SAFETY, for all methods: the caller guarantees the instructions, and that pointers are valid for all bytes read or written.
    #[inline(always)]
    unsafe fn zero() -> int32x4_t {
        unsafe { vdupq_n_s32(0) }
    }
    #[inline(always)]
    unsafe fn weights(at: *const i8) -> int8x16_t {
        unsafe { vld1q_s8(at) }
    }
    #[inline(always)]
    unsafe fn bytes(four: u32) -> int8x16_t {
        unsafe { vreinterpretq_s8_u32(vdupq_n_u32(four ^ 0x8080_8080)) }
    }
    #[inline(always)]
    unsafe fn dot(mut sums: int32x4_t, bytes: int8x16_t, weights: int8x16_t) -> int32x4_t {
        // The intrinsic is not stable yet.
        unsafe {
            asm!(
                ".arch_extension dotprod", "sdot {sums:v}.4s, {bytes:v}.16b, {weights:v}.16b",
                sums = inout(vreg) sums, bytes = in(vreg) bytes, weights = in(vreg) weights,
                options(pure, nomem, nostack, preserves_flags)
            );
        }
        sums
    }
    #[inline(always)]
    unsafe fn subtract(left: int32x4_t, right: int32x4_t) -> int32x4_t {
        unsafe { vsubq_s32(left, right) }
    }
    #[inline(always)]
    unsafe fn store(sums: int32x4_t, at: *mut i32) {
        unsafe { vst1q_s32(at, sums) }
    }
}

/// # Safety
/// The CPU must support the dot product instructions.
#[target_feature(enable = "neon,dotprod")]
pub(super) unsafe fn neon_dot(call: &mut Call<'_>) {
    let on = call.operands();
    for panel in 0..on.n_panels {
        // SAFETY: the panel is one of the call's. 20 of the 32 registers hold sums.
        unsafe { group::<NeonDot, 4, 4>(on, panel) }
    }
}
