/* One connection to the broker. */
#include "common/link.h"
#include "common/clock.h"
#include "common/handover.h"
#include "common/keys.h"
#include "common/log.h"
#include "common/text.h"
#include <errno.h>
#include <sodium.h>
#include <string.h>

enum {
  GREETING_MS = 3000, /* HELLO is answered by then */
  PING_MS = 5000,     /* of silence of ours before a PING */
  DEAD_MS = 15000,    /* of silence of the broker before a new socket */
  CHECK_MS = 500,     /* a connection that is gone is noticed by then */
  PAUSE_MIN_MS = 50,
  PAUSE_MAX_MS = 5000,
  PAUSE_LOCAL_MS = 1000,
  COMPLAIN_MS = 30000, /* between two log lines about a broker that is not there */
  QUEUE = 4000         /* messages; what is in flight is bounded elsewhere */
};

/* ---- the socket -------------------------------------------------------------------------------------------------- */

static bool begins (const char *text, const char *with) {
  return !strncmp (text, with, strlen (with));
}

static bool is_tcp (const mns_link_t *link) {
  return begins (link->config->bus, "tcp://");
}

/* How long a connection may take to become writable: longer after each that did not, for a machine under load answers,
 * but late, and who always gives up too early never gets in. */
static int64_t connect_ms (const mns_link_t *link) {
  return (is_tcp (link) ? 2000 : 300) + link->pause_ms;
}

static bool set (void *socket, int option, int value) {
  return zmq_setsockopt (socket, option, &value, sizeof value) == 0;
}

static bool set_options (void *socket) {
  int64_t max_size = 2 * MNS_BODY_MAX;
  return set (socket, ZMQ_IMMEDIATE, 1) && set (socket, ZMQ_LINGER, 1000) && set (socket, ZMQ_RECONNECT_IVL, -1) &&
         set (socket, ZMQ_HANDSHAKE_IVL, 5000) && set (socket, ZMQ_HEARTBEAT_IVL, 5000) &&
         set (socket, ZMQ_HEARTBEAT_TIMEOUT, 15000) && set (socket, ZMQ_SNDHWM, QUEUE) &&
         set (socket, ZMQ_RCVHWM, QUEUE) && zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &max_size, sizeof max_size) == 0;
}

static mns_rc_t open_socket (mns_link_t *link) {
  link->socket = zmq_socket (link->context, ZMQ_DEALER);
  if (!link->socket || !set_options (link->socket))
    return mns_fail (&link->error, MNS_INTERNAL, link->config->bus, "no socket: %s", zmq_strerror (zmq_errno ()));
  mns_rc_t rc = is_tcp (link)
                    ? mns_keys_secure (link->socket, link->config->broker_key, link->config->key_file, &link->error)
                    : MNS_OK;
  if (rc == MNS_OK && zmq_connect (link->socket, link->config->bus) != 0)
    rc = mns_fail (&link->error, MNS_INVALID, link->config->bus, "the endpoint of the bus cannot be used: %s",
                   zmq_strerror (zmq_errno ()));
  return rc;
}

static void close_socket (mns_link_t *link) {
  if (link->socket)
    zmq_close (link->socket);
  link->socket = NULL;
}

static bool writable (const mns_link_t *link) {
  int events = 0;
  size_t size = sizeof events;
  return link->socket && zmq_getsockopt (link->socket, ZMQ_EVENTS, &events, &size) == 0 && events & ZMQ_POLLOUT;
}

/* ---- states ------------------------------------------------------------------------------------------------------ */

static void enter (mns_link_t *link, mns_link_state_t state) {
  link->state = state;
  link->since_ms = mns_clock.monotonic_ms ();
  link->unwritable_ms = link->asked_ms = 0;
}

