/* The stream audit, and the limits of accounts: what is refused is told, counted and bounded; what is over a limit is
 * put off, not cut off. */
#include "common/clock.h"
#include "common/records/audit_records.h"
#include "common/text.h"
#include "tests/support/guarded.h"
#include "tests/support/test.h"

enum { BURST = 200 };

typedef struct {
  guarded_t guarded;
  mns_keys_t office;
  wire_peer_t reader; /* of the audit */
  uint64_t records, refusals, counted, actions, last_number;
  char last_action[128], last_what[400];
} fixture_t;

static void start (fixture_t *fixture) {
  char word[16];
  guarded_start (&fixture->guarded, word);
  assert_string_equal (word, "READY");
  guarded_local (&fixture->guarded, &fixture->reader);
  assert_int_equal (wire_peer_hello (&fixture->reader, "", NULL, 0, 0, 0), 0);
  assert_int_equal (guarded_subscribe (&fixture->reader, 1, "audit.", 0), MNS_SUBOK);
}

static int setup (void **state) {
  fixture_t *fixture = calloc (1, sizeof *fixture);
  *state = fixture;
  guarded_init (&fixture->guarded);
  guarded_add (&fixture->guarded, "office", MNS_SYSTEM, 510322101000, NULL, &fixture->office);
  start (fixture);
  return 0;
}

static int teardown (void **state) {
  fixture_t *fixture = *state;
  wire_peer_fini (&fixture->reader);
  guarded_fini (&fixture->guarded);
  free (fixture);
  return 0;
}

/* ---- reading it -------------------------------------------------------------------------------------------------- */

static void take_refusal (fixture_t *fixture, const mns_event_t *event, const char *verb) {
  mns_audit_refusal_t refusal;
  assert_int_equal (mns_record_unpack (&mns_audit_refusal_type, &refusal, event->body, event->body_size, NULL, NULL),
                    MNS_OK);
  if (strcmp (refusal.verb, verb) != 0)
    return;
  fixture->refusals++;
  fixture->counted += refusal.count;
  snprintf (fixture->last_what, sizeof fixture->last_what, "%s %s %s %s", refusal.account, refusal.door, refusal.what,
            refusal.reason);
}

static void take_action (fixture_t *fixture, const mns_event_t *event) {
  mns_audit_action_t action;
  assert_int_equal (mns_record_unpack (&mns_audit_action_type, &action, event->body, event->body_size, NULL, NULL),
                    MNS_OK);
  fixture->actions++;
  snprintf (fixture->last_action, sizeof fixture->last_action, "%s %s", action.account, action.command);
  mns_text_copy (fixture->last_what, sizeof fixture->last_what, action.what);
}

static void take_events (fixture_t *fixture, const char *verb) {
  const uint8_t *at = fixture->reader.body.data, *end = at + fixture->reader.body.size;
  mns_event_t event;
  size_t used;
  for (; at < end; at += used) {
    assert_int_equal (mns_event_unpack (&event, at, (size_t)(end - at), &used, NULL), MNS_OK);
    assert_string_equal (event.producer, "broker");
    assert_int_equal (event.number, fixture->last_number + 1); /* none lost, none twice, also over a restart */
    fixture->last_number = event.number;
    fixture->records++;
    if (strcmp (event.type, "audit_refusal") == 0)
      take_refusal (fixture, &event, verb);
    else
      take_action (fixture, &event);
  }
}

/* Reads until so many refusals of `verb` were counted, or so many actions told. */
static void read_until (fixture_t *fixture, const char *verb, uint64_t counted, uint64_t actions) {
  int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS;
  while (fixture->counted < counted || fixture->actions < actions) {
    assert_true (mns_clock.monotonic_ms () < until);
    if (wire_peer_receive (&fixture->reader, 100) == MNS_EVT)
      take_events (fixture, verb);
  }
}

/* ---- refusals ---------------------------------------------------------------------------------------------------- */

