/* F0 and F1: what every message begins with (docs/protocol.md). One table says key, kind and place of each field; the
 * walkers below it read and write them all. */
#include "common/cursor.h"
#include "common/pack.h"
#include "common/text.h"
#include "common/wire.h"
#include <string.h>

typedef enum { HEAD_UINT, HEAD_TEXT, HEAD_PLACE, HEAD_UUID, HEAD_PREFIXES } head_kind_t;

typedef struct {
  uint8_t key, kind;
  uint16_t offset, size;
  const char *name;
} head_field_t;

#define FIELD(key, kind, name)                                                                                         \
  { key, kind, offsetof (mns_head_t, name), sizeof (((mns_head_t *)0)->name), #name }
static const head_field_t head_fields[] = {
    FIELD (1, HEAD_TEXT, account),
    FIELD (2, HEAD_TEXT, role),
    FIELD (3, HEAD_PLACE, division),
    FIELD (4, HEAD_TEXT, command),
    FIELD (5, HEAD_UINT, request),
    FIELD (6, HEAD_UINT, deadline_ms),
    FIELD (7, HEAD_UUID, key),
    FIELD (8, HEAD_UINT, rc),
    FIELD (9, HEAD_TEXT, where),
    FIELD (10, HEAD_TEXT, detail),
    FIELD (11, HEAD_UINT, retry_after_ms),
    FIELD (12, HEAD_TEXT, producer),
    FIELD (13, HEAD_UINT, producer_epoch),
    FIELD (14, HEAD_UINT, number),
    FIELD (15, HEAD_UINT, chain),
    FIELD (16, HEAD_UINT, count),
    FIELD (17, HEAD_UINT, log_epoch),
    FIELD (18, HEAD_UINT, log_number),
    FIELD (19, HEAD_UINT, log_chain),
    FIELD (20, HEAD_UINT, subscription),
    FIELD (21, HEAD_UINT, previous),
    FIELD (22, HEAD_UINT, last),
    FIELD (23, HEAD_UINT, credit_messages),
    FIELD (24, HEAD_UINT, credit_bytes),
    FIELD (25, HEAD_TEXT, consumer),
    FIELD (26, HEAD_PREFIXES, prefixes),
    FIELD (27, HEAD_UINT, commands_busy),
    FIELD (28, HEAD_UINT, from_time),
    FIELD (29, HEAD_UINT, gone),
    FIELD (30, HEAD_UINT, resume),
    FIELD (64, HEAD_TEXT, software),
    FIELD (65, HEAD_TEXT, trace),
    FIELD (66, HEAD_UINT, repeated),
    FIELD (67, HEAD_UINT, covered),
    FIELD (68, HEAD_UINT, acked),
};
#undef FIELD
enum { HEAD_FIELDS = sizeof head_fields / sizeof *head_fields, FIRST_OPTIONAL = 64, HEAD_ENTRIES = 64 };

void mns_frame_kind (mns_frame_kind_t kind, uint8_t f0[4]) {
  f0[0] = 'M';
  f0[1] = 'N';
  f0[2] = 1;
  f0[3] = (uint8_t)kind;
}

mns_frame_kind_t mns_frame_read_kind (const void *f0, size_t size) {
  const uint8_t *byte = f0;
  if (size != 4 || byte[0] != 'M' || byte[1] != 'N' || byte[2] != 1 || byte[3] >= MNS_KIND_COUNT)
    return 0;
  return (mns_frame_kind_t)byte[3];
}

void mns_head_clear (mns_head_t *head) {
  memset (head, 0, sizeof *head);
}

static uint64_t get_uint (const head_field_t *field, const mns_head_t *head) {
  uint64_t value;
  memcpy (&value, (const char *)head + field->offset, sizeof value);
  return value;
}

static bool present (const head_field_t *field, const mns_head_t *head) {
  const char *at = (const char *)head + field->offset;
  switch ((head_kind_t)field->kind) {
  case HEAD_TEXT:
    return *at != 0;
  case HEAD_UUID:
    return !mns_uuid_is_zero (&head->key);
  case HEAD_PREFIXES:
    return head->prefix_count > 0;
  case HEAD_UINT:
  case HEAD_PLACE:
    break;
  }
  return get_uint (field, head) != 0;
}

static void pack_field (mns_buffer_t *out, const head_field_t *field, const mns_head_t *head) {
  const char *at = (const char *)head + field->offset;
  mns_pack_uint (out, field->key);
  switch ((head_kind_t)field->kind) {
  case HEAD_TEXT:
    mns_pack_text (out, at, strlen (at));
    return;
  case HEAD_UUID:
    mns_pack_bytes (out, at, field->size);
    return;
  case HEAD_PREFIXES:
    mns_pack_array (out, (uint32_t)head->prefix_count);
    for (size_t i = 0; i < head->prefix_count; i++)
      mns_pack_text (out, head->prefixes[i], strlen (head->prefixes[i]));
    return;
  case HEAD_UINT:
  case HEAD_PLACE:
    mns_pack_uint (out, get_uint (field, head));
  }
}

void mns_head_pack (const mns_head_t *head, mns_buffer_t *out) {
  uint32_t count = 0;
  for (size_t i = 0; i < HEAD_FIELDS; i++)
    count += present (&head_fields[i], head);
  mns_buffer_clear (out);
  mns_pack_map (out, count);
  for (size_t i = 0; i < HEAD_FIELDS; i++)
    if (present (&head_fields[i], head))
      pack_field (out, &head_fields[i], head);
}

static mns_rc_t wrong (const head_field_t *field, mns_error_t *error) {
  return mns_fail (error, MNS_MALFORMED, field->name, "the value of key %d in the head has another type", field->key);
}

static mns_rc_t read_text (mns_cursor_t *read, const head_field_t *field, char *target, size_t room,
                           mns_error_t *error) {
  const char *text;
  size_t size;
  if (!mns_cursor_text (read, &text, &size))
    return wrong (field, error);
  if (size >= room)
    return mns_fail (error, MNS_TOO_LONG, field->name, "%zu bytes where at most %zu are allowed", size, room - 1);
  if (!mns_text_valid (text, size))
    return mns_fail (error, MNS_BAD_UTF8, field->name, "the text in the head is not UTF-8");
  memcpy (target, text, size);
  target[size] = 0;
  return MNS_OK;
}

static mns_rc_t read_prefixes (mns_cursor_t *read, const head_field_t *field, mns_head_t *head, mns_error_t *error) {
  uint32_t count;
  if (!mns_cursor_array (read, &count))
    return wrong (field, error);
  if (count > MNS_PREFIXES_MAX)
    return mns_fail (error, MNS_TOO_LONG, field->name, "%u prefixes where at most %d are allowed", count,
                     MNS_PREFIXES_MAX);
  head->prefix_count = count;
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < count; i++)
    rc = read_text (read, field, head->prefixes[i], sizeof head->prefixes[i], error);
  return rc;
}

