/* Strangers and bad guests at the TCP door: silence, junk, half handshakes, frames too large, storms of listeners, a
 * guest that never reads. Whoever behaves is served meanwhile, and the broker is alive afterwards. */
#include "common/accounts.h"
#include "common/clock.h"
#include "common/keys.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/wire_peer.h"
#include <arpa/inet.h>
#include <czmq.h>
#include <malloc.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define BIRTH "registry.birth.510322101203.registered"

enum {
  STRANGERS = 60,
  BACK_EACH_MS = 10,
  HEARD_AGAIN_MS = 2500,
  ASKED = 120, /* of 256 KiB each */
  UNREAD_ROUNDS = 500,
  UNREAD_MOST = 40 << 20 /* 16 MiB, the ring of the newest groups, what is on its way */
};

typedef struct {
  char data[MNS_PATH_MAX], bus[128], feed[128];
  mns_config_t config;
  mns_keys_t broker_keys, guest_keys;
  zactor_t *broker;
  wire_peer_t good;
} fixture_t;

static void make_accounts (fixture_t *fixture) {
  char path[MNS_PATH_MAX + 32];
  mns_accounts_t accounts;
  mns_account_t account;
  snprintf (path, sizeof path, "%s/keys", fixture->data);
  assert_int_equal (mns_dir_make (path, 0700, NULL), MNS_OK);
  snprintf (path, sizeof path, "%s/keys/broker.key", fixture->data);
  mns_keys_make (&fixture->broker_keys, NULL);
  mns_keys_make (&fixture->guest_keys, NULL);
  assert_int_equal (mns_keys_save (&fixture->broker_keys, path, NULL), MNS_OK);
  assert_int_equal (mns_accounts_open (&accounts, fixture->data, NULL), MNS_OK);
  mns_record_clear (&mns_account_type, &account);
  strcpy (account.name, "guest");
  strcpy (account.key, fixture->guest_keys.public_key);
  account.role = MNS_OPERATOR;
  assert_int_equal (mns_accounts_add (&accounts, &account, NULL), MNS_OK);
  mns_accounts_fini (&accounts);
}

/* The good guest asks something and has its answer; the endpoints are in it. */
static void serve (fixture_t *fixture) {
  mns_head_t head;
  mns_bus_status_t *status = malloc (sizeof *status);
  mns_head_clear (&head);
  strcpy (head.command, "bus.status");
  wire_peer_send (&fixture->good, MNS_REQUEST, &head, NULL, 0);
  wire_peer_expect (&fixture->good, MNS_REPLY);
  assert_int_equal (
      mns_record_unpack (&mns_bus_status_type, status, fixture->good.body.data, fixture->good.body.size, NULL, NULL),
      0);
  strcpy (fixture->bus, status->bus);
  strcpy (fixture->feed, status->feed);
  free (status);
}

static int set_up (void **state) {
  fixture_t *fixture = calloc (1, sizeof *fixture);
  *state = fixture;
  assert_int_equal (test_folder_make (fixture->data), 0);
  mns_record_clear (&mns_config_type, &fixture->config);
  mns_text_copy (fixture->config.data, sizeof fixture->config.data, fixture->data);
  fixture->config.county = 510322000000;
  strcpy (fixture->config.bus_listen, "tcp://127.0.0.1:*");
  strcpy (fixture->config.feed_listen, "tcp://127.0.0.1:*");
  make_accounts (fixture);
  fixture->broker = zactor_new ((zactor_fn *)mns_broker_actor, &fixture->config);
  char *said = zstr_recv (fixture->broker);
  assert_string_equal (said, "READY");
  zstr_free (&said);
  wire_peer_init (&fixture->good, zsys_init (), ZMQ_DEALER, "inproc://bus");
  assert_int_equal (wire_peer_hello (&fixture->good, "statistics", NULL, 0, 0, 0), MNS_OK);
  serve (fixture);
  return 0;
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  serve (fixture);
  wire_peer_fini (&fixture->good);
  zactor_destroy (&fixture->broker);
  assert_int_equal (test_folder_remove (fixture->data), 0);
  free (fixture);
  return 0;
}

/* ---- strangers without a key ------------------------------------------------------------------------------------- */

static int connect_raw (const char *endpoint) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  address.sin_port = htons ((uint16_t)atoi (strrchr (endpoint, ':') + 1));
  int file = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true (file >= 0);
  assert_int_equal (connect (file, (struct sockaddr *)&address, sizeof address), 0);
  return file;
}

