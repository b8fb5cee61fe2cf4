/* Measures the peak rate of the CPU's multipliers: one thread, nothing but multiply-adds on registers.
 *
 *     cc -O2 -o peak peak.c && ./peak
 *
 * Prints one line for each kind that this CPU has: name, operations per second. A multiply-add counts as two.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

/* The best of several runs of 20 ms: what the CPU can do, not what other processes leave of it. */
static void measure(const char *name, double per_step, void (*steps)(long)) {
    double best = 0;
    long n = 100000;
    for (int i = 0; i < 25; i++) {
        double before = now();
        steps(n);
        double seconds = now() - before;
        if (n * per_step / seconds > best) best = n * per_step / seconds;
        if (seconds < 0.02) n *= 2;
    }
    printf("%s %.6g\n", name, best);
}

#if defined(__x86_64__)
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#define CHAINS 14
#define EACH(i) for (int i = 0; i < CHAINS; i++)

__attribute__((target("avx512f"))) static void f32_avx512(long n) {
    __m512 sums[CHAINS], a = _mm512_set1_ps(1.0f), b = _mm512_set1_ps(1e-9f);
    EACH(i) sums[i] = _mm512_setzero_ps();
    while (n--) {
#pragma GCC unroll 14
        EACH(i) sums[i] = _mm512_fmadd_ps(a, b, sums[i]);
        __asm__ volatile("" : "+v"(a), "+v"(b));
    }
    EACH(i) __asm__ volatile("" ::"v"(sums[i]));
}

__attribute__((target("avx2,fma"))) static void f32_avx2(long n) {
    __m256 sums[CHAINS], a = _mm256_set1_ps(1.0f), b = _mm256_set1_ps(1e-9f);
    EACH(i) sums[i] = _mm256_setzero_ps();
    while (n--) {
#pragma GCC unroll 14
        EACH(i) sums[i] = _mm256_fmadd_ps(a, b, sums[i]);
        __asm__ volatile("" : "+x"(a), "+x"(b));
    }
    EACH(i) __asm__ volatile("" ::"x"(sums[i]));
}

__attribute__((target("avx512f,avx512vnni"))) static void int8_avx512_vnni(long n) {
    __m512i sums[CHAINS], a = _mm512_set1_epi8(1), b = _mm512_set1_epi8(1);
    EACH(i) sums[i] = _mm512_setzero_si512();
    while (n--) {
#pragma GCC unroll 14
        EACH(i) sums[i] = _mm512_dpbusd_epi32(sums[i], a, b);
        __asm__ volatile("" : "+v"(a), "+v"(b));
    }
    EACH(i) __asm__ volatile("" ::"v"(sums[i]));
}

__attribute__((target("avx2"))) static void int8_avx2(long n) {
    /* vpmaddubsw, vpmaddwd and vpaddd, as there is no instruction for all three. */
    __m256i sums[CHAINS / 2], a = _mm256_set1_epi8(1), b = _mm256_set1_epi8(1), ones = _mm256_set1_epi16(1);
    for (int i = 0; i < CHAINS / 2; i++) sums[i] = _mm256_setzero_si256();
    while (n--) {
#pragma GCC unroll 7
        for (int i = 0; i < CHAINS / 2; i++) {
            __m256i products = _mm256_maddubs_epi16(a, b);
            __asm__ volatile("" : "+x"(products));
            sums[i] = _mm256_add_epi32(sums[i], _mm256_madd_epi16(products, ones));
        }
        __asm__ volatile("" : "+x"(a), "+x"(b));
    }
    for (int i = 0; i < CHAINS / 2; i++) __asm__ volatile("" ::"x"(sums[i]));
}

#if defined(__linux__) && (__GNUC__ >= 11 || __clang_major__ >= 12)
#define AMX
/* Four sums of 16 x 16 integers from a 2 x 2 arrangement of blocks of 16 x 64 bytes: the shape that keeps the unit busy. */
__attribute__((target("amx-tile,amx-int8"))) static void int8_amx(long n) {
    static const uint8_t bytes[16 * 64] __attribute__((aligned(64)));
    struct { uint8_t palette, row, zero[14]; uint16_t columns[16]; uint8_t rows[16]; } shape;
    memset(&shape, 0, sizeof shape);
    shape.palette = 1;
    for (int i = 0; i < 8; i++) shape.columns[i] = 64, shape.rows[i] = 16;
    /* Some compilers assume that the next line only reads eight bytes. */
    __asm__ volatile("" ::"r"(&shape) : "memory");
    _tile_loadconfig(&shape);
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    _tile_loadd(4, bytes, 64);
    _tile_loadd(5, bytes, 64);
    _tile_loadd(6, bytes, 64);
    _tile_loadd(7, bytes, 64);
    while (n--) {
        _tile_dpbusd(0, 4, 6);
        _tile_dpbusd(1, 4, 7);
        _tile_dpbusd(2, 5, 6);
        _tile_dpbusd(3, 5, 7);
    }
    _tile_release();
}

/* Whether the CPU has tiles and the system lets this process use them. */
static int has_amx(void) {
    unsigned a, b, c, d;
    __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(7), "c"(0));
    int tiles = d >> 24 & 1, int8 = d >> 25 & 1;
    return tiles && int8 && syscall(SYS_arch_prctl, 0x1023, 18) == 0;
}
#endif

int main(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) measure("f32", CHAINS * 16 * 2.0, f32_avx512);
    else if (__builtin_cpu_supports("fma")) measure("f32", CHAINS * 8 * 2.0, f32_avx2);
    if (__builtin_cpu_supports("avx512vnni")) measure("int8-vnni", CHAINS * 64 * 2.0, int8_avx512_vnni);
    else if (__builtin_cpu_supports("avx2")) measure("int8-avx2", CHAINS / 2 * 32 * 2.0, int8_avx2);
#ifdef AMX
    if (has_amx()) measure("int8-amx", 4 * 16 * 16 * 64 * 2.0, int8_amx);
#endif
    return 0;
}

#elif defined(__aarch64__)
#include <arm_neon.h>
#define CHAINS 24
#define EACH(i) for (int i = 0; i < CHAINS; i++)

static void f32_neon(long n) {
    float32x4_t sums[CHAINS], a = vdupq_n_f32(1.0f), b = vdupq_n_f32(1e-9f);
    EACH(i) sums[i] = vdupq_n_f32(0);
    while (n--) {
#pragma GCC unroll 24
        EACH(i) sums[i] = vfmaq_f32(sums[i], a, b);
        __asm__ volatile("" : "+w"(a), "+w"(b));
    }
    EACH(i) __asm__ volatile("" ::"w"(sums[i]));
}

#if defined(__ARM_FEATURE_DOTPROD)
static void int8_neon(long n) {
    int32x4_t sums[CHAINS];
    int8x16_t a = vdupq_n_s8(1), b = vdupq_n_s8(1);
    EACH(i) sums[i] = vdupq_n_s32(0);
    while (n--) {
#pragma GCC unroll 24
        EACH(i) sums[i] = vdotq_s32(sums[i], a, b);
        __asm__ volatile("" : "+w"(a), "+w"(b));
    }
    EACH(i) __asm__ volatile("" ::"w"(sums[i]));
}
#endif

int main(void) {
    measure("f32", CHAINS * 4 * 2.0, f32_neon);
#if defined(__ARM_FEATURE_DOTPROD)
    measure("int8-dot", CHAINS * 16 * 2.0, int8_neon);
#endif
    return 0;
}
#else
#error "no loop for this CPU"
#endif
