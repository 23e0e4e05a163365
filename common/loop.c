/* The loop of a service: one round after another. */
#include "common/loop.h"
#include "common/board.h"
#include "common/clock.h"
#include "common/dir.h"
#include "common/failpoint.h"
#include "common/log.h"
#include "common/text.h"
#include <assert.h>
#include <czmq.h>
#include <stdlib.h>
#include <string.h>

enum {
  OTHERS_MAX = 2,
  POLLED_MAX = OTHERS_MAX + 3,
  UPKEEP_MS = 1000,
  SLOW_MS = 1000,     /* a turn that is worth a line in the log */
  OFFSET_MS = 10000,  /* an offset that only IDLE moved is stored by then */
  PURGE_MS = 3600000, /* between two rounds of the purge of old answers */
  REMIND_MS = 60000,  /* between two log lines of a stopped line */
  EVENTS_PAUSE_MAX_MS = 5000,
  EVENTS_FIRST = 4 /* EVT that go before requests when requests filled the turn before */
};

/* ---- items ------------------------------------------------------------------------------------------------------- */

static void items_init (mns_items_t *items, size_t capacity) {
  items->items = mns_alloc (capacity * sizeof *items->items);
  items->count = 0;
  items->capacity = capacity;
}

mns_item_t *mns_items_add (mns_items_t *items, zmq_msg_t *body) {
  if (items->count == items->capacity || items->bytes >= MNS_LOOP_BYTES)
    return NULL;
  mns_item_t *item = &items->items[items->count++];
  memset (item, 0, sizeof *item);
  zmq_msg_init (&item->message);
  zmq_msg_move (&item->message, body);
  item->job.body = zmq_msg_data (&item->message);
  item->job.size = zmq_msg_size (&item->message);
  items->bytes += item->job.size;
  return item;
}

static void move_item (mns_item_t *to, mns_item_t *from) {
  *to = *from;
  zmq_msg_init (&to->message);
  zmq_msg_move (&to->message, &from->message);
  to->job.body = zmq_msg_data (&to->message);
}

void mns_items_drop (mns_items_t *items, size_t first, size_t count) {
  for (size_t i = first; i < first + count; i++) {
    items->bytes -= items->items[i].job.size;
    zmq_msg_close (&items->items[i].message);
  }
  for (size_t i = first + count; count > 0 && i < items->count; i++)
    move_item (&items->items[i - count], &items->items[i]);
  items->count -= count;
}

