/* The radius index on damaged parts, built with the address and undefined-behaviour sanitizers by scripts/fuzz.py: what
 * tb_radius_check lets through is asked, and nothing outside it may be read. Argument: seconds to run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "takeback.h"

static uint32_t seed;

static uint32_t drawn(uint32_t below) {
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % below;
}

static void *buffer(size_t size) {
  void *made = NULL;
  if (posix_memalign(&made, 64, size ? size : 1)) exit(2);
  return made;
}

static uint8_t *built(size_t count, size_t *size) {
  uint8_t *values = buffer(count * TB_PDQ_BYTES);
  uint64_t *ids = buffer(count * sizeof *ids);
  const unsigned parity = drawn(2), radius = drawn(2) ? drawn(20) : 31;
  const uint32_t kinds = drawn(4) ? 256 : 1 + drawn(3); /* sometimes the same few buckets */
  for (size_t i = 0; i < count * TB_PDQ_BYTES; i++) values[i] = (uint8_t)drawn(kinds);
  for (size_t i = 0; i < count; i++) ids[i] = drawn(2) ? i : (uint64_t)drawn(1u << 24) << 38;
  *size = tb_radius_size(values, ids, count, parity, radius);
  uint8_t *part = *size ? buffer(*size) : NULL;
  if (part) {
    void *scratch = buffer(tb_radius_scratch(count));
    if (tb_radius_begin(part, *size, values, ids, count, parity, radius, scratch) != 0) abort();
    for (unsigned chunk = 0; chunk < 16; chunk++) tb_radius_chunk(part, chunk, scratch);
    if (tb_radius_check(part, *size) != 0) abort();
    free(scratch);
  }
  free(values);
  free(ids);
  return part;
}

static void damage(uint8_t *part, size_t size) {
  for (uint32_t changes = drawn(3) ? drawn(20) : drawn(100000); changes; changes--) {
    const size_t at = 64 + ((size_t)drawn(1u << 24) << 8 | drawn(256)) % (size - 64);
    part[at] = drawn(2) ? (uint8_t)drawn(256) : (uint8_t)(part[at] ^ 1u << drawn(8));
  }
  if (drawn(8) == 0) part[drawn(64)] ^= (uint8_t)(1u << drawn(8)); /* its beginning: mostly refused */
}

static void ask(const uint8_t *part) {
  enum { QUERIES = 5 };
  uint8_t queries[QUERIES][TB_PDQ_BYTES];
  uint16_t radii[QUERIES];
  struct tb_found found[32];
  void *delta = buffer(tb_delta_size(10, 10));
  const void *layers[] = {part, delta};
  tb_delta_begin(delta, 10, 10);
  for (size_t i = 0; i < sizeof queries; i++) queries[i / TB_PDQ_BYTES][i % TB_PDQ_BYTES] = (uint8_t)drawn(256);
  for (int i = 0; i < QUERIES; i++) radii[i] = (uint16_t)drawn(drawn(4) ? 60 : 65536);
  for (int i = 0; i < 12; i++) {
    if (tb_delta_insert(delta, queries[0], drawn(1000)) != (i < 10 ? 0 : -1)) abort();
    tb_delta_delete(delta, drawn(1000));
  }
  for (int path = TB_PATH_BEST; path <= TB_PATH_AVX512; path++)
    if (tb_radius_path(path) >= 0) tb_radius_within(layers, 2, queries[0], radii, QUERIES, path, found, 32);
  free(delta);
}

int main(int argc, char **argv) {
  const time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10);
  unsigned long parts = 0, asked = 0;
  seed = (uint32_t)time(NULL);
  printf("seed %u\n", seed);
  for (; time(NULL) < end; parts++) {
    size_t size;
    uint8_t *part = built(drawn(3) ? drawn(40) : 30000, &size);
    if (!part) continue;
    ask(part);
    for (int round = 0; round < 5; round++) {
      damage(part, size);
      if (tb_radius_check(part, size) != 0) break;
      ask(part);
      asked++;
    }
    free(part);
  }
  printf("%lu parts, asked %lu times when damaged\n", parts, asked);
  return 0;
}
