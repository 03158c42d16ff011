/* The streaming PDQ hash: rows in, 256 bits out, memory for a window of rows and never for the picture.
 *
 * A stored picture becomes the upright one by at most three steps: mirror each row, read the rows from the bottom,
 * swap rows and columns. Mirroring happens to the luma; a swap only changes which direction is filtered first, so
 * both equal the hash of the upright picture bit for bit. Rows cannot come from the bottom before the top ones
 * have, so for EXIF 3, 4, 6 and 7 the columns are summed the other way round over the same windows: the same real
 * numbers, rounded in another order. spec/canonical-image.md says how often a bit differs.
 */
#include "pdq_internal.h"

/* How the stored picture differs from the upright one, by EXIF orientation. */
struct tb_turn tb_turn(int orientation) {
  static const struct tb_turn TURNS[9] = {
      {false, false, false}, /* there is no 0 */
      {.mirrored = false, .upward = false, .swapped = false},
      {.mirrored = true, .upward = false, .swapped = false},
      {.mirrored = true, .upward = true, .swapped = false},
      {.mirrored = false, .upward = true, .swapped = false},
      {.mirrored = false, .upward = false, .swapped = true},
      {.mirrored = false, .upward = true, .swapped = true},
      {.mirrored = true, .upward = true, .swapped = true},
      {.mirrored = true, .upward = false, .swapped = true},
  };
  return TURNS[orientation];
}

struct tb_pdq {
  uint32_t width, height, fed;
  uint32_t row_window;
  struct tb_turn turn;
  struct tb_column_filter first, second; /* the two passes down the columns */
  float *strip, *between;                /* up to TB_LANES rows before the first and the second row pass */
  uint32_t in_strip, in_between;
  uint32_t rows_between[TB_LANES];       /* swapped only: which picture row each row of `between` is */
  float *lanes, *sums;                   /* the same rows woven, and their running sums */
  struct tb_plane *plane;                /* filled beside the hash, or NULL */
  float grid[TB_GRID][TB_GRID];          /* the 64x64 samples of the upright picture */
  float dct[TB_KEPT][TB_KEPT];
};

static bool too_small(const struct tb_pdq *pdq) {
  return pdq->width < TB_PDQ_MIN_SIDE || pdq->height < TB_PDQ_MIN_SIDE;
}

static bool is_grid(const struct tb_pdq *pdq) { return pdq->width == TB_GRID && pdq->height == TB_GRID; }

/* ---- memory ---- */

/* Floats behind the struct: two strips, woven rows, their sums, and two column filters with their sums. The second
 * filter runs over 64 samples of each row, or over whole rows where sides are swapped. */
static uint64_t floats_needed(uint32_t width, uint32_t height, bool swapped) {
  const uint64_t rows = (uint64_t)tb_window(height) + 1, second = swapped ? width : TB_GRID;
  return (uint64_t)width * 4 * TB_LANES + (width + second) * rows;
}

size_t tb_pdq_state_size(uint32_t width, uint32_t height, int orientation) {
  if (width == 0 || height == 0 || width > TB_MAX_SIDE || height > TB_MAX_SIDE) return 0;
  if (orientation < 1 || orientation > 8) return 0;
  const uint64_t size = sizeof(struct tb_pdq) + sizeof(float) * floats_needed(width, height, tb_turn(orientation).swapped);
  return size > TB_MAX_STATE ? 0 : (size_t)size;
}

static float *column_filter(struct tb_column_filter *filter, float *memory, uint32_t width, const struct tb_pdq *pdq) {
  const uint32_t window = tb_window(pdq->height), half = (window + 2) / 2;
  filter->width = width;
  filter->height = pdq->height;
  filter->window = window;
  filter->ahead = pdq->turn.upward ? window - half : half - 1; /* an even window reaches one further on one side */
  filter->arrived = 0;
  filter->ring = memory;
  filter->sums = memory + (size_t)window * width;
  return filter->sums + width;
}

int tb_pdq_begin(void *state, uint32_t width, uint32_t height, int orientation) {
  if (!state || tb_pdq_state_size(width, height, orientation) == 0) return -1;
  struct tb_pdq *pdq = state;
  float *memory = (float *)(pdq + 1);
  const size_t strip = (size_t)width * TB_LANES;
  pdq->width = width;
  pdq->height = height;
  pdq->fed = pdq->in_strip = pdq->in_between = 0;
  pdq->row_window = tb_window(width);
  pdq->turn = tb_turn(orientation);
  pdq->plane = NULL;
  pdq->strip = memory;
  pdq->between = memory + strip;
  pdq->lanes = memory + 2 * strip;
  pdq->sums = memory + 3 * strip;
  memory = column_filter(&pdq->first, memory + 4 * strip, width, pdq);
  column_filter(&pdq->second, memory, pdq->turn.swapped ? width : TB_GRID, pdq);
  return 0;
}

