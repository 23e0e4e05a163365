/* Households in the store. */
#include "services/registry/store_person.h"

mns_rc_t registry_household_find (registry_people_t *people, mns_place_t place, const char *key, uint64_t *id) {
  bool row;
  *id = 0;
  mns_db_bind (people->household_by_key, "pt", place, key);
  mns_rc_t rc = mns_db_step (people->db, people->household_by_key, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (people->household_by_key, "u", id);
    sqlite3_reset (people->household_by_key);
  }
  return rc;
}

mns_rc_t registry_household_get (registry_people_t *people, uint64_t id, mns_place_t *place) {
  bool row;
  *place = 0;
  mns_db_bind (people->household_get, "u", id);
  mns_rc_t rc = mns_db_step (people->db, people->household_get, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (people->household_get, "p", place);
    sqlite3_reset (people->household_get);
  }
  return rc;
}

mns_rc_t registry_household_insert (registry_people_t *people, uint64_t id, mns_place_t place, const char *key) {
  mns_db_bind (people->household_insert, "ups", id, place, key);
  return mns_db_run (people->db, people->household_insert);
}

mns_rc_t registry_household_count (registry_people_t *people, uint64_t id, int64_t *members, int64_t *heads) {
  bool row = false;
  mns_db_bind (people->household_count, "u", id);
  mns_rc_t rc = mns_db_step (people->db, people->household_count, &row);
  *members = *heads = 0;
  if (rc == MNS_OK && row)
    mns_db_read (people->household_count, "ii", members, heads);
  sqlite3_reset (people->household_count);
  return rc;
}
