/* Telling the changes: one event for each (place, period, basis) whose counts or stocks changed since it was last told.
 *
 *   change of a cell → its (place, basis) waits in a queue → the timer takes it, not more often than figures_every_ms,
 *   → events of all its periods that differ from what was told → its cells are marked as told, in the same turn.
 *
 * The latest state wins, so a bulk load costs one sweep after another and never a flood: a turn of the timer tells at
 * most STATISTICS_EVENTS_PER_TURN events (and the rest of the place it is at), and fewer while records come by the
 * hundred a turn. What was told is stored per cell: a restart goes on where it was. */
#ifndef MNS_STATISTICS_PUBLISH_H
#define MNS_STATISTICS_PUBLISH_H

#include "common/service.h"
#include "services/statistics/cube.h"
#include "services/statistics/sums.h"

#define STATISTICS_PUBLISH_MS      100
#define STATISTICS_EVENTS_PER_TURN 2000
#define STATISTICS_EVENTS_IN_BULK  300
#define STATISTICS_BULK_RECORDS    500 /* in one turn */
#define STATISTICS_BULK_TICKS      10  /* of the timer, after the last such turn */

typedef struct {
  int place, basis;
} statistics_unit_t;

typedef struct {
  statistics_unit_t *units; /* ring */
  size_t first, count, capacity;
  statistics_unit_t *telling; /* taken out in this turn */
  size_t telling_count, telling_capacity;
  int records;                 /* folded in this turn */
  int recent;                  /* folded since the last tick */
  int bulk_ticks;              /* that are left */
  statistics_sums_t now, told; /* scratch */
} statistics_publisher_t;

void statistics_publisher_init (statistics_publisher_t *publisher);
void statistics_publisher_fini (statistics_publisher_t *publisher);
/* Queues each (place, basis) that the changes of this turn made differ from what was told, unless it waits already. */
void statistics_publisher_queue_changes (statistics_publisher_t *publisher, statistics_cube_t *cube);
/* Queues everything in which the cube differs from what was told: after the store was loaded. */
void statistics_publisher_queue_all (statistics_publisher_t *publisher, statistics_cube_t *cube);
/* The turn is durable, or gone: what it had taken out waits again. */
void statistics_publisher_keep (statistics_publisher_t *publisher);
void statistics_publisher_restore (statistics_publisher_t *publisher, statistics_cube_t *cube);

/* The timer. */
mns_rc_t statistics_publish (void *self, mns_turn_t *turn);

#endif
