/* Reading the log: rows behind a number, each checked against its chain; the chain and the time at a number; the walk
 * that checks everything. */
#include "services/broker/log_private.h"

enum { RECORD_LEAST = 35, VERIFY_ROWS = 64 };

size_t broker_record_next (const uint8_t **at, const uint8_t *end) {
  size_t left = (size_t)(end - *at);
  if (left < RECORD_LEAST)
    return 0;
  size_t size = mns_event_size (*at);
  if (size < RECORD_LEAST || size > left)
    return 0;
  *at += size;
  return size;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/* Without a stream that is asked for, the records are not read from the disk: they are the last column. */
void broker_log_prepare_reading (broker_log_t *log) {
  log->read =
      mns_db_prepare (log->db, "SELECT " BROKER_ROW_COLUMNS ", CASE WHEN streams & ?4 THEN records END FROM batch "
                               "WHERE first >= coalesce ((SELECT max (first) FROM batch WHERE first <= ?1), 0) "
                               "AND first <= ?2 ORDER BY first LIMIT ?3");
  log->row_at = mns_db_prepare (log->db, "SELECT " BROKER_ROW_COLUMNS " FROM batch WHERE first <= ?1 "
                                         "ORDER BY first DESC LIMIT 1");
  log->chain_before = mns_db_prepare (log->db, "SELECT chain FROM batch WHERE first < ?1 ORDER BY first DESC LIMIT 1");
}

void broker_row_read (sqlite3_stmt *statement, broker_row_t *row, bool bytes) {
  row->first = (uint64_t)sqlite3_column_int64 (statement, 0);
  row->count = (uint64_t)sqlite3_column_int64 (statement, 1);
  row->chain = (uint64_t)sqlite3_column_int64 (statement, 2);
  row->streams = (uint64_t)sqlite3_column_int64 (statement, 3);
  row->recorded = sqlite3_column_int64 (statement, 4);
  row->size = (size_t)sqlite3_column_int64 (statement, 5);
  row->records = bytes && row->size > 0 ? sqlite3_column_blob (statement, 6) : NULL;
}

bool broker_row_sound (const broker_row_t *row, uint64_t chain) {
  if (row->records == NULL)
    return true;
  const uint8_t *at = row->records, *end = at + row->size;
  uint64_t count = 0;
  for (size_t size; (size = broker_record_next (&at, end)) > 0; count++)
    chain = mns_log_chain (chain, at - size, size);
  return at == end && count == row->count && chain == row->chain;
}

/* Without a chain to begin with: as many whole records as it says. */
static bool row_whole (const broker_row_t *row) {
  if (row->records == NULL)
    return true;
  const uint8_t *at = row->records, *end = at + row->size;
  uint64_t count = 0;
  while (broker_record_next (&at, end) > 0)
    count++;
  return at == end && count == row->count;
}

/* The chain before the row that begins at `first`. The first row there is has nothing before it to compare with. */
static mns_rc_t chain_before (broker_log_t *log, uint64_t first, uint64_t *chain, bool *known) {
  mns_db_bind (log->chain_before, "i", (int64_t)first);
  mns_rc_t rc = mns_db_step (log->db, log->chain_before, known);
  *chain = *known ? (uint64_t)sqlite3_column_int64 (log->chain_before, 0) : 0;
  sqlite3_reset (log->chain_before);
  *known = *known || first == 1;
  return rc;
}

/* Rows one after another, and what must lead from one to the next. */
typedef struct {
  uint64_t chain, expected; /* expected 0: this is the first */
  bool known;
} walk_t;

static mns_rc_t check_row (broker_log_t *log, walk_t *walk, const broker_row_t *row) {
  mns_rc_t rc = MNS_OK;
  if (walk->expected == 0)
    rc = chain_before (log, row->first, &walk->chain, &walk->known);
  if (rc == MNS_OK && (!(walk->known ? broker_row_sound (row, walk->chain) : row_whole (row)) ||
                       (walk->expected != 0 && row->first != walk->expected) || row->count == 0))
    rc = MNS_CORRUPT;
  walk->chain = row->chain;
  walk->expected = row->first + row->count;
  walk->known = true;
  return rc;
}

mns_rc_t broker_log_read (broker_log_t *log, uint64_t after, uint64_t last, uint64_t streams, broker_row_fn *each,
                          void *self) {
  bool found, more = true;
  walk_t walk = {0};
  broker_row_t row;
  mns_rc_t rc = MNS_OK;
  mns_db_bind (log->read, "iini", (int64_t)(after + 1), (int64_t)last, BROKER_READ_ROWS, (int64_t)streams);
  while (more && (rc = mns_db_step (log->db, log->read, &found)) == MNS_OK && found) {
    broker_row_read (log->read, &row, true);
    rc = check_row (log, &walk, &row);
    if (rc == MNS_OK && row.first + row.count <= after + 1)
      rc = MNS_CORRUPT; /* a row before `after`: the one behind it is missing */
    if (rc != MNS_OK)
      break;
    more = each (self, &row);
  }
  sqlite3_reset (log->read);
  return rc == MNS_OK && walk.expected == 0 && after < last ? MNS_CORRUPT : rc;
}

static mns_rc_t row_at (broker_log_t *log, uint64_t number, broker_row_t *row, bool *found) {
  mns_db_bind (log->row_at, "i", (int64_t)number);
  mns_rc_t rc = mns_db_step (log->db, log->row_at, found);
  if (*found)
    broker_row_read (log->row_at, row, false);
  sqlite3_reset (log->row_at);
  return rc;
}

mns_rc_t broker_log_chain_at (broker_log_t *log, uint64_t number, uint64_t *chain) {
  bool found;
  broker_row_t row;
  *chain = 0;
  if (number == 0)
    return MNS_OK;
  mns_rc_t rc = row_at (log, number, &row, &found);
  if (rc != MNS_OK)
    return rc;
  if (!found || row.first + row.count - 1 != number)
    return found && row.size == 0 && number < row.first + row.count ? MNS_GONE : MNS_NOT_FOUND;
  *chain = row.chain;
  return MNS_OK;
}

/* Records of a row were recorded at one time, so a row is found by halving the numbers. */
mns_rc_t broker_log_before_time (broker_log_t *log, mns_time_t time, uint64_t last, uint64_t *number) {
  uint64_t low = 1, high = last + 1;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && low < high) {
    bool found;
    broker_row_t row;
    uint64_t middle = low + (high - low) / 2;
    rc = row_at (log, middle, &row, &found);
    uint64_t next = found ? row.first + row.count : 0;
    if (rc == MNS_OK && found && row.recorded >= time)
      high = row.first > low && row.first <= middle ? row.first : low;
    else
      low = next > middle ? next : middle + 1; /* also where a row is missing */
  }
  *number = low - 1 < last ? low - 1 : last;
  return rc;
}

