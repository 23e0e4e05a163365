/* Waiting for sockets by their files: nothing that is there is slept over, whatever was done with a socket before. */
#include "common/wait.h"
#include "tests/support/test.h"
#include <czmq.h>

enum { PATIENCE_MS = 30000 };

typedef struct {
  void *far[2];
  mns_watched_t near[3];
} fixture_t;

static void make_pair (fixture_t *fixture, int i) {
  char endpoint[64];
  snprintf (endpoint, sizeof endpoint, "inproc://wait-%p-%d", (void *)fixture, i);
  void *near = zmq_socket (zsys_init (), ZMQ_PAIR);
  fixture->far[i] = zmq_socket (zsys_init (), ZMQ_PAIR);
  assert_int_equal (zmq_bind (near, endpoint), 0);
  assert_int_equal (zmq_connect (fixture->far[i], endpoint), 0);
  mns_watch (&fixture->near[i], near);
}

static int set_up (void **state) {
  fixture_t *fixture = calloc (1, sizeof *fixture);
  *state = fixture;
  make_pair (fixture, 0);
  make_pair (fixture, 1);
  mns_watch (&fixture->near[2], NULL);
  return 0;
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  for (int i = 0; i < 2; i++) {
    zmq_close (fixture->far[i]);
    zmq_close (fixture->near[i].socket);
  }
  free (fixture);
  return 0;
}

/* Waits until the place is ready; signals without a message are passed over. */
static void await (fixture_t *fixture, int i) {
  do
    assert_true (mns_wait (fixture->near, 3, PATIENCE_MS));
  while (!fixture->near[i].ready);
  assert_false (fixture->near[!i].ready);
}

/* To the end, as whoever waits must. */
static int receive_all (fixture_t *fixture, int i) {
  char byte;
  int count = 0;
  while (zmq_recv (fixture->near[i].socket, &byte, 1, ZMQ_DONTWAIT) == 1)
    count++;
  return count;
}

static void settle (fixture_t *fixture) {
  while (mns_wait (fixture->near, 3, 0))
    assert_false (fixture->near[0].ready || fixture->near[1].ready);
}

static void test_time_is_over (void **state) {
  settle (*state);
  assert_false (mns_wait (((fixture_t *)*state)->near, 3, 20));
}

static void test_each_message_wakes (void **state) {
  fixture_t *fixture = *state;
  for (int round = 0; round < 200; round++) {
    int i = round % 2;
    assert_int_equal (zmq_send (fixture->far[i], "x", 1, 0), 1);
    await (fixture, i);
    assert_int_equal (receive_all (fixture, i), 1);
  }
}

/* What was not received is ready in the next wait, too, without a new signal. */
static void test_rest_stays_ready (void **state) {
  fixture_t *fixture = *state;
  char byte;
  for (int i = 0; i < 3; i++)
    assert_int_equal (zmq_send (fixture->far[0], "x", 1, 0), 1);
  for (int i = 0; i < 3; i++) {
    await (fixture, 0);
    assert_int_equal (zmq_recv (fixture->near[0].socket, &byte, 1, ZMQ_DONTWAIT), 1);
  }
  assert_int_equal (receive_all (fixture, 0), 0);
  settle (fixture);
}

/* Sending may take up the signal of what has come meanwhile: the sender says that it has touched the socket. */
static void test_signal_taken_up_by_sending (void **state) {
  fixture_t *fixture = *state;
  settle (fixture);
  for (int round = 0; round < 200; round++) {
    assert_int_equal (zmq_send (fixture->far[0], "x", 1, 0), 1);
    int events;
    size_t size = sizeof events;
    fixture->near[0].touched = true;
    zmq_send (fixture->near[0].socket, "y", 1, ZMQ_DONTWAIT);
    zmq_getsockopt (fixture->near[0].socket, ZMQ_EVENTS, &events, &size); /* at the latest this does */
    await (fixture, 0);
    assert_int_equal (receive_all (fixture, 0), 1);
  }
}

int main (void) {
  zsys_handler_set (NULL);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_time_is_over, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_each_message_wakes, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_rest_stays_ready, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_signal_taken_up_by_sending, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
