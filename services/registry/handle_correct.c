/* registry.correct: one fact of a person or of an event. The old value is kept, what others hold is told by
 * `correction`, and each earlier event that counts differently now is told by `restatement`. */
#include "services/registry/handle.h"

#include "common/records/registry_requests.h"
#include "common/text.h"
#include "services/registry/again.h"
#include "services/registry/publish.h"
#include "services/registry/quality.h"
#include "services/registry/restate.h"
#include "services/registry/rules_family.h"
#include "services/registry/rules_life.h"
#include "services/registry/rules_restate.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASELINE_AND_EVENTS (REGISTRY_EVENTS_MAX + 1)

/* A correction on its way: everything of the person as it is and as it will be. */
typedef struct {
  registry_t *self;
  const mns_correct_request_t *request;
  const char *approved_by; /* "" unless a second person has decided */
  mns_date_t today;
  mns_error_t *error;
  mns_person_entry_t old, person;
  mns_event_entry_t old_events[REGISTRY_EVENTS_MAX], events[REGISTRY_EVENTS_MAX];
  size_t event_count, corrected; /* which event, for a fact of an event */
  mns_date_t mother_birth;
  mns_event_entry_t children[REGISTRY_EVENTS_MAX]; /* births that count by the age of this person */
  size_t child_count;
  mns_restatement_t restatements[2 * (BASELINE_AND_EVENTS + REGISTRY_EVENTS_MAX)];
  size_t restated;
  mns_correction_entry_t row;
  registry_breaches_t breaches; /* rules of quality that will not hold */
  char finding[REGISTRY_FINDING_TEXT];
} correct_t;

/* ---- the facts that can be corrected ---------------------------------------------------------------------------- */

typedef struct {
  const char *field;
  bool of_event, changes; /* changes: may also become another on a day, not only have been wrong */
  mns_rc_t (*check) (correct_t *it);
} fact_t;

static mns_rc_t check_sex (correct_t *it) {
  for (size_t i = 0; i < it->event_count; i++)
    if (it->events[i].person == it->person.id)
      it->events[i].sex = it->person.sex;
  return MNS_OK;
}

static mns_rc_t check_children (const correct_t *it) {
  char born[MNS_DATE_TEXT];
  for (size_t i = 0; i < it->child_count; i++) {
    mns_date_format (it->children[i].occurred, born);
    if (it->person.birth >= it->children[i].occurred)
      return mns_fail (it->error, MNS_DATE_ORDER, "birth", "child %" PRIu64 " of this person was born on %s",
                       it->children[i].person, born);
  }
  return MNS_OK;
}

/* A birth that is in the register happened on the birth date. Nothing else may have happened before it. */
static mns_rc_t check_birth (correct_t *it) {
  mns_date_t birth = it->person.birth;
  for (size_t i = 0; i < it->event_count; i++) {
    mns_event_entry_t *event = &it->events[i];
    if (event->person != it->person.id)
      continue;
    event->birth = birth;
    if (event->kind == MNS_BIRTH) {
      event->occurred = birth;
      if (it->person.since == it->old.birth && it->event_count == 1)
        it->person.since = birth;
    }
    registry_dates_t dates = {.kind = event->kind,
                              .occurred = event->occurred,
                              .registered = event->registered,
                              .birth = birth,
                              .today = it->today};
    mns_rc_t rc = registry_dates_check (&dates, it->error);
    if (rc != MNS_OK)
      return rc;
  }
  mns_rc_t rc = registry_baseline_dates_check (birth, it->person.entry_day ? it->person.entry_day : it->today,
                                               it->today, it->error);
  return rc == MNS_OK ? check_children (it) : rc;
}

static mns_rc_t find_shared (correct_t *it) {
  registry_found_t found;
  mns_rc_t rc = registry_people_by_number (&it->self->people, it->person.citizen_number, &found);
  for (size_t i = 0; rc == MNS_OK && i < found.count; i++) {
    const mns_person_entry_t *other = &found.persons[i];
    if (other->id == it->person.id || other->status == MNS_REMOVED)
      continue;
    if (it->request->confirm != MNS_YES)
      return mns_fail (it->error, MNS_LIKELY_DUPLICATE, "citizen_number",
                       "register number %" PRIu64 " has this number; "
                       "when both have it all the same, say confirm=yes",
                       other->id);
  }
  return rc;
}

