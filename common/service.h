/* A service: tables of commands, topics and timers over one store, run by the loop of service.c.
 *
 * One turn is one transaction: the loop drains what has arrived (control first, then at most 2 ms of events), calls the
 * handlers, stores the answers, the offset and the outgoing records, commits, and only then sends replies, records and
 * credit. A turn that fails is rolled back whole and done again one message per transaction.
 *
 * A handler is a function of (state, message, now). It decides before it writes: when it returns an error having
 * written nothing, the refusal is stored as the answer; when it wrote, its message is rolled back first. It never
 * sleeps, asks, prints, or reads a clock. */
#ifndef MNS_COMMON_SERVICE_H
#define MNS_COMMON_SERVICE_H

#include "common/config.h"
#include "common/db.h"
#include "common/wire.h"

typedef struct mns_turn mns_turn_t;

/* Who asks, as the broker vouches for it. */
typedef struct {
  char account[MNS_NAME_MAX + 1];
  mns_code_t role;      /* of mns_role (common/records/codes.h) */
  mns_place_t division; /* the subtree the account works in; the country is 0 */
} mns_caller_t;

typedef struct {
  const char *command;
  mns_caller_t caller;
  mns_uuid_t key;      /* zero for a query */
  const uint8_t *body; /* sequence of records */
  size_t body_size;
  const void *record; /* the first record, decoded and validated, unless the command is MNS_BULK (then NULL) */
} mns_request_t;

enum {
  MNS_QUERY = 1, /* reads only; no key, no stored answer */
  MNS_BULK = 2   /* up to 1,000 request records: the handler reads the body itself (mns_sequence_next) */
};

typedef struct {
  const char *name; /* "registry.record-birth" */
  int flags;
  uint32_t roles;                   /* MNS_ROLE_BIT (…) | … */
  const mns_record_type_t *request; /* NULL: no body */
  const mns_record_type_t *reply;   /* NULL: no body */
  mns_rc_t (*handle) (void *self, mns_turn_t *turn, const mns_request_t *request);
  const char *en, *zh; /* one line of help */
} mns_command_t;

