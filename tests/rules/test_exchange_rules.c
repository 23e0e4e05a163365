/* The rules of matters between counties and of working days, from text tables. */
#include "common/catalogue.h"
#include "common/text.h"
#include "services/registry/registry.h"
#include "services/registry/rules_exchange.h"
#include "tests/support/rules_table.h"
#include "tests/support/test.h"

#define TABLE(name) MNS_SOURCE_DIR "/tests/rules/" name ".table"

static mns_code_t code_of (const rules_table_t *table, const mns_code_table_t *codes, const char *word) {
  mns_code_t code = mns_code_find (codes, word);
  if (!code)
    rules_table_fail (table, "there is no %s '%s'", codes->name, word);
  return code;
}

/* ---- states ------------------------------------------------------------------------------------------------------ */

static void read_side (const rules_table_t *table, const char *word, mns_matter_info_t *matter) {
  bool opener = strncmp (word, "opener", 6) == 0;
  if (!opener && strncmp (word, "other", 5) != 0)
    rules_table_fail (table, "'%s' is neither opener nor other", word);
  matter->side = opener ? MNS_SIDE_SENT : MNS_SIDE_RECEIVED;
  matter->sender = 510322000000;
  matter->destination = strstr (word, "/home") ? 510322101201 : 440305001001;
}

static void test_states (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, TABLE ("registry_exchange"));
  while (rules_table_next (&table)) {
    mns_matter_info_t matter;
    mns_code_t next = 0;
    mns_record_clear (&mns_matter_info_type, &matter);
    read_side (&table, table.words[1], &matter);
    if (strcmp (table.words[0], "nothing") != 0)
      matter.state = code_of (&table, &mns_matter_state, table.words[0]);
    mns_rc_t rc = registry_exchange_next (&matter, code_of (&table, &mns_matter_step, table.words[2]), &next, NULL);
    const char *found = rc == MNS_OK ? mns_code_word (&mns_matter_state, next) : "no";
    if (strcmp (found, table.words[3]) != 0)
      rules_table_fail (&table, "the state is %s, expected %s", found, table.words[3]);
  }
}

static void test_machine_is_sound (void **state) {
  (void)state;
  mns_error_t error = {0};
  if (mns_machine_check (&registry_exchange_machine, &error) != MNS_OK)
    fail_msg ("%s", error.detail);
}

static registry_standing_t read_standing (const rules_table_t *table, mns_code_t kind, char *word) {
  registry_standing_t standing = {.kind = kind, .revision = 1};
  char *slash = strchr (word, '/');
  if (slash) {
    *slash = 0;
    mns_text_parse_int (slash + 1, &standing.revision);
  }
  standing.state = code_of (table, &mns_matter_state, word);
  return standing;
}

static void test_standings (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, TABLE ("registry_standings"));
  while (rules_table_next (&table)) {
    mns_code_t kind = code_of (&table, &mns_matter_kind, table.words[0]);
    registry_standing_t theirs = read_standing (&table, kind, table.words[1]);
    registry_standing_t ours = read_standing (&table, kind, table.words[2]);
    bool newer = registry_exchange_newer (&theirs, &ours);
    if (newer != (strcmp (table.words[3], "yes") == 0))
      rules_table_fail (&table, "theirs is %s", newer ? "taken over" : "not taken over");
  }
}

/* ---- deadlines --------------------------------------------------------------------------------------------------- */

static mns_calendar_t calendar;

static int load_calendar (void **state) {
  (void)state;
  mns_error_t error = {0};
  mns_yaml_t *yaml = mns_catalogue_open ("", mns_embedded_registry, "catalogue/working_days.yaml", &error);
  assert_non_null (yaml);
  assert_int_equal (mns_calendar_read (&calendar, yaml, &error), MNS_OK);
  mns_yaml_destroy (&yaml);
  return 0;
}

static int drop_calendar (void **state) {
  (void)state;
  mns_calendar_fini (&calendar);
  return 0;
}

static mns_date_t date_of (const rules_table_t *table, const char *text) {
  mns_date_t date = 0;
  if (strcmp (text, "none") != 0 && !mns_date_parse (text, &date))
    rules_table_fail (table, "'%s' is no date", text);
  return date;
}

