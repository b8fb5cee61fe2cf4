//! Byte products with the dot products of relaxed SIMD, an extension of WebAssembly.
//!
//! They are defined for activations of seven bits; what eight bits mean is up to the engine, which uses the instructions of its CPU.

use core::arch::wasm32::*;

use super::tile::{Lanes, group};
use crate::model::int8::operands::Operands;

/// What an engine makes of activations of eight bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Unsigned bytes, as x86-64 with VNNI.
    Unsigned,
    /// Signed bytes, as Arm with dot products.
    Signed,
}

impl Way {
    /// The way of this engine; none if sums saturate on the way, as on x86-64 without VNNI.
    pub(crate) fn of_engine() -> Option<Self> {
        let dot = |weight: i8, byte: u8| {
            let sums = i32x4_relaxed_dot_i8x16_i7x16_add(i8x16_splat(weight), u8x16_splat(byte), i32x4_splat(0));
            i32x4_extract_lane::<0>(sums)
        };
        let is = |read: fn(u8) -> i32| {
            let agrees = |weight: i8| (0..=255).all(|byte| dot(weight, byte) == 4 * i32::from(weight) * read(byte));
            agrees(-127) && agrees(-1) && agrees(127)
        };
        if is(i32::from) {
            Some(Self::Unsigned)
        } else if is(|byte| i32::from(byte.cast_signed())) {
            Some(Self::Signed)
        } else {
            None
        }
    }
}

/// Dot products of four signed weights and four activations: unsigned ones, or, if `MOVED`, signed ones that are 128 less.
struct Relaxed<const MOVED: bool>;

impl<const MOVED: bool> Lanes for Relaxed<MOVED> {
    const N: usize = 4;
    const MOVED: bool = MOVED;
    type Sums = v128;
    type Weights = v128;
    type Bytes = v128;

    // SAFETY, for all methods: the caller guarantees that pointers are valid for all bytes read or written.
    #[inline(always)]
    unsafe fn zero() -> v128 {
        i32x4_splat(0)
    }
    #[inline(always)]
    unsafe fn weights(at: *const i8) -> v128 {
        unsafe { v128_load(at.cast()) }
    }
    #[inline(always)]
    unsafe fn bytes(four: u32) -> v128 {
        u32x4_splat(if MOVED { four ^ 0x8080_8080 } else { four })
    }
    #[inline(always)]
    unsafe fn dot(sums: v128, bytes: v128, weights: v128) -> v128 {
        i32x4_relaxed_dot_i8x16_i7x16_add(weights, bytes, sums)
    }
    #[inline(always)]
    unsafe fn subtract(left: v128, right: v128) -> v128 {
        i32x4_sub(left, right)
    }
    #[inline(always)]
    unsafe fn store(sums: v128, at: *mut i32) {
        unsafe { v128_store(at.cast(), sums) }
    }
}

/// # Safety
/// The operands must be as [`Operands`] says, and `way` that of the engine.
pub(crate) unsafe fn relaxed(way: Way, on: Operands) {
    for panel in 0..on.n_panels {
        // SAFETY: the panel is one of the operands'. 8 of the 16 registers of x86-64 hold sums, 4 weights.
        unsafe {
            match way {
                Way::Unsigned => group::<Relaxed<false>, 2, 4>(on, panel),
                Way::Signed => group::<Relaxed<true>, 2, 4>(on, panel),
            }
        }
    }
}
