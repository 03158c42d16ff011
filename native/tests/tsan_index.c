/* Readers of the radius index while a writer changes it, built with the thread sanitizer by
 * tests/durability/test_index.py. What is certain at any moment is checked as well. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "takeback.h"

enum { PART_VALUES = 12000, DELTA_VALUES = 2000, READERS = 2, ROUNDS = 15 };

static void *part, *delta;
static uint8_t values[PART_VALUES + DELTA_VALUES][TB_PDQ_BYTES];
static uint64_t ids[PART_VALUES + DELTA_VALUES];
static _Atomic uint32_t inserted, deleted; /* done by the writer before these say so */
static _Atomic int done;

static void *buffer(size_t size) {
  void *made = aligned_alloc(64, (size + 63) / 64 * 64);
  if (!made) exit(2);
  return made;
}

static void build(void) {
  const size_t size = tb_radius_size(values[0], ids, PART_VALUES, 0, 31);
  void *scratch = buffer(tb_radius_scratch(PART_VALUES));
  part = buffer(size);
  if (tb_radius_begin(part, size, values[0], ids, PART_VALUES, 0, 31, scratch) != 0) abort();
  for (unsigned chunk = 0; chunk < 16; chunk++) tb_radius_chunk(part, chunk, scratch);
  free(scratch);
}

static void *change(void *unused) {
  for (uint32_t at = 0; at < DELTA_VALUES; at++) {
    if (tb_delta_insert(delta, values[PART_VALUES + at], ids[PART_VALUES + at]) != 0) abort();
    atomic_store(&inserted, at + 1);
    if (at % 2 == 0 && tb_delta_delete(delta, ids[at]) != 0) abort();      /* of the part */
    if (at % 16 == 0 && tb_delta_delete(delta, ids[PART_VALUES + at]) != 0) abort(); /* of the delta */
    atomic_store(&deleted, at + 1);
  }
  atomic_store(&done, 1);
  return unused;
}

static int finds(uint32_t at, uint16_t radius, int path) {
  const void *layers[] = {part, delta};
  struct tb_found found[64];
  const size_t count = tb_radius_within(layers, 2, values[at], &radius, 1, path, found, 64);
  for (size_t i = 0; i < count && i < 64; i++)
    if (found[i].id == ids[at]) return 1;
  return 0;
}

static void *ask(void *seed) {
  uint32_t drawn = (uint32_t)(uintptr_t)seed;
  do {
    sched_yield(); /* two readers on two cores would keep the writer out, where threads run first in, first out */
    const uint32_t now_in = atomic_load(&inserted), now_out = atomic_load(&deleted);
    drawn = drawn * 1664525u + 1013904223u;
    uint32_t at = (drawn >> 8) % PART_VALUES;
    const int found = finds(at, (uint16_t)(drawn >> 28), (drawn >> 20) % 2 ? TB_PATH_BEST : TB_PATH_PORTABLE);
    if (at < now_out && at % 2 == 0 && found) abort(); /* deleted before we asked */
    if ((at % 2 || at >= DELTA_VALUES) && !found) abort(); /* never deleted */
    if (now_in == 0 || (at = (drawn >> 8) % now_in) % 16 == 0) continue;
    if (!finds(PART_VALUES + at, 0, TB_PATH_BEST)) abort(); /* inserted before we asked */
  } while (!atomic_load(&done));
  return NULL;
}

int main(void) {
  uint32_t seed = 1;
  for (size_t i = 0; i < PART_VALUES + DELTA_VALUES; i++) {
    for (size_t b = 0; b < TB_PDQ_BYTES; b++) values[i][b] = (uint8_t)((seed = seed * 1664525u + 1013904223u) >> 16);
    unsigned odd = 0;
    for (size_t b = 0; b < TB_PDQ_BYTES; b++) odd ^= (unsigned)__builtin_popcount(values[i][b]) & 1;
    values[i][0] ^= (uint8_t)odd;
    ids[i] = i;
  }
  build();
  for (int round = 0; round < ROUNDS; round++) {
    pthread_t writer, readers[READERS];
    delta = buffer(tb_delta_size(DELTA_VALUES, DELTA_VALUES + DELTA_VALUES / 8));
    tb_delta_begin(delta, DELTA_VALUES, DELTA_VALUES + DELTA_VALUES / 8);
    atomic_store(&inserted, 0), atomic_store(&deleted, 0), atomic_store(&done, 0);
    for (uintptr_t i = 0; i < READERS; i++) pthread_create(&readers[i], NULL, ask, (void *)(i + 1));
    pthread_create(&writer, NULL, change, NULL);
    pthread_join(writer, NULL);
    for (int i = 0; i < READERS; i++) pthread_join(readers[i], NULL);
    if (tb_delta_count(delta) != DELTA_VALUES) abort();
    free(delta);
  }
  free(part);
  puts("no race");
  return 0;
}
