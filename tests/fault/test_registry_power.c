/* The registry whose power goes at each sync point in turn. A run of bulk loads, events of life and a correction is
 * first done undisturbed, and what the store holds is noted after each step. After a cut the store must be what it was
 * after the last step that was answered, or after the one behind it: persons, events, counters, answers and outbox
 * together. Then everything is asked again with the same keys: what was answered is answered in the same words and does
 * nothing, and in the end the store is that of the undisturbed run. */
#include "common/records/codes.h"
#include "common/text.h"
#include "services/registry/registry.h"
#include "tests/support/county.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/outbox_check.h"
#include "tests/support/test.h"

enum { STEPS = 12, LOADED = 40, RUNS_MAX = 500 };

typedef struct {
  const char *command;
  mns_buffer_t body;
} step_t;

typedef struct {
  step_t steps[STEPS + 1]; /* the first loads the places */
  size_t count;
  uint64_t stores[STEPS + 1]; /* after each step of the undisturbed run */
  mns_buffer_t answers[STEPS + 1];
} script_t;

/* ---- the steps --------------------------------------------------------------------------------------------------- */

static step_t *add_step (script_t *script, const char *command) {
  assert_true (script->count < COUNT_OF (script->steps));
  step_t *step = &script->steps[script->count++];
  step->command = command;
  return step;
}

static void add_places (script_t *script) {
  static const struct {
    mns_place_t code;
    int level;
  } places[] = {{510000000000, 1}, {510300000000, 2}, {COUNTY, 3}, {TOWN, 4}, {HILL, 5}, {LAKE, 5}};
  step_t *step = add_step (script, "registry.load-places");
  for (size_t i = 0; i < COUNT_OF (places); i++) {
    mns_place_info_t place;
    mns_record_clear (&mns_place_info_type, &place);
    place.code = places[i].code;
    place.level = places[i].level;
    mns_text_copy (place.name, sizeof place.name, "地");
    mns_record_pack (&mns_place_info_type, &place, &step->body);
  }
}

/* LOADED persons, alternately women of one village and men of another; the first load gives them numbers from 1. */
static void add_load (script_t *script, int from) {
  step_t *step = add_step (script, "registry.load");
  for (int i = from; i < from + LOADED; i++) {
    char number[19], name[32];
    mns_date_t birth = 19800101 + i % 28;
    snprintf (name, sizeof name, "某%d", i);
    mns_person_row_t row = county_person (i % 2 ? HILL : LAKE, name, i % 2 ? MNS_MALE : MNS_FEMALE, birth,
                                          county_number (birth, i, number));
    mns_record_pack (&mns_person_row_type, &row, &step->body);
  }
}

static void add_return (script_t *script, const char *command, const mns_life_return_t *row) {
  mns_record_pack (&mns_life_return_type, row, &add_step (script, command)->body);
}

static mns_life_return_t of_person (mns_code_t event, mns_date_t occurred, mns_place_t place, uint64_t person) {
  mns_life_return_t row = county_return (event, occurred, place);
  row.person = person;
  row.move_reason = event == MNS_DEATH ? 0 : 1;
  return row;
}

static void add_lives (script_t *script) {
  mns_life_return_t row = county_birth (20260301, LAKE, "新生", MNS_FEMALE, 1);
  add_return (script, "registry.record", &row);
  row = of_person (MNS_DEATH, 20260302, HILL, 2);
  add_return (script, "registry.record", &row);
  row = of_person (MNS_MOVE_OUT, 20260303, HILL, 4);
  row.other_place = AWAY;
  add_return (script, "registry.record", &row);
  row = of_person (MNS_MOVE_WITHIN, 20260304, LAKE, 6);
  row.other_place = HILL;
  add_return (script, "registry.record", &row);
  row = of_person (MNS_MOVE_IN, 20260305, HILL, 4);
  row.other_place = AWAY;
  add_return (script, "registry.record-batch", &row);
  row = of_person (MNS_DEATH, 20260306, HILL, 2); /* refused: dead already */
  add_return (script, "registry.record", &row);
}

static void add_correction (script_t *script) {
  mns_correct_request_t request;
  mns_record_clear (&mns_correct_request_type, &request);
  request.person = 7;
  mns_text_copy (request.field, sizeof request.field, "name");
  mns_text_copy (request.value, sizeof request.value, "改名");
  mns_text_copy (request.reason, sizeof request.reason, "clerical mistake");
  mns_record_pack (&mns_correct_request_type, &request, &add_step (script, "registry.correct")->body);
}

static mns_rc_t run_step (harness_t *h, const script_t *script, size_t step) {
  static const uint8_t digest[32] = {3};
  mns_uuid_t key = mns_uuid_derive (digest, step);
  const step_t *it = &script->steps[step];
  return harness_call_body (h, it->command, &key, it->body.data, it->body.size);
}

/* A refusal is an answer like any other; what only the disk can bring is none. */
static bool is_answer (mns_rc_t rc) {
  return rc != MNS_IO && rc != MNS_BUSY && rc != MNS_UNAVAILABLE;
}

