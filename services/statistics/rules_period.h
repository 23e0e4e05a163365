/* Periods: months, quarters, half-years, years and other ranges, as half-open ranges of months.
 *
 * "2026-06", "2026-Q2", "2026-S1", "2026", and "2025-07/P12M" for any months in a row (the words of SDMX); the last may
 * also be written "2025-07..2026-06", and is a month, quarter … when it is exactly one. A month is counted here as year
 * × 12 + month − 1, so that months are neighbours across the years. */
#ifndef MNS_STATISTICS_RULES_PERIOD_H
#define MNS_STATISTICS_RULES_PERIOD_H

#include "common/date.h"

#define STATISTICS_PERIOD_TEXT 17
#define STATISTICS_RANGE_MAX   600 /* months */

typedef enum {
  STATISTICS_MONTH,
  STATISTICS_QUARTER,
  STATISTICS_HALF,
  STATISTICS_YEAR,
  STATISTICS_PERIOD_KINDS, /* of the calendar */
  STATISTICS_RANGE = STATISTICS_PERIOD_KINDS
} statistics_period_kind_t;

typedef struct {
  statistics_period_kind_t kind;
  int first, end; /* months: first ≤ m < end */
} statistics_period_t;

int statistics_month_index (mns_date_t date); /* of a valid date */
/* Exactly one of these forms, years 1 to 9998; false for anything else. */
bool statistics_period_parse (const char *text, statistics_period_t *period);
void statistics_period_format (statistics_period_t period, char text[STATISTICS_PERIOD_TEXT]);
statistics_period_t statistics_period_containing (int month, statistics_period_kind_t kind);
statistics_period_t statistics_period_year_before (statistics_period_t period);
/* Months first ≤ m < end: of the calendar when they are exactly one of its periods. */
statistics_period_t statistics_period_range (int first, int end);
/* The one of the same kind that ends where this one begins. */
statistics_period_t statistics_period_before (statistics_period_t period);
/* The one of the same kind that begins where this one ends. */
statistics_period_t statistics_period_after (statistics_period_t period);
mns_date_t statistics_period_from (statistics_period_t period); /* first day */
mns_date_t statistics_period_to (statistics_period_t period);   /* first day after it */
int statistics_period_days (statistics_period_t period);
/* Of the calendar year that holds it, 365 or 366; when none does, of the twelve months that end with it. */
int statistics_period_days_of_year (statistics_period_t period);
/* The last period of this kind that ended on or before `today`. */
statistics_period_t statistics_period_last_complete (mns_date_t today, statistics_period_kind_t kind);

#endif
