/* The router thread of the broker: its state, and what its parts offer each other.
 *
 *   doors ─► post (frames ⇄ messages) ─► hello · publish · subscribe · request · commands ─► post ─► doors
 *                                              │  ▲
 *                                              ▼  │ committed groups
 *                                          log thread ─► tail ─► subscribe, feed
 *
 * One thread owns all of it. Nothing here waits: not for the disk (log thread), not for a peer (sends never block). */
#ifndef MNS_BROKER_CORE_H
#define MNS_BROKER_CORE_H

#include "common/accounts.h"
#include "common/clock.h"
#include "common/keys.h"
#include "common/lock.h"
#include "common/records/alarm.h"
#include "common/wait.h"
#include "services/broker/account.h"
#include "services/broker/audit.h"
#include "services/broker/consumers.h"
#include "services/broker/index_thread.h"
#include "services/broker/keep.h"
#include "services/broker/log_thread.h"
#include "services/broker/metrics.h"
#include "services/broker/patience.h"
#include "services/broker/peers.h"
#include "services/broker/tail.h"
#include <czmq.h>

enum { BROKER_ENVELOPE_MAX = 256, BROKER_ENVELOPE_FRAMES = 8, BROKER_EVT_BYTES = 256 * 1024 };

#define BROKER_SOFTWARE "minsheng/" MNS_VERSION
#define BROKER_ACK                                                                                                     \
  "an ack means: the records are in the log, flushed to the disk of the broker, in order and once; they outlive a "    \
  "power cut, not the loss of that disk"

/* ---- messages: post.c -------------------------------------------------------------------------------------------- */

/* What stood before the three frames: a length byte and the bytes of each frame. */
typedef struct {
  uint8_t frames;
  uint16_t size;
  uint8_t bytes[BROKER_ENVELOPE_MAX + BROKER_ENVELOPE_FRAMES];
} broker_envelope_t;

typedef struct {
  broker_peer_t *peer;
  broker_envelope_t envelope;
  mns_frame_kind_t kind;
  bool paid; /* it has cost patience: it is answered in any case */
  mns_head_t head;
  zmq_msg_t body; /* closed by whoever received the message, unless moved away */
} broker_message_t;

typedef struct {
  uint64_t received, sent, malformed, dropped, late, refused;
  uint64_t groups, appended, repeated, delivered;
} broker_counts_t;

/* ---- parts of the state ------------------------------------------------------------------------------------------ */

/* A producer: what the log has of it, and with what has been accepted but not committed. */
struct broker_producer {
  broker_place_of_t committed, accepted;
  uint64_t epoch;                  /* of the holder's HELLO */
  broker_peer_t *holder;           /* NULL: nobody */
  uint64_t position;               /* of its last record in the group under way; 0 none */
  uint64_t covered_epoch, covered; /* its last record in a backup of the log */
};

typedef struct {
  broker_producer_t *producer;
  zmq_msg_t records;
  uint64_t count;
  broker_place_of_t place; /* of its producer, after it */
} broker_pub_t;

typedef struct {
  broker_producer_t *producers[BROKER_PRODUCERS_MAX];
  size_t producer_count;
  broker_pub_t *queue; /* accepted, waiting for the group under way */
  size_t queue_count, queue_capacity, queue_bytes;
  bool under_way;
  uint64_t refused; /* number of the record for which the last PUB was refused; 0: not for one record */
} broker_publishing_t;

struct broker_subscription {
  broker_peer_t *peer;
  uint64_t id;
  char consumer[MNS_NAME_MAX + 1];
  char prefixes[MNS_PREFIXES_MAX][MNS_TOPIC_MAX + 1];
  size_t prefix_count;
  uint64_t streams;           /* in which something may match */
  uint64_t told, cursor;      /* what the subscriber knows; how far we have looked */
  uint64_t chain;             /* of the log after `cursor`; 0 in the middle of a row */
  uint64_t durable;           /* what it said it has made durable */
  uint64_t last_event;        /* the `last` of the last EVT or GAP */
  int64_t messages, bytes;    /* credit */
  int64_t told_ms, looked_ms; /* last message to it; since when the cursor is ahead of what it knows */
  bool stuck;                 /* its socket was full; again after so many ticks, each time more */
  int stuck_ticks, pause_ticks;
  bool no_audit; /* "everything" leaves the stream audit out */
};

