/* A verified copy of a store, and its examination. The copy is one file without a write-ahead log beside it, so that it
 * can be carried away and read from read-only media; opened as a store it becomes a store again. */
#include "common/db_private.h"
#include "common/dir.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STEP_PAGES = 1024 };

/* A copy that is not whole never has the name of one: it is made beside as `part`. What an earlier one left there goes.
 * The file is made here: nobody can hold a lock on it yet. */
static mns_rc_t make_target (const char *path, char part[MNS_PATH_MAX + 16], mns_error_t *error) {
  if (access (path, F_OK) == 0)
    return mns_fail (error, MNS_EXISTS, path, "a file of this name is there already: choose another name");
  snprintf (part, MNS_PATH_MAX + 16, "%s.part-journal", path);
  unlink (part);
  part[strlen (part) - strlen ("-journal")] = 0;
  unlink (part);
  int file = open (part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file >= 0) {
    close (file);
    return MNS_OK;
  }
  return mns_fail (error, mns_dir_errno (errno), path, "the copy cannot be made: %s", strerror (errno));
}

/* The source's transaction, when one is open, keeps what is copied as it is between two steps. */
static mns_rc_t copy_pages (mns_db_t *db, sqlite3 *target, const char *path, bool (*goes_on) (void *), void *self,
                            mns_error_t *error) {
  bool wanted = true;
  int step = SQLITE_OK;
  sqlite3_backup *backup = sqlite3_backup_init (target, "main", db->handle, "main");
  while (backup && step == SQLITE_OK && (wanted = goes_on == NULL || goes_on (self)))
    step = sqlite3_backup_step (backup, goes_on == NULL ? -1 : STEP_PAGES);
  sqlite3_backup_finish (backup);
  if (!wanted)
    return mns_fail (error, MNS_UNAVAILABLE, path, "the copy was given up");
  int code = sqlite3_extended_errcode (target);
  if (code == SQLITE_OK)
    code = sqlite3_exec (target, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
  mns_rc_t rc = mns_db_translate (target, code);
  if (rc != MNS_OK)
    return mns_fail (error, rc, path, "the copy failed: %s (%s)", mns_error_en (rc), sqlite3_errmsg (target));
  return MNS_OK;
}

static mns_rc_t name_copy (const char *part, const char *path, mns_error_t *error) {
  mns_rc_t rc = mns_dir_sync_parent (path, error);
  if (rc == MNS_OK && rename (part, path) != 0)
    rc = mns_fail (error, mns_dir_errno (errno), path, "the copy cannot be named: %s", strerror (errno));
  return rc == MNS_OK ? mns_dir_sync_parent (path, error) : rc;
}

mns_rc_t mns_db_copy (mns_db_t *db, const char *path, bool (*goes_on) (void *), void *self, mns_error_t *error) {
  sqlite3 *target = NULL;
  char part[MNS_PATH_MAX + 16];
  mns_rc_t rc = make_target (path, part, error);
  if (rc != MNS_OK)
    return rc;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (sqlite3_open_v2 (part, &target, flags, db->vfs[0] ? db->vfs : NULL) != SQLITE_OK)
    rc = mns_fail (error, MNS_IO, path, "the copy cannot be opened: %s", sqlite3_errmsg (target));
  if (rc == MNS_OK)
    rc = copy_pages (db, target, path, goes_on, self, error);
  sqlite3_close (target);
  if (rc == MNS_OK)
    rc = name_copy (part, path, error);
  if (rc != MNS_OK)
    unlink (part);
  return rc;
}

mns_rc_t mns_db_backup (mns_db_t *db, const char *path, mns_error_t *error) {
  assert (!mns_db_in_turn (db));
  return mns_db_copy (db, path, NULL, NULL, error);
}

/* Runs a checking pragma: every row that is not "ok" is a finding; the first is told. */
static mns_rc_t check (mns_db_t *db, const char *pragma, mns_error_t *error) {
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (db, pragma);
  mns_rc_t rc = mns_db_step (db, statement, &row);
  if (rc != MNS_OK)
    mns_fail (error, rc, db->path, "%s: %s", pragma, db->message);
  const char *finding = row ? (const char *)sqlite3_column_text (statement, 0) : NULL;
  if (finding && strcmp (finding, "ok") != 0)
    rc = mns_fail (error, MNS_CORRUPT, db->path, "%s: %s; restore a backup", pragma, finding);
  sqlite3_finalize (statement);
  return rc;
}

mns_rc_t mns_db_check (mns_db_t *db, mns_error_t *error) {
  mns_rc_t rc = check (db, "PRAGMA integrity_check", error);
  return rc == MNS_OK ? check (db, "PRAGMA foreign_key_check", error) : rc;
}
