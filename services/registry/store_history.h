/* The past of persons in the store: table history, closed intervals only. What is so now stands in the person's row. */
#ifndef MNS_REGISTRY_STORE_HISTORY_H
#define MNS_REGISTRY_STORE_HISTORY_H

#include "services/registry/store_person.h"

/* clang-format off */
/* What may change in the course of a life and is kept by interval: V (kind, field), the same fields in both rows. */
#define REGISTRY_STANDING(V)                                                                \
  V (ID, household) V (CODE, relation) V (CODE, registration) V (CODE, marital)             \
  V (PLACE, place) V (PLACE, residence) V (CODE, status) V (ID, spouse)                     \
  V (ID, adoptive_mother) V (ID, adoptive_father)

/* A row of table history, its columns in their order. */
#define REGISTRY_HISTORY_FIELDS(F, T)                                                       \
  F (T, ID,    person,          0,                 MNS_REQUIRED, "", "")                    \
  F (T, DATE,  valid_from,      0,                 MNS_REQUIRED, "", "")                    \
  F (T, DATE,  valid_to,        0,                 MNS_REQUIRED, "", "")                    \
  F (T, ID,    begun_by,        0,                 0, "", "")                               \
  F (T, ID,    ended_by,        0,                 MNS_REQUIRED, "", "")                    \
  F (T, ID,    household,       0,                 0, "", "")                               \
  F (T, CODE,  relation,        mns_relation,      0, "", "")                               \
  F (T, CODE,  registration,    mns_registration,  0, "", "")                               \
  F (T, CODE,  marital,         mns_marital,       0, "", "")                               \
  F (T, PLACE, place,           0,                 MNS_REQUIRED, "", "")                    \
  F (T, PLACE, residence,       0,                 0, "", "")                               \
  F (T, CODE,  status,          mns_person_status, MNS_REQUIRED, "", "")                    \
  F (T, ID,    spouse,          0,                 0, "", "")                               \
  F (T, ID,    adoptive_mother, 0,                 0, "", "")                               \
  F (T, ID,    adoptive_father, 0,                 0, "", "")
/* clang-format on */
MNS_RECORD_DECLARE (history_entry, REGISTRY_HISTORY_FIELDS)

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *of_person, *last, *remove;
  sqlite3_stmt *out_of_order, *move_start, *move_end, *move_since, *correct_marital, *correct_registration;
  sqlite3_stmt *residents, *members;
} registry_past_t;

void registry_past_init (registry_past_t *past, mns_db_t *db);

/* The standing of a person, from its row into an interval that begins with its last event; and back. */
void registry_standing_of (const mns_person_entry_t *person, mns_history_entry_t *interval);
void registry_standing_put (const mns_history_entry_t *interval, mns_person_entry_t *person);

/* What stood in `old` ended on that day by that event. */
mns_rc_t registry_past_close (registry_past_t *past, const mns_person_entry_t *old, mns_date_t day, uint64_t event);

typedef mns_rc_t (*registry_each_interval_t) (void *context, const mns_history_entry_t *interval);
/* The closed intervals of a person, the oldest first. */
mns_rc_t registry_past_of (registry_past_t *past, uint64_t person, registry_each_interval_t each, void *context);
/* Takes a person's closed intervals out, to be written anew by registry_past_insert. */
mns_rc_t registry_past_remove (registry_past_t *past, uint64_t person);
mns_rc_t registry_past_insert (registry_past_t *past, const mns_history_entry_t *interval);

/* Of whom another event stands between the day of this one and that day; *person 0: of nobody. */
mns_rc_t registry_past_fits (registry_past_t *past, uint64_t event, mns_date_t day, uint64_t *person);
/* The event happened on another day than was thought: the intervals that it began and ended move with it, the present
 * one too. */
mns_rc_t registry_past_move (registry_past_t *past, uint64_t event, mns_date_t day);
/* Marital status and registration had been wrong: where the old value stood, the new one stands. */
mns_rc_t registry_past_correct (registry_past_t *past, const mns_person_entry_t *old, const mns_person_entry_t *person);

/* The register numbers above `after` of who was in an area, or in a household, at the end of a day. */
typedef struct {
  mns_place_t place;
  uint64_t household; /* 0: the area is asked for */
  mns_date_t day;
  uint64_t after;
  size_t limit;
} registry_presence_t;
typedef mns_rc_t (*registry_each_number_t) (void *context, uint64_t person);
mns_rc_t registry_past_present (registry_past_t *past, const registry_presence_t *asked, registry_each_number_t each,
                                void *context);

#endif