/* A pause of 75 to 125 per cent, twice as long each time. */
static void grow_pause (mns_link_t *link) {
  int pause = link->pause_ms * 2, most = is_tcp (link) ? PAUSE_MAX_MS : PAUSE_LOCAL_MS;
  pause = pause < PAUSE_MIN_MS ? PAUSE_MIN_MS : pause > most ? most : pause;
  link->pause_ms = pause * 3 / 4 + (int)randombytes_uniform ((uint32_t)pause / 2 + 1);
}

void mns_link_restart (mns_link_t *link) {
  close_socket (link);
  grow_pause (link);
  enter (link, MNS_LINK_CLOSED);
}

void mns_link_greet_again (mns_link_t *link) {
  close_socket (link);
  link->pause_ms = 0;
  enter (link, MNS_LINK_CLOSED);
}

/* A loss is told at once, a broker that is not there now and then; a link without a name says nothing. */
static void complain (mns_link_t *link, const char *why) {
  char quoted[200];
  int64_t now = mns_clock.monotonic_ms ();
  bool again = link->complained_ms == 0 || now - link->complained_ms >= COMPLAIN_MS;
  if (!link->who[0] || (link->state != MNS_LINK_UP && !again))
    return;
  link->complained_ms = now;
  mns_log (MNS_LOG_WARN, link->who, link->state == MNS_LINK_UP ? "bus.lost" : "bus.unreachable", "endpoint=%s why=%s",
           link->config->bus, mns_log_quote (why, quoted, sizeof quoted));
}

static void lose (mns_link_t *link, const char *why) {
  complain (link, why);
  mns_fail (&link->error, MNS_UNAVAILABLE, link->config->bus, "the broker does not answer (%s)", why);
  mns_link_restart (link);
}

static void open_link (mns_link_t *link) {
  if (open_socket (link) == MNS_OK) {
    enter (link, MNS_LINK_CONNECTING);
    return;
  }
  complain (link, link->error.detail);
  link->pause_ms = PAUSE_MAX_MS;
  mns_link_restart (link);
}

/* A signal never cuts a message in two. */
static int send_part (void *socket, zmq_msg_t *part, int more) {
  int result;
  mns_handover_give ();
  do
    result = zmq_msg_send (part, socket, ZMQ_DONTWAIT | more);
  while (result < 0 && zmq_errno () == EINTR);
  if (result < 0)
    zmq_msg_close (part);
  return result;
}

static int send_bytes (void *socket, const void *data, size_t size) {
  zmq_msg_t part;
  if (zmq_msg_init_size (&part, size) != 0)
    return -1;
  memcpy (zmq_msg_data (&part), data, size);
  return send_part (socket, &part, ZMQ_SNDMORE);
}

static int receive_part (void *socket, zmq_msg_t *part) {
  int result;
  do
    result = zmq_msg_recv (part, socket, ZMQ_DONTWAIT);
  while (result < 0 && zmq_errno () == EINTR);
  if (result >= 0)
    mns_handover_take ();
  return result;
}

/* `body` is taken over when it went. */
static mns_rc_t send_frames (mns_link_t *link, mns_frame_kind_t kind, const mns_head_t *head, zmq_msg_t *body) {
  uint8_t f0[4];
  mns_frame_kind (kind, f0);
  mns_head_pack (head, &link->head_bytes);
  if (!link->socket || send_bytes (link->socket, f0, sizeof f0) < 0)
    return MNS_UNAVAILABLE;
  send_bytes (link->socket, link->head_bytes.data, link->head_bytes.size);
  send_part (link->socket, body, 0);
  link->said_ms = mns_clock.monotonic_ms ();
  return MNS_OK;
}

static void greet (mns_link_t *link) {
  zmq_msg_t body;
  if (!writable (link))
    return;
  zmq_msg_init (&body);
  if (send_frames (link, MNS_HELLO, &link->hello, &body) == MNS_OK)
    enter (link, MNS_LINK_GREETING);
  else
    zmq_msg_close (&body);
}

