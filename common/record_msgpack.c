/* Records as MessagePack maps. Writing gives the shortest form of each value; reading believes nothing, stops at the
 * first mistake and says where it is. */
#include "common/record.h"

#include "common/cursor.h"
#include "common/pack.h"
#include "common/record_field.h"
#include <string.h>

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void pack_list (const mns_field_t *field, const void *record, mns_buffer_t *out) {
  uint16_t count = mns_field_count (field, record);
  mns_pack_array (out, count);
  for (uint16_t i = 0; i < count; i++)
    mns_record_pack (field->item, mns_field_item (field, record, i), out);
}

static void pack_value (const mns_field_t *field, const void *record, mns_buffer_t *out) {
  char space[MNS_FIELD_SPACE];
  size_t size;
  switch (field->kind) {
  case MNS_KIND_ID:
  case MNS_KIND_INT:
  case MNS_KIND_FEN:
  case MNS_KIND_TIME:
    mns_pack_int (out, mns_field_number (field, record));
    break;
  case MNS_KIND_UUID:
    mns_pack_bytes (out, mns_field_in (field, record), sizeof (mns_uuid_t));
    break;
  case MNS_KIND_LIST:
    pack_list (field, record, out);
    break;
  default: {
    const char *text = mns_field_text (field, record, space, &size);
    mns_pack_text (out, text, size);
  }
  }
}

void mns_record_pack (const mns_record_type_t *type, const void *record, mns_buffer_t *out) {
  uint64_t present = 0;
  for (uint16_t i = 0; i < type->field_count; i++)
    present |= (uint64_t)!mns_field_absent (&type->fields[i], record) << i;
  mns_pack_map (out, (uint32_t)__builtin_popcountll (present));
  for (; present != 0; present &= present - 1) {
    const mns_field_t *field = &type->fields[__builtin_ctzll (present)];
    mns_pack_text (out, field->name, field->name_size);
    pack_value (field, record, out);
  }
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* Names mostly come in declared order, so the one expected next is tried first. */
static const mns_field_t *find (const mns_record_type_t *type, const char *name, size_t size, uint16_t *next) {
  for (uint16_t i = 0; i < type->field_count; i++) {
    uint16_t at = (uint16_t)(*next + i < type->field_count ? *next + i : *next + i - type->field_count);
    const mns_field_t *field = &type->fields[at];
    if (field->name_size == size && memcmp (field->name, name, size) == 0) {
      *next = (uint16_t)(at + 1 < type->field_count ? at + 1 : 0);
      return field;
    }
  }
  return NULL;
}

static mns_rc_t wrong_kind (const mns_field_t *field, const char *expected, mns_error_t *error) {
  return mns_fail (error, MNS_MALFORMED, field->name, "%s is expected here; what is absent is left out", expected);
}

static mns_rc_t unpack_number (const mns_field_t *field, void *record, mns_cursor_t *cursor, mns_error_t *error) {
  int64_t number;
  if (!mns_cursor_int (cursor, INT64_MIN + 1, INT64_MAX, &number))
    return wrong_kind (field, "a whole number of at most 63 bits", error);
  return mns_field_put_number (field, record, number, error);
}

static mns_rc_t unpack_text (const mns_field_t *field, void *record, mns_cursor_t *cursor, mns_error_t *error) {
  const char *text;
  size_t size;
  if (!mns_cursor_text (cursor, &text, &size))
    return wrong_kind (field, "a str", error);
  return mns_field_put_text (field, record, text, size, error);
}

static mns_rc_t unpack_uuid (const mns_field_t *field, void *record, mns_cursor_t *cursor, mns_error_t *error) {
  const uint8_t *bytes;
  size_t size;
  if (!mns_cursor_bytes (cursor, &bytes, &size) || size != sizeof (mns_uuid_t))
    return wrong_kind (field, "a bin of 16 bytes", error);
  memcpy (mns_field_at (field, record), bytes, size);
  return MNS_OK;
}

static mns_rc_t unpack_map (const mns_record_type_t *type, void *record, mns_cursor_t *cursor, mns_error_t *error);

static mns_rc_t unpack_list (const mns_field_t *field, void *record, mns_cursor_t *cursor, mns_error_t *error) {
  uint32_t count;
  if (!mns_cursor_array (cursor, &count))
    return wrong_kind (field, "an array of maps", error);
  if (count > field->capacity)
    return mns_fail (error, MNS_TOO_LONG, field->name, "the list has %u items, at most %u are allowed", count,
                     field->capacity);
  mns_field_set_count (field, record, (uint16_t)count);
  for (uint32_t i = 0; i < count; i++) {
    mns_rc_t rc = unpack_map (field->item, mns_field_item_at (field, record, i), cursor, error);
    if (rc != MNS_OK)
      return mns_field_nest (field, i, rc, error);
  }
  return MNS_OK;
}

static mns_rc_t unpack_value (const mns_field_t *field, void *record, mns_cursor_t *cursor, mns_error_t *error) {
  switch (field->kind) {
  case MNS_KIND_ID:
  case MNS_KIND_INT:
  case MNS_KIND_FEN:
  case MNS_KIND_TIME:
    return unpack_number (field, record, cursor, error);
  case MNS_KIND_UUID:
    return unpack_uuid (field, record, cursor, error);
  case MNS_KIND_LIST:
    return unpack_list (field, record, cursor, error);
  default:
    return unpack_text (field, record, cursor, error);
  }
}

static mns_rc_t unpack_pair (const mns_record_type_t *type, void *record, mns_cursor_t *cursor, uint16_t *next,
                             uint64_t *seen, mns_error_t *error) {
  const char *name;
  size_t size;
  if (!mns_cursor_text (cursor, &name, &size))
    return mns_fail (error, MNS_MALFORMED, type->name, "the name of a field is expected, as a str");
  const mns_field_t *field = find (type, name, size, next);
  if (field == NULL) {
    if (mns_cursor_skip (cursor))
      return MNS_OK;
    return mns_fail (error, MNS_MALFORMED, type->name, "the value of an unknown field is cut off or nested too deep");
  }
  uint64_t bit = UINT64_C (1) << (field - type->fields);
  if ((*seen & bit) != 0)
    return mns_fail (error, MNS_MALFORMED, field->name, "the field is given twice");
  *seen |= bit;
  return unpack_value (field, record, cursor, error);
}

static mns_rc_t unpack_map (const mns_record_type_t *type, void *record, mns_cursor_t *cursor, mns_error_t *error) {
  uint32_t count;
  uint64_t seen = 0;
  uint16_t next = 0;
  mns_record_clear (type, record);
  if (!mns_cursor_map (cursor, &count))
    return mns_fail (error, MNS_MALFORMED, type->name, "a whole map is expected");
  for (uint32_t i = 0; i < count; i++) {
    mns_rc_t rc = unpack_pair (type, record, cursor, &next, &seen, error);
    if (rc != MNS_OK)
      return rc;
  }
  return MNS_OK;
}

mns_rc_t mns_record_unpack (const mns_record_type_t *type, void *record, const void *data, size_t size, size_t *used,
                            mns_error_t *error) {
  mns_cursor_t cursor = mns_cursor_init (data, size);
  mns_rc_t rc = unpack_map (type, record, &cursor, error);
  size_t left = mns_cursor_left (&cursor);
  if (rc == MNS_OK && used == NULL && left > 0)
    return mns_fail (error, MNS_MALFORMED, type->name, "%zu bytes follow the record", left);
  if (used != NULL)
    *used = size - left;
  return rc;
}
