/* What needs the tables of Unicode: columns on a terminal, and names of persons as they are compared and masked. */
#include "common/text.h"
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

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

uint32_t mns_text_point (const char *text) {
  size_t bytes = mns_text_step (text);
  return bytes ? (uint32_t)code_point (text, bytes) : 0;
}

/* ---- what nobody sees -------------------------------------------------------------------------------------------- */

static bool is_hidden (uint32_t point, uint32_t before) {
  if (point < 0x20 || (point >= 0x7f && point < 0xa0))
    return point != '\t' && point != '\n';
  if (point == 0x200c || point == 0x200d) /* join letters of other scripts */
    return before >= 0x3000;
  return point == 0x200b || point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
         (point >= 0x2060 && point <= 0x206f) || point == 0xfeff || point == 0xfffd;
}

const char *mns_text_hidden (const char *text) {
  uint32_t before = 0;
  for (size_t bytes; *text; text += bytes ? bytes : 1) {
    bytes = mns_text_step (text);
    uint32_t point = bytes ? (uint32_t)code_point (text, bytes) : '?';
    if (is_hidden (point, before))
      return text;
    before = point;
  }
  return NULL;
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
