/* Publishing: queue, rate, events. */
#include "services/statistics/publish.h"

#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"
#include "services/statistics/state.h"

void statistics_publisher_init (statistics_publisher_t *publisher) {
  *publisher = (statistics_publisher_t){0};
  statistics_sums_init (&publisher->now);
  statistics_sums_init (&publisher->told);
}

void statistics_publisher_fini (statistics_publisher_t *publisher) {
  statistics_sums_fini (&publisher->now);
  statistics_sums_fini (&publisher->told);
  free (publisher->units);
  free (publisher->telling);
  *publisher = (statistics_publisher_t){0};
}

/* ---- the queue --------------------------------------------------------------------------------------------------- */
static void grow (statistics_publisher_t *publisher) {
  size_t capacity = publisher->capacity ? publisher->capacity * 2 : 64;
  statistics_unit_t *units = mns_alloc (capacity * sizeof *units);
  for (size_t i = 0; i < publisher->count; i++)
    units[i] = publisher->units[(publisher->first + i) % publisher->capacity];
  free (publisher->units);
  publisher->units = units;
  publisher->capacity = capacity;
  publisher->first = 0;
}

/* Queues a (place, basis) unless it waits already. */
static void queue (statistics_publisher_t *publisher, statistics_cube_t *cube, int place, int basis) {
  if (cube->places[place].basis[basis].queued)
    return;
  if (publisher->count == publisher->capacity)
    grow (publisher);
  publisher->units[(publisher->first + publisher->count++) % publisher->capacity] = (statistics_unit_t){place, basis};
  cube->places[place].basis[basis].queued = true;
}

static statistics_unit_t take (statistics_publisher_t *publisher, statistics_cube_t *cube) {
  statistics_unit_t unit = publisher->units[publisher->first];
  publisher->first = (publisher->first + 1) % publisher->capacity;
  publisher->count--;
  cube->places[unit.place].basis[unit.basis].queued = false;
  return unit;
}

static bool is_told (const statistics_cell_t *cell) {
  return cell->value == cell->published || (cell->value == 0 && cell->published == STATISTICS_UNPUBLISHED);
}

/* The first month in which something was not told yet; INT32_MAX when all is. */
static int first_untold (const statistics_cube_t *cube, statistics_unit_t unit) {
  int first = INT32_MAX;
  for (int series = 0; series < cube->places[unit.place].basis[unit.basis].count; series++) {
    const statistics_strip_t *strip = statistics_cube_strip (cube, unit.place, unit.basis, series);
    for (int i = 0; i < strip->count && strip->first + i < first; i++)
      if (!is_told (&strip->cells[i]))
        first = strip->first + i;
  }
  return first;
}

void statistics_publisher_queue_changes (statistics_publisher_t *publisher, statistics_cube_t *cube) {
  for (size_t i = 0; i < cube->change_count; i++) {
    const statistics_change_t *change = &cube->changes[i];
    const statistics_strip_t *strip = statistics_cube_strip (cube, change->place, change->basis, change->series);
    if (!is_told (&strip->cells[change->month - strip->first]))
      queue (publisher, cube, change->place, change->basis);
  }
}

void statistics_publisher_queue_all (statistics_publisher_t *publisher, statistics_cube_t *cube) {
  for (int place = 0; place < cube->place_count; place++)
    for (int basis = 0; basis < STATISTICS_BASES; basis++)
      if (first_untold (cube, (statistics_unit_t){place, basis}) != INT32_MAX)
        queue (publisher, cube, place, basis);
}

void statistics_publisher_keep (statistics_publisher_t *publisher) {
  publisher->recent += publisher->records;
  publisher->records = 0;
  publisher->telling_count = 0;
}

void statistics_publisher_restore (statistics_publisher_t *publisher, statistics_cube_t *cube) {
  for (size_t i = 0; i < publisher->telling_count; i++) {
    statistics_unit_t unit = publisher->telling[i];
    cube->places[unit.place].basis[unit.basis].told = 0;
    queue (publisher, cube, unit.place, unit.basis);
  }
  publisher->telling_count = 0;
  publisher->records = 0;
}

/* ---- one (place, period, basis) ---------------------------------------------------------------------------------- */
static bool was_told (const statistics_cube_t *cube, statistics_unit_t unit, int series, statistics_period_t period) {
  const statistics_strip_t *strip = statistics_cube_strip (cube, unit.place, unit.basis, series);
  for (int i = 0; i < strip->count; i++)
    if (strip->first + i >= period.first && strip->first + i < period.end &&
        strip->cells[i].published != STATISTICS_UNPUBLISHED)
      return true;
  return false;
}

static void add_changed (statistics_t *state, statistics_unit_t unit, statistics_period_t period) {
  const statistics_publisher_t *publisher = &state->publisher;
  for (int i = 0; i < publisher->now.count; i++) {
    if (publisher->now.flow[i] == publisher->told.flow[i])
      continue;
    int64_t previous = was_told (state->cube, unit, i, period) ? publisher->told.flow[i] : MNS_NONE;
    const statistics_series_t *series = &publisher->now.series[i];
    statistics_figures_add (&state->figures, statistics_measure_name (series->measure), series->dimension,
                            publisher->now.flow[i], previous);
  }
}

static bool is_own_county (const statistics_t *state, mns_place_t place) {
  return mns_place_level (place) == MNS_COUNTY &&
         (state->config->county == 0 || statistics_county_holds (state, place));
}

