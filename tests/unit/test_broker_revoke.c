/* What a change of accounts.yaml does to those who are connected (docs/faults.md row 34): no event, answer or right
 * outlives it. */
#include "common/clock.h"
#include "common/pack.h"
#include "common/text.h"
#include "tests/support/guarded.h"
#include "tests/support/test.h"

enum { AFTERWARDS = 20 };

#define FIGURES "statistics.figures.510322102000.2026-S1" /* of another township than 510322101 */

typedef struct {
  guarded_t guarded;
  mns_keys_t office_keys, weather_keys;
  mns_account_t office; /* as it stands in the file */
} fixture_t;

static int setup (void **state) {
  char word[16];
  static const char *const office[] = {"subscribe statistics.", "request toy.", NULL};
  static const char *const weather[] = {"publish weather.", "serve weather.", "publish wind.", NULL};
  fixture_t *fixture = calloc (1, sizeof *fixture);
  *state = fixture;
  guarded_init (&fixture->guarded);
  guarded_add (&fixture->guarded, "office", MNS_SYSTEM, GUARDED_COUNTY, office, &fixture->office_keys);
  guarded_add (&fixture->guarded, "weather", MNS_SYSTEM, 0, weather, &fixture->weather_keys);
  fixture->office = *mns_accounts_by_name (&fixture->guarded.accounts, "office");
  guarded_start (&fixture->guarded, word);
  assert_string_equal (word, "READY");
  return 0;
}

static int teardown (void **state) {
  fixture_t *fixture = *state;
  guarded_fini (&fixture->guarded);
  free (fixture);
  return 0;
}

static void change (fixture_t *fixture) {
  mns_error_t error = {0};
  if (mns_accounts_change (&fixture->guarded.accounts, &fixture->office, &error) != MNS_OK)
    fail_msg ("%s: %s", error.where, error.detail);
}

/* ---- what is taken from the office ------------------------------------------------------------------------------- */

static void remove_account (fixture_t *fixture) {
  assert_int_equal (mns_accounts_revoke (&fixture->guarded.accounts, "office", NULL), MNS_OK);
}

static void narrow_right (fixture_t *fixture) {
  static const char *const rights[] = {"subscribe open.", NULL};
  guarded_rights (&fixture->office, rights);
  change (fixture);
}

static void narrow_division (fixture_t *fixture) {
  fixture->office.division = 510322101000;
  change (fixture);
}

static void narrow_right_division (fixture_t *fixture) {
  static const char *const rights[] = {"subscribe statistics. 510322101", NULL};
  guarded_rights (&fixture->office, rights);
  change (fixture);
}

static void change_role (fixture_t *fixture) {
  fixture->office.role = MNS_CLERK;
  change (fixture);
}

/* ---- no event afterwards ----------------------------------------------------------------------------------------- */

static void publish (wire_pen_t *pen, wire_peer_t *producer) {
  wire_pen_write (pen, FIGURES, 0);
  wire_pen_publish (pen, producer);
  wire_peer_expect (producer, MNS_PACK);
}

/* The last producer number in an EVT. */
static uint64_t last_number (const wire_peer_t *peer) {
  const uint8_t *at = peer->body.data, *end = at + peer->body.size;
  mns_event_t event = {0};
  size_t used;
  for (; at < end; at += used)
    if (mns_event_unpack (&event, at, (size_t)(end - at), &used, NULL) != MNS_OK)
      fail_msg ("not a record");
  return strcmp (event.producer, "statistics") == 0 ? event.number : 0;
}

/* Reads on until the subscription is over; the last event heard. */
static uint64_t hear (wire_peer_t *reader, uint64_t heard, bool *over) {
  while (!*over && wire_peer_receive (reader, 1) != 0) {
    if (reader->kind == MNS_EVT)
      heard = last_number (reader);
    *over = reader->kind == MNS_SUBEND || reader->kind == MNS_BYE;
  }
  return heard;
}

