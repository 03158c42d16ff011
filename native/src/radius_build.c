/* Building a part of the radius index: values in order of their first chunk, then for each chunk a counting sort. */
#include "radius_internal.h"

/* What each chunk is sorted from: its bucket, the chunk that follows, the position. */
static uint64_t packed(uint32_t bucket, uint32_t next, uint32_t position) {
  return (uint64_t)position << 32 | next << 16 | bucket;
}

size_t tb_radius_scratch(size_t count) { return (count > TB_BUCKETS ? count : TB_BUCKETS) * sizeof(uint64_t); }

static bool planned(struct tb_part *head, const uint8_t *values, const uint64_t *ids, size_t count, unsigned parity,
                    unsigned radius) {
  const unsigned chunks = radius < TB_CHUNKS ? radius + 1 : TB_CHUNKS;
  *head = (struct tb_part){TB_PART_MAGIC, TB_PART_VERSION, (uint8_t)parity, 4, 0, chunks};
  if (count > TB_RADIUS_MOST || parity > 1) return false;
  for (size_t at = 0; at < count; at++) {
    if (tb_parity(values + at * TB_PDQ_BYTES) != parity) continue;
    head->count++;
    if (ids[at] >> 32) head->id_bytes = 8;
  }
  return head->count > 0;
}

size_t tb_radius_size(const uint8_t *values, const uint64_t *ids, size_t count, unsigned parity, unsigned radius) {
  struct tb_part head;
  return planned(&head, values, ids, count, parity, radius) ? tb_part_size(head.count, head.id_bytes, head.chunks) : 0;
}

static void count_buckets(uint32_t *buckets, unsigned chunks, const uint8_t *values, size_t count, unsigned parity) {
  uint32_t sum = 0;
  memset(buckets, 0, 4 * ((size_t)chunks * TB_BUCKETS + 1));
  for (size_t at = 0; at < count; at++) {
    const uint8_t *value = values + at * TB_PDQ_BYTES;
    if (tb_parity(value) != parity) continue;
    for (unsigned chunk = 0; chunk < chunks; chunk++) buckets[chunk * TB_BUCKETS + tb_chunk(value, chunk)]++;
  }
  for (size_t bucket = 0; bucket <= (size_t)chunks * TB_BUCKETS; bucket++) {
    const uint32_t here = buckets[bucket];
    buckets[bucket] = sum;
    sum += here;
  }
}

int tb_radius_begin(void *part, size_t size, const uint8_t *values, const uint64_t *ids, size_t count, unsigned parity,
                    unsigned radius, void *scratch) {
  struct tb_part head;
  struct tb_view view;
  if (!planned(&head, values, ids, count, parity, radius)) return -1;
  if (size != tb_part_size(head.count, head.id_bytes, head.chunks)) return -1;
  memset(part, 0, TB_HEADER);
  memcpy(part, &head, sizeof head);
  tb_layer_view(part, &view);
  uint32_t *buckets = (uint32_t *)(uintptr_t)view.buckets, *cursors = scratch, flat = 0;
  if (buckets) {
    count_buckets(buckets, head.chunks, values, count, parity);
    memcpy(cursors, buckets, 4 * (size_t)TB_BUCKETS);
  }
  for (size_t at = 0; at < count; at++) {
    const uint8_t *value = values + at * TB_PDQ_BYTES;
    if (tb_parity(value) != parity) continue;
    const size_t position = buckets ? cursors[tb_chunk(value, 0)]++ : flat++;
    memcpy((uint8_t *)(uintptr_t)view.values + position * TB_PDQ_BYTES, value, TB_PDQ_BYTES);
    memcpy((uint8_t *)(uintptr_t)view.ids + position * head.id_bytes, &ids[at], head.id_bytes); /* the lower half */
  }
  return 0;
}

static void put(uint8_t *bucket, uint32_t size, uint32_t rank, uint64_t entry) {
  const uint16_t next = (uint16_t)(entry >> 16);
  uint8_t *position = bucket + 2 * (size_t)size + 3 * (size_t)rank;
  memcpy(bucket + 2 * (size_t)rank, &next, 2);
  position[0] = (uint8_t)(entry >> 32);
  position[1] = (uint8_t)(entry >> 40);
  position[2] = (uint8_t)(entry >> 48);
}

void tb_radius_chunk(void *memory, unsigned chunk, void *scratch) {
  struct tb_view part;
  uint64_t *sorted = scratch; /* by the upper half of the bucket */
  uint32_t cursors[256];
  if (!tb_layer_view(memory, &part) || !part.buckets || chunk >= part.chunks) return;
  const unsigned next = (chunk + 1) % TB_CHUNKS;
  const uint32_t *begins = part.buckets + chunk * TB_BUCKETS, first = begins[0];
  uint8_t *entries = (uint8_t *)(uintptr_t)part.entries + (chunk ? (5ull * chunk - 3) * part.count : 0);
  if (chunk == 0) {
    for (size_t at = 0; at < part.count; at++) memcpy(entries + 2 * at, part.values + at * TB_PDQ_BYTES + 2 * next, 2);
    return;
  }
  /* In two steps, each of which keeps no more than 256 places open: the caches hold those, not 65,536. */
  for (uint32_t upper = 0; upper < 256; upper++) cursors[upper] = begins[upper << 8] - first;
  for (uint32_t at = 0; at < part.count; at++) {
    const uint8_t *value = part.values + (size_t)at * TB_PDQ_BYTES;
    const uint16_t bucket = tb_chunk(value, chunk);
    sorted[cursors[bucket >> 8]++] = packed(bucket, tb_chunk(value, next), at);
  }
  for (uint32_t upper = 0; upper < 256; upper++) {
    const uint32_t end = begins[(upper + 1) << 8] - first;
    uint32_t ranks[256] = {0};
    for (uint32_t at = begins[upper << 8] - first; at < end; at++) {
      const uint16_t bucket = (uint16_t)sorted[at];
      const uint32_t begin = begins[bucket], size = begins[bucket + 1u] - begin;
      put(entries + 5 * (size_t)(begin - first), size, ranks[bucket & 255]++, sorted[at]);
    }
  }
}
