/* A peer of the bus with nothing between a test and the wire. */
#include "tests/support/wire_peer.h"
#include "common/handover.h"
#include "common/pack.h"
#include "common/text.h"
#include "tests/support/test.h"
#include <zmq.h>

void wire_peer_init (wire_peer_t *peer, void *context, int type, const char *endpoint) {
  const int linger = 0;
  memset (peer, 0, sizeof *peer);
  peer->socket = zmq_socket (context, type);
  assert_non_null (peer->socket);
  assert_int_equal (zmq_setsockopt (peer->socket, ZMQ_LINGER, &linger, sizeof linger), 0);
  assert_int_equal (zmq_connect (peer->socket, endpoint), 0);
}

void wire_peer_fini (wire_peer_t *peer) {
  zmq_close (peer->socket);
  mns_buffer_fini (&peer->body);
  mns_buffer_fini (&peer->scratch);
  memset (peer, 0, sizeof *peer);
}

void wire_peer_send_frames (wire_peer_t *peer, size_t count, const void *const *data, const size_t *size) {
  mns_handover_give ();
  for (size_t i = 0; i < count; i++)
    assert_int_equal (zmq_send (peer->socket, data[i], size[i], i + 1 < count ? ZMQ_SNDMORE : 0), (int)size[i]);
}

void wire_peer_send (wire_peer_t *peer, mns_frame_kind_t kind, const mns_head_t *head, const void *body, size_t size) {
  uint8_t f0[4];
  mns_frame_kind (kind, f0);
  mns_head_pack (head, &peer->scratch);
  wire_peer_send_frames (peer, 3, (const void *const[]){f0, peer->scratch.data, body},
                         (const size_t[]){sizeof f0, peer->scratch.size, size});
}

/* The frames of one message; −1 when none came. */
static int receive_frames (wire_peer_t *peer, zmq_msg_t frames[3]) {
  int count = 0;
  for (int more = 1; more; count++) {
    assert_true (count < 3);
    zmq_msg_init (&frames[count]);
    assert_true (zmq_msg_recv (&frames[count], peer->socket, 0) >= 0);
    mns_handover_take ();
    more = zmq_msg_more (&frames[count]);
  }
  return count;
}

static mns_frame_kind_t receive_one (wire_peer_t *peer, int wait_ms) {
  mns_error_t error;
  zmq_msg_t frames[3];
  zmq_pollitem_t item = {peer->socket, 0, ZMQ_POLLIN, 0};
  if (zmq_poll (&item, 1, wait_ms) != 1)
    return peer->kind = 0;
  assert_int_equal (receive_frames (peer, frames), 3);
  peer->kind = mns_frame_read_kind (zmq_msg_data (&frames[0]), zmq_msg_size (&frames[0]));
  assert_int_not_equal (peer->kind, 0);
  assert_int_equal (mns_head_unpack (&peer->head, zmq_msg_data (&frames[1]), zmq_msg_size (&frames[1]), &error), 0);
  mns_buffer_clear (&peer->body);
  if (zmq_msg_size (&frames[2]) > 0)
    mns_buffer_add (&peer->body, zmq_msg_data (&frames[2]), zmq_msg_size (&frames[2]));
  for (int i = 0; i < 3; i++)
    zmq_msg_close (&frames[i]);
  return peer->kind;
}

mns_frame_kind_t wire_peer_receive (wire_peer_t *peer, int wait_ms) {
  while (receive_one (peer, wait_ms) == MNS_PING)
    wire_peer_send (peer, MNS_PONG, &peer->head, NULL, 0);
  return peer->kind;
}

void wire_peer_expect (wire_peer_t *peer, mns_frame_kind_t kind) {
  do
    wire_peer_receive (peer, PEER_WAIT_MS);
  while (peer->kind == MNS_PONG && kind != MNS_PONG);
  if (peer->kind != kind)
    fail_msg ("message of kind %d instead of %d: %d %s %s", (int)peer->kind, (int)kind, (int)peer->head.rc,
              peer->head.where, peer->head.detail);
}

mns_rc_t wire_peer_hello (wire_peer_t *peer, const char *account, const char *producer, uint64_t epoch, uint64_t number,
                          uint64_t chain) {
  mns_head_t head;
  mns_head_clear (&head);
  mns_text_copy (head.software, sizeof head.software, "test");
  mns_text_copy (head.account, sizeof head.account, account);
  mns_text_copy (head.producer, sizeof head.producer, producer ? producer : "");
  head.producer_epoch = epoch;
  head.number = number;
  head.chain = chain;
  wire_peer_send (peer, MNS_HELLO, &head, NULL, 0);
  wire_peer_receive (peer, PEER_WAIT_MS);
  assert_true (peer->kind == MNS_WELCOME || peer->kind == MNS_REFUSE);
  assert_int_equal (peer->kind == MNS_WELCOME, peer->head.rc == 0);
  return (mns_rc_t)peer->head.rc;
}

/* ---- the pen ----------------------------------------------------------------------------------------------------- */

void wire_pen_init (wire_pen_t *pen, const char *name, uint64_t epoch) {
  memset (pen, 0, sizeof *pen);
  mns_text_copy (pen->name, sizeof pen->name, name);
  pen->epoch = epoch;
}

void wire_pen_fini (wire_pen_t *pen) {
  mns_buffer_fini (&pen->records);
}

void wire_pen_write (wire_pen_t *pen, const char *topic, size_t padding) {
  static const char zeros[4096];
  mns_event_t event = {.topic = topic, .topic_size = strlen (topic), .producer_epoch = pen->epoch, .version = 1};
  mns_buffer_t body = {0};
  mns_text_copy (event.producer, sizeof event.producer, pen->name);
  mns_text_copy (event.type, sizeof event.type, "note");
  event.number = ++pen->number;
  if (pen->count++ == 0) {
    pen->first = pen->number;
    pen->first_chain = pen->chain;
  }
  mns_pack_map (&body, padding > 0 ? 2 : 1);
  mns_pack_text (&body, "n", 1);
  mns_pack_uint (&body, pen->number);
  if (padding > 0) {
    mns_pack_text (&body, "padding", 7);
    mns_pack_bytes (&body, zeros, padding < sizeof zeros ? padding : sizeof zeros);
  }
  size_t start = pen->records.size;
  mns_event_pack (&event, body.data, body.size, &pen->records);
  pen->chain = mns_chain (pen->chain, pen->records.data + start, pen->records.size - start);
  mns_buffer_fini (&body);
}

void wire_pen_publish (wire_pen_t *pen, wire_peer_t *peer) {
  mns_head_t head;
  mns_head_clear (&head);
  mns_text_copy (head.producer, sizeof head.producer, pen->name);
  head.producer_epoch = pen->epoch;
  head.number = pen->first;
  head.chain = pen->first_chain;
  head.count = pen->count;
  wire_peer_send (peer, MNS_PUB, &head, pen->records.data, pen->records.size);
  mns_buffer_clear (&pen->records);
  pen->count = 0;
}
