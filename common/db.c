/* The store: opening with every setting read back, turns, statements, and the translation of SQLite's codes.
 *
 * Only the writing connection checkpoints: SQLite before 3.51.3 can lose frames when two connections checkpoint and
 * write at the same moment. Only SQLite opens the file: a plain open and close would drop its locks. */
#include "common/db_private.h"
#include "common/log.h"
#include "common/text.h"
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_CACHE_KIB 8192

/* ---- codes ------------------------------------------------------------------------------------------------------- */

typedef struct {
  int code;
  mns_rc_t rc;
} translation_t;

static const translation_t translations[] = {
    {SQLITE_OK, MNS_OK},
    {SQLITE_ROW, MNS_OK},
    {SQLITE_DONE, MNS_OK},
    {SQLITE_FULL, MNS_DISK_FULL},
    {SQLITE_IOERR, MNS_IO},
    {SQLITE_CANTOPEN, MNS_IO},
    {SQLITE_READONLY, MNS_IO},
    {SQLITE_PERM, MNS_IO},
    {SQLITE_CORRUPT, MNS_CORRUPT},
    {SQLITE_NOTADB, MNS_CORRUPT},
    {SQLITE_FORMAT, MNS_CORRUPT},
    {SQLITE_NOMEM, MNS_MEMORY},
    {SQLITE_BUSY, MNS_BUSY},
    {SQLITE_LOCKED, MNS_BUSY},
    {SQLITE_CONSTRAINT, MNS_CONFLICT},
    {SQLITE_TOOBIG, MNS_TOO_LARGE},
};

/* A full disk also shows as a shared-memory or journal file that cannot grow or be made. A failed fsync never counts as
 * that: what it left on the disk is unknown. */
static bool is_disk_full (sqlite3 *handle, int code) {
  int reason = sqlite3_system_errno (handle);
  bool may_be = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
  return may_be && code != SQLITE_IOERR_FSYNC && code != SQLITE_IOERR_DIR_FSYNC &&
         (reason == ENOSPC || reason == EDQUOT);
}

mns_rc_t mns_db_translate (sqlite3 *handle, int code) {
  if (code == SQLITE_IOERR_NOMEM)
    return MNS_MEMORY;
  if (is_disk_full (handle, code))
    return MNS_DISK_FULL;
  for (size_t i = 0; i < sizeof translations / sizeof translations[0]; i++)
    if (translations[i].code == (code & 0xff))
      return translations[i].rc;
  return MNS_INTERNAL;
}

mns_rc_t mns_db_note (mns_db_t *db, int code) {
  char quoted[300];
  mns_rc_t rc = mns_db_translate (db->handle, code);
  if (rc == MNS_OK)
    return rc;
  mns_text_copy (db->message, sizeof db->message, sqlite3_errmsg (db->handle));
  if (rc != MNS_CONFLICT)
    mns_log (MNS_LOG_ERROR, db->who, "store.failed", "error=%s code=%d errno=%d message=%s", mns_error_word (rc), code,
             sqlite3_system_errno (db->handle), mns_log_quote (db->message, quoted, sizeof quoted));
  return rc;
}

mns_rc_t mns_db_fail (mns_db_t *db, int code, const char *what, mns_error_t *error) {
  mns_rc_t rc = mns_db_note (db, code);
  if (rc == MNS_OK)
    return rc;
  return mns_fail (error, rc, db->path, "%s failed: %s (%s)", what, mns_error_en (rc), db->message);
}

const char *mns_db_message (mns_db_t *db) {
  return db->message;
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

/* `set` is written, `got` must be read back. A number is one value for both. */
typedef struct {
  const char *name, *set, *got;
} pragma_t;

/* A checkpoint each 16 MB: each 4 MB wrote a third more, as pages that change often were copied more often. */
static const pragma_t writer_pragmas[] = {
    {"busy_timeout", "5000", "5000"},       {"journal_mode", "WAL", "wal"},
    {"synchronous", "FULL", "2"},           {"foreign_keys", "ON", "1"},
    {"wal_autocheckpoint", "4000", "4000"}, {"journal_size_limit", "67108864", "67108864"},
    {"temp_store", "MEMORY", "2"},          {"cell_size_check", "ON", "1"},
};

static const pragma_t reader_pragmas[] = {
    {"busy_timeout", "5000", "5000"}, {"query_only", "ON", "1"},      {"wal_autocheckpoint", "0", "0"},
    {"temp_store", "MEMORY", "2"},    {"cell_size_check", "ON", "1"},
};

static const int switches_off[] = {SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_TRUSTED_SCHEMA};

/* Runs one statement and gives the text of its first column, "" without a row. */
static int query_text (sqlite3 *handle, const char *sql, char *text, size_t size) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL);
  text[0] = 0;
  if (code != SQLITE_OK)
    return code;
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW && sqlite3_column_text (statement, 0))
    mns_text_copy (text, size, (const char *)sqlite3_column_text (statement, 0));
  int final = sqlite3_finalize (statement);
  return code == SQLITE_ROW || code == SQLITE_DONE ? final : code;
}

