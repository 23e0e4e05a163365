/* What the stores of services can say in SQL beyond SQLite. It needs the tables of Unicode, which the client library
 * does without, and so stands apart from db.c. */
#include "common/db_private.h"
#include "common/text.h"
#include <string.h>

/* mns_name_key (text): the form under which names are compared, for statements and migrations. */
static void name_key (sqlite3_context *context, int count, sqlite3_value **values) {
  (void)count;
  const char *name = (const char *)sqlite3_value_text (values[0]);
  size_t size = name ? 3 * strlen (name) + 1 : 0;
  char *key = name ? sqlite3_malloc64 (size) : NULL;
  if (key && mns_text_name_key (name, key, size))
    sqlite3_result_text (context, key, -1, sqlite3_free);
  else
    sqlite3_free (key);
}

mns_rc_t mns_db_add_functions (mns_db_t *db, mns_error_t *error) {
  int code = sqlite3_create_function (db->handle, "mns_name_key", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, name_key,
                                      NULL, NULL);
  return mns_db_fail (db, code, "adding a function", error);
}
