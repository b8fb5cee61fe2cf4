//! How does each processor multiply bytes? The only file with `unsafe`.
//!
//! One driver cuts a product into tiles of a few rows and a few vectors of columns whose sums stay in registers; a processor says what
//! a vector is and how four bytes are multiplied with four bytes in every lane. All kernels compute the same integers, and round
//! the same way when they leave them, so that they agree to the last bit with each other and with plain code.
#![allow(unsafe_code)]

use super::product::{Call, PANEL, Store};

/// A kernel that this processor can run: only [`available`](Self::available) makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Simd(Set);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    /// 512 bits, dot products of four bytes in one instruction.
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
    /// 256 bits, the same.
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    /// 256 bits, bytes widened to 16 bits.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// 128 bits, dot products of four bytes in one instruction.
    #[cfg(target_arch = "aarch64")]
    NeonDot,
}

impl Simd {
    /// Those that this processor can run, the fastest first.
    pub(crate) fn available() -> Vec<Self> {
        let mut found = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni") {
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
        found
    }

    /// Computes a product.
    pub(super) fn run(self, call: &mut Call<'_>) {
        match self.0 {
            // SAFETY: `available` saw that the processor has AVX-512 F and VNNI.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512Vnni => unsafe { x86::avx512_vnni(call) },
            // SAFETY: `available` saw that the processor has AVX-VNNI, AVX2 and FMA.
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni => unsafe { x86::avx_vnni(call) },
            // SAFETY: `available` saw that the processor has AVX2 and FMA.
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => unsafe { x86::avx2(call) },
            // SAFETY: `available` saw that the processor has the dot product instructions.
            #[cfg(target_arch = "aarch64")]
            Set::NeonDot => unsafe { arm::neon_dot(call) },
        }
    }
}

