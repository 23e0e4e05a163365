/* Every event of the contract: the topic it comes under and the record in its body. */
#ifndef MNS_RECORDS_EVENTS_H
#define MNS_RECORDS_EVENTS_H

#include "common/record.h"

typedef struct {
  const char *topic; /* pattern for people: "registry.birth.<village>.registered" */
  const mns_record_type_t *type;
} mns_event_row_t;

extern const mns_event_row_t mns_events[]; /* ended by a NULL topic */

/* The record type of that name, or NULL: decodes any event by its header. */
const mns_record_type_t *mns_event_type (const char *name);

#endif
