/* The registry's rules, from text tables: citizen numbers, the order of dates, the states of a life, duplicates. */
#include "common/text.h"
#include "services/registry/catalogue.h"
#include "services/registry/rules_birth.h"
#include "services/registry/rules_life.h"
#include "services/registry/rules_merge.h"
#include "services/registry/rules_number.h"
#include "services/registry/rules_place.h"
#include "tests/support/rules_table.h"
#include "tests/support/test.h"

#define TODAY 20260701

static const char *value_or (const rules_table_t *table, const char *key, const char *other) {
  const char *value = rules_table_value (table, key);
  return value ? value : other;
}

static mns_date_t date_of (const rules_table_t *table, const char *text) {
  mns_date_t date = 0;
  if (*text && strcmp (text, "none") != 0 && !mns_date_parse (text, &date))
    rules_table_fail (table, "'%s' is no date", text);
  return date;
}

static void compare (const rules_table_t *table, const char *what, const char *found, const char *expected) {
  if (strcmp (found, expected) != 0)
    rules_table_fail (table, "%s is %s, expected %s", what, found, expected);
}

/* ---- citizen numbers --------------------------------------------------------------------------------------------- */

static void check_number (const rules_table_t *table, const registry_number_t *number) {
  static const char *const kinds[] = {"citizen", "permit", "foreigner"};
  char birth[MNS_DATE_TEXT];
  mns_date_format (number->birth, birth);
  compare (table, "the number", number->text, value_or (table, "text", ""));
  compare (table, "the birth date", number->birth ? birth : "none", value_or (table, "birth", ""));
  compare (table, "the sex", mns_code_word (&mns_sex, number->sex), value_or (table, "sex", ""));
  compare (table, "the kind", kinds[number->kind], value_or (table, "kind", ""));
}

static void test_numbers (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, MNS_SOURCE_DIR "/tests/rules/registry_numbers.table");
  while (rules_table_next (&table)) {
    registry_number_t number;
    const char *given = value_or (&table, "number", "");
    mns_rc_t rc = registry_number_read (given, &number, NULL);
    compare (&table, "the result", mns_error_word (rc), value_or (&table, "error", "ok"));
    if (rc == MNS_OK)
      check_number (&table, &number);
  }
}

/* Each single wrong digit and each swap of neighbours is noticed: what the check character is for. */
static void test_every_slip_is_noticed (void **state) {
  (void)state;
  const char good[] = "519999196002030016";
  registry_number_t number;
  for (size_t i = 0; i < 17; i++) {
    for (char digit = '0'; digit <= '9'; digit++) {
      char wrong[19];
      strcpy (wrong, good);
      wrong[i] = digit;
      assert_int_equal (registry_number_read (wrong, &number, NULL), digit == good[i] ? MNS_OK : MNS_BAD_CHECK);
    }
    char swapped[19];
    strcpy (swapped, good);
    swapped[i] = good[i + 1];
    swapped[i + 1] = good[i];
    assert_int_equal (registry_number_read (swapped, &number, NULL), good[i] == good[i + 1] ? MNS_OK : MNS_BAD_CHECK);
  }
}

/* ---- dates ------------------------------------------------------------------------------------------------------- */

static void test_dates (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, MNS_SOURCE_DIR "/tests/rules/registry_dates.table");
  while (rules_table_next (&table)) {
    mns_error_t error = {0};
    registry_dates_t dates = {.kind = mns_code_find (&mns_life_event, value_or (&table, "event", "")),
                              .occurred = date_of (&table, value_or (&table, "occurred", "")),
                              .birth = date_of (&table, value_or (&table, "birth", "")),
                              .since = date_of (&table, value_or (&table, "since", "")),
                              .today = TODAY};
    const char *registered = rules_table_value (&table, "registered");
    dates.registered = registered ? date_of (&table, registered) : dates.occurred;
    bool refused = strcmp (table.words[table.count - 1], "ok") != 0;
    mns_rc_t rc = registry_dates_check (&dates, &error);
    compare (&table, "the result", mns_error_word (rc), table.words[table.count - 1 - refused]);
    if (refused)
      compare (&table, "the field", error.where, table.words[table.count - 1]);
  }
}

/* ---- states ------------------------------------------------------------------------------------------------------ */

