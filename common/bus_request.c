/* Requests of the bus client: a table of what is on its way or answered. */
#include "common/bus_private.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

enum { AGAIN_MS = 100, AGAIN_MAX_MS = 2000, GRACE_MS = 250, COME_BACK_MS = 10000 };

static int64_t now_ms (void) {
  return mns_clock.monotonic_ms ();
}

static mns_bus_pending_t *find_pending (mns_bus_t *bus, uint64_t number) {
  for (size_t i = 0; number > 0 && i < bus->pending_count; i++)
    if (bus->pending[i].number == number)
      return &bus->pending[i];
  return NULL;
}

static mns_bus_pending_t *new_pending (mns_bus_t *bus) {
  for (size_t i = 0; i < bus->pending_count; i++)
    if (bus->pending[i].number == 0)
      return &bus->pending[i];
  if (bus->pending_count == bus->pending_capacity) {
    bus->pending_capacity = bus->pending_capacity ? bus->pending_capacity * 2 : 8;
    bus->pending = mns_realloc (bus->pending, bus->pending_capacity * sizeof *bus->pending);
  }
  return &bus->pending[bus->pending_count++];
}

void mns_bus_forget (mns_bus_pending_t *pending) {
  zmq_msg_close (&pending->body);
  zmq_msg_close (&pending->reply);
  free (pending->answer);
  memset (pending, 0, sizeof *pending);
}

static void send_pending (mns_bus_t *bus, mns_bus_pending_t *pending) {
  mns_head_t *head = &bus->head;
  zmq_msg_t copy;
  int64_t left = pending->deadline_ms - now_ms ();
  mns_head_clear (head);
  if (pending->snap)
    *head = *pending->snap;
  else
    head->key = pending->key;
  head->request = pending->number;
  head->deadline_ms = left > 1 ? (uint64_t)left : 1;
  mns_text_copy (head->command, sizeof head->command, pending->command);
  mns_text_copy (head->account, sizeof head->account, bus->link.hello.account); /* also to a broker that forgot us */
  zmq_msg_init (&copy);
  zmq_msg_copy (&copy, &pending->body);
  pending->again_ms = 0;
  if (mns_link_send_message (&bus->link, pending->snap ? MNS_SNAP : MNS_REQUEST, head, &copy) == MNS_OK)
    return;
  zmq_msg_close (&copy);
  pending->again_ms = now_ms () + AGAIN_MS;
}

static void keep_answer (mns_bus_pending_t *pending, const mns_head_t *head, zmq_msg_t *body) {
  if (!pending->answer)
    pending->answer = mns_alloc (sizeof *pending->answer);
  *pending->answer = *head;
  zmq_msg_move (&pending->reply, body);
}

/* An error that may pass. A broker that has just come back does not know the commands of services that have not. */
static bool may_pass (const mns_bus_t *bus, mns_rc_t rc) {
  bool came_back = bus->welcomes > 1 && now_ms () - bus->link.since_ms < COME_BACK_MS;
  return mns_error_retry (rc) || (rc == MNS_UNKNOWN_COMMAND && came_back);
}

void mns_bus_take_answer (mns_bus_t *bus, mns_frame_kind_t kind) {
  mns_bus_pending_t *pending = find_pending (bus, bus->head.request);
  if (!pending || pending->answered)
    return;
  if (kind == MNS_ERR && bus->head.rc == MNS_OK)
    bus->head.rc = MNS_INTERNAL;
  keep_answer (pending, &bus->head, &bus->body);
  int64_t pause = pending->pause_ms > (int)bus->head.retry_after_ms ? pending->pause_ms : (int)bus->head.retry_after_ms;
  bool passing = kind == MNS_ERR && may_pass (bus, (mns_rc_t)bus->head.rc);
  pending->answered = !passing || now_ms () + pause >= pending->deadline_ms;
  pending->again_ms = pending->answered ? 0 : now_ms () + pause;
  pending->pause_ms = pending->pause_ms * 2 < AGAIN_MAX_MS ? pending->pause_ms * 2 : AGAIN_MAX_MS;
}

/* Its time is over. The last error that was hoped to pass tells more than "timeout" does. */
static void expire (mns_bus_t *bus, mns_bus_pending_t *pending) {
  mns_head_t head;
  pending->answered = true;
  if (pending->answer && pending->answer->rc != MNS_OK)
    return;
  mns_head_clear (&head);
  head.request = pending->number;
  bool up = bus->link.state == MNS_LINK_UP;
  head.rc = up ? MNS_TIMEOUT : MNS_UNAVAILABLE;
  mns_text_copy (head.where, sizeof head.where, pending->command);
  mns_text_copy (head.detail, sizeof head.detail,
                 up ? "no answer within the time allowed; it may have been carried out: ask again with the same key"
                    : bus->link.error.detail);
  zmq_msg_t none;
  zmq_msg_init (&none);
  keep_answer (pending, &head, &none);
  zmq_msg_close (&none);
}

/* Asks again what is due, ends what is late, and says when to come back. */
int64_t mns_bus_tend (mns_bus_t *bus, int64_t wait) {
  int64_t now = now_ms ();
  for (size_t i = 0; i < bus->pending_count; i++) {
    mns_bus_pending_t *pending = &bus->pending[i];
    if (pending->number == 0 || pending->answered)
      continue;
    if (now >= pending->deadline_ms + (pending->again_ms ? 0 : GRACE_MS)) {
      expire (bus, pending);
      return 0;
    }
    bool up = bus->link.state == MNS_LINK_UP;
    if (pending->again_ms && now >= pending->again_ms && up)
      send_pending (bus, pending);
    int64_t due = pending->again_ms ? (up ? pending->again_ms : pending->deadline_ms) : pending->deadline_ms + GRACE_MS;
    int64_t left = due > now ? due - now : 1;
    wait = left < wait ? left : wait;
  }
  return wait;
}

