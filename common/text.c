/* UTF-8 text, plain numbers and checksums. Nothing here reads behind a terminator or splits a character. */
#include "common/text.h"
#include <lzma.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

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
