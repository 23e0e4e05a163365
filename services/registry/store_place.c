/* Places in the store. */
#include "services/registry/store_place.h"

#define COLUMNS "code, name, level, parent, registration, sentinel, valid_from, valid_to"
#define LISTED  " AND code > ?2 AND instr (name, ?3) > 0 ORDER BY code LIMIT ?4"

void registry_places_init (registry_places_t *places, mns_db_t *db) {
  *places = (registry_places_t){
      .db = db,
      .get = mns_db_prepare (db, "SELECT " COLUMNS " FROM place WHERE code = ?1"),
      .put = mns_db_prepare (db, "INSERT INTO place (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
                                 "ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, "
                                 "parent = excluded.parent, registration = excluded.registration, "
                                 "sentinel = excluded.sentinel, valid_from = excluded.valid_from, "
                                 "valid_to = excluded.valid_to"),
      .children = mns_db_prepare (db, "SELECT " COLUMNS " FROM place WHERE parent = ?1" LISTED),
      .all = mns_db_prepare (db, "SELECT " COLUMNS " FROM place WHERE code > ?1" LISTED),
  };
}

mns_rc_t registry_place_get (registry_places_t *places, mns_place_t code, mns_place_info_t *place, bool *found) {
  mns_db_bind (places->get, "p", code);
  mns_rc_t rc = mns_db_step (places->db, places->get, found);
  if (rc == MNS_OK && *found)
    rc = mns_record_read (&mns_place_info_type, place, places->get, 0, NULL);
  sqlite3_reset (places->get);
  return rc;
}

mns_rc_t registry_place_put (registry_places_t *places, const mns_place_info_t *place) {
  mns_rc_t rc = mns_record_bind (&mns_place_info_type, place, places->put, 1);
  return rc == MNS_OK ? mns_db_run (places->db, places->put) : rc;
}

mns_rc_t registry_places_list (registry_places_t *places, mns_place_t parent, mns_place_t after, const char *text,
                               int64_t limit, registry_each_place_t each, void *context) {
  mns_place_info_t place;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  sqlite3_stmt *statement = parent ? places->children : places->all;
  mns_db_bind (statement, "iiti", parent, after, text, limit);
  while (rc == MNS_OK) {
    rc = mns_db_step (places->db, statement, &row);
    if (rc != MNS_OK || !row)
      break;
    rc = mns_record_read (&mns_place_info_type, &place, statement, 0, NULL);
    if (rc == MNS_OK)
      rc = each (context, &place);
  }
  sqlite3_reset (statement);
  return rc;
}