void mns_bus_ask_again (mns_bus_t *bus) {
  for (size_t i = 0; i < bus->pending_count; i++)
    if (bus->pending[i].number > 0 && !bus->pending[i].answered)
      send_pending (bus, &bus->pending[i]);
}

static mns_rc_t send_new (mns_bus_t *bus, const char *command, const mns_head_t *snap, const mns_uuid_t *key,
                          const void *body, size_t size, int timeout_ms, uint64_t *request, mns_error_t *error) {
  if (size > MNS_BODY_MAX)
    return mns_fail (error, MNS_TOO_LARGE, command, "the request has %zu bytes, %d are allowed", size, MNS_BODY_MAX);
  if (strlen (command) > MNS_NAME_MAX)
    return mns_fail (error, MNS_TOO_LONG, "command", "a command's name has at most %d characters", MNS_NAME_MAX);
  mns_bus_pending_t *pending = new_pending (bus);
  memset (pending, 0, sizeof *pending);
  zmq_msg_init (&pending->reply);
  if (zmq_msg_init_size (&pending->body, size) != 0)
    return mns_fail (error, MNS_MEMORY, command, "%s", mns_error_en (MNS_MEMORY));
  if (size > 0)
    memcpy (zmq_msg_data (&pending->body), body, size);
  mns_text_copy (pending->command, sizeof pending->command, command);
  pending->number = ++bus->last_number;
  pending->snap = snap;
  pending->key = key && !mns_uuid_is_zero (key) ? *key : mns_uuid_new ();
  pending->deadline_ms = now_ms () + timeout_ms;
  pending->pause_ms = AGAIN_MS;
  send_pending (bus, pending);
  *request = pending->number;
  return MNS_OK;
}

mns_rc_t mns_bus_send (mns_bus_t *bus, const char *command, const mns_uuid_t *key, const void *body, size_t size,
                       int timeout_ms, uint64_t *request, mns_error_t *error) {
  return send_new (bus, command, NULL, key, body, size, timeout_ms, request, error);
}

/* Hands an answer over and forgets the request. */
static void deliver (mns_bus_pending_t *pending, uint64_t *request, mns_buffer_t *reply, mns_head_t *head) {
  *request = pending->number;
  if (reply) {
    mns_buffer_clear (reply);
    mns_buffer_add (reply, zmq_msg_data (&pending->reply), zmq_msg_size (&pending->reply));
  }
  if (head)
    *head = *pending->answer;
  mns_bus_forget (pending);
}

/* An answered request: `number`, or any for 0. */
static mns_bus_pending_t *find_answered (mns_bus_t *bus, uint64_t number, bool *waiting) {
  *waiting = false;
  for (size_t i = 0; i < bus->pending_count; i++) {
    mns_bus_pending_t *pending = &bus->pending[i];
    if (pending->number == 0 || (number != 0 && pending->number != number))
      continue;
    if (pending->answered)
      return pending;
    *waiting = true;
  }
  return NULL;
}

mns_rc_t mns_bus_take (mns_bus_t *bus, int timeout_ms, uint64_t *request, mns_buffer_t *reply, mns_head_t *head,
                       mns_error_t *error) {
  int64_t until = now_ms () + timeout_ms;
  bool waiting, polled = false;
  for (;;) {
    mns_bus_pending_t *pending = find_answered (bus, 0, &waiting);
    if (pending) {
      deliver (pending, request, reply, head);
      return MNS_OK;
    }
    if (!waiting)
      return mns_fail (error, MNS_NOT_FOUND, "bus", "no request is on its way");
    int64_t left = until - now_ms ();
    if (left <= 0 && polled)
      return mns_fail (error, MNS_TIMEOUT, "bus", "no answer yet");
    mns_bus_pump (bus, left > 0 ? left : 0);
    polled = true;
  }
}

static mns_rc_t await (mns_bus_t *bus, uint64_t number, mns_buffer_t *reply, mns_head_t *head, mns_error_t *error) {
  bool waiting;
  mns_bus_pending_t *pending;
  while (!(pending = find_answered (bus, number, &waiting)))
    mns_bus_pump (bus, AGAIN_MAX_MS);
  mns_rc_t rc = (mns_rc_t)pending->answer->rc;
  if (rc != MNS_OK)
    mns_fail (error, rc, pending->answer->where, "%s",
              pending->answer->detail[0] ? pending->answer->detail : mns_error_en (rc));
  deliver (pending, &number, reply, head);
  return rc;
}

mns_rc_t mns_bus_request (mns_bus_t *bus, const char *command, const mns_uuid_t *key, const void *body, size_t size,
                          int timeout_ms, mns_buffer_t *reply, mns_head_t *head, mns_error_t *error) {
  uint64_t number;
  if (reply)
    mns_buffer_clear (reply);
  mns_rc_t rc = mns_bus_send (bus, command, key, body, size, timeout_ms, &number, error);
  return rc == MNS_OK ? await (bus, number, reply, head, error) : rc;
}

mns_rc_t mns_bus_snap (mns_bus_t *bus, const char *stream, const mns_head_t *snap, int timeout_ms, mns_buffer_t *rows,
                       mns_head_t *head, mns_error_t *error) {
  uint64_t number;
  mns_rc_t rc = send_new (bus, stream, snap, NULL, NULL, 0, timeout_ms, &number, error);
  return rc == MNS_OK ? await (bus, number, rows, head, error) : rc;
}
