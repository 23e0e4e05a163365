/* Alarms of the broker: what is wrong now, one line for each kind, until it is over. */
#include "common/log.h"
#include "common/text.h"
#include "services/broker/core.h"
#include <stdio.h>
#include <string.h>

static size_t find (const broker_alarms_t *alarms, const char *code) {
  size_t at = 0;
  while (at < alarms->count && strcmp (alarms->all[at].code, code) != 0)
    at++;
  return at;
}

void broker_alarm_raise (broker_t *broker, const char *code, const char *format, ...) {
  broker_alarms_t *alarms = &broker->alarms;
  char quoted[450];
  va_list arguments;
  size_t at = find (alarms, code);
  if (at == MNS_ALARMS_MAX)
    return;
  mns_alarm_t *alarm = &alarms->all[at];
  va_start (arguments, format);
  vsnprintf (alarm->text, sizeof alarm->text, format, arguments);
  va_end (arguments);
  if (at < alarms->count)
    return;
  alarms->count++;
  mns_text_copy (alarm->code, sizeof alarm->code, code);
  alarm->since = mns_clock.wall ();
  mns_log (MNS_LOG_ERROR, "broker", "alarm", "code=%s text=%s", code,
           mns_log_quote (alarm->text, quoted, sizeof quoted));
}

void broker_alarm_clear (broker_t *broker, const char *code) {
  broker_alarms_t *alarms = &broker->alarms;
  size_t at = find (alarms, code);
  if (at == alarms->count)
    return;
  mns_log (MNS_LOG_INFO, "broker", "alarm.over", "code=%s", code);
  memmove (&alarms->all[at], &alarms->all[at + 1], (--alarms->count - at) * sizeof *alarms->all);
}
