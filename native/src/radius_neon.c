/* The radius index for NEON, which every 64-bit ARM has: eight chunks at a time. */
#include "radius_internal.h"

#if defined(__aarch64__) && defined(__GNUC__)
#include <arm_neon.h>

#define TB_WALK tb_walk_neon
#define TB_LANES 8u
#define ones64(word) ((unsigned)__builtin_popcountll(word))

static inline uint64_t near_lanes(const uint8_t *words, uint16_t wanted, unsigned most) {
  static const uint16_t LANE[8] = {1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t other = veorq_u8(vld1q_u8(words), vreinterpretq_u8_u16(vdupq_n_u16(wanted)));
  const uint16x8_t near = vcleq_u16(vpaddlq_u8(vcntq_u8(other)), vdupq_n_u16((uint16_t)most));
  return vaddvq_u16(vandq_u16(near, vld1q_u16(LANE)));
}

#include "radius_walk.h"
#endif
