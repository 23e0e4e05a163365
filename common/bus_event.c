/* The subscription of a bus client: deliveries that wait to be read, credit given back, loss repaired. */
#include "common/bus_private.h"
#include "common/text.h"
#include <string.h>

static int64_t now_ms (void) {
  return mns_clock.monotonic_ms ();
}

static mns_bus_delivery_t *delivery_at (mns_bus_t *bus, size_t i) {
  return &bus->deliveries[(bus->first_delivery + i) % MNS_BUS_DELIVERIES];
}

void mns_bus_take_event (mns_bus_t *bus, mns_frame_kind_t kind) {
  uint64_t after = bus->subscription.offset.number;
  mns_take_t take = mns_subscription_take (&bus->subscription, kind, &bus->head, now_ms (), &bus->ended);
  if (take != MNS_TAKE_APPLY)
    return;
  mns_bus_delivery_t *delivery = delivery_at (bus, bus->delivery_count++);
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

void mns_bus_drop_delivery (mns_bus_t *bus) {
  mns_bus_delivery_t *delivery = delivery_at (bus, 0);
  bus->credit_messages++;
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

mns_rc_t mns_bus_subscribe (mns_bus_t *bus, const char *const *prefixes, size_t count, uint64_t from,
                            const char *consumer, mns_error_t *error) {
  uint64_t id = bus->subscription.id;
  while (bus->delivery_count > 0)
    mns_bus_drop_delivery (bus);
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
  int64_t until = now_ms () + MNS_BUS_CALL_MS;
  while (!bus->subscription.live && !bus->subscription.ended && now_ms () < until)
    mns_bus_pump (bus, until - now_ms ());
  if (bus->subscription.ended)
    return mns_fail (error, bus->ended.rc, bus->ended.where, "%s", bus->ended.detail);
  if (!bus->subscription.live)
    return mns_fail (error, MNS_TIMEOUT, "subscription", "the broker does not answer the subscription");
  return MNS_OK;
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

mns_rc_t mns_bus_next (mns_bus_t *bus, int timeout_ms, mns_event_t *event, mns_error_t *error) {
  int64_t until = now_ms () + timeout_ms;
  mns_rc_t rc = MNS_OK;
  bool polled = false;
  for (;;) {
    if (bus->delivery_count > 0) {
      if (next_record (delivery_at (bus, 0), event, &rc, error))
        return rc;
      mns_bus_drop_delivery (bus);
      give_credit (bus);
      continue;
    }
    if (bus->subscription.ended)
      return mns_fail (error, bus->ended.rc, bus->ended.where, "%s", bus->ended.detail);
    int64_t left = until - now_ms ();
    if (left <= 0 && polled)
      return mns_fail (error, MNS_TIMEOUT, "subscription", "no event in this time");
    mns_bus_pump (bus, left > 0 ? left : 0);
    polled = true;
  }
}
