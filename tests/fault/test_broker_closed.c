/* Whom the broker lets in (docs/faults.md row 36): over TCP whose key it knows, while its authenticator lives; over ipc
 * whom the kernel names; a connection that nobody vouches for, never.
 *
 * Run again with a mistake switched on (tests/fault/CMakeLists.txt): trust_missing_user_id must fail a case; the broker
 * must notice the others itself. */
#include "common/clock.h"
#include "services/broker/core.h"
#include "tests/support/guarded.h"
#include "tests/support/test.h"
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FOREIGN_UID = 65534, SILENT_MS = 700, HANG_MS = 20000 };

static const char *self;

typedef struct {
  guarded_t guarded;
  mns_keys_t clerk, stranger;
  char word[16];
} fixture_t;

static int setup (void **state) {
  fixture_t *fixture = calloc (1, sizeof *fixture);
  *state = fixture;
  guarded_init (&fixture->guarded);
  guarded_add (&fixture->guarded, "clerk-1", MNS_CLERK, 510322101000, NULL, &fixture->clerk);
  assert_int_equal (mns_keys_make (&fixture->stranger, NULL), MNS_OK);
  guarded_start (&fixture->guarded, fixture->word);
  return 0;
}

static int teardown (void **state) {
  fixture_t *fixture = *state;
  guarded_fini (&fixture->guarded);
  free (fixture);
  return 0;
}

static bool mistaken (const char *mutant) {
  const char *mutants = getenv ("MNS_MUTANT");
  return mutants != NULL && strcmp (mutants, mutant) == 0;
}

static void send_hello (wire_peer_t *peer, const char *account) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.account, account);
  wire_peer_send (peer, MNS_HELLO, &head, NULL, 0);
}

/* Whether a HELLO over TCP is answered at all. */
static bool answered (fixture_t *fixture, const mns_keys_t *keys) {
  wire_peer_t peer;
  guarded_tcp (&fixture->guarded, &peer, keys);
  send_hello (&peer, "local");
  bool heard = wire_peer_receive (&peer, SILENT_MS) != 0;
  wire_peer_fini (&peer);
  return heard;
}

/* ---- TCP --------------------------------------------------------------------------------------------------------- */

static void test_keys (void **state) {
  fixture_t *fixture = *state;
  assert_string_equal (fixture->word, "READY");
  mns_keys_t wrong = fixture->guarded.broker_keys; /* the broker's own key is nobody's */
  assert_true (answered (fixture, &fixture->clerk));
  assert_false (answered (fixture, &fixture->stranger));
  assert_false (answered (fixture, &wrong));
  assert_false (answered (fixture, NULL));
  assert_int_equal (mns_accounts_revoke (&fixture->guarded.accounts, "clerk-1", NULL), MNS_OK);
  assert_false (answered (fixture, &fixture->clerk)); /* at once for new connections */
}

/* Whoever comes without what the transport must say of it is nobody, whatever it calls itself. */
static void test_nobody_vouches (void **state) {
  static const char *const identities[] = {"", "0:0", "nobody", "-1", " 0"};
  fixture_t *fixture = *state;
  broker_t *broker = calloc (1, sizeof *broker);
  broker->config = &fixture->guarded.config;
  assert_int_equal (mns_accounts_open (&broker->accounts, fixture->guarded.data, NULL), MNS_OK);
  for (size_t i = 0; i < COUNT_OF (identities); i++)
    for (broker_door_t door = BROKER_IPC; door <= BROKER_TCP; door++) {
      mns_caller_t caller;
      mns_error_t error;
      broker_peer_t peer = {.door = door};
      strcpy (peer.identity, identities[i]);
      assert_int_equal (broker_identify (broker, &peer, "", "", &caller, &error), MNS_UNAUTHENTICATED);
      assert_int_equal (broker_identify (broker, &peer, "clerk-1", "", &caller, &error), MNS_UNAUTHENTICATED);
      assert_int_equal (broker_identify (broker, &peer, "", "registry", &caller, &error), MNS_UNAUTHENTICATED);
    }
  mns_accounts_fini (&broker->accounts);
  free (broker);
}

