/* An alarm: what is wrong now, as every status tells it. */
#ifndef MNS_RECORDS_ALARM_H
#define MNS_RECORDS_ALARM_H

#include "common/record.h"

#define MNS_ALARMS_MAX 32

/* clang-format off */
#define MNS_ALARM_FIELDS(F, T)                                                                                        \
  F (T, TEXT, code,           48,  MNS_REQUIRED, "What kind of thing is wrong, one word", "告警代码")                     \
  F (T, TEXT, text,           400, MNS_REQUIRED, "What is wrong and what to do", "告警说明")                             \
  F (T, TIME, since,          0,   0, "Since when", "起始时间")
/* clang-format on */
MNS_RECORD_DECLARE (alarm, MNS_ALARM_FIELDS)

#endif
