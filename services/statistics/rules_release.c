/* Gathering, comparing and withholding open figures. */
#include "services/statistics/rules_release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"

static int compare_places (const void *a, const void *b) {
  mns_place_t one = *(const mns_place_t *)a, other = *(const mns_place_t *)b;
  return one < other ? -1 : one > other;
}

void statistics_release_init (statistics_release_t *release, const statistics_plan_t *plan,
                              const statistics_cube_t *cube, mns_place_t county, const statistics_secret_t *secret) {
  *release = (statistics_release_t){.plan = plan, .cube = cube, .county = county, .secret = *secret};
  release->places = mns_alloc ((size_t)(cube->place_count + 1) * sizeof (mns_place_t));
  for (int i = 0; i < cube->place_count; i++)
    if (mns_place_level (cube->places[i].code) > MNS_COUNTY && mns_place_covers (county, cube->places[i].code))
      release->places[release->place_count++] = cube->places[i].code;
  qsort (release->places, release->place_count, sizeof (mns_place_t), compare_places);
}

void statistics_release_fini (statistics_release_t *release) {
  free (release->places);
  free (release->figures);
  free (release->known);
  *release = (statistics_release_t){0};
}

/* ---- counting ---------------------------------------------------------------------------------------------------- */
static bool counts_in (const statistics_series_t *series, const statistics_figure_key_t *key, const char *pattern,
                       int *sign) {
  *sign = 1;
  if (key->measure != STATISTICS_POPULATION)
    return (int)series->measure == key->measure && statistics_dimension_matches (series->dimension, pattern);
  *sign = statistics_measure_sign (series->measure);
  return *sign != 0;
}

static void pattern_of (const statistics_figure_key_t *key, char pattern[MNS_DIMENSION_MAX + 1]) {
  const char *word = key->by == STATISTICS_BY_SEX ? mns_code_word (&mns_sex, (mns_code_t)key->code) : "";
  pattern[0] = 0;
  if (key->by == STATISTICS_BY_SEX)
    snprintf (pattern, MNS_DIMENSION_MAX + 1, "%s%s", word, key->measure == STATISTICS_BIRTHS ? ".*" : "");
  else if (key->by == STATISTICS_BY_ORDER)
    snprintf (pattern, MNS_DIMENSION_MAX + 1, "*.%d", key->code - 1);
}

int64_t statistics_release_count (const statistics_cube_t *cube, const statistics_figure_key_t *key,
                                  uint32_t *cell_key) {
  int place = statistics_cube_find (cube, key->place), sign;
  int first = key->measure == STATISTICS_POPULATION ? 0 : key->first;
  char pattern[MNS_DIMENSION_MAX + 1];
  int64_t count = 0;
  *cell_key = 0;
  pattern_of (key, pattern);
  for (int series = 0; place >= 0 && series < cube->series_count; series++) {
    if (!counts_in (&cube->series[series], key, pattern, &sign))
      continue;
    const statistics_strip_t *strip = statistics_cube_strip (cube, place, STATISTICS_RELEASE_BASIS, series);
    for (int month = strip->first; month < strip->first + strip->count && month < key->end; month++) {
      const statistics_cell_t *cell = &strip->cells[month - strip->first];
      count += month >= first ? sign * cell->value : 0;
      *cell_key += month >= first ? (uint32_t)sign * cell->key : 0;
    }
  }
  return count;
}

/* ---- gathering --------------------------------------------------------------------------------------------------- */
static statistics_open_figure_t *add (statistics_release_t *release, const statistics_figure_key_t *key, int table) {
  if (release->count == release->capacity) {
    release->capacity = release->capacity ? release->capacity * 2 : 512;
    release->figures = mns_realloc (release->figures, release->capacity * sizeof (statistics_open_figure_t));
  }
  statistics_open_figure_t *figure = &release->figures[release->count++];
  *figure = (statistics_open_figure_t){.key = *key, .table = table, .before = MNS_NONE};
  return figure;
}

/* A place with hardly anybody in it is not told at all. */
static bool is_too_small (const statistics_open_figure_t *figure) {
  return figure->key.measure == STATISTICS_POPULATION &&
         statistics_protected_interval (figure->figure).low < STATISTICS_SMALL;
}

