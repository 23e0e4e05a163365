/* Places in the store. */
#include "services/registry/store_place.h"

#include "common/records/place.h"

#define COLUMNS     "code, name, level, parent, registration, sentinel, valid_from, valid_to, stratum"
#define VALUES      "(" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
#define REST        "registration = excluded.registration, sentinel = excluded.sentinel, valid_from = excluded.valid_from, "
#define ON_DAY(day) "coalesce (valid_from, 0) <= " day " AND (valid_to IS NULL OR valid_to > " day ")"
#define LISTED      " AND code > ?2 AND instr (name, ?3) > 0 ORDER BY code LIMIT ?4"
#define REFORM      "code, successor, operation, day, part"

void registry_places_init (registry_places_t *places, mns_db_t *db) {
  *places = (registry_places_t){
      .db = db,
      .get = mns_db_prepare (db, "SELECT " COLUMNS " FROM place WHERE code = ?1"),
      .get_on = mns_db_prepare (db, "SELECT " COLUMNS " FROM place_span WHERE code = ?1 AND " ON_DAY ("?2")),
      .get_past = mns_db_prepare (db, "SELECT " COLUMNS " FROM place_past WHERE code = ?1 AND valid_to = ?2"),
      .overlapping = mns_db_prepare (db, "SELECT 1 FROM place_past WHERE code = ?1 AND valid_to <> ?3 AND "
                                         "valid_to > ?2 AND coalesce (valid_from, 0) < ?3"),
      .spans = mns_db_prepare (db, "SELECT " COLUMNS " FROM place_span WHERE code = ?1 "
                                   "ORDER BY coalesce (valid_to, 99999999)"),
      .put = mns_db_prepare (db, "INSERT INTO place " VALUES " ON CONFLICT (code) DO UPDATE SET name = excluded.name, "
                                 "level = excluded.level, parent = excluded.parent, " REST
                                 "valid_to = excluded.valid_to, stratum = excluded.stratum"),
      .put_past = mns_db_prepare (db, "INSERT INTO place_past " VALUES " ON CONFLICT (code, valid_to) DO UPDATE SET "
                                      "name = excluded.name, level = excluded.level, parent = excluded.parent, " REST
                                      "stratum = excluded.stratum"),
      .children = mns_db_prepare (db, "SELECT " COLUMNS " FROM place WHERE parent = ?1" LISTED),
      .all = mns_db_prepare (db, "SELECT " COLUMNS " FROM place WHERE code > ?1" LISTED),
      .children_on =
          mns_db_prepare (db, "SELECT " COLUMNS " FROM place_span WHERE parent = ?1 AND " ON_DAY ("?5") LISTED),
      .all_on = mns_db_prepare (db, "SELECT " COLUMNS " FROM place_span WHERE code > ?1 AND " ON_DAY ("?5") LISTED),
      .all_past = mns_db_prepare (db, "SELECT " COLUMNS " FROM place_past ORDER BY code, valid_to"),
      .below = mns_db_prepare (db, "SELECT " COLUMNS " FROM place WHERE code BETWEEN ?1 AND ?2 ORDER BY code"),
      .successor_put = mns_db_prepare (db, "INSERT OR REPLACE INTO successor (" REFORM ") VALUES (?1, ?2, ?3, ?4, ?5)"),
      .inhabited = mns_db_prepare (db, "SELECT 1 FROM person WHERE place BETWEEN ?1 AND ?2 LIMIT 1"),
      .successor_known = mns_db_prepare (db, "SELECT 1 FROM successor WHERE code = ?1 AND successor = ?2 AND "
                                             "operation = ?3 AND day = ?4 AND part IS ?5"),
      .successors = mns_db_prepare (db, "SELECT " REFORM " FROM successor WHERE code = ?1 ORDER BY day, successor"),
      .predecessors = mns_db_prepare (db, "SELECT " REFORM " FROM successor WHERE successor = ?1 ORDER BY day, code"),
      .all_successors = mns_db_prepare (db, "SELECT " REFORM " FROM successor ORDER BY day, code, successor"),
  };
}

/* ---- spans ------------------------------------------------------------------------------------------------------- */

static mns_rc_t read_one (registry_places_t *places, sqlite3_stmt *statement, mns_place_info_t *place, bool *found) {
  mns_rc_t rc = mns_db_step (places->db, statement, found);
  if (rc == MNS_OK && *found)
    rc = mns_record_read (&mns_place_info_type, place, statement, 0, NULL);
  sqlite3_reset (statement);
  return rc;
}

mns_rc_t registry_place_get (registry_places_t *places, mns_place_t code, mns_place_info_t *place, bool *found) {
  mns_db_bind (places->get, "p", code);
  return read_one (places, places->get, place, found);
}

mns_rc_t registry_place_on (registry_places_t *places, mns_place_t code, mns_date_t day, mns_place_info_t *place,
                            bool *found) {
  mns_db_bind (places->get_on, "pd", code, day);
  return read_one (places, places->get_on, place, found);
}