static void test_life (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, MNS_SOURCE_DIR "/tests/rules/registry_life.table");
  while (rules_table_next (&table)) {
    mns_code_t next = 0, cause = 0;
    char *slash = strchr (table.words[1], '/');
    if (slash) {
      *slash = 0;
      cause = mns_code_find (&mns_adjustment, slash + 1);
    }
    mns_code_t before = mns_code_find (&mns_person_status, table.words[0]);
    mns_rc_t rc = registry_life_next (before, mns_code_find (&mns_life_event, table.words[1]), cause, &next, NULL);
    compare (&table, "the next state", rc == MNS_OK ? mns_code_word (&mns_person_status, next) : "no", table.words[2]);
  }
}

static void test_life_table_is_sound (void **state) {
  (void)state;
  mns_error_t error = {0};
  if (mns_machine_check (&registry_life_machine, &error) != MNS_OK)
    fail_msg ("%s: %s", error.where, error.detail);
}

/* ---- duplicates -------------------------------------------------------------------------------------------------- */

static registry_identity_t identity_of (const rules_table_t *table, char *text) {
  char *parts[10] = {0};
  int64_t place = 0, mother = 0, household = 0, rank = MNS_NONE;
  for (size_t i = 0; i < 10; i++)
    parts[i] = strtok_r (text, "/", &text);
  mns_text_parse_int (parts[4], &place);
  if (parts[5])
    mns_text_parse_int (parts[5], &mother);
  if (parts[6] && strcmp (parts[6], "-") != 0)
    mns_text_parse_int (parts[6], &rank);
  if (parts[7])
    mns_text_parse_int (parts[7], &household);
  return (registry_identity_t){.number = strcmp (parts[0], "-") == 0 ? "" : parts[0],
                               .name = parts[1],
                               .certificate = parts[8] && strcmp (parts[8], "-") != 0 ? parts[8] : "",
                               .precision = parts[9] ? mns_code_find (&mns_precision, parts[9]) : 0,
                               .sex = mns_code_find (&mns_sex, parts[2]),
                               .birth = date_of (table, parts[3]),
                               .place = place,
                               .mother = (uint64_t)mother,
                               .household = (uint64_t)household,
                               .rank = rank};
}

/* The points and the facts of a row: "65 name_same birth_same", in any order. */
static void check_score (const rules_table_t *table, const registry_score_t *score) {
  int64_t points;
  uint32_t facts = 0;
  if (!mns_text_parse_int (table->words[3], &points))
    rules_table_fail (table, "'%s' is no number of points", table->words[3]);
  if (points != score->points)
    rules_table_fail (table, "%d points, expected %s", score->points, table->words[3]);
  for (int i = 4; i < table->count; i++)
    facts |= 1u << mns_code_find (&mns_duplicate_fact, table->words[i]);
  for (mns_code_t fact = 1; table->count > 4 && fact <= MNS_FACT_COUNT; fact++)
    if ((facts ^ score->facts) & 1u << fact)
      rules_table_fail (table, "%s %s", mns_code_word (&mns_duplicate_fact, fact),
                        facts & 1u << fact ? "was not found" : "was found");
}

static void test_duplicates (void **state) {
  (void)state;
  static const char *const verdicts[] = {"other", "suspicion", "likely", "same"};
  registry_catalogue_t catalogue;
  registry_score_t score;
  rules_table_t table;
  assert_int_equal (registry_catalogue_load (&catalogue, "", NULL), MNS_OK);
  rules_table_open (&table, MNS_SOURCE_DIR "/tests/rules/registry_duplicates.table");
  while (rules_table_next (&table)) {
    registry_identity_t newcomer = identity_of (&table, table.words[0]), present = identity_of (&table, table.words[1]);
    registry_verdict_t verdict = registry_duplicate (&newcomer, &present, &catalogue.weights, &score);
    compare (&table, "the verdict", verdicts[verdict], table.words[2]);
    if (table.count > 3)
      check_score (&table, &score);
    registry_verdict_t turned = registry_duplicate (&present, &newcomer, &catalogue.weights, &score);
    compare (&table, "the verdict the other way round", verdicts[turned], verdicts[verdict]);
  }
}

static void test_names (void **state) {
  (void)state;
  static const char *const words[] = {"same", "variant", "close", "other"};
  rules_table_t table;
  rules_table_open (&table, MNS_SOURCE_DIR "/tests/rules/registry_names.table");
  while (rules_table_next (&table)) {
    for (int i = 0; i < 2; i++)
      for (char *at = table.words[i]; *at; at++)
        if (*at == '_')
          *at = ' ';
    compare (&table, "the likeness", words[registry_name_compare (table.words[0], table.words[1])], table.words[2]);
    compare (&table, "the other way round", words[registry_name_compare (table.words[1], table.words[0])],
             table.words[2]);
  }
}

