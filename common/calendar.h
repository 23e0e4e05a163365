/* Working days. Monday to Friday, but for the days of the calendar: public holidays, and weekends that are worked.
 *
 * A calendar covers the years it has days of; in other years Monday to Friday are worked, and who counts is told so.
 * Pure but for the reading. */
#ifndef MNS_COMMON_CALENDAR_H
#define MNS_COMMON_CALENDAR_H

#include "common/records/codes.h"
#include "common/yaml.h"

/* clang-format off */
#define MNS_CALENDAR_DAY_FIELDS(F, T)                                                 \
  F (T, DATE, day,   0,          MNS_REQUIRED, "The day", "日期")                     \
  F (T, CODE, works, mns_yes_no, MNS_REQUIRED, "Whether it is worked", "是否上班")
/* clang-format on */
MNS_RECORD_DECLARE (calendar_day, MNS_CALENDAR_DAY_FIELDS)

typedef struct {
  mns_calendar_day_t *days; /* in their order */
  size_t count;
} mns_calendar_t;

/* Reads the `days` of a file; every mistake is told at its place. */
mns_rc_t mns_calendar_read (mns_calendar_t *calendar, mns_yaml_t *yaml, mns_error_t *error);
void mns_calendar_fini (mns_calendar_t *calendar);

bool mns_calendar_covers (const mns_calendar_t *calendar, mns_date_t day);
bool mns_calendar_works (const mns_calendar_t *calendar, mns_date_t day);

/* The `count`-th working day after `day` (1: the next one; 0: `day` itself, worked or not). *guessed: a year on the way
 * is not covered. */
mns_date_t mns_calendar_add (const mns_calendar_t *calendar, mns_date_t day, int64_t count, bool *guessed);

#endif
