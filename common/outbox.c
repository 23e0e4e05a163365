/* The outbox's rows, counter and chain. What is sent of it and when is relay.c. */
#include "common/outbox.h"
#include "common/failpoint.h"
#include "common/text.h"
#include <assert.h>
#include <string.h>

#define TRIM_ROWS 512 /* acknowledged rows deleted in one transaction */

/* A chain is any 64-bit value, so it is bound as the signed integer of the same bits. */
static int64_t bits (uint64_t value) {
  return (int64_t)value;
}

static mns_rc_t read_place (mns_outbox_t *outbox, mns_outbox_place_t *place) {
  bool row;
  int64_t chain = 0;
  memset (place, 0, sizeof *place);
  mns_db_bind (outbox->place, "");
  mns_rc_t rc = mns_db_step (outbox->db, outbox->place, &row);
  if (rc != MNS_OK || !row)
    return rc;
  mns_db_read (outbox->place, "uuiuuu", &place->epoch, &place->number, &chain, &place->acked, &place->covered,
               &place->next);
  place->chain = (uint64_t)chain;
  sqlite3_reset (outbox->place);
  return MNS_OK;
}

static mns_rc_t read_bytes (mns_outbox_t *outbox, sqlite3_stmt *statement, uint64_t *bytes) {
  bool row;
  mns_rc_t rc = mns_db_step (outbox->db, statement, &row);
  if (rc != MNS_OK || !row)
    return rc;
  mns_db_read (statement, "u", bytes);
  sqlite3_reset (statement);
  return MNS_OK;
}

/* How `all` bytes of rows fall into acknowledged and pending ones. */
static mns_rc_t divide_bytes (mns_outbox_t *outbox, uint64_t all) {
  mns_db_bind (outbox->pending, "i", bits (outbox->acked));
  mns_rc_t rc = read_bytes (outbox, outbox->pending, &outbox->bytes);
  outbox->kept = all > outbox->bytes ? all - outbox->bytes : 0;
  outbox->turn_bytes = outbox->bytes;
  outbox->turn_kept = outbox->kept;
  return rc;
}

static void prepare (mns_outbox_t *outbox) {
  mns_db_t *db = outbox->db;
  outbox->place =
      mns_db_prepare (db, "SELECT epoch, number, chain, acked, covered, next_epoch FROM producer WHERE id = 1");
  outbox->found = mns_db_prepare (db, "INSERT INTO producer (id, epoch, number, chain, acked) VALUES (1, ?1, 0, 0, 0)"
                                      " ON CONFLICT (id) DO UPDATE SET epoch = ?1 WHERE number = 0");
  outbox->update =
      mns_db_prepare (db, "UPDATE producer SET number = ?1, chain = ?2, acked = ?3, covered = ?4 WHERE id = 1");
  outbox->insert = mns_db_prepare (db, "INSERT INTO outbox (number, count, chain, records) VALUES (?1, ?2, ?3, ?4)");
  outbox->next = mns_db_prepare (db, "SELECT number, count, chain, records FROM outbox WHERE number > ?1"
                                     " ORDER BY number");
  outbox->chain_at = mns_db_prepare (db, "SELECT number + count - 1, chain FROM outbox WHERE number <= ?1"
                                         " ORDER BY number DESC LIMIT 1");
  outbox->oldest = mns_db_prepare (db, "SELECT number + count - 1, length (records) FROM outbox WHERE number < ?1"
                                       " AND number + count <= ?1 ORDER BY number LIMIT ?2");
  outbox->trim = mns_db_prepare (db, "DELETE FROM outbox WHERE number <= ?1");
  outbox->pending = mns_db_prepare (db, "SELECT total (length (records)) FROM outbox WHERE number > ?1");
  outbox->total = mns_db_prepare (db, "SELECT total (length (records)) FROM outbox");
}

mns_rc_t mns_outbox_init (mns_outbox_t *outbox, mns_db_t *db, const char *producer, mns_error_t *error) {
  uint64_t all = 0;
  memset (outbox, 0, sizeof *outbox);
  outbox->db = db;
  mns_text_copy (outbox->producer, sizeof outbox->producer, producer);
  prepare (outbox);
  mns_rc_t rc = read_place (outbox, &outbox->stored);
  outbox->turn = outbox->stored;
  outbox->acked = outbox->stored.acked;
  outbox->covered = outbox->stored.covered;
  mns_db_bind (outbox->total, "");
  if (rc == MNS_OK)
    rc = read_bytes (outbox, outbox->total, &all);
  if (rc == MNS_OK)
    rc = divide_bytes (outbox, all);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "outbox", "the outbox cannot be read: %s", mns_db_message (db));
  return MNS_OK;
}

void mns_outbox_fini (mns_outbox_t *outbox) {
  mns_buffer_fini (&outbox->row);
}

