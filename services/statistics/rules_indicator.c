/* Indicators. Every value is an exact fraction of counts until it is rounded, once, half up. */
#include "services/statistics/rules_indicator.h"

#include <math.h>
#include <stdlib.h>

#include "common/text.h"
#include "services/statistics/rules_ratio.h"

#define CHANGE_DECIMALS 2
#define METHOD_SCALE    INT64_C (1000000000) /* what a method gives is exact to a thousand-millionth */

/* ---- one period -------------------------------------------------------------------------------------------------- */
typedef struct {
  bool has;
  statistics_ratio_t exact;
  int64_t numerator, denominator;
  int denominator_decimals;
  mns_code_t flag;
} side_t;

static int64_t matching_flow (const statistics_sums_t *sums, statistics_measure_t measure, const char *pattern) {
  int64_t gross = 0;
  for (int i = 0; i < sums->count; i++)
    if (sums->series[i].measure == measure && statistics_dimension_matches (sums->series[i].dimension, pattern))
      gross += llabs (sums->flow[i]);
  return gross;
}

/* A register check, or the beginning of the register itself: the stock jumped, and a mean of its ends means nothing. */
static bool is_broken (const statistics_sums_t *sums, const statistics_indicator_rules_t *rules) {
  int64_t found = matching_flow (sums, STATISTICS_ADJUSTMENTS, "omitted.*") +
                  matching_flow (sums, STATISTICS_ADJUSTMENTS, "duplicate.*");
  return matching_flow (sums, STATISTICS_BASELINE, "") > 0 ||
         found * 1000 > rules->break_per_mille * sums->population_opening;
}

static bool is_mean (mns_code_t at) {
  return at == MNS_AT_MEAN || at == MNS_AT_PERSON_YEARS;
}

/* A mean of a period in which the stock jumped says nothing. */
static bool rests_on_mean (const statistics_indicator_t *indicator) {
  return is_mean (indicator->at) || is_mean (indicator->denominator_at) ||
         (indicator->method != MNS_METHOD_RATIO && indicator->method != MNS_METHOD_MEDIAN_AGE &&
          indicator->method != MNS_METHOD_MEAN_AGE_AT_BIRTH);
}

/* What is divided by, as it is printed: means with one decimal. */
static void set_denominator (side_t *side, int64_t value, int64_t divisor) {
  side->denominator = value;
  if (divisor == 1)
    return;
  side->denominator_decimals = 1;
  side->denominator = statistics_ratio_round (statistics_ratio_make (value, divisor), 1);
}

static void divide (const statistics_indicator_t *indicator, const statistics_sums_t *sums, side_t *side,
                    int64_t *gross) {
  int64_t none = 0, divisor = statistics_at_divisor (indicator->denominator_at, sums->period);
  bool counts = indicator->denominator_kind == MNS_DENOMINATOR_COUNTS && indicator->denominator_at == MNS_AT_FLOW;
  int64_t value =
      statistics_expression_value (&indicator->denominator, sums, indicator->denominator_at, counts ? gross : &none);
  set_denominator (side, value, divisor);
  if (value <= 0)
    side->flag = MNS_FLAG_NO_DENOMINATOR;
  side->has = value > 0 && !side->flag;
  if (side->has)
    side->exact = statistics_ratio_times (side->exact, indicator->factor * divisor, value);
}

static void set_method (const statistics_indicator_t *indicator, const statistics_sums_t *sums, side_t *side,
                        int64_t *gross) {
  double value = 0;
  bool known = statistics_method_value (indicator->method, indicator->numerator.terms[0].group, sums, &value, gross);
  side->has = known && !side->flag;
  side->numerator = *gross;
  if (!side->has && !side->flag)
    side->flag = MNS_FLAG_NO_DENOMINATOR;
  if (side->has)
    side->exact = statistics_ratio_make (llround (value * METHOD_SCALE), METHOD_SCALE);
}

static side_t make_side (const statistics_indicator_t *indicator, const statistics_indicator_rules_t *rules,
                         const statistics_sums_t *sums) {
  side_t side = {.denominator = MNS_NONE};
  int64_t gross = 0;
  bool method = indicator->method != MNS_METHOD_RATIO;
  bool has_denominator = indicator->denominator_kind != MNS_DENOMINATOR_NONE;
  if (rests_on_mean (indicator) && is_broken (sums, rules))
    side.flag = MNS_FLAG_BREAK;
  if (method) {
    set_method (indicator, sums, &side, &gross);
  } else {
    side.numerator = statistics_expression_value (&indicator->numerator, sums, indicator->at, &gross);
    side.exact = statistics_ratio_make (side.numerator, statistics_at_divisor (indicator->at, sums->period));
    side.has = !side.flag;
    if (has_denominator)
      divide (indicator, sums, &side, &gross);
    else
      side.exact = statistics_ratio_times (side.exact, indicator->factor, 1);
  }
  if (side.has && has_denominator && gross < indicator->minimum)
    side.flag = MNS_FLAG_FEW_EVENTS;
  return side;
}

/* ---- the value, its year before and the change ------------------------------------------------------------------- */
static bool counted_yet (const statistics_sums_t *now, const statistics_sums_t *before) {
  int64_t there = 0, earlier = 0;
  for (int i = 0; i < now->count; i++)
    if (now->series[i].measure == STATISTICS_BASELINE) {
      there += now->opening[i] + now->flow[i];
      earlier += before->opening[i];
    }
  return there == 0 || earlier > 0;
}

