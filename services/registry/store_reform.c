/* The SQL of boundary reforms. */
#include "services/registry/store_reform.h"

#include "common/records/place.h"

#define WHOLE      "day = ?1 AND part IS NULL AND operation <> 'rename'"
#define IN_WHOLE   "IN (SELECT code FROM successor WHERE " WHOLE ")"
#define MOVED(x)   "(SELECT s.successor FROM successor s WHERE s.code = " x " AND s." WHOLE ")"
#define ON_THE_DAY "IN (SELECT code FROM successor WHERE day = ?1)"

void registry_reforms_init (registry_reforms_t *reforms, mns_db_t *db) {
  *reforms = (registry_reforms_t){
      .db = db,
      .loaded_after = mns_db_prepare (db, "SELECT 1 FROM person WHERE entry_day > ?3 AND entry_place BETWEEN ?1 AND ?2 "
                                          "LIMIT 1"),
      .reformed_after = mns_db_prepare (db, "SELECT 1 FROM successor WHERE day >= ?3 AND operation <> 'rename' AND "
                                            "(code BETWEEN ?1 AND ?2 OR successor BETWEEN ?1 AND ?2) LIMIT 1"),
      .count_persons = mns_db_prepare (db, "SELECT count(*) FROM person WHERE place BETWEEN ?1 AND ?2 AND "
                                           "status = 'present'"),
      .count_households = mns_db_prepare (db, "SELECT count(*) FROM household WHERE place BETWEEN ?1 AND ?2"),
      .touched = mns_db_prepare (db, "SELECT id FROM event WHERE registered >= ?1 AND (place " ON_THE_DAY
                                     " OR other_place " ON_THE_DAY " OR residence " ON_THE_DAY ") ORDER BY id"),
      .household_place = mns_db_prepare (db, "UPDATE household SET place = ?2, key = CASE WHEN EXISTS (SELECT 1 FROM "
                                             "household other WHERE other.place = ?2 AND other.key = household.key) "
                                             "THEN printf ('%012d/%s', place, key) ELSE key END WHERE id = ?1"),
      .household_events = mns_db_prepare (
          db, "UPDATE event SET place = iif (place = ?2, ?3, place), residence = iif (residence = ?2, ?3, residence) "
              "WHERE (place = ?2 OR residence = ?2) AND occurred >= ?4 AND person IN (SELECT id FROM person WHERE "
              "household = ?1)"),
      .household_history = mns_db_prepare (db, "UPDATE history SET place = ?3 WHERE household = ?1 AND place = ?2 AND "
                                               "valid_to > ?4"),
      .household_later = mns_db_prepare (db, "SELECT place FROM household_past WHERE household = ?1 AND until > ?2 "
                                             "ORDER BY until LIMIT 1"),
  };
}

/* ---- questions --------------------------------------------------------------------------------------------------- */

static mns_rc_t ask (registry_reforms_t *reforms, sqlite3_stmt *statement, mns_place_t area, mns_date_t day,
                     bool *yes) {
  mns_db_bind (statement, "ppd", area, mns_place_last (area), day);
  mns_rc_t rc = mns_db_step (reforms->db, statement, yes);
  sqlite3_reset (statement);
  return rc;
}

mns_rc_t registry_reform_loaded_after (registry_reforms_t *reforms, mns_place_t area, mns_date_t day, bool *yes) {
  return ask (reforms, reforms->loaded_after, area, day, yes);
}

mns_rc_t registry_reform_later (registry_reforms_t *reforms, mns_place_t area, mns_date_t day, bool *yes) {
  return ask (reforms, reforms->reformed_after, area, day, yes);
}

static mns_rc_t count (registry_reforms_t *reforms, sqlite3_stmt *statement, mns_place_t area, int64_t *value) {
  bool row;
  mns_db_bind (statement, "pp", area, mns_place_last (area));
  mns_rc_t rc = mns_db_step (reforms->db, statement, &row);
  *value = rc == MNS_OK && row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return rc;
}

mns_rc_t registry_reform_count (registry_reforms_t *reforms, mns_place_t area, int64_t *persons, int64_t *households) {
  mns_rc_t rc = count (reforms, reforms->count_persons, area, persons);
  return rc == MNS_OK ? count (reforms, reforms->count_households, area, households) : rc;
}

mns_rc_t registry_reform_touched (registry_reforms_t *reforms, mns_date_t day, registry_each_id_t each, void *context) {
  bool row;
  mns_rc_t rc = MNS_OK;
  mns_db_bind (reforms->touched, "d", day);
  while (rc == MNS_OK) {
    rc = mns_db_step (reforms->db, reforms->touched, &row);
    if (rc != MNS_OK || !row)
      break;
    rc = each (context, (uint64_t)sqlite3_column_int64 (reforms->touched, 0));
  }
  sqlite3_reset (reforms->touched);
  return rc;
}