static void test_birth_slips (void **state) {
  (void)state;
  mns_date_t slips[REGISTRY_SLIPS_MAX];
  size_t count = registry_birth_slips (19620310, slips); /* 1962-10-03, 1692, 1926, 1960-23 no, 1962-30 no, -01- … */
  bool found = false;
  for (size_t i = 0; i < count; i++) {
    assert_true (mns_date_valid (slips[i]) && slips[i] != 19620310);
    for (size_t j = 0; j < i; j++)
      assert_int_not_equal (slips[i], slips[j]);
    found = found || slips[i] == 19621003;
  }
  assert_true (found);
  assert_int_equal (registry_birth_slips (11111111, slips), 0);
}

/* ---- quality ----------------------------------------------------------------------------------------------------- */

/* kind/occurred[/registered[/place[/other place[/delta]]]] */
static registry_happening_t happening_of (const rules_table_t *table, char *text) {
  char *parts[6] = {0}, *rest = NULL;
  int64_t numbers[3] = {1, 0, 0}; /* place, other place, delta */
  for (size_t i = 0; i < 6; i++)
    parts[i] = strtok_r (i == 0 ? text : NULL, "/", &rest);
  for (size_t i = 0; i < 3; i++)
    if (parts[3 + i] && !mns_text_parse_int (parts[3 + i], &numbers[i]))
      rules_table_fail (table, "'%s' is no number", parts[3 + i]);
  mns_date_t occurred = date_of (table, parts[1]);
  return (registry_happening_t){.kind = mns_code_find (&mns_life_event, parts[0]),
                                .occurred = occurred,
                                .registered = parts[2] ? date_of (table, parts[2]) : occurred,
                                .place = numbers[0],
                                .other_place = numbers[1],
                                .delta = numbers[2]};
}

static void read_mother (const rules_table_t *table, const char *mother, registry_person_facts_t *facts) {
  facts->mother_expected = strcmp (mother, "unnamed") == 0;
  facts->mother = !*mother || facts->mother_expected ? 0 : 7;
  facts->mother_there = *mother >= '0' && *mother <= '9';
  if (facts->mother_there)
    facts->mother_birth = date_of (table, mother);
}

static void read_facts (const rules_table_t *table, int words, registry_person_facts_t *facts) {
  int64_t place;
  const char *number = rules_table_value (table, "number");
  *facts =
      (registry_person_facts_t){.today = TODAY,
                                .birth = date_of (table, value_or (table, "birth", "")),
                                .sex = mns_code_find (&mns_sex, value_or (table, "sex", "male")),
                                .marital = mns_code_find (&mns_marital, value_or (table, "marital", "")),
                                .status = mns_code_find (&mns_person_status, value_or (table, "status", "present")),
                                .sharer = rules_table_value (table, "sharer") ? 9 : 0};
  if (number && registry_number_read (number, &facts->number, NULL) != MNS_OK)
    rules_table_fail (table, "'%s' is no citizen number", number);
  mns_text_parse_int (value_or (table, "at", "1"), &place);
  facts->place = place;
  read_mother (table, value_or (table, "mother", ""), facts);
  for (int i = 0; i < words; i++)
    if (!strchr (table->words[i], '='))
      facts->history[facts->count++] = happening_of (table, table->words[i]);
}

static size_t judge_row (const rules_table_t *table, int words, const registry_quality_t *quality,
                         registry_breach_t breaches[MNS_RULE_COUNT]) {
  registry_person_facts_t facts;
  int64_t first = 0, second = 0;
  if (words > 2)
    mns_text_parse_int (table->words[2], &second);
  if (strcmp (table->words[0], "household") == 0) {
    mns_text_parse_int (table->words[1], &first);
    return registry_household_quality (quality, first, second, breaches);
  }
  if (strcmp (table->words[0], "place") == 0)
    return registry_place_quality (quality, date_of (table, table->words[1]), TODAY, second, breaches);
  read_facts (table, words, &facts);
  return registry_person_quality (quality, &facts, breaches);
}

