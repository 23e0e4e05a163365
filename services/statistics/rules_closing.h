/* The calendar: months are closed one after the other, and opened again from the last one back. Pure. A month is year ×
 * 12 + month − 1; `closed` is the first month that is open, 0 while none was ever closed. */
#ifndef MNS_STATISTICS_RULES_CLOSING_H
#define MNS_STATISTICS_RULES_CLOSING_H

#include "common/records/release_records.h"
#include "services/statistics/rules_period.h"

/* May this month be closed (opened again), as things stand? MNS_CONFLICT says why not. */
mns_rc_t statistics_closing_check (int closed, int month, mns_date_t today, mns_error_t *error);
mns_rc_t statistics_reopening_check (int closed, int month, const char *reason, mns_error_t *error);
/* The month that is to be closed today by itself, 0: none. The first closing is somebody's decision; from then on each
 * month follows on `day` of the month behind it; 0: never. */
int statistics_closing_due (int closed, mns_date_t today, int64_t day);
/* May what ended up to this month be released? `released`: the first month not released yet, 0 none was. */
mns_rc_t statistics_release_check (int closed, int released, int month, mns_error_t *error);
/* The month that is to be released today by itself, 0: none. */
int statistics_release_due (int closed, int released, mns_date_t today, int64_t day);
/* Of a figure of the period that ends before month `end`: final when the month a year behind it is closed. */
mns_code_t statistics_figure_status (int closed, int end);

#endif