typedef struct {
  broker_subscription_t **all;
  size_t count, capacity;
  size_t turn;   /* who is served first */
  size_t looked; /* bytes, in this turn */
} broker_subscriptions_t;

typedef struct {
  char name[MNS_NAME_MAX + 1];
  broker_peer_t *holder; /* NULL: announced once, nobody now */
  bool missed;           /* whoever answered it went without a word, and that was told */
} broker_entry_t;

typedef struct {
  uint64_t number; /* ours; 0 free */
  broker_peer_t *asker;
  broker_peer_t *worker; /* NULL: the broker itself */
  broker_envelope_t envelope;
  uint64_t request; /* the asker's number */
  int64_t deadline_ms;
  broker_account_t *account; /* who asked; NULL where the broker itself answers */
  char command[MNS_NAME_MAX + 1];
} broker_pending_t;

typedef struct {
  broker_entry_t *entries; /* the directory */
  size_t entry_count, entry_capacity;
  broker_pending_t *pending;
  uint32_t *free_slots;
  size_t free_count;
  uint64_t last_number;
} broker_requests_t;

typedef struct {
  void *socket; /* XPUB, NULL: off */
  int64_t ticked_ms;
  uint64_t ticks;
  char endpoint[128];
} broker_feed_t;

typedef struct {
  zactor_t *actor;
  void *pipe;
  uint64_t told; /* last number of the log that the index thread knows */
  int64_t told_ms;
  broker_index_said_t said;
  bool unclean; /* the log was not closed before this start: all of it is verified */
} broker_lookup_t;

typedef struct {
  mns_alarm_t all[MNS_ALARMS_MAX];
  size_t count;
} broker_alarms_t;

/* What the router waits for. */
enum {
  BROKER_WATCH_TERM,
  BROKER_WATCH_LOG,
  BROKER_WATCH_LOOKUP,
  BROKER_WATCH_DOOR,
  BROKER_WATCH_FEED = BROKER_WATCH_DOOR + BROKER_DOORS,
  BROKER_WATCHED
};

typedef struct broker {
  const mns_config_t *config;
  void *context, *doors[BROKER_DOORS];
  mns_watched_t watched[BROKER_WATCHED];
  zsock_t *pipe;
  zactor_t *log_actor, *zap_actor;
  void *log_pipe;
  broker_log_t *reader;
  broker_tail_t *tail;
  broker_peers_t peers;
  broker_publishing_t publishing;
  broker_subscriptions_t subscriptions;
  broker_consumers_t consumers;
  broker_requests_t requests;
  broker_feed_t feed;
  mns_accounts_t accounts;
  broker_accounts_t *access; /* what they may, compiled */
  bool accounts_changed;     /* whoever is connected is to be looked at again */
  mns_keys_t keys, stranger; /* stranger: whom the authenticator must refuse */
  broker_counts_t counts;
  broker_metrics_t metrics;
  broker_alarms_t alarms;
  broker_keeping_t keeping;
  broker_lookup_t lookup;
  broker_audit_t audit;
  mns_account_t *accounts_before; /* as they were when they were last looked at */
  size_t accounts_before_count;
  unsigned zap_silence;     /* seconds that the authenticator has not answered */
  broker_message_t message; /* the one being handled */
  mns_lock_t *lock;
  mns_buffer_t head_bytes, scratch;
  int64_t now_ms, refreshed_ms, ticked_ms, started_ms;
  int64_t held_until_ms;    /* nothing is appended before: a backup is being made */
  broker_peer_t *hold_peer; /* who asked for that; NULL nobody */
  bool renewing, renewed;   /* the log is being given a new epoch; it was, since the start */
  uint64_t copy_request;    /* the request for a copy of the log that is under way; 0 none */
  mns_error_t failure;      /* rc not MNS_OK: the broker must end */
} broker_t;

/* ---- post.c: frames ⇄ messages ----------------------------------------------------------------------------------- */
/* Reads one message of a door. False: nothing there. message->peer NULL: it was junk and has been dealt with. */
bool broker_receive (broker_t *broker, broker_door_t door, broker_message_t *message);
/* Sends to a peer; `body` (may be NULL) is taken over. MNS_BUSY: its queue is full, nothing was sent. MNS_GONE: it has
 * left; it will be forgotten at the end of the turn. */
mns_rc_t broker_send (broker_t *broker, broker_peer_t *peer, const broker_envelope_t *envelope, mns_frame_kind_t kind,
                      const mns_head_t *head, zmq_msg_t *body);
