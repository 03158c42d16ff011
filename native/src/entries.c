/* Entries of a list, from the very text that the list's digest hashes (spec/list-format.md). A first copy has millions. */
#include <string.h>

#include "takeback.h"

enum { MD5 = 16, SHA1 = 20, SHA256 = 32, CLAIM_LINES = 5, MOST_NAME = 24, MOST_SEQUENCE = 19, MOST_QUALITY = 3, MOST_SECOND = 9 };
enum { KINDS = 16 }; /* of entries that are alike: the latest */

/* What is still to be read, and where what was read of it is written. */
struct reading {
  const uint8_t *at, *end;
  uint8_t *out;
};

static int is_word(struct reading *r, const char *word) {
  const size_t length = strlen(word);
  if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0) return 0;
  r->at += length;
  return 1;
}

static unsigned is_digit(unsigned character) { return (character - '0' < 10u) | (character - 'a' < 6u); }

/* Passes so many bytes in lower-case hexadecimal. No branch depends on a digit: nobody could guess it. */
static int is_value(struct reading *r, size_t bytes) {
  const uint8_t *digits = r->at;
  unsigned right = 1;
  if ((size_t)(r->end - r->at) < 2 * bytes) return 0;
  for (size_t i = 0; i < 2 * bytes; i++) right &= is_digit(digits[i]);
  r->at += 2 * bytes;
  return (int)right;
}

/* Writes the bytes of a value that was passed. */
static void write_value(struct reading *r, const uint8_t *restrict digits, size_t bytes) {
  uint8_t *restrict out = r->out;
  for (size_t i = 0; i < bytes; i++) {
    const unsigned high = digits[2 * i], low = digits[2 * i + 1];
    out[i] = (uint8_t)(((high & 15) + 9 * (high >> 6)) << 4 | ((low & 15) + 9 * (low >> 6)));
  }
  r->out += bytes;
}

static int is_number(struct reading *r, int most, uint64_t *number) {
  const uint8_t *begin = r->at;
  *number = 0;
  while (r->at < r->end && r->at - begin < most && *r->at >= '0' && *r->at <= '9') *number = *number * 10 + (*r->at++ - '0');
  return r->at > begin;
}

static int is_number_or_none(struct reading *r, int most, uint64_t *number, uint64_t none) {
  if (is_word(r, "-")) return *number = none, 1;
  return is_number(r, most, number);
}

static int is_name(struct reading *r) {
  const uint8_t *begin = r->at;
  while (r->at < r->end && (*r->at == '-' || (*r->at >= '0' && *r->at <= '9') || (*r->at >= 'a' && *r->at <= 'z'))) r->at++;
  return r->at > begin && r->at - begin <= MOST_NAME;
}

static int is_exact(struct reading *r, const char *type, size_t bytes, struct tb_entry *entry, uint8_t flag) {
  if (!is_word(r, type)) return 1; /* it has none */
  const uint8_t *digits = r->at;
  if (!is_value(r, bytes)) return 0;
  entry->exact |= flag;
  write_value(r, digits, bytes);
  return is_word(r, " - -");
}

/* Which of the lines of a picture, or of a film, are written. */
enum part { PICTURES, EDITS, EDIT_NAMES, FRAMES, SECONDS };

static int is_picture(struct reading *r, enum part part, uint32_t *count) {
  const uint8_t *digits = r->at;
  uint64_t quality;
  if (!is_value(r, TB_PDQ_BYTES) || !is_word(r, " ") || !is_number_or_none(r, MOST_QUALITY, &quality, 0) || !is_word(r, " -"))
    return 0;
  const int edited = is_word(r, " ");
  const uint8_t *name = r->at;
  if (edited && !is_name(r)) return 0;
  if (edited != (part != PICTURES)) return 1;
  if (part == EDIT_NAMES) {
    if (*count) *r->out++ = ' ';
    memcpy(r->out, name, (size_t)(r->at - name));
    r->out += r->at - name;
  } else {
    write_value(r, digits, TB_PDQ_BYTES);
  }
  (*count)++;
  return 1;
}

static int is_frame(struct reading *r, enum part part, uint32_t *count) {
  const uint8_t *digits = r->at;
  uint64_t quality, second;
  if (!is_value(r, TB_PDQ_BYTES) || !is_word(r, " ") ||
      !is_number_or_none(r, MOST_QUALITY, &quality, 0) || !is_word(r, " ") ||
      !is_number_or_none(r, MOST_SECOND, &second, UINT64_MAX))
    return 0;
  if (part == SECONDS) {
    const int32_t kept = (int32_t)second; /* -1: none is known */
    memcpy(r->out, &kept, sizeof kept);
    r->out += sizeof kept;
  } else {
    write_value(r, digits, TB_PDQ_BYTES);
  }
  (*count)++;
  return 1;
}

/* All lines of a type, read once for each part of them. */
static int are_lines(struct reading *r, const char *type, enum part first, enum part last, uint32_t *counts) {
  const uint8_t *begin = r->at;
  for (enum part part = first; part <= last; part++) {
    r->at = begin;
    uint32_t count = 0;
    while (is_word(r, type))
      if (!(first <= EDIT_NAMES ? is_picture(r, part, &count) : is_frame(r, part, &count))) return 0;
    counts[part] = count;
  }
  return 1;
}

