/* A peer of the bus with nothing between a test and the wire: one DEALER, messages as they are. Waits are bounded; a
 * message that does not come fails the test. */
#ifndef MNS_TESTS_SUPPORT_WIRE_PEER_H
#define MNS_TESTS_SUPPORT_WIRE_PEER_H

#include "common/wire.h"

#define PEER_WAIT_MS 30000 /* patience, not a measure: what comes, comes at once on a quiet machine */

typedef struct {
  void *socket;
  mns_frame_kind_t kind; /* of the last message received */
  mns_head_t head;
  mns_buffer_t body, scratch;
} wire_peer_t;

/* `context` is a ZeroMQ context; `type` ZMQ_DEALER or ZMQ_REQ. */
void wire_peer_init (wire_peer_t *peer, void *context, int type, const char *endpoint);
void wire_peer_fini (wire_peer_t *peer);
void wire_peer_send (wire_peer_t *peer, mns_frame_kind_t kind, const mns_head_t *head, const void *body, size_t size);
/* Sends the frames as they are. */
void wire_peer_send_frames (wire_peer_t *peer, size_t count, const void *const *data, const size_t *size);
/* The next message within `wait_ms`; its kind, 0 when none comes. PINGs are answered and passed over. */
mns_frame_kind_t wire_peer_receive (wire_peer_t *peer, int wait_ms);
/* The next message, which must be of this kind; others of `kind` PONG are passed over. */
void wire_peer_expect (wire_peer_t *peer, mns_frame_kind_t kind);

/* HELLO and WELCOME (or REFUSE: head.rc is then not 0). `producer` may be NULL. */
mns_rc_t wire_peer_hello (wire_peer_t *peer, const char *account, const char *producer, uint64_t epoch, uint64_t number,
                          uint64_t chain);

/* A producer's pen: makes records with dense numbers and their chain. */
typedef struct {
  char name[MNS_NAME_MAX + 1];
  uint64_t epoch, number, chain;
  mns_buffer_t records; /* made since the last PUB */
  uint64_t first, first_chain, count;
} wire_pen_t;

void wire_pen_init (wire_pen_t *pen, const char *name, uint64_t epoch);
void wire_pen_fini (wire_pen_t *pen);
/* Adds a record; its body is {"n": number}, padded to about `padding` bytes. */
void wire_pen_write (wire_pen_t *pen, const char *topic, size_t padding);
/* Sends what was written as one PUB and begins anew. */
void wire_pen_publish (wire_pen_t *pen, wire_peer_t *peer);

#endif
