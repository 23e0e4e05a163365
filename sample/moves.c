/* Moves over the county's border, and the register check of 31 December 2025.
 *
 * Movers out are of the baseline, most of them young and none the head of a family; movers in and omitted persons are
 * new, and most join a household that fits their age. */
#include "common/records/assistance_records.h"
#include "sample/bands.h"
#include "sample/pool.h"

#define NOTICE_DAYS 10 /* at most, from the move to its registration, within the half */

enum { WORK = 1, STUDY, MARRIAGE, FAMILY, RELOCATION, OTHER }; /* codes of move_reason */

/* What one kind of move looks like. Ages are on the baseline's day. */
typedef struct {
  uint8_t reason, sex, age_first, age_last; /* sex 0: either */
  uint32_t weight_out, weight_in;
  bool joins; /* a household that is there; none of the others is a child */
} habit_t;

static const habit_t habits[] = {
    {MARRIAGE, MNS_FEMALE, 20, 33, 34, 46, true},
    {MARRIAGE, MNS_MALE, 22, 36, 3, 4, true},
    {WORK, 0, 20, 45, 26, 12, false},
    {STUDY, 0, 17, 21, 15, 1, false},
    {FAMILY, 0, 4, 70, 12, 24, true},
    {RELOCATION, 0, 25, 60, 7, 8, false},
    {OTHER, 0, 18, 70, 3, 5, false},
};
#define HABITS (sizeof habits / sizeof habits[0])

/* Omitted persons: children before all. */
static const habit_t omissions[] = {
    {0, 0, 0, 14, 0, 45, true}, {0, 0, 15, 60, 0, 45, true}, {0, 0, 61, 85, 0, 10, true}};
#define OMISSIONS (sizeof omissions / sizeof omissions[0])

static const habit_t *pick_habit (sample_random_t *random, const habit_t *rows, size_t count, bool out) {
  uint32_t weights[HABITS];
  for (size_t i = 0; i < count; i++)
    weights[i] = out ? rows[i].weight_out : rows[i].weight_in;
  return &rows[sample_weighted (random, weights, count)];
}

static void draw_days (sample_county_t *county, int half, sample_event_t *event) {
  mns_date_t last = sample_halves[half].last;
  event->occurred = sample_day_between (&county->random, sample_halves[half].first, last);
  event->registered = mns_date_add_days (event->occurred, (int32_t)sample_below (&county->random, NOTICE_DAYS + 1));
  if (event->registered > last)
    event->registered = last;
}

/* ---- out --------------------------------------------------------------------------------------------------------- */

static bool may_leave (const sample_county_t *county, const sample_person_t *person, const void *context) {
  const sample_household_t *household = &county->households[person->household];
  const sample_person_t *next = &county->persons[household->head + 1];
  bool head = &county->persons[household->head] == person;
  bool alone = household->head + 1 == county->baseline || next->household != person->household;
  (void)context;
  return !head || alone;
}

static void add_out (sample_county_t *county, int half, uint32_t person, uint8_t reason) {
  if (person == SAMPLE_NONE)
    return;
  sample_event_t *event = sample_event_add (county, MNS_MOVE_OUT, person, 0, 0);
  draw_days (county, half, event);
  event->cause = reason;
  event->elsewhere = sample_elsewhere_any (county);
  county->persons[person].fate = SAMPLE_EXIT;
}

/* Behind the opening's day, which is the first of the half. */
static void add_recipients_out (sample_county_t *county, uint32_t *left) {
  for (uint32_t i = 0; i<county->recipient_count && * left> 0; i++) {
    if (county->recipients[i].exit != MNS_EXIT_MOVED)
      continue;
    add_out (county, SAMPLE_THIRD, county->recipients[i].person, FAMILY);
    sample_event_t *event = &county->events[county->event_count - 1];
    if (event->occurred == SAMPLE_OPENING)
      event->occurred = mns_date_add_days (SAMPLE_OPENING, 1);
    if (event->registered < event->occurred)
      event->registered = event->occurred;
    (*left)--;
  }
}

