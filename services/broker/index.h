/* The index of the log, DATA/broker/index.db: where an event is, by its id, and which events have an entity, a cause or
 * a request in common. It holds numbers and hashes only and is never the truth: what it finds is read in the log and
 * compared. Deleted, damaged or of another log, it is made anew. */
#ifndef MNS_BROKER_INDEX_H
#define MNS_BROKER_INDEX_H

#include "services/broker/log.h"

typedef struct broker_index broker_index_t;

/* Opens it or makes it; `log` (borrowed) is what it is of. */
mns_rc_t broker_index_open (broker_index_t **index, const char *path, broker_log_t *log, mns_error_t *error);
void broker_index_destroy (broker_index_t **index);
/* The last log number that is in it. */
uint64_t broker_index_number (const broker_index_t *index);
/* Takes up some of what lies behind, up to `last`, in one transaction. */
mns_rc_t broker_index_advance (broker_index_t *index, uint64_t last);

/* The log number of an event, 0 not in the index. */
mns_rc_t broker_index_find (broker_index_t *index, const char *producer, uint64_t epoch, uint64_t number,
                            uint64_t *log_number);

typedef enum { BROKER_BY_ENTITY = 1, BROKER_BY_CAUSE, BROKER_BY_CORRELATION } broker_mark_t;
/* Calls `each` with the log numbers, ascending, of events that have this value, and perhaps of some that have not;
 * until it returns false. */
mns_rc_t broker_index_marked (broker_index_t *index, broker_mark_t mark, const void *value, size_t size,
                              bool (*each) (void *self, uint64_t log_number), void *self);

#endif
