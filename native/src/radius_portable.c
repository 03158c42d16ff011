/* The radius index in plain C. */
#include "radius_internal.h"

#define TB_WALK tb_walk_portable
#define TB_LANES 4u
#define ones64 tb_ones

static inline uint64_t near_lanes(const uint8_t *words, uint16_t wanted, unsigned most) {
  uint64_t ones = tb_word(words) ^ 0x0001000100010001ull * wanted, near = 0;
  ones -= (ones >> 1) & 0x5555555555555555ull;
  ones = (ones & 0x3333333333333333ull) + ((ones >> 2) & 0x3333333333333333ull);
  ones = (ones + (ones >> 4)) & 0x0f0f0f0f0f0f0f0full;
  ones = (ones + (ones >> 8)) & 0x001f001f001f001full; /* of each chunk */
  for (unsigned lane = 0; lane < TB_LANES; lane++) near |= (uint64_t)((ones >> 16 * lane & 31) <= most) << lane;
  return near;
}

#include "radius_walk.h"
