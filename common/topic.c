/* Topics: <stream>.<subject>.<12-digit division>.<happening or period>. Because the division has a fixed width, a
 * prefix of a topic is a geography; cuts that are none (three digits of a county) are refused. */
#include "common/wire.h"
#include <stdio.h>
#include <string.h>

enum { DIVISION_PART = 2, LAST_PART = 3, DIVISION_DIGITS = 12 };

static bool allowed (char c, int part) {
  if (c >= '0' && c <= '9')
    return true;
  if (part == DIVISION_PART)
    return false;
  return (c >= 'a' && c <= 'z') || c == '-' || (part == LAST_PART && c >= 'A' && c <= 'Z');
}

/* Walks the parts; *part and *length say where the text ends. False at the first character that fits no topic. */
static bool walk (const char *text, size_t size, int *part, size_t *length) {
  *part = 0;
  *length = 0;
  for (size_t i = 0; i < size; i++) {
    if (text[i] == '.') {
      if (*length == 0 || *part == LAST_PART || (*part == DIVISION_PART && *length != DIVISION_DIGITS))
        return false;
      ++*part;
      *length = 0;
    } else if (allowed (text[i], *part) && (*part != DIVISION_PART || *length < DIVISION_DIGITS)) {
      ++*length;
    } else {
      return false;
    }
  }
  return true;
}

mns_rc_t mns_topic_check (const char *topic, size_t size, mns_error_t *error) {
  int part;
  size_t length;
  if (size > MNS_TOPIC_MAX)
    return mns_fail (error, MNS_TOO_LONG, "topic", "%zu bytes where at most %d are allowed", size, MNS_TOPIC_MAX);
  if (walk (topic, size, &part, &length) && part == LAST_PART && length > 0)
    return MNS_OK;
  return mns_fail (error, MNS_INVALID, "topic",
                   "a topic reads <stream>.<subject>.<12-digit division>.<happening>, of letters, digits and '-'");
}

mns_rc_t mns_prefix_check (const char *prefix, mns_error_t *error) {
  static const bool cut[DIVISION_DIGITS + 1] = {
      [0] = true, [2] = true, [4] = true, [6] = true, [9] = true, [12] = true};
  int part;
  size_t length, size = strlen (prefix);
  if (size > MNS_TOPIC_MAX)
    return mns_fail (error, MNS_TOO_LONG, "prefix", "%zu bytes where at most %d are allowed", size, MNS_TOPIC_MAX);
  if (!walk (prefix, size, &part, &length))
    return mns_fail (error, MNS_INVALID, "prefix",
                     "no topic <stream>.<subject>.<12-digit division>.<happening> begins so");
  if (part == DIVISION_PART && !cut[length])
    return mns_fail (error, MNS_INVALID, "prefix",
                     "a prefix may end after 2, 4, 6, 9 or 12 digits of the division, not after %zu", length);
  return MNS_OK;
}

void mns_topic_format (char topic[MNS_TOPIC_MAX + 1], const char *stream, const char *subject, mns_place_t place,
                       const char *happening) {
  snprintf (topic, MNS_TOPIC_MAX + 1, "%s.%s.%012lld.%s", stream, subject, (long long)place, happening);
}

bool mns_topic_matches (const char *topic, size_t topic_size, const char *prefix) {
  size_t size = strlen (prefix);
  return size <= topic_size && memcmp (topic, prefix, size) == 0;
}
