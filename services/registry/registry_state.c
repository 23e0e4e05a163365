/* The questions that several handlers ask. */
#include "services/registry/registry_state.h"

#include "common/records/place.h"
#include "services/registry/rules_place.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void registry_forget (registry_t *self) {
  mns_record_clear (&mns_place_info_type, &self->village);
}

bool registry_is_refusal (mns_rc_t rc) {
  return rc >= 4000 && rc < 5000;
}

void registry_finding_add (char *finding, const char *format, ...) {
  size_t used = strlen (finding);
  if (used > 0 && used + 2 < REGISTRY_FINDING_TEXT) {
    memcpy (finding + used, "; ", 3);
    used += 2;
  }
  va_list args;
  va_start (args, format);
  vsnprintf (finding + used, REGISTRY_FINDING_TEXT - used, format, args);
  va_end (args);
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

bool registry_is_local (const registry_t *self, mns_place_t place) {
  if (!self->county)
    return true;
  for (size_t i = 0; i < self->county_count; i++)
    if (mns_place_covers (self->counties[i], place))
      return true;
  return false;
}

mns_place_t registry_area (const registry_t *self, mns_place_t place, mns_place_t residence) {
  return registry_is_local (self, place) ? place : residence;
}

mns_place_t registry_common_area (mns_place_t one, mns_place_t other) {
  int level = MNS_VILLAGE;
  while (level > MNS_COUNTRY && mns_place_at (one, level) != mns_place_at (other, level))
    level--;
  return mns_place_at (one, level);
}

mns_rc_t registry_covers (const mns_caller_t *caller, mns_place_t place, mns_error_t *error) {
  char text[MNS_PLACE_TEXT], division[MNS_PLACE_TEXT];
  if (mns_caller_covers (caller, place))
    return MNS_OK;
  mns_place_format (place, text);
  mns_place_format (caller->division, division);
  return mns_fail (error, MNS_FORBIDDEN, "place", "%s is not in your division, %s", text, division);
}

static mns_rc_t remember_village (registry_t *self, const char *field, mns_place_t place, mns_error_t *error) {
  char text[MNS_PLACE_TEXT];
  bool found;
  mns_place_format (place, text);
  if (mns_place_level (place) != MNS_VILLAGE || !registry_is_local (self, place))
    return mns_fail (error, MNS_INVALID, field, "%s is not the 12-digit code of a village of this county", text);
  mns_rc_t rc = registry_place_get (&self->places, place, &self->village, &found);
  if (rc == MNS_OK && !found)
    rc = mns_fail (error, MNS_NOT_FOUND, field,
                   "the village %s is not in the loaded places; load them first, or check "
                   "the code (mns place list)",
                   text);
  if (rc != MNS_OK)
    registry_forget (self);
  return rc;
}

/* The last span does not hold the day; an earlier one may. */
static mns_rc_t check_other_spans (registry_t *self, const char *field, mns_place_t place, mns_date_t day,
                                   mns_error_t *error) {
  char text[MNS_PLACE_TEXT], from[MNS_DATE_TEXT], end[MNS_DATE_TEXT];
  mns_place_info_t then;
  bool found;
  mns_rc_t rc = registry_place_on (&self->places, place, day, &then, &found);
  if (rc != MNS_OK || found)
    return rc;
  mns_place_format (place, text);
  mns_date_format (self->village.valid_from, from);
  mns_date_format (self->village.valid_to, end);
  if (self->village.valid_to && day >= self->village.valid_to)
    return mns_fail (error, MNS_INVALID, field, "the code %s is no longer valid since %s; mns place history %s", text,
                     end, text);
  return mns_fail (error, MNS_INVALID, field, "the code %s is valid from %s on; mns place history %s", text, from,
                   text);
}

mns_rc_t registry_village_check (registry_t *self, const char *field, mns_place_t place, mns_date_t day,
                                 mns_error_t *error) {
  if (self->village.code != place) {
    mns_rc_t rc = remember_village (self, field, place, error);
    if (rc != MNS_OK)
      return rc;
  }
  return registry_place_valid_on (&self->village, day) ? MNS_OK : check_other_spans (self, field, place, day, error);
}
