/* The rules of assistance, from tables that anyone who knows the field can add a line to. */
#include "tests/support/test.h"
/* cmocka needs its headers first */
#include "common/embedded.h"
#include "common/text.h"
#include "services/assistance/eligibility.h"
#include "services/assistance/rules_batch.h"
#include "services/assistance/rules_rate.h"
#include "services/assistance/rules_steps.h"
#include "tests/support/rules_table.h"

#define PARTS_MAX 12

static assistance_catalogue_t catalogue;
static rules_table_t table; /* the one being read: its row is named by failures */

/* Calls `row` for every row, which has `count` words. */
static void read_table (const char *path, int count, void (*row) (char **words)) {
  int rows = 0;
  rules_table_open (&table, path);
  for (; rules_table_next (&table); rows++) {
    if (table.count < count)
      rules_table_fail (&table, "a row has %d words", count);
    row (table.words);
  }
  assert_true (rows > 0);
}

#define CHECK(condition, ...) ((condition) ? (void)0 : rules_table_fail (&table, __VA_ARGS__))

static mns_date_t date_of (const char *text) {
  mns_date_t date = 0;
  CHECK (!strcmp (text, "-") || mns_date_parse (text, &date), "\"%s\" is no date", text);
  return date;
}

static int64_t number_of (const char *text) {
  int64_t number = MNS_NONE;
  CHECK (!strcmp (text, "?") || mns_text_parse_int (text, &number), "\"%s\" is no number", text);
  return number;
}