static void check_taken (fixture_t *fixture, void (*take) (fixture_t *), const char *prefix, mns_rc_t reason) {
  wire_pen_t pen;
  wire_peer_t producer, reader;
  uint64_t heard = 0;
  bool over = false;
  wire_pen_init (&pen, "statistics", 1);
  guarded_local (&fixture->guarded, &producer);
  assert_int_equal (wire_peer_hello (&producer, "statistics", "statistics", 1, 0, 0), 0);
  guarded_tcp (&fixture->guarded, &reader, &fixture->office_keys);
  assert_int_equal (wire_peer_hello (&reader, "", NULL, 0, 0, 0), 0);
  assert_int_equal (guarded_subscribe (&reader, 1, prefix, 0), MNS_SUBOK);
  for (int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS; heard < 10 && mns_clock.monotonic_ms () < until;) {
    publish (&pen, &producer);
    heard = hear (&reader, heard, &over);
  }
  assert_true (heard >= 10 && !over); /* it did hear them */
  take (fixture);
  for (int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS; !over && mns_clock.monotonic_ms () < until;) {
    publish (&pen, &producer);
    heard = hear (&reader, heard, &over);
  }
  assert_true (over);
  assert_int_equal (reader.head.rc, reason);
  for (int i = 0; i < AFTERWARDS; i++)
    publish (&pen, &producer);
  while (wire_peer_receive (&reader, 200) != 0)
    assert_int_not_equal (reader.kind, MNS_EVT);
  wire_peer_fini (&reader);
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
}

static void test_account_removed (void **state) {
  check_taken (*state, remove_account, "statistics.", MNS_UNAUTHENTICATED);
}

static void test_right_narrowed (void **state) {
  check_taken (*state, narrow_right, "statistics.", MNS_FORBIDDEN);
}

static void test_division_narrowed (void **state) {
  check_taken (*state, narrow_division, "statistics.figures.510322102", MNS_FORBIDDEN);
}

static void test_division_of_a_right_narrowed (void **state) {
  check_taken (*state, narrow_right_division, "statistics.", MNS_FORBIDDEN);
}

/* An operator hears everything, a clerk does not. */
static void test_role_changed (void **state) {
  fixture_t *fixture = *state;
  fixture->office.role = MNS_OPERATOR;
  fixture->office.division = 510322101000;
  fixture->office.rights_count = 0;
  change (fixture);
  check_taken (fixture, change_role, "statistics.", MNS_FORBIDDEN);
}

/* ---- producers, services, requests ------------------------------------------------------------------------------- */

static void announce (wire_peer_t *peer, const char *command) {
  mns_head_t head;
  mns_buffer_t body = {0};
  mns_head_clear (&head);
  mns_pack_array (&body, 1);
  mns_pack_text (&body, command, strlen (command));
  wire_peer_send (peer, MNS_READY, &head, body.data, body.size);
  mns_buffer_fini (&body);
  wire_peer_receive (peer, PEER_WAIT_MS);
}

static void ask (wire_peer_t *peer, const char *command, uint64_t number) {
  mns_head_t head;
  mns_head_clear (&head);
  head.request = number;
  head.deadline_ms = 60000;
  strcpy (head.command, command);
  wire_peer_send (peer, MNS_REQUEST, &head, "\x80", 1);
}

static void test_request_under_way (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t service, asker;
  guarded_local (&fixture->guarded, &service);
  assert_int_equal (wire_peer_hello (&service, "toy", "toy", 1, 0, 0), 0);
  announce (&service, "toy.slow");
  assert_int_equal (service.kind, MNS_REPLY);
  guarded_tcp (&fixture->guarded, &asker, &fixture->office_keys);
  assert_int_equal (wire_peer_hello (&asker, "", NULL, 0, 0, 0), 0);
  ask (&asker, "toy.slow", 7);
  wire_peer_expect (&service, MNS_REQUEST);
  mns_head_t answer = service.head;
  narrow_right (fixture);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.request, 7);
  assert_int_equal (asker.head.rc, MNS_FORBIDDEN);
  wire_peer_send (&service, MNS_REPLY, &answer, "\x80", 1); /* too late for it */
  assert_int_equal (wire_peer_receive (&asker, 300), 0);
  ask (&asker, "toy.slow", 8);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_FORBIDDEN);
  wire_peer_fini (&asker);
  wire_peer_fini (&service);
}

static void change_weather (fixture_t *fixture, const char *const *rights) {
  mns_account_t weather = *mns_accounts_by_name (&fixture->guarded.accounts, "weather");
  guarded_rights (&weather, rights);
  assert_int_equal (mns_accounts_change (&fixture->guarded.accounts, &weather, NULL), MNS_OK);
}