/* ---- the store --------------------------------------------------------------------------------------------------- */

static uint64_t add_row (uint64_t sum, sqlite3_stmt *statement) {
  for (int i = 0; i < sqlite3_column_count (statement); i++) {
    const uint8_t *bytes = sqlite3_column_blob (statement, i);
    size_t size = (size_t)sqlite3_column_bytes (statement, i);
    sum = (sum ^ (uint64_t)sqlite3_column_type (statement, i)) * 1099511628211u;
    for (size_t at = 0; at < size; at++)
      sum = (sum ^ bytes[at]) * 1099511628211u;
  }
  return sum;
}

/* One number for all that the store says. */
static uint64_t sum_store (harness_t *h) {
  static const char *const tables[] = {"place",   "household", "person", "event",  "correction",
                                       "finding", "counter",   "outbox", "answer", "producer"};
  uint64_t sum = 14695981039346656037u;
  for (size_t i = 0; i < COUNT_OF (tables); i++) {
    char sql[64];
    bool row;
    snprintf (sql, sizeof sql, "SELECT * FROM %s ORDER BY 1", tables[i]);
    sqlite3_stmt *statement = mns_db_prepare (harness_db (h), sql);
    while (mns_db_step (harness_db (h), statement, &row) == MNS_OK && row)
      sum = add_row (sum, statement);
    sqlite3_finalize (statement);
  }
  return sum;
}

/* ---- the runs ---------------------------------------------------------------------------------------------------- */

/* The registry, checkpointing early so that its checkpoints are cut too; the power goes at the n-th sync. */
static harness_t *begin_run (uint64_t cut) {
  mns_config_t config = {0};
  mns_config_defaults (&config);
  config.county = COUNTY;
  harness_t *h = harness_new_with (&mns_registry_service, &config);
  assert_int_equal (mns_db_exec (harness_db (h), "PRAGMA wal_autocheckpoint=8", NULL), MNS_OK);
  crash_vfs_plan (CRASH_CUT, cut);
  return h;
}

static void run_undisturbed (script_t *script) {
  harness_t *h = begin_run (0);
  for (size_t i = 0; i < script->count; i++) {
    size_t size;
    mns_rc_t rc = run_step (h, script, i);
    if (rc != (i == 9 ? MNS_WRONG_STATE : MNS_OK))
      fail_msg ("step %d: %s: %s", (int)i, mns_error_word (rc), harness_error (h)->detail);
    const uint8_t *answer = harness_reply_body (h, &size);
    mns_buffer_add (&script->answers[i], answer, size);
    script->stores[i] = sum_store (h);
  }
  outbox_check (harness_db (h));
  harness_destroy (&h);
}

static void ask_all_again (harness_t *h, const script_t *script, size_t answered) {
  for (size_t i = 0; i < script->count; i++) {
    size_t size;
    assert_true (is_answer (run_step (h, script, i)));
    const uint8_t *answer = harness_reply_body (h, &size);
    assert_int_equal (size, script->answers[i].size);
    assert_memory_equal (answer, script->answers[i].data, size);
    assert_true (i >= answered || harness_emitted_count (h) == 0);
  }
}

static void run_and_cut (const script_t *script, uint64_t cut, bool *fired) {
  size_t answered = 0;
  harness_t *h = begin_run (cut);
  while (answered < script->count && is_answer (run_step (h, script, answered)))
    answered++;
  *fired = crash_vfs_fired ();
  crash_vfs_cut ();
  crash_vfs_restart ();
  harness_restart (h);
  assert_int_equal (mns_db_check (harness_db (h), NULL), MNS_OK);
  outbox_check (harness_db (h));
  uint64_t sum = sum_store (h);
  bool last = answered > 0 && sum == script->stores[answered - 1];
  bool next = answered < script->count && sum == script->stores[answered];
  if (!last && !next && answered > 0)
    fail_msg ("cut at sync %d: the store is not that of %d steps, nor of one more", (int)cut, (int)answered);
  ask_all_again (h, script, answered);
  assert_true (sum_store (h) == script->stores[script->count - 1]);
  outbox_check (harness_db (h));
  harness_destroy (&h);
}

static void test_every_cut (void **state) {
  (void)state;
  script_t script = {0};
  bool fired = true;
  crash_vfs_register_default ();
  crash_vfs_restart ();
  add_places (&script);
  add_load (&script, 0);
  add_load (&script, LOADED);
  add_load (&script, 0); /* the same rows under another key: nothing new */
  add_lives (&script);
  add_correction (&script);
  run_undisturbed (&script);
  for (uint64_t cut = 1; fired; cut++) {
    run_and_cut (&script, cut, &fired);
    assert_true (cut < RUNS_MAX);
    assert_true (fired || cut > script.count);
  }
  for (size_t i = 0; i < script.count; i++) {
    mns_buffer_fini (&script.steps[i].body);
    mns_buffer_fini (&script.answers[i]);
  }
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_every_cut)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