void tb_pdq_keep(void *state, void *plane) { ((struct tb_pdq *)state)->plane = plane; }

/* ---- samples ---- */

/* The upright row (or column, where sides are swapped) that a stored row is. */
static uint32_t upright(const struct tb_pdq *pdq, uint32_t row) {
  return pdq->turn.upward ? pdq->height - 1 - row : row;
}

static bool is_sampled(const struct tb_pdq *pdq, uint32_t row) {
  const uint32_t wanted = upright(pdq, row);
  const uint32_t i = (uint32_t)(((uint64_t)wanted * TB_GRID) / pdq->height); /* the block that the row lies in */
  return tb_pick(i, pdq->height) == wanted || (i > 0 && tb_pick(i - 1, pdq->height) == wanted) ||
         (i + 1 < TB_GRID && tb_pick(i + 1, pdq->height) == wanted);
}

/* Puts the 64 samples of a stored row wherever the grid wants them; a small picture repeats its rows. */
static void put_samples(struct tb_pdq *pdq, uint32_t row, const float samples[TB_GRID]) {
  const uint32_t wanted = upright(pdq, row);
  for (uint32_t i = 0; i < TB_GRID; i++) {
    if (tb_pick(i, pdq->height) != wanted) continue;
    for (uint32_t j = 0; j < TB_GRID; j++) {
      if (pdq->turn.swapped)
        pdq->grid[j][i] = samples[j];
      else
        pdq->grid[i][j] = samples[j];
    }
  }
}

/* ---- upright rows: along rows, down columns, along rows, down columns ---- */

static void finish_between(struct tb_pdq *pdq) {
  float samples[TB_GRID];
  tb_row_sums(pdq->between, pdq->in_between, pdq->width, pdq->row_window, pdq->lanes, pdq->sums);
  for (uint32_t lane = 0; lane < pdq->in_between; lane++) {
    tb_row_samples(pdq->sums, lane, pdq->width, pdq->row_window, samples);
    const int64_t done = tb_column_push(&pdq->second, samples);
    if (done < 0 || !is_sampled(pdq, (uint32_t)done)) continue;
    tb_column_means(&pdq->second, samples);
    put_samples(pdq, (uint32_t)done, samples);
  }
  pdq->in_between = 0;
}

static void push_first(struct tb_pdq *pdq, const float *row) {
  if (tb_column_push(&pdq->first, row) < 0) return;
  tb_column_means(&pdq->first, pdq->between + (size_t)pdq->in_between * pdq->width);
  if (++pdq->in_between == TB_LANES) finish_between(pdq);
}

static void finish_strip(struct tb_pdq *pdq) {
  const uint32_t count = pdq->in_strip;
  tb_row_sums(pdq->strip, count, pdq->width, pdq->row_window, pdq->lanes, pdq->sums);
  tb_row_means(pdq->sums, count, pdq->width, pdq->row_window, pdq->strip);
  for (uint32_t lane = 0; lane < count; lane++) push_first(pdq, pdq->strip + (size_t)lane * pdq->width);
  pdq->in_strip = 0;
}

static void drain(struct tb_pdq *pdq) {
  float samples[TB_GRID];
  if (pdq->in_strip) finish_strip(pdq);
  for (uint32_t left = pdq->first.ahead; left > 0; left--) push_first(pdq, NULL);
  if (pdq->in_between) finish_between(pdq);
  for (uint32_t left = pdq->second.ahead; left > 0; left--) {
    const uint32_t done = (uint32_t)tb_column_push(&pdq->second, NULL);
    if (!is_sampled(pdq, done)) continue;
    tb_column_means(&pdq->second, samples);
    put_samples(pdq, done, samples);
  }
}

/* ---- swapped sides: down columns, along rows, down columns, along rows ---- */

static void finish_between_swapped(struct tb_pdq *pdq) {
  float samples[TB_GRID];
  tb_row_sums(pdq->between, pdq->in_between, pdq->width, pdq->row_window, pdq->lanes, pdq->sums);
  for (uint32_t lane = 0; lane < pdq->in_between; lane++) {
    tb_row_samples(pdq->sums, lane, pdq->width, pdq->row_window, samples);
    put_samples(pdq, pdq->rows_between[lane], samples);
  }
  pdq->in_between = 0;
}

