/* Persons: rows by register number, found by citizen number through an index in memory. */
#include "services/assistance/store_person.h"
#include "common/text.h"
#include <string.h>

#define NUMBER_KEY 19

MNS_RECORD_DEFINE (assisted_person, 1, MNS_ASSISTED_PERSON_FIELDS, "A person assistance knows", "人员")

#define COLUMNS                                                                                                        \
  "id, name, citizen_number, sex, birth, registration, place, residence, status, status_day, status_registered"

void person_store_init (person_store_t *store, mns_db_t *db) {
  *store = (person_store_t){.db = db};
  store->put = mns_db_prepare (
      db, "INSERT INTO person (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
          " ON CONFLICT (id) DO UPDATE SET name = excluded.name, citizen_number = excluded.citizen_number,"
          " sex = excluded.sex, birth = excluded.birth, registration = excluded.registration, place = excluded.place,"
          " residence = excluded.residence, status = excluded.status, status_day = excluded.status_day,"
          " status_registered = excluded.status_registered");
  store->find = mns_db_prepare (db, "SELECT " COLUMNS " FROM person WHERE id = ?1");
  store->numbers = mns_db_prepare (db, "SELECT id, citizen_number FROM person WHERE citizen_number IS NOT NULL");
}

void person_store_fini (person_store_t *store) {
  mns_id_index_fini (&store->index);
  store->indexed = false;
}

/* ---- by number --------------------------------------------------------------------------------------------------- */

/* What two forms of one number share: the 18 characters without the check character. Anything else
 * stands for itself. */
static void number_key (const char *number, char key[NUMBER_KEY]) {
  size_t size = strlen (number);
  if (size == 15) {
    memcpy (key, number, 6);
    memcpy (key + 6, "19", 2);
    memcpy (key + 8, number + 6, 9);
    key[17] = 0;
    return;
  }
  size = size == 18 ? 17 : size;
  memcpy (key, number, size);
  key[size] = 0;
}

static void index_add (person_store_t *store, const char *number, uint64_t id) {
  char key[NUMBER_KEY];
  number_key (number, key);
  mns_id_index_add (&store->index, key, id);
}

static mns_rc_t build_index (person_store_t *store) {
  bool row;
  mns_rc_t rc;
  if (store->indexed)
    return MNS_OK;
  mns_db_bind (store->numbers, "");
  while ((rc = mns_db_step (store->db, store->numbers, &row)) == MNS_OK && row) {
    const char *number = (const char *)sqlite3_column_text (store->numbers, 1);
    if (number && strlen (number) < NUMBER_KEY)
      index_add (store, number, (uint64_t)sqlite3_column_int64 (store->numbers, 0));
  }
  store->indexed = rc == MNS_OK;
  return rc;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/* A row that is rolled back later leaves a proposal behind that nothing answers to. */
mns_rc_t person_store_put (person_store_t *store, const mns_assisted_person_t *person, mns_error_t *error) {
  if (person->id > UINT32_MAX)
    return mns_fail (error, MNS_OUT_OF_RANGE, "person", "register numbers above 4,294,967,295 are not expected");
  sqlite3_reset (store->put);
  mns_rc_t rc = mns_record_bind (&mns_assisted_person_type, person, store->put, 1);
  if (rc == MNS_OK)
    rc = mns_db_run (store->db, store->put);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "person", "%s", mns_error_en (rc));
  if (store->indexed && person->citizen_number[0])
    index_add (store, person->citizen_number, person->id);
  return MNS_OK;
}

mns_rc_t person_store_find (person_store_t *store, uint64_t id, mns_assisted_person_t *person, mns_error_t *error) {
  bool row;
  mns_db_bind (store->find, "u", id);
  mns_rc_t rc = mns_db_step (store->db, store->find, &row);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "person", "%s", mns_error_en (rc));
  if (!row)
    return mns_fail (error, MNS_NOT_FOUND, "person", "the register has told of no person with this number");
  rc = mns_record_read (&mns_assisted_person_type, person, store->find, 0, error);
  sqlite3_reset (store->find);
  return rc;
}

static bool same_number (const char *a, const char *b) {
  char key_a[NUMBER_KEY], key_b[NUMBER_KEY];
  number_key (a, key_a);
  number_key (b, key_b);
  return !strcmp (key_a, key_b);
}

static bool same_name (const char *a, const char *b) {
  char key_a[601], key_b[601];
  return mns_text_name_key (a, key_a, sizeof key_a) && mns_text_name_key (b, key_b, sizeof key_b) &&
         !strcmp (key_a, key_b);
}

mns_rc_t person_store_find_number (person_store_t *store, const char *number, const char *name,
                                   mns_assisted_person_t *person, mns_error_t *error) {
  bool known = false;
  char key[NUMBER_KEY];
  uint64_t id;
  mns_rc_t rc = build_index (store);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "citizen_number", "%s", mns_error_en (rc));
  number_key (number, key);
  mns_id_search_t search = mns_id_index_find (&store->index, key);
  while ((id = mns_id_index_next (&store->index, &search)) > 0) {
    if (person_store_find (store, id, person, NULL) != MNS_OK || !same_number (person->citizen_number, number))
      continue;
    known = true;
    if (same_name (person->name, name))
      return MNS_OK;
  }
  if (known)
    return mns_fail (error, MNS_CONFLICT, "name", "the person with this citizen number has another name");
  return mns_fail (error, MNS_NOT_FOUND, "citizen_number",
                   "nobody in the register has this citizen number, or its registration has not arrived here yet");
}