static void test_quality (void **state) {
  (void)state;
  registry_catalogue_t catalogue;
  rules_table_t table;
  assert_int_equal (registry_catalogue_load (&catalogue, "", NULL), MNS_OK);
  rules_table_open (&table, MNS_SOURCE_DIR "/tests/rules/registry_quality.table");
  while (rules_table_next (&table)) {
    registry_breach_t breaches[MNS_RULE_COUNT];
    char expected[200] = "", found[200] = "";
    int words = 0;
    while (words < table.count && strcmp (table.words[words], "→") != 0)
      words++;
    for (int i = words + 1; i < table.count; i++)
      snprintf (expected + strlen (expected), sizeof expected - strlen (expected), " %s", table.words[i]);
    size_t count = judge_row (&table, words, &catalogue.quality, breaches);
    for (size_t i = 0; i < count; i++)
      snprintf (found + strlen (found), sizeof found - strlen (found), " %s",
                mns_code_word (&mns_quality_rule, breaches[i].rule));
    compare (&table, "what does not hold", found, expected);
  }
}

static void test_who_may_see (void **state) {
  (void)state;
  registry_rule_t rule = {.restricted = false};
  assert_int_equal (registry_restricted_until (&rule, 19600203, TODAY), 0);
  assert_int_equal (registry_restricted_until (&rule, 20120701, TODAY), 0); /* 14 today */
  assert_int_equal (registry_restricted_until (&rule, 20120702, TODAY), 20260702);
  assert_int_equal (registry_restricted_until (&rule, 20200229, TODAY), 20340228);
  rule.restricted = true;
  assert_int_equal (registry_restricted_until (&rule, 19600203, TODAY), REGISTRY_FOR_EVER);
}

/* ---- merges ------------------------------------------------------------------------------------------------------ */

static registry_mergeable_t mergeable_of (const rules_table_t *table, char *text) {
  char *rest = NULL, *number = strtok_r (text, "/", &rest), *status = strtok_r (NULL, "/", &rest);
  char *spouse = strtok_r (NULL, "/", &rest);
  int64_t person = 0, other = 0;
  if (!number || !status || !mns_text_parse_int (number, &person) || (spouse && !mns_text_parse_int (spouse, &other)))
    rules_table_fail (table, "an entry is number/status[/spouse]");
  return (registry_mergeable_t){
      .person = (uint64_t)person, .spouse = (uint64_t)other, .status = mns_code_find (&mns_person_status, status)};
}

static void check_step (const rules_table_t *table) {
  static const char *const words[] = {
      [REGISTRY_ASK] = "ask", [REGISTRY_APPROVE] = "approve", [REGISTRY_REFUSE] = "refuse", [REGISTRY_UNDO] = "undo"};
  mns_code_t next = 0, step = REGISTRY_UNDO;
  while (step > REGISTRY_ASK && strcmp (words[step], table->words[2]) != 0)
    step--;
  mns_rc_t rc = registry_merge_next (mns_code_find (&mns_merge_state, table->words[1]), step, &next, NULL);
  compare (table, "the next state", rc == MNS_OK ? mns_code_word (&mns_merge_state, next) : "no", table->words[3]);
}

static void test_merges (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, MNS_SOURCE_DIR "/tests/rules/registry_merges.table");
  while (rules_table_next (&table)) {
    mns_error_t error = {0};
    if (strcmp (table.words[0], "step") == 0) {
      check_step (&table);
      continue;
    }
    registry_mergeable_t survivor = mergeable_of (&table, table.words[0]);
    registry_mergeable_t merged = mergeable_of (&table, table.words[1]);
    survivor.twins = strcmp (table.words[2], "twins") == 0;
    survivor.kin = strcmp (table.words[2], "survivor_kin") == 0;
    merged.kin = strcmp (table.words[2], "merged_kin") == 0;
    bool refused = strcmp (table.words[table.count - 1], "ok") != 0;
    mns_rc_t rc = registry_merge_check (&survivor, &merged, &error);
    compare (&table, "the result", mns_error_word (rc), table.words[table.count - 1 - refused]);
    if (refused)
      compare (&table, "the field", error.where, table.words[table.count - 1]);
  }
  mns_error_t error = {0};
  if (mns_machine_check (&registry_merge_machine, &error) != MNS_OK)
    fail_msg ("%s: %s", error.where, error.detail);
  assert_int_equal (registry_merge_second_person ("a", "a", NULL), MNS_FORBIDDEN);
  assert_int_equal (registry_merge_second_person ("a", "b", NULL), MNS_OK);
}

/* ---- births ------------------------------------------------------------------------------------------------------ */