/* ---- the authenticator dies -------------------------------------------------------------------------------------- */

/* The broker must say FAILED by itself; nobody is let in meanwhile. */
static void expect_end (fixture_t *fixture) {
  zmq_pollitem_t item = {zsock_resolve (fixture->guarded.broker), 0, ZMQ_POLLIN, 0};
  assert_int_equal (zmq_poll (&item, 1, HANG_MS), 1);
  char *said = zstr_recv (fixture->guarded.broker);
  assert_string_equal (said, "FAILED");
  zstr_free (&said);
  zstr_free (&said);
}

static void test_authenticator_ends (void **state) {
  fixture_t *fixture = *state;
  if (!mistaken ("zap_leaves"))
    skip ();
  assert_string_equal (fixture->word, "READY");
  answered (fixture, &fixture->clerk); /* its last question */
  expect_end (fixture);
  assert_false (answered (fixture, &fixture->clerk));
}

static void test_authenticator_hangs (void **state) {
  fixture_t *fixture = *state;
  if (!mistaken ("zap_hangs"))
    skip ();
  assert_string_equal (fixture->word, "READY");
  for (int64_t until = mns_clock.monotonic_ms () + HANG_MS; answered (fixture, &fixture->clerk);)
    assert_true (mns_clock.monotonic_ms () < until); /* it hangs from its first second on */
  expect_end (fixture);
}

/* One that proves nothing opens nothing. */
static void test_proof_fails (void **state) {
  fixture_t *fixture = *state;
  if (!mistaken ("zap_not_enforced") && !mistaken ("zap_lets_in"))
    skip ();
  assert_string_equal (fixture->word, "FAILED");
}

/* Somebody else answers for this process already: ours cannot, and the broker does not start. */
static void test_authenticator_cannot_start (void **state) {
  fixture_t *fixture = *state;
  guarded_stop (&fixture->guarded);
  void *other = zmq_socket (zsys_init (), ZMQ_REP);
  assert_int_equal (zmq_bind (other, "inproc://zeromq.zap.01"), 0);
  guarded_start (&fixture->guarded, fixture->word);
  assert_string_equal (fixture->word, "FAILED");
  zmq_unbind (other, "inproc://zeromq.zap.01");
  zmq_close (other);
}

/* ---- ipc and inproc ---------------------------------------------------------------------------------------------- */

/* In a process of another user: HELLO under a name; the exit code is 0 welcome, 1 refused, 2 no answer. */
static int knock (const char *endpoint, const char *account) {
  wire_peer_t peer;
  wire_peer_init (&peer, zsys_init (), ZMQ_DEALER, endpoint);
  send_hello (&peer, account);
  mns_frame_kind_t kind = wire_peer_receive (&peer, 2000);
  wire_peer_fini (&peer);
  return kind == 0 ? 2 : kind == MNS_WELCOME ? 0 : 1;
}

