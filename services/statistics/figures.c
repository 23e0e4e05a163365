/* Filling figures records. */
#include "services/statistics/figures.h"

#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"
#include "common/text.h"
#include "services/statistics/rules_closing.h"

statistics_cutoff_t statistics_cutoff (mns_turn_t *turn) {
  return (statistics_cutoff_t){.epoch = mns_turn_log_epoch (turn), .number = mns_turn_log_number (turn)};
}

void statistics_figures_fini (statistics_figures_t *figures) {
  free (figures->records);
  *figures = (statistics_figures_t){0};
}

/* A record of which only the head is set: what lies behind counts_count is never read. */
static mns_figures_t *next_record (statistics_figures_t *figures) {
  if (figures->count == figures->capacity) {
    figures->capacity = figures->capacity ? figures->capacity * 2 : 2;
    figures->records = mns_realloc (figures->records, figures->capacity * sizeof (mns_figures_t));
  }
  return &figures->records[figures->count++];
}

void statistics_figures_begin (statistics_figures_t *figures, mns_place_t place, int basis, statistics_period_t period,
                               const statistics_sums_t *sums, statistics_cutoff_t cutoff) {
  figures->count = 0;
  mns_figures_t *head = next_record (figures);
  head->place = place;
  statistics_period_format (period, head->period);
  head->from_day = statistics_period_from (period);
  head->to_day = statistics_period_to (period);
  head->basis = (mns_code_t)(basis + 1);
  head->base = MNS_BASE_REGISTERED;
  head->revision = sums->revision;
  head->cutoff = cutoff.number;
  head->log_epoch = cutoff.epoch;
  head->opening = sums->population_opening;
  head->closing = sums->population_closing;
  head->status = statistics_figure_status (figures->closed, period.end);
  head->counts_count = 0;
}

static mns_figures_t *room (statistics_figures_t *figures) {
  size_t last = figures->count - 1;
  if (figures->records[last].counts_count < sizeof figures->records[last].counts / sizeof (mns_count_t))
    return &figures->records[last];
  mns_figures_t *next = next_record (figures);
  memcpy (next, &figures->records[last], offsetof (mns_figures_t, counts));
  next->status = figures->records[last].status;
  next->counts_count = 0;
  return next;
}

void statistics_figures_add (statistics_figures_t *figures, const char *measure, const char *dimension, int64_t value,
                             int64_t previous) {
  mns_figures_t *record = room (figures);
  mns_count_t *count = &record->counts[record->counts_count++];
  mns_text_copy (count->measure, sizeof count->measure, measure);
  mns_text_copy (count->dimension, sizeof count->dimension, dimension);
  count->value = value;
  count->previous = previous;
}

void statistics_figures_add_all (statistics_figures_t *figures, const statistics_sums_t *sums) {
  for (int i = 0; i < sums->count; i++)
    if (sums->flow[i] != 0)
      statistics_figures_add (figures, statistics_measure_name (sums->series[i].measure), sums->series[i].dimension,
                              sums->flow[i], MNS_NONE);
}

static void add_age (void *figures, uint32_t key, int32_t value) {
  char dimension[MNS_DIMENSION_MAX + 1];
  statistics_age_dimension (key, dimension);
  statistics_figures_add (figures, statistics_age_measure (statistics_age_kind (key)), dimension, value, MNS_NONE);
}

void statistics_figures_add_ages (statistics_figures_t *figures, const statistics_cube_t *cube, int place, int basis,
                                  statistics_period_t period) {
  statistics_age_month_t sum = {.month = period.end - 1};
  for (int part = 0; part < cube->place_count; part++)
    if (statistics_cube_has_ages (cube, place, part))
      statistics_ages_sum (&cube->places[part].basis[basis].ages, period.first, period.end, &sum);
  statistics_age_visit (&sum, add_age, figures);
  statistics_age_month_fini (&sum);
}
