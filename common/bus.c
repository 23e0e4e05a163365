/* The bus client: what is asked waits in a table until its answer comes or its time is over; it is asked again, under
 * the same key, after a lost connection and after an error that may pass. */
#include "common/bus.h"
#include "common/clock.h"
#include "common/link.h"
#include "common/subscription.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

enum { AGAIN_MS = 100, AGAIN_MAX_MS = 2000, CALL_MS = 10000, GRACE_MS = 250, COME_BACK_MS = 10000 };

/* One request on its way, or its answer. */
typedef struct {
  uint64_t number; /* of the caller's; 0: free */
  char command[MNS_NAME_MAX + 1];
  mns_uuid_t key;
  zmq_msg_t body;                /* kept for asking again */
  int64_t deadline_ms, again_ms; /* again_ms 0: an answer is awaited */
  int pause_ms;
  bool answered;
  mns_head_t *answer; /* also the last error that may pass */
  zmq_msg_t reply;
} pending_t;

/* An EVT that has not been read to its end. */
typedef struct {
  zmq_msg_t body;
  size_t at;
  uint64_t after; /* records up to this number are old */
} delivery_t;

struct mns_bus {
  const mns_config_t *config;
  mns_link_t link;
  uint64_t welcomes;
  pending_t *pending;
  size_t pending_count, pending_capacity;
  uint64_t last_number;
  mns_subscription_t subscription;
  delivery_t deliveries[MNS_CREDIT_MESSAGES * 2];
  size_t first_delivery, delivery_count;
  uint64_t credit_messages, credit_bytes;
  mns_error_t ended; /* why the subscription is over */
  mns_head_t head;
  zmq_msg_t body;
};

