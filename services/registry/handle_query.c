/* Reading persons: by number, by search, by household, with their events; masked unless the asker may see them in full
 * and says so. Each reading is told by an event of the stream audit. */
#include "services/registry/handle.h"

#include "common/records/registry_requests.h"
#include "common/text.h"
#include "services/registry/view.h"
#include <inttypes.h>
#include <string.h>

#define SEARCH_DEFAULT 20

/* A query on its way: who asks, and what was given out. */
typedef struct {
  registry_t *self;
  mns_turn_t *turn;
  const mns_request_t *request;
  mns_date_t as_of; /* 0: as it is now */
  bool reveal;
  size_t shown;
  mns_rc_t refused; /* of the last person that was not shown */
} query_t;

static query_t query_begin (void *self, mns_turn_t *turn, const mns_request_t *request) {
  return (query_t){.self = self, .turn = turn, .request = request};
}

/* Names and numbers in full of many persons at once are for those who answer for it. */
static mns_rc_t check_reveal (query_t *query, mns_code_t reveal, int64_t limit) {
  bool many = limit != MNS_NONE && limit > MNS_SEARCH_MAX;
  query->reveal = reveal == MNS_YES;
  if (!query->reveal || !many || (MNS_ROLE_BIT (query->request->caller.role) & REGISTRY_ANSWERING))
    return MNS_OK;
  return mns_fail (mns_turn_error (query->turn), MNS_FORBIDDEN, "reveal",
                   "more than %d persons at once with names and numbers in full are for approvers and administrators",
                   MNS_SEARCH_MAX);
}

static mns_rc_t show (query_t *query, const mns_person_entry_t *person, mns_date_t from, mns_date_t to) {
  mns_person_info_t info;
  registry_view_fill (person, &info);
  info.valid_from = from;
  info.valid_to = to;
  mns_date_t today = registry_sees_restricted (&query->request->caller) ? 0 : mns_turn_today (query->turn);
  mns_rc_t rc = registry_remarks (&query->self->findings, person->id, today, info.finding, sizeof info.finding);
  if (rc != MNS_OK)
    return rc;
  if (!query->reveal)
    mns_record_mask (&mns_person_info_type, &info);
  mns_turn_reply (query->turn, &mns_person_info_type, &info);
  registry_readings_add (&query->self->readings, query->request, query->reveal, person->id);
  query->shown++;
  return MNS_OK;
}

static mns_rc_t show_as_of (query_t *query, const mns_person_entry_t *person) {
  mns_person_entry_t then = *person;
  mns_date_t from, to;
  if (!query->as_of)
    return show (query, person, 0, 0);
  mns_rc_t rc = registry_view_as_of (query->self, query->as_of, &then, &from, &to, mns_turn_error (query->turn));
  if (rc == MNS_OK)
    return show (query, &then, from, to);
  query->refused = rc;
  return rc == MNS_NOT_FOUND ? MNS_OK : rc;
}

/* Persons of other divisions are not shown; when nobody is left, the refusal is the answer. */
static mns_rc_t show_covered (void *context, const mns_person_entry_t *person) {
  query_t *query = context;
  mns_place_t area = registry_area (query->self, person->place, person->residence);
  mns_rc_t rc = registry_covers (&query->request->caller, area, mns_turn_error (query->turn));
  if (rc == MNS_OK)
    return show_as_of (query, person);
  query->refused = rc;
  return MNS_OK;
}

static mns_rc_t show_found (query_t *query, const registry_found_t *found, const char *field, const char *nobody) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < found->count; i++)
    rc = show_covered (query, &found->persons[i]);
  if (rc != MNS_OK || query->shown > 0)
    return rc;
  if (query->refused != MNS_OK)
    return query->refused;
  return mns_fail (mns_turn_error (query->turn), MNS_NOT_FOUND, field, "%s", nobody);
}

/* ---- one person ------------------------------------------------------------------------------------------------- */

