/* Events and corrections in the store. */
#include "services/registry/store_event.h"

#include "services/registry/store_sql.h"
#include <inttypes.h>

MNS_RECORD_DEFINE (event_entry, 1, REGISTRY_EVENT_FIELDS, "A row of table event", "事项行")
MNS_RECORD_DEFINE (correction_entry, 1, REGISTRY_CORRECTION_FIELDS, "A row of table correction", "更正行")

void registry_events_init (registry_events_t *events, mns_db_t *db) {
  *events = (registry_events_t){
      .db = db,
      .insert = registry_prepare_insert (db, "event", &mns_event_entry_type),
      .get = registry_prepare_select (db, "event", &mns_event_entry_type, "WHERE id = ?1"),
      .by_person =
          registry_prepare_select (db, "event", &mns_event_entry_type, "WHERE person = ?1 ORDER BY occurred, id"),
      .by_concerned = registry_prepare_select (db, "event", &mns_event_entry_type,
                                               "WHERE person = ?1 OR partner = ?1 ORDER BY occurred, id"),
      .births_by_mother = registry_prepare_select (db, "event", &mns_event_entry_type,
                                                   "WHERE mother_person = ?1 AND kind = 'birth' ORDER BY id"),
      .by_certificate = mns_db_prepare (db, "SELECT person FROM event WHERE certificate = ?1 AND kind = ?2"),
      .same = mns_db_prepare (db, "SELECT id FROM event WHERE person = ?1 AND kind = ?2 AND occurred = ?3 AND "
                                  "(place = ?4 OR residence = ?4)"),
      .same_couple = mns_db_prepare (db, "SELECT id FROM event WHERE kind = ?3 AND occurred = ?4 AND "
                                         "((person = ?1 AND partner IS ?2) OR (person = ?2 AND partner = ?1))"),
      .update = registry_prepare_update (db, "event", &mns_event_entry_type),
      .correction_insert = registry_prepare_insert (db, "correction", &mns_correction_entry_type),
      .corrections_by_person =
          registry_prepare_select (db, "correction", &mns_correction_entry_type, "WHERE person = ?1 ORDER BY id"),
  };
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

mns_rc_t registry_event_insert (registry_events_t *events, const mns_event_entry_t *event) {
  mns_rc_t rc = mns_record_bind (&mns_event_entry_type, event, events->insert, 1);
  return rc == MNS_OK ? mns_db_run (events->db, events->insert) : rc;
}

mns_rc_t registry_event_update (registry_events_t *events, const mns_event_entry_t *event) {
  mns_rc_t rc = mns_record_bind (&mns_event_entry_type, event, events->update, 1);
  return rc == MNS_OK ? mns_db_run (events->db, events->update) : rc;
}

mns_rc_t registry_event_get (registry_events_t *events, uint64_t id, mns_event_entry_t *event, mns_error_t *error) {
  bool row = false;
  mns_db_bind (events->get, "u", id);
  mns_rc_t rc = mns_db_step (events->db, events->get, &row);
  if (rc == MNS_OK && !row)
    return mns_fail (error, MNS_NOT_FOUND, "event", "no event has the register number %" PRIu64, id);
  if (rc == MNS_OK)
    rc = mns_record_read (&mns_event_entry_type, event, events->get, 0, error);
  sqlite3_reset (events->get);
  return rc;
}

static mns_rc_t first_id (registry_events_t *events, sqlite3_stmt *statement, uint64_t *id) {
  bool row;
  *id = 0;
  mns_rc_t rc = mns_db_step (events->db, statement, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (statement, "u", id);
    sqlite3_reset (statement);
  }
  return rc;
}

mns_rc_t registry_event_same (registry_events_t *events, uint64_t person, mns_code_t kind, mns_date_t occurred,
                              mns_place_t place, uint64_t *id) {
  mns_db_bind (events->same, "utdp", person, mns_code_word (&mns_life_event, kind), occurred, place);
  return first_id (events, events->same, id);
}

mns_rc_t registry_event_same_couple (registry_events_t *events, uint64_t person, uint64_t partner, mns_code_t kind,
                                     mns_date_t occurred, uint64_t *id) {
  mns_db_bind (events->same_couple, "uutd", person, partner, mns_code_word (&mns_life_event, kind), occurred);
  return first_id (events, events->same_couple, id);
}

mns_rc_t registry_event_by_certificate (registry_events_t *events, mns_code_t kind, const char *certificate,
                                        uint64_t *person) {
  mns_db_bind (events->by_certificate, "tt", certificate, mns_code_word (&mns_life_event, kind));
  return first_id (events, events->by_certificate, person);
}

static mns_rc_t read_events (registry_events_t *events, sqlite3_stmt *statement, uint64_t person,
                             mns_event_entry_t found[REGISTRY_EVENTS_MAX], size_t *count) {
  bool row = true;
  mns_rc_t rc = MNS_OK;
  *count = 0;
  mns_db_bind (statement, "u", person);
  while (*count < REGISTRY_EVENTS_MAX && rc == MNS_OK) {
    rc = mns_db_step (events->db, statement, &row);
    if (rc != MNS_OK || !row)
      break;
    rc = mns_record_read (&mns_event_entry_type, &found[(*count)++], statement, 0, NULL);
  }
  sqlite3_reset (statement);
  return rc;
}

mns_rc_t registry_events_of_person (registry_events_t *events, uint64_t person,
                                    mns_event_entry_t found[REGISTRY_EVENTS_MAX], size_t *count) {
  return read_events (events, events->by_person, person, found, count);
}

mns_rc_t registry_events_concerning (registry_events_t *events, uint64_t person,
                                     mns_event_entry_t found[REGISTRY_EVENTS_MAX], size_t *count) {
  return read_events (events, events->by_concerned, person, found, count);
}

mns_rc_t registry_births_of_mother (registry_events_t *events, uint64_t mother,
                                    mns_event_entry_t found[REGISTRY_EVENTS_MAX], size_t *count) {
  return read_events (events, events->births_by_mother, mother, found, count);
}

/* ---- corrections ------------------------------------------------------------------------------------------------- */

mns_rc_t registry_correction_insert (registry_events_t *events, const mns_correction_entry_t *correction) {
  mns_rc_t rc = mns_record_bind (&mns_correction_entry_type, correction, events->correction_insert, 1);
  return rc == MNS_OK ? mns_db_run (events->db, events->correction_insert) : rc;
}

mns_rc_t registry_corrections_of_person (registry_events_t *events, uint64_t person, registry_each_correction_t each,
                                         void *context) {
  mns_correction_entry_t correction;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  mns_db_bind (events->corrections_by_person, "u", person);
  while (rc == MNS_OK) {
    rc = mns_db_step (events->db, events->corrections_by_person, &row);
    if (rc != MNS_OK || !row)
      break;
    rc = mns_record_read (&mns_correction_entry_type, &correction, events->corrections_by_person, 0, NULL);
    if (rc == MNS_OK)
      rc = each (context, &correction);
  }
  sqlite3_reset (events->corrections_by_person);
  return rc;
}
