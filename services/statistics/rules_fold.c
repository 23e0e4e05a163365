/* The fold: one event in, a few contributions out. */
#include "services/statistics/rules_fold.h"

#include "common/text.h"

#include "services/statistics/rules_period.h"

#include <stdio.h>

enum { DELAY_MONTH = 1, DELAY_YEAR, DELAY_OVER };
#define ORDER_TOP     3 /* "third and over" */
#define PLURALITY_TOP 4 /* "more" */
#define EARLIEST      18500102
#define LATEST        22001231

static const char *const delay_words[] = {"", "30", "365", "over"};
static const char *const delivery_words[] = {"", "single", "twins", "triplets", "more"};

static void add (statistics_fold_t *fold, statistics_measure_t measure, unsigned kind, unsigned part, int64_t value,
                 mns_place_t place, mns_place_t except) {
  fold->items[fold->count++] =
      (statistics_contribution_t){measure, (uint8_t)kind, (uint8_t)part, (int8_t)value, place, except};
}

static unsigned delay_class (const mns_restatement_t *event) {
  int32_t days = mns_date_days_between (event->occurred, event->registered);
  return days <= 30 ? DELAY_MONTH : days <= 365 ? DELAY_YEAR : DELAY_OVER;
}

/* ---- the measures of each kind of event; `value` is the sign ----------------------------------------------------- */
static mns_rc_t fold_baseline (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  (void)error;
  add (fold, STATISTICS_BASELINE, event->sex, 0, event->sign, event->place, 0);
  return MNS_OK;
}

static mns_rc_t fold_birth (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  if (event->mother < MNS_MOTHER_REGISTERED || event->mother > MNS_FOUNDLING)
    return mns_fail (error, MNS_INVALID, "mother", "a birth needs a known kind of mother");
  if (event->plurality < 1 || event->rank < 1 || event->rank > event->plurality)
    return mns_fail (error, MNS_INVALID, "rank", "child %lld of %lld cannot be", (long long)event->rank,
                     (long long)event->plurality);
  int64_t order = event->birth_order == MNS_NONE ? 0 : event->birth_order;
  if (order < 0)
    return mns_fail (error, MNS_INVALID, "birth_order", "birth order %lld cannot be", (long long)order);
  unsigned top = order > ORDER_TOP ? ORDER_TOP : (unsigned)order;
  add (fold, STATISTICS_BIRTHS, event->sex, top, event->sign, event->place, 0);
  add (fold, STATISTICS_BIRTHS_DELAY, delay_class (event), 0, event->sign, event->place, 0);
  add (fold, STATISTICS_BIRTHS_MOTHER, event->mother, 0, event->sign, event->place, 0);
  unsigned children = event->plurality > PLURALITY_TOP ? PLURALITY_TOP : (unsigned)event->plurality;
  if (event->rank == 1)
    add (fold, STATISTICS_DELIVERIES, children, 0, event->sign, event->place, 0);
  return MNS_OK;
}

static mns_rc_t fold_death (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  int age = mns_date_age (event->birth, event->occurred);
  if (age < 0)
    return mns_fail (error, MNS_DATE_ORDER, "occurred", "a death on %d before the birth on %d", event->occurred,
                     event->birth);
  add (fold, STATISTICS_DEATHS, event->sex, 0, event->sign, event->place, 0);
  add (fold, STATISTICS_DEATHS_DELAY, delay_class (event), 0, event->sign, event->place, 0);
  if (age < 1)
    add (fold, STATISTICS_INFANT_DEATHS, 0, 0, event->sign, event->place, 0);
  return MNS_OK;
}

static mns_rc_t fold_move_in (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  (void)error;
  add (fold, STATISTICS_MOVES_IN, event->sex, 0, event->sign, event->place, 0);
  return MNS_OK;
}

static mns_rc_t fold_move_out (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  (void)error;
  add (fold, STATISTICS_MOVES_OUT, event->sex, 0, event->sign, event->place, 0);
  return MNS_OK;
}

