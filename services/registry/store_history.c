/* The past of persons in the store. */
#include "services/registry/store_history.h"

#include "common/records/place.h"
#include "services/registry/store_sql.h"

MNS_RECORD_DEFINE (history_entry, 1, REGISTRY_HISTORY_FIELDS, "A row of table history", "历史行")

/* Present now, since that day or before; or present in an interval that holds the day. `area` and `past_area` are
 * conditions over ?1 and ?2. */
#define PRESENT(area, past_area)                                                                                       \
  "SELECT id FROM person WHERE id > ?4 AND (" area ") AND status = 'present' AND coalesce (since, entry_day) <= ?3 "   \
  "UNION SELECT person FROM history WHERE person > ?4 AND (" past_area ") AND status = 'present' AND "                 \
  "valid_from <= ?3 AND ?3 < valid_to ORDER BY 1 LIMIT ?5"
/* Whom event ?1 concerns. */
#define CONCERNED "SELECT person FROM event WHERE id = ?1 UNION SELECT person FROM history WHERE ended_by = ?1"
#define IN_AREA   "place BETWEEN ?1 AND ?2 OR residence BETWEEN ?1 AND ?2"

void registry_past_init (registry_past_t *past, mns_db_t *db) {
  *past = (registry_past_t){
      .db = db,
      .insert = registry_prepare_insert (db, "history", &mns_history_entry_type),
      .of_person = registry_prepare_select (db, "history", &mns_history_entry_type,
                                            "WHERE person = ?1 ORDER BY valid_from, rowid"),
      .last = mns_db_prepare (db, "SELECT coalesce ((SELECT ended_by FROM history WHERE person = ?1 "
                                  "ORDER BY valid_from DESC, rowid DESC LIMIT 1), "
                                  "(SELECT min (id) FROM event WHERE person = ?1 AND id <> ?2))"),
      .remove = mns_db_prepare (db, "DELETE FROM history WHERE person = ?1"),
      .out_of_order =
          mns_db_prepare (db, "SELECT person FROM history WHERE ended_by = ?1 AND valid_from > ?2 UNION ALL "
                              "SELECT person FROM history WHERE begun_by = ?1 AND valid_to < ?2 AND "
                              "person IN (" CONCERNED ") LIMIT 1"),
      .move_start = mns_db_prepare (db, "UPDATE history SET valid_from = ?2 WHERE begun_by = ?1 AND person IN "
                                        "(" CONCERNED ")"),
      .move_end = mns_db_prepare (db, "UPDATE history SET valid_to = ?2 WHERE ended_by = ?1"),
      .move_since = mns_db_prepare (db, "UPDATE person SET since = ?2 WHERE id IN (" CONCERNED ") AND NOT EXISTS "
                                        "(SELECT 1 FROM history WHERE begun_by = ?1 AND person = person.id)"),
      .correct_marital = mns_db_prepare (db, "UPDATE history SET marital = ?3 WHERE person = ?1 AND marital IS ?2"),
      .correct_registration =
          mns_db_prepare (db, "UPDATE history SET registration = ?3 WHERE person = ?1 AND registration IS ?2"),
      .residents = mns_db_prepare (db, PRESENT (IN_AREA, IN_AREA)),
      .members = mns_db_prepare (db, PRESENT ("household = ?1", "household = ?1")),
  };
}

/* ---- one person -------------------------------------------------------------------------------------------------- */

void registry_standing_of (const mns_person_entry_t *person, mns_history_entry_t *interval) {
  mns_record_clear (&mns_history_entry_type, interval);
  interval->person = person->id;
  interval->valid_from = person->since ? person->since : person->entry_day;
#define TAKE(kind, field) interval->field = person->field;
  REGISTRY_STANDING (TAKE)
#undef TAKE
}

void registry_standing_put (const mns_history_entry_t *interval, mns_person_entry_t *person) {
#define PUT(kind, field) person->field = interval->field;
  REGISTRY_STANDING (PUT)
#undef PUT
}

/* The event that began what is so now: the last one before `than`; 0: the person is of the baseline, and nothing has
 * happened since. */