static int is_claim(struct reading *r, const uint8_t *text, struct tb_entry *entry) {
  const uint8_t *begin = r->at, *end = begin;
  for (int line = 0; line < CLAIM_LINES; line++) {
    const uint8_t *next = memchr(r->at, '\n', (size_t)(r->end - r->at));
    if (!next && line < CLAIM_LINES - 1) return 0;
    end = next ? next : r->end;
    r->at = next ? next + 1 : r->end;
  }
  r->at = end;
  entry->claim_at = (uint32_t)(begin - text);
  entry->claim_length = (uint32_t)(end - begin);
  return 1;
}

static int is_entry(struct reading *r, const uint8_t *text, struct tb_entry *entry) {
  uint64_t sequence;
  uint32_t counts[5];
  struct reading again;
  if (is_word(r, "takeback gone 1\n")) {
    if (!is_number(r, MOST_SEQUENCE, &sequence)) return 0;
    entry->sequence = sequence;
    return r->at == r->end;
  }
  if (!is_word(r, "takeback entry 1\n") || !is_number(r, MOST_SEQUENCE, &sequence) || !is_word(r, "\n")) return 0;
  entry->sequence = sequence;
  if (!is_claim(r, text, entry) || !is_exact(r, "\nmd5 ", MD5, entry, TB_HAS_MD5)) return 0;
  again = *r;
  if (!are_lines(r, "\npdq ", PICTURES, EDITS, counts)) return 0;
  entry->pictures = counts[PICTURES];
  entry->edits = counts[EDITS];
  if (!is_exact(r, "\nsha1 ", SHA1, entry, TB_HAS_SHA1) || !is_exact(r, "\nsha256 ", SHA256, entry, TB_HAS_SHA256)) return 0;
  if (!are_lines(r, "\nvpdq ", FRAMES, SECONDS, counts)) return 0;
  entry->frames = counts[FRAMES];
  again.out = r->out;
  are_lines(&again, "\npdq ", EDIT_NAMES, EDIT_NAMES, counts);
  r->out = again.out;
  return r->at == r->end;
}

static int are_alike(const uint8_t *text, const struct tb_entry *one, const struct tb_entry *other) {
  return one->values_length == other->values_length && one->exact == other->exact && one->pictures == other->pictures &&
         one->edits == other->edits && one->frames == other->frames && one->claim_length == other->claim_length &&
         memcmp(text + one->claim_at, text + other->claim_at, one->claim_length) == 0;
}

/* The first of the entries that this one is like; of the latest kinds alone, so that a text of films, which all differ, takes
 * no longer than its length. */
static uint32_t alike_of(const uint8_t *text, const struct tb_entry *entries, uint32_t place, uint32_t firsts[KINDS],
                         size_t *kinds) {
  const size_t oldest = *kinds < KINDS ? 0 : *kinds - KINDS;
  for (size_t kind = *kinds; kind-- > oldest;)
    if (are_alike(text, &entries[firsts[kind % KINDS]], &entries[place])) return firsts[kind % KINDS];
  firsts[(*kinds)++ % KINDS] = place;
  return place;
}

size_t tb_entries(const uint8_t *text, size_t length, struct tb_entry *entries, size_t capacity, uint8_t *values) {
  const uint8_t *at = text, *end = text + length, *begin = values;
  uint32_t firsts[KINDS];
  size_t found = 0, kinds = 0;
  if (length > UINT32_MAX) return SIZE_MAX;
  while (at < end) {
    const uint8_t *stop = at;
    do {
      stop = memchr(stop, '\n', (size_t)(end - stop));
      if (stop) stop++;
    } while (stop && stop < end && *stop != '\n');
    if (stop == end) return SIZE_MAX; /* a break and nothing behind it */
    struct reading r = {at, stop ? stop - 1 : end, values};
    if (found == capacity) return SIZE_MAX;
    struct tb_entry *entry = &entries[found++];
    memset(entry, 0, sizeof *entry);
    entry->text_at = (uint32_t)(at - text);
    entry->text_length = (uint32_t)(r.end - at);
    if (!is_entry(&r, text, entry)) return SIZE_MAX;
    entry->values_at = (uint32_t)(values - begin);
    entry->values_length = (uint32_t)(r.out - values);
    values = r.out;
    entry->alike = alike_of(text, entries, (uint32_t)(found - 1), firsts, &kinds);
    if (!stop) break;
    at = stop + 1;
    if (at == end) return SIZE_MAX;
  }
  return found;
}

void tb_column(const uint8_t *pieces, size_t count, size_t piece, size_t at, size_t length, uint8_t *column,
               size_t gap) {
  for (size_t i = 0; i < count; i++) memcpy(column + i * gap, pieces + i * piece + at, length);
}

void tb_sum_256(const uint8_t *numbers, size_t count, uint8_t total[32]) {
  for (size_t at = 0; at < count; at++) {
    unsigned carry = 0;
    for (size_t byte = 32; byte-- > 0;) {
      carry += (unsigned)total[byte] + numbers[32 * at + byte];
      total[byte] = (uint8_t)carry;
      carry >>= 8;
    }
  }
}