static mns_rc_t fold_move_within (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  if (!event->other_place)
    return mns_fail (error, MNS_MISSING, "other_place", "a move within the county needs the place before");
  add (fold, STATISTICS_MOVES_IN, event->sex, 0, event->sign, event->place, event->other_place);
  add (fold, STATISTICS_MOVES_OUT, event->sex, 0, event->sign, event->other_place, event->place);
  return MNS_OK;
}

/* The land of a household lies in another village from that day on. */
static bool is_transfer (const mns_restatement_t *event) {
  return event->event_kind == MNS_ADJUSTMENT && event->adjustment == MNS_BOUNDARY && event->delta == 0;
}

static mns_rc_t fold_transfer (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  if (!event->other_place)
    return mns_fail (error, MNS_MISSING, "other_place", "a boundary transfer needs the place before");
  add (fold, STATISTICS_ADJUSTMENTS, MNS_BOUNDARY, event->sex, event->sign, event->place, event->other_place);
  add (fold, STATISTICS_ADJUSTMENTS, MNS_BOUNDARY, event->sex, -event->sign, event->other_place, event->place);
  return MNS_OK;
}

static mns_rc_t fold_adjustment (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  if (is_transfer (event))
    return fold_transfer (event, fold, error);
  if (event->adjustment < MNS_OMITTED || event->adjustment > MNS_ADJUSTMENT_OTHER)
    return mns_fail (error, MNS_INVALID, "adjustment", "an adjustment needs a known cause");
  if (event->delta != 1 && event->delta != -1)
    return mns_fail (error, MNS_INVALID, "delta", "an adjustment adds or takes one person");
  add (fold, STATISTICS_ADJUSTMENTS, event->adjustment, event->sex, event->sign * event->delta, event->place, 0);
  return MNS_OK;
}

/* A couple is one marriage or divorce, where the one whose event it is counts. */
static mns_rc_t fold_marriage (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  (void)error;
  add (fold, STATISTICS_MARRIAGES, 0, 0, event->sign, event->place, 0);
  return MNS_OK;
}

static mns_rc_t fold_divorce (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  (void)error;
  add (fold, STATISTICS_DIVORCES, 0, 0, event->sign, event->place, 0);
  return MNS_OK;
}

static mns_rc_t fold_nothing (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error) {
  (void)event, (void)fold, (void)error;
  return MNS_OK;
}

/* `stock` is what the event does to the number of persons there. */
static const struct {
  mns_rc_t (*fold) (const mns_restatement_t *event, statistics_fold_t *fold, mns_error_t *error);
  int stock;
} kinds[] = {
    [MNS_BASELINE] = {fold_baseline, 1},      [MNS_BIRTH] = {fold_birth, 1},
    [MNS_DEATH] = {fold_death, -1},           [MNS_MOVE_IN] = {fold_move_in, 1},
    [MNS_MOVE_OUT] = {fold_move_out, -1},     [MNS_MOVE_WITHIN] = {fold_move_within, 0},
    [MNS_ADJUSTMENT] = {fold_adjustment, 0},  [MNS_MARRIAGE] = {fold_marriage, 0},
    [MNS_DIVORCE] = {fold_divorce, 0},        [MNS_ADOPTION] = {fold_nothing, 0},
    [MNS_ADOPTION_END] = {fold_nothing, 0},   [MNS_HOUSEHOLD_SPLIT] = {fold_nothing, 0},
    [MNS_HOUSEHOLD_JOIN] = {fold_nothing, 0}, [MNS_HEAD_CHANGE] = {fold_nothing, 0},
};

/* Persons registered at one end and living at the other: `place` is the end at which they are counted. */
static void fold_apart (const mns_restatement_t *event, statistics_measure_t measure, mns_place_t place,
                        statistics_fold_t *fold) {
  int64_t stock = event->event_kind == MNS_ADJUSTMENT ? event->delta : kinds[event->event_kind].stock;
  add (fold, measure, event->sex, 0, event->sign * stock, place, 0);
}

