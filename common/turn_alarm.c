/* Alarms of a service: what is wrong now, one line for each kind, in its status until it is over. */
#include "common/clock.h"
#include "common/log.h"
#include "common/text.h"
#include "common/turn.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ALARMS_MAX = sizeof ((mns_service_status_t *)0)->alarms / sizeof (mns_alarm_t) };

static uint16_t find (const mns_service_status_t *status, const char *code) {
  uint16_t at = 0;
  while (at < status->alarms_count && strcmp (status->alarms[at].code, code) != 0)
    at++;
  return at;
}

void mns_turn_alarm_raise (mns_turn_t *turn, const char *code, const char *format, ...) {
  mns_service_status_t *status = &turn->status;
  char quoted[450];
  va_list arguments;
  uint16_t at = find (status, code);
  if (at == ALARMS_MAX)
    return;
  mns_alarm_t *alarm = &status->alarms[at];
  va_start (arguments, format);
  vsnprintf (alarm->text, sizeof alarm->text, format, arguments);
  va_end (arguments);
  if (at < status->alarms_count)
    return;
  status->alarms_count++;
  mns_text_copy (alarm->code, sizeof alarm->code, code);
  alarm->since = mns_clock.wall ();
  mns_log (MNS_LOG_ERROR, turn->service->name, "alarm", "code=%s text=%s", code,
           mns_log_quote (alarm->text, quoted, sizeof quoted));
}

void mns_turn_alarm_clear (mns_turn_t *turn, const char *code) {
  mns_service_status_t *status = &turn->status;
  uint16_t at = find (status, code);
  if (at == status->alarms_count)
    return;
  mns_log (MNS_LOG_INFO, turn->service->name, "alarm.over", "code=%s", code);
  status->alarms_count--;
  memmove (&status->alarms[at], &status->alarms[at + 1], (size_t)(status->alarms_count - at) * sizeof *status->alarms);
}
