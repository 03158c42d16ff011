/* Takeback's C core: the only public header.
 *
 * No allocation, no I/O, no global state: the caller owns all memory. The same sources are built twice,
 * as a shared library (ctypes) and as wasm32 for the browser, and both pass spec/vectors.
 */
#ifndef TAKEBACK_H
#define TAKEBACK_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define TB_API __declspec(dllexport)
#else
#define TB_API __attribute__((visibility("default")))
#endif

#define TB_PDQ_BYTES 32
#define TB_PDQ_COEFFICIENTS 256
#define TB_PDQ_MIN_SIDE 5 /* pixels; below it the hash is 0 and the quality 0, as in the reference */

/* Pixel layouts, rows top to bottom, 8 bits a channel. The two of video are luma as films keep it: 16 is black and 235
 * white (ITU-R BT.709, "limited range"), or four times that in two bytes, the lower first. */
enum tb_layout { TB_GREY8 = 1, TB_VIDEO8 = 2, TB_RGB8 = 3, TB_RGBX8 = 4, TB_VIDEO10 = 5 };

/* The eight ways to hold a picture, as EXIF orientation numbers them (1 = as stored). */

/* Bytes of state that a picture of this size, held so, needs (0 when size or orientation is refused). */
TB_API size_t tb_pdq_state_size(uint32_t width, uint32_t height, int orientation);

/* Begins a hash. `orientation` is EXIF 1..8: the hash is that of the picture turned upright.
 * width and height are those of the stored rows. Returns 0, or -1 for a refused argument. */
TB_API int tb_pdq_begin(void *state, uint32_t width, uint32_t height, int orientation);

/* Feeds `rows` further rows; `stride` is in bytes. Returns 0, or -1 when more rows come than were announced. */
TB_API int tb_pdq_rows(void *state, const uint8_t *pixels, uint32_t rows, size_t stride, int layout);

/* Ends the hash. `hash` is 32 bytes, bit 255 first. Returns the quality 0..100, or -1 when rows are missing. */
TB_API int tb_pdq_finish(void *state, uint8_t hash[TB_PDQ_BYTES]);

/* After tb_pdq_finish: the eight dihedral hashes from the same DCT. */
TB_API void tb_pdq_dihedral(const void *state, uint8_t hashes[8][TB_PDQ_BYTES]);

/* After tb_pdq_finish: the 16 rows of 16 DCT coefficients whose signs against their median are the hash, bit 0 first.
 * All are 0 for a picture below TB_PDQ_MIN_SIDE. */
TB_API void tb_pdq_coefficients(const void *state, float coefficients[TB_PDQ_COEFFICIENTS]);

/* Bytes of scratch that tb_pdq_plane needs for a picture of this size (0 when the size is refused). */
TB_API size_t tb_pdq_plane_size(uint32_t width, uint32_t height);

/* The hash of a whole plane of luma (TB_GREY8 or TB_VIDEO8), held as `orientation` says, in a fraction of the time and
 * within a few bits of tb_pdq_rows: for asking a list, not for putting on it. The plane is `scale` times smaller (1, 2,
 * 4 or 8, sides rounded up, as a JPEG decoder scales) than the picture of width x height. Returns the quality 0..100,
 * or -1 for a refused argument. */
TB_API int tb_pdq_plane(void *scratch, const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t scale,
                        size_t stride, int layout, int orientation, uint8_t hash[TB_PDQ_BYTES]);

/* Bytes of a small plane: the picture's luma, upright, reduced so that no side is longer than `side` (0 when the size is
 * refused). */
TB_API size_t tb_plane_size(uint32_t width, uint32_t height, uint32_t side);

/* Begins a small plane. width and height are those of the stored rows. Returns 0, or -1 for a refused argument. */
TB_API int tb_plane_begin(void *plane, uint32_t width, uint32_t height, uint32_t side, int orientation);

