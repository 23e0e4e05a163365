/* Indicators: what the catalogue says, computed from sums. Pure: counts in, one rounded value out. */
#ifndef MNS_STATISTICS_RULES_INDICATOR_H
#define MNS_STATISTICS_RULES_INDICATOR_H

#include "services/statistics/rules_methods.h"

typedef struct {
  char name[49], en[81], zh[81];
  mns_code_t method; /* mns_indicator_method; any but ratio uses neither expression but for its sex */
  statistics_expression_t numerator, denominator;
  mns_code_t at;               /* mns_indicator_at of the numerator */
  mns_code_t denominator_at;   /* and of the denominator */
  mns_code_t denominator_kind; /* mns_denominator */
  mns_code_t unit;             /* mns_indicator_unit */
  int64_t factor;
  int64_t minimum; /* fewer events are flagged */
  int decimals;
  bool annualised;
  bool by_age; /* made from counts by age */
} statistics_indicator_t;

typedef struct {
  int64_t few_events;      /* a rate or ratio made from fewer is flagged */
  int64_t break_per_mille; /* omitted and duplicate persons above this share of the opening stock break the series */
} statistics_indicator_rules_t;

/* `now` and `before` are the complete sums of the period and of the one it is compared with, mostly a year before. */
void statistics_indicator_value (const statistics_indicator_t *indicator, const statistics_indicator_rules_t *rules,
                                 const statistics_sums_t *now, const statistics_sums_t *before, mns_date_t today,
                                 mns_indicator_value_t *value);

#endif
