/* `mns stats report`: the report of a period, as a county prints it.
 *
 * The balance stands in three columns (the year before, the period before, this one); then births, deaths, delays and
 * the others beside the year before; then the sentences. Every number is one that the service gave; nothing is computed
 * here. */
#include "mns/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/statistics/rules_ratio.h"

enum { YEAR_BEFORE, BEFORE, THIS, COLUMNS };

typedef struct {
  stats_t *stats;
  statistics_period_t period[COLUMNS];
  char text[COLUMNS][STATISTICS_PERIOD_TEXT];
  stats_indicators_t indicators[COLUMNS];
  char place[200];
  uint64_t cutoff;
} report_t;

/* Rows of the balance; zero adjustments of a single cause are left out. */
static const char *const balance[] = {"population_opening",
                                      "births",
                                      "deaths",
                                      "natural_increase",
                                      "moves_in",
                                      "moves_out",
                                      "adjustments",
                                      "-adjustments_omitted",
                                      "-adjustments_duplicate",
                                      "-adjustments_annulment",
                                      "-adjustments_merge",
                                      "-adjustments_boundary",
                                      "-adjustments_other",
                                      "population_closing",
                                      "population_mean",
                                      "birth_rate",
                                      "death_rate",
                                      "natural_rate",
                                      NULL};
static const char *const rates[] = {"birth_rate", "death_rate", "natural_rate", NULL};

typedef struct {
  const char *en, *zh;
  const char *names[32];
} section_t;

static const section_t sections[] = {
    {"Births",
     "出生",
     {"births",
      "births_male",
      "births_female",
      "sex_ratio_at_birth",
      "births_order_1",
      "births_order_1_male",
      "births_order_1_female",
      "sex_ratio_order_1",
      "births_order_2",
      "births_order_2_male",
      "births_order_2_female",
      "sex_ratio_order_2",
      "births_order_3",
      "births_order_3_male",
      "births_order_3_female",
      "sex_ratio_order_3",
      "-births_order_0",
      "deliveries",
      "deliveries_single",
      "deliveries_twins",
      "deliveries_triplets",
      "-deliveries_more",
      "births_mother_registered",
      "births_mother_elsewhere",
      "births_mother_foundling",
      NULL}},
    {"Deaths", "死亡", {"deaths", "deaths_male", "deaths_female", "infant_deaths", "infant_mortality", NULL}},
    {"From the event to its registration",
     "登记时效",
     {"births_delay_30", "births_delay_365", "births_delay_over", "births_in_time", "deaths_delay_30",
      "deaths_delay_365", "deaths_delay_over", "deaths_in_time", NULL}},
    {"Rural reward assistance",
     "农村奖励扶助",
     {"rural_reward_opening", "rural_reward_opening_national", "rural_reward_opening_provincial",
      "rural_reward_entrants", "rural_reward_entrants_national", "rural_reward_entrants_provincial",
      "rural_reward_leavers", "rural_reward_leavers_national", "rural_reward_leavers_provincial",
      "rural_reward_leavers_death", "rural_reward_leavers_moved", "rural_reward_leavers_condition_ended",
      "rural_reward_leavers_wrong_finding", "rural_reward_leavers_other", "rural_reward_closing",
      "rural_reward_closing_national", "rural_reward_closing_provincial", NULL}},
    {"Others", "其他", {"away", "incomers", "residents", "funds", "funds_per_head", NULL}},
};

/* ---- what the service says --------------------------------------------------------------------------------------- */

static void take_place (void *context, const void *record) {
  report_t *report = context;
  const mns_place_figures_t *place = record;
  if (place->place == report->stats->query.place && *place->name)
    snprintf (report->place, sizeof report->place, "%s (%012lld)", place->name, (long long)place->place);
}

static mns_rc_t ask_place (report_t *report, mns_error_t *error) {
  const mns_indicators_query_t *query = &report->stats->query;
  mns_places_query_t asked = {.place = query->place, .basis = query->basis};
  mns_place_figures_t row;
  strcpy (asked.period, query->period);
  snprintf (report->place, sizeof report->place, "%012lld", (long long)query->place);
  return mns_ask (report->stats->bus, "statistics.places", &mns_places_query_type, &asked, &mns_place_figures_type,
                  &row, take_place, report, error);
}

