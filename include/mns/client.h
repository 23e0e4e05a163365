/* A connection to the bus: subscriptions that miss nothing, requests that take effect once, snapshots.
 *
 *   mns_client_t *client = mns_client_new ("tcp://bus.county.example:5710");
 *   mns_client_set_keys (client, BROKER_KEY, "my.key");
 *   mns_client_set_offset_file (client, "figures.offset");
 *   if (mns_client_connect (client, 10000, &error) == MNS_OK &&
 *       mns_client_subscribe (client, prefixes, count, "start", &error) == MNS_OK)
 *     while (mns_client_next (client, -1, &event, &error) == MNS_OK) {
 *       …
 *       mns_client_confirm (client, &error);
 *     }
 *
 * Threads: a client, and the publishers and feeds made from it, are used by one thread at a time; several clients in
 * several threads are independent. No call is allowed in a signal handler.
 * Fork: a child that goes on without exec must not use a client of its parent: calls return MNS_WRONG_STATE and touch
 * nothing. It makes a client of its own.
 * The library installs no signal handler, changes no setting of the process, writes to no stream (mns_client_set_log),
 * and never ends the process, except when there is no memory left, as ZeroMQ does.
 * Errors: every call that can fail returns a mns_rc_t and fills `error` (may be NULL) with a sentence that says what to
 * do. mns_error_retry (rc): the same call may succeed later. */
#ifndef MNS_CLIENT_H
#define MNS_CLIENT_H

#include "mns/event.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mns_client mns_client_t;

/* The release of the library, "0.1.0". */
MNS_API const char *mns_client_version (void);

/* What the library has to say: level 0 error, 1 warning, 2 information; one line without its end. For the whole
 * process, from any thread; NULL, as at the beginning: nothing is said. Set before the first client. */
typedef void mns_client_log_t (int level, const char *line, void *context);
MNS_API void mns_client_set_log (mns_client_log_t *log, void *context);

/* ---- life -------------------------------------------------------------------------------------------------------- */

/* A client of the bus at `endpoint`: tcp://HOST:PORT with keys, or ipc://PATH on the same machine. Nothing is opened
 * yet. A setter copies its text; a mistake in it is told by connect. */
MNS_API mns_client_t *mns_client_new (const char *endpoint);
/* Says BYE and closes everything, at most a second later. NULL is allowed, the caller's pointer is cleared. Publishers
 * and feeds made from it are destroyed before. */
MNS_API void mns_client_destroy (mns_client_t **client);

/* Makes a key pair in a new file (mode 0600), and gives its public key, which the administrator of the bus adds to an
 * account: `mns account add NAME --role system --key PUBLIC-KEY`. MNS_EXISTS: a key is never overwritten. */
#define MNS_PUBLIC_KEY_SIZE 41
MNS_API mns_rc_t mns_client_make_keys (const char *key_file, char public_key[MNS_PUBLIC_KEY_SIZE], mns_error_t *error);
/* For tcp: the broker's public key (40 characters, `mns keys show` there), and the file with this program's key pair.
 */
MNS_API void mns_client_set_keys (mns_client_t *client, const char *broker_key, const char *key_file);
/* For ipc: the account to act for; without it, the account of this user. Over tcp the key decides. */
MNS_API void mns_client_set_account (mns_client_t *client, const char *account);
/* Name and version of the program, "gis/2.1", for the broker's `mns status`; at most 48 bytes. */
MNS_API void mns_client_set_software (mns_client_t *client, const char *software);
/* A durable name for the subscription: the broker knows how far it is, shows its lag, and can keep the log for it. One
 * connection at a time has it. */
MNS_API void mns_client_set_consumer (mns_client_t *client, const char *consumer);
/* The offset is kept in this file, which mns_client_confirm replaces atomically; subscribe begins where it says. */
MNS_API void mns_client_set_offset_file (mns_client_t *client, const char *path);

/* Connects and waits for the broker's WELCOME. MNS_UNAVAILABLE: nobody answered in this time (a broker is silent, too,
 * to a key it does not know); call again. MNS_UNAUTHENTICATED, MNS_INVALID, MNS_NOT_FOUND: what was set is wrong.
 * Afterwards a lost connection is made again by itself inside the calls that wait. */
MNS_API mns_rc_t mns_client_connect (mns_client_t *client, int timeout_ms, mns_error_t *error);
/* MNS_OK while the connection stands; otherwise why it does not. */
MNS_API mns_rc_t mns_client_state (const mns_client_t *client, mns_error_t *error);
/* The account the broker knows this client by; "" before connect. */
MNS_API const char *mns_client_account (const mns_client_t *client);

/* A file descriptor for poll, select, epoll and event loops: when it is readable, call mns_client_next, _take or _work
 * with timeout 0 until they give MNS_TIMEOUT. The same for the life of the client, owned by it; only for waiting. −1:
 * the process has no descriptor left. */
MNS_API int mns_client_fd (mns_client_t *client);
/* Waits up to timeout_ms for something to happen and does what is due: answers PING, makes a lost connection again. For
 * programs that neither wait for events nor for answers; at least every five seconds. */
MNS_API mns_rc_t mns_client_work (mns_client_t *client, int timeout_ms, mns_error_t *error);

/* ---- a subscription ---------------------------------------------------------------------------------------------- */

