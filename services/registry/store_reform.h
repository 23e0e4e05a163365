/* What a boundary reform changes in the store besides places. Wholes follow from table successor: where the land of a
 * code lies from that day on. */
#ifndef MNS_REGISTRY_STORE_REFORM_H
#define MNS_REGISTRY_STORE_REFORM_H

#include "services/registry/store_event.h"
#include "services/registry/store_place.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *loaded_after, *reformed_after, *count_persons, *count_households, *touched;
  sqlite3_stmt *household_place, *household_events, *household_history, *household_later;
} registry_reforms_t;

void registry_reforms_init (registry_reforms_t *reforms, mns_db_t *db);

/* ---- questions --------------------------------------------------------------------------------------------------- */
/* Was somebody of the baseline loaded there with an effective day after this one? */
mns_rc_t registry_reform_loaded_after (registry_reforms_t *reforms, mns_place_t area, mns_date_t day, bool *yes);
/* Did a reform of this day or later touch the area? */
mns_rc_t registry_reform_later (registry_reforms_t *reforms, mns_place_t area, mns_date_t day, bool *yes);
/* Present persons and their households in an area. */
mns_rc_t registry_reform_count (registry_reforms_t *reforms, mns_place_t area, int64_t *persons, int64_t *households);
/* The events that were registered on that day or later and touch a place that this day's reform names. */
typedef mns_rc_t (*registry_each_id_t) (void *context, uint64_t id);
mns_rc_t registry_reform_touched (registry_reforms_t *reforms, mns_date_t day, registry_each_id_t each, void *context);

/* ---- changes ----------------------------------------------------------------------------------------------------- */
/* A household goes from one village to another, with the events of its persons since that day. */
mns_rc_t registry_reform_move_household (registry_reforms_t *reforms, uint64_t household, mns_place_t from,
                                         mns_place_t to, mns_date_t day);
/* Everything that is in a place which ends on that day goes where its land lies. Keys of households that another of the
 * new place has get the old code in front. */
mns_rc_t registry_reform_move_all (registry_reforms_t *reforms, mns_date_t day, mns_error_t *error);

/* The village of a household on that day, when it became part of another since; 0: none is kept. */
mns_rc_t registry_household_past (registry_reforms_t *reforms, uint64_t household, mns_date_t day, mns_place_t *place);

#endif