static mns_rc_t ask_cutoff (report_t *report, mns_error_t *error) {
  const mns_indicators_query_t *query = &report->stats->query;
  mns_figures_query_t asked = {.place = query->place, .basis = query->basis};
  mns_figures_t *figures = mns_alloc (sizeof *figures);
  strcpy (asked.period, query->period);
  mns_rc_t rc = mns_bus_call (report->stats->bus, "statistics.figures", NULL, &mns_figures_query_type, &asked,
                              &mns_figures_type, figures, error);
  report->cutoff = rc == MNS_OK ? figures->cutoff : 0;
  free (figures);
  return rc;
}

static mns_rc_t fetch (report_t *report, stats_t *stats, mns_error_t *error) {
  *report = (report_t){.stats = stats};
  report->period[THIS] = stats->period;
  report->period[BEFORE] = statistics_period_before (stats->period);
  report->period[YEAR_BEFORE] = statistics_period_year_before (stats->period);
  mns_rc_t rc = ask_place (report, error);
  if (rc == MNS_OK)
    rc = ask_cutoff (report, error);
  for (int i = 0; i < COLUMNS && rc == MNS_OK; i++) {
    statistics_period_format (report->period[i], report->text[i]);
    rc = stats_indicators (stats, report->period[i], &report->indicators[i], error);
  }
  return rc;
}

static void release (report_t *report) {
  for (int i = 0; i < COLUMNS; i++)
    stats_indicators_fini (&report->indicators[i]);
  stats_close (report->stats);
}

/* ---- the tables -------------------------------------------------------------------------------------------------- */

static const char *say (const report_t *report, const char *en, const char *zh) {
  return stats_in_chinese (report->stats) ? zh : en;
}

static const char *name_of (const report_t *report, const mns_indicator_value_t *value) {
  return say (report, value->en, value->zh);
}

/* A name with '-' before it is shown only when it is not zero in every column. */
static bool is_shown (const report_t *report, const char *name) {
  if (*name != '-')
    return stats_find (&report->indicators[THIS], name) != NULL;
  for (int i = 0; i < COLUMNS; i++) {
    const mns_indicator_value_t *value = stats_find (&report->indicators[i], name + 1);
    if (value && value->numerator != 0)
      return true;
  }
  return false;
}

static void add_balance_row (const report_t *report, mns_table_t *table, const char *name, bool annualised) {
  char text[COLUMNS][STATS_TEXT], label[160];
  const char *cells[COLUMNS + 2] = {label, text[0], text[1], text[2], NULL};
  for (int i = 0; i < COLUMNS; i++) {
    const mns_indicator_value_t *value = stats_find (&report->indicators[i], name);
    snprintf (text[i], STATS_TEXT, "–");
    if (value)
      stats_format (annualised ? value->annualised : value->value, stats_decimals (value), text[i]);
  }
  const mns_indicator_value_t *value = stats_find (&report->indicators[THIS], name);
  snprintf (label, sizeof label, "%s%s%s", value ? name_of (report, value) : name,
            value && value->unit == MNS_UNIT_PER_MILLE ? ", ‰" : "",
            annualised ? say (report, ", for a whole year", "，年化") : "");
  mns_table_add (table, cells);
}

static void print_balance (const report_t *report) {
  const mns_column_t columns[] = {{"indicator", say (report, "Balance and rates", "平衡与率"), false},
                                  {"year_before", report->text[YEAR_BEFORE], true},
                                  {"before", report->text[BEFORE], true},
                                  {"this", report->text[THIS], true},
                                  {0, 0, false}};
  mns_table_t *table = mns_table_new (columns);
  for (const char *const *name = balance; *name; name++)
    if (is_shown (report, *name))
      add_balance_row (report, table, *name + (**name == '-'), false);
  for (const char *const *name = rates; *name && report->period[THIS].kind != STATISTICS_YEAR; name++)
    add_balance_row (report, table, *name, true);
  mns_table_print (&table, stdout, MNS_TABLE_TEXT);
}