/// Vectors of 32-bit lanes, one a column; the methods need the processor to have the instructions that the type stands for.
trait Lanes {
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
    /// `(sums - zero * column_sums) * (scale * column_scales) + shifts`, with one rounding behind the product of the scales.
    unsafe fn finish(
        sums: Self::Sums,
        point: (i32, f32),
        columns: (*const i32, *const f32, *const f32),
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
unsafe fn group<L: Lanes, const R: usize, const V: usize>(call: &mut Call<'_>, panel: usize) {
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

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{Call, Lanes, group};

    struct Avx512Vnni;

    impl Lanes for Avx512Vnni {
        const N: usize = 16;
        type Sums = __m512i;
        type Weights = __m512i;
        type Bytes = __m512i;
        type Numbers = __m512;

        // SAFETY, for all methods: the caller has the instructions, and pointers to as many bytes as are read or written.
        #[inline(always)]
        unsafe fn zero() -> __m512i {
            unsafe { _mm512_setzero_si512() }
        }
        #[inline(always)]
        unsafe fn weights(at: *const i8) -> __m512i {
            unsafe { _mm512_loadu_si512(at.cast()) }
        }
        #[inline(always)]
        unsafe fn bytes(at: *const u8) -> __m512i {
            unsafe { _mm512_set1_epi32(at.cast::<i32>().read_unaligned()) }
        }
        #[inline(always)]
        unsafe fn dot(sums: __m512i, bytes: __m512i, weights: __m512i) -> __m512i {
            unsafe { _mm512_dpbusd_epi32(sums, bytes, weights) }
        }
        #[inline(always)]
        unsafe fn finish(
            sums: __m512i,
            (zero, scale): (i32, f32),
            (column_sums, scales, shifts): (*const i32, *const f32, *const f32),
        ) -> __m512 {
            unsafe {
                let offset = _mm512_mullo_epi32(_mm512_set1_epi32(zero), _mm512_loadu_si512(column_sums.cast()));
                let number = _mm512_cvtepi32_ps(_mm512_sub_epi32(sums, offset));
                let scale = _mm512_mul_ps(_mm512_set1_ps(scale), _mm512_loadu_ps(scales));
                _mm512_fmadd_ps(number, scale, _mm512_loadu_ps(shifts))
            }
        }
        #[inline(always)]
        unsafe fn load(at: *const f32) -> __m512 {
            unsafe { _mm512_loadu_ps(at) }
        }
        #[inline(always)]
        unsafe fn add(left: __m512, right: __m512) -> __m512 {
            unsafe { _mm512_add_ps(left, right) }
        }
        #[inline(always)]
        unsafe fn store(numbers: __m512, at: *mut f32) {
            unsafe { _mm512_storeu_ps(at, numbers) }
        }
    }

    /// # Safety
    /// The processor has AVX-512 F and VNNI.
    #[target_feature(enable = "avx512f,avx512vnni")]
    pub(super) unsafe fn avx512_vnni(call: &mut Call<'_>) {
        let n = call.columns().n_panels();
        let mut panel = 0;
        while panel < n {
            // SAFETY: the group ends with the panels. 24 of the 32 registers hold sums, whatever the shape of the group.
            unsafe {
                panel += match n - panel {
                    1 => {
                        group::<Avx512Vnni, 12, 1>(call, panel);
                        1
                    }
                    2 => {
                        group::<Avx512Vnni, 12, 2>(call, panel);
                        2
                    }
                    3 | 6 => {
                        group::<Avx512Vnni, 8, 3>(call, panel);
                        3
                    }
                    _ => {
                        group::<Avx512Vnni, 6, 4>(call, panel);
                        4
                    }
                };
            }
        }
    }

    /// What the kernels of 256 bits share.
    macro_rules! lanes_256 {
        ($name:ident, $bytes:ty, $weights:ty) => {
            impl Lanes for $name {
                const N: usize = 8;
                type Sums = __m256i;
                type Weights = $weights;
                type Bytes = $bytes;
                type Numbers = __m256;

                // SAFETY, for all methods: as above.
                #[inline(always)]
                unsafe fn zero() -> __m256i {
                    unsafe { _mm256_setzero_si256() }
                }
                #[inline(always)]
                unsafe fn weights(at: *const i8) -> Self::Weights {
                    unsafe { $name::split_weights(_mm256_loadu_si256(at.cast())) }
                }
                #[inline(always)]
                unsafe fn bytes(at: *const u8) -> Self::Bytes {
                    unsafe { $name::split_bytes(_mm256_set1_epi32(at.cast::<i32>().read_unaligned())) }
                }
                #[inline(always)]
                unsafe fn dot(sums: __m256i, bytes: Self::Bytes, weights: Self::Weights) -> __m256i {
                    unsafe { $name::multiply(sums, bytes, weights) }
                }
                #[inline(always)]
                unsafe fn finish(
                    sums: __m256i,
                    (zero, scale): (i32, f32),
                    (column_sums, scales, shifts): (*const i32, *const f32, *const f32),
                ) -> __m256 {
                    unsafe {
                        let offset =
                            _mm256_mullo_epi32(_mm256_set1_epi32(zero), _mm256_loadu_si256(column_sums.cast()));
                        let number = _mm256_cvtepi32_ps(_mm256_sub_epi32(sums, offset));
                        let scale = _mm256_mul_ps(_mm256_set1_ps(scale), _mm256_loadu_ps(scales));
                        _mm256_fmadd_ps(number, scale, _mm256_loadu_ps(shifts))
                    }
                }
                #[inline(always)]
                unsafe fn load(at: *const f32) -> __m256 {
                    unsafe { _mm256_loadu_ps(at) }
                }
                #[inline(always)]
                unsafe fn add(left: __m256, right: __m256) -> __m256 {
                    unsafe { _mm256_add_ps(left, right) }
                }
                #[inline(always)]
                unsafe fn store(numbers: __m256, at: *mut f32) {
                    unsafe { _mm256_storeu_ps(at, numbers) }
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
            // SAFETY: the caller has AVX-VNNI.
            unsafe { _mm256_dpbusd_avx_epi32(sums, bytes, weights) }
        }
    }

    lanes_256!(AvxVnni, __m256i, __m256i);

    /// Bytes at even and at odd places as words of 16 bits: `vpmaddwd` adds two exact products, where `vpmaddubsw` would saturate.
    struct Avx2;

    impl Avx2 {
        // SAFETY, for all methods: the caller has AVX2.
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
    /// The processor has AVX-VNNI, AVX2 and FMA.
    #[target_feature(enable = "avxvnni,avx2,fma")]
    pub(super) unsafe fn avx_vnni(call: &mut Call<'_>) {
        for panel in 0..call.columns().n_panels() {
            // SAFETY: the panel is one of the call's. 12 of the 16 registers hold sums.
            unsafe { group::<AvxVnni, 6, 2>(call, panel) }
        }
    }

    /// # Safety
    /// The processor has AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn avx2(call: &mut Call<'_>) {
        for panel in 0..call.columns().n_panels() {
            // SAFETY: the panel is one of the call's. 8 registers hold sums, 4 the weights, 2 the activations.
            unsafe { group::<Avx2, 4, 2>(call, panel) }
        }
    }
}

#[cfg(target_arch = "aarch64")]
mod arm {
    use std::arch::aarch64::*;
    use std::arch::asm;

    use super::{Call, Lanes, group};

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
            (zero, scale): (i32, f32),
            (column_sums, scales, shifts): (*const i32, *const f32, *const f32),
        ) -> float32x4_t {
            unsafe {
                let number = vcvtq_f32_s32(vmlsq_s32(sums, vdupq_n_s32(zero - 128), vld1q_s32(column_sums)));
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
}
