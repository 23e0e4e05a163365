/* The pure rules of statistics against their tables: periods, folding, indicators, reported figures. */
#include "tests/support/test.h"

#include "services/statistics/catalogue.h"
#include "services/statistics/rules_fold.h"
#include "services/statistics/rules_life_table.h"
#include "services/statistics/rules_ratio.h"
#include "services/statistics/rules_reported.h"
#include "tests/support/capture.h"
#include "tests/support/folder.h"
#include "tests/support/rules_table.h"
#include <math.h>

#define RULES MNS_SOURCE_DIR "/tests/rules/"

static void expect (const rules_table_t *table, const char *key, const char *got) {
  const char *want = rules_table_value (table, key);
  if (want && strcmp (want, got) != 0)
    rules_table_fail (table, "%s is %s, not %s", key, got, want);
}

static mns_date_t date_of (const rules_table_t *table, const char *text) {
  mns_date_t date = 0;
  if (!text || !mns_date_parse (text, &date))
    rules_table_fail (table, "no date: %s", text ? text : "(missing)");
  return date;
}

/* ---- periods ----------------------------------------------------------------------------------------------------- */
static void expect_date (const rules_table_t *table, const char *key, mns_date_t date) {
  char text[MNS_DATE_TEXT];
  mns_date_format (date, text);
  expect (table, key, text);
}

static void expect_number (const rules_table_t *table, const char *key, int number) {
  char text[16];
  snprintf (text, sizeof text, "%d", number);
  expect (table, key, text);
}

static void expect_period (const rules_table_t *table, const char *key, statistics_period_t period) {
  char text[STATISTICS_PERIOD_TEXT];
  statistics_period_format (period, text);
  expect (table, key, text);
}

static void check_period (const rules_table_t *table) {
  statistics_period_t period;
  char text[STATISTICS_PERIOD_TEXT];
  if (!statistics_period_parse (table->words[1], &period))
    rules_table_fail (table, "%s is refused", table->words[1]);
  statistics_period_format (period, text);
  assert_string_equal (text, table->words[1]);
  expect_date (table, "from", statistics_period_from (period));
  expect_date (table, "to", statistics_period_to (period));
  expect_number (table, "days", statistics_period_days (period));
  expect_number (table, "year", statistics_period_days_of_year (period));
  expect_period (table, "year-before", statistics_period_year_before (period));
  expect_period (table, "before", statistics_period_before (period));
  statistics_period_t again = statistics_period_after (statistics_period_before (period));
  assert_int_equal (again.first, period.first);
}

static void check_complete (const rules_table_t *table) {
  mns_date_t today = date_of (table, table->words[1]);
  expect_period (table, "month", statistics_period_last_complete (today, STATISTICS_MONTH));
  expect_period (table, "quarter", statistics_period_last_complete (today, STATISTICS_QUARTER));
  expect_period (table, "half", statistics_period_last_complete (today, STATISTICS_HALF));
  expect_period (table, "year", statistics_period_last_complete (today, STATISTICS_YEAR));
}

static void check_same (const rules_table_t *table) {
  statistics_period_t period;
  char text[STATISTICS_PERIOD_TEXT];
  if (!statistics_period_parse (table->words[1], &period))
    rules_table_fail (table, "%s is refused", table->words[1]);
  statistics_period_format (period, text);
  if (strcmp (text, table->words[2]) != 0)
    rules_table_fail (table, "it is %s", text);
}

static void test_periods (void **unused) {
  (void)unused;
  rules_table_t table;
  statistics_period_t period;
  for (rules_table_open (&table, RULES "statistics_period.table"); rules_table_next (&table);) {
    if (strcmp (table.words[0], "period") == 0)
      check_period (&table);
    else if (strcmp (table.words[0], "complete") == 0)
      check_complete (&table);
    else if (strcmp (table.words[0], "same") == 0)
      check_same (&table);
    else if (statistics_period_parse (table.words[1], &period))
      rules_table_fail (&table, "%s is taken for a period", table.words[1]);
  }
}

/* ---- folding ----------------------------------------------------------------------------------------------------- */
static mns_place_t place_of (const rules_table_t *table, const char *key) {
  mns_place_t place = 0;
  const char *text = rules_table_value (table, key);
  if (text && !mns_place_parse (text, &place))
    rules_table_fail (table, "no place: %s", text);
  return place;
}

