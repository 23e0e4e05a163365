/* UTF-8 text, plain numbers and checksums. Nothing here reads behind a terminator or splits a character. */
#include "common/text.h"
#include <lzma.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* ---- characters -------------------------------------------------------------------------------------------------- */

/* A lead byte says how many bytes follow and between which bounds the first of them lies (that is where overlong
 * forms, surrogates and numbers above U+10FFFF are shut out). */
typedef struct {
  unsigned char first, last, size, low, high;
} lead_t;

/* The most frequent first. */
static const lead_t leads[] = {
    {0x01, 0x7f, 1, 0, 0},       {0xe1, 0xec, 3, 0x80, 0xbf}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static const lead_t *lead_of (unsigned char byte) {
  for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
    if (byte >= leads[i].first && byte <= leads[i].last)
      return &leads[i];
  return NULL;
}

/* Bytes of the character at `text`, of which `size` may be read; 0 when there is none. */
static size_t step (const unsigned char *text, size_t size) {
  const lead_t *lead = size ? lead_of (text[0]) : NULL;
  if (!lead || lead->size > size)
    return 0;
  if (lead->size > 1 && (text[1] < lead->low || text[1] > lead->high))
    return 0;
  for (size_t i = 2; i < lead->size; i++)
    if ((text[i] & 0xc0) != 0x80)
      return 0;
  return lead->size;
}

size_t mns_text_step (const char *text) {
  return step ((const unsigned char *)text, strnlen (text, 4));
}

bool mns_text_valid (const char *text, size_t size) {
  const unsigned char *at = (const unsigned char *)text;
  while (size) {
    size_t bytes = step (at, size);
    if (!bytes)
      return false;
    at += bytes;
    size -= bytes;
  }
  return true;
}

void mns_text_repair (char *text) {
  while (*text) {
    size_t bytes = mns_text_step (text);
    if (!bytes) {
      *text = '?';
      bytes = 1;
    }
    text += bytes;
  }
}

bool mns_text_copy (char *target, size_t size, const char *text) {
  size_t length = strlen (text);
  if (!size)
    return false;
  size_t kept = length;
  if (kept >= size) {
    kept = size - 1;
    while (kept && ((unsigned char)text[kept] & 0xc0) == 0x80)
      kept--;
  }
  memmove (target, text, kept);
  target[kept] = 0;
  return kept == length;
}

static utf8proc_int32_t code_point (const char *text, size_t bytes) {
  utf8proc_int32_t point = '?';
  if (bytes)
    utf8proc_iterate ((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)bytes, &point);
  return point;
}

int mns_text_width (const char *text) {
  int width = 0;
  while (*text) {
    size_t bytes = mns_text_step (text);
    width += utf8proc_charwidth (code_point (text, bytes));
    text += bytes ? bytes : 1;
  }
  return width;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

static bool is_space (utf8proc_int32_t point) {
  return point == ' ' || point == '\t' || point == 0xa0 || point == 0x3000;
}

static utf8proc_int32_t fold (utf8proc_int32_t point, void *unused) {
  (void)unused;
  switch (point) {
  case 0x2022:
  case 0x30fb:
  case 0x2027:
  case 0xff0e:
    return 0xb7;
  default:
    return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
  }
}

/* Spaces are dropped after the normal form is made: they never join with a neighbour. */
static bool copy_without_spaces (char *target, size_t size, const char *text) {
  size_t used = 0;
  while (*text) {
    size_t bytes = mns_text_step (text);
    if (!bytes || used + bytes >= size)
      break;
    if (!is_space (code_point (text, bytes))) {
      memcpy (target + used, text, bytes);
      used += bytes;
    }
    text += bytes;
  }
  target[used] = 0;
  return !*text;
}

/* Small ASCII letters, digits and Han characters (U+4E00 to U+9FFF), of which nearly all names consist, are as they
 * should be. */
static bool is_its_own_key (const char *name) {
  for (const uint8_t *at = (const uint8_t *)name; *at;) {
    bool ascii = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');
    bool han =
        *at >= 0xe4 && *at <= 0xe9 && (at[1] & 0xc0) == 0x80 && (at[2] & 0xc0) == 0x80 && (*at > 0xe4 || at[1] >= 0xb8);
    if (!ascii && !han)
      return false;
    at += han ? 3 : 1;
  }
  return true;
}

bool mns_text_name_key (const char *name, char *key, size_t size) {
  utf8proc_uint8_t *normal = NULL;
  if (!size)
    return false;
  if (is_its_own_key (name))
    return mns_text_copy (key, size, name);
  key[0] = 0;
  utf8proc_ssize_t length = utf8proc_map_custom ((const utf8proc_uint8_t *)name, 0, &normal,
                                                 UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE, fold, NULL);
  bool fits = length >= 0 && copy_without_spaces (key, size, (const char *)normal);
  free (normal);
  return fits;
}

void mns_text_mask_name (const char *name, char *masked, size_t size) {
  size_t used = 0;
  bool first = true;
  if (!size)
    return;
  while (*name) {
    size_t bytes = mns_text_step (name);
    bool kept = bytes && (first || is_space (code_point (name, bytes)));
    size_t out = kept ? bytes : 1;
    if (used + out >= size)
      break;
    memcpy (masked + used, kept ? name : "*", out);
    used += out;
    name += bytes ? bytes : 1;
    first = false;
  }
  masked[used] = 0;
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

bool mns_text_parse_int (const char *text, int64_t *value) {
  if (!text)
    return false;
  bool minus = *text == '-';
  const char *at = text + minus;
  int64_t sum = 0;
  if (*at == '0' && (minus || at[1]))
    return false;
  if (!*at)
    return false;
  for (; *at >= '0' && *at <= '9'; at++) {
    int digit = minus ? '0' - *at : *at - '0';
    if (__builtin_mul_overflow (sum, 10, &sum) || __builtin_add_overflow (sum, digit, &sum))
      return false;
  }
  if (*at)
    return false;
  *value = sum;
  return true;
}

uint64_t mns_crc64 (uint64_t crc, const void *data, size_t size) {
  return lzma_crc64 (data, size, crc);
}

void mns_sha256 (const void *data, size_t size, uint8_t digest[32]) {
  crypto_hash_sha256 (digest, data, size);
}
