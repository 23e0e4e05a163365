/* A service and an asker that come over TCP with keys; and one that has none, or the wrong one. */
#include "common/accounts.h"
#include "common/keys.h"
#include "common/text.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/toy_stack.h"
#include <arpa/inet.h>
#include <unistd.h>

typedef struct {
  toy_stack_t stack; /* its configuration is the broker's */
  mns_config_t toy, asker;
} fixture_t;

static int free_port (void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int file = socket (AF_INET, SOCK_STREAM, 0);
  assert_int_equal (bind (file, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal (getsockname (file, (struct sockaddr *)&address, &size), 0);
  close (file);
  return ntohs (address.sin_port);
}

static void make_key (fixture_t *fixture, const char *name, mns_keys_t *keys) {
  char path[MNS_PATH_MAX + 64];
  mns_error_t error = {0};
  snprintf (path, sizeof path, "%s/keys/%s.key", fixture->stack.folder, name);
  assert_int_equal (mns_keys_make (keys, &error), MNS_OK);
  assert_int_equal (mns_keys_save (keys, path, &error), MNS_OK);
}

static void make_account (fixture_t *fixture, mns_accounts_t *accounts, const char *name, mns_code_t role,
                          const char *broker_key, mns_config_t *config) {
  mns_keys_t keys;
  mns_account_t account;
  mns_error_t error = {0};
  make_key (fixture, name, &keys);
  mns_record_clear (&mns_account_type, &account);
  mns_text_copy (account.name, sizeof account.name, name);
  mns_text_copy (account.key, sizeof account.key, keys.public_key);
  account.role = role;
  assert_int_equal (mns_accounts_add (accounts, &account, &error), MNS_OK);
  *config = fixture->stack.config;
  mns_text_copy (config->bus, sizeof config->bus, fixture->stack.config.bus_listen);
  mns_text_copy (config->broker_key, sizeof config->broker_key, broker_key);
  snprintf (config->key_file, sizeof config->key_file, "%.200s/keys/%s.key", fixture->stack.folder, name);
}

static int set_up (void **state) {
  fixture_t *fixture = mns_alloc (sizeof *fixture);
  mns_accounts_t accounts;
  mns_keys_t broker;
  mns_error_t error = {0};
  char path[MNS_PATH_MAX];
  *state = fixture;
  toy_stack_init (&fixture->stack);
  snprintf (fixture->stack.config.bus_listen, sizeof fixture->stack.config.bus_listen, "tcp://127.0.0.1:%d",
            free_port ());
  assert_int_equal (mns_dir_join (path, fixture->stack.folder, "keys", &error), MNS_OK);
  assert_int_equal (mns_dir_make (path, 0700, &error), MNS_OK);
  make_key (fixture, "broker", &broker);
  assert_int_equal (mns_accounts_open (&accounts, fixture->stack.folder, &error), MNS_OK);
  make_account (fixture, &accounts, "toy", MNS_SERVICE, broker.public_key, &fixture->toy);
  make_account (fixture, &accounts, "asker", MNS_OPERATOR, broker.public_key, &fixture->asker);
  mns_accounts_fini (&accounts);
  toy_stack_broker (&fixture->stack);
  return 0;
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  toy_stack_fini (&fixture->stack);
  free (fixture);
  return 0;
}

static void run_toy (zsock_t *pipe, void *args) {
  mns_service_actor (pipe, args);
}

static void test_service_and_asker (void **state) {
  fixture_t *fixture = *state;
  mns_service_args_t args = {&toy_service, &fixture->toy};
  mns_error_t error = {0};
  char word[64];
  zactor_t *toy = zactor_new (run_toy, &args);
  toy_stack_wait (toy, word);
  assert_string_equal (word, "READY");
  mns_rc_t rc = mns_bus_new (&fixture->stack.bus, &fixture->asker, "somebody-else", 20000, &error);
  assert_int_equal (rc, MNS_OK);
  assert_string_equal (mns_bus_welcome (fixture->stack.bus)->account, "asker");
  assert_int_equal (toy_stack_add (&fixture->stack, NULL, "pear", 2, &error), MNS_OK);
  toy_stack_expect (&fixture->stack, "toy.total", 1, 2);
  zactor_destroy (&toy);
}

static void test_no_keys (void **state) {
  fixture_t *fixture = *state;
  mns_bus_t *bus;
  mns_error_t error = {0};
  fixture->asker.key_file[0] = 0;
  assert_int_equal (mns_bus_new (&bus, &fixture->asker, "", 5000, &error), MNS_UNAUTHENTICATED);
  assert_non_null (strstr (error.detail, "key_file"));
  mns_text_copy (fixture->asker.key_file, sizeof fixture->asker.key_file, "nowhere.key");
  assert_int_equal (mns_bus_new (&bus, &fixture->asker, "", 5000, &error), MNS_NOT_FOUND);
}

static void test_strange_key (void **state) {
  fixture_t *fixture = *state;
  mns_keys_t keys;
  mns_bus_t *bus;
  mns_error_t error = {0};
  make_key (fixture, "stranger", &keys);
  snprintf (fixture->asker.key_file, sizeof fixture->asker.key_file, "%.200s/keys/stranger.key", fixture->stack.folder);
  assert_int_equal (mns_bus_new (&bus, &fixture->asker, "", 1500, &error), MNS_UNAVAILABLE);
  assert_null (bus);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_service_and_asker, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_no_keys, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_strange_key, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