static mns_code_t code_of (const rules_table_t *table, const mns_code_table_t *codes, const char *key,
                           mns_code_t none) {
  const char *text = rules_table_value (table, key);
  return text ? mns_code_find (codes, text) : none;
}

static int64_t number_of (const rules_table_t *table, const char *key, int64_t none) {
  const char *text = rules_table_value (table, key);
  return text ? atoll (text) : none;
}

static mns_restatement_t event_of (const rules_table_t *table) {
  mns_restatement_t event;
  mns_record_clear (&mns_restatement_type, &event);
  const char *registered = rules_table_value (table, "registered"), *birth = rules_table_value (table, "birth");
  event.event_kind = mns_code_find (&mns_life_event, table->words[1]);
  event.occurred = date_of (table, rules_table_value (table, "occurred"));
  event.registered = registered ? date_of (table, registered) : event.occurred;
  event.birth = birth ? date_of (table, birth) : 19600101;
  event.place = place_of (table, "place");
  event.residence = place_of (table, "residence");
  event.other_place = place_of (table, "other");
  event.sex = code_of (table, &mns_sex, "sex", MNS_MALE);
  event.mother = code_of (table, &mns_mother, "mother", MNS_MOTHER_REGISTERED);
  event.adjustment = code_of (table, &mns_adjustment, "cause", 0);
  event.sign = number_of (table, "sign", 1);
  event.birth_order = number_of (table, "order", MNS_NONE);
  event.plurality = number_of (table, "plurality", 1);
  event.rank = number_of (table, "rank", 1);
  event.delta = number_of (table, "delta", MNS_NONE);
  return event;
}

static void format_contribution (const statistics_contribution_t *item, char *text, size_t size) {
  char dimension[MNS_DIMENSION_MAX + 1], except[20] = "";
  statistics_dimension_format (item->measure, item->kind, item->part, dimension);
  if (item->except)
    snprintf (except, sizeof except, "<%012lld", (long long)item->except);
  snprintf (text, size, "%s:%s:%d@%012lld%s", statistics_measure_name (item->measure), dimension, item->value,
            (long long)item->place, except);
}

static void check_fold (const rules_table_t *table, const statistics_fold_t *fold) {
  for (int basis = 0; basis < 2; basis++) {
    statistics_period_t month;
    assert_true (statistics_period_parse (table->words[1 + basis], &month));
    if (month.first != fold->month[basis])
      rules_table_fail (table, "it counts in another month than %s", table->words[1 + basis]);
  }
  for (size_t i = 0; i < fold->count; i++) {
    char text[160];
    format_contribution (&fold->items[i], text, sizeof text);
    if ((int)i + 3 >= table->count || strcmp (text, table->words[i + 3]) != 0)
      rules_table_fail (table, "contribution %zu is %s", i + 1, text);
  }
  if ((int)fold->count + 3 != table->count)
    rules_table_fail (table, "%zu contributions", fold->count);
}

static void test_folding (void **unused) {
  (void)unused;
  rules_table_t table;
  mns_place_t county = 0;
  statistics_fold_t fold;
  mns_rc_t rc = MNS_OK;
  for (rules_table_open (&table, RULES "statistics_fold.table"); rules_table_next (&table);) {
    if (strcmp (table.words[0], "county") == 0) {
      county = atoll (table.words[1]);
    } else if (strcmp (table.words[0], "fold") == 0) {
      mns_restatement_t event = event_of (&table);
      rc = statistics_fold_life (&event, county, &fold, NULL);
    } else if (strcmp (table.words[0], "refused") == 0) {
      if (rc != mns_error_from_word (table.words[1]))
        rules_table_fail (&table, "the result is %s", mns_error_word (rc));
    } else {
      if (rc != MNS_OK)
        rules_table_fail (&table, "it was refused: %s", mns_error_word (rc));
      check_fold (&table, &fold);
    }
  }
}

/* ---- indicators -------------------------------------------------------------------------------------------------- */
typedef struct {
  statistics_cube_t *cube;
  statistics_period_t period, against;
  statistics_by_age_t by_age; /* as the case gives it */
  mns_date_t today;
  int place;
  statistics_sums_t now, before;
} case_t;

