/* Persons in the store. */
#include "services/registry/store_person.h"

#include "services/registry/rules_duplicate.h"
#include "services/registry/store_sql.h"
#include <inttypes.h>
#include <string.h>

MNS_RECORD_DEFINE (person_entry, 1, REGISTRY_PERSON_FIELDS, "A row of table person", "人员行")

#define COLUMNS REGISTRY_PERSON_COLUMNS

/* Every column of the record, and name_key, which is made from the name: parameter 4. */
#define NAME_KEY "mns_name_key (?4)"
_Static_assert(REGISTRY_NAME_COLUMN == 3, "the name is parameter 4");

static sqlite3_stmt *prepare (mns_db_t *db, const char *begin, const char *between, const char *end) {
  mns_buffer_t sql = {0};
  mns_buffer_printf (&sql, "%s (", begin);
  mns_record_columns (&mns_person_entry_type, &sql);
  mns_buffer_printf (&sql, ", name_key) %s (", between);
  mns_record_placeholders (&mns_person_entry_type, 1, &sql);
  mns_buffer_printf (&sql, ", " NAME_KEY ") %s", end);
  mns_buffer_add (&sql, "", 1);
  sqlite3_stmt *statement = mns_db_prepare (db, (const char *)sql.data);
  mns_buffer_fini (&sql);
  return statement;
}

static sqlite3_stmt *prepare_insert (mns_db_t *db) {
  return prepare (db, "INSERT INTO person", "VALUES", "");
}

static sqlite3_stmt *prepare_update (mns_db_t *db) {
  return prepare (db, "UPDATE person SET", "=", "WHERE id = ?1");
}

void registry_people_init (registry_people_t *people, mns_db_t *db) {
  *people = (registry_people_t){
      .db = db,
      .insert = prepare_insert (db),
      .update_life = mns_db_prepare (db, "UPDATE person SET status = ?2, since = ?3 WHERE id = ?1"),
      .update_standing =
          mns_db_prepare (db, "UPDATE person SET household = ?2, relation = ?3, registration = ?4, place = ?5, "
                              "residence = ?6, status = ?7, since = ?8, marital = ?9, spouse = ?10, "
                              "adoptive_mother = ?11, adoptive_father = ?12 WHERE id = ?1"),
      .update_facts = prepare_update (db),
      .get = mns_db_prepare (db, "SELECT " COLUMNS " FROM person WHERE id = ?1"),
      .numbers = mns_db_prepare (db, "SELECT id, citizen_number FROM person WHERE citizen_number IS NOT NULL"),
      .by_birth = mns_db_prepare (db, "SELECT " COLUMNS " FROM person WHERE place = ?1 AND birth = ?2 ORDER BY id"),
      .born_between = mns_db_prepare (db, "SELECT " COLUMNS " FROM person WHERE place = ?1 AND birth BETWEEN ?2 AND ?3 "
                                          "ORDER BY birth, id"),
      .by_mother = mns_db_prepare (db, "SELECT " COLUMNS " FROM person WHERE mother = ?1 AND status <> 'removed' "
                                       "ORDER BY id"),
      .by_household =
          mns_db_prepare (db, "SELECT " COLUMNS " FROM person WHERE household = ?1 AND id > ?2 ORDER BY id"),
      .household_insert = mns_db_prepare (db, "INSERT INTO household (id, place, key) VALUES (?1, ?2, ?3)"),
      .household_by_key = mns_db_prepare (db, "SELECT id FROM household WHERE place = ?1 AND key = ?2"),
      .household_get = mns_db_prepare (db, "SELECT place FROM household WHERE id = ?1"),
      .household_count = mns_db_prepare (db, "SELECT count (*), count (*) FILTER (WHERE relation = '02') FROM person "
                                             "WHERE household = ?1 AND status = 'present'"),
  };
}

void registry_people_fini (registry_people_t *people) {
  mns_id_index_fini (&people->by_number);
}

static mns_rc_t index_number (registry_people_t *people, uint64_t id, const char *number) {
  if (id == 0 || id > UINT32_MAX)
    return MNS_OUT_OF_RANGE;
  if (number && *number)
    mns_id_index_add (&people->by_number, number, id);
  return MNS_OK;
}

mns_rc_t registry_people_fill (registry_people_t *people, mns_error_t *error) {
  bool row = true;
  mns_rc_t rc = MNS_OK;
  sqlite3_stmt *numbers = people->numbers;
  mns_db_bind (numbers, "");
  while (rc == MNS_OK && (rc = mns_db_step (people->db, numbers, &row)) == MNS_OK && row)
    rc = index_number (people, (uint64_t)sqlite3_column_int64 (numbers, 0),
                       (const char *)sqlite3_column_text (numbers, 1));
  sqlite3_reset (numbers);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "person", "the citizen numbers cannot be read: %s", mns_error_en (rc));
  return MNS_OK;
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

mns_rc_t registry_ids_begin (registry_people_t *people, registry_ids_t *ids, const char *counter) {
  uint64_t taken;
  mns_rc_t rc = mns_db_taken (people->db, counter, &taken);
  *ids = (registry_ids_t){.counter = counter, .first = taken + 1, .next = taken + 1};
  return rc;
}