static int64_t number_of (const rules_table_t *table, const char *text) {
  int64_t number = 0;
  if (!mns_text_parse_int (text, &number))
    rules_table_fail (table, "'%s' is no number", text);
  return number;
}

static void expect_date (const rules_table_t *table, const char *what, mns_date_t found, const char *expected) {
  char text[MNS_DATE_TEXT];
  mns_date_format (found, text);
  if (found != date_of (table, expected))
    rules_table_fail (table, "%s is %s, expected %s", what, found ? text : "none", expected);
}

static void check_count (const rules_table_t *table) {
  bool guessed, expected = table->count > 4;
  mns_date_t last =
      mns_calendar_add (&calendar, date_of (table, table->words[1]), number_of (table, table->words[2]), &guessed);
  expect_date (table, "the last day", last, table->words[3]);
  if (guessed != expected)
    rules_table_fail (table, "the calendar %s these years", guessed ? "does not know" : "knows");
}

static void check_works (const rules_table_t *table) {
  bool works = mns_calendar_works (&calendar, date_of (table, table->words[1]));
  if (works != (strcmp (table->words[2], "yes") == 0))
    rules_table_fail (table, "this day is %s", works ? "worked" : "not worked");
}

static void check_term (const rules_table_t *table) {
  registry_terms_t terms = {number_of (table, table->words[2]), number_of (table, table->words[3])};
  registry_deadline_t deadline = registry_deadline (&calendar, date_of (table, table->words[1]), &terms);
  expect_date (table, "the day it is due", deadline.due, table->words[4]);
  expect_date (table, "the reminder", deadline.remind, table->words[5]);
}

static void test_deadlines (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, TABLE ("registry_deadlines"));
  while (rules_table_next (&table)) {
    if (strcmp (table.words[0], "count") == 0)
      check_count (&table);
    else if (strcmp (table.words[0], "works") == 0)
      check_works (&table);
    else if (strcmp (table.words[0], "term") == 0)
      check_term (&table);
    else
      rules_table_fail (&table, "'%s' is not a kind of row", table.words[0]);
  }
}

/* ---- verification ------------------------------------------------------------------------------------------------ */

/* "name,sex,birth[,status]", cut at the commas; "-" is not said. */
static void split (const rules_table_t *table, const char *key, char *parts[4], char *buffer, size_t size) {
  char *rest = buffer;
  mns_text_copy (buffer, size, rules_table_value (table, key));
  for (int i = 0; i < 4; i++) {
    parts[i] = rest ? strsep (&rest, ",") : "-";
    if (strcmp (parts[i], "-") == 0)
      parts[i] = "";
  }
}

static void test_verification (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, TABLE ("registry_verification"));
  while (rules_table_next (&table)) {
    char asked_text[128], has_text[128], differs[201], *asked[4], *has[4];
    mns_letter_t letter;
    split (&table, "asked", asked, asked_text, sizeof asked_text);
    split (&table, "has", has, has_text, sizeof has_text);
    mns_record_clear (&mns_letter_type, &letter);
    mns_text_copy (letter.name, sizeof letter.name, asked[0]);
    letter.sex = mns_code_find (&mns_sex, asked[1]);
    letter.birth = *asked[2] ? date_of (&table, asked[2]) : 0;
    mns_code_t result = registry_verify (&letter, has[0], mns_code_find (&mns_sex, has[1]), date_of (&table, has[2]),
                                         code_of (&table, &mns_person_status, has[3]), differs, sizeof differs);
    for (char *blank = strchr (differs, ' '); blank; blank = strchr (differs, ' '))
      *blank = '_';
    if (strcmp (mns_code_word (&mns_verification, result), table.words[2]) != 0)
      rules_table_fail (&table, "the answer is %s", mns_code_word (&mns_verification, result));
    if (strcmp (differs, table.count > 3 ? table.words[3] : "") != 0)
      rules_table_fail (&table, "what differs is '%s'", differs);
  }
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_states),
      cmocka_unit_test (test_machine_is_sound),
      cmocka_unit_test (test_standings),
      cmocka_unit_test_setup_teardown (test_deadlines, load_calendar, drop_calendar),
      cmocka_unit_test (test_verification),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
