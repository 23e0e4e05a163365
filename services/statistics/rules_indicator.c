/* Indicators. Every value is an exact fraction of counts until it is rounded, once, half up. */
#include "services/statistics/rules_indicator.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "services/statistics/rules_ratio.h"

#define CHANGE_DECIMALS 2

/* ---- expressions ------------------------------------------------------------------------------------------------- */
static bool parse_term (const char *text, size_t size, statistics_term_t *term, mns_error_t *error) {
  const char *colon = memchr (text, ':', size);
  size_t name = colon ? (size_t)(colon - text) : size, pattern = colon ? size - name - 1 : 0;
  if (pattern >= sizeof term->pattern)
    return !mns_fail (error, MNS_TOO_LONG, "", "the pattern behind ':' is longer than %d bytes", MNS_DIMENSION_MAX);
  memcpy (term->pattern, colon ? colon + 1 : "", pattern);
  term->pattern[pattern] = 0;
  term->population = name == strlen ("population") && memcmp (text, "population", name) == 0;
  if (!term->population && !statistics_measure_find (text, name, &term->measure))
    return !mns_fail (error, MNS_UNKNOWN_CODE, "", "'%.*s' is no measure", (int)(name > 40 ? 40 : name), text);
  return true;
}

bool statistics_expression_parse (const char *text, statistics_expression_t *expression, mns_error_t *error) {
  int sign = 1;
  expression->count = 0;
  for (;;) {
    size_t size = strcspn (text, " ");
    if (expression->count == STATISTICS_TERMS_MAX)
      return !mns_fail (error, MNS_TOO_LARGE, "", "more than %d terms", STATISTICS_TERMS_MAX);
    statistics_term_t *term = &expression->terms[expression->count++];
    *term = (statistics_term_t){.sign = sign};
    if (!parse_term (text, size, term, error))
      return false;
    text += size;
    if (!*text)
      return true;
    if (strncmp (text, " + ", 3) != 0 && strncmp (text, " - ", 3) != 0)
      return !mns_fail (error, MNS_INVALID, "", "terms are joined by ' + ' or ' - '");
    sign = text[1] == '+' ? 1 : -1;
    text += 3;
  }
}

static int64_t at_point (mns_code_t at, int64_t opening, int64_t flow) {
  switch (at) {
  case MNS_AT_OPENING:
    return opening;
  case MNS_AT_CLOSING:
    return opening + flow;
  case MNS_AT_MEAN:
    return 2 * opening + flow; /* opening + closing: twice the mean */
  default:
    return flow;
  }
}

static int64_t term_value (const statistics_term_t *term, const statistics_sums_t *sums, mns_code_t at) {
  if (term->population)
    return at_point (at, sums->population_opening, sums->population_closing - sums->population_opening);
  int64_t value = 0;
  for (int i = 0; i < sums->count; i++)
    if (sums->series[i].measure == term->measure &&
        statistics_dimension_matches (sums->series[i].dimension, term->pattern))
      value += at_point (at, sums->opening[i], sums->flow[i]);
  return value;
}

/* The value; `gross` gets the events behind it, whatever their signs. */
static int64_t expression_value (const statistics_expression_t *expression, const statistics_sums_t *sums,
                                 mns_code_t at, int64_t *gross) {
  int64_t value = 0;
  for (int i = 0; i < expression->count; i++) {
    int64_t term = term_value (&expression->terms[i], sums, at);
    value += expression->terms[i].sign * term;
    *gross += llabs (term);
  }
  return value;
}

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

static void make_rate (const statistics_indicator_t *indicator, const statistics_indicator_rules_t *rules,
                       const statistics_sums_t *sums, side_t *side) {
  int64_t twice_mean = sums->population_opening + sums->population_closing;
  side->denominator = twice_mean * 5;
  side->denominator_decimals = 1;
  side->has = twice_mean > 0 && !is_broken (sums, rules);
  if (side->has)
    side->exact =
        statistics_ratio_times (statistics_ratio_make (side->numerator, twice_mean), 2 * indicator->factor, 1);
  else
    side->flag = twice_mean > 0 ? MNS_FLAG_BREAK : MNS_FLAG_NO_DENOMINATOR;
}