mns_rc_t registry_ids_end (registry_people_t *people, const registry_ids_t *ids) {
  uint64_t first;
  if (ids->next == ids->first)
    return MNS_OK;
  return mns_db_take (people->db, ids->counter, (int64_t)(ids->next - ids->first), &first);
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

mns_rc_t registry_person_insert (registry_people_t *people, const mns_person_entry_t *person) {
  mns_rc_t rc = mns_record_bind (&mns_person_entry_type, person, people->insert, 1);
  if (rc == MNS_OK)
    rc = mns_db_run (people->db, people->insert);
  return rc == MNS_OK ? index_number (people, person->id, person->citizen_number) : rc;
}

mns_rc_t registry_person_update_life (registry_people_t *people, const mns_person_entry_t *person) {
  mns_db_bind (people->update_life, "utd", person->id, mns_code_word (&mns_person_status, person->status),
               person->since);
  return mns_db_run (people->db, people->update_life);
}

mns_rc_t registry_person_update_standing (registry_people_t *people, const mns_person_entry_t *person) {
  mns_db_bind (people->update_standing, "uussppsdsuuu", person->id, person->household,
               mns_code_word (&mns_relation, person->relation), mns_code_word (&mns_registration, person->registration),
               person->place, person->residence, mns_code_word (&mns_person_status, person->status), person->since,
               mns_code_word (&mns_marital, person->marital), person->spouse, person->adoptive_mother,
               person->adoptive_father);
  return mns_db_run (people->db, people->update_standing);
}

mns_rc_t registry_person_update_facts (registry_people_t *people, const mns_person_entry_t *person) {
  mns_rc_t rc = mns_record_bind (&mns_person_entry_type, person, people->update_facts, 1);
  if (rc == MNS_OK)
    rc = mns_db_run (people->db, people->update_facts);
  return rc == MNS_OK ? index_number (people, person->id, person->citizen_number) : rc;
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

mns_rc_t registry_person_get (registry_people_t *people, uint64_t id, mns_person_entry_t *person, mns_error_t *error) {
  bool row = false;
  mns_db_bind (people->get, "u", id);
  mns_rc_t rc = mns_db_step (people->db, people->get, &row);
  if (rc == MNS_OK && row)
    rc = mns_record_read (&mns_person_entry_type, person, people->get, 0, error);
  sqlite3_reset (people->get);
  if (rc == MNS_OK && !row)
    return mns_fail (error, MNS_NOT_FOUND, "person", "nobody has the register number %" PRIu64, id);
  return rc;
}

/* The persons a statement gives, only those of that name unless it is NULL: names are compared before rows are read. */
static mns_rc_t collect (registry_people_t *people, sqlite3_stmt *statement, const char *name,
                         registry_found_t *found) {
  bool row;
  mns_rc_t rc = MNS_OK;
  found->count = 0;
  while (rc == MNS_OK && found->count < REGISTRY_FOUND_MAX) {
    rc = mns_db_step (people->db, statement, &row);
    if (rc != MNS_OK || !row)
      break;
    const char *stored = (const char *)sqlite3_column_text (statement, REGISTRY_NAME_COLUMN);
    if (name && stored && !registry_name_equal (stored, name))
      continue;
    rc = mns_record_read (&mns_person_entry_type, &found->persons[found->count++], statement, 0, NULL);
  }
  sqlite3_reset (statement);
  return rc;
}

/* Puts the person where its number belongs in the order, the last one out when there are too many. */
static void keep_in_order (registry_found_t *found, const mns_person_entry_t *person) {
  size_t at = found->count;
  while (at > 0 && found->persons[at - 1].id > person->id)
    at--;
  if (at == REGISTRY_FOUND_MAX)
    return;
  found->count += found->count < REGISTRY_FOUND_MAX;
  memmove (&found->persons[at + 1], &found->persons[at], (found->count - 1 - at) * sizeof *person);
  found->persons[at] = *person;
}

mns_rc_t registry_people_by_number (registry_people_t *people, const char *number, registry_found_t *found) {
  mns_person_entry_t person;
  mns_id_search_t search = mns_id_index_find (&people->by_number, number);
  uint64_t id;
  found->count = 0;
  while ((id = mns_id_index_next (&people->by_number, &search)) > 0) {
    mns_rc_t rc = registry_person_get (people, id, &person, NULL);
    if (rc == MNS_OK && strcmp (person.citizen_number, number) == 0)
      keep_in_order (found, &person);
    else if (rc != MNS_OK && rc != MNS_NOT_FOUND)
      return rc;
  }
  return MNS_OK;
}

bool registry_number_may_be_shared (const registry_people_t *people, const char *number, uint64_t person) {
  mns_id_search_t search = mns_id_index_find (&people->by_number, number);
  uint64_t id;
  while ((id = mns_id_index_next (&people->by_number, &search)) > 0)
    if (id != person)
      return true;
  return false;
}

mns_rc_t registry_people_by_birth (registry_people_t *people, mns_place_t place, mns_date_t birth, const char *name,
                                   registry_found_t *found) {
  mns_db_bind (people->by_birth, "pd", place, birth);
  return collect (people, people->by_birth, name, found);
}

mns_rc_t registry_people_born (registry_people_t *people, mns_place_t place, mns_date_t from, mns_date_t to,
                               registry_found_t *found) {
  mns_db_bind (people->born_between, "pdd", place, from, to);
  return collect (people, people->born_between, NULL, found);
}

mns_rc_t registry_people_by_mother (registry_people_t *people, uint64_t mother, registry_found_t *found) {
  mns_db_bind (people->by_mother, "u", mother);
  return collect (people, people->by_mother, NULL, found);
}
