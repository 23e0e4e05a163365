/* The store: tables are what the records say, persons are found by every way there is, pages follow each other. */
#include "common/db.h"
#include "common/records/audit_records.h"
#include "services/registry/registry.h"
#include "services/registry/store_event.h"
#include "services/registry/store_exchange.h"
#include "services/registry/store_history.h"
#include "services/registry/store_person.h"
#include "tests/support/county.h"
#include "tests/support/test.h"

static int set_up (void **state) {
  harness_t *h = county_new (&mns_registry_service);
  static const char *const names[] = {"王大山", "王小山", "李秀兰", "阿依古丽·买买提", "Li Na", "陈静"};
  static const mns_place_t places[] = {HILL, HILL, LAKE, FIELD, FIELD, AWAY};
  for (size_t i = 0; i < COUNT_OF (names); i++) {
    char number[19];
    mns_date_t birth = mns_date_add_days (19800101, (int32_t)i / 2);
    mns_person_row_t row =
        county_person (places[i], names[i], MNS_FEMALE, birth, county_number (birth, (int)i * 2, number));
    row.residence = places[i] == AWAY ? HILL : 0;
    strcpy (row.household, places[i] == HILL ? "1" : "");
    county_load (h, &row);
  }
  *state = h;
  return 0;
}

static int tear_down (void **state) {
  harness_t *h = *state;
  harness_destroy (&h);
  return 0;
}

/* ---- migrations and records ------------------------------------------------------------------------------------- */

static const char *sql_type (mns_kind_t kind) {
  return kind == MNS_KIND_TEXT || kind == MNS_KIND_CODE ? "TEXT" : kind == MNS_KIND_UUID ? "BLOB" : "INTEGER";
}

/* name_key is made from the name by the statements that write it. */
static void assert_table (mns_db_t *db, const char *table, const mns_record_type_t *type) {
  sqlite3_stmt *info = mns_db_prepare (db, "SELECT name, type, \"notnull\" OR pk FROM pragma_table_info (?1) "
                                           "WHERE name <> 'name_key' ORDER BY cid");
  bool row;
  mns_db_bind (info, "t", table);
  for (uint16_t i = 0; i < type->field_count; i++) {
    char name[64], kind[16];
    int required;
    const mns_field_t *field = &type->fields[i];
    assert_int_equal (mns_db_step (db, info, &row), MNS_OK);
    assert_true (row);
    mns_db_read (info, "ttn", name, sizeof name, kind, sizeof kind, &required);
    assert_string_equal (name, field->name);
    assert_string_equal (kind, sql_type (field->kind));
    assert_int_equal (required, field->flags & MNS_REQUIRED);
  }
  assert_int_equal (mns_db_step (db, info, &row), MNS_OK);
  assert_false (row);
}

static void test_tables_are_the_records (void **state) {
  mns_db_t *db = harness_db (*state);
  assert_table (db, "person", &mns_person_entry_type);
  assert_table (db, "event", &mns_event_entry_type);
  assert_table (db, "correction", &mns_correction_entry_type);
  assert_table (db, "history", &mns_history_entry_type);
  assert_table (db, "place", &mns_place_info_type);
  assert_table (db, "matter", &mns_matter_info_type);
}

/* ---- finding ---------------------------------------------------------------------------------------------------- */

static mns_person_search_t search_for (const char *text) {
  mns_person_search_t search;
  mns_record_clear (&mns_person_search_type, &search);
  strcpy (search.text, text);
  return search;
}

/* The register numbers found, in order, as one number: 124 for 1, 2 and 4. */
static int found (harness_t *h, const mns_person_search_t *search) {
  mns_person_info_t info;
  int digits = 0;
  assert_int_equal (harness_call (h, "registry.search", search, NULL), MNS_OK);
  for (size_t i = 0; harness_reply (h, i, &mns_person_info_type, &info); i++)
    digits = digits * 10 + (int)info.person;
  return digits;
}

