/* Indicators: what the catalogue says, computed from sums. Pure: counts in, one rounded value out.
 *
 * An expression is terms joined by " + " and " - "; a term is `population` or a measure, with `:` and a pattern of
 * dimensions behind it when not all are meant: "births:male.* - deaths:male". */
#ifndef MNS_STATISTICS_RULES_INDICATOR_H
#define MNS_STATISTICS_RULES_INDICATOR_H

#include "common/records/statistics_requests.h"
#include "services/statistics/sums.h"

#define STATISTICS_TERMS_MAX 8

typedef struct {
  int sign;
  bool population; /* the whole balance; then `measure` means nothing */
  statistics_measure_t measure;
  char pattern[MNS_DIMENSION_MAX + 1]; /* "": all dimensions */
} statistics_term_t;

typedef struct {
  int count;
  statistics_term_t terms[STATISTICS_TERMS_MAX];
} statistics_expression_t;

/* False when `text` is no expression; error says where. */
bool statistics_expression_parse (const char *text, statistics_expression_t *expression, mns_error_t *error);

typedef struct {
  char name[49], en[81], zh[81];
  statistics_expression_t numerator, denominator;
  mns_code_t at;               /* mns_indicator_at of the numerator */
  mns_code_t denominator_kind; /* mns_denominator */
  mns_code_t unit;             /* mns_indicator_unit */
  int64_t factor;
  int decimals;
  bool annualised;
} statistics_indicator_t;

typedef struct {
  int64_t few_events;      /* a rate or ratio made from fewer is flagged */
  int64_t break_per_mille; /* omitted and duplicate persons above this share of the opening stock break the series */
} statistics_indicator_rules_t;

/* `now` and `before` are the sums of the period and of the one a year before. */
void statistics_indicator_value (const statistics_indicator_t *indicator, const statistics_indicator_rules_t *rules,
                                 const statistics_sums_t *now, const statistics_sums_t *before,
                                 statistics_period_t period, mns_date_t today, mns_indicator_value_t *value);

#endif
