/* Consumers, covers and epochs in the log's store. */
#include "services/broker/log_notes.h"
#include "common/text.h"
#include "services/broker/log_private.h"
#include <string.h>

enum { PREFIXES_TEXT = MNS_PREFIXES_MAX * (MNS_TOPIC_MAX + 1) + 1 };

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void split_prefixes (broker_consumer_row_t *row, char *text) {
  char *rest = NULL;
  for (char *word = strtok_r (text, " ", &rest); word != NULL && row->prefix_count < MNS_PREFIXES_MAX;
       word = strtok_r (NULL, " ", &rest))
    mns_text_copy (row->prefixes[row->prefix_count++], MNS_TOPIC_MAX + 1, word);
}

mns_rc_t broker_log_consumers (broker_log_t *log, void (*each) (void *self, const broker_consumer_row_t *row),
                               void *self) {
  bool found;
  mns_rc_t rc;
  char text[PREFIXES_TEXT];
  sqlite3_stmt *statement = mns_db_prepare (
      log->db, "SELECT name, account, prefixes, number, epoch, seen, required FROM consumer ORDER BY name");
  while ((rc = mns_db_step (log->db, statement, &found)) == MNS_OK && found) {
    broker_consumer_row_t row = {0};
    uint64_t required;
    mns_db_read (statement, "tttuumu", row.name, sizeof row.name, row.account, sizeof row.account, text, sizeof text,
                 &row.number, &row.epoch, &row.seen, &required);
    row.required = required != 0;
    split_prefixes (&row, text);
    each (self, &row);
  }
  sqlite3_finalize (statement);
  return rc;
}

mns_rc_t broker_log_covered (broker_log_t *log, void (*each) (void *self, const broker_covered_t *row), void *self) {
  bool found;
  mns_rc_t rc;
  sqlite3_stmt *statement = mns_db_prepare (log->db, "SELECT producer, epoch, number FROM covered ORDER BY producer");
  while ((rc = mns_db_step (log->db, statement, &found)) == MNS_OK && found) {
    broker_covered_t row = {0};
    mns_db_read (statement, "tuu", row.producer, sizeof row.producer, &row.epoch, &row.number);
    each (self, &row);
  }
  sqlite3_finalize (statement);
  return rc;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static mns_rc_t remove_consumer (broker_log_t *log, const broker_consumer_row_t *row) {
  sqlite3_stmt *statement = mns_db_prepare (log->db, "DELETE FROM consumer WHERE name = ?1");
  mns_db_bind (statement, "t", row->name);
  mns_rc_t rc = mns_db_run (log->db, statement);
  sqlite3_finalize (statement);
  return rc;
}

static mns_rc_t put_consumer (broker_log_t *log, const broker_consumer_row_t *row) {
  char text[PREFIXES_TEXT] = "";
  size_t used = 0;
  for (size_t i = 0; i < row->prefix_count; i++)
    used += (size_t)snprintf (text + used, sizeof text - used, "%s%s", i > 0 ? " " : "", row->prefixes[i]);
  sqlite3_stmt *statement = mns_db_prepare (
      log->db, "INSERT INTO consumer (name, account, prefixes, number, epoch, seen, required)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (name) DO UPDATE SET account = excluded.account,"
               " prefixes = excluded.prefixes, number = excluded.number, epoch = excluded.epoch,"
               " seen = excluded.seen, required = excluded.required");
  mns_db_bind (statement, "tttiiii", row->name, row->account, text, (int64_t)row->number, (int64_t)row->epoch,
               row->seen, (int64_t)row->required);
  mns_rc_t rc = mns_db_run (log->db, statement);
  sqlite3_finalize (statement);
  return rc;
}

static mns_rc_t put_covered (broker_log_t *log, const broker_covered_t *row) {
  sqlite3_stmt *statement = mns_db_prepare (
      log->db, "INSERT INTO covered (producer, epoch, number) VALUES (?1, ?2, ?3)"
               " ON CONFLICT (producer) DO UPDATE SET epoch = excluded.epoch, number = excluded.number");
  mns_db_bind (statement, "tii", row->producer, (int64_t)row->epoch, (int64_t)row->number);
  mns_rc_t rc = mns_db_run (log->db, statement);
  sqlite3_finalize (statement);
  return rc;
}

static mns_rc_t end_transaction (broker_log_t *log, mns_rc_t rc) {
  if (rc == MNS_OK)
    return mns_db_commit (log->db);
  mns_db_rollback (log->db);
  return rc;
}

mns_rc_t broker_log_note (broker_log_t *log, const broker_consumer_row_t *consumers, size_t consumer_count,
                          const broker_covered_t *covered, size_t covered_count) {
  mns_rc_t rc = mns_db_begin (log->db);
  for (size_t i = 0; rc == MNS_OK && i < consumer_count; i++)
    rc = consumers[i].removed ? remove_consumer (log, &consumers[i]) : put_consumer (log, &consumers[i]);
  for (size_t i = 0; rc == MNS_OK && i < covered_count; i++)
    rc = put_covered (log, &covered[i]);
  return end_transaction (log, rc);
}

/* ---- epochs ------------------------------------------------------------------------------------------------------ */

static mns_rc_t put_epoch (broker_log_t *log, const char *sql, uint64_t epoch) {
  sqlite3_stmt *statement = mns_db_prepare (log->db, sql);
  mns_db_bind (statement, "ii", (int64_t)epoch, (int64_t)log->place.last + 1);
  mns_rc_t rc = mns_db_run (log->db, statement);
  sqlite3_finalize (statement);
  return rc;
}

mns_rc_t broker_log_renew (broker_log_t *log, uint64_t epoch) {
  mns_rc_t rc = mns_db_begin (log->db);
  if (rc == MNS_OK)
    rc = put_epoch (log, "INSERT INTO epoch (epoch, first) VALUES (?1, ?2)", epoch);
  if (rc == MNS_OK)
    rc = put_epoch (log, "UPDATE log SET epoch = ?1 WHERE id = 1 AND ?2 > 0", epoch);
  rc = end_transaction (log, rc);
  if (rc == MNS_OK)
    log->place.epoch = epoch;
  return rc;
}

mns_rc_t broker_log_epoch_end (broker_log_t *log, uint64_t epoch, uint64_t *last) {
  bool found;
  uint64_t next;
  sqlite3_stmt *statement = mns_db_prepare (
      log->db, "SELECT (SELECT min (first) FROM epoch AS later WHERE later.epoch > epoch.epoch) FROM epoch"
               " WHERE epoch = ?1");
  mns_db_bind (statement, "i", (int64_t)epoch);
  mns_rc_t rc = mns_db_step (log->db, statement, &found);
  if (rc == MNS_OK && found) {
    mns_db_read (statement, "u", &next);
    *last = next == 0 ? UINT64_MAX : next - 1;
  }
  sqlite3_finalize (statement);
  return rc == MNS_OK && !found ? MNS_NOT_FOUND : rc;
}