mns_rc_t registry_handle_person (void *self, mns_turn_t *turn, const mns_request_t *request) {
  query_t query = query_begin (self, turn, request);
  const mns_person_query_t *asked = request->record;
  query.as_of = asked->as_of;
  registry_people_t *people = &query.self->people;
  registry_found_t found = {.count = 1};
  registry_number_t number;
  mns_rc_t rc = check_reveal (&query, asked->reveal, MNS_NONE);
  if (rc != MNS_OK)
    return rc;
  if (asked->person) {
    rc = registry_person_get (people, asked->person, &found.persons[0], mns_turn_error (turn));
  } else if (*asked->citizen_number) {
    rc = registry_number_read (asked->citizen_number, &number, mns_turn_error (turn));
    if (rc == MNS_OK)
      rc = registry_people_by_number (people, number.text, &found);
  } else {
    return mns_fail (mns_turn_error (turn), MNS_MISSING, "person", "give the register number or the citizen number");
  }
  if (rc != MNS_OK)
    return rc;
  return show_found (&query, &found, "citizen_number", "nobody in the register has this citizen number");
}

/* ---- several ---------------------------------------------------------------------------------------------------- */

static mns_rc_t search_by_number (query_t *query, const mns_person_search_t *asked) {
  registry_number_t number;
  registry_found_t found;
  mns_rc_t rc = registry_number_read (asked->citizen_number, &number, mns_turn_error (query->turn));
  if (rc == MNS_OK)
    rc = registry_people_by_number (&query->self->people, number.text, &found);
  for (size_t i = 0; rc == MNS_OK && i < found.count; i++)
    if (found.persons[i].id > asked->after)
      rc = show_covered (query, &found.persons[i]);
  return rc;
}

/* A search finds nobody outside the asker's division, so that it needs no refusal: its area is the smaller one. There
 * is nobody outside the county either. */
static mns_rc_t search_area (const query_t *query, mns_place_t asked, mns_place_t *area) {
  mns_place_t division = query->request->caller.division;
  *area = asked ? asked : division;
  mns_rc_t rc = registry_covers (&query->request->caller, *area, mns_turn_error (query->turn));
  if (mns_place_covers (*area, query->self->county))
    *area = query->self->county;
  return rc;
}

static registry_search_t search_of (const mns_person_search_t *asked, mns_date_t today) {
  registry_search_t search = {.text = asked->text,
                              .match = asked->match,
                              .born_from = asked->birth,
                              .to = asked->birth,
                              .sex = asked->sex,
                              .status = asked->status,
                              .household = asked->household,
                              .after = asked->after,
                              .limit = asked->limit == MNS_NONE ? SEARCH_DEFAULT : (size_t)asked->limit};
  if (asked->age_from != MNS_NONE && !asked->birth)
    search.to = mns_date_born (today, (int)asked->age_from);
  if (asked->age_to != MNS_NONE && !asked->birth)
    search.born_from = mns_date_add_days (mns_date_born (today, (int)asked->age_to + 1), 1);
  return search;
}

static bool asks_nothing (const mns_person_search_t *asked) {
  return !*asked->text && !asked->birth && !asked->place && !asked->household && asked->age_from == MNS_NONE &&
         asked->age_to == MNS_NONE && !asked->status && !asked->sex;
}

mns_rc_t registry_handle_search (void *self, mns_turn_t *turn, const mns_request_t *request) {
  query_t query = query_begin (self, turn, request);
  const mns_person_search_t *asked = request->record;
  mns_rc_t rc = check_reveal (&query, asked->reveal, asked->limit);
  if (rc != MNS_OK || *asked->citizen_number)
    return rc == MNS_OK ? search_by_number (&query, asked) : rc;
  if (asks_nothing (asked))
    return mns_fail (
        mns_turn_error (turn), MNS_MISSING, "text",
        "say what to look for: a name or its beginning, a citizen number, a birth date, an age, a status, a "
        "place or a household");
  registry_search_t search = search_of (asked, mns_turn_today (turn));
  rc = search_area (&query, asked->place, &search.place);
  return rc == MNS_OK ? registry_people_search (&query.self->finder, &search, show_covered, &query) : rc;
}

/* ---- on a day ---------------------------------------------------------------------------------------------------- */

static mns_rc_t show_number (void *context, uint64_t id) {
  query_t *query = context;
  mns_person_entry_t person;
  mns_rc_t rc = registry_person_get (&query->self->people, id, &person, mns_turn_error (query->turn));
  return rc == MNS_OK ? show_covered (query, &person) : rc;
}

