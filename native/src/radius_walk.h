/* Looking through a part: the one text that each instruction set compiles for itself.
 *
 * The file that includes this defines TB_WALK (the function's name), TB_LANES (chunks compared at a time, at most 64),
 * near_lanes (which of them are within so many bits of one chunk, as a bit mask) and ones64.
 *
 * Two values of distance R split into 16 chunks of distances d_i. Give each chunk a threshold t_i, summing to R - 15. Then
 * the sum of (d_i - t_i - 1) is -1, and going round the circle of chunks there is a start i from which every partial sum
 * is negative: d_i <= t_i, and d_i + d_(i+1) <= t_i + t_(i+1) + 1. So it is enough to turn up to t_i bits of each chunk,
 * look into those buckets, and compare the next chunk, which stands there; few pass, and those are compared in full.
 * Distances between values whose numbers of set bits are both even or both odd are even, so that an odd R loses one.
 */
#include "radius_internal.h"

#define TB_PENDING 256u
#define TB_SCAN_BLOCK 256u /* values that all queries look at before the next come: 8 KiB stay in the first cache */
/* Looking at this many values costs as much as one bucket, about; a part with fewer than that is read from end to end. */
#define TB_VALUES_A_BUCKET 4u

static const unsigned MASKS[TB_FLIPS_MOST + 1] = {1, 17, 137, 697};

struct span {
  const uint8_t *words;
  uint32_t count, position; /* the position is that of the first, in chunk 0 */
  unsigned most;
};

struct job { /* one chunk of one query */
  size_t query;
  unsigned chunk, spans;
  int radius;
  uint16_t wanted;
  struct span span[TB_MASKS_MOST];
};

struct pending { /* values that passed, on their way from memory */
  size_t query;
  unsigned chunk, count;
  int radius;
  uint32_t position[TB_PENDING];
};

static inline unsigned distance_of(const uint8_t *one, const uint8_t *other) {
  unsigned distance = 0;
  for (unsigned i = 0; i < TB_PDQ_BYTES; i += 8) distance += ones64(tb_word(one + i) ^ tb_word(other + i));
  return distance;
}

static inline int threshold(unsigned chunk, int radius) { /* -1 where the chunk need not be looked at */
  const unsigned spread = (unsigned)(radius - 15 + 16);
  return (int)(spread / 16 + (chunk < spread % 16)) - 1;
}

/* The radius that counts here; -1 where there can be nothing. */
static inline int radius_here(const struct tb_view *part, const struct tb_search *search, size_t query) {
  const int radius = search->radii[query];
  const unsigned odd = tb_parity(search->queries + query * TB_PDQ_BYTES) ^ part->parity;
  if (part->parity == TB_MIXED) return radius;
  return ((unsigned)radius & 1) == odd ? radius : radius - 1;
}

static inline bool worth_walking(const struct tb_view *part, int radius) {
  const int most = threshold(0, radius), least = threshold(TB_CHUNKS - 1, radius);
  if (radius < 0 || most > TB_FLIPS_MOST || !part->buckets) return false;
  const unsigned wider = (unsigned)(radius + 1) % TB_CHUNKS; /* chunks with one flip more than the others */
  const size_t buckets = wider * (size_t)MASKS[most] + (least < 0 ? 0 : (TB_CHUNKS - wider) * (size_t)MASKS[least]);
  return part->count / TB_VALUES_A_BUCKET > buckets;
}

static void make_masks(uint16_t masks[TB_MASKS_MOST]) { /* by the number of bits that they turn */
  unsigned two = 17, three = 137;
  masks[0] = 0;
  for (unsigned i = 0; i < 16; i++) {
    masks[1 + i] = (uint16_t)(1u << i);
    for (unsigned j = 0; j < i; j++) {
      masks[two++] = (uint16_t)(1u << i | 1u << j);
      for (unsigned k = 0; k < j; k++) masks[three++] = (uint16_t)(1u << i | 1u << j | 1u << k);
    }
  }
}

/* Finds the buckets of one chunk of one query, and sends for them. A damaged table leads to nothing, not elsewhere. */
static void prepare(struct job *job, const struct tb_view *part, const struct tb_search *search, const uint16_t *masks,
                    unsigned chunk, size_t query, int radius) {
  const uint8_t *value = search->queries + query * TB_PDQ_BYTES;
  const unsigned next = (chunk + 1) % TB_CHUNKS;
  const int flips = threshold(chunk, radius), both = flips + threshold(next, radius) + 1;
  const uint16_t key = tb_chunk(value, chunk);
  const uint32_t *begins = part->buckets + chunk * TB_BUCKETS;
  const uint32_t first = chunk * part->count;
  const uint8_t *entries = part->entries + (chunk ? (5ull * chunk - 3) * part->count : 0);
  const size_t entry_bytes = chunk ? 5 : 2;
  unsigned at = 0, spans = 0;
  job->query = query, job->chunk = chunk, job->radius = radius, job->wanted = tb_chunk(value, next);
  for (int turned = 0; turned <= flips && turned <= both; turned++) {
    for (; at < MASKS[turned]; at++) {
      const uint32_t bucket = key ^ masks[at], begin = begins[bucket] - first, end = begins[bucket + 1] - first;
      if (begin >= end || end > part->count) continue;
      struct span *span = &job->span[spans++];
      span->words = entries + begin * entry_bytes;
      span->count = end - begin;
      span->position = begin;
      span->most = (unsigned)(both - turned);
      __builtin_prefetch(span->words);
      __builtin_prefetch(span->words + 2 * (size_t)span->count - 1);
    }
  }
  job->spans = spans;
}

