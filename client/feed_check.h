/* What a listener of the feed has got since it was last known to have everything, and whether something is missing.
 * Knows no socket and no clock. */
#ifndef MNS_CLIENT_FEED_CHECK_H
#define MNS_CLIENT_FEED_CHECK_H

#include "mns/value.h"
#include <stdint.h>

#define MNS_FEED_CHECK_MAX 65536 /* numbers kept; above, the log is asked early */

typedef struct {
  bool known;            /* a tick has come */
  uint64_t epoch, after; /* of the log; up to here nothing is missing */
  uint64_t to;           /* up to here everything was sent */
  bool moved;            /* something of ours was, behind `after` */
  uint64_t *numbers;     /* got, behind `after`, ascending */
  size_t count, capacity;
} mns_feed_check_t; /* zero-initialised is empty */

void mns_feed_check_fini (mns_feed_check_t *check);
/* A record that came over the feed, in the order of the log; false when it had come already. */
bool mns_feed_check_got (mns_feed_check_t *check, uint64_t number);
/* Has a record come that the log gave now? */
bool mns_feed_check_has (const mns_feed_check_t *check, uint64_t number);
/* The body of a tick; with the first one, everything since the first record that came is looked after. False: it is of
 * another log, and all begins anew there. */
bool mns_feed_check_tick (mns_feed_check_t *check, mns_value_t tick, const char *const *prefixes, size_t count);
/* True when the log should be asked: how many have come of (after, to], and the sum of their numbers. */
bool mns_feed_check_due (const mns_feed_check_t *check, uint64_t *count, uint64_t *sum);
/* The log has answered up to this number. */
void mns_feed_check_done (mns_feed_check_t *check, uint64_t number);

#endif
