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
#define TB_BATCH 1024u /* queries that walk together */
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
  int radius, flips, both; /* bits to turn in the chunk, at most; those and what the next chunk differs by, at most */
  uint16_t key, wanted;    /* the query's chunk, and the next */
  struct span span[TB_MASKS_MOST];
};

struct pending { /* entries that passed, on their way from memory: first where their positions stand, then their values */
  size_t query;
  unsigned chunk, count;
  int radius;
  const uint8_t *from[TB_PENDING];
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
  if (part->chunks < TB_CHUNKS && (unsigned)radius >= part->chunks) return false; /* it needs chunks that are not there */
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

/* Sends for where the buckets begin. */
static void announce(struct job *job, const struct tb_view *part, const struct tb_search *search, const uint16_t *masks,
                     unsigned chunk, size_t query, int radius) {
  const uint8_t *value = search->queries + query * TB_PDQ_BYTES;
  const unsigned next = (chunk + 1) % TB_CHUNKS, buckets = MASKS[threshold(chunk, radius)];
  job->query = query, job->chunk = chunk, job->radius = radius;
  job->key = tb_chunk(value, chunk), job->wanted = tb_chunk(value, next);
  job->flips = threshold(chunk, radius), job->both = job->flips + threshold(next, radius) + 1;
  for (unsigned at = 0; at < buckets; at++)
    __builtin_prefetch(part->buckets + chunk * TB_BUCKETS + (job->key ^ masks[at]));
}

/* Finds the buckets. A damaged table leads to nothing, not elsewhere. */
static void prepare(struct job *job, const struct tb_view *part, const uint16_t *masks) {
  const unsigned chunk = job->chunk;
  const int flips = job->flips, both = job->both;
  const uint16_t key = job->key;
  const uint32_t *begins = part->buckets + chunk * TB_BUCKETS;
  const uint32_t first = chunk * part->count;
  const uint8_t *entries = part->entries + (chunk ? (5ull * chunk - 3) * part->count : 0);
  const size_t entry_bytes = chunk ? 5 : 2;
  unsigned at = 0, spans = 0;
  for (int turned = 0; turned <= flips && turned <= both; turned++) {
    for (; at < MASKS[turned]; at++) {
      const uint32_t bucket = key ^ masks[at], begin = begins[bucket] - first, end = begins[bucket + 1] - first;
      if (begin >= end || end > part->count) continue;
      struct span *span = &job->span[spans++];
      span->words = entries + begin * entry_bytes;
      span->count = end - begin;
      span->position = begin;
      span->most = (unsigned)(both - turned);
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

/* Reads the positions, and sends for the values. */
static void locate(struct pending *pending, const struct tb_view *part) {
  for (unsigned i = 0; i < pending->count; i++) {
    if (pending->from[i]) {
      memcpy(&pending->position[i], pending->from[i], 4);
      pending->position[i] &= 0xffffff;
    }
    __builtin_prefetch(part->values + (size_t)pending->position[i] * TB_PDQ_BYTES);
  }
}

/* Compares in full. A value that several chunks lead to counts at the first of them. */
static void settle(struct pending *pending, const struct tb_view *part, struct tb_search *search) {
  const uint8_t *query = search->queries + pending->query * TB_PDQ_BYTES;
  for (unsigned i = 0; i < pending->count; i++) {
    const uint32_t position = pending->position[i];
    if (position >= part->count) continue; /* damaged */
    const uint8_t *value = part->values + (size_t)position * TB_PDQ_BYTES;
    const unsigned distance = distance_of(value, query);
    unsigned earlier = 0;
    if ((int)distance > pending->radius) continue;
    while (earlier < pending->chunk && !begins_at(value, query, earlier, pending->radius)) earlier++;
    if (earlier == pending->chunk) tb_emit(search, tb_id(part->ids, part->id_bytes, position), pending->query, distance);
  }
  pending->count = 0;
}

static inline void send_for(const struct span *span) {
  const uint8_t *words = span->words, *end = words + 2 * (size_t)(span->count < 256 ? span->count : 256);
  __builtin_prefetch(words);
  __builtin_prefetch(words + 2 * TB_LANES - 1);
  for (words += 128; words < end; words += 64) __builtin_prefetch(words); /* further on the processor sees the order */
}

/* Looks through the buckets of one job, and sends for those of the next, one by one, so that neither waits. */
static void look(const struct job *job, const struct job *next, struct pending *pending, const struct tb_view *part,
                 struct tb_search *search) {
  pending->query = job->query, pending->chunk = job->chunk, pending->radius = job->radius;
  for (unsigned s = 0; s < job->spans; s++) {
    const struct span span = job->span[s];
    if (s < next->spans) send_for(&next->span[s]);
    const uint8_t *positions = job->chunk ? span.words + 2 * (size_t)span.count : NULL;
    for (uint32_t at = 0; at < span.count; at += TB_LANES) {
      uint64_t near = near_lanes(span.words + 2 * (size_t)at, job->wanted, span.most);
      if (span.count - at < TB_LANES) near &= (1ull << (span.count - at)) - 1;
      for (; near; near &= near - 1) {
        const uint32_t hit = at + (uint32_t)__builtin_ctzll(near);
        if (pending->count == TB_PENDING) locate(pending, part), settle(pending, part, search);
        pending->from[pending->count] = positions ? positions + 3 * (size_t)hit : NULL;
        pending->position[pending->count++] = span.position + hit;
        if (positions) __builtin_prefetch(positions + 3 * (size_t)hit);
      }
    }
  }
  for (unsigned s = job->spans; s < next->spans; s++) send_for(&next->span[s]);
}

/* One step of everything that is under way, when the job of this turn has been announced. */
static void advance(struct job jobs[4], struct pending pendings[3], size_t turn, const struct tb_view *part,
                    struct tb_search *search, const uint16_t *masks) {
  prepare(&jobs[(turn + 3) % 4], part, masks);
  settle(&pendings[turn % 3], part, search);
  look(&jobs[(turn + 1) % 4], &jobs[(turn + 2) % 4], &pendings[turn % 3], part, search);
  locate(&pendings[(turn + 2) % 3], part);
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

/* Chunk by chunk, so that a batch of queries finds the chunk's tables in the cache. Five jobs are under way at a time, each
 * one step further than the next: where its buckets begin, the buckets, positions, values. Nothing waits for memory.
 * `first` is the first of at most TB_BATCH queries. */
static void walk(const struct tb_view *part, struct tb_search *search, const uint16_t *masks, size_t first) {
  const size_t count = search->count - first < TB_BATCH ? search->count - first : TB_BATCH;
  int radii[TB_BATCH]; /* -1 where a query does not walk */
  struct job jobs[4];
  struct pending pendings[3];
  size_t turn = 0;
  for (size_t at = 0; at < count; at++) {
    const int radius = radius_here(part, search, first + at);
    radii[at] = worth_walking(part, radius) ? radius : -1;
  }
  for (unsigned i = 0; i < 4; i++) jobs[i].flips = -1, jobs[i].spans = pendings[i % 3].count = 0;
  for (unsigned chunk = 0; chunk < TB_CHUNKS; chunk++) {
    for (size_t at = 0; at < count; at++) {
      if (radii[at] < 0 || threshold(chunk, radii[at]) < 0) continue;
      announce(&jobs[turn % 4], part, search, masks, chunk, first + at, radii[at]);
      advance(jobs, pendings, turn++, part, search, masks);
    }
  }
  for (unsigned last = 0; last < 6; last++) { /* what is under way: three turns to look, three to settle */
    jobs[turn % 4].flips = -1;
    advance(jobs, pendings, turn++, part, search, masks);
  }
}

void TB_WALK(const struct tb_view *part, struct tb_search *search) {
  uint16_t masks[TB_MASKS_MOST];
  size_t walking = 0, scanning = 0;
  for (size_t query = 0; query < search->count; query++) {
    const int radius = radius_here(part, search, query);
    const bool walks = worth_walking(part, radius);
    walking += walks;
    scanning += radius >= 0 && !walks;
  }
  if (scanning) scan(part, search);
  if (!walking) return;
  make_masks(masks);
  for (size_t first = 0; first < search->count; first += TB_BATCH) walk(part, search, masks, first);
}
