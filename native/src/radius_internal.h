/* What the files of the radius index share. docs/matching-index.md has the idea, the layout and the proof. */
#ifndef TB_RADIUS_INTERNAL_H
#define TB_RADIUS_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "takeback.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the radius index keeps its numbers little-endian, as all processors that it was written for do"
#endif

#define TB_PART_MAGIC 0x50524254u  /* "TBRP" */
#define TB_DELTA_MAGIC 0x44524254u /* "TBRD" */
#define TB_PART_VERSION 1u
#define TB_MIXED 2u
#define TB_HEADER 64u
#define TB_CHUNKS 16u     /* of 16 bits each */
#define TB_BUCKETS 65536u /* one for each value of a chunk */
#define TB_FLAT_BELOW 4096u /* parts with fewer values have no buckets: reading them from end to end takes 4 µs */
#define TB_FLIPS_MOST 3   /* bits of a chunk that a walk turns at most */
#define TB_MASKS_MOST 697 /* ways to turn at most three of sixteen bits */

struct tb_part { /* the first bytes of a part; the columns follow, each on a boundary of 64 bytes */
  uint32_t magic;
  uint16_t version;
  uint8_t parity;   /* of the set bits of every value in here */
  uint8_t id_bytes; /* 4 or 8 */
  uint32_t count;
  uint32_t chunks; /* that it has columns of, the first ones; 0, as it was once written, are all */
};

struct tb_view { /* a layer's columns; a delta, or a part of few, has neither buckets nor entries */
  const uint32_t *buckets; /* [chunks * 65536 + 1], where each begins, counted in entries over all chunks */
  const uint8_t *values;   /* [count][32], in order of their first chunk: position is the index into this */
  const uint8_t *ids;      /* [count] of id_bytes */
  const uint8_t *entries;  /* chunk 0: [count] of the next chunk; the others, by bucket: [n] of it, [n] positions of 3 */
  const _Atomic uint8_t *dead; /* [count] of a delta, or NULL */
  uint32_t count, chunks;
  unsigned parity, id_bytes; /* the parity is TB_MIXED in a delta */
};

struct tb_delta { /* the first bytes of a delta */
  uint32_t magic, capacity, slots; /* slots is a power of two */
  _Atomic uint32_t count, deleted;
};

struct tb_delta_view {
  struct tb_delta *head;
  uint8_t *values;
  uint64_t *ids;
  _Atomic uint8_t *dead;    /* [capacity], of the values in here */
  _Atomic uint64_t *graves; /* [slots], id + 1 of what is deleted from the layers below; 0 where free */
};

struct tb_search {
  const uint8_t *queries;
  const uint16_t *radii;
  size_t count;
  const void *const *layers;
  size_t layer_count, layer; /* `layer` is the one that is being looked through */
  struct tb_found *found;
  size_t capacity, total;
};

/* One for each instruction set: all of the search's queries against one layer. */
typedef void tb_walk(const struct tb_view *layer, struct tb_search *search);
tb_walk tb_walk_portable, tb_walk_avx2, tb_walk_avx512, tb_walk_neon;

size_t tb_part_size(size_t count, unsigned id_bytes, unsigned chunks);
bool tb_layer_view(const void *memory, struct tb_view *view);
bool tb_delta_view(const void *memory, struct tb_delta_view *view);
bool tb_deleted_above(const struct tb_search *search, uint64_t id);

static inline uint64_t tb_word(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

static inline uint16_t tb_chunk(const uint8_t *value, unsigned chunk) {
  uint16_t word;
  memcpy(&word, value + 2 * chunk, sizeof word);
  return word;
}

static inline uint64_t tb_id(const uint8_t *ids, unsigned id_bytes, size_t at) {
  uint64_t wide;
  uint32_t narrow;
  if (id_bytes == 8) return memcpy(&wide, ids + 8 * at, 8), wide;
  return memcpy(&narrow, ids + 4 * at, 4), narrow;
}

/* Set bits of a word, in arithmetic that every compiler knows. */
static inline unsigned tb_ones(uint64_t word) {
  word -= (word >> 1) & 0x5555555555555555ull;
  word = (word & 0x3333333333333333ull) + ((word >> 2) & 0x3333333333333333ull);
  word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0full;
  return (unsigned)((word * 0x0101010101010101ull) >> 56);
}

static inline unsigned tb_parity(const uint8_t *value) {
  return tb_ones(tb_word(value) ^ tb_word(value + 8) ^ tb_word(value + 16) ^ tb_word(value + 24)) & 1;
}

static inline void tb_emit(struct tb_search *search, uint64_t id, size_t query, unsigned distance) {
  if (tb_deleted_above(search, id)) return;
  if (search->total < search->capacity)
    search->found[search->total] = (struct tb_found){id, (uint32_t)query, distance};
  search->total++;
}

#endif
