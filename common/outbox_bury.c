/* One record of the outbox replaced by another, and the history behind it recomputed. */
#include "common/outbox.h"
#include <assert.h>
#include <string.h>

typedef struct {
  uint64_t first, last;
  uint64_t chain;      /* after it, as it will be */
  mns_buffer_t before; /* its records, as they are */
  mns_buffer_t after;  /* as they will be */
} row_t;

static mns_rc_t read_row (mns_outbox_t *outbox, sqlite3_stmt *statement, uint64_t number, row_t *row) {
  bool found;
  uint64_t count;
  const void *data;
  size_t size;
  mns_db_bind (statement, "i", (int64_t)number);
  mns_rc_t rc = mns_db_step (outbox->db, statement, &found);
  if (rc != MNS_OK || !found)
    return rc == MNS_OK ? MNS_NOT_FOUND : rc;
  mns_db_read (statement, "uub", &row->first, &count, &data, &size);
  row->last = row->first + count - 1;
  mns_buffer_clear (&row->before);
  mns_buffer_add (&row->before, data, size);
  sqlite3_reset (statement);
  return MNS_OK;
}

/* The records of the row again, with `bytes` in the place of record `number`; the chain on from what it is. */
static void rebuild (row_t *row, uint64_t number, const mns_buffer_t *bytes, mns_buffer_t *replaced) {
  uint64_t at_number = row->first;
  mns_buffer_clear (&row->after);
  for (size_t at = 0; at < row->before.size; at_number++) {
    const uint8_t *record = row->before.data + at;
    size_t size = mns_event_size (record);
    at += size;
    if (at_number == number) {
      mns_buffer_add (replaced, record, size);
      record = bytes->data;
      size = bytes->size;
    }
    row->chain = mns_chain (row->chain, record, size);
    mns_buffer_add (&row->after, record, size);
  }
}

static mns_rc_t write_row (mns_outbox_t *outbox, const row_t *row) {
  sqlite3_stmt *update = mns_db_prepare (outbox->db, "UPDATE outbox SET chain = ?2, records = ?3 WHERE number = ?1");
  mns_db_bind (update, "iib", (int64_t)row->first, (int64_t)row->chain, row->after.data, row->after.size);
  mns_rc_t rc = mns_db_run (outbox->db, update);
  sqlite3_finalize (update);
  outbox->turn_bytes += row->after.size;
  outbox->turn_bytes -= row->before.size < outbox->turn_bytes ? row->before.size : outbox->turn_bytes;
  return rc;
}

/* The row that holds the record, then every row behind it. */
static mns_rc_t rewrite (mns_outbox_t *outbox, uint64_t number, const mns_buffer_t *bytes, mns_buffer_t *replaced,
                         row_t *row) {
  sqlite3_stmt *holding = mns_db_prepare (
      outbox->db, "SELECT number, count, records FROM outbox WHERE number <= ?1 ORDER BY number DESC LIMIT 1");
  sqlite3_stmt *behind = mns_db_prepare (
      outbox->db, "SELECT number, count, records FROM outbox WHERE number > ?1 ORDER BY number LIMIT 1");
  mns_rc_t rc = read_row (outbox, holding, number, row);
  if (rc == MNS_OK)
    rc = mns_outbox_chain_at (outbox, row->first - 1, &row->chain);
  while (rc == MNS_OK) {
    rebuild (row, number, bytes, replaced);
    rc = write_row (outbox, row);
    if (rc == MNS_OK)
      rc = read_row (outbox, behind, row->last, row);
  }
  sqlite3_finalize (holding);
  sqlite3_finalize (behind);
  return rc == MNS_NOT_FOUND && replaced->size > 0 ? MNS_OK : rc;
}

mns_rc_t mns_outbox_replace (mns_outbox_t *outbox, uint64_t number, mns_event_t *event, const void *body, size_t size,
                             mns_buffer_t *replaced, mns_error_t *error) {
  mns_buffer_t bytes = {0};
  row_t row = {0};
  assert (outbox->row_count == 0);
  mns_rc_t rc = mns_outbox_begin (outbox);
  if (rc == MNS_OK && (number <= outbox->acked || number > outbox->turn.number))
    return mns_fail (error, MNS_WRONG_STATE, "number", "record %llu does not wait in the outbox: %llu to %llu do",
                     (unsigned long long)number, (unsigned long long)outbox->acked + 1,
                     (unsigned long long)outbox->turn.number);
  memcpy (event->producer, outbox->producer, sizeof event->producer);
  event->producer_epoch = outbox->turn.epoch;
  event->number = number;
  mns_event_pack (event, body, size, &bytes);
  if (rc == MNS_OK)
    rc = rewrite (outbox, number, &bytes, replaced, &row);
  if (rc == MNS_OK)
    outbox->turn.chain = row.chain;
  else
    mns_fail (error, rc, "outbox", "record %llu cannot be replaced: %s", (unsigned long long)number,
              mns_db_message (outbox->db));
  mns_buffer_fini (&bytes);
  mns_buffer_fini (&row.before);
  mns_buffer_fini (&row.after);
  return rc;
}
