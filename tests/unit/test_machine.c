/* Transition tables, on the life of a door. */
#include "common/machine.h"
#include "tests/support/test.h"

enum { OPEN = 1, CLOSED, LOCKED, GONE };
enum { CLOSE = 1, LOCK, UNLOCK, BREAK };
enum { HAS_KEY = 1, IS_STRONG };

static const mns_code_row_t state_rows[] = {
    {"open", "", "", ""}, {"closed", "", "", ""}, {"locked", "", "", ""}, {"gone", "", "", ""}};
static const mns_code_row_t event_rows[] = {
    {"close", "", "", ""}, {"lock", "", "", ""}, {"unlock", "", "", ""}, {"break", "", "", ""}};
static const mns_code_row_t guard_rows[] = {{"has_key", "", "the key", ""}, {"is_strong", "", "much strength", ""}};
static const mns_code_table_t states = {"state", state_rows, 4}, events = {"event", event_rows, 4},
                              guards = {"guard", guard_rows, 2};

static const mns_transition_t rows[] = {
    {0, CLOSE, CLOSED, 0},           {OPEN, CLOSE, CLOSED, 0},          {CLOSED, LOCK, LOCKED, HAS_KEY},
    {LOCKED, UNLOCK, OPEN, HAS_KEY}, {LOCKED, UNLOCK, GONE, IS_STRONG}, {CLOSED, BREAK, GONE, 0},
};
static const mns_machine_t door = {"door", &states, &events, &guards, rows, COUNT_OF (rows)};

static bool holds (mns_code_t guard, const void *facts) {
  return guard == *(const mns_code_t *)facts;
}

static void test_steps (void **state) {
  (void)state;
  mns_code_t next = 0, key = HAS_KEY, strength = IS_STRONG;
  assert_int_equal (mns_machine_next (&door, 0, CLOSE, NULL, NULL, &next, NULL), MNS_OK);
  assert_int_equal (next, CLOSED);
  assert_int_equal (mns_machine_next (&door, CLOSED, LOCK, holds, &key, &next, NULL), MNS_OK);
  assert_int_equal (next, LOCKED);
  assert_int_equal (mns_machine_next (&door, LOCKED, UNLOCK, holds, &key, &next, NULL), MNS_OK);
  assert_int_equal (next, OPEN);
  assert_int_equal (mns_machine_next (&door, LOCKED, UNLOCK, holds, &strength, &next, NULL), MNS_OK);
  assert_int_equal (next, GONE);
}

static void test_refusals_say_why (void **state) {
  (void)state;
  mns_error_t error = {0};
  mns_code_t next = 99, strength = IS_STRONG;
  assert_int_equal (mns_machine_next (&door, CLOSED, CLOSE, holds, &strength, &next, &error), MNS_WRONG_STATE);
  assert_string_equal (error.detail, "in state 'closed' there is no 'close'; possible: lock, break");
  assert_int_equal (mns_machine_next (&door, CLOSED, LOCK, holds, &strength, &next, &error), MNS_WRONG_STATE);
  assert_string_equal (error.detail, "in state 'closed' 'lock' is possible only with: the key");
  assert_int_equal (mns_machine_next (&door, GONE, LOCK, holds, &strength, &next, &error), MNS_WRONG_STATE);
  assert_string_equal (error.detail, "in state 'gone' there is no 'lock'; possible: nothing, it is final");
  assert_int_equal (mns_machine_next (&door, 0, LOCK, NULL, NULL, &next, &error), MNS_WRONG_STATE);
  assert_string_equal (error.detail, "in state 'none' there is no 'lock'; possible: close");
  assert_int_equal (next, 99);
}

static mns_rc_t check (const mns_transition_t *table, size_t count, mns_error_t *error) {
  mns_machine_t machine = door;
  machine.rows = table;
  machine.count = count;
  return mns_machine_check (&machine, error);
}

static void test_mistakes_of_a_table (void **state) {
  (void)state;
  static const mns_transition_t outside[] = {{OPEN, CLOSE, 5, 0}}, no_event[] = {{OPEN, 0, CLOSED, 0}},
                                no_guard[] = {{OPEN, CLOSE, CLOSED, 3}},
                                hidden[] = {{OPEN, CLOSE, CLOSED, 0}, {OPEN, CLOSE, GONE, HAS_KEY}};
  mns_error_t error = {0};
  assert_int_equal (mns_machine_check (&door, &error), MNS_OK);
  assert_int_equal (check (outside, 1, &error), MNS_UNKNOWN_CODE);
  assert_int_equal (check (no_event, 1, &error), MNS_UNKNOWN_CODE);
  assert_int_equal (check (no_guard, 1, &error), MNS_UNKNOWN_CODE);
  assert_int_equal (check (hidden, 2, &error), MNS_CONFLICT);
  assert_string_equal (error.detail, "row 1 is never tried: an earlier one always comes first");
  assert_int_equal (check (rows, 3, &error), MNS_CONFLICT);
  assert_string_equal (error.detail, "no row leads to state 'open'");
}

static void test_markdown (void **state) {
  (void)state;
  mns_buffer_t out = {0};
  mns_machine_markdown (&door, &out);
  mns_buffer_add (&out, "", 1);
  assert_non_null (strstr ((char *)out.data, "| none | close |  | closed |\n"));
  assert_non_null (strstr ((char *)out.data, "| locked | unlock | much strength | gone |\n"));
  mns_buffer_fini (&out);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_steps),
      cmocka_unit_test (test_refusals_say_why),
      cmocka_unit_test (test_mistakes_of_a_table),
      cmocka_unit_test (test_markdown),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
