/* What newcomers and people already there have in common on the way into the register. */
#include "services/registry/record_case.h"

#include "common/records/place.h"
#include "common/text.h"
#include "services/registry/rules_family.h"
#include "services/registry/rules_life.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- who -------------------------------------------------------------------------------------------------------- */

static mns_rc_t check_names_agree (registry_case_t *it) {
  const mns_life_return_t *in = &it->in;
  if (*in->name && !registry_name_equal (in->name, it->old.name))
    return mns_fail (&it->error, MNS_CONFLICT, "name", "register number %" PRIu64 " has another name", it->old.id);
  if (*it->number.text && *it->old.citizen_number && strcmp (it->number.text, it->old.citizen_number) != 0)
    return mns_fail (&it->error, MNS_CONFLICT, "citizen_number",
                     "register number %" PRIu64 " has another citizen "
                     "number",
                     it->old.id);
  return MNS_OK;
}

/* A register number is easily guessed: who is of another division is named by the papers, too. */
static mns_rc_t check_may_name (registry_case_t *it) {
  const mns_life_return_t *in = &it->in;
  bool by_papers = *in->name && ((*it->number.text && *it->old.citizen_number) || in->birth == it->old.birth);
  if (by_papers || mns_caller_covers (it->caller, registry_area (it->self, it->old.place, it->old.residence)))
    return MNS_OK;
  return mns_fail (&it->error, MNS_FORBIDDEN, "person",
                   "register number %" PRIu64 " is not of your division; give name and citizen number, or name and "
                   "birth date, as well",
                   it->old.id);
}

static mns_rc_t find_by_id (registry_case_t *it) {
  mns_rc_t rc = registry_person_get (&it->self->people, it->in.person, &it->old, &it->error);
  if (rc == MNS_OK)
    rc = check_names_agree (it);
  return rc == MNS_OK ? check_may_name (it) : rc;
}

/* Of several who answer, those who are present; of these, exactly one. */
static mns_rc_t choose (registry_case_t *it, const registry_found_t *found, const char *by) {
  const mns_person_entry_t *chosen = NULL;
  size_t present = 0;
  for (size_t i = 0; i < found->count; i++) {
    const mns_person_entry_t *person = &found->persons[i];
    bool named = !*it->in.name || registry_name_equal (person->name, it->in.name);
    if (!named || (it->in.sex && person->sex != it->in.sex && found->count > 1))
      continue;
    if (person->status == MNS_PRESENT)
      present++;
    if (!chosen || (person->status == MNS_PRESENT && chosen->status != MNS_PRESENT))
      chosen = person;
  }
  if (!chosen)
    return mns_fail (&it->error, MNS_NOT_FOUND, *it->number.text ? "citizen_number" : "name",
                     "nobody in the register has this %s; compare with `mns person search`, or give the register "
                     "number",
                     by);
  if (present > 1)
    return mns_fail (&it->error, MNS_CONFLICT, "person",
                     "several persons have this %s; give the register number "
                     "(`mns person search`)",
                     by);
  it->old = *chosen;
  return MNS_OK;
}

static mns_rc_t find_by_number (registry_case_t *it) {
  registry_found_t found;
  if (!*it->in.name)
    return mns_fail (&it->error, MNS_MISSING, "name",
                     "a person is named by citizen number and name, so that a mistyped "
                     "number does not hit another");
  mns_rc_t rc = registry_people_by_number (&it->self->people, it->number.text, &found);
  return rc == MNS_OK ? choose (it, &found, "citizen number and name") : rc;
}

static mns_rc_t find_by_birth (registry_case_t *it) {
  registry_found_t found;
  const mns_life_return_t *in = &it->in;
  if (!*in->name || !in->birth)
    return mns_fail (&it->error, MNS_MISSING, "person",
                     "say who it is: the register number, or citizen number and name, "
                     "or name, birth date and village");
  mns_place_t place = in->event == MNS_MOVE_WITHIN ? in->other_place : in->place;
  mns_rc_t rc = registry_people_by_birth (&it->self->people, place, in->birth, in->name, &found);
  return rc == MNS_OK ? choose (it, &found, "name, birth date and village") : rc;
}

