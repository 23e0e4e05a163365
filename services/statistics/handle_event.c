/* Events of the registry: each becomes one kind of fact, is folded, and its contributions are added to the cube. */
#include "common/records/place.h"
#include "services/statistics/carry.h"

/* The facts that every life event has, in the shape of a restatement that adds. */
#define FACT(kind, told)                                                                                               \
  .sign = 1, .event_kind = (kind), .event = (told)->event, .sex = (told)->sex, .birth = (told)->birth,                 \
  .place = (told)->place, .residence = (told)->residence, .occurred = (told)->occurred,                                \
  .registered = (told)->registered, .birth_order = MNS_NONE, .plurality = MNS_NONE, .rank = MNS_NONE,                  \
  .delta = MNS_NONE, .registered_place = (told)->registered_place,                                                     \
  .registered_residence = (told)->registered_residence

static mns_rc_t too_many_series (mns_error_t *error) {
  return mns_fail (error, MNS_TOO_LARGE, "series", "more than %d kinds of counts", STATISTICS_SERIES_MAX);
}

static int series_of (statistics_t *state, const statistics_contribution_t *item) {
  uint16_t *known =
      &state->series[item->measure][item->kind % STATISTICS_DIMENSION_CODES][item->part % STATISTICS_DIMENSION_CODES];
  if (*known == 0) {
    char dimension[MNS_DIMENSION_MAX + 1];
    statistics_dimension_format (item->measure, item->kind, item->part, dimension);
    *known = (uint16_t)(statistics_cube_series (state->cube, item->measure, dimension) + 1);
  }
  return *known - 1;
}

static void count_ages (statistics_t *state, int place, const statistics_counted_t *counted, int month) {
  statistics_age_count_t counts[STATISTICS_AGES_MAX];
  int count = statistics_fold_ages (counted->fact, counted->item, counts);
  for (int i = 0; i < count; i++)
    statistics_cube_add_age (state->cube, place, counted->item->except, counted->basis, month, counts[i]);
}

/* Who comes on a day is there for the days of the month that follow it. */
static mns_rc_t count_days (statistics_t *state, mns_error_t *error, int place, const statistics_counted_t *counted,
                            int month, int days_left) {
  const statistics_contribution_t *item = counted->item;
  statistics_contribution_t stock = {.measure = STATISTICS_STOCK_DAYS, .kind = (uint8_t)counted->fact->sex};
  int change = statistics_measure_sign (item->measure) * item->value;
  if (change == 0 || days_left == 0)
    return MNS_OK;
  int series = series_of (state, &stock);
  if (series < 0)
    return too_many_series (error);
  statistics_cube_add (state->cube, place, item->except, counted->basis, series, month, change * days_left,
                       counted->revision);
  return MNS_OK;
}

static mns_rc_t count_item (statistics_t *state, mns_error_t *error, const statistics_counted_t *counted, int month,
                            int days_left) {
  const statistics_contribution_t *item = counted->item;
  int series = series_of (state, item), place = statistics_cube_place (state->cube, item->place);
  if (series < 0)
    return too_many_series (error);
  statistics_cube_add (state->cube, place, item->except, counted->basis, series, month, item->value, counted->revision);
  count_ages (state, place, counted, month);
  mns_rc_t rc = count_days (state, error, place, counted, month, days_left);
  return rc == MNS_OK && state->boundaries.count ? statistics_carry_on (state, counted, error) : rc;
}

/* A move between two villages, for those who ask in other boundaries. */
static mns_rc_t count_crossing (statistics_t *state, const mns_restatement_t *fact, int basis, int month) {
  statistics_crossing_t crossing = {.basis = basis,
                                    .month = month,
                                    .origin = fact->other_place,
                                    .destination = fact->place,
                                    .sex = fact->sex,
                                    .value = fact->sign};
  return fact->event_kind == MNS_MOVE_WITHIN ? statistics_crossing_add (&state->boundary_store, &crossing) : MNS_OK;
}

/* By date of registration an event counts where its place lies on that day. */
static mns_restatement_t fact_on (const statistics_t *state, const mns_restatement_t *fact, int basis) {
  mns_restatement_t at = *fact;
  const statistics_link_t *link;
  if (basis + 1 == MNS_BY_OCCURRENCE)
    return at;
  if (fact->registered_residence)
    at.residence = fact->registered_residence;
  for (mns_date_t after = fact->occurred;
       at.residence && !fact->registered_residence &&
       (link = statistics_boundaries_next (&state->boundaries, at.residence, after, fact->registered, 0)) != NULL;
       after = link->day)
    at.residence = link->successor;
  if (fact->registered_place)
    at.place = fact->registered_place;
  if (fact->registered_other_place)
    at.other_place = fact->registered_other_place;
  at.registered_place = at.registered_residence = 0;
  return at;
}

