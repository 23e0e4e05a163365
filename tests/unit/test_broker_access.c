/* Who gets in and what they get: CURVE and accounts over TCP, user ids over ipc, rights by role and
 * division, the feed. */
#include "common/accounts.h"
#include "common/keys.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/wire_peer.h"
#include <czmq.h>
#include <sys/stat.h>

#define BIRTH "registry.birth.510322101203.registered"
#define OPEN  "open.figures.510322000000.2026-S1"

typedef struct {
  char data[MNS_PATH_MAX], bus[128], feed[128], local[MNS_PATH_MAX + 16];
  mns_config_t config;
  mns_accounts_t accounts;
  mns_keys_t broker_keys, clerk_keys, service_keys, stranger_keys;
  zactor_t *broker;
} fixture_t;

/* The first word the broker says. */
static void start (fixture_t *fixture, char word[16]) {
  fixture->broker = zactor_new ((zactor_fn *)mns_broker_actor, &fixture->config);
  zmsg_t *message = zmsg_recv (fixture->broker);
  char *said = zmsg_popstr (message);
  mns_text_copy (word, 16, said);
  zstr_free (&said);
  zmsg_destroy (&message);
}

static void add_account (fixture_t *fixture, const char *name, mns_code_t role, mns_place_t division,
                         const mns_keys_t *keys) {
  mns_account_t account;
  mns_record_clear (&mns_account_type, &account);
  strcpy (account.name, name);
  account.role = role;
  account.division = division;
  if (keys)
    strcpy (account.key, keys->public_key);
  assert_int_equal (mns_accounts_add (&fixture->accounts, &account, NULL), MNS_OK);
}

static void ask_endpoints (fixture_t *fixture) {
  mns_head_t head;
  wire_peer_t peer;
  mns_bus_status_t *status = malloc (sizeof *status);
  mns_head_clear (&head);
  strcpy (head.command, "bus.status");
  wire_peer_init (&peer, zsys_init (), ZMQ_DEALER, fixture->local);
  wire_peer_send (&peer, MNS_REQUEST, &head, NULL, 0);
  wire_peer_expect (&peer, MNS_REPLY);
  assert_int_equal (mns_record_unpack (&mns_bus_status_type, status, peer.body.data, peer.body.size, NULL, NULL), 0);
  strcpy (fixture->bus, status->bus);
  strcpy (fixture->feed, status->feed);
  free (status);
  wire_peer_fini (&peer);
}

static int setup (void **state) {
  char path[MNS_PATH_MAX + 32], word[16];
  fixture_t *fixture = calloc (1, sizeof *fixture);
  *state = fixture;
  assert_int_equal (test_folder_make (fixture->data), 0);
  mns_record_clear (&mns_config_type, &fixture->config);
  mns_text_copy (fixture->config.data, sizeof fixture->config.data, fixture->data);
  fixture->config.county = 510322000000;
  strcpy (fixture->config.bus_listen, "tcp://127.0.0.1:*");
  strcpy (fixture->config.feed_listen, "tcp://127.0.0.1:*");
  snprintf (fixture->local, sizeof fixture->local, "ipc://%s/run/bus", fixture->data);
  snprintf (path, sizeof path, "%s/keys", fixture->data);
  assert_int_equal (mns_dir_make (path, 0700, NULL), MNS_OK);
  snprintf (path, sizeof path, "%s/keys/broker.key", fixture->data);
  mns_keys_make (&fixture->broker_keys, NULL);
  mns_keys_make (&fixture->clerk_keys, NULL);
  mns_keys_make (&fixture->service_keys, NULL);
  mns_keys_make (&fixture->stranger_keys, NULL);
  assert_int_equal (mns_keys_save (&fixture->broker_keys, path, NULL), MNS_OK);
  assert_int_equal (mns_accounts_open (&fixture->accounts, fixture->data, NULL), MNS_OK);
  add_account (fixture, "clerk-1", MNS_CLERK, 510322101000, &fixture->clerk_keys);
  add_account (fixture, "registry", MNS_SERVICE, 0, &fixture->service_keys);
  start (fixture, word);
  assert_string_equal (word, "READY");
  ask_endpoints (fixture);
  return 0;
}

static int teardown (void **state) {
  fixture_t *fixture = *state;
  zactor_destroy (&fixture->broker);
  mns_accounts_fini (&fixture->accounts);
  assert_int_equal (test_folder_remove (fixture->data), 0);
  free (fixture);
  return 0;
}