static mns_rc_t check_number (correct_t *it) {
  registry_number_t number;
  if (!*it->person.citizen_number)
    return MNS_OK;
  mns_rc_t rc = registry_number_read (it->person.citizen_number, &number, it->error);
  if (rc != MNS_OK)
    return rc;
  memcpy (it->person.citizen_number, number.text, sizeof number.text);
  return find_shared (it);
}

static mns_rc_t check_parent (correct_t *it, const char *field, uint64_t id) {
  mns_person_entry_t parent;
  mns_rc_t rc = id ? registry_person_get (&it->self->people, id, &parent, it->error) : MNS_OK;
  return rc == MNS_OK && id ? registry_parent_check (&it->person, &parent, field, it->error) : rc;
}

static mns_rc_t check_mother (correct_t *it) {
  return check_parent (it, "mother", it->person.mother);
}

static mns_rc_t check_father (correct_t *it) {
  return check_parent (it, "father", it->person.father);
}

static mns_rc_t check_nothing (correct_t *it) {
  (void)it;
  return MNS_OK;
}

static mns_rc_t check_order_of_events (correct_t *it, size_t i) {
  char date[MNS_DATE_TEXT], other[MNS_DATE_TEXT];
  const mns_event_entry_t *event = &it->events[i];
  bool late = i + 1 < it->event_count && event->occurred > it->events[i + 1].occurred;
  bool early = i > 0 && event->occurred < it->events[i - 1].occurred;
  if (!late && !early)
    return MNS_OK;
  mns_date_format (event->occurred, date);
  mns_date_format (it->events[late ? i + 1 : i - 1].occurred, other);
  return mns_fail (it->error, MNS_DATE_ORDER, "occurred", "%s would be %s the next event of this person, on %s", date,
                   late ? "after" : "before", other);
}

/* The event may have changed others: husband or wife, the household. */
static mns_rc_t check_order_for_others (correct_t *it, const mns_event_entry_t *event) {
  uint64_t other;
  mns_rc_t rc = registry_past_fits (&it->self->past, event->id, event->occurred, &other);
  if (rc == MNS_OK && other)
    rc = mns_fail (it->error, MNS_DATE_ORDER, "occurred",
                   "another event of person %" PRIu64 ", whom this one concerns too, lies in between", other);
  return rc;
}

static mns_rc_t check_occurred (correct_t *it) {
  mns_event_entry_t *event = &it->events[it->corrected];
  if (event->kind == MNS_BIRTH)
    return mns_fail (it->error, MNS_INVALID, "field",
                     "the day of a birth is the birth date of person %" PRIu64 ": correct its field birth",
                     it->person.id);
  registry_dates_t dates = {.kind = event->kind,
                            .occurred = event->occurred,
                            .registered = event->registered,
                            .birth = event->birth,
                            .today = it->today};
  mns_rc_t rc = registry_dates_check (&dates, it->error);
  if (rc == MNS_OK)
    rc = check_order_of_events (it, it->corrected);
  return rc == MNS_OK ? check_order_for_others (it, event) : rc;
}

static mns_rc_t check_birth_order (correct_t *it) {
  if (it->events[it->corrected].kind == MNS_BIRTH)
    return MNS_OK;
  return mns_fail (it->error, MNS_INVALID, "event", "only a birth has a birth order");
}

static const fact_t facts[] = {
    {"name", false, true, check_nothing},
    {"native_name", false, true, check_nothing},
    {"sex", false, false, check_sex},
    {"birth", false, false, check_birth},
    {"birth_precision", false, false, check_nothing},
    {"birth_calendar", false, false, check_nothing},
    {"birth_text", false, false, check_nothing},
    {"citizen_number", false, true, check_number},
    {"ethnic", false, true, check_nothing},
    {"marital", false, true, check_nothing},
    {"registration", false, true, check_nothing},
    {"mother", false, false, check_mother},
    {"father", false, false, check_father},
    {"occurred", true, false, check_occurred},
    {"birth_order", true, false, check_birth_order},
};

static const fact_t *find_fact (const char *field) {
  for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
    if (strcmp (facts[i].field, field) == 0)
      return &facts[i];
  return NULL;
}

static mns_rc_t check_changed (const correct_t *it, const fact_t *fact) {
  mns_date_t changed = it->request->changed;
  if (changed && !fact->changes)
    return mns_fail (it->error, MNS_INVALID, "changed", "%s does not change in a life: it was right or wrong",
                     fact->field);
  if (changed > it->today)
    return mns_fail (it->error, MNS_OUT_OF_RANGE, "changed", "that day lies after today");
  return MNS_OK;
}

