/* A producer outside the house: common/outbox.h in a store of its own, sent by common/relay.h over one connection. */
#include "common/producer.h"
#include "common/clock.h"
#include "common/dir.h"
#include "common/link.h"
#include "common/lock.h"
#include "common/records/streams.h"
#include "common/relay.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

enum { ROUND_MS = 200 };

struct mns_producer {
  mns_lock_t *lock;
  mns_db_t *db;
  mns_outbox_t outbox;
  mns_relay_t relay;
  mns_link_t link;
  mns_head_t head;
  zmq_msg_t body;
  uint64_t epochs_tried; /* beyond the stored one, while nothing was given out */
  uint64_t log_number;
  mns_error_t stopped; /* rc not MNS_OK: for good */
};

static int64_t now_ms (void) {
  return mns_clock.monotonic_ms ();
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

/* Nothing can be added to what was damaged by hand. */
static mns_rc_t check_place (const mns_producer_t *producer, const char *name, mns_error_t *error) {
  const mns_outbox_place_t *place = &producer->outbox.stored;
  if (place->epoch == 0 && place->number > 0)
    return mns_fail (error, MNS_CORRUPT, name, "the outbox has numbers of no epoch: it is damaged");
  return MNS_OK;
}

static mns_rc_t open_outbox (mns_producer_t *producer, const char *name, const char *folder, mns_error_t *error) {
  char path[MNS_PATH_MAX];
  mns_rc_t rc = mns_dir_make (folder, 0700, error);
  if (rc == MNS_OK)
    rc = mns_lock_new (&producer->lock, folder, error);
  if (rc == MNS_OK)
    rc = mns_dir_join (path, folder, "outbox.db", error);
  mns_db_options_t options = {.path = path, .who = name, .guest = true};
  if (rc == MNS_OK)
    rc = mns_db_open (&producer->db, &options, error);
  if (rc == MNS_OK)
    rc = mns_db_migrate (producer->db, "common", mns_embedded_common, error);
  if (rc == MNS_OK)
    rc = mns_outbox_init (&producer->outbox, producer->db, name, error);
  if (rc == MNS_OK)
    rc = mns_db_prepared (producer->db, error);
  return rc == MNS_OK ? check_place (producer, name, error) : rc;
}

mns_rc_t mns_producer_new (mns_producer_t **owner, void *context, const mns_config_t *config, const char *account,
                           const char *name, const char *folder, mns_error_t *error) {
  mns_producer_t *producer = mns_alloc (sizeof *producer);
  zmq_msg_init (&producer->body);
  mns_link_init (&producer->link, context, config, "");
  mns_text_copy (producer->link.hello.account, sizeof producer->link.hello.account, account);
  mns_relay_init (&producer->relay, &producer->outbox);
  mns_rc_t rc = open_outbox (producer, name, folder, error);
  if (rc != MNS_OK)
    mns_producer_destroy (&producer);
  *owner = producer;
  return rc;
}

void mns_producer_destroy (mns_producer_t **owner) {
  mns_producer_t *producer = *owner;
  if (!producer)
    return;
  mns_link_fini (&producer->link);
  zmq_msg_close (&producer->body);
  mns_relay_fini (&producer->relay);
  mns_outbox_fini (&producer->outbox);
  mns_db_destroy (&producer->db);
  mns_lock_destroy (&producer->lock);
  free (producer);
  *owner = NULL;
}

/* ---- the connection ---------------------------------------------------------------------------------------------- */

static void say_hello (mns_producer_t *producer) {
  const mns_outbox_place_t *place = &producer->outbox.stored;
  mns_head_t *hello = &producer->link.hello;
  if (producer->link.state == MNS_LINK_GREETING || producer->link.state == MNS_LINK_UP)
    return;
  if (place->epoch == 0 && producer->epochs_tried == 0)
    producer->epochs_tried = 1;
  mns_text_copy (hello->producer, sizeof hello->producer, producer->outbox.producer);
  hello->producer_epoch = place->epoch + producer->epochs_tried;
  hello->number = place->number;
  hello->chain = place->chain;
}

static void welcomed (mns_producer_t *producer) {
  uint64_t epoch = producer->link.hello.producer_epoch;
  mns_rc_t rc = MNS_OK;
  producer->epochs_tried = 0;
  if (producer->outbox.stored.epoch != epoch)
    rc = mns_outbox_begin_epoch (&producer->outbox, epoch);
  if (rc == MNS_OK)
    mns_relay_welcome (&producer->relay, &producer->link.welcome, &producer->stopped);
  else
    mns_fail (&producer->stopped, rc, "outbox", "%s", mns_db_message (producer->db));
}

static void refused (mns_producer_t *producer) {
  mns_link_t *link = &producer->link;
  if (link->error.rc == MNS_OUTBOX_FORKED && producer->outbox.stored.number == 0) {
    producer->epochs_tried++;
    mns_link_greet_again (link);
  } else if (!mns_error_retry (link->error.rc)) {
    producer->stopped = link->error;
  }
}

static void take (mns_producer_t *producer, mns_frame_kind_t kind) {
  if (kind == MNS_WELCOME)
    welcomed (producer);
  else if (kind == MNS_REFUSE)
    refused (producer);
  else if (kind == MNS_PNAK)
    mns_relay_pnak (&producer->relay, &producer->head, now_ms (), &producer->stopped);
  if (kind == MNS_PACK) {
    mns_relay_pack (&producer->relay, &producer->head, now_ms ());
    producer->log_number = producer->head.log_number;
  }
}

static void publish (mns_producer_t *producer) {
  mns_relay_t *relay = &producer->relay;
  while (mns_relay_next (relay, now_ms (), &producer->head) == MNS_OK)
    if (mns_link_send (&producer->link, MNS_PUB, &producer->head, relay->records.data, relay->records.size) != MNS_OK) {
      mns_relay_unsend (relay, &producer->head);
      return;
    }
}

static void pump (mns_producer_t *producer, int64_t wait) {
  mns_link_t *link = &producer->link;
  mns_frame_kind_t kind;
  int64_t due = mns_link_wait_ms (link);
  zmq_pollitem_t item = {link->socket, 0, mns_link_poll (link), 0};
  wait = wait < due ? wait : due;
  zmq_poll (&item, link->socket ? 1 : 0, wait < 0 ? 0 : wait < ROUND_MS ? wait : ROUND_MS);
  if (link->state != MNS_LINK_UP)
    mns_relay_close (&producer->relay);
  while (producer->stopped.rc == MNS_OK && (kind = mns_link_receive (link, &producer->head, &producer->body)))
    take (producer, kind);
  say_hello (producer);
  mns_link_tick (link);
  publish (producer);
}

static mns_rc_t failed (const mns_producer_t *producer, mns_error_t *error) {
  return mns_fail (error, producer->stopped.rc, producer->stopped.where, "%s", producer->stopped.detail);
}

mns_rc_t mns_producer_join (mns_producer_t *producer, int64_t timeout_ms, mns_error_t *error) {
  int64_t until = now_ms () + timeout_ms;
  while (!producer->relay.open && producer->stopped.rc == MNS_OK && now_ms () < until)
    pump (producer, until - now_ms ());
  if (producer->stopped.rc != MNS_OK)
    return failed (producer, error);
  if (producer->relay.open)
    return MNS_OK;
  const mns_error_t *why = &producer->link.error;
  return mns_fail (error, MNS_UNAVAILABLE, producer->link.config->bus, "%s",
                   why->detail[0] ? why->detail : "nobody answers at the bus: start the stack (mns up)");
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

/* What the broker would refuse for good must not get into the outbox. */
static mns_rc_t check_topic (const mns_producer_t *producer, const mns_event_t *event, mns_error_t *error) {
  const char *name = producer->outbox.producer;
  const mns_stream_t *stream = mns_stream_find (event->topic, event->topic_size);
  size_t size = strlen (name);
  mns_rc_t rc = mns_topic_check (event->topic, event->topic_size, error);
  if (rc != MNS_OK || (stream && (stream->on_feed || strcmp (stream->producer, name) == 0)))
    return rc;
  if (!stream && event->topic_size > size && event->topic[size] == '.' && memcmp (event->topic, name, size) == 0)
    return MNS_OK;
  return mns_fail (error, MNS_FORBIDDEN, "topic", "producer '%s' publishes under %s.… and the open streams, not '%.*s'",
                   name, name, (int)event->topic_size, event->topic);
}

static mns_rc_t open_transaction (mns_producer_t *producer, mns_error_t *error) {
  mns_rc_t rc = mns_db_in_turn (producer->db) ? MNS_OK : mns_db_begin (producer->db);
  return rc == MNS_OK ? rc : mns_fail (error, rc, "outbox", "%s", mns_db_message (producer->db));
}

mns_rc_t mns_producer_add (mns_producer_t *producer, mns_event_t *event, const void *body, size_t size,
                           mns_error_t *error) {
  mns_rc_t rc = check_topic (producer, event, error);
  if (rc == MNS_OK)
    rc = open_transaction (producer, error);
  if (rc == MNS_OK)
    rc = mns_outbox_add (&producer->outbox, event, body, size, error);
  if (rc == MNS_OK)
    mns_outbox_keep (&producer->outbox);
  return rc;
}

bool mns_producer_adding (const mns_producer_t *producer) {
  return mns_db_in_turn (producer->db);
}

void mns_producer_forget (mns_producer_t *producer) {
  mns_db_rollback (producer->db);
  mns_outbox_rolled_back (&producer->outbox);
}

mns_rc_t mns_producer_commit (mns_producer_t *producer, mns_error_t *error) {
  mns_rc_t rc = open_transaction (producer, error);
  if (rc == MNS_OK)
    rc = mns_outbox_trim (&producer->outbox);
  if (rc == MNS_OK)
    rc = mns_outbox_finish (&producer->outbox);
  if (rc == MNS_OK)
    rc = mns_db_commit (producer->db);
  if (rc == MNS_OK) {
    mns_outbox_committed (&producer->outbox);
    return MNS_OK;
  }
  mns_fail (error, rc, "outbox", "nothing was kept: %s", mns_db_message (producer->db));
  mns_producer_forget (producer);
  return rc;
}

mns_rc_t mns_producer_drain (mns_producer_t *producer, int64_t timeout_ms, mns_error_t *error) {
  int64_t until = now_ms () + timeout_ms;
  do
    pump (producer, mns_relay_drained (&producer->relay) ? 0 : until - now_ms ());
  while (!mns_relay_drained (&producer->relay) && producer->stopped.rc == MNS_OK && now_ms () < until);
  if (producer->stopped.rc != MNS_OK)
    return failed (producer, error);
  if (!mns_relay_drained (&producer->relay))
    return mns_fail (error, MNS_TIMEOUT, producer->outbox.producer,
                     "%llu events are not acknowledged yet; they are kept",
                     (unsigned long long)mns_producer_pending (producer));
  return mns_outbox_untrimmed (&producer->outbox) ? mns_producer_commit (producer, error) : MNS_OK;
}

uint64_t mns_producer_pending (const mns_producer_t *producer) {
  return mns_outbox_pending (&producer->outbox);
}

bool mns_producer_full (const mns_producer_t *producer, uint64_t records_max) {
  return mns_outbox_full (&producer->outbox, records_max);
}

uint64_t mns_producer_epoch (const mns_producer_t *producer) {
  return producer->outbox.stored.epoch;
}

uint64_t mns_producer_number (const mns_producer_t *producer) {
  return producer->outbox.stored.number;
}

uint64_t mns_producer_log_number (const mns_producer_t *producer) {
  return producer->log_number;
}

void *mns_producer_socket (const mns_producer_t *producer) {
  return producer->link.socket;
}

bool mns_producer_ready (const mns_producer_t *producer) {
  int events = 0;
  size_t size = sizeof events;
  void *socket = producer->link.socket;
  return socket && zmq_getsockopt (socket, ZMQ_EVENTS, &events, &size) == 0 && events & ZMQ_POLLIN;
}

int64_t mns_producer_wait_ms (const mns_producer_t *producer) {
  int64_t link = mns_link_wait_ms (&producer->link), relay = mns_relay_wait_ms (&producer->relay, now_ms ());
  return relay >= 0 && relay < link ? relay : link;
}