static int knock_as (uid_t uid, const char *endpoint, const char *account) {
  int status;
  pid_t child = fork ();
  if (child == 0) {
    if (setgid (uid) != 0 || setuid (uid) != 0)
      _exit (3);
    execl (self, self, "--knock", endpoint, account, NULL);
    _exit (3);
  }
  assert_int_equal (waitpid (child, &status, 0), child);
  assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void test_foreign_user (void **state) {
  static const char *const names[] = {"", "local", "clerk-1", "registry", "root"};
  fixture_t *fixture = *state;
  char run[MNS_PATH_MAX + 8], bus[MNS_PATH_MAX + 8];
  if (geteuid () != 0)
    skip ();
  snprintf (run, sizeof run, "%s/run", fixture->guarded.data);
  snprintf (bus, sizeof bus, "%s/run/bus", fixture->guarded.data);
  assert_int_equal (knock_as (FOREIGN_UID, fixture->guarded.local, "clerk-1"), 2); /* the folder is closed */
  assert_int_equal (chmod (fixture->guarded.data, 0755), 0);
  assert_int_equal (chmod (run, 0755), 0); /* somebody opened it */
  assert_int_equal (chmod (bus, 0777), 0);
  assert_int_equal (knock_as (0, fixture->guarded.local, "clerk-1"), 0);
  for (size_t i = 0; i < COUNT_OF (names); i++)
    assert_int_equal (knock_as (FOREIGN_UID, fixture->guarded.local, names[i]), 1);
}

/* Another user with an account acts for that one, and no other. */
static void test_user_with_account (void **state) {
  fixture_t *fixture = *state;
  char path[MNS_PATH_MAX + 8];
  mns_account_t account;
  if (geteuid () != 0)
    skip ();
  mns_record_clear (&mns_account_type, &account);
  strcpy (account.name, "guest");
  account.role = MNS_OFFICIAL;
  account.uid = FOREIGN_UID;
  assert_int_equal (mns_accounts_add (&fixture->guarded.accounts, &account, NULL), MNS_OK);
  assert_int_equal (chmod (fixture->guarded.data, 0755), 0);
  snprintf (path, sizeof path, "%s/run", fixture->guarded.data);
  assert_int_equal (chmod (path, 0755), 0);
  snprintf (path, sizeof path, "%s/run/bus", fixture->guarded.data);
  assert_int_equal (chmod (path, 0777), 0);
  assert_int_equal (knock_as (FOREIGN_UID, fixture->guarded.local, ""), 0);
  assert_int_equal (knock_as (FOREIGN_UID, fixture->guarded.local, "guest"), 0);
  assert_int_equal (knock_as (FOREIGN_UID, fixture->guarded.local, "clerk-1"), 1);
  assert_int_equal (knock_as (FOREIGN_UID, fixture->guarded.local, "local"), 1);
}

/* inproc is the process itself: role service, under the name it gives, never more; `broker` is the broker's own. */
static void test_inproc (void **state) {
  (void)state;
  wire_peer_t peer;
  if (mistaken ("trust_missing_user_id"))
    skip (); /* inproc has no user id by nature */
  wire_peer_init (&peer, zsys_init (), ZMQ_DEALER, "inproc://bus");
  assert_int_equal (wire_peer_hello (&peer, "local", NULL, 0, 0, 0), 0);
  assert_string_equal (peer.head.role, "service");
  assert_int_equal (wire_peer_hello (&peer, "registry", "statistics", 1, 0, 0), MNS_FORBIDDEN);
  assert_int_equal (wire_peer_hello (&peer, "broker", "broker", 1, 0, 0), MNS_FORBIDDEN);
  assert_int_equal (guarded_subscribe (&peer, 1, "audit.", 0), MNS_ERR); /* need_hello: nobody yet */
  wire_peer_fini (&peer);
}

int main (int argc, char **argv) {
  self = argv[0];
  zsys_handler_set (NULL);
  zsys_init ();
  if (argc == 4 && strcmp (argv[1], "--knock") == 0)
    return knock (argv[2], argv[3]);
  const struct CMUnitTest sound[] = {
      cmocka_unit_test_setup_teardown (test_keys, setup, teardown),
      cmocka_unit_test_setup_teardown (test_nobody_vouches, setup, teardown),
      cmocka_unit_test_setup_teardown (test_authenticator_cannot_start, setup, teardown),
      cmocka_unit_test_setup_teardown (test_foreign_user, setup, teardown),
      cmocka_unit_test_setup_teardown (test_user_with_account, setup, teardown),
      cmocka_unit_test_setup_teardown (test_inproc, setup, teardown),
  };
  const struct CMUnitTest broken[] = {
      cmocka_unit_test_setup_teardown (test_authenticator_ends, setup, teardown),
      cmocka_unit_test_setup_teardown (test_authenticator_hangs, setup, teardown),
      cmocka_unit_test_setup_teardown (test_proof_fails, setup, teardown),
  };
  const char *mutant = getenv ("MNS_MUTANT");
  if (mutant != NULL && strncmp (mutant, "zap_", 4) == 0)
    return cmocka_run_group_tests (broken, NULL, NULL);
  return cmocka_run_group_tests (sound, NULL, NULL);
}
