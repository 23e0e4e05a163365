/* `mns stats table` and `mns stats rank`: values of many places, periods and indicators. */
#include "mns/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USUAL_INDICATORS "population_closing,births,deaths,natural_increase,birth_rate,death_rate,natural_rate"

/* ---- the three axes ---------------------------------------------------------------------------------------------- */

typedef enum { PLACES, PERIODS, INDICATORS, AXES } axis_t;
static const char *const axis_words[AXES] = {"places", "periods", "indicators"};

typedef struct {
  stats_t *stats;
  axis_t rows, columns;
  stats_places_t places;
  size_t period_count;
  statistics_period_t periods[STATS_WORDS_MAX];
  stats_words_t indicators;
  size_t counts[AXES];
  mns_indicator_value_t *values; /* by place, period, indicator */
} grid_t;

static const char *rows_word = "places", *columns_word = "indicators", *place_list, *period_list, *indicator_list;
static const mns_option_t table_options[] = {
    {"rows", 0, MNS_OPTION_TEXT, "AXIS", "places (default), periods or indicators", &rows_word},
    {"columns", 0, MNS_OPTION_TEXT, "AXIS", "indicators (default), periods or places", &columns_word},
    {"places", 0, MNS_OPTION_TEXT, "CODE,…", "instead of --place and those right below it", &place_list},
    {"periods", 0, MNS_OPTION_TEXT, "PERIOD,…", "instead of --period: several", &period_list},
    {"indicators", 0, MNS_OPTION_TEXT, "NAME,…", "instead of --indicator: several", &indicator_list},
    {0, 0, 0, 0, 0, 0}};

static bool find_axis (const char *word, axis_t *axis) {
  for (int i = 0; i < AXES; i++)
    if (strcmp (axis_words[i], word) == 0) {
      *axis = (axis_t)i;
      return true;
    }
  return false;
}

static mns_rc_t set_axes (grid_t *grid, mns_error_t *error) {
  if (!find_axis (rows_word, &grid->rows))
    return mns_fail (error, MNS_USAGE, "--rows", "'%s' is none of places, periods, indicators", rows_word);
  if (!find_axis (columns_word, &grid->columns))
    return mns_fail (error, MNS_USAGE, "--columns", "'%s' is none of places, periods, indicators", columns_word);
  if (grid->rows == grid->columns)
    return mns_fail (error, MNS_USAGE, "--columns", "rows and columns are two different ones");
  return MNS_OK;
}

static mns_rc_t set_places (grid_t *grid, mns_error_t *error) {
  stats_words_t words;
  axis_t third = (axis_t)(PLACES + PERIODS + INDICATORS - grid->rows - grid->columns);
  if (!place_list && third != PLACES)
    return stats_places (grid->stats, &grid->places, error);
  if (place_list && !stats_words (place_list, &words))
    return mns_fail (error, MNS_USAGE, "--places", "at most %d, parted by commas", STATS_WORDS_MAX);
  grid->places.count = place_list ? words.count : 1;
  grid->places.places = mns_alloc (grid->places.count * sizeof (mns_place_figures_t));
  grid->places.places[0].place = grid->stats->query.place;
  for (size_t i = 0; place_list && i < words.count; i++)
    if (!mns_place_parse (words.words[i], &grid->places.places[i].place))
      return mns_fail (error, MNS_USAGE, "--places", "'%s' is no division code", words.words[i]);
  return MNS_OK;
}

static mns_rc_t set_periods (grid_t *grid, mns_error_t *error) {
  stats_words_t words;
  grid->period_count = 1;
  grid->periods[0] = grid->stats->period;
  if (!period_list)
    return MNS_OK;
  if (!stats_words (period_list, &words))
    return mns_fail (error, MNS_USAGE, "--periods", "at most %d, parted by commas", STATS_WORDS_MAX);
  grid->period_count = words.count;
  for (size_t i = 0; i < words.count; i++)
    if (!stats_period (grid->stats, words.words[i], &grid->periods[i]))
      return mns_fail (error, MNS_USAGE, "--periods", "'%s' is no period", words.words[i]);
  return MNS_OK;
}

