/* The measures of common/records/statistics_records.h, and series: a measure with one dimension. */
#ifndef MNS_STATISTICS_MEASURE_H
#define MNS_STATISTICS_MEASURE_H

#include "common/records/statistics_records.h"

typedef enum {
  STATISTICS_BASELINE,
  STATISTICS_BIRTHS,
  STATISTICS_DEATHS,
  STATISTICS_MOVES_IN,
  STATISTICS_MOVES_OUT,
  STATISTICS_ADJUSTMENTS,
  STATISTICS_BIRTHS_DELAY,
  STATISTICS_DEATHS_DELAY,
  STATISTICS_DELIVERIES,
  STATISTICS_BIRTHS_MOTHER,
  STATISTICS_INFANT_DEATHS,
  STATISTICS_AWAY,
  STATISTICS_INCOMERS,
  STATISTICS_ENTITLEMENTS_OPENING,
  STATISTICS_ENTITLEMENTS_STARTED,
  STATISTICS_ENTITLEMENTS_ENDED,
  STATISTICS_FUNDS,
  STATISTICS_STOCK_DAYS,
  STATISTICS_MARRIAGES,
  STATISTICS_DIVORCES,
  STATISTICS_PAYMENTS,
  STATISTICS_PAID,
  STATISTICS_RECOVERIES,
  STATISTICS_OVERPAID,
  STATISTICS_MEASURES
} statistics_measure_t;

typedef struct {
  statistics_measure_t measure;
  char dimension[MNS_DIMENSION_MAX + 1];
} statistics_series_t;

const char *statistics_measure_name (statistics_measure_t measure);
bool statistics_measure_find (const char *name, size_t size, statistics_measure_t *measure);
/* How it moves the population: births +1, deaths −1, delay classes 0. */
int statistics_measure_sign (statistics_measure_t measure);
/* Whether the register tells it, and so can count it again; the others are told by assistance. */
bool statistics_measure_of_register (statistics_measure_t measure);
/* True when the dots part `dimension` into words that fit those of `pattern`; "*" fits any one word,
 * "" any dimension. */
bool statistics_dimension_matches (const char *dimension, const char *pattern);

#endif
