/* The subscription of a bus client: deliveries that wait to be read, credit given back, loss repaired. */
#include "common/bus_private.h"
#include "common/text.h"
#include <string.h>

enum { DURABLE_MS = 1000 }; /* between two messages that only say how far the caller is durable */

static int64_t now_ms (void) {
  return mns_clock.monotonic_ms ();
}

static mns_bus_delivery_t *delivery_at (mns_bus_t *bus, size_t i) {
  return &bus->deliveries[(bus->first_delivery + i) % MNS_BUS_DELIVERIES];
}

static mns_bus_delivery_t *add_delivery (mns_bus_t *bus) {
  mns_bus_delivery_t *delivery = delivery_at (bus, bus->delivery_count++);
  memset (delivery, 0, sizeof *delivery);
  zmq_msg_init (&delivery->body);
  delivery->behind = bus->subscription.offset;
  return delivery;
}

void mns_bus_take_event (mns_bus_t *bus, mns_frame_kind_t kind) {
  mns_offset_t before = bus->subscription.offset;
  mns_bus_delivery_t *delivery;
  switch (mns_subscription_take (&bus->subscription, kind, &bus->head, now_ms (), &bus->ended)) {
  case MNS_TAKE_APPLY:
    delivery = add_delivery (bus);
    zmq_msg_move (&delivery->body, &bus->body);
    delivery->after = before.number;
    break;
  case MNS_TAKE_GAP:
    delivery = add_delivery (bus);
    delivery->gap = bus->ended;
    break;
  case MNS_TAKE_MOVE:
    if (bus->delivery_count > 0)
      delivery_at (bus, bus->delivery_count - 1)->behind = bus->subscription.offset;
    else
      bus->given = bus->subscription.offset;
    break;
  case MNS_TAKE_ENDED:
  case MNS_TAKE_DROP:
    break;
  }
}

/* What is due goes out: room for more, and up to where the caller is durable. */
void mns_bus_give_credit (mns_bus_t *bus) {
  mns_head_t *head = &bus->head;
  bool room = bus->credit_messages >= MNS_CREDIT_MESSAGES / 8 || bus->credit_bytes >= MNS_CREDIT_BYTES / 8 ||
              (bus->credit_messages > 0 && bus->delivery_count == 0);
  bool told = bus->durable == bus->durable_told || now_ms () - bus->durable_ms < DURABLE_MS;
  if ((!room && told) || !bus->subscription.live)
    return;
  mns_head_clear (head);
  head->subscription = bus->subscription.id;
  head->credit_messages = bus->credit_messages;
  head->credit_bytes = bus->credit_bytes;
  head->last = bus->durable;
  if (mns_link_send (&bus->link, MNS_CREDIT, head, NULL, 0) != MNS_OK)
    return;
  bus->credit_messages = bus->credit_bytes = 0;
  bus->durable_told = bus->durable;
  bus->durable_ms = now_ms ();
}

void mns_bus_drop_delivery (mns_bus_t *bus) {
  mns_bus_delivery_t *delivery = delivery_at (bus, 0);
  bus->credit_messages += delivery->gap.rc == MNS_OK;
  bus->credit_bytes += zmq_msg_size (&delivery->body);
  zmq_msg_close (&delivery->body);
  bus->first_delivery = (bus->first_delivery + 1) % MNS_BUS_DELIVERIES;
  bus->delivery_count--;
}

void mns_bus_ask_subscription (mns_bus_t *bus) {
  if (bus->link.state != MNS_LINK_UP || !mns_subscription_ask (&bus->subscription, now_ms (), &bus->head))
    return;
  bus->credit_messages = bus->credit_bytes = 0;
  if (mns_link_send (&bus->link, MNS_SUB, &bus->head, NULL, 0) != MNS_OK)
    mns_subscription_lost (&bus->subscription, now_ms ());
}

void mns_bus_unsubscribe (mns_bus_t *bus) {
  mns_head_t *head = &bus->head;
  if (bus->subscription.live || bus->subscription.asked) {
    mns_head_clear (head);
    head->subscription = bus->subscription.id;
    mns_link_send (&bus->link, MNS_SUBEND, head, NULL, 0);
  }
  while (bus->delivery_count > 0)
    mns_bus_drop_delivery (bus);
  uint64_t id = bus->subscription.id;
  mns_subscription_init (&bus->subscription, "", (mns_offset_t){0});
  bus->subscription.id = id;
  bus->credit_messages = bus->credit_bytes = bus->durable = bus->durable_told = 0;
}

