/* Asking the radius index: layers, oldest first, each an immutable part or a delta. What a delta deletes is hidden in the
 * layers below it. */
#include "radius_internal.h"

static size_t rounded(size_t size) { return (size + 63) / 64 * 64; }

static size_t buckets_bytes(size_t count, unsigned chunks) {
  return count < TB_FLAT_BELOW ? 0 : rounded(4 * ((size_t)chunks * TB_BUCKETS + 1));
}

static unsigned chunks_of(const struct tb_part *head) { return head->chunks ? head->chunks : TB_CHUNKS; }

bool tb_layer_view(const void *memory, struct tb_view *view) {
  struct tb_delta_view delta;
  struct tb_part head;
  if (tb_delta_view(memory, &delta)) {
    const uint32_t count = atomic_load_explicit(&delta.head->count, memory_order_acquire);
    *view = (struct tb_view){NULL, delta.values, (const uint8_t *)delta.ids, NULL, delta.dead, count, 0, TB_MIXED, 8};
    return true;
  }
  memcpy(&head, memory, sizeof head);
  if (head.magic != TB_PART_MAGIC) return false;
  const unsigned chunks = chunks_of(&head);
  const uint8_t *buckets = (const uint8_t *)memory + TB_HEADER, *values = buckets + buckets_bytes(head.count, chunks);
  const uint8_t *ids = values + (size_t)head.count * TB_PDQ_BYTES;
  *view = (struct tb_view){NULL, values, ids, NULL, NULL, head.count, chunks, head.parity, head.id_bytes};
  if (head.count >= TB_FLAT_BELOW) {
    view->buckets = (const uint32_t *)(const void *)buckets;
    view->entries = ids + rounded((size_t)head.count * head.id_bytes);
  }
  return true;
}

size_t tb_part_size(size_t count, unsigned id_bytes, unsigned chunks) {
  const size_t size = TB_HEADER + buckets_bytes(count, chunks) + count * TB_PDQ_BYTES + rounded(count * id_bytes);
  if (count < TB_FLAT_BELOW) return size;
  return size + rounded(count * (5 * (size_t)chunks - 3) + 64); /* 64 more, so that whole vectors may be read */
}

int tb_radius_check(const void *part, size_t size) {
  struct tb_part head;
  if (size < TB_HEADER) return -1;
  memcpy(&head, part, sizeof head);
  const bool known = head.magic == TB_PART_MAGIC && head.version == TB_PART_VERSION && head.parity <= 1 &&
                     (head.id_bytes == 4 || head.id_bytes == 8) && head.count <= TB_RADIUS_MOST && head.chunks <= TB_CHUNKS;
  return known && size == tb_part_size(head.count, head.id_bytes, chunks_of(&head)) ? 0 : -1;
}

static tb_walk *walk_of(int path) {
#if defined(__x86_64__) && defined(__GNUC__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512bitalg") && __builtin_cpu_supports("avx512vpopcntdq");
  if ((path == TB_PATH_BEST || path == TB_PATH_AVX512) && avx512) return tb_walk_avx512;
  if ((path == TB_PATH_BEST || path == TB_PATH_AVX2) && avx2) return tb_walk_avx2;
#elif defined(__aarch64__) && defined(__GNUC__)
  if (path == TB_PATH_BEST || path == TB_PATH_NEON) return tb_walk_neon;
#endif
  return path == TB_PATH_BEST || path == TB_PATH_PORTABLE ? tb_walk_portable : NULL;
}

int tb_radius_path(int path) {
  tb_walk *walk = walk_of(path);
  if (!walk) return -1;
  for (int known = TB_PATH_AVX512; known > TB_PATH_PORTABLE; known--)
    if (walk == walk_of(known)) return known;
  return TB_PATH_PORTABLE;
}

size_t tb_radius_within(const void *const *layers, size_t layer_count, const uint8_t *queries, const uint16_t *radii,
                        size_t count, int path, struct tb_found *found, size_t capacity) {
  struct tb_search search = {queries, radii, count, layers, layer_count, 0, found, capacity, 0};
  tb_walk *walk = walk_of(path);
  if (!walk) return SIZE_MAX;
  for (; search.layer < layer_count; search.layer++) {
    struct tb_view layer;
    if (tb_layer_view(layers[search.layer], &layer)) walk(&layer, &search);
  }
  return search.total;
}