static void test_search (void **state) {
  harness_t *h = *state;
  mns_person_search_t search = search_for ("王");
  assert_int_equal (found (h, &search), 12); /* 大 before 小 */
  search.match = MNS_NAME_EXACT;
  assert_int_equal (found (h, &search), 0);
  search = search_for ("山");
  assert_int_equal (found (h, &search), 0);
  search.match = MNS_NAME_PART;
  assert_int_equal (found (h, &search), 12);
  search = search_for ("阿依古丽•买"); /* another dot */
  assert_int_equal (found (h, &search), 4);
  search = search_for ("li na");
  search.match = MNS_NAME_EXACT;
  assert_int_equal (found (h, &search), 5);
  search = search_for ("");
  search.birth = 19800101;
  assert_int_equal (found (h, &search), 12);
  search.birth = 0;
  search.place = HILL; /* registered there, or living there */
  assert_int_equal (found (h, &search), 126);
  search.place = TOWN; /* village by village, in the order of birth; the incomer behind the others */
  assert_int_equal (found (h, &search), 1263);
  search.text[0] = 0;
  strcpy (search.text, "王");
  search.place = TOWN_TWO;
  assert_int_equal (found (h, &search), 0);
  search = search_for ("");
  county_number (19800102, 4, search.citizen_number);
  assert_int_equal (found (h, &search), 3);
  search = search_for ("");
  assert_int_equal (harness_call (h, "registry.search", &search, NULL), MNS_MISSING);
}

static void test_pages (void **state) {
  harness_t *h = *state;
  static const struct {
    const char *text;
    mns_code_t match, sex;
    int64_t age_from;
    int all;
  } rows[] = {{"", 0, MNS_FEMALE, MNS_NONE, 126345},
              {"", 0, 0, 40, 126345},
              {"", MNS_NAME_PART, 0, MNS_NONE, 126345},
              {"i", MNS_NAME_PART, 0, MNS_NONE, 5},
              {"王", 0, 0, 20, 12}};
  for (size_t i = 0; i < COUNT_OF (rows); i++) {
    mns_person_search_t search = search_for (rows[i].text);
    search.place = COUNTY;
    search.match = rows[i].match;
    search.sex = rows[i].sex;
    search.age_from = rows[i].age_from;
    assert_int_equal (found (h, &search), rows[i].all);
    for (int64_t limit = 1; limit < 4; limit++) {
      int together = 0, page;
      search.limit = limit;
      search.after = 0;
      while ((page = found (h, &search)) > 0) {
        for (int digits = page; digits > 0; digits /= 10)
          together *= 10;
        together += page;
        search.after = (uint64_t)page % 10;
      }
      assert_int_equal (together, rows[i].all);
    }
  }
}

/* Who has died, left or was taken out is found by that; ages are of today. */
static void test_status_and_age (void **state) {
  harness_t *h = *state;
  mns_person_search_t search = search_for ("");
  mns_life_return_t death = county_return (MNS_DEATH, 20260601, HILL);
  death.person = 2;
  assert_int_equal (harness_call (h, "registry.record", &death, NULL), MNS_OK);
  search.status = MNS_DEAD;
  assert_int_equal (found (h, &search), 2);
  search.status = MNS_REMOVED;
  assert_int_equal (found (h, &search), 0);
  search.status = MNS_PRESENT;
  search.place = TOWN;
  assert_int_equal (found (h, &search), 163);
  search.age_to = 45;
  search.status = 0;
  assert_int_equal (found (h, &search), 0);
  search.age_to = 46;
  assert_int_equal (found (h, &search), 1263);
}

/* The names of a store of the version before are found by their keys, and those who live elsewhere in the county. */
static void test_search_in_a_store_of_the_version_before (void **state) {
  harness_t *h = *state;
  county_restart_old (
      h, "schema/006",
      "INSERT INTO place (code, name, level) VALUES (510322101201, '山村', 5), (510322101202, '湖村', 5);"
      "INSERT INTO household (id, place) VALUES (1, 510322101201);"
      "INSERT INTO person (id, household, name, sex, birth, place, residence, status) VALUES"
      " (1, 1, '王小', 'male', 20250315, 510322101201, 510322101202, 'present'),"
      " (2, 1, '阿依古丽•买买提', 'female', 19900304, 510322101201, NULL, 'moved_out');");
  mns_person_search_t search = search_for ("阿依古丽·买");
  assert_int_equal (found (h, &search), 2);
  search = search_for ("王");
  search.place = LAKE;
  assert_int_equal (found (h, &search), 1);
  search.place = TOWN;
  assert_int_equal (found (h, &search), 1);
  search = search_for ("");
  search.status = MNS_MOVED_OUT;
  assert_int_equal (found (h, &search), 2);
}

