/* Bad guests: an account of the broker, with a key, that breaks every other rule. */
#include "tests/bench/meter.h"
#include "tests/fault/hostile/attacks.h"
#include "tests/support/wire_peer.h"
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

enum { PART = 4096, PAUSE_MS = 100, BODY = 60000 };

#define TOPIC "mallory.note.510322000000.made"

typedef struct {
  void *context;
  wire_peer_t peer;
  uint64_t epoch; /* as a producer */
} guest_t;

/* Without waiting for anything, and without reading. */
static void push (guest_t *guest, mns_frame_kind_t kind, const mns_head_t *head, const void *body, size_t size) {
  uint8_t f0[4];
  mns_frame_kind (kind, f0);
  mns_head_pack (head, &guest->peer.scratch);
  if (zmq_send (guest->peer.socket, f0, sizeof f0, ZMQ_SNDMORE) < 0)
    return;
  zmq_send (guest->peer.socket, guest->peer.scratch.data, guest->peer.scratch.size, ZMQ_SNDMORE);
  zmq_send (guest->peer.socket, body, size, 0);
}

static void enter (guest_t *guest, const attack_target_t *target, const char *producer) {
  char endpoint[64];
  const int linger = 0, wait = 1000;
  memset (&guest->peer, 0, sizeof guest->peer);
  snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", target->port);
  guest->peer.socket = zmq_socket (guest->context, ZMQ_DEALER);
  zmq_setsockopt (guest->peer.socket, ZMQ_LINGER, &linger, sizeof linger);
  zmq_setsockopt (guest->peer.socket, ZMQ_SNDTIMEO, &wait, sizeof wait);
  zmq_setsockopt (guest->peer.socket, ZMQ_CURVE_SERVERKEY, target->broker_key, MNS_KEY_TEXT);
  zmq_setsockopt (guest->peer.socket, ZMQ_CURVE_PUBLICKEY, target->keys.public_key, MNS_KEY_TEXT);
  zmq_setsockopt (guest->peer.socket, ZMQ_CURVE_SECRETKEY, target->keys.secret_key, MNS_KEY_TEXT);
  zmq_connect (guest->peer.socket, endpoint);
  mns_head_t head;
  zmq_pollitem_t item = {guest->peer.socket, 0, ZMQ_POLLIN, 0};
  mns_head_clear (&head);
  strcpy (head.producer, producer);
  head.producer_epoch = *producer ? (uint64_t)meter_now_ns () : 0;
  push (guest, MNS_HELLO, &head, NULL, 0);
  zmq_poll (&item, 1, wait); /* WELCOME, or not: it goes on all the same */
  guest->epoch = head.producer_epoch;
}

static void begin (guest_t *guest, const attack_target_t *target, const char *producer) {
  guest->context = zmq_ctx_new ();
  enter (guest, target, producer);
}

/* Reads away what came. */
static void hear (guest_t *guest) {
  char bytes[64];
  while (zmq_recv (guest->peer.socket, bytes, sizeof bytes, ZMQ_DONTWAIT) >= 0)
    continue;
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

static void endless_multipart (const attack_target_t *target) {
  attack_curve_t curve;
  uint8_t part[PART] = {0};
  for (;;) {
    if (attack_curve_open (&curve, target) != 0) {
      poll (NULL, 0, PAUSE_MS);
      continue;
    }
    while (attack_curve_send (&curve, part, sizeof part, 1))
      continue;
    close (curve.file);
  }
}

static void oversize (const attack_target_t *target) {
  static uint8_t body[3 << 20];
  guest_t guest;
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.command, "bus.status");
  begin (&guest, target, "");
  for (size_t i = 0;; i++) {
    push (&guest, MNS_REQUEST, &head, body, i % 2 ? MNS_BODY_MAX + 1 : sizeof body);
    hear (&guest);
  }
}

/* Arrays of four billion entries, thousands deep, in the head and in the body. */
static void bombs (const attack_target_t *target) {
  static uint8_t deep[4096], wide[4096];
  guest_t guest;
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.command, "bus.read");
  memset (deep, 0x91, sizeof deep);
  for (size_t i = 0; i + 5 < sizeof wide; i += 5)
    memcpy (wide + i, "\xdd\xff\xff\xff\xff", 5);
  begin (&guest, target, "");
  for (size_t i = 0;; i++) {
    const uint8_t *bomb = i % 2 ? deep : wide, f0[] = {'M', 'N', 1, MNS_SUB};
    if (zmq_send (guest.peer.socket, f0, sizeof f0, ZMQ_SNDMORE) >= 0) {
      zmq_send (guest.peer.socket, bomb, 4096, ZMQ_SNDMORE);
      zmq_send (guest.peer.socket, "", 0, 0);
    }
    head.request = i;
    push (&guest, MNS_REQUEST, &head, bomb, 4096);
    hear (&guest);
  }
}