#define JUNK(text)                                                                                                     \
  { text, sizeof text - 1 }

static void test_junk_bytes (void **state) {
  fixture_t *fixture = *state;
  static const struct {
    char bytes[40];
    size_t size;
  } junk[] = {
      JUNK (""),
      JUNK ("GET / HTTP/1.1\r\n\r\n"),
      JUNK ("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f"),
      JUNK (
          "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x00NULL\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
          "\x00\x00\x00"),
      JUNK ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
      JUNK ("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
  };
  int files[STRANGERS];
  for (int i = 0; i < STRANGERS; i++) {
    size_t which = (size_t)i % COUNT_OF (junk);
    files[i] = connect_raw (i % 2 ? fixture->bus : fixture->feed);
    assert_int_equal (send (files[i], junk[which].bytes, junk[which].size, MSG_NOSIGNAL), (ssize_t)junk[which].size);
  }
  serve (fixture);
  for (int i = 0; i < STRANGERS; i++)
    close (files[i]);
}

static void test_storm_of_listeners (void **state) {
  fixture_t *fixture = *state;
  const int linger = 0;
  for (int i = 0; i < STRANGERS; i++) {
    char prefix[32];
    void *socket = zmq_socket (zsys_init (), ZMQ_SUB);
    zmq_setsockopt (socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_connect (socket, fixture->feed);
    for (int k = 0; k < 50; k++) {
      snprintf (prefix, sizeof prefix, "open.%d.%d", i, k);
      zmq_setsockopt (socket, ZMQ_SUBSCRIBE, prefix, strlen (prefix));
    }
    zmq_close (socket);
  }
  serve (fixture);
}

/* ---- a guest with a key ------------------------------------------------------------------------------------------ */

static void connect_guest_with (fixture_t *fixture, wire_peer_t *peer, int option, const int *value) {
  const int linger = 0;
  memset (peer, 0, sizeof *peer);
  peer->socket = zmq_socket (zsys_init (), ZMQ_DEALER);
  zmq_setsockopt (peer->socket, option, value, sizeof *value);
  zmq_setsockopt (peer->socket, ZMQ_LINGER, &linger, sizeof linger);
  zmq_setsockopt (peer->socket, ZMQ_CURVE_SERVERKEY, fixture->broker_keys.public_key, MNS_KEY_TEXT);
  zmq_setsockopt (peer->socket, ZMQ_CURVE_PUBLICKEY, fixture->guest_keys.public_key, MNS_KEY_TEXT);
  zmq_setsockopt (peer->socket, ZMQ_CURVE_SECRETKEY, fixture->guest_keys.secret_key, MNS_KEY_TEXT);
  assert_int_equal (zmq_connect (peer->socket, fixture->bus), 0);
  assert_int_equal (wire_peer_hello (peer, "", NULL, 0, 0, 0), MNS_OK);
}

static void connect_guest (fixture_t *fixture, wire_peer_t *peer) {
  const int queue = 1000;
  connect_guest_with (fixture, peer, ZMQ_RCVHWM, &queue);
}

static void test_frame_too_large (void **state) {
  fixture_t *fixture = *state;
  mns_head_t head;
  wire_peer_t guest;
  static uint8_t body[3 << 20];
  connect_guest (fixture, &guest);
  mns_head_clear (&head);
  strcpy (head.command, "bus.read");
  wire_peer_send (&guest, MNS_REQUEST, &head, body, MNS_BODY_MAX + 1); /* above the soft limit: an answer */
  wire_peer_expect (&guest, MNS_ERR);
  assert_int_equal (guest.head.rc, MNS_TOO_LARGE);
  wire_peer_send (&guest, MNS_REQUEST, &head, body, sizeof body); /* above the hard one: the connection drops */
  serve (fixture);
  wire_peer_fini (&guest);
}

static void test_flood_of_junk (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t guest;
  uint64_t seed = 88172645463325252u;
  uint8_t bytes[512];
  connect_guest (fixture, &guest);
  for (int i = 0; i < 3000; i++) {
    const void *data[5] = {bytes, bytes, bytes, bytes, bytes};
    size_t size[5], count = 1 + seed % 5;
    for (size_t k = 0; k < sizeof bytes; k++) {
      seed ^= seed << 13;
      seed ^= seed >> 7;
      seed ^= seed << 17;
      bytes[k] = (uint8_t)seed;
    }
    for (size_t k = 0; k < count; k++)
      size[k] = seed >> 8 * k & 255;
    if (seed >> 60 & 1 && count >= 3) { /* a kind that exists before a head that does not */
      memcpy (bytes, "MN\x01", 3);
      bytes[3] = (uint8_t)(seed % MNS_KIND_COUNT);
      size[count - 3] = 4;
    }
    wire_peer_send_frames (&guest, count, data, size);
  }
  serve (fixture);
  wire_peer_fini (&guest);
}

/* Sends `count` subscriptions that cannot be, then PING; what is answered up to its PONG. */
static int count_answers (wire_peer_t *guest, int count, int *unheard) {
  int answers = 0;
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  for (int i = 0; i < count; i++)
    wire_peer_send (guest, MNS_SUB, &head, NULL, 0);
  mns_head_clear (&head);
  wire_peer_send (guest, MNS_PING, &head, NULL, 0);
  for (wire_peer_receive (guest, PEER_WAIT_MS); guest->kind != MNS_PONG; wire_peer_receive (guest, PEER_WAIT_MS)) {
    answers += guest->kind == MNS_SUBEND;
    *unheard += guest->kind == MNS_ERR && guest->head.rc == MNS_BUSY && guest->head.retry_after_ms > 0;
  }
  return answers;
}

/* A guest that errs without measure is told once and left unheard, and heard again later: five hundred subscriptions at
 * once, then one each BACK_EACH_MS. */
static void test_patience (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t guest;
  int unheard = 0, answers = 10;
  connect_guest (fixture, &guest);
  int64_t begun = mns_clock.monotonic_ms ();
  assert_int_equal (count_answers (&guest, 10, &unheard), 10);
  assert_int_equal (unheard, 0);
  for (int round = 0; round < 4 || unheard == 0; round++)
    answers += count_answers (&guest, 500, &unheard);
  int passed_ms = (int)(mns_clock.monotonic_ms () - begun);
  assert_in_range (answers, 500, 501 + passed_ms / BACK_EACH_MS);
  assert_in_range (unheard, 1, 1 + passed_ms / HEARD_AGAIN_MS);
  for (int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS; count_answers (&guest, 1, &unheard) == 0;)
    assert_true (mns_clock.monotonic_ms () < until);
  wire_peer_fini (&guest);
}

/* In use, of this process, in which the broker is. */
static size_t allocated (void) {
  struct mallinfo2 all = mallinfo2 ();
  return all.uordblks + all.hblkhd;
}

static void ask_for_everything (wire_peer_t *peer) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = head.credit_bytes = UINT64_MAX;
  head.prefix_count = 1;
  wire_peer_send (peer, MNS_SUB, &head, NULL, 0);
}

/* Everything it can say without having read anything: more credit, a number that it cannot know, and a new beginning.
 */
static void pretend (wire_peer_t *guest, int round) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = head.credit_bytes = UINT64_MAX;
  wire_peer_send (guest, MNS_CREDIT, &head, NULL, 0);
  mns_head_clear (&head);
  head.request = (uint64_t)round;
  wire_peer_send (guest, MNS_PONG, &head, NULL, 0);
  if (round % 50 != 49)
    return;
  mns_head_clear (&head);
  wire_peer_send (guest, MNS_BYE, &head, NULL, 0);
  wire_peer_send (guest, MNS_HELLO, &head, NULL, 0);
  ask_for_everything (guest);
}

