/* Named counts in periods, by registration and by occurrence, and what is made from them: stocks, rates, ratios,
 * changes. An independent recount for tests: it shares no code with the statistics service. */
#ifndef MNS_TESTS_SUPPORT_COUNTERS_H
#define MNS_TESTS_SUPPORT_COUNTERS_H

#include "common/date.h"
#include "common/records/codes.h"
#include <stdint.h>

enum { COUNTERS_EARLIER, COUNTERS_2025_S1, COUNTERS_2025_S2, COUNTERS_2026_S1, COUNTERS_PERIODS };
extern const char *const counters_periods[COUNTERS_PERIODS]; /* "earlier", "2025-S1" … */

#define COUNTERS_MAX  200
#define COUNTERS_NAME 48

typedef struct {
  char name[COUNTERS_NAME];
  int64_t counts[COUNTERS_PERIODS][2]; /* by registration, by occurrence */
} counter_t;

typedef struct {
  counter_t counters[COUNTERS_MAX];
  size_t count;
} counters_t;

int counters_period (mns_date_t day);
/* Adds to a count by both dates. */
void counters_add (counters_t *counters, const char *name, mns_date_t registered, mns_date_t occurred, int64_t number);
/* 0 for a name that was never counted. */
int64_t counters_get (const counters_t *counters, const char *name, int period, mns_code_t basis);

/* Any name of tests/fixtures/sample_county.table as printed there; "" for an unknown one. */
#define COUNTERS_VALUE 40
void counters_value (const counters_t *counters, const char *name, int period, mns_code_t basis,
                     char text[COUNTERS_VALUE]);

#endif