/* Feeds `rows` further rows, as tb_pdq_rows does. */
TB_API int tb_plane_rows(void *plane, const uint8_t *pixels, uint32_t rows, size_t stride, int layout);

/* The upright sides of a plane, in its own pixels. */
TB_API void tb_plane_sides(const void *plane, uint32_t sides[2]);

/* Writes the luma of a full plane, rows top to bottom. */
TB_API void tb_plane_luma(const void *plane, float *luma);

/* How many of a thousand pixels of a full plane of at most 1024 pixels a side are smooth: of those that have four beside
 * them (spec/film.md). All of a plane that is too thin. */
TB_API uint32_t tb_plane_smooth(const void *plane);

/* Fills `small`, begun with the upright sides of a full plane, from it. Returns 0, or -1 where the two do not fit. */
TB_API int tb_plane_shrunk(const void *plane, void *small);

/* Fills `tilted`, begun with the upright sides of a full plane and not smaller, with the same turned about its middle; the
 * edge goes on. Returns 0, or -1 where the two do not fit. */
TB_API int tb_plane_tilted(const void *plane, void *tilted, float cosine, float sine);

/* After tb_pdq_begin: the rows that are hashed also fill `plane`, begun with the same size and orientation. */
TB_API void tb_pdq_keep(void *state, void *plane);

/* The hash of a part of a full plane, in those of its eight dihedral forms whose bit is set in `forms`, in the order of
 * tb_pdq_dihedral. `box` is left, top, right and bottom in fractions of the upright sides; beyond the picture its edge
 * goes on. Returns the quality 0..100, or -1 when rows are missing or the box is empty. */
TB_API int tb_plane_pdq(void *plane, const float box[4], uint32_t forms, uint8_t hashes[8][TB_PDQ_BYTES]);

/* Looks for pictures inside a full plane of at most 1024 pixels a side: screenshots, borders, collages. Writes at most `most`
 * boxes as tb_plane_pdq takes them, the likeliest first; returns how many. */
TB_API uint32_t tb_plane_boxes(const void *plane, float boxes[][4], uint32_t most);

/* All of `count` 256-bit values within `radius` bits of `query`. Writes at most `capacity` positions and
 * distances in order of position; returns how many there are in all. */
TB_API size_t tb_scan_256(const uint8_t *values, size_t count, const uint8_t query[TB_PDQ_BYTES],
                          unsigned radius, uint32_t *positions, uint16_t *distances, size_t capacity);

/* The radius index: all 256-bit values within a radius, without looking at every one. docs/matching-index.md. */

/* Values that one part holds at most: a position takes three bytes. More make several parts. */
#define TB_RADIUS_MOST ((size_t)1 << 24)

/* Instruction sets, for tests: anything but the best may be absent from this processor. */
enum tb_path { TB_PATH_BEST = 0, TB_PATH_PORTABLE = 1, TB_PATH_NEON = 2, TB_PATH_AVX2 = 3, TB_PATH_AVX512 = 4 };

/* A value that was found: the caller's number for it, which of the queries it is near, and by how many bits. */
struct tb_found {
  uint64_t id;
  uint32_t query, distance;
};

/* An immutable part. Bytes for those of `count` values whose number of set bits is even (parity 0) or odd (1); 0 when
 * there is none, or `count` is over TB_RADIUS_MOST. Ids are any numbers below 2^63, and need not differ. `radius` is the
 * widest that it shall be asked with: below 15, it is smaller, and asked with a wider one is read from end to end. */
TB_API size_t tb_radius_size(const uint8_t *values, const uint64_t *ids, size_t count, unsigned parity, unsigned radius);

/* Bytes of scratch that building with `count` values needs, for each thread that builds. */
TB_API size_t tb_radius_scratch(size_t count);

/* Begins that part in `size` bytes on a boundary of 64. Returns 0, or -1 for a refused argument. Then tb_radius_chunk once
 * for each chunk 0..15, in any order or at the same time, each with a scratch of its own. */