mns_rc_t mns_outbox_begin_epoch (mns_outbox_t *outbox, uint64_t epoch) {
  assert (outbox->stored.number == 0);
  mns_rc_t rc = mns_db_begin (outbox->db);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (outbox->found, "u", epoch);
  rc = mns_db_run (outbox->db, outbox->found);
  if (rc == MNS_OK && mns_db_in_turn (outbox->db))
    rc = mns_db_commit (outbox->db);
  mns_db_rollback (outbox->db);
  if (rc == MNS_OK)
    rc = read_place (outbox, &outbox->stored);
  outbox->turn = outbox->stored;
  return rc;
}

mns_rc_t mns_outbox_renew (mns_outbox_t *outbox) {
  static const char sql[] = "DELETE FROM outbox;"
                            "UPDATE producer SET epoch = next_epoch, number = 0, chain = 0, acked = 0, covered = 0,"
                            " next_epoch = 0 WHERE id = 1";
  mns_error_t error = {0};
  assert (outbox->stored.next > outbox->stored.epoch && mns_outbox_pending (outbox) == 0);
  mns_rc_t rc = mns_db_begin (outbox->db);
  if (rc == MNS_OK)
    rc = mns_db_exec (outbox->db, sql, &error);
  if (rc == MNS_OK && mns_db_in_turn (outbox->db))
    rc = mns_db_commit (outbox->db);
  mns_db_rollback (outbox->db);
  if (rc == MNS_OK)
    rc = read_place (outbox, &outbox->stored);
  if (rc != MNS_OK)
    return rc;
  outbox->turn = outbox->stored;
  outbox->acked = outbox->covered = 0;
  outbox->more = false;
  return divide_bytes (outbox, 0);
}

/* ---- a turn ------------------------------------------------------------------------------------------------------ */

/* The running call begins here. */
static void mark_call (mns_outbox_t *outbox) {
  outbox->call_number = outbox->turn.number;
  outbox->call_chain = outbox->turn.chain;
  outbox->call_count = outbox->row_count;
  outbox->call_size = outbox->row.size;
}

/* The mistake a test must catch: the counter comes from what rows there are. */
static void number_from_rowid (mns_outbox_t *outbox) {
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (outbox->db, "SELECT max (rowid) FROM outbox");
  if (mns_db_step (outbox->db, statement, &row) == MNS_OK && row)
    mns_db_read (statement, "u", &outbox->turn.number);
  sqlite3_finalize (statement);
}

/* The counter comes from the row of this transaction, whatever memory says. */
mns_rc_t mns_outbox_begin (mns_outbox_t *outbox) {
  if (outbox->read)
    return MNS_OK;
  mns_rc_t rc = read_place (outbox, &outbox->turn);
  if (rc != MNS_OK)
    return rc;
  if (mns_mutant ("number_from_rowid"))
    number_from_rowid (outbox);
  outbox->read = true;
  mark_call (outbox);
  return MNS_OK;
}

/* Writes the first `size` bytes of the gathered records as one row. */
static mns_rc_t write_row (mns_outbox_t *outbox, size_t size) {
  if (outbox->row_count == 0)
    return MNS_OK;
  mns_db_bind (outbox->insert, "uuib", outbox->turn.number - outbox->row_count + 1, outbox->row_count,
               bits (outbox->turn.chain), outbox->row.data, size);
  mns_rc_t rc = mns_db_run (outbox->db, outbox->insert);
  outbox->turn_bytes += size;
  outbox->row_count = 0;
  outbox->row.size -= size;
  memmove (outbox->row.data, outbox->row.data + size, outbox->row.size);
  return rc;
}

/* Counts the record that lies behind the first `start` bytes of the row. */
static mns_rc_t count_record (mns_outbox_t *outbox, size_t start) {
  mns_rc_t rc = MNS_OK;
  if (outbox->row.size > MNS_OUTBOX_ROW_MAX)
    rc = write_row (outbox, start);
  size_t begin = outbox->row_count > 0 ? start : 0;
  outbox->turn.chain = mns_chain (outbox->turn.chain, outbox->row.data + begin, outbox->row.size - begin);
  outbox->turn.number++;
  outbox->row_count++;
  return rc;
}

mns_rc_t mns_outbox_add (mns_outbox_t *outbox, mns_event_t *event, const void *body, size_t size, mns_error_t *error) {
  mns_rc_t rc = mns_outbox_begin (outbox);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "outbox", "the outbox cannot be read: %s", mns_db_message (outbox->db));
  assert (outbox->turn.epoch > 0);
  size_t start = outbox->row.size;
  mns_text_copy (event->producer, sizeof event->producer, outbox->producer);
  event->producer_epoch = outbox->turn.epoch;
  event->number = outbox->turn.number + 1;
  mns_event_pack (event, body, size, &outbox->row);
  size_t length = outbox->row.size - start;
  if (length > MNS_BODY_MAX) {
    outbox->row.size = start;
    return mns_fail (error, MNS_TOO_LARGE, "event", "the event has %zu bytes, %d are allowed", length, MNS_BODY_MAX);
  }
  rc = count_record (outbox, start);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "outbox", "the outbox cannot be written: %s", mns_db_message (outbox->db));
  return MNS_OK;
}

