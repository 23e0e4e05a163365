/* The cube in the store: all of it at open, what a turn changed at its end. */
#ifndef MNS_STATISTICS_STORE_CUBE_H
#define MNS_STATISTICS_STORE_CUBE_H

#include "common/db.h"
#include "services/statistics/cube.h"
#include "services/statistics/figures.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *save_series, *save_cell, *save_published, *save_age, *export, *export_ages;
  mns_buffer_t counts; /* of a month by age, being written */
} statistics_store_t;

void statistics_store_init (statistics_store_t *store, mns_db_t *db);
void statistics_store_fini (statistics_store_t *store);
/* Fills an empty cube. MNS_CORRUPT names the row that cannot be. */
mns_rc_t statistics_store_load (statistics_store_t *store, statistics_cube_t *cube, mns_error_t *error);
/* Up to where the store has counted. */
mns_rc_t statistics_store_cutoff (statistics_store_t *store, statistics_cutoff_t *cutoff, mns_error_t *error);
/* Writes new series, the cells noted in this turn and the months by age that changed in it. */
mns_rc_t statistics_store_save (statistics_store_t *store, statistics_cube_t *cube);
/* Keeps the county the counts are made for; another than before is refused with MNS_CONFLICT. */
mns_rc_t statistics_store_county (statistics_store_t *store, mns_place_t county, mns_error_t *error);

/* The canonical export (docs/subscribing.md): every line of `place`, then of `cell`, then of `age`, in order, each with
 * its newline.
 * An error of `line` ends it. */
mns_rc_t statistics_store_export (statistics_store_t *store, mns_rc_t (*line) (void *to, const char *text, size_t size),
                                  void *to);

#endif