static mns_rc_t read_number (mns_cursor_t *read, const head_field_t *field, void *target, mns_error_t *error) {
  uint64_t value;
  if (!mns_cursor_uint (read, UINT64_MAX, &value))
    return wrong (field, error);
  if (field->kind == HEAD_PLACE && value > 999999999999)
    return mns_fail (error, MNS_OUT_OF_RANGE, field->name, "a division has at most 12 digits");
  memcpy (target, &value, sizeof value);
  return MNS_OK;
}

static mns_rc_t read_field (mns_cursor_t *read, const head_field_t *field, mns_head_t *head, mns_error_t *error) {
  char *target = (char *)head + field->offset;
  const uint8_t *data;
  size_t size;
  switch ((head_kind_t)field->kind) {
  case HEAD_TEXT:
    return read_text (read, field, target, field->size, error);
  case HEAD_PREFIXES:
    return read_prefixes (read, field, head, error);
  case HEAD_UUID:
    if (!mns_cursor_bytes (read, &data, &size) || size != field->size)
      return wrong (field, error);
    memcpy (target, data, size);
    return MNS_OK;
  case HEAD_UINT:
  case HEAD_PLACE:
    break;
  }
  return read_number (read, field, target, error);
}

static const head_field_t *find_field (uint64_t key) {
  for (size_t i = 0; i < HEAD_FIELDS; i++)
    if (head_fields[i].key == key)
      return &head_fields[i];
  return NULL;
}

static mns_rc_t read_unknown (mns_cursor_t *read, uint64_t key, mns_error_t *error) {
  if (key < FIRST_OPTIONAL)
    return mns_fail (error, MNS_NEWER_PROTOCOL, "head", "key %d is not known to this version", (int)key);
  if (!mns_cursor_skip (read))
    return mns_fail (error, MNS_MALFORMED, "head", "the value of an optional key is broken or too deep");
  return MNS_OK;
}

mns_rc_t mns_head_unpack (mns_head_t *head, const void *data, size_t size, mns_error_t *error) {
  mns_head_clear (head);
  if (size > MNS_HEAD_MAX)
    return mns_fail (error, MNS_TOO_LARGE, "head", "%zu bytes where at most %d are allowed", size, MNS_HEAD_MAX);
  mns_cursor_t read = mns_cursor_init (data, size);
  uint32_t count;
  uint64_t key, seen[2] = {0, 0};
  if (!mns_cursor_map (&read, &count) || count > HEAD_ENTRIES)
    return mns_fail (error, MNS_MALFORMED, "head", "the second frame is not a MessagePack map of at most %d entries",
                     HEAD_ENTRIES);
  for (; count > 0; count--) {
    if (!mns_cursor_uint (&read, 127, &key))
      return mns_fail (error, MNS_MALFORMED, "head", "a key is not a number from 1 to 127");
    if (seen[key / 64] >> key % 64 & 1)
      return mns_fail (error, MNS_MALFORMED, "head", "key %d comes twice", (int)key);
    seen[key / 64] |= (uint64_t)1 << key % 64;
    const head_field_t *field = find_field (key);
    mns_rc_t rc = field == NULL ? read_unknown (&read, key, error) : read_field (&read, field, head, error);
    if (rc != MNS_OK)
      return rc;
  }
  if (read.at != read.end)
    return mns_fail (error, MNS_MALFORMED, "head", "%zu bytes follow the map", mns_cursor_left (&read));
  return MNS_OK;
}
