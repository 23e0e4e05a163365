/* Places in the store: the spans of the codes, and what became of them. */
#ifndef MNS_REGISTRY_STORE_PLACE_H
#define MNS_REGISTRY_STORE_PLACE_H

#include "common/db.h"
#include "common/records/registry_records.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *get, *get_on, *get_past, *overlapping, *spans;
  sqlite3_stmt *put, *put_past;
  sqlite3_stmt *children, *all, *children_on, *all_on, *all_past, *below;
  sqlite3_stmt *inhabited;
  sqlite3_stmt *successor_put, *successor_known, *successors, *predecessors, *all_successors;
} registry_places_t;

void registry_places_init (registry_places_t *places, mns_db_t *db);

/* The code as it was last, or on that day. *found false: there is no such place. */
mns_rc_t registry_place_get (registry_places_t *places, mns_place_t code, mns_place_info_t *place, bool *found);
mns_rc_t registry_place_on (registry_places_t *places, mns_place_t code, mns_date_t day, mns_place_info_t *place,
                            bool *found);
/* The span of the past that ended on that day. */
mns_rc_t registry_place_past (registry_places_t *places, mns_place_t code, mns_date_t valid_to, mns_place_info_t *place,
                              bool *found);
/* Is there a span of the past that overlaps this one and is not the one that ended with it? */
mns_rc_t registry_place_overlaps (registry_places_t *places, const mns_place_info_t *place, bool *overlaps);

/* Inserts or replaces, as the current span or as one of the past. */
mns_rc_t registry_place_put (registry_places_t *places, const mns_place_info_t *place);
mns_rc_t registry_place_put_past (registry_places_t *places, const mns_place_info_t *place);

/* Which places, in the order of their codes: straight under `parent` (0: all), behind `after`, whose name holds `text`,
 * valid on the day `as_of` (0: each code as it was last). */
typedef struct {
  mns_place_t parent, after;
  const char *text;
  mns_date_t as_of;
  int64_t limit;
} registry_place_list_t;
typedef mns_rc_t (*registry_each_place_t) (void *context, const mns_place_info_t *place);
mns_rc_t registry_places_list (registry_places_t *places, const registry_place_list_t *list, registry_each_place_t each,
                               void *context);
/* A code and all below it, each as it was last; nothing for code 0. */
mns_rc_t registry_places_below (registry_places_t *places, mns_place_t code, registry_each_place_t each, void *context);
/* All spans of a code, the oldest first; all spans of the past, by code, the oldest of a code first. */
mns_rc_t registry_place_spans (registry_places_t *places, mns_place_t code, registry_each_place_t each, void *context);
mns_rc_t registry_places_past (registry_places_t *places, registry_each_place_t each, void *context);

/* Is anybody registered in it or in a place below it? */
mns_rc_t registry_place_inhabited (registry_places_t *places, mns_place_t code, bool *inhabited);

/* Is exactly this in the store? */
mns_rc_t registry_successor_known (registry_places_t *places, const mns_reform_t *reform, bool *known);
/* Inserts or replaces. */
mns_rc_t registry_successor_put (registry_places_t *places, const mns_reform_t *reform);
/* What became of the code, what it came from; of code 0 everything, by day. */
typedef mns_rc_t (*registry_each_reform_t) (void *context, const mns_reform_t *reform);
mns_rc_t registry_successors (registry_places_t *places, mns_place_t code, registry_each_reform_t each, void *context);
mns_rc_t registry_predecessors (registry_places_t *places, mns_place_t code, registry_each_reform_t each,
                                void *context);

#endif
