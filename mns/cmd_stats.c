/* `mns stats`: figures for people and programs. */
#include "mns/stats.h"
#include "mns/stats_release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const usual_fields[] = {"place", "period", "basis", NULL};
static const char *const indicator_fields[] = {"place",   "period",       "basis", "indicator",
                                               "against", "as_published", NULL};
static const char *const boundary_fields[] = {"place", "period", "basis", "boundaries", NULL};

static bool brief;
static const mns_option_t report_options[] = {
    {"short", 0, MNS_OPTION_FLAG, NULL, "only the balance and what changed", &brief}, {0, 0, 0, 0, 0, 0}};

static int run_report (int argc, char **argv) {
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats report [options]",
                   .summary =
                       "Prints the report of a period: the balance beside the period before and the year before, "
                       "births, deaths,\ndelays, assistance, and what changed."};
  int done = stats_begin (&stats, &cli, report_options, usual_fields, argc, argv);
  if (done >= 0)
    return done;
  if (mns_globals.json)
    return stats_report_json (&stats);
  return mns_globals.csv ? stats_report_csv (&stats) : stats_report (&stats, brief);
}

/* ---- show: indicators of one place ------------------------------------------------------------------------------- */

static mns_column_t show_columns[] = {{"indicator", NULL, false},
                                      {"name", NULL, false},
                                      {"value", NULL, true},
                                      {"year_before", "year before", true},
                                      {"change", NULL, true},
                                      {"annualised", NULL, true},
                                      {"count", NULL, true},
                                      {"flag", NULL, false},
                                      {0, 0, false}};

/* The column of the period that is compared with says which it is. */
static void name_before (mns_column_t *columns, const stats_t *stats) {
  static char period[STATISTICS_PERIOD_TEXT];
  if (!*stats->query.against)
    return;
  snprintf (period, sizeof period, "%s", stats->query.against);
  for (; columns->key; columns++)
    if (strcmp (columns->key, "year_before") == 0)
      columns->title = period;
}

static void show_row (mns_table_t *table, const mns_indicator_value_t *value, const char *name) {
  char this[STATS_TEXT], before[STATS_TEXT], year[STATS_TEXT];
  char change[STATS_TEXT], count[STATS_TEXT];
  const char *cells[] = {value->indicator,
                         name,
                         stats_plain (value->value, stats_decimals (value), this),
                         stats_plain (value->before, stats_decimals (value), before),
                         stats_format_change (value, change),
                         stats_plain (value->annualised, stats_decimals (value), year),
                         stats_plain (value->numerator, 0, count),
                         mns_code_word (&mns_indicator_flag, value->flag),
                         NULL};
  mns_table_add (table, cells);
}

static int run_show (int argc, char **argv) {
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats show [options]",
                   .summary = "Prints the indicators of a place and period, each beside the year before."};
  int done = stats_begin (&stats, &cli, NULL, indicator_fields, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  stats_indicators_t indicators = {0};
  mns_rc_t rc = stats_indicators (&stats, stats.period, &indicators, &error);
  name_before (show_columns, &stats);
  mns_table_t *table = mns_table_new (show_columns);
  for (size_t i = 0; i < indicators.count; i++) {
    const mns_indicator_value_t *value = &indicators.values[i];
    show_row (table, value, stats_in_chinese (&stats) ? value->zh : value->en);
  }
  stats_indicators_fini (&indicators);
  return stats_finish (&stats, &table, rc, &error);
}

/* ---- counts, list, compare --------------------------------------------------------------------------------------- */

static void add_counts (void *context, const void *record) {
  const mns_figures_t *figures = record;
  for (int i = 0; i < figures->counts_count; i++)
    mns_table_add_record (context, &figures->counts[i], false);
}

