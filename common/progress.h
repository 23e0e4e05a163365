/* A progress bar on stderr: share, count, rate, remaining time. Redrawn at most ten times a second on a terminal; a
 * line each ten per cent elsewhere; nothing at all before one second has passed. */
#ifndef MNS_COMMON_PROGRESS_H
#define MNS_COMMON_PROGRESS_H

#include <stdint.h>

typedef struct mns_progress mns_progress_t;
/* `what` "persons.csv", `unit` "rows"; total 0: unknown. */
mns_progress_t *mns_progress_new (const char *what, const char *unit, uint64_t total);
/* `done` of `total` in the total's measure (bytes, say), `units` to be shown and rated (rows). */
void mns_progress_set (mns_progress_t *progress, uint64_t done, uint64_t units);
void mns_progress_destroy (mns_progress_t **progress); /* finishes the line */

#endif
