/* The broker over a disk that fills up, breaks, or has been damaged: nothing is acknowledged that is not there, reading
 * goes on while writing cannot, and damaged bytes are never delivered.
 *
 * docs/faults.md rows 16 (damage), 17 (a flush or write fails), 18 (full).
 *
 * docs/faults.md row 16: rows that are damaged, lost or cut are found, and nothing of them is delivered.
 * docs/faults.md row 17: after a write or flush that fails the broker ends without an ack, and is consistent when it
 * starts again. docs/faults.md row 18: a full disk is told, reading goes on, and it recovers without a restart. */
#include "common/clock.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/wire_peer.h"
#include <czmq.h>
#include <sqlite3.h>

#define BIRTH "registry.birth.510322101203.registered"

typedef struct {
  char folder[MNS_PATH_MAX];
  mns_config_t config;
  zactor_t *broker;
  wire_pen_t pen;
  wire_peer_t producer, consumer;
} fixture_t;

static void start (fixture_t *fixture) {
  fixture->broker = zactor_new ((zactor_fn *)mns_broker_actor, &fixture->config);
  char *said = zstr_recv (fixture->broker);
  assert_string_equal (said, "READY");
  zstr_free (&said);
}

static void connect_both (fixture_t *fixture) {
  wire_pen_t *pen = &fixture->pen;
  wire_peer_init (&fixture->producer, zsys_init (), ZMQ_DEALER, "inproc://bus");
  wire_peer_init (&fixture->consumer, zsys_init (), ZMQ_DEALER, "inproc://bus");
  assert_int_equal (wire_peer_hello (&fixture->producer, "registry", "registry", 1, pen->number, pen->chain), MNS_OK);
  assert_int_equal (wire_peer_hello (&fixture->consumer, "statistics", NULL, 0, 0, 0), MNS_OK);
}

static int set_up (void **state) {
  fixture_t *fixture = calloc (1, sizeof *fixture);
  *state = fixture;
  crash_vfs_register_default ();
  crash_vfs_restart ();
  assert_int_equal (test_folder_make (fixture->folder), 0);
  mns_record_clear (&mns_config_type, &fixture->config);
  mns_text_copy (fixture->config.data, sizeof fixture->config.data, fixture->folder);
  fixture->config.county = 510322000000;
  wire_pen_init (&fixture->pen, "registry", 1);
  start (fixture);
  connect_both (fixture);
  return 0;
}

static void disconnect (fixture_t *fixture) {
  wire_peer_fini (&fixture->producer);
  wire_peer_fini (&fixture->consumer);
  zactor_destroy (&fixture->broker);
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  disconnect (fixture);
  wire_pen_fini (&fixture->pen);
  assert_int_equal (test_folder_remove (fixture->folder), 0);
  free (fixture);
  return 0;
}

static void publish (fixture_t *fixture, int records) {
  for (int i = 0; i < records; i++)
    wire_pen_write (&fixture->pen, BIRTH, 1000);
  wire_pen_publish (&fixture->pen, &fixture->producer);
}

/* SUB from `from`; SUBOK. */
static void subscribe (fixture_t *fixture, uint64_t from) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.log_number = from;
  head.credit_messages = 1000;
  head.credit_bytes = 8 << 20;
  head.prefix_count = 1;
  wire_peer_send (&fixture->consumer, MNS_SUB, &head, NULL, 0);
  wire_peer_expect (&fixture->consumer, MNS_SUBOK);
}

static uint64_t read_until (fixture_t *fixture, uint64_t offset, uint64_t last) {
  uint64_t count = 0;
  for (; offset < last; offset = fixture->consumer.head.last) {
    do
      wire_peer_receive (&fixture->consumer, PEER_WAIT_MS);
    while (fixture->consumer.kind == MNS_IDLE);
    assert_int_equal (fixture->consumer.kind, MNS_EVT);
    count += fixture->consumer.head.count;
  }
  return count;
}

