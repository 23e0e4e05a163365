/* Sums over strips: a period is a range of neighbouring cells. */
#include "services/statistics/sums.h"

#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"

void statistics_sums_init (statistics_sums_t *sums) {
  *sums = (statistics_sums_t){.opening = mns_alloc (STATISTICS_SERIES_MAX * sizeof (int64_t)),
                              .flow = mns_alloc (STATISTICS_SERIES_MAX * sizeof (int64_t)),
                              .by_age = mns_alloc (sizeof (statistics_by_age_t))};
}

void statistics_sums_fini (statistics_sums_t *sums) {
  free (sums->opening);
  free (sums->flow);
  free (sums->by_age);
  *sums = (statistics_sums_t){0};
}

static void sum_strip (statistics_sums_t *sums, const statistics_strip_t *strip, int series,
                       statistics_period_t period) {
  for (int i = 0; i < strip->count && strip->first + i < period.end; i++) {
    const statistics_cell_t *cell = &strip->cells[i];
    if (strip->first + i < period.first)
      sums->opening[series] += cell->value;
    else
      sums->flow[series] += cell->value;
    if (cell->revision > sums->revision)
      sums->revision = cell->revision;
  }
}

static void sum_told_strip (statistics_sums_t *sums, const statistics_strip_t *strip, int series,
                            statistics_period_t period) {
  for (int i = 0; i < strip->count && strip->first + i < period.end; i++) {
    int64_t told = strip->cells[i].published == STATISTICS_UNPUBLISHED ? 0 : strip->cells[i].published;
    if (strip->first + i < period.first)
      sums->opening[series] += told;
    else
      sums->flow[series] += told;
  }
}

void statistics_sums_total (statistics_sums_t *sums) {
  sums->population_opening = sums->population_closing = 0;
  for (int i = 0; i < sums->count; i++) {
    int sign = statistics_measure_sign (sums->series[i].measure);
    sums->population_opening += sign * sums->opening[i];
    sums->population_closing += sign * (sums->opening[i] + sums->flow[i]);
  }
}

static void sum_place (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis,
                       statistics_period_t period,
                       void (*sum) (statistics_sums_t *, const statistics_strip_t *, int, statistics_period_t)) {
  sums->count = cube->series_count;
  sums->series = cube->series;
  sums->period = period;
  sums->revision = 0;
  memset (sums->opening, 0, (size_t)sums->count * sizeof (int64_t));
  memset (sums->flow, 0, (size_t)sums->count * sizeof (int64_t));
  for (int i = 0; place >= 0 && i < sums->count; i++)
    sum (sums, statistics_cube_strip (cube, place, basis, i), i, period);
  statistics_sums_total (sums);
}

void statistics_sums_add (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis, int series,
                          statistics_period_t period) {
  sum_strip (sums, statistics_cube_strip (cube, place, basis, series), series, period);
}

void statistics_sums_make (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis,
                           statistics_period_t period) {
  sum_place (sums, cube, place, basis, period, sum_strip);
}

void statistics_sums_make_told (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis,
                                statistics_period_t period) {
  sum_place (sums, cube, place, basis, period, sum_told_strip);
}

/* ---- what only indicators need ----------------------------------------------------------------------------------- */
static int64_t stock_before (const statistics_cube_t *cube, int place, int basis, int month) {
  int64_t stock = 0;
  for (int series = 0; place >= 0 && series < cube->series_count; series++) {
    int sign = statistics_measure_sign (cube->series[series].measure);
    const statistics_strip_t *strip = statistics_cube_strip (cube, place, basis, series);
    for (int i = 0; sign && i < strip->count && strip->first + i < month; i++)
      stock += sign * strip->cells[i].value;
  }
  return stock;
}

static int days_after (int month, statistics_period_t period) {
  return month + 1 == period.end ? 0 : statistics_period_days (statistics_period_range (month + 1, period.end));
}

/* Whoever is there at the beginning is there for all days; a change of a month counts for the days of the later months,
 * and for those of its own that come behind it. */