mns_rc_t registry_place_past (registry_places_t *places, mns_place_t code, mns_date_t valid_to, mns_place_info_t *place,
                              bool *found) {
  mns_db_bind (places->get_past, "pd", code, valid_to);
  return read_one (places, places->get_past, place, found);
}

mns_rc_t registry_place_overlaps (registry_places_t *places, const mns_place_info_t *place, bool *overlaps) {
  mns_db_bind (places->overlapping, "pnn", place->code, (int)place->valid_from, (int)place->valid_to);
  mns_rc_t rc = mns_db_step (places->db, places->overlapping, overlaps);
  sqlite3_reset (places->overlapping);
  return rc;
}

static mns_rc_t write (registry_places_t *places, sqlite3_stmt *statement, const mns_place_info_t *place) {
  mns_rc_t rc = mns_record_bind (&mns_place_info_type, place, statement, 1);
  return rc == MNS_OK ? mns_db_run (places->db, statement) : rc;
}

mns_rc_t registry_place_put (registry_places_t *places, const mns_place_info_t *place) {
  return write (places, places->put, place);
}

mns_rc_t registry_place_put_past (registry_places_t *places, const mns_place_info_t *place) {
  return write (places, places->put_past, place);
}

static mns_rc_t walk (registry_places_t *places, sqlite3_stmt *statement, registry_each_place_t each, void *context) {
  mns_place_info_t place;
  bool row;
  mns_rc_t rc = MNS_OK;
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

mns_rc_t registry_places_list (registry_places_t *places, const registry_place_list_t *list, registry_each_place_t each,
                               void *context) {
  sqlite3_stmt *now = list->parent ? places->children : places->all;
  sqlite3_stmt *then = list->parent ? places->children_on : places->all_on;
  sqlite3_stmt *statement = list->as_of ? then : now;
  mns_db_bind (statement, list->as_of ? "iitid" : "iiti", list->parent, list->after, list->text, list->limit,
               list->as_of);
  return walk (places, statement, each, context);
}

mns_rc_t registry_places_below (registry_places_t *places, mns_place_t code, registry_each_place_t each,
                                void *context) {
  if (!code)
    return MNS_OK;
  mns_db_bind (places->below, "pp", code, mns_place_last (code));
  return walk (places, places->below, each, context);
}

mns_rc_t registry_place_spans (registry_places_t *places, mns_place_t code, registry_each_place_t each, void *context) {
  mns_db_bind (places->spans, "p", code);
  return walk (places, places->spans, each, context);
}

mns_rc_t registry_places_past (registry_places_t *places, registry_each_place_t each, void *context) {
  mns_db_bind (places->all_past, "");
  return walk (places, places->all_past, each, context);
}

/* ---- what became of them ----------------------------------------------------------------------------------------- */

mns_rc_t registry_place_inhabited (registry_places_t *places, mns_place_t code, bool *inhabited) {
  mns_db_bind (places->inhabited, "pp", code, mns_place_last (code));
  mns_rc_t rc = mns_db_step (places->db, places->inhabited, inhabited);
  sqlite3_reset (places->inhabited);
  return rc;
}

mns_rc_t registry_successor_known (registry_places_t *places, const mns_reform_t *reform, bool *known) {
  mns_rc_t rc = mns_record_bind (&mns_reform_type, reform, places->successor_known, 1);
  if (rc == MNS_OK)
    rc = mns_db_step (places->db, places->successor_known, known);
  sqlite3_reset (places->successor_known);
  return rc;
}

mns_rc_t registry_successor_put (registry_places_t *places, const mns_reform_t *reform) {
  mns_rc_t rc = mns_record_bind (&mns_reform_type, reform, places->successor_put, 1);
  return rc == MNS_OK ? mns_db_run (places->db, places->successor_put) : rc;
}

static mns_rc_t walk_reforms (registry_places_t *places, sqlite3_stmt *statement, registry_each_reform_t each,
                              void *context) {
  mns_reform_t reform;
  bool row;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK) {
    rc = mns_db_step (places->db, statement, &row);
    if (rc != MNS_OK || !row)
      break;
    rc = mns_record_read (&mns_reform_type, &reform, statement, 0, NULL);
    if (rc == MNS_OK)
      rc = each (context, &reform);
  }
  sqlite3_reset (statement);
  return rc;
}

mns_rc_t registry_successors (registry_places_t *places, mns_place_t code, registry_each_reform_t each, void *context) {
  sqlite3_stmt *statement = code ? places->successors : places->all_successors;
  mns_db_bind (statement, code ? "p" : "", code);
  return walk_reforms (places, statement, each, context);
}

mns_rc_t registry_predecessors (registry_places_t *places, mns_place_t code, registry_each_reform_t each,
                                void *context) {
  mns_db_bind (places->predecessors, "p", code);
  return walk_reforms (places, places->predecessors, each, context);
}
