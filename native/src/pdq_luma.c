/* Pixels to luma, exactly as numpy computes (0.299 r + 0.587 g) + 0.114 b in double and rounds it to float.
 *
 * 299 r + 587 g + 114 b is a whole number below 2^18, so float holds it exactly, and one correctly rounded float
 * division by 1000 gives the float nearest to the true value. The double sum is within 1e-13 of that value, and no
 * value N/1000 lies that close to a midpoint of two floats unless it is a float itself; so both round alike.
 * tests/unit/fingerprints/test_luma.py tries all 2^24 colours.
 */
#include "pdq_internal.h"

static float luma(uint32_t red, uint32_t green, uint32_t blue) {
  return (299.0f * (float)(int32_t)red + 587.0f * (float)(int32_t)green + 114.0f * (float)(int32_t)blue) / 1000.0f;
}

static void from_grey(const uint8_t *pixels, float *out, uint32_t width) {
  for (uint32_t x = 0; x < width; x++) out[x] = (float)pixels[x];
}

static void from_rgb(const uint8_t *pixels, float *out, uint32_t width) {
  for (uint32_t x = 0; x < width; x++) out[x] = luma(pixels[3 * x], pixels[3 * x + 1], pixels[3 * x + 2]);
}

static void from_rgbx(const uint8_t *pixels, float *out, uint32_t width) {
  for (uint32_t x = 0; x < width; x++) out[x] = luma(pixels[4 * x], pixels[4 * x + 1], pixels[4 * x + 2]);
}

static void mirror(float *row, uint32_t width) {
  for (uint32_t left = 0, right = width - 1; left < right; left++, right--) {
    float kept = row[left];
    row[left] = row[right];
    row[right] = kept;
  }
}

void tb_luma_row(const uint8_t *pixels, float *out, uint32_t width, int layout, bool mirrored) {
  if (layout == TB_GREY8) from_grey(pixels, out, width);
  if (layout == TB_RGB8) from_rgb(pixels, out, width);
  if (layout == TB_RGBX8) from_rgbx(pixels, out, width);
  if (mirrored) mirror(out, width);
}
