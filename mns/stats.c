/* What the subcommands of `mns stats` have in common: defaults, indicators, numbers for people. */
#include "mns/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "services/statistics/rules_ratio.h"

MNS_RECORD_DEFINE (stats_options, 1, STATS_OPTIONS_FIELDS, "What figures are asked for", "查询条件")

bool stats_in_chinese (const stats_t *stats) {
  return strcmp (stats->config.language, "zh") == 0;
}

static int refuse (stats_t *stats, const char *command, mns_error_t *error) {
  mns_bus_destroy (&stats->bus);
  return mns_complain (command, error);
}

bool stats_period (const stats_t *stats, const char *text, statistics_period_t *period) {
  int month = statistics_month_index (mns_clock_today ((int32_t)stats->config.utc_offset_s));
  if (strcmp (text, "moving") == 0)
    *period = statistics_period_range (month - 12, month);
  else if (strcmp (text, "to-date") == 0)
    *period = statistics_period_range (month % 12 ? month - month % 12 : month - 12, month);
  else
    return statistics_period_parse (text, period);
  return true;
}

static mns_rc_t no_period (mns_error_t *error, const char *option, const char *text) {
  return mns_fail (error, MNS_USAGE, option,
                   "'%s' is no period: a month 2026-06, quarter 2026-Q2, half-year 2026-S1, year 2026, range of months "
                   "2025-07..2026-06, moving or to-date is meant",
                   text);
}

/* The periods as the service takes them. */
static mns_rc_t set_periods (stats_t *stats, mns_error_t *error) {
  statistics_period_t against;
  mns_indicators_query_t *query = &stats->query;
  stats->period =
      statistics_period_last_complete (mns_clock_today ((int32_t)stats->config.utc_offset_s), STATISTICS_HALF);
  if (*stats->options.period && !stats_period (stats, stats->options.period, &stats->period))
    return no_period (error, "--period", stats->options.period);
  statistics_period_format (stats->period, query->period);
  if (!*stats->options.against)
    return MNS_OK;
  if (!stats_period (stats, stats->options.against, &against))
    return no_period (error, "--against", stats->options.against);
  statistics_period_format (against, query->against);
  return MNS_OK;
}

int stats_open (stats_t *stats, const char *command) {
  mns_error_t error = {0};
  stats->bus = mns_connect (&stats->config);
  if (!stats->bus)
    return 1;
  mns_indicators_query_t *query = &stats->query;
  *query = (mns_indicators_query_t){
      .place = stats->options.place, .basis = stats->options.basis, .as_published = stats->options.as_published};
  memcpy (query->indicator, stats->options.indicator, sizeof query->indicator);
  if (!query->place)
    query->place = stats->config.county;
  if (!query->place) {
    mns_fail (&error, MNS_USAGE, "--place", "the configuration names no county: give a place of 12 digits");
    return refuse (stats, command, &error);
  }
  if (set_periods (stats, &error) != MNS_OK)
    return refuse (stats, command, &error);
  if (!query->basis)
    query->basis = MNS_BY_REGISTRATION;
  return -1;
}

void stats_close (stats_t *stats) {
  mns_bus_destroy (&stats->bus);
}

int stats_begin (stats_t *stats, mns_cli_t *cli, const mns_option_t *own, const char *const *fields, int argc,
                 char **argv) {
  const mns_option_t *options[] = {own ? own : mns_common_options, own ? mns_common_options : NULL, NULL};
  memset (stats, 0, sizeof *stats);
  cli->options = options;
  cli->type = &mns_stats_options_type;
  cli->fields = fields;
  cli->record = &stats->options;
  int done = mns_parse (cli, &argc, argv);
  return done >= 0 ? done : stats_open (stats, argv[0]);
}

int stats_finish (stats_t *stats, mns_table_t **table, mns_rc_t rc, const mns_error_t *error) {
  stats_close (stats);
  mns_table_print (table, rc == MNS_OK ? stdout : NULL, mns_form ());
  return rc == MNS_OK ? 0 : mns_complain ("mns stats", error);
}

