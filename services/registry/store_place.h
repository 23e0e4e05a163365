/* Places in the store. */
#ifndef MNS_REGISTRY_STORE_PLACE_H
#define MNS_REGISTRY_STORE_PLACE_H

#include "common/db.h"
#include "common/records/registry_records.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *get, *put, *children, *all;
} registry_places_t;

void registry_places_init (registry_places_t *places, mns_db_t *db);

/* *found false: there is no such place. */
mns_rc_t registry_place_get (registry_places_t *places, mns_place_t code, mns_place_info_t *place, bool *found);
/* Inserts or replaces. */
mns_rc_t registry_place_put (registry_places_t *places, const mns_place_info_t *place);

/* Places straight under `parent` (0: all), behind `after`, whose name holds `text`, in the order of their codes. */
typedef mns_rc_t (*registry_each_place_t) (void *context, const mns_place_info_t *place);
mns_rc_t registry_places_list (registry_places_t *places, mns_place_t parent, mns_place_t after, const char *text,
                               int64_t limit, registry_each_place_t each, void *context);

#endif
