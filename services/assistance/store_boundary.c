/* The SQL of boundary reforms. */
#include "services/assistance/store_boundary.h"

#define MOVED(column) column " = (SELECT successor FROM moved WHERE code = " column ") "
#define IN_MOVED      " IN (SELECT code FROM moved)"

void boundary_store_init (boundary_store_t *store, mns_db_t *db) {
  *store = (boundary_store_t){
      .db = db,
      .forward = mns_db_prepare (db, "UPDATE moved SET successor = ?2 WHERE successor = ?1"),
      .note = mns_db_prepare (db, "INSERT OR REPLACE INTO moved (code, successor) VALUES (?1, ?2)"),
      .follow_application = mns_db_prepare (db, "UPDATE application SET place = ?2 WHERE person = ?1 AND "
                                                "state = 'applied'"),
      .follow_entitlement = mns_db_prepare (db, "UPDATE entitlement SET place = ?2 WHERE person = ?1 AND "
                                                "state = 'active'"),
  };
}

mns_rc_t boundary_store_note (boundary_store_t *store, mns_place_t code, mns_place_t successor) {
  store->noted = true;
  mns_db_bind (store->forward, "pp", code, successor);
  mns_rc_t rc = mns_db_run (store->db, store->forward);
  mns_db_bind (store->note, "pp", code, successor);
  return rc == MNS_OK ? mns_db_run (store->db, store->note) : rc;
}

mns_rc_t boundary_store_finish (boundary_store_t *store) {
  static const char *const moves[] = {
      "UPDATE person SET " MOVED ("place") "WHERE place" IN_MOVED,
      "UPDATE person SET " MOVED ("residence") "WHERE residence" IN_MOVED,
      "UPDATE application SET " MOVED ("place") "WHERE state = 'applied' AND place" IN_MOVED,
      "UPDATE entitlement SET " MOVED ("place") "WHERE state = 'active' AND place" IN_MOVED,
      "DELETE FROM moved",
  };
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && store->noted && i < sizeof moves / sizeof moves[0]; i++) {
    sqlite3_stmt *statement = mns_db_prepare (store->db, moves[i]);
    rc = mns_db_run (store->db, statement);
    sqlite3_finalize (statement);
  }
  store->noted = false;
  return rc;
}

mns_rc_t boundary_store_follow (boundary_store_t *store, uint64_t person, mns_place_t place) {
  mns_db_bind (store->follow_application, "up", person, place);
  mns_rc_t rc = mns_db_run (store->db, store->follow_application);
  mns_db_bind (store->follow_entitlement, "up", person, place);
  return rc == MNS_OK ? mns_db_run (store->db, store->follow_entitlement) : rc;
}
