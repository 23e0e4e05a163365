/* Civil dates and instants.
 *
 * A date is the integer yyyymmdd: 20260701. It compares and sorts as it should, its month is date/100,
 * and it is the same number in memory, in SQL and in a debugger. 0 is "absent". Gregorian, years 1 to 9999.
 * An instant is microseconds since 1970-01-01T00:00:00Z; 0 is "absent". */
#ifndef MNS_COMMON_DATE_H
#define MNS_COMMON_DATE_H

#include <stdbool.h>
#include <stdint.h>

typedef int32_t mns_date_t;  /* yyyymmdd, 0 absent */
typedef int64_t mns_time_t;  /* µs since the epoch, UTC, 0 absent */
typedef int32_t mns_month_t; /* yyyymm, 0 absent */

bool mns_date_valid (mns_date_t date);
mns_date_t mns_date_make (int year, int month, int day); /* 0 when there is no such day */

/* Days since 0001-01-01, which is day 1; 0 for a date that is not valid. The way back and all
 * arithmetic give 0 when the result is outside the years 1 to 9999 or the argument is not valid. */
int32_t mns_date_day_number (mns_date_t date);
mns_date_t mns_date_from_day_number (int32_t day_number);
mns_date_t mns_date_add_days (mns_date_t date, int32_t days);
int32_t mns_date_days_between (mns_date_t from, mns_date_t to); /* to − from */
mns_date_t mns_date_last_of_month (mns_month_t month);
mns_month_t mns_month_add (mns_month_t month, int months);

/* Full years at `day` of someone born on `birth`: grows on the birthday; 29 February counts as the last day
 * of February in other years. Both valid, day ≥ birth; negative otherwise. */
int mns_date_age (mns_date_t birth, mns_date_t day);

/* The latest birth of somebody who is `years` old on `day`; 0 before the year 1. */
mns_date_t mns_date_born (mns_date_t day, int years);

/* "2026-07-01" exactly (strict) into a date; false for anything else. */
bool mns_date_parse (const char *text, mns_date_t *date);
/* Also 20260701, 2026/7/1, 2026.7.1, 2026年7月1日: what people type. */
bool mns_date_parse_loose (const char *text, mns_date_t *date);
#define MNS_DATE_TEXT 11
void mns_date_format (mns_date_t date, char text[MNS_DATE_TEXT]); /* "" for 0 */

/* RFC 3339 UTC with microseconds, "2026-07-01T00:00:00.000000Z"; parse takes any offset and fraction
 * (digits behind the sixth are dropped). "" for 0 and outside the years 1 to 9999. */
#define MNS_TIME_TEXT 28
void mns_time_format (mns_time_t time, char text[MNS_TIME_TEXT]);
bool mns_time_parse (const char *text, mns_time_t *time);

/* The civil date of an instant in the county's time zone. The zone is a fixed offset in seconds east of UTC
 * (configuration key `utc_offset`, default +08:00: China has had one offset without summer time since 1992). */
mns_date_t mns_time_date (mns_time_t time, int32_t offset_s);
mns_time_t mns_date_start (mns_date_t date, int32_t offset_s); /* the instant at which the day begins */

#endif
