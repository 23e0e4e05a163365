/* Records in SQLite: columns are the fields in declared order, absent is NULL, the types are those of a STRICT table.
 * What a store gives back is checked like anything else that comes from outside. */
#include "common/record.h"

#include "common/record_field.h"
#include <assert.h>
#include <string.h>

static mns_rc_t rc_of (int sqlite) {
  return sqlite == SQLITE_OK       ? MNS_OK
         : sqlite == SQLITE_NOMEM  ? MNS_MEMORY
         : sqlite == SQLITE_TOOBIG ? MNS_TOO_LONG
                                   : MNS_INTERNAL;
}

static int bind_field (const mns_field_t *field, const void *record, sqlite3_stmt *statement, int at) {
  if (mns_field_absent (field, record))
    return sqlite3_bind_null (statement, at);
  const void *in = mns_field_in (field, record);
  switch (field->kind) {
  case MNS_KIND_TEXT:
    return sqlite3_bind_text (statement, at, in, -1, SQLITE_STATIC);
  case MNS_KIND_CODE:
    return sqlite3_bind_text (statement, at, mns_code_word (field->codes, *(const mns_code_t *)in), -1, SQLITE_STATIC);
  case MNS_KIND_UUID:
    return sqlite3_bind_blob (statement, at, in, sizeof (mns_uuid_t), SQLITE_STATIC);
  default:
    return sqlite3_bind_int64 (statement, at, mns_field_number (field, record));
  }
}

mns_rc_t mns_record_bind (const mns_record_type_t *type, const void *record, sqlite3_stmt *statement, int first) {
  for (uint16_t i = 0; i < type->field_count; i++) {
    assert (type->fields[i].kind != MNS_KIND_LIST);
    int rc = bind_field (&type->fields[i], record, statement, first + i);
    if (rc != SQLITE_OK)
      return rc_of (rc);
  }
  return MNS_OK;
}

static mns_rc_t damaged (const mns_field_t *field, mns_error_t *error) {
  return mns_fail (error, MNS_CORRUPT, field->name, "the stored value is not one of this field; check the store");
}

static mns_rc_t read_field (const mns_field_t *field, void *record, sqlite3_stmt *statement, int at) {
  int stored = sqlite3_column_type (statement, at);
  if (stored == SQLITE_NULL)
    return MNS_OK;
  switch (field->kind) {
  case MNS_KIND_TEXT:
  case MNS_KIND_CODE: {
    const char *text = (const char *)sqlite3_column_text (statement, at);
    if (stored != SQLITE_TEXT || text == NULL)
      return MNS_CORRUPT;
    return mns_field_put_text (field, record, text, (size_t)sqlite3_column_bytes (statement, at), NULL);
  }
  case MNS_KIND_UUID:
    if (stored != SQLITE_BLOB || sqlite3_column_bytes (statement, at) != sizeof (mns_uuid_t))
      return MNS_CORRUPT;
    memcpy (mns_field_at (field, record), sqlite3_column_blob (statement, at), sizeof (mns_uuid_t));
    return MNS_OK;
  default:
    if (stored != SQLITE_INTEGER)
      return MNS_CORRUPT;
    return mns_field_put_number (field, record, sqlite3_column_int64 (statement, at), NULL);
  }
}

mns_rc_t mns_record_read (const mns_record_type_t *type, void *record, sqlite3_stmt *statement, int first,
                          mns_error_t *error) {
  mns_record_clear (type, record);
  for (uint16_t i = 0; i < type->field_count; i++) {
    assert (type->fields[i].kind != MNS_KIND_LIST);
    if (read_field (&type->fields[i], record, statement, first + i) != MNS_OK)
      return damaged (&type->fields[i], error);
  }
  return MNS_OK;
}

void mns_record_columns (const mns_record_type_t *type, mns_buffer_t *out) {
  for (uint16_t i = 0; i < type->field_count; i++)
    mns_buffer_printf (out, "%s%s", i > 0 ? ", " : "", type->fields[i].name);
}

void mns_record_placeholders (const mns_record_type_t *type, int first, mns_buffer_t *out) {
  for (uint16_t i = 0; i < type->field_count; i++)
    mns_buffer_printf (out, "%s?%d", i > 0 ? ", " : "", first + i);
}
