/* Where in an upload a picture may stand: screenshots, borders, letterboxes, collages, pictures in pictures.
 *
 * A picture that was laid on something else has four straight edges, and most of each edge is seen: the step across it is
 * larger than what changes on the calmer of its two sides. For each column and row the longest such edge is found
 * (Kadane's best run, hits against misses), the best lines are crossed, and a rectangle counts where every side that is
 * not the upload's own is mostly seen.
 */
#include "pdq_internal.h"

enum {
  LINES = 22,   /* kept a direction, the upload's own two edges included */
  APART = 3,    /* pixels between two lines */
  AROUND = 3,   /* pixels that a hit looks at on either side */
  MOST = 64,    /* rectangles */
  LEAST = 48,   /* pixels of a plane's side: below it nothing is looked for */
  SNAP = 6,     /* pixels behind a flat margin in which the picture's edge is looked for */
};
static const float STEP = 6.0f;      /* luma: a smaller one is noise */
static const float CALMER = 0.33f;   /* of the step: what may change beside it */
static const float SHORTEST = 0.12f; /* of the upload's side: a line */
static const float SMALLEST = 0.17f; /* of the upload's side: a rectangle's side */
static const float SEEN = 0.45f;     /* of a side that is not the upload's own */
static const float OWN = 0.85f;      /* what a side counts that is the upload's own */
static const float WORST = 3.0f;     /* what the least seen side counts beside the sum of all four */
static const float FLAT = 1.0f;      /* luma: mean step along a line on which nothing happens */
static const float ALL_SEEN = 8.0f;  /* the score of the upload itself, whose margins are cut off first */
static const float LARGE = 0.4f;     /* what a rectangle as large as the upload gains */

struct line {
  float at;    /* pixels; between two pixels it is a whole number */
  uint32_t x;  /* the same, rounded */
  int16_t run; /* its best run, in pixels */
  bool own;    /* an edge of the upload itself */
};

static inline float gap(float a, float b) { return __builtin_fabsf(a - b); }
static inline float smaller(float a, float b) { return a < b ? a : b; }

/* Whether an edge is seen between p[-step] and p[0]. */
static bool seen(const float *p, ptrdiff_t step) {
  const float a = p[-2 * step], d = p[step], across = gap(a, d);
  return across > STEP && smaller(gap(p[-3 * step], a), gap(p[2 * step], d)) < CALMER * across;
}

/* A direction: `count` places for lines, `length` pixels along each; strides between pixels across and along. */
struct direction {
  const float *pixels;
  uint32_t count, length;
  ptrdiff_t across, along;
};

static const float *pixel(const struct direction *d, uint32_t x, uint32_t y) {
  return d->pixels + (ptrdiff_t)x * d->across + (ptrdiff_t)y * d->along;
}

/* 1 where an edge is seen between p[i - step] and p[i], -1 where none is. */
static inline __attribute__((always_inline)) void hits_of(const float *restrict p, ptrdiff_t step, uint32_t count,
                                                          int32_t *restrict hits) {
  for (uint32_t i = 0; i < count; i++) {
    const float *q = p + i;
    const float a = q[-2 * step], d = q[step], across = gap(a, d);
    const float calm = smaller(gap(q[-3 * step], a), gap(q[2 * step], d));
    hits[i] = ((across > STEP) & (calm < CALMER * across)) ? 1 : -1;
  }
}

/* The best run along every line, hits less misses (Kadane), in pixels. */
TB_CHOSEN_AT_RUN_TIME
static void runs_of(const struct direction *d, int16_t *restrict best) {
  int32_t hits[TB_MAX_BOX_SIDE + 1];
  int16_t now[TB_MAX_BOX_SIDE + 1] = {0};
  for (uint32_t x = 0; x <= d->count; x++) best[x] = 0;
  if (d->across == 1) { /* along rows of memory, whichever way the lines run */
    const uint32_t places = d->count + 1 - 2 * AROUND;
    for (uint32_t y = 0; y < d->length; y++) {
      hits_of(pixel(d, AROUND, y), 1, places, hits);
      for (uint32_t i = 0; i < places; i++) {
        const int16_t next = (int16_t)(now[i] + hits[i]);
        now[i] = next < 0 ? 0 : next;
        best[AROUND + i] = now[i] > best[AROUND + i] ? now[i] : best[AROUND + i];
      }
    }
    return;
  }
  for (uint32_t x = AROUND; x + AROUND <= d->count; x++) {
    int16_t run = 0, most = 0;
    hits_of(pixel(d, x, 0), d->across, d->length, hits);
    for (uint32_t y = 0; y < d->length; y++) {
      run = (int16_t)(run + hits[y]);
      run = run < 0 ? 0 : run;
      most = run > most ? run : most;
    }
    best[x] = most;
  }
}

