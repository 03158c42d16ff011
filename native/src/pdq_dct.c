/* From 64x64 samples to quality, DCT and bits: the second half of PDQ, a few thousand operations. */
#include "pdq_internal.h"

/* sqrt(2/64), rounded to float as the reference has it, times cos(pi m / 128) in double, rounded to float again. The DCT
 * matrix has no other magnitudes, and a table needs no cosine at run time that one C library might round otherwise than
 * the next. */
static const float COSINES[TB_GRID] = {
    0x1.6a09e6p-3f, 0x1.69edfcp-3f, 0x1.699a42p-3f, 0x1.690ec6p-3f, 0x1.684b9cp-3f, 0x1.6750e4p-3f,
    0x1.661ec2p-3f, 0x1.64b568p-3f, 0x1.63150ap-3f, 0x1.613decp-3f, 0x1.5f3056p-3f, 0x1.5cec98p-3f,
    0x1.5a730cp-3f, 0x1.57c414p-3f, 0x1.54e018p-3f, 0x1.51c78cp-3f, 0x1.4e7ae8p-3f, 0x1.4afab2p-3f,
    0x1.474772p-3f, 0x1.4361bap-3f, 0x1.3f4a24p-3f, 0x1.3b015p-3f, 0x1.3687eap-3f, 0x1.31dea2p-3f,
    0x1.2d062ep-3f, 0x1.27ff5p-3f, 0x1.22caccp-3f, 0x1.1d6972p-3f, 0x1.17dc14p-3f, 0x1.12238ep-3f,
    0x1.0c40c2p-3f, 0x1.063498p-3f, 0x1.p-3f, 0x1.f347dap-4f, 0x1.e642b8p-4f, 0x1.d8f29ap-4f,
    0x1.cb598cp-4f, 0x1.bd79aap-4f, 0x1.af5516p-4f, 0x1.a0edfep-4f, 0x1.92469cp-4f, 0x1.83613p-4f,
    0x1.74400ap-4f, 0x1.64e57ap-4f, 0x1.5553e4p-4f, 0x1.458daap-4f, 0x1.35953cp-4f, 0x1.256d12p-4f,
    0x1.1517a8p-4f, 0x1.049782p-4f, 0x1.e7de5ep-5f, 0x1.c6427ap-5f, 0x1.a4608ap-5f, 0x1.823dc8p-5f,
    0x1.5fdf76p-5f, 0x1.3d4aep-5f, 0x1.1a855ep-5f, 0x1.ef2894p-6f, 0x1.a8fa12p-6f, 0x1.628a08p-6f,
    0x1.1be352p-6f, 0x1.aa21a8p-7f, 0x1.1c3af6p-7f, 0x1.1c50e2p-8f,
};

/* Entry (i, j) of the 16x64 DCT matrix: frequency i + 1 at sample j. */
static float dct_entry(uint32_t i, uint32_t j) {
  uint32_t m = ((i + 1) * (2 * j + 1)) % 256; /* the cosine's period is 256 such steps */
  if (m > 128) m = 256 - m;
  return m < 64 ? COSINES[m] : -COSINES[128 - m];
}

/* Each difference between neighbours, cut to whole percents; the weights are the reference's. */
int tb_quality(const float grid[TB_GRID][TB_GRID]) {
  int gradients = 0;
  for (int i = 0; i < TB_GRID; i++) {
    for (int j = 0; j < TB_GRID; j++) {
      int down = i + 1 < TB_GRID ? (int)(((grid[i][j] - grid[i + 1][j]) * 100.0f) / 255.0f) : 0;
      int right = j + 1 < TB_GRID ? (int)(((grid[i][j] - grid[i][j + 1]) * 100.0f) / 255.0f) : 0;
      gradients += (down < 0 ? -down : down) + (right < 0 ? -right : right);
    }
  }
  int quality = gradients / 90;
  return quality > 100 ? 100 : quality;
}

/* Every sum runs over k in order; its lanes are the 64 or 16 results beside each other. */
TB_CHOSEN_AT_RUN_TIME void tb_dct(const float grid[TB_GRID][TB_GRID], float dct[TB_KEPT][TB_KEPT]) {
  float matrix[TB_GRID][TB_KEPT]; /* D, turned */
  for (uint32_t k = 0; k < TB_GRID; k++)
    for (uint32_t i = 0; i < TB_KEPT; i++) matrix[k][i] = dct_entry(i, k);
  for (uint32_t i = 0; i < TB_KEPT; i++) {
    float half[TB_GRID] = {0}, row[TB_KEPT] = {0}; /* row i of D A, and of D A D^T */
    for (uint32_t k = 0; k < TB_GRID; k++)
      for (uint32_t j = 0; j < TB_GRID; j++) half[j] += matrix[k][i] * grid[k][j];
    for (uint32_t k = 0; k < TB_GRID; k++)
      for (uint32_t j = 0; j < TB_KEPT; j++) row[j] += half[k] * matrix[k][j];
    for (uint32_t j = 0; j < TB_KEPT; j++) dct[i][j] = row[j];
  }
}

/* The lower median: the 128th smallest of 256, which is what Torben's method gives for an even count. */
static float lower_median(const float dct[TB_KEPT][TB_KEPT]) {
  float values[TB_KEPT * TB_KEPT];
  for (int i = 0; i < TB_KEPT * TB_KEPT; i++) values[i] = dct[i / TB_KEPT][i % TB_KEPT];
  const int wanted = TB_KEPT * TB_KEPT / 2 - 1;
  for (int low = 0, high = TB_KEPT * TB_KEPT - 1; low < high;) { /* Hoare's selection */
    const float pivot = values[wanted];
    int i = low, j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (pivot < values[j]) j--;
      if (i <= j) {
        const float kept = values[i];
        values[i++] = values[j];
        values[j--] = kept;
      }
    }
    if (j < wanted) low = i;
    if (wanted < i) high = j;
  }
  return values[wanted];
}

void tb_bits(const float dct[TB_KEPT][TB_KEPT], uint8_t hash[TB_PDQ_BYTES]) {
  const float median = lower_median(dct);
  for (int byte = 0; byte < TB_PDQ_BYTES; byte++) hash[byte] = 0;
  for (int bit = 0; bit < TB_KEPT * TB_KEPT; bit++)
    if (dct[bit / TB_KEPT][bit % TB_KEPT] > median)
      hash[TB_PDQ_BYTES - 1 - bit / 8] |= (uint8_t)(1u << (bit % 8));
}

/* A mirror image changes the sign of every other DCT row or column, a turn also swaps rows and columns. */
void tb_dct_turned(const float dct[TB_KEPT][TB_KEPT], int form, float turned[TB_KEPT][TB_KEPT]) {
  enum { SAME, ROTATE_90, ROTATE_180, ROTATE_270, FLIP_X, FLIP_Y, TRANSPOSE, TRANSVERSE };
  for (int i = 0; i < TB_KEPT; i++) {
    for (int j = 0; j < TB_KEPT; j++) {
      const bool odd_row = i & 1, odd_column = j & 1;
      const bool negative = form == ROTATE_90 || form == FLIP_Y       ? !odd_column
                            : form == ROTATE_270 || form == FLIP_X    ? !odd_row
                            : form == ROTATE_180 || form == TRANSVERSE ? odd_row != odd_column
                                                                       : false;
      const float value = negative ? -dct[i][j] : dct[i][j];
      const bool swapped = form == ROTATE_90 || form == ROTATE_270 || form == TRANSPOSE || form == TRANSVERSE;
      if (swapped)
        turned[j][i] = value;
      else
        turned[i][j] = value;
    }
  }
}
