//! Byte products in 256-bit vectors.

use std::arch::x86_64::*;

use super::tile::{Lanes, group};
use crate::model::int8::operands::Call;

/// The code shared by the 256-bit kernels.
macro_rules! lanes_256 {
    ($name:ident, $bytes:ty, $weights:ty) => {
        impl Lanes for $name {
            const N: usize = 8;
            type Sums = __m256i;
            type Weights = $weights;
            type Bytes = $bytes;

            // SAFETY, for all methods: the caller guarantees the instructions, and that pointers are valid for all bytes read or written.
            #[inline(always)]
            unsafe fn zero() -> __m256i {
                unsafe { _mm256_setzero_si256() }
            }
            #[inline(always)]
            unsafe fn weights(at: *const i8) -> Self::Weights {
                unsafe { $name::split_weights(_mm256_loadu_si256(at.cast())) }
            }
            #[inline(always)]
            unsafe fn bytes(four: u32) -> Self::Bytes {
                unsafe { $name::split_bytes(_mm256_set1_epi32(four.cast_signed())) }
            }
            #[inline(always)]
            unsafe fn dot(sums: __m256i, bytes: Self::Bytes, weights: Self::Weights) -> __m256i {
                unsafe { $name::multiply(sums, bytes, weights) }
            }
            #[inline(always)]
            unsafe fn subtract(left: __m256i, right: __m256i) -> __m256i {
                unsafe { _mm256_sub_epi32(left, right) }
            }
            #[inline(always)]
            unsafe fn store(sums: __m256i, at: *mut i32) {
                unsafe { _mm256_storeu_si256(at.cast(), sums) }
            }
        }
    };
}

struct AvxVnni;

impl AvxVnni {
    #[inline(always)]
    unsafe fn split_weights(weights: __m256i) -> __m256i {
        weights
    }
    #[inline(always)]
    unsafe fn split_bytes(bytes: __m256i) -> __m256i {
        bytes
    }
    #[inline(always)]
    unsafe fn multiply(sums: __m256i, bytes: __m256i, weights: __m256i) -> __m256i {
        // SAFETY: the caller guarantees AVX-VNNI.
        unsafe { _mm256_dpbusd_avx_epi32(sums, bytes, weights) }
    }
}

lanes_256!(AvxVnni, __m256i, __m256i);

/// Bytes at even and odd positions, widened to 16 bits: `vpmaddwd` adds two exact products, whereas `vpmaddubsw` would saturate.
struct Avx2;

impl Avx2 {
    // SAFETY, for all methods: the caller guarantees AVX2.
    #[inline(always)]
    unsafe fn split_weights(weights: __m256i) -> [__m256i; 2] {
        unsafe { [_mm256_srai_epi16(_mm256_slli_epi16(weights, 8), 8), _mm256_srai_epi16(weights, 8)] }
    }
    #[inline(always)]
    unsafe fn split_bytes(bytes: __m256i) -> [__m256i; 2] {
        unsafe { [_mm256_and_si256(bytes, _mm256_set1_epi16(0xff)), _mm256_srli_epi16(bytes, 8)] }
    }
    #[inline(always)]
    unsafe fn multiply(sums: __m256i, bytes: [__m256i; 2], weights: [__m256i; 2]) -> __m256i {
        unsafe {
            let even = _mm256_madd_epi16(bytes[0], weights[0]);
            let odd = _mm256_madd_epi16(bytes[1], weights[1]);
            _mm256_add_epi32(_mm256_add_epi32(sums, even), odd)
        }
    }
}

lanes_256!(Avx2, [__m256i; 2], [__m256i; 2]);

/// # Safety
/// The CPU must support AVX-VNNI, AVX2 and FMA.
#[target_feature(enable = "avxvnni,avx2,fma")]
pub(super) unsafe fn avx_vnni(call: &mut Call<'_>) {
    let on = call.operands();
    for panel in 0..on.n_panels {
        // SAFETY: the panel is one of the call's. 12 of the 16 registers hold sums.
        unsafe { group::<AvxVnni, 6, 2>(on, panel) }
    }
}

/// # Safety
/// The CPU must support AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn avx2(call: &mut Call<'_>) {
    let on = call.operands();
    for panel in 0..on.n_panels {
        // SAFETY: the panel is one of the call's. 8 registers hold sums, 4 the weights, 2 the activations.
        unsafe { group::<Avx2, 4, 2>(on, panel) }
    }
}
