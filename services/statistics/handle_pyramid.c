/* statistics.pyramid: the people at the end of a period by sex and age. statistics.life-table: how long they live. */
#include <math.h>

#include "services/statistics/rules_methods.h"
#include "services/statistics/state.h"

#define YEARS_USUAL 5

static void make_sums (statistics_t *state, mns_turn_t *turn, const statistics_query_t *query,
                       statistics_period_t period, statistics_sums_t *sums) {
  int until = statistics_month_index (mns_turn_today (turn)) + 1;
  statistics_sums_make (sums, state->cube, query->place, query->basis - 1, period);
  statistics_sums_complete (sums, state->cube, query->place, query->basis - 1, until, true);
}

/* ---- pyramid ----------------------------------------------------------------------------------------------------- */
static int64_t people_of (const statistics_sums_t *sums, mns_code_t base, unsigned sex, int from, int to) {
  const statistics_by_age_t *by_age = sums->by_age;
  int64_t people = 0;
  for (int age = from; age <= to; age++)
    people += by_age->people[STATISTICS_END][sex][age] +
              (base == MNS_BASE_RESIDENT ? by_age->apart[STATISTICS_END][sex][age] : 0);
  return people;
}

mns_rc_t statistics_handle_pyramid (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_pyramid_query_t *asked = request->record;
  statistics_query_t query;
  int years = asked->years == MNS_NONE ? YEARS_USUAL : (int)asked->years;
  mns_rc_t rc =
      statistics_query_check (state, turn, &request->caller, asked->place, asked->period, asked->basis, &query);
  if (rc)
    return rc;
  make_sums (state, turn, &query, query.period, &state->now);
  make_sums (state, turn, &query, statistics_period_year_before (query.period), &state->before);
  for (int from = 0; from <= STATISTICS_AGE_TOP; from += years) {
    bool last = from + years > STATISTICS_AGE_TOP;
    int to = last ? STATISTICS_AGE_TOP : from + years - 1;
    mns_pyramid_row_t row = {.from_age = from, .to_age = last ? MNS_NONE : to};
    row.male = people_of (&state->now, asked->base, MNS_MALE, from, to);
    row.female = people_of (&state->now, asked->base, MNS_FEMALE, from, to);
    row.other = people_of (&state->now, asked->base, MNS_SEX_UNKNOWN, from, to) +
                people_of (&state->now, asked->base, MNS_SEX_UNSTATED, from, to);
    row.male_before = people_of (&state->before, asked->base, MNS_MALE, from, to);
    row.female_before = people_of (&state->before, asked->base, MNS_FEMALE, from, to);
    mns_turn_reply (turn, &mns_pyramid_row_type, &row);
  }
  return MNS_OK;
}

/* ---- life table -------------------------------------------------------------------------------------------------- */
static int64_t scaled (double value, double unit) {
  return (int64_t)llround (value * unit);
}

static void reply_row (mns_turn_t *turn, const statistics_life_row_t *row, bool complete) {
  mns_life_row_t out;
  mns_record_clear (&mns_life_row_type, &out);
  out.age = row->age;
  out.years = row->years ? row->years : MNS_NONE;
  out.deaths = scaled (row->deaths, 1);
  out.person_years = scaled (row->person_years, 10);
  if (complete) {
    out.rate = scaled (row->m, 1e6);
    out.years_of_dying = scaled (row->a, 1e3);
    out.probability = scaled (row->q, 1e6);
    out.survivors = scaled (row->survivors, 1);
    out.dying = scaled (row->dying, 1);
    out.lived = scaled (row->lived, 1);
    out.left = scaled (row->left, 1);
    out.expected = scaled (row->expected, 1e2);
  }
  mns_turn_reply (turn, &mns_life_row_type, &out);
}

/* Without deaths of the oldest, or without people of some age, there are only deaths and person-years. */
mns_rc_t statistics_handle_life_table (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_life_query_t *asked = request->record;
  statistics_query_t query;
  statistics_life_row_t rows[STATISTICS_LIFE_ROWS];
  mns_rc_t rc =
      statistics_query_check (state, turn, &request->caller, asked->place, asked->period, asked->basis, &query);
  if (rc)
    return rc;
  make_sums (state, turn, &query, query.period, &state->now);
  statistics_life_rows_fill (rows, asked->sex ? asked->sex : STATISTICS_ANY, &state->now);
  bool complete = statistics_life_table (rows, asked->sex, NULL);
  for (int i = 0; i < STATISTICS_LIFE_ROWS; i++)
    reply_row (turn, &rows[i], complete);
  return MNS_OK;
}
