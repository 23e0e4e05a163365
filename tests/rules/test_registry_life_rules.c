/* The rules of lives and families, from text tables: ages, birth dates as told, lateness, marital status, relations,
 * what waits for a second person; and a timeline into which changes are told late. */
#include "services/registry/registry_state.h"
#include "services/registry/rules_birth.h"
#include "services/registry/rules_family.h"
#include "services/registry/rules_pending.h"
#include "services/registry/rules_timeline.h"
#include "tests/support/rules_table.h"
#include "tests/support/test.h"

#define TABLE(name) MNS_SOURCE_DIR "/tests/rules/" name

static void compare (const rules_table_t *table, const char *found, const char *expected) {
  if (strcmp (found, expected) != 0)
    rules_table_fail (table, "found %s, expected %s", found, expected);
}

static mns_date_t date_of (const rules_table_t *table, const char *text) {
  mns_date_t date = 0;
  if (!mns_date_parse (text, &date))
    rules_table_fail (table, "'%s' is no date", text);
  return date;
}

static mns_code_t code_of (const mns_code_table_t *codes, const char *text) {
  return mns_code_find (codes, text);
}

static void test_ages (void **state) {
  (void)state;
  rules_table_t table;
  char age[16];
  rules_table_open (&table, TABLE ("registry_ages.table"));
  while (rules_table_next (&table)) {
    snprintf (age, sizeof age, "%d", mns_date_age (date_of (&table, table.words[0]), date_of (&table, table.words[1])));
    compare (&table, age, table.words[2]);
  }
}

static void test_birth_dates (void **state) {
  (void)state;
  rules_table_t table;
  char text[MNS_DATE_TEXT];
  rules_table_open (&table, TABLE ("registry_births.table"));
  while (rules_table_next (&table)) {
    mns_date_t birth = 0;
    mns_code_t precision = 0;
    bool read = registry_birth_read (table.words[0], &birth, &precision);
    mns_date_format (birth, text);
    compare (&table, read ? text : "no", table.words[1]);
    if (read)
      compare (&table, mns_code_word (&mns_precision, precision), table.words[2]);
  }
}

static void test_births_agree_as_far_as_known (void **state) {
  (void)state;
  assert_true (registry_birth_agrees (19500301, MNS_MONTH_KNOWN, 19500317));
  assert_false (registry_birth_agrees (19500301, MNS_MONTH_KNOWN, 19500417));
  assert_true (registry_birth_agrees (19500101, MNS_YEAR_KNOWN, 19501231));
  assert_false (registry_birth_agrees (19500101, MNS_YEAR_KNOWN, 19511231));
  assert_true (registry_birth_agrees (19500101, MNS_ESTIMATED, 19630404));
  assert_false (registry_birth_agrees (19500101, 0, 19500102));
}

static void test_lateness (void **state) {
  (void)state;
  rules_table_t table;
  registry_catalogue_t *catalogue = calloc (1, sizeof *catalogue);
  mns_error_t error = {0};
  assert_int_equal (registry_catalogue_load (catalogue, "", &error), MNS_OK);
  rules_table_open (&table, TABLE ("registry_lateness.table"));
  while (rules_table_next (&table)) {
    registry_told_t told = {.event = code_of (&mns_life_event, table.words[0]),
                            .area = code_of (&mns_registration, table.words[1]),
                            .occurred = date_of (&table, table.words[2]),
                            .registered = date_of (&table, table.words[3])};
    mns_code_t lateness = registry_lateness (&catalogue->terms, &told);
    compare (&table, lateness ? mns_code_word (&mns_lateness, lateness) : "none", table.words[4]);
  }
  assert_true (registry_correction_waits (&catalogue->terms, "birth", 20200101, 20260701));
  assert_false (registry_correction_waits (&catalogue->terms, "birth", 20250101, 20260701));
  assert_false (registry_correction_waits (&catalogue->terms, "ethnic", 20000101, 20260701));
  free (catalogue);
}

static void test_marital (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, TABLE ("registry_marital.table"));
  while (rules_table_next (&table)) {
    mns_code_t next = 0;
    char *slash = strchr (table.words[1], '/');
    if (slash)
      *slash = 0;
    mns_rc_t rc = registry_marital_next (code_of (&mns_marital, table.words[0]),
                                         code_of (&mns_life_event, table.words[1]), slash != NULL, &next, NULL);
    compare (&table, rc == MNS_OK ? mns_code_word (&mns_marital, next) : "no", table.words[2]);
  }
}

static void test_relations (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, TABLE ("registry_relations.table"));
  while (rules_table_next (&table)) {
    mns_code_t relation =
        registry_relation_after (code_of (&mns_relation, table.words[0]), code_of (&mns_sex, table.words[1]),
                                 code_of (&mns_relation, table.words[2]), code_of (&mns_sex, table.words[3]));
    compare (&table, relation ? mns_code_word (&mns_relation, relation) : "unknown", table.words[4]);
  }
}