static void begin_case (const rules_table_t *table, case_t *c) {
  statistics_cube_destroy (&c->cube);
  c->cube = statistics_cube_new ();
  c->place = statistics_cube_place (c->cube, 510322000000);
  assert_true (statistics_period_parse (table->words[1], &c->period));
  const char *against = rules_table_value (table, "against");
  c->against = c->period; /* two places keep them apart */
  if (against)
    assert_true (statistics_period_parse (against, &c->against));
  memset (&c->by_age, 0, sizeof c->by_age);
  c->today = date_of (table, rules_table_value (table, "today"));
}

/* Two places of the cube keep the period and the year before apart, as their cases give them. */
static void add_counts (const rules_table_t *table, case_t *c) {
  bool before = strncmp (table->words[0], "before", 6) == 0, opening = strstr (table->words[0], "opening");
  int place = before ? statistics_cube_place (c->cube, 510321000000) : c->place;
  for (int i = 1; i < table->count; i++) {
    char dimension[65] = "";
    statistics_measure_t measure;
    char *colon = strchr (table->words[i], ':'), *last = strrchr (table->words[i], ':');
    if (!statistics_measure_find (table->words[i], (size_t)(colon - table->words[i]), &measure))
      rules_table_fail (table, "no measure: %s", table->words[i]);
    if (last > colon)
      snprintf (dimension, sizeof dimension, "%.*s", (int)(last - colon - 1), colon + 1);
    statistics_cube_add (c->cube, place, 0, 0, statistics_cube_series (c->cube, measure, dimension),
                         (before ? c->against : c->period).first - (opening ? 1 : 0), atoi (last + 1), 1);
  }
}

static const struct {
  const char *word;
  statistics_age_kind_t kind;
  int end;
} age_rows[] = {{"people-opening", STATISTICS_PEOPLE, STATISTICS_BEGINNING},
                {"people-closing", STATISTICS_PEOPLE, STATISTICS_END},
                {"deaths-age", STATISTICS_DEATHS_AGE, 0},
                {"births-age", STATISTICS_BIRTHS_AGE, 0}};

static bool add_ages (const rules_table_t *table, case_t *c) {
  size_t row = 0;
  while (row < COUNT_OF (age_rows) && strcmp (table->words[0], age_rows[row].word) != 0)
    row++;
  for (int i = 1; row < COUNT_OF (age_rows) && i < table->count; i++) {
    char group[16];
    int age;
    long long count;
    if (sscanf (table->words[i], "%15[^.].%d:%lld", group, &age, &count) != 3)
      rules_table_fail (table, "no count by age: %s", table->words[i]);
    unsigned sex = mns_code_find (&mns_sex, group);
    if (age_rows[row].kind == STATISTICS_PEOPLE)
      c->by_age.people[age_rows[row].end][sex][age] += count;
    else if (age_rows[row].kind == STATISTICS_DEATHS_AGE)
      c->by_age.deaths[sex][age] += count;
    else
      c->by_age.births[atoi (group)][age] += count;
  }
  return row < COUNT_OF (age_rows);
}

static const char *scaled (int64_t value, int decimals, bool plus, char *text) {
  return value == MNS_NONE ? "-" : statistics_scaled_format (value, decimals, plus, text);
}

static void check_value (const rules_table_t *table, const statistics_catalogue_t *catalogue, case_t *c) {
  const statistics_indicator_t *indicator = statistics_catalogue_find (catalogue, table->words[1]);
  mns_indicator_value_t value;
  char text[STATISTICS_SCALED_TEXT];
  if (!indicator)
    rules_table_fail (table, "no indicator: %s", table->words[1]);
  statistics_sums_make (&c->now, c->cube, c->place, 0, c->period);
  statistics_sums_make (&c->before, c->cube, statistics_cube_find (c->cube, 510321000000), 0, c->against);
  statistics_sums_complete (&c->now, c->cube, c->place, 0, c->period.end, true);
  statistics_sums_complete (&c->before, c->cube, statistics_cube_find (c->cube, 510321000000), 0, c->against.end, true);
  *c->now.by_age = c->by_age;
  statistics_indicator_value (indicator, &catalogue->rules, &c->now, &c->before, c->today, &value);
  expect (table, "value", scaled (value.value, (int)value.decimals, false, text));
  expect (table, "before", scaled (value.before, (int)value.decimals, false, text));
  expect (table, "change", scaled (value.change, 2, true, text));
  expect (table, "annualised", scaled (value.annualised, (int)value.decimals, false, text));
  expect (table, "denominator", scaled (value.denominator, 1, false, text));
  expect (table, "flag", value.flag ? mns_code_word (&mns_indicator_flag, value.flag) : "-");
  expect (table, "before-flag", value.before_flag ? mns_code_word (&mns_indicator_flag, value.before_flag) : "-");
}

