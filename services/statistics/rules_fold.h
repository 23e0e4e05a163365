/* What an event adds to the counts: pure, and linear, so that a restatement with sign −1 takes back exactly what the
 * event had added.
 *
 * A contribution counts at a place and at every place above it, up to the province, except at those that hold `except`
 * as well (a move within the county leaves the county's counts alone). */
#ifndef MNS_STATISTICS_RULES_FOLD_H
#define MNS_STATISTICS_RULES_FOLD_H

#include "common/records/assistance_records.h"
#include "common/records/registry_records.h"
#include "services/statistics/ages.h"
#include "services/statistics/measure.h"

#define STATISTICS_CONTRIBUTIONS_MAX 8

typedef struct {
  statistics_measure_t measure;
  uint8_t kind, part; /* the dimension's two words in codes of the measure; see statistics_dimension_format */
  int8_t value;
  mns_place_t place, except; /* except 0: none */
} statistics_contribution_t;

typedef struct {
  int month[2];     /* by registration, by occurrence (index: basis − 1) */
  int days_left[2]; /* of that month, at whose beginning the change is in the stock */
  size_t count;
  statistics_contribution_t items[STATISTICS_CONTRIBUTIONS_MAX];
} statistics_fold_t;

/* A life event as it counts; its sign is +1 unless it takes back. The county is 0 when every county is our own. Errors:
 * MNS_INVALID, MNS_DATE_ORDER for what cannot have happened. */
mns_rc_t statistics_fold_life (const mns_restatement_t *event, mns_place_t county, statistics_fold_t *fold,
                               mns_error_t *error);

/* What a contribution counts by age besides; gives how many. */
#define STATISTICS_AGES_MAX 2
int statistics_fold_ages (const mns_restatement_t *event, const statistics_contribution_t *item,
                          statistics_age_count_t counts[STATISTICS_AGES_MAX]);

/* The months of a change of an entitlement, and its series: "<scheme>.<tier>", of an end "<scheme>.<tier>.<reason>". */
mns_rc_t statistics_fold_entitlement (const mns_entitlement_change_t *change, int month[2], statistics_series_t *series,
                                      mns_error_t *error);
/* The same for money paid in; the value is its amount in fen. */
mns_rc_t statistics_fold_funded (const mns_funded_t *funded, int month[2], statistics_series_t *series,
                                 mns_error_t *error);

/* What a day of assistance counts: lines and money of a batch by scheme, at `place`; an overpayment, at its own. Two
 * series and their values; both months are that of the day. */
typedef struct {
  mns_place_t place;
  int month[2];
  statistics_series_t series[2];
  int64_t values[2];
} statistics_payment_t;
mns_rc_t statistics_fold_posted (const mns_batch_posted_t *posted, mns_place_t place, statistics_payment_t *payment,
                                 mns_error_t *error);
mns_rc_t statistics_fold_recovery (const mns_recovery_t *recovery, statistics_payment_t *payment, mns_error_t *error);

/* The dimension of a contribution of statistics_fold_life as text. */
void statistics_dimension_format (statistics_measure_t measure, unsigned kind, unsigned part,
                                  char text[MNS_DIMENSION_MAX + 1]);

#endif