static int64_t person_days (const statistics_cube_t *cube, int place, int basis, const statistics_sums_t *sums) {
  statistics_period_t period = sums->period;
  int64_t days = sums->population_opening * statistics_period_days (period);
  for (int series = 0; place >= 0 && series < cube->series_count; series++) {
    int sign = statistics_measure_sign (cube->series[series].measure);
    const statistics_strip_t *strip = statistics_cube_strip (cube, place, basis, series);
    int first = period.first > strip->first ? period.first : strip->first;
    for (int month = first; sign && month < period.end && month < strip->first + strip->count; month++)
      if (strip->cells[month - strip->first].value)
        days += sign * strip->cells[month - strip->first].value * days_after (month, period);
  }
  return days + statistics_sums_flow (sums, STATISTICS_STOCK_DAYS);
}

static int capped (int age) {
  return age > STATISTICS_AGE_TOP ? STATISTICS_AGE_TOP : age < 0 ? 0 : age;
}

typedef struct {
  statistics_by_age_t *by_age;
  int end; /* of the period */
  int on;  /* month on whose first day the ages are */
} aging_t;

static void add_people (void *context, uint32_t key, int32_t value) {
  const aging_t *aging = context;
  unsigned sex = statistics_age_group (key);
  int age = capped (statistics_age_on (statistics_age_number (key), aging->on));
  bool people = statistics_age_kind (key) == STATISTICS_PEOPLE;
  if (sex < STATISTICS_SEXES)
    (people ? aging->by_age->people : aging->by_age->apart)[aging->end][sex][age] += value;
}

static void add_event (void *context, uint32_t key, int32_t value) {
  statistics_by_age_t *by_age = context;
  unsigned group = statistics_age_group (key);
  int age = capped (statistics_age_number (key));
  if (statistics_age_kind (key) == STATISTICS_DEATHS_AGE && group < STATISTICS_SEXES)
    by_age->deaths[group][age] += value;
  else if (statistics_age_kind (key) == STATISTICS_BIRTHS_AGE && group < STATISTICS_ORDERS)
    by_age->births[group][age] += value;
}

/* All changes before `month`: those before its year at once where they are kept so. */
static void add_stock (statistics_ages_t *ages, int month, aging_t *aging) {
  int year = month - month % 12;
  const statistics_age_month_t *stock = statistics_ages_stock (ages, year);
  if (stock)
    statistics_age_visit_stock (stock, add_people, aging);
  for (int i = 0; i < ages->count && ages->months[i].month < month; i++)
    if (!stock || ages->months[i].month >= year)
      statistics_age_visit_stock (&ages->months[i], add_people, aging);
}

static void add_ages (statistics_sums_t *sums, statistics_ages_t *ages, int until) {
  statistics_period_t period = sums->period;
  int last = period.end < until ? period.end : until > period.first ? until : period.first;
  aging_t beginning = {sums->by_age, STATISTICS_BEGINNING, period.first}, end = {sums->by_age, STATISTICS_END, last};
  add_stock (ages, period.first, &beginning);
  add_stock (ages, period.end, &end);
  for (int i = 0; i < ages->count && ages->months[i].month < period.end; i++)
    if (ages->months[i].month >= period.first)
      statistics_age_visit_events (&ages->months[i], add_event, sums->by_age);
}

void statistics_sums_complete (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis, int until,
                               bool by_age) {
  int year = sums->period.first - sums->period.first % 12;
  sums->population_mid_year = stock_before (cube, place, basis, year + 6);
  sums->population_year_end = stock_before (cube, place, basis, year + 12);
  sums->person_days = person_days (cube, place, basis, sums);
  memset (sums->by_age, 0, sizeof *sums->by_age);
  for (int part = 0; place >= 0 && by_age && part < cube->place_count; part++)
    if (statistics_cube_has_ages (cube, place, part))
      add_ages (sums, &cube->places[part].basis[basis].ages, until);
}

int64_t statistics_sums_flow (const statistics_sums_t *sums, statistics_measure_t measure) {
  int64_t sum = 0;
  for (int i = 0; i < sums->count; i++)
    if (sums->series[i].measure == measure)
      sum += sums->flow[i];
  return sum;
}
