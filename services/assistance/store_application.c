/* The SQL of applications. */
#include "services/assistance/store_application.h"
#include "common/records/place.h"

#define COLUMNS                                                                                                        \
  "a.id, a.state, a.scheme, a.tier, a.person, p.name, a.place, a.from_day, a.applied, a.applied_by, a.decided, "       \
  "a.decided_by, a.reason, a.entitlement"

#define DEFAULT_LIMIT 100

void application_store_init (application_store_t *store, mns_db_t *db) {
  *store = (application_store_t){.db = db};
  store->insert = mns_db_prepare (
      db, "INSERT INTO application (id, state, scheme, tier, person, place, from_day, children_living, sons_living,"
          " children_deceased, child_disability_grade, bank_account, applied, applied_by)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
  store->find =
      mns_db_prepare (db, "SELECT " COLUMNS " FROM application a JOIN person p ON p.id = a.person WHERE a.id = ?1");
  store->claim =
      mns_db_prepare (db, "SELECT scheme, tier, person, from_day, children_living, sons_living, children_deceased,"
                          " child_disability_grade, bank_account FROM application WHERE id = ?1");
  store->decide = mns_db_prepare (db, "UPDATE application SET state = ?2, decided = ?3, decided_by = ?4, reason = ?5,"
                                      " entitlement = ?6 WHERE id = ?1");
  store->open =
      mns_db_prepare (db, "SELECT id FROM application WHERE person = ?1 AND scheme = ?2 AND state = 'applied'");
  store->list = mns_db_prepare (
      db, "SELECT " COLUMNS " FROM application a JOIN person p ON p.id = a.person"
          " WHERE (?1 IS NULL OR a.id = ?1) AND (?2 IS NULL OR a.scheme = ?2) AND (?3 IS NULL OR a.state = ?3)"
          " AND a.place BETWEEN ?4 AND ?5 AND a.id > ?6 ORDER BY a.id LIMIT ?7");
}

mns_rc_t application_store_insert (application_store_t *store, mns_application_t *application,
                                   const mns_application_request_t *request) {
  mns_rc_t rc = mns_db_take (store->db, "application", 1, &application->application);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (store->insert, "utttupdiiiisdt", application->application,
               mns_code_word (&mns_application_state, application->state), application->scheme, application->tier,
               application->person, application->place, application->from_day, request->children_living,
               request->sons_living, request->children_deceased, request->child_disability_grade, request->bank_account,
               application->applied, application->applied_by);
  return mns_db_run (store->db, store->insert);
}

mns_rc_t application_store_find (application_store_t *store, uint64_t id, mns_application_t *application,
                                 mns_error_t *error) {
  bool row;
  mns_db_bind (store->find, "u", id);
  mns_rc_t rc = mns_db_step (store->db, store->find, &row);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "application", "%s", mns_error_en (rc));
  if (!row)
    return mns_fail (error, MNS_NOT_FOUND, "application", "there is no application with this number");
  rc = mns_record_read (&mns_application_type, application, store->find, 0, error);
  sqlite3_reset (store->find);
  return rc;
}

mns_rc_t application_store_claim (application_store_t *store, uint64_t id, mns_application_request_t *request) {
  bool row;
  mns_record_clear (&mns_application_request_type, request);
  mns_db_bind (store->claim, "u", id);
  mns_rc_t rc = mns_db_step (store->db, store->claim, &row);
  if (rc != MNS_OK || !row)
    return rc == MNS_OK ? MNS_NOT_FOUND : rc;
  mns_db_read (store->claim, "ttudiiiit", request->scheme, sizeof request->scheme, request->tier, sizeof request->tier,
               &request->person, &request->from_day, &request->children_living, &request->sons_living,
               &request->children_deceased, &request->child_disability_grade, request->bank_account,
               sizeof request->bank_account);
  sqlite3_reset (store->claim);
  return MNS_OK;
}

mns_rc_t application_store_decide (application_store_t *store, const mns_application_t *application) {
  mns_db_bind (store->decide, "utdtsu", application->application,
               mns_code_word (&mns_application_state, application->state), application->decided,
               application->decided_by, application->reason, application->entitlement);
  return mns_db_run (store->db, store->decide);
}

mns_rc_t application_store_open (application_store_t *store, uint64_t person, const char *scheme, uint64_t *id) {
  bool row;
  *id = 0;
  mns_db_bind (store->open, "ut", person, scheme);
  mns_rc_t rc = mns_db_step (store->db, store->open, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (store->open, "u", id);
    sqlite3_reset (store->open);
  }
  return rc;
}

void application_store_list (application_store_t *store, const mns_application_query_t *query) {
  mns_db_bind (store->list, "ussiiii", query->application, query->scheme,
               query->state ? mns_code_word (&mns_application_state, query->state) : "", (int64_t)query->place,
               (int64_t)mns_place_last (query->place), (int64_t)query->after,
               query->limit == MNS_NONE ? (int64_t)DEFAULT_LIMIT : query->limit);
}

mns_rc_t application_store_next (application_store_t *store, mns_application_t *application, bool *more,
                                 mns_error_t *error) {
  mns_rc_t rc = mns_db_step (store->db, store->list, more);
  if (rc == MNS_OK && *more)
    rc = mns_record_read (&mns_application_type, application, store->list, 0, error);
  if (rc != MNS_OK)
    sqlite3_reset (store->list);
  return rc;
}