static void check_indicators (const char *path) {
  rules_table_t table;
  statistics_catalogue_t catalogue;
  mns_error_t error = {0};
  case_t c = {0};
  if (statistics_catalogue_load (&catalogue, "", &error) != MNS_OK)
    fail_msg ("the catalogue is refused: %s: %s", error.where, error.detail);
  statistics_sums_init (&c.now);
  statistics_sums_init (&c.before);
  for (rules_table_open (&table, path); rules_table_next (&table);) {
    if (strcmp (table.words[0], "period") == 0)
      begin_case (&table, &c);
    else if (strcmp (table.words[0], "value") == 0)
      check_value (&table, &catalogue, &c);
    else if (!add_ages (&table, &c))
      add_counts (&table, &c);
  }
  statistics_sums_fini (&c.now);
  statistics_sums_fini (&c.before);
  statistics_cube_destroy (&c.cube);
  statistics_catalogue_fini (&catalogue);
}

static void test_indicators (void **unused) {
  (void)unused;
  check_indicators (RULES "statistics_indicator.table");
}

static void test_demography (void **unused) {
  (void)unused;
  check_indicators (RULES "statistics_demography.table");
}

/* Whoever is counted by the month of birth is as old on each first of a month as the dates say, born on a first or on
 * 29 February as well. */
static void test_ages (void **unused) {
  (void)unused;
  for (mns_date_t birth = 19960101; birth < 20050101; birth = mns_date_add_days (birth, 1))
    for (int month = statistics_month_index (birth) + 1; month < 2012 * 12; month += 1 + month % 5) {
      mns_date_t first = mns_date_make (month / 12, month % 12 + 1, 1);
      if (statistics_age_on (statistics_birth_month (birth), month) != mns_date_age (birth, first))
        fail_msg ("born on %d, on %d", birth, first);
    }
}

/* ---- life tables ------------------------------------------------------------------------------------------------- */
typedef struct {
  statistics_life_row_t rows[STATISTICS_LIFE_ROWS], wanted[STATISTICS_LIFE_ROWS]; /* wanted: MISSING where not said */
  double a[STATISTICS_LIFE_ROWS];
  mns_code_t sex;
  bool own;
} life_t;

#define MISSING (-1.0)

static double real_of (const rules_table_t *table, const char *key) {
  const char *text = rules_table_value (table, key);
  return text ? strtod (text, NULL) : MISSING;
}

static void begin_life (const rules_table_t *table, life_t *life) {
  *life = (life_t){.sex = mns_code_find (&mns_sex, table->words[1])};
  statistics_life_rows (life->rows);
}

static void add_life (const rules_table_t *table, life_t *life) {
  int row = statistics_life_row_of (atoi (table->words[1]));
  life->rows[row].deaths = real_of (table, "deaths");
  life->rows[row].person_years = real_of (table, "person-years");
  life->a[row] = real_of (table, "a");
  life->own = life->a[0] < 0;
  life->wanted[row] = (statistics_life_row_t){.m = real_of (table, "m"),
                                              .q = real_of (table, "q"),
                                              .survivors = real_of (table, "l"),
                                              .a = real_of (table, "own-a")};
}

static void near (const rules_table_t *table, int age, const char *what, double value, double wanted, double half) {
  if (wanted >= 0 && fabs (value - wanted) > half)
    rules_table_fail (table, "%s at %d is %.6f, not %.6f", what, age, value, wanted);
}

