//! How do 128 bits of an Arm processor multiply bytes?

use std::arch::aarch64::*;
use std::arch::asm;

use super::Call;
use super::tile::{Lanes, group};

/// `SDOT` multiplies signed bytes only: activations are moved down by 128, and so is their zero point.
struct NeonDot;

impl Lanes for NeonDot {
    const N: usize = 4;
    type Sums = int32x4_t;
    type Weights = int8x16_t;
    type Bytes = int8x16_t;
    type Numbers = float32x4_t;

    // SAFETY, for all methods: the caller has the instructions, and pointers to as many bytes as are read or written.
    #[inline(always)]
    unsafe fn zero() -> int32x4_t {
        unsafe { vdupq_n_s32(0) }
    }
    #[inline(always)]
    unsafe fn weights(at: *const i8) -> int8x16_t {
        unsafe { vld1q_s8(at) }
    }
    #[inline(always)]
    unsafe fn bytes(at: *const u8) -> int8x16_t {
        unsafe { vreinterpretq_s8_u32(vdupq_n_u32(at.cast::<u32>().read_unaligned() ^ 0x8080_8080)) }
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
    unsafe fn finish(
        sums: int32x4_t,
        (zero, scale): (f32, f32),
        (column_sums, scales, shifts): (*const f32, *const f32, *const f32),
    ) -> float32x4_t {
        unsafe {
            let number = vfmsq_f32(vcvtq_f32_s32(sums), vdupq_n_f32(zero - 128.0), vld1q_f32(column_sums));
            let scale = vmulq_f32(vdupq_n_f32(scale), vld1q_f32(scales));
            vfmaq_f32(vld1q_f32(shifts), number, scale)
        }
    }
    #[inline(always)]
    unsafe fn load(at: *const f32) -> float32x4_t {
        unsafe { vld1q_f32(at) }
    }
    #[inline(always)]
    unsafe fn add(left: float32x4_t, right: float32x4_t) -> float32x4_t {
        unsafe { vaddq_f32(left, right) }
    }
    #[inline(always)]
    unsafe fn store(numbers: float32x4_t, at: *mut f32) {
        unsafe { vst1q_f32(at, numbers) }
    }
}

/// # Safety
/// The processor has the dot product instructions.
#[target_feature(enable = "neon,dotprod")]
pub(super) unsafe fn neon_dot(call: &mut Call<'_>) {
    for panel in 0..call.columns().n_panels() {
        // SAFETY: the panel is one of the call's. 24 of the 32 registers hold sums.
        unsafe { group::<NeonDot, 6, 4>(call, panel) }
    }
}