/* Another name, another village: the person is found where it is now, and no longer where it was. */
static void test_what_changed_is_found (void **state) {
  harness_t *h = *state;
  mns_correct_request_t correct;
  mns_record_clear (&mns_correct_request_type, &correct);
  correct.person = 3;
  strcpy (correct.field, "name");
  strcpy (correct.value, "Ａ李");
  strcpy (correct.reason, "card seen");
  assert_int_equal (harness_call (h, "registry.correct", &correct, NULL), MNS_OK);
  mns_person_search_t search = search_for ("李");
  assert_int_equal (found (h, &search), 0);
  search = search_for ("Ａ");
  search.place = LAKE;
  assert_int_equal (found (h, &search), 3);
  mns_life_return_t move = county_return (MNS_MOVE_WITHIN, 20260601, FIELD);
  move.person = 3;
  assert_int_equal (harness_call (h, "registry.record", &move, NULL), MNS_OK);
  assert_int_equal (found (h, &search), 0);
  search.place = FIELD;
  assert_int_equal (found (h, &search), 3);
}

static void test_search_stays_in_the_division (void **state) {
  harness_t *h = *state;
  harness_set_caller (h, MNS_CLERK, TOWN_TWO);
  mns_person_search_t search = search_for ("l");
  assert_int_equal (found (h, &search), 5);
  search = search_for ("王");
  assert_int_equal (found (h, &search), 0);
  search.place = COUNTY;
  assert_int_equal (harness_call (h, "registry.search", &search, NULL), MNS_FORBIDDEN);
}

/* The last event that was emitted, of one record. */
static mns_audit_reading_t reading (harness_t *h, size_t index) {
  mns_audit_reading_t record;
  size_t count = harness_emitted_count (h);
  assert_true (count > 0);
  const mns_event_t *event = harness_emitted (h, count - 1);
  assert_memory_equal (event->topic, "audit.reading.510322000000.read", event->topic_size);
  harness_emitted_record (h, count - 1, index, &mns_audit_reading_type, &record);
  return record;
}

/* Masked unless it is asked for in full, and whoever is shown is told as read: by whom, how, and no name. */
static void test_readings (void **state) {
  harness_t *h = *state;
  mns_person_info_t info;
  mns_person_query_t query;
  mns_record_clear (&mns_person_query_type, &query);
  query.person = 1;
  assert_int_equal (harness_call (h, "registry.person", &query, &info), MNS_OK);
  assert_string_equal (info.name, "王**");
  assert_int_equal (strspn (info.citizen_number, "*"), 16);
  mns_audit_reading_t read = reading (h, 0);
  assert_string_equal (read.account, "tester");
  assert_string_equal (read.command, "registry.person");
  assert_string_equal (read.persons, "1");
  assert_int_equal (read.revealed, MNS_NO);
  query.reveal = MNS_YES;
  assert_int_equal (harness_call (h, "registry.person", &query, &info), MNS_OK);
  assert_string_equal (info.name, "王大山");
  assert_int_equal (reading (h, 0).revealed, MNS_YES);
  mns_person_search_t search = search_for ("");
  search.place = COUNTY;
  assert_int_equal (found (h, &search), 126345);
  read = reading (h, 0);
  assert_string_equal (read.persons, "1-6");
  assert_int_equal (read.count, 6);
  search.place = HILL;
  assert_int_equal (found (h, &search), 126);
  assert_string_equal (reading (h, 0).persons, "1-2,6");
  search.place = TOWN_TWO;
  search.text[0] = 0;
  search.sex = MNS_MALE;
  assert_int_equal (found (h, &search), 0);
  assert_int_equal (harness_emitted_count (h), 0);
}

/* Many at once in full are for approvers and administrators. */
static void test_many_in_full (void **state) {
  harness_t *h = *state;
  mns_person_search_t search = search_for ("");
  search.place = TOWN;
  search.reveal = MNS_YES;
  harness_set_caller (h, MNS_CLERK, TOWN);
  assert_int_equal (found (h, &search), 1263);
  search.limit = MNS_SEARCH_MAX + 1;
  assert_int_equal (harness_call (h, "registry.search", &search, NULL), MNS_FORBIDDEN);
  search.reveal = 0;
  assert_int_equal (found (h, &search), 1263);
  search.reveal = MNS_YES;
  harness_set_caller (h, MNS_APPROVER, TOWN);
  assert_int_equal (found (h, &search), 1263);
}