void mns_outbox_keep (mns_outbox_t *outbox) {
  if (outbox->read)
    mark_call (outbox);
}

void mns_outbox_drop (mns_outbox_t *outbox) {
  if (!outbox->read)
    return;
  outbox->turn.number = outbox->call_number;
  outbox->turn.chain = outbox->call_chain;
  outbox->row_count = outbox->call_count;
  outbox->row.size = outbox->call_size;
}

mns_rc_t mns_outbox_finish (mns_outbox_t *outbox) {
  if (!outbox->read)
    return MNS_OK;
  mns_rc_t rc = write_row (outbox, outbox->row.size);
  if (rc == MNS_OK)
    rc = mns_outbox_trim (outbox);
  if (rc != MNS_OK)
    return rc;
  const mns_outbox_place_t *turn = &outbox->turn;
  mns_db_bind (outbox->update, "iiii", bits (turn->number), bits (turn->chain), bits (turn->acked),
               bits (turn->covered));
  return mns_db_run (outbox->db, outbox->update);
}

void mns_outbox_committed (mns_outbox_t *outbox) {
  if (outbox->read)
    outbox->stored = outbox->turn;
  outbox->bytes = outbox->turn_bytes;
  outbox->kept = outbox->turn_kept;
  outbox->read = false;
}

void mns_outbox_rolled_back (mns_outbox_t *outbox) {
  mns_buffer_clear (&outbox->row);
  outbox->row_count = 0;
  outbox->turn = outbox->stored;
  outbox->turn_bytes = outbox->bytes;
  outbox->turn_kept = outbox->kept;
  outbox->read = false;
}

/* ---- what the relay asks ----------------------------------------------------------------------------------------- */

uint64_t mns_outbox_pending (const mns_outbox_t *outbox) {
  return outbox->stored.number - outbox->acked;
}

bool mns_outbox_full (const mns_outbox_t *outbox, uint64_t records_max) {
  return mns_outbox_pending (outbox) > records_max || outbox->bytes > MNS_OUTBOX_BYTES_MAX;
}

/* Takes the row under `statement` when it fits. */
static bool take_row (sqlite3_stmt *statement, size_t room, mns_buffer_t *records, mns_outbox_batch_t *batch) {
  uint64_t first, count;
  int64_t chain;
  const void *data;
  size_t size;
  mns_db_read (statement, "uuib", &first, &count, &chain, &data, &size);
  if (batch->last != 0 && records->size + size > room)
    return false;
  mns_buffer_add (records, data, size);
  if (batch->last == 0)
    batch->first = first;
  batch->last = first + count - 1;
  batch->chain = (uint64_t)chain;
  return true;
}

mns_rc_t mns_outbox_read (mns_outbox_t *outbox, uint64_t after, size_t room, mns_buffer_t *records,
                          mns_outbox_batch_t *batch) {
  bool row;
  memset (batch, 0, sizeof *batch);
  mns_db_bind (outbox->next, "i", bits (after));
  do {
    mns_rc_t rc = mns_db_step (outbox->db, outbox->next, &row);
    if (rc != MNS_OK)
      return rc;
  } while (row && take_row (outbox->next, room, records, batch));
  sqlite3_reset (outbox->next);
  return batch->last > 0 ? MNS_OK : MNS_NOT_FOUND;
}

/* Before the first record the chain is 0; a history whose beginning was trimmed cannot be told from there. */
static mns_rc_t chain_at_start (mns_outbox_t *outbox) {
  bool row;
  if (outbox->stored.number == 0)
    return MNS_OK;
  mns_db_bind (outbox->chain_at, "i", (int64_t)1);
  mns_rc_t rc = mns_db_step (outbox->db, outbox->chain_at, &row);
  sqlite3_reset (outbox->chain_at);
  return rc == MNS_OK && !row ? MNS_NOT_FOUND : rc;
}

mns_rc_t mns_outbox_chain_at (mns_outbox_t *outbox, uint64_t number, uint64_t *chain) {
  bool row;
  uint64_t last = 0;
  int64_t found = 0;
  *chain = 0;
  if (number == 0)
    return chain_at_start (outbox);
  mns_db_bind (outbox->chain_at, "i", bits (number));
  mns_rc_t rc = mns_db_step (outbox->db, outbox->chain_at, &row);
  if (rc != MNS_OK)
    return rc;
  if (row) {
    mns_db_read (outbox->chain_at, "ui", &last, &found);
    sqlite3_reset (outbox->chain_at);
  }
  *chain = (uint64_t)found;
  return last == number ? MNS_OK : MNS_NOT_FOUND;
}

