/* The board of a process: what each of its parts last said about itself, for the exporter to show.
 *
 * A part copies its numbers onto the board about once a second; the exporter copies them off. A lock is held for the
 * copying alone, nothing on the board points anywhere. A part that has not been heard for ten seconds is stuck. */
#ifndef MNS_COMMON_BOARD_H
#define MNS_COMMON_BOARD_H

#include "common/metrics.h"
#include <stdbool.h>

#define MNS_BOARD_ROWS 64 /* of one set and part at most */

/* Replaces what `part` ("broker") has said under this set. More than MNS_BOARD_ROWS rows are cut off. */
void mns_board_put (const char *part, const mns_metric_set_t *set, const void *rows, size_t count);
/* Whether the part does its work; if not, why, in a few words ("stopped"). */
void mns_board_health (const char *part, bool well, const char *why);
/* The part has ended. */
void mns_board_remove (const char *part);

/* All of it as Prometheus text: metric by metric, the parts after one another. */
void mns_board_print (mns_buffer_t *out);
/* A line for each part; false when one is not well or stuck, or none is there. */
bool mns_board_well (mns_buffer_t *out);

#endif