/* Of the county what the plan lets out (catalogue/release.yaml). */
static void leave_out_closed (statistics_t *state) {
  for (size_t i = 0; state->plan.county != UINT64_MAX && i < state->figures.count; i++) {
    mns_figures_t *record = &state->figures.records[i];
    uint16_t kept = 0;
    for (int at = 0; at < record->counts_count; at++) {
      int measure;
      const char *name = record->counts[at].measure;
      if (statistics_plan_find_measure (name, strlen (name), &measure) && state->plan.county >> measure & 1)
        record->counts[kept++] = record->counts[at];
    }
    record->counts_count = kept;
  }
}

static mns_rc_t emit (statistics_t *state, mns_turn_t *turn, mns_place_t place, statistics_period_t period) {
  char text[STATISTICS_PERIOD_TEXT];
  statistics_period_format (period, text);
  mns_date_t today = mns_turn_today (turn);
  mns_emit_t how = {.subject = "figures", .place = place, .happening = text, .occurred = today, .registered = today};
  mns_rc_t rc = mns_turn_emit (turn, &how, &mns_figures_type, state->figures.records, state->figures.count);
  if (rc || !is_own_county (state, place))
    return rc;
  leave_out_closed (state);
  how.stream = "open";
  return mns_turn_emit (turn, &how, &mns_figures_type, state->figures.records, state->figures.count);
}

/* Tells one period when it differs from what was told; *events counts. */
static mns_rc_t tell_period (statistics_t *state, mns_turn_t *turn, statistics_unit_t unit, statistics_period_t period,
                             int *events) {
  statistics_publisher_t *publisher = &state->publisher;
  mns_place_t place = state->cube->places[unit.place].code;
  statistics_sums_make (&publisher->now, state->cube, unit.place, unit.basis, period);
  statistics_sums_make_told (&publisher->told, state->cube, unit.place, unit.basis, period);
  statistics_figures_begin (&state->figures, place, unit.basis, period, &publisher->now, statistics_cutoff (turn));
  add_changed (state, unit, period);
  if (state->figures.records[0].counts_count == 0 &&
      publisher->now.population_opening == publisher->told.population_opening)
    return MNS_OK;
  ++*events;
  return emit (state, turn, place, period);
}

/* ---- one (place, basis) ------------------------------------------------------------------------------------------ */
static void mark_told (statistics_cube_t *cube, statistics_unit_t unit) {
  for (int series = 0; series < cube->places[unit.place].basis[unit.basis].count; series++) {
    const statistics_strip_t *strip = statistics_cube_strip (cube, unit.place, unit.basis, series);
    for (int month = strip->first; month < strip->first + strip->count; month++) {
      const statistics_cell_t *cell = &strip->cells[month - strip->first];
      if (!is_told (cell))
        statistics_cube_note (cube, unit.place, unit.basis, series, month)->published = cell->value;
    }
  }
}

static void note_telling (statistics_publisher_t *publisher, statistics_unit_t unit) {
  if (publisher->telling_count == publisher->telling_capacity) {
    publisher->telling_capacity = publisher->telling_capacity ? publisher->telling_capacity * 2 : 64;
    publisher->telling = mns_realloc (publisher->telling, publisher->telling_capacity * sizeof (statistics_unit_t));
  }
  publisher->telling[publisher->telling_count++] = unit;
}

/* All periods from the first change up to now: a change of an earlier month moves the stocks of later ones. */
static mns_rc_t tell_unit (statistics_t *state, mns_turn_t *turn, statistics_unit_t unit, int *events) {
  int first = first_untold (state->cube, unit), counted, end;
  if (first == INT32_MAX || !statistics_cube_span (state->cube, unit.place, unit.basis, &counted, &end))
    return MNS_OK;
  int this_month = statistics_month_index (mns_turn_today (turn));
  end = this_month + 1 > end ? this_month + 1 : end;
  for (int kind = 0; kind < STATISTICS_PERIOD_KINDS; kind++) {
    statistics_period_t period = statistics_period_containing (first, (statistics_period_kind_t)kind);
    for (; period.first < end; period = statistics_period_after (period)) {
      mns_rc_t rc = tell_period (state, turn, unit, period, events);
      if (rc)
        return rc;
    }
  }
  mark_told (state->cube, unit);
  state->cube->places[unit.place].basis[unit.basis].told = mns_turn_now (turn);
  return MNS_OK;
}

static bool is_due (const statistics_t *state, mns_turn_t *turn, statistics_unit_t unit) {
  mns_time_t told = state->cube->places[unit.place].basis[unit.basis].told, now = mns_turn_now (turn);
  return told == 0 || now < told || now - told >= state->config->figures_every_ms * 1000;
}

/* How many events this tick may tell. */
static int budget (statistics_publisher_t *publisher) {
  if (publisher->recent >= STATISTICS_BULK_RECORDS)
    publisher->bulk_ticks = STATISTICS_BULK_TICKS;
  else if (publisher->bulk_ticks > 0)
    publisher->bulk_ticks--;
  publisher->recent = 0;
  return publisher->bulk_ticks > 0 ? STATISTICS_EVENTS_IN_BULK : STATISTICS_EVENTS_PER_TURN;
}

mns_rc_t statistics_publish (void *self, mns_turn_t *turn) {
  statistics_t *state = self;
  statistics_publisher_t *publisher = &state->publisher;
  int events = 0, most = budget (publisher);
  for (size_t left = publisher->count; left > 0 && events < most; left--) {
    statistics_unit_t unit = take (publisher, state->cube);
    if (!is_due (state, turn, unit)) {
      queue (publisher, state->cube, unit.place, unit.basis);
      continue;
    }
    note_telling (publisher, unit);
    mns_rc_t rc = tell_unit (state, turn, unit, &events);
    if (rc)
      return rc;
  }
  return MNS_OK;
}
