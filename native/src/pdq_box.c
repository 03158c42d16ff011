/* PDQ of a part of a small plane: what the hash of that part would be, were it a picture of its own.
 *
 * At full size, two passes of PDQ's box filter make a tent as wide as a 64th of the picture around the middle of each of
 * 64 blocks. Here that tent is laid over the small pixels as real numbers, so that a part may begin and end anywhere,
 * between pixels and beyond the edge, where the edge goes on. The values are those of spec/edits.md; every build adds in
 * the same order.
 */
#include "pdq_internal.h"

/* The weights of one sample: of the small pixels `from` to `from + count`. */
struct band {
  uint32_t from, count;
};

/* How much of a tent over [-1, 1] lies left of t. */
static float left_of(float t) {
  if (t <= -1.0f) return 0.0f;
  if (t >= 1.0f) return 1.0f;
  const float rest = t < 0.0f ? 1.0f + t : 1.0f - t, part = 0.5f * rest * rest;
  return t < 0.0f ? part : 1.0f - part;
}

static uint32_t pixel_at(float x, uint32_t side) {
  return x <= 0.0f ? 0 : x >= (float)side ? side - 1 : (uint32_t)x;
}

/* Sample `i` of 64 along [begin, end) of a side; the first and last pixel go on for ever. */
static struct band weigh(uint32_t i, float begin, float end, uint32_t side, float *weights) {
  const float half = (end - begin) / (2 * TB_GRID), middle = begin + (float)(2 * i + 1) * half;
  struct band band = {pixel_at(middle - half, side), 0};
  const uint32_t last = pixel_at(middle + half, side);
  band.count = last - band.from + 1;
  float before = 0.0f;
  for (uint32_t x = band.from; x < last; x++) {
    const float upto = left_of(((float)(x + 1) - middle) / half);
    *weights++ = upto - before;
    before = upto;
  }
  *weights = 1.0f - before;
  return band;
}

TB_CHOSEN_AT_RUN_TIME
static void add_rows(const float *pixels, size_t stride, uint32_t width, const float *weights, uint32_t rows,
                     float *restrict sums) {
  for (uint32_t x = 0; x < width; x++) sums[x] = weights[0] * pixels[x];
  for (uint32_t row = 1; row < rows; row++) {
    const float *restrict line = pixels + row * stride;
    const float weight = weights[row];
    for (uint32_t x = 0; x < width; x++) sums[x] += weight * line[x];
  }
}

/* How far a part may reach beyond the picture, in sides. */
static const float REACH = 4.0f;

static bool is_part(float begin, float end) { return begin >= -REACH && end <= 1.0f + REACH && begin < end; }

int tb_plane_pdq(void *memory, const float box[4], uint32_t forms, uint8_t hashes[8][TB_PDQ_BYTES]) {
  const struct tb_plane *plane = memory;
  if (plane->fed != plane->stored_height || !is_part(box[0], box[2]) || !is_part(box[1], box[3])) return -1;
  const float w = (float)plane->width, h = (float)plane->height;
  const float left = box[0] * w, top = box[1] * h, right = box[2] * w, bottom = box[3] * h;

  float *sums = plane->weights, *down = sums + plane->width, *across = down + plane->height + 1;
  struct band columns[TB_GRID];
  float *at[TB_GRID], *next = across;
  for (uint32_t j = 0; j < TB_GRID; j++) {
    columns[j] = weigh(j, left, right, plane->width, next);
    at[j] = next;
    next += columns[j].count;
  }
  const uint32_t first = columns[0].from, width = columns[TB_GRID - 1].from + columns[TB_GRID - 1].count - first;
  float grid[TB_GRID][TB_GRID], dct[TB_KEPT][TB_KEPT], turned[TB_KEPT][TB_KEPT];
  for (uint32_t i = 0; i < TB_GRID; i++) {
    const struct band rows = weigh(i, top, bottom, plane->height, down);
    add_rows(plane->pixels + (size_t)rows.from * plane->width + first, plane->width, width, down, rows.count, sums);
    for (uint32_t j = 0; j < TB_GRID; j++) {
      const float *means = sums + (columns[j].from - first);
      float sample = 0.0f;
      for (uint32_t x = 0; x < columns[j].count; x++) sample += at[j][x] * means[x];
      grid[i][j] = sample;
    }
  }
  tb_dct(grid, dct);
  for (int form = 0; form < 8; form++) {
    if (!(forms & 1u << form)) continue;
    tb_dct_turned(dct, form, turned);
    tb_bits(turned, hashes[form]);
  }
  return tb_quality(grid);
}