/* A DEALER with keys; connects by hand, since CURVE must be set before. */
static void connect_tcp (fixture_t *fixture, wire_peer_t *peer, const mns_keys_t *keys) {
  const int linger = 0;
  memset (peer, 0, sizeof *peer);
  peer->socket = zmq_socket (zsys_init (), ZMQ_DEALER);
  zmq_setsockopt (peer->socket, ZMQ_LINGER, &linger, sizeof linger);
  if (keys) {
    zmq_setsockopt (peer->socket, ZMQ_CURVE_SERVERKEY, fixture->broker_keys.public_key, MNS_KEY_TEXT);
    zmq_setsockopt (peer->socket, ZMQ_CURVE_PUBLICKEY, keys->public_key, MNS_KEY_TEXT);
    zmq_setsockopt (peer->socket, ZMQ_CURVE_SECRETKEY, keys->secret_key, MNS_KEY_TEXT);
  }
  assert_int_equal (zmq_connect (peer->socket, fixture->bus), 0);
}

static void send_hello (wire_peer_t *peer, const char *account) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.account, account);
  wire_peer_send (peer, MNS_HELLO, &head, NULL, 0);
}

static void test_key_decides (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t peer;
  connect_tcp (fixture, &peer, &fixture->clerk_keys);
  assert_int_equal (wire_peer_hello (&peer, "registry", NULL, 0, 0, 0), 0); /* who it says it is does not matter */
  assert_string_equal (peer.head.account, "clerk-1");
  assert_string_equal (peer.head.role, "clerk");
  assert_int_equal (peer.head.division, 510322101000);
  assert_int_equal (wire_peer_hello (&peer, "", "clerk-1", 1, 0, 0), MNS_FORBIDDEN);
  wire_peer_fini (&peer);
  connect_tcp (fixture, &peer, &fixture->service_keys);
  assert_int_equal (wire_peer_hello (&peer, "", "registry", 1, 0, 0), 0);
  assert_int_equal (wire_peer_hello (&peer, "", "statistics", 1, 0, 0), MNS_FORBIDDEN);
  wire_peer_fini (&peer);
}

static void test_strangers (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t stranger, bare;
  connect_tcp (fixture, &stranger, &fixture->stranger_keys);
  connect_tcp (fixture, &bare, NULL);
  send_hello (&stranger, "registry");
  send_hello (&bare, "registry");
  assert_int_equal (wire_peer_receive (&stranger, 500), 0);
  assert_int_equal (wire_peer_receive (&bare, 100), 0);
  wire_peer_fini (&stranger);
  wire_peer_fini (&bare);
  add_account (fixture, "newcomer", MNS_OFFICIAL, 0, &fixture->stranger_keys); /* now it has one: at once */
  connect_tcp (fixture, &stranger, &fixture->stranger_keys);
  assert_int_equal (wire_peer_hello (&stranger, "", NULL, 0, 0, 0), 0);
  assert_string_equal (stranger.head.account, "newcomer");
  wire_peer_fini (&stranger);
}

static void subscribe (wire_peer_t *peer, const char *prefix) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = 10;
  head.credit_bytes = 10000;
  head.prefix_count = 1;
  strcpy (head.prefixes[0], prefix);
  wire_peer_send (peer, MNS_SUB, &head, NULL, 0);
  wire_peer_receive (peer, PEER_WAIT_MS);
}

static void test_revoked (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t peer;
  connect_tcp (fixture, &peer, &fixture->clerk_keys);
  assert_int_equal (wire_peer_hello (&peer, "", NULL, 0, 0, 0), 0);
  subscribe (&peer, "open.");
  assert_int_equal (peer.kind, MNS_SUBOK);
  assert_int_equal (mns_accounts_revoke (&fixture->accounts, "clerk-1", NULL), MNS_OK);
  wire_peer_expect (&peer, MNS_BYE);
  assert_int_equal (peer.head.rc, MNS_UNAUTHENTICATED);
  send_hello (&peer, "");
  wire_peer_expect (&peer, MNS_REFUSE);
  assert_int_equal (peer.head.rc, MNS_UNAUTHENTICATED);
  wire_peer_fini (&peer);
}

