//! Byte products in 512-bit vectors.

use std::arch::x86_64::*;

use super::tile::{Lanes, group};
use crate::model::int8::operands::Call;

pub(super) struct Avx512Vnni;

impl Lanes for Avx512Vnni {
    const N: usize = 16;
    type Sums = __m512i;
    type Weights = __m512i;
    type Bytes = __m512i;

    // SAFETY, for all methods: the caller guarantees the instructions, and that pointers are valid for all bytes read or written.
    #[inline(always)]
    unsafe fn zero() -> __m512i {
        unsafe { _mm512_setzero_si512() }
    }
    #[inline(always)]
    unsafe fn weights(at: *const i8) -> __m512i {
        unsafe { _mm512_loadu_si512(at.cast()) }
    }
    #[inline(always)]
    unsafe fn bytes(four: u32) -> __m512i {
        unsafe { _mm512_set1_epi32(four.cast_signed()) }
    }
    #[inline(always)]
    unsafe fn dot(sums: __m512i, bytes: __m512i, weights: __m512i) -> __m512i {
        unsafe { _mm512_dpbusd_epi32(sums, bytes, weights) }
    }
    #[inline(always)]
    unsafe fn subtract(left: __m512i, right: __m512i) -> __m512i {
        unsafe { _mm512_sub_epi32(left, right) }
    }
    #[inline(always)]
    unsafe fn store(sums: __m512i, at: *mut i32) {
        unsafe { _mm512_storeu_si512(at.cast(), sums) }
    }
}

/// # Safety
/// The CPU must support AVX-512 F and VNNI.
#[target_feature(enable = "avx512f,avx512vnni")]
pub(super) unsafe fn avx512_vnni(call: &mut Call<'_>) {
    let on = call.operands();
    let n = on.n_panels;
    let mut panel = 0;
    while panel < n {
        // SAFETY: the group ends with the panels. 24 of the 32 registers hold sums, whatever the shape of the group.
        unsafe {
            panel += match n - panel {
                1 => {
                    group::<Avx512Vnni, 12, 1>(on, panel);
                    1
                }
                2 => {
                    group::<Avx512Vnni, 12, 2>(on, panel);
                    2
                }
                3 | 6 => {
                    group::<Avx512Vnni, 8, 3>(on, panel);
                    3
                }
                _ => {
                    group::<Avx512Vnni, 6, 4>(on, panel);
                    4
                }
            };
        }
    }
}
