/* Places through time: spans of a code, look-up as of a day, history, how they are told, and stores of the version
 * before. */
#include "common/db.h"
#include "common/text.h"
#include "services/registry/registry.h"
#include "services/statistics/statistics.h"
#include "tests/support/county.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"

static int set_up (void **state) {
  *state = county_new (&mns_registry_service);
  return 0;
}

static int tear_down (void **state) {
  harness_t *h = *state;
  harness_destroy (&h);
  return 0;
}

static mns_place_info_t span (mns_place_t code, int level, const char *name, mns_date_t from, mns_date_t to) {
  mns_place_info_t place;
  mns_record_clear (&mns_place_info_type, &place);
  place.code = code;
  place.level = level;
  place.valid_from = from;
  place.valid_to = to;
  mns_text_copy (place.name, sizeof place.name, name);
  return place;
}

static mns_code_t load (harness_t *h, const mns_place_info_t *row) {
  mns_row_outcome_t outcome;
  assert_int_equal (county_bulk (h, "registry.load-places", &mns_place_info_type, row, 1), MNS_OK);
  return harness_reply (h, 0, &mns_row_outcome_type, &outcome) ? outcome.result : MNS_ROW_CREATED;
}

/* The name of the code on that day, "" for none; 0: as it was last. */
static const char *name_on (harness_t *h, mns_place_t code, mns_date_t day) {
  static mns_place_info_t place;
  mns_place_query_t query;
  mns_record_clear (&mns_place_query_type, &query);
  query.code = code;
  query.as_of = day;
  mns_rc_t rc = harness_call (h, "registry.places", &query, &place);
  assert_true (rc == MNS_OK || rc == MNS_NOT_FOUND);
  return rc == MNS_OK ? place.name : "";
}

/* A code that was given twice, with ten years between; the third span renames. */
static void load_history (harness_t *h) {
  const mns_place_info_t rows[] = {span (510399000000, 3, "旧县", 0, 19851231),
                                   span (510399000000, 3, "新区", 19951231, 0),
                                   span (510399000000, 3, "新城区", 20051231, 0)};
  for (size_t i = 0; i < COUNT_OF (rows); i++)
    assert_int_equal (load (h, &rows[i]), MNS_ROW_CREATED);
}

static void test_a_code_in_several_spans (void **state) {
  harness_t *h = *state;
  load_history (h);
  assert_string_equal (name_on (h, 510399000000, 19800101), "旧县");
  assert_string_equal (name_on (h, 510399000000, 19851230), "旧县");
  assert_string_equal (name_on (h, 510399000000, 19851231), "");
  assert_string_equal (name_on (h, 510399000000, 19951231), "新区");
  assert_string_equal (name_on (h, 510399000000, 20051230), "新区");
  assert_string_equal (name_on (h, 510399000000, 20051231), "新城区");
  assert_string_equal (name_on (h, 510399000000, 0), "新城区");
}

static void test_loading_again_changes_nothing (void **state) {
  harness_t *h = *state;
  load_history (h);
  const mns_place_info_t rows[] = {span (510399000000, 3, "旧县", 0, 19851231),
                                   span (510399000000, 3, "新区", 19951231, 20051231),
                                   span (510399000000, 3, "新城区", 20051231, 0)};
  for (size_t i = 0; i < COUNT_OF (rows); i++) {
    assert_int_equal (load (h, &rows[i]), MNS_ROW_EXISTS);
    assert_int_equal (harness_emitted_count (h), 0);
  }
  mns_place_info_t between = span (510399000000, 3, "中间", 19800101, 19900101);
  assert_int_equal (load (h, &between), MNS_ROW_REFUSED);
}

static void test_a_row_keeps_what_it_leaves_out (void **state) {
  harness_t *h = *state;
  mns_place_info_t told, row = span (TOWN, 4, "山镇", 0, 0);
  row.sentinel = MNS_YES;
  row.stratum = MNS_HILL_TOWN;
  assert_int_equal (load (h, &row), MNS_ROW_CREATED);
  row = span (TOWN, 4, "山镇", 19851231, 0);
  assert_int_equal (load (h, &row), MNS_ROW_CREATED);
  harness_emitted_record (h, 0, 0, &mns_place_info_type, &told);
  assert_int_equal (told.sentinel, MNS_YES);
  assert_int_equal (told.stratum, MNS_HILL_TOWN);
  assert_int_equal (told.registration, MNS_RURAL);
  assert_int_equal (told.valid_from, 19851231);
}

static size_t steps (harness_t *h, mns_place_t code, mns_place_step_t *found, size_t max) {
  size_t count = 0;
  mns_place_query_t query;
  mns_record_clear (&mns_place_query_type, &query);
  query.code = code;
  assert_int_equal (harness_call (h, "registry.place-history", &query, NULL), MNS_OK);
  while (count < max && harness_reply (h, count, &mns_place_step_type, &found[count]))
    count++;
  return count;
}

