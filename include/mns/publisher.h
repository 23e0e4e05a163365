/* Publishing: events kept in an outbox of the program's own until the broker has them, each in the log exactly once.
 *
 * The outbox is a folder that belongs to the library: nobody else writes there, and it is neither copied nor restored
 * (MNS_OUTBOX_FORKED tells when it was). An event is durable when publish has returned, also while the broker is away.
 * It got a number then, and so a repetition is recognised however often it is sent. The account of the client has the
 * role service and the name of the producer. Threads and fork: as for the client. */
#ifndef MNS_PUBLISHER_H
#define MNS_PUBLISHER_H

#include "mns/client.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mns_publisher mns_publisher_t;

/* An event to be. Absent texts may be NULL. */
typedef struct {
  size_t size;          /* sizeof (mns_draft_t): later releases add fields at the end */
  const char *topic;    /* required; the stream is the producer's name, or open, places, catalogue, system */
  const char *type;     /* required: name of the records in the body */
  uint64_t version;     /* of that type; 0 means 1 */
  mns_value_t body;     /* records */
  const char *occurred; /* "2026-07-01" */
  const char *entity;   /* what it is about: an id, never a name of a person; at most 48 bytes */
  const char *cause;    /* id of the event that caused it */
} mns_draft_t;

/* Opens or makes the outbox of `producer` in the file `path` over the settings of `client`, which need not be
 * connected. A connection of its own is begun and held by the calls below. MNS_IN_USE: another process has the file. */
MNS_API mns_rc_t mns_publisher_new (mns_publisher_t **publisher, mns_client_t *client, const char *producer,
                                    const char *folder, mns_error_t *error);
MNS_API void mns_publisher_destroy (mns_publisher_t **publisher); /* what is not sent stays in the folder */

/* Durable on return; sent at once when the broker is there. MNS_INVALID, MNS_MISSING, MNS_TOO_LONG, MNS_TOO_LARGE,
 * MNS_MALFORMED: this event would be refused, nothing was kept. MNS_BUSY: the outbox is full (100,000 events or 64 MiB
 * that the broker does not have). MNS_UNAVAILABLE: the outbox is new and the broker must be reached once, within five
 * seconds, to begin a history. MNS_DISK_FULL, MNS_IO: nothing was kept. */
MNS_API mns_rc_t mns_publisher_publish (mns_publisher_t *publisher, const mns_draft_t *draft, mns_error_t *error);
/* The same for many events at the price of one: add them, then commit. All of them are kept or none: an error of add or
 * commit has rolled back everything since the last commit. */
MNS_API mns_rc_t mns_publisher_add (mns_publisher_t *publisher, const mns_draft_t *draft, mns_error_t *error);
MNS_API mns_rc_t mns_publisher_commit (mns_publisher_t *publisher, mns_error_t *error);
MNS_API void mns_publisher_rollback (mns_publisher_t *publisher);

/* Works until the broker has acknowledged everything: flushed to its disk. MNS_TIMEOUT: not in this time, try again.
 * Final: MNS_OUTBOX_FORKED (this folder is a copy or an old backup), MNS_FORBIDDEN and others: the broker refuses the
 * event that the error names. With timeout 0 also the call that keeps the connection alive: at least every five
 * seconds, or when mns_publisher_fd is readable. */
MNS_API mns_rc_t mns_publisher_flush (mns_publisher_t *publisher, int timeout_ms, mns_error_t *error);
/* Events that the broker has not acknowledged. */
MNS_API uint64_t mns_publisher_pending (const mns_publisher_t *publisher);
MNS_API int mns_publisher_fd (mns_publisher_t *publisher);

#ifdef __cplusplus
}
#endif

#endif