/* Who lives elsewhere is so from the new place on. */
static void fold_apart_within (const mns_restatement_t *event, statistics_fold_t *fold) {
  add (fold, STATISTICS_AWAY, event->sex, 0, event->sign, event->place, event->other_place);
  add (fold, STATISTICS_AWAY, event->sex, 0, -event->sign, event->other_place, event->place);
}

static void fold_incomer_transfer (const mns_restatement_t *event, statistics_fold_t *fold) {
  add (fold, STATISTICS_INCOMERS, event->sex, 0, event->sign, event->residence, event->other_place);
  add (fold, STATISTICS_INCOMERS, event->sex, 0, -event->sign, event->other_place, event->residence);
}

static mns_rc_t check (const mns_restatement_t *event, mns_error_t *error) {
  if (event->event_kind < MNS_BASELINE || event->event_kind > MNS_HEAD_CHANGE)
    return mns_fail (error, MNS_INVALID, "event_kind", "unknown kind of event");
  if (event->sex < MNS_MALE || event->sex > MNS_SEX_UNSTATED)
    return mns_fail (error, MNS_INVALID, "sex", "unknown sex");
  if (event->sign != 1 && event->sign != -1)
    return mns_fail (error, MNS_INVALID, "sign", "a sign is +1 or -1");
  if (event->place <= 0)
    return mns_fail (error, MNS_MISSING, "place", "an event counts somewhere");
  if (!mns_date_valid (event->occurred) || !mns_date_valid (event->registered) || !mns_date_valid (event->birth))
    return mns_fail (error, MNS_INVALID, "occurred", "an event needs its dates");
  if (event->occurred < EARLIEST || event->registered > LATEST)
    return mns_fail (error, MNS_OUT_OF_RANGE, "occurred", "events lie between the years 1850 and 2200");
  if (event->registered < event->occurred)
    return mns_fail (error, MNS_DATE_ORDER, "registered", "registered on %d, before it happened on %d",
                     event->registered, event->occurred);
  return MNS_OK;
}

static int days_left (mns_date_t day) {
  return mns_date_last_of_month (day / 100) % 100 - day % 100;
}

/* A baseline effective on a day is in the opening stock of that day: it belongs to the month of the day before. */
static void set_months (int month[2], bool day_before, mns_date_t registered, mns_date_t occurred) {
  int32_t days = day_before ? -1 : 0;
  month[MNS_BY_REGISTRATION - 1] = statistics_month_index (mns_date_add_days (registered, days));
  month[MNS_BY_OCCURRENCE - 1] = statistics_month_index (mns_date_add_days (occurred, days));
}

mns_rc_t statistics_fold_life (const mns_restatement_t *event, mns_place_t county, statistics_fold_t *fold,
                               mns_error_t *error) {
  mns_rc_t rc = check (event, error);
  if (rc)
    return rc;
  bool day_before = event->event_kind == MNS_BASELINE;
  fold->count = 0;
  set_months (fold->month, day_before, event->registered, event->occurred);
  fold->days_left[MNS_BY_REGISTRATION - 1] = days_left (mns_date_add_days (event->registered, -day_before));
  fold->days_left[MNS_BY_OCCURRENCE - 1] = days_left (mns_date_add_days (event->occurred, -day_before));
  bool registered_here = mns_place_covers (county, event->place);
  bool lives_here = event->residence && mns_place_covers (county, event->residence);
  bool apart =
      event->residence && mns_place_at (event->residence, MNS_COUNTY) != mns_place_at (event->place, MNS_COUNTY);
  bool within = event->event_kind == MNS_MOVE_WITHIN || (is_transfer (event) && registered_here);
  if (!registered_here && (!lives_here || within))
    return mns_fail (error, MNS_INVALID, "place", "event %llu is of a person neither registered nor living here",
                     (unsigned long long)event->event);
  if (registered_here && (rc = kinds[event->event_kind].fold (event, fold, error)) != MNS_OK)
    return rc;
  if (event->event_kind > MNS_ADJUSTMENT)
    return MNS_OK;
  if (within && apart)
    fold_apart_within (event, fold);
  else if (registered_here && apart)
    fold_apart (event, STATISTICS_AWAY, event->place, fold);
  if (lives_here && apart && is_transfer (event) && !registered_here)
    fold_incomer_transfer (event, fold);
  else if (lives_here && apart && !within)
    fold_apart (event, STATISTICS_INCOMERS, event->residence, fold);
  return MNS_OK;
}

