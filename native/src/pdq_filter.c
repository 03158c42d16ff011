/* The two directions of the Jarosz box filter, as running sums in the reference's order of float additions.
 *
 * For output o the window ends at r = o + ahead. The sum first adds element r (while there is one), then takes
 * away element r - window (once there is one), and the mean divides by the elements that are in it.
 */
#include "pdq_internal.h"

/* Elements of a line of `side` in the window that ends at `r`. */
static float members(uint32_t r, uint32_t side, uint32_t window) {
  uint32_t end = r < side ? r + 1 : side;
  uint32_t start = r + 1 > window ? r + 1 - window : 0;
  return (float)(int32_t)(end - start);
}

static uint32_t ahead_in_row(uint32_t window) { return (window + 2) / 2 - 1; }

/* Lays `count` rows side by side: lanes[x * TB_LANES + row]. Lanes without a row are zero. */
static void weave(const float *restrict rows, uint32_t count, uint32_t width, float *restrict lanes) {
  for (uint32_t lane = count; lane < TB_LANES; lane++)
    TB_ROLLED
    for (uint32_t x = 0; x < width; x++) lanes[(size_t)x * TB_LANES + lane] = 0.0f;
  if (count == TB_LANES) {
    for (uint32_t x = 0; x < width; x++)
      for (uint32_t lane = 0; lane < TB_LANES; lane++)
        lanes[(size_t)x * TB_LANES + lane] = rows[(size_t)lane * width + x];
    return;
  }
  for (uint32_t lane = 0; lane < count; lane++)
    TB_ROLLED
    for (uint32_t x = 0; x < width; x++) lanes[(size_t)x * TB_LANES + lane] = rows[(size_t)lane * width + x];
}

/* Running sums along `count` rows, woven; sums[o] belongs to output o and is not yet divided. */
TB_CHOSEN_AT_RUN_TIME void tb_row_sums(const float *rows, uint32_t count, uint32_t width, uint32_t window, float *restrict lanes,
                 float *restrict sums) {
  const uint32_t ahead = ahead_in_row(window);
  float sum[TB_LANES] = {0};
  weave(rows, count, width, lanes);
  for (uint32_t r = 0; r < window; r++) { /* the window fills: only additions */
    for (int k = 0; k < TB_LANES; k++) sum[k] += lanes[(size_t)r * TB_LANES + k];
    if (r >= ahead)
      for (int k = 0; k < TB_LANES; k++) sums[(size_t)(r - ahead) * TB_LANES + k] = sum[k];
  }
  for (uint32_t r = window; r < width; r++) { /* the window is full: one in, one out */
    const float *in = lanes + (size_t)r * TB_LANES, *gone = lanes + (size_t)(r - window) * TB_LANES;
    float *to = sums + (size_t)(r - ahead) * TB_LANES;
    for (int k = 0; k < TB_LANES; k++) {
      float added = sum[k] + in[k];
      sum[k] = added - gone[k];
      to[k] = sum[k];
    }
  }
  for (uint32_t r = width; r < width + ahead; r++) { /* the line has ended: only subtractions */
    const float *gone = lanes + (size_t)(r - window) * TB_LANES;
    for (int k = 0; k < TB_LANES; k++) sum[k] -= gone[k];
    for (int k = 0; k < TB_LANES; k++) sums[(size_t)(r - ahead) * TB_LANES + k] = sum[k];
  }
}

/* The means of all elements, unwoven into rows again. */
TB_CHOSEN_AT_RUN_TIME void tb_row_means(const float *restrict sums, uint32_t count, uint32_t width, uint32_t window,
                  float *restrict rows) {
  const uint32_t ahead = ahead_in_row(window);
  for (uint32_t x = 0; x < width; x++) {
    const float divisor = members(x + ahead, width, window);
    float mean[TB_LANES];
    for (int k = 0; k < TB_LANES; k++) mean[k] = sums[(size_t)x * TB_LANES + k] / divisor;
    if (count == TB_LANES)
      for (uint32_t lane = 0; lane < TB_LANES; lane++) rows[(size_t)lane * width + x] = mean[lane];
    else
      TB_ROLLED
      for (uint32_t lane = 0; lane < count; lane++) rows[(size_t)lane * width + x] = mean[lane];
  }
}

/* The means of one row at the 64 columns that the decimation keeps. */
void tb_row_samples(const float *sums, uint32_t lane, uint32_t width, uint32_t window, float samples[TB_GRID]) {
  const uint32_t ahead = ahead_in_row(window);
  for (uint32_t i = 0; i < TB_GRID; i++) {
    const uint32_t x = tb_pick(i, width);
    samples[i] = sums[(size_t)x * TB_LANES + lane] / members(x + ahead, width, window);
  }
}

TB_CHOSEN_AT_RUN_TIME int64_t tb_column_push(struct tb_column_filter *filter, const float *row) {
  const uint32_t r = filter->arrived, width = filter->width;
  float *restrict sums = filter->sums;
  float *restrict slot = filter->ring + (size_t)(r % filter->window) * width;
  if (r == 0) {
    TB_ROLLED
    for (uint32_t x = 0; x < width; x++) sums[x] = 0.0f;
  }
  if (r < filter->window) {
    TB_ROLLED
    for (uint32_t x = 0; x < width; x++) {
      sums[x] += row[x];
      slot[x] = row[x];
    }
  } else if (r < filter->height) {
    for (uint32_t x = 0; x < width; x++) {
      float added = sums[x] + row[x];
      sums[x] = added - slot[x];
      slot[x] = row[x];
    }
  } else {
    TB_ROLLED
    for (uint32_t x = 0; x < width; x++) sums[x] -= slot[x];
  }
  filter->arrived++;
  return (int64_t)r - filter->ahead;
}

TB_CHOSEN_AT_RUN_TIME void tb_column_means(const struct tb_column_filter *filter, float *restrict means) {
  const float divisor = members(filter->arrived - 1, filter->height, filter->window);
  const float *restrict sums = filter->sums;
  for (uint32_t x = 0; x < filter->width; x++) means[x] = sums[x] / divisor;
}