static void print_section (const report_t *report, const section_t *section) {
  const mns_column_t columns[] = {{"indicator", say (report, section->en, section->zh), false},
                                  {"before", report->text[YEAR_BEFORE], true},
                                  {"this", report->text[THIS], true},
                                  {"change", say (report, "change", "同比"), true},
                                  {0, 0, false}};
  char before[STATS_TEXT], this[STATS_TEXT], change[STATS_TEXT];
  mns_table_t *table = mns_table_new (columns);
  for (const char *const *name = section->names; *name; name++) {
    const mns_indicator_value_t *value = stats_find (&report->indicators[THIS], *name + (**name == '-'));
    if (!value || !is_shown (report, *name))
      continue;
    const char *cells[] = {name_of (report, value), stats_format (value->before, stats_decimals (value), before),
                           stats_format (value->value, stats_decimals (value), this),
                           stats_format_change (value, change), NULL};
    mns_table_add (table, cells);
  }
  printf ("\n");
  mns_table_print (&table, stdout, MNS_TABLE_TEXT);
}

/* ---- the sentences ----------------------------------------------------------------------------------------------- */

static void say_count (const report_t *report, const char *name) {
  const mns_indicator_value_t *value = stats_find (&report->indicators[THIS], name);
  char before[STATS_TEXT], this[STATS_TEXT], change[STATS_TEXT];
  if (!value || value->value == MNS_NONE || value->before == MNS_NONE)
    return;
  printf (say (report, "%s: %s, %s from %s in %s.\n", "%s%s，同比%s（%s，%s）。\n"), name_of (report, value),
          stats_format (value->value, stats_decimals (value), this), stats_format_change (value, change),
          stats_format (value->before, stats_decimals (value), before), report->text[YEAR_BEFORE]);
}

static void say_rate (const report_t *report, const char *name) {
  const mns_indicator_value_t *value = stats_find (&report->indicators[THIS], name);
  char before[STATS_TEXT], this[STATS_TEXT], change[STATS_TEXT];
  if (!value || value->change == MNS_NONE)
    return;
  printf (say (report, "%s: %s ‰, %s points from %s ‰.\n", "%s%s‰，同比%s个千分点（%s‰）。\n"), name_of (report, value),
          stats_format (value->value, stats_decimals (value), this), stats_format_change (value, change),
          stats_format (value->before, stats_decimals (value), before));
}

/* "112 boys for 100 girls (111.95), 128 (127.97) in 2025-S1: −16.02." */
static void say_sex_ratio (const report_t *report) {
  const mns_indicator_value_t *value = stats_find (&report->indicators[THIS], "sex_ratio_at_birth");
  char before[STATS_TEXT], this[STATS_TEXT], change[STATS_TEXT];
  if (!value || value->change == MNS_NONE || value->decimals != 2)
    return;
  printf (say (report, "Boys for 100 girls: %lld (%s), %lld (%s) in %s; %s.\n",
               "出生性别比%lld（%s），上年同期%lld（%s，%s），变化%s。\n"),
          (long long)statistics_ratio_round (statistics_ratio_make (value->value, 100), 0),
          stats_format (value->value, 2, this),
          (long long)statistics_ratio_round (statistics_ratio_make (value->before, 100), 0),
          stats_format (value->before, 2, before), report->text[YEAR_BEFORE], stats_format_change (value, change));
}

/* What the flags of a column say: of its births, whether the period has ended; of their rate, how to read it. */
static void print_notes (const report_t *report) {
  static const char *const names[] = {"births", "birth_rate"};
  for (int i = 0; i < COLUMNS; i++)
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
      const mns_indicator_value_t *value = stats_find (&report->indicators[i], names[k]);
      if (!value || !value->flag || (k == 1 && value->flag == MNS_FLAG_UNFINISHED))
        continue;
      const mns_code_row_t *flag = &mns_indicator_flag.rows[value->flag - 1];
      printf (say (report, "%s: %s.\n", "%s：%s。\n"), report->text[i], say (report, flag->en, flag->zh));
    }
}

