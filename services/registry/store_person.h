/* Persons and households in the store. Statements are prepared once; every function runs in the turn's transaction.
 *
 * There is no SQL index on the citizen number: it comes in random order, and each turn of a load would write most of
 * the index again. A table in memory proposes the rows instead (common/id_index.h); it is filled at start. */
#ifndef MNS_REGISTRY_STORE_PERSON_H
#define MNS_REGISTRY_STORE_PERSON_H

#include "common/db.h"
#include "common/id_index.h"
#include "common/records/registry_records.h"

/* clang-format off */
/* A row of table person, its columns in their order. */
#define REGISTRY_PERSON_FIELDS(F, T)                                                        \
  F (T, ID,    id,              0,                 MNS_REQUIRED, "", "")                    \
  F (T, ID,    household,       0,                 MNS_REQUIRED, "", "")                    \
  F (T, TEXT,  citizen_number,  18,                MNS_PERSONAL, "", "")                    \
  F (T, TEXT,  name,            200,               MNS_REQUIRED | MNS_PERSONAL, "", "")     \
  F (T, CODE,  sex,             mns_sex,           MNS_REQUIRED, "", "")                    \
  F (T, DATE,  birth,           0,                 MNS_REQUIRED, "", "")                    \
  F (T, CODE,  ethnic,          mns_ethnic,        0, "", "")                               \
  F (T, CODE,  marital,         mns_marital,       0, "", "")                               \
  F (T, CODE,  relation,        mns_relation,      0, "", "")                               \
  F (T, CODE,  registration,    mns_registration,  0, "", "")                               \
  F (T, PLACE, place,           0,                 MNS_REQUIRED, "", "")                    \
  F (T, PLACE, residence,       0,                 0, "", "")                               \
  F (T, CODE,  status,          mns_person_status, MNS_REQUIRED, "", "")                    \
  F (T, DATE,  since,           0,                 0, "", "")                               \
  F (T, ID,    mother,          0,                 0, "", "")                               \
  F (T, ID,    entry_event,     0,                 0, "", "")                               \
  F (T, DATE,  entry_day,       0,                 0, "", "")                               \
  F (T, PLACE, entry_place,     0,                 0, "", "")                               \
  F (T, PLACE, entry_residence, 0,                 0, "", "")                               \
  F (T, TEXT,  native_name,     200,               MNS_PERSONAL, "", "")                    \
  F (T, CODE,  birth_precision, mns_precision,     0, "", "")                               \
  F (T, CODE,  birth_calendar,  mns_calendar,      0, "", "")                               \
  F (T, TEXT,  birth_text,      80,                MNS_PERSONAL, "", "")                    \
  F (T, ID,    father,          0,                 0, "", "")                               \
  F (T, ID,    spouse,          0,                 0, "", "")                               \
  F (T, ID,    adoptive_mother, 0,                 0, "", "")                               \
  F (T, ID,    adoptive_father, 0,                 0, "", "")
/* clang-format on */
MNS_RECORD_DECLARE (person_entry, REGISTRY_PERSON_FIELDS)
#define REGISTRY_NAME_COLUMN 3
#define REGISTRY_PERSON_COLUMNS                                                                                        \
  "id, household, citizen_number, name, sex, birth, ethnic, marital, relation, registration, place, residence, "       \
  "status, since, mother, entry_event, entry_day, entry_place, entry_residence, native_name, birth_precision, "        \
  "birth_calendar, birth_text, father, spouse, adoptive_mother, adoptive_father"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *update_life, *update_standing, *update_facts;
  sqlite3_stmt *get, *numbers, *by_birth, *born_between, *by_mother, *by_household;
  sqlite3_stmt *household_insert, *household_by_key, *household_get;
  sqlite3_stmt *household_count;
  mns_id_index_t by_number;
} registry_people_t;

void registry_people_init (registry_people_t *people, mns_db_t *db);
void registry_people_fini (registry_people_t *people);
/* Fills the table of citizen numbers: before any other question. */
mns_rc_t registry_people_fill (registry_people_t *people, mns_error_t *error);

/* Numbers for rows that are inserted one by one: begun at the counter, taken from it in one step at the end, so that
 * they stay dense however many rows turn out to be refused. */
typedef struct {
  const char *counter;
  uint64_t first, next;
} registry_ids_t;
mns_rc_t registry_ids_begin (registry_people_t *people, registry_ids_t *ids, const char *counter);
mns_rc_t registry_ids_end (registry_people_t *people, const registry_ids_t *ids);

mns_rc_t registry_person_insert (registry_people_t *people, const mns_person_entry_t *person);
/* status and since */
mns_rc_t registry_person_update_life (registry_people_t *people, const mns_person_entry_t *person);
/* Everything that may change in the course of a life (store_history.h), and since. */
mns_rc_t registry_person_update_standing (registry_people_t *people, const mns_person_entry_t *person);
/* what a correction can change, and since */
mns_rc_t registry_person_update_facts (registry_people_t *people, const mns_person_entry_t *person);

/* MNS_NOT_FOUND when there is no such person; `error` may be NULL. */
mns_rc_t registry_person_get (registry_people_t *people, uint64_t id, mns_person_entry_t *person, mns_error_t *error);

/* Up to REGISTRY_FOUND_MAX persons, in the order of their numbers. */
#define REGISTRY_FOUND_MAX 16
typedef struct {
  size_t count;
  mns_person_entry_t persons[REGISTRY_FOUND_MAX];
} registry_found_t;
mns_rc_t registry_people_by_number (registry_people_t *people, const char *number, registry_found_t *found);
/* False: nobody but that person has the number; known without a look into the store. */
bool registry_number_may_be_shared (const registry_people_t *people, const char *number, uint64_t person);
/* Registered in `place`, born on that day, with that name (by its key). */
mns_rc_t registry_people_by_birth (registry_people_t *people, mns_place_t place, mns_date_t birth, const char *name,
                                   registry_found_t *found);
/* Registered in `place`, born from … to, both included. */
mns_rc_t registry_people_born (registry_people_t *people, mns_place_t place, mns_date_t from, mns_date_t to,
                               registry_found_t *found);
/* Children of that mother, the removed ones left out. */
mns_rc_t registry_people_by_mother (registry_people_t *people, uint64_t mother, registry_found_t *found);

/* What is done with each person of a list. */
typedef mns_rc_t (*registry_each_t) (void *context, const mns_person_entry_t *person);

/* *id 0: there is none. */
mns_rc_t registry_household_find (registry_people_t *people, mns_place_t place, const char *key, uint64_t *id);
mns_rc_t registry_household_get (registry_people_t *people, uint64_t id, mns_place_t *place);
mns_rc_t registry_household_insert (registry_people_t *people, uint64_t id, mns_place_t place, const char *key);

/* Those present in the household, and how many of them are its head. */
mns_rc_t registry_household_count (registry_people_t *people, uint64_t id, int64_t *members, int64_t *heads);

#endif
