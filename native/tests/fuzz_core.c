/* The C core on random sizes, strips, layouts and orientations, built with the address and undefined-behaviour sanitizers
 * by scripts/fuzz.py: every buffer is exactly as large as the header says. Argument: seconds to run. */
#include <math.h>
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
  void *made = malloc(size ? size : 1);
  if (!made) exit(2);
  return made;
}

static void one_picture(void) {
  static const int LAYOUTS[] = {TB_GREY8, TB_VIDEO8, TB_RGB8, TB_RGBX8, TB_VIDEO10};
  static const size_t PIXEL_BYTES[] = {1, 1, 3, 4, 2};
  const uint32_t most = drawn(8) == 0 ? 2000 : 200, width = 1 + drawn(most), height = 1 + drawn(most);
  const uint32_t chosen = drawn(5);
  const int layout = LAYOUTS[chosen], orientation = 1 + (int)drawn(8);
  const size_t stride = (size_t)width * PIXEL_BYTES[chosen];
  uint8_t *pixels = buffer(stride * height), hash[TB_PDQ_BYTES], forms[8][TB_PDQ_BYTES];
  for (size_t i = 0; i < stride * height; i++) pixels[i] = (uint8_t)drawn(256);

  void *state = buffer(tb_pdq_state_size(width, height, orientation));
  if (tb_pdq_begin(state, width, height, orientation) != 0) abort();
  for (uint32_t y = 0; y < height;) {
    uint32_t rows = 1 + drawn(40);
    if (rows > height - y) rows = height - y;
    if (tb_pdq_rows(state, pixels + y * stride, rows, stride, layout) != 0) abort();
    y += rows;
  }
  if (tb_pdq_rows(state, pixels, 1, stride, layout) != -1) abort(); /* one row too many */
  const int quality = tb_pdq_finish(state, hash);
  if (quality < 0 || quality > 100) abort();
  tb_pdq_dihedral(state, forms);
  if (orientation == 1 && memcmp(forms[0], hash, TB_PDQ_BYTES) != 0) abort();
  float coefficients[TB_PDQ_COEFFICIENTS];
  tb_pdq_coefficients(state, coefficients);
  for (int i = 0; i < TB_PDQ_COEFFICIENTS; i++)
    if (!isfinite(coefficients[i])) abort();
  free(state);
  free(pixels);
}

/* A plane that a decoder has scaled, with a gap behind its rows but the last. */
static void one_plane(void) {
  const uint32_t most = drawn(8) == 0 ? 4000 : 300, width = 1 + drawn(most), height = 1 + drawn(most);
  const uint32_t scale = 1u << drawn(4), plane_width = (width + scale - 1) / scale, rows = (height + scale - 1) / scale;
  const size_t stride = plane_width + drawn(9), size = stride * (rows - 1) + plane_width;
  uint8_t *pixels = buffer(size), hash[TB_PDQ_BYTES];
  for (size_t i = 0; i < size; i++) pixels[i] = (uint8_t)drawn(256);
  void *scratch = buffer(tb_pdq_plane_size(width, height));
  const int layout = drawn(2) ? TB_GREY8 : TB_VIDEO8, orientation = 1 + (int)drawn(8);
  const int quality = tb_pdq_plane(scratch, pixels, width, height, scale, stride, layout, orientation, hash);
  if (quality < 0 || quality > 100) abort();
  if (tb_pdq_plane(scratch, pixels, width, height, 3, stride, layout, orientation, hash) != -1) abort();
  free(scratch);
  free(pixels);
}

