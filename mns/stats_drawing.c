/* What `mns stats` draws in the terminal: a trend, a pyramid; and the life table, which it only prints. */
#include "mns/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"

#define BAR_CELLS 40

/* A bar of `cells` terminal columns in eighths, as UTF-8. */
static const char *bar (double share, int cells, char text[BAR_CELLS * 3 + 4]) {
  static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  int eighths = (int)(share * cells * 8 + 0.5);
  size_t size = 0;
  for (int i = 0; i < eighths / 8 && i < BAR_CELLS; i++, size += 3)
    memcpy (text + size, "█", 3);
  strcpy (text + size, eighths / 8 < BAR_CELLS ? parts[eighths % 8] : "");
  return text;
}

/* ---- trend ------------------------------------------------------------------------------------------------------- */

static const char *every = "month";
static int64_t last = 12;
static const mns_option_t trend_options[] = {
    {"every", 0, MNS_OPTION_TEXT, "KIND", "month (default), quarter, half or year", &every},
    {"last", 0, MNS_OPTION_INT, "N", "how many of them, the last one the last that is complete (default 12)", &last},
    {0, 0, 0, 0, 0, 0}};

static mns_rc_t find_kind (statistics_period_kind_t *kind, mns_error_t *error) {
  static const char *const words[] = {"month", "quarter", "half", "year"};
  for (int i = 0; i < STATISTICS_PERIOD_KINDS; i++)
    if (strcmp (words[i], every) == 0) {
      *kind = (statistics_period_kind_t)i;
      return last >= 1 && last <= 600 ? MNS_OK : mns_fail (error, MNS_USAGE, "--last", "between 1 and 600");
    }
  return mns_fail (error, MNS_USAGE, "--every", "'%s' is none of month, quarter, half, year", every);
}

static mns_rc_t fetch_trend (stats_t *stats, statistics_period_kind_t kind, mns_indicator_value_t *values,
                             mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  statistics_period_t period =
      statistics_period_last_complete (mns_clock_today ((int32_t)stats->config.utc_offset_s), kind);
  if (*stats->options.period)
    period = statistics_period_containing (stats->period.end - 1, kind);
  for (int64_t i = last - 1; i >= 0 && rc == MNS_OK; i--, period = statistics_period_before (period)) {
    mns_indicators_query_t query = stats->query;
    statistics_period_format (period, query.period);
    rc = mns_bus_call (stats->bus, "statistics.indicators", NULL, &mns_indicators_query_type, &query,
                       &mns_indicator_value_type, &values[i], error);
  }
  stats->period = statistics_period_after (period);
  return rc;
}

/* Bars begin at 0; what is below it has none. Programs get the numbers alone. */
static mns_table_t *draw_trend (const stats_t *stats, const mns_indicator_value_t *values) {
  static const mns_column_t columns[] = {{"period", NULL, false}, {"value", NULL, true}, {"count", NULL, true},
                                         {"flag", NULL, false},   {"bar", " ", false},   {0, 0, false}};
  static const mns_column_t plain[] = {
      {"period", NULL, false}, {"value", NULL, true}, {"count", NULL, true}, {"flag", NULL, false}, {0, 0, false}};
  int64_t most = 1;
  bool drawing = mns_form () == MNS_TABLE_TEXT;
  statistics_period_t period = stats->period;
  mns_table_t *table = mns_table_new (drawing ? columns : plain);
  for (int64_t i = 0; i < last; i++)
    most = values[i].value != MNS_NONE && values[i].value > most ? values[i].value : most;
  for (int64_t i = 0; i < last; i++, period = statistics_period_after (period)) {
    char name[STATISTICS_PERIOD_TEXT], value[STATS_TEXT], count[STATS_TEXT], drawn[BAR_CELLS * 3 + 4];
    bool shown = values[i].value != MNS_NONE && values[i].value > 0;
    statistics_period_format (period, name);
    const char *cells[] = {name,
                           stats_plain (values[i].value, stats_decimals (&values[i]), value),
                           stats_plain (values[i].numerator, 0, count),
                           mns_code_word (&mns_indicator_flag, values[i].flag),
                           drawing ? bar (shown ? (double)values[i].value / (double)most : 0, BAR_CELLS, drawn) : NULL,
                           NULL};
    mns_table_add (table, cells);
  }
  return table;
}