static statistics_ratio_t annualised (statistics_ratio_t rate, statistics_period_t period) {
  return statistics_ratio_times (rate, statistics_period_days_of_year (period), statistics_period_days (period));
}

static mns_code_t kind_of_change (const statistics_indicator_t *indicator) {
  static const mns_code_t kinds[] = {
      [MNS_DENOMINATOR_NONE] = MNS_CHANGE_PERCENT,         [MNS_DENOMINATOR_MEAN] = MNS_CHANGE_POINTS,
      [MNS_DENOMINATOR_COUNTS] = MNS_CHANGE_RATIO_POINTS,  [MNS_DENOMINATOR_OPENING] = MNS_CHANGE_PERCENT,
      [MNS_DENOMINATOR_CLOSING] = MNS_CHANGE_RATIO_POINTS, [MNS_DENOMINATOR_MID_YEAR] = MNS_CHANGE_POINTS,
      [MNS_DENOMINATOR_YEAR_END] = MNS_CHANGE_POINTS,      [MNS_DENOMINATOR_PERSON_YEARS] = MNS_CHANGE_POINTS,
      [MNS_DENOMINATOR_METHOD] = MNS_CHANGE_RATIO_POINTS};
  mns_code_t kind = kinds[indicator->denominator_kind];
  bool per_head = indicator->unit == MNS_UNIT_COUNT || indicator->unit == MNS_UNIT_FEN;
  return kind == MNS_CHANGE_PERCENT && indicator->denominator_kind == MNS_DENOMINATOR_OPENING && !per_head
             ? MNS_CHANGE_RATIO_POINTS
             : kind;
}

/* Periods of other lengths are compared by what their rates would be in a year; what happened in them is not. */
static bool make_comparable (const statistics_indicator_t *indicator, const statistics_sums_t *sums,
                             const statistics_sums_t *other, side_t *side) {
  statistics_period_t period = sums->period, with = other->period;
  if (period.end - period.first == with.end - with.first)
    return true;
  if (indicator->annualised)
    side->exact = annualised (side->exact, period);
  return indicator->annualised || indicator->denominator_kind != MNS_DENOMINATOR_NONE || indicator->at != MNS_AT_FLOW;
}

static void set_change (const statistics_indicator_t *indicator, const statistics_sums_t *now_sums, side_t now,
                        const statistics_sums_t *before_sums, side_t before, mns_indicator_value_t *value) {
  mns_code_t kind = kind_of_change (indicator);
  if (!now.has || !before.has || (kind == MNS_CHANGE_PERCENT && before.exact.numerator <= 0) ||
      !make_comparable (indicator, now_sums, before_sums, &now) ||
      !make_comparable (indicator, before_sums, now_sums, &before))
    return;
  statistics_ratio_t change = statistics_ratio_minus (now.exact, before.exact);
  if (kind == MNS_CHANGE_PERCENT)
    change = (statistics_ratio_t){change.numerator * before.exact.denominator * 100,
                                  change.denominator * before.exact.numerator};
  value->change_kind = kind;
  value->change = statistics_ratio_round (change, CHANGE_DECIMALS);
}

static void set_names (const statistics_indicator_t *indicator, mns_indicator_value_t *value) {
  mns_text_copy (value->indicator, sizeof value->indicator, indicator->name);
  mns_text_copy (value->en, sizeof value->en, indicator->en);
  mns_text_copy (value->zh, sizeof value->zh, indicator->zh);
  value->unit = indicator->unit;
  value->decimals = indicator->decimals;
  value->denominator_kind = indicator->denominator_kind;
}

static void set_period (const statistics_sums_t *sums, mns_date_t today, mns_indicator_value_t *value) {
  value->days = statistics_period_days (sums->period);
  value->year_days = statistics_period_days_of_year (sums->period);
  value->unfinished = today < statistics_period_to (sums->period) ? MNS_YES : 0;
}

static void set_value (const statistics_indicator_t *indicator, const statistics_sums_t *sums, const side_t *side,
                       mns_indicator_value_t *value) {
  value->numerator = side->numerator;
  value->denominator = side->denominator;
  if (side->denominator != MNS_NONE)
    value->denominator_decimals = side->denominator_decimals;
  value->flag = side->flag ? side->flag : value->unfinished ? MNS_FLAG_UNFINISHED : 0;
  if (side->has)
    value->value = statistics_ratio_round (side->exact, indicator->decimals);
  if (side->has && indicator->annualised && !value->unfinished)
    value->annualised = statistics_ratio_round (annualised (side->exact, sums->period), indicator->decimals);
}

void statistics_indicator_value (const statistics_indicator_t *indicator, const statistics_indicator_rules_t *rules,
                                 const statistics_sums_t *now, const statistics_sums_t *before, mns_date_t today,
                                 mns_indicator_value_t *value) {
  side_t this = make_side (indicator, rules, now), earlier = {.has = false, .flag = MNS_FLAG_BREAK};
  mns_record_clear (&mns_indicator_value_type, value);
  set_names (indicator, value);
  set_period (now, today, value);
  set_value (indicator, now, &this, value);
  if (counted_yet (now, before)) {
    earlier = make_side (indicator, rules, before);
    value->before_numerator = earlier.numerator;
  }
  value->before_flag = earlier.flag;
  if (earlier.has)
    value->before = statistics_ratio_round (earlier.exact, indicator->decimals);
  set_change (indicator, now, this, before, earlier, value);
}
