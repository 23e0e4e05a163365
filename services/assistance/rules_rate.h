/* What is due: rates on a day, amounts of a period, what was paid too much. Pure functions of the catalogue. */
#ifndef MNS_ASSISTANCE_RULES_RATE_H
#define MNS_ASSISTANCE_RULES_RATE_H

#include "services/assistance/catalogue.h"
#include "services/assistance/rules_period.h"

/* Whose rate. registration 0: not known, only rates for everybody apply. */
typedef struct {
  const char *scheme, *tier;
  mns_code_t registration;
} assistance_rated_t;

/* The rate in force on `day`, or NULL. */
const mns_catalogue_rate_t *assistance_rate_on (const assistance_catalogue_t *catalogue,
                                                const assistance_rated_t *rated, mns_date_t day);

/* What is due for a period to someone entitled since `from_day` and on the cut-off day.
 *   rate per year:  the rate of the cut-off day, in a shorter period its twelfths;
 *   rate per month: the sum over the months from the one of `from_day` on, each at the rate of its first day; the
 * cut-off must have reached the last month. MNS_NOT_FOUND: no rate is in force; MNS_OUT_OF_RANGE: the period is not
 * over, or twelfths are not whole fen. */
mns_rc_t assistance_amount_due (const assistance_catalogue_t *catalogue, const assistance_rated_t *rated,
                                const assistance_period_t *period, mns_date_t cutoff, mns_date_t from_day,
                                mns_fen_t *amount, mns_error_t *error);

/* The day from which the period is still to be paid to someone whose earlier entitlement, which ended on `paid_to`, was
 * paid for it: of a rate per month the first of the month after, of a rate per year 0, nothing more. */
mns_date_t assistance_unpaid_from (const assistance_catalogue_t *catalogue, const assistance_rated_t *rated,
                                   mns_date_t cutoff, mns_date_t from_day, mns_date_t paid_to);

/* How much of `paid` was for a time after `last_day`, and the first day of that time (0: nothing).
 *   per year:  all of it when the entitlement ended before the cut-off day;
 *   per month: the months after the one of `last_day`. */
mns_fen_t assistance_overpaid (const assistance_catalogue_t *catalogue, const assistance_rated_t *rated,
                               const assistance_period_t *period, mns_date_t cutoff, mns_fen_t paid,
                               mns_date_t last_day, mns_date_t *since);

#endif
