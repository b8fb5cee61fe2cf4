//! Byte products with the instructions of each CPU. Apart from the call into `gemm`, all `unsafe` code is here.
//!
//! One driver splits a product into tiles of a few rows and a few vectors of columns whose sums stay in registers. Each instruction
//! set defines what a vector is and how every lane multiplies four bytes by four bytes. All kernels compute the same integers. AMX,
//! whose registers are tiles themselves, has its own driver.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
mod amx;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "wasm32")]
mod outside;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod relaxed;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
mod tile;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;

#[cfg(target_arch = "wasm32")]
pub use outside::use_product;

use super::operands::Call;

/// A kernel this CPU can run: only [`available`](Self::available) constructs one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Simd(Set);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    /// Registers of 16 x 64 bytes; one instruction multiplies two of them.
    #[cfg(target_arch = "x86_64")]
    Amx,
    /// 512 bits; one instruction computes dot products of four bytes.
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
    /// 256 bits; one instruction computes dot products of four bytes.
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    /// 256 bits; bytes are widened to 16 bits.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// 128 bits; one instruction computes dot products of four bytes.
    #[cfg(target_arch = "aarch64")]
    NeonDot,
    /// What somebody else computes.
    #[cfg(target_arch = "wasm32")]
    Outside,
    /// 128 bits; one instruction computes dot products of four bytes.
    #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
    Relaxed(relaxed::Way),
    /// 128 bits; bytes are widened to 16 bits.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd128,
}

impl Simd {
    /// The kernels this CPU can run, fastest first.
    pub(crate) fn available() -> Vec<Self> {
        let mut found = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni") {
                if amx::is_available() {
                    found.push(Self(Set::Amx));
                }
                found.push(Self(Set::Avx512Vnni));
            }
            if avx2 && is_x86_feature_detected!("avxvnni") {
                found.push(Self(Set::AvxVnni));
            }
            if avx2 {
                found.push(Self(Set::Avx2));
            }
        }
        #[cfg(target_arch = "aarch64")]
        if std::arch::is_aarch64_feature_detected!("dotprod") {
            found.push(Self(Set::NeonDot));
        }
        // WebAssembly has no detection: a module that names an instruction that the engine lacks does not load.
        #[cfg(target_arch = "wasm32")]
        if outside::product().is_some() {
            found.push(Self(Set::Outside));
        }
        #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
        found.extend(relaxed::Way::of_engine().map(|way| Self(Set::Relaxed(way))));
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        found.push(Self(Set::Simd128));
        found
    }

    /// The name of the instruction set.
    pub(super) fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Set::Amx => "AMX",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512Vnni => "AVX-512 VNNI",
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni => "AVX-VNNI",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => "AVX2",
            #[cfg(target_arch = "aarch64")]
            Set::NeonDot => "NEON dot product",
            #[cfg(target_arch = "wasm32")]
            Set::Outside => "relaxed SIMD",
            #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
            Set::Relaxed(_) => "relaxed SIMD",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Set::Simd128 => "SIMD128",
        }
    }

    pub(super) fn run(self, call: &mut Call<'_>) {
        match self.0 {
            // SAFETY: `available` checked that the CPU has AMX, AVX-512 F and VNNI, and that the system allows AMX.
            #[cfg(target_arch = "x86_64")]
            Set::Amx => unsafe { amx::amx(call) },
            // SAFETY: `available` checked that the CPU has AVX-512 F and VNNI.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512Vnni => unsafe { avx512::avx512_vnni(call) },
            // SAFETY: `available` checked that the CPU has AVX-VNNI, AVX2 and FMA.
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni => unsafe { avx2::avx_vnni(call) },
            // SAFETY: `available` checked that the CPU has AVX2 and FMA.
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => unsafe { avx2::avx2(call) },
            // SAFETY: `available` checked that the CPU has the dot product instructions.
            #[cfg(target_arch = "aarch64")]
            Set::NeonDot => unsafe { neon::neon_dot(call) },
            #[cfg(target_arch = "wasm32")]
            Set::Outside => outside::run(call),
            // SAFETY: the operands are a call's, and the way is the engine's.
            #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
            Set::Relaxed(way) => unsafe { relaxed::relaxed(way, call.operands()) },
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Set::Simd128 => wasm::simd128(call),
        }
    }
}
