/* The SQL of batches. */
#include "services/assistance/store_batch.h"
#include "common/records/place.h"
#include <string.h>

#define DEFAULT_LIMIT 100

/* Who has left and come back: up to which day the period was paid under another entitlement and not claimed back. */
#define KEPT_TO                                                                                                        \
  "SELECT max (o.last_day) FROM entitlement o JOIN batch_line l ON l.entitlement = o.id"                               \
  " WHERE o.person = e.person AND o.scheme = e.scheme AND o.id <> e.id AND l.period = ?3 AND l.state <> 'left_out'"    \
  " AND l.amount_fen > (SELECT coalesce (sum (r.amount_fen), 0) FROM recovery r"                                       \
  " WHERE r.batch = l.batch AND r.line = l.line)"

static void prepare_making (batch_store_t *store, mns_db_t *db) {
  store->candidates =
      mns_db_prepare (db, "SELECT e.id, e.tier, e.from_day, (" KEPT_TO
                          "), p.registration FROM entitlement e JOIN person p ON p.id = e.person"
                          " WHERE e.scheme = ?1 AND e.state = 'active' AND e.from_day <= ?2"
                          " AND NOT EXISTS (SELECT 1 FROM batch_line l WHERE l.entitlement = e.id AND l.period = ?3"
                          " AND l.state <> 'left_out') ORDER BY e.id");
  store->insert = mns_db_prepare (
      db, "INSERT INTO batch (id, state, scheme, period, from_month, to_month, cutoff, lines, total_fen, left_out,"
          " prepared, prepared_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
  store->share =
      mns_db_prepare (db, "INSERT INTO batch_share (batch, tier, place, source, percent) VALUES (?1, ?2, ?3, ?4, ?5)");
  store->line = mns_db_prepare (db, "INSERT INTO batch_line (batch, line, state, entitlement, tier, period, amount_fen)"
                                    " VALUES (?1, ?2, 'reserved', ?3, ?4, ?5, ?6)");
  store->other = mns_db_prepare (db, "SELECT id FROM batch WHERE scheme = ?1 AND state = 'prepared'");
}

static void prepare_settling (batch_store_t *store, mns_db_t *db) {
  store->leave_out =
      mns_db_prepare (db, "UPDATE batch_line SET state = 'left_out' WHERE batch = ?1 AND state = 'reserved'"
                          " AND (?2 OR entitlement IN (SELECT id FROM entitlement WHERE state <> 'active'))");
  store->settle = mns_db_prepare (db, "UPDATE batch_line SET state = 'paid' WHERE batch = ?1 AND state = 'reserved'");
  store->update = mns_db_prepare (db, "UPDATE batch SET state = ?2, lines = ?3, total_fen = ?4, left_out = ?5,"
                                      " posted = ?6, posted_by = ?7 WHERE id = ?1");
  store->payments = mns_db_prepare (db, "SELECT l.line, p.name, e.bank_account, l.amount_fen FROM batch_line l"
                                        " JOIN entitlement e ON e.id = l.entitlement JOIN person p ON p.id = e.person"
                                        " WHERE l.batch = ?1 AND l.state <> 'left_out' ORDER BY l.line");
  store->unwritten =
      mns_db_prepare (db, "SELECT id FROM batch WHERE state = 'posted' AND file IS NULL ORDER BY id LIMIT 1");
  store->written = mns_db_prepare (db, "UPDATE batch SET file = ?2, sha256 = ?3 WHERE id = ?1");
}

static void prepare_reading (batch_store_t *store, mns_db_t *db) {
  store->find = mns_db_prepare (db, "SELECT id, state, scheme, period, cutoff, lines, total_fen, left_out, prepared,"
                                    " prepared_by, posted, posted_by, file, sha256 FROM batch WHERE id = ?1");
  store->shares =
      mns_db_prepare (db, "SELECT tier, source, percent FROM batch_share WHERE batch = ?1 ORDER BY tier, place");
  store->groups = mns_db_prepare (db, "SELECT tier, amount_fen, count (*) FROM batch_line WHERE batch = ?1"
                                      " AND state <> 'left_out' GROUP BY tier, amount_fen ORDER BY tier, amount_fen");
  store->list = mns_db_prepare (db, "SELECT id FROM batch WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR scheme = ?2)"
                                    " AND (?3 IS NULL OR state = ?3) AND id > ?4 ORDER BY id LIMIT 1");
  store->lines = mns_db_prepare (
      db, "SELECT l.batch, l.line, l.state, l.entitlement, l.tier, e.person, p.name, e.place,"
          " substr (e.bank_account, -4), l.amount_fen FROM batch_line l JOIN entitlement e ON e.id = l.entitlement"
          " JOIN person p ON p.id = e.person WHERE l.batch = ?1 AND l.line > ?2 ORDER BY l.line LIMIT ?3");
}

void batch_store_init (batch_store_t *store, mns_db_t *db) {
  *store = (batch_store_t){.db = db};
  prepare_making (store, db);
  prepare_settling (store, db);
  prepare_reading (store, db);
}

/* The one number a statement gives, 0 without a row. */
static mns_rc_t read_number (batch_store_t *store, sqlite3_stmt *statement, uint64_t *id) {
  bool row;
  mns_rc_t rc = mns_db_step (store->db, statement, &row);
  *id = 0;
  if (rc == MNS_OK && row) {
    mns_db_read (statement, "u", id);
    sqlite3_reset (statement);
  }
  return rc;
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

mns_rc_t batch_store_candidate (batch_store_t *store, const mns_batch_t *batch, bool first,
                                batch_candidate_t *candidate, bool *more) {
  char registration[16];
  if (first)
    mns_db_bind (store->candidates, "tdt", batch->scheme, batch->cutoff, batch->period);
  mns_rc_t rc = mns_db_step (store->db, store->candidates, more);
  if (rc != MNS_OK || !*more)
    return rc;
  mns_db_read (store->candidates, "utddt", &candidate->entitlement, candidate->tier, sizeof candidate->tier,
               &candidate->from_day, &candidate->paid_to, registration, sizeof registration);
  candidate->registration = registration[0] ? mns_code_find (&mns_registration, registration) : 0;
  return MNS_OK;
}

static mns_rc_t insert_shares (batch_store_t *store, uint64_t id, const assistance_tier_shares_t *tier) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < tier->count; i++) {
    mns_db_bind (store->share, "utiti", id, tier->tier, (int64_t)i, tier->sources[i], tier->percents[i]);
    rc = mns_db_run (store->db, store->share);
  }
  return rc;
}