static void connect_office (fixture_t *fixture, wire_peer_t *peer) {
  guarded_tcp (&fixture->guarded, peer, &fixture->office);
  assert_int_equal (wire_peer_hello (peer, "", NULL, 0, 0, 0), 0);
}

static void check_at_most_one_a_second (const fixture_t *fixture, int64_t begun_ms) {
  assert_in_range (fixture->refusals, 1, 2 + (mns_clock.monotonic_ms () - begun_ms) / 1000);
}

static void test_refusals_are_counted (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t peer;
  int64_t begun = mns_clock.monotonic_ms ();
  connect_office (fixture, &peer);
  for (int i = 0; i < BURST; i++)
    assert_int_equal (guarded_subscribe (&peer, 1, "registry.", 0), MNS_SUBEND);
  read_until (fixture, "subscribe", BURST, 0);
  assert_int_equal (fixture->counted, BURST);
  check_at_most_one_a_second (fixture, begun);
  assert_string_equal (fixture->last_what, "office tcp registry. forbidden");
  wire_peer_fini (&peer);
}

/* Keyless strangers and wrong keys leave their address; one kind of record however many come. */
static void test_strangers_are_told (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t peers[12];
  mns_keys_t stranger;
  int64_t begun = mns_clock.monotonic_ms ();
  for (size_t i = 0; i < COUNT_OF (peers); i++) {
    assert_int_equal (mns_keys_make (&stranger, NULL), MNS_OK);
    guarded_tcp (&fixture->guarded, &peers[i], &stranger);
  }
  read_until (fixture, "connect", COUNT_OF (peers), 0);
  check_at_most_one_a_second (fixture, begun);
  assert_non_null (strstr (fixture->last_what, "tcp key "));
  for (size_t i = 0; i < COUNT_OF (peers); i++)
    wire_peer_fini (&peers[i]);
}

static void test_who_may_read (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t peer;
  connect_office (fixture, &peer);
  assert_int_equal (guarded_subscribe (&peer, 1, "audit.", 0), MNS_SUBEND);
  read_until (fixture, "subscribe", 1, 0);
  wire_peer_fini (&peer);
  guarded_local (&fixture->guarded, &peer);
  assert_int_equal (wire_peer_hello (&peer, "toy", NULL, 0, 0, 0), MNS_UNAUTHENTICATED);
  assert_int_equal (wire_peer_hello (&peer, "registry", NULL, 0, 0, 0), 0);
  assert_int_equal (guarded_subscribe (&peer, 1, "audit.", 0), MNS_SUBEND);
  assert_int_equal (guarded_subscribe (&peer, 2, "", 0), MNS_SUBOK); /* everything but that */
  do
    assert_int_not_equal (wire_peer_receive (&peer, PEER_WAIT_MS), MNS_EVT);
  while (peer.kind != MNS_IDLE || peer.head.last < 1);
  wire_peer_fini (&peer);
}

static mns_rc_t ask_bus (wire_peer_t *peer, const char *command, const mns_record_type_t *type, const void *record) {
  mns_head_t head;
  mns_buffer_t body = {0};
  mns_head_clear (&head);
  strcpy (head.command, command);
  mns_record_pack (type, record, &body);
  wire_peer_send (peer, MNS_REQUEST, &head, body.data, body.size);
  mns_buffer_fini (&body);
  wire_peer_receive (peer, PEER_WAIT_MS);
  return (mns_rc_t)peer->head.rc;
}

