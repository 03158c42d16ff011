/* The radius index for AVX2: 32 chunks at a time, their set bits looked up by nibble. */
#include "radius_internal.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,popcnt")
#endif

#define TB_WALK tb_walk_avx2
#define TB_LANES 32u
#define ones64(word) ((unsigned)__builtin_popcountll(word))

/* Set bits of sixteen chunks that differ from one. */
static inline __m256i ones_of(const uint8_t *words, __m256i wanted) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, /* twice */
                                         0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i other = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(const void *)words), wanted);
  const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(other, nibble));
  const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(other, 4), nibble));
  return _mm256_maddubs_epi16(_mm256_add_epi8(low, high), _mm256_set1_epi8(1));
}

static inline uint64_t near_lanes(const uint8_t *words, uint16_t wanted, unsigned most) {
  const __m256i all = _mm256_set1_epi16((short)wanted), beyond = _mm256_set1_epi16((short)(most + 1));
  const __m256i first = _mm256_cmpgt_epi16(beyond, ones_of(words, all));
  const __m256i second = _mm256_cmpgt_epi16(beyond, ones_of(words + 32, all));
  /* Packing works within each half: put the quarters back in order. */
  const __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi16(first, second), 0xd8);
  return (uint32_t)_mm256_movemask_epi8(both);
}

#include "radius_walk.h"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
