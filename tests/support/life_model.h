/* A simple model of the register, to hold against it: each person is a list of changes, and what was so on a day is
 * found by going through them in the order in which they happened. No intervals, no restatements, no figures that are
 * kept. */
#ifndef MNS_TESTS_SUPPORT_LIFE_MODEL_H
#define MNS_TESTS_SUPPORT_LIFE_MODEL_H

#include "common/records/registry_records.h"
#include "tests/support/life_history.h"

#define LIFE_CHANGES_MAX 64

/* A person on a day; status 0: not in the register yet. */
typedef struct {
  mns_code_t status, marital;
  mns_place_t place;
  uint64_t household, spouse, adoptive_mother, adoptive_father;
} life_state_t;

/* `own`: an event of this person; otherwise that of husband, wife or household. Only what it sets is changed. */
typedef struct {
  int step;
  mns_code_t event, adjustment;
  mns_date_t day, registered;
  int64_t order; /* of a birth */
  bool own, sets_place, sets_household, sets_marital, sets_status, sets_adoption;
  bool may_set_relation; /* to the head of the household, which the model does not know */
  life_state_t to;
} life_change_t;

typedef struct {
  int number;
  uint64_t id;
  mns_code_t sex;
  size_t count;
  life_change_t changes[LIFE_CHANGES_MAX]; /* in the order in which they happened */
} life_person_t;

typedef struct {
  size_t count, room;
  life_person_t *persons; /* by their numbers */
  struct {
    uint64_t id;
    mns_place_t place;
  } * households;
  size_t household_count;
} life_model_t;

void life_model_init (life_model_t *model);
void life_model_fini (life_model_t *model);

life_person_t *life_person_add (life_model_t *model, int number, uint64_t id, mns_code_t sex);
life_person_t *life_person_find (const life_model_t *model, int number); /* NULL: nobody */
life_person_t *life_person_by_id (const life_model_t *model, uint64_t id);

/* Puts a change where it belongs: behind all of its day. */
void life_change_add (life_person_t *person, const life_change_t *change);
/* Whether something else happens on that day to somebody whom the step concerns. */
bool life_day_taken (const life_model_t *model, int step, mns_date_t day);
/* Takes what the step changed to another day: for everybody, but of people who moved together for the one. */
void life_redate (life_model_t *model, life_person_t *person, int step, mns_date_t day);

life_state_t life_state_at (const life_person_t *person, mns_date_t day);
/* The state behind the first `count` changes. */
life_state_t life_state_after (const life_person_t *person, size_t count);
mns_date_t life_last_day (const life_person_t *person, bool own); /* 0: nothing happened since the start */

void life_household_note (life_model_t *model, uint64_t id, mns_place_t place);
mns_place_t life_household_place (const life_model_t *model, uint64_t id); /* 0: there is none */

typedef enum { LIFE_REFUSED, LIFE_ALLOWED, LIFE_OPEN } life_verdict_t;

/* What the register should say to a change of place or marriage that comes after later ones; LIFE_OPEN: the model does
 * not know relations to the head, on which it depends. */
life_verdict_t life_move_verdict (const life_person_t *person, mns_date_t day, mns_place_t to);
bool life_joins_it_later (const life_person_t *person, mns_date_t day, uint64_t household);
bool life_marital_changed_since (const life_person_t *person, mns_date_t day);
bool life_adoption_changed_since (const life_person_t *person, mns_date_t day);
/* Somebody became head, or was adopted, in the household of that day since: the relation may be another. */
bool life_relation_open_since (const life_person_t *person, mns_date_t day);
/* The marital status after a marriage; 0: not possible. */
mns_code_t life_married (const life_person_t *person, mns_date_t day, uint64_t to);
bool life_is_married (mns_code_t marital);

/* The figures of an area over the months from … to, of one sex. */
typedef struct {
  int64_t baseline, births[4], deaths, in, out, omitted, duplicate;
} life_tally_t;
void life_model_tally (const life_model_t *model, mns_place_t area, mns_code_t sex, int from, int to,
                       bool by_registration, life_tally_t *tally);

#endif
