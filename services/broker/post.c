/* Frames into messages and back (docs/protocol.md §1). Junk is counted and answered where an answer is possible. */
#include "common/log.h"
#include "common/text.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <errno.h>
#include <string.h>

enum {
  FRAMES_MAX = 1 + BROKER_ENVELOPE_FRAMES + 3,
  LEAST_FRAMES = 1 + 3,
  ROUTE_SIZE = 5,
  UNHEARD_RETRY_MS = 1000,
  UNREAD_RETRY_MS = 1000
};

/* ---- receiving --------------------------------------------------------------------------------------------------- */

static bool read_envelope (zmq_msg_t *frames, size_t count, broker_envelope_t *envelope) {
  envelope->frames = 0;
  envelope->size = 0;
  for (size_t i = 0; i < count; i++) {
    size_t size = zmq_msg_size (&frames[i]);
    if (size > UINT8_MAX || envelope->size + size + 1 > sizeof envelope->bytes)
      return false;
    envelope->bytes[envelope->size] = (uint8_t)size;
    memcpy (envelope->bytes + envelope->size + 1, zmq_msg_data (&frames[i]), size);
    envelope->size = (uint16_t)(envelope->size + size + 1);
    envelope->frames++;
  }
  return count == 0 || zmq_msg_size (&frames[count - 1]) == 0;
}

/* Who the transport says it is: the account that our authenticator gave a TCP connection; the kernel's user id of a
 * local one, from its address ":uid:gid:pid". Read from a frame behind the routing id, which may have lost it. */
static void read_identity (broker_door_t door, zmq_msg_t *frame, char identity[BROKER_IDENTITY_MAX]) {
  identity[0] = 0;
  if (door == BROKER_INPROC)
    return;
  const char *value = zmq_msg_gets (frame, door == BROKER_TCP ? "User-Id" : "Peer-Address");
  if (value == NULL)
    return;
  if (door == BROKER_TCP) {
    mns_text_copy (identity, BROKER_IDENTITY_MAX, value);
    return;
  }
  const char *colon = strrchr (value, ':');
  for (int i = 0; i < 2 && colon != NULL; i++)
    colon = colon == value ? NULL : memrchr (value, ':', (size_t)(colon - value));
  if (colon != NULL)
    snprintf (identity, BROKER_IDENTITY_MAX, "%.*s", (int)strcspn (colon + 1, ":"), colon + 1);
}

/* The peer of a message. One that comes under a known routing id as somebody else is a new peer. */
static broker_peer_t *find_peer (broker_t *broker, broker_door_t door, zmq_msg_t *frames) {
  char identity[BROKER_IDENTITY_MAX];
  const void *route = zmq_msg_data (&frames[0]);
  size_t size = zmq_msg_size (&frames[0]);
  read_identity (door, &frames[1], identity);
  broker_peer_t *peer = broker_peers_find (&broker->peers, door, route, size);
  if (peer != NULL && strcmp (peer->identity, identity) != 0) {
    broker_forget (broker, peer, MNS_OK);
    peer = NULL;
  }
  if (peer == NULL && (peer = broker_peers_add (&broker->peers, door, route, size)) != NULL)
    memcpy (peer->identity, identity, sizeof identity);
  if (peer == NULL)
    return NULL;
  peer->heard_ms = broker->now_ms;
  peer->asked_ms = peer->pinged_ms = 0;
  peer->challenged_ms = 0;
  peer->gone = false;
  return peer;
}

/* Routing ids are the broker's to give: 5 bytes, the first 0. One of a peer's own could be another's tomorrow, who
 * would be taken for it. */
static bool check_route (broker_t *broker, broker_message_t *message) {
  mns_error_t error;
  const broker_peer_t *peer = message->peer;
  if (peer->route_size == ROUTE_SIZE && peer->route[0] == 0)
    return true;
  mns_head_clear (&message->head);
  broker->counts.malformed++;
  mns_fail (&error, MNS_INVALID, "routing id", "the broker gives routing ids: leave ZMQ_ROUTING_ID unset");
  broker_answer_error (broker, message, MNS_ERR, &error, 0);
  return false;
}