int stats_run_trend (int argc, char **argv) {
  static const char *const fields[] = {"place", "period", "basis", "indicator", NULL};
  stats_t stats;
  statistics_period_kind_t kind = STATISTICS_MONTH;
  mns_cli_t cli = {.usage = "mns stats trend --indicator NAME [--every KIND] [--last N] [options]",
                   .summary =
                       "Draws one indicator over the last months, quarters, half-years or years; with --period up to "
                       "that one.\nA break in the series has no value and its flag."};
  int done = stats_begin (&stats, &cli, trend_options, fields, argc, argv);
  if (done >= 0)
    return done;
  if (!*stats.query.indicator)
    strcpy (stats.query.indicator, "births");
  mns_error_t error = {0};
  mns_table_t *table = NULL;
  mns_indicator_value_t *values = NULL;
  mns_rc_t rc = find_kind (&kind, &error);
  if (rc == MNS_OK) {
    values = mns_alloc ((size_t)last * sizeof *values);
    rc = fetch_trend (&stats, kind, values, &error);
  }
  if (rc == MNS_OK)
    table = draw_trend (&stats, values);
  free (values);
  if (table)
    return stats_finish (&stats, &table, rc, &error);
  stats_close (&stats);
  return mns_complain ("mns stats trend", &error);
}

/* ---- pyramid ----------------------------------------------------------------------------------------------------- */

#define GROUPS_MAX  101
#define HALF_CELLS  30
#define TITLE_WIDTH 8

typedef struct {
  size_t count;
  mns_pyramid_row_t rows[GROUPS_MAX];
} pyramid_t;

static int64_t group_years = 5;
static const mns_option_t pyramid_options[] = {
    {"years", 0, MNS_OPTION_INT, "N", "years of age in a group (default 5)", &group_years}, {0, 0, 0, 0, 0, 0}};

static void keep_row (void *context, const void *record) {
  pyramid_t *pyramid = context;
  if (pyramid->count < GROUPS_MAX)
    pyramid->rows[pyramid->count++] = *(const mns_pyramid_row_t *)record;
}

static void group_name (const mns_pyramid_row_t *row, char text[16]) {
  if (row->to_age == MNS_NONE)
    snprintf (text, 16, "%d+", (int)row->from_age % 1000);
  else if (row->to_age == row->from_age)
    snprintf (text, 16, "%d", (int)row->from_age % 1000);
  else
    snprintf (text, 16, "%d–%d", (int)row->from_age % 1000, (int)row->to_age % 1000);
}

/* "  1,234 ▐████  25–29  ████▌ 1,180": men to the left of the ages, in whole blocks, women to the right. */
static void draw_row (const mns_pyramid_row_t *row, double most) {
  char name[16], men[STATS_TEXT], women[STATS_TEXT], drawn[BAR_CELLS * 3 + 4];
  int blocks = row->male > 0 ? (int)((double)row->male / most * HALF_CELLS + 0.5) : 0;
  group_name (row, name);
  int width = (int)strlen (name) - (strstr (name, "–") ? 2 : 0);
  printf ("%10s %*s", stats_format (row->male, 0, men), HALF_CELLS - blocks, "");
  for (int i = 0; i < blocks; i++)
    fputs ("█", stdout);
  printf (" %*s%s%*s ", (TITLE_WIDTH - width) / 2, "", name, TITLE_WIDTH - width - (TITLE_WIDTH - width) / 2, "");
  printf ("%s %s\n", bar (row->female > 0 ? (double)row->female / most : 0, HALF_CELLS, drawn),
          stats_format (row->female, 0, women));
}

static void draw_pyramid (const stats_t *stats, const pyramid_t *pyramid) {
  int64_t most = 1, men = 0, women = 0, other = 0;
  bool chinese = stats_in_chinese (stats);
  char place[MNS_PLACE_TEXT], left[STATS_TEXT], right[STATS_TEXT];
  for (size_t i = 0; i < pyramid->count; i++) {
    const mns_pyramid_row_t *row = &pyramid->rows[i];
    most = row->male > most ? row->male : row->female > most ? row->female : most;
    men += row->male;
    women += row->female;
    other += row->other;
  }
  mns_place_format (stats->query.place, place);
  printf ("%s · %s · %s %s · %s %s", place, stats->query.period, chinese ? "男" : "men", stats_format (men, 0, left),
          chinese ? "女" : "women", stats_format (women, 0, right));
  if (other)
    printf (" · %s %s", chinese ? "性别不详" : "sex not known", stats_format (other, 0, left));
  printf ("\n\n");
  for (size_t i = pyramid->count; i-- > 0;)
    draw_row (&pyramid->rows[i], (double)most);
}

