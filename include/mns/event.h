/* An event, as a subscription, a feed or a snapshot hands it out.
 *
 * The library owns it and everything it points to; both are valid until the next call on the client or the feed that
 * gave it. Fields are only ever added at the end. Texts are never NULL, "" is absent. */
#ifndef MNS_EVENT_H
#define MNS_EVENT_H

#include "mns/value.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint64_t log_number; /* dense in the log, the order of everything; 0 in a row of a snapshot */
  uint64_t log_epoch;  /* which log this is */
  int64_t recorded_us; /* when the broker took it: microseconds since 1970, UTC */
  const char *id;      /* <producer>-<epoch>-<number>: the same event always has the same */
  const char *topic;   /* <stream>.<subject>.<12-digit division>.<happening or period> */
  const char *type;    /* name of the records in the body: docs/records.md */
  uint64_t version;    /* of that type */
  uint64_t items;      /* records in the body */
  mns_value_t body;
  const char *producer;    /* who said it */
  uint64_t producer_epoch; /* with `number` dense from 1 */
  uint64_t number;
  const char *occurred;   /* the day it happened, "2026-07-01" */
  const char *registered; /* the day it was registered */
  const char *entity;     /* what it is about, an id: "person/1042" */
  const char *cause;      /* id of the event that caused it */
  const char *account;    /* who did it */
  bool repaired;          /* of a feed: it was lost on the way and has been read from the log, later than others */
} mns_received_t;

#ifdef __cplusplus
}
#endif

#endif
