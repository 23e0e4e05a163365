/* The publisher of the library, over common/producer.h: what a draft must be, and the file descriptor. */
#include "mns/publisher.h"
#include "client/client_private.h"
#include "common/cursor.h"
#include "common/producer.h"
#include "common/text.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_JOIN_MS = 5000, RECORDS_MAX = 100000, DEPTH_MAX = 8, ITEM_NODES_MAX = 100000 };

struct mns_publisher {
  mns_client_t *client;
  mns_producer_t *producer;
  mns_wakeup_t wakeup;
};

static mns_rc_t done (mns_publisher_t *publisher, mns_rc_t rc) {
  const mns_producer_t *producer = publisher->producer;
  mns_wakeup_set (&publisher->wakeup, mns_producer_socket (producer), mns_producer_ready (producer),
                  mns_producer_wait_ms (producer));
  return rc;
}

mns_rc_t mns_publisher_new (mns_publisher_t **owner, mns_client_t *client, const char *name, const char *folder,
                            mns_error_t *error) {
  *owner = NULL;
  mns_rc_t rc = mns_client_check (client, error);
  if (rc != MNS_OK)
    return rc;
  if (!*name || strlen (name) > MNS_NAME_MAX)
    return mns_fail (error, MNS_INVALID, "producer", "a producer has a name of 1 to %d bytes", MNS_NAME_MAX);
  mns_publisher_t *publisher = mns_alloc (sizeof *publisher);
  publisher->client = client;
  rc = mns_producer_new (&publisher->producer, client->context, &client->config, client->account, name, folder, error);
  if (rc == MNS_OK)
    *owner = publisher;
  else
    free (publisher);
  return rc;
}

void mns_publisher_destroy (mns_publisher_t **owner) {
  mns_publisher_t *publisher = *owner;
  *owner = NULL;
  if (!publisher || mns_client_here (publisher->client, NULL) != MNS_OK)
    return;
  mns_producer_destroy (&publisher->producer);
  mns_wakeup_fini (&publisher->wakeup);
  free (publisher);
}

/* ---- a draft ----------------------------------------------------------------------------------------------------- */

/* Fields behind `size` are of a later release than the program's, and absent. */
static void read_draft (const mns_draft_t *given, mns_draft_t *draft) {
  memset (draft, 0, sizeof *draft);
  memcpy (draft, given, given->size < sizeof *draft ? given->size : sizeof *draft);
}

static mns_rc_t copy (const char *name, char *target, size_t size, const char *text, mns_error_t *error) {
  if (!text)
    text = "";
  if (!mns_text_valid (text, strlen (text)))
    return mns_fail (error, MNS_BAD_UTF8, name, "this is not UTF-8");
  if (mns_text_copy (target, size, text))
    return MNS_OK;
  return mns_fail (error, MNS_TOO_LONG, name, "%zu bytes where at most %zu are allowed", strlen (text), size - 1);
}

/* A body is a sequence of records, which the event counts. */
static mns_rc_t count_items (mns_value_t body, uint64_t *items, mns_error_t *error) {
  const uint8_t *at = body.data;
  size_t left = body.size, used;
  for (*items = 0; left > 0; ++*items, at += used, left -= used) {
    mns_token_t token;
    mns_cursor_t cursor = mns_cursor_init (at, left);
    if (mns_scan (at, left, DEPTH_MAX, ITEM_NODES_MAX, &used) != MNS_OK || !mns_cursor_peek (&cursor, &token) ||
        token.kind != MNS_TOKEN_MAP)
      return mns_fail (error, MNS_MALFORMED, "body", "record %llu of the body is no MessagePack map",
                       (unsigned long long)*items + 1);
  }
  return *items > 0 ? MNS_OK : mns_fail (error, MNS_MISSING, "body", "an event has a record in its body");
}

static mns_rc_t read_occurred (const mns_draft_t *draft, mns_date_t *date, mns_error_t *error) {
  *date = 0;
  if (!draft->occurred || !*draft->occurred || mns_date_parse (draft->occurred, date))
    return MNS_OK;
  return mns_fail (error, MNS_INVALID, "occurred", "'%s' is no day: 2026-07-01", draft->occurred);
}