mns_rc_t registry_handle_residents (void *self, mns_turn_t *turn, const mns_request_t *request) {
  query_t query = query_begin (self, turn, request);
  const mns_residents_query_t *asked = request->record;
  query.as_of = asked->as_of ? asked->as_of : mns_turn_today (turn);
  registry_presence_t presence = {.place = asked->place,
                                  .day = query.as_of,
                                  .after = asked->after,
                                  .limit = asked->limit == MNS_NONE ? SEARCH_DEFAULT : (size_t)asked->limit};
  mns_rc_t rc = check_reveal (&query, asked->reveal, asked->limit);
  if (rc == MNS_OK)
    rc = registry_covers (&request->caller, asked->place, mns_turn_error (turn));
  return rc == MNS_OK ? registry_past_present (&query.self->past, &presence, show_number, &query) : rc;
}

/* ---- households -------------------------------------------------------------------------------------------------- */

/* The household in which the person is, or was on the day asked for. */
static mns_rc_t household_of (query_t *query, uint64_t id, uint64_t *household) {
  mns_person_entry_t person;
  mns_date_t from, to;
  mns_rc_t rc = registry_person_get (&query->self->people, id, &person, mns_turn_error (query->turn));
  if (rc == MNS_OK && query->as_of)
    rc = registry_view_as_of (query->self, query->as_of, &person, &from, &to, mns_turn_error (query->turn));
  *household = person.household;
  return rc;
}

static mns_rc_t show_members (query_t *query, uint64_t household) {
  if (query->as_of) {
    registry_presence_t presence = {.household = household, .day = query->as_of, .limit = MNS_SEARCH_MAX};
    return registry_past_present (&query->self->past, &presence, show_number, query);
  }
  registry_search_t search = {.text = "", .household = household, .limit = MNS_SEARCH_MAX};
  return registry_people_search (&query->self->finder, &search, show_covered, query);
}

mns_rc_t registry_handle_household (void *self, mns_turn_t *turn, const mns_request_t *request) {
  query_t query = query_begin (self, turn, request);
  const mns_household_query_t *asked = request->record;
  uint64_t household = asked->household;
  mns_rc_t rc = check_reveal (&query, asked->reveal, MNS_NONE);
  query.as_of = asked->as_of;
  if (!household && !asked->person)
    return mns_fail (mns_turn_error (turn), MNS_MISSING, "household",
                     "give the number of the household or of a person in "
                     "it");
  if (rc == MNS_OK && !household)
    rc = household_of (&query, asked->person, &household);
  if (rc == MNS_OK)
    rc = show_members (&query, household);
  if (rc != MNS_OK || query.shown > 0)
    return rc;
  if (query.refused != MNS_OK)
    return query.refused;
  return mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "household", "nobody is in a household %" PRIu64, household);
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

/* `merged`: the entry it stands at, 0 the one that was asked for. */
static void reply_baseline (mns_turn_t *turn, const mns_person_entry_t *person, uint64_t merged) {
  mns_event_info_t info;
  mns_record_clear (&mns_event_info_type, &info);
  info.event = person->entry_event;
  info.merged = merged;
  info.event_kind = MNS_BASELINE;
  info.occurred = info.registered = person->entry_day;
  info.place = person->entry_place;
  mns_turn_reply (turn, &mns_event_info_type, &info);
}

/* A value of a correction as it would be masked in its own column. */
static void mask_value (const char *name, char *value, size_t size) {
  char masked[sizeof ((mns_event_info_t *)0)->old_value];
  const mns_field_t *field = mns_record_field (&mns_person_info_type, name);
  if (!field || (field->flags & MNS_PERSONAL) == 0)
    return;
  mns_field_mask (field, value, masked, sizeof masked);
  mns_text_copy (value, size, masked);
}

static void reply_masked (const query_t *query, mns_event_info_t *info) {
  if (!query->reveal) {
    mask_value (info->field, info->old_value, sizeof info->old_value);
    mask_value (info->field, info->new_value, sizeof info->new_value);
    mns_record_mask (&mns_event_info_type, info);
  }
  mns_turn_reply (query->turn, &mns_event_info_type, info);
}

