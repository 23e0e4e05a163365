/* A snapshot taken while events flow, at random moments: its state and the events behind its number are the state of
 * the service, entry for entry. docs/faults.md row 45. A row staged and not swapped changes nothing (row 44; the
 * processes die in test_snapshot_kill.py). The seed of the moments is printed; MNS_SEED repeats it. */
#include "common/bus_snapshot.h"
#include "common/clock.h"
#include "common/dir.h"
#include "common/text.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/toy_stack.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 12, BATCH = 40, PATIENCE_MS = 30000 };

/* ---- a toy that gives snapshots ---------------------------------------------------------------------------------- */

static mns_rc_t dump_entries (mns_dump_t *dump, mns_db_t *db, const mns_config_t *config, mns_error_t *error) {
  (void)config;
  bool row;
  mns_rc_t rc;
  mns_toy_entry_t entry;
  mns_emit_t emit = {.stream = "toy", .subject = "entry", .place = TOY_PLACE, .happening = "added"};
  sqlite3_stmt *read = mns_db_prepare (db, "SELECT id, name, amount FROM entry ORDER BY id");
  while ((rc = mns_db_step (db, read, &row)) == MNS_OK && row) {
    mns_record_clear (&mns_toy_entry_type, &entry);
    mns_db_read (read, "uti", &entry.id, entry.name, sizeof entry.name, &entry.amount);
    rc = mns_dump_row (dump, &emit, &mns_toy_entry_type, &entry, 1, error);
    if (rc != MNS_OK)
      return rc;
  }
  return rc;
}

static const mns_snapshot_t snapshots[] = {{"toy", dump_entries}, {0}};
static mns_service_t snapping_toy;

/* ---- events that flow -------------------------------------------------------------------------------------------- */

typedef struct {
  const mns_config_t *config;
  atomic_bool stop;
  int64_t entries, amount;
} flow_t;

static void add_batch (mns_bus_t *bus, flow_t *flow) {
  mns_buffer_t body = {0};
  mns_error_t error = {0};
  mns_toy_entry_t entry;
  for (int i = 0; i < BATCH; i++) {
    mns_record_clear (&mns_toy_entry_type, &entry);
    entry.amount = 1 + (flow->entries + i) % 7;
    snprintf (entry.name, sizeof entry.name, "entry %lld of a name that fills a page sooner or later",
              (long long)flow->entries + i);
    mns_record_pack (&mns_toy_entry_type, &entry, &body);
    flow->amount += entry.amount;
  }
  mns_rc_t rc = mns_bus_request (bus, "toy.load", NULL, body.data, body.size, PATIENCE_MS, NULL, NULL, &error);
  if (rc != MNS_OK)
    fail_msg ("toy.load: %s: %s", mns_error_word (rc), error.detail);
  flow->entries += BATCH;
  mns_buffer_fini (&body);
}

static void *run_flow (void *self) {
  flow_t *flow = self;
  mns_bus_t *bus;
  mns_error_t error = {0};
  assert_int_equal (mns_bus_new (&bus, flow->config, "flow", PATIENCE_MS, &error), MNS_OK);
  while (!atomic_load (&flow->stop))
    add_batch (bus, flow);
  mns_bus_destroy (&bus);
  return NULL;
}

/* ---- a consumer's copy ------------------------------------------------------------------------------------------- */

typedef struct {
  mns_db_t *db;
  mns_stage_t stage;
  sqlite3_stmt *forget, *add, *total;
  mns_snapshot_end_t end;
  bool fails; /* the swap, at its end */
} copy_t;

static void copy_init (copy_t *copy) {
  mns_error_t error = {0};
  memset (copy, 0, sizeof *copy);
  mns_db_options_t options = {.path = ":memory:", .who = "copy"};
  assert_int_equal (mns_db_open (&copy->db, &options, &error), MNS_OK);
  assert_int_equal (mns_stage_init (&copy->stage, copy->db, &error), MNS_OK);
  assert_int_equal (
      mns_db_exec (copy->db, "CREATE TABLE entry (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL) STRICT", &error),
      MNS_OK);
  copy->forget = mns_db_prepare (copy->db, "DELETE FROM entry");
  copy->add = mns_db_prepare (copy->db, "INSERT INTO entry (id, amount) VALUES (?1, ?2)");
  copy->total = mns_db_prepare (copy->db, "SELECT count(*), coalesce (sum (amount), 0) FROM entry");
}