static void ping (mns_link_t *link, int64_t now) {
  mns_head_t head;
  mns_head_clear (&head);
  if (mns_link_send (link, MNS_PING, &head, NULL, 0) == MNS_OK && link->asked_ms == 0)
    link->asked_ms = now;
}

/* A peer that is gone takes nothing more; one that is stuck does not answer. */
static void watch (mns_link_t *link, int64_t now) {
  if (writable (link))
    link->unwritable_ms = 0;
  else if (link->unwritable_ms == 0)
    link->unwritable_ms = now;
  if (link->unwritable_ms > 0 && now - link->unwritable_ms >= CHECK_MS)
    lose (link, "disconnected");
  else if (now - link->heard_ms >= DEAD_MS && link->asked_ms > 0 && now - link->asked_ms >= DEAD_MS - PING_MS)
    lose (link, "silent");
  else if (now - link->said_ms >= PING_MS)
    ping (link, now);
}

void mns_link_tick (mns_link_t *link) {
  int64_t now = mns_clock.monotonic_ms (), age = now - link->since_ms;
  switch (link->state) {
  case MNS_LINK_CLOSED:
    if (age >= link->pause_ms)
      open_link (link);
    if (link->state == MNS_LINK_CONNECTING)
      greet (link);
    break;
  case MNS_LINK_CONNECTING:
    greet (link);
    if (link->state == MNS_LINK_CONNECTING && age >= connect_ms (link))
      lose (link, "nobody there");
    break;
  case MNS_LINK_GREETING:
    if (age >= GREETING_MS)
      lose (link, "HELLO not answered");
    break;
  case MNS_LINK_UP:
    watch (link, now);
    break;
  }
}

int64_t mns_link_wait_ms (const mns_link_t *link) {
  int64_t age = mns_clock.monotonic_ms () - link->since_ms, wait = CHECK_MS;
  if (link->state == MNS_LINK_CLOSED)
    wait = link->pause_ms - age;
  else if (link->state == MNS_LINK_CONNECTING)
    wait = connect_ms (link) - age;
  else if (link->state == MNS_LINK_UP && link->unwritable_ms > 0)
    wait = CHECK_MS / 5;
  return wait < 0 ? 0 : wait > CHECK_MS ? CHECK_MS : wait;
}

short mns_link_poll (const mns_link_t *link) {
  if (!link->socket)
    return 0;
  return link->state == MNS_LINK_CONNECTING ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN;
}

void mns_link_init (mns_link_t *link, void *context, const mns_config_t *config, const char *who) {
  memset (link, 0, sizeof *link);
  link->context = context;
  link->config = config;
  mns_text_copy (link->who, sizeof link->who, who);
  mns_head_clear (&link->hello);
  mns_head_clear (&link->welcome);
  mns_text_copy (link->hello.software, sizeof link->hello.software, "minsheng/" MNS_VERSION);
  enter (link, MNS_LINK_CLOSED);
}