static void test_rights (void **state) {
  static const struct {
    const char *prefix;
    bool allowed;
  } cases[] = {{"", false},
               {"open", false}, /* also the beginning of other streams */
               {"open.", true},
               {"places.", true},
               {"catalogue.", true},
               {"system.", true},
               {"registry.", false},
               {"registry.birth.510322101203.", false},
               {"assistance.", false},
               {"notifications.", false},
               {"something.", false},
               {"statistics.", false},
               {"statistics.figures.", false},
               {"statistics.figures.510322", false},
               {"statistics.figures.510322102", false},
               {"statistics.figures.510322101", true},
               {"statistics.figures.510322101203.2026", true}};
  fixture_t *fixture = *state;
  wire_peer_t peer;
  connect_tcp (fixture, &peer, &fixture->clerk_keys);
  assert_int_equal (wire_peer_hello (&peer, "", NULL, 0, 0, 0), 0);
  for (size_t i = 0; i < COUNT_OF (cases); i++) {
    subscribe (&peer, cases[i].prefix);
    if ((peer.kind == MNS_SUBOK) != cases[i].allowed)
      fail_msg ("prefix '%s' is %s", cases[i].prefix, cases[i].allowed ? "refused" : "allowed");
    if (!cases[i].allowed)
      assert_int_equal (peer.head.rc, MNS_FORBIDDEN);
  }
  wire_peer_fini (&peer);
}

static void test_local_accounts (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t peer;
  struct stat status;
  char path[MNS_PATH_MAX + 8];
  snprintf (path, sizeof path, "%s/run", fixture->data);
  assert_int_equal (stat (path, &status), 0);
  assert_int_equal (status.st_mode & 0777, 0700);
  wire_peer_init (&peer, zsys_init (), ZMQ_DEALER, fixture->local);
  assert_int_equal (wire_peer_hello (&peer, "", NULL, 0, 0, 0), 0);
  assert_string_equal (peer.head.account, "local");
  assert_string_equal (peer.head.role, "administrator");
  assert_int_equal (wire_peer_hello (&peer, "clerk-1", NULL, 0, 0, 0), 0);
  assert_string_equal (peer.head.role, "clerk");
  assert_int_equal (wire_peer_hello (&peer, "nobody", NULL, 0, 0, 0), MNS_UNAUTHENTICATED);
  assert_int_equal (wire_peer_hello (&peer, "statistics", NULL, 0, 0, 0), 0);
  assert_string_equal (peer.head.role, "service");
  assert_int_equal (wire_peer_hello (&peer, "", "assistance", 1, 0, 0), 0);
  assert_int_equal (wire_peer_hello (&peer, "clerk-1", "clerk-1", 1, 0, 0), MNS_FORBIDDEN);
  wire_peer_fini (&peer);
}

static void subscribe_as (wire_peer_t *peer, const char *consumer) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = 10;
  head.credit_bytes = 10000;
  head.prefix_count = 1;
  strcpy (head.prefixes[0], "open.");
  strcpy (head.consumer, consumer);
  wire_peer_send (peer, MNS_SUB, &head, NULL, 0);
  wire_peer_receive (peer, PEER_WAIT_MS);
}

/* The log waits for a service of the house under its name: nobody else takes it, also before it has come. */
static void test_names_of_the_house (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t peer;
  connect_tcp (fixture, &peer, &fixture->clerk_keys);
  assert_int_equal (wire_peer_hello (&peer, "", NULL, 0, 0, 0), 0);
  subscribe_as (&peer, "statistics");
  assert_int_equal (peer.kind, MNS_SUBEND);
  assert_int_equal (peer.head.rc, MNS_FORBIDDEN);
  subscribe_as (&peer, "clerk-1");
  assert_int_equal (peer.kind, MNS_SUBOK);
  wire_peer_fini (&peer);
  wire_peer_init (&peer, zsys_init (), ZMQ_DEALER, fixture->local);
  assert_int_equal (wire_peer_hello (&peer, "statistics", NULL, 0, 0, 0), 0);
  subscribe_as (&peer, "statistics");
  assert_int_equal (peer.kind, MNS_SUBOK);
  wire_peer_fini (&peer);
}

static void test_operators_only (void **state) {
  fixture_t *fixture = *state;
  mns_head_t head;
  wire_peer_t peer;
  static const char *const commands[] = {"bus.status", "bus.log", "bus.backup"};
  connect_tcp (fixture, &peer, &fixture->clerk_keys);
  for (size_t i = 0; i < COUNT_OF (commands); i++) {
    mns_head_clear (&head);
    strcpy (head.command, commands[i]);
    wire_peer_send (&peer, MNS_REQUEST, &head, "\x80", 1);
    wire_peer_expect (&peer, MNS_ERR);
    assert_int_equal (peer.head.rc, MNS_FORBIDDEN);
  }
  wire_peer_fini (&peer);
}

/* ---- the feed ---------------------------------------------------------------------------------------------------- */

