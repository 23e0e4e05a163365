/* The record of an alarm. */
#include "common/records/alarm.h"

/* clang-format off */
MNS_RECORD_DEFINE (alarm, 1, MNS_ALARM_FIELDS, "An alarm: what is wrong now", "告警")
/* clang-format on */