void mns_link_fini (mns_link_t *link) {
  mns_head_t head;
  mns_head_clear (&head);
  if (link->state == MNS_LINK_UP)
    mns_link_send (link, MNS_BYE, &head, NULL, 0);
  close_socket (link);
  mns_buffer_fini (&link->head_bytes);
  link->state = MNS_LINK_CLOSED;
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

mns_rc_t mns_link_send_message (mns_link_t *link, mns_frame_kind_t kind, const mns_head_t *head, zmq_msg_t *body) {
  return link->state == MNS_LINK_UP ? send_frames (link, kind, head, body) : MNS_UNAVAILABLE;
}

mns_rc_t mns_link_send (mns_link_t *link, mns_frame_kind_t kind, const mns_head_t *head, const void *body,
                        size_t size) {
  zmq_msg_t message;
  if (link->state != MNS_LINK_UP)
    return MNS_UNAVAILABLE;
  if (zmq_msg_init_size (&message, size) != 0)
    return MNS_MEMORY;
  if (size > 0)
    memcpy (zmq_msg_data (&message), body, size);
  mns_rc_t rc = mns_link_send_message (link, kind, head, &message);
  if (rc != MNS_OK)
    zmq_msg_close (&message);
  return rc;
}

/* Reads one message; false when there is none. *kind is 0 when it is not one of ours. */
static bool read_frames (mns_link_t *link, mns_frame_kind_t *kind, mns_head_t *head, zmq_msg_t *body) {
  zmq_msg_t frame;
  int count = 0, more = 1;
  *kind = 0;
  zmq_msg_init (&frame);
  for (; more; count++) {
    zmq_msg_t *into = count == 2 ? body : &frame;
    if (receive_part (link->socket, into) < 0)
      break;
    more = zmq_msg_more (into);
    if (count == 0)
      *kind = mns_frame_read_kind (zmq_msg_data (&frame), zmq_msg_size (&frame));
    if (count == 1 && mns_head_unpack (head, zmq_msg_data (&frame), zmq_msg_size (&frame), NULL) != MNS_OK)
      *kind = 0;
  }
  zmq_msg_close (&frame);
  if (count != 3)
    *kind = 0;
  return count > 0;
}

/* An error of the connection, not of a request. */
static bool is_dismissal (mns_frame_kind_t kind, const mns_head_t *head) {
  return kind == MNS_BYE || (kind == MNS_ERR && head->rc == MNS_NEED_HELLO);
}

static mns_frame_kind_t refused (mns_link_t *link, const mns_head_t *head) {
  mns_fail (&link->error, (mns_rc_t)head->rc, head->where, "%s", head->detail);
  mns_link_restart (link);
  if (head->retry_after_ms == 0)
    link->pause_ms = PAUSE_MAX_MS;
  else if ((uint64_t)link->pause_ms < head->retry_after_ms && head->retry_after_ms < PAUSE_MAX_MS)
    link->pause_ms = (int)head->retry_after_ms;
  return MNS_REFUSE;
}

static mns_frame_kind_t welcomed (mns_link_t *link, const mns_head_t *head) {
  link->welcome = *head;
  link->pause_ms = 0;
  link->error.rc = MNS_OK;
  enter (link, MNS_LINK_UP);
  return MNS_WELCOME;
}

/* BYE may say why: an account that was taken away is no broker that does not answer. */
static void dismissed (mns_link_t *link, mns_frame_kind_t kind, const mns_head_t *head) {
  mns_rc_t rc = kind == MNS_BYE ? (mns_rc_t)head->rc : MNS_OK;
  lose (link, kind == MNS_BYE ? "BYE" : "need_hello");
  if (rc != MNS_OK && !mns_error_retry (rc))
    mns_fail (&link->error, rc, link->config->bus, "the broker ended the connection: %s",
              head->detail[0] ? head->detail : mns_error_en (rc));
}

/* What the link itself answers; the kind if it is the owner's. */
static mns_frame_kind_t take (mns_link_t *link, mns_frame_kind_t kind, const mns_head_t *head) {
  mns_head_t answer;
  if (kind == MNS_WELCOME)
    return welcomed (link, head);
  if (kind == MNS_REFUSE)
    return refused (link, head);
  if (is_dismissal (kind, head)) {
    dismissed (link, kind, head);
    return MNS_BYE;
  }
  if (kind == MNS_PING) {
    mns_head_clear (&answer);
    answer.request = head->request;
    mns_link_send (link, MNS_PONG, &answer, NULL, 0);
  }
  return kind == MNS_PING || kind == MNS_PONG ? 0 : kind;
}

mns_frame_kind_t mns_link_receive (mns_link_t *link, mns_head_t *head, zmq_msg_t *body) {
  mns_frame_kind_t kind;
  while (link->socket && read_frames (link, &kind, head, body)) {
    link->heard_ms = mns_clock.monotonic_ms ();
    link->asked_ms = 0;
    kind = kind ? take (link, kind, head) : 0;
    if (kind)
      return kind;
  }
  return 0;
}