mns_rc_t mns_outbox_first (mns_outbox_t *outbox, uint64_t *first) {
  bool row;
  *first = 0;
  mns_db_bind (outbox->next, "i", (int64_t)0);
  mns_rc_t rc = mns_db_step (outbox->db, outbox->next, &row);
  if (rc == MNS_OK && row)
    mns_db_read (outbox->next, "u", first);
  sqlite3_reset (outbox->next);
  return rc;
}

/* The row behind `number`, when it is the next one, says what the chain before it was. */
static mns_rc_t compare_next (mns_outbox_t *outbox, uint64_t number, uint64_t chain, uint64_t *first) {
  mns_buffer_t records = {0};
  mns_outbox_batch_t batch;
  mns_rc_t rc = mns_outbox_read (outbox, number, 0, &records, &batch);
  *first = batch.first;
  if (rc == MNS_OK && batch.first != number + 1)
    rc = MNS_NOT_FOUND;
  for (size_t at = 0; rc == MNS_OK && at < records.size;) {
    size_t size = mns_event_size (records.data + at);
    chain = mns_chain (chain, records.data + at, size);
    at += size;
  }
  mns_buffer_fini (&records);
  return rc == MNS_OK && chain != batch.chain ? MNS_CONFLICT : rc;
}

mns_rc_t mns_outbox_compare (mns_outbox_t *outbox, uint64_t number, uint64_t chain, uint64_t *first) {
  uint64_t own = outbox->stored.chain;
  *first = 0;
  mns_rc_t rc = number == outbox->stored.number ? MNS_OK : mns_outbox_chain_at (outbox, number, &own);
  if (rc == MNS_OK)
    return own == chain ? MNS_OK : MNS_CONFLICT;
  return rc == MNS_NOT_FOUND ? compare_next (outbox, number, chain, first) : rc;
}

/* ---- acknowledged ------------------------------------------------------------------------------------------------ */

void mns_outbox_cover (mns_outbox_t *outbox, uint64_t number) {
  if (number > outbox->covered && number <= outbox->stored.number)
    outbox->covered = number;
}

void mns_outbox_acknowledge (mns_outbox_t *outbox, uint64_t number, uint64_t size) {
  outbox->acked = number;
  size = size < outbox->bytes ? size : outbox->bytes;
  outbox->bytes -= size;
  outbox->kept += size;
  outbox->turn_bytes = outbox->bytes;
  outbox->turn_kept = outbox->kept;
}

mns_rc_t mns_outbox_resume (mns_outbox_t *outbox, uint64_t number) {
  outbox->acked = number;
  return divide_bytes (outbox, outbox->kept + outbox->bytes);
}

bool mns_outbox_untrimmed (const mns_outbox_t *outbox) {
  return outbox->acked != outbox->stored.acked || outbox->covered != outbox->stored.covered || outbox->more;
}

/* The last record of the oldest rows that may go, 0 none, and the bytes of these rows. */
static mns_rc_t choose_rows (mns_outbox_t *outbox, uint64_t *upto, uint64_t *bytes) {
  bool row, may_go = true;
  uint64_t last, size, rows = 0;
  mns_rc_t rc;
  *upto = *bytes = 0;
  mns_db_bind (outbox->oldest, "in", bits (outbox->acked), TRIM_ROWS);
  while ((rc = mns_db_step (outbox->db, outbox->oldest, &row)) == MNS_OK && row && may_go) {
    mns_db_read (outbox->oldest, "uu", &last, &size);
    may_go = last < outbox->covered || outbox->turn_kept - *bytes > outbox->keep_bytes;
    *upto = may_go ? last : *upto;
    *bytes += may_go ? size : 0;
    rows += may_go;
  }
  sqlite3_reset (outbox->oldest);
  outbox->more = rows == TRIM_ROWS;
  return rc;
}

mns_rc_t mns_outbox_trim (mns_outbox_t *outbox) {
  mns_rc_t rc = mns_outbox_begin (outbox);
  if (rc != MNS_OK || !mns_outbox_untrimmed (outbox))
    return rc;
  uint64_t upto, bytes;
  outbox->turn.acked = outbox->acked;
  outbox->turn.covered = outbox->covered;
  rc = choose_rows (outbox, &upto, &bytes);
  if (rc != MNS_OK || upto == 0)
    return rc;
  mns_db_bind (outbox->trim, "u", upto);
  outbox->turn_kept -= bytes < outbox->turn_kept ? bytes : outbox->turn_kept;
  return mns_db_run (outbox->db, outbox->trim);
}
