/* The SQL of entitlements. */
#include "services/assistance/store_entitlement.h"
#include "common/records/place.h"

#define COLUMNS                                                                                                        \
  "e.id, e.state, e.scheme, e.tier, e.person, p.name, e.place, e.opening, e.from_day, e.registered, e.last_day, "      \
  "e.reason, e.exit_registered, substr (e.bank_account, -4),"                                                          \
  " (SELECT coalesce (sum (l.amount_fen), 0) FROM batch_line l"                                                        \
  " WHERE l.entitlement = e.id AND l.state <> 'left_out' AND l.state = 'paid'),"                                       \
  " (SELECT coalesce (sum (r.amount_fen), 0) FROM recovery r WHERE r.entitlement = e.id)"
#define FROM_JOINED " FROM entitlement e JOIN person p ON p.id = e.person"

#define DEFAULT_LIMIT 100

void entitlement_store_init (entitlement_store_t *store, mns_db_t *db) {
  *store = (entitlement_store_t){.db = db};
  store->insert = mns_db_prepare (
      db, "INSERT INTO entitlement (id, state, scheme, tier, person, place, opening, from_day, registered,"
          " children_living, sons_living, children_deceased, child_disability_grade, bank_account)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
  store->find = mns_db_prepare (db, "SELECT " COLUMNS FROM_JOINED " WHERE e.id = ?1");
  store->active = mns_db_prepare (db, "SELECT id FROM entitlement WHERE person = ?1 AND (?2 IS NULL OR scheme = ?2)"
                                      " AND id > ?3 AND state = 'active' ORDER BY id LIMIT 1");
  store->overlap =
      mns_db_prepare (db, "SELECT id FROM entitlement WHERE person = ?1 AND scheme = ?2"
                          " AND (last_day IS NULL OR last_day >= ?3 OR from_day >= ?3) ORDER BY id DESC LIMIT 1");
  store->ended = mns_db_prepare (
      db, "SELECT id FROM entitlement WHERE person = ?1 AND (?2 IS NULL OR scheme = ?2) AND last_day = ?3"
          " AND reason = ?4 ORDER BY id DESC LIMIT 1");
  store->end = mns_db_prepare (
      db, "UPDATE entitlement SET state = ?2, last_day = ?3, reason = ?4, exit_registered = ?5 WHERE id = ?1");
  store->list = mns_db_prepare (
      db, "SELECT " COLUMNS FROM_JOINED " WHERE (?1 IS NULL OR e.id = ?1) AND (?2 IS NULL OR e.person = ?2)"
          " AND (?3 IS NULL OR e.scheme = ?3) AND (?4 IS NULL OR e.state = ?4) AND e.place BETWEEN ?5 AND ?6"
          " AND e.id > ?7 ORDER BY e.id LIMIT ?8");
  store->payments = mns_db_prepare (
      db, "SELECT l.batch, l.line, l.period, b.cutoff, l.amount_fen FROM batch_line l JOIN batch b ON b.id = l.batch"
          " WHERE l.entitlement = ?1 AND l.batch > ?2 AND l.state <> 'left_out' AND l.state = 'paid'"
          " AND NOT EXISTS (SELECT 1 FROM recovery r WHERE r.batch = l.batch AND r.line = l.line)"
          " ORDER BY l.batch LIMIT 1");
  store->recover =
      mns_db_prepare (db, "INSERT INTO recovery (id, entitlement, batch, line, amount_fen, since, registered)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  store->note_moved = mns_db_prepare (
      db, "INSERT INTO merge_moved (merge, entitlement) SELECT ?1, id FROM entitlement e WHERE person = ?2"
          " AND (state <> 'active' OR NOT EXISTS (SELECT 1 FROM entitlement o WHERE o.person = ?3"
          " AND o.scheme = e.scheme AND o.state = 'active'))");
  store->move = mns_db_prepare (db, "UPDATE entitlement SET person = ?3 WHERE person = ?2 AND id IN"
                                    " (SELECT entitlement FROM merge_moved WHERE merge = ?1)");
  store->move_back = mns_db_prepare (db, "UPDATE entitlement SET person = ?2 WHERE person = ?3 AND id IN"
                                         " (SELECT entitlement FROM merge_moved WHERE merge = ?1)");
}

mns_rc_t entitlement_store_insert (entitlement_store_t *store, mns_entitlement_t *entitlement,
                                   const mns_application_request_t *claim) {
  mns_rc_t rc = mns_db_take (store->db, "entitlement", 1, &entitlement->entitlement);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (store->insert, "utttuptddiiiis", entitlement->entitlement,
               mns_code_word (&mns_entitlement_state, entitlement->state), entitlement->scheme, entitlement->tier,
               entitlement->person, entitlement->place, mns_code_word (&mns_yes_no, entitlement->opening),
               entitlement->from_day, entitlement->registered, claim->children_living, claim->sons_living,
               claim->children_deceased, claim->child_disability_grade, claim->bank_account);
  return mns_db_run (store->db, store->insert);
}

mns_rc_t entitlement_store_find (entitlement_store_t *store, uint64_t id, mns_entitlement_t *entitlement,
                                 mns_error_t *error) {
  bool row;
  mns_db_bind (store->find, "u", id);
  mns_rc_t rc = mns_db_step (store->db, store->find, &row);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "entitlement", "%s", mns_error_en (rc));
  if (!row)
    return mns_fail (error, MNS_NOT_FOUND, "entitlement", "there is no entitlement with this number");
  rc = mns_record_read (&mns_entitlement_type, entitlement, store->find, 0, error);
  sqlite3_reset (store->find);
  return rc;
}

