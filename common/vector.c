/* The vector of a consumer: a few rows in memory, written with the offset. */
#include "common/vector.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

static mns_vector_row_t *add (mns_vector_t *vector, const char *producer) {
  if (vector->count == vector->capacity) {
    vector->capacity = vector->capacity ? 2 * vector->capacity : 8;
    vector->rows = mns_realloc (vector->rows, vector->capacity * sizeof *vector->rows);
    vector->stored = mns_realloc (vector->stored, vector->capacity * sizeof *vector->stored);
  }
  mns_vector_row_t *row = &vector->rows[vector->count++];
  memset (row, 0, sizeof *row);
  mns_text_copy (row->producer, sizeof row->producer, producer);
  return row;
}

static mns_rc_t read_rows (mns_vector_t *vector) {
  bool found;
  mns_rc_t rc;
  sqlite3_stmt *statement = mns_db_prepare (
      vector->db, "SELECT producer, epoch, number, seen_epoch, seen_number, gap, lost_epoch, lost_first, lost_last"
                  " FROM applied ORDER BY producer");
  while ((rc = mns_db_step (vector->db, statement, &found)) == MNS_OK && found) {
    char producer[MNS_NAME_MAX + 1];
    mns_vector_row_t read = {0};
    uint64_t gap;
    mns_db_read (statement, "tuuuuuuuu", producer, sizeof producer, &read.epoch, &read.number, &read.seen_epoch,
                 &read.seen_number, &gap, &read.lost_epoch, &read.lost_first, &read.lost_last);
    mns_vector_row_t *row = add (vector, producer);
    memcpy (read.producer, row->producer, sizeof read.producer);
    read.gap = gap != 0;
    *row = read;
  }
  sqlite3_finalize (statement);
  return rc;
}

mns_rc_t mns_vector_init (mns_vector_t *vector, mns_db_t *db, mns_error_t *error) {
  memset (vector, 0, sizeof *vector);
  vector->db = db;
  vector->save = mns_db_prepare (db, "REPLACE INTO applied (producer, epoch, number, seen_epoch, seen_number, gap,"
                                     " lost_epoch, lost_first, lost_last) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  mns_rc_t rc = read_rows (vector);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "applied", "what was applied cannot be read: %s", mns_db_message (db));
  mns_vector_committed (vector);
  return MNS_OK;
}

void mns_vector_fini (mns_vector_t *vector) {
  free (vector->rows);
  free (vector->stored);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static mns_vector_row_t *find (const mns_vector_t *vector, const char *producer) {
  for (size_t i = 0; i < vector->count; i++)
    if (strcmp (vector->rows[i].producer, producer) == 0)
      return &vector->rows[i];
  return NULL;
}

static bool reaches (uint64_t epoch, uint64_t number, uint64_t other_epoch, uint64_t other_number) {
  return epoch > other_epoch || (epoch == other_epoch && number >= other_number);
}

bool mns_vector_covers (mns_vector_t *vector, const mns_event_t *event) {
  mns_vector_row_t *row = find (vector, event->producer);
  if (!row || !reaches (row->epoch, row->number, event->producer_epoch, event->number))
    return false;
  if (row->gap || !reaches (row->seen_epoch, row->seen_number, event->producer_epoch, event->number)) {
    row->seen_epoch = event->producer_epoch;
    row->seen_number = event->number;
    row->gap = false;
    row->changed = true;
  }
  return true;
}

/* The epoch of this row is over: what was not seen of it will not be. */
static void keep_lost (mns_vector_row_t *row) {
  uint64_t from;
  if (row->epoch == 0 || !mns_vector_unseen (row, &from))
    return;
  row->lost_epoch = row->epoch;
  row->lost_first = from;
  row->lost_last = row->number;
}

void mns_vector_note (mns_vector_t *vector, const mns_event_t *event) {
  mns_vector_row_t *row = find (vector, event->producer);
  if (!row)
    row = add (vector, event->producer);
  if (row->epoch < event->producer_epoch)
    keep_lost (row);
  row->gap = false;
  row->epoch = row->seen_epoch = event->producer_epoch;
  row->number = row->seen_number = event->number;
  row->changed = true;
}

void mns_vector_rewind (mns_vector_t *vector) {
  for (size_t i = 0; i < vector->count; i++) {
    vector->rows[i].seen_epoch = vector->rows[i].seen_number = 0;
    vector->rows[i].gap = false;
    vector->rows[i].changed = true;
  }
  memcpy (vector->stored, vector->rows, vector->count * sizeof *vector->rows);
}

void mns_vector_gap (mns_vector_t *vector) {
  uint64_t from;
  for (size_t i = 0; i < vector->count; i++) {
    mns_vector_row_t *row = &vector->rows[i];
    if (!mns_vector_unseen (row, &from))
      continue;
    row->seen_epoch = row->epoch;
    row->seen_number = row->number;
    row->gap = row->changed = true;
  }
}

bool mns_vector_unseen (const mns_vector_row_t *row, uint64_t *from) {
  *from = row->seen_epoch == row->epoch ? row->seen_number + 1 : 1;
  return row->seen_epoch != row->epoch || row->seen_number != row->number;
}

/* ---- a transaction ----------------------------------------------------------------------------------------------- */

mns_rc_t mns_vector_save (mns_vector_t *vector) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < vector->count; i++) {
    mns_vector_row_t *row = &vector->rows[i];
    if (!row->changed)
      continue;
    mns_db_bind (vector->save, "tiiiiniii", row->producer, (int64_t)row->epoch, (int64_t)row->number,
                 (int64_t)row->seen_epoch, (int64_t)row->seen_number, row->gap ? 1 : 0, (int64_t)row->lost_epoch,
                 (int64_t)row->lost_first, (int64_t)row->lost_last);
    rc = mns_db_run (vector->db, vector->save);
    row->changed = rc != MNS_OK;
  }
  return rc;
}

void mns_vector_committed (mns_vector_t *vector) {
  if (vector->count > 0)
    memcpy (vector->stored, vector->rows, vector->count * sizeof *vector->rows);
  vector->stored_count = vector->count;
}

void mns_vector_rolled_back (mns_vector_t *vector) {
  vector->count = vector->stored_count;
  if (vector->count > 0)
    memcpy (vector->rows, vector->stored, vector->count * sizeof *vector->rows);
}