/* The three frames behind the envelope. What is wrong with them is in `error`, and the peer has its answer. */
static bool read_frames (broker_t *broker, zmq_msg_t *last, broker_message_t *message) {
  mns_error_t error;
  message->kind = mns_frame_read_kind (zmq_msg_data (&last[0]), zmq_msg_size (&last[0]));
  mns_rc_t rc = mns_head_unpack (&message->head, zmq_msg_data (&last[1]), zmq_msg_size (&last[1]), &error);
  if (rc == MNS_OK && message->kind == 0)
    rc = mns_fail (&error, MNS_MALFORMED, "kind", "the first frame is not 'M' 'N' 1 and a kind of message");
  if (rc == MNS_OK && zmq_msg_size (&last[2]) > MNS_BODY_MAX)
    rc = mns_fail (&error, MNS_TOO_LARGE, "body", "%zu bytes where at most %d are allowed", zmq_msg_size (&last[2]),
                   MNS_BODY_MAX);
  if (rc == MNS_OK)
    return true;
  broker->counts.malformed++;
  broker_answer_error (broker, message, MNS_ERR, &error, 0);
  return false;
}

static bool read_message (broker_t *broker, broker_door_t door, zmq_msg_t *frames, size_t count,
                          broker_message_t *message) {
  if (count < LEAST_FRAMES || count > FRAMES_MAX ||
      !read_envelope (frames + 1, count - LEAST_FRAMES, &message->envelope)) {
    broker->counts.malformed++;
    return false;
  }
  message->peer = find_peer (broker, door, frames);
  if (message->peer == NULL) {
    broker->counts.dropped++;
    return false;
  }
  return check_route (broker, message) && read_frames (broker, &frames[count - 3], message);
}

