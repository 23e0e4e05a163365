/* The SQL of the journal. */
#include "services/statistics/store_revision.h"

#include "common/service.h"

#include "common/records/release_records.h"

void statistics_revision_store_init (statistics_revision_store_t *store, mns_db_t *db) {
  *store = (statistics_revision_store_t){.db = db};
  store->journal = mns_db_prepare (db, "SELECT max (month) FROM closing WHERE reopened = 0");
  store->part = mns_db_prepare (db, "SELECT count (*) FROM revision WHERE number = ?1");
  store->save = mns_db_prepare (db, "INSERT INTO revision (number, part, cause, fact) VALUES (?1, ?2, ?3, ?4)");
  store->read = mns_db_prepare (
      db, "SELECT number, cause, fact FROM revision WHERE number > ?1 AND number <= ?2 ORDER BY number, part");
  store->cutoff = mns_db_prepare (
      db,
      "SELECT (SELECT max (number) FROM (SELECT number FROM closing WHERE day <= ?1 UNION ALL"
      " SELECT number FROM release WHERE day <= ?1)), (SELECT month FROM closing WHERE day <= ?1"
      " ORDER BY number DESC LIMIT 1), (SELECT reopened FROM closing WHERE day <= ?1 ORDER BY number DESC LIMIT 1)");
  store->export = mns_db_prepare (
      db, "SELECT 'revision' || char(9) || number || char(9) || part || char(9) || cause || char(9) || hex (fact)"
          " || char(10) FROM revision ORDER BY number, part");
}

void statistics_revision_store_fini (statistics_revision_store_t *store) {
  mns_buffer_fini (&store->packed);
}

static int from_number (int number) {
  return number ? number / 100 * 12 + number % 100 - 1 : 0;
}

mns_rc_t statistics_revision_store_journal (statistics_revision_store_t *store, int *journal) {
  bool row;
  int month;
  mns_rc_t rc = mns_db_step (store->db, store->journal, &row);
  mns_db_read (store->journal, "n", &month);
  sqlite3_reset (store->journal);
  *journal = month ? from_number (month) + 1 : 0;
  return rc;
}

mns_rc_t statistics_revision_store_save (statistics_revision_store_t *store, const statistics_revision_t *revision) {
  bool row;
  int part = 0;
  mns_db_bind (store->part, "u", revision->number);
  mns_rc_t rc = mns_db_step (store->db, store->part, &row);
  if (rc)
    return rc;
  mns_db_read (store->part, "n", &part);
  sqlite3_reset (store->part);
  mns_buffer_clear (&store->packed);
  mns_record_pack (&mns_restatement_type, revision->fact, &store->packed);
  mns_db_bind (store->save, "untb", revision->number, part, mns_code_word (&mns_revision_cause, revision->cause),
               (const void *)store->packed.data, store->packed.size);
  return mns_db_run (store->db, store->save);
}

static mns_rc_t read_row (statistics_revision_store_t *store, statistics_revision_t *revision) {
  char cause[32];
  const void *packed;
  size_t size;
  mns_error_t error = {0};
  mns_db_read (store->read, "utb", &revision->number, cause, sizeof cause, &packed, &size);
  revision->cause = mns_code_find (&mns_revision_cause, cause);
  revision->fact = &store->fact;
  const uint8_t *data = packed;
  return mns_sequence_next (&mns_restatement_type, &store->fact, &data, &size, &error);
}

mns_rc_t statistics_revision_store_each (statistics_revision_store_t *store, uint64_t after, uint64_t until,
                                         mns_rc_t (*row) (void *context, const statistics_revision_t *revision),
                                         void *context) {
  bool more;
  mns_rc_t rc;
  mns_db_bind (store->read, "ii", (int64_t)after, (int64_t)until);
  while ((rc = mns_db_step (store->db, store->read, &more)) == MNS_OK && more) {
    statistics_revision_t revision;
    rc = read_row (store, &revision);
    if (rc == MNS_OK)
      rc = row (context, &revision);
    if (rc) {
      sqlite3_reset (store->read);
      return rc;
    }
  }
  return rc;
}

mns_rc_t statistics_revision_store_cutoff (statistics_revision_store_t *store, mns_date_t day, uint64_t *number,
                                           int *closed) {
  bool row;
  int month, reopened;
  mns_db_bind (store->cutoff, "d", day);
  mns_rc_t rc = mns_db_step (store->db, store->cutoff, &row);
  if (rc)
    return rc;
  mns_db_read (store->cutoff, "unn", number, &month, &reopened);
  sqlite3_reset (store->cutoff);
  *closed = month ? from_number (month) + (reopened ? 0 : 1) : 0;
  return MNS_OK;
}

mns_rc_t statistics_revision_store_export (statistics_revision_store_t *store,
                                           mns_rc_t (*line) (void *to, const char *text, size_t size), void *to) {
  bool row;
  mns_rc_t rc;
  while ((rc = mns_db_step (store->db, store->export, &row)) == MNS_OK && row) {
    rc = line (to, (const char *)sqlite3_column_text (store->export, 0),
               (size_t)sqlite3_column_bytes (store->export, 0));
    if (rc) {
      sqlite3_reset (store->export);
      return rc;
    }
  }
  return rc;
}
