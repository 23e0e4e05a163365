/* The feed: a SUB socket, and what it lost read from the log.
 *
 * A tick says up to which number of the log everything was sent. When one has come, and not more often than asked for,
 * the log is asked by bus.read with the count and the sum of what arrived; it answers nothing, or the records. */
#include "mns/feed.h"
#include "client/client_private.h"
#include "client/feed_check.h"
#include "common/clock.h"
#include "common/keys.h"
#include "common/pack.h"
#include "common/text.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define TICK "system.feed."

enum { REPAIR_MS = 10000, READ_MS = 5000 };

struct mns_feed {
  mns_client_t *client;
  void *socket;
  char prefixes[MNS_PREFIXES_MAX][MNS_TOPIC_MAX + 1];
  const char *prefix[MNS_PREFIXES_MAX];
  size_t prefix_count;
  mns_feed_check_t check;
  int repair_ms;
  int64_t ask_ms; /* not before */
  zmq_msg_t topic, record;
  mns_buffer_t request, found; /* records read from the log */
  size_t found_at;
  uint64_t found_to; /* they are all up to here */
  uint64_t repaired;
  mns_receiver_t receiver;
};

static int64_t now_ms (void) {
  return mns_clock.monotonic_ms ();
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static bool set (void *socket, int option, int value) {
  return zmq_setsockopt (socket, option, &value, sizeof value) == 0;
}

static bool listen_to (void *socket, const char *prefix) {
  return zmq_setsockopt (socket, ZMQ_SUBSCRIBE, prefix, strlen (prefix)) == 0;
}

static bool set_options (mns_feed_t *feed) {
  int64_t max_size = 2 * MNS_BODY_MAX;
  bool done = set (feed->socket, ZMQ_LINGER, 0) && set (feed->socket, ZMQ_RECONNECT_IVL, 100) &&
              set (feed->socket, ZMQ_RECONNECT_IVL_MAX, 5000) && set (feed->socket, ZMQ_HANDSHAKE_IVL, 5000) &&
              set (feed->socket, ZMQ_HEARTBEAT_IVL, 5000) && set (feed->socket, ZMQ_HEARTBEAT_TIMEOUT, 15000) &&
              zmq_setsockopt (feed->socket, ZMQ_MAXMSGSIZE, &max_size, sizeof max_size) == 0 &&
              listen_to (feed->socket, TICK);
  for (size_t i = 0; done && i < feed->prefix_count; i++)
    done = listen_to (feed->socket, feed->prefix[i]);
  return done;
}

static mns_rc_t add_prefixes (mns_feed_t *feed, const char *const *prefixes, size_t count, mns_error_t *error) {
  if (count == 0 || count > MNS_PREFIXES_MAX)
    return mns_fail (error, MNS_INVALID, "prefixes", "a feed has 1 to %d prefixes", MNS_PREFIXES_MAX);
  for (size_t i = 0; i < count; i++) {
    mns_rc_t rc = mns_prefix_check (prefixes[i], error);
    if (rc != MNS_OK)
      return rc;
    mns_text_copy (feed->prefixes[i], sizeof feed->prefixes[i], prefixes[i]);
    feed->prefix[i] = feed->prefixes[i];
  }
  feed->prefix_count = count;
  return MNS_OK;
}

static mns_rc_t open_feed (mns_feed_t *feed, const char *endpoint, bool secure, mns_error_t *error) {
  const mns_config_t *config = &feed->client->config;
  feed->socket = zmq_socket (feed->client->context, ZMQ_SUB);
  if (!feed->socket || !set_options (feed))
    return mns_fail (error, MNS_INTERNAL, endpoint, "no socket: %s", zmq_strerror (zmq_errno ()));
  mns_rc_t rc = secure ? mns_keys_secure (feed->socket, config->broker_key, config->key_file, error) : MNS_OK;
  if (rc == MNS_OK && zmq_connect (feed->socket, endpoint) != 0)
    rc = mns_fail (error, MNS_INVALID, "endpoint", "'%s' cannot be used: %s", endpoint, zmq_strerror (zmq_errno ()));
  return rc;
}

mns_rc_t mns_feed_new (mns_feed_t **owner, mns_client_t *client, const char *endpoint, bool secure,
                       const char *const *prefixes, size_t count, mns_error_t *error) {
  *owner = NULL;
  mns_rc_t rc = mns_client_here (client, error);
  if (rc != MNS_OK)
    return rc;
  mns_feed_t *feed = mns_alloc (sizeof *feed);
  feed->client = client;
  feed->repair_ms = REPAIR_MS;
  zmq_msg_init (&feed->topic);
  zmq_msg_init (&feed->record);
  rc = add_prefixes (feed, prefixes, count, error);
  if (rc == MNS_OK)
    rc = open_feed (feed, endpoint, secure, error);
  if (rc != MNS_OK)
    mns_feed_destroy (&feed);
  *owner = feed;
  return rc;
}

void mns_feed_destroy (mns_feed_t **owner) {
  mns_feed_t *feed = *owner;
  *owner = NULL;
  if (!feed || mns_client_here (feed->client, NULL) != MNS_OK)
    return;
  if (feed->socket)
    zmq_close (feed->socket);
  zmq_msg_close (&feed->topic);
  zmq_msg_close (&feed->record);
  mns_buffer_fini (&feed->request);
  mns_buffer_fini (&feed->found);
  mns_feed_check_fini (&feed->check);
  free (feed);
}

void mns_feed_set_repair_ms (mns_feed_t *feed, int repair_ms) {
  feed->repair_ms = repair_ms > 0 ? repair_ms : 1;
  feed->ask_ms = 0;
}

uint64_t mns_feed_repaired (const mns_feed_t *feed) {
  return feed->repaired;
}

/* ---- the log ----------------------------------------------------------------------------------------------------- */

static void put_number (mns_buffer_t *out, const char *name, uint64_t number) {
  mns_pack_text (out, name, strlen (name));
  mns_pack_uint (out, number);
}

static void make_request (mns_feed_t *feed, uint64_t count, uint64_t sum) {
  mns_buffer_t *out = &feed->request;
  mns_buffer_clear (out);
  mns_pack_map (out, 5);
  mns_pack_text (out, "prefixes", 8);
  mns_pack_array (out, (uint32_t)feed->prefix_count);
  for (size_t i = 0; i < feed->prefix_count; i++) {
    mns_pack_map (out, 1);
    mns_pack_text (out, "prefix", 6);
    mns_pack_text (out, feed->prefix[i], strlen (feed->prefix[i]));
  }
  put_number (out, "after", feed->check.after);
  put_number (out, "to", feed->check.to);
  put_number (out, "count", count);
  put_number (out, "sum", sum);
}

/* A tenth more or less, so that many listeners do not ask at once. */
static int64_t pause (const mns_feed_t *feed) {
  uint32_t tenth = (uint32_t)feed->repair_ms / 10;
  return feed->repair_ms - (int64_t)tenth + (int64_t)randombytes_uniform (2 * tenth + 1);
}

/* Asks the log; what was lost is in feed->found. */
static mns_rc_t repair (mns_feed_t *feed, mns_error_t *error) {
  uint64_t count, sum;
  mns_head_t *head = &feed->client->reply_head;
  bool full = feed->check.count == MNS_FEED_CHECK_MAX;
  if (!feed->client->bus || (now_ms () < feed->ask_ms && !full) || !mns_feed_check_due (&feed->check, &count, &sum))
    return MNS_OK;
  make_request (feed, count, sum);
  feed->ask_ms = now_ms () + pause (feed);
  feed->found_at = 0;
  mns_rc_t rc = mns_bus_request (feed->client->bus, "bus.read", NULL, feed->request.data, feed->request.size, READ_MS,
                                 &feed->found, head, error);
  mns_client_done (feed->client, rc);
  if (rc != MNS_OK) {
    mns_buffer_clear (&feed->found);
    return rc;
  }
  uint64_t to = feed->check.to;
  feed->found_to = head->log_number > 0 && head->log_number < to ? head->log_number : to;
  if (feed->found_to < to)
    feed->ask_ms = 0; /* there is more to read */
  if (feed->found.size == 0)
    mns_feed_check_done (&feed->check, feed->found_to);
  return MNS_OK;
}

/* The next record that was lost; behind the last one the log has answered for. */
static bool next_found (mns_feed_t *feed) {
  mns_event_t *raw = &feed->receiver.raw;
  size_t used;
  while (feed->found_at < feed->found.size) {
    const uint8_t *at = feed->found.data + feed->found_at;
    if (mns_event_unpack (raw, at, feed->found.size - feed->found_at, &used, NULL) != MNS_OK)
      break;
    feed->found_at += used;
    if (!mns_feed_check_has (&feed->check, raw->log_number)) {
      feed->repaired++;
      return true;
    }
  }
  if (feed->found.size > 0) {
    mns_feed_check_done (&feed->check, feed->found_to);
    mns_buffer_clear (&feed->found);
  }
  return false;
}

/* ---- the socket -------------------------------------------------------------------------------------------------- */

/* One message; false when there is none, or one that is none of ours. */
static bool receive (mns_feed_t *feed, bool *some) {
  size_t used;
  *some = zmq_msg_recv (&feed->topic, feed->socket, ZMQ_DONTWAIT) >= 0;
  if (!*some || !zmq_msg_more (&feed->topic) || zmq_msg_recv (&feed->record, feed->socket, ZMQ_DONTWAIT) < 0)
    return false;
  bool more = zmq_msg_more (&feed->record);
  for (zmq_msg_t rest; more; zmq_msg_close (&rest)) {
    zmq_msg_init (&rest);
    more = zmq_msg_recv (&rest, feed->socket, ZMQ_DONTWAIT) >= 0 && zmq_msg_more (&rest);
  }
  return mns_event_unpack (&feed->receiver.raw, zmq_msg_data (&feed->record), zmq_msg_size (&feed->record), &used,
                           NULL) == MNS_OK;
}

/* MNS_OK: an event for the caller; MNS_NOT_FOUND: there is none. */
static mns_rc_t take (mns_feed_t *feed, mns_error_t *error) {
  const mns_event_t *raw = &feed->receiver.raw;
  for (bool some = true; some;) {
    if (!receive (feed, &some))
      continue;
    bool tick = raw->topic_size > strlen (TICK) && memcmp (raw->topic, TICK, strlen (TICK)) == 0;
    if (!tick && mns_feed_check_got (&feed->check, raw->log_number))
      return MNS_OK;
    mns_value_t body = {raw->body, raw->body_size};
    if (tick && !mns_feed_check_tick (&feed->check, body, feed->prefix, feed->prefix_count))
      return mns_fail (error, MNS_OFFSET_MISMATCH, "feed",
                       "the log was replaced by another: what comes is of the new one");
  }
  return MNS_NOT_FOUND;
}

static mns_rc_t next_raw (mns_feed_t *feed, bool *repaired, mns_error_t *error) {
  *repaired = next_found (feed);
  if (*repaired)
    return MNS_OK;
  mns_rc_t rc = take (feed, error);
  if (rc == MNS_NOT_FOUND) {
    rc = repair (feed, error);
    *repaired = rc == MNS_OK && next_found (feed);
    rc = rc == MNS_OK && !*repaired ? MNS_NOT_FOUND : rc;
  }
  return rc;
}

mns_rc_t mns_feed_next (mns_feed_t *feed, int timeout_ms, const mns_received_t **event, mns_error_t *error) {
  int64_t until = now_ms () + mns_client_timeout (timeout_ms);
  bool repaired;
  mns_rc_t rc = mns_client_here (feed->client, error);
  if (rc != MNS_OK)
    return rc;
  while ((rc = next_raw (feed, &repaired, error)) == MNS_NOT_FOUND) {
    int64_t left = until - now_ms ();
    if (left <= 0)
      return mns_fail (error, MNS_TIMEOUT, "feed", "no event in this time");
    zmq_pollitem_t item = {feed->socket, 0, ZMQ_POLLIN, 0};
    zmq_poll (&item, 1, left < 1000 ? left : 1000);
    if (feed->client->bus)
      mns_bus_work (feed->client->bus, 0);
  }
  if (rc == MNS_OK) {
    mns_receiver_show (&feed->receiver);
    feed->receiver.event.repaired = repaired;
    *event = &feed->receiver.event;
  }
  return rc;
}