static void test_history (void **state) {
  static const struct {
    mns_date_t day;
    mns_code_t change;
    const char *name;
  } expected[] = {{0, MNS_PLACE_BEGINS, "旧县"},
                  {19851231, MNS_PLACE_ENDS, "旧县"},
                  {19951231, MNS_PLACE_BEGINS, "新区"},
                  {20051231, MNS_PLACE_ENDS, "新区"},
                  {20051231, MNS_PLACE_BEGINS, "新城区"}};
  harness_t *h = *state;
  mns_place_step_t found[16];
  load_history (h);
  assert_int_equal (steps (h, 510399000000, found, COUNT_OF (found)), COUNT_OF (expected));
  for (size_t i = 0; i < COUNT_OF (expected); i++) {
    assert_int_equal (found[i].day, expected[i].day);
    assert_int_equal (found[i].change, expected[i].change);
    assert_string_equal (found[i].name, expected[i].name);
  }
}

static size_t listed (harness_t *h, mns_place_t parent, mns_date_t day) {
  mns_place_info_t place;
  mns_place_query_t query;
  size_t count = 0;
  mns_record_clear (&mns_place_query_type, &query);
  query.parent = parent;
  query.as_of = day;
  assert_int_equal (harness_call (h, "registry.places", &query, NULL), MNS_OK);
  while (harness_reply (h, count, &mns_place_info_type, &place))
    count++;
  return count;
}

static void test_list_as_of (void **state) {
  harness_t *h = *state;
  load_history (h);
  assert_int_equal (listed (h, 510300000000, 0), 2);
  assert_int_equal (listed (h, 510300000000, 19800101), 2);
  assert_int_equal (listed (h, 510300000000, 19900101), 1);
  assert_int_equal (listed (h, 0, 19900101), 8);
  assert_int_equal (listed (h, 0, 19800101), 9);
}

/* Villages of a township that are loaded together are one event under its code; all others are told alone. */
static void test_villages_together (void **state) {
  static const char *const topics[] = {"places.place.510322103000.valid", "places.place.510322103000.valid",
                                       "places.place.510322104201.valid"};
  harness_t *h = *state;
  mns_place_info_t told;
  const mns_place_info_t rows[] = {span (510322103000, 4, "河镇", 0, 0), span (510322103201, 5, "上河村", 0, 0),
                                   span (510322103202, 5, "下河村", 0, 0), span (510322104201, 5, "独村", 0, 0)};
  assert_int_equal (county_bulk (h, "registry.load-places", &mns_place_info_type, rows, COUNT_OF (rows)), MNS_OK);
  assert_int_equal (harness_emitted_count (h), COUNT_OF (topics));
  for (size_t i = 0; i < COUNT_OF (topics); i++) {
    const mns_event_t *event = harness_emitted (h, i);
    assert_int_equal (event->topic_size, strlen (topics[i]));
    assert_memory_equal (event->topic, topics[i], event->topic_size);
  }
  harness_emitted_record (h, 1, 1, &mns_place_info_type, &told);
  assert_string_equal (told.name, "下河村");
}

/* A village whose code had another life may be used in it. */
static void test_events_in_an_earlier_span (void **state) {
  harness_t *h = *state;
  mns_life_return_t birth = county_birth (20250601, LAKE, "湖生", MNS_MALE, 0);
  mns_place_info_t row = span (LAKE, 5, "新湖村", 20260101, 0);
  assert_int_equal (load (h, &row), MNS_ROW_CREATED);
  assert_string_equal (name_on (h, LAKE, 20251231), "湖村");
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_OK);
  birth.occurred = birth.registered = 20260601;
  strcpy (birth.name, "湖女");
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_OK);
  row = span (LAKE, 5, "新湖村", 0, 20260601);
  assert_int_equal (load (h, &row), MNS_ROW_CREATED);
  strcpy (birth.name, "湖儿");
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_INVALID);
}

/* ---- what became of codes before the register began -------------------------------------------------------------- */

static mns_reform_t became (mns_place_t code, mns_place_t successor, mns_date_t day) {
  mns_reform_t reform;
  mns_record_clear (&mns_reform_type, &reform);
  reform.code = code;
  reform.successor = successor;
  reform.operation = MNS_RECODE;
  reform.day = day;
  return reform;
}

static mns_code_t load_successor (harness_t *h, mns_reform_t row, const char **field) {
  static mns_row_outcome_t outcome;
  assert_int_equal (county_bulk (h, "registry.load-successors", &mns_reform_type, &row, 1), MNS_OK);
  if (!harness_reply (h, 0, &mns_row_outcome_type, &outcome))
    return MNS_ROW_CREATED;
  *field = outcome.field;
  return outcome.result;
}