static mns_rc_t copy_forget (void *self, mns_error_t *error) {
  copy_t *copy = self;
  (void)error;
  mns_db_bind (copy->forget, "");
  return mns_db_run (copy->db, copy->forget);
}

/* An entry that comes twice breaks the primary key. */
static mns_rc_t copy_apply (void *self, const mns_event_t *event, mns_error_t *error) {
  copy_t *copy = self;
  mns_toy_entry_t entry;
  mns_rc_t rc = mns_record_unpack (&mns_toy_entry_type, &entry, event->body, event->body_size, NULL, error);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (copy->add, "ui", entry.id, entry.amount);
  return mns_db_run (copy->db, copy->add);
}

static mns_rc_t copy_finish (void *self, mns_error_t *error) {
  copy_t *copy = self;
  return copy->fails ? mns_fail (error, MNS_DISK_FULL, "copy", "on purpose") : MNS_OK;
}

static void copy_total (copy_t *copy, int64_t *entries, int64_t *amount) {
  bool row;
  mns_db_bind (copy->total, "");
  assert_int_equal (mns_db_step (copy->db, copy->total, &row), MNS_OK);
  mns_db_read (copy->total, "ii", entries, amount);
  sqlite3_reset (copy->total);
}

static void take_snapshot (copy_t *copy, mns_bus_t *bus) {
  mns_error_t error = {0};
  mns_stage_owner_t owner = {copy, copy_forget, copy_apply, copy_finish};
  mns_rc_t rc = mns_bus_snapshot (bus, "toy", NULL, 0, PATIENCE_MS, &copy->stage, &copy->end, &error);
  if (rc == MNS_OK)
    rc = mns_stage_swap (&copy->stage, &owner, &error);
  if (rc != MNS_OK && !copy->fails)
    fail_msg ("snapshot: %s: %s: %s", mns_error_word (rc), error.where, error.detail);
}

/* ---- the tests --------------------------------------------------------------------------------------------------- */

typedef struct {
  toy_stack_t stack;
  flow_t flow;
  pthread_t thread;
} scene_t;

static void begin_scene (scene_t *scene) {
  memset (scene, 0, sizeof *scene);
  snapping_toy = toy_service;
  snapping_toy.snapshots = snapshots;
  toy_stack_init (&scene->stack);
  toy_stack_broker (&scene->stack);
  toy_stack_service (&scene->stack, &snapping_toy);
  toy_stack_connect (&scene->stack);
  scene->flow.config = &scene->stack.config;
}

static mns_bus_t *connect_reader (scene_t *scene) {
  mns_bus_t *bus;
  mns_error_t error = {0};
  assert_int_equal (mns_bus_new (&bus, &scene->stack.config, "reader", PATIENCE_MS, &error), MNS_OK);
  return bus;
}

/* The newest event of the log, as a subscriber sees it. */
static void follow (copy_t *copy, mns_bus_t *bus, uint64_t to) {
  const char *const prefixes[] = {"toy.entry."};
  mns_error_t error = {0};
  mns_event_t event;
  uint64_t seen = copy->end.from.number;
  mns_offset_t from = copy->end.from;
  assert_int_equal (mns_bus_subscribe (bus, prefixes, 1, from.number, "", &error), MNS_OK);
  while (seen < to) {
    assert_int_equal (mns_bus_next (bus, PATIENCE_MS, &event, &error), MNS_OK);
    seen = event.log_number;
    if (!mns_snapshot_contains (&copy->end, &event))
      assert_int_equal (copy_apply (copy, &event, &error), MNS_OK);
  }
}

/* Where the log ends, and what the service has, when nothing flows. */
static uint64_t end_of_log (scene_t *scene) {
  mns_head_t head;
  mns_error_t error = {0};
  mns_bus_t *bus = connect_reader (scene);
  head = *mns_bus_welcome (bus);
  mns_bus_destroy (&bus);
  (void)error;
  return head.log_number;
}

/* Nothing flows and everything is acknowledged once as many events as entries are in the log. */
static void settle (scene_t *scene) {
  int64_t until = mns_clock.monotonic_ms () + PATIENCE_MS;
  while (end_of_log (scene) < (uint64_t)scene->flow.entries)
    assert_true (mns_clock.monotonic_ms () < until);
}