static mns_rc_t last_event (registry_past_t *past, uint64_t person, uint64_t than, uint64_t *event) {
  bool row;
  *event = 0;
  mns_db_bind (past->last, "uu", person, than);
  mns_rc_t rc = mns_db_step (past->db, past->last, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (past->last, "u", event);
    sqlite3_reset (past->last);
  }
  return rc;
}

mns_rc_t registry_past_insert (registry_past_t *past, const mns_history_entry_t *interval) {
  mns_rc_t rc = mns_record_bind (&mns_history_entry_type, interval, past->insert, 1);
  return rc == MNS_OK ? mns_db_run (past->db, past->insert) : rc;
}

mns_rc_t registry_past_close (registry_past_t *past, const mns_person_entry_t *old, mns_date_t day, uint64_t event) {
  mns_history_entry_t interval;
  registry_standing_of (old, &interval);
  interval.valid_to = day;
  interval.ended_by = event;
  mns_rc_t rc = last_event (past, old->id, event, &interval.begun_by);
  return rc == MNS_OK ? registry_past_insert (past, &interval) : rc;
}

mns_rc_t registry_past_of (registry_past_t *past, uint64_t person, registry_each_interval_t each, void *context) {
  mns_history_entry_t interval;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  mns_db_bind (past->of_person, "u", person);
  while (rc == MNS_OK) {
    rc = mns_db_step (past->db, past->of_person, &row);
    if (rc != MNS_OK || !row)
      break;
    rc = mns_record_read (&mns_history_entry_type, &interval, past->of_person, 0, NULL);
    if (rc == MNS_OK)
      rc = each (context, &interval);
  }
  sqlite3_reset (past->of_person);
  return rc;
}

mns_rc_t registry_past_remove (registry_past_t *past, uint64_t person) {
  mns_db_bind (past->remove, "u", person);
  return mns_db_run (past->db, past->remove);
}

mns_rc_t registry_past_fits (registry_past_t *past, uint64_t event, mns_date_t day, uint64_t *person) {
  bool row;
  *person = 0;
  mns_db_bind (past->out_of_order, "ud", event, day);
  mns_rc_t rc = mns_db_step (past->db, past->out_of_order, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (past->out_of_order, "u", person);
    sqlite3_reset (past->out_of_order);
  }
  return rc;
}

/* ---- corrections ------------------------------------------------------------------------------------------------- */

mns_rc_t registry_past_move (registry_past_t *past, uint64_t event, mns_date_t day) {
  mns_db_bind (past->move_start, "ud", event, day);
  mns_rc_t rc = mns_db_run (past->db, past->move_start);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (past->move_end, "ud", event, day);
  rc = mns_db_run (past->db, past->move_end);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (past->move_since, "ud", event, day);
  return mns_db_run (past->db, past->move_since);
}

mns_rc_t registry_past_correct (registry_past_t *past, const mns_person_entry_t *old,
                                const mns_person_entry_t *person) {
  mns_rc_t rc = MNS_OK;
  if (old->marital != person->marital) {
    mns_db_bind (past->correct_marital, "uss", person->id, mns_code_word (&mns_marital, old->marital),
                 mns_code_word (&mns_marital, person->marital));
    rc = mns_db_run (past->db, past->correct_marital);
  }
  if (rc == MNS_OK && old->registration != person->registration) {
    mns_db_bind (past->correct_registration, "uss", person->id, mns_code_word (&mns_registration, old->registration),
                 mns_code_word (&mns_registration, person->registration));
    rc = mns_db_run (past->db, past->correct_registration);
  }
  return rc;
}

/* ---- who was there ----------------------------------------------------------------------------------------------- */

mns_rc_t registry_past_present (registry_past_t *past, const registry_presence_t *asked, registry_each_number_t each,
                                void *context) {
  uint64_t person;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  sqlite3_stmt *statement = asked->household ? past->members : past->residents;
  int64_t first = asked->household ? (int64_t)asked->household : asked->place;
  mns_db_bind (statement, "iidii", first, mns_place_last (asked->place), asked->day, (int64_t)asked->after,
               (int64_t)asked->limit);
  while (rc == MNS_OK) {
    rc = mns_db_step (past->db, statement, &row);
    if (rc != MNS_OK || !row)
      break;
    mns_db_read (statement, "u", &person);
    rc = each (context, person);
  }
  sqlite3_reset (statement);
  return rc;
}