typedef struct {
  const char *prefix;            /* "registry.death." */
  const mns_record_type_t *type; /* records of the body; another type under this prefix is skipped */
  /* Called once per record of the body, in order. An error stops the line (registry, statistics, assistance). */
  mns_rc_t (*handle) (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
} mns_topic_t;

typedef struct {
  const char *name;
  int64_t every_ms;
  mns_rc_t (*handle) (void *self, mns_turn_t *turn); /* runs in a turn of its own */
} mns_timer_t;

/* A stream that the service gives snapshots of (docs/protocol.md §10), one it alone publishes on. `dump` runs in a
 * thread of its own, over a reading connection that is in one transaction: it writes, by mns_dump_row, what the events
 * of the stream have told up to then, so that whoever takes each row for an event is where a subscriber from the first
 * event would be. It sees nothing of the service's state in memory. */
typedef struct mns_dump mns_dump_t;
typedef struct {
  const char *stream;
  mns_rc_t (*dump) (mns_dump_t *dump, mns_db_t *db, const mns_config_t *config, mns_error_t *error);
} mns_snapshot_t;

typedef struct {
  const char *name;                /* "registry": producer, consumer, store and folder name */
  const mns_embedded_t *files;     /* schema and default catalogue */
  const mns_command_t *commands;   /* ended by a NULL name */
  const mns_topic_t *topics;       /* ended by a NULL prefix */
  const mns_timer_t *timers;       /* ended by a NULL name */
  const mns_snapshot_t *snapshots; /* ended by a NULL stream; may be NULL */
  int cache_kib;
  bool stops_the_line; /* false: an event that fails is logged, counted and parked by the handler itself */
  bool keeps_facts; /* the store cannot be made again from the log: an empty one beside a log that has its records was
                       lost, and must be restored instead of beginning anew */
  /* Builds the state over an open, migrated store. */
  mns_rc_t (*open) (void **self, mns_db_t *db, const mns_config_t *config, mns_error_t *error);
  void (*close) (void **self);
  /* May be NULL. Once before the commit of each turn in which a handler ran: writes what the handlers left to write. An
   * error fails the turn as a handler's would. */
  mns_rc_t (*finish) (void *self, mns_turn_t *turn);
  void (*committed) (void *self);   /* may be NULL: the turn is durable, memory may follow */
  void (*rolled_back) (void *self); /* may be NULL: the turn is gone, memory goes back to the store's state */
} mns_service_t;

/* ---- for handlers ------------------------------------------------------------------------------------------------ */
/* In a request or timer the wall clock at the start of the turn; in an event handler the record's `recorded`. */
mns_time_t mns_turn_now (mns_turn_t *turn);
mns_date_t mns_turn_today (mns_turn_t *turn);   /* civil date of `now` in the county's zone */
mns_error_t *mns_turn_error (mns_turn_t *turn); /* where mns_fail of a handler writes */

/* Adds a record to the answer. */
void mns_turn_reply (mns_turn_t *turn, const mns_record_type_t *type, const void *record);

/* What goes with an event besides its record. Everything is copied. */
typedef struct {
  const char *stream, *subject; /* topic parts; stream NULL: the service's name */
  mns_place_t place;
  const char *happening; /* last part of the topic: "registered", "2026-S1" */
  mns_date_t occurred, registered;
  const char *entity;       /* "person/1042" or NULL */
  const mns_event_t *cause; /* the event being handled, or NULL */
} mns_emit_t;

/* Puts one event of `count` records (an array with the type's size as stride) into the outbox of this turn. Checked
 * here as the broker would: an error is returned before anything is written. */
mns_rc_t mns_turn_emit (mns_turn_t *turn, const mns_emit_t *emit, const mns_record_type_t *type, const void *records,
                        size_t count);
/* (epoch, number) that the last mns_turn_emit of this handler call got; for replies. */
void mns_turn_last_event (mns_turn_t *turn, uint64_t *epoch, uint64_t *number);
/* Where this consumer stands: the log number of the last event applied. */
uint64_t mns_turn_log_number (mns_turn_t *turn);
/* It has been at the end of the log: what it does by the clock is not about what is only read again. */
bool mns_turn_caught_up (const mns_turn_t *turn);
/* The epoch of the log that it reads: a log that was put back goes on in a higher one, its numbers where it ends. */
uint64_t mns_turn_log_epoch (mns_turn_t *turn);

/* Walks a sequence: unpacks the next record at *data, moves *data and *size behind it. MNS_GONE at the end. */
mns_rc_t mns_sequence_next (const mns_record_type_t *type, void *record, const uint8_t **data, size_t *size,
                            mns_error_t *error);

/* ---- for dumps --------------------------------------------------------------------------------------------------- */
/* Writes one row in the form of an event; rows that were not asked for are left out. An error is to be returned. */
mns_rc_t mns_dump_row (mns_dump_t *dump, const mns_emit_t *emit, const mns_record_type_t *type, const void *records,
                       size_t count, mns_error_t *error);
/* False: no row of this place was asked for. */
bool mns_dump_wants (const mns_dump_t *dump, const char *stream, const char *subject, mns_place_t place);

/* True when `place` lies in the caller's division; otherwise the handler answers MNS_FORBIDDEN. */
bool mns_caller_covers (const mns_caller_t *caller, mns_place_t place);

/* ---- to run one ------------------------------------------------------------------------------------------------ */
/* The main of a service program: reads options and configuration, runs the service until SIGINT or SIGTERM. */
int mns_service_main (const mns_service_t *service, int argc, char **argv);

/* The same as an actor in this process (czmq zactor function): `args` is mns_service_args_t. Sends one signal message
 * on its pipe when ready ("READY") or failed ("FAILED", word, detail), and ends on "$TERM". */
typedef struct {
  const mns_service_t *service;
  const mns_config_t *config;
} mns_service_args_t;
void mns_service_actor (void *pipe_zsock, void *args);

#endif
