/* Rates, amounts and shares. */
#include "services/assistance/rules_rate.h"
#include <string.h>

const mns_catalogue_rate_t *assistance_rate_on (const assistance_catalogue_t *catalogue,
                                                const assistance_rated_t *rated, mns_date_t day) {
  const mns_catalogue_rate_t *best = NULL;
  for (size_t i = 0; i < catalogue->rate_count; i++) {
    const mns_catalogue_rate_t *rate = &catalogue->rates[i];
    if (rate->from_day > day || strcmp (rate->scheme, rated->scheme) || strcmp (rate->tier, rated->tier))
      continue;
    if (rate->registration && rate->registration != rated->registration)
      continue;
    if (!best || rate->from_day > best->from_day)
      best = rate;
  }
  return best;
}

static mns_rc_t no_rate (const assistance_rated_t *rated, mns_date_t day, mns_error_t *error) {
  char text[MNS_DATE_TEXT];
  mns_date_format (day, text);
  return mns_fail (error, MNS_NOT_FOUND, "rates", "%s, %s has no rate on %s; add it to the catalogue", rated->scheme,
                   rated->tier, text);
}

static mns_rc_t sum_of_months (const assistance_catalogue_t *catalogue, const assistance_rated_t *rated,
                               mns_month_t from, mns_month_t to, mns_fen_t *amount, mns_error_t *error) {
  *amount = 0;
  for (mns_month_t month = from; month <= to; month = mns_month_add (month, 1)) {
    const mns_catalogue_rate_t *rate = assistance_rate_on (catalogue, rated, month * 100 + 1);
    if (!rate)
      return no_rate (rated, month * 100 + 1, error);
    if (rate->per == MNS_PER_YEAR && rate->amount_fen % 12)
      return mns_fail (error, MNS_OUT_OF_RANGE, "rates", "a month of %s, %s is not whole fen", rated->scheme,
                       rated->tier);
    *amount += rate->per == MNS_PER_YEAR ? rate->amount_fen / 12 : rate->amount_fen;
  }
  return MNS_OK;
}

mns_rc_t assistance_amount_due (const assistance_catalogue_t *catalogue, const assistance_rated_t *rated,
                                const assistance_period_t *period, mns_date_t cutoff, mns_date_t from_day,
                                mns_fen_t *amount, mns_error_t *error) {
  const mns_catalogue_rate_t *rate = assistance_rate_on (catalogue, rated, cutoff);
  int months = assistance_period_months (period);
  if (!rate)
    return no_rate (rated, cutoff, error);
  if (rate->per == MNS_PER_YEAR) {
    if (rate->amount_fen * months % 12)
      return mns_fail (error, MNS_OUT_OF_RANGE, "rates", "%d months of %s, %s are not whole fen", months, rated->scheme,
                       rated->tier);
    *amount = rate->amount_fen * months / 12;
    return MNS_OK;
  }
  if (cutoff / 100 < period->to)
    return mns_fail (error, MNS_OUT_OF_RANGE, "cutoff", "a monthly rate is paid when the last month has begun");
  mns_month_t from = from_day / 100 > period->from ? from_day / 100 : period->from;
  return sum_of_months (catalogue, rated, from, period->to, amount, error);
}

mns_date_t assistance_unpaid_from (const assistance_catalogue_t *catalogue, const assistance_rated_t *rated,
                                   mns_date_t cutoff, mns_date_t from_day, mns_date_t paid_to) {
  const mns_catalogue_rate_t *rate = assistance_rate_on (catalogue, rated, cutoff);
  if (!paid_to || !rate)
    return from_day;
  if (rate->per == MNS_PER_YEAR)
    return 0;
  mns_date_t next = mns_month_add (paid_to / 100, 1) * 100 + 1;
  return next > from_day ? next : from_day;
}

mns_fen_t assistance_overpaid (const assistance_catalogue_t *catalogue, const assistance_rated_t *rated,
                               const assistance_period_t *period, mns_date_t cutoff, mns_fen_t paid,
                               mns_date_t last_day, mns_date_t *since) {
  const mns_catalogue_rate_t *rate = assistance_rate_on (catalogue, rated, cutoff);
  mns_fen_t overpaid = 0;
  *since = 0;
  if (last_day < period->from * 100 + 1) {
    *since = period->from * 100 + 1;
    return paid;
  }
  if (rate && rate->per == MNS_PER_YEAR) {
    *since = last_day < cutoff ? mns_date_add_days (last_day, 1) : 0;
    return *since ? paid : 0;
  }
  mns_month_t from = mns_month_add (last_day / 100, 1);
  if (from > period->to || sum_of_months (catalogue, rated, from, period->to, &overpaid, NULL) != MNS_OK)
    return 0;
  *since = from * 100 + 1;
  return overpaid < paid ? overpaid : paid;
}