/* One of two streams is taken from an outside producer, then all. */
static void test_producer (void **state) {
  static const char *const narrowed[] = {"publish weather.", NULL}, *const none[] = {"subscribe open.", NULL};
  fixture_t *fixture = *state;
  wire_pen_t pen;
  wire_peer_t producer;
  wire_pen_init (&pen, "weather", 1);
  guarded_tcp (&fixture->guarded, &producer, &fixture->weather_keys);
  assert_int_equal (wire_peer_hello (&producer, "", "weather", 1, 0, 0), 0);
  wire_pen_write (&pen, "wind.speed.510322000000.measured", 0);
  wire_pen_publish (&pen, &producer);
  wire_peer_expect (&producer, MNS_PACK);
  change_weather (fixture, narrowed);
  for (int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS; mns_clock.monotonic_ms () < until;) {
    wire_pen_t copy = pen;
    memset (&copy.records, 0, sizeof copy.records);
    wire_pen_write (&copy, "wind.speed.510322000000.measured", 0);
    wire_pen_publish (&copy, &producer);
    wire_peer_receive (&producer, PEER_WAIT_MS);
    mns_buffer_fini (&copy.records);
    if (producer.kind == MNS_PNAK)
      break;
    pen.number = copy.number;
    pen.chain = copy.chain;
  }
  assert_int_equal (producer.kind, MNS_PNAK);
  assert_int_equal (producer.head.rc, MNS_FORBIDDEN);
  assert_int_equal (producer.head.retry_after_ms, 0);
  change_weather (fixture, none);
  wire_peer_expect (&producer, MNS_BYE);
  assert_int_equal (producer.head.rc, MNS_FORBIDDEN);
  assert_int_equal (wire_peer_hello (&producer, "", "weather", 1, pen.number, pen.chain), MNS_FORBIDDEN);
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
}

static void test_announced_commands (void **state) {
  static const char *const none[] = {"publish weather.", NULL};
  fixture_t *fixture = *state;
  wire_peer_t service, asker;
  guarded_tcp (&fixture->guarded, &service, &fixture->weather_keys);
  assert_int_equal (wire_peer_hello (&service, "", NULL, 0, 0, 0), 0);
  announce (&service, "registry.person"); /* not its own */
  assert_int_equal (service.kind, MNS_ERR);
  assert_int_equal (service.head.rc, MNS_FORBIDDEN);
  announce (&service, "weather.today");
  assert_int_equal (service.kind, MNS_REPLY);
  guarded_local (&fixture->guarded, &asker);
  assert_int_equal (wire_peer_hello (&asker, "", NULL, 0, 0, 0), 0);
  ask (&asker, "weather.today", 1);
  wire_peer_expect (&service, MNS_REQUEST);
  change_weather (fixture, none);
  wire_peer_expect (&service, MNS_BYE);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_UNAVAILABLE);
  wire_peer_fini (&asker);
  wire_peer_fini (&service);
}

/* ---- a file with mistakes ---------------------------------------------------------------------------------------- */

static bool alarmed (fixture_t *fixture) {
  mns_bus_status_t *status = malloc (sizeof *status);
  bool found = false;
  guarded_status (&fixture->guarded, status);
  for (size_t i = 0; i < status->alarms_count; i++)
    found = found || strcmp (status->alarms[i].code, "accounts") == 0;
  free (status);
  return found;
}

static void wait_alarm (fixture_t *fixture, bool wanted) {
  int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS;
  while (alarmed (fixture) != wanted)
    assert_true (mns_clock.monotonic_ms () < until);
}

static void test_broken_file (void **state) {
  static const char broken[] = "accounts:\n  - {name: office, role: king}\n";
  fixture_t *fixture = *state;
  wire_peer_t peer;
  const char *path = fixture->guarded.accounts.path;
  assert_int_equal (mns_dir_write_file (path, broken, sizeof broken - 1, 0600, NULL), MNS_OK);
  wait_alarm (fixture, true);
  guarded_tcp (&fixture->guarded, &peer, &fixture->office_keys); /* as before */
  assert_int_equal (wire_peer_hello (&peer, "", NULL, 0, 0, 0), 0);
  change (fixture); /* writes the file whole */
  wait_alarm (fixture, false);
  wire_peer_fini (&peer);
}

int main (void) {
  zsys_handler_set (NULL);
  zsys_init ();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_account_removed, setup, teardown),
      cmocka_unit_test_setup_teardown (test_right_narrowed, setup, teardown),
      cmocka_unit_test_setup_teardown (test_division_narrowed, setup, teardown),
      cmocka_unit_test_setup_teardown (test_division_of_a_right_narrowed, setup, teardown),
      cmocka_unit_test_setup_teardown (test_role_changed, setup, teardown),
      cmocka_unit_test_setup_teardown (test_request_under_way, setup, teardown),
      cmocka_unit_test_setup_teardown (test_producer, setup, teardown),
      cmocka_unit_test_setup_teardown (test_announced_commands, setup, teardown),
      cmocka_unit_test_setup_teardown (test_broken_file, setup, teardown),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
