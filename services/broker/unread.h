/* What a connection has been handed and not shown to have read. Neither ZeroMQ nor the kernel tells, and a connection
 * that gives credit or asks may never read: so now and then it gets a PING with a number that cannot be guessed, behind
 * what it was handed before. Who returns that number in PONG has read all of it.
 *
 *   handed ── asked at ─── now
 *      └─ PONG: read up to here
 *
 * At most BROKER_UNREAD_MAX wait for one connection; above it, it gets small messages only. */
#ifndef MNS_BROKER_UNREAD_H
#define MNS_BROKER_UNREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  BROKER_UNREAD_MAX = 16 << 20,
  BROKER_UNREAD_ASK = 1 << 20, /* so much more is handed over before the next question */
  BROKER_UNREAD_SMALL = 4096   /* a body that is handed over in any case */
};

typedef struct {
  uint64_t handed, read;    /* bytes */
  uint64_t token, asked_at; /* the open question, 0 none: nothing to speak of waits; handed over before it */
} broker_unread_t;

/* May a body of this size be handed over? */
bool broker_unread_bears (const broker_unread_t *unread, size_t size);
void broker_unread_add (broker_unread_t *unread, size_t size);
/* Is it time to ask? */
bool broker_unread_due (const broker_unread_t *unread);
/* The number for a PING that goes out now; when it did, broker_unread_asked. */
uint64_t broker_unread_token (void);
void broker_unread_asked (broker_unread_t *unread, uint64_t token);
void broker_unread_answered (broker_unread_t *unread, uint64_t token);

#endif
