/* All the SQL of boundaries. */
#include "services/statistics/store_boundary.h"

static int month_number (int month) {
  return month / 12 * 100 + month % 12 + 1;
}

void statistics_boundary_store_init (statistics_boundary_store_t *store, mns_db_t *db) {
  *store = (statistics_boundary_store_t){
      .db = db,
      .save = mns_db_prepare (db, "INSERT OR REPLACE INTO reform (code, successor, day, part, begins)"
                                  " VALUES (?1, ?2, ?3, ?4, ?5)"),
      .load =
          mns_db_prepare (db, "SELECT code, successor, day, part, begins FROM reform ORDER BY code, day, successor"),
      .cross = mns_db_prepare (db, "INSERT INTO crossing (basis, month, origin, destination, sex, value)"
                                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
                                   " value = value + excluded.value"),
      .crossings = mns_db_prepare (db, "SELECT month, origin, destination, sex, value FROM crossing"
                                       " WHERE basis = ?1 AND month BETWEEN ?2 AND ?3"),
  };
}

mns_rc_t statistics_boundary_store_load (statistics_boundary_store_t *store, statistics_boundaries_t *boundaries) {
  bool row;
  mns_rc_t rc;
  statistics_boundaries_fini (boundaries);
  mns_db_bind (store->load, "");
  while ((rc = mns_db_step (store->db, store->load, &row)) == MNS_OK && row) {
    statistics_link_t link;
    int part, begins;
    mns_db_read (store->load, "ppdnn", &link.code, &link.successor, &link.day, &part, &begins);
    link.part = part != 0;
    link.begins = begins != 0;
    statistics_boundaries_add (boundaries, link);
  }
  return rc;
}

mns_rc_t statistics_boundary_store_save (statistics_boundary_store_t *store, const statistics_link_t *link) {
  mns_db_bind (store->save, "ppdnn", link->code, link->successor, link->day, (int)link->part, (int)link->begins);
  return mns_db_run (store->db, store->save);
}

mns_rc_t statistics_crossing_add (statistics_boundary_store_t *store, const statistics_crossing_t *crossing) {
  mns_db_bind (store->cross, "tnppti", mns_code_word (&mns_basis, (mns_code_t)(crossing->basis + 1)),
               month_number (crossing->month), crossing->origin, crossing->destination,
               mns_code_word (&mns_sex, crossing->sex), crossing->value);
  return mns_db_run (store->db, store->cross);
}

mns_rc_t statistics_crossings (statistics_boundary_store_t *store, int basis, statistics_period_t period,
                               statistics_each_crossing_t each, void *context) {
  bool row;
  mns_rc_t rc;
  statistics_crossing_t crossing = {.basis = basis};
  mns_db_bind (store->crossings, "tnn", mns_code_word (&mns_basis, (mns_code_t)(basis + 1)),
               month_number (period.first), month_number (period.end - 1));
  while ((rc = mns_db_step (store->db, store->crossings, &row)) == MNS_OK && row) {
    int month;
    char sex[16];
    mns_db_read (store->crossings, "nppti", &month, &crossing.origin, &crossing.destination, sex, sizeof sex,
                 &crossing.value);
    crossing.month = statistics_month_index (month * 100 + 1);
    crossing.sex = mns_code_find (&mns_sex, sex);
    each (context, &crossing);
  }
  return rc;
}
