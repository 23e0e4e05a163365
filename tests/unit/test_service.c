/* The turn: answers stored once, refusals, roll-backs, events in order, the line stopped, the built-in commands. */
#include "common/records/codes.h"
#include "common/records/service_records.h"
#include "common/text.h"
#include "common/turn.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/turn_harness.h"
#include <unistd.h>

static const char *const ADDED = "toy.entry.510322101203.added";

static mns_toy_entry_t entry_of (const char *name, int64_t amount) {
  mns_toy_entry_t entry;
  mns_record_clear (&mns_toy_entry_type, &entry);
  mns_text_copy (entry.name, sizeof entry.name, name);
  entry.amount = amount;
  return entry;
}

static void pack_entry (mns_buffer_t *out, const char *name, int64_t amount) {
  mns_toy_entry_t entry = entry_of (name, amount);
  mns_record_pack (&mns_toy_entry_type, &entry, out);
}

static void assert_total (harness_t *h, const char *query, int64_t entries, int64_t amount) {
  mns_toy_total_t total;
  assert_int_equal (harness_call (h, query, NULL, &total), MNS_OK);
  assert_int_equal (total.entries, entries);
  assert_int_equal (total.amount, amount);
}

static int set_up_toy (void **state) {
  *state = harness_new (&toy_service);
  return 0;
}

static int set_up_tally (void **state) {
  *state = harness_new (&tally_service);
  return 0;
}

static int set_up_lenient (void **state) {
  *state = harness_new (&lenient_tally_service);
  return 0;
}

