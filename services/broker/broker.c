/* The broker: starting, the loop of the router thread, stopping. */
#include "services/broker/broker.h"
#include "common/board.h"
#include "common/dir.h"
#include "common/lock.h"
#include "common/log.h"
#include "common/text.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <string.h>

enum { TICK_MS = 100, DRAIN = 256, REFRESH_MS = 1000, LAST_COMMIT_MS = 10000, ANSWER_FRAMES = 4 };

/* ---- messages ---------------------------------------------------------------------------------------------------- */

typedef struct {
  void (*handle) (broker_t *broker, broker_message_t *message);
  bool greeted;   /* only behind HELLO */
  int64_t points; /* of patience */
} handler_t;

static const handler_t handlers[MNS_KIND_COUNT] = {
    [MNS_HELLO] = {broker_handle_hello, false, BROKER_POINTS_GREETING},
    [MNS_PING] = {broker_handle_ping, false, 0},
    [MNS_PONG] = {broker_handle_pong, false, 0},
    [MNS_BYE] = {broker_handle_bye, false, 0},
    [MNS_REQUEST] = {broker_handle_request, false, 0},
    [MNS_REPLY] = {broker_handle_reply, true, 0},
    [MNS_ERR] = {broker_handle_reply, false, 0},
    [MNS_SNAP] = {broker_handle_snap, true, 0},
    [MNS_SNAPROW] = {broker_handle_reply, true, 0},
    [MNS_SNAPEND] = {broker_handle_reply, true, 0},
    [MNS_DIRECTORY] = {broker_handle_directory, true, BROKER_POINTS_MISTAKE},
    [MNS_READY] = {broker_handle_ready, true, BROKER_POINTS_GREETING},
    [MNS_PUB] = {broker_handle_pub, true, 0},
    [MNS_SUB] = {broker_handle_sub, true, BROKER_POINTS_GREETING},
    [MNS_CREDIT] = {broker_handle_credit, true, 0},
    [MNS_SUBEND] = {broker_handle_subend, true, BROKER_POINTS_SMALL},
};

static void dispatch (broker_t *broker, broker_message_t *message) {
  mns_error_t error;
  const handler_t *handler = &handlers[message->kind];
  if (!broker_bears (broker, message, handler->points))
    return;
  message->paid = handler->points > 0;
  if (handler->handle == NULL) {
    broker->counts.malformed++;
    mns_fail (&error, MNS_MALFORMED, "kind", "kind %d is not one that the broker takes", (int)message->kind);
  } else if ((handler->greeted && !message->peer->greeted) ||
             (message->kind == MNS_REQUEST && message->peer->dismissed)) {
    mns_fail (&error, MNS_NEED_HELLO, "", "this connection must say HELLO first, or again");
  } else {
    handler->handle (broker, message);
    return;
  }
  broker_answer_error (broker, message, MNS_ERR, &error, 0);
}

/* True when there may be more. */
static bool drain_door (broker_t *broker, broker_door_t door) {
  broker_message_t *message = &broker->message;
  int i = 0;
  while (i < DRAIN && broker_receive (broker, door, message)) {
    if (message->peer != NULL)
      dispatch (broker, message);
    zmq_msg_close (&message->body);
    i++;
  }
  return i == DRAIN;
}

/* ---- the log thread ---------------------------------------------------------------------------------------------- */

