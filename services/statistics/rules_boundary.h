/* Boundaries through time. Pure.
 *
 * Counts stand where they were counted: at the code that the place had on the day. When a place ends, its stock is
 * carried to its successor by adjustments, cause boundary; what is counted late at a place that has ended carries on
 * in the same way. Asked for in the boundaries of another day, each village's counts go to where its land lies on that
 * day, as long as that can be said of all of it. */
#ifndef MNS_STATISTICS_RULES_BOUNDARY_H
#define MNS_STATISTICS_RULES_BOUNDARY_H

#include "common/records/registry_records.h"

typedef struct {
  mns_place_t code, successor;
  mns_date_t day;
  bool part;   /* only some households */
  bool begins; /* the successor was no place before */
} statistics_link_t;

typedef struct {
  statistics_link_t *links; /* by code, day, successor */
  size_t count, capacity;
  size_t *back; /* their indexes, by successor and day */
} statistics_boundaries_t;

void statistics_boundaries_fini (statistics_boundaries_t *boundaries);
/* Added once, however often it is told. */
void statistics_boundaries_add (statistics_boundaries_t *boundaries, statistics_link_t link);

/* The first reform of a place behind the day `after`, up to `until`: the one that leads to `toward` (0: none), else the
 * one of the whole; NULL none. */
const statistics_link_t *statistics_boundaries_next (const statistics_boundaries_t *boundaries, mns_place_t place,
                                                     mns_date_t after, mns_date_t until, mns_place_t toward);

/* Do the counts that stand at `place`, of the days from … to (not including), lie in `area` in the boundaries of
 * `day`? DIVIDED: some of them may and some may not. */
typedef enum { STATISTICS_OUTSIDE, STATISTICS_INSIDE, STATISTICS_DIVIDED } statistics_side_t;
typedef struct {
  mns_place_t area;
  mns_date_t day, from, to;
} statistics_recast_t;
statistics_side_t statistics_boundaries_side (const statistics_boundaries_t *boundaries,
                                              const statistics_recast_t *recast, mns_place_t place);

#endif
