/* A picture's luma, upright and small: what hashes of its parts are made from, without decoding again.
 *
 * Each small pixel is the mean of the area that it covers. Rows are summed as they come and narrowed when a small row
 * is whole, so that most additions run along a row. Areas are whole numbers: stored pixel x covers `across` units, a
 * small one `stored_width`.
 */
#include "pdq_internal.h"

/* Four times by how many levels a smooth pixel differs from the mean of the four beside it, at most (spec/film.md). */
#define TB_SMOOTH 2.0f

static uint32_t reduced(uint32_t length, uint32_t longest, uint32_t side) {
  if (longest <= side) return length;
  const uint32_t small = (uint32_t)(((uint64_t)length * side + longest / 2) / longest);
  return small ? small : 1;
}

static uint32_t longer(uint32_t a, uint32_t b) { return a > b ? a : b; }

size_t tb_plane_size(uint32_t width, uint32_t height, uint32_t side) {
  if (width == 0 || height == 0 || width > TB_MAX_SIDE || height > TB_MAX_SIDE || side == 0 || side > TB_MAX_SIDE)
    return 0;
  const uint32_t longest = longer(width, height);
  const uint64_t across = reduced(width, longest, side), down = reduced(height, longest, side);
  const uint64_t floats = 2 * (uint64_t)width + across * down + tb_box_floats(longer(across, down));
  const uint64_t size = sizeof(struct tb_plane) + sizeof(float) * floats;
  return size > TB_MAX_STATE ? 0 : (size_t)size;
}

int tb_plane_begin(void *memory, uint32_t width, uint32_t height, uint32_t side, int orientation) {
  if (!memory || tb_plane_size(width, height, side) == 0 || orientation < 1 || orientation > 8) return -1;
  struct tb_plane *plane = memory;
  plane->stored_width = width;
  plane->stored_height = height;
  plane->across = reduced(width, longer(width, height), side);
  plane->down = reduced(height, longer(width, height), side);
  plane->fed = plane->row = 0;
  plane->turn = tb_turn(orientation);
  plane->width = plane->turn.swapped ? plane->down : plane->across;
  plane->height = plane->turn.swapped ? plane->across : plane->down;
  plane->luma = (float *)(plane + 1);
  plane->sums = plane->luma + width;
  plane->pixels = plane->sums + width;
  plane->weights = plane->pixels + (size_t)plane->across * plane->down;
  for (uint32_t x = 0; x < width; x++) plane->sums[x] = 0.0f;
  return 0;
}

/* Puts one small pixel of a stored row where it stands upright. */
static void put(struct tb_plane *plane, uint32_t x, float value) {
  const uint32_t y = plane->turn.upward ? plane->down - 1 - plane->row : plane->row;
  plane->pixels[plane->turn.swapped ? (size_t)x * plane->width + y : (size_t)y * plane->width + x] = value;
}

static void finish_row(struct tb_plane *plane) {
  const float *sums = plane->sums;
  const uint32_t width = plane->stored_width, across = plane->across;
  const float share = 1.0f / (float)width, whole = (float)across;
  float sum = 0.0f;
  uint64_t end = 0, edge = width;
  for (uint32_t x = 0, j = 0; x < width; x++) {
    end += across;
    if (end < edge) {
      sum += whole * sums[x];
      continue;
    }
    const float after = (float)(int32_t)(end - edge); /* units of this pixel that lie in the next small one */
    put(plane, j++, (sum + (whole - after) * sums[x]) * share);
    sum = after * sums[x];
    edge += width;
  }
  plane->row++;
}

void tb_plane_push(struct tb_plane *plane, const float *restrict luma) {
  const uint32_t width = plane->stored_width;
  const uint64_t height = plane->stored_height, edge = (uint64_t)(plane->row + 1) * height;
  const uint64_t begin = (uint64_t)plane->fed++ * plane->down, end = begin + plane->down;
  const float part = (float)((end < edge ? end : edge) - begin) / (float)height;
  float *restrict sums = plane->sums;
  for (uint32_t x = 0; x < width; x++) sums[x] += part * luma[x];
  if (end < edge) return;
  finish_row(plane);
  const float rest = (float)(end - edge) / (float)height;
  for (uint32_t x = 0; x < width; x++) sums[x] = rest * luma[x];
}