mns_rc_t registry_household_past (registry_reforms_t *reforms, uint64_t household, mns_date_t day, mns_place_t *place) {
  bool row;
  *place = 0;
  mns_db_bind (reforms->household_later, "ud", household, day);
  mns_rc_t rc = mns_db_step (reforms->db, reforms->household_later, &row);
  if (rc == MNS_OK && row)
    *place = sqlite3_column_int64 (reforms->household_later, 0);
  sqlite3_reset (reforms->household_later);
  return rc;
}

/* ---- changes ----------------------------------------------------------------------------------------------------- */

mns_rc_t registry_reform_move_household (registry_reforms_t *reforms, uint64_t household, mns_place_t from,
                                         mns_place_t to, mns_date_t day) {
  mns_db_bind (reforms->household_place, "up", household, to);
  mns_rc_t rc = mns_db_run (reforms->db, reforms->household_place);
  mns_db_bind (reforms->household_events, "uppd", household, from, to, day);
  if (rc == MNS_OK)
    rc = mns_db_run (reforms->db, reforms->household_events);
  mns_db_bind (reforms->household_history, "uppd", household, from, to, day);
  return rc == MNS_OK ? mns_db_run (reforms->db, reforms->household_history) : rc;
}

/* In this order: what is asked about households is asked before they move. An interval that holds on the day and before
 * it has the place that follows; a view of a day before finds its way back (registry_place_then). */
static const char *const moves[] = {
    "INSERT INTO household_past (household, until, place) SELECT id, ?1, place FROM household WHERE place IN "
    "(SELECT code FROM successor WHERE " WHOLE " AND (operation = 'merge' OR successor IN "
    "(SELECT successor FROM successor WHERE " WHOLE " GROUP BY successor HAVING count(*) > 1)))",
    "UPDATE household SET key = printf ('%012d/%s', place, key) WHERE key IS NOT NULL AND place " IN_WHOLE
    " AND (EXISTS (SELECT 1 FROM household other WHERE other.key = household.key AND other.place = " MOVED (
        "household."
        "place") ") OR EXISTS (SELECT 1 FROM household other JOIN successor s ON s.code = other.place AND s." WHOLE
                 " WHERE other.key = household.key AND other.id <> household.id AND s.successor = " MOVED (
                     "household.place") "))",
    "UPDATE household SET place = " MOVED ("place") " WHERE place " IN_WHOLE,
    "UPDATE person SET place = " MOVED ("place") " WHERE place " IN_WHOLE,
    "UPDATE person SET residence = " MOVED ("residence") " WHERE residence " IN_WHOLE,
    "UPDATE event SET registered_place = " MOVED (
        "place") " WHERE registered >= ?1 AND occurred < ?1 AND registered_place IS NULL AND place " IN_WHOLE,
    "UPDATE event SET registered_other_place = " MOVED (
        "other_place") " WHERE registered >= ?1 AND occurred < ?1 AND kind = 'move_within' AND other_place " IN_WHOLE,
    "UPDATE event SET place = " MOVED ("place") " WHERE occurred >= ?1 AND place " IN_WHOLE,
    "UPDATE event SET residence = " MOVED ("residence") " WHERE occurred >= ?1 AND residence " IN_WHOLE,
    "UPDATE event SET other_place = " MOVED ("other_place") " WHERE occurred >= ?1 AND NOT (kind = 'adjustment' AND "
                                                            "adjustment = 'boundary') AND other_place " IN_WHOLE,
    "UPDATE history SET place = " MOVED ("place") " WHERE valid_to > ?1 AND place " IN_WHOLE,
    "UPDATE history SET residence = " MOVED ("residence") " WHERE valid_to > ?1 AND residence " IN_WHOLE,
    "UPDATE finding SET place = " MOVED ("place") " WHERE place " IN_WHOLE,
    "UPDATE duplicate SET place = " MOVED ("place") " WHERE place " IN_WHOLE,
};

mns_rc_t registry_reform_move_all (registry_reforms_t *reforms, mns_date_t day, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < sizeof moves / sizeof moves[0]; i++) {
    sqlite3_stmt *statement = mns_db_prepare (reforms->db, moves[i]);
    mns_db_bind (statement, "d", day);
    rc = mns_db_run (reforms->db, statement);
    sqlite3_finalize (statement);
  }
  return rc == MNS_OK ? rc : mns_fail (error, rc, "registry.db", "%s", mns_db_message (reforms->db));
}
