/* Boundary reforms: persons, and what is open for them, go where the land of their place lies. Closed applications,
 * ended entitlements and payments keep the place of their day.
 *
 * A reform tells of every village; they are noted one by one and carried out together at the end of the turn, so that
 * a county is one walk over the persons. */
#ifndef MNS_ASSISTANCE_STORE_BOUNDARY_H
#define MNS_ASSISTANCE_STORE_BOUNDARY_H

#include "common/db.h"
#include "common/records/place.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *forward, *note, *follow_application, *follow_entitlement;
  bool noted; /* in this turn */
} boundary_store_t;

void boundary_store_init (boundary_store_t *store, mns_db_t *db);
mns_rc_t boundary_store_note (boundary_store_t *store, mns_place_t code, mns_place_t successor);
/* At the end of a turn. */
mns_rc_t boundary_store_finish (boundary_store_t *store);
/* What is open for one person. */
mns_rc_t boundary_store_follow (boundary_store_t *store, uint64_t person, mns_place_t place);

#endif
