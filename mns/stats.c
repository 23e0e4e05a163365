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

int stats_open (stats_t *stats, const char *command) {
  mns_error_t error = {0};
  stats->bus = mns_connect (&stats->config);
  if (!stats->bus)
    return 1;
  mns_indicators_query_t *query = &stats->query;
  *query = (mns_indicators_query_t){.place = stats->options.place, .basis = stats->options.basis};
  memcpy (query->period, stats->options.period, sizeof query->period);
  memcpy (query->indicator, stats->options.indicator, sizeof query->indicator);
  if (!query->place)
    query->place = stats->config.county;
  if (!query->place) {
    mns_fail (&error, MNS_USAGE, "--place", "the configuration names no county: give a place of 12 digits");
    return refuse (stats, command, &error);
  }
  if (!*query->period)
    statistics_period_format (
        statistics_period_last_complete (mns_clock_today ((int32_t)stats->config.utc_offset_s), STATISTICS_HALF),
        query->period);
  if (!statistics_period_parse (query->period, &stats->period)) {
    mns_fail (&error, MNS_USAGE, "--period",
              "'%s' is no period: a month 2026-06, quarter 2026-Q2, half-year 2026-S1 or year 2026 is meant",
              query->period);
    return refuse (stats, command, &error);
  }
  if (!query->basis)
    query->basis = MNS_BY_REGISTRATION;
  return -1;
}

void stats_close (stats_t *stats) {
  mns_bus_destroy (&stats->bus);
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
