/* Which events concern a place: the third part of a topic is its division. */
#include "mns/place_filter.h"

#include "common/records/place.h"
#include "common/text.h"
#include <stdio.h>
#include <string.h>

enum { DIVISION_DIGITS = 12 };

mns_rc_t mns_place_filter_parse (mns_place_filter_t *filter, const char *place, const char *scope, mns_error_t *error) {
  static const char *const words[] = {"down", "self", "up"};
  *filter = (mns_place_filter_t){.on = place != NULL};
  if (place && !mns_place_parse (place, &filter->place))
    return mns_fail (error, MNS_USAGE, "--place", "'%s' is not a division code of 2, 4, 6, 9 or 12 digits", place);
  if (scope && !place)
    return mns_fail (error, MNS_USAGE, "--scope", "the scope is that of a place: give --place too");
  for (size_t i = 0; scope && i < sizeof words / sizeof *words; i++)
    if (strcmp (scope, words[i]) == 0) {
      filter->scope = (mns_scope_t)i;
      return MNS_OK;
    }
  return scope ? mns_fail (error, MNS_USAGE, "--scope", "'%s' is none of down, self, up", scope) : MNS_OK;
}

/* The division of a topic; false when it has none. */
static bool division_of (const mns_event_t *event, mns_place_t *place) {
  char digits[DIVISION_DIGITS + 1];
  const char *at = event->topic, *end = event->topic + event->topic_size;
  for (int dots = 0; dots < 2; dots++) {
    at = memchr (at, '.', (size_t)(end - at));
    if (!at)
      return false;
    at++;
  }
  if (end - at < DIVISION_DIGITS)
    return false;
  memcpy (digits, at, DIVISION_DIGITS);
  digits[DIVISION_DIGITS] = 0;
  return mns_text_parse_int (digits + strspn (digits, "0"), place) || strspn (digits, "0") == DIVISION_DIGITS;
}

bool mns_place_filter_takes (const mns_place_filter_t *filter, const mns_event_t *event) {
  mns_place_t place = 0;
  if (!filter->on)
    return true;
  if (!division_of (event, &place))
    return false;
  switch (filter->scope) {
  case MNS_SCOPE_SELF:
    return place == filter->place;
  case MNS_SCOPE_UP:
    return mns_place_covers (place, filter->place);
  default:
    return mns_place_covers (filter->place, place);
  }
}

void mns_place_filter_narrow (const mns_place_filter_t *filter, const char *prefix, char narrow[MNS_TOPIC_MAX + 1]) {
  static const int widths[MNS_LEVELS] = {0, 2, 4, 6, 9, DIVISION_DIGITS};
  char digits[MNS_PLACE_TEXT];
  const char *first = strchr (prefix, '.'), *second = first ? strchr (first + 1, '.') : NULL;
  mns_text_copy (narrow, MNS_TOPIC_MAX + 1, prefix);
  size_t size = strlen (narrow);
  if (!filter->on || filter->scope == MNS_SCOPE_UP || !second || second[1] || size + DIVISION_DIGITS > MNS_TOPIC_MAX)
    return;
  mns_place_format (filter->place, digits);
  int width = filter->scope == MNS_SCOPE_SELF ? DIVISION_DIGITS : widths[mns_place_level (filter->place)];
  snprintf (narrow + size, MNS_TOPIC_MAX + 1 - size, "%.*s", width, digits);
}