static void test_disk_full (void **state) {
  fixture_t *fixture = *state;
  mns_head_t head;
  publish (fixture, 10);
  wire_peer_expect (&fixture->producer, MNS_PACK);
  wire_pen_t before = fixture->pen;
  memset (&before.records, 0, sizeof before.records);
  crash_vfs_plan (CRASH_FULL, 1);
  publish (fixture, 10);
  wire_peer_expect (&fixture->producer, MNS_PNAK);
  assert_int_equal (fixture->producer.head.rc, MNS_DISK_FULL);
  assert_true (fixture->producer.head.retry_after_ms > 0);
  assert_int_equal (fixture->producer.head.number, 11);
  assert_true (fixture->producer.head.chain == before.chain);
  subscribe (fixture, 0); /* reading goes on */
  assert_int_equal (read_until (fixture, 0, 10), 10);
  mns_head_clear (&head);
  strcpy (head.command, "bus.directory");
  wire_peer_send (&fixture->consumer, MNS_REQUEST, &head, NULL, 0);
  wire_peer_expect (&fixture->consumer, MNS_REPLY);
  crash_vfs_plan (CRASH_NOTHING, 0); /* there is room again */
  mns_buffer_fini (&fixture->pen.records);
  fixture->pen = before;
  publish (fixture, 10);
  wire_peer_expect (&fixture->producer, MNS_PACK);
  assert_int_equal (fixture->producer.head.number, 20);
  assert_int_equal (fixture->producer.head.log_number, 20);
  assert_int_equal (read_until (fixture, 10, 20), 10);
}

static bool is_noted (fixture_t *fixture, const char *consumer) {
  char path[MNS_PATH_MAX + 16];
  sqlite3 *db;
  sqlite3_stmt *statement;
  snprintf (path, sizeof path, "%s/broker/log.db", fixture->folder);
  assert_int_equal (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_prepare_v2 (db, "SELECT 1 FROM consumer WHERE name = ?1", -1, &statement, NULL), SQLITE_OK);
  sqlite3_bind_text (statement, 1, consumer, -1, SQLITE_STATIC);
  bool noted = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return noted;
}

static void await_noted (fixture_t *fixture, const char *consumer, bool noted) {
  for (int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS; is_noted (fixture, consumer) != noted;) {
    assert_true (mns_clock.monotonic_ms () < until);
    zmq_poll (NULL, 0, 10);
  }
}

static void read_as (wire_peer_t *peer, const char *consumer) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = 1;
  head.prefix_count = 1;
  strcpy (head.consumer, consumer);
  wire_peer_send (peer, MNS_SUB, &head, NULL, 0);
  wire_peer_expect (peer, MNS_SUBOK);
  mns_head_clear (&head);
  head.subscription = 1;
  wire_peer_send (peer, MNS_SUBEND, &head, NULL, 0);
}

static mns_rc_t remove_consumer (wire_peer_t *peer, const char *consumer) {
  mns_head_t head;
  mns_buffer_t body = {0};
  mns_bus_consumer_remove_t request;
  mns_head_clear (&head);
  strcpy (head.command, "bus.consumer-remove");
  mns_record_clear (&mns_bus_consumer_remove_type, &request);
  strcpy (request.consumer, consumer);
  mns_record_pack (&mns_bus_consumer_remove_type, &request, &body);
  wire_peer_send (peer, MNS_REQUEST, &head, body.data, body.size);
  mns_buffer_fini (&body);
  wire_peer_receive (peer, PEER_WAIT_MS);
  return (mns_rc_t)peer->head.rc;
}

/* The command says that it is not written yet; once there is room it is, and the consumer does not come back. */
static void test_consumer_removed_on_a_full_disk (void **state) {
  fixture_t *fixture = *state;
  char endpoint[MNS_PATH_MAX + 16];
  wire_peer_t administrator;
  snprintf (endpoint, sizeof endpoint, "ipc://%s/run/bus", fixture->folder);
  wire_peer_init (&administrator, zsys_init (), ZMQ_DEALER, endpoint);
  assert_int_equal (wire_peer_hello (&administrator, "", NULL, 0, 0, 0), MNS_OK);
  read_as (&administrator, "archive");
  read_as (&administrator, "ledger");
  await_noted (fixture, "archive", true);
  await_noted (fixture, "ledger", true);
  crash_vfs_plan (CRASH_FULL, 1);
  assert_int_equal (remove_consumer (&administrator, "archive"), MNS_DISK_FULL);
  assert_int_equal (remove_consumer (&administrator, "archive"), MNS_NOT_FOUND);
  assert_int_equal (remove_consumer (&administrator, "ledger"), MNS_DISK_FULL);
  read_as (&administrator, "ledger"); /* it is a new one */
  crash_vfs_plan (CRASH_NOTHING, 0);
  await_noted (fixture, "archive", false);
  assert_true (is_noted (fixture, "ledger"));
  wire_peer_fini (&administrator);
}