static int age_at (mns_date_t birth, mns_date_t day) {
  int age = mns_date_age (birth, day);
  return age < 0 ? 0 : age > STATISTICS_AGE_TOP ? STATISTICS_AGE_TOP : age;
}

int statistics_fold_ages (const mns_restatement_t *event, const statistics_contribution_t *item,
                          statistics_age_count_t counts[STATISTICS_AGES_MAX]) {
  int count = 0, birth = statistics_birth_month (event->birth);
  int sign = statistics_measure_sign (item->measure);
  bool apart = item->measure == STATISTICS_AWAY || item->measure == STATISTICS_INCOMERS;
  if (sign)
    counts[count++] =
        (statistics_age_count_t){statistics_age_key (STATISTICS_PEOPLE, event->sex, birth), sign * item->value};
  if (apart)
    counts[count++] = (statistics_age_count_t){statistics_age_key (STATISTICS_APART, event->sex, birth),
                                               item->measure == STATISTICS_AWAY ? -item->value : item->value};
  if (item->measure == STATISTICS_DEATHS)
    counts[count++] = (statistics_age_count_t){
        statistics_age_key (STATISTICS_DEATHS_AGE, event->sex, age_at (event->birth, event->occurred)), item->value};
  if (item->measure == STATISTICS_BIRTHS)
    counts[count++] = (statistics_age_count_t){
        statistics_age_key (STATISTICS_BIRTHS_AGE, item->part,
                            event->mother_birth ? age_at (event->mother_birth, event->occurred) : 0),
        item->value};
  return count;
}

mns_rc_t statistics_fold_entitlement (const mns_entitlement_change_t *change, int month[2], statistics_series_t *series,
                                      mns_error_t *error) {
  static const statistics_measure_t measures[] = {[MNS_ENTITLEMENT_OPENING] = STATISTICS_ENTITLEMENTS_OPENING,
                                                  [MNS_ENTITLEMENT_STARTED] = STATISTICS_ENTITLEMENTS_STARTED,
                                                  [MNS_ENTITLEMENT_ENDED] = STATISTICS_ENTITLEMENTS_ENDED};
  bool ended = change->happening == MNS_ENTITLEMENT_ENDED;
  if (change->happening < MNS_ENTITLEMENT_OPENING || change->happening > MNS_ENTITLEMENT_ENDED)
    return mns_fail (error, MNS_INVALID, "happening", "unknown change of an entitlement");
  if (ended && (change->reason < MNS_EXIT_DEATH || change->reason > MNS_EXIT_OTHER))
    return mns_fail (error, MNS_INVALID, "reason", "an entitlement ends for a known reason");
  if (change->place <= 0 || !mns_date_valid (change->occurred) || !mns_date_valid (change->registered))
    return mns_fail (error, MNS_INVALID, "occurred", "a change of an entitlement needs its place and dates");
  if (change->occurred < EARLIEST || change->registered < EARLIEST || change->occurred > LATEST ||
      change->registered > LATEST)
    return mns_fail (error, MNS_OUT_OF_RANGE, "occurred", "changes lie between the years 1850 and 2200");
  set_months (month, change->happening == MNS_ENTITLEMENT_OPENING, change->registered, change->occurred);
  series->measure = measures[change->happening];
  int size = snprintf (series->dimension, sizeof series->dimension, "%s.%s%s%s", change->scheme, change->tier,
                       ended ? "." : "", ended ? mns_code_word (&mns_exit_reason, change->reason) : "");
  if (size < 0 || (size_t)size >= sizeof series->dimension)
    return mns_fail (error, MNS_TOO_LONG, "scheme", "scheme, tier and reason are longer than %d bytes",
                     MNS_DIMENSION_MAX);
  return MNS_OK;
}

