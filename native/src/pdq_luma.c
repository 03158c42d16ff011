/* Pixels to luma, exactly as numpy computes (0.299 r + 0.587 g) + 0.114 b in double and rounds it to float.
 *
 * 299 r + 587 g + 114 b is a whole number below 2^18: added as integers, which compilers do best, and held exactly by
 * a float. One correctly rounded float division by 1000 gives the float nearest to the true value. The double sum is
 * within 1e-13 of that value, and no value N/1000 lies that close to a midpoint of two floats unless it is a float
 * itself; so both round alike.
 * tests/unit/fingerprints/test_luma.py tries all 2^24 colours.
 */
#include "pdq_internal.h"

static float luma(uint32_t red, uint32_t green, uint32_t blue) {
  return (float)(int32_t)(299 * red + 587 * green + 114 * blue) / 1000.0f;
}

TB_CHOSEN_AT_RUN_TIME static void from_grey(const uint8_t *pixels, float *out, uint32_t width) {
  TB_ROLLED
  for (uint32_t x = 0; x < width; x++) out[x] = (float)pixels[x];
}

TB_CHOSEN_AT_RUN_TIME static void from_ten_bits(const uint8_t *pixels, float *out, uint32_t width) {
  TB_ROLLED
  for (uint32_t x = 0; x < width; x++) out[x] = (float)(pixels[2 * x] | pixels[2 * x + 1] << 8) / 4.0f;
}

TB_CHOSEN_AT_RUN_TIME static void stretch(float *luma, uint32_t width) {
  TB_ROLLED
  for (uint32_t x = 0; x < width; x++) luma[x] = tb_full_range(luma[x]);
}

#ifdef TB_PACKED_RGB
static void from_rgb_portable(const uint8_t *pixels, float *out, uint32_t width) {
  TB_ROLLED
  for (uint32_t x = 0; x < width; x++) out[x] = luma(pixels[3 * x], pixels[3 * x + 1], pixels[3 * x + 2]);
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(TB_PORTABLE)
#include <tmmintrin.h>

/* Four pixels at a time, from 16 bytes of which 12 count. The same integers, so the same floats. */
__attribute__((target("ssse3"))) static void from_rgb_ssse3(const uint8_t *pixels, float *out, uint32_t width) {
  const __m128i red_green = _mm_setr_epi8(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1);
  const __m128i blue = _mm_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1);
  const __m128i weights = _mm_set1_epi32(299 | 587 << 16), weight = _mm_set1_epi32(114);
  const __m128 thousand = _mm_set1_ps(1000.0f);
  uint32_t x = 0;
  for (; x + 6 <= width; x += 4) { /* the last pixels, behind which there are no 16 bytes, go the portable way */
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(pixels + 3 * (size_t)x));
    const __m128i sum = _mm_add_epi32(_mm_madd_epi16(_mm_shuffle_epi8(bytes, red_green), weights),
                                      _mm_madd_epi16(_mm_shuffle_epi8(bytes, blue), weight));
    _mm_storeu_ps(out + x, _mm_div_ps(_mm_cvtepi32_ps(sum), thousand));
  }
  from_rgb_portable(pixels + 3 * (size_t)x, out + x, width - x);
}

static void from_rgb(const uint8_t *pixels, float *out, uint32_t width) {
  if (__builtin_cpu_supports("ssse3"))
    from_rgb_ssse3(pixels, out, width);
  else
    from_rgb_portable(pixels, out, width);
}
#else
static void from_rgb(const uint8_t *pixels, float *out, uint32_t width) { from_rgb_portable(pixels, out, width); }
#endif
#endif

TB_CHOSEN_AT_RUN_TIME static void from_rgbx(const uint8_t *pixels, float *out, uint32_t width) {
  for (uint32_t x = 0; x < width; x++) out[x] = luma(pixels[4 * x], pixels[4 * x + 1], pixels[4 * x + 2]);
}

void tb_mirror(float *row, uint32_t width) {
  TB_ROLLED
  for (uint32_t left = 0, right = width - 1; left < right; left++, right--) {
    float kept = row[left];
    row[left] = row[right];
    row[right] = kept;
  }
}

void tb_luma_row(const uint8_t *pixels, float *out, uint32_t width, int layout, bool mirrored) {
  if (layout == TB_GREY8 || layout == TB_VIDEO8) from_grey(pixels, out, width);
  if (layout == TB_VIDEO10) from_ten_bits(pixels, out, width);
  if (layout == TB_VIDEO8 || layout == TB_VIDEO10) stretch(out, width);
#ifdef TB_PACKED_RGB
  if (layout == TB_RGB8) from_rgb(pixels, out, width);
#endif
  if (layout == TB_RGBX8) from_rgbx(pixels, out, width);
  if (mirrored) tb_mirror(out, width);
}