static int64_t now_ms (void) {
  return mns_clock.monotonic_ms ();
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static pending_t *find_pending (mns_bus_t *bus, uint64_t number) {
  for (size_t i = 0; number > 0 && i < bus->pending_count; i++)
    if (bus->pending[i].number == number)
      return &bus->pending[i];
  return NULL;
}

static pending_t *new_pending (mns_bus_t *bus) {
  for (size_t i = 0; i < bus->pending_count; i++)
    if (bus->pending[i].number == 0)
      return &bus->pending[i];
  if (bus->pending_count == bus->pending_capacity) {
    bus->pending_capacity = bus->pending_capacity ? bus->pending_capacity * 2 : 8;
    bus->pending = mns_realloc (bus->pending, bus->pending_capacity * sizeof *bus->pending);
  }
  return &bus->pending[bus->pending_count++];
}

static void free_pending (pending_t *pending) {
  zmq_msg_close (&pending->body);
  zmq_msg_close (&pending->reply);
  free (pending->answer);
  memset (pending, 0, sizeof *pending);
}

static void send_pending (mns_bus_t *bus, pending_t *pending) {
  mns_head_t *head = &bus->head;
  zmq_msg_t copy;
  int64_t left = pending->deadline_ms - now_ms ();
  mns_head_clear (head);
  head->request = pending->number;
  head->key = pending->key;
  head->deadline_ms = left > 1 ? (uint64_t)left : 1;
  mns_text_copy (head->command, sizeof head->command, pending->command);
  zmq_msg_init (&copy);
  zmq_msg_copy (&copy, &pending->body);
  pending->again_ms = 0;
  if (mns_link_send_message (&bus->link, MNS_REQUEST, head, &copy) == MNS_OK)
    return;
  zmq_msg_close (&copy);
  pending->again_ms = now_ms () + AGAIN_MS;
}

static void keep_answer (pending_t *pending, const mns_head_t *head, zmq_msg_t *body) {
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

static void take_answer (mns_bus_t *bus, mns_frame_kind_t kind) {
  pending_t *pending = find_pending (bus, bus->head.request);
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
static void expire (mns_bus_t *bus, pending_t *pending) {
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
static int64_t tend_pending (mns_bus_t *bus, int64_t wait) {
  int64_t now = now_ms ();
  for (size_t i = 0; i < bus->pending_count; i++) {
    pending_t *pending = &bus->pending[i];
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

static void send_all_again (mns_bus_t *bus) {
  for (size_t i = 0; i < bus->pending_count; i++)
    if (bus->pending[i].number > 0 && !bus->pending[i].answered)
      send_pending (bus, &bus->pending[i]);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static delivery_t *delivery_at (mns_bus_t *bus, size_t i) {
  return &bus->deliveries[(bus->first_delivery + i) % (sizeof bus->deliveries / sizeof bus->deliveries[0])];
}

static void take_event (mns_bus_t *bus, mns_frame_kind_t kind) {
  uint64_t after = bus->subscription.offset.number;
  mns_take_t take = mns_subscription_take (&bus->subscription, kind, &bus->head, now_ms (), &bus->ended);
  if (take != MNS_TAKE_APPLY)
    return;
  delivery_t *delivery = delivery_at (bus, bus->delivery_count++);
  zmq_msg_init (&delivery->body);
  zmq_msg_move (&delivery->body, &bus->body);
  delivery->at = 0;
  delivery->after = after;
}

static void give_credit (mns_bus_t *bus) {
  mns_head_t *head = &bus->head;
  if (bus->credit_messages < MNS_CREDIT_MESSAGES / 8 && bus->credit_bytes < MNS_CREDIT_BYTES / 8 &&
      bus->delivery_count > 0)
    return;
  if (bus->credit_messages == 0 || !bus->subscription.live)
    return;
  mns_head_clear (head);
  head->subscription = bus->subscription.id;
  head->credit_messages = bus->credit_messages;
  head->credit_bytes = bus->credit_bytes;
  if (mns_link_send (&bus->link, MNS_CREDIT, head, NULL, 0) == MNS_OK)
    bus->credit_messages = bus->credit_bytes = 0;
}

static void drop_delivery (mns_bus_t *bus) {
  delivery_t *delivery = delivery_at (bus, 0);
  bus->credit_messages++;
  bus->credit_bytes += zmq_msg_size (&delivery->body);
  zmq_msg_close (&delivery->body);
  bus->first_delivery = (bus->first_delivery + 1) % (sizeof bus->deliveries / sizeof bus->deliveries[0]);
  bus->delivery_count--;
}

static void ask_subscription (mns_bus_t *bus) {
  if (bus->link.state != MNS_LINK_UP || !mns_subscription_ask (&bus->subscription, now_ms (), &bus->head))
    return;
  bus->credit_messages = bus->credit_bytes = 0;
  if (mns_link_send (&bus->link, MNS_SUB, &bus->head, NULL, 0) != MNS_OK)
    mns_subscription_lost (&bus->subscription, now_ms ());
}

/* ---- the connection ---------------------------------------------------------------------------------------------- */

static void take (mns_bus_t *bus, mns_frame_kind_t kind) {
  switch (kind) {
  case MNS_WELCOME:
    bus->welcomes++;
    mns_subscription_lost (&bus->subscription, now_ms ());
    send_all_again (bus);
    break;
  case MNS_REPLY:
  case MNS_ERR:
    take_answer (bus, kind);
    break;
  case MNS_SUBOK:
  case MNS_EVT:
  case MNS_IDLE:
  case MNS_GAP:
  case MNS_SUBEND:
    take_event (bus, kind);
    break;
  default:
    break;
  }
}

static bool room (const mns_bus_t *bus) {
  return bus->delivery_count < sizeof bus->deliveries / sizeof bus->deliveries[0];
}

/* Waits up to `wait` ms for something to happen, and takes all that came. */
static void pump (mns_bus_t *bus, int64_t wait) {
  mns_frame_kind_t kind;
  int64_t link = mns_link_wait_ms (&bus->link), ask = mns_subscription_wait_ms (&bus->subscription, now_ms ());
  wait = link < wait ? link : wait;
  if (bus->link.state == MNS_LINK_UP && ask >= 0 && ask < wait)
    wait = ask;
  wait = tend_pending (bus, wait);
  zmq_pollitem_t item = {bus->link.socket, 0, mns_link_poll (&bus->link), 0};
  zmq_poll (&item, bus->link.socket ? 1 : 0, wait);
  mns_link_tick (&bus->link);
  while (room (bus) && (kind = mns_link_receive (&bus->link, &bus->head, &bus->body)))
    take (bus, kind);
  ask_subscription (bus);
}

/* A refusal that time does not heal. */
static bool refused (const mns_bus_t *bus) {
  mns_rc_t rc = bus->link.error.rc;
  return rc != MNS_OK && !mns_error_retry (rc);
}

static mns_rc_t wait_welcome (mns_bus_t *bus, int timeout_ms, mns_error_t *error) {
  int64_t until = now_ms () + timeout_ms;
  while (bus->link.state != MNS_LINK_UP && now_ms () < until && !refused (bus))
    pump (bus, until - now_ms ());
  if (bus->link.state == MNS_LINK_UP)
    return MNS_OK;
  if (refused (bus))
    return mns_fail (error, bus->link.error.rc, bus->link.error.where, "%s", bus->link.error.detail);
  return mns_fail (error, MNS_UNAVAILABLE, bus->config->bus,
                   "nobody answers at the bus: start the stack (mns up), or set 'bus' to where it is");
}

mns_rc_t mns_bus_new (mns_bus_t **out, const mns_config_t *config, const char *account, int timeout_ms,
                      mns_error_t *error) {
  mns_bus_t *bus = mns_alloc (sizeof *bus);
  memset (bus, 0, sizeof *bus);
  bus->config = config;
  zmq_msg_init (&bus->body);
  mns_link_init (&bus->link, config, "bus");
  mns_text_copy (bus->link.hello.account, sizeof bus->link.hello.account, account ? account : "");
  mns_rc_t rc = wait_welcome (bus, timeout_ms, error);
  if (rc != MNS_OK)
    mns_bus_destroy (&bus);
  *out = bus;
  return rc;
}

void mns_bus_destroy (mns_bus_t **owner) {
  mns_bus_t *bus = *owner;
  if (!bus)
    return;
  mns_link_fini (&bus->link);
  for (size_t i = 0; i < bus->pending_count; i++)
    if (bus->pending[i].number > 0)
      free_pending (&bus->pending[i]);
  while (bus->delivery_count > 0)
    drop_delivery (bus);
  zmq_msg_close (&bus->body);
  free (bus->pending);
  free (bus);
  *owner = NULL;
}

const mns_head_t *mns_bus_welcome (const mns_bus_t *bus) {
  return &bus->link.welcome;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

mns_rc_t mns_bus_send (mns_bus_t *bus, const char *command, const mns_uuid_t *key, const void *body, size_t size,
                       int timeout_ms, uint64_t *request, mns_error_t *error) {
  if (size > MNS_BODY_MAX)
    return mns_fail (error, MNS_TOO_LARGE, command, "the request has %zu bytes, %d are allowed", size, MNS_BODY_MAX);
  if (strlen (command) > MNS_NAME_MAX)
    return mns_fail (error, MNS_TOO_LONG, "command", "a command's name has at most %d characters", MNS_NAME_MAX);
  pending_t *pending = new_pending (bus);
  memset (pending, 0, sizeof *pending);
  zmq_msg_init (&pending->reply);
  if (zmq_msg_init_size (&pending->body, size) != 0)
    return mns_fail (error, MNS_MEMORY, command, "%s", mns_error_en (MNS_MEMORY));
  if (size > 0)
    memcpy (zmq_msg_data (&pending->body), body, size);
  mns_text_copy (pending->command, sizeof pending->command, command);
  pending->number = ++bus->last_number;
  pending->key = key && !mns_uuid_is_zero (key) ? *key : mns_uuid_new ();
  pending->deadline_ms = now_ms () + timeout_ms;
  pending->pause_ms = AGAIN_MS;
  send_pending (bus, pending);
  *request = pending->number;
  return MNS_OK;
}

/* Hands an answer over and forgets the request. */
static void deliver (pending_t *pending, uint64_t *request, mns_buffer_t *reply, mns_head_t *head) {
  *request = pending->number;
  if (reply) {
    mns_buffer_clear (reply);
    mns_buffer_add (reply, zmq_msg_data (&pending->reply), zmq_msg_size (&pending->reply));
  }
  if (head)
    *head = *pending->answer;
  free_pending (pending);
}

/* An answered request: `number`, or any for 0. */
static pending_t *find_answered (mns_bus_t *bus, uint64_t number, bool *waiting) {
  *waiting = false;
  for (size_t i = 0; i < bus->pending_count; i++) {
    pending_t *pending = &bus->pending[i];
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
    pending_t *pending = find_answered (bus, 0, &waiting);
    if (pending) {
      deliver (pending, request, reply, head);
      return MNS_OK;
    }
    if (!waiting)
      return mns_fail (error, MNS_NOT_FOUND, "bus", "no request is on its way");
    int64_t left = until - now_ms ();
    if (left <= 0 && polled)
      return mns_fail (error, MNS_TIMEOUT, "bus", "no answer yet");
    pump (bus, left > 0 ? left : 0);
    polled = true;
  }
}

mns_rc_t mns_bus_request (mns_bus_t *bus, const char *command, const mns_uuid_t *key, const void *body, size_t size,
                          int timeout_ms, mns_buffer_t *reply, mns_head_t *head, mns_error_t *error) {
  uint64_t number;
  bool waiting;
  pending_t *pending;
  if (reply)
    mns_buffer_clear (reply);
  mns_rc_t rc = mns_bus_send (bus, command, key, body, size, timeout_ms, &number, error);
  if (rc != MNS_OK)
    return rc;
  while (!(pending = find_answered (bus, number, &waiting)))
    pump (bus, AGAIN_MAX_MS);
  rc = (mns_rc_t)pending->answer->rc;
  if (rc != MNS_OK)
    mns_fail (error, rc, pending->answer->where, "%s",
              pending->answer->detail[0] ? pending->answer->detail : mns_error_en (rc));
  deliver (pending, &number, reply, head);
  return rc;
}

mns_rc_t mns_bus_call (mns_bus_t *bus, const char *command, const mns_uuid_t *key, const mns_record_type_t *in_type,
                       const void *in, const mns_record_type_t *out_type, void *out, mns_error_t *error) {
  mns_buffer_t body = {0}, reply = {0};
  size_t used;
  if (in_type)
    mns_record_pack (in_type, in, &body);
  if (out_type)
    mns_record_clear (out_type, out);
  mns_rc_t rc = mns_bus_request (bus, command, key, body.data, body.size, CALL_MS, &reply, NULL, error);
  if (rc == MNS_OK && out_type && reply.size > 0)
    rc = mns_record_unpack (out_type, out, reply.data, reply.size, &used, error);
  else if (rc == MNS_OK && out_type)
    rc = mns_fail (error, MNS_NOT_FOUND, command, "the answer has no record");
  mns_buffer_fini (&body);
  mns_buffer_fini (&reply);
  return rc;
}

/* ---- listening --------------------------------------------------------------------------------------------------- */

mns_rc_t mns_bus_subscribe (mns_bus_t *bus, const char *const *prefixes, size_t count, uint64_t from,
                            const char *consumer, mns_error_t *error) {
  uint64_t id = bus->subscription.id;
  while (bus->delivery_count > 0)
    drop_delivery (bus);
  mns_subscription_init (&bus->subscription, consumer, (mns_offset_t){0, from, 0});
  bus->subscription.id = id;
  bus->ended.rc = MNS_OK;
  for (size_t i = 0; i < count; i++) {
    mns_rc_t rc = mns_prefix_check (prefixes[i], error);
    if (rc != MNS_OK)
      return rc;
    if (!mns_subscription_add (&bus->subscription, prefixes[i]))
      return mns_fail (error, MNS_TOO_LARGE, "prefixes", "a subscription has at most %d prefixes", MNS_PREFIXES_MAX);
  }
  int64_t until = now_ms () + CALL_MS;
  while (!bus->subscription.live && !bus->subscription.ended && now_ms () < until)
    pump (bus, until - now_ms ());
  if (bus->subscription.ended)
    return mns_fail (error, bus->ended.rc, bus->ended.where, "%s", bus->ended.detail);
  if (!bus->subscription.live)
    return mns_fail (error, MNS_TIMEOUT, "subscription", "the broker does not answer the subscription");
  return MNS_OK;
}

/* The next record of the delivery at hand; false at its end. */
static bool next_record (delivery_t *delivery, mns_event_t *event, mns_rc_t *rc, mns_error_t *error) {
  size_t used;
  while (delivery->at < zmq_msg_size (&delivery->body)) {
    const uint8_t *data = (const uint8_t *)zmq_msg_data (&delivery->body) + delivery->at;
    *rc = mns_event_unpack (event, data, zmq_msg_size (&delivery->body) - delivery->at, &used, error);
    if (*rc != MNS_OK)
      return true;
    delivery->at += used;
    if (event->log_number > delivery->after)
      return true;
  }
  return false;
}

mns_rc_t mns_bus_next (mns_bus_t *bus, int timeout_ms, mns_event_t *event, mns_error_t *error) {
  int64_t until = now_ms () + timeout_ms;
  mns_rc_t rc = MNS_OK;
  bool polled = false;
  for (;;) {
    if (bus->delivery_count > 0) {
      if (next_record (delivery_at (bus, 0), event, &rc, error))
        return rc;
      drop_delivery (bus);
      give_credit (bus);
      continue;
    }
    if (bus->subscription.ended)
      return mns_fail (error, bus->ended.rc, bus->ended.where, "%s", bus->ended.detail);
    int64_t left = until - now_ms ();
    if (left <= 0 && polled)
      return mns_fail (error, MNS_TIMEOUT, "subscription", "no event in this time");
    pump (bus, left > 0 ? left : 0);
    polled = true;
  }
}
