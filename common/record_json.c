/* Records as JSON objects (jansson). Numbers are integers, never strings or fractions; null is absent when reading and
 * absent is left out when writing. */
#include "common/record.h"

#include "common/record_field.h"
#include "common/text.h"
#include <inttypes.h>
#include <string.h>

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static size_t characters_of (const char *text) {
  size_t n = 0;
  for (; *text != '\0'; text++)
    n += (*text & 0xc0) != 0x80;
  return n;
}

/* "13800001234" → "*********34"; two characters or fewer give stars only. */
static void mask_text (const char *text, char *masked, size_t size) {
  size_t characters = characters_of (text), stars = characters > 2 ? characters - 2 : characters, at = 0;
  for (size_t i = 0; i < stars && at + 1 < size; i++) {
    masked[at++] = '*';
    do
      text++;
    while ((*text & 0xc0) == 0x80);
  }
  mns_text_copy (masked + at, size - at, text);
}

void mns_field_mask (const mns_field_t *field, const char *text, char *masked, size_t size) {
  if (strstr (field->name, "name") != NULL)
    mns_text_mask_name (text, masked, size);
  else
    mask_text (text, masked, size);
}

void mns_record_mask (const mns_record_type_t *type, void *record) {
  char masked[1024];
  for (uint16_t i = 0; i < type->field_count; i++) {
    const mns_field_t *field = &type->fields[i];
    if (field->kind != MNS_KIND_TEXT || (field->flags & MNS_PERSONAL) == 0)
      continue;
    mns_field_mask (field, mns_field_in (field, record), masked, sizeof masked);
    mns_text_copy (mns_field_at (field, record), (size_t)field->max + 1, masked);
  }
}

static json_t *masked_text (const mns_field_t *field, const char *text) {
  size_t size = strlen (text) + 1;
  char *masked = mns_alloc (size);
  mns_field_mask (field, text, masked, size);
  json_t *json = json_string (masked);
  free (masked);
  return json;
}

static json_t *list_to_json (const mns_field_t *field, const void *record, bool mask) {
  json_t *list = json_array ();
  for (uint16_t i = 0; i < mns_field_count (field, record); i++)
    json_array_append_new (list, mns_record_to_json (field->item, mns_field_item (field, record, i), mask));
  return list;
}

static json_t *field_to_json (const mns_field_t *field, const void *record, bool mask) {
  char text[64];
  switch (field->kind) {
  case MNS_KIND_LIST:
    return list_to_json (field, record, mask);
  case MNS_KIND_ID:
  case MNS_KIND_INT:
  case MNS_KIND_FEN:
    return json_integer (mns_field_number (field, record));
  case MNS_KIND_TEXT: {
    const char *value = mns_field_in (field, record);
    return mask && (field->flags & MNS_PERSONAL) != 0 ? masked_text (field, value) : json_string (value);
  }
  case MNS_KIND_CODE:
    return json_string (mns_code_word (field->codes, *(const mns_code_t *)mns_field_in (field, record)));
  default:
    return json_string (mns_field_format (field, record, text, sizeof text));
  }
}

json_t *mns_record_to_json (const mns_record_type_t *type, const void *record, bool mask) {
  json_t *object = json_object ();
  for (uint16_t i = 0; i < type->field_count; i++)
    if (!mns_field_absent (&type->fields[i], record))
      json_object_set_new (object, type->fields[i].name, field_to_json (&type->fields[i], record, mask));
  return object;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static mns_rc_t wrong_kind (const mns_field_t *field, const char *expected, mns_error_t *error) {
  return mns_fail (error, MNS_INVALID, field->name, "%s is expected here", expected);
}

static mns_rc_t list_from_json (const mns_field_t *field, void *record, const json_t *json, mns_error_t *error) {
  if (!json_is_array (json))
    return wrong_kind (field, "an array of objects", error);
  size_t count = json_array_size (json);
  if (count > field->capacity)
    return mns_fail (error, MNS_TOO_LONG, field->name, "the list has %zu items, at most %" PRIu32 " are allowed", count,
                     field->capacity);
  mns_field_set_count (field, record, (uint16_t)count);
  for (size_t i = 0; i < count; i++) {
    mns_rc_t rc =
        mns_record_from_json (field->item, mns_field_item_at (field, record, i), json_array_get (json, i), error);
    if (rc != MNS_OK)
      return mns_field_nest (field, i, rc, error);
  }
  return MNS_OK;
}

static mns_rc_t field_from_json (const mns_field_t *field, void *record, const json_t *json, mns_error_t *error) {
  if (json_is_null (json))
    return MNS_OK;
  switch (field->kind) {
  case MNS_KIND_LIST:
    return list_from_json (field, record, json, error);
  case MNS_KIND_ID:
  case MNS_KIND_INT:
  case MNS_KIND_FEN:
    if (!json_is_integer (json))
      return wrong_kind (field, "a whole number", error);
    return mns_field_put_number (field, record, json_integer_value (json), error);
  default:
    if (!json_is_string (json) || strlen (json_string_value (json)) != json_string_length (json))
      return wrong_kind (field, "a string without zero characters", error);
    return mns_field_parse (field, record, json_string_value (json), error);
  }
}

/* All members that are no field are told at once. */
static mns_rc_t refuse_unknown (const mns_record_type_t *type, const json_t *json, mns_error_t *error) {
  mns_buffer_t names = {0};
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *)(uintptr_t)json, name, value) {
    if (mns_record_field (type, name) == NULL)
      mns_buffer_printf (&names, "%s%s", names.size > 0 ? ", " : "", name);
  }
  mns_rc_t rc = MNS_OK;
  if (names.size > 0)
    rc = mns_fail (error, MNS_INVALID, type->name, "unknown: %s", (const char *)names.data);
  mns_buffer_fini (&names);
  return rc;
}

mns_rc_t mns_record_from_json (const mns_record_type_t *type, void *record, const json_t *json, mns_error_t *error) {
  mns_record_clear (type, record);
  if (!json_is_object (json))
    return mns_fail (error, MNS_INVALID, type->name, "an object is expected");
  mns_rc_t rc = refuse_unknown (type, json, error);
  for (uint16_t i = 0; i < type->field_count && rc == MNS_OK; i++) {
    const json_t *value = json_object_get (json, type->fields[i].name);
    if (value != NULL)
      rc = field_from_json (&type->fields[i], record, value, error);
  }
  return rc;
}