static void test_successors (void **state) {
  harness_t *h = *state;
  const char *field = "";
  mns_place_step_t found[8];
  mns_place_info_t old = span (512522000000, 3, "富顺县", 0, 19851231), now = span (COUNTY, 3, "富顺县", 19851231, 0);
  assert_int_equal (load (h, &old), MNS_ROW_CREATED);
  assert_int_equal (load (h, &now), MNS_ROW_CREATED);
  assert_int_equal (load_successor (h, became (512522000000, COUNTY, 19851231), &field), MNS_ROW_CREATED);
  const mns_event_t *event = harness_emitted (h, 0);
  assert_memory_equal (event->topic, "places.reform.512522000000.move", event->topic_size);
  assert_int_equal (load_successor (h, became (512522000000, COUNTY, 19851231), &field), MNS_ROW_EXISTS);
  assert_int_equal (harness_emitted_count (h), 0);
  assert_int_equal (steps (h, COUNTY, found, COUNT_OF (found)), 2);
  assert_int_equal (found[0].change, MNS_PLACE_PREDECESSOR);
  assert_true (found[0].code == 512522000000);
  assert_string_equal (found[0].name, "富顺县");
  assert_int_equal (steps (h, 512522000000, found, COUNT_OF (found)), 3);
  assert_int_equal (found[2].change, MNS_PLACE_SUCCESSOR);
  assert_true (found[2].code == COUNTY);
}

static void test_successors_move_nobody (void **state) {
  harness_t *h = *state;
  const char *field = "";
  mns_person_row_t person = county_person (HILL, "王大山", MNS_MALE, 19800101, "");
  county_load (h, &person);
  assert_int_equal (load_successor (h, became (COUNTY, 510399000000, 20260101), &field), MNS_ROW_REFUSED);
  assert_string_equal (field, "code");
  assert_int_equal (load_successor (h, became (TOWN_TWO, TOWN_TWO, 20260101), &field), MNS_ROW_REFUSED);
  assert_string_equal (field, "operation");
  assert_int_equal (load_successor (h, became (TOWN_TWO, COUNTY, 20260101), &field), MNS_ROW_REFUSED);
  assert_string_equal (field, "successor");
  assert_int_equal (load_successor (h, became (TOWN_TWO, TOWN, 20260702), &field), MNS_ROW_REFUSED);
  assert_string_equal (field, "day");
}

/* ---- stores of the version before -------------------------------------------------------------------------------- */

/* The first migration alone, a place in it, then all of them. */
static void open_older (const char *name, const mns_embedded_t *files) {
  char folder[MNS_PATH_MAX], path[MNS_PATH_MAX];
  mns_db_t *db = NULL;
  bool row;
  assert_int_equal (test_folder_make (folder), 0);
  assert_int_equal (mns_dir_join (path, folder, "store.db", NULL), MNS_OK);
  assert_int_equal (mns_db_open (&db, &(mns_db_options_t){.path = path, .who = "test"}, NULL), MNS_OK);
  assert_int_equal (mns_db_add_functions (db, NULL), MNS_OK);
  mns_embedded_t first[2] = {{0, 0, 0}, {0, 0, 0}};
  for (const mns_embedded_t *file = files; file->path && !first[0].path; file++)
    if (strncmp (file->path, "schema/001", 10) == 0)
      first[0] = *file;
  assert_int_equal (mns_db_migrate (db, "common", mns_embedded_common, NULL), MNS_OK);
  assert_int_equal (mns_db_migrate (db, name, first, NULL), MNS_OK);
  assert_int_equal (mns_db_exec (db, "INSERT INTO place (code, name, level) VALUES (510322101201, '山村', 5)", NULL),
                    MNS_OK);
  assert_int_equal (mns_db_migrate (db, name, files, NULL), MNS_OK);
  sqlite3_stmt *read = mns_db_prepare (db, "SELECT 1 FROM place WHERE name = '山村' AND stratum IS NULL");
  assert_int_equal (mns_db_step (db, read, &row), MNS_OK);
  assert_true (row);
  sqlite3_finalize (read);
  mns_db_destroy (&db);
  assert_int_equal (test_folder_remove (folder), 0);
}

static void test_older_stores (void **state) {
  (void)state;
  open_older ("registry", mns_embedded_registry);
  open_older ("statistics", mns_embedded_statistics);
}

#define WITH(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH (test_a_code_in_several_spans),
      WITH (test_loading_again_changes_nothing),
      WITH (test_a_row_keeps_what_it_leaves_out),
      WITH (test_history),
      WITH (test_list_as_of),
      WITH (test_villages_together),
      WITH (test_events_in_an_earlier_span),
      WITH (test_successors),
      WITH (test_successors_move_nobody),
      cmocka_unit_test (test_older_stores),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