static mns_rc_t add_prefixes (mns_bus_t *bus, const char *const *prefixes, size_t count, mns_error_t *error) {
  for (size_t i = 0; i < count; i++) {
    mns_rc_t rc = mns_prefix_check (prefixes[i], error);
    if (rc != MNS_OK)
      return rc;
    if (!mns_subscription_add (&bus->subscription, prefixes[i]))
      return mns_fail (error, MNS_TOO_LARGE, "prefixes", "a subscription has at most %d prefixes", MNS_PREFIXES_MAX);
  }
  return count > 0 ? MNS_OK : mns_fail (error, MNS_MISSING, "prefixes", "a subscription needs a prefix");
}

mns_rc_t mns_bus_subscribe_from (mns_bus_t *bus, const char *const *prefixes, size_t count, mns_offset_t from,
                                 mns_time_t from_time, const char *consumer, mns_error_t *error) {
  mns_bus_unsubscribe (bus);
  mns_text_copy (bus->subscription.consumer, sizeof bus->subscription.consumer, consumer);
  bus->subscription.offset = bus->given = from;
  bus->subscription.from_time = from_time;
  bus->ended.rc = MNS_OK;
  mns_rc_t rc = add_prefixes (bus, prefixes, count, error);
  if (rc != MNS_OK) {
    mns_bus_unsubscribe (bus);
    return rc;
  }
  int64_t until = now_ms () + MNS_BUS_CALL_MS;
  while (!bus->subscription.live && !bus->subscription.ended && now_ms () < until)
    mns_bus_pump (bus, until - now_ms ());
  if (bus->subscription.ended)
    return mns_fail (error, bus->ended.rc, bus->ended.where, "%s", bus->ended.detail);
  if (!bus->subscription.live)
    return mns_fail (error, MNS_TIMEOUT, "subscription", "the broker does not answer the subscription");
  return MNS_OK;
}

mns_rc_t mns_bus_subscribe (mns_bus_t *bus, const char *const *prefixes, size_t count, uint64_t from,
                            const char *consumer, mns_error_t *error) {
  return mns_bus_subscribe_from (bus, prefixes, count, (mns_offset_t){0, from, 0}, 0, consumer ? consumer : "", error);
}

mns_offset_t mns_bus_offset (const mns_bus_t *bus) {
  return bus->given;
}

void mns_bus_durable (mns_bus_t *bus, uint64_t number) {
  bus->durable = number;
  mns_bus_give_credit (bus);
}

/* The next record of the delivery at hand; false at its end. */
static bool next_record (mns_bus_delivery_t *delivery, mns_event_t *event, mns_rc_t *rc, mns_error_t *error) {
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

/* What the delivery at hand has next: an event, a gap, or (MNS_NOT_FOUND) nothing any more. */
static mns_rc_t read_delivery (mns_bus_t *bus, mns_event_t *event, mns_error_t *error) {
  mns_bus_delivery_t *delivery = delivery_at (bus, 0);
  mns_rc_t rc = MNS_OK;
  if (next_record (delivery, event, &rc, error)) {
    bus->given = (mns_offset_t){delivery->behind.epoch, event->log_number, 0};
    if (delivery->at == zmq_msg_size (&delivery->body))
      bus->given = delivery->behind;
    return rc;
  }
  bus->given = delivery->behind;
  rc = delivery->gap.rc;
  if (rc != MNS_OK)
    mns_fail (error, rc, delivery->gap.where, "%s", delivery->gap.detail);
  mns_bus_drop_delivery (bus);
  mns_bus_give_credit (bus);
  return rc == MNS_OK ? MNS_NOT_FOUND : rc;
}

mns_rc_t mns_bus_next (mns_bus_t *bus, int timeout_ms, mns_event_t *event, mns_error_t *error) {
  int64_t until = now_ms () + timeout_ms;
  bool polled = false;
  for (;;) {
    while (bus->delivery_count > 0) {
      mns_rc_t rc = read_delivery (bus, event, error);
      if (rc != MNS_NOT_FOUND)
        return rc;
    }
    if (bus->subscription.ended)
      return mns_fail (error, bus->ended.rc, bus->ended.where, "%s", bus->ended.detail);
    if (mns_bus_refused (bus))
      return mns_bus_state (bus, error);
    int64_t left = until - now_ms ();
    if (left <= 0 && polled)
      return mns_fail (error, MNS_TIMEOUT, "subscription", "no event in this time");
    mns_bus_pump (bus, left > 0 ? left : 0);
    polled = true;
  }
}