/* Answers a message: its envelope, its request number. */
void broker_answer (broker_t *broker, const broker_message_t *message, mns_frame_kind_t kind, mns_head_t *head,
                    zmq_msg_t *body);
/* Has the broker patience for a message of so many points (patience.h)? If not, it is dropped, and the peer told once.
 */
bool broker_bears (broker_t *broker, const broker_message_t *message, int64_t points);
/* The same with an error; retry_after_ms 0: final. A mistake in what is no request and has cost nothing yet costs
 * patience: without any, no answer. */
void broker_answer_error (broker_t *broker, const broker_message_t *message, mns_frame_kind_t kind,
                          const mns_error_t *error, uint64_t retry_after_ms);

/* ---- doors.c: sockets -------------------------------------------------------------------------------------------- */
mns_rc_t broker_doors_open (broker_t *broker, mns_error_t *error);
void broker_doors_close (broker_t *broker);
/* A socket with the broker's limits; NULL with the error. */
void *broker_socket (broker_t *broker, int type, mns_error_t *error);
/* Makes it a CURVE server of our domain. */
mns_rc_t broker_socket_secure (broker_t *broker, void *socket, mns_error_t *error);

/* ---- access.c: who, and what it may (rights.h) --------------------------------------------------------------------
 */
/* Who a peer is when it names `account` (may be "") and, in HELLO, `producer` (may be ""). */
mns_rc_t broker_identify (broker_t *broker, const broker_peer_t *peer, const char *account, const char *producer,
                          mns_caller_t *caller, mns_error_t *error);
/* One of the four services that every stack has. */
bool broker_is_of_the_house (const char *name, size_t size);
/* The account of a caller, with its rights and limits. */
broker_account_t *broker_account (const broker_t *broker, const mns_caller_t *caller);
bool broker_may_subscribe (const broker_t *broker, const mns_caller_t *caller, const char *prefix);
bool broker_may_snapshot (const broker_t *broker, const mns_caller_t *caller, const char *prefix);
/* A producer is the account of its name, if that may publish anything. */
bool broker_may_publish (const broker_t *broker, const mns_caller_t *caller, const char *producer);

/* ---- hello.c: connections and their life ------------------------------------------------------------------------- */
void broker_handle_hello (broker_t *broker, broker_message_t *message);
void broker_handle_ping (broker_t *broker, broker_message_t *message);
void broker_handle_pong (broker_t *broker, broker_message_t *message);
void broker_handle_bye (broker_t *broker, broker_message_t *message);
/* PINGs a holder whose place another wants. True: it is gone or has had its time, and has been forgotten. */
bool broker_challenge (broker_t *broker, broker_peer_t *holder);
/* Gives up all it holds; `reason` MNS_OK: it left by itself, otherwise it is told. */
void broker_forget (broker_t *broker, broker_peer_t *peer, mns_rc_t reason);
/* Forgets those that have left or been silent, PINGs those that must show themselves. */
void broker_peers_tick (broker_t *broker);
/* After a change of the accounts: whoever lost its account or a right is told and forgotten. */
void broker_peers_recheck (broker_t *broker);

/* ---- publish.c --------------------------------------------------------------------------------------------------- */
mns_rc_t broker_publishing_init (broker_t *broker);
void broker_publishing_fini (broker_t *broker);
/* The producer of that name, made when new; NULL: too many. */
broker_producer_t *broker_producer_find (broker_t *broker, const char *name);
void broker_handle_pub (broker_t *broker, broker_message_t *message);
/* Hands what has been accepted to the log thread, unless a group is under way. */
void broker_publish_group (broker_t *broker);
/* The log thread has answered. */
void broker_publish_answered (broker_t *broker, zmq_msg_t *frames, size_t count);

/* A backup has all that is committed: producers are told. */
void broker_publish_covered (broker_t *broker);
/* Records of the broker itself, the last of which brings its producer to `place`. */
void broker_publish_own (broker_t *broker, broker_producer_t *producer, const broker_place_of_t *place,
                         const mns_buffer_t *records, uint64_t count);

/* ---- subscribe.c ------------------------------------------------------------------------------------------------- */
void broker_subscriptions_fini (broker_t *broker);
void broker_handle_sub (broker_t *broker, broker_message_t *message);
void broker_handle_credit (broker_t *broker, broker_message_t *message);
void broker_handle_subend (broker_t *broker, broker_message_t *message);
/* Ends one; rc MNS_OK: without a word. */
void broker_subscription_end (broker_t *broker, broker_subscription_t *subscription, const mns_error_t *error,
                              uint64_t retry_after_ms);