static void add_all_out (sample_county_t *county, sample_pool_t *pool, int half) {
  uint32_t left = county->figures.flows[half].moves_out;
  if (half == SAMPLE_THIRD)
    add_recipients_out (county, &left);
  for (; left > 0; left--) {
    const habit_t *habit = pick_habit (&county->random, habits, HABITS, true);
    uint32_t age = sample_between (&county->random, habit->age_first, habit->age_last);
    add_out (county, half, sample_pool_take (pool, habit->sex, age, may_leave, NULL, SAMPLE_EXIT), habit->reason);
  }
}

/* ---- in, and omitted --------------------------------------------------------------------------------------------- */

/* Anyone of the baseline who is registered here: newcomers are as likely where many people are. */
static const sample_person_t *anyone (sample_county_t *county) {
  const sample_person_t *person;
  do
    person = &county->persons[sample_below (&county->random, county->baseline)];
  while (person->fate == SAMPLE_INCOMER || person->fate == SAMPLE_DUPLICATE);
  return person;
}

/* Finds a household whose head the newcomer can be a relative of; after a few tries any will do. */
static void find_home (sample_county_t *county, sample_person_t *facts, bool by_marriage) {
  const uint8_t other = (uint8_t)mns_code_find (&mns_relation, "97");
  for (int tries = 0; tries < 12; tries++) {
    const sample_person_t *by = anyone (county);
    facts->household = by->household;
    facts->village = by->village;
    facts->relation = sample_relation_fit (county, by->household, facts->birth, facts->sex, by_marriage);
    if (facts->relation != other)
      return;
  }
}

static void found_home (sample_county_t *county, sample_person_t *facts) {
  facts->village = anyone (county)->village;
  facts->household = SAMPLE_NONE;
  facts->relation = (uint8_t)mns_code_find (&mns_relation, "02");
}

static uint8_t marital_of (sample_random_t *random, const habit_t *habit, uint32_t age) {
  bool married = habit->reason == MARRIAGE || (age >= 24 && sample_below (random, 100) < 80);
  return (uint8_t)mns_code_find (&mns_marital, married ? "20" : "10");
}

static sample_event_t *add_newcomer (sample_county_t *county, const habit_t *habit, uint8_t kind, bool arrived) {
  uint32_t age = sample_between (&county->random, habit->age_first, habit->age_last);
  sample_person_t facts = {.ethnic = 1, .arrived = arrived};
  facts.sex = habit->sex != 0 ? habit->sex : (uint8_t)(MNS_MALE + sample_below (&county->random, 2));
  facts.birth = sample_day_in_year (&county->random, SAMPLE_EFFECTIVE / 10000 - 1 - (int)age);
  facts.marital = marital_of (&county->random, habit, age);
  if (habit->joins)
    find_home (county, &facts, habit->reason == MARRIAGE);
  else
    found_home (county, &facts);
  uint32_t person = sample_person_add (county, &facts, SAMPLE_NONE, true);
  sample_event_t *event = sample_event_add (county, kind, person, SAMPLE_ADJUSTED, SAMPLE_ADJUSTED);
  event->household = facts.household;
  return event;
}

static void add_all_in (sample_county_t *county, int half) {
  for (uint32_t i = 0; i < county->figures.flows[half].moves_in; i++) {
    const habit_t *habit = pick_habit (&county->random, habits, HABITS, false);
    sample_event_t *event = add_newcomer (county, habit, MNS_MOVE_IN, true);
    draw_days (county, half, event);
    event->cause = habit->reason;
    event->elsewhere = sample_elsewhere_any (county);
  }
}

static void adjust (sample_county_t *county) {
  for (uint32_t i = 0; i < county->figures.omitted; i++)
    add_newcomer (county, pick_habit (&county->random, omissions, OMISSIONS, false), MNS_ADJUSTMENT, false)->cause =
        MNS_OMITTED;
  for (uint32_t i = 0; i < county->baseline; i++)
    if (county->persons[i].fate == SAMPLE_DUPLICATE)
      sample_event_add (county, MNS_ADJUSTMENT, i, SAMPLE_ADJUSTED, SAMPLE_ADJUSTED)->cause = MNS_DUPLICATE;
}

void sample_moves_make (sample_county_t *county) {
  sample_pool_t pool;
  sample_pool_init (&pool, county, sample_anybody, NULL);
  for (int half = SAMPLE_FIRST; half < SAMPLE_HALVES; half++) {
    add_all_in (county, half);
    add_all_out (county, &pool, half);
  }
  adjust (county);
  sample_pool_fini (&pool);
}