static int tear_down (void **state) {
  harness_t *h = *state;
  harness_destroy (&h);
  return 0;
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static void test_command (void **state) {
  harness_t *h = *state;
  mns_toy_entry_t entry = entry_of ("pear", 3), answer, emitted;
  assert_int_equal (harness_call (h, "toy.add", &entry, &answer), MNS_OK);
  assert_int_equal (answer.id, 1);
  assert_int_equal (harness_emitted_count (h), 1);
  const mns_event_t *event = harness_emitted (h, 0);
  assert_int_equal (event->number, 1);
  assert_string_equal (event->producer, "toy");
  assert_string_equal (event->account, "tester");
  assert_memory_equal (event->topic, ADDED, event->topic_size);
  harness_emitted_record (h, 0, 0, &mns_toy_entry_type, &emitted);
  assert_true (mns_record_equal (&mns_toy_entry_type, &answer, &emitted));
  assert_total (h, "toy.total", 1, 3);
}

/* The same answer as of the command itself, and nothing of it afterwards: no row, no event, no number taken. */
static void test_rehearse (void **state) {
  harness_t *h = *state;
  mns_service_rehearse_t rehearse;
  mns_buffer_t body = {0};
  mns_toy_entry_t answer;
  mns_record_clear (&mns_service_rehearse_type, &rehearse);
  mns_text_copy (rehearse.command, sizeof rehearse.command, "toy.load");
  for (int i = 0; i < 2; i++) {
    mns_buffer_clear (&body);
    mns_record_pack (&mns_service_rehearse_type, &rehearse, &body);
    pack_entry (&body, "pear", 3);
    pack_entry (&body, "plum", 4);
    assert_int_equal (harness_call_body (h, "toy.rehearse", NULL, body.data, body.size), MNS_OK);
    assert_true (harness_reply (h, 1, &mns_toy_entry_type, &answer));
    assert_int_equal (answer.id, 2);
    assert_int_equal (harness_emitted_count (h), 0);
    assert_total (h, "toy.total", 0, 0);
  }
  mns_text_copy (rehearse.command, sizeof rehearse.command, "toy.add");
  mns_buffer_clear (&body);
  mns_record_pack (&mns_service_rehearse_type, &rehearse, &body);
  assert_int_equal (harness_call_body (h, "toy.rehearse", NULL, body.data, body.size), MNS_UNKNOWN_COMMAND);
  assert_int_equal (harness_call_body (h, "toy.rehearse", NULL, NULL, 0), MNS_MISSING);
  mns_buffer_fini (&body);
  test_command (state);
}

static void test_same_key (void **state) {
  harness_t *h = *state;
  mns_uuid_t key = mns_uuid_new ();
  mns_buffer_t body = {0}, other = {0};
  mns_toy_entry_t answer;
  pack_entry (&body, "pear", 3);
  pack_entry (&other, "pear", 4);
  for (int i = 0; i < 3; i++) {
    assert_int_equal (harness_call_body (h, "toy.add", &key, body.data, body.size), MNS_OK);
    assert_int_equal (harness_emitted_count (h), i == 0 ? 1 : 0);
    assert_true (harness_reply (h, 0, &mns_toy_entry_type, &answer));
    assert_int_equal (answer.id, 1);
    harness_restart (h);
  }
  assert_int_equal (harness_call_body (h, "toy.add", &key, other.data, other.size), MNS_KEY_REUSED);
  assert_int_equal (harness_call_body (h, "toy.spoil", &key, body.data, body.size), MNS_KEY_REUSED);
  assert_total (h, "toy.total", 1, 3);
  mns_buffer_fini (&body);
  mns_buffer_fini (&other);
}

static void test_keys_refused (void **state) {
  harness_t *h = *state;
  mns_uuid_t none = {{0}}, old = mns_uuid_new ();
  uint8_t digest[32] = {7};
  mns_uuid_t derived = mns_uuid_derive (digest, 1);
  mns_buffer_t body = {0};
  pack_entry (&body, "pear", 3);
  assert_int_equal (harness_call_body (h, "toy.add", &none, body.data, body.size), MNS_INVALID);
  assert_string_equal (harness_error (h)->where, "key");
  harness_set_now (h, mns_uuid_time (&old) + 31ll * 86400 * 1000000);
  assert_int_equal (harness_call_body (h, "toy.add", &old, body.data, body.size), MNS_GONE);
  assert_int_equal (harness_call_body (h, "toy.add", &derived, body.data, body.size), MNS_OK);
  mns_buffer_fini (&body);
}

static void test_refusal_is_stored (void **state) {
  harness_t *h = *state;
  mns_uuid_t key = mns_uuid_new ();
  mns_buffer_t body = {0};
  pack_entry (&body, "nothing", 0);
  for (int i = 0; i < 2; i++) {
    assert_int_equal (harness_call_body (h, "toy.add", &key, body.data, body.size), MNS_NOT_ELIGIBLE);
    assert_string_equal (harness_error (h)->where, "amount");
    assert_string_equal (harness_error (h)->detail, "an entry of nothing is not kept");
    assert_int_equal (harness_emitted_count (h), 0);
  }
  assert_total (h, "toy.total", 0, 0);
  mns_buffer_fini (&body);
}

static void test_input_is_checked (void **state) {
  harness_t *h = *state;
  mns_toy_entry_t entry = entry_of ("", 3);
  assert_int_equal (harness_call (h, "toy.add", &entry, NULL), MNS_MISSING);
  assert_string_equal (harness_error (h)->where, "name");
  entry = entry_of ("pear", 2000);
  assert_int_equal (harness_call (h, "toy.add", &entry, NULL), MNS_OUT_OF_RANGE);
  assert_int_equal (harness_call (h, "toy.add", NULL, NULL), MNS_MISSING);
  assert_int_equal (harness_call (h, "toy.nonsense", NULL, NULL), MNS_UNKNOWN_COMMAND);
  entry = entry_of ("pear", 1);
  assert_int_equal (harness_call (h, "toy.locked", &entry, NULL), MNS_FORBIDDEN);
  harness_set_caller (h, MNS_OPERATOR, 0);
  assert_int_equal (harness_call (h, "toy.locked", &entry, NULL), MNS_OK);
}

static void test_written_refusal_is_rolled_back (void **state) {
  harness_t *h = *state;
  mns_uuid_t key = mns_uuid_new ();
  mns_buffer_t body = {0};
  pack_entry (&body, "pear", 3);
  for (int i = 0; i < 2; i++) {
    assert_int_equal (harness_call_body (h, "toy.spoil", &key, body.data, body.size), MNS_CONFLICT);
    assert_int_equal (harness_emitted_count (h), 0);
    assert_total (h, "toy.total", 0, 0);
  }
  mns_toy_entry_t entry = entry_of ("plum", 2), answer;
  assert_int_equal (harness_call (h, "toy.add", &entry, &answer), MNS_OK);
  assert_int_equal (answer.id, 1);
  assert_int_equal (harness_emitted (h, 0)->number, 1);
  mns_buffer_fini (&body);
}

/* Nothing is lost when the broker is away for long: commands are put off, queries and what was asked before go on. */
static void test_full_outbox_puts_off (void **state) {
  harness_t *h = *state;
  mns_toy_entry_t entry = entry_of ("pear", 1);
  mns_buffer_t body = {0};
  mns_uuid_t key = mns_uuid_new ();
  harness_config (h)->outbox_max = 3;
  pack_entry (&body, "pear", 1);
  assert_int_equal (harness_call_body (h, "toy.add", &key, body.data, body.size), MNS_OK);
  for (int i = 0; i < 3; i++)
    assert_int_equal (harness_call (h, "toy.add", &entry, NULL), MNS_OK);
  assert_int_equal (harness_call (h, "toy.add", &entry, NULL), MNS_BUSY);
  assert_string_equal (harness_error (h)->where, "outbox");
  assert_int_equal (harness_call_body (h, "toy.add", &key, body.data, body.size), MNS_OK);
  assert_total (h, "toy.total", 4, 4);
  mns_buffer_fini (&body);
}

static void test_bulk (void **state) {
  harness_t *h = *state;
  mns_uuid_t key = mns_uuid_new ();
  mns_buffer_t body = {0};
  for (int i = 0; i < 1000; i++)
    pack_entry (&body, "a name that makes a record of a usual size", 1);
  assert_int_equal (harness_call_body (h, "toy.load", &key, body.data, body.size), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 1000);
  mns_toy_entry_t entry;
  assert_true (harness_reply (h, 999, &mns_toy_entry_type, &entry));
  assert_int_equal (entry.id, 1000);
  assert_total (h, "toy.total", 1000, 1000);
  mns_buffer_fini (&body);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static void test_events (void **state) {
  harness_t *h = *state;
  for (int i = 1; i <= 3; i++) {
    mns_toy_entry_t entry = entry_of ("pear", i);
    assert_int_equal (harness_event (h, ADDED, &mns_toy_entry_type, &entry), MNS_OK);
  }
  harness_restart (h);
  assert_total (h, "tally.total", 3, 6);
  mns_service_status_t status;
  assert_int_equal (harness_call (h, "tally.status", NULL, &status), MNS_OK);
  assert_int_equal (status.log_number, 3);
}

static void test_line_stops (void **state) {
  harness_t *h = *state;
  mns_toy_entry_t good = entry_of ("pear", 1), bad = entry_of ("poison", 1);
  mns_service_status_t status;
  assert_int_equal (harness_event (h, ADDED, &mns_toy_entry_type, &good), MNS_OK);
  assert_int_equal (harness_event (h, ADDED, &mns_toy_entry_type, &bad), MNS_CONFLICT);
  harness_event (h, ADDED, &mns_toy_entry_type, &good);
  assert_total (h, "tally.total", 1, 1);
  assert_int_equal (harness_call (h, "tally.status", NULL, &status), MNS_OK);
  assert_int_equal (status.state, MNS_STATE_STOPPED);
  assert_string_equal (status.stopped_at, "tester-1-2");
  assert_string_equal (status.error, "conflict");
}

static void test_event_is_skipped (void **state) {
  harness_t *h = *state;
  mns_toy_entry_t good = entry_of ("pear", 1), bad = entry_of ("poison", 1);
  mns_service_status_t status;
  assert_int_equal (harness_event (h, ADDED, &mns_toy_entry_type, &bad), MNS_OK);
  assert_int_equal (harness_event (h, ADDED, &mns_toy_entry_type, &good), MNS_OK);
  assert_total (h, "tally.total", 1, 1);
  assert_int_equal (harness_call (h, "tally.status", NULL, &status), MNS_OK);
  assert_int_equal (status.skipped, 1);
  assert_int_equal (status.events, 1);
  assert_int_equal (status.log_number, 2);
}

/* ---- built-in commands ------------------------------------------------------------------------------------------- */

static void test_backup (void **state) {
  harness_t *h = *state;
  mns_service_backup_t backup;
  mns_toy_entry_t entry = entry_of ("pear", 3);
  assert_int_equal (harness_call (h, "toy.add", &entry, NULL), MNS_OK);
  mns_record_clear (&mns_service_backup_type, &backup);
  snprintf (backup.path, sizeof backup.path, "%s/backup/toy.db", harness_config (h)->data);
  assert_int_equal (harness_call (h, "toy.backup", &backup, NULL), MNS_OK);
  assert_int_equal (access (backup.path, R_OK), 0);
  assert_int_equal (harness_call (h, "toy.backup", &backup, NULL), MNS_EXISTS);
  snprintf (backup.path, sizeof backup.path, "%s/backup/../toy.db", harness_config (h)->data);
  assert_int_equal (harness_call (h, "toy.backup", &backup, NULL), MNS_INVALID);
  harness_set_caller (h, MNS_CLERK, 0);
  assert_int_equal (harness_call (h, "toy.backup", &backup, NULL), MNS_FORBIDDEN);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_command, set_up_toy, tear_down),
      cmocka_unit_test_setup_teardown (test_rehearse, set_up_toy, tear_down),
      cmocka_unit_test_setup_teardown (test_same_key, set_up_toy, tear_down),
      cmocka_unit_test_setup_teardown (test_keys_refused, set_up_toy, tear_down),
      cmocka_unit_test_setup_teardown (test_refusal_is_stored, set_up_toy, tear_down),
      cmocka_unit_test_setup_teardown (test_input_is_checked, set_up_toy, tear_down),
      cmocka_unit_test_setup_teardown (test_written_refusal_is_rolled_back, set_up_toy, tear_down),
      cmocka_unit_test_setup_teardown (test_full_outbox_puts_off, set_up_toy, tear_down),
      cmocka_unit_test_setup_teardown (test_bulk, set_up_toy, tear_down),
      cmocka_unit_test_setup_teardown (test_events, set_up_tally, tear_down),
      cmocka_unit_test_setup_teardown (test_line_stops, set_up_tally, tear_down),
      cmocka_unit_test_setup_teardown (test_event_is_skipped, set_up_lenient, tear_down),
      cmocka_unit_test_setup_teardown (test_backup, set_up_toy, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
