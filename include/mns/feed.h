/* The feed: the open streams (open, places, catalogue, system) as they happen, lossy by nature, and repaired from the
 * log.
 *
 * For screens and caches that want the latest and can do with an event twice or late. What must be missed nowhere, or
 * is not open to everyone, is a subscription (mns/client.h). Threads and fork: as for the client. */
#ifndef MNS_FEED_H
#define MNS_FEED_H

#include "mns/client.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mns_feed mns_feed_t;

/* Listens at `endpoint` (tcp://HOST:5711) to topics that begin with one of at most 16 prefixes, from now on. A
 * connected `client` repairs what is lost, by bus.read; with NULL, nothing is repaired. `secure`: the feed asks for
 * CURVE as well, with the keys of the client. */
MNS_API mns_rc_t mns_feed_new (mns_feed_t **feed, mns_client_t *client, const char *endpoint, bool secure,
                               const char *const *prefixes, size_t count, mns_error_t *error);
MNS_API void mns_feed_destroy (mns_feed_t **feed);

/* How often the log is asked whether something was lost, at most; 10,000 at the beginning. */
MNS_API void mns_feed_set_repair_ms (mns_feed_t *feed, int repair_ms);

/* The next event. MNS_TIMEOUT: none in this time. MNS_OFFSET_MISMATCH: the log was replaced by another; told once, what
 * comes next is of the new one. Errors of the repair (MNS_UNAVAILABLE, MNS_FORBIDDEN) are told as well, and it is tried
 * again later. */
MNS_API mns_rc_t mns_feed_next (mns_feed_t *feed, int timeout_ms, const mns_received_t **event, mns_error_t *error);
/* Events that were lost and have been read from the log, so far. */
MNS_API uint64_t mns_feed_repaired (const mns_feed_t *feed);

#ifdef __cplusplus
}
#endif

#endif
