/* All the SQL of closings and releases. Months are year × 12 + month − 1. */
#ifndef MNS_STATISTICS_STORE_RELEASE_H
#define MNS_STATISTICS_STORE_RELEASE_H

#include "common/db.h"
#include "services/statistics/rules_release.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *closed, *released, *save_closing, *save_release, *last_figure, *save_figure, *read_known, *save_known,
      *closings, *releases, *figures, *figures_of, *value_at, *export;
} statistics_release_store_t;

typedef struct {
  uint64_t number;
  int month;
  mns_date_t day;
  bool reopened;
  const char *reason;
} statistics_closing_t;

typedef struct {
  uint64_t number, plan;
  int month;
  mns_date_t day;
  int64_t figures, revised, withheld, held;
} statistics_release_row_t;

/* A row of open_figure with its release. */
typedef struct {
  statistics_figure_key_t key;
  char tab[33];
  int64_t value; /* MNS_NONE: withheld */
  statistics_release_row_t release;
} statistics_told_figure_t;

void statistics_release_store_init (statistics_release_store_t *store, mns_db_t *db);
/* The first month that is open (not released); 0 none was. */
mns_rc_t statistics_release_store_closed (statistics_release_store_t *store, int *closed);
mns_rc_t statistics_release_store_released (statistics_release_store_t *store, int *released);
mns_rc_t statistics_release_store_close (statistics_release_store_t *store, const statistics_closing_t *closing);
mns_rc_t statistics_release_store_closings (statistics_release_store_t *store,
                                            void (*row) (void *context, const statistics_closing_t *closing),
                                            void *context);

/* What was published of this figure last; *known false: nothing ever. */
mns_rc_t statistics_release_store_last (statistics_release_store_t *store, const statistics_figure_key_t *key,
                                        int64_t *value, bool *known);
mns_rc_t statistics_release_store_known (statistics_release_store_t *store, statistics_release_t *release);
/* The release with the figures that are new or revised, and what a reader then can know. */
mns_rc_t statistics_release_store_save (statistics_release_store_t *store, const statistics_release_row_t *row,
                                        const statistics_release_t *release);
mns_rc_t statistics_release_store_releases (statistics_release_store_t *store,
                                            void (*row) (void *context, const statistics_release_row_t *release),
                                            void *context);
/* The figures at a place and below: those that release `only` told (0: what stood at the end of `day`, 0 now). */
mns_rc_t statistics_release_store_figures (statistics_release_store_t *store, mns_place_t place, int only,
                                           mns_date_t day,
                                           void (*row) (void *context, const statistics_told_figure_t *figure),
                                           void *context);
/* What stood of one figure on that day; MNS_NONE when nothing did. */
mns_rc_t statistics_release_store_value (statistics_release_store_t *store, const statistics_figure_key_t *key,
                                         mns_date_t day, int64_t *value);
/* The lines of closings and releases of the canonical export, in order. */
mns_rc_t statistics_release_store_export (statistics_release_store_t *store,
                                          mns_rc_t (*line) (void *to, const char *text, size_t size), void *to);

#endif
