/* All the SQL of places. */
#include "services/statistics/store_place.h"

#define COLUMNS "code, name, level, parent, registration, sentinel, valid_from, valid_to, stratum"

void statistics_place_store_init (statistics_place_store_t *store, mns_db_t *db) {
  store->db = db;
  store->save = mns_db_prepare (
      db, "INSERT INTO place (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
          " ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, parent = excluded.parent,"
          " registration = excluded.registration, sentinel = excluded.sentinel, valid_from = excluded.valid_from,"
          " valid_to = excluded.valid_to, stratum = excluded.stratum"
          " WHERE coalesce (excluded.valid_from, 0) >= coalesce (place.valid_from, 0)");
  store->find = mns_db_prepare (db, "SELECT " COLUMNS " FROM place WHERE code = ?1");
  store->children = mns_db_prepare (db, "SELECT " COLUMNS " FROM place"
                                        " WHERE code BETWEEN ?1 AND ?2 AND (code = ?1 OR parent = ?1)"
                                        " AND coalesce (valid_from, 0) < ?4 AND (valid_to IS NULL OR valid_to > ?3)"
                                        " ORDER BY code");
}

mns_rc_t statistics_place_store_save (statistics_place_store_t *store, const mns_place_info_t *place) {
  sqlite3_reset (store->save);
  mns_rc_t rc = mns_record_bind (&mns_place_info_type, place, store->save, 1);
  return rc ? rc : mns_db_run (store->db, store->save);
}

mns_rc_t statistics_place_store_find (statistics_place_store_t *store, mns_place_t code, mns_place_info_t *place) {
  bool row;
  mns_error_t error;
  mns_db_bind (store->find, "p", code);
  mns_rc_t rc = mns_db_step (store->db, store->find, &row);
  if (rc == MNS_OK && row)
    rc = mns_record_read (&mns_place_info_type, place, store->find, 0, &error);
  else if (rc == MNS_OK)
    rc = MNS_NOT_FOUND;
  sqlite3_reset (store->find);
  return rc;
}

mns_rc_t statistics_place_store_children (statistics_place_store_t *store, mns_place_t code, mns_date_t from,
                                          mns_date_t to, void (*each) (void *context, const mns_place_info_t *place),
                                          void *context) {
  bool row;
  mns_rc_t rc;
  mns_error_t error;
  mns_place_info_t place;
  mns_db_bind (store->children, "ppdd", code, mns_place_last (code), from, to);
  while ((rc = mns_db_step (store->db, store->children, &row)) == MNS_OK && row) {
    rc = mns_record_read (&mns_place_info_type, &place, store->children, 0, &error);
    if (rc)
      break;
    each (context, &place);
  }
  sqlite3_reset (store->children);
  return rc;
}
