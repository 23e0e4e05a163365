/* What an account may: by role, stream and division (docs/protocol.md §3). */
#include "common/records/place.h"
#include "common/records/streams.h"
#include "services/broker/core.h"
#include <string.h>

bool broker_may_operate (const mns_caller_t *caller) {
  return caller->role == MNS_OPERATOR || caller->role == MNS_ADMINISTRATOR;
}

static bool may_all (const mns_caller_t *caller) {
  return caller->role == MNS_SERVICE || broker_may_operate (caller);
}

/* Does the prefix name a division, and one inside the account's? Whoever has the whole county has all its figures. */
static bool within_division (const broker_t *broker, const mns_caller_t *caller, const char *prefix) {
  char division[MNS_PLACE_TEXT];
  if (mns_place_covers (caller->division, broker->config->county))
    return true;
  const char *digits = strchr (prefix, '.');
  digits = digits ? strchr (digits + 1, '.') : NULL;
  if (digits == NULL)
    return false;
  static const size_t widths[MNS_LEVELS] = {0, 2, 4, 6, 9, 12};
  mns_place_format (caller->division, division);
  return strncmp (digits + 1, division, widths[mns_place_level (caller->division)]) == 0;
}

bool broker_may_subscribe (const broker_t *broker, const mns_caller_t *caller, const char *prefix) {
  if (may_all (caller))
    return true;
  const mns_stream_t *stream = strchr (prefix, '.') ? mns_stream_find (prefix, strlen (prefix)) : NULL;
  if (stream == NULL || stream->personal)
    return false;
  return stream->on_feed || within_division (broker, caller, prefix);
}

bool broker_may_publish (const mns_caller_t *caller, const char *producer) {
  return caller->role == MNS_SERVICE && strcmp (caller->account, producer) == 0;
}

bool broker_topic_allowed (const char *producer, const char *topic, size_t size) {
  const mns_stream_t *stream = mns_stream_find (topic, size);
  if (stream != NULL && (stream->on_feed || strcmp (stream->producer, producer) == 0))
    return true;
  size_t length = strlen (producer);
  return stream == NULL && size > length && topic[length] == '.' && memcmp (topic, producer, length) == 0;
}