static void add_counted (statistics_release_t *release, const statistics_figure_key_t *key, int table) {
  uint32_t cell_key;
  statistics_open_figure_t *figure = add (release, key, table);
  figure->count = statistics_release_count (release->cube, key, &cell_key);
  figure->figure = table < 0 ? figure->count : statistics_protect (&release->secret, figure->count, cell_key);
  if (table >= 0 && is_too_small (figure))
    figure->figure = MNS_NONE;
}

/* Of the sexes both; of the orders 1, 2, 3 and over, and not stated. */
static int first_code (statistics_by_t by) {
  return by == STATISTICS_BY_NONE ? 0 : 1;
}

static int last_code (statistics_by_t by) {
  return by == STATISTICS_BY_SEX ? MNS_FEMALE : by == STATISTICS_BY_ORDER ? 4 : 0;
}

static void each_code (statistics_release_t *release, statistics_figure_key_t *key, int table) {
  for (key->code = first_code (key->by); key->code <= last_code (key->by); key->code++)
    add_counted (release, key, table);
}

static void each_place (statistics_release_t *release, statistics_figure_key_t *key, int table) {
  const statistics_table_t *plan = &release->plan->tables[table];
  for (size_t i = 0; i < release->place_count; i++) {
    key->place = release->places[i];
    if (mns_place_level (key->place) == plan->level)
      each_code (release, key, table);
  }
}

/* The county's own, unless an earlier table has it already. */
static bool is_gathered (const statistics_release_t *release, const statistics_figure_key_t *key) {
  for (size_t i = 0; i < release->count && release->figures[i].table < 0; i++)
    if (statistics_figure_key_equal (&release->figures[i].key, key))
      return true;
  return false;
}

static void county_codes (statistics_release_t *release, statistics_figure_key_t *key, int table) {
  (void)table;
  key->place = release->county;
  for (key->code = first_code (key->by); key->code <= last_code (key->by); key->code++)
    if (!is_gathered (release, key))
      add_counted (release, key, -1);
}

typedef void at_key_t (statistics_release_t *release, statistics_figure_key_t *key, int table);

/* Every measure of the table in the period that ends where `period` does. */
static void each_measure (statistics_release_t *release, statistics_period_t period, int table, at_key_t *at_key) {
  const statistics_table_t *plan = &release->plan->tables[table];
  for (int measure = 0; measure <= STATISTICS_POPULATION; measure++) {
    if (!(plan->measures >> measure & 1))
      continue;
    int first = plan->years > 0 ? period.end - 12 * plan->years : period.first;
    statistics_figure_key_t key = {.first = measure == STATISTICS_POPULATION ? period.end : first,
                                   .end = period.end,
                                   .measure = measure,
                                   .by = plan->by};
    at_key (release, &key, table);
  }
}

static void each_table (statistics_release_t *release, int start, int end, at_key_t *at_key) {
  for (size_t i = 0; i < release->plan->count; i++) {
    const statistics_table_t *plan = &release->plan->tables[i];
    statistics_period_t period = statistics_period_containing (start, plan->every);
    for (; period.end <= end; period = statistics_period_after (period)) {
      int first = plan->years > 0 ? period.end - 12 * plan->years : period.first;
      if (first >= start)
        each_measure (release, period, (int)i, at_key);
    }
  }
}

