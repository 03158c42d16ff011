/* The small changeable layers of the radius index: what came since the parts below were built, and what was deleted from
 * them. One writer at a time, any number of readers meanwhile, no lock: a value is published by the count that covers it. */
#include "radius_internal.h"

static size_t rounded(size_t size) { return (size + 63) / 64 * 64; }

bool tb_delta_view(const void *memory, struct tb_delta_view *view) {
  struct tb_delta *head = (struct tb_delta *)(uintptr_t)memory; /* readers do not write through it */
  if (head->magic != TB_DELTA_MAGIC) return false;
  view->head = head;
  view->values = (uint8_t *)head + TB_HEADER;
  view->ids = (uint64_t *)(void *)(view->values + (size_t)head->capacity * TB_PDQ_BYTES);
  view->graves = (_Atomic uint64_t *)(void *)(view->ids + head->capacity);
  view->dead = (_Atomic uint8_t *)(view->graves + head->slots);
  return true;
}

static uint32_t slots_for(uint32_t deletions) { /* at most half full, so that a look-up is short and ends */
  uint32_t slots = 16;
  while (slots / 2 <= deletions) slots *= 2;
  return slots;
}

size_t tb_delta_size(uint32_t capacity, uint32_t deletions) {
  if (capacity > TB_RADIUS_MOST || deletions > TB_RADIUS_MOST) return 0;
  return TB_HEADER + rounded((size_t)capacity * (TB_PDQ_BYTES + 9) + (size_t)slots_for(deletions) * 8);
}

void tb_delta_begin(void *delta, uint32_t capacity, uint32_t deletions) {
  struct tb_delta *head = delta;
  memset(delta, 0, tb_delta_size(capacity, deletions));
  head->magic = TB_DELTA_MAGIC;
  head->capacity = capacity;
  head->slots = slots_for(deletions);
}

int tb_delta_insert(void *delta, const uint8_t value[TB_PDQ_BYTES], uint64_t id) {
  struct tb_delta_view view;
  if (!tb_delta_view(delta, &view)) return -1;
  const uint32_t count = atomic_load_explicit(&view.head->count, memory_order_relaxed);
  if (count == view.head->capacity) return -1;
  memcpy(view.values + (size_t)count * TB_PDQ_BYTES, value, TB_PDQ_BYTES);
  view.ids[count] = id;
  atomic_store_explicit(&view.head->count, count + 1, memory_order_release);
  return 0;
}

static uint32_t slot_of(const struct tb_delta_view *view, uint64_t id) { /* its own, or the free one where it belongs */
  uint32_t slot = (uint32_t)((id * 0x9e3779b97f4a7c15ull) >> 32) & (view->head->slots - 1);
  for (;; slot = (slot + 1) & (view->head->slots - 1)) {
    const uint64_t kept = atomic_load_explicit(&view->graves[slot], memory_order_acquire);
    if (kept == 0 || kept == id + 1) return slot;
  }
}

static bool deletes(const struct tb_delta_view *view, uint64_t id) {
  return atomic_load_explicit(&view->head->deleted, memory_order_acquire) &&
         atomic_load_explicit(&view->graves[slot_of(view, id)], memory_order_acquire) == id + 1;
}

int tb_delta_delete(void *delta, uint64_t id) {
  struct tb_delta_view view;
  if (!tb_delta_view(delta, &view)) return -1;
  const uint32_t count = atomic_load_explicit(&view.head->count, memory_order_relaxed);
  const uint32_t deleted = atomic_load_explicit(&view.head->deleted, memory_order_relaxed), slot = slot_of(&view, id);
  if (atomic_load_explicit(&view.graves[slot], memory_order_relaxed) == 0) {
    if (deleted + 1 >= view.head->slots / 2) return -1;
    atomic_store_explicit(&view.graves[slot], id + 1, memory_order_release);
    atomic_store_explicit(&view.head->deleted, deleted + 1, memory_order_release);
  }
  for (uint32_t at = 0; at < count; at++)
    if (view.ids[at] == id) atomic_store_explicit(&view.dead[at], 1, memory_order_release);
  return 0;
}

bool tb_deleted_above(const struct tb_search *search, uint64_t id) {
  struct tb_delta_view view;
  for (size_t layer = search->layer + 1; layer < search->layer_count; layer++)
    if (tb_delta_view(search->layers[layer], &view) && deletes(&view, id)) return true;
  return false;
}

size_t tb_radius_live(const void *const *layers, size_t layer_count, size_t from, size_t to, uint8_t *values,
                      uint64_t *ids) {
  struct tb_search search = {.layers = layers, .layer_count = layer_count};
  size_t live = 0;
  for (search.layer = from; search.layer < to; search.layer++) {
    struct tb_view layer;
    if (!tb_layer_view(layers[search.layer], &layer)) continue;
    for (size_t at = 0; at < layer.count; at++) {
      const uint64_t id = tb_id(layer.ids, layer.id_bytes, at);
      if (layer.dead && atomic_load_explicit(&layer.dead[at], memory_order_acquire)) continue;
      if (tb_deleted_above(&search, id)) continue;
      if (values) memcpy(values + live * TB_PDQ_BYTES, layer.values + at * TB_PDQ_BYTES, TB_PDQ_BYTES), ids[live] = id;
      live++;
    }
  }
  return live;
}

size_t tb_delta_count(const void *delta) {
  struct tb_delta_view view;
  return tb_delta_view(delta, &view) ? atomic_load_explicit(&view.head->count, memory_order_acquire) : 0;
}

size_t tb_delta_deletions(const void *delta, uint64_t *ids) {
  struct tb_delta_view view;
  size_t count = 0;
  if (!tb_delta_view(delta, &view)) return 0;
  for (uint32_t slot = 0; slot < view.head->slots; slot++) {
    const uint64_t kept = atomic_load_explicit(&view.graves[slot], memory_order_acquire);
    if (!kept) continue;
    if (ids) ids[count] = kept - 1;
    count++;
  }
  return count;
}