/* ---- checking ---------------------------------------------------------------------------------------------------- */

static void count_row (broker_verified_t *progress, const broker_row_t *row, bool sound) {
  progress->rows++;
  progress->bytes += row->size;
  *(row->size > 0 ? &progress->records : &progress->trimmed) += row->count;
  if (!sound && progress->damaged_rows++ == 0) {
    progress->damaged_first = row->first;
    progress->damaged_last = row->first + row->count - 1;
  }
  progress->verified = row->first + row->count - 1;
  progress->chain = row->chain;
}

/* A number stamped into a record must be the one it is found by. */
static bool numbers_fit (const broker_row_t *row) {
  if (row->records == NULL)
    return true;
  const uint8_t *at = row->records, *end = at + row->size;
  uint64_t number = row->first;
  for (size_t size; (size = broker_record_next (&at, end)) > 0; number++)
    if (mns_event_log_number (at - size) != number)
      return false;
  return true;
}

mns_rc_t broker_log_verify (broker_log_t *log, broker_verified_t *progress, uint64_t last, size_t bytes) {
  bool found;
  uint64_t end = progress->bytes + bytes, begin = progress->verified;
  broker_row_t row;
  mns_rc_t rc = MNS_OK;
  walk_t walk = {.chain = progress->chain,
                 .expected = progress->verified > 0 ? progress->verified + 1 : 0,
                 .known = progress->verified > 0};
  mns_db_bind (log->read, "iini", (int64_t)(progress->verified + 1), (int64_t)last, VERIFY_ROWS, (int64_t)-1);
  while (progress->bytes < end && (rc = mns_db_step (log->db, log->read, &found)) == MNS_OK && found) {
    broker_row_read (log->read, &row, true);
    if (row.first + row.count <= progress->verified + 1)
      continue; /* before a hole */
    rc = check_row (log, &walk, &row);
    if (rc != MNS_OK && rc != MNS_CORRUPT)
      break;
    count_row (progress, &row, rc == MNS_OK && numbers_fit (&row));
    rc = MNS_OK;
  }
  sqlite3_reset (log->read);
  return rc == MNS_OK && progress->verified == begin && begin < last ? MNS_CORRUPT : rc;
}