static int run_counts (int argc, char **argv) {
  static const char *const fields[] = {"measure", "dimension", "value", NULL};
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats counts [options]",
                   .summary = "Prints the counts of a place and period that the indicators are made from."};
  int done = stats_begin (&stats, &cli, NULL, boundary_fields, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_figures_query_t query = {
      .place = stats.query.place, .basis = stats.query.basis, .boundaries = stats.options.boundaries};
  mns_figures_t *figures = mns_alloc (sizeof *figures);
  strcpy (query.period, stats.query.period);
  mns_table_t *table = mns_table_of_records (&mns_count_type, fields);
  mns_rc_t rc = mns_ask (stats.bus, "statistics.figures", &mns_figures_query_type, &query, &mns_figures_type, figures,
                         add_counts, table, &error);
  free (figures);
  return stats_finish (&stats, &table, rc, &error);
}

static int run_list (int argc, char **argv) {
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats list [options]",
                   .summary = "Prints the balance of a place and of each place right below it."};
  int done = stats_begin (&stats, &cli, NULL, boundary_fields, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_table_t *table = mns_table_of_records (&mns_place_figures_type, NULL);
  stats_places_t list = {0};
  mns_rc_t rc = stats_places (&stats, &list, &error);
  for (size_t i = 0; i < list.count; i++)
    mns_table_add_record (table, &list.places[i], false);
  stats_places_fini (&list);
  return stats_finish (&stats, &table, rc, &error);
}

static mns_rc_t compare_place (stats_t *stats, mns_table_t *table, const mns_place_figures_t *place,
                               mns_error_t *error) {
  char code[MNS_PLACE_TEXT], this[STATS_TEXT], before[STATS_TEXT], change[STATS_TEXT];
  char count[STATS_TEXT];
  mns_indicator_value_t value;
  mns_indicators_query_t query = stats->query;
  query.place = place->place;
  mns_rc_t rc = mns_bus_call (stats->bus, "statistics.indicators", NULL, &mns_indicators_query_type, &query,
                              &mns_indicator_value_type, &value, error);
  if (rc != MNS_OK)
    return rc;
  mns_place_format (place->place, code);
  const char *cells[] = {code,
                         place->name,
                         stats_plain (value.value, stats_decimals (&value), this),
                         stats_plain (value.before, stats_decimals (&value), before),
                         stats_format_change (&value, change),
                         stats_plain (value.numerator, 0, count),
                         mns_code_word (&mns_indicator_flag, value.flag),
                         NULL};
  mns_table_add (table, cells);
  return MNS_OK;
}

static int run_compare (int argc, char **argv) {
  static mns_column_t columns[] = {
      {"place", NULL, false}, {"name", NULL, false}, {"value", NULL, true}, {"year_before", "year before", true},
      {"change", NULL, true}, {"count", NULL, true}, {"flag", NULL, false}, {0, 0, false}};
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats compare --indicator NAME [options]",
                   .summary = "Prints one indicator for a place and each place right below it, beside the year before "
                              "or --against a period."};
  int done = stats_begin (&stats, &cli, NULL, indicator_fields, argc, argv);
  if (done >= 0)
    return done;
  if (!*stats.query.indicator)
    strcpy (stats.query.indicator, "birth_rate");
  mns_error_t error = {0};
  stats_places_t list = {0};
  name_before (columns, &stats);
  mns_table_t *table = mns_table_new (columns);
  mns_rc_t rc = stats_places (&stats, &list, &error);
  for (size_t i = 0; i < list.count && rc == MNS_OK; i++)
    rc = compare_place (&stats, table, &list.places[i], &error);
  stats_places_fini (&list);
  return stats_finish (&stats, &table, rc, &error);
}

/* ---- check-reported ---------------------------------------------------------------------------------------------- */

typedef struct {
  const char *text[6];
} printed_t;

static printed_t printed;
static int64_t births = MNS_NONE, deaths = MNS_NONE;

