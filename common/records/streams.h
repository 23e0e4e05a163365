/* The stream graph: who publishes what, who reads it. Fixed and without circles. */
#ifndef MNS_RECORDS_STREAMS_H
#define MNS_RECORDS_STREAMS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  const char *stream;       /* first part of its topics */
  const char *producer;     /* the one service that publishes on it; "" the broker */
  const char *consumers[4]; /* services that subscribe to it */
  bool on_feed;             /* also on the open feed: carries nothing personal and nothing exact below the county */
  bool personal;
} mns_stream_t;

extern const mns_stream_t mns_streams[];                              /* ended by a NULL stream */
const mns_stream_t *mns_stream_find (const char *topic, size_t size); /* by the first part of a topic; NULL unknown */

#endif
