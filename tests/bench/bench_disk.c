/* What the disk itself takes, in the folder where the logs lie.
 *
 *   bench_disk flush  FOLDER SECONDS               8 KiB written over in place, fdatasync
 *   bench_disk file   FOLDER SIZE DEPTH SECONDS    DEPTH messages of SIZE appended to a file, fdatasync
 *   bench_disk sqlite FOLDER SIZE DEPTH SECONDS    the same as rows of a table in WAL with synchronous FULL, a commit
 */
#include "tests/bench/meter.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_MAX = 65536, FLUSH_BYTES = 8192, FLUSH_FILE = 4 << 20 };

static uint8_t message[MESSAGE_MAX];
static meter_t meter;

static int make_file (const char *folder) {
  char path[512];
  snprintf (path, sizeof path, "%s/bench.file", folder);
  int file = open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  meter_require (file >= 0, path, "cannot be made");
  unlink (path);
  return file;
}

static double flush (const char *folder, double seconds) {
  int file = make_file (folder);
  for (int at = 0; at < FLUSH_FILE; at += FLUSH_BYTES)
    meter_require (pwrite (file, message, FLUSH_BYTES, at) == FLUSH_BYTES, folder, "cannot be written");
  fsync (file);
  int64_t begin = meter_now_ns (), now = begin;
  for (uint64_t i = 0; now - begin < (int64_t)(seconds * 1e9); i++) {
    off_t at = (off_t)(i * FLUSH_BYTES % FLUSH_FILE);
    meter_require (pwrite (file, message, FLUSH_BYTES, at) == FLUSH_BYTES, folder, "cannot be written");
    meter_require (fdatasync (file) == 0, folder, "cannot be flushed");
    int64_t done = meter_now_ns ();
    meter_add (&meter, done - now);
    now = done;
  }
  close (file);
  return (double)(now - begin) / 1e9;
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */

typedef struct {
  int file;
  sqlite3 *db;
  sqlite3_stmt *insert, *begin, *commit;
  size_t size;
  uint64_t done;
} disk_t;

static void write_file (void *self, uint64_t first, uint64_t count) {
  disk_t *disk = self;
  static uint8_t group[1 << 20];
  size_t filled = 0;
  for (uint64_t i = 0; i < count; i++) {
    if (filled + disk->size > sizeof group) {
      meter_require (write (disk->file, group, filled) == (ssize_t)filled, "file", "cannot be written");
      filled = 0;
    }
    memcpy (group + filled, message, disk->size);
    filled += disk->size;
  }
  meter_require (write (disk->file, group, filled) == (ssize_t)filled, "file", "cannot be written");
  meter_require (fdatasync (disk->file) == 0, "file", "cannot be flushed");
  disk->done = first + count;
}

static void step (disk_t *disk, sqlite3_stmt *statement) {
  meter_require (sqlite3_step (statement) == SQLITE_DONE, "sqlite", sqlite3_errmsg (disk->db));
  sqlite3_reset (statement);
}

static void write_rows (void *self, uint64_t first, uint64_t count) {
  disk_t *disk = self;
  step (disk, disk->begin);
  for (uint64_t i = 0; i < count; i++) {
    sqlite3_bind_int64 (disk->insert, 1, (int64_t)(first + i + 1));
    sqlite3_bind_blob64 (disk->insert, 2, message, disk->size, SQLITE_STATIC);
    step (disk, disk->insert);
  }
  step (disk, disk->commit);
  disk->done = first + count;
}

static uint64_t done (void *self) {
  return ((disk_t *)self)->done;
}

static void prepare (disk_t *disk, sqlite3_stmt **statement, const char *sql) {
  meter_require (sqlite3_prepare_v2 (disk->db, sql, -1, statement, NULL) == SQLITE_OK, sql, sqlite3_errmsg (disk->db));
}

static void open_sqlite (disk_t *disk, const char *folder) {
  char path[512];
  snprintf (path, sizeof path, "%s/bench.db", folder);
  meter_require (sqlite3_open (path, &disk->db) == SQLITE_OK, path, "cannot be opened");
  const char *sql = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; DROP TABLE IF EXISTS event;"
                    "CREATE TABLE event (number INTEGER PRIMARY KEY, record BLOB NOT NULL) STRICT";
  meter_require (sqlite3_exec (disk->db, sql, NULL, NULL, NULL) == SQLITE_OK, sql, sqlite3_errmsg (disk->db));
  prepare (disk, &disk->begin, "BEGIN IMMEDIATE");
  prepare (disk, &disk->insert, "INSERT INTO event (number, record) VALUES (?1, ?2)");
  prepare (disk, &disk->commit, "COMMIT");
}

static void close_sqlite (disk_t *disk) {
  sqlite3_finalize (disk->begin);
  sqlite3_finalize (disk->insert);
  sqlite3_finalize (disk->commit);
  sqlite3_close (disk->db);
}

int main (int argc, char **argv) {
  meter_fill (message, sizeof message);
  if (argc == 4 && strcmp (argv[1], "flush") == 0) {
    meter_print (&meter, flush (argv[2], (double)meter_number (argv[3])));
    return 0;
  }
  bool sqlite = argc == 6 && strcmp (argv[1], "sqlite") == 0;
  meter_require (sqlite || (argc == 6 && strcmp (argv[1], "file") == 0), "usage",
                 "bench_disk flush FOLDER SECONDS | file|sqlite FOLDER SIZE DEPTH SECONDS");
  disk_t disk = {.size = meter_number (argv[3])};
  meter_require (disk.size <= MESSAGE_MAX, argv[3], "too large");
  if (sqlite)
    open_sqlite (&disk, argv[2]);
  else
    disk.file = make_file (argv[2]);
  meter_peer_t peer = {&disk, sqlite ? write_rows : write_file, done};
  double seconds = meter_publish (&meter, &peer, meter_number (argv[4]), 0, (double)meter_number (argv[5]));
  meter_print (&meter, seconds);
  if (sqlite)
    close_sqlite (&disk);
  else
    close (disk.file);
  return 0;
}