static void push_second_swapped(struct tb_pdq *pdq, const float *row) {
  const int64_t done = tb_column_push(&pdq->second, row);
  if (done < 0 || !is_sampled(pdq, (uint32_t)done)) return;
  pdq->rows_between[pdq->in_between] = (uint32_t)done;
  tb_column_means(&pdq->second, pdq->between + (size_t)pdq->in_between * pdq->width);
  if (++pdq->in_between == TB_LANES) finish_between_swapped(pdq);
}

static void finish_strip_swapped(struct tb_pdq *pdq) {
  const uint32_t count = pdq->in_strip;
  tb_row_sums(pdq->strip, count, pdq->width, pdq->row_window, pdq->lanes, pdq->sums);
  tb_row_means(pdq->sums, count, pdq->width, pdq->row_window, pdq->strip);
  for (uint32_t lane = 0; lane < count; lane++) push_second_swapped(pdq, pdq->strip + (size_t)lane * pdq->width);
  pdq->in_strip = 0;
}

/* `luma` is the next row, or NULL once all have come. */
static void push_first_swapped(struct tb_pdq *pdq, const float *luma) {
  if (tb_column_push(&pdq->first, luma) < 0) return;
  tb_column_means(&pdq->first, pdq->strip + (size_t)pdq->in_strip * pdq->width);
  if (++pdq->in_strip == TB_LANES) finish_strip_swapped(pdq);
}

static void drain_swapped(struct tb_pdq *pdq) {
  for (uint32_t left = pdq->first.ahead; left > 0; left--) push_first_swapped(pdq, NULL);
  if (pdq->in_strip) finish_strip_swapped(pdq);
  for (uint32_t left = pdq->second.ahead; left > 0; left--) push_second_swapped(pdq, NULL);
  if (pdq->in_between) finish_between_swapped(pdq);
}

/* ---- the door ---- */

static void feed_row(struct tb_pdq *pdq, const uint8_t *pixels, int layout) {
  float *luma = pdq->strip + (size_t)pdq->in_strip * pdq->width;
  tb_luma_row(pixels, luma, pdq->width, layout, pdq->turn.mirrored);
  if (pdq->plane) tb_plane_push(pdq->plane, luma);
  if (is_grid(pdq)) {
    put_samples(pdq, pdq->fed, luma); /* already 64x64: the reference does not filter it */
  } else if (pdq->turn.swapped) {
    push_first_swapped(pdq, luma);
  } else if (++pdq->in_strip == TB_LANES) {
    finish_strip(pdq);
  }
}

int tb_pdq_rows(void *state, const uint8_t *pixels, uint32_t rows, size_t stride, int layout) {
  struct tb_pdq *pdq = state;
  if (!tb_is_layout(layout)) return -1;
  if (rows > pdq->height - pdq->fed) return -1;
  for (uint32_t row = 0; row < rows; row++, pdq->fed++) {
    if (!too_small(pdq)) feed_row(pdq, pixels + row * stride, layout);
  }
  return 0;
}

int tb_pdq_finish(void *state, uint8_t hash[TB_PDQ_BYTES]) {
  struct tb_pdq *pdq = state;
  if (pdq->fed != pdq->height) return -1;
  if (too_small(pdq)) {
    for (int i = 0; i < TB_PDQ_BYTES; i++) hash[i] = 0;
    return 0;
  }
  if (!is_grid(pdq)) pdq->turn.swapped ? drain_swapped(pdq) : drain(pdq);
  tb_dct(pdq->grid, pdq->dct);
  tb_bits(pdq->dct, hash);
  return tb_quality(pdq->grid);
}

void tb_pdq_dihedral(const void *state, uint8_t hashes[8][TB_PDQ_BYTES]) {
  const struct tb_pdq *pdq = state;
  float turned[TB_KEPT][TB_KEPT];
  for (int form = 0; form < 8; form++) {
    if (too_small(pdq)) {
      for (int i = 0; i < TB_PDQ_BYTES; i++) hashes[form][i] = 0;
      continue;
    }
    tb_dct_turned(pdq->dct, form, turned);
    tb_bits(turned, hashes[form]);
  }
}

void tb_pdq_coefficients(const void *state, float coefficients[TB_PDQ_COEFFICIENTS]) {
  const struct tb_pdq *pdq = state;
  for (int i = 0; i < TB_PDQ_COEFFICIENTS; i++)
    coefficients[i] = too_small(pdq) ? 0.0f : pdq->dct[i / TB_KEPT][i % TB_KEPT];
}