static const mns_option_t reported_options[] = {
    {"birth-rate", 0, MNS_OPTION_TEXT, "RATE", "printed birth rate per 1,000, e.g. 4.68", &printed.text[0]},
    {"death-rate", 0, MNS_OPTION_TEXT, "RATE", "printed death rate", &printed.text[1]},
    {"natural-rate", 0, MNS_OPTION_TEXT, "RATE", "printed rate of natural increase", &printed.text[2]},
    {"birth-change", 0, MNS_OPTION_TEXT, "POINTS", "printed change of the birth rate, e.g. +0.14", &printed.text[3]},
    {"death-change", 0, MNS_OPTION_TEXT, "POINTS", "printed change of the death rate", &printed.text[4]},
    {"natural-change", 0, MNS_OPTION_TEXT, "POINTS", "printed change of the rate of natural increase",
     &printed.text[5]},
    {"births", 0, MNS_OPTION_INT, "N", "births behind the rates (default: the register's)", &births},
    {"deaths", 0, MNS_OPTION_INT, "N", "deaths behind the rates (default: the register's)", &deaths},
    {0, 0, 0, 0, 0, 0}};

/* "4.68", "+0.14", "-1.17" in hundredths. */
static mns_rc_t hundredths (const char *text, int64_t *value, mns_error_t *error) {
  if (!text)
    return MNS_OK;
  if (!mns_fen_parse_yuan (*text == '+' ? text + 1 : text, value))
    return mns_fail (error, MNS_USAGE, text, "a number with at most two decimals is meant, e.g. 4.68 or +0.14");
  return MNS_OK;
}

static mns_rc_t read_printed (const stats_t *stats, mns_reported_figures_t *figures, mns_error_t *error) {
  mns_record_clear (&mns_reported_figures_type, figures);
  int64_t *const targets[] = {&figures->birth_rate,   &figures->death_rate,   &figures->natural_rate,
                              &figures->birth_change, &figures->death_change, &figures->natural_change};
  mns_rc_t rc = MNS_OK;
  for (int i = 0; i < 6 && rc == MNS_OK; i++)
    rc = hundredths (printed.text[i], targets[i], error);
  figures->births = births;
  figures->deaths = deaths;
  figures->place = stats->query.place;
  strcpy (figures->period, stats->query.period);
  figures->basis = stats->query.basis;
  return rc;
}

static void add_finding (void *context, const void *record) {
  const mns_reported_finding_t *finding = record;
  char was[STATS_TEXT], should[STATS_TEXT];
  const char *cells[] = {mns_code_word (&mns_finding, finding->finding),
                         finding->detail,
                         finding->field,
                         stats_plain (finding->printed, 2, was),
                         stats_plain (finding->suggestion, 2, should),
                         NULL};
  mns_table_add (context, cells);
}

/* Exit code 1 when something was found, so that a script notices. */
static int run_check_reported (int argc, char **argv) {
  static const mns_column_t columns[] = {{"finding", NULL, false}, {"detail", NULL, false},    {"field", NULL, false},
                                         {"printed", NULL, true},  {"suggestion", NULL, true}, {0, 0, false}};
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats check-reported --birth-rate 4.68 --death-rate 3.36 … [options]",
                   .summary = "Checks printed rates and their changes against one another and against the counts. Ends "
                              "with 1 when\nsomething does not agree."};
  int done = stats_begin (&stats, &cli, reported_options, usual_fields, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_reported_figures_t figures;
  mns_reported_finding_t finding;
  mns_table_t *table = mns_table_new (columns);
  mns_rc_t rc = read_printed (&stats, &figures, &error);
  if (rc == MNS_OK)
    rc = mns_ask (stats.bus, "statistics.check-reported", &mns_reported_figures_type, &figures,
                  &mns_reported_finding_type, &finding, add_finding, table, &error);
  bool found = mns_table_rows (table) > 0;
  int code = stats_finish (&stats, &table, rc, &error);
  return code ? code : found;
}

/* ---- verify, export, snapshot ------------------------------------------------------------------------------------ */

static stats_verify_t verify_how;
static const mns_option_t verify_options[] = {
    {"villages", 0, MNS_OPTION_FLAG, NULL, "villages as well, not only townships", &verify_how.villages},
    {"months", 0, MNS_OPTION_FLAG, NULL, "every month, not only the years", &verify_how.months},
    {0, 0, 0, 0, 0, 0}};

