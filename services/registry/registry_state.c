/* The questions that several handlers ask. */
#include "services/registry/registry_state.h"

#include "common/records/place.h"
#include <inttypes.h>
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
  return mns_place_covers (self->county, place);
}

mns_place_t registry_area (const registry_t *self, mns_place_t place, mns_place_t residence) {
  return registry_is_local (self, place) ? place : residence;
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

mns_rc_t registry_village_check (registry_t *self, const char *field, mns_place_t place, mns_date_t day,
                                 mns_error_t *error) {
  if (self->village.code != place) {
    mns_rc_t rc = remember_village (self, field, place, error);
    if (rc != MNS_OK)
      return rc;
  }
  if (!self->village.valid_to || day < self->village.valid_to)
    return MNS_OK;
  char text[MNS_PLACE_TEXT], end[MNS_DATE_TEXT];
  mns_place_format (place, text);
  mns_date_format (self->village.valid_to, end);
  return mns_fail (error, MNS_INVALID, field, "the code %s is no longer valid since %s", text, end);
}

/* ---- duplicates -------------------------------------------------------------------------------------------------- */

static mns_rc_t rank_of (registry_t *self, uint64_t person, int64_t *rank) {
  mns_event_entry_t events[REGISTRY_EVENTS_MAX];
  size_t count;
  *rank = MNS_NONE;
  mns_rc_t rc = registry_events_of_person (&self->events, person, events, &count);
  if (rc == MNS_OK && count > 0 && events[0].kind == MNS_BIRTH)
    *rank = events[0].rank;
  return rc;
}

static mns_rc_t compare (registry_t *self, const registry_identity_t *newcomer, const mns_person_entry_t *person,
                         registry_match_t *match) {
  registry_identity_t present = {.number = person->citizen_number,
                                 .name = person->name,
                                 .sex = person->sex,
                                 .birth = person->birth,
                                 .place = person->place,
                                 .mother = person->mother,
                                 .rank = MNS_NONE};
  mns_rc_t rc = MNS_OK;
  if (newcomer->mother && newcomer->mother == person->mother)
    rc = rank_of (self, person->id, &present.rank);
  registry_verdict_t verdict = registry_duplicate (newcomer, &present);
  if (verdict == REGISTRY_LIKELY && person->status == MNS_REMOVED)
    verdict = REGISTRY_OTHER;
  bool stays = verdict == REGISTRY_SAME && match->verdict == verdict && match->person.status == MNS_REMOVED;
  if (rc == MNS_OK && (verdict > match->verdict || stays)) {
    match->verdict = verdict;
    match->person = *person;
  }
  return rc;
}

/* The same person, and not an entry that was taken out: beside that another may stand for the same person. */
static bool is_found (const registry_match_t *match) {
  return match->verdict == REGISTRY_SAME && match->person.status != MNS_REMOVED;
}

static mns_rc_t compare_all (registry_t *self, const registry_identity_t *newcomer, const registry_found_t *found,
                             registry_match_t *match) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < found->count && !is_found (match); i++)
    rc = compare (self, newcomer, &found->persons[i], match);
  return rc;
}

mns_rc_t registry_match (registry_t *self, const registry_identity_t *newcomer, registry_match_t *match) {
  registry_found_t found;
  mns_rc_t rc = MNS_OK;
  match->verdict = REGISTRY_OTHER;
  if (*newcomer->number) {
    rc = registry_people_by_number (&self->people, newcomer->number, &found);
    if (rc == MNS_OK)
      rc = compare_all (self, newcomer, &found, match);
  }
  if (rc == MNS_OK && !is_found (match)) {
    rc = registry_people_by_birth (&self->people, newcomer->place, newcomer->birth, newcomer->name, &found);
    if (rc == MNS_OK)
      rc = compare_all (self, newcomer, &found, match);
  }
  if (rc == MNS_OK && !is_found (match) && newcomer->mother) {
    rc = registry_people_by_mother (&self->people, newcomer->mother, &found);
    if (rc == MNS_OK)
      rc = compare_all (self, newcomer, &found, match);
  }
  return rc;
}

mns_rc_t registry_likely_fail (const registry_match_t *match, const char *number, mns_error_t *error) {
  bool shared = *number && strcmp (number, match->person.citizen_number) == 0;
  return mns_fail (error, MNS_LIKELY_DUPLICATE, shared ? "citizen_number" : "name",
                   "%s register number %" PRIu64 "; compare the two, and when this is really another person say "
                   "confirm=yes",
                   shared ? "the same citizen number, with another name or birth date, has"
                          : "the same name, birth date and village or delivery has",
                   match->person.id);
}