static void pause_ms (unsigned ms) {
  nanosleep (&(struct timespec){.tv_nsec = (long)ms * 1000000}, NULL);
}

static unsigned seed (void) {
  const char *given = getenv ("MNS_SEED");
  unsigned value = given ? (unsigned)strtoul (given, NULL, 10) : (unsigned)time (NULL);
  print_message ("MNS_SEED=%u\n", value);
  return value;
}

static void test_state_and_events_behind_it (void **state) {
  (void)state;
  scene_t scene;
  copy_t copies[ROUNDS];
  mns_bus_t *buses[ROUNDS];
  unsigned random = seed ();
  begin_scene (&scene);
  assert_int_equal (pthread_create (&scene.thread, NULL, run_flow, &scene.flow), 0);
  for (int i = 0; i < ROUNDS; i++) {
    pause_ms ((unsigned)rand_r (&random) % 60); /* the moment is what is random */
    copy_init (&copies[i]);
    buses[i] = connect_reader (&scene);
    take_snapshot (&copies[i], buses[i]);
  }
  atomic_store (&scene.flow.stop, true);
  pthread_join (scene.thread, NULL);
  settle (&scene);
  uint64_t end = end_of_log (&scene);
  int64_t entries[ROUNDS], amounts[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    follow (&copies[i], buses[i], end);
    copy_total (&copies[i], &entries[i], &amounts[i]);
    mns_bus_destroy (&buses[i]);
    mns_db_destroy (&copies[i].db);
  }
  toy_stack_expect (&scene.stack, "toy.total", scene.flow.entries, scene.flow.amount);
  toy_stack_fini (&scene.stack);
  for (int i = 0; i < ROUNDS; i++) {
    assert_int_equal (entries[i], scene.flow.entries);
    assert_int_equal (amounts[i], scene.flow.amount);
  }
}

/* docs/faults.md row 44: a swap that fails leaves the state of the snapshot before. */
static void test_swap_is_whole (void **state) {
  (void)state;
  scene_t scene;
  copy_t copy;
  int64_t entries, amount, again;
  begin_scene (&scene);
  copy_init (&copy);
  mns_bus_t *bus = connect_reader (&scene);
  add_batch (bus, &scene.flow);
  take_snapshot (&copy, bus);
  copy_total (&copy, &entries, &amount);
  assert_int_equal (entries, BATCH);
  add_batch (bus, &scene.flow);
  copy.fails = true;
  take_snapshot (&copy, bus);
  copy_total (&copy, &again, &amount);
  assert_int_equal (again, BATCH);
  copy.fails = false;
  take_snapshot (&copy, bus);
  copy_total (&copy, &again, &amount);
  assert_int_equal (again, 2 * BATCH);
  assert_int_equal (amount, scene.flow.amount);
  mns_bus_destroy (&bus);
  mns_db_destroy (&copy.db);
  toy_stack_fini (&scene.stack);
}

/* What is not there is told at once, and so is what is not the account's. */
static void test_refusals (void **state) {
  (void)state;
  scene_t scene;
  copy_t copy;
  mns_error_t error = {0};
  const char *const foreign[] = {"registry."};
  begin_scene (&scene);
  copy_init (&copy);
  mns_bus_t *bus = connect_reader (&scene);
  assert_int_equal (mns_bus_snapshot (bus, "tally", NULL, 0, 500, &copy.stage, &copy.end, &error), MNS_UNKNOWN_COMMAND);
  assert_int_equal (mns_bus_snapshot (bus, "statistics", NULL, 0, 500, &copy.stage, &copy.end, &error),
                    MNS_UNAVAILABLE); /* of a service of the house that has not come */
  assert_int_equal (mns_bus_snapshot (bus, "toy", foreign, 1, 500, &copy.stage, &copy.end, &error), MNS_INVALID);
  mns_bus_destroy (&bus);
  mns_db_destroy (&copy.db);
  toy_stack_fini (&scene.stack);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_state_and_events_behind_it),
      cmocka_unit_test (test_swap_is_whole),
      cmocka_unit_test (test_refusals),
  };
  int failed = cmocka_run_group_tests (tests, NULL, NULL);
  fflush (NULL);
  if (failed)
    _exit (1); /* a case that failed leaves its sockets open, which no exit survives */
  return 0;
}