/* ---- loading ---------------------------------------------------------------------------------------------------- */

static mns_rc_t find_event (correct_t *it, uint64_t id) {
  for (it->corrected = 0; it->corrected < it->event_count; it->corrected++)
    if (it->events[it->corrected].id == id && it->events[it->corrected].person == it->person.id)
      return MNS_OK;
  return mns_fail (it->error, MNS_NOT_FOUND, "event", "event %" PRIu64 " is not one of person %" PRIu64, id,
                   it->person.id);
}

/* Births count by the age of the mother: of this person's own, and of those to whom this person is the mother. */
static mns_rc_t load_kin (correct_t *it) {
  mns_person_entry_t mother;
  mns_rc_t rc = registry_births_of_mother (&it->self->events, it->person.id, it->children, &it->child_count);
  it->mother_birth = 0;
  for (size_t i = 0; rc == MNS_OK && i < it->event_count; i++)
    if (it->events[i].mother_person) {
      rc = registry_person_get (&it->self->people, it->events[i].mother_person, &mother, it->error);
      it->mother_birth = rc == MNS_OK ? mother.birth : 0;
    }
  return rc;
}

static mns_rc_t load_facts (correct_t *it, const fact_t *fact) {
  const mns_correct_request_t *request = it->request;
  mns_event_entry_t event;
  uint64_t person = request->person;
  mns_rc_t rc = MNS_OK;
  if (fact->of_event && !request->event)
    return mns_fail (it->error, MNS_MISSING, "event", "%s is a fact of an event: give its register number",
                     fact->field);
  if (fact->of_event && !person) {
    rc = registry_event_get (&it->self->events, request->event, &event, it->error);
    person = event.person;
  }
  if (rc == MNS_OK && !person)
    return mns_fail (it->error, MNS_MISSING, "person", "whose fact: give the register number");
  if (rc == MNS_OK)
    rc = registry_person_get (&it->self->people, person, &it->old, it->error);
  if (rc == MNS_OK)
    rc = registry_events_concerning (&it->self->events, person, it->events, &it->event_count);
  it->person = it->old;
  if (rc == MNS_OK)
    rc = load_kin (it);
  memcpy (it->old_events, it->events, it->event_count * sizeof it->events[0]);
  return rc == MNS_OK && fact->of_event ? find_event (it, request->event) : rc;
}

/* ---- changing --------------------------------------------------------------------------------------------------- */

/* The field of the row that is corrected, from its text; both values go into the correction as text. */
static mns_rc_t apply (correct_t *it, const fact_t *fact) {
  const mns_record_type_t *type = fact->of_event ? &mns_event_entry_type : &mns_person_entry_type;
  void *record = fact->of_event ? (void *)&it->events[it->corrected] : (void *)&it->person;
  const mns_field_t *field = mns_record_field (type, fact->field);
  mns_field_format (field, record, it->row.old_value, sizeof it->row.old_value);
  mns_rc_t rc = mns_field_parse (field, record, it->request->value, it->error);
  if (rc == MNS_OK && field->flags & MNS_REQUIRED && mns_field_absent (field, record))
    rc = mns_fail (it->error, MNS_MISSING, fact->field, "this fact cannot be taken away");
  if (rc == MNS_OK)
    rc = fact->check (it);
  mns_field_format (field, record, it->row.new_value, sizeof it->row.new_value);
  return rc;
}

/* The death of a husband is no event of his widow. */
static size_t own_events (const correct_t *it, mns_event_entry_t own[REGISTRY_EVENTS_MAX]) {
  size_t count = 0;
  for (size_t i = 0; i < it->event_count; i++)
    if (it->events[i].person == it->person.id)
      own[count++] = it->events[i];
  return count;
}

static mns_rc_t judge (correct_t *it) {
  mns_event_entry_t own[REGISTRY_EVENTS_MAX];
  registry_person_facts_t known;
  uint64_t sharer;
  mns_rc_t rc = registry_quality_sharer (it->self, &it->person, &sharer);
  if (rc == MNS_OK)
    rc = registry_quality_facts (it->self, &it->person, own, own_events (it, own), sharer, it->today, &known);
  if (rc != MNS_OK)
    return rc;
  registry_quality_judge (it->self, &known, &it->breaches);
  return registry_quality_guard (it->self, &it->breaches, it->error);
}