static void make_ratio (const statistics_indicator_t *indicator, const statistics_sums_t *sums, side_t *side,
                        int64_t *gross) {
  side->denominator = indicator->denominator_kind == MNS_DENOMINATOR_OPENING
                          ? sums->population_opening
                          : expression_value (&indicator->denominator, sums, MNS_AT_FLOW, gross);
  side->has = side->denominator > 0;
  if (side->has)
    side->exact =
        statistics_ratio_times (statistics_ratio_make (side->numerator, side->denominator), indicator->factor, 1);
  else
    side->flag = MNS_FLAG_NO_DENOMINATOR;
}

static side_t make_side (const statistics_indicator_t *indicator, const statistics_indicator_rules_t *rules,
                         const statistics_sums_t *sums) {
  side_t side = {.denominator = MNS_NONE, .denominator_decimals = 0};
  int64_t gross = 0;
  side.numerator = expression_value (&indicator->numerator, sums, indicator->at, &gross);
  switch (indicator->denominator_kind) {
  case MNS_DENOMINATOR_MEAN:
    make_rate (indicator, rules, sums, &side);
    break;
  case MNS_DENOMINATOR_COUNTS:
  case MNS_DENOMINATOR_OPENING:
    make_ratio (indicator, sums, &side, &gross);
    break;
  default:
    side.has = indicator->at != MNS_AT_MEAN || !is_broken (sums, rules);
    side.flag = side.has ? 0 : MNS_FLAG_BREAK;
    side.exact = statistics_ratio_times (statistics_ratio_make (side.numerator, indicator->at == MNS_AT_MEAN ? 2 : 1),
                                         indicator->factor, 1);
    return side;
  }
  if (side.has && gross < rules->few_events)
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

static void set_change (const statistics_indicator_t *indicator, const side_t *now, const side_t *before,
                        mns_indicator_value_t *value) {
  static const mns_code_t kinds[] = {[MNS_DENOMINATOR_NONE] = MNS_CHANGE_PERCENT,
                                     [MNS_DENOMINATOR_MEAN] = MNS_CHANGE_POINTS,
                                     [MNS_DENOMINATOR_COUNTS] = MNS_CHANGE_RATIO_POINTS,
                                     [MNS_DENOMINATOR_OPENING] = MNS_CHANGE_PERCENT};
  mns_code_t kind = kinds[indicator->denominator_kind];
  if (!now->has || !before->has || (kind == MNS_CHANGE_PERCENT && before->exact.numerator <= 0))
    return;
  statistics_ratio_t change = statistics_ratio_minus (now->exact, before->exact);
  if (kind == MNS_CHANGE_PERCENT)
    change = (statistics_ratio_t){change.numerator * before->exact.denominator * 100,
                                  change.denominator * before->exact.numerator};
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

void statistics_indicator_value (const statistics_indicator_t *indicator, const statistics_indicator_rules_t *rules,
                                 const statistics_sums_t *now, const statistics_sums_t *before,
                                 statistics_period_t period, mns_date_t today, mns_indicator_value_t *value) {
  mns_record_clear (&mns_indicator_value_type, value);
  set_names (indicator, value);
  bool unfinished = today < statistics_period_to (period);
  side_t this = make_side (indicator, rules, now), earlier = {.has = false, .flag = MNS_FLAG_BREAK};
  value->numerator = this.numerator;
  value->denominator = this.denominator;
  if (this.denominator != MNS_NONE)
    value->denominator_decimals = this.denominator_decimals;
  value->flag = this.flag ? this.flag : unfinished ? MNS_FLAG_UNFINISHED : 0;
  if (this.has)
    value->value = statistics_ratio_round (this.exact, indicator->decimals);
  if (this.has && indicator->annualised && !unfinished)
    value->annualised = statistics_ratio_round (
        statistics_ratio_times (this.exact, statistics_period_days_of_year (period), statistics_period_days (period)),
        indicator->decimals);
  if (counted_yet (now, before)) {
    earlier = make_side (indicator, rules, before);
    value->before_numerator = earlier.numerator;
  }
  value->before_flag = earlier.flag;
  if (earlier.has)
    value->before = statistics_ratio_round (earlier.exact, indicator->decimals);
  set_change (indicator, &this, &earlier, value);
}