/* Begins the subscription of this client to topics that begin with one of at most 16 prefixes (mns/topic.h); a second
 * call replaces it. `from` says where it begins, unless the offset file says it: "start"    with the first event that
 * is kept           "now"   with what comes from now on "27640"    behind this log number
 * "1782860400/27640/7f3deb9369d7cf43"  an offset, as "2026-07-01T00:00:00+08:00"  at this time mns_client_offset gave
 * it MNS_OFFSET_MISMATCH: the offset is of another log: the broker's was replaced by a backup or begun anew. What was
 * made of the events behind the backup is no longer true: take a snapshot, or begin from "start" with an empty state.
 * (Remove the offset file for that: nothing is overwritten unasked.) MNS_GONE: the log no longer begins so early; the
 * same. MNS_FORBIDDEN: no right to a prefix. MNS_IN_USE: another connection has this consumer name. */
MNS_API mns_rc_t mns_client_subscribe (mns_client_t *client, const char *const *prefixes, size_t count,
                                       const char *from, mns_error_t *error);
/* Ends it; what has not been taken is dropped. */
MNS_API void mns_client_unsubscribe (mns_client_t *client);

/* The next event, in the order of the log, each once. timeout_ms −1: for ever. MNS_TIMEOUT: none in this time. A lost
 * connection, a lost message or a broker that was restarted is repaired in here and not told.
 * MNS_GONE: records before the next event are missing for ever, because the log was trimmed; told once, at its place:
 * the next call goes on behind them. Take a snapshot when what they said is needed. Final, until mns_client_subscribe
 * is called again: MNS_OFFSET_MISMATCH (see there), MNS_FORBIDDEN (the right was taken away), MNS_UNAUTHENTICATED (the
 * account or its key was), MNS_CORRUPT (the log is damaged). */
MNS_API mns_rc_t mns_client_next (mns_client_t *client, int timeout_ms, const mns_received_t **event,
                                  mns_error_t *error);

/* Where the subscription stands: behind everything that next has given. Text without spaces, at most 191 bytes, valid
 * until the next call on this client. Store it in the transaction that stores the effect of the events, and give it to
 * subscribe after a start: then each event takes effect once. */
#define MNS_OFFSET_SIZE 192
MNS_API const char *mns_client_offset (mns_client_t *client);
/* What next has given is done with, durably: writes the offset file, if there is one (flushed, atomically replaced),
 * and tells the broker, when the consumer has a name. To be called after the effect is stored. A file costs two
 * flushes of the disk: confirm when next with timeout 0 gives MNS_TIMEOUT, or after some hundred events. MNS_DISK_FULL,
 * MNS_IO: the old file stands. */
MNS_API mns_rc_t mns_client_confirm (mns_client_t *client, mns_error_t *error);

/* ---- snapshots --------------------------------------------------------------------------------------------------- */

/* One row of a snapshot, in the form of the event that would tell it (log_number 0); anything but MNS_OK ends the
 * snapshot with that result. */
typedef mns_rc_t mns_client_row_t (const mns_received_t *row, void *context);
/* The state that the events of a stream ("statistics", "places") have led to, instead of all of them: each row of it
 * that is under one of the prefixes (none: all of it) is given to `row`. At the end `offset` says from where to
 * subscribe: what the snapshot contains already does not come again. Keep rows aside, and let them take the place of
 * the old state in the transaction that stores the offset. MNS_GONE: the service was started again meanwhile; forget
 * the rows and call again. MNS_BUSY, MNS_TIMEOUT, MNS_UNAVAILABLE: the same, later. timeout_ms: for each answer.
 * MNS_UNKNOWN_COMMAND: no snapshot of this stream. */
MNS_API mns_rc_t mns_client_snapshot (mns_client_t *client, const char *stream, const char *const *prefixes,
                                      size_t count, int timeout_ms, mns_client_row_t *row, void *context,
                                      char offset[MNS_OFFSET_SIZE], mns_error_t *error);

/* ---- requests ---------------------------------------------------------------------------------------------------- */

/* An answer, owned by the library; valid until the next call on the client. Fields are only ever added at the end. */
typedef struct {
  uint64_t request; /* as mns_client_send gave it */
  mns_rc_t rc;      /* MNS_OK: done */
  const char *where, *detail;
  mns_value_t body;     /* records: docs/records.md */
  bool repeated;        /* the command had been carried out before, under the same key: this is its answer */
  const char *producer; /* of the last event of the effect, "" when there is none */
  uint64_t producer_epoch, number;
} mns_reply_t;

/* A new idempotency key. A command and its key are one: store the key with the intention before asking, and ask again
 * with the same after MNS_TIMEOUT, MNS_UNAVAILABLE or a restart, at most 30 days: it is carried out once. */
#define MNS_KEY_SIZE 37
MNS_API void mns_client_key (char key[MNS_KEY_SIZE]);

/* Asks and waits for the answer; for a query `key` is NULL. The same question is asked again by itself, under the same
 * key, after a lost connection and after errors that may pass, until timeout_ms is over. MNS_TIMEOUT, MNS_UNAVAILABLE:
 * a command may have been carried out or not. Any other error is the answer of the service: where and detail say why.
 */
MNS_API mns_rc_t mns_client_request (mns_client_t *client, const char *command, const char *key, mns_value_t body,
                                     int timeout_ms, const mns_reply_t **answer, mns_error_t *error);
/* Without waiting: sends and gives the request a number; take gives the answers as they come, in any order, also those
 * that say MNS_TIMEOUT. Up to 1,024 on their way. take: MNS_TIMEOUT: none in this time; MNS_NOT_FOUND: nothing is on
 * its way. The answer's own error is answer->rc. */
MNS_API mns_rc_t mns_client_send (mns_client_t *client, const char *command, const char *key, mns_value_t body,
                                  int timeout_ms, uint64_t *request, mns_error_t *error);
MNS_API mns_rc_t mns_client_take (mns_client_t *client, int timeout_ms, const mns_reply_t **answer, mns_error_t *error);

#ifdef __cplusplus
}
#endif

#endif
