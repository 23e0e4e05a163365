/* The subscription of a client: where it begins, what it gives, how far it is. */
#include "client/client_private.h"
#include "common/clock.h"
#include "common/text.h"
#include <string.h>

/* The offset file wins over `text`; `stored` says so. */
static mns_rc_t find_from (mns_client_t *client, const char *text, mns_from_t *from, mns_error_t *error) {
  client->confirmed[0] = 0;
  if (client->offset_file[0]) {
    mns_rc_t rc = mns_offset_read (client->offset_file, client->confirmed, error);
    if (rc != MNS_OK && rc != MNS_NOT_FOUND)
      return rc;
  }
  return mns_from_parse (client->confirmed[0] ? client->confirmed : text, from, error);
}

mns_rc_t mns_client_subscribe (mns_client_t *client, const char *const *prefixes, size_t count, const char *text,
                               mns_error_t *error) {
  mns_from_t from;
  mns_rc_t rc = mns_client_ready (client, error);
  if (rc == MNS_OK)
    rc = find_from (client, text, &from, error);
  if (rc != MNS_OK)
    return rc;
  rc = mns_bus_subscribe_from (client->bus, prefixes, count, from.offset, from.time, client->consumer, error);
  client->contained = from.contained;
  client->subscribed = rc == MNS_OK;
  return mns_client_done (client, rc);
}

void mns_client_unsubscribe (mns_client_t *client) {
  if (mns_client_ready (client, NULL) != MNS_OK)
    return;
  mns_bus_unsubscribe (client->bus);
  client->subscribed = false;
  mns_client_done (client, MNS_OK);
}

/* An event of before the snapshot is skipped; with the first one behind it there is nothing more to skip. */
static bool is_contained (mns_client_t *client) {
  mns_contained_t *contained = &client->contained;
  const mns_event_t *event = &client->receiver.raw;
  if (!contained->producer[0] || strcmp (event->producer, contained->producer) != 0)
    return false;
  if (event->producer_epoch < contained->epoch ||
      (event->producer_epoch == contained->epoch && event->number <= contained->number))
    return true;
  contained->producer[0] = 0;
  return false;
}

mns_rc_t mns_client_next (mns_client_t *client, int timeout_ms, const mns_received_t **event, mns_error_t *error) {
  mns_rc_t rc = mns_client_ready (client, error);
  if (rc != MNS_OK)
    return rc;
  if (!client->subscribed)
    return mns_fail (error, MNS_WRONG_STATE, "subscription", "there is none: call mns_client_subscribe first");
  int64_t until = mns_clock.monotonic_ms () + mns_client_timeout (timeout_ms);
  do {
    int64_t left = until - mns_clock.monotonic_ms ();
    rc = mns_bus_next (client->bus, left > 0 ? (int)left : 0, &client->receiver.raw, error);
  } while (rc == MNS_OK && is_contained (client));
  if (rc == MNS_OK)
    *event = mns_receiver_show (&client->receiver);
  return mns_client_done (client, rc);
}

const char *mns_client_offset (mns_client_t *client) {
  mns_from_t from = {.contained = client->contained};
  if (mns_client_ready (client, NULL) == MNS_OK)
    from.offset = mns_bus_offset (client->bus);
  mns_offset_format (&from, client->offset);
  return client->offset;
}

mns_rc_t mns_client_confirm (mns_client_t *client, mns_error_t *error) {
  mns_rc_t rc = mns_client_ready (client, error);
  if (rc != MNS_OK || !client->subscribed)
    return rc;
  const char *offset = mns_client_offset (client);
  if (client->offset_file[0] && strcmp (offset, client->confirmed) != 0) {
    rc = mns_offset_write (client->offset_file, offset, error);
    if (rc != MNS_OK)
      return rc;
    mns_text_copy (client->confirmed, sizeof client->confirmed, offset);
  }
  mns_bus_durable (client->bus, mns_bus_offset (client->bus).number);
  return mns_client_done (client, MNS_OK);
}