/* A right to commands of the broker is none to records: bus.log and bus.trace tell what may be subscribed to. */
static void test_commands_pass_no_right_by (void **state) {
  fixture_t *fixture = *state;
  static const char *const narrow[] = {"request bus.", "subscribe * 510322101000", NULL};
  static const char *const wide[] = {"request bus.", "subscribe *", NULL};
  mns_keys_t keys[2];
  wire_peer_t peer;
  mns_bus_log_t page;
  mns_bus_trace_t trace;
  mns_record_clear (&mns_bus_log_type, &page);
  mns_record_clear (&mns_bus_trace_type, &trace);
  strcpy (trace.entity, "person/7");
  connect_office (fixture, &peer);
  assert_int_equal (guarded_subscribe (&peer, 1, "audit.", 0), MNS_SUBEND);
  read_until (fixture, "subscribe", 1, 0); /* a record of the audit is there */
  wire_peer_fini (&peer);
  guarded_add (&fixture->guarded, "narrow", MNS_SYSTEM, 0, narrow, &keys[0]);
  guarded_add (&fixture->guarded, "wide", MNS_SYSTEM, 0, wide, &keys[1]);
  guarded_tcp (&fixture->guarded, &peer, &keys[0]);
  assert_int_equal (wire_peer_hello (&peer, "", NULL, 0, 0, 0), 0);
  assert_int_equal (ask_bus (&peer, "bus.log", &mns_bus_log_type, &page), MNS_FORBIDDEN);
  assert_int_equal (ask_bus (&peer, "bus.trace", &mns_bus_trace_type, &trace), MNS_FORBIDDEN);
  wire_peer_fini (&peer);
  guarded_tcp (&fixture->guarded, &peer, &keys[1]);
  assert_int_equal (wire_peer_hello (&peer, "", NULL, 0, 0, 0), 0);
  assert_int_equal (ask_bus (&peer, "bus.log", &mns_bus_log_type, &page), MNS_OK);
  assert_int_equal (peer.head.count, 0); /* there are only records of the audit */
  wire_peer_fini (&peer);
}

/* ---- actions ----------------------------------------------------------------------------------------------------- */

static void operate (fixture_t *fixture, const char *command, const char *body, size_t size) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.command, command);
  wire_peer_t peer;
  guarded_local (&fixture->guarded, &peer);
  wire_peer_send (&peer, MNS_REQUEST, &head, body, size);
  wire_peer_expect (&peer, MNS_REPLY);
  wire_peer_fini (&peer);
}

/* Accounts and commands leave records, numbered on over a restart. */
static void test_actions_survive (void **state) {
  fixture_t *fixture = *state;
  operate (fixture, "bus.hold", "\x81\xa7seconds\x01", 10);
  operate (fixture, "bus.release", "\x80", 1);
  read_until (fixture, "", 0, 2);
  assert_string_equal (fixture->last_action, "local bus.release");
  guarded_add (&fixture->guarded, "newcomer", MNS_OFFICIAL, 0, NULL, NULL);
  read_until (fixture, "", 0, 3);
  assert_string_equal (fixture->last_action, " account.added");
  assert_string_equal (fixture->last_what, "newcomer, role official");
  wire_peer_fini (&fixture->reader);
  guarded_stop (&fixture->guarded);
  uint64_t told = fixture->last_number;
  fixture->last_number = 0;
  start (fixture);
  operate (fixture, "bus.hold", "\x81\xa7seconds\x01", 10);
  operate (fixture, "bus.release", "\x80", 1);
  read_until (fixture, "", 0, 3 + told + 2);
  assert_int_equal (fixture->last_number, told + 2);
}

/* ---- limits ------------------------------------------------------------------------------------------------------ */

static void limit (fixture_t *fixture, int64_t subscriptions, int64_t connections, int64_t bytes) {
  static const char *const rights[] = {"subscribe open.", "publish office.", "request bus.status", NULL};
  mns_account_t office = *mns_accounts_by_name (&fixture->guarded.accounts, "office");
  office.subscriptions = subscriptions;
  office.connections = connections;
  office.bytes_per_second = bytes;
  guarded_rights (&office, rights);
  assert_int_equal (mns_accounts_change (&fixture->guarded.accounts, &office, NULL), MNS_OK);
  read_until (fixture, "", 0, 1); /* it has been taken up */
  fixture->counted = fixture->refusals = 0;
}