bool stats_words (const char *text, stats_words_t *words) {
  for (words->count = 0; *text; text += *text == ',') {
    size_t size = strcspn (text, ",");
    if (words->count == STATS_WORDS_MAX || size >= sizeof words->words[0])
      return false;
    memcpy (words->words[words->count], text, size);
    words->words[words->count++][size] = 0;
    text += size;
  }
  return true;
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

static void keep_place (void *context, const void *record) {
  stats_places_t *list = context;
  list->places = mns_realloc (list->places, (list->count + 1) * sizeof (mns_place_figures_t));
  memcpy (&list->places[list->count++], record, sizeof (mns_place_figures_t));
}

mns_rc_t stats_places (stats_t *stats, stats_places_t *places, mns_error_t *error) {
  mns_places_query_t query = {
      .place = stats->query.place, .basis = stats->query.basis, .boundaries = stats->options.boundaries};
  mns_place_figures_t row;
  strcpy (query.period, stats->query.period);
  return mns_ask (stats->bus, "statistics.places", &mns_places_query_type, &query, &mns_place_figures_type, &row,
                  keep_place, places, error);
}

void stats_places_fini (stats_places_t *places) {
  free (places->places);
  *places = (stats_places_t){0};
}

/* ---- indicators -------------------------------------------------------------------------------------------------- */

static void keep (void *context, const void *record) {
  stats_indicators_t *indicators = context;
  if (indicators->count == indicators->capacity) {
    indicators->capacity = indicators->capacity ? indicators->capacity * 2 : 128;
    indicators->values = mns_realloc (indicators->values, indicators->capacity * sizeof (mns_indicator_value_t));
  }
  memcpy (&indicators->values[indicators->count++], record, sizeof (mns_indicator_value_t));
}

mns_rc_t stats_indicators (stats_t *stats, statistics_period_t period, stats_indicators_t *indicators,
                           mns_error_t *error) {
  mns_indicator_value_t value;
  mns_indicators_query_t query = stats->query;
  statistics_period_format (period, query.period);
  indicators->count = 0;
  return mns_ask (stats->bus, "statistics.indicators", &mns_indicators_query_type, &query, &mns_indicator_value_type,
                  &value, keep, indicators, error);
}

void stats_indicators_fini (stats_indicators_t *indicators) {
  free (indicators->values);
  *indicators = (stats_indicators_t){0};
}

const mns_indicator_value_t *stats_find (const stats_indicators_t *indicators, const char *name) {
  for (size_t i = 0; i < indicators->count; i++)
    if (strcmp (indicators->values[i].indicator, name) == 0)
      return &indicators->values[i];
  return NULL;
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

/* Puts commas between the thousands of "-1044420.5" or "+294". */
static const char *group (const char *plain, char text[STATS_TEXT]) {
  size_t sign = *plain == '-' || *plain == '+', digits = strspn (plain + sign, "0123456789"), out = 0;
  for (size_t i = 0; plain[i] && out + 2 < STATS_TEXT; i++) {
    if (i > sign && i < sign + digits && (sign + digits - i) % 3 == 0)
      text[out++] = ',';
    text[out++] = plain[i];
  }
  text[out] = 0;
  return text;
}

int stats_decimals (const mns_indicator_value_t *value) {
  return (int)value->decimals + (value->unit == MNS_UNIT_FEN ? 2 : 0);
}

const char *stats_format (int64_t value, int decimals, char text[STATS_TEXT]) {
  char plain[STATISTICS_SCALED_TEXT];
  if (value == MNS_NONE)
    return strcpy (text, "–");
  return group (statistics_scaled_format (value, decimals, false, plain), text);
}

const char *stats_plain (int64_t value, int decimals, char text[STATS_TEXT]) {
  return value == MNS_NONE ? NULL : statistics_scaled_format (value, decimals, false, text);
}

const char *stats_format_change (const mns_indicator_value_t *value, char text[STATS_TEXT]) {
  char plain[STATISTICS_SCALED_TEXT], percent[STATISTICS_SCALED_TEXT], difference[STATS_TEXT];
  text[0] = 0;
  if (value->change != MNS_NONE && value->change_kind != MNS_CHANGE_PERCENT)
    return strcpy (text, statistics_scaled_format (value->change, 2, true, plain));
  if (value->value == MNS_NONE || value->before == MNS_NONE || value->denominator_kind != MNS_DENOMINATOR_NONE)
    return text;
  group (statistics_scaled_format (value->value - value->before, stats_decimals (value), true, plain), difference);
  if (value->change == MNS_NONE)
    snprintf (text, STATS_TEXT, "%s", difference);
  else
    snprintf (text, STATS_TEXT, "%.30s (%.20s %%)", difference,
              statistics_scaled_format (value->change, 2, true, percent));
  return text;
}