/* What a failed flush left on the disk is unknown: the broker ends, and looks when it starts again. */
static void check_ends (fixture_t *fixture, crash_plan_t plan) {
  publish (fixture, 10);
  wire_peer_expect (&fixture->producer, MNS_PACK);
  wire_pen_t before = fixture->pen;
  memset (&before.records, 0, sizeof before.records);
  crash_vfs_plan (plan, 1);
  publish (fixture, 10);
  zmsg_t *message = zmsg_recv (fixture->broker);
  char *said = zmsg_popstr (message);
  assert_string_equal (said, "FAILED");
  zstr_free (&said);
  char *word = zmsg_popstr (message), *where = zmsg_popstr (message), *detail = zmsg_popstr (message);
  assert_string_equal (word, "io");
  assert_string_equal (where, "log");
  assert_non_null (strstr (detail, "could not be written"));
  zstr_free (&word);
  zstr_free (&where);
  zstr_free (&detail);
  zmsg_destroy (&message);
  while (wire_peer_receive (&fixture->producer, 0) != 0)
    assert_int_not_equal (fixture->producer.kind, MNS_PACK);
  disconnect (fixture);
  crash_vfs_plan (CRASH_NOTHING, 0);
  start (fixture);
  connect_both (fixture);
  mns_buffer_fini (&fixture->pen.records);
  fixture->pen = before;
  publish (fixture, 10); /* sent again: new or known, once in the log */
  wire_peer_expect (&fixture->producer, MNS_PACK);
  assert_int_equal (fixture->producer.head.log_number, 20);
}

static void test_flush_error (void **state) {
  check_ends (*state, CRASH_SYNC_ERROR);
}

static void test_write_error (void **state) {
  check_ends (*state, CRASH_WRITE_ERROR);
}

/* ---- damage ------------------------------------------------------------------------------------------------------ */

static void run_sql (fixture_t *fixture, const char *sql) {
  char path[MNS_PATH_MAX + 16];
  sqlite3 *db;
  snprintf (path, sizeof path, "%s/broker/log.db", fixture->folder);
  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

/* Four rows of 100 records, then `sql` on the store while the broker is down. */
static void damage (fixture_t *fixture, const char *sql) {
  for (int i = 0; i < 4; i++) {
    publish (fixture, 60); /* more than a row holds: each group ends one */
    wire_peer_expect (&fixture->producer, MNS_PACK);
  }
  disconnect (fixture);
  run_sql (fixture, sql);
  start (fixture);
  connect_both (fixture);
}

/* Everything before the damage comes, and then the end with the error. */
static void expect_corrupt (fixture_t *fixture) {
  uint64_t offset = 0;
  subscribe (fixture, 0);
  while (wire_peer_receive (&fixture->consumer, PEER_WAIT_MS) == MNS_EVT)
    offset = fixture->consumer.head.last;
  assert_int_equal (fixture->consumer.kind, MNS_SUBEND);
  assert_int_equal (fixture->consumer.head.rc, MNS_CORRUPT);
  assert_true (offset < 120);
}

static void test_damaged_row (void **state) {
  damage (*state,
          "UPDATE batch SET records = CAST (substr (records, 1, 5000) || x'41' || substr (records, 5002) AS BLOB) "
          "WHERE first = 61");
  expect_corrupt (*state);
}

static void test_lost_row (void **state) {
  damage (*state, "DELETE FROM batch WHERE first = 61");
  expect_corrupt (*state);
}

static void test_cut_row (void **state) {
  damage (*state, "UPDATE batch SET records = substr (records, 1, 20000) WHERE first = 61");
  expect_corrupt (*state);
}

int main (void) {
  zsys_handler_set (NULL);
  zsys_init ();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_disk_full, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_consumer_removed_on_a_full_disk, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_flush_error, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_write_error, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_damaged_row, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_lost_row, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_cut_row, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