static void read_up_to (wire_peer_t *peer, uint64_t number) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = head.credit_bytes = UINT64_MAX;
  for (uint64_t offset = 0; offset < number;) {
    wire_peer_receive (peer, PEER_WAIT_MS);
    assert_true (peer->kind == MNS_EVT || peer->kind == MNS_IDLE);
    offset = peer->head.last;
    wire_peer_send (peer, MNS_CREDIT, &head, NULL, 0);
  }
}

static void ask_for_records (wire_peer_t *peer, uint64_t request) {
  mns_head_t head;
  mns_buffer_t body = {0};
  mns_bus_read_t read;
  mns_head_clear (&head);
  head.request = request;
  head.deadline_ms = 60000;
  strcpy (head.command, "bus.read");
  mns_record_clear (&mns_bus_read_type, &read);
  mns_record_clear (&mns_bus_prefix_type, &read.prefixes[0]);
  strcpy (read.prefixes[0].prefix, "registry.");
  read.prefixes_count = 1;
  mns_record_pack (&mns_bus_read_type, &read, &body);
  wire_peer_send (peer, MNS_REQUEST, &head, body.data, body.size);
  mns_buffer_fini (&body);
}

/* It asks for much and does not read: what is above the bound is answered in short. One that reads has its answer. */
static void test_answers_that_nobody_reads (void **state) {
  fixture_t *fixture = *state;
  wire_pen_t pen;
  wire_peer_t guest, producer;
  size_t bytes = 0, short_ones = 0;
  wire_pen_init (&pen, "registry", 1);
  wire_peer_init (&producer, zsys_init (), ZMQ_DEALER, "inproc://bus");
  assert_int_equal (wire_peer_hello (&producer, "registry", "registry", 1, 0, 0), MNS_OK);
  for (int k = 0; k < 400; k++)
    wire_pen_write (&pen, BIRTH, 2000);
  wire_pen_publish (&pen, &producer);
  wire_peer_expect (&producer, MNS_PACK);
  connect_guest (fixture, &guest);
  for (uint64_t request = 1; request <= ASKED; request++)
    ask_for_records (&guest, request);
  serve (fixture);
  for (size_t answers = 0; answers < ASKED; answers++) {
    mns_frame_kind_t kind = wire_peer_receive (&guest, PEER_WAIT_MS);
    assert_true (kind == MNS_REPLY || (kind == MNS_ERR && guest.head.rc == MNS_BUSY && guest.head.retry_after_ms > 0));
    bytes += guest.body.size;
    short_ones += kind == MNS_ERR;
  }
  assert_true (short_ones > 0);
  assert_true (bytes <= (16 << 20) + MNS_BODY_MAX);
  ask_for_records (&guest, ASKED + 1);
  wire_peer_expect (&guest, MNS_REPLY);
  assert_int_equal (guest.head.request, ASKED + 1);
  wire_peer_fini (&guest);
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
}

