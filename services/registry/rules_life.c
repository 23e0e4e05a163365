/* The rules of a life in the register: transitions and the order of dates. */
#include "services/registry/rules_life.h"

#define OLDEST_BIRTH 18500102

enum { ADDS = 1, REMOVES };

static const mns_code_row_t guard_rows[] = {
    {"adds", "", "the adjustment adds a person", "补录"},
    {"removes", "", "the adjustment removes a person", "注销"},
};
static const mns_code_table_t guards = {.name = "life_guard", .rows = guard_rows, .count = 2};

static const mns_transition_t transitions[] = {
    {REGISTRY_NOBODY, MNS_BASELINE, MNS_PRESENT, 0},
    {REGISTRY_NOBODY, MNS_BIRTH, MNS_PRESENT, 0},
    {REGISTRY_NOBODY, MNS_MOVE_IN, MNS_PRESENT, 0},
    {REGISTRY_NOBODY, MNS_ADJUSTMENT, MNS_PRESENT, ADDS},
    {MNS_PRESENT, MNS_DEATH, MNS_DEAD, 0},
    {MNS_PRESENT, MNS_MOVE_OUT, MNS_MOVED_OUT, 0},
    {MNS_PRESENT, MNS_MOVE_WITHIN, MNS_PRESENT, 0},
    {MNS_PRESENT, MNS_ADJUSTMENT, MNS_REMOVED, REMOVES},
    {MNS_PRESENT, MNS_MARRIAGE, MNS_PRESENT, 0},
    {MNS_PRESENT, MNS_DIVORCE, MNS_PRESENT, 0},
    {MNS_PRESENT, MNS_ADOPTION, MNS_PRESENT, 0},
    {MNS_PRESENT, MNS_ADOPTION_END, MNS_PRESENT, 0},
    {MNS_PRESENT, MNS_HOUSEHOLD_SPLIT, MNS_PRESENT, 0},
    {MNS_PRESENT, MNS_HOUSEHOLD_JOIN, MNS_PRESENT, 0},
    {MNS_PRESENT, MNS_HEAD_CHANGE, MNS_PRESENT, 0},
    {MNS_MOVED_OUT, MNS_MOVE_IN, MNS_PRESENT, 0},
    {MNS_DEAD, MNS_ADJUSTMENT, MNS_PRESENT, ADDS},
    {MNS_REMOVED, MNS_ADJUSTMENT, MNS_PRESENT, ADDS},
};

const mns_machine_t registry_life_machine = {
    .name = "life",
    .states = &mns_person_status,
    .events = &mns_life_event,
    .guards = &guards,
    .rows = transitions,
    .count = sizeof transitions / sizeof transitions[0],
};

int registry_adjustment_delta (mns_code_t adjustment) {
  return adjustment == MNS_OMITTED ? 1 : adjustment == MNS_DUPLICATE || adjustment == MNS_ANNULMENT ? -1 : 0;
}

static bool guard_holds (mns_code_t guard, const void *facts) {
  int delta = registry_adjustment_delta (*(const mns_code_t *)facts);
  return guard == ADDS ? delta > 0 : delta < 0;
}

bool registry_may_come_late (mns_code_t kind) {
  return kind == MNS_MOVE_WITHIN || kind >= MNS_MARRIAGE;
}

mns_rc_t registry_life_next (mns_code_t state, mns_code_t kind, mns_code_t adjustment, mns_code_t *next,
                             mns_error_t *error) {
  return mns_machine_next (&registry_life_machine, state, kind, guard_holds, &adjustment, next, error);
}

/* ---- dates ------------------------------------------------------------------------------------------------------- */

static mns_rc_t not_after_today (const char *field, mns_date_t date, mns_date_t today, mns_error_t *error) {
  char given[MNS_DATE_TEXT], now[MNS_DATE_TEXT];
  if (date <= today)
    return MNS_OK;
  mns_date_format (date, given);
  mns_date_format (today, now);
  return mns_fail (error, MNS_OUT_OF_RANGE, field, "%s lies after today, %s", given, now);
}

static mns_rc_t in_order (const char *field, mns_date_t earlier, const char *earlier_name, mns_date_t later,
                          const char *later_name, mns_error_t *error) {
  char first[MNS_DATE_TEXT], second[MNS_DATE_TEXT];
  if (earlier <= later)
    return MNS_OK;
  mns_date_format (earlier, first);
  mns_date_format (later, second);
  return mns_fail (error, MNS_DATE_ORDER, field, "%s on %s is before %s on %s", later_name, second, earlier_name,
                   first);
}

static mns_rc_t not_too_old (mns_date_t birth, mns_error_t *error) {
  char given[MNS_DATE_TEXT];
  if (!birth || birth >= OLDEST_BIRTH)
    return MNS_OK;
  mns_date_format (birth, given);
  return mns_fail (error, MNS_OUT_OF_RANGE, "birth", "nobody born on %s can be in the register", given);
}

mns_rc_t registry_dates_check (const registry_dates_t *dates, mns_error_t *error) {
  const char *what = mns_life_event.rows[dates->kind - 1].en;
  mns_rc_t rc = not_after_today ("occurred", dates->occurred, dates->today, error);
  if (rc == MNS_OK)
    rc = not_after_today ("registered", dates->registered, dates->today, error);
  if (rc == MNS_OK)
    rc = in_order ("registered", dates->occurred, what, dates->registered, "the registration", error);
  if (rc == MNS_OK)
    rc = not_too_old (dates->birth, error);
  if (rc == MNS_OK)
    rc = in_order ("occurred", dates->birth, "the birth", dates->occurred, what, error);
  if (rc == MNS_OK)
    rc = in_order ("occurred", dates->since, "the last event of this person", dates->occurred, what, error);
  return rc;
}

mns_rc_t registry_baseline_dates_check (mns_date_t birth, mns_date_t effective, mns_date_t today, mns_error_t *error) {
  mns_rc_t rc = not_after_today ("effective", effective, today, error);
  if (rc == MNS_OK)
    rc = not_too_old (birth, error);
  if (rc == MNS_OK)
    rc = in_order ("birth", birth, "the birth", effective, "the day from which the person counts", error);
  return rc;
}
