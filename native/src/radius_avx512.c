/* The radius index for AVX-512 with BITALG and VPOPCNTDQ (Ice Lake, Zen 4 and later): 32 chunks at a time. */
#include "radius_internal.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512bitalg,avx512vpopcntdq,bmi,popcnt"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512bitalg,avx512vpopcntdq,bmi,popcnt")
#endif

#define TB_WALK tb_walk_avx512
#define TB_LANES 32u
#define ones64(word) ((unsigned)__builtin_popcountll(word))

static inline uint64_t near_lanes(const uint8_t *words, uint16_t wanted, unsigned most) {
  const __m512i other = _mm512_xor_si512(_mm512_loadu_si512(words), _mm512_set1_epi16((short)wanted));
  return _mm512_cmple_epu16_mask(_mm512_popcnt_epi16(other), _mm512_set1_epi16((short)most));
}

#include "radius_walk.h"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