/* Where between pixels the edge near `x` stands: the middle of the steps there, along its whole length. */
static float placed(const struct direction *d, uint32_t x) {
  float weight = 0.0f, moment = 0.0f;
  for (uint32_t k = x - 1; k <= x + 1; k++) {
    float steps = 0.0f;
    for (uint32_t y = 0; y < d->length; y++)
      if (seen(pixel(d, x, y), d->across)) steps += gap(*pixel(d, k, y), *pixel(d, k - 1, y));
    weight += steps;
    moment += steps * (float)k;
  }
  return weight > 0.0f ? moment / weight : (float)x;
}

/* Whether a line beside this one has a better run, or as good a one earlier. */
static bool is_beaten(const struct direction *d, const int16_t *best, uint32_t x) {
  for (uint32_t k = x > APART ? x - APART : 0; k <= x + APART && k <= d->count; k++)
    if (best[k] > best[x] || (best[k] == best[x] && k < x)) return true;
  return false;
}

/* The upload's own two edges and the best lines between them; `hits[i][y]` says how many pixels of line i are seen before
 * pixel y. Returns how many lines there are. */
static uint32_t lines_of(const struct direction *d, struct line lines[LINES], uint16_t hits[LINES][TB_MAX_BOX_SIDE + 1]) {
  int16_t best[TB_MAX_BOX_SIDE + 1];
  runs_of(d, best);
  lines[0] = (struct line){.at = 0.0f, .own = true};
  lines[1] = (struct line){.at = (float)d->count, .own = true};
  uint32_t found = 2;
  for (uint32_t x = AROUND; x + AROUND <= d->count; x++) {
    if ((float)best[x] < SHORTEST * (float)d->length || is_beaten(d, best, x)) continue;
    uint32_t at = found < LINES ? found : LINES - 1;
    if (at < found && best[x] <= lines[at].run) continue;
    for (; at > 2 && lines[at - 1].run < best[x]; at--) lines[at] = lines[at - 1];
    lines[at] = (struct line){.x = x, .run = best[x]};
    if (found < LINES) found++;
  }
  for (uint32_t i = 2; i < found; i++) {
    lines[i].at = placed(d, lines[i].x);
    hits[i][0] = 0;
    for (uint32_t y = 0; y < d->length; y++)
      hits[i][y + 1] = (uint16_t)(hits[i][y] + seen(pixel(d, lines[i].x, y), d->across));
  }
  return found;
}

/* What part of a line is seen between two others; what is the upload's own edge need not be. */
static float support(const struct line *line, const uint16_t *hits, float begin, float end) {
  if (line->own) return OWN;
  const uint32_t from = (uint32_t)(begin + 0.5f), to = (uint32_t)(end + 0.5f);
  return (float)(hits[to] - hits[from]) / (float)(to - from);
}

/* Mean step along one line of a direction, and mean step across it, between two places on it. */
static float along(const struct direction *d, uint32_t x, uint32_t from, uint32_t to) {
  float steps = 0.0f;
  for (uint32_t y = from; y + 1 < to; y++) steps += gap(*pixel(d, x, y), *pixel(d, x, y + 1));
  return steps / (float)(to - from);
}

static float across(const struct direction *d, uint32_t x, uint32_t from, uint32_t to) {
  float steps = 0.0f;
  for (uint32_t y = from; y < to; y++) steps += gap(*pixel(d, x - 1, y), *pixel(d, x, y));
  return steps / (float)(to - from);
}

/* Moves one side inward over lines on which nothing happens, to the step behind them. `inward` is 1 or -1. */
static float trimmed(const struct direction *d, float side, int inward, float limit, float begin, float end) {
  const uint32_t from = (uint32_t)(begin + 1.5f), to = (uint32_t)(end - 0.5f);
  if (from + SNAP > to) return side;
  int64_t x = (int64_t)(side + 0.5f) + (inward > 0 ? 1 : -2); /* the first whole line inside, past the edge's blur */
  const int64_t last = (int64_t)limit, start = x;
  while ((last - x) * inward > SNAP && along(d, (uint32_t)x, from, to) < FLAT) x += inward;
  if (x == start) return side;
  float best = 0.0f;
  int64_t at = x;
  for (int64_t k = x - inward; k != x + SNAP * inward; k += inward) {
    const int64_t edge = inward > 0 ? k : k + 1;
    const float steps = across(d, (uint32_t)edge, from, to);
    if (steps > best) best = steps, at = edge;
  }
  return (float)at;
}

struct found {
  float score, left, top, right, bottom; /* pixels */
};

/* Whether two rectangles are the same but for a pixel or two. */
static bool same(const struct found *a, const struct found *b) {
  return gap(a->left, b->left) + gap(a->right, b->right) < 2 * APART &&
         gap(a->top, b->top) + gap(a->bottom, b->bottom) < 2 * APART;
}