/* `crosses`: moves between two villages are kept as well. */
static mns_rc_t count_fact (statistics_t *state, const mns_restatement_t *fact, uint64_t revision, bool crosses,
                            statistics_fold_t *fold, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  bool differs = fact->occurred != fact->registered && state->boundaries.count > 0;
  state->cube->record_key = statistics_record_key (&state->secret, fact->event);
  for (int basis = 0; rc == MNS_OK && basis < STATISTICS_BASES; basis++) {
    mns_restatement_t at = differs ? fact_on (state, fact, basis) : *fact;
    statistics_counted_t counted = {.fact = &at, .basis = basis, .revision = revision};
    if (basis == 0 || differs)
      rc = statistics_fold_life (&at, statistics_county_of (state, &at), fold, error);
    for (size_t i = 0; rc == MNS_OK && i < fold->count; i++) {
      counted.item = &fold->items[i];
      rc = count_item (state, error, &counted, fold->month[basis], fold->days_left[basis]);
    }
    if (rc == MNS_OK && crosses)
      rc = count_crossing (state, &at, basis, fold->month[basis]);
  }
  return rc;
}

mns_rc_t statistics_count_fact (statistics_t *state, const mns_restatement_t *fact, uint64_t revision,
                                mns_error_t *error) {
  statistics_fold_t fold;
  return count_fact (state, fact, revision, false, &fold, error);
}

static mns_rc_t apply (statistics_t *state, mns_turn_t *turn, const mns_event_t *event, const mns_restatement_t *fact) {
  statistics_fold_t fold;
  mns_rc_t rc = count_fact (state, fact, event->log_number, true, &fold, mns_turn_error (turn));
  if (rc == MNS_OK)
    rc = statistics_note_revision (state, event, fact, &fold);
  state->publisher.records++;
  return rc;
}

mns_rc_t statistics_on_baseline (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_baseline_t *told = record;
  mns_restatement_t fact = {FACT (MNS_BASELINE, told)};
  return apply (self, turn, event, &fact);
}

mns_rc_t statistics_on_birth (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_birth_t *told = record;
  mns_restatement_t fact = {FACT (MNS_BIRTH, told)};
  fact.mother = told->mother;
  fact.mother_birth = told->mother_birth;
  fact.birth_order = told->birth_order;
  fact.plurality = told->plurality;
  fact.rank = told->rank;
  return apply (self, turn, event, &fact);
}

mns_rc_t statistics_on_death (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_death_t *told = record;
  mns_restatement_t fact = {FACT (MNS_DEATH, told)};
  return apply (self, turn, event, &fact);
}

mns_rc_t statistics_on_move_in (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_move_in_t *told = record;
  mns_restatement_t fact = {FACT (MNS_MOVE_IN, told), .other_place = told->other_place};
  return apply (self, turn, event, &fact);
}

mns_rc_t statistics_on_move_out (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_move_out_t *told = record;
  mns_restatement_t fact = {FACT (MNS_MOVE_OUT, told), .other_place = told->other_place};
  return apply (self, turn, event, &fact);
}

mns_rc_t statistics_on_move_within (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_move_within_t *told = record;
  mns_restatement_t fact = {FACT (MNS_MOVE_WITHIN, told), .other_place = told->other_place};
  fact.registered_other_place = told->registered_other_place;
  return apply (self, turn, event, &fact);
}

mns_rc_t statistics_on_adjustment (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_adjustment_t *told = record;
  mns_restatement_t fact = {FACT (MNS_ADJUSTMENT, told), .adjustment = told->adjustment};
  fact.delta = told->delta;
  fact.other_place = told->other_place;
  return apply (self, turn, event, &fact);
}

mns_rc_t statistics_on_marriage (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_marriage_t *told = record;
  mns_restatement_t fact = {FACT (MNS_MARRIAGE, told)};
  return apply (self, turn, event, &fact);
}

mns_rc_t statistics_on_divorce (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_divorce_t *told = record;
  mns_restatement_t fact = {FACT (MNS_DIVORCE, told)};
  return apply (self, turn, event, &fact);
}

mns_rc_t statistics_on_restatement (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  return apply (self, turn, event, record);
}
