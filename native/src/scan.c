/* All 256-bit values near a query, by looking at every one of them: exact, and enough for a list of some 10^5.
 *
 * A faster index answers the same question behind the same interface later; this one is its oracle.
 */
#include "takeback.h"

#define M1 0x5555555555555555ull
#define M2 0x3333333333333333ull
#define M4 0x0f0f0f0f0f0f0f0full

/* Set bits of a word, in arithmetic that every compiler vectorises or recognises. */
static unsigned ones(uint64_t word) {
  word -= (word >> 1) & M1;
  word = (word & M2) + ((word >> 2) & M2);
  word = (word + (word >> 4)) & M4;
  return (unsigned)((word * 0x0101010101010101ull) >> 56);
}

static uint64_t word_at(const uint8_t *bytes) { /* any byte order will do, as long as both sides share it */
  uint64_t word = 0;
  for (int i = 0; i < 8; i++) word |= (uint64_t)bytes[i] << (8 * i);
  return word;
}

size_t tb_scan_256(const uint8_t *values, size_t count, const uint8_t query[TB_PDQ_BYTES], unsigned radius,
                   uint32_t *positions, uint16_t *distances, size_t capacity) {
  uint64_t wanted[4];
  size_t found = 0;
  for (int i = 0; i < 4; i++) wanted[i] = word_at(query + 8 * i);
  for (size_t position = 0; position < count; position++) {
    const uint8_t *value = values + position * TB_PDQ_BYTES;
    unsigned distance = 0;
    for (int i = 0; i < 4; i++) distance += ones(word_at(value + 8 * i) ^ wanted[i]);
    if (distance > radius) continue;
    if (found < capacity) {
      positions[found] = (uint32_t)position;
      distances[found] = (uint16_t)distance;
    }
    found++;
  }
  return found;
}