static mns_code_t registration_of (const char *text) {
  return strcmp (text, "unknown") ? mns_code_find (&mns_registration, text) : 0;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static void check_rate (char **cells) {
  assistance_rated_t rated = {cells[0], cells[1], registration_of (cells[2])};
  assistance_period_t period;
  mns_fen_t due = -1;
  mns_error_t error = {0};
  CHECK (assistance_period_parse (cells[3], &period), "\"%s\" is no period", cells[3]);
  mns_rc_t rc =
      assistance_amount_due (&catalogue, &rated, &period, date_of (cells[4]), date_of (cells[5]), &due, &error);
  if (rc != MNS_OK)
    CHECK (!strcmp (mns_error_word (rc), cells[6]), "%s: %s", mns_error_word (rc), error.detail);
  else
    CHECK (due == number_of (cells[6]), "due are %lld fen", (long long)due);
}

static void check_overpaid (char **cells) {
  assistance_rated_t rated = {cells[0], cells[1], MNS_RURAL};
  assistance_period_t period;
  mns_date_t since;
  CHECK (assistance_period_parse (cells[2], &period), "\"%s\" is no period", cells[2]);
  mns_fen_t overpaid = assistance_overpaid (&catalogue, &rated, &period, date_of (cells[3]), number_of (cells[4]),
                                            date_of (cells[5]), &since);
  CHECK (overpaid == number_of (cells[6]) && since == date_of (cells[7]), "%lld fen since %d", (long long)overpaid,
         since);
}

static assistance_eligibility_t *eligibility;

/* The conditions that are told must be those of the row, and as many. */
static void check_unmet (const char *told, char *unmet) {
  int expected = 0, found = 1;
  for (char *word = strtok (unmet, "+"); word; word = strtok (NULL, "+"), expected++)
    CHECK (strstr (told, word), "\"%s\" is not in: %s", word, told);
  for (const char *more = told; (more = strstr (more, "; ")); more++)
    found++;
  CHECK (found == expected, "%d conditions fail: %s", found, told);
}

static void check_eligible (char **cells) {
  char *living = strtok (cells[6], "/"), *sons = strtok (NULL, "/"), *deceased = strtok (NULL, "/");
  mns_error_t error = {0};
  assistance_facts_t facts = {.birth = date_of (cells[2]),
                              .day = date_of (cells[3]),
                              .sex = mns_code_find (&mns_sex, cells[4]),
                              .registration = registration_of (cells[5]),
                              .children_living = number_of (living),
                              .sons_living = number_of (sons),
                              .children_deceased = number_of (deceased),
                              .child_disability_grade = number_of (cells[7])};
  mns_rc_t rc = assistance_eligible (eligibility, cells[0], cells[1], &facts, &error);
  if (!strcmp (cells[8], "-"))
    CHECK (rc == MNS_OK, "%s", error.detail);
  else {
    CHECK (rc == MNS_NOT_ELIGIBLE, "eligible");
    check_unmet (error.detail, cells[8]);
  }
}

static void check_expression (char **cells) {
  mns_error_t error = {0};
  char sql[400] = "";
  for (int i = 1; i < table.count; i++)
    snprintf (sql + strlen (sql), sizeof sql - strlen (sql), "%s%s", i > 1 ? " " : "", cells[i]);
  bool taken = assistance_expression_check (sql, &error) == MNS_OK;
  CHECK (taken == !strcmp (cells[0], "yes"), "%s", taken ? "it is taken" : error.detail);
  CHECK (taken || error.detail[0], "refused without a word");
}

static size_t numbers_of (char *list, int64_t numbers[PARTS_MAX]) {
  size_t count = 0;
  for (char *text = strtok (list, ","); text; text = strtok (NULL, ","))
    numbers[count++] = number_of (text);
  return count;
}

static void check_split (char **cells) {
  int64_t percents[PARTS_MAX], wanted[PARTS_MAX];
  mns_fen_t parts[PARTS_MAX];
  size_t count = numbers_of (cells[1], percents);
  assert_int_equal (numbers_of (cells[2], wanted), count);
  mns_fen_split (number_of (cells[0]), percents, count, parts);
  for (size_t i = 0; i < count; i++)
    CHECK (parts[i] == wanted[i], "part %zu is %lld", i + 1, (long long)parts[i]);
}

static void test_rates (void **state) {
  (void)state;
  read_table (MNS_SOURCE_DIR "/tests/rules/assistance_rates.table", 7, check_rate);
}

static void test_overpaid (void **state) {
  (void)state;
  read_table (MNS_SOURCE_DIR "/tests/rules/assistance_overpaid.table", 8, check_overpaid);
}

static void test_eligibility (void **state) {
  (void)state;
  read_table (MNS_SOURCE_DIR "/tests/rules/assistance_eligibility.table", 9, check_eligible);
}

static void test_expressions (void **state) {
  (void)state;
  read_table (MNS_SOURCE_DIR "/tests/rules/assistance_expressions.table", 2, check_expression);
}

static void test_splits (void **state) {
  (void)state;
  read_table (MNS_SOURCE_DIR "/tests/rules/assistance_splits.table", 3, check_split);
}

/* ---- without tables ---------------------------------------------------------------------------------------------- */

static void test_periods (void **state) {
  (void)state;
  static const char *const wrong[] = {"",        "26",      "2026-",   "2026-S0",  "2026-S3",
                                      "2026-Q5", "2026-13", "2026-00", "2026-1",   "2026-s1",
                                      "1948",    "2200",    "2026S1",  "2026-006", " 2026"};
  assistance_period_t period;
  for (size_t i = 0; i < COUNT_OF (wrong); i++)
    if (assistance_period_parse (wrong[i], &period))
      fail_msg ("\"%s\" is taken for a period", wrong[i]);
  assert_true (assistance_period_parse ("2024-Q1", &period));
  assert_int_equal (period.from, 202401);
  assert_int_equal (period.to, 202403);
  assert_int_equal (assistance_period_months (&period), 3);
  assert_true (assistance_period_parse ("2024-02", &period));
  assert_int_equal (assistance_period_last_day (&period), 20240229);
}

static void test_cut_off (void **state) {
  (void)state;
  assistance_period_t period;
  mns_date_t cutoff = 0;
  mns_error_t error;
  assert_int_equal (assistance_period_for_batch ("2026", MNS_EVERY_YEAR, 20260701, &cutoff, &period, &error), MNS_OK);
  assert_int_equal (cutoff, 20260701);
  cutoff = 0;
  assert_int_equal (assistance_period_for_batch ("2025", MNS_EVERY_YEAR, 20260701, &cutoff, &period, &error), MNS_OK);
  assert_int_equal (cutoff, 20251231);
  cutoff = 20260702;
  assert_int_equal (assistance_period_for_batch ("2026", MNS_EVERY_YEAR, 20260701, &cutoff, &period, &error),
                    MNS_OUT_OF_RANGE);
  cutoff = 0;
  assert_int_equal (assistance_period_for_batch ("2027", MNS_EVERY_YEAR, 20260701, &cutoff, &period, &error),
                    MNS_OUT_OF_RANGE);
  cutoff = 0;
  assert_int_equal (assistance_period_for_batch ("2026-S1", MNS_EVERY_YEAR, 20260701, &cutoff, &period, &error),
                    MNS_INVALID);
}

static void test_machines (void **state) {
  (void)state;
  const mns_machine_t *const machines[] = {&assistance_application_machine, &assistance_entitlement_machine,
                                           &assistance_batch_machine};
  for (size_t i = 0; i < COUNT_OF (machines); i++) {
    mns_error_t error = {0};
    if (mns_machine_check (machines[i], &error) != MNS_OK)
      fail_msg ("%s", error.detail);
  }
}

/* A line taken out takes out exactly what it put in, whatever the shares. */
static void test_settled_batch_balances (void **state) {
  (void)state;
  assistance_batch_shares_t shares = {
      .count = 1, .tiers = {{.tier = "t", .sources = {"a", "b", "c"}, .percents = {33, 33, 34}, .count = 3}}};
  for (int64_t left_out = 0; left_out <= 7; left_out++) {
    mns_batch_t before, after;
    assistance_groups_t all = {0}, rest = {0};
    assistance_posting_t reserve = {0}, settle = {0};
    mns_record_clear (&mns_batch_type, &before);
    mns_record_clear (&mns_batch_type, &after);
    assistance_groups_add (&all, "t", 101, 7);
    assistance_groups_add (&rest, "t", 101, 7 - left_out);
    assistance_batch_sum (&all, &shares, &before);
    assistance_batch_sum (&rest, &shares, &after);
    assert_int_equal (before.total_fen, 707);
    assistance_batch_reserve (&before, &reserve);
    assistance_batch_settle (&before, &after, true, &settle);
    assert_true (assistance_posting_balanced (&reserve));
    assert_true (assistance_posting_balanced (&settle));
    for (size_t i = 0; i < settle.count; i++)
      if (!strcmp (settle.entries[i].account, "fund:a"))
        assert_int_equal (settle.entries[i].amount_fen, 33 * left_out);
    assistance_groups_fini (&all);
    assistance_groups_fini (&rest);
  }
}

static void test_balances (void **state) {
  (void)state;
  mns_error_t error = {0};
  assert_int_equal (assistance_balance_check ("fund:centre", 100, -100, &error), MNS_OK);
  assert_int_equal (assistance_balance_check ("fund:centre", 100, -101, &error), MNS_FUND_EXHAUSTED);
  assert_non_null (strstr (error.detail, "0.01 yuan are missing; there are 1.00"));
  assert_int_equal (assistance_balance_check ("granted:centre", 0, -5, &error), MNS_OK);
  assert_int_equal (assistance_balance_check ("paid:x", INT64_MAX, 1, &error), MNS_OUT_OF_RANGE);
}

/* ---- the catalogue ----------------------------------------------------------------------------------------------- */

static void test_all_mistakes_at_once (void **state) {
  (void)state;
  static const char text[] = "schemes:\n"
                             "  - {id: a, en: A, zh: A, unit: person, periodicity: year}\n"
                             "  - {id: a, en: A, zh: A, unit: child, periodicity: year}\n"
                             "tiers:\n"
                             "  - {scheme: a, id: 'T 1', en: t, zh: t}\n"
                             "  - {scheme: b, id: u, en: t, zh: t}\n"
                             "rates:\n"
                             "  - {scheme: a, tier: 'T 1', from_day: 2026-01-15, amount_fen: 1, per: year}\n"
                             "  - {scheme: a, tier: v, from_day: 2026-01-01, amount_fen: 1, per: year}\n"
                             "conditions:\n"
                             "  - {scheme: a, en: e, zh: z, sql: '1) OR (1'}\n"
                             "sources:\n"
                             "  - {scheme: a, tier: 'T 1', source: centre, percent: 80}\n";
  static const char *const wanted[] = {"schemes.yaml:3:10: schemes[1].id: there is another scheme \"a\"",
                                       "only schemes for persons",
                                       "\"T 1\" may only have",
                                       "add up to 80 %, not 100",
                                       "there is no scheme \"b\"",
                                       "\"u\" of b has no rate",
                                       "first day of a month",
                                       "a has no tier \"v\"",
                                       "conditions[0].sql: it is not an expression"};
  assistance_catalogue_t wrong;
  mns_error_t error = {0};
  mns_yaml_t *yaml = mns_yaml_from_text ("schemes.yaml", text, strlen (text));
  assert_int_not_equal (assistance_catalogue_read (&wrong, yaml, &error), MNS_OK);
  for (size_t i = 0; i < COUNT_OF (wanted); i++)
    if (!strstr (mns_yaml_mistakes (yaml), wanted[i]))
      fail_msg ("not told: %s\n%s", wanted[i], mns_yaml_mistakes (yaml));
  mns_yaml_destroy (&yaml);
}

static int load_catalogue (void **state) {
  (void)state;
  mns_error_t error = {0};
  const mns_embedded_t *file = mns_embedded_find (mns_embedded_assistance, "catalogue/schemes.yaml");
  mns_yaml_t *yaml = mns_yaml_from_text (file->path, file->text, file->size);
  mns_rc_t rc = assistance_catalogue_read (&catalogue, yaml, &error);
  if (rc != MNS_OK)
    print_error ("%s", mns_yaml_mistakes (yaml));
  mns_yaml_destroy (&yaml);
  return rc == MNS_OK ? (int)assistance_eligibility_new (&eligibility, &catalogue, &error) : -1;
}

static int drop_catalogue (void **state) {
  (void)state;
  assistance_eligibility_destroy (&eligibility);
  assistance_catalogue_fini (&catalogue);
  return 0;
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_rates),
      cmocka_unit_test (test_overpaid),
      cmocka_unit_test (test_eligibility),
      cmocka_unit_test (test_expressions),
      cmocka_unit_test (test_splits),
      cmocka_unit_test (test_periods),
      cmocka_unit_test (test_cut_off),
      cmocka_unit_test (test_machines),
      cmocka_unit_test (test_settled_batch_balances),
      cmocka_unit_test (test_balances),
      cmocka_unit_test (test_all_mistakes_at_once),
  };
  return cmocka_run_group_tests (tests, load_catalogue, drop_catalogue);
}
