/* Values into parameters and out of columns, by a format of one letter each (common/db.h).
 * A format that does not fit its statement is our own mistake and is asserted. */
#include "common/db.h"
#include "common/text.h"
#include <assert.h>
#include <stdarg.h>
#include <string.h>

static int bind_unless (sqlite3_stmt *statement, int at, int64_t value, int64_t absent) {
  return value == absent ? sqlite3_bind_null (statement, at) : sqlite3_bind_int64 (statement, at, value);
}

static int bind_text (sqlite3_stmt *statement, int at, const char *text, bool empty_is_null) {
  if (!text || (empty_is_null && !*text))
    return sqlite3_bind_null (statement, at);
  return sqlite3_bind_text (statement, at, text, -1, SQLITE_STATIC);
}

/* A blob of no bytes is a blob, not NULL, whatever its pointer. */
static int bind_blob (sqlite3_stmt *statement, int at, const void *data, size_t size) {
  if (!size)
    return sqlite3_bind_zeroblob (statement, at, 0);
  return sqlite3_bind_blob64 (statement, at, data, size, SQLITE_STATIC);
}

static int bind_uuid (sqlite3_stmt *statement, int at, const mns_uuid_t *uuid) {
  if (!uuid || mns_uuid_is_zero (uuid))
    return sqlite3_bind_null (statement, at);
  return bind_blob (statement, at, uuid->bytes, sizeof uuid->bytes);
}

void mns_db_bind (sqlite3_stmt *statement, const char *format, ...) {
  va_list args;
  int at = 1;
  if (!statement)
    return;
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  va_start (args, format);
  for (; *format; format++, at++) {
    int code = SQLITE_MISUSE;
    switch (*format) {
    case 'i':
      code = bind_unless (statement, at, va_arg (args, int64_t), MNS_NONE);
      break;
    case 'u':
    case 'p':
    case 'm':
      code = bind_unless (statement, at, va_arg (args, int64_t), 0);
      break;
    case 'd':
      code = bind_unless (statement, at, va_arg (args, mns_date_t), 0);
      break;
    case 'n':
      code = sqlite3_bind_int (statement, at, va_arg (args, int));
      break;
    case 't':
    case 's':
      code = bind_text (statement, at, va_arg (args, const char *), *format == 's');
      break;
    case 'b': {
      const void *data = va_arg (args, const void *);
      code = bind_blob (statement, at, data, va_arg (args, size_t));
      break;
    }
    case 'g':
      code = bind_uuid (statement, at, va_arg (args, const mns_uuid_t *));
      break;
    case '-':
      code = sqlite3_bind_null (statement, at);
      break;
    }
    assert (code == SQLITE_OK);
  }
  va_end (args);
  assert (at == sqlite3_bind_parameter_count (statement) + 1);
}

static int64_t read_unless (sqlite3_stmt *statement, int at, int64_t absent) {
  return sqlite3_column_type (statement, at) == SQLITE_NULL ? absent : sqlite3_column_int64 (statement, at);
}

static void read_text (sqlite3_stmt *statement, int at, char *text, size_t size) {
  const char *stored = (const char *)sqlite3_column_text (statement, at);
  mns_text_copy (text, size, stored ? stored : "");
}

static void read_uuid (sqlite3_stmt *statement, int at, mns_uuid_t *uuid) {
  const void *data = sqlite3_column_blob (statement, at);
  memset (uuid, 0, sizeof *uuid);
  if (data && sqlite3_column_bytes (statement, at) == (int)sizeof uuid->bytes)
    memcpy (uuid->bytes, data, sizeof uuid->bytes);
}

void mns_db_read (sqlite3_stmt *statement, const char *format, ...) {
  va_list args;
  int at = 0;
  assert (strlen (format) <= (size_t)sqlite3_column_count (statement));
  va_start (args, format);
  for (; *format; format++, at++) {
    switch (*format) {
    case 'i':
      *va_arg (args, int64_t *) = read_unless (statement, at, MNS_NONE);
      break;
    case 'u':
      *va_arg (args, uint64_t *) = (uint64_t)sqlite3_column_int64 (statement, at);
      break;
    case 'p':
    case 'm':
      *va_arg (args, int64_t *) = sqlite3_column_int64 (statement, at);
      break;
    case 'd':
    case 'n':
      *va_arg (args, int *) = sqlite3_column_int (statement, at);
      break;
    case 't': {
      char *text = va_arg (args, char *);
      read_text (statement, at, text, va_arg (args, size_t));
      break;
    }
    case 'b': {
      *va_arg (args, const void **) = sqlite3_column_blob (statement, at);
      *va_arg (args, size_t *) = (size_t)sqlite3_column_bytes (statement, at);
      break;
    }
    case 'g':
      read_uuid (statement, at, va_arg (args, mns_uuid_t *));
      break;
    default:
      assert (*format == '-');
    }
  }
  va_end (args);
}
