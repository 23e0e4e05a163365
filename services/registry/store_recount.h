/* Counting again, in plain SQL over the register's own tables. */
#ifndef MNS_REGISTRY_STORE_RECOUNT_H
#define MNS_REGISTRY_STORE_RECOUNT_H

#include "common/db.h"
#include "common/records/registry_requests.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *statement;
} registry_recount_t;

void registry_recount_init (registry_recount_t *recount, mns_db_t *db);

/* Calls `each` for every count that is not zero, by measure and dimension. */
typedef mns_rc_t (*registry_each_count_t) (void *context, const mns_count_t *count);
mns_rc_t registry_recount (registry_recount_t *recount, const mns_recount_request_t *request, mns_place_t county,
                           registry_each_count_t each, void *context);

#endif