static void test_household (void **state) {
  harness_t *h = *state;
  mns_household_query_t query = {.person = 2};
  mns_person_info_t info;
  assert_int_equal (harness_call (h, "registry.household", &query, &info), MNS_OK);
  assert_int_equal (info.person, 1);
  assert_true (harness_reply (h, 1, &mns_person_info_type, &info));
  assert_int_equal (info.person, 2);
  assert_false (harness_reply (h, 2, &mns_person_info_type, &info));
  query = (mns_household_query_t){.household = 99};
  assert_int_equal (harness_call (h, "registry.household", &query, NULL), MNS_NOT_FOUND);
}

/* What was loaded is found by number after the service is started again. */
static void test_restart (void **state) {
  harness_t *h = *state;
  harness_restart (h);
  mns_person_query_t query;
  mns_person_info_t info;
  mns_record_clear (&mns_person_query_type, &query);
  county_number (19800103, 10, query.citizen_number);
  assert_int_equal (harness_call (h, "registry.person", &query, &info), MNS_OK);
  assert_int_equal (info.person, 6);
}

/* ---- places ----------------------------------------------------------------------------------------------------- */

static int64_t places_found (harness_t *h, const mns_place_query_t *query) {
  int64_t count = 0;
  mns_place_info_t place;
  assert_int_equal (harness_call (h, "registry.places", query, NULL), MNS_OK);
  while (harness_reply (h, (size_t)count, &mns_place_info_type, &place))
    count++;
  return count;
}

static void test_places (void **state) {
  harness_t *h = *state;
  mns_place_query_t query;
  mns_record_clear (&mns_place_query_type, &query);
  assert_int_equal (places_found (h, &query), 8);
  query.parent = TOWN;
  assert_int_equal (places_found (h, &query), 2);
  strcpy (query.text, "湖");
  assert_int_equal (places_found (h, &query), 1);
  mns_record_clear (&mns_place_query_type, &query);
  query.code = 510399000000;
  assert_int_equal (harness_call (h, "registry.places", &query, NULL), MNS_NOT_FOUND);
}

static void test_place_again (void **state) {
  harness_t *h = *state;
  mns_place_query_t query;
  mns_place_info_t place;
  mns_row_outcome_t outcome;
  mns_record_clear (&mns_place_query_type, &query);
  query.code = HILL;
  assert_int_equal (harness_call (h, "registry.places", &query, &place), MNS_OK);
  assert_true (place.parent == TOWN);
  assert_int_equal (county_bulk (h, "registry.load-places", &mns_place_info_type, &place, 1), MNS_OK);
  assert_true (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_int_equal (outcome.result, MNS_ROW_EXISTS);
  assert_int_equal (harness_emitted_count (h), 0);
  place.valid_to = 20260101;
  assert_int_equal (county_bulk (h, "registry.load-places", &mns_place_info_type, &place, 1), MNS_OK);
  const mns_event_t *event = harness_emitted (h, 0);
  assert_memory_equal (event->topic, "places.place.510322101201.valid", event->topic_size);
  mns_life_return_t death = county_return (MNS_DEATH, 20260102, HILL);
  death.person = 1;
  assert_int_equal (harness_call (h, "registry.record", &death, NULL), MNS_INVALID);
  death.occurred = 20251231; /* the code was still valid */
  assert_int_equal (harness_call (h, "registry.record", &death, NULL), MNS_OK);
  place.level = 4;
  assert_int_equal (county_bulk (h, "registry.load-places", &mns_place_info_type, &place, 1), MNS_OK);
  assert_true (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_string_equal (outcome.field, "level");
}

#define WITH(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH (test_tables_are_the_records),
      WITH (test_search),
      WITH (test_pages),
      WITH (test_status_and_age),
      WITH (test_what_changed_is_found),
      WITH (test_search_in_a_store_of_the_version_before),
      WITH (test_search_stays_in_the_division),
      WITH (test_readings),
      WITH (test_many_in_full),
      WITH (test_household),
      WITH (test_restart),
      WITH (test_places),
      WITH (test_place_again),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
