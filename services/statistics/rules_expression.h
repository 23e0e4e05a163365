/* Expressions of the catalogue of indicators, and what they are worth. Pure.
 *
 * Terms joined by " + " and " - ". A term is a word, with `:` and a pattern behind it when not all are meant:
 *
 *   population:SEX.AGES, residents:SEX.AGES   a stock, by age in full years then: "population:female.15-49"
 *   deaths_age:SEX.AGES                       deaths by age
 *   births_age:ORDER.AGES                     births by order (0 not stated … 3) and age of the mother (0 not known)
 *   a measure of statistics_records.h         a pattern of its dimensions: "births:male.*"
 *
 * AGES are "0", "15-49" or "65-" (and over); "*" stands for any one word, and words at the end may be left out. */
#ifndef MNS_STATISTICS_RULES_EXPRESSION_H
#define MNS_STATISTICS_RULES_EXPRESSION_H

#include "common/records/statistics_requests.h"
#include "services/statistics/sums.h"

#define STATISTICS_TERMS_MAX 8
#define STATISTICS_ANY       (-1)

typedef enum {
  STATISTICS_TERM_MEASURE,
  STATISTICS_TERM_POPULATION,
  STATISTICS_TERM_RESIDENTS,
  STATISTICS_TERM_DEATHS_AGE,
  STATISTICS_TERM_BIRTHS_AGE
} statistics_term_kind_t;

typedef struct {
  int sign;
  statistics_term_kind_t kind;
  statistics_measure_t measure;        /* of a measure */
  char pattern[MNS_DIMENSION_MAX + 1]; /* of it; "": all dimensions */
  bool whole;                          /* no sex, order or ages are named */
  int group;                           /* sex or order, or STATISTICS_ANY */
  int from, to;                        /* ages, both included */
} statistics_term_t;

typedef struct {
  int count;
  statistics_term_t terms[STATISTICS_TERMS_MAX];
} statistics_expression_t;

/* False when `text` is no expression; error says where. */
bool statistics_expression_parse (const char *text, statistics_expression_t *expression, mns_error_t *error);
/* Whether it has a value at that point (mns_indicator_at): stocks by age are known at the ends of a period only. */
bool statistics_expression_fits (const statistics_expression_t *expression, mns_code_t at);

/* Whether it needs counts by age. */
bool statistics_expression_by_age (const statistics_expression_t *expression);

/* The value times statistics_at_divisor. `gross` gets what lies behind it added, whatever the signs. */
int64_t statistics_expression_value (const statistics_expression_t *expression, const statistics_sums_t *sums,
                                     mns_code_t at, int64_t *gross);
/* 2 of a mean of two stocks, the days of the period of person-days, else 1. */
int64_t statistics_at_divisor (mns_code_t at, statistics_period_t period);

#endif
