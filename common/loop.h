/* The loop of a service: its two connections, what has arrived and waits for a turn, timers, and the way out.
 *
 *   control ─► requests ┐                 ┌─► replies, PUB
 *                       ├─► turn (turn.h) ┤
 *   events ──► arrivals ┘                 └─► credit
 *
 * Shared by loop.c (one round after another), loop_control.c and loop_events.c (messages of either connection). */
#ifndef MNS_COMMON_LOOP_H
#define MNS_COMMON_LOOP_H

#include "common/link.h"
#include "common/lock.h"
#include "common/relay.h"
#include "common/snapshot.h"
#include "common/turn.h"

enum {
  MNS_LOOP_REQUESTS = 256,  /* drained before a turn */
  MNS_LOOP_WAITING = 1024,  /* requests that wait for a log number */
  MNS_LOOP_ARRIVALS = 512,  /* EVT and IDLE that wait for a turn */
  MNS_LOOP_BYTES = 8 << 20, /* of requests that wait, of each kind; one message may overdraw */
  MNS_LOOP_TIMERS = 16
};

/* A message that waits. */
typedef struct {
  mns_job_t job;
  zmq_msg_t message;   /* holds job.body */
  uint64_t request;    /* its number */
  uint64_t at_least;   /* log number it must know */
  int64_t deadline_ms; /* monotonic */
} mns_item_t;

typedef struct {
  mns_item_t *items;
  size_t count, capacity;
  size_t bytes; /* of their bodies */
} mns_items_t;

typedef struct {
  const mns_service_t *service;
  const mns_config_t *config;
  mns_lock_t *lock;
  mns_turn_t *turn;
  mns_link_t control, events;
  mns_relay_t relay;
  mns_snapshots_t snapshots;
  mns_subscription_t subscription;
  mns_items_t requests, waiting, arrivals;
  mns_job_t jobs[MNS_LOOP_REQUESTS + MNS_LOOP_ARRIVALS];
  zmq_msg_t body;  /* scratch of a receive */
  mns_head_t head; /* the same */
  mns_buffer_t names;
  int64_t timer_ms[MNS_LOOP_TIMERS]; /* when each is due */
  int64_t upkeep_ms, purge_ms, reminded_ms;
  int64_t announced_ms;    /* when READY went out; 0 not yet */
  int64_t events_after_ms; /* a failing event is tried again then */
  int events_pause_ms;
  uint64_t ready_request; /* number of the last READY */
  uint64_t epochs_tried;  /* by a store that has given out nothing, beyond its own */
  uint64_t copy_request;  /* who waits for turn->copy; 0 nobody any more */
  uint64_t credit_messages, credit_bytes;
  uint64_t durable_told; /* the last number the broker was told as durable */
  bool joined;           /* the broker has welcomed this producer */
  bool ready, announced, events_first, stopping;
  int64_t metrics_ms;  /* when the board was written last */
  mns_error_t failure; /* rc not MNS_OK: the service must end */
} mns_loop_t;

/* Locks the service's folder, opens the store, prepares the connections. */
mns_rc_t mns_loop_open (mns_loop_t *loop, const mns_service_t *service, const mns_config_t *config, mns_error_t *error);
/* One round: waits for messages (`others` are polled as well, their revents are set), then a turn and what follows. */
void mns_loop_round (mns_loop_t *loop, zmq_pollitem_t *others, size_t count);
/* Drains the outbox for at most `ms`, says BYE, closes the store. */
void mns_loop_close (mns_loop_t *loop, int64_t ms);

/* ---- between its files ------------------------------------------------------------------------------------------ */
/* Adds an item that takes over `body`; NULL: full. */
mns_item_t *mns_items_add (mns_items_t *items, zmq_msg_t *body);
/* Closes `count` items from `first` on; the others move up. */
void mns_items_drop (mns_items_t *items, size_t first, size_t count);

/* Fills what the next HELLO says of the producer; what has been said stays until it is answered. */
void mns_loop_hello (mns_loop_t *loop);
/* A store that was put back begins its next epoch as soon as the broker has what waited. */
void mns_loop_renew (mns_loop_t *loop);
void mns_loop_receive_control (mns_loop_t *loop);
void mns_loop_release_waiting (mns_loop_t *loop); /* those whose log number has come, or whose time is over */
void mns_loop_reply (mns_loop_t *loop, const mns_item_t *item, const mns_outcome_t *outcome);
void mns_loop_answer_copy (mns_loop_t *loop); /* when it is done */
void mns_loop_publish (mns_loop_t *loop);
void mns_loop_receive_events (mns_loop_t *loop);
void mns_loop_credit (mns_loop_t *loop);
void mns_loop_metrics (mns_loop_t *loop); /* onto the board, once a second */

#endif