mns_rc_t batch_store_insert (batch_store_t *store, mns_batch_t *batch, const assistance_period_t *period,
                             const assistance_batch_shares_t *shares) {
  mns_rc_t rc = mns_db_take (store->db, "batch", 1, &batch->batch);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (store->insert, "utttnndiiidt", batch->batch, mns_code_word (&mns_batch_state, batch->state),
               batch->scheme, batch->period, period->from, period->to, batch->cutoff, batch->lines, batch->total_fen,
               batch->left_out, batch->prepared, batch->prepared_by);
  rc = mns_db_run (store->db, store->insert);
  for (size_t i = 0; rc == MNS_OK && i < shares->count; i++)
    rc = insert_shares (store, batch->batch, &shares->tiers[i]);
  return rc;
}

mns_rc_t batch_store_add_line (batch_store_t *store, const mns_batch_t *batch, int64_t line,
                               const batch_candidate_t *candidate, mns_fen_t amount_fen) {
  mns_db_bind (store->line, "uiutti", batch->batch, line, candidate->entitlement, candidate->tier, batch->period,
               amount_fen);
  return mns_db_run (store->db, store->line);
}

mns_rc_t batch_store_prepared (batch_store_t *store, const char *scheme, uint64_t *id) {
  mns_db_bind (store->other, "t", scheme);
  return read_number (store, store->other, id);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static mns_rc_t read_shares (batch_store_t *store, uint64_t id, assistance_batch_shares_t *shares) {
  bool row;
  mns_rc_t rc;
  char tier[ASSISTANCE_WORD_MAX + 1];
  *shares = (assistance_batch_shares_t){0};
  assistance_tier_shares_t *last = NULL;
  mns_db_bind (store->shares, "u", id);
  while ((rc = mns_db_step (store->db, store->shares, &row)) == MNS_OK && row) {
    mns_db_read (store->shares, "t", tier, sizeof tier);
    if (!last || strcmp (last->tier, tier) != 0) {
      if (shares->count == ASSISTANCE_TIERS_MAX)
        break;
      last = &shares->tiers[shares->count++];
    }
    if (last->count == ASSISTANCE_SOURCES_MAX)
      break;
    size_t at = last->count++;
    mns_db_read (store->shares, "tti", last->tier, sizeof last->tier, last->sources[at], sizeof last->sources[at],
                 &last->percents[at]);
  }
  sqlite3_reset (store->shares);
  return rc == MNS_OK && row ? MNS_CORRUPT : rc;
}

static mns_rc_t read_groups (batch_store_t *store, uint64_t id, assistance_groups_t *groups) {
  bool row;
  mns_rc_t rc;
  mns_db_bind (store->groups, "u", id);
  while ((rc = mns_db_step (store->db, store->groups, &row)) == MNS_OK && row) {
    assistance_group_t group;
    mns_db_read (store->groups, "tii", group.tier, sizeof group.tier, &group.amount_fen, &group.lines);
    assistance_groups_add (groups, group.tier, group.amount_fen, group.lines);
  }
  return rc;
}

static mns_rc_t sum_lines (batch_store_t *store, mns_batch_t *batch) {
  assistance_batch_shares_t shares;
  assistance_groups_t groups = {0};
  mns_rc_t rc = read_shares (store, batch->batch, &shares);
  if (rc == MNS_OK)
    rc = read_groups (store, batch->batch, &groups);
  if (rc == MNS_OK)
    assistance_batch_sum (&groups, &shares, batch);
  assistance_groups_fini (&groups);
  return rc;
}

/* The record has a list, which columns cannot carry: its fields are read one by one. */
static void read_row (sqlite3_stmt *statement, mns_batch_t *batch) {
  char state[16];
  mns_record_clear (&mns_batch_type, batch);
  mns_db_read (statement, "utttdiiidtdttt", &batch->batch, state, sizeof state, batch->scheme, sizeof batch->scheme,
               batch->period, sizeof batch->period, &batch->cutoff, &batch->lines, &batch->total_fen, &batch->left_out,
               &batch->prepared, batch->prepared_by, sizeof batch->prepared_by, &batch->posted, batch->posted_by,
               sizeof batch->posted_by, batch->file, sizeof batch->file, batch->sha256, sizeof batch->sha256);
  batch->state = mns_code_find (&mns_batch_state, state);
}

mns_rc_t batch_store_find (batch_store_t *store, uint64_t id, mns_batch_t *batch, mns_error_t *error) {
  bool row;
  mns_db_bind (store->find, "u", id);
  mns_rc_t rc = mns_db_step (store->db, store->find, &row);
  if (rc == MNS_OK && !row)
    return mns_fail (error, MNS_NOT_FOUND, "batch", "there is no batch with this number");
  if (rc == MNS_OK) {
    read_row (store->find, batch);
    sqlite3_reset (store->find);
    rc = sum_lines (store, batch);
  }
  return rc == MNS_OK ? rc : mns_fail (error, rc, "batch", "%s", mns_error_en (rc));
}

mns_rc_t batch_store_next (batch_store_t *store, const mns_batch_query_t *query, uint64_t after, uint64_t *id) {
  mns_db_bind (store->list, "ussi", query->batch, query->scheme,
               query->state ? mns_code_word (&mns_batch_state, query->state) : "", (int64_t)after);
  return read_number (store, store->list, id);
}

void batch_store_lines (batch_store_t *store, const mns_line_query_t *query) {
  mns_db_bind (store->lines, "uii", query->batch, query->after == MNS_NONE ? (int64_t)0 : query->after,
               query->limit == MNS_NONE ? (int64_t)DEFAULT_LIMIT : query->limit);
}

mns_rc_t batch_store_next_line (batch_store_t *store, mns_batch_line_t *line, bool *more, mns_error_t *error) {
  mns_rc_t rc = mns_db_step (store->db, store->lines, more);
  if (rc == MNS_OK && *more)
    rc = mns_record_read (&mns_batch_line_type, line, store->lines, 0, error);
  if (rc != MNS_OK)
    sqlite3_reset (store->lines);
  return rc;
}

/* ---- settling ---------------------------------------------------------------------------------------------------- */

mns_rc_t batch_store_leave_out (batch_store_t *store, uint64_t id, bool all, int64_t *count) {
  int64_t before = mns_db_changes (store->db);
  mns_db_bind (store->leave_out, "un", id, (int)all);
  mns_rc_t rc = mns_db_run (store->db, store->leave_out);
  *count = mns_db_changes (store->db) - before;
  return rc;
}

mns_rc_t batch_store_settle (batch_store_t *store, uint64_t id) {
  mns_db_bind (store->settle, "u", id);
  return mns_db_run (store->db, store->settle);
}

mns_rc_t batch_store_update (batch_store_t *store, const mns_batch_t *batch) {
  mns_db_bind (store->update, "utiiids", batch->batch, mns_code_word (&mns_batch_state, batch->state), batch->lines,
               batch->total_fen, batch->left_out, batch->posted, batch->posted_by);
  return mns_db_run (store->db, store->update);
}

mns_rc_t batch_store_payment (batch_store_t *store, uint64_t id, bool first, batch_payment_t *payment, bool *more) {
  if (first)
    mns_db_bind (store->payments, "u", id);
  mns_rc_t rc = mns_db_step (store->db, store->payments, more);
  if (rc == MNS_OK && *more)
    mns_db_read (store->payments, "itti", &payment->line, payment->name, sizeof payment->name, payment->account,
                 sizeof payment->account, &payment->amount_fen);
  return rc;
}

mns_rc_t batch_store_unwritten (batch_store_t *store, uint64_t *id) {
  mns_db_bind (store->unwritten, "");
  return read_number (store, store->unwritten, id);
}

mns_rc_t batch_store_written (batch_store_t *store, const mns_batch_t *batch) {
  mns_db_bind (store->written, "utt", batch->batch, batch->file, batch->sha256);
  return mns_db_run (store->db, store->written);
}