static void check_life (const rules_table_t *table, life_t *life) {
  if (!statistics_life_table (life->rows, life->sex, life->own ? NULL : life->a))
    rules_table_fail (table, "there is no table");
  for (int i = 0; i < STATISTICS_LIFE_ROWS; i++) {
    near (table, life->rows[i].age, "m", life->rows[i].m, life->wanted[i].m, 0.5e-6);
    near (table, life->rows[i].age, "q", life->rows[i].q, life->wanted[i].q, 0.5e-6);
    near (table, life->rows[i].age, "l", life->rows[i].survivors, life->wanted[i].survivors, 0.5);
    near (table, life->rows[i].age, "a", life->rows[i].a, life->wanted[i].a, 0.5e-3);
  }
  int row = statistics_life_row_of (atoi (table->words[1]));
  near (table, life->rows[row].age, "e", life->rows[row].expected, strtod (table->words[2], NULL), 0.5e-3);
}

static void test_life_tables (void **unused) {
  (void)unused;
  rules_table_t table;
  life_t life = {0};
  for (rules_table_open (&table, RULES "statistics_life_table.table"); rules_table_next (&table);) {
    if (strcmp (table.words[0], "table") == 0)
      begin_life (&table, &life);
    else if (strcmp (table.words[0], "age") == 0)
      add_life (&table, &life);
    else
      check_life (&table, &life);
  }
}

/* A county's own catalogue is read from its data directory, and all its mistakes are told. */
static void test_own_catalogue (void **unused) {
  (void)unused;
  static const char own[] = "rules: [{few_events: 30, break_per_mille: 5}]\n"
                            "indicators:\n"
                            "  - {name: a, en: A, zh: 甲, numerator: births}\n"
                            "  - {name: a, en: B, zh: 乙, numerator: weddings}\n"
                            "  - {name: c, en: C, zh: 丙, numerator: deaths, denominator: \"births/deaths\"}\n";
  char data[MNS_PATH_MAX], path[MNS_PATH_MAX + 40];
  char log[4096];
  statistics_catalogue_t catalogue;
  mns_error_t error = {0};
  assert_int_equal (test_folder_make (data), 0);
  snprintf (path, sizeof path, "%s/catalogue", data);
  assert_int_equal (mns_dir_make (path, 0700, NULL), MNS_OK);
  snprintf (path, sizeof path, "%s/catalogue/indicators.yaml", data);
  FILE *file = fopen (path, "w");
  assert_non_null (file);
  fputs (own, file);
  fclose (file);
  capture_begin (2);
  assert_int_not_equal (statistics_catalogue_load (&catalogue, data, &error), MNS_OK);
  capture_end (log, sizeof log);
  assert_non_null (strstr (log, "indicators.yaml:4:"));
  assert_non_null (strstr (log, "'weddings' is no measure"));
  assert_non_null (strstr (log, "stands here twice"));
  assert_non_null (strstr (log, "indicators.yaml:5:"));
  assert_int_equal (catalogue.count, 0);
  test_folder_remove (data);
}

/* ---- reported figures -------------------------------------------------------------------------------------------- */
static int64_t hundredths (const rules_table_t *table, const char *text) {
  mns_fen_t value = MNS_NONE;
  if (text && !mns_fen_parse_yuan (text, &value))
    rules_table_fail (table, "no number: %s", text);
  return value;
}

static void hundredths_of_list (const rules_table_t *table, const char *key, int64_t values[3]) {
  char list[64], *rest = list, *word;
  const char *text = rules_table_value (table, key);
  values[0] = values[1] = values[2] = MNS_NONE;
  snprintf (list, sizeof list, "%s", text ? text : "");
  for (int i = 0; i < 3 && (word = strtok_r (rest, ",", &rest)); i++)
    values[i] = hundredths (table, word);
}

