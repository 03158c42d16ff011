/* What the files of the PDQ hash share among themselves. Not a public header.
 *
 * PDQ (Meta, "PDQ: Photo DNA Quality", 2017): luma, two passes of a box filter along rows and columns (Jarosz),
 * 64x64 samples, the lowest 16x16 coefficients of their DCT without the constant row and column, one bit for
 * each above the median.
 *
 * The order of the float additions is part of the hash. Every loop below keeps the order in which the reference
 * adds along one row or one column, and runs its lanes across rows or columns, which do not touch each other.
 */
#ifndef TB_PDQ_INTERNAL_H
#define TB_PDQ_INTERNAL_H

#include <stdbool.h>

#include "takeback.h"

/* Best code for the machine that it runs on, from one source: the compiler makes two and the loader chooses. Neither
 * contracts a multiplication and an addition, so both round alike. TB_PORTABLE, for tests, leaves nothing to choose. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) && !defined(TB_PORTABLE)
#define TB_CHOSEN_AT_RUN_TIME __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define TB_CHOSEN_AT_RUN_TIME
#endif

/* Before a loop that is not worth many instructions: the page's module is kept small. */
#if defined(__clang__)
#define TB_ROLLED _Pragma("clang loop unroll(disable) interleave(disable)")
#else
#define TB_ROLLED
#endif

/* A browser has no packed RGB. */
#ifndef __wasm__
#define TB_PACKED_RGB
#endif

enum {
  TB_LANES = 8, /* rows that the row filter takes side by side */
  TB_GRID = 64, /* samples along each side of the decimated picture */
  TB_KEPT = 16, /* DCT frequencies kept along each side */
  TB_MAX_SIDE = 1 << 20, /* pixels */
  TB_MAX_STATE = 1 << 30, /* bytes */
  TB_MAX_BOX_SIDE = 1024 /* pixels of a plane in which boxes are looked for */
};

/* How a stored picture differs from the upright one. */
struct tb_turn {
  bool mirrored, upward, swapped; /* each row from its end; rows from the last; sides changed */
};
/* pdq.c */
struct tb_turn tb_turn(int orientation);

/* A running mean down the columns of rows that arrive one at a time. It holds `window` rows, never the picture. */
struct tb_column_filter {
  float *ring; /* the last `window` rows, row r in slot r % window */
  float *sums; /* one running sum a column */
  uint32_t width, height, window;
  uint32_t ahead;   /* rows that must have come after row o before row o can be given out */
  uint32_t arrived; /* rows in; past `height` while the filter drains */
};

/* The window of one pass over `side` pixels: half of a 64th, since two passes reach a whole one. */
static inline uint32_t tb_window(uint32_t side) { return (side + 2 * TB_GRID - 1) / (2 * TB_GRID); }

/* The row or column that sample `i` of 64 is taken from: the pixel at the middle of its block. */
static inline uint32_t tb_pick(uint32_t i, uint32_t side) {
  return (uint32_t)(((uint64_t)(2 * i + 1) * side) >> 7);
}

/* pdq_luma.c */
/* Luma of a film, 16 black and 235 white, stretched to 0..255. */
static inline float tb_full_range(float luma) {
  const float stretched = (luma - 16.0f) * (255.0f / 219.0f);
  return stretched < 0.0f ? 0.0f : stretched > 255.0f ? 255.0f : stretched;
}

static inline bool tb_is_layout(int layout) {
#ifndef TB_PACKED_RGB
  if (layout == TB_RGB8) return false;
#endif
  return layout >= TB_GREY8 && layout <= TB_VIDEO10;
}

void tb_luma_row(const uint8_t *pixels, float *luma, uint32_t width, int layout, bool mirrored);

/* Turns a line round in place. */
void tb_mirror(float *line, uint32_t width);

/* pdq_filter.c */
void tb_row_sums(const float *rows, uint32_t count, uint32_t width, uint32_t window, float *lanes, float *sums);
void tb_row_means(const float *sums, uint32_t count, uint32_t width, uint32_t window, float *rows);
void tb_row_samples(const float *sums, uint32_t lane, uint32_t width, uint32_t window, float samples[TB_GRID]);
/* Takes the next row (NULL once all have come) and says which row it has finished: its number, or -1. */
int64_t tb_column_push(struct tb_column_filter *filter, const float *row);
/* Writes the means of the row that tb_column_push has just finished. */
void tb_column_means(const struct tb_column_filter *filter, float *means);

/* plane.c */
struct tb_plane {
  uint32_t stored_width, stored_height, fed; /* the rows that come */
  uint32_t across, down;                     /* the same, reduced */
  uint32_t width, height;                    /* the plane, upright */
  struct tb_turn turn;
  float *luma, *sums; /* one stored row, and the part of a reduced one that has come */
  float *pixels;
  float *weights;     /* room for those of one row of samples, of all columns, and for one row of sums */
  uint32_t row;       /* the reduced row that is being summed */
};
/* Takes one stored row of luma, mirrored already where the turn asks for it. */
void tb_plane_push(struct tb_plane *plane, const float *luma);

/* pdq_box.c */
/* Floats that the hash of a part of a plane needs beside it: supports of samples touch, and each may cut two pixels. */
static inline uint64_t tb_box_floats(uint64_t side) { return 3 * side + 2 * TB_GRID + 2; }

/* pdq_dct.c */
int tb_quality(const float grid[TB_GRID][TB_GRID]);
void tb_dct(const float grid[TB_GRID][TB_GRID], float dct[TB_KEPT][TB_KEPT]);
void tb_bits(const float dct[TB_KEPT][TB_KEPT], uint8_t hash[TB_PDQ_BYTES]);
/* Which way a turn or mirror image changes the DCT: `form` is 0..7 in the order of tb_pdq_dihedral. */
void tb_dct_turned(const float dct[TB_KEPT][TB_KEPT], int form, float turned[TB_KEPT][TB_KEPT]);

#endif