static mns_rc_t make_event (const mns_draft_t *draft, mns_event_t *event, mns_error_t *error) {
  memset (event, 0, sizeof *event);
  if (!draft->topic || !draft->type || !*draft->type)
    return mns_fail (error, MNS_MISSING, draft->topic ? "type" : "topic", "an event has a topic and a type");
  event->topic = draft->topic;
  event->topic_size = strlen (draft->topic);
  event->version = draft->version ? draft->version : 1;
  mns_rc_t rc = copy ("type", event->type, sizeof event->type, draft->type, error);
  if (rc == MNS_OK)
    rc = copy ("entity", event->entity, sizeof event->entity, draft->entity, error);
  if (rc == MNS_OK)
    rc = copy ("cause", event->cause, sizeof event->cause, draft->cause, error);
  if (rc == MNS_OK)
    rc = read_occurred (draft, &event->occurred, error);
  return rc == MNS_OK ? count_items (draft->body, &event->items, error) : rc;
}

/* ---- publishing -------------------------------------------------------------------------------------------------- */

/* The broker knows the history, or has told which epoch a new one begins. */
static mns_rc_t begin (mns_publisher_t *publisher, mns_error_t *error) {
  mns_producer_t *producer = publisher->producer;
  if (mns_producer_full (producer, RECORDS_MAX))
    return mns_fail (error, MNS_BUSY, "outbox", "%llu events wait for the broker: publish again when it is back",
                     (unsigned long long)mns_producer_pending (producer));
  return mns_producer_epoch (producer) > 0 ? MNS_OK : mns_producer_join (producer, FIRST_JOIN_MS, error);
}

mns_rc_t mns_publisher_add (mns_publisher_t *publisher, const mns_draft_t *given, mns_error_t *error) {
  mns_draft_t draft;
  mns_event_t event;
  mns_rc_t rc = mns_client_here (publisher->client, error);
  if (rc != MNS_OK)
    return rc;
  read_draft (given, &draft);
  rc = make_event (&draft, &event, error);
  if (rc == MNS_OK)
    rc = begin (publisher, error);
  if (rc == MNS_OK)
    rc = mns_producer_add (publisher->producer, &event, draft.body.data, draft.body.size, error);
  if (rc != MNS_OK)
    mns_producer_forget (publisher->producer);
  return rc;
}

mns_rc_t mns_publisher_commit (mns_publisher_t *publisher, mns_error_t *error) {
  mns_error_t unsent;
  mns_rc_t rc = mns_client_here (publisher->client, error);
  if (rc == MNS_OK)
    rc = mns_producer_commit (publisher->producer, error);
  if (rc == MNS_OK)
    mns_producer_drain (publisher->producer, 0, &unsent); /* durable here; flush tells what the broker says */
  return rc == MNS_OK ? done (publisher, rc) : rc;
}

void mns_publisher_rollback (mns_publisher_t *publisher) {
  if (mns_client_here (publisher->client, NULL) == MNS_OK)
    mns_producer_forget (publisher->producer);
}

mns_rc_t mns_publisher_publish (mns_publisher_t *publisher, const mns_draft_t *draft, mns_error_t *error) {
  mns_rc_t rc = mns_publisher_add (publisher, draft, error);
  return rc == MNS_OK ? mns_publisher_commit (publisher, error) : rc;
}

mns_rc_t mns_publisher_flush (mns_publisher_t *publisher, int timeout_ms, mns_error_t *error) {
  mns_rc_t rc = mns_client_here (publisher->client, error);
  if (rc != MNS_OK)
    return rc;
  if (mns_producer_adding (publisher->producer))
    return mns_fail (error, MNS_WRONG_STATE, "outbox", "events have been added: commit them or roll them back first");
  return done (publisher, mns_producer_drain (publisher->producer, mns_client_timeout (timeout_ms), error));
}

uint64_t mns_publisher_pending (const mns_publisher_t *publisher) {
  return mns_producer_pending (publisher->producer);
}

int mns_publisher_fd (mns_publisher_t *publisher) {
  if (mns_client_here (publisher->client, NULL) != MNS_OK)
    return -1;
  int file = mns_wakeup_fd (&publisher->wakeup);
  done (publisher, MNS_OK);
  return file;
}
