/* Sets of streams. */
#include "services/broker/stream_set.h"
#include "common/records/streams.h"
#include <string.h>

uint64_t broker_stream_of (const char *topic, size_t size) {
  const mns_stream_t *stream = mns_stream_find (topic, size);
  return stream ? UINT64_C (1) << (stream - mns_streams) : BROKER_STREAM_OTHERS;
}

uint64_t broker_streams_under (const char *prefix) {
  size_t size = strlen (prefix);
  uint64_t streams = BROKER_STREAM_OTHERS;
  if (memchr (prefix, '.', size))
    return broker_stream_of (prefix, size);
  for (const mns_stream_t *stream = mns_streams; stream->stream; stream++)
    if (strncmp (stream->stream, prefix, size) == 0)
      streams |= UINT64_C (1) << (stream - mns_streams);
  return streams;
}

mns_rc_t broker_streams_named (const char *names, uint64_t *streams, mns_error_t *error) {
  *streams = 0;
  for (const char *at = names + strspn (names, ", "); *at; at += strspn (at, ", ")) {
    size_t size = strcspn (at, ", ");
    uint64_t stream = broker_stream_of (at, size);
    if (stream == BROKER_STREAM_OTHERS)
      return mns_fail (error, MNS_INVALID, "log_keep_streams", "'%.*s' is no stream (docs/protocol.md §3 lists them)",
                       (int)size, at);
    *streams |= stream;
    at += size;
  }
  return MNS_OK;
}