static void test_spacing (void **state) {
  (void)state;
  assert_int_equal (registry_spacing_check (20260701, 20251004, 1, false, NULL), MNS_OK); /* 270 days */
  assert_int_equal (registry_spacing_check (20260701, 20251005, 1, false, NULL), MNS_LIKELY_DUPLICATE);
  assert_int_equal (registry_spacing_check (20251005, 20260701, 1, false, NULL), MNS_LIKELY_DUPLICATE);
  assert_int_equal (registry_spacing_check (20260701, 20251005, 1, true, NULL), MNS_OK);
  assert_int_equal (registry_spacing_check (20260701, 20260702, 1, false, NULL), MNS_OK); /* twins around midnight */
  assert_int_equal (registry_spacing_check (20260701, 20260703, 1, false, NULL), MNS_LIKELY_DUPLICATE);
}

static void test_mothers (void **state) {
  (void)state;
  registry_mother_t mother = {.person = 1, .sex = MNS_FEMALE, .status = MNS_PRESENT, .birth = 19900304};
  assert_int_equal (registry_mother_check (&mother, 20260701, false, NULL), MNS_OK);
  assert_int_equal (registry_mother_check (&mother, 19900303, false, NULL), MNS_DATE_ORDER);
  assert_int_equal (registry_mother_check (&mother, 19990303, false, NULL), MNS_OUT_OF_RANGE);
  assert_int_equal (registry_mother_check (&mother, 19990303, true, NULL), MNS_OK);
  mother.status = MNS_MOVED_OUT;
  mother.since = 20260601;
  assert_int_equal (registry_mother_check (&mother, 20260601, false, NULL), MNS_OK);
  assert_int_equal (registry_mother_check (&mother, 20260602, false, NULL), MNS_WRONG_STATE);
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

/* "name/from/to", dashes for what is absent. */
static mns_place_info_t span_of (const rules_table_t *table, const char *text) {
  mns_place_info_t place;
  char name[64], from[16], to[16];
  mns_record_clear (&mns_place_info_type, &place);
  if (sscanf (text, "%63[^/]/%15[^/]/%15s", name, from, to) != 3)
    rules_table_fail (table, "'%s' is no span", text);
  place.code = 510322000000;
  place.level = 3;
  mns_text_copy (place.name, sizeof place.name, name);
  place.valid_from = strcmp (from, "-") == 0 ? 0 : date_of (table, from);
  place.valid_to = strcmp (to, "-") == 0 ? 0 : date_of (table, to);
  return place;
}

static void compare_span (const rules_table_t *table, const mns_place_info_t *found, int word) {
  mns_place_info_t expected = span_of (table, word < table->count ? table->words[word] : "");
  if (!mns_record_equal (&mns_place_info_type, found, &expected))
    rules_table_fail (table, "the span is %s/%d/%d", found->name, found->valid_from, found->valid_to);
}

static void test_places (void **state) {
  static const char *const steps[] = {"same", "current", "follows", "past"};
  (void)state;
  rules_table_t table;
  rules_table_open (&table, MNS_SOURCE_DIR "/tests/rules/registry_places.table");
  while (rules_table_next (&table)) {
    registry_place_decision_t decision;
    bool is_new = strcmp (table.words[1], "none") == 0;
    mns_place_info_t row = span_of (&table, table.words[0]);
    mns_place_info_t current = is_new ? row : span_of (&table, table.words[1]);
    mns_rc_t rc = registry_place_decide (&row, is_new ? NULL : &current, &decision, NULL);
    compare (&table, "the step", rc == MNS_OK ? steps[decision.step] : mns_error_word (rc), table.words[2]);
    if (rc == MNS_OK && decision.step != REGISTRY_PLACE_SAME)
      compare_span (&table, &decision.place, 3);
    if (rc == MNS_OK && decision.step == REGISTRY_PLACE_FOLLOWS)
      compare_span (&table, &decision.closed, 4);
  }
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_numbers),     cmocka_unit_test (test_every_slip_is_noticed),
      cmocka_unit_test (test_dates),       cmocka_unit_test (test_life),
      cmocka_unit_test (test_duplicates),  cmocka_unit_test (test_life_table_is_sound),
      cmocka_unit_test (test_merges),      cmocka_unit_test (test_quality),
      cmocka_unit_test (test_who_may_see), cmocka_unit_test (test_names),
      cmocka_unit_test (test_birth_slips), cmocka_unit_test (test_spacing),
      cmocka_unit_test (test_mothers),     cmocka_unit_test (test_places),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
