/* One turn: messages in, one transaction, answers out. Knows no socket, so that tests and rehearsals run it as the loop
 * does.
 *
 *   begin → job … job → offset, outbox → commit ──→ committed, answers may go
 *             │ a job wrote and failed, the transaction was lost, the commit failed
 *             └→ roll back → each job again in a transaction of its own; only the poisoned one is refused
 *
 * Not for handlers: they see common/service.h. */
#ifndef MNS_COMMON_TURN_H
#define MNS_COMMON_TURN_H

#include "common/answer.h"
#include "common/command_index.h"
#include "common/copy.h"
#include "common/outbox.h"
#include "common/records/service_records.h"
#include "common/service.h"
#include "common/subscription.h"
#include "common/vector.h"

#define MNS_TURN_MS        100       /* a turn begins no further job after this time */
#define MNS_TURN_EVENTS_MS 10        /* nor a further EVT after this */
#define MNS_TURN_OUT_MAX   (4 << 20) /* nor one when its answers have that many bytes */

typedef enum {
  MNS_JOB_REQUEST,
  MNS_JOB_EVENTS, /* the records of one EVT */
  MNS_JOB_TIMER,
  MNS_JOB_UPKEEP /* trims the outbox, purges answers, stores the offset */
} mns_job_kind_t;

typedef struct {
  mns_rc_t rc;            /* of a request: the answer's; of events: why they were not applied */
  bool applied;           /* events: the offset moved */
  bool repeated;          /* the stored answer of a request that was carried out before */
  bool later;             /* answered when turn->copy is done */
  size_t at, size;        /* the answer in turn->out: for an error  where NUL detail NUL, then the body */
  uint64_t epoch, number; /* last event of the effect */
  uint64_t retry_after_ms;
} mns_outcome_t;

typedef struct {
  mns_job_kind_t kind;
  const uint8_t *body; /* borrowed until the turn is over */
  size_t size;
  /* a request */
  char command[MNS_NAME_MAX + 1];
  mns_caller_t caller;
  mns_uuid_t key;
  /* events */
  mns_offset_t offset; /* after them */
  bool gap;            /* before it records were trimmed; there are none in the body */
  /* a timer */
  const mns_timer_t *timer;
  mns_outcome_t outcome;
} mns_job_t;

struct mns_turn {
  const mns_service_t *service;
  const mns_config_t *config;
  mns_db_t *db;
  void *self;
  mns_outbox_t outbox;
  mns_vector_t vector;     /* what was applied of each producer */
  uint64_t known_from;     /* log number behind which the vector knows everything; 0 from the beginning */
  uint64_t reread_until;   /* the log is read again up to here, when that is before it */
  sqlite3_stmt *left_out;  /* is this event one of those that were skipped by hand? */
  uint64_t left_out_count; /* of them */
  bool rehearses;          /* the open transaction is to be rolled back, whatever comes of it */
  bool resumes, reopens;   /* the open transaction ends the stop of the line; of the relay */
  bool reopen;             /* the relay is to begin again */
  mns_copy_t *copy;        /* of the store, being made; its owner in the loop destroys it */
  mns_answers_t answers;
  mns_command_index_t commands;
  mns_offset_t offset;        /* as of the open transaction */
  mns_offset_t base_offset;   /* what a roll-back goes back to */
  mns_offset_t stored_offset; /* as committed: IDLE moves the others ahead of it */
  mns_offset_t saved_offset;  /* as the open transaction would leave it */
  sqlite3_stmt *read_offset, *save_offset;
  mns_time_t started, now; /* wall clock of the turn; what the handler sees */
  mns_error_t error;
  mns_buffer_t reply;   /* answer of the running job */
  mns_buffer_t out;     /* answers of the turn */
  mns_buffer_t body;    /* of the event being made */
  mns_buffer_t skipped; /* log numbers of events of the running job that failed before */
  void *record;         /* the decoded record */
  const mns_request_t *request;
  const mns_event_t *event;
  uint64_t event_epoch, event_number;
  int64_t changes;       /* of the store, when the handler was called */
  int64_t begun;         /* the same, when the transaction began */
  uint64_t applied;      /* events of the open transaction */
  uint64_t refused;      /* number of the record that the broker refuses for good; 0 none */
  char failed_event[96]; /* the event whose handler failed, and its log number (0: the message cannot be read) */
  uint64_t until;        /* events: only those below this number, because it cannot be applied; 0 all */
  uint64_t failed_number;
  bool events_failed;   /* earlier in this run: later ones must wait */
  bool caught_up;       /* the end of the log was seen since the subscription began */
  bool answers_expired; /* there may be more to purge */
  bool forked;          /* commands are refused */
  bool stopped;         /* the line is: no more events */
  bool broken;          /* a commit ended with an I/O error: what is on the disk is unknown, the process must end */
  mns_service_status_t status;
};

