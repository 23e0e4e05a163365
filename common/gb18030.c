/* GB18030 by iconv, which writes into the room it is given until the text is through. */
#include "common/gb18030.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>

struct mns_gb18030 {
  iconv_t to_utf8, from_utf8;
};

static iconv_t converter (const char *to, const char *from) {
  iconv_t it = iconv_open (to, from);
  if (it == (iconv_t)-1)
    abort (); /* a C library without it is none that this program was built for */
  return it;
}

mns_gb18030_t *mns_gb18030_new (void) {
  mns_gb18030_t *self = mns_alloc (sizeof *self);
  self->to_utf8 = converter ("UTF-8", "GB18030");
  self->from_utf8 = converter ("GB18030", "UTF-8");
  return self;
}

void mns_gb18030_destroy (mns_gb18030_t **gb18030) {
  if (*gb18030 == NULL)
    return;
  iconv_close ((*gb18030)->to_utf8);
  iconv_close ((*gb18030)->from_utf8);
  free (*gb18030);
  *gb18030 = NULL;
}

static bool convert (iconv_t converter_of, const char *text, size_t size, mns_buffer_t *out, size_t *bad_at) {
  char *at = (char *)(uintptr_t)text;
  size_t left = size, begun = out->size, failed = 0;
  iconv (converter_of, NULL, NULL, NULL, NULL);
  while (left > 0 && (failed == 0 || errno == E2BIG)) {
    size_t room = 2 * left + 16, had = room;
    char *to = (char *)mns_buffer_reserve (out, room);
    failed = iconv (converter_of, &at, &left, &to, &room);
    out->size += had - room;
  }
  if (left == 0)
    return true;
  out->size = begun;
  *bad_at = size - left;
  return false;
}

bool mns_gb18030_to_utf8 (mns_gb18030_t *gb18030, const char *text, size_t size, mns_buffer_t *out, size_t *bad_at) {
  return convert (gb18030->to_utf8, text, size, out, bad_at);
}

bool mns_gb18030_from_utf8 (mns_gb18030_t *gb18030, const char *text, size_t size, mns_buffer_t *out, size_t *bad_at) {
  return convert (gb18030->from_utf8, text, size, out, bad_at);
}

static bool in (uint8_t byte, uint8_t first, uint8_t last) {
  return byte >= first && byte <= last;
}

/* Bytes of the character at the start of `left` bytes; 0: none. */
static size_t step (const uint8_t *at, size_t left) {
  if (at[0] < 0x80)
    return 1;
  if (!in (at[0], 0x81, 0xfe) || left < 2)
    return 0;
  if (in (at[1], 0x40, 0xfe) && at[1] != 0x7f)
    return 2;
  return in (at[1], '0', '9') && left >= 4 && in (at[2], 0x81, 0xfe) && in (at[3], '0', '9') ? 4 : 0;
}

bool mns_gb18030_valid (const char *text, size_t size) {
  const uint8_t *at = (const uint8_t *)text;
  for (size_t taken; size > 0; at += taken, size -= taken) {
    taken = step (at, size);
    if (taken == 0)
      return false;
  }
  return true;
}
