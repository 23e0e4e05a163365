/* Boundaries and crossings in the store. */
#ifndef MNS_STATISTICS_STORE_BOUNDARY_H
#define MNS_STATISTICS_STORE_BOUNDARY_H

#include "common/db.h"
#include "services/statistics/rules_boundary.h"
#include "services/statistics/rules_period.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *save, *load, *cross, *crossings;
} statistics_boundary_store_t;

void statistics_boundary_store_init (statistics_boundary_store_t *store, mns_db_t *db);
/* What the store has, instead of what is in `boundaries`. */
mns_rc_t statistics_boundary_store_load (statistics_boundary_store_t *store, statistics_boundaries_t *boundaries);
mns_rc_t statistics_boundary_store_save (statistics_boundary_store_t *store, const statistics_link_t *link);

/* A move from one village to another, in one month and basis. */
typedef struct {
  int basis, month;
  mns_place_t origin, destination;
  mns_code_t sex;
  int64_t value;
} statistics_crossing_t;
mns_rc_t statistics_crossing_add (statistics_boundary_store_t *store, const statistics_crossing_t *crossing);
/* Every crossing of a basis and period. */
typedef void (*statistics_each_crossing_t) (void *context, const statistics_crossing_t *crossing);
mns_rc_t statistics_crossings (statistics_boundary_store_t *store, int basis, statistics_period_t period,
                               statistics_each_crossing_t each, void *context);

#endif
