/* Trimming: rows that may go lose their records and become tombstones; neighbours become one. A turn is short, so that
 * an append never waits long for it.
 *
 *   row row row row row      row ▒▒▒▒▒▒▒▒▒▒▒ row
 *       └ old, loose ┘   →        └ one tombstone: first, count, chain of the last, streams of all */
#include "services/broker/log_private.h"

enum { SCAN_ROWS = 256, TRIM_ROWS = 48 };

void broker_log_prepare_trimming (broker_log_t *log) {
  log->scan = mns_db_prepare (log->db, "SELECT " BROKER_ROW_COLUMNS " FROM batch WHERE first >= ?1 ORDER BY first "
                                       "LIMIT ?2");
  log->bury = mns_db_prepare (log->db, "UPDATE batch SET count = ?2, chain = ?3, streams = ?4, recorded = ?5, "
                                       "records = x'' WHERE first = ?1");
  log->drop = mns_db_prepare (log->db, "DELETE FROM batch WHERE first > ?1 AND first < ?2");
}

/* Bytes of the rows that may be trimmed: counted once, then followed. */
static mns_rc_t count_loose (broker_log_t *log) {
  bool row;
  if (log->loose != UINT64_MAX)
    return MNS_OK;
  sqlite3_stmt *sum =
      mns_db_prepare (log->db, "SELECT coalesce (sum (length (records)), 0) FROM batch WHERE streams & ?1 = 0");
  mns_db_bind (sum, "i", (int64_t)log->keep);
  mns_rc_t rc = mns_db_step (log->db, sum, &row);
  if (row)
    log->loose = (uint64_t)sqlite3_column_int64 (sum, 0);
  sqlite3_finalize (sum);
  return rc;
}

/* One turn: the run of tombstones to be made one, and what is written. */
typedef struct {
  broker_log_t *log;
  const broker_trim_t *trim;
  broker_trimmed_t progress; /* as it will be */
  broker_row_t run;          /* count 0: none */
  uint64_t run_rows, fresh;  /* rows in it; of these, not trimmed before */
  uint64_t loose;
  size_t trimmed; /* rows in this turn */
} turn_t;

/* Numbers and times only grow: behind the first such row nothing may go either. */
static bool is_beyond (const turn_t *turn, const broker_row_t *row) {
  uint64_t end = row->first + row->count;
  return end > turn->trim->before || end > turn->log->place.last || row->recorded >= turn->trim->recorded ||
         turn->loose <= turn->trim->bytes;
}

/* Writes the run, when there is something new in it. */
static mns_rc_t close_run (turn_t *turn) {
  broker_row_t *run = &turn->run;
  mns_rc_t rc = MNS_OK;
  if (run->count > 0 && (turn->fresh > 0 || turn->run_rows > 1)) {
    mns_db_bind (turn->log->drop, "ii", (int64_t)run->first, (int64_t)(run->first + run->count));
    rc = mns_db_run (turn->log->db, turn->log->drop);
    mns_db_bind (turn->log->bury, "iiiii", (int64_t)run->first, (int64_t)run->count, (int64_t)run->chain,
                 (int64_t)run->streams, run->recorded);
    if (rc == MNS_OK)
      rc = mns_db_run (turn->log->db, turn->log->bury);
  }
  *run = (broker_row_t){0};
  turn->run_rows = turn->fresh = 0;
  return rc;
}

static void join_run (turn_t *turn, const broker_row_t *row) {
  broker_row_t *run = &turn->run;
  if (run->count == 0)
    run->first = row->first;
  run->count += row->count;
  run->chain = row->chain;
  run->streams |= row->streams;
  run->recorded = row->recorded;
  turn->run_rows++;
  turn->progress.cursor = run->first;
  if (row->size == 0)
    return;
  turn->fresh++;
  turn->trimmed++;
  turn->loose -= row->size < turn->loose ? row->size : turn->loose;
  turn->progress.rows++;
  turn->progress.records += row->count;
  turn->progress.bytes += row->size;
}

static mns_rc_t take_row (turn_t *turn, const broker_row_t *row) {
  bool tombstone = row->size == 0;
  if (!tombstone && is_beyond (turn, row)) {
    turn->progress.done = true;
    return MNS_OK;
  }
  if (tombstone || (row->streams & turn->log->keep) == 0) {
    join_run (turn, row);
    return MNS_OK;
  }
  turn->progress.cursor = row->first;
  return close_run (turn);
}

/* The rows of this turn, read before anything is written. */
static mns_rc_t scan (turn_t *turn, broker_row_t *rows, size_t *count) {
  bool found;
  mns_rc_t rc;
  sqlite3_stmt *statement = turn->log->scan;
  *count = 0;
  mns_db_bind (statement, "in", (int64_t)turn->progress.cursor, SCAN_ROWS);
  while ((rc = mns_db_step (turn->log->db, statement, &found)) == MNS_OK && found)
    broker_row_read (statement, &rows[(*count)++], false);
  sqlite3_reset (statement);
  return rc;
}

static mns_rc_t trim_rows (turn_t *turn) {
  broker_row_t rows[SCAN_ROWS];
  size_t count, i = 0;
  mns_rc_t rc = scan (turn, rows, &count);
  for (; rc == MNS_OK && i < count && turn->trimmed < TRIM_ROWS && !turn->progress.done; i++)
    rc = take_row (turn, &rows[i]);
  if (i == count && count < SCAN_ROWS)
    turn->progress.done = true;
  return rc == MNS_OK ? close_run (turn) : rc;
}

mns_rc_t broker_log_trim (broker_log_t *log, const broker_trim_t *trim, broker_trimmed_t *progress) {
  mns_rc_t rc = count_loose (log);
  turn_t turn = {.log = log, .trim = trim, .progress = *progress, .loose = log->loose};
  turn.progress.done = false;
  if (rc == MNS_OK)
    rc = mns_db_begin (log->db);
  if (rc != MNS_OK)
    return rc;
  rc = trim_rows (&turn);
  if (rc == MNS_OK)
    rc = mns_db_commit (log->db);
  else
    mns_db_rollback (log->db);
  if (rc != MNS_OK)
    return rc;
  log->loose = turn.loose;
  *progress = turn.progress;
  return MNS_OK;
}
