/* The walks of the check. Places are found by steps along the index of persons, so that a walk by birth date costs one
 * look-up a place and not a scan. */
#include "services/registry/store_check.h"

#define PLACES                                                                                                         \
  "WITH RECURSIVE somewhere (code) AS ("                                                                               \
  "  SELECT min (place) FROM person WHERE place > ?1"                                                                  \
  "  UNION ALL SELECT (SELECT min (place) FROM person WHERE place > code) FROM somewhere WHERE code IS NOT NULL) "

void registry_check_init (registry_check_t *check, mns_db_t *db) {
  *check = (registry_check_t){
      .db = db,
      .persons = mns_db_prepare (db, "SELECT " REGISTRY_PERSON_COLUMNS " FROM person WHERE id > ?1 ORDER BY id LIMIT "
                                     "?2"),
      .households = mns_db_prepare (db, "SELECT id FROM household WHERE id > ?1 ORDER BY id LIMIT ?2"),
      .places = mns_db_prepare (db, PLACES "SELECT code FROM somewhere WHERE code IS NOT NULL LIMIT ?2"),
      .population = mns_db_prepare (db, "SELECT count (*) FROM person WHERE place = ?1 AND status = 'present'"),
      .born = mns_db_prepare (db, PLACES "SELECT " REGISTRY_PERSON_COLUMNS " FROM somewhere CROSS JOIN person "
                                         "ON place = code AND birth BETWEEN ?2 AND ?3 WHERE status <> 'removed'"),
      .months = mns_db_prepare (db, PLACES "SELECT min ((SELECT min (birth) FROM person WHERE place = code)), "
                                           "max ((SELECT max (birth) FROM person WHERE place = code)) "
                                           "FROM somewhere WHERE code IS NOT NULL"),
  };
}

static mns_rc_t walk_persons (registry_check_t *check, sqlite3_stmt *statement, registry_each_t each, void *context) {
  mns_person_entry_t person;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && (rc = mns_db_step (check->db, statement, &row)) == MNS_OK && row) {
    rc = mns_record_read (&mns_person_entry_type, &person, statement, 0, NULL);
    if (rc == MNS_OK)
      rc = each (context, &person);
  }
  sqlite3_reset (statement);
  return rc;
}

static mns_rc_t walk_numbers (registry_check_t *check, sqlite3_stmt *statement, registry_each_code_t each,
                              void *context) {
  bool row = true;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && (rc = mns_db_step (check->db, statement, &row)) == MNS_OK && row)
    rc = each (context, sqlite3_column_int64 (statement, 0));
  sqlite3_reset (statement);
  return rc;
}

mns_rc_t registry_check_persons (registry_check_t *check, uint64_t after, int64_t limit, registry_each_t each,
                                 void *context) {
  mns_db_bind (check->persons, "ii", (int64_t)after, limit);
  return walk_persons (check, check->persons, each, context);
}

mns_rc_t registry_check_households (registry_check_t *check, uint64_t after, int64_t limit, registry_each_code_t each,
                                    void *context) {
  mns_db_bind (check->households, "ii", (int64_t)after, limit);
  return walk_numbers (check, check->households, each, context);
}

mns_rc_t registry_check_places (registry_check_t *check, mns_place_t after, int64_t limit, registry_each_code_t each,
                                void *context) {
  mns_db_bind (check->places, "ii", after, limit);
  return walk_numbers (check, check->places, each, context);
}

mns_rc_t registry_check_population (registry_check_t *check, mns_place_t place, int64_t *persons) {
  bool row;
  mns_db_bind (check->population, "p", place);
  mns_rc_t rc = mns_db_step (check->db, check->population, &row);
  if (rc == MNS_OK)
    mns_db_read (check->population, "i", persons);
  sqlite3_reset (check->population);
  return rc;
}

mns_rc_t registry_check_born (registry_check_t *check, mns_date_t from, mns_date_t to, registry_each_t each,
                              void *context) {
  mns_db_bind (check->born, "idd", (int64_t)0, from, to);
  return walk_persons (check, check->born, each, context);
}

mns_rc_t registry_check_months (registry_check_t *check, mns_date_t *first, mns_date_t *last) {
  bool row;
  *first = *last = 0;
  mns_db_bind (check->months, "i", (int64_t)0);
  mns_rc_t rc = mns_db_step (check->db, check->months, &row);
  if (rc == MNS_OK)
    mns_db_read (check->months, "dd", first, last);
  sqlite3_reset (check->months);
  return rc;
}
