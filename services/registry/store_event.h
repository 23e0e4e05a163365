/* Events and corrections in the store. */
#ifndef MNS_REGISTRY_STORE_EVENT_H
#define MNS_REGISTRY_STORE_EVENT_H

#include "common/db.h"
#include "common/records/registry_records.h"

/* clang-format off */
/* A row of table event, its columns in their order. */
#define REGISTRY_EVENT_FIELDS(F, T)                                                         \
  F (T, ID,    id,              0,                 MNS_REQUIRED, "", "")                    \
  F (T, CODE,  kind,            mns_life_event,    MNS_REQUIRED, "", "")                    \
  F (T, ID,    person,          0,                 MNS_REQUIRED, "", "")                    \
  F (T, ID,    household,       0,                 0, "", "")                               \
  F (T, PLACE, place,           0,                 MNS_REQUIRED, "", "")                    \
  F (T, PLACE, other_place,     0,                 0, "", "")                               \
  F (T, PLACE, residence,       0,                 0, "", "")                               \
  F (T, DATE,  occurred,        0,                 MNS_REQUIRED, "", "")                    \
  F (T, DATE,  registered,      0,                 MNS_REQUIRED, "", "")                    \
  F (T, CODE,  sex,             mns_sex,           MNS_REQUIRED, "", "")                    \
  F (T, DATE,  birth,           0,                 MNS_REQUIRED, "", "")                    \
  F (T, CODE,  registration,    mns_registration,  0, "", "")                               \
  F (T, CODE,  move_reason,     mns_move_reason,   0, "", "")                               \
  F (T, CODE,  mother,          mns_mother,        0, "", "")                               \
  F (T, ID,    mother_person,   0,                 0, "", "")                               \
  F (T, INT,   birth_order,     (1, 20),           0, "", "")                               \
  F (T, INT,   plurality,       (1, 9),            0, "", "")                               \
  F (T, INT,   rank,            (1, 9),            0, "", "")                               \
  F (T, CODE,  adjustment,      mns_adjustment,    0, "", "")                               \
  F (T, INT,   delta,           (-1, 1),           0, "", "")                               \
  F (T, TEXT,  certificate,     40,                MNS_PERSONAL, "", "")                    \
  F (T, TEXT,  note,            400,               0, "", "")                               \
  F (T, TEXT,  account,         48,                MNS_REQUIRED, "", "")                    \
  F (T, TIME,  recorded,        0,                 MNS_REQUIRED, "", "")                    \
  F (T, CODE,  origin,          mns_origin,        0, "", "")                               \
  F (T, CODE,  evidence,        mns_evidence,      0, "", "")                               \
  F (T, PLACE, happened_at,     0,                 0, "", "")                               \
  F (T, CODE,  death_cause,     mns_death_cause,   0, "", "")                               \
  F (T, CODE,  death_site,      mns_death_site,    0, "", "")                               \
  F (T, ID,    partner,         0,                 0, "", "")                               \
  F (T, ID,    father_person,   0,                 0, "", "")                               \
  F (T, ID,    other_household, 0,                 0, "", "")                               \
  F (T, CODE,  relation,        mns_relation,      0, "", "")                               \
  F (T, CODE,  lateness,        mns_lateness,      0, "", "")                               \
  F (T, TEXT,  approved_by,     48,                0, "", "")                               \
  F (T, PLACE, registered_place, 0,                0, "", "")                               \
  F (T, PLACE, registered_other_place, 0,          0, "", "")                          \
  F (T, PLACE, registered_residence, 0,            0, "", "")

/* A row of table correction. */
#define REGISTRY_CORRECTION_FIELDS(F, T)                                                    \
  F (T, ID,    id,              0,                 MNS_REQUIRED, "", "")                    \
  F (T, ID,    person,          0,                 MNS_REQUIRED, "", "")                    \
  F (T, ID,    event,           0,                 0, "", "")                               \
  F (T, PLACE, place,           0,                 MNS_REQUIRED, "", "")                    \
  F (T, TEXT,  field,           32,                MNS_REQUIRED, "", "")                    \
  F (T, TEXT,  old_value,       200,               MNS_PERSONAL, "", "")                    \
  F (T, TEXT,  new_value,       200,               MNS_PERSONAL, "", "")                    \
  F (T, TEXT,  reason,          200,               MNS_REQUIRED, "", "")                    \
  F (T, DATE,  registered,      0,                 MNS_REQUIRED, "", "")                    \
  F (T, TEXT,  account,         48,                MNS_REQUIRED, "", "")                    \
  F (T, TIME,  recorded,        0,                 MNS_REQUIRED, "", "")                    \
  F (T, DATE,  changed,         0,                 0, "", "")                               \
  F (T, TEXT,  approved_by,     48,                0, "", "")
/* clang-format on */
MNS_RECORD_DECLARE (event_entry, REGISTRY_EVENT_FIELDS)
MNS_RECORD_DECLARE (correction_entry, REGISTRY_CORRECTION_FIELDS)

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *get, *by_person, *by_concerned, *births_by_mother, *by_certificate, *same, *same_couple,
      *update;
  sqlite3_stmt *correction_insert, *corrections_by_person;
} registry_events_t;

void registry_events_init (registry_events_t *events, mns_db_t *db);

mns_rc_t registry_event_insert (registry_events_t *events, const mns_event_entry_t *event);
mns_rc_t registry_event_update (registry_events_t *events, const mns_event_entry_t *event);
mns_rc_t registry_event_get (registry_events_t *events, uint64_t id, mns_event_entry_t *event, mns_error_t *error);

/* The event of that person, kind, day and place; *id 0 when there is none. */
mns_rc_t registry_event_same (registry_events_t *events, uint64_t person, mns_code_t kind, mns_date_t occurred,
                              mns_place_t place, uint64_t *id);
/* The marriage or divorce of these two on that day, whoever of them it was entered for; `partner` 0: of the one. */
mns_rc_t registry_event_same_couple (registry_events_t *events, uint64_t person, uint64_t partner, mns_code_t kind,
                                     mns_date_t occurred, uint64_t *id);
/* Another person's event of this kind with this certificate number; 0 when there is none. */
mns_rc_t registry_event_by_certificate (registry_events_t *events, mns_code_t kind, const char *certificate,
                                        uint64_t *person);

/* The events of a person in the order in which they happened, at most
 * REGISTRY_EVENTS_MAX. */
#define REGISTRY_EVENTS_MAX 64
mns_rc_t registry_events_of_person (registry_events_t *events, uint64_t person,
                                    mns_event_entry_t found[REGISTRY_EVENTS_MAX], size_t *count);
/* With those of husband or wife that concern the person: marriage, divorce, death. */
mns_rc_t registry_events_concerning (registry_events_t *events, uint64_t person,
                                     mns_event_entry_t found[REGISTRY_EVENTS_MAX], size_t *count);
/* The births of which that person was the mother, in the order of their numbers; as many at most. */
mns_rc_t registry_births_of_mother (registry_events_t *events, uint64_t mother,
                                    mns_event_entry_t found[REGISTRY_EVENTS_MAX], size_t *count);

mns_rc_t registry_correction_insert (registry_events_t *events, const mns_correction_entry_t *correction);
typedef mns_rc_t (*registry_each_correction_t) (void *context, const mns_correction_entry_t *correction);
mns_rc_t registry_corrections_of_person (registry_events_t *events, uint64_t person, registry_each_correction_t each,
                                         void *context);

#endif