static size_t run_check (const rules_table_t *table, mns_reported_finding_t *findings) {
  mns_reported_figures_t printed;
  statistics_known_t known;
  mns_record_clear (&mns_reported_figures_type, &printed);
  printed.birth_rate = hundredths (table, rules_table_value (table, "birth"));
  printed.death_rate = hundredths (table, rules_table_value (table, "death"));
  printed.natural_rate = hundredths (table, rules_table_value (table, "natural"));
  printed.birth_change = hundredths (table, rules_table_value (table, "birth-change"));
  printed.death_change = hundredths (table, rules_table_value (table, "death-change"));
  printed.natural_change = hundredths (table, rules_table_value (table, "natural-change"));
  known.births = number_of (table, "births", MNS_NONE);
  known.deaths = number_of (table, "deaths", MNS_NONE);
  hundredths_of_list (table, "rates", known.rate);
  hundredths_of_list (table, "changes", known.change);
  return statistics_check_reported (&printed, &known, findings);
}

static void check_finding (const rules_table_t *table, const mns_reported_finding_t *finding) {
  char text[STATISTICS_SCALED_TEXT];
  const char *kind = mns_code_word (&mns_finding, finding->finding), *field = *finding->field ? finding->field : "-";
  const char *suggestion = scaled (finding->suggestion, 2, false, text);
  if (strcmp (kind, table->words[1]) != 0 || strcmp (field, table->words[2]) != 0 ||
      strcmp (suggestion, table->words[3]) != 0)
    rules_table_fail (table, "found %s %s %s (%s)", kind, field, suggestion, finding->detail);
}

static void test_reported (void **unused) {
  (void)unused;
  rules_table_t table;
  mns_reported_finding_t findings[STATISTICS_FINDINGS_MAX];
  size_t count = 0, seen = 0;
  for (rules_table_open (&table, RULES "statistics_reported.table"); rules_table_next (&table);) {
    if (strcmp (table.words[0], "check") == 0) {
      if (seen != count)
        rules_table_fail (&table, "the check before found %zu, not %zu", count, seen);
      count = run_check (&table, findings);
      seen = 0;
    } else if (seen == count) {
      rules_table_fail (&table, "nothing more was found");
    } else {
      check_finding (&table, &findings[seen++]);
    }
  }
  assert_int_equal (seen, count);
}

/* ---- words ------------------------------------------------------------------------------------------------------- */
static void test_expressions (void **unused) {
  (void)unused;
  statistics_expression_t expression;
  assert_true (statistics_expression_parse ("births:male.* - deaths:male + population", &expression, NULL));
  assert_int_equal (expression.count, 3);
  assert_int_equal (expression.terms[1].sign, -1);
  assert_int_equal (expression.terms[2].kind, STATISTICS_TERM_POPULATION);
  assert_false (statistics_expression_parse ("weddings", &expression, NULL));
  assert_false (statistics_expression_parse ("births-deaths", &expression, NULL));
  assert_false (statistics_expression_parse ("births * deaths", &expression, NULL));
  assert_false (statistics_expression_parse ("", &expression, NULL));
  assert_true (statistics_dimension_matches ("male.1", "*.1"));
  assert_true (statistics_dimension_matches ("male.1", ""));
  assert_false (statistics_dimension_matches ("male.1", "male"));
  assert_false (statistics_dimension_matches ("male", "male.*"));
  assert_false (statistics_dimension_matches ("female.1", "male.*"));
}

static void test_ratio (void **unused) {
  (void)unused;
  assert_int_equal (statistics_ratio_round (statistics_ratio_make (1, 8), 2), 13);
  assert_int_equal (statistics_ratio_round (statistics_ratio_make (-1, 8), 2), -13);
  assert_int_equal (statistics_ratio_round (statistics_ratio_make (1, -3), 4), -3333);
  /* the rates of a country and their difference do not overflow */
  statistics_ratio_t a = statistics_ratio_times (statistics_ratio_make (9540000, 2824000001), 2000, 1);
  statistics_ratio_t b = statistics_ratio_times (statistics_ratio_make (10410000, 2823000007), 2000, 1);
  assert_int_equal (statistics_ratio_round (statistics_ratio_minus (a, b), 6), -618759);
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_periods),       cmocka_unit_test (test_folding),
                                     cmocka_unit_test (test_indicators),    cmocka_unit_test (test_demography),
                                     cmocka_unit_test (test_ages),          cmocka_unit_test (test_life_tables),
                                     cmocka_unit_test (test_own_catalogue), cmocka_unit_test (test_reported),
                                     cmocka_unit_test (test_expressions),   cmocka_unit_test (test_ratio)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
