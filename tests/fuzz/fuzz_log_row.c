/* Any bytes as rows of a log on a damaged disk: reading ends, and gives out no row whose records do not lead from the
 * chain before it to its own. */
#include "services/broker/log.h"
#include "tests/support/folder.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 4, TRUE_CHAIN = 1, TRUE_COUNT = 2, TRUE_NUMBERS = 4, NO_STREAM = 8 };

static broker_log_t *reader;
static sqlite3 *damager;
static sqlite3_stmt *insert;
static char folder[MNS_PATH_MAX];

static void end (void) {
  sqlite3_finalize (insert);
  sqlite3_close (damager);
  broker_log_destroy (&reader);
  test_folder_remove (folder);
}

static void begin (void) {
  char path[MNS_PATH_MAX + 16];
  broker_log_t *writer;
  mns_error_t error;
  if (test_folder_make (folder) != 0)
    abort ();
  snprintf (path, sizeof path, "%s/log.db", folder);
  if (broker_log_open (&writer, path, NULL, false, &error) != MNS_OK ||
      broker_log_open (&reader, path, NULL, true, &error) != MNS_OK || sqlite3_open (path, &damager) != SQLITE_OK ||
      sqlite3_exec (damager, "PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL) !=
          SQLITE_OK ||
      sqlite3_prepare_v2 (damager,
                          "INSERT OR REPLACE INTO batch (first, count, chain, records, streams, recorded) "
                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                          -1, &insert, NULL) != SQLITE_OK)
    abort ();
  broker_log_destroy (&writer);
  atexit (end);
}

/* What an undamaged row of these bytes would say. */
static void describe (const uint8_t *data, size_t size, uint64_t *count, uint64_t *chain) {
  const uint8_t *at = data;
  *count = 0;
  for (size_t one; (one = broker_record_next (&at, data + size)) > 0; ++*count)
    *chain = mns_log_chain (*chain, at - one, one);
}

static void write_row (uint64_t first, uint64_t count, uint64_t chain, const uint8_t *data, size_t size,
                       uint8_t flags) {
  sqlite3_bind_int64 (insert, 1, (int64_t)first);
  sqlite3_bind_int64 (insert, 2, (int64_t)count);
  sqlite3_bind_int64 (insert, 3, (int64_t)chain);
  sqlite3_bind_blob64 (insert, 4, data, size, SQLITE_STATIC);
  sqlite3_bind_int64 (insert, 5, flags & NO_STREAM ? 0 : -1);
  sqlite3_bind_int64 (insert, 6, (int64_t)flags << flags % 56);
  sqlite3_step (insert);
  sqlite3_reset (insert);
}

/* Rows as the input has them: a byte of flags, a length, the records. */
static uint64_t write_rows (const uint8_t *data, size_t size) {
  uint64_t first = 1, chain = 0;
  for (int i = 0; i < ROWS_MAX && size >= 3; i++) {
    uint8_t flags = data[0];
    size_t length = ((size_t)data[1] << 8 | data[2]) % (size - 2);
    uint64_t count, true_chain = chain;
    describe (data + 3, length, &count, &true_chain);
    chain = flags & TRUE_CHAIN ? true_chain : true_chain ^ flags;
    if (!(flags & TRUE_COUNT))
      count += (uint64_t)(int64_t)(int8_t)flags;
    write_row (flags & TRUE_NUMBERS ? first : first + flags, count, chain, data + 3, length, flags);
    first += count;
    data += 3 + length;
    size -= 3 + length;
  }
  return first;
}

static bool check_row (void *self, const broker_row_t *row) {
  uint64_t *next = self, count, chain = 0;
  assert (*next == 0 || row->first == *next);
  *next = row->first + row->count;
  if (row->records == NULL)
    return true; /* trimmed, or passed over */
  describe (row->records, row->size, &count, &chain);
  assert (count == row->count);
  return true;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  uint64_t next = 0, chain;
  broker_verified_t verified = {0};
  if (reader == NULL)
    begin ();
  sqlite3_exec (damager, "BEGIN; DELETE FROM batch", NULL, NULL, NULL);
  uint64_t last = write_rows (data, size);
  sqlite3_exec (damager, "COMMIT", NULL, NULL, NULL);
  mns_rc_t rc = broker_log_read (reader, size > 0 ? data[size - 1] % 4 : 0, last, UINT64_MAX, check_row, &next);
  assert (rc == MNS_OK || rc == MNS_CORRUPT);
  broker_log_chain_at (reader, last, &chain);
  if (last < INT64_MAX) /* numbers of a log are */
    broker_log_before_time (reader, (mns_time_t)size, last, &next);
  rc = broker_log_verify (reader, &verified, last, SIZE_MAX);
  assert (rc == MNS_OK || rc == MNS_CORRUPT);
  return 0;
}