void statistics_release_gather (statistics_release_t *release, int end) {
  int start, behind, county = statistics_cube_find (release->cube, release->county);
  if (county < 0 || !statistics_cube_span (release->cube, county, STATISTICS_RELEASE_BASIS, &start, &behind))
    return;
  each_table (release, start, end, county_codes);
  each_table (release, start, end, each_place);
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */
void statistics_release_compare (statistics_open_figure_t *figure, int64_t before, bool known) {
  figure->known = known;
  figure->before = before;
  if (before == MNS_NONE)
    figure->fate = STATISTICS_FIGURE_NEW;
  else
    figure->fate = before == figure->figure ? STATISTICS_FIGURE_AS_BEFORE : STATISTICS_FIGURE_REVISED;
}

void statistics_release_recall (statistics_release_t *release, const statistics_knowledge_t *known) {
  if (release->known_count == release->known_capacity) {
    release->known_capacity = release->known_capacity ? release->known_capacity * 2 : 1024;
    release->known = mns_realloc (release->known, release->known_capacity * sizeof (statistics_knowledge_t));
  }
  release->known[release->known_count++] = *known;
}

/* ---- withholding ------------------------------------------------------------------------------------------------- */
typedef struct {
  statistics_release_t *release;
  int round;
  bool withheld; /* something in this round */
} withholding_t;

static bool is_withdrawable (const statistics_open_figure_t *figure) {
  return figure->table >= 0 && figure->figure != MNS_NONE &&
         (figure->fate == STATISTICS_FIGURE_NEW || figure->fate == STATISTICS_FIGURE_REVISED);
}

static void withhold (statistics_open_figure_t *figure, int round) {
  figure->figure = figure->before;
  figure->withheld = round;
  if (figure->fate == STATISTICS_FIGURE_REVISED)
    figure->fate = STATISTICS_FIGURE_HELD;
}

static bool is_near (const statistics_figure_key_t *figure, const statistics_figure_key_t *key, int level) {
  return figure->measure == key->measure && mns_place_covers (mns_place_at (key->place, level), figure->place) &&
         (level == MNS_COUNTY || (figure->first <= key->end && key->first <= figure->end));
}

/* The table that gives way: the last one of the plan with anything near. −1: none. */
static int giving_way (const statistics_release_t *release, const statistics_figure_key_t *key, int level) {
  int table = -1;
  for (size_t i = 0; i < release->count; i++) {
    const statistics_open_figure_t *figure = &release->figures[i];
    if (figure->table > table && is_withdrawable (figure) && is_near (&figure->key, key, level))
      table = figure->table;
  }
  return table;
}

/* What this round withheld may have helped already. */
static bool is_helped (const withholding_t *withholding, const statistics_figure_key_t *key) {
  const statistics_release_t *release = withholding->release;
  for (size_t i = 0; i < release->count; i++)
    if (release->figures[i].withheld == withholding->round && is_near (&release->figures[i].key, key, MNS_TOWNSHIP))
      return true;
  return false;
}

static void withhold_near (void *context, const statistics_figure_key_t *key) {
  withholding_t *withholding = context;
  statistics_release_t *release = withholding->release;
  if (is_helped (withholding, key))
    return;
  int level = MNS_TOWNSHIP, table = giving_way (release, key, level);
  if (table < 0)
    table = giving_way (release, key, level = MNS_COUNTY);
  for (size_t i = 0; i < release->count && table >= 0; i++) {
    statistics_open_figure_t *figure = &release->figures[i];
    if (figure->table == table && is_withdrawable (figure) && is_near (&figure->key, key, level)) {
      withhold (figure, withholding->round);
      withholding->withheld = true;
    }
  }
}

static int64_t count_whole (void *context, const statistics_figure_key_t *key) {
  const statistics_release_t *release = context;
  uint32_t cell_key;
  return statistics_release_count (release->cube, key, &cell_key);
}

static statistics_audit_t *begin_audit (statistics_release_t *release) {
  statistics_audit_t *audit =
      statistics_audit_new (release->places, release->place_count, release->county, count_whole, release);
  for (size_t i = 0; i < release->known_count; i++)
    statistics_audit_recall (audit, &release->known[i]);
  for (size_t i = 0; i < release->count; i++) {
    const statistics_open_figure_t *figure = &release->figures[i];
    if (figure->table >= 0)
      statistics_audit_figure (audit, &figure->key, is_withdrawable (figure) ? figure->figure : MNS_NONE);
  }
  return audit;
}

static void keep (void *context, const statistics_knowledge_t *known) {
  statistics_release_recall (context, known);
}

void statistics_release_audit (statistics_release_t *release) {
  withholding_t withholding = {.release = release, .withheld = true};
  statistics_audit_t *audit = NULL;
  while (withholding.withheld) {
    withholding.withheld = false;
    withholding.round++;
    statistics_audit_destroy (&audit);
    audit = begin_audit (release);
    statistics_audit_run (audit, withhold_near, &withholding);
  }
  release->known_count = 0;
  statistics_audit_visit (audit, keep, release);
  statistics_audit_destroy (&audit);
}

/* ---- rates ------------------------------------------------------------------------------------------------------- */
int64_t statistics_release_rate (const statistics_plan_t *plan, int64_t events, int64_t opening, int64_t closing,
                                 int days, bool *few) {
  *few = events < plan->flagged;
  if (events < plan->withheld || opening + closing <= 0 || days <= 0)
    return MNS_NONE;
  int64_t numerator = events * 2 * 1000 * 100 * 365, denominator = (opening + closing) * days;
  return (2 * numerator + denominator) / (2 * denominator);
}