static void test_pending (void **state) {
  (void)state;
  rules_table_t table;
  rules_table_open (&table, TABLE ("registry_pending.table"));
  while (rules_table_next (&table)) {
    mns_code_t next = 0;
    bool same = strcmp (table.words[2], "the_same") == 0;
    const registry_deciding_t deciding = {.entered_by = "maker", .decided_by = same ? "maker" : "checker"};
    mns_rc_t rc = registry_pending_next (code_of (&mns_pending_state, table.words[0]),
                                         code_of (&mns_pending_step, table.words[1]), &deciding, &next, NULL);
    compare (&table, rc == MNS_OK ? mns_code_word (&mns_pending_state, next) : "no", table.words[3]);
  }
}

/* ---- told late --------------------------------------------------------------------------------------------------- */

/* In HILL with household 1 from 1 January, in LAKE with household 2 from 1 June, married on 1 September. */
enum { HILL = 1, LAKE, FIELD };

static registry_timeline_t *timeline_new (void) {
  registry_timeline_t *timeline = calloc (1, sizeof *timeline);
  static const struct {
    mns_date_t from, to;
    mns_place_t place;
    uint64_t household;
    mns_code_t marital;
  } rows[] = {{20260101, 20260601, HILL, 1, 0}, {20260601, 20260901, LAKE, 2, 0}, {20260901, 0, LAKE, 2, MNS_MARRIED}};
  for (size_t i = 0; i < COUNT_OF (rows); i++)
    timeline->intervals[timeline->count++] = (mns_history_entry_t){.person = 7,
                                                                   .valid_from = rows[i].from,
                                                                   .valid_to = rows[i].to,
                                                                   .begun_by = i,
                                                                   .ended_by = i < 2 ? i + 1 : 0,
                                                                   .place = rows[i].place,
                                                                   .household = rows[i].household,
                                                                   .marital = rows[i].marital,
                                                                   .status = MNS_PRESENT};
  return timeline;
}

static void test_a_move_told_late (void **state) {
  (void)state;
  registry_timeline_t *timeline = timeline_new ();
  mns_history_entry_t now = *registry_timeline_at (timeline, 20260301);
  now.place = FIELD;
  now.household = 3;
  assert_int_equal (registry_timeline_check (timeline, 20260301, &now, NULL), MNS_OK);
  registry_timeline_change (timeline, 20260301, 9, &now);
  assert_int_equal (timeline->count, 4);
  assert_int_equal (registry_timeline_at (timeline, 20260228)->place, HILL);
  assert_int_equal (registry_timeline_at (timeline, 20260531)->place, FIELD);
  assert_int_equal (registry_timeline_at (timeline, 20260601)->place, LAKE);
  assert_true (timeline->intervals[0].ended_by == 9 && timeline->intervals[1].begun_by == 9);
  free (timeline);
}

static void test_what_stands_in_the_way (void **state) {
  (void)state;
  registry_timeline_t *timeline = timeline_new ();
  mns_history_entry_t now = *registry_timeline_at (timeline, 20260301);
  now.marital = MNS_MARRIED; /* under the marriage of September */
  assert_int_equal (registry_timeline_check (timeline, 20260301, &now, NULL), MNS_DATE_ORDER);
  now = *registry_timeline_at (timeline, 20260301);
  now.place = LAKE; /* where it moves in June anyway */
  assert_int_equal (registry_timeline_check (timeline, 20260301, &now, NULL), MNS_DATE_ORDER);
  assert_int_equal (registry_timeline_check (timeline, 20251231, &now, NULL), MNS_DATE_ORDER);
  now = *registry_timeline_at (timeline, 20260701);
  now.registration = MNS_URBAN;
  assert_int_equal (registry_timeline_check (timeline, 20260701, &now, NULL), MNS_OK);
  registry_timeline_change (timeline, 20260701, 9, &now);
  assert_int_equal (registry_timeline_at (timeline, 20261001)->registration, MNS_URBAN);
  assert_int_equal (registry_timeline_at (timeline, 20261001)->marital, MNS_MARRIED);
  free (timeline);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_ages),
      cmocka_unit_test (test_birth_dates),
      cmocka_unit_test (test_births_agree_as_far_as_known),
      cmocka_unit_test (test_lateness),
      cmocka_unit_test (test_marital),
      cmocka_unit_test (test_relations),
      cmocka_unit_test (test_pending),
      cmocka_unit_test (test_a_move_told_late),
      cmocka_unit_test (test_what_stands_in_the_way),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
