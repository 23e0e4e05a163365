/* The cube: every count of every place and month, in memory.
 *
 * place → basis → series → a strip of months → cell, and place → basis → month → counts by age (ages.h). Places and
 * series are interned to small numbers; a place knows the one above it. Each first change of a cell in a turn is noted
 * with the cell as it was, which serves the store (what to write) and the way back when the turn is lost; of counts by
 * age each addition is noted, and the way back is to take it away again. */
#ifndef MNS_STATISTICS_CUBE_H
#define MNS_STATISTICS_CUBE_H

#include "services/statistics/ages.h"
#include "services/statistics/measure.h"
#include "services/statistics/rules_period.h"

#define STATISTICS_BASES       2 /* index: basis code − 1 */
#define STATISTICS_SERIES_MAX  4096
#define STATISTICS_UNPUBLISHED MNS_NONE

typedef struct {
  int64_t value, published; /* published: as last told, or STATISTICS_UNPUBLISHED */
  uint64_t revision;        /* log number of the last event that changed it */
  uint32_t key;             /* sum of the record keys of its members (rules_protect.h) */
  uint32_t id : 31;         /* row in the store; 0: the cell was never counted in */
  uint32_t noted : 1;       /* among the changes of this turn */
} statistics_cell_t;

typedef struct {
  int first, count; /* months first ≤ m < first + count; most of them may be empty cells */
  statistics_cell_t *cells;
} statistics_strip_t;

typedef struct {
  mns_place_t code;
  int up; /* index of the place above, −1 for a province */
  struct {
    statistics_strip_t *strips; /* by series; the first `count` exist */
    int count;
    bool queued;     /* waits for its publication */
    mns_time_t told; /* when it was last published; 0 never in this process */
    statistics_ages_t ages;
  } basis[STATISTICS_BASES];
} statistics_place_t;

typedef struct {
  int place, basis, series, month;
  statistics_cell_t before;
} statistics_change_t;

typedef struct {
  int place, basis, month;
  mns_place_t except;
  statistics_age_count_t count;
} statistics_age_change_t;

typedef struct {
  int place, basis, month;
} statistics_age_touch_t;

typedef struct {
  statistics_place_t *places;
  int place_count, place_capacity;
  int *place_slots, place_slot_count; /* open addressing: index + 1 */
  statistics_series_t *series;
  int series_count, series_stored, series_writing; /* the first series_stored are committed */
  uint32_t next_id, next_id_committed;
  uint32_t record_key; /* of the record that is being counted: goes with each addition */
  statistics_change_t *changes;
  size_t change_count, change_capacity;
  statistics_age_change_t *age_changes;
  size_t age_change_count, age_change_capacity;
  statistics_age_touch_t *age_touches; /* the months by age that changed in this turn */
  size_t age_touch_count, age_touch_capacity;
} statistics_cube_t;

statistics_cube_t *statistics_cube_new (void);
void statistics_cube_destroy (statistics_cube_t **cube);

/* Index of a place, made known with all above it when it is new; −1 unknown for _find. */
int statistics_cube_place (statistics_cube_t *cube, mns_place_t code);
int statistics_cube_find (const statistics_cube_t *cube, mns_place_t code);
/* Index of a series, made known when it is new; −1 when there are too many. */
int statistics_cube_series (statistics_cube_t *cube, statistics_measure_t measure, const char *dimension);

/* Adds to one cell at `place` and all above it, except those that hold `except` (0: none). Revision 0: leaves it. */
void statistics_cube_add (statistics_cube_t *cube, int place, mns_place_t except, int basis, int series, int month,
                          int64_t value, uint64_t revision);
/* The same for a count by age; above the county nothing is kept, since that is what its counties have. */
void statistics_cube_add_age (statistics_cube_t *cube, int place, mns_place_t except, int basis, int month,
                              statistics_age_count_t count);
/* Whether the counts by age of `part` belong to those of `place`: itself, and of a place above the county also those of
 * all that are no lower than a county. */
bool statistics_cube_has_ages (const statistics_cube_t *cube, int place, int part);
/* The cell for writing, noted as a change of this turn. */
statistics_cell_t *statistics_cube_note (statistics_cube_t *cube, int place, int basis, int series, int month);
/* The cell as the store has it: for loading. */
void statistics_cube_load (statistics_cube_t *cube, int place, int basis, int series, int month,
                           statistics_cell_t cell);
const statistics_strip_t *statistics_cube_strip (const statistics_cube_t *cube, int place, int basis, int series);
/* The months in which anything was ever counted: first ≤ m < end. False when there is none. */
bool statistics_cube_span (const statistics_cube_t *cube, int place, int basis, int *first, int *end);

/* The turn is durable: its changes are forgotten. Or it is gone: every noted cell is as before. */
void statistics_cube_keep (statistics_cube_t *cube);
void statistics_cube_restore (statistics_cube_t *cube);

#endif