int tb_plane_rows(void *memory, const uint8_t *pixels, uint32_t rows, size_t stride, int layout) {
  struct tb_plane *plane = memory;
  if (!tb_is_layout(layout)) return -1;
  if (rows > plane->stored_height - plane->fed) return -1;
  for (uint32_t row = 0; row < rows; row++) {
    tb_luma_row(pixels + row * stride, plane->luma, plane->stored_width, layout, plane->turn.mirrored);
    tb_plane_push(plane, plane->luma);
  }
  return 0;
}

void tb_plane_sides(const void *memory, uint32_t sides[2]) {
  const struct tb_plane *plane = memory;
  sides[0] = plane->width;
  sides[1] = plane->height;
}

void tb_plane_luma(const void *memory, float *luma) {
  const struct tb_plane *plane = memory;
  for (size_t i = 0; i < (size_t)plane->width * plane->height; i++) luma[i] = plane->pixels[i];
}

int tb_plane_shrunk(const void *memory, void *small) {
  const struct tb_plane *plane = memory;
  struct tb_plane *to = small;
  if (plane->fed != plane->stored_height || to->stored_width != plane->width || to->stored_height != plane->height)
    return -1;
  for (uint32_t y = 0; y < plane->height; y++) tb_plane_push(to, plane->pixels + (size_t)y * plane->width);
  return 0;
}

uint32_t tb_plane_smooth(const void *memory) {
  const struct tb_plane *plane = memory;
  const size_t width = plane->width;
  uint32_t smooth = 0, all = 0;
  for (uint32_t y = 1; y + 1 < plane->height; y++) {
    for (uint32_t x = 1; x + 1 < plane->width; x++) {
      const float *at = plane->pixels + y * width + x;
      const float beside = ((at[-1] + at[1]) + at[-(ptrdiff_t)width]) + at[width];
      const float differs = 4.0f * at[0] - beside;
      smooth += differs >= -TB_SMOOTH && differs <= TB_SMOOTH;
      all++;
    }
  }
  return all ? smooth * 1000 / all : 1000;
}

static float clamped(float x, float most) { return x < 0.0f ? 0.0f : x > most ? most : x; }

int tb_plane_tilted(const void *memory, void *tilted, float cosine, float sine) {
  const struct tb_plane *plane = memory;
  struct tb_plane *to = tilted;
  if (plane->fed != plane->stored_height || to->stored_width != plane->width || to->stored_height != plane->height ||
      to->width != plane->width || to->height != plane->height)
    return -1;
  const uint32_t w = plane->width, h = plane->height;
  const float middle_x = (float)(w - 1) / 2, middle_y = (float)(h - 1) / 2;
  for (uint32_t y = 0; y < h; y++) {
    for (uint32_t x = 0; x < w; x++) {
      const float dx = (float)x - middle_x, dy = (float)y - middle_y;
      const float from_x = clamped(middle_x + cosine * dx - sine * dy, (float)(w - 1));
      const float from_y = clamped(middle_y + sine * dx + cosine * dy, (float)(h - 1));
      const uint32_t left = (uint32_t)from_x, top = (uint32_t)from_y;
      const uint32_t right = left + 1 < w ? left + 1 : left, bottom = top + 1 < h ? top + 1 : top;
      const float across = from_x - (float)left, down = from_y - (float)top;
      const float *upper = plane->pixels + (size_t)top * w, *lower = plane->pixels + (size_t)bottom * w;
      const float above = upper[left] + across * (upper[right] - upper[left]);
      const float below = lower[left] + across * (lower[right] - lower[left]);
      to->pixels[(size_t)y * w + x] = above + down * (below - above);
    }
  }
  to->fed = to->stored_height;
  return 0;
}