/* Who names an entry that was merged means the one that stands for it. */
static mns_rc_t follow_merge (registry_case_t *it) {
  uint64_t survivor;
  if (it->old.status != MNS_REMOVED)
    return MNS_OK;
  mns_rc_t rc = registry_merge_survivor (&it->self->merges, it->old.id, &survivor);
  return rc == MNS_OK && survivor ? registry_person_get (&it->self->people, survivor, &it->old, &it->error) : rc;
}

mns_rc_t registry_case_find_person (registry_case_t *it) {
  mns_rc_t rc = it->in.person ? find_by_id (it) : *it->number.text ? find_by_number (it) : find_by_birth (it);
  if (rc == MNS_OK)
    rc = follow_merge (it);
  if (rc == MNS_OK)
    it->person = it->old;
  return rc;
}

/* ---- the same again
 * -------------------------------------------------------------------------------------------------- */

mns_rc_t registry_case_find_same (registry_case_t *it, const mns_person_entry_t *person) {
  uint64_t event;
  if (!person->since)
    return MNS_OK;
  mns_rc_t rc =
      registry_event_same (&it->self->events, person->id, it->in.event, it->in.occurred, it->in.place, &event);
  if (rc == MNS_OK && event) {
    it->exists = true;
    it->person = *person;
    it->event.id = event;
  }
  return rc;
}

mns_rc_t registry_case_check_certificate (registry_case_t *it) {
  uint64_t person;
  if (!*it->in.certificate || it->in.confirm == MNS_YES)
    return MNS_OK;
  mns_rc_t rc = registry_event_by_certificate (&it->self->events, it->in.event, it->in.certificate, &person);
  if (rc != MNS_OK || person == 0 || person == it->old.id)
    return rc;
  it->likely = person;
  return mns_fail (&it->error, MNS_LIKELY_DUPLICATE, "certificate",
                   "the certificate number is already used for "
                   "register number %" PRIu64 "; when it is right all the same, say confirm=yes",
                   person);
}

/* ---- others ------------------------------------------------------------------------------------------------------ */

mns_rc_t registry_case_go_back (registry_case_t *it) {
  registry_change_t *change = &it->others[0]; /* nobody is there yet */
  change->old = it->old;
  mns_rc_t rc = registry_change_begin (it->self, it->in.occurred, change, &it->error);
  it->old = it->person = change->old;
  it->back = change->back;
  return rc;
}

mns_rc_t registry_case_check_later (registry_case_t *it) {
  registry_change_t change = {.old = it->old, .person = it->person, .back = it->back};
  mns_rc_t rc = registry_change_check (it->self, &change, it->in.occurred, &it->error);
  for (size_t i = 0; rc == MNS_OK && i < it->other_count; i++)
    rc = registry_change_check (it->self, &it->others[i], it->in.occurred, &it->error);
  return rc;
}

mns_code_t registry_case_relation (const registry_case_t *it) {
  if (it->in.relation || *it->in.household || it->person.household)
    return it->in.relation;
  return registry_head_relation ();
}

static mns_rc_t look_for_head (void *context, uint64_t id) {
  registry_case_t *it = context;
  registry_change_t *member = &it->others[REGISTRY_OTHERS_MAX - 1]; /* as a place to read into */
  if (id == it->old.id || it->head)
    return MNS_OK;
  mns_rc_t rc = registry_person_get (&it->self->people, id, &member->old, &it->error);
  if (rc == MNS_OK)
    rc = registry_change_begin (it->self, it->in.occurred, member, &it->error);
  if (rc == MNS_OK && member->old.relation == registry_head_relation ())
    it->head = id;
  return rc;
}