static void restate (correct_t *it, const mns_event_entry_t *old_event, const mns_event_entry_t *event) {
  mns_restatement_t *pair = &it->restatements[it->restated];
  registry_restatement_fill (&it->old, old_event, -1, it->mother_birth, &pair[0]);
  registry_restatement_fill (&it->person, event, 1, it->mother_birth, &pair[1]);
  if (registry_counts_differently (&pair[0], &pair[1]))
    it->restated += 2;
}

static void restate_child (correct_t *it, const mns_event_entry_t *birth) {
  mns_restatement_t *pair = &it->restatements[it->restated];
  registry_restatement_fill (NULL, birth, -1, it->old.birth, &pair[0]);
  registry_restatement_fill (NULL, birth, 1, it->person.birth, &pair[1]);
  if (registry_counts_differently (&pair[0], &pair[1]))
    it->restated += 2;
}

static void restate_all (correct_t *it) {
  it->restated = 0;
  if (it->person.entry_day)
    restate (it, NULL, NULL);
  for (size_t i = 0; i < it->event_count; i++)
    if (it->events[i].person == it->person.id && it->events[i].kind <= MNS_ADJUSTMENT)
      restate (it, &it->old_events[i], &it->events[i]);
  for (size_t i = 0; i < it->child_count; i++)
    restate_child (it, &it->children[i]);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static mns_rc_t write_event (correct_t *it, const mns_event_entry_t *old, const mns_event_entry_t *event) {
  mns_rc_t rc = registry_event_update (&it->self->events, event);
  if (rc == MNS_OK && old->occurred != event->occurred)
    rc = registry_past_move (&it->self->past, event->id, event->occurred);
  return rc;
}

static mns_rc_t write_facts (correct_t *it) {
  mns_rc_t rc = registry_person_update_facts (&it->self->people, &it->person);
  for (size_t i = 0; rc == MNS_OK && i < it->event_count; i++)
    if (!mns_record_equal (&mns_event_entry_type, &it->old_events[i], &it->events[i]))
      rc = write_event (it, &it->old_events[i], &it->events[i]);
  if (rc == MNS_OK && !it->row.changed)
    rc = registry_past_correct (&it->self->past, &it->old, &it->person);
  return rc;
}

/* What no longer holds is closed by the correction, here and with those whom it concerns. */
static mns_rc_t write_findings (correct_t *it) {
  registry_review_t review = {
      .self = it->self, .today = it->today, .now = it->row.recorded, .account = it->row.account};
  registry_quality_tell (&it->breaches, it->finding);
  return registry_review_change (&review, &it->old, &it->person, true);
}

static mns_rc_t write_correction (correct_t *it, mns_turn_t *turn, const mns_caller_t *caller) {
  mns_correction_entry_t *row = &it->row;
  row->person = it->person.id;
  row->event = find_fact (it->request->field)->of_event ? it->request->event : 0;
  row->place = it->person.place;
  row->registered = it->today;
  row->changed = it->request->changed;
  row->recorded = mns_turn_now (turn);
  mns_text_copy (row->field, sizeof row->field, it->request->field);
  mns_text_copy (row->reason, sizeof row->reason, it->request->reason);
  mns_text_copy (row->account, sizeof row->account, caller->account);
  mns_text_copy (row->approved_by, sizeof row->approved_by, it->approved_by);
  mns_rc_t rc = mns_db_take (it->self->db, "correction", 1, &row->id);
  if (rc == MNS_OK)
    rc = registry_correction_insert (&it->self->events, row);
  if (rc == MNS_OK)
    rc = write_facts (it);
  if (rc == MNS_OK)
    rc = write_findings (it);
  return rc == MNS_OK ? registry_publish_correction (it->self, turn, &it->person, row, it->restatements, it->restated)
                      : rc;
}

/* ---- a second person --------------------------------------------------------------------------------------------- */

/* Since when the fact stands in the register. */
static mns_date_t stands_since (const correct_t *it, const fact_t *fact) {
  if (fact->of_event)
    return it->events[it->corrected].registered;
  if (it->person.entry_day)
    return it->person.entry_day;
  return it->event_count ? it->events[0].registered : 0;
}

static bool waits (const correct_t *it, const fact_t *fact) {
  return !*it->approved_by && !it->request->changed &&
         registry_correction_waits (&it->self->catalogue.terms, fact->field, stands_since (it, fact), it->today);
}

static mns_rc_t put_aside (correct_t *it, mns_turn_t *turn, const mns_caller_t *caller, uint64_t *number) {
  char since[MNS_DATE_TEXT];
  mns_pending_info_t pending;
  mns_record_clear (&mns_pending_info_type, &pending);
  pending.place = registry_area (it->self, it->person.place, it->person.residence);
  pending.person = it->person.id;
  mns_text_copy (pending.field, sizeof pending.field, it->request->field);
  mns_date_format (stands_since (it, find_fact (it->request->field)), since);
  snprintf (pending.why, sizeof pending.why, "corrects what stands in the register since %s", since);
  mns_text_copy (pending.account, sizeof pending.account, caller->account);
  pending.entered = mns_turn_now (turn);
  mns_rc_t rc = registry_put_aside (it->self, &pending, &mns_correct_request_type, it->request);
  *number = pending.pending;
  return rc;
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static void reply (mns_turn_t *turn, const correct_t *it, bool changed, uint64_t pending) {
  mns_correct_outcome_t outcome;
  mns_record_clear (&mns_correct_outcome_type, &outcome);
  outcome.result = pending ? MNS_ROW_WAITING : changed ? MNS_ROW_CREATED : MNS_ROW_EXISTS;
  outcome.correction = it->row.id;
  outcome.person = it->person.id;
  outcome.restated = changed && !pending ? (int64_t)it->restated / 2 : 0;
  outcome.pending = pending;
  mns_text_copy (outcome.finding, sizeof outcome.finding, it->finding);
  if (outcome.result == MNS_ROW_CREATED)
    mns_turn_last_event (turn, &outcome.epoch, &outcome.number);
  mns_turn_reply (turn, &mns_correct_outcome_type, &outcome);
}

/* Everything that a correction asks for, before anything is written. */
static mns_rc_t decide (correct_t *it, const mns_caller_t *caller) {
  const fact_t *fact = find_fact (it->request->field);
  if (!fact)
    return mns_fail (
        it->error, MNS_INVALID, "field",
        "no such fact; of a person: name, native_name, sex, birth, birth_precision, birth_calendar, "
        "birth_text, citizen_number, ethnic, marital, registration, mother, father; of an event: occurred, "
        "birth_order");
  mns_rc_t rc = check_changed (it, fact);
  if (rc == MNS_OK)
    rc = load_facts (it, fact);
  if (rc == MNS_OK)
    rc = registry_covers (caller, registry_area (it->self, it->old.place, it->old.residence), it->error);
  if (rc == MNS_OK)
    rc = apply (it, fact);
  return rc == MNS_OK ? judge (it) : rc;
}

static mns_rc_t correct (correct_t *it, mns_turn_t *turn, const mns_caller_t *caller) {
  uint64_t pending = 0;
  mns_rc_t rc = decide (it, caller);
  if (rc != MNS_OK)
    return rc;
  bool changed = strcmp (it->row.old_value, it->row.new_value) != 0;
  if (changed && waits (it, find_fact (it->request->field))) {
    rc = put_aside (it, turn, caller, &pending);
  } else if (changed) {
    restate_all (it);
    rc = write_correction (it, turn, caller);
  }
  if (rc == MNS_OK && !*it->approved_by)
    reply (turn, it, changed, pending);
  return rc;
}

static correct_t *begin (registry_t *self, mns_turn_t *turn, const mns_correct_request_t *request) {
  correct_t *it = mns_alloc (sizeof *it);
  it->self = self;
  it->request = request;
  it->approved_by = "";
  it->today = mns_turn_today (turn);
  it->error = mns_turn_error (turn);
  it->finding[0] = 0;
  mns_record_clear (&mns_correction_entry_type, &it->row);
  return it;
}

mns_rc_t registry_handle_correct (void *self, mns_turn_t *turn, const mns_request_t *request) {
  correct_t *it = begin (self, turn, request->record);
  mns_rc_t rc = correct (it, turn, &request->caller);
  free (it);
  return rc;
}

mns_rc_t registry_correct_again (registry_t *self, mns_turn_t *turn, const registry_again_t *again,
                                 const mns_correct_request_t *request, mns_pending_outcome_t *outcome) {
  correct_t *it = begin (self, turn, request);
  it->approved_by = again->approved_by;
  mns_rc_t rc = correct (it, turn, &again->caller);
  outcome->person = it->person.id;
  outcome->correction = it->row.id;
  mns_text_copy (outcome->finding, sizeof outcome->finding, it->finding);
  free (it);
  return rc;
}
