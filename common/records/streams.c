/* The stream graph. */
#include "common/records/streams.h"

#include <string.h>

const mns_stream_t mns_streams[] = {
    {"registry", "registry", {"statistics", "assistance", "notifications"}, false, true},
    {"places", "registry", {"statistics", "assistance", "notifications"}, true, false},
    {"exchange", "registry", {0}, false, true},
    {"assistance", "assistance", {"statistics", "notifications"}, false, true},
    {"statistics", "statistics", {"notifications"}, false, false},
    {"open", "statistics", {"notifications"}, true, false},
    {"catalogue", "statistics", {"statistics"}, true, false},
    {"notifications", "notifications", {0}, false, true},
    {"system", "", {0}, true, false},
    {"audit", "", {0}, false, true},
    {0, 0, {0}, false, false}};

const mns_stream_t *mns_stream_find (const char *topic, size_t size) {
  const char *dot = memchr (topic, '.', size);
  size_t length = dot ? (size_t)(dot - topic) : size;
  for (const mns_stream_t *stream = mns_streams; stream->stream; stream++)
    if (strlen (stream->stream) == length && memcmp (stream->stream, topic, length) == 0)
      return stream;
  return NULL;
}