/* All of them, to be asked for anew: the log goes on in another epoch. */
void broker_subscriptions_end_all (broker_t *broker);

/* ---- deliver.c --------------------------------------------------------------------------------------------------- */
/* One message for each subscription that has something to get and credit, until a turn has looked through enough. True:
 * there is more to do at once. */
bool broker_deliver (broker_t *broker);
/* Every tick: IDLE, and stuck peers may try again. */
void broker_subscriptions_tick (broker_t *broker);

/* ---- consumers.c ------------------------------------------------------------------------------------------------- */
mns_rc_t broker_consumers_init (broker_t *broker);
void broker_consumers_fini (broker_t *broker);
/* May this account read under the name in `head`? Where it resumes, log_number gets its offset. */
mns_rc_t broker_consumer_check (broker_t *broker, const mns_caller_t *caller, mns_head_t *head, mns_error_t *error);
void broker_consumer_begin (broker_t *broker, broker_subscription_t *subscription);
void broker_consumer_end (broker_t *broker, broker_subscription_t *subscription);
void broker_consumers_tick (broker_t *broker);
/* Hands what has changed to the log thread; and its answer. */
void broker_consumers_note (broker_t *broker);
void broker_consumers_noted (broker_t *broker, const broker_noted_t *noted);

/* ---- renew.c: a log that was put back ---------------------------------------------------------------------------- */
/* Does the producer know of acknowledged records that the log does not have? Then MNS_BUSY until the log has a new
 * epoch. */
mns_rc_t broker_renew_check (broker_t *broker, const mns_head_t *hello, const broker_place_of_t *place,
                             mns_error_t *error);
void broker_renewed (broker_t *broker, const broker_noted_t *noted);

/* ---- request.c --------------------------------------------------------------------------------------------------- */
void broker_requests_init (broker_t *broker);
void broker_requests_fini (broker_t *broker);
void broker_handle_request (broker_t *broker, broker_message_t *message);
void broker_handle_snap (broker_t *broker, broker_message_t *message);
void broker_handle_reply (broker_t *broker, broker_message_t *message); /* REPLY, SNAPROW, SNAPEND and ERR */
void broker_handle_ready (broker_t *broker, broker_message_t *message);
void broker_requests_forget (broker_t *broker, broker_peer_t *peer);
void broker_requests_missed (broker_t *broker, broker_peer_t *peer); /* it went without a word: tells what is missing */
/* After a change of the accounts: requests that their askers may no longer make are ended. */
void broker_requests_recheck (broker_t *broker);
/* Whether every command that the peer has announced is still its to answer. */
bool broker_may_serve_all (const broker_t *broker, const broker_peer_t *peer);
void broker_requests_tick (broker_t *broker); /* deadlines */
size_t broker_requests_open (const broker_t *broker);
/* Keeps a request of the broker's own to answer later; its number, 0 when there are too many. */
uint64_t broker_request_hold (broker_t *broker, const broker_message_t *message);
/* Answers it with an empty REPLY, or ERR; nothing when the asker has gone or its time was over. */
void broker_request_answer (broker_t *broker, uint64_t number, const mns_error_t *error);
/* The same with a body, and a head to go with it (may be NULL). */
void broker_request_answer_with (broker_t *broker, uint64_t number, const mns_error_t *error, mns_head_t *head,
                                 const mns_buffer_t *body);

/* ---- commands.c -------------------------------------------------------------------------------------------------- */
/* Answers a command of the broker itself; false when there is none of that name. */
bool broker_own_command (broker_t *broker, broker_message_t *message, const mns_caller_t *caller);
void broker_handle_directory (broker_t *broker, broker_message_t *message);
void broker_copy_answered (broker_t *broker, const broker_copied_t *copied);
/* For the files that hold further commands. */
typedef mns_rc_t (broker_command_fn) (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                                      mns_error_t *error);
void broker_reply_bytes (broker_t *broker, const broker_message_t *message, mns_head_t *head,
                         const mns_buffer_t *bytes);
/* The one record of a request, validated. */
mns_rc_t broker_read_request (const broker_message_t *message, const mns_record_type_t *type, void *record,
                              mns_error_t *error);

