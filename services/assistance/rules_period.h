/* Periods that are paid for: 2026, 2026-S1, 2026-Q2, 2026-06 (SDMX). Pure. */
#ifndef MNS_ASSISTANCE_RULES_PERIOD_H
#define MNS_ASSISTANCE_RULES_PERIOD_H

#include "common/records/assistance_requests.h"

typedef struct {
  mns_month_t from, to; /* first and last month */
  mns_code_t kind;      /* of mns_periodicity */
} assistance_period_t;

/* Years 1949 to 2199. */
bool assistance_period_parse (const char *text, assistance_period_t *period);
int assistance_period_months (const assistance_period_t *period);
mns_date_t assistance_period_last_day (const assistance_period_t *period);

/* The period a batch of a scheme may be for, with its cut-off day (0: the last day, or today when that is earlier).
 * MNS_INVALID: not a period, or of another length than the scheme's; MNS_OUT_OF_RANGE: the cut-off lies outside the
 * period or in the future, or the period has not reached its last month. */
mns_rc_t assistance_period_for_batch (const char *text, mns_code_t periodicity, mns_date_t today, mns_date_t *cutoff,
                                      assistance_period_t *period, mns_error_t *error);

#endif
