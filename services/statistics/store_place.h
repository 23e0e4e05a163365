/* The places as the registry told them: names and who lies in whom. */
#ifndef MNS_STATISTICS_STORE_PLACE_H
#define MNS_STATISTICS_STORE_PLACE_H

#include "common/db.h"
#include "common/records/registry_records.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *save, *find, *children;
} statistics_place_store_t;

void statistics_place_store_init (statistics_place_store_t *store, mns_db_t *db);
/* Each code is kept as it was last: a span that began before the one that is there is left out. */
mns_rc_t statistics_place_store_save (statistics_place_store_t *store, const mns_place_info_t *place);
/* MNS_NOT_FOUND when the registry never told it. */
mns_rc_t statistics_place_store_find (statistics_place_store_t *store, mns_place_t code, mns_place_info_t *place);
/* The place itself and those right below it that were valid on a day from … to (not including), by code; `each` may not
 * write. */
mns_rc_t statistics_place_store_children (statistics_place_store_t *store, mns_place_t code, mns_date_t from,
                                          mns_date_t to, void (*each) (void *context, const mns_place_info_t *place),
                                          void *context);

#endif
