/* Reading and writing bodies, over common/cursor.h and common/pack.h. */
#include "mns/value.h"
#include "common/cursor.h"
#include "common/pack.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

enum { RECORD_HEAD = 3 }; /* bytes: a map of up to 65,535 fields */

static const mns_value_t nothing;

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static mns_cursor_t cursor_of (mns_value_t value) {
  return mns_cursor_init (value.data ? value.data : "", value.data ? value.size : 0);
}

/* One whole value at the cursor, which moves behind it. */
static bool take (mns_cursor_t *cursor, mns_value_t *value) {
  const uint8_t *begin = cursor->at;
  if (mns_cursor_left (cursor) == 0 || !mns_cursor_skip (cursor))
    return false;
  *value = (mns_value_t){begin, (size_t)(cursor->at - begin)};
  return true;
}

bool mns_value_next (mns_value_t *rest, mns_value_t *value) {
  mns_cursor_t cursor = cursor_of (*rest);
  *value = nothing;
  if (!take (&cursor, value))
    return false;
  *rest = (mns_value_t){cursor.at, mns_cursor_left (&cursor)};
  return true;
}

mns_value_t mns_value_field (mns_value_t record, const char *name) {
  mns_cursor_t cursor = cursor_of (record);
  mns_value_t value;
  const char *text;
  size_t size;
  uint32_t pairs;
  if (!mns_cursor_map (&cursor, &pairs))
    return nothing;
  for (; pairs > 0; pairs--) {
    bool named = mns_cursor_text (&cursor, &text, &size);
    if ((!named && !mns_cursor_skip (&cursor)) || !take (&cursor, &value))
      return nothing;
    if (named && size == strlen (name) && memcmp (text, name, size) == 0)
      return value;
  }
  return nothing;
}

mns_value_t mns_value_items (mns_value_t list) {
  mns_cursor_t cursor = cursor_of (list);
  uint32_t items;
  if (!mns_cursor_array (&cursor, &items))
    return nothing;
  return (mns_value_t){cursor.at, mns_cursor_left (&cursor)};
}

int64_t mns_value_int (mns_value_t value, int64_t absent) {
  mns_cursor_t cursor = cursor_of (value);
  int64_t number;
  return mns_cursor_int (&cursor, INT64_MIN, INT64_MAX, &number) ? number : absent;
}

const char *mns_value_text (mns_value_t value, char *target, size_t room) {
  mns_cursor_t cursor = cursor_of (value);
  const char *text;
  size_t size;
  if (room == 0)
    return target;
  target[0] = 0;
  if (!mns_cursor_text (&cursor, &text, &size) || !mns_text_valid (text, size))
    return target;
  size_t kept = size < room ? size : room - 1;
  while (kept < size && kept > 0 && ((unsigned char)text[kept] & 0xc0) == 0x80)
    kept--;
  memcpy (target, text, kept);
  target[kept] = 0;
  return target;
}

int64_t mns_value_get_int (mns_value_t record, const char *name, int64_t absent) {
  return mns_value_int (mns_value_field (record, name), absent);
}

const char *mns_value_get_text (mns_value_t record, const char *name, char *text, size_t size) {
  return mns_value_text (mns_value_field (record, name), text, size);
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

struct mns_body {
  mns_buffer_t bytes;
  size_t begin; /* of the last record */
  uint32_t records, fields;
};

mns_body_t *mns_body_new (void) {
  return mns_alloc (sizeof (mns_body_t));
}

void mns_body_destroy (mns_body_t **body) {
  if (!*body)
    return;
  mns_buffer_fini (&(*body)->bytes);
  free (*body);
  *body = NULL;
}

void mns_body_clear (mns_body_t *body) {
  mns_buffer_clear (&body->bytes);
  body->records = body->fields = 0;
  body->begin = 0;
}

void mns_body_record (mns_body_t *body) {
  static const uint8_t head[RECORD_HEAD] = {0xde, 0, 0};
  body->begin = body->bytes.size;
  body->records++;
  body->fields = 0;
  mns_buffer_add (&body->bytes, head, sizeof head);
}

/* Fields before the first record begin it; those beyond what a map can hold are left out. */
static bool begin_field (mns_body_t *body, const char *name) {
  if (body->records == 0)
    mns_body_record (body);
  if (body->fields == UINT16_MAX)
    return false;
  body->fields++;
  body->bytes.data[body->begin + 1] = (uint8_t)(body->fields >> 8);
  body->bytes.data[body->begin + 2] = (uint8_t)body->fields;
  mns_pack_text (&body->bytes, name, strlen (name));
  return true;
}

void mns_body_int (mns_body_t *body, const char *name, int64_t number) {
  if (begin_field (body, name))
    mns_pack_int (&body->bytes, number);
}

void mns_body_text (mns_body_t *body, const char *name, const char *text) {
  if (begin_field (body, name))
    mns_pack_text (&body->bytes, text, strlen (text));
}

void mns_body_list (mns_body_t *body, const char *name, const mns_body_t *items) {
  if (!begin_field (body, name))
    return;
  mns_pack_array (&body->bytes, items->records);
  mns_buffer_add (&body->bytes, items->bytes.data, items->bytes.size);
}

mns_value_t mns_body_value (const mns_body_t *body) {
  return (mns_value_t){body->bytes.data, body->bytes.size};
}
