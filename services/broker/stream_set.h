/* Sets of streams: a bit for each row of mns_streams, in its order, and one for all others. What a row of the log
 * holds, what a subscription may match, and what is kept for ever are such sets. */
#ifndef MNS_BROKER_STREAM_SET_H
#define MNS_BROKER_STREAM_SET_H

#include "common/record.h"
#include <stdint.h>

#define BROKER_STREAM_OTHERS (UINT64_C (1) << 62)
#define BROKER_STREAMS_ALL   (BROKER_STREAM_OTHERS | (BROKER_STREAM_OTHERS - 1))

/* The bit of the stream that a topic belongs to. */
uint64_t broker_stream_of (const char *topic, size_t size);
/* The streams in which a topic may begin with `prefix`. */
uint64_t broker_streams_under (const char *prefix);
/* The set of a list of names, "registry, places". MNS_INVALID names the one that is no stream. */
mns_rc_t broker_streams_named (const char *names, uint64_t *streams, mns_error_t *error);

#endif
