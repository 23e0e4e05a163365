/* MessagePack ⇄ JSON without a record type. What is read was scanned first, so that the recursion is bounded. */
#include "mns/loose.h"

#include "common/cursor.h"
#include "common/pack.h"
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 16, NODES_MAX = 1 << 20, PACK_NIL = 0xc0, PACK_FALSE = 0xc2, PACK_TRUE = 0xc3 };

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static json_t *read_value (mns_cursor_t *cursor);

static json_t *hex_of (const uint8_t *bytes, size_t size) {
  mns_buffer_t text = {0};
  for (size_t i = 0; i < size; i++)
    mns_buffer_printf (&text, "%02x", bytes[i]);
  json_t *value = json_pack ("{s:s#}", "hex", text.size > 0 ? (const char *)text.data : "", (int)text.size);
  mns_buffer_fini (&text);
  return value;
}

static json_t *read_array (mns_cursor_t *cursor, const mns_token_t *token) {
  json_t *list = json_array ();
  cursor->at += token->head;
  for (uint64_t i = 0; i < token->value; i++)
    json_array_append_new (list, read_value (cursor));
  return list;
}

/* Names that are not texts are written as their JSON. */
static json_t *read_map (mns_cursor_t *cursor, const mns_token_t *token) {
  json_t *object = json_object ();
  cursor->at += token->head;
  for (uint64_t i = 0; i < token->value; i++) {
    json_t *name = read_value (cursor), *value = read_value (cursor);
    char *text = json_is_string (name) ? mns_strdup (json_string_value (name)) : json_dumps (name, JSON_ENCODE_ANY);
    json_object_set_new (object, text ? text : "", value);
    free (text);
    json_decref (name);
  }
  return object;
}

/* The bits of a float or a double. */
static json_t *read_real (const mns_token_t *token) {
  double wide;
  float narrow;
  uint32_t bits = (uint32_t)token->value;
  memcpy (&wide, &token->value, sizeof wide);
  memcpy (&narrow, &bits, sizeof narrow);
  double value = token->head == 5 ? (double)narrow : wide;
  json_t *number = json_real (value);
  return number ? number : json_null (); /* no number, or endless: JSON has none such */
}

static json_t *read_text (const uint8_t *bytes, size_t size) {
  json_t *text = json_stringn ((const char *)bytes, size);
  return text ? text : hex_of (bytes, size);
}

static json_t *read_scalar (mns_cursor_t *cursor, const mns_token_t *token) {
  const uint8_t *payload = cursor->at + token->head;
  cursor->at = payload + token->payload;
  switch (token->kind) {
  case MNS_TOKEN_BOOL:
    return json_boolean (token->value != 0);
  case MNS_TOKEN_UINT:
  case MNS_TOKEN_INT:
    return json_integer ((json_int_t)token->value);
  case MNS_TOKEN_FLOAT:
    return read_real (token);
  case MNS_TOKEN_TEXT:
    return read_text (payload, token->payload);
  case MNS_TOKEN_BYTES:
  case MNS_TOKEN_EXT:
    return hex_of (payload, token->payload);
  default:
    return json_null ();
  }
}

static json_t *read_value (mns_cursor_t *cursor) {
  mns_token_t token;
  if (!mns_cursor_peek (cursor, &token))
    return json_null ();
  if (token.kind == MNS_TOKEN_ARRAY)
    return read_array (cursor, &token);
  return token.kind == MNS_TOKEN_MAP ? read_map (cursor, &token) : read_scalar (cursor, &token);
}

mns_rc_t mns_loose_read (const void *data, size_t size, json_t **list, mns_error_t *error) {
  const uint8_t *at = data;
  size_t left = size, used;
  *list = json_array ();
  while (left > 0) {
    mns_rc_t rc = mns_scan (at, left, DEPTH_MAX, NODES_MAX, &used);
    if (rc != MNS_OK) {
      json_decref (*list);
      *list = NULL;
      return mns_fail (error, rc, "body", "the bytes from %zu on are no MessagePack that can be shown", size - left);
    }
    mns_cursor_t cursor = mns_cursor_init (at, used);
    json_array_append_new (*list, read_value (&cursor));
    at += used;
    left -= used;
  }
  return MNS_OK;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static mns_rc_t write_value (const json_t *value, const char *name, int depth, mns_buffer_t *out, mns_error_t *error);

static mns_rc_t write_object (const json_t *value, int depth, mns_buffer_t *out, mns_error_t *error) {
  const char *name;
  json_t *member;
  mns_rc_t rc = MNS_OK;
  mns_pack_map (out, (uint32_t)json_object_size (value));
  json_object_foreach ((json_t *)(uintptr_t)value, name, member) {
    mns_pack_text (out, name, strlen (name));
    if (rc == MNS_OK)
      rc = write_value (member, name, depth, out, error);
  }
  return rc;
}

static mns_rc_t write_array (const json_t *value, const char *name, int depth, mns_buffer_t *out, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  mns_pack_array (out, (uint32_t)json_array_size (value));
  for (size_t i = 0; i < json_array_size (value) && rc == MNS_OK; i++)
    rc = write_value (json_array_get (value, i), name, depth, out, error);
  return rc;
}

static void write_byte (uint8_t byte, mns_buffer_t *out) {
  mns_buffer_add (out, &byte, 1);
}

static mns_rc_t write_value (const json_t *value, const char *name, int depth, mns_buffer_t *out, mns_error_t *error) {
  if (depth > DEPTH_MAX)
    return mns_fail (error, MNS_INVALID, name, "this is nested deeper than %d", DEPTH_MAX);
  switch (json_typeof (value)) {
  case JSON_OBJECT:
    return write_object (value, depth + 1, out, error);
  case JSON_ARRAY:
    return write_array (value, name, depth + 1, out, error);
  case JSON_STRING:
    mns_pack_text (out, json_string_value (value), json_string_length (value));
    return MNS_OK;
  case JSON_INTEGER:
    mns_pack_int (out, json_integer_value (value));
    return MNS_OK;
  case JSON_REAL:
    return mns_fail (error, MNS_INVALID, name, "%g has a fraction: on the bus numbers are whole, in a smaller unit",
                     json_real_value (value));
  default:
    write_byte (json_is_null (value) ? PACK_NIL : json_is_true (value) ? PACK_TRUE : PACK_FALSE, out);
    return MNS_OK;
  }
}

mns_rc_t mns_loose_write (const json_t *value, mns_buffer_t *out, mns_error_t *error) {
  return write_value (value, "body", 0, out, error);
}
