/* PDQ of a whole plane of luma, projected: the query's short way.
 *
 * Two passes of a box filter along each axis and the choice of 64 pixels are one linear map an axis, so the grid of 64x64
 * samples is A Y B^T with two narrow banded matrices. A band reaches over a 64th of its side, so that each pixel counts
 * about once. The real numbers are those of pdq.c, rounded in another order: a bit may differ where a coefficient lies
 * on the median, so what is put on a list is hashed by pdq.c.
 *
 * A JPEG decoder gives a smaller plane for less work. Each of its pixels stands for the square of those that it covers,
 * so their weights are summed: the grid stays that of the whole picture, and the hash moves by a few bits only.
 */
#include "pdq_internal.h"

/* One row of A or B: the weights of pixels `from` to `from + count`. */
struct band {
  uint32_t from, count;
};

/* The elements that the mean at `at` goes over: [from, end). */
static uint32_t window_from(uint32_t at, uint32_t window) {
  const uint32_t end = at + (window + 2) / 2;
  return end > window ? end - window : 0;
}

static uint32_t window_end(uint32_t at, uint32_t window, uint32_t side) {
  const uint32_t end = at + (window + 2) / 2;
  return end < side ? end : side;
}

/* The weights of two passes, seen from sample `i`. A step up where an inner window begins and down where it ends, summed
 * along the way, gives them in time linear in the band. */
static struct band weigh(uint32_t i, uint32_t side, uint32_t window, bool mirrored, float *weights) {
  const uint32_t at = tb_pick(i, side), from = window_from(at, window), end = window_end(at, window, side);
  struct band band = {window_from(from, window), 0};
  band.count = window_end(end - 1, window, side) - band.from;
  for (uint32_t x = 0; x <= band.count; x++) weights[x] = 0.0f;
  for (uint32_t inner = from; inner < end; inner++) {
    const uint32_t first = window_from(inner, window), last = window_end(inner, window, side);
    const float step = 1.0f / ((float)(end - from) * (float)(last - first));
    weights[first - band.from] += step;
    weights[last - band.from] -= step;
  }
  for (uint32_t x = 1; x < band.count; x++) weights[x] += weights[x - 1];
  if (mirrored) { /* the same pixels, counted from the other end */
    band.from = side - band.from - band.count;
    tb_mirror(weights, band.count);
  }
  return band;
}

/* The same weights for a plane that is `scale` times smaller. */
static struct band fold(struct band band, uint32_t scale, float *weights) {
  struct band folded = {band.from / scale, 0};
  if (scale == 1 || band.count == 0) return band;
  float sum = 0.0f;
  for (uint32_t x = 0; x < band.count; x++) {
    if ((band.from + x) / scale != folded.from + folded.count) {
      weights[folded.count++] = sum; /* its own weights have been read: it never overtakes x */
      sum = 0.0f;
    }
    sum += weights[x];
  }
  weights[folded.count++] = sum;
  return folded;
}

/* Adds rows of bytes, weighted, into a row of floats. */
TB_CHOSEN_AT_RUN_TIME static void add_rows(const uint8_t *pixels, size_t stride, uint32_t width, const float *weights, uint32_t rows,
                     float *restrict sums) {
  for (uint32_t x = 0; x < width; x++) sums[x] = 0.0f;
  for (uint32_t row = 0; row < rows; row++) {
    const uint8_t *restrict line = pixels + row * stride;
    const float weight = weights[row];
    for (uint32_t x = 0; x < width; x++) sums[x] += weight * (float)line[x];
  }
}

/* Eight sums side by side: one alone would wait for each addition before the next. */
static float dot(const float *a, const float *b, uint32_t count) {
  float lanes[TB_LANES] = {0}, sum = 0.0f;
  uint32_t x = 0;
  for (; x + TB_LANES <= count; x += TB_LANES)
    for (uint32_t k = 0; k < TB_LANES; k++) lanes[k] += a[x + k] * b[x + k];
  for (; x < count; x++) sum += a[x] * b[x];
  for (uint32_t k = 0; k < TB_LANES; k++) sum += lanes[k];
  return sum;
}

/* A band is never longer than two windows and the step behind it. */
static size_t band_floats(uint32_t side) { return 2 * (size_t)tb_window(side) + 2; }

size_t tb_pdq_plane_size(uint32_t width, uint32_t height) {
  if (width == 0 || height == 0 || width > TB_MAX_SIDE || height > TB_MAX_SIDE) return 0;
  return sizeof(float) * (width + band_floats(height) + TB_GRID * band_floats(width));
}

int tb_pdq_plane(void *scratch, const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t scale, size_t stride,
                 int layout, int orientation, uint8_t hash[TB_PDQ_BYTES]) {
  if (!scratch || tb_pdq_plane_size(width, height) == 0 || orientation < 1 || orientation > 8) return -1;
  if (scale != 1 && scale != 2 && scale != 4 && scale != 8) return -1;
  if (layout != TB_GREY8 && layout != TB_VIDEO8) return -1;
  const struct tb_turn turn = tb_turn(orientation);
  for (int i = 0; i < TB_PDQ_BYTES; i++) hash[i] = 0;
  if (width < TB_PDQ_MIN_SIDE || height < TB_PDQ_MIN_SIDE) return 0;

  const bool is_grid = width == TB_GRID && height == TB_GRID; /* the reference does not filter it */
  const uint32_t across = is_grid ? 1 : tb_window(width), down = is_grid ? 1 : tb_window(height);
  const uint32_t plane_width = (width + scale - 1) / scale;
  float *sums = scratch, *weights = sums + width, *columns = weights + band_floats(height);
  struct band bands[TB_GRID];
  for (uint32_t j = 0; j < TB_GRID; j++) {
    float *column = columns + j * band_floats(width);
    bands[j] = fold(weigh(j, width, across, turn.mirrored, column), scale, column);
  }

  float grid[TB_GRID][TB_GRID], dct[TB_KEPT][TB_KEPT];
  for (uint32_t i = 0; i < TB_GRID; i++) {
    const struct band rows = fold(weigh(i, height, down, turn.upward, weights), scale, weights);
    add_rows(pixels + rows.from * stride, stride, plane_width, weights, rows.count, sums);
    for (uint32_t j = 0; j < TB_GRID; j++) {
      const float sample = dot(columns + j * band_floats(width), sums + bands[j].from, bands[j].count);
      *(turn.swapped ? &grid[j][i] : &grid[i][j]) = layout == TB_VIDEO8 ? tb_full_range(sample) : sample;
    }
  }
  tb_dct(grid, dct);
  tb_bits(dct, hash);
  return tb_quality(grid);
}