mns_rc_t registry_case_check_head (registry_case_t *it) {
  registry_presence_t presence = {
      .household = it->person.household, .day = it->in.occurred, .limit = REGISTRY_OTHERS_MAX};
  it->head = 0;
  if (!it->person.household || it->person.relation != registry_head_relation ())
    return MNS_OK;
  mns_rc_t rc = registry_past_present (&it->self->past, &presence, look_for_head, it);
  if (rc != MNS_OK || !it->head)
    return rc;
  if (it->in.relation)
    return mns_fail (&it->error, MNS_CONFLICT, "relation",
                     "household %" PRIu64 " has a head, person %" PRIu64 "; give the relation to it, and record the "
                     "change of head after that (head_change)",
                     it->person.household, it->head);
  it->person.relation = 0;
  registry_finding_add (it->finding, "the relation to the head is to be told");
  return MNS_OK;
}

mns_rc_t registry_case_add_other (registry_case_t *it, uint64_t person, registry_change_t **other) {
  if (it->other_count == REGISTRY_OTHERS_MAX)
    return mns_fail (&it->error, MNS_TOO_LARGE, "household",
                     "more than %d persons are concerned; record them one by one", REGISTRY_OTHERS_MAX);
  registry_change_t *change = *other = &it->others[it->other_count];
  mns_rc_t rc = registry_person_get (&it->self->people, person, &change->old, &it->error);
  if (rc == MNS_OK)
    rc = registry_change_begin (it->self, it->in.occurred, change, &it->error);
  it->other_count += rc == MNS_OK;
  return rc;
}

static mns_rc_t not_found (registry_case_t *it, const registry_named_t *named) {
  char field[32];
  snprintf (field, sizeof field, "%s_number", named->role);
  return mns_fail (&it->error, MNS_NOT_FOUND, field,
                   "nobody in the register has the citizen number and name given for the %s; %s", named->role,
                   named->otherwise);
}

mns_rc_t registry_case_find_named (registry_case_t *it, const registry_named_t *named, mns_person_entry_t *person) {
  registry_number_t number;
  registry_found_t found;
  person->id = 0;
  if (named->person)
    return registry_person_get (&it->self->people, named->person, person, &it->error);
  if (!*named->number)
    return MNS_OK;
  mns_rc_t rc = registry_number_read (named->number, &number, &it->error);
  if (rc != MNS_OK) {
    snprintf (it->error.where, sizeof it->error.where, "%s_number", named->role);
    return rc;
  }
  if (!*named->name) {
    rc = mns_fail (&it->error, MNS_MISSING, "", "the %s is named by citizen number and name", named->role);
    snprintf (it->error.where, sizeof it->error.where, "%s_name", named->role);
    return rc;
  }
  rc = registry_people_by_number (&it->self->people, number.text, &found);
  for (size_t i = 0; rc == MNS_OK && i < found.count && !person->id; i++)
    if (registry_name_equal (found.persons[i].name, named->name))
      *person = found.persons[i];
  return rc == MNS_OK && !person->id ? not_found (it, named) : rc;
}

/* ---- rules
 * ------------------------------------------------------------------------------------------------------------ */

mns_rc_t registry_case_next_state (registry_case_t *it, mns_code_t state) {
  char since[MNS_DATE_TEXT];
  mns_error_t reason = {0};
  mns_rc_t rc = registry_life_next (state, it->in.event, it->in.adjustment, &it->person.status, &reason);
  if (rc == MNS_OK)
    return rc;
  mns_date_format (it->old.since, since);
  return mns_fail (&it->error, rc, "event", "person %" PRIu64 "%s%s: %s", it->old.id, *since ? ", since " : "", since,
                   reason.detail);
}

mns_rc_t registry_case_check_dates (registry_case_t *it, mns_date_t birth, mns_date_t since) {
  registry_dates_t dates = {.kind = it->in.event,
                            .occurred = it->in.occurred,
                            .registered = it->in.registered,
                            .birth = birth,
                            .since = since,
                            .today = it->today};
  return registry_dates_check (&dates, &it->error);
}

