/* The bad network itself: what each of its modes does to bytes over TCP. (Messages it loses: test_network.) */
#include "common/clock.h"
#include "tests/support/proxy.h"
#include "tests/support/test.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_MS = 5000, QUIET_MS = 100 };

typedef struct {
  int listener, near, far; /* near connects, far is what it leads to */
  proxy_t *proxy;
} fixture_t;

static int port_of (const char *endpoint) {
  return atoi (strrchr (endpoint, ':') + 1);
}

static int connect_port (int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  int file = socket (AF_INET, SOCK_STREAM, 0);
  address.sin_port = htons ((uint16_t)port);
  assert_int_equal (connect (file, (struct sockaddr *)&address, sizeof address), 0);
  return file;
}

static bool readable (int file, int wait_ms) {
  struct pollfd polled = {file, POLLIN, 0};
  return poll (&polled, 1, wait_ms) == 1;
}

/* What comes next: the byte, 0 for nothing, −1 for the end of the connection. */
static int next_byte (int file, int wait_ms) {
  char byte;
  if (!readable (file, wait_ms))
    return 0;
  return read (file, &byte, 1) == 1 ? byte : -1;
}

static int set_up (void **state) {
  static fixture_t fixture;
  char target[64];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  *state = &fixture;
  fixture.listener = socket (AF_INET, SOCK_STREAM, 0);
  assert_int_equal (bind (fixture.listener, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal (listen (fixture.listener, 8), 0);
  getsockname (fixture.listener, (struct sockaddr *)&address, &size);
  snprintf (target, sizeof target, "tcp://127.0.0.1:%d", ntohs (address.sin_port));
  fixture.proxy = proxy_new ("tcp://127.0.0.1:0", target);
  assert_non_null (fixture.proxy);
  fixture.near = connect_port (port_of (proxy_endpoint (fixture.proxy)));
  assert_true (readable (fixture.listener, WAIT_MS));
  fixture.far = accept (fixture.listener, NULL, NULL);
  return 0;
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  proxy_destroy (&fixture->proxy);
  close (fixture->near);
  close (fixture->far);
  close (fixture->listener);
  return 0;
}

static void say (int file, const char *text) {
  assert_int_equal (write (file, text, strlen (text)), (ssize_t)strlen (text));
}

static void test_pass (void **state) {
  fixture_t *fixture = *state;
  say (fixture->near, "a");
  assert_int_equal (next_byte (fixture->far, WAIT_MS), 'a');
  say (fixture->far, "b");
  assert_int_equal (next_byte (fixture->near, WAIT_MS), 'b');
  say (fixture->near, "c");
  shutdown (fixture->near, SHUT_WR); /* what came before the end still goes */
  assert_int_equal (next_byte (fixture->far, WAIT_MS), 'c');
  assert_int_equal (next_byte (fixture->far, WAIT_MS), -1);
}

static void test_one_way (void **state) {
  fixture_t *fixture = *state;
  proxy_set (fixture->proxy, PROXY_STOP_UP, 0);
  say (fixture->far, "b");
  assert_int_equal (next_byte (fixture->near, WAIT_MS), 'b');
  say (fixture->near, "a");
  assert_int_equal (next_byte (fixture->far, QUIET_MS), 0);
  proxy_set (fixture->proxy, PROXY_STOP_DOWN, 0);
  assert_int_equal (next_byte (fixture->far, WAIT_MS), 'a');
  say (fixture->far, "c");
  assert_int_equal (next_byte (fixture->near, QUIET_MS), 0);
  proxy_set (fixture->proxy, PROXY_PASS, 0);
  assert_int_equal (next_byte (fixture->near, WAIT_MS), 'c');
}

static void test_cut (void **state) {
  fixture_t *fixture = *state;
  proxy_set (fixture->proxy, PROXY_CUT, 0);
  assert_int_equal (next_byte (fixture->near, WAIT_MS), -1);
  assert_int_equal (next_byte (fixture->far, WAIT_MS), -1);
  int late = connect_port (port_of (proxy_endpoint (fixture->proxy)));
  assert_int_equal (next_byte (late, WAIT_MS), -1);
  close (late);
  assert_int_equal (proxy_connections (fixture->proxy), 1);
}

static void test_reset (void **state) {
  fixture_t *fixture = *state;
  proxy_reset (fixture->proxy);
  char byte;
  assert_true (readable (fixture->near, WAIT_MS));
  assert_int_equal (read (fixture->near, &byte, 1), -1); /* not an end in good order */
  close (fixture->near);
  fixture->near = connect_port (port_of (proxy_endpoint (fixture->proxy)));
  assert_true (readable (fixture->listener, WAIT_MS));
}

static void test_slow (void **state) {
  fixture_t *fixture = *state;
  int64_t begun = mns_clock.monotonic_ms ();
  proxy_set (fixture->proxy, PROXY_DELAY, 300);
  say (fixture->near, "a");
  assert_int_equal (next_byte (fixture->far, WAIT_MS), 'a');
  assert_true (mns_clock.monotonic_ms () - begun >= 290);
  proxy_set (fixture->proxy, PROXY_TRICKLE, 100);
  begun = mns_clock.monotonic_ms ();
  say (fixture->near, "0123456789012345678901234567890123456789"); /* 40 bytes at 100 a second */
  for (int i = 0; i < 40; i++)
    assert_int_equal (next_byte (fixture->far, WAIT_MS), '0' + i % 10);
  assert_true (mns_clock.monotonic_ms () - begun >= 300);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_pass, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_one_way, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_cut, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_reset, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_slow, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