static void print_sentences (const report_t *report) {
  printf ("\n");
  say_count (report, "births");
  say_count (report, "deaths");
  for (const char *const *name = rates; *name; name++)
    say_rate (report, *name);
  say_sex_ratio (report);
  print_notes (report);
}

int stats_report (stats_t *stats, bool brief) {
  report_t report;
  mns_error_t error = {0};
  mns_rc_t rc = fetch (&report, stats, &error);
  if (rc == MNS_OK) {
    bool late = stats->query.basis == MNS_BY_OCCURRENCE;
    printf ("%s · %s · %s · %s %llu\n\n", report.place, stats->query.period,
            late ? say (&report, "registered population, by date of occurrence", "户籍人口，按发生日期")
                 : say (&report, "registered population, by date of registration", "户籍人口，按登记日期"),
            say (&report, "counted up to log number", "统计截止号"), (unsigned long long)report.cutoff);
    print_balance (&report);
    for (size_t i = 0; i < sizeof sections / sizeof *sections && !brief; i++)
      print_section (&report, &sections[i]);
    print_sentences (&report);
  }
  release (&report);
  return rc == MNS_OK ? 0 : mns_complain ("mns stats report", &error);
}

/* ---- for programs ------------------------------------------------------------------------------------------------ */

int stats_report_json (stats_t *stats) {
  report_t report;
  mns_error_t error = {0};
  mns_rc_t rc = fetch (&report, stats, &error);
  json_t *root = json_object (), *periods = json_object ();
  char place[MNS_PLACE_TEXT];
  mns_place_format (stats->query.place, place);
  json_object_set_new (root, "place", json_string (place));
  json_object_set_new (root, "period", json_string (stats->query.period));
  json_object_set_new (root, "basis", json_string (mns_code_word (&mns_basis, stats->query.basis)));
  json_object_set_new (root, "cutoff", json_integer ((json_int_t)report.cutoff));
  json_object_set_new (root, "periods", periods);
  for (int i = 0; i < COLUMNS; i++) {
    json_t *indicators = json_object ();
    for (size_t k = 0; k < report.indicators[i].count; k++) {
      const mns_indicator_value_t *value = &report.indicators[i].values[k];
      json_object_set_new (indicators, value->indicator, mns_record_to_json (&mns_indicator_value_type, value, false));
    }
    json_object_set_new (periods, report.text[i], indicators);
  }
  if (rc == MNS_OK)
    json_dumpf (root, stdout, JSON_INDENT (2));
  printf ("%s", rc == MNS_OK ? "\n" : "");
  json_decref (root);
  release (&report);
  return rc == MNS_OK ? 0 : mns_complain ("mns stats report", &error);
}

int stats_report_csv (stats_t *stats) {
  static const mns_column_t columns[] = {
      {"period", NULL, false}, {"indicator", NULL, false}, {"value", NULL, true}, {"year_before", NULL, true},
      {"change", NULL, true},  {"annualised", NULL, true}, {"flag", NULL, false}, {0, 0, false}};
  report_t report;
  mns_error_t error = {0};
  mns_rc_t rc = fetch (&report, stats, &error);
  mns_table_t *table = mns_table_new (columns);
  for (int i = 0; i < COLUMNS; i++)
    for (size_t k = 0; k < report.indicators[i].count; k++) {
      const mns_indicator_value_t *value = &report.indicators[i].values[k];
      char this[STATS_TEXT], before[STATS_TEXT], change[STATS_TEXT], annualised[STATS_TEXT];
      const char *cells[] = {report.text[i],
                             value->indicator,
                             stats_plain (value->value, stats_decimals (value), this),
                             stats_plain (value->before, stats_decimals (value), before),
                             stats_plain (value->change, 2, change),
                             stats_plain (value->annualised, stats_decimals (value), annualised),
                             mns_code_word (&mns_indicator_flag, value->flag),
                             NULL};
      mns_table_add (table, cells);
    }
  mns_table_print (&table, rc == MNS_OK ? stdout : NULL, MNS_TABLE_CSV);
  release (&report);
  return rc == MNS_OK ? 0 : mns_complain ("mns stats report", &error);
}