/* Receives one message of the feed: its topic, and the record's header in `event`. */
static void receive_feed (void *socket, char topic[MNS_TOPIC_MAX + 1], mns_event_t *event, zmq_msg_t *record) {
  zmq_msg_t frame;
  size_t used;
  zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
  assert_int_equal (zmq_poll (&item, 1, PEER_WAIT_MS), 1);
  zmq_msg_init (&frame);
  assert_true (zmq_msg_recv (&frame, socket, 0) >= 0);
  snprintf (topic, MNS_TOPIC_MAX + 1, "%.*s", (int)zmq_msg_size (&frame), (char *)zmq_msg_data (&frame));
  assert_true (zmq_msg_more (&frame));
  zmq_msg_close (&frame);
  assert_true (zmq_msg_recv (record, socket, 0) >= 0);
  assert_false (zmq_msg_more (record));
  assert_int_equal (mns_event_unpack (event, zmq_msg_data (record), zmq_msg_size (record), &used, NULL), 0);
  assert_int_equal (used, zmq_msg_size (record));
}

static void publish (fixture_t *fixture, const char *name, const char *topic) {
  wire_pen_t pen;
  wire_peer_t peer;
  wire_pen_init (&pen, name, 1);
  wire_peer_init (&peer, zsys_init (), ZMQ_DEALER, fixture->local);
  assert_int_equal (wire_peer_hello (&peer, name, name, 1, 0, 0), 0);
  wire_pen_write (&pen, topic, 0);
  wire_pen_publish (&pen, &peer);
  wire_peer_expect (&peer, MNS_PACK);
  wire_pen_fini (&pen);
  wire_peer_fini (&peer);
}

static void test_feed (void **state) {
  fixture_t *fixture = *state;
  const int linger = 0;
  char topic[MNS_TOPIC_MAX + 1];
  mns_event_t event;
  mns_feed_tick_t tick;
  zmq_msg_t record;
  void *socket = zmq_socket (zsys_init (), ZMQ_SUB);
  zmq_setsockopt (socket, ZMQ_LINGER, &linger, sizeof linger);
  zmq_setsockopt (socket, ZMQ_SUBSCRIBE, "", 0);
  assert_int_equal (zmq_connect (socket, fixture->feed), 0);
  zmq_msg_init (&record);
  receive_feed (socket, topic, &event, &record);
  assert_string_equal (topic, "system.feed.000000000000.tick");
  publish (fixture, "registry", BIRTH); /* not for the feed */
  publish (fixture, "statistics", OPEN);
  do
    receive_feed (socket, topic, &event, &record);
  while (strncmp (topic, "system.", 7) == 0);
  assert_string_equal (topic, OPEN);
  assert_int_equal (event.log_number, 2);
  do {
    receive_feed (socket, topic, &event, &record);
    assert_int_equal (mns_record_unpack (&mns_feed_tick_type, &tick, event.body, event.body_size, NULL, NULL), 0);
  } while (tick.log_number < 2);
  assert_int_equal (tick.open, 2);
  assert_int_equal (tick.places, 0);
  zmq_msg_close (&record);
  zmq_close (socket);
}

/* ---- what keeps it closed ---------------------------------------------------------------------------------------- */

static void test_fails_closed (void **state) {
  fixture_t *fixture = *state;
  char path[MNS_PATH_MAX + 32], word[16];
  zactor_destroy (&fixture->broker);
  snprintf (path, sizeof path, "%s/keys/broker.key", fixture->data);
  assert_int_equal (chmod (path, 0644), 0);
  start (fixture, word);
  assert_string_equal (word, "FAILED");
  zactor_destroy (&fixture->broker);
  assert_int_equal (unlink (path), 0);
  start (fixture, word);
  assert_string_equal (word, "FAILED");
}

static void test_one_broker_per_directory (void **state) {
  fixture_t *fixture = *state;
  char word[16];
  fixture_t second = *fixture;
  start (&second, word);
  assert_string_equal (word, "FAILED");
  zactor_destroy (&second.broker);
  publish (fixture, "registry", BIRTH); /* the first is unharmed */
}

int main (void) {
  zsys_handler_set (NULL);
  zsys_init ();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_key_decides, setup, teardown),
      cmocka_unit_test_setup_teardown (test_strangers, setup, teardown),
      cmocka_unit_test_setup_teardown (test_revoked, setup, teardown),
      cmocka_unit_test_setup_teardown (test_rights, setup, teardown),
      cmocka_unit_test_setup_teardown (test_local_accounts, setup, teardown),
      cmocka_unit_test_setup_teardown (test_names_of_the_house, setup, teardown),
      cmocka_unit_test_setup_teardown (test_operators_only, setup, teardown),
      cmocka_unit_test_setup_teardown (test_feed, setup, teardown),
      cmocka_unit_test_setup_teardown (test_fails_closed, setup, teardown),
      cmocka_unit_test_setup_teardown (test_one_broker_per_directory, setup, teardown),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