static mns_rc_t set_pragma (mns_db_t *db, const pragma_t *pragma, mns_error_t *error) {
  char sql[96], got[32];
  snprintf (sql, sizeof sql, "PRAGMA %s=%s", pragma->name, pragma->set);
  int code = query_text (db->handle, sql, got, sizeof got);
  if (code != SQLITE_OK)
    return mns_db_fail (db, code, sql, error);
  snprintf (sql, sizeof sql, "PRAGMA %s", pragma->name);
  code = query_text (db->handle, sql, got, sizeof got);
  if (code != SQLITE_OK)
    return mns_db_fail (db, code, sql, error);
  if (strcmp (got, pragma->got) != 0)
    return mns_fail (error, MNS_IO, db->path,
                     "the store's setting %s is '%s' instead of '%s': this file system or SQLite "
                     "cannot keep the data safe",
                     pragma->name, got, pragma->got);
  return MNS_OK;
}

static mns_rc_t set_pragmas (mns_db_t *db, const pragma_t *pragmas, size_t count, mns_error_t *error) {
  for (size_t i = 0; i < count; i++) {
    pragma_t pragma = pragmas[i];
    if (!strcmp (pragma.name, "journal_mode") && !strcmp (db->path, ":memory:"))
      pragma.got = "memory";
    mns_rc_t rc = set_pragma (db, &pragma, error);
    if (rc != MNS_OK)
      return rc;
  }
  return MNS_OK;
}

static mns_rc_t set_switch (mns_db_t *db, int name, int wanted, mns_error_t *error) {
  int got = -1;
  int code = sqlite3_db_config (db->handle, name, wanted, &got);
  if (code != SQLITE_OK)
    return mns_db_fail (db, code, "configuring the store", error);
  if (got != wanted)
    return mns_fail (error, MNS_INTERNAL, db->path, "the store's switch %d cannot be set to %d", name, wanted);
  return MNS_OK;
}

static mns_rc_t set_switches (mns_db_t *db, bool read_only, mns_error_t *error) {
  mns_rc_t rc = set_switch (db, SQLITE_DBCONFIG_DEFENSIVE, 1, error);
  for (size_t i = 0; rc == MNS_OK && i < sizeof switches_off / sizeof switches_off[0]; i++)
    rc = set_switch (db, switches_off[i], 0, error);
  if (rc == MNS_OK && read_only)
    rc = set_switch (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, error);
  return rc;
}

/* A damaged schema is found here, not by the first statement that happens to need it. */
static mns_rc_t read_schema (mns_db_t *db, mns_error_t *error) {
  char count[24];
  return mns_db_fail (db, query_text (db->handle, "SELECT count(*) FROM sqlite_schema", count, sizeof count),
                      "reading the schema", error);
}

static mns_rc_t configure (mns_db_t *db, const mns_db_options_t *options, mns_error_t *error) {
  char cache[24];
  snprintf (cache, sizeof cache, "-%d", options->cache_kib > 0 ? options->cache_kib : DEFAULT_CACHE_KIB);
  const pragma_t cache_size = {"cache_size", cache, cache};
  const pragma_t *pragmas = options->read_only ? reader_pragmas : writer_pragmas;
  size_t bytes = options->read_only ? sizeof reader_pragmas : sizeof writer_pragmas;
  mns_rc_t rc = set_switches (db, options->read_only, error);
  if (rc == MNS_OK)
    rc = set_pragmas (db, pragmas, bytes / sizeof (pragma_t), error);
  if (rc == MNS_OK)
    rc = set_pragmas (db, &cache_size, 1, error);
  return rc == MNS_OK ? read_schema (db, error) : rc;
}

/* SQLite's memory statistics take a lock of the whole process at each allocation, and nobody reads them. Too late, when
 * something has begun to use SQLite before: then it stays as it is. */
static void prepare_library (void) {
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
}

static mns_rc_t open_file (mns_db_t *db, const mns_db_options_t *options, mns_error_t *error) {
  bool fresh = access (options->path, F_OK) != 0;
  int flags = options->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  int code =
      sqlite3_open_v2 (options->path, &db->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, options->vfs);
  if (!db->handle)
    return mns_fail (error, MNS_MEMORY, db->path, "%s", mns_error_en (MNS_MEMORY));
  if (code != SQLITE_OK)
    return mns_db_fail (db, code, "opening the store", error);
  /* SQLite gives its -wal and -shm the mode of the file itself. */
  if (fresh && !options->read_only && strcmp (options->path, ":memory:") != 0 && chmod (options->path, 0600) != 0)
    return mns_fail (error, MNS_IO, db->path, "the store's mode cannot be set: %s", strerror (errno));
  return MNS_OK;
}