static void drain_log (broker_t *broker) {
  zmq_msg_t frames[ANSWER_FRAMES];
  size_t count;
  while (broker_frames_receive (broker->log_pipe, frames, ANSWER_FRAMES, &count, false)) {
    char what = zmq_msg_size (&frames[0]) > 0 ? *(const char *)zmq_msg_data (&frames[0]) : 0;
    if (what == BROKER_APPEND)
      broker_publish_answered (broker, frames, count);
    else if (what == BROKER_COPY)
      broker_copy_answered (broker, zmq_msg_data (&frames[0]));
    else if (what == BROKER_NOTE)
      broker_consumers_noted (broker, zmq_msg_data (&frames[0]));
    else if (what == BROKER_RENEW)
      broker_renewed (broker, zmq_msg_data (&frames[0]));
    else if (what == BROKER_TRIM)
      broker_trim_answered (broker, zmq_msg_data (&frames[0]));
    else
      mns_fail (&broker->failure, MNS_INTERNAL, "log", "the log thread has ended");
    for (size_t i = 0; i < count && i < ANSWER_FRAMES; i++)
      zmq_msg_close (&frames[i]);
  }
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

static void keep_accounts (broker_t *broker) {
  size_t size = broker->accounts.count * sizeof *broker->accounts_before;
  broker->accounts_before = mns_realloc (broker->accounts_before, size > 0 ? size : 1);
  if (size > 0)
    memcpy (broker->accounts_before, broker->accounts.rows, size);
  broker->accounts_before_count = broker->accounts.count;
}

/* The accounts as they are now hold for everyone who is connected. */
static void take_accounts (broker_t *broker) {
  broker_audit_accounts (broker, broker->accounts_before, broker->accounts_before_count);
  keep_accounts (broker);
  broker_accounts_compile (broker->access);
  broker_peers_recheck (broker);
  broker_alarm_clear (broker, "accounts");
}

static void refresh_accounts (broker_t *broker) {
  bool changed;
  mns_error_t error;
  if (broker->now_ms - broker->refreshed_ms < REFRESH_MS)
    return;
  broker->refreshed_ms = broker->now_ms;
  broker_zap_ask (broker);
  if (mns_accounts_refresh (&broker->accounts, &changed, &error) != MNS_OK)
    broker_alarm_raise (broker, "accounts", "%s: %s; the accounts are as before: mend the file", error.where,
                        error.detail);
  else if (changed || broker->accounts_changed)
    take_accounts (broker);
  broker->accounts_changed = false;
}

static void tick (broker_t *broker) {
  broker_peers_tick (broker);
  broker_requests_tick (broker);
  broker_subscriptions_tick (broker);
  broker_feed_tick (broker);
  broker_metrics_tick (broker);
  broker_consumers_tick (broker);
  broker_keeping_tick (broker);
  broker_lookup_tick (broker);
  broker_watch_tick (broker);
  broker_zap_tick (broker);
  refresh_accounts (broker);
  broker_audit_tick (broker);
}

static void watch (broker_t *broker) {
  mns_watch (&broker->watched[BROKER_WATCH_TERM], zsock_resolve (broker->pipe));
  mns_watch (&broker->watched[BROKER_WATCH_LOG], broker->log_pipe);
  mns_watch (&broker->watched[BROKER_WATCH_LOOKUP], broker->lookup.pipe);
  for (int door = 0; door < BROKER_DOORS; door++)
    mns_watch (&broker->watched[BROKER_WATCH_DOOR + door], broker->doors[door]);
  mns_watch (&broker->watched[BROKER_WATCH_FEED], broker->feed.socket);
}

/* Doors say themselves when they were sent to (post.c); these are sent to in many places. */
static void await (broker_t *broker, int64_t wait_ms) {
  mns_watched_t *watched = broker->watched;
  watched[BROKER_WATCH_LOG].touched = watched[BROKER_WATCH_LOOKUP].touched = true;
  watched[BROKER_WATCH_FEED].touched = broker->feed.socket != NULL;
  mns_wait (watched, BROKER_WATCHED, wait_ms < 0 ? 0 : (int)wait_ms);
}

/* Hears those doors that have something. True: there may be more. */
static bool drain_doors (broker_t *broker) {
  bool more = false;
  for (int door = 0; door < BROKER_DOORS; door++)
    if (broker->watched[BROKER_WATCH_DOOR + door].ready)
      more = drain_door (broker, (broker_door_t)door) || more;
  return more;
}

/* One round: what is committed goes out first, then what came in goes to the disk. True: more is waiting. */
static bool turn (broker_t *broker) {
  if (broker->watched[BROKER_WATCH_LOG].ready)
    drain_log (broker);
  if (broker->watched[BROKER_WATCH_LOOKUP].ready)
    broker_lookup_drain (broker);
  broker_metrics_group (broker);
  bool more = drain_doors (broker);
  if (broker->watched[BROKER_WATCH_FEED].ready)
    broker_feed_drain (broker);
  broker_publish_group (broker);
  broker_metrics_group (broker);
  return broker_deliver (broker) || more;
}

static void run (broker_t *broker) {
  int64_t next_tick = 0;
  bool more = false;
  watch (broker);
  while (broker->failure.rc == MNS_OK) {
    await (broker, more ? 0 : next_tick - broker->now_ms);
    broker->now_ms = mns_clock.monotonic_ms ();
    if (broker->watched[BROKER_WATCH_TERM].ready)
      return; /* $TERM is the only thing its owner says */
    more = turn (broker);
    if (broker->now_ms >= next_tick) {
      tick (broker);
      next_tick = broker->now_ms + TICK_MS;
    }
  }
}

/* ---- starting and stopping --------------------------------------------------------------------------------------- */

mns_rc_t broker_actor_ready (zactor_t *actor, const char *name, char **first, mns_error_t *error) {
  char *said = NULL, *word = NULL, *where = NULL, *detail = NULL;
  mns_rc_t rc = MNS_OK;
  zstr_recvx (actor, &said, &word, &where, &detail, NULL);
  if (said == NULL)
    rc = mns_fail (error, MNS_INTERNAL, "broker", "%s has ended", name);
  else if (strcmp (said, "READY") != 0)
    rc = mns_fail (error, mns_error_from_word (word != NULL ? word : ""), where != NULL ? where : "broker", "%s",
                   detail != NULL ? detail : name);
  if (first != NULL) {
    *first = word;
    word = NULL;
  }
  zstr_free (&said);
  zstr_free (&word);
  zstr_free (&where);
  zstr_free (&detail);
  return rc;
}

/* The log thread says "unclean " when the log was not closed, and the first number of a damaged row. */
static void note_found (broker_t *broker, const char *found) {
  static const char unclean[] = "unclean ";
  broker->lookup.unclean = strncmp (found, unclean, strlen (unclean)) == 0;
  uint64_t damaged = strtoull (found + (broker->lookup.unclean ? strlen (unclean) : 0), NULL, 10);
  if (damaged > 0)
    broker_watch_damage (broker, damaged);
}

static mns_rc_t start_log (broker_t *broker, const char *path, mns_error_t *error) {
  broker_log_args_t args = {.path = path, .keep = broker->keeping.streams};
  char *found = NULL;
  broker->log_actor = zactor_new (broker_log_actor, &args);
  if (broker->log_actor == NULL)
    return mns_fail (error, MNS_INTERNAL, "log", "the log thread cannot be started");
  broker->log_pipe = zsock_resolve (broker->log_actor);
  mns_rc_t rc = broker_actor_ready (broker->log_actor, "the log thread", &found, error);
  if (rc == MNS_OK && found != NULL)
    note_found (broker, found);
  zstr_free (&found);
  return rc;
}

static mns_rc_t start_storage (broker_t *broker, mns_error_t *error) {
  char folder[MNS_PATH_MAX], path[MNS_PATH_MAX], index[MNS_PATH_MAX];
  mns_rc_t rc = broker_keeping_init (broker, error);
  if (rc == MNS_OK)
    rc = mns_dir_join (folder, broker->config->data, "broker", error);
  if (rc == MNS_OK)
    rc = mns_dir_make (folder, 0700, error);
  if (rc == MNS_OK)
    rc = mns_lock_new (&broker->lock, folder, error);
  if (rc == MNS_OK)
    rc = mns_dir_join (path, folder, "log.db", error);
  if (rc == MNS_OK)
    rc = mns_dir_join (index, folder, "index.db", error);
  if (rc == MNS_OK)
    rc = start_log (broker, path, error);
  if (rc == MNS_OK)
    rc = broker_log_open (&broker->reader, path, NULL, true, error);
  if (rc != MNS_OK)
    return rc;
  broker->tail = broker_tail_new (broker->reader, broker_log_place (broker->reader));
  rc = broker_lookup_start (broker, path, index, error);
  if (rc != MNS_OK)
    return rc;
  rc = broker_publishing_init (broker);
  if (rc == MNS_OK)
    rc = broker_consumers_init (broker);
  return rc == MNS_OK ? rc : mns_fail (error, rc, path, "the producers of the log cannot be read");
}

static mns_rc_t start (broker_t *broker, mns_error_t *error) {
  mns_rc_t rc = start_storage (broker, error);
  if (rc == MNS_OK)
    rc = mns_accounts_open (&broker->accounts, broker->config->data, error);
  broker->access = broker_accounts_new (broker->config, &broker->accounts);
  keep_accounts (broker);
  return rc == MNS_OK ? broker_doors_open (broker, error) : rc;
}

/* The group under way is finished and acknowledged; what has not been taken up is its producers' to send again. */
static void finish_group (broker_t *broker) {
  int64_t until = mns_clock.monotonic_ms () + LAST_COMMIT_MS;
  zmq_pollitem_t item = {broker->log_pipe, 0, ZMQ_POLLIN, 0};
  while (broker->publishing.under_way && mns_clock.monotonic_ms () < until) {
    zmq_poll (&item, 1, TICK_MS);
    drain_log (broker);
  }
}

static void stop (broker_t *broker) {
  finish_group (broker);
  broker_audit_flush (broker);
  broker_publish_group (broker);
  finish_group (broker);
  while (broker->peers.count > 0)
    broker_forget (broker, broker->peers.all[0], broker->peers.all[0]->greeted ? MNS_UNAVAILABLE : MNS_OK);
  broker_consumers_note (broker);
  broker_doors_close (broker);
}

static void release (broker_t *broker) {
  broker_lookup_stop (broker);
  broker_log_destroy (&broker->reader); /* so that the writer is the last to close */
  zactor_destroy (&broker->log_actor);
  mns_board_remove ("broker");
  broker_doors_close (broker);
  broker_tail_destroy (&broker->tail);
  broker_subscriptions_fini (broker);
  broker_consumers_fini (broker);
  broker_peers_fini (&broker->peers);
  broker_publishing_fini (broker);
  broker_requests_fini (broker);
  broker_accounts_destroy (&broker->access);
  broker_audit_fini (broker);
  free (broker->accounts_before);
  mns_accounts_fini (&broker->accounts);
  mns_buffer_fini (&broker->head_bytes);
  mns_buffer_fini (&broker->scratch);
  mns_lock_destroy (&broker->lock);
  free (broker);
}

static void say_failed (broker_t *broker, const mns_error_t *error) {
  char quoted[450];
  mns_log (MNS_LOG_ERROR, "broker", "broker.failed", "error=%s detail=%s", mns_error_word (error->rc),
           mns_log_quote (error->detail, quoted, sizeof quoted));
  zstr_sendx (broker->pipe, "FAILED", mns_error_word (error->rc), error->where, error->detail, NULL);
  broker_frames_await_term (zsock_resolve (broker->pipe));
}

static void serve (broker_t *broker) {
  mns_error_t error;
  if (start (broker, &error) != MNS_OK) {
    say_failed (broker, &error);
    return;
  }
  const broker_place_t *place = broker_tail_place (broker->tail);
  mns_log (MNS_LOG_INFO, "broker", "broker.ready", "log_epoch=%llu log_number=%llu feed=%s",
           (unsigned long long)place->epoch, (unsigned long long)place->last,
           broker->feed.endpoint[0] ? broker->feed.endpoint : "off");
  zstr_send (broker->pipe, "READY");
  run (broker);
  stop (broker);
  if (broker->failure.rc != MNS_OK)
    say_failed (broker, &broker->failure);
}

void mns_broker_actor (void *pipe_zsock, void *args) {
  broker_t *broker = mns_alloc (sizeof *broker);
  broker->pipe = pipe_zsock;
  broker->config = args;
  broker->context = zsys_init ();
  broker->now_ms = broker->started_ms = mns_clock.monotonic_ms ();
  broker_peers_init (&broker->peers);
  broker_requests_init (broker);
  zsock_signal (broker->pipe, 0);
  serve (broker);
  release (broker);
}
