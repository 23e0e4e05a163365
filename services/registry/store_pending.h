/* What waits for a second person, in the store: a row, and the request as it was sent. */
#ifndef MNS_REGISTRY_STORE_PENDING_H
#define MNS_REGISTRY_STORE_PENDING_H

#include "common/db.h"
#include "common/records/registry_pending.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *same, *get, *body, *decide, *list;
} registry_pendings_t;

void registry_pendings_init (registry_pendings_t *pendings, mns_db_t *db);

/* Takes a number for it, unless the same request waits already: then *pending has its number. */
mns_rc_t registry_pending_insert (registry_pendings_t *pendings, mns_pending_info_t *pending, const void *body,
                                  size_t size);
/* MNS_NOT_FOUND. `body` gets the request appended. */
mns_rc_t registry_pending_get (registry_pendings_t *pendings, uint64_t id, mns_pending_info_t *pending,
                               mns_buffer_t *body, mns_error_t *error);
/* state, decided_by, decided, reason */
mns_rc_t registry_pending_decide (registry_pendings_t *pendings, const mns_pending_info_t *pending);

typedef mns_rc_t (*registry_each_pending_t) (void *context, const mns_pending_info_t *pending);
mns_rc_t registry_pending_list (registry_pendings_t *pendings, const mns_pending_query_t *query, mns_place_t area,
                                registry_each_pending_t each, void *context);

#endif
