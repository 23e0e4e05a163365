/* Numbered migrations and counters.
 *
 * A store remembers, per owner of schema files, the number of the last file that ran; a file and its number are one
 * transaction, so that a migration that is cut off simply runs again. */
#include "common/db_private.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA_FOLDER "schema/"

/* "schema/001_store.sql" → 1; 0 for a file that is no migration. */
static int file_number (const char *path) {
  if (strncmp (path, SCHEMA_FOLDER, strlen (SCHEMA_FOLDER)) != 0)
    return 0;
  return atoi (path + strlen (SCHEMA_FOLDER));
}

/* The files number 1, 2, 3 …: a hole or a repetition is a mistake of the release. */
static mns_rc_t last_number (const char *name, const mns_embedded_t *files, int *last, mns_error_t *error) {
  *last = 0;
  for (; files->path; files++) {
    int number = file_number (files->path);
    if (number && number != *last + 1)
      return mns_fail (error, MNS_INTERNAL, files->path, "the schema files of %s do not number 1, 2, 3, …", name);
    *last = number ? number : *last;
  }
  return MNS_OK;
}

static mns_rc_t stored_number (mns_db_t *db, const char *name, int *number, mns_error_t *error) {
  mns_rc_t rc = mns_db_exec (db,
                             "CREATE TABLE IF NOT EXISTS migration (files TEXT PRIMARY KEY, number INTEGER NOT NULL) "
                             "STRICT, WITHOUT ROWID",
                             error);
  if (rc != MNS_OK)
    return rc;
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (db, "SELECT number FROM migration WHERE files = ?1");
  mns_db_bind (statement, "t", name);
  rc = mns_db_step (db, statement, &row);
  *number = row ? sqlite3_column_int (statement, 0) : 0;
  sqlite3_finalize (statement);
  return rc == MNS_OK ? rc : mns_fail (error, rc, db->path, "%s", db->message);
}

static mns_rc_t store_number (mns_db_t *db, const char *name, int number) {
  sqlite3_stmt *statement = mns_db_prepare (db, "INSERT INTO migration (files, number) VALUES (?1, ?2) "
                                                "ON CONFLICT (files) DO UPDATE SET number = excluded.number");
  mns_db_bind (statement, "tn", name, number);
  mns_rc_t rc = mns_db_run (db, statement);
  sqlite3_finalize (statement);
  return rc;
}

static mns_rc_t run_file (mns_db_t *db, const char *name, const mns_embedded_t *file, mns_error_t *error) {
  mns_rc_t rc = mns_db_begin (db);
  if (rc != MNS_OK)
    return mns_fail (error, rc, db->path, "migration %s: %s", file->path, db->message);
  rc = mns_db_exec (db, file->text, NULL);
  if (rc == MNS_OK)
    rc = store_number (db, name, file_number (file->path));
  if (rc == MNS_OK)
    rc = mns_db_commit (db);
  if (rc == MNS_OK)
    return rc;
  mns_db_rollback (db);
  return mns_fail (error, rc, db->path, "migration %s of %s failed and left nothing behind: %s", file->path, name,
                   db->message);
}

mns_rc_t mns_db_migrate (mns_db_t *db, const char *name, const mns_embedded_t *files, mns_error_t *error) {
  int known = 0, stored = 0;
  mns_rc_t rc = last_number (name, files, &known, error);
  if (rc == MNS_OK)
    rc = stored_number (db, name, &stored, error);
  if (rc != MNS_OK)
    return rc;
  if (stored > known)
    return mns_fail (error, MNS_NEWER_PROTOCOL, db->path,
                     "the store has schema %d of %s, this program knows %d: use the newer program, or restore a backup "
                     "made before it",
                     stored, name, known);
  for (; rc == MNS_OK && files->path; files++)
    if (file_number (files->path) > stored)
      rc = run_file (db, name, files, error);
  return rc;
}