/* consumers.c */
broker_command_fn broker_command_consumers, broker_command_consumer_reset, broker_command_consumer_remove,
    broker_command_consumer_require;

/* ---- keep.c, watch.c ------------------------------------------------------------------------------------------ */
mns_rc_t broker_keeping_init (broker_t *broker, mns_error_t *error);
void broker_keeping_tick (broker_t *broker); /* retention */
void broker_trim_answered (broker_t *broker, const broker_trim_done_t *done);
broker_command_fn broker_command_trim;
/* What lies at or above this number must not be trimmed: a consumer that must not be overrun still needs it. */
uint64_t broker_log_floor (const broker_t *broker);
void broker_watch_tick (broker_t *broker);
void broker_watch_full (broker_t *broker, bool full);
void broker_watch_damage (broker_t *broker, uint64_t number);

/* ---- lookup.c ---------------------------------------------------------------------------------------------------- */
mns_rc_t broker_lookup_start (broker_t *broker, const char *log_path, const char *path, mns_error_t *error);
void broker_lookup_stop (broker_t *broker);
void broker_lookup_tick (broker_t *broker);
void broker_lookup_drain (broker_t *broker);
void broker_verify_begin (broker_t *broker);
broker_command_fn broker_command_trace, broker_command_verify;
/* Waits for READY of an actor; `first` (may be NULL) gets what it says behind it, to be freed with zstr_free. */
mns_rc_t broker_actor_ready (zactor_t *actor, const char *name, char **first, mns_error_t *error);

/* ---- read.c ------------------------------------------------------------------------------------------------------ */
broker_command_fn broker_command_read, broker_command_log;

/* ---- alarms.c ---------------------------------------------------------------------------------------------------- */
/* Something is wrong from now on; raised again it gets the new text. `code` is one word, the text says what to do. */
void broker_alarm_raise (broker_t *broker, const char *code, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
void broker_alarm_clear (broker_t *broker, const char *code); /* it is over; harmless when it was not on */

/* ---- audit.c ----------------------------------------------------------------------------------------------------- */
void broker_audit_fini (broker_t *broker);
/* Something was refused, `count` times; told with others of its kind. */
void broker_audit_refusal (broker_t *broker, const mns_audit_refusal_t *refusal);
/* A message was refused, if the error is one that is told: no right, no account, malformed, over a limit. */
void broker_audit_message (broker_t *broker, const broker_message_t *message, const mns_error_t *error);
/* Something was done to the broker; account "": by whoever can write its files. */
void broker_audit_action (broker_t *broker, const char *account, const char *command, const char *format, ...)
    __attribute__ ((format (printf, 4, 5)));
/* The same of a command of the broker, with what it asked for. */
void broker_audit_command (broker_t *broker, const broker_message_t *message, const mns_caller_t *caller);
/* Commands that nobody answers any more, or somebody again. */
void broker_audit_directory (broker_t *broker, const mns_directory_change_t *change);
/* What was added to, taken out of and changed in the accounts. */
void broker_audit_accounts (broker_t *broker, const mns_account_t *before, size_t count);
void broker_audit_tick (broker_t *broker);  /* hands what is due to the log */
void broker_audit_flush (broker_t *broker); /* at once */

/* ---- metrics.c --------------------------------------------------------------------------------------------------- */
void broker_metrics_group (broker_t *broker); /* notes when a group begins and ends; to be called after either */
void broker_metrics_tick (broker_t *broker);  /* onto the board, once a second */

/* ---- feed.c, zap.c ----------------------------------------------------------------------------------------------- */
mns_rc_t broker_feed_open (broker_t *broker, mns_error_t *error);
void broker_feed_close (broker_t *broker);
void broker_feed_send (broker_t *broker); /* the newest group */
void broker_feed_tick (broker_t *broker);
void broker_feed_drain (broker_t *broker); /* subscriptions of listeners, read away */

/* Starts the authenticator of this process and proves that it refuses a stranger. */
mns_rc_t broker_zap_start (broker_t *broker, mns_error_t *error);
void broker_zap_stop (broker_t *broker);
/* Hears what it refused, and asks whether it lives: when not, the broker must end, since nobody new may be let in. */
void broker_zap_tick (broker_t *broker);
/* Once a second: one that answers no question for ZAP_SILENT_MAX of them hangs. */
void broker_zap_ask (broker_t *broker);

#endif