/* The same without flat margins, in which a picture may have been laid. */
static struct found without_margins(const struct direction *columns, const struct direction *rows, struct found f) {
  const float middle_x = (f.left + f.right) / 2, middle_y = (f.top + f.bottom) / 2;
  f.top = trimmed(rows, f.top, 1, middle_y, f.left, f.right);
  f.bottom = trimmed(rows, f.bottom, -1, middle_y, f.left, f.right);
  f.left = trimmed(columns, f.left, 1, middle_x, f.top, f.bottom);
  f.right = trimmed(columns, f.right, -1, middle_x, f.top, f.bottom);
  return f;
}

static uint32_t keep(struct found *best, uint32_t count, uint32_t most, const struct found *one) {
  uint32_t at = count;
  while (at > 0 && best[at - 1].score < one->score) at--;
  for (uint32_t i = 0; i < at; i++)
    if (same(&best[i], one)) return count;
  if (at == most) return count;
  if (count < most) count++;
  for (uint32_t i = count - 1; i > at; i--) best[i] = best[i - 1];
  best[at] = *one;
  return count;
}

/* The lines of both directions. */
struct lines {
  struct line x[LINES], y[LINES];
  uint16_t x_hits[LINES][TB_MAX_BOX_SIDE + 1], y_hits[LINES][TB_MAX_BOX_SIDE + 1];
  uint32_t x_count, y_count;
  float width, height;
};

/* The rectangle between four lines, or one with a score of 0 where a side is not seen enough, or it is the upload. */
static struct found between(const struct lines *lines, uint32_t l, uint32_t r, uint32_t t, uint32_t b) {
  const struct line *left = &lines->x[l], *right = &lines->x[r], *top = &lines->y[t], *bottom = &lines->y[b];
  struct found found = {0.0f, left->at, top->at, right->at, bottom->at};
  if (left->own && right->own && top->own && bottom->own) return found;
  const float sides[4] = {
      support(left, lines->x_hits[l], top->at, bottom->at), support(right, lines->x_hits[r], top->at, bottom->at),
      support(top, lines->y_hits[t], left->at, right->at), support(bottom, lines->y_hits[b], left->at, right->at)};
  float worst = sides[0], sum = 0.0f;
  for (int i = 0; i < 4; i++) {
    worst = smaller(worst, sides[i]);
    sum += sides[i];
  }
  if (worst < SEEN) return found;
  const float area = (right->at - left->at) * (bottom->at - top->at) / (lines->width * lines->height);
  found.score = sum + WORST * worst + LARGE * area;
  return found;
}

static uint32_t rectangles(const struct lines *lines, struct found best[MOST], uint32_t most) {
  uint32_t count = 0;
  for (uint32_t l = 0; l < lines->x_count; l++)
    for (uint32_t r = 0; r < lines->x_count; r++) {
      if (lines->x[r].at - lines->x[l].at < SMALLEST * lines->width) continue;
      for (uint32_t t = 0; t < lines->y_count; t++) {
        if (support(&lines->y[t], lines->y_hits[t], lines->x[l].at, lines->x[r].at) < SEEN) continue;
        for (uint32_t b = 0; b < lines->y_count; b++) {
          if (lines->y[b].at - lines->y[t].at < SMALLEST * lines->height) continue;
          const struct found one = between(lines, l, r, t, b);
          if (one.score > 0.0f) count = keep(best, count, most, &one);
        }
      }
    }
  return count;
}

uint32_t tb_plane_boxes(const void *memory, float boxes[][4], uint32_t most) {
  const struct tb_plane *plane = memory;
  const uint32_t w = plane->width, h = plane->height;
  if (plane->fed != plane->stored_height || w > TB_MAX_BOX_SIDE || h > TB_MAX_BOX_SIDE) return 0;
  if (w < LEAST || h < LEAST) return 0;
  if (most > MOST) most = MOST;
  const struct direction columns = {plane->pixels, w, h, 1, w}, rows = {plane->pixels, h, w, w, 1};
  struct lines lines = {.width = (float)w, .height = (float)h};
  lines.x_count = lines_of(&columns, lines.x, lines.x_hits);
  lines.y_count = lines_of(&rows, lines.y, lines.y_hits);

  struct found best[MOST], inner[MOST + 1];
  const struct found whole = {ALL_SEEN, 0.0f, 0.0f, (float)w, (float)h};
  uint32_t count = rectangles(&lines, best, most);
  const uint32_t given = count;
  for (uint32_t i = 0; i <= given; i++) {
    const struct found *outer = i < given ? &best[i] : &whole;
    inner[i] = without_margins(&columns, &rows, *outer);
    inner[i].score = same(&inner[i], outer) ? 0.0f : outer->score;
  }
  for (uint32_t i = 0; i <= given; i++)
    if (inner[i].score > 0.0f) count = keep(best, count, most, &inner[i]);
  for (uint32_t i = 0; i < count; i++) {
    boxes[i][0] = best[i].left / (float)w;
    boxes[i][1] = best[i].top / (float)h;
    boxes[i][2] = best[i].right / (float)w;
    boxes[i][3] = best[i].bottom / (float)h;
  }
  return count;
}