mns_rc_t statistics_fold_funded (const mns_funded_t *funded, int month[2], statistics_series_t *series,
                                 mns_error_t *error) {
  if (funded->place <= 0 || !mns_date_valid (funded->occurred) || !mns_date_valid (funded->registered))
    return mns_fail (error, MNS_INVALID, "occurred", "money paid in needs its place and dates");
  if (funded->occurred < EARLIEST || funded->registered < EARLIEST || funded->occurred > LATEST ||
      funded->registered > LATEST)
    return mns_fail (error, MNS_OUT_OF_RANGE, "occurred", "money is paid in between the years 1850 and 2200");
  set_months (month, false, funded->registered, funded->occurred);
  series->measure = STATISTICS_FUNDS;
  mns_text_copy (series->dimension, sizeof series->dimension, funded->source);
  return MNS_OK;
}

static mns_rc_t fold_payment (mns_place_t place, mns_date_t day, const char *dimension, statistics_payment_t *payment,
                              mns_error_t *error) {
  if (place <= 0 || !mns_date_valid (day))
    return mns_fail (error, MNS_INVALID, "registered", "a payment needs its place and day");
  if (day < EARLIEST || day > LATEST)
    return mns_fail (error, MNS_OUT_OF_RANGE, "registered", "payments lie between the years 1850 and 2200");
  payment->place = place;
  set_months (payment->month, false, day, day);
  for (int i = 0; i < 2; i++)
    mns_text_copy (payment->series[i].dimension, sizeof payment->series[i].dimension, dimension);
  return MNS_OK;
}

mns_rc_t statistics_fold_posted (const mns_batch_posted_t *posted, mns_place_t place, statistics_payment_t *payment,
                                 mns_error_t *error) {
  payment->series[0].measure = STATISTICS_PAYMENTS;
  payment->values[0] = posted->lines;
  payment->series[1].measure = STATISTICS_PAID;
  payment->values[1] = posted->total_fen;
  return fold_payment (place, posted->registered, posted->scheme, payment, error);
}

mns_rc_t statistics_fold_recovery (const mns_recovery_t *recovery, statistics_payment_t *payment, mns_error_t *error) {
  payment->series[0].measure = STATISTICS_RECOVERIES;
  payment->values[0] = 1;
  payment->series[1].measure = STATISTICS_OVERPAID;
  payment->values[1] = recovery->amount_fen;
  return fold_payment (recovery->place, recovery->registered, "", payment, error);
}

void statistics_dimension_format (statistics_measure_t measure, unsigned kind, unsigned part,
                                  char text[MNS_DIMENSION_MAX + 1]) {
  const char *sex = mns_code_word (&mns_sex, (mns_code_t)kind);
  size_t size = MNS_DIMENSION_MAX + 1;
  switch (measure) {
  case STATISTICS_BIRTHS:
    snprintf (text, size, "%s.%u", sex, part);
    break;
  case STATISTICS_ADJUSTMENTS:
    snprintf (text, size, "%s.%s", mns_code_word (&mns_adjustment, (mns_code_t)kind),
              mns_code_word (&mns_sex, (mns_code_t)part));
    break;
  case STATISTICS_BIRTHS_DELAY:
  case STATISTICS_DEATHS_DELAY:
    snprintf (text, size, "%s", delay_words[kind]);
    break;
  case STATISTICS_DELIVERIES:
    snprintf (text, size, "%s", delivery_words[kind]);
    break;
  case STATISTICS_BIRTHS_MOTHER:
    snprintf (text, size, "%s", mns_code_word (&mns_mother, (mns_code_t)kind));
    break;
  case STATISTICS_INFANT_DEATHS:
  case STATISTICS_MARRIAGES:
  case STATISTICS_DIVORCES:
    text[0] = 0;
    break;
  default:
    snprintf (text, size, "%s", sex);
  }
}