/* The axis that is neither row nor column is one value. */
static mns_rc_t set_filters (grid_t *grid, mns_error_t *error) {
  static const char *const options[AXES] = {"--places", "--periods", "--indicators"};
  const char *named = *grid->stats->query.indicator ? grid->stats->query.indicator : USUAL_INDICATORS;
  mns_rc_t rc = set_places (grid, error);
  if (rc == MNS_OK)
    rc = set_periods (grid, error);
  if (rc == MNS_OK && !stats_words (indicator_list ? indicator_list : named, &grid->indicators))
    rc = mns_fail (error, MNS_USAGE, "--indicators", "at most %d, parted by commas", STATS_WORDS_MAX);
  grid->counts[PLACES] = grid->places.count;
  grid->counts[PERIODS] = grid->period_count;
  grid->counts[INDICATORS] = grid->indicators.count;
  for (int axis = 0; rc == MNS_OK && axis < AXES; axis++)
    if ((axis_t)axis != grid->rows && (axis_t)axis != grid->columns && grid->counts[axis] != 1)
      rc = mns_fail (error, MNS_USAGE, options[axis], "exactly one is meant when neither rows nor columns are %s",
                     axis_words[axis]);
  return rc;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static mns_rc_t fetch (grid_t *grid, size_t place, size_t period, mns_error_t *error) {
  stats_indicators_t all = {0};
  stats_t *stats = grid->stats;
  stats->query.place = grid->places.places[place].place;
  mns_rc_t rc = stats_indicators (stats, grid->periods[period], &all, error);
  for (size_t i = 0; rc == MNS_OK && i < grid->indicators.count; i++) {
    const mns_indicator_value_t *value = stats_find (&all, grid->indicators.words[i]);
    if (!value)
      rc = mns_fail (error, MNS_USAGE, "--indicators",
                     "'%s' is not in the catalogue; `mns stats indicator list` names them", grid->indicators.words[i]);
    else
      grid->values[(place * grid->period_count + period) * grid->indicators.count + i] = *value;
  }
  stats_indicators_fini (&all);
  return rc;
}

static mns_rc_t fetch_all (grid_t *grid, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  grid->stats->query.indicator[0] = 0;
  grid->values =
      mns_alloc ((grid->counts[PLACES] * grid->counts[PERIODS] * grid->counts[INDICATORS] + 1) * sizeof *grid->values);
  for (size_t place = 0; place < grid->places.count; place++)
    for (size_t period = 0; rc == MNS_OK && period < grid->period_count; period++)
      rc = fetch (grid, place, period, error);
  return rc;
}

static const char *label (const grid_t *grid, axis_t axis, size_t i, char text[STATS_TEXT]) {
  if (axis == PLACES)
    mns_place_format (grid->places.places[i].place, text);
  else if (axis == PERIODS)
    statistics_period_format (grid->periods[i], text);
  else
    snprintf (text, STATS_TEXT, "%s", grid->indicators.words[i]);
  return text;
}

static const mns_indicator_value_t *value_at (const grid_t *grid, size_t row, size_t column) {
  size_t at[AXES] = {0, 0, 0};
  at[grid->rows] = row;
  at[grid->columns] = column;
  return &grid->values[(at[PLACES] * grid->period_count + at[PERIODS]) * grid->indicators.count + at[INDICATORS]];
}

/* ---- table ------------------------------------------------------------------------------------------------------- */

/* Rows of places have their name in a column of its own. */
static mns_table_t *draw (const grid_t *grid, mns_column_t *columns, char (*keys)[STATS_TEXT]) {
  size_t before = 0, count = grid->counts[grid->columns];
  const char *cells[STATS_WORDS_MAX + 3];
  char texts[STATS_WORDS_MAX][STATS_TEXT], name[STATS_TEXT];
  columns[before++] = (mns_column_t){axis_words[grid->rows], NULL, false};
  if (grid->rows == PLACES)
    columns[before++] = (mns_column_t){"name", NULL, false};
  for (size_t i = 0; i < count; i++)
    columns[before + i] = (mns_column_t){label (grid, grid->columns, i, keys[i]), NULL, true};
  columns[before + count] = (mns_column_t){0, 0, false};
  mns_table_t *table = mns_table_new (columns);
  for (size_t row = 0; row < grid->counts[grid->rows]; row++) {
    cells[0] = label (grid, grid->rows, row, name);
    if (grid->rows == PLACES)
      cells[1] = grid->places.places[row].name;
    for (size_t i = 0; i < count; i++) {
      const mns_indicator_value_t *value = value_at (grid, row, i);
      cells[before + i] = stats_plain (value->value, stats_decimals (value), texts[i]);
    }
    cells[before + count] = NULL;
    mns_table_add (table, cells);
  }
  return table;
}

int stats_run_table (int argc, char **argv) {
  static const char *const fields[] = {"place", "period", "basis", "indicator", NULL};
  static mns_column_t columns[STATS_WORDS_MAX + 3];
  static char keys[STATS_WORDS_MAX][STATS_TEXT];
  stats_t stats;
  mns_cli_t cli = {
      .usage = "mns stats table [--rows AXIS] [--columns AXIS] [options]",
      .summary = "Prints values of indicators by place and period: two of the three as rows and columns, the "
                 "third is one.",
      .epilogue = "  mns stats table --indicators births,birth_rate\n"
                  "  mns stats table --columns periods --periods 2025-S1,2026-S1 --indicator sex_ratio_at_birth\n"
                  "  mns stats table --rows indicators --columns periods --periods 2025,to-date --csv\n"};
  int done = stats_begin (&stats, &cli, table_options, fields, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  grid_t grid = {.stats = &stats};
  mns_table_t *table = NULL;
  mns_rc_t rc = set_axes (&grid, &error);
  if (rc == MNS_OK)
    rc = set_filters (&grid, &error);
  if (rc == MNS_OK && grid.counts[grid.columns] > STATS_WORDS_MAX)
    rc = mns_fail (&error, MNS_USAGE, "--columns", "more than %d columns: make them the rows", STATS_WORDS_MAX);
  if (rc == MNS_OK)
    rc = fetch_all (&grid, &error);
  if (rc == MNS_OK)
    table = draw (&grid, columns, keys);
  free (grid.values);
  stats_places_fini (&grid.places);
  if (table)
    return stats_finish (&stats, &table, rc, &error);
  stats_close (&stats);
  return mns_complain ("mns stats table", &error);
}

/* ---- rank -------------------------------------------------------------------------------------------------------- */

typedef struct {
  mns_place_figures_t place;
  mns_indicator_value_t value;
} ranked_t;

static bool lowest_first;
static const mns_option_t rank_options[] = {{"lowest", 0, MNS_OPTION_FLAG, NULL, "the lowest first", &lowest_first},
                                            {0, 0, 0, 0, 0, 0}};

/* By value, those without one last, equal ones by code. */
static int compare (const void *a, const void *b) {
  const ranked_t *one = a, *other = b;
  int64_t x = one->value.value, y = other->value.value;
  if (x != y && x != MNS_NONE && y != MNS_NONE)
    return (x < y) == lowest_first ? -1 : 1;
  if (x != y)
    return x == MNS_NONE ? 1 : -1;
  return one->place.place < other->place.place ? -1 : 1;
}

static mns_rc_t fetch_ranks (stats_t *stats, const stats_places_t *places, ranked_t *ranks, size_t *count,
                             mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  *count = 0;
  for (size_t i = 0; i < places->count && rc == MNS_OK; i++) {
    if (places->places[i].place == stats->query.place)
      continue;
    mns_indicators_query_t query = stats->query;
    ranked_t *at = &ranks[(*count)++];
    at->place = places->places[i];
    query.place = at->place.place;
    rc = mns_bus_call (stats->bus, "statistics.indicators", NULL, &mns_indicators_query_type, &query,
                       &mns_indicator_value_type, &at->value, error);
  }
  qsort (ranks, *count, sizeof *ranks, compare);
  return rc;
}

static void add_rank (mns_table_t *table, size_t number, const ranked_t *at) {
  char rank[24], code[MNS_PLACE_TEXT], value[STATS_TEXT], count[STATS_TEXT];
  snprintf (rank, sizeof rank, "%zu", number);
  mns_place_format (at->place.place, code);
  const char *cells[] = {at->value.value == MNS_NONE ? NULL : rank,
                         code,
                         at->place.name,
                         stats_plain (at->value.value, stats_decimals (&at->value), value),
                         stats_plain (at->value.numerator, 0, count),
                         mns_code_word (&mns_indicator_flag, at->value.flag),
                         NULL};
  mns_table_add (table, cells);
}

int stats_run_rank (int argc, char **argv) {
  static const char *const fields[] = {"place", "period", "basis", "indicator", NULL};
  static const mns_column_t columns[] = {{"rank", NULL, true},  {"place", NULL, false}, {"name", NULL, false},
                                         {"value", NULL, true}, {"count", NULL, true},  {"flag", NULL, false},
                                         {0, 0, false}};
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats rank --indicator NAME [options]",
                   .summary =
                       "Prints the places right below a place by one indicator. Equal values have equal ranks; the "
                       "count beside it\nsays how much it rests on."};
  int done = stats_begin (&stats, &cli, rank_options, fields, argc, argv);
  if (done >= 0)
    return done;
  if (!*stats.query.indicator)
    strcpy (stats.query.indicator, "births_in_time");
  mns_error_t error = {0};
  stats_places_t places = {0};
  size_t count = 0, rank = 0;
  mns_table_t *table = mns_table_new (columns);
  mns_rc_t rc = stats_places (&stats, &places, &error);
  ranked_t *ranks = mns_alloc ((places.count + 1) * sizeof *ranks);
  if (rc == MNS_OK)
    rc = fetch_ranks (&stats, &places, ranks, &count, &error);
  for (size_t i = 0; i < count && rc == MNS_OK; i++) {
    if (i == 0 || ranks[i].value.value != ranks[i - 1].value.value)
      rank = i + 1;
    add_rank (table, rank, &ranks[i]);
  }
  free (ranks);
  stats_places_fini (&places);
  return stats_finish (&stats, &table, rc, &error);
}