/* A small plane of a picture, what is made of it, and hashes of parts of it, inside and outside. */
static void one_small_plane(void) {
  const uint32_t width = 1 + drawn(400), height = 1 + drawn(400), side = 1 + drawn(drawn(4) ? 200 : 1100);
  const int orientation = 1 + (int)drawn(8);
  const size_t size = tb_plane_size(width, height, side);
  if (size == 0) return;
  void *plane = buffer(size);
  if (tb_plane_begin(plane, width, height, side, orientation) != 0) {
    free(plane);
    return;
  }
  uint8_t *pixels = buffer((size_t)width * height), hashes[8][TB_PDQ_BYTES];
  for (size_t i = 0; i < (size_t)width * height; i++) pixels[i] = (uint8_t)drawn(256);
  if (drawn(2)) { /* rows come as they are, or beside a hash */
    if (tb_plane_rows(plane, pixels, height, width, TB_GREY8) != 0) abort();
  } else {
    void *state = buffer(tb_pdq_state_size(width, height, orientation));
    if (tb_pdq_begin(state, width, height, orientation) != 0) abort();
    tb_pdq_keep(state, plane);
    if (tb_pdq_rows(state, pixels, height, width, TB_GREY8) != 0) abort();
    free(state);
  }
  uint32_t sides[2];
  tb_plane_sides(plane, sides);
  for (int i = 0; i < 4; i++) {
    const float box[4] = {(float)drawn(300) / 100 - 1, (float)drawn(300) / 100 - 1, (float)drawn(300) / 100 - 1,
                          (float)drawn(300) / 100 - 1};
    const int quality = tb_plane_pdq(plane, box, drawn(256), hashes);
    if (quality < -1 || quality > 100) abort();
  }
  const uint32_t smaller = 1 + drawn(side);
  void *small = buffer(tb_plane_size(sides[0], sides[1], smaller));
  if (tb_plane_begin(small, sides[0], sides[1], smaller, 1) == 0) (void)tb_plane_shrunk(plane, small);
  free(small);
  void *tilted = buffer(tb_plane_size(sides[0], sides[1], side));
  if (tb_plane_begin(tilted, sides[0], sides[1], side, 1) == 0) (void)tb_plane_tilted(plane, tilted, 0.99f, 0.14f);
  free(tilted);
  if (sides[0] <= 1024 && sides[1] <= 1024) {
    float boxes[8][4];
    if (tb_plane_boxes(plane, boxes, 8) > 8) abort();
    if (tb_plane_smooth(plane) > 1000) abort();
  }
  free(pixels);
  free(plane);
}

static void one_scan(void) {
  const size_t count = drawn(100), capacity = drawn(20);
  uint8_t *values = buffer(count * TB_PDQ_BYTES), query[TB_PDQ_BYTES];
  uint32_t *positions = buffer(capacity * sizeof(uint32_t));
  uint16_t *distances = buffer(capacity * sizeof(uint16_t));
  for (size_t i = 0; i < count * TB_PDQ_BYTES; i++) values[i] = (uint8_t)drawn(256);
  for (size_t i = 0; i < TB_PDQ_BYTES; i++) query[i] = (uint8_t)drawn(256);
  if (tb_scan_256(values, count, query, drawn(300), positions, distances, capacity) > count) abort();
  free(values);
  free(positions);
  free(distances);
}

/* A text of entries, some bytes of which were changed: no byte outside it is read, and none outside `values` written. */
static void one_text(void) {
  static const char ENTRY[] =
      "takeback entry 1\n7\nimage\nunder-18\nsubmitted\nhold\n2026-01-02\n"
      "md5 00112233445566778899aabbccddeeff - -\n"
      "pdq 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff 90 - centre-10\n"
      "pdq 10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff 100 -\n"
      "vpdq 20112233445566778899aabbccddeeff00112233445566778899aabbccddeeff 100 17\n\n"
      "takeback gone 1\n8";
  const size_t begin = drawn(8) ? 0 : drawn(sizeof ENTRY), length = drawn(8) ? sizeof ENTRY - 1 - begin : drawn((uint32_t)(sizeof ENTRY - begin));
  const size_t capacity = drawn(4);
  uint8_t *text = buffer(length), *values = buffer(length);
  struct tb_entry *entries = buffer(capacity * sizeof *entries);
  memcpy(text, ENTRY + begin, length);
  for (uint32_t changes = drawn(4); changes && length; changes--)
    text[drawn((uint32_t)length)] = drawn(2) ? (uint8_t)drawn(256) : (uint8_t)ENTRY[drawn(sizeof ENTRY)];
  const size_t count = tb_entries(text, length, entries, capacity, values);
  size_t written = 0;
  if (count != SIZE_MAX && count > capacity) abort();
  for (size_t i = 0; count != SIZE_MAX && i < count; i++) {
    if (entries[i].values_at != written || entries[i].alike > i) abort();
    written += entries[i].values_length;
  }
  if (written > length) abort();
  free(text);
  free(values);
  free(entries);
}

int main(int argc, char **argv) {
  const time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10);
  unsigned long pictures = 0;
  seed = (uint32_t)time(NULL);
  printf("seed %u\n", seed);
  for (; time(NULL) < end; pictures++) {
    one_picture();
    one_plane();
    one_small_plane();
    one_scan();
    one_text();
  }
  printf("%lu pictures\n", pictures);
  return 0;
}