static void reply_event (const query_t *query, const mns_event_entry_t *event, uint64_t merged) {
  mns_event_info_t info;
  mns_record_clear (&mns_event_info_type, &info);
  info.event = event->id;
  info.merged = merged;
  info.event_kind = event->kind;
  info.occurred = event->occurred;
  info.registered = event->registered;
  info.place = event->place;
  info.other_place = event->other_place;
  info.move_reason = event->move_reason;
  info.mother = event->mother;
  info.birth_order = event->birth_order;
  info.plurality = event->plurality;
  info.rank = event->rank;
  info.adjustment = event->adjustment;
  info.delta = event->delta;
  memcpy (info.certificate, event->certificate, sizeof info.certificate);
  memcpy (info.note, event->note, sizeof info.note);
  memcpy (info.account, event->account, sizeof info.account);
  info.recorded = event->recorded;
  info.origin = event->origin;
  info.evidence = event->evidence;
  info.happened_at = event->happened_at;
  info.death_cause = event->death_cause;
  info.death_site = event->death_site;
  info.partner = event->partner;
  info.mother_person = event->mother_person;
  info.father_person = event->father_person;
  info.household = event->household;
  info.other_household = event->other_household;
  info.lateness = event->lateness;
  memcpy (info.approved_by, event->approved_by, sizeof info.approved_by);
  reply_masked (query, &info);
}

static mns_rc_t reply_correction (void *context, const mns_correction_entry_t *correction) {
  mns_event_info_t info;
  mns_record_clear (&mns_event_info_type, &info);
  info.event = correction->event ? correction->event : correction->id;
  info.occurred = info.registered = correction->registered;
  info.place = correction->place;
  memcpy (info.field, correction->field, sizeof info.field);
  memcpy (info.old_value, correction->old_value, sizeof info.old_value);
  memcpy (info.new_value, correction->new_value, sizeof info.new_value);
  mns_text_copy (info.note, sizeof info.note, correction->reason);
  memcpy (info.account, correction->account, sizeof info.account);
  info.recorded = correction->recorded;
  info.changed = correction->changed;
  memcpy (info.approved_by, correction->approved_by, sizeof info.approved_by);
  reply_masked (context, &info);
  return MNS_OK;
}

/* What happened to an entry that was merged into this one, with its number. */
static mns_rc_t reply_merged (void *context, const registry_merge_entry_t *merge) {
  query_t *query = context;
  mns_person_entry_t merged;
  mns_event_entry_t events[REGISTRY_EVENTS_MAX];
  size_t count = 0;
  if (merge->state != MNS_MERGE_MERGED)
    return MNS_OK;
  mns_rc_t rc = registry_person_get (&query->self->people, merge->merged, &merged, NULL);
  if (rc == MNS_OK)
    rc = registry_events_concerning (&query->self->events, merge->merged, events, &count);
  if (rc != MNS_OK)
    return rc;
  registry_readings_add (&query->self->readings, query->request, query->reveal, merged.id);
  if (merged.entry_day)
    reply_baseline (query->turn, &merged, merged.id);
  for (size_t i = 0; i < count; i++)
    reply_event (query, &events[i], merged.id);
  return registry_merges_into (&query->self->merges, merged.id, reply_merged, context);
}

mns_rc_t registry_handle_events (void *self, mns_turn_t *turn, const mns_request_t *request) {
  query_t query = query_begin (self, turn, request);
  const mns_event_query_t *asked = request->record;
  mns_person_entry_t person;
  mns_event_entry_t events[REGISTRY_EVENTS_MAX];
  size_t count = 0;
  mns_rc_t rc = check_reveal (&query, asked->reveal, MNS_NONE);
  if (rc == MNS_OK)
    rc = registry_person_get (&query.self->people, asked->person, &person, mns_turn_error (turn));
  if (rc == MNS_OK)
    rc = registry_covers (&request->caller, registry_area (query.self, person.place, person.residence),
                          mns_turn_error (turn));
  if (rc == MNS_OK)
    rc = registry_events_concerning (&query.self->events, person.id, events, &count);
  if (rc != MNS_OK)
    return rc;
  registry_readings_add (&query.self->readings, request, query.reveal, person.id);
  if (person.entry_day)
    reply_baseline (turn, &person, 0);
  for (size_t i = 0; i < count; i++)
    reply_event (&query, &events[i], 0);
  rc = registry_corrections_of_person (&query.self->events, person.id, reply_correction, &query);
  return rc == MNS_OK ? registry_merges_into (&query.self->merges, person.id, reply_merged, &query) : rc;
}