static int run_verify (int argc, char **argv) {
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats verify [options]",
                   .summary = "Compares the figures of a place and those below it with a recount of the register, on "
                              "both bases, for\nthis year and the two before. Ends with 1 when one differs."};
  int done = stats_begin (&stats, &cli, verify_options, usual_fields, argc, argv);
  return done >= 0 ? done : stats_verify (&stats, &verify_how);
}

static int run_export (int argc, char **argv) {
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats export [options]",
                   .summary = "Prints what the statistics service knows as text: places, then counts, in one order. "
                              "Two services that\nfolded the same log print the same bytes."};
  int done = stats_begin (&stats, &cli, NULL, usual_fields + 3, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_export_query_t query = {.after = 0};
  mns_export_page_t *page = mns_alloc (sizeof *page);
  mns_rc_t rc;
  do {
    rc = mns_bus_call (stats.bus, "statistics.export", NULL, &mns_export_query_type, &query, &mns_export_page_type,
                       page, &error);
    if (rc == MNS_OK)
      fputs (page->text, stdout);
    query.after = rc == MNS_OK ? page->next : 0;
  } while (query.after);
  free (page);
  stats_close (&stats);
  return rc == MNS_OK ? 0 : mns_complain ("mns stats export", &error);
}

static void print_figures (void *context, const void *record) {
  (void)context;
  json_t *json = mns_record_to_json (&mns_figures_type, record, false);
  json_dumpf (json, stdout, JSON_COMPACT);
  putchar ('\n');
  json_decref (json);
}

static int run_snapshot (int argc, char **argv) {
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats snapshot [options]",
                   .summary = "Prints all figures of a place and those below it, one JSON record a line, as of one "
                              "moment. Subscribe\nto statistics.figures from its `cutoff` to go on from there."};
  int done = stats_begin (&stats, &cli, NULL, usual_fields, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_snapshot_query_t query = {.place = stats.query.place};
  mns_snapshot_info_t info = {0};
  mns_figures_t *figures = mns_alloc (sizeof *figures);
  mns_rc_t rc = mns_bus_call (stats.bus, "statistics.snapshot", NULL, &mns_snapshot_query_type, &query,
                              &mns_snapshot_info_type, &info, &error);
  for (uint64_t i = 1; i <= info.pages && rc == MNS_OK; i++) {
    mns_snapshot_read_t read = {.page = i};
    rc = mns_ask (stats.bus, "statistics.snapshot-read", &mns_snapshot_read_type, &read, &mns_figures_type, figures,
                  print_figures, NULL, &error);
  }
  free (figures);
  stats_close (&stats);
  return rc == MNS_OK ? 0 : mns_complain ("mns stats snapshot", &error);
}

int mns_cmd_stats (int argc, char **argv) {
  static const mns_subcommand_t table[] = {
      {"report", "the report of a period", run_report},
      {"show", "indicators of a place, beside the year before", run_show},
      {"counts", "the counts behind them", run_counts},
      {"list", "the balance of a place and its parts", run_list},
      {"compare", "one indicator for a place and its parts", run_compare},
      {"table", "a table of places, periods or indicators by one another", stats_run_table},
      {"rank", "the places below by one indicator", stats_run_rank},
      {"trend", "one indicator over months, quarters, half-years or years, drawn", stats_run_trend},
      {"pyramid", "the people by sex and age, drawn", stats_run_pyramid},
      {"life-table", "how long people live", stats_run_life_table},
      {"indicator", "what the indicators are: list, describe, rehearse", stats_run_indicator},
      {"check-reported", "printed rates against one another and the counts", run_check_reported},
      {"verify", "every figure against a recount of the register", run_verify},
      {"export", "the state as text", run_export},
      {"snapshot", "all figures of one moment as JSON lines", run_snapshot},
      {"close", "close a month", stats_close_month},
      {"reopen", "open the last closed month again", stats_reopen_month},
      {"closings", "what was closed and opened again", stats_closings},
      {"diff", "why the figures of a closed period moved", stats_diff},
      {"release", "what leaves the house: list, show, publish", stats_release},
      {0, 0, 0}};
  return mns_run_subcommand ("mns stats", "Figures: population, births, deaths, moves, rates, assistance.", table, argc,
                             argv);
}