/* Opens DATA/<service>/<service>.db, migrates it and builds the service's state. */
mns_rc_t mns_turn_open (mns_turn_t **turn, const mns_service_t *service, const mns_config_t *config,
                        mns_error_t *error);
void mns_turn_close (mns_turn_t **turn);

/* Runs jobs from the first on and returns how many are done, at least one. Their outcomes are durable; turn->out holds
 * the answers until the next call. MNS_JOB_TIMER and MNS_JOB_UPKEEP come alone. */
size_t mns_turn_run (mns_turn_t *turn, mns_job_t *jobs, size_t count);

/* Moves the offset by an IDLE; some later transaction stores it. */
void mns_turn_idle (mns_turn_t *turn, mns_offset_t offset);
/* The log is another one than the offset is of, or no longer has what follows it: from its first record on, leaving out
 * what the vector covers. `until`: where the log ends now. MNS_OFFSET_MISMATCH when this store does not know what it
 * applied. */
mns_rc_t mns_turn_rewind (mns_turn_t *turn, uint64_t until, mns_error_t *error);
bool mns_turn_rereads (const mns_turn_t *turn); /* it has not come to `until` */
/* Something is wrong from now on, for the status; raised again it gets the new text. `code` is one word. */
void mns_turn_alarm_raise (mns_turn_t *turn, const char *code, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
void mns_turn_alarm_clear (mns_turn_t *turn, const char *code);
/* What the service is at (mns_service_state), for its status. */
void mns_turn_set_state (mns_turn_t *turn, mns_code_t state);
/* Notes an error of the service itself for its status, and logs it as `event`. */
void mns_turn_note (mns_turn_t *turn, const char *event, const mns_error_t *error);

/* ---- between the files of the turn ----------------------------------------------------------------------------- */
typedef enum {
  MNS_JOB_DONE,
  MNS_JOB_SPOILED /* the transaction must not be committed; turn->error says why */
} mns_job_end_t;

mns_job_end_t mns_turn_request (mns_turn_t *turn, mns_job_t *job);
mns_job_end_t mns_turn_events (mns_turn_t *turn, mns_job_t *job);
/* The answer of a request whose handler failed after writing, in a transaction of its own. */
mns_job_end_t mns_turn_refuse (mns_turn_t *turn, mns_job_t *job, const mns_error_t *error);
/* Puts the error into turn->out as the answer of the job. */
void mns_turn_answer_error (mns_turn_t *turn, mns_job_t *job, const mns_error_t *error);
/* The transaction went with a statement that failed: nothing more may be done in this turn. */
bool mns_turn_is_lost (mns_turn_t *turn);
/* An error of the store, not of the message. */
bool mns_turn_store_error (mns_rc_t rc);
mns_rc_t mns_turn_read_interventions (mns_turn_t *turn, mns_error_t *error);
/* Was this event skipped by hand? */
bool mns_turn_is_left_out (mns_turn_t *turn, const mns_event_t *event);
void mns_turn_interventions_committed (mns_turn_t *turn);
/* `<service>.skip` and `<service>.bury`; `self` is the turn. */
mns_rc_t mns_turn_skip (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t mns_turn_bury (void *self, mns_turn_t *turn, const mns_request_t *request);
/* `<service>.rehearse`; `self` is the turn. */
mns_rc_t mns_turn_rehearse (void *self, mns_turn_t *turn, const mns_request_t *request);
/* `<service>.status` and `<service>.backup`; `self` is the turn. */
mns_rc_t mns_turn_status (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t mns_turn_backup (void *self, mns_turn_t *turn, const mns_request_t *request);

#endif
