/* Strangers: they have no key, only the address. */
#include "tests/fault/hostile/attacks.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

enum { BYTES = 4096, BURST = 256, PAUSE_MS = 2, STORM_SOCKETS = 16 };

static void pause_ms (int ms) {
  poll (NULL, 0, ms);
}

/* Keeps as many connections open as it can; each begins with `begin` and then says nothing. */
static void hold_open (const attack_target_t *target, void (*begin) (int file)) {
  struct pollfd *open = calloc (target->connections, sizeof *open);
  size_t count = 0;
  for (;;) {
    for (int burst = 0; burst < BURST && count < target->connections; burst++) {
      int file = attack_connect (target->port);
      if (file < 0)
        break;
      begin (file);
      open[count++] = (struct pollfd){file, POLLIN, 0};
    }
    poll (open, count, 10);
    for (size_t i = count; i-- > 0;)
      if (open[i].revents & (POLLERR | POLLHUP) ||
          (open[i].revents & POLLIN && read (open[i].fd, &(char){0}, 1) <= 0)) {
        close (open[i].fd);
        open[i] = open[--count];
      }
    pause_ms (PAUSE_MS);
  }
}

static void say_nothing (int file) {
  (void)file;
}

static void greet_curve (int file) {
  attack_greet (file, "CURVE");
}

/* As much of a HELLO as looks like one; the rest never comes, or is not true. */
static void begin_hello (int file) {
  uint8_t hello[202] = {4, 200, 5, 'H', 'E', 'L', 'L', 'O', 1};
  attack_greet (file, "CURVE");
  attack_fill (hello + 82, sizeof hello - 82);
  attack_send (file, hello, hello[100] % 2 ? sizeof hello : sizeof hello / 2);
}

static void silent (const attack_target_t *target) {
  hold_open (target, say_nothing);
}

static void half_greeted (const attack_target_t *target) {
  hold_open (target, greet_curve);
}

static void half_handshake (const attack_target_t *target) {
  hold_open (target, begin_hello);
}

/* Connections one after another, each with `bytes` behind a greeting (NULL: none), as often as the broker takes them.
 */
static void repeat (const attack_target_t *target, const char *mechanism, const uint8_t *bytes, size_t size,
                    int times) {
  for (;;) {
    int file = attack_connect (target->port);
    if (file < 0)
      pause_ms (PAUSE_MS);
    else {
      int taken = mechanism == NULL || attack_greet (file, mechanism);
      for (int i = 0; taken && i < times; i++)
        taken = attack_send (file, bytes, size);
      close (file);
    }
  }
}

static void junk (const attack_target_t *target) {
  uint8_t bytes[BYTES];
  attack_fill (bytes, sizeof bytes);
  repeat (target, NULL, bytes, sizeof bytes, 4);
}

static void connect_and_leave (const attack_target_t *target) {
  repeat (target, NULL, NULL, 0, 0);
}

static void oversize (const attack_target_t *target) {
  uint8_t bytes[BYTES] = {2, 0, 0, 1, 0, 0, 0, 0, 0}; /* a frame of a terabyte */
  repeat (target, "CURVE", bytes, sizeof bytes, 1000000);
}

static void oversize_command (const attack_target_t *target) {
  uint8_t bytes[BYTES] = {6, 0, 0, 0, 0, 0x3f, 0xff, 0xff, 0xff, 5, 'H', 'E', 'L', 'L', 'O'};
  repeat (target, "CURVE", bytes, sizeof bytes, 1000000);
}

/* Frames that say "more follows", without a handshake and with that of no security. */
static void endless_multipart (const attack_target_t *target) {
  uint8_t bytes[257] = {1, 255};
  repeat (target, "CURVE", bytes, sizeof bytes, 1000000);
}

static void no_security (const attack_target_t *target) {
  static const uint8_t ready[] = "\4\31\5READY\13Socket-Type\0\0\0\6DEALER\0\4MN\1\1";
  repeat (target, "NULL", ready, sizeof ready - 1, 1);
}

/* CURVE as it should be, with keys that no account has. */
static void unknown_keys (const attack_target_t *target) {
  char endpoint[64];
  const int linger = 0, interval = 10;
  void *context = zmq_ctx_new (), *sockets[STORM_SOCKETS] = {0};
  snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", target->port);
  for (size_t i = 0;; i = (i + 1) % STORM_SOCKETS) {
    mns_keys_t keys;
    if (sockets[i] != NULL)
      zmq_close (sockets[i]);
    mns_keys_make (&keys, NULL);
    sockets[i] = zmq_socket (context, ZMQ_DEALER);
    zmq_setsockopt (sockets[i], ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt (sockets[i], ZMQ_RECONNECT_IVL, &interval, sizeof interval);
    zmq_setsockopt (sockets[i], ZMQ_CURVE_SERVERKEY, target->broker_key, MNS_KEY_TEXT);
    zmq_setsockopt (sockets[i], ZMQ_CURVE_PUBLICKEY, keys.public_key, MNS_KEY_TEXT);
    zmq_setsockopt (sockets[i], ZMQ_CURVE_SECRETKEY, keys.secret_key, MNS_KEY_TEXT);
    zmq_connect (sockets[i], endpoint);
    zmq_send (sockets[i], "", 0, ZMQ_DONTWAIT);
    pause_ms (PAUSE_MS);
  }
}

const attack_t attacks_keyless[] = {
    {"silent", silent},
    {"connect_and_leave", connect_and_leave},
    {"junk", junk},
    {"half_greeted", half_greeted},
    {"half_handshake", half_handshake},
    {"oversize", oversize},
    {"oversize_command", oversize_command},
    {"endless_multipart", endless_multipart},
    {"no_security", no_security},
    {"unknown_keys", unknown_keys},
    {NULL, NULL},
};
