/* Reported rates against one another and against the counts: finds the slip instead of repeating it.
 *
 *   birth rate − death rate = natural rate, and the same of their changes, within 0.01;
 *   births / birth rate, deaths / death rate and their difference / natural rate stand for one population;
 *   when these hold, each rate follows from the register's counts, within 0.01. */
#ifndef MNS_STATISTICS_RULES_REPORTED_H
#define MNS_STATISTICS_RULES_REPORTED_H

#include "common/records/statistics_requests.h"

#define STATISTICS_FINDINGS_MAX 9

/* What is known besides the printed figures; MNS_NONE for what is not. Order of the arrays: birth, death, natural. */
typedef struct {
  int64_t births, deaths;
  int64_t rate[3], change[3]; /* from the counts, in hundredths */
} statistics_known_t;

/* Fills `findings` and returns how many. */
size_t statistics_check_reported (const mns_reported_figures_t *printed, const statistics_known_t *known,
                                  mns_reported_finding_t findings[STATISTICS_FINDINGS_MAX]);

#endif