/* It asks for everything, gives credit without end, and never reads. Another reader gets all meanwhile, and what waits
 * for the first is bounded. */
static void test_guest_that_never_reads (void **state) {
  fixture_t *fixture = *state;
  const int few = 1;
  mns_head_t head;
  wire_pen_t pen;
  wire_peer_t guest, producer;
  wire_pen_init (&pen, "registry", 1);
  wire_peer_init (&producer, zsys_init (), ZMQ_DEALER, "inproc://bus");
  assert_int_equal (wire_peer_hello (&producer, "registry", "registry", 1, 0, 0), MNS_OK);
  connect_guest_with (fixture, &guest, ZMQ_RCVHWM, &few);
  ask_for_everything (&guest);
  wire_peer_expect (&guest, MNS_SUBOK);
  ask_for_everything (&fixture->good);
  wire_peer_expect (&fixture->good, MNS_SUBOK);
  size_t before = allocated ();
  for (int round = 0; round < UNREAD_ROUNDS; round++) {
    for (int k = 0; k < 100; k++)
      wire_pen_write (&pen, BIRTH, 2000);
    wire_pen_publish (&pen, &producer);
    wire_peer_expect (&producer, MNS_PACK);
    read_up_to (&fixture->good, pen.number);
    pretend (&guest, round);
  }
  size_t after = allocated ();
  print_message ("%zu MiB were published, %zu MiB wait for one that does not read\n",
                 (size_t)UNREAD_ROUNDS * 100 * 2000 >> 20, after > before ? (after - before) >> 20 : 0);
  assert_true (after < before + UNREAD_MOST);
  mns_head_clear (&head);
  head.subscription = 1;
  wire_peer_send (&fixture->good, MNS_SUBEND, &head, NULL, 0);
  while (wire_peer_receive (&fixture->good, 0) != 0)
    continue;
  wire_peer_fini (&guest);
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
}

#ifdef __SANITIZE_ADDRESS__
const char *__lsan_default_suppressions (void);

/* Now and then libzmq forgets one read buffer of a connection that ends amid a flood. */
const char *__lsan_default_suppressions (void) {
  return "leak:libzmq.so.5\n";
}
#endif

int main (void) {
  zsys_handler_set (NULL);
  zsys_init ();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_junk_bytes, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_storm_of_listeners, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_frame_too_large, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_flood_of_junk, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_patience, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_guest_that_never_reads, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_answers_that_nobody_reads, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
