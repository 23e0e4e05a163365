/* Events of the registry: each becomes one kind of fact, is folded, and its contributions are added to the cube. */
#include "services/statistics/state.h"

/* The facts that every life event has, in the shape of a restatement that adds. */
#define FACT(kind, told)                                                                                               \
  .sign = 1, .event_kind = (kind), .event = (told)->event, .sex = (told)->sex, .birth = (told)->birth,                 \
  .place = (told)->place, .residence = (told)->residence, .occurred = (told)->occurred,                                \
  .registered = (told)->registered, .birth_order = MNS_NONE, .plurality = MNS_NONE, .rank = MNS_NONE,                  \
  .delta = MNS_NONE

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

static void count_ages (statistics_t *state, int place, const mns_restatement_t *fact, const statistics_fold_t *fold,
                        const statistics_contribution_t *item) {
  statistics_age_count_t counts[STATISTICS_AGES_MAX];
  int count = statistics_fold_ages (fact, item, counts);
  for (int i = 0; i < count; i++)
    for (int basis = 0; basis < STATISTICS_BASES; basis++)
      statistics_cube_add_age (state->cube, place, item->except, basis, fold->month[basis], counts[i]);
}

/* Who comes on a day is there for the days of the month that follow it. */
static void count_days (statistics_t *state, int place, int series, const statistics_fold_t *fold,
                        const statistics_contribution_t *item, uint64_t revision) {
  int change = statistics_measure_sign (item->measure) * item->value;
  for (int basis = 0; basis < STATISTICS_BASES; basis++)
    if (change != 0 && fold->days_left[basis] != 0)
      statistics_cube_add (state->cube, place, item->except, basis, series, fold->month[basis],
                           change * fold->days_left[basis], revision);
}

static mns_rc_t count_fold (statistics_t *state, const mns_restatement_t *fact, const statistics_fold_t *fold,
                            uint64_t revision, mns_error_t *error) {
  statistics_contribution_t stock = {.measure = STATISTICS_STOCK_DAYS, .kind = (uint8_t)fact->sex};
  int days = series_of (state, &stock);
  state->cube->record_key = statistics_record_key (&state->secret, fact->event);
  for (size_t i = 0; i < fold->count; i++) {
    const statistics_contribution_t *item = &fold->items[i];
    int series = series_of (state, item), place = statistics_cube_place (state->cube, item->place);
    if (series < 0 || days < 0)
      return mns_fail (error, MNS_TOO_LARGE, "series", "more than %d kinds of counts", STATISTICS_SERIES_MAX);
    for (int basis = 0; basis < STATISTICS_BASES; basis++)
      statistics_cube_add (state->cube, place, item->except, basis, series, fold->month[basis], item->value, revision);
    count_ages (state, place, fact, fold, item);
    count_days (state, place, days, fold, item, revision);
  }
  return MNS_OK;
}

mns_rc_t statistics_count_fact (statistics_t *state, const mns_restatement_t *fact, uint64_t revision,
                                mns_error_t *error) {
  statistics_fold_t fold;
  mns_rc_t rc = statistics_fold_life (fact, state->config->county, &fold, error);
  return rc ? rc : count_fold (state, fact, &fold, revision, error);
}

static mns_rc_t apply (statistics_t *state, mns_turn_t *turn, const mns_event_t *event, const mns_restatement_t *fact) {
  statistics_fold_t fold;
  mns_rc_t rc = statistics_fold_life (fact, state->config->county, &fold, mns_turn_error (turn));
  if (rc == MNS_OK)
    rc = count_fold (state, fact, &fold, event->log_number, mns_turn_error (turn));
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
  return apply (self, turn, event, &fact);
}

mns_rc_t statistics_on_adjustment (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_adjustment_t *told = record;
  mns_restatement_t fact = {FACT (MNS_ADJUSTMENT, told), .adjustment = told->adjustment};
  fact.delta = told->delta;
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
