/* A store: one SQLite file, one writer, one connection, its statements prepared once.
 *
 * Opened with STRICT tables in mind: WAL, synchronous FULL, foreign keys on, double-quoted strings off, each pragma
 * read back and checked. Errors of SQLite become mns_rc_t here and nowhere else. A statement error that took the
 * transaction with it is seen by mns_db_in_turn turning false: the caller then drops everything it meant to
 * do in it. */
#ifndef MNS_COMMON_DB_H
#define MNS_COMMON_DB_H

#include "common/embedded.h"
#include "common/record.h"
#include <sqlite3.h>

typedef struct mns_db mns_db_t;

typedef struct {
  const char *path; /* the folder must exist; the file is created with mode 0600; ":memory:" for tests */
  const char *vfs;  /* NULL: the default one */
  int cache_kib;    /* page cache, 0: 8 MiB */
  bool read_only;   /* a second, reading connection: never checkpoints */
  const char *who;  /* for the log: "registry" */
  bool guest;       /* in a program of somebody else: leaves SQLite's own settings alone, never ends the process */
} mns_db_options_t;

mns_rc_t mns_db_open (mns_db_t **db, const mns_db_options_t *options, mns_error_t *error);
/* For the store of a service, before it is migrated: the functions its SQL may call (db_functions.c). */
mns_rc_t mns_db_add_functions (mns_db_t *db, mns_error_t *error);
void mns_db_destroy (mns_db_t **db); /* finalises every statement prepared through it */
sqlite3 *mns_db_handle (mns_db_t *db);

/* Runs the files "schema/NNN_*.sql" of `files` whose number is above the one stored for `files_name` ("common",
 * "registry"), each in a transaction, in order. A store newer than the program is refused with MNS_NEWER_PROTOCOL. */
mns_rc_t mns_db_migrate (mns_db_t *db, const char *files_name, const mns_embedded_t *files, mns_error_t *error);

mns_rc_t mns_db_begin (mns_db_t *db);  /* BEGIN IMMEDIATE */
mns_rc_t mns_db_commit (mns_db_t *db); /* on failure nothing of the transaction remains and it is over */
void mns_db_rollback (mns_db_t *db);   /* harmless outside a transaction */
bool mns_db_in_turn (mns_db_t *db);    /* a transaction is open */
int64_t mns_db_changes (mns_db_t *db); /* rows changed since open: tells whether a handler wrote */

/* A persistent statement, owned by the store until it is destroyed. `sql` is one statement. A statement that does not
 * prepare is our own mistake: the process aborts with the text of the error; when it is the disk or the memory that
 * fails here, it exits with 1. */
sqlite3_stmt *mns_db_prepare (mns_db_t *db, const char *sql);
/* Of a guest, for which prepare gives NULL instead, and a step of it the same error: the first failure. */
mns_rc_t mns_db_prepared (const mns_db_t *db, mns_error_t *error);

/* Binds parameters 1… by a format of one letter each, then leaves the statement ready to step:
 *   i int64_t (MNS_NONE → NULL)   u uint64_t (0 → NULL)   d mns_date_t / p mns_place_t (0 → NULL)   n int (as it is)
 *   m mns_time_t (0 → NULL)       t const char * (NULL → NULL; static until the step)   s the same, "" → NULL
 *   b const void *, size_t (no bytes: an empty blob)   g const mns_uuid_t * (zero or NULL → NULL)   - NULL
 * Resets and clears the statement first. */
void mns_db_bind (sqlite3_stmt *statement, const char *format, ...);

/* One step. *row says whether there is a row; when not, the statement has been reset. */
mns_rc_t mns_db_step (mns_db_t *db, sqlite3_stmt *statement, bool *row);
/* Steps a statement that gives no row, and resets it. */
mns_rc_t mns_db_run (mns_db_t *db, sqlite3_stmt *statement);
/* Reads columns 0… by a format: i int64_t * (NULL → MNS_NONE), u uint64_t * (NULL → 0), d mns_date_t *,
 * p mns_place_t *, n int *, m mns_time_t *, t char *, size_t (copied; NULL → ""), b const void **, size_t * (valid
 * until the next step), g mns_uuid_t *, - skip. */
void mns_db_read (sqlite3_stmt *statement, const char *format, ...);
/* Any SQL without parameters. */
mns_rc_t mns_db_exec (mns_db_t *db, const char *sql, mns_error_t *error);

/* Takes the next `n` numbers of a named counter (table `counter` of the common schema) in the open transaction:
 * *first … *first + n − 1. Counters begin at 1, are dense and roll back with the transaction. */
mns_rc_t mns_db_take (mns_db_t *db, const char *counter, int64_t n, uint64_t *first);
/* The last number taken so far, 0: none. */
mns_rc_t mns_db_taken (mns_db_t *db, const char *counter, uint64_t *last);

/* The text of the last SQLite error of this store, for logs. */
const char *mns_db_message (mns_db_t *db);

/* A consistent copy by the backup API into a new file; refuses an existing one. */
mns_rc_t mns_db_backup (mns_db_t *db, const char *path, mns_error_t *error);
/* The same by a reading connection, as of its open transaction when there is one; `goes_on` is asked each few
 * megabytes: false ends it with MNS_UNAVAILABLE. After an error there is no file. */
mns_rc_t mns_db_copy (mns_db_t *db, const char *path, bool (*goes_on) (void *self), void *self, mns_error_t *error);
/* PRAGMA integrity_check and foreign_key_check. */
mns_rc_t mns_db_check (mns_db_t *db, mns_error_t *error);

#endif