int stats_run_pyramid (int argc, char **argv) {
  static const char *const fields[] = {"place", "period", "basis", "base", NULL};
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats pyramid [options]",
                   .summary =
                       "Draws the people of a place at the end of a period by sex and age; --json and --csv have "
                       "the year before as well."};
  int done = stats_begin (&stats, &cli, pyramid_options, fields, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_pyramid_row_t row;
  static pyramid_t pyramid;
  mns_pyramid_query_t query = {
      .place = stats.query.place, .basis = stats.query.basis, .base = stats.options.base, .years = group_years};
  strcpy (query.period, stats.query.period);
  mns_rc_t rc = mns_ask (stats.bus, "statistics.pyramid", &mns_pyramid_query_type, &query, &mns_pyramid_row_type, &row,
                         keep_row, &pyramid, &error);
  if (rc == MNS_OK && mns_form () == MNS_TABLE_TEXT) {
    draw_pyramid (&stats, &pyramid);
    stats_close (&stats);
    return 0;
  }
  mns_table_t *table = mns_table_of_records (&mns_pyramid_row_type, NULL);
  for (size_t i = 0; i < pyramid.count; i++)
    mns_table_add_record (table, &pyramid.rows[i], false);
  return stats_finish (&stats, &table, rc, &error);
}

/* ---- life table -------------------------------------------------------------------------------------------------- */

static void add_life_row (void *context, const void *record) {
  const mns_life_row_t *row = record;
  char age[16], deaths[STATS_TEXT], years[STATS_TEXT], m[STATS_TEXT], a[STATS_TEXT], q[STATS_TEXT], l[STATS_TEXT];
  char d[STATS_TEXT], lived[STATS_TEXT], left[STATS_TEXT], e[STATS_TEXT];
  snprintf (age, sizeof age, "%d%s", (int)row->age % 1000, row->years == MNS_NONE ? "+" : "");
  const char *cells[] = {age,
                         stats_plain (row->deaths, 0, deaths),
                         stats_plain (row->person_years, 1, years),
                         stats_plain (row->rate, 6, m),
                         stats_plain (row->years_of_dying, 3, a),
                         stats_plain (row->probability, 6, q),
                         stats_plain (row->survivors, 0, l),
                         stats_plain (row->dying, 0, d),
                         stats_plain (row->lived, 0, lived),
                         stats_plain (row->left, 0, left),
                         stats_plain (row->expected, 2, e),
                         NULL};
  mns_table_add (context, cells);
}

int stats_run_life_table (int argc, char **argv) {
  static const char *const fields[] = {"place", "period", "basis", "sex", NULL};
  static const mns_column_t columns[] = {
      {"age", NULL, true}, {"deaths", NULL, true}, {"person_years", "person-years", true},
      {"m", NULL, true},   {"a", NULL, true},      {"q", NULL, true},
      {"l", NULL, true},   {"d", NULL, true},      {"L", NULL, true},
      {"T", NULL, true},   {"e", NULL, true},      {0, 0, false}};
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats life-table [--sex male|female] [options]",
                   .summary =
                       "Prints the abridged life table of a place and period: death rates m, probabilities q, "
                       "survivors l of 100,000,\nyears of life left e. Below the age of 5 the years lived by those "
                       "who die follow Preston, Heuveline and\nGuillot (2001), table 3.3, after Coale and Demeny, "
                       "West; from 5 on they are half the interval."};
  int done = stats_begin (&stats, &cli, NULL, fields, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_life_row_t row;
  mns_life_query_t query = {.place = stats.query.place, .basis = stats.query.basis, .sex = stats.options.sex};
  strcpy (query.period, stats.query.period);
  mns_table_t *table = mns_table_new (columns);
  mns_rc_t rc = mns_ask (stats.bus, "statistics.life-table", &mns_life_query_type, &query, &mns_life_row_type, &row,
                         add_life_row, table, &error);
  return stats_finish (&stats, &table, rc, &error);
}