TB_API int tb_radius_begin(void *part, size_t size, const uint8_t *values, const uint64_t *ids, size_t count,
                           unsigned parity, unsigned radius, void *scratch);
TB_API void tb_radius_chunk(void *part, unsigned chunk, void *scratch);

/* Returns 0 when these bytes begin like a part of this size, else -1. Only then may they be asked: wrong bytes further
 * on give wrong answers, but nothing outside the part is read. */
TB_API int tb_radius_check(const void *part, size_t size);

/* A delta: up to `capacity` values and `deletions` deletions, changed by one thread at a time while others ask. */
TB_API size_t tb_delta_size(uint32_t capacity, uint32_t deletions);
TB_API void tb_delta_begin(void *delta, uint32_t capacity, uint32_t deletions);

/* Each returns 0, or -1 when the delta is full. A deletion hides all values with this id that are in here already or in
 * a layer below, now and in every later question. */
TB_API int tb_delta_insert(void *delta, const uint8_t value[TB_PDQ_BYTES], uint64_t id);
TB_API int tb_delta_delete(void *delta, uint64_t id);

/* Values inserted, those deleted again included. */
TB_API size_t tb_delta_count(const void *delta);

/* How many ids are deleted; writes them unless `ids` is NULL. */
TB_API size_t tb_delta_deletions(const void *delta, uint64_t *ids);

/* All values in `layers` (parts and deltas, oldest first) within radii[i] bits of the i-th of `count` queries. Writes at
 * most `capacity` of them, in no order; returns how many there are in all, or SIZE_MAX when `path` is absent. */
TB_API size_t tb_radius_within(const void *const *layers, size_t layer_count, const uint8_t *queries,
                               const uint16_t *radii, size_t count, int path, struct tb_found *found, size_t capacity);

/* The instruction set that `path` leads to, or -1 when this processor lacks it. */
TB_API int tb_radius_path(int path);

/* Copies the values and ids of layers[from..to) that nothing above them deletes. Returns how many there are; writes
 * nothing where `values` is NULL. */
TB_API size_t tb_radius_live(const void *const *layers, size_t layer_count, size_t from, size_t to, uint8_t *values,
                             uint64_t *ids);

/* The text of a list's entries (spec/list-format.md), as columns. */

enum tb_exact { TB_HAS_MD5 = 1, TB_HAS_SHA1 = 2, TB_HAS_SHA256 = 4 };

/* One entry: where in the text it and its claim (kind, age, tier, action and day) stand, in bytes; no claim: it is gone.
 * Then where in `values` its values begin, and what they are: `exact` says which of md5, sha1 and sha256 it has. `alike` is
 * the place, counted from 0, of an entry before it that claims the same with values of the same lengths, or its own. */
struct tb_entry {
  uint64_t sequence;
  uint32_t text_at, text_length, claim_at, claim_length, values_at, alike, values_length, exact, pictures, edits, frames;
  uint32_t reserved;
};

/* Reads entries with an empty line between them. Returns how many there are, or SIZE_MAX where the text holds something
 * else, or more than `capacity`. `values` has room for `length` bytes; one entry after the other, it is given md5, pdq of
 * pictures and of edits, sha1, sha256, vpdq, the second of each frame (32 bits as this machine writes them; -1: none),
 * and the names of the edits with spaces between. */
TB_API size_t tb_entries(const uint8_t *text, size_t length, struct tb_entry *entries, size_t capacity, uint8_t *values);

/* Copies of each of `count` pieces of `piece` bytes the `length` bytes from `at` on, each to `gap` bytes of `column`. */
TB_API void tb_column(const uint8_t *pieces, size_t count, size_t piece, size_t at, size_t length, uint8_t *column,
                      size_t gap);

/* Adds `count` numbers of 256 bits to `total`, modulo 2^256; all are big-endian. */
TB_API void tb_sum_256(const uint8_t *numbers, size_t count, uint8_t total[32]);

#endif