mns_rc_t mns_db_open (mns_db_t **out, const mns_db_options_t *options, mns_error_t *error) {
  static pthread_once_t prepared = PTHREAD_ONCE_INIT;
  if (!options->guest)
    pthread_once (&prepared, prepare_library);
  mns_db_t *db = mns_alloc (sizeof *db);
  memset (db, 0, sizeof *db);
  mns_text_copy (db->who, sizeof db->who, options->who ? options->who : "store");
  mns_text_copy (db->path, sizeof db->path, options->path);
  db->guest = options->guest;
  mns_text_copy (db->vfs, sizeof db->vfs, options->vfs ? options->vfs : "");
  mns_rc_t rc = open_file (db, options, error);
  if (rc == MNS_OK)
    rc = configure (db, options, error);
  if (rc == MNS_OK) {
    db->begin = mns_db_prepare (db, "BEGIN IMMEDIATE");
    db->commit = mns_db_prepare (db, "COMMIT");
    db->rollback = mns_db_prepare (db, "ROLLBACK");
    rc = mns_db_prepared (db, error);
  }
  if (rc != MNS_OK) {
    mns_db_destroy (&db);
    return rc;
  }
  *out = db;
  return MNS_OK;
}

void mns_db_destroy (mns_db_t **owner) {
  mns_db_t *db = *owner;
  if (!db)
    return;
  sqlite3_stmt *statement;
  while ((statement = sqlite3_next_stmt (db->handle, NULL)))
    sqlite3_finalize (statement);
  if (sqlite3_close (db->handle) != SQLITE_OK)
    mns_log (MNS_LOG_ERROR, db->who, "store.unclosed", "code=%d", sqlite3_errcode (db->handle));
  free (db);
  *owner = NULL;
}

sqlite3 *mns_db_handle (mns_db_t *db) {
  return db->handle;
}

/* ---- turns ------------------------------------------------------------------------------------------------------- */

mns_rc_t mns_db_begin (mns_db_t *db) {
  assert (!mns_db_in_turn (db));
  db->counter_count = 0;
  return mns_db_run (db, db->begin);
}

mns_rc_t mns_db_commit (mns_db_t *db) {
  assert (mns_db_in_turn (db));
  mns_rc_t rc = mns_db_write_counters (db);
  if (rc == MNS_OK)
    rc = mns_db_run (db, db->commit);
  if (rc != MNS_OK)
    mns_db_rollback (db);
  return rc;
}

/* A rollback that fails leaves a transaction that SQLite itself has given up: nothing more can be done with it. */
void mns_db_rollback (mns_db_t *db) {
  db->counter_count = 0;
  if (!mns_db_in_turn (db))
    return;
  sqlite3_step (db->rollback);
  sqlite3_reset (db->rollback);
  if (mns_db_in_turn (db))
    mns_log (MNS_LOG_ERROR, db->who, "store.rollback_failed", "code=%d", sqlite3_extended_errcode (db->handle));
}

bool mns_db_in_turn (mns_db_t *db) {
  return !sqlite3_get_autocommit (db->handle);
}

int64_t mns_db_changes (mns_db_t *db) {
  return sqlite3_total_changes64 (db->handle);
}

/* ---- statements -------------------------------------------------------------------------------------------------- */

/* SQL that SQLite does not accept is a fault of this program; a disk or memory that fails here is not, yet there is no
 * service without its statements. */
static void end_process (mns_db_t *db, int code, const char *sql) {
  char message[300], statement[600];
  mns_log (MNS_LOG_ERROR, db->who, "store.statement", "code=%d message=%s sql=%s", code,
           mns_log_quote (sqlite3_errmsg (db->handle), message, sizeof message),
           mns_log_quote (sql, statement, sizeof statement));
  if ((code & 0xff) == SQLITE_ERROR || code == SQLITE_OK)
    abort ();
  _exit (1);
}

sqlite3_stmt *mns_db_prepare (mns_db_t *db, const char *sql) {
  sqlite3_stmt *statement = NULL;
  const char *tail = "";
  int code = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, &tail);
  if (code == SQLITE_OK && statement && !tail[strspn (tail, "; \n\t")])
    return statement;
  if (!db->guest)
    end_process (db, code, sql);
  mns_rc_t rc = mns_db_note (db, code);
  if (db->unprepared == MNS_OK)
    db->unprepared = rc == MNS_OK ? MNS_INTERNAL : rc;
  return NULL;
}

mns_rc_t mns_db_prepared (const mns_db_t *db, mns_error_t *error) {
  if (db->unprepared == MNS_OK)
    return MNS_OK;
  return mns_fail (error, db->unprepared, db->path, "this file is not what it should be, or cannot be read: %s",
                   db->message);
}

mns_rc_t mns_db_step (mns_db_t *db, sqlite3_stmt *statement, bool *row) {
  *row = false;
  if (!statement)
    return db->unprepared;
  int code = sqlite3_step (statement);
  *row = code == SQLITE_ROW;
  if (*row)
    return MNS_OK;
  mns_rc_t rc = mns_db_note (db, code);
  sqlite3_reset (statement);
  return rc;
}

mns_rc_t mns_db_run (mns_db_t *db, sqlite3_stmt *statement) {
  bool row;
  mns_rc_t rc = mns_db_step (db, statement, &row);
  if (row)
    sqlite3_reset (statement);
  return rc;
}

mns_rc_t mns_db_exec (mns_db_t *db, const char *sql, mns_error_t *error) {
  int code = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);
  return mns_db_fail (db, code, "a statement", error);
}
