/* What is asked of the entries of the register. */
#include "services/registry/rules_quality.h"

#include "services/registry/rules_birth.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

typedef struct {
  const registry_quality_t *quality;
  registry_breach_t *breaches;
  size_t count;
} report_t;

static bool asked (const report_t *report, mns_code_t rule) {
  return report->quality->rules[rule].asked;
}

static void breach (report_t *report, mns_code_t rule, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
static void breach (report_t *report, mns_code_t rule, const char *format, ...) {
  va_list args;
  if (!asked (report, rule))
    return;
  registry_breach_t *it = &report->breaches[report->count++];
  it->rule = rule;
  va_start (args, format);
  vsnprintf (it->detail, sizeof it->detail, format, args);
  va_end (args);
}

/* ---- dates ------------------------------------------------------------------------------------------------------- */

static const char *word (mns_code_t kind) {
  return mns_code_word (&mns_life_event, kind);
}

/* What keeps an event from its place among the others, or NULL. */
static const char *misplaced (const registry_person_facts_t *facts, size_t i, mns_date_t death) {
  const registry_happening_t *event = &facts->history[i];
  if (event->occurred < facts->birth)
    return "before the birth";
  if (event->registered < event->occurred)
    return "registered before it happened";
  if (event->occurred > facts->today)
    return "after today";
  if (death && event->occurred > death)
    return "after the death";
  return NULL;
}

/* A death stands until an adjustment undoes it. */
static void check_dates (report_t *report, const registry_person_facts_t *facts) {
  mns_date_t death = 0;
  char date[MNS_DATE_TEXT];
  for (size_t i = 0; i < facts->count; i++) {
    const registry_happening_t *event = &facts->history[i];
    if (event->kind == MNS_ADJUSTMENT)
      death = 0;
    const char *why = misplaced (facts, i, death);
    if (why) {
      mns_date_format (event->occurred, date);
      breach (report, MNS_RULE_DATE_ORDER, "%s on %s: %s", word (event->kind), date, why);
      return;
    }
    if (event->kind == MNS_DEATH)
      death = event->occurred;
  }
}

/* ---- balance ----------------------------------------------------------------------------------------------------- */

/* One person more or less in a place. */
typedef struct {
  mns_month_t month;
  mns_place_t place;
  int64_t delta;
} step_t;

static int64_t delta_of (const registry_happening_t *event) {
  switch (event->kind) {
  case MNS_BASELINE:
  case MNS_BIRTH:
  case MNS_MOVE_IN:
  case MNS_MOVE_WITHIN:
    return 1;
  case MNS_DEATH:
  case MNS_MOVE_OUT:
    return -1;
  case MNS_ADJUSTMENT:
    return event->delta;
  default:
    return 0;
  }
}

/* A baseline effective on a day is in the opening stock of that day. */
static mns_month_t month_of (const registry_happening_t *event, mns_code_t basis) {
  mns_date_t date = basis == MNS_BY_REGISTRATION ? event->registered : event->occurred;
  return (event->kind == MNS_BASELINE ? mns_date_add_days (date, -1) : date) / 100;
}

/* What happened before the register began is in its opening stock: a death of then that comes late ends it there. */
static mns_month_t beginning (const registry_person_facts_t *facts, mns_code_t basis) {
  bool baseline = facts->count > 0 && facts->history[0].kind == MNS_BASELINE;
  return baseline ? month_of (&facts->history[0], basis) : 0;
}

static size_t steps_of (const registry_person_facts_t *facts, mns_code_t basis,
                        step_t steps[2 * REGISTRY_HISTORY_MAX]) {
  mns_month_t first = beginning (facts, basis);
  size_t count = 0;
  for (size_t i = 0; i < facts->count; i++) {
    const registry_happening_t *event = &facts->history[i];
    mns_month_t month = month_of (event, basis);
    if (month < first)
      month = first;
    steps[count++] = (step_t){month, event->place, delta_of (event)};
    if (event->kind == MNS_MOVE_WITHIN)
      steps[count++] = (step_t){month, event->other_place, -1};
  }
  return count;
}

/* How often the person stands in a place at the end of a month; in all places for 0. */
static int64_t stock (const step_t *steps, size_t count, mns_month_t month, mns_place_t place) {
  int64_t sum = 0;
  for (size_t i = 0; i < count; i++)
    if (steps[i].month <= month && (!place || steps[i].place == place))
      sum += steps[i].delta;
  return sum;
}

static const step_t *unbalanced (const step_t *steps, size_t count) {
  for (size_t i = 0; i < count; i++) {
    int64_t here = stock (steps, count, steps[i].month, steps[i].place);
    int64_t everywhere = stock (steps, count, steps[i].month, 0);
    if (here < 0 || here > 1 || everywhere < 0 || everywhere > 1)
      return &steps[i];
  }
  return NULL;
}

static void check_basis (report_t *report, const registry_person_facts_t *facts, mns_code_t basis) {
  step_t steps[2 * REGISTRY_HISTORY_MAX];
  size_t count = steps_of (facts, basis, steps);
  const step_t *wrong = unbalanced (steps, count);
  char place[MNS_PLACE_TEXT];
  if (!wrong)
    return;
  mns_place_format (wrong->place, place);
  breach (report, MNS_RULE_BALANCE, "by %s, in %s at the end of %04d-%02d the person counts %" PRId64 " times",
          mns_code_word (&mns_basis, basis), place, wrong->month / 100, wrong->month % 100,
          stock (steps, count, wrong->month, wrong->place));
}

/* What the events leave is where the entry says the person is. */
static void check_end (report_t *report, const registry_person_facts_t *facts) {
  step_t steps[2 * REGISTRY_HISTORY_MAX];
  size_t count = steps_of (facts, MNS_BY_OCCURRENCE, steps);
  char place[MNS_PLACE_TEXT];
  int64_t here = stock (steps, count, 999912, facts->place);
  if (here == (facts->status == MNS_PRESENT))
    return;
  mns_place_format (facts->place, place);
  breach (report, MNS_RULE_BALANCE, "the events leave %" PRId64 " in %s, the entry is %s", here, place,
          mns_code_word (&mns_person_status, facts->status));
}

static void check_balance (report_t *report, const registry_person_facts_t *facts) {
  size_t before = report->count;
  check_basis (report, facts, MNS_BY_OCCURRENCE);
  if (report->count == before)
    check_basis (report, facts, MNS_BY_REGISTRATION);
  if (report->count == before)
    check_end (report, facts);
}

/* ---- mother ------------------------------------------------------------------------------------------------------ */

static bool is_outside (const registry_rule_t *rule, int years) {
  return (rule->from != MNS_NONE && years < rule->from) || (rule->to != MNS_NONE && years > rule->to);
}

static void check_mother (report_t *report, const registry_person_facts_t *facts) {
  if (facts->mother && !facts->mother_there)
    breach (report, MNS_RULE_MOTHER_MISSING, "the mother, person %" PRIu64 ", is not in the register", facts->mother);
  else if (!facts->mother && facts->mother_expected)
    breach (report, MNS_RULE_MOTHER_MISSING, "the birth says that the mother is in the register, and names nobody");
  if (!facts->mother || !facts->mother_birth)
    return;
  int years = mns_date_age (facts->mother_birth, facts->birth);
  if (is_outside (&report->quality->rules[MNS_RULE_MOTHER_AGE], years))
    breach (report, MNS_RULE_MOTHER_AGE, "the mother, person %" PRIu64 ", was %d years old", facts->mother, years);
}

/* ---- marital status ---------------------------------------------------------------------------------------------- */

static bool is_or_was_married (mns_code_t marital) {
  const char *code = mns_code_word (&mns_marital, marital);
  return code[0] >= '2' && code[0] <= '4';
}

static void check_marital (report_t *report, const registry_person_facts_t *facts) {
  mns_code_t rule = facts->sex == MNS_MALE ? MNS_RULE_MARITAL_AGE_MEN : MNS_RULE_MARITAL_AGE_WOMEN;
  int years = mns_date_age (facts->birth, facts->today);
  bool known = facts->sex == MNS_MALE || facts->sex == MNS_FEMALE;
  if (known && facts->status == MNS_PRESENT && is_or_was_married (facts->marital) &&
      is_outside (&report->quality->rules[rule], years))
    breach (report, rule, "marital status %s at the age of %d", mns_code_word (&mns_marital, facts->marital), years);
}

/* ---- citizen number ---------------------------------------------------------------------------------------------- */

static void check_number (report_t *report, const registry_person_facts_t *facts) {
  const registry_number_t *number = &facts->number;
  if (!*number->text)
    return;
  if (number->kind != REGISTRY_NUMBER_FOREIGNER && !number->birth)
    breach (report, MNS_RULE_NUMBER_BIRTH, "the citizen number holds no possible birth date");
  else if (number->birth && !registry_birth_agrees (facts->birth, facts->precision, number->birth))
    breach (report, MNS_RULE_NUMBER_BIRTH, "the citizen number holds another birth date");
  if (number->sex && facts->sex <= MNS_FEMALE && number->sex != facts->sex)
    breach (report, MNS_RULE_NUMBER_SEX, "the citizen number is one of the other sex");
  if (facts->sharer && facts->status != MNS_REMOVED)
    breach (report, MNS_RULE_NUMBER_SHARED, "person %" PRIu64 " has this citizen number, too", facts->sharer);
}

/* ---- the three kinds of entry ------------------------------------------------------------------------------------ */

size_t registry_person_quality (const registry_quality_t *quality, const registry_person_facts_t *facts,
                                registry_breach_t breaches[MNS_RULE_COUNT]) {
  report_t report = {quality, breaches, 0};
  check_dates (&report, facts);
  check_balance (&report, facts);
  check_mother (&report, facts);
  check_marital (&report, facts);
  check_number (&report, facts);
  return report.count;
}

size_t registry_household_quality (const registry_quality_t *quality, int64_t members, int64_t heads,
                                   registry_breach_t breaches[MNS_RULE_COUNT]) {
  report_t report = {quality, breaches, 0};
  if (members > 1 && heads == 0)
    breach (&report, MNS_RULE_HOUSEHOLD_NO_HEAD, "%" PRId64 " persons, no head", members);
  if (heads > 1)
    breach (&report, MNS_RULE_HOUSEHOLD_TWO_HEADS, "%" PRId64 " persons, %" PRId64 " heads", members, heads);
  return report.count;
}

size_t registry_place_quality (const registry_quality_t *quality, mns_date_t ended, mns_date_t today, int64_t persons,
                               registry_breach_t breaches[MNS_RULE_COUNT]) {
  report_t report = {quality, breaches, 0};
  char date[MNS_DATE_TEXT];
  mns_date_format (ended, date);
  if (ended && ended <= today && persons > 0)
    breach (&report, MNS_RULE_PLACE_ENDED, "ended on %s, with %" PRId64 " persons in it", date, persons);
  return report.count;
}

mns_date_t registry_restricted_until (const registry_rule_t *rule, mns_date_t birth, mns_date_t today) {
  if (rule->restricted)
    return REGISTRY_FOR_EVER;
  if (!birth || mns_date_age (birth, today) >= REGISTRY_MINOR_AGE)
    return 0;
  mns_date_t grown = birth + REGISTRY_MINOR_AGE * 10000;
  return mns_date_valid (grown) ? grown : mns_date_last_of_month (grown / 100);
}