/* Every kind there is and is not, heads that belong to others. */
static void forged_kinds (const attack_target_t *target) {
  guest_t guest;
  mns_head_t head;
  uint8_t noise[16];
  begin (&guest, target, "");
  for (unsigned i = 0;; i++) {
    mns_head_clear (&head);
    attack_fill (noise, sizeof noise);
    head.request = head.subscription = head.number = head.last = noise[0] % 8;
    head.count = noise[1];
    memcpy (&head.log_number, noise + 8, noise[2] % 9);
    strcpy (head.producer, noise[3] % 2 ? "good" : "mallory");
    strcpy (head.account, "good");
    strcpy (head.command, noise[4] % 2 ? "bus.status" : "good.answer");
    push (&guest, (mns_frame_kind_t)(1 + i % (MNS_KIND_COUNT + 8)), &head, noise, sizeof noise);
    hear (&guest);
  }
}

/* ---- floods ------------------------------------------------------------------------------------------------------ */

static void flood_hello (const attack_target_t *target) {
  guest_t guest;
  mns_head_t head;
  mns_head_clear (&head);
  begin (&guest, target, "");
  for (uint64_t i = 0;; i++) {
    if (i % 1000 == 0) { /* and connections */
      zmq_close (guest.peer.socket);
      enter (&guest, target, "");
    }
    push (&guest, MNS_HELLO, &head, NULL, 0);
    hear (&guest);
  }
}

/* Subscriptions from the first number on, with as many prefixes as there may be, again and again. */
static void flood_sub (const attack_target_t *target) {
  guest_t guest;
  mns_head_t head;
  mns_head_clear (&head);
  head.credit_messages = head.credit_bytes = UINT64_MAX;
  head.prefix_count = MNS_PREFIXES_MAX;
  for (size_t i = 0; i < MNS_PREFIXES_MAX; i++)
    snprintf (head.prefixes[i], sizeof head.prefixes[i], "nobody.writes-this-%zu.", i);
  begin (&guest, target, "");
  for (head.subscription = 1;; head.subscription++) {
    push (&guest, MNS_SUB, &head, NULL, 0);
    hear (&guest);
  }
}

static void flood_pub (const attack_target_t *target) {
  guest_t guest;
  wire_pen_t pen;
  mns_head_t head;
  begin (&guest, target, "mallory");
  wire_pen_init (&pen, "mallory", guest.epoch);
  for (;;) {
    while (pen.records.size < BODY)
      wire_pen_write (&pen, TOPIC, 1000);
    mns_head_clear (&head);
    strcpy (head.producer, pen.name);
    head.producer_epoch = pen.epoch;
    head.number = pen.first;
    head.chain = pen.first_chain;
    head.count = pen.count;
    push (&guest, MNS_PUB, &head, pen.records.data, pen.records.size);
    mns_buffer_clear (&pen.records);
    pen.count = 0;
    hear (&guest);
  }
}

static void flood_request (const attack_target_t *target) {
  guest_t guest;
  mns_head_t head;
  mns_head_clear (&head);
  begin (&guest, target, "");
  for (head.request = 1;; head.request++) {
    strcpy (head.command, head.request % 2 ? "bus.status" : "nobody.there");
    push (&guest, MNS_REQUEST, &head, NULL, 0);
    hear (&guest);
  }
}

/* ---- credit ------------------------------------------------------------------------------------------------------ */

/* Asks for the whole log on sixteen subscriptions, gives credit without end, reads nothing. */
static void credit_abuse (const attack_target_t *target) {
  guest_t guest;
  mns_head_t head;
  mns_head_clear (&head);
  head.credit_messages = head.credit_bytes = UINT64_MAX;
  head.prefix_count = 1;
  strcpy (head.prefixes[0], "good.");
  begin (&guest, target, "");
  for (uint64_t i = 0;; i++) {
    head.subscription = 1 + i % 16;
    push (&guest, i < 16 ? MNS_SUB : MNS_CREDIT, &head, NULL, 0);
    if (i % 1000 == 999)
      poll (NULL, 0, 1);
  }
}

/* The same, a message read now and then. */
static void slow_reader (const attack_target_t *target) {
  guest_t guest;
  mns_head_t head;
  char bytes[64];
  mns_head_clear (&head);
  head.credit_messages = head.credit_bytes = UINT64_MAX;
  head.prefix_count = 1;
  strcpy (head.prefixes[0], "good.");
  begin (&guest, target, "");
  for (head.subscription = 1; head.subscription <= 16; head.subscription++)
    push (&guest, MNS_SUB, &head, NULL, 0);
  for (;;) {
    zmq_recv (guest.peer.socket, bytes, sizeof bytes, ZMQ_DONTWAIT);
    poll (NULL, 0, 10);
  }
}

const attack_t attacks_keyed[] = {
    {"guest_endless_multipart", endless_multipart},
    {"guest_oversize", oversize},
    {"guest_bombs", bombs},
    {"guest_forged_kinds", forged_kinds},
    {"guest_flood_hello", flood_hello},
    {"guest_flood_sub", flood_sub},
    {"guest_flood_pub", flood_pub},
    {"guest_flood_request", flood_request},
    {"guest_credit_abuse", credit_abuse},
    {"guest_slow_reader", slow_reader},
    {NULL, NULL},
};
