/* Intervals of one person. */
#include "services/registry/rules_timeline.h"

#include <inttypes.h>
#include <string.h>

/* ---- the matters that change together ---------------------------------------------------------------------------- */

typedef mns_history_entry_t interval_t;
typedef enum { HOME, PLACE, MARRIAGE, ADOPTION, REGISTRATION, STATUS, MATTERS } matter_t;

static bool is_same (matter_t matter, const interval_t *a, const interval_t *b) {
  switch (matter) {
  case HOME:
    return a->household == b->household && a->relation == b->relation;
  case PLACE:
    return a->place == b->place && a->residence == b->residence;
  case MARRIAGE:
    return a->marital == b->marital && a->spouse == b->spouse;
  case ADOPTION:
    return a->adoptive_mother == b->adoptive_mother && a->adoptive_father == b->adoptive_father;
  case REGISTRATION:
    return a->registration == b->registration;
  default:
    return a->status == b->status;
  }
}

static void copy (matter_t matter, interval_t *to, const interval_t *from) {
  switch (matter) {
  case HOME:
    to->household = from->household;
    to->relation = from->relation;
    break;
  case PLACE:
    to->place = from->place;
    to->residence = from->residence;
    break;
  case MARRIAGE:
    to->marital = from->marital;
    to->spouse = from->spouse;
    break;
  case ADOPTION:
    to->adoptive_mother = from->adoptive_mother;
    to->adoptive_father = from->adoptive_father;
    break;
  case REGISTRATION:
    to->registration = from->registration;
    break;
  default:
    to->status = from->status;
  }
}

/* ---- looking ----------------------------------------------------------------------------------------------------- */

mns_history_entry_t *registry_timeline_at (registry_timeline_t *timeline, mns_date_t day) {
  mns_history_entry_t *found = NULL;
  for (size_t i = 0; i < timeline->count && timeline->intervals[i].valid_from <= day; i++)
    found = &timeline->intervals[i];
  return found;
}

/* The first interval behind `at` in which the matter is another; NULL: it has not changed since. */
static const interval_t *next_change (const registry_timeline_t *timeline, const interval_t *at, matter_t matter) {
  const interval_t *end = timeline->intervals + timeline->count;
  for (const interval_t *later = at + 1; later < end; later++)
    if (!is_same (matter, later, at))
      return later;
  return NULL;
}

static mns_rc_t in_the_way (const interval_t *later, const char *what, mns_error_t *error) {
  char day[MNS_DATE_TEXT];
  mns_date_format (later->valid_from, day);
  return mns_fail (error, MNS_DATE_ORDER, "occurred",
                   "the %s of person %" PRIu64 " changed on %s by event %" PRIu64
                   ", which is in the register already; correct its day, or that event first",
                   what, later->person, day, later->begun_by);
}

mns_rc_t registry_timeline_check (registry_timeline_t *timeline, mns_date_t day, const mns_history_entry_t *now,
                                  mns_error_t *error) {
  const interval_t *at = registry_timeline_at (timeline, day);
  if (!at)
    return mns_fail (error, MNS_DATE_ORDER, "occurred", "that day lies before the person came into the register");
  if (timeline->count == REGISTRY_INTERVALS_MAX)
    return mns_fail (error, MNS_OUT_OF_RANGE, "person", "more than %d events of one person", REGISTRY_INTERVALS_MAX);
  const interval_t *home = next_change (timeline, at, HOME), *place = next_change (timeline, at, PLACE);
  const interval_t *marriage = next_change (timeline, at, MARRIAGE), *adoption = next_change (timeline, at, ADOPTION);
  if (!is_same (HOME, at, now) && home && home->household == at->household)
    return in_the_way (home, "relation to the head", error);
  if (!is_same (HOME, at, now) && home && home->household == now->household)
    return in_the_way (home, "household", error);
  if (!is_same (PLACE, at, now) && home && (!place || home < place))
    return in_the_way (home, "household", error);
  if (!is_same (PLACE, at, now) && place && is_same (PLACE, place, now))
    return in_the_way (place, "place", error);
  if (!is_same (MARRIAGE, at, now) && marriage)
    return in_the_way (marriage, "marital status", error);
  if (!is_same (ADOPTION, at, now) && adoption)
    return in_the_way (adoption, "adoption", error);
  return MNS_OK;
}

/* ---- changing ---------------------------------------------------------------------------------------------------- */

static void split (registry_timeline_t *timeline, size_t at, mns_date_t day, uint64_t event) {
  interval_t *interval = &timeline->intervals[at];
  memmove (interval + 1, interval, (timeline->count - at) * sizeof *interval);
  timeline->count++;
  interval[0].valid_to = day;
  interval[0].ended_by = event;
  interval[1].valid_from = day;
  interval[1].begun_by = event;
}

void registry_timeline_change (registry_timeline_t *timeline, mns_date_t day, uint64_t event,
                               const mns_history_entry_t *now) {
  size_t at = (size_t)(registry_timeline_at (timeline, day) - timeline->intervals);
  const interval_t before = timeline->intervals[at];
  split (timeline, at, day, event);
  for (matter_t matter = 0; matter < MATTERS; matter++)
    for (size_t i = at + 1; i < timeline->count && is_same (matter, &timeline->intervals[i], &before); i++)
      copy (matter, &timeline->intervals[i], now);
}
