/* A verified copy of a store, and its examination. The copy is one file without a write-ahead log beside it, so that it
 * can be carried away and read from read-only media; opened as a store it becomes a store again. */
#include "common/db_private.h"
#include "common/dir.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The file is made here, so that an existing one is never written over: nobody can hold a lock on it yet. */
static mns_rc_t make_target (const char *path, mns_error_t *error) {
  int file = open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file >= 0) {
    close (file);
    return MNS_OK;
  }
  if (errno == EEXIST)
    return mns_fail (error, MNS_EXISTS, path, "a file of this name is there already: choose another name");
  return mns_fail (error, mns_dir_errno (errno), path, "the copy cannot be made: %s", strerror (errno));
}

static mns_rc_t copy_pages (mns_db_t *db, sqlite3 *target, const char *path, mns_error_t *error) {
  sqlite3_backup *backup = sqlite3_backup_init (target, "main", db->handle, "main");
  if (backup) {
    sqlite3_backup_step (backup, -1);
    sqlite3_backup_finish (backup);
  }
  int code = sqlite3_extended_errcode (target);
  if (code == SQLITE_OK)
    code = sqlite3_exec (target, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
  mns_rc_t rc = mns_db_translate (target, code);
  if (rc != MNS_OK)
    return mns_fail (error, rc, path, "the copy failed: %s (%s)", mns_error_en (rc), sqlite3_errmsg (target));
  return MNS_OK;
}

mns_rc_t mns_db_backup (mns_db_t *db, const char *path, mns_error_t *error) {
  sqlite3 *target = NULL;
  assert (!mns_db_in_turn (db));
  mns_rc_t rc = make_target (path, error);
  if (rc != MNS_OK)
    return rc;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (sqlite3_open_v2 (path, &target, flags, db->vfs[0] ? db->vfs : NULL) != SQLITE_OK)
    rc = mns_fail (error, MNS_IO, path, "the copy cannot be opened: %s", sqlite3_errmsg (target));
  if (rc == MNS_OK)
    rc = copy_pages (db, target, path, error);
  sqlite3_close (target);
  if (rc == MNS_OK)
    rc = mns_dir_sync_parent (path, error);
  if (rc != MNS_OK)
    unlink (path);
  return rc;
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
