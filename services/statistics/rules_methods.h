/* Indicators that are more than one division. Pure: sums in, one value out.
 *
 *   total_fertility       births a woman would have at the rates of the period: 5 × the sum of births ÷ mean women over
 * the five-year groups 15–49; births of younger and older mothers count in the first and last group mean_age_at_birth
 * mean age of the mothers (full years and a half) over the births of the period mean_age_of_fertility the same over the
 * rates: mid-points of the groups weighted by births ÷ mean women life_expectancy       at birth, of the life table of
 * the period (rules_life_table.h) median_age            of the people at the end, evenly spread within a year of age
 */
#ifndef MNS_STATISTICS_RULES_METHODS_H
#define MNS_STATISTICS_RULES_METHODS_H

#include "services/statistics/rules_expression.h"
#include "services/statistics/rules_life_table.h"

/* False when there is nothing to divide by. `events`: births or deaths behind the value. `sex` is of the life table, or
 * STATISTICS_ANY; the value is of the period, not annualised, but for the life table, whose rates are those of a year.
 */
bool statistics_method_value (mns_code_t method, int sex, const statistics_sums_t *sums, double *value,
                              int64_t *events);

/* Deaths and person-years of the period by the rows of a life table. */
void statistics_life_rows_fill (statistics_life_row_t rows[STATISTICS_LIFE_ROWS], int sex,
                                const statistics_sums_t *sums);

#endif