/* Counted over all connections of the account; room comes back with those that leave. */
static void test_subscriptions_and_connections (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t first, second, third;
  limit (fixture, 3, 2, MNS_NONE);
  connect_office (fixture, &first);
  connect_office (fixture, &second);
  guarded_tcp (&fixture->guarded, &third, &fixture->office);
  assert_int_equal (wire_peer_hello (&third, "", NULL, 0, 0, 0), MNS_BUSY);
  assert_true (third.head.retry_after_ms > 0);
  for (uint64_t id = 1; id <= 2; id++)
    assert_int_equal (guarded_subscribe (&first, id, "open.", 0), MNS_SUBOK);
  assert_int_equal (guarded_subscribe (&second, 1, "open.", 0), MNS_SUBOK);
  assert_int_equal (guarded_subscribe (&second, 2, "open.", 0), MNS_SUBEND);
  assert_int_equal (second.head.rc, MNS_BUSY);
  assert_true (second.head.retry_after_ms > 0);
  assert_int_equal (guarded_subscribe (&second, 1, "open.figures.", 0), MNS_SUBOK); /* in place of the first */
  mns_head_t head;
  mns_head_clear (&head);
  wire_peer_send (&first, MNS_BYE, &head, NULL, 0);
  for (int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS;
       wire_peer_hello (&third, "", NULL, 0, 0, 0) == MNS_BUSY;)
    assert_true (mns_clock.monotonic_ms () < until);
  assert_int_equal (guarded_subscribe (&third, 1, "open.", 0), MNS_SUBOK);
  read_until (fixture, "subscribe", 1, 0);
  assert_non_null (strstr (fixture->last_what, "busy"));
  wire_peer_fini (&first);
  wire_peer_fini (&second);
  wire_peer_fini (&third);
}

static void test_bytes (void **state) {
  fixture_t *fixture = *state;
  static const char body[3000];
  wire_pen_t pen;
  wire_peer_t peer;
  mns_head_t head;
  limit (fixture, MNS_NONE, MNS_NONE, 2000);
  wire_pen_init (&pen, "office", 1);
  guarded_tcp (&fixture->guarded, &peer, &fixture->office);
  assert_int_equal (wire_peer_hello (&peer, "", "office", 1, 0, 0), 0);
  wire_pen_write (&pen, "office.note.510322101000.made", 6000);
  wire_pen_publish (&pen, &peer);
  wire_peer_expect (&peer, MNS_PACK); /* may overdraw */
  wire_pen_t before = pen;
  memset (&before.records, 0, sizeof before.records);
  wire_pen_write (&pen, "office.note.510322101000.made", 100);
  wire_pen_publish (&pen, &peer);
  wire_peer_expect (&peer, MNS_PNAK);
  assert_int_equal (peer.head.rc, MNS_BUSY);
  assert_in_range (peer.head.retry_after_ms, 1, 3000);
  mns_head_clear (&head);
  strcpy (head.command, "bus.status");
  wire_peer_send (&peer, MNS_REQUEST, &head, body, sizeof body);
  wire_peer_expect (&peer, MNS_ERR);
  assert_int_equal (peer.head.rc, MNS_BUSY);
  int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS;
  do { /* what was put off is taken later */
    assert_true (mns_clock.monotonic_ms () < until);
    mns_buffer_fini (&pen.records);
    pen = before;
    wire_pen_write (&pen, "office.note.510322101000.made", 100);
    wire_pen_publish (&pen, &peer);
    wire_peer_receive (&peer, PEER_WAIT_MS);
  } while (peer.kind == MNS_PNAK);
  assert_int_equal (peer.kind, MNS_PACK);
  wire_pen_fini (&pen);
  wire_peer_fini (&peer);
}

int main (void) {
  zsys_handler_set (NULL);
  zsys_init ();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_refusals_are_counted, setup, teardown),
      cmocka_unit_test_setup_teardown (test_strangers_are_told, setup, teardown),
      cmocka_unit_test_setup_teardown (test_who_may_read, setup, teardown),
      cmocka_unit_test_setup_teardown (test_commands_pass_no_right_by, setup, teardown),
      cmocka_unit_test_setup_teardown (test_actions_survive, setup, teardown),
      cmocka_unit_test_setup_teardown (test_subscriptions_and_connections, setup, teardown),
      cmocka_unit_test_setup_teardown (test_bytes, setup, teardown),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