static void items_fini (mns_items_t *items) {
  if (items->items)
    mns_items_drop (items, 0, items->count);
  free (items->items);
  items->items = NULL;
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static void begin_timers (mns_loop_t *loop) {
  int64_t now = mns_clock.monotonic_ms ();
  const mns_timer_t *timer = loop->service->timers;
  for (size_t i = 0; timer && timer[i].name; i++) {
    assert (i < MNS_LOOP_TIMERS);
    loop->timer_ms[i] = now + timer[i].every_ms;
  }
  loop->upkeep_ms = loop->purge_ms = loop->reminded_ms = now;
}

static void begin_subscription (mns_loop_t *loop) {
  const mns_topic_t *topic = loop->service->topics;
  mns_subscription_init (&loop->subscription, loop->service->name, loop->turn->offset);
  for (; topic && topic->prefix; topic++) {
    bool added = mns_subscription_add (&loop->subscription, topic->prefix);
    assert (added);
  }
}

static void begin_links (mns_loop_t *loop) {
  const char *name = loop->service->name;
  mns_link_init (&loop->control, zsys_init (), loop->config, name);
  mns_link_init (&loop->events, zsys_init (), loop->config, name);
  mns_text_copy (loop->control.hello.account, sizeof loop->control.hello.account, name);
  mns_text_copy (loop->events.hello.account, sizeof loop->events.hello.account, name);
  mns_command_names (&loop->turn->commands, &loop->names);
}

static mns_rc_t lock_folder (mns_loop_t *loop, mns_error_t *error) {
  char folder[MNS_PATH_MAX];
  mns_rc_t rc = mns_dir_join (folder, loop->config->data, loop->service->name, error);
  if (rc == MNS_OK)
    rc = mns_dir_make (folder, 0700, error);
  return rc == MNS_OK ? mns_lock_new (&loop->lock, folder, error) : rc;
}

mns_rc_t mns_loop_open (mns_loop_t *loop, const mns_service_t *service, const mns_config_t *config,
                        mns_error_t *error) {
  memset (loop, 0, sizeof *loop);
  loop->service = service;
  loop->config = config;
  zmq_msg_init (&loop->body);
  mns_rc_t rc = lock_folder (loop, error);
  if (rc == MNS_OK)
    rc = mns_turn_open (&loop->turn, service, config, error);
  if (rc != MNS_OK) {
    mns_lock_destroy (&loop->lock);
    return rc;
  }
  items_init (&loop->requests, MNS_LOOP_REQUESTS);
  items_init (&loop->waiting, MNS_LOOP_WAITING);
  items_init (&loop->arrivals, MNS_LOOP_ARRIVALS);
  mns_relay_init (&loop->relay, &loop->turn->outbox);
  mns_snapshots_init (&loop->snapshots, service, config);
  begin_timers (loop);
  begin_subscription (loop);
  begin_links (loop);
  return MNS_OK;
}

/* ---- a turn ------------------------------------------------------------------------------------------------------ */

static size_t add_jobs (mns_loop_t *loop, size_t at, const mns_items_t *items, size_t max) {
  size_t count = items->count < max ? items->count : max;
  for (size_t i = 0; i < count; i++)
    loop->jobs[at + i] = items->items[i].job;
  return count;
}

/* Events go while the line runs, and not while a failing one rests. */
static size_t events_allowed (const mns_loop_t *loop) {
  bool rest = loop->turn->stopped || loop->turn->forked || mns_clock.monotonic_ms () < loop->events_after_ms;
  return rest ? 0 : loop->arrivals.count;
}

/* After an event that could not be applied for want of disk or memory, growing pauses. */
static void rest_events (mns_loop_t *loop, mns_rc_t rc) {
  int pause = loop->events_pause_ms ? loop->events_pause_ms * 2 : 50;
  loop->events_pause_ms = pause < EVENTS_PAUSE_MAX_MS ? pause : EVENTS_PAUSE_MAX_MS;
  loop->events_after_ms = mns_clock.monotonic_ms () + loop->events_pause_ms;
  mns_log (MNS_LOG_WARN, loop->service->name, "events.wait", "error=%s ms=%d", mns_error_word (rc),
           loop->events_pause_ms);
}

/* Takes the applied arrivals out and counts their credit. */
static void finish_events (mns_loop_t *loop, const mns_job_t *jobs, size_t count) {
  size_t applied = 0;
  while (applied < count && jobs[applied].outcome.applied) {
    loop->credit_messages += !jobs[applied].gap;
    loop->credit_bytes += jobs[applied++].size;
  }
  mns_items_drop (&loop->arrivals, 0, applied);
  if (applied < count && !loop->turn->stopped)
    rest_events (loop, jobs[applied].outcome.rc);
  else if (applied > 0)
    loop->events_pause_ms = 0;
}

static void finish_requests (mns_loop_t *loop, const mns_job_t *jobs, size_t count) {
  if (count > 0)
    mns_failpoint ("service_before_reply");
  for (size_t i = 0; i < count; i++)
    if (jobs[i].outcome.later)
      loop->copy_request = loop->requests.items[i].request;
    else
      mns_loop_reply (loop, &loop->requests.items[i], &jobs[i].outcome);
  mns_items_drop (&loop->requests, 0, count);
}

static size_t least (size_t a, size_t b) {
  return a < b ? a : b;
}

/* Requests, then events; the other way round, with few events, after a turn that requests had filled. */
static void run_turn (mns_loop_t *loop) {
  size_t requests = loop->requests.count, events = events_allowed (loop), at_requests = 0, at_events = requests;
  if (requests + events == 0)
    return;
  if (loop->events_first && requests > 0) {
    events = least (events, EVENTS_FIRST);
    at_events = 0;
    at_requests = events;
  }
  add_jobs (loop, at_requests, &loop->requests, requests);
  add_jobs (loop, at_events, &loop->arrivals, events);
  int64_t start = mns_clock.monotonic_ms ();
  size_t done = mns_turn_run (loop->turn, loop->jobs, requests + events);
  int64_t took = mns_clock.monotonic_ms () - start;
  if (took >= SLOW_MS)
    mns_log (MNS_LOG_WARN, loop->service->name, "turn.slow", "ms=%lld messages=%zu", (long long)took, done);
  size_t done_requests = done > at_requests ? least (done - at_requests, requests) : 0;
  size_t done_events = done > at_events ? least (done - at_events, events) : 0;
  loop->events_first = at_events > 0 && events > 0 && done_events == 0;
  if (loop->turn->broken)
    return;
  finish_requests (loop, loop->jobs + at_requests, done_requests);
  finish_events (loop, loop->jobs + at_events, done_events);
}

/* Nothing is said before the broker has agreed to the epoch it is said in. */
static bool may_work (const mns_loop_t *loop) {
  const mns_outbox_place_t *place = &loop->turn->outbox.stored;
  return (loop->joined || place->number > 0) && place->next == 0 && !loop->turn->broken;
}

/* A store that was put back, of which the broker refuses a record that waited: it stays in its old epoch until somebody
 * buries that. Questions are answered, events and timers wait. */
static bool awaits_burial (const mns_loop_t *loop) {
  return loop->turn->outbox.stored.next > 0 && loop->turn->refused > 0 && loop->joined && !loop->turn->broken;
}

static void run_single (mns_loop_t *loop, mns_job_kind_t kind, const mns_timer_t *timer) {
  mns_job_t job = {.kind = kind, .timer = timer};
  if (may_work (loop))
    mns_turn_run (loop->turn, &job, 1);
}

static void run_timers (mns_loop_t *loop) {
  const mns_timer_t *timer = loop->service->timers;
  for (size_t i = 0; timer && timer[i].name && !loop->turn->forked; i++) {
    int64_t now = mns_clock.monotonic_ms ();
    if (now < loop->timer_ms[i])
      continue;
    run_single (loop, MNS_JOB_TIMER, &timer[i]);
    loop->timer_ms[i] = now + timer[i].every_ms;
  }
}

static bool offset_is_old (const mns_loop_t *loop, int64_t now) {
  const mns_turn_t *turn = loop->turn;
  return memcmp (&turn->base_offset, &turn->stored_offset, sizeof turn->base_offset) != 0 &&
         now - loop->upkeep_ms >= OFFSET_MS;
}

static void run_upkeep (mns_loop_t *loop) {
  int64_t now = mns_clock.monotonic_ms ();
  mns_snapshots_tick (&loop->snapshots, now);
  if (now - loop->upkeep_ms < UPKEEP_MS)
    return;
  if (now - loop->purge_ms >= PURGE_MS) {
    loop->turn->answers_expired = true;
    loop->purge_ms = now;
  }
  if (mns_outbox_untrimmed (&loop->turn->outbox) || loop->turn->answers_expired || offset_is_old (loop, now)) {
    run_single (loop, MNS_JOB_UPKEEP, NULL);
    loop->upkeep_ms = now;
  }
  if (loop->turn->stopped && now - loop->reminded_ms >= REMIND_MS) {
    mns_error_t error = {0};
    mns_fail (&error, MNS_STOPPED, loop->turn->status.stopped_at, "the line is stopped: %s",
              loop->turn->status.error_detail);
    mns_log (MNS_LOG_ERROR, loop->service->name, "line.stopped", "event=%s error=%s", error.where,
             loop->turn->status.error);
    loop->reminded_ms = now;
  }
}

/* ---- a round ----------------------------------------------------------------------------------------------------- */

static int64_t sooner (int64_t wait, int64_t due) {
  return due >= 0 && due < wait ? due : wait;
}

static int64_t wait_ms (const mns_loop_t *loop) {
  int64_t now = mns_clock.monotonic_ms (), wait = sooner (mns_link_wait_ms (&loop->control), UPKEEP_MS);
  const mns_timer_t *timer = loop->service->timers;
  if (loop->requests.count > 0)
    return 0;
  if (loop->arrivals.count > 0 && !loop->turn->stopped && !loop->turn->forked)
    wait = sooner (wait, loop->events_after_ms > now ? loop->events_after_ms - now : 0);
  if (loop->subscription.prefix_count > 0 && may_work (loop)) {
    wait = sooner (wait, mns_link_wait_ms (&loop->events));
    if (loop->events.state == MNS_LINK_UP && !loop->turn->stopped && !loop->turn->forked)
      wait = sooner (wait, mns_subscription_wait_ms (&loop->subscription, now));
  }
  wait = sooner (wait, mns_relay_wait_ms (&loop->relay, now));
  for (size_t i = 0; timer && timer[i].name && !loop->turn->forked; i++)
    wait = sooner (wait, loop->timer_ms[i] > now ? loop->timer_ms[i] - now : 0);
  return wait;
}

static void poll (mns_loop_t *loop, zmq_pollitem_t *others, size_t count) {
  zmq_pollitem_t items[POLLED_MAX];
  size_t used = count;
  memcpy (items, others, count * sizeof *items);
  if (loop->control.socket)
    items[used++] = (zmq_pollitem_t){loop->control.socket, 0, mns_link_poll (&loop->control), 0};
  if (loop->events.socket)
    items[used++] = (zmq_pollitem_t){loop->events.socket, 0, mns_link_poll (&loop->events), 0};
  if (loop->turn->copy)
    items[used++] = (zmq_pollitem_t){mns_copy_socket (loop->turn->copy), 0, ZMQ_POLLIN, 0};
  zmq_poll (items, (int)used, wait_ms (loop));
  memcpy (others, items, count * sizeof *items);
}

/* Commands are taken, and events come, or never will. */
static bool is_ready (const mns_loop_t *loop) {
  const mns_turn_t *turn = loop->turn;
  bool live = loop->subscription.prefix_count == 0 || loop->subscription.live;
  return loop->announced && (live || turn->stopped || turn->forked || awaits_burial (loop));
}

static void note_state (mns_loop_t *loop) {
  const mns_turn_t *turn = loop->turn;
  bool up = loop->control.state == MNS_LINK_UP;
  loop->ready = loop->ready || is_ready (loop);
  if (!turn->stopped && !turn->forked && !loop->stopping)
    mns_turn_set_state (loop->turn, up ? MNS_STATE_RUNNING : MNS_STATE_CONNECTING);
  if (turn->broken)
    mns_fail (&loop->failure, MNS_IO, loop->service->name,
              "a commit failed with an I/O error: what is on the disk is unknown; check the disk, then start again");
}

void mns_loop_round (mns_loop_t *loop, zmq_pollitem_t *others, size_t count) {
  assert (count <= OTHERS_MAX);
  poll (loop, others, count);
  mns_loop_receive_control (loop);
  mns_loop_renew (loop);
  mns_loop_hello (loop);
  mns_link_tick (&loop->control);
  if (loop->subscription.prefix_count > 0 && may_work (loop)) {
    mns_loop_receive_events (loop);
    mns_link_tick (&loop->events);
  }
  mns_loop_release_waiting (loop);
  if (may_work (loop) || awaits_burial (loop))
    run_turn (loop);
  if (loop->turn->reopen) {
    loop->turn->reopen = false;
    mns_relay_reopen (&loop->relay);
  }
  run_timers (loop);
  run_upkeep (loop);
  mns_loop_answer_copy (loop);
  if (!loop->turn->broken) {
    mns_loop_publish (loop);
    mns_loop_credit (loop);
  }
  note_state (loop);
  mns_loop_metrics (loop);
}

/* ---- the way out ------------------------------------------------------------------------------------------------- */

/* Requests that still come are left to the next instance: the broker tells their askers. */
static void drain (mns_loop_t *loop, int64_t ms) {
  int64_t until = mns_clock.monotonic_ms () + ms;
  while (loop->relay.open && !mns_relay_drained (&loop->relay) && mns_clock.monotonic_ms () < until) {
    mns_items_drop (&loop->requests, 0, loop->requests.count);
    zmq_pollitem_t item = {loop->control.socket, 0, ZMQ_POLLIN, 0};
    mns_loop_publish (loop);
    zmq_poll (&item, 1, 50);
    mns_loop_receive_control (loop);
    mns_link_tick (&loop->control);
  }
}

void mns_loop_close (mns_loop_t *loop, int64_t ms) {
  loop->stopping = true;
  mns_turn_set_state (loop->turn, MNS_STATE_STOPPING);
  if (!loop->turn->broken) {
    drain (loop, ms);
    run_single (loop, MNS_JOB_UPKEEP, NULL);
  }
  mns_board_remove (loop->service->name);
  mns_link_fini (&loop->control);
  mns_link_fini (&loop->events);
  items_fini (&loop->requests);
  items_fini (&loop->waiting);
  items_fini (&loop->arrivals);
  zmq_msg_close (&loop->body);
  mns_buffer_fini (&loop->names);
  mns_relay_fini (&loop->relay);
  mns_snapshots_fini (&loop->snapshots);
  mns_turn_close (&loop->turn);
  mns_lock_destroy (&loop->lock);
}