/* The one number a statement gives, 0 without a row. */
static mns_rc_t read_number (entitlement_store_t *store, sqlite3_stmt *statement, uint64_t *id) {
  bool row;
  mns_rc_t rc = mns_db_step (store->db, statement, &row);
  *id = 0;
  if (rc == MNS_OK && row) {
    mns_db_read (statement, "u", id);
    sqlite3_reset (statement);
  }
  return rc;
}

mns_rc_t entitlement_store_active (entitlement_store_t *store, uint64_t person, const char *scheme, uint64_t after,
                                   uint64_t *id) {
  mns_db_bind (store->active, "usi", person, scheme, (int64_t)after);
  return read_number (store, store->active, id);
}

mns_rc_t entitlement_store_overlap (entitlement_store_t *store, uint64_t person, const char *scheme,
                                    mns_date_t from_day, uint64_t *id) {
  mns_db_bind (store->overlap, "utd", person, scheme, from_day);
  return read_number (store, store->overlap, id);
}

mns_rc_t entitlement_store_ended (entitlement_store_t *store, uint64_t person, const char *scheme, mns_date_t last_day,
                                  mns_code_t reason, uint64_t *id) {
  mns_db_bind (store->ended, "usdt", person, scheme, last_day, mns_code_word (&mns_exit_reason, reason));
  return read_number (store, store->ended, id);
}

mns_rc_t entitlement_store_end (entitlement_store_t *store, const mns_entitlement_t *entitlement) {
  mns_db_bind (store->end, "utdtd", entitlement->entitlement,
               mns_code_word (&mns_entitlement_state, entitlement->state), entitlement->last_day,
               mns_code_word (&mns_exit_reason, entitlement->reason), entitlement->exit_registered);
  return mns_db_run (store->db, store->end);
}

mns_rc_t entitlement_store_payment (entitlement_store_t *store, uint64_t entitlement, uint64_t after,
                                    entitlement_payment_t *payment, bool *more) {
  mns_db_bind (store->payments, "ui", entitlement, (int64_t)after);
  mns_rc_t rc = mns_db_step (store->db, store->payments, more);
  if (rc == MNS_OK && *more) {
    mns_db_read (store->payments, "uitdi", &payment->batch, &payment->line, payment->period, sizeof payment->period,
                 &payment->cutoff, &payment->amount_fen);
    sqlite3_reset (store->payments);
  }
  return rc;
}

mns_rc_t entitlement_store_recover (entitlement_store_t *store, mns_recovery_t *recovery,
                                    const entitlement_payment_t *payment) {
  mns_rc_t rc = mns_db_take (store->db, "recovery", 1, &recovery->recovery);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (store->recover, "uuuiidd", recovery->recovery, recovery->entitlement, payment->batch, payment->line,
               recovery->amount_fen, recovery->since, recovery->registered);
  return mns_db_run (store->db, store->recover);
}

void entitlement_store_list (entitlement_store_t *store, const mns_entitlement_query_t *query) {
  mns_db_bind (store->list, "uussiiii", query->entitlement, query->person, query->scheme,
               query->state ? mns_code_word (&mns_entitlement_state, query->state) : "", (int64_t)query->place,
               (int64_t)mns_place_last (query->place), (int64_t)query->after,
               query->limit == MNS_NONE ? (int64_t)DEFAULT_LIMIT : query->limit);
}

mns_rc_t entitlement_store_next (entitlement_store_t *store, mns_entitlement_t *entitlement, bool *more,
                                 mns_error_t *error) {
  mns_rc_t rc = mns_db_step (store->db, store->list, more);
  if (rc == MNS_OK && *more)
    rc = mns_record_read (&mns_entitlement_type, entitlement, store->list, 0, error);
  if (rc != MNS_OK)
    sqlite3_reset (store->list);
  return rc;
}

static mns_rc_t run_merge (entitlement_store_t *store, sqlite3_stmt *statement, uint64_t merge, uint64_t from,
                           uint64_t to) {
  mns_db_bind (statement, "uuu", merge, from, to);
  return mns_db_run (store->db, statement);
}

mns_rc_t entitlement_store_move (entitlement_store_t *store, uint64_t merge, uint64_t from, uint64_t to) {
  mns_rc_t rc = run_merge (store, store->note_moved, merge, from, to);
  return rc == MNS_OK ? run_merge (store, store->move, merge, from, to) : rc;
}

mns_rc_t entitlement_store_move_back (entitlement_store_t *store, uint64_t merge, uint64_t from, uint64_t to) {
  return run_merge (store, store->move_back, merge, from, to);
}