static inline bool begins_at(const uint8_t *one, const uint8_t *other, unsigned chunk, int radius) {
  const unsigned next = (chunk + 1) % TB_CHUNKS;
  const int flips = threshold(chunk, radius), both = flips + threshold(next, radius) + 1;
  const int turned = (int)ones64((uint64_t)(tb_chunk(one, chunk) ^ tb_chunk(other, chunk)));
  return turned <= flips && turned + (int)ones64((uint64_t)(tb_chunk(one, next) ^ tb_chunk(other, next))) <= both;
}

/* Compares in full. A value that several chunks lead to counts at the first of them. */
static void settle(struct pending *pending, const struct tb_view *part, struct tb_search *search) {
  const uint8_t *query = search->queries + pending->query * TB_PDQ_BYTES;
  for (unsigned i = 0; i < pending->count; i++) {
    const uint8_t *value = part->values + (size_t)pending->position[i] * TB_PDQ_BYTES;
    const unsigned distance = distance_of(value, query);
    unsigned earlier = 0;
    if ((int)distance > pending->radius) continue;
    while (earlier < pending->chunk && !begins_at(value, query, earlier, pending->radius)) earlier++;
    if (earlier < pending->chunk) continue;
    tb_emit(search, tb_id(part->ids, part->id_bytes, pending->position[i]), pending->query, distance);
  }
  pending->count = 0;
}

static void look(const struct job *job, struct pending *pending, const struct tb_view *part, struct tb_search *search) {
  pending->query = job->query, pending->chunk = job->chunk, pending->radius = job->radius;
  for (unsigned s = 0; s < job->spans; s++) {
    const struct span span = job->span[s];
    const uint8_t *positions = span.words + 2 * (size_t)span.count;
    for (uint32_t at = 0; at < span.count; at += TB_LANES) {
      uint64_t near = near_lanes(span.words + 2 * (size_t)at, job->wanted, span.most);
      if (span.count - at < TB_LANES) near &= (1ull << (span.count - at)) - 1;
      for (; near; near &= near - 1) {
        const uint32_t hit = at + (uint32_t)__builtin_ctzll(near);
        uint32_t position = span.position + hit;
        if (job->chunk) memcpy(&position, positions + 3 * (size_t)hit, 4), position &= 0xffffff;
        if (position >= part->count) continue; /* damaged */
        if (pending->count == TB_PENDING) settle(pending, part, search);
        pending->position[pending->count++] = position;
        __builtin_prefetch(part->values + (size_t)position * TB_PDQ_BYTES);
      }
    }
  }
}

static void scan(const struct tb_view *part, struct tb_search *search) {
  for (size_t begin = 0; begin < part->count; begin += TB_SCAN_BLOCK) {
    const size_t end = begin + TB_SCAN_BLOCK < part->count ? begin + TB_SCAN_BLOCK : part->count;
    for (size_t query = 0; query < search->count; query++) {
      const int radius = radius_here(part, search, query);
      if (radius < 0 || worth_walking(part, radius)) continue;
      for (size_t at = begin; at < end; at++) {
        const unsigned distance =
            distance_of(part->values + at * TB_PDQ_BYTES, search->queries + query * TB_PDQ_BYTES);
        if ((int)distance > radius || (part->dead && atomic_load_explicit(&part->dead[at], memory_order_acquire))) continue;
        tb_emit(search, tb_id(part->ids, part->id_bytes, at), query, distance);
      }
    }
  }
}

/* Chunk by chunk, so that a batch of queries finds the chunk's buckets in the cache. While one job is looked through, the
 * buckets of the next and the values that passed in the last are on their way. */
void TB_WALK(const struct tb_view *part, struct tb_search *search) {
  uint16_t masks[TB_MASKS_MOST];
  struct job jobs[2];
  struct pending pendings[2];
  size_t walking = 0, turn = 0;
  for (size_t query = 0; query < search->count; query++)
    walking += worth_walking(part, radius_here(part, search, query));
  if (walking < search->count) scan(part, search);
  if (!walking) return;
  make_masks(masks);
  jobs[0].spans = jobs[1].spans = 0;
  pendings[0].count = pendings[1].count = 0;
  for (unsigned chunk = 0; chunk < TB_CHUNKS; chunk++) {
    for (size_t query = 0; query < search->count; query++) {
      const int radius = radius_here(part, search, query);
      if (!worth_walking(part, radius) || threshold(chunk, radius) < 0) continue;
      prepare(&jobs[turn % 2], part, search, masks, chunk, query, radius);
      if (turn) look(&jobs[(turn + 1) % 2], &pendings[(turn + 1) % 2], part, search);
      settle(&pendings[turn % 2], part, search);
      turn++;
    }
  }
  look(&jobs[(turn + 1) % 2], &pendings[(turn + 1) % 2], part, search);
  settle(&pendings[turn % 2], part, search);
  settle(&pendings[(turn + 1) % 2], part, search);
}