/* The event as it will be written, behind those that are there. */
static void add_event (const registry_case_t *it, mns_event_entry_t *events, size_t *count) {
  mns_event_entry_t *event = &events[*count];
  if (it->ends_stay) {
    *event = it->event;
    event->kind = MNS_MOVE_OUT;
    event->occurred = it->in.occurred;
    event->registered = it->in.registered;
    event->place = it->old.place;
    event = &events[++*count];
  }
  *event = it->event;
  event->kind = it->in.event;
  event->occurred = it->in.occurred;
  event->registered = it->in.registered;
  event->place = it->person.place;
  ++*count;
}

static mns_rc_t load_history (registry_case_t *it, mns_event_entry_t events[REGISTRY_EVENTS_MAX + 2], size_t *count) {
  *count = 0;
  mns_rc_t rc = it->is_new ? MNS_OK : registry_events_of_person (&it->self->events, it->person.id, events, count);
  add_event (it, events, count);
  return rc == MNS_OK && !it->is_new ? registry_quality_sharer (it->self, &it->person, &it->sharer) : rc;
}

/* What is told late stands among later events: that is judged when it is written. */
mns_rc_t registry_case_judge (registry_case_t *it) {
  mns_event_entry_t events[REGISTRY_EVENTS_MAX + 2];
  registry_person_facts_t facts;
  size_t count;
  it->breaches.count = 0;
  if (it->back)
    return MNS_OK;
  mns_rc_t rc = load_history (it, events, &count);
  if (rc == MNS_OK)
    rc = registry_quality_facts (it->self, &it->person, events, count, it->sharer, it->today, &facts);
  if (rc != MNS_OK)
    return rc;
  registry_quality_judge (it->self, &facts, &it->breaches);
  return registry_quality_guard (it->self, &it->breaches, &it->error);
}

/* ---- household
 * ---------------------------------------------------------------------------------------------------------- */

/* "h123" is a household of the register, anything else a key of the village's files. */
static bool is_register_number (const char *text, int64_t *id) {
  return text[0] == 'h' && mns_text_parse_int (text + 1, id) && *id > 0;
}

static mns_rc_t find_by_register_number (registry_case_t *it, mns_place_t area, int64_t id) {
  mns_place_t place;
  char text[MNS_PLACE_TEXT];
  mns_rc_t rc = registry_household_get (&it->self->people, (uint64_t)id, &place);
  if (rc != MNS_OK)
    return rc;
  mns_place_format (area, text);
  if (place != area)
    return mns_fail (&it->error, MNS_NOT_FOUND, "household", "there is no household h%" PRId64 " in %s", id, text);
  it->person.household = (uint64_t)id;
  return MNS_OK;
}

mns_rc_t registry_case_find_household (registry_case_t *it, mns_place_t area, uint64_t usual) {
  const char *key = it->in.household;
  int64_t id;
  it->person.household = usual;
  if (!*key)
    return MNS_OK;
  mns_rc_t rc = registry_household_find (&it->self->people, area, key, &it->person.household);
  if (rc != MNS_OK || it->person.household)
    return rc;
  if (is_register_number (key, &id))
    return find_by_register_number (it, area, id);
  memcpy (it->household_key, key, sizeof it->household_key);
  return MNS_OK;
}

/* ---- boundaries -------------------------------------------------------------------------------------------------- */

mns_rc_t registry_case_look_toward (registry_case_t *it, mns_place_t toward) {
  if (it->land == toward || it->in.place == toward)
    return MNS_OK;
  return registry_place_today (it->self, it->in.place, it->in.occurred, toward, &it->land);
}

mns_rc_t registry_case_check_boundaries (registry_case_t *it) {
  mns_place_t then = it->old.place, now = it->old.place;
  char code[MNS_PLACE_TEXT];
  mns_rc_t rc = registry_place_then (it->self, it->old.household, it->in.occurred, &then);
  if (rc == MNS_OK)
    rc = registry_place_today (it->self, it->old.place, it->in.occurred, 0, &now);
  if (rc != MNS_OK || (then == it->old.place && now == it->old.place))
    return rc;
  mns_place_format (it->old.place, code);
  return mns_fail (
      &it->error, MNS_DATE_ORDER, "occurred",
      "the boundaries of %s were reformed since: what is told so late is entered as of the day of the reform "
      "or later; mns place history %s",
      code, code);
}