bool broker_receive (broker_t *broker, broker_door_t door, broker_message_t *message) {
  zmq_msg_t frames[FRAMES_MAX];
  size_t count;
  message->peer = NULL;
  message->paid = false;
  if (!broker_frames_receive (broker->doors[door], frames, FRAMES_MAX, &count, false))
    return false;
  broker->counts.received++;
  zmq_msg_init (&message->body);
  if (read_message (broker, door, frames, count, message))
    zmq_msg_move (&message->body, &frames[count - 1]);
  else
    message->peer = NULL;
  for (size_t i = 0; i < count && i < FRAMES_MAX; i++)
    zmq_msg_close (&frames[i]);
  return true;
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

static bool send_envelope (void *socket, const broker_envelope_t *envelope) {
  const uint8_t *at = envelope->bytes;
  for (int i = 0; i < envelope->frames; i++, at += *at + 1)
    if (!broker_frame_send_bytes (socket, at + 1, *at, true))
      return false;
  return true;
}

static mns_rc_t hand_over (broker_t *broker, broker_peer_t *peer, const broker_envelope_t *envelope,
                           mns_frame_kind_t kind, const mns_head_t *head, zmq_msg_t *body) {
  void *socket = broker->doors[peer->door];
  uint8_t f0[4];
  size_t size = zmq_msg_size (body);
  broker->watched[BROKER_WATCH_DOOR + peer->door].touched = true;
  if (!broker_frame_send_bytes (socket, peer->route, peer->route_size, true)) {
    bool busy = errno == EAGAIN;
    peer->gone = peer->gone || !busy;
    broker->counts.dropped += kind != MNS_EVT;
    zmq_msg_close (body);
    return busy ? MNS_BUSY : MNS_GONE;
  }
  mns_frame_kind (kind, f0);
  mns_head_pack (head, &broker->head_bytes);
  bool sent = (envelope == NULL || send_envelope (socket, envelope)) &&
              broker_frame_send_bytes (socket, f0, sizeof f0, true) &&
              broker_frame_send_bytes (socket, broker->head_bytes.data, broker->head_bytes.size, true);
  if (sent)
    sent = broker_frame_send (socket, body, false);
  else
    zmq_msg_close (body);
  broker->counts.sent += sent;
  if (sent)
    broker_unread_add (&peer->unread, size);
  return sent ? MNS_OK : MNS_GONE;
}

/* Behind what has been handed over, so that the answer says that it was read. */
static void ask_whether_read (broker_t *broker, broker_peer_t *peer) {
  mns_head_t head;
  zmq_msg_t nothing;
  zmq_msg_init (&nothing);
  mns_head_clear (&head);
  head.request = broker_unread_token ();
  if (hand_over (broker, peer, NULL, MNS_PING, &head, &nothing) == MNS_OK)
    broker_unread_asked (&peer->unread, head.request);
}

/* An answer that is not handed over is a short one, so that whoever asked and reads on knows. */
static mns_rc_t hold_back (broker_t *broker, broker_peer_t *peer, const broker_envelope_t *envelope,
                           mns_frame_kind_t kind, const mns_head_t *head, zmq_msg_t *body) {
  mns_head_t answer;
  zmq_msg_close (body);
  zmq_msg_init (body);
  if (kind != MNS_REPLY && kind != MNS_ERR && kind != MNS_SNAPROW && kind != MNS_SNAPEND)
    return MNS_BUSY;
  mns_head_clear (&answer);
  answer.request = head->request;
  answer.rc = MNS_BUSY;
  answer.retry_after_ms = UNREAD_RETRY_MS;
  mns_text_copy (answer.where, sizeof answer.where, "connection");
  mns_text_copy (answer.detail, sizeof answer.detail,
                 "too much has been sent to this connection that it has not shown to have read: answer PING");
  broker->counts.dropped++;
  hand_over (broker, peer, envelope, MNS_ERR, &answer, body);
  return MNS_BUSY;
}

mns_rc_t broker_send (broker_t *broker, broker_peer_t *peer, const broker_envelope_t *envelope, mns_frame_kind_t kind,
                      const mns_head_t *head, zmq_msg_t *body) {
  zmq_msg_t nothing;
  zmq_msg_init (&nothing);
  if (body == NULL)
    body = &nothing;
  if (!broker_unread_bears (&peer->unread, zmq_msg_size (body)))
    return hold_back (broker, peer, envelope, kind, head, body);
  mns_rc_t rc = hand_over (broker, peer, envelope, kind, head, body);
  if (rc == MNS_OK && broker_unread_due (&peer->unread))
    ask_whether_read (broker, peer);
  return rc;
}

void broker_answer (broker_t *broker, const broker_message_t *message, mns_frame_kind_t kind, mns_head_t *head,
                    zmq_msg_t *body) {
  head->request = message->head.request;
  broker_send (broker, message->peer, &message->envelope, kind, head, body);
}

bool broker_bears (broker_t *broker, const broker_message_t *message, int64_t points) {
  mns_head_t head;
  bool first;
  if (broker_patience_take (message->peer, points, broker->now_ms, &first))
    return true;
  broker->counts.dropped++;
  if (!first)
    return false;
  mns_log (MNS_LOG_WARN, "broker", "peer.unheard", "account=%s identity=%s", message->peer->caller.account,
           message->peer->identity);
  mns_head_clear (&head);
  head.rc = MNS_BUSY;
  head.retry_after_ms = UNHEARD_RETRY_MS;
  mns_text_copy (head.where, sizeof head.where, "connection");
  mns_text_copy (head.detail, sizeof head.detail,
                 "greetings, subscriptions or mistakes come faster than the broker answers them: some are dropped");
  broker_answer (broker, message, MNS_ERR, &head, NULL);
  return false;
}

void broker_answer_error (broker_t *broker, const broker_message_t *message, mns_frame_kind_t kind,
                          const mns_error_t *error, uint64_t retry_after_ms) {
  mns_head_t head;
  bool request = message->kind == MNS_REQUEST || message->kind == MNS_SNAP;
  broker->counts.refused++;
  broker_audit_message (broker, message, error);
  if (!request && !message->paid && !broker_bears (broker, message, BROKER_POINTS_MISTAKE))
    return;
  mns_head_clear (&head);
  head.rc = error->rc;
  mns_text_copy (head.where, sizeof head.where, error->where);
  mns_text_copy (head.detail, sizeof head.detail, error->detail);
  head.retry_after_ms = retry_after_ms;
  head.subscription = message->head.subscription;
  broker_answer (broker, message, kind, &head, NULL);
}
