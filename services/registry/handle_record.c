/* registry.record and registry.record-batch: events of life, one by one or up to 1,000 rows of a return. One path for
 * both: decide, then write, then tell. */
#include "services/registry/handle.h"

#include "common/records/registry_requests.h"
#include "common/text.h"
#include "services/registry/again.h"
#include "services/registry/publish.h"
#include "services/registry/record_case.h"
#include "services/registry/restate.h"
#include "services/registry/rules_life.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- deciding --------------------------------------------------------------------------------------------------- */

static mns_rc_t decide_adjustment (registry_case_t *it) {
  if (!it->in.adjustment)
    return mns_fail (&it->error, MNS_MISSING, "adjustment", "say the cause: omitted, duplicate or annulment");
  int delta = registry_adjustment_delta (it->in.adjustment);
  if (delta == 0)
    return mns_fail (&it->error, MNS_INVALID, "adjustment", "a return can give omitted, duplicate or annulment");
  return delta > 0 ? registry_decide_omitted (it) : registry_decide_change (it);
}

static mns_rc_t decide_baseline (registry_case_t *it) {
  return mns_fail (&it->error, MNS_INVALID, "event", "persons of the baseline are loaded from a persons file");
}

static mns_rc_t (*const deciders[]) (registry_case_t *it) = {
    [MNS_BASELINE] = decide_baseline,
    [MNS_BIRTH] = registry_decide_birth,
    [MNS_DEATH] = registry_decide_change,
    [MNS_MOVE_IN] = registry_decide_move_in,
    [MNS_MOVE_OUT] = registry_decide_change,
    [MNS_MOVE_WITHIN] = registry_decide_change,
    [MNS_ADJUSTMENT] = decide_adjustment,
    [MNS_MARRIAGE] = registry_decide_change,
    [MNS_DIVORCE] = registry_decide_change,
    [MNS_ADOPTION] = registry_decide_change,
    [MNS_ADOPTION_END] = registry_decide_change,
    [MNS_HOUSEHOLD_SPLIT] = registry_decide_change,
    [MNS_HOUSEHOLD_JOIN] = registry_decide_change,
    [MNS_HEAD_CHANGE] = registry_decide_change,
};

static void set_lateness (registry_case_t *it) {
  const registry_told_t told = {.event = it->in.event,
                                .area = it->self->village.registration,
                                .occurred = it->in.occurred,
                                .registered = it->in.registered};
  it->event.lateness = registry_lateness (&it->self->catalogue.terms, &told);
}

/* A village may have ended since the day of the event. From then on nothing is registered in it, and a move, which
 * needs to know what was where, is told before that. */
static mns_rc_t find_land (registry_case_t *it) {
  const mns_life_return_t *in = &it->in;
  char day[MNS_DATE_TEXT], code[MNS_PLACE_TEXT];
  mns_date_t ended = it->self->village.valid_to;
  it->land = in->place;
  if (!ended || it->today < ended)
    return MNS_OK;
  mns_date_format (ended, day);
  mns_place_format (in->place, code);
  if (in->registered < ended)
    return mns_fail (&it->error, MNS_DATE_ORDER, "registered",
                     "%s has ended on %s: what is entered now is registered on that day or later", code, day);
  if (in->event == MNS_MOVE_WITHIN)
    return mns_fail (&it->error, MNS_DATE_ORDER, "occurred",
                     "%s has ended on %s: a move within the county is entered as of that day or later", code, day);
  return registry_place_today (it->self, in->place, in->occurred, 0, &it->land);
}

static mns_rc_t check_input (registry_case_t *it) {
  mns_life_return_t *in = &it->in;
  mns_rc_t rc = mns_record_validate (&mns_life_return_type, in, &it->error);
  if (rc != MNS_OK)
    return rc;
  if (!in->registered)
    in->registered = it->today;
  rc = registry_covers (it->caller, in->place, &it->error);
  if (rc == MNS_OK)
    rc = registry_village_check (it->self, "place", in->place, in->occurred, &it->error);
  if (rc == MNS_OK)
    set_lateness (it);
  if (rc == MNS_OK)
    rc = find_land (it);
  if (rc == MNS_OK && *in->citizen_number)
    rc = registry_number_read (in->citizen_number, &it->number, &it->error);
  return rc;
}

static void begin (registry_case_t *it) {
  it->number.text[0] = 0;
  it->number.birth = 0;
  it->number.sex = 0;
  it->is_new = it->exists = it->back = it->ends_stay = it->together = false;
  it->other_count = 0;
  it->old.id = it->person.id = 0;
  it->old.since = 0;
  it->household_key[0] = it->finding[0] = 0;
  it->likely = 0;
  it->suspect.verdict = REGISTRY_OTHER;
  it->sharer = 0;
  it->error = (mns_error_t){0};
  mns_record_clear (&mns_event_entry_type, &it->event);
}

mns_rc_t registry_case_decide (registry_case_t *it) {
  begin (it);
  mns_rc_t rc = check_input (it);
  if (rc == MNS_OK)
    rc = deciders[it->in.event](it);
  return rc == MNS_OK && !it->exists ? registry_case_judge (it) : rc;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static mns_rc_t write_household (registry_case_t *it) {
  mns_person_entry_t *person = &it->person;
  if (person->household)
    return MNS_OK;
  mns_rc_t rc = mns_db_take (it->self->db, "household", 1, &person->household);
  if (rc != MNS_OK)
    return rc;
  return registry_household_insert (&it->self->people, person->household,
                                    registry_area (it->self, person->place, person->residence), it->household_key);
}

static mns_rc_t write_newcomer (registry_case_t *it) {
  mns_rc_t rc = mns_db_take (it->self->db, "person", 1, &it->person.id);
  return rc == MNS_OK ? registry_person_insert (&it->self->people, &it->person) : rc;
}

static mns_rc_t write_suspicion (registry_case_t *it) {
  if (!it->is_new || it->suspect.verdict == REGISTRY_OTHER)
    return MNS_OK;
  return registry_suspect (it->self, &it->person, &it->suspect, it->today,
                           it->in.confirm == MNS_YES ? it->caller->account : NULL, it->finding);
}

/* What the return says of the event, whomever it happens to. */
static void fill_event (registry_case_t *it) {
  const mns_life_return_t *in = &it->in;
  mns_event_entry_t *event = &it->event;
  event->kind = in->event;
  event->occurred = in->occurred;
  event->registered = in->registered;
  event->origin = in->origin ? in->origin : MNS_OWN;
  event->evidence = in->evidence;
  event->happened_at = in->happened_at;
  mns_text_copy (event->approved_by, sizeof event->approved_by, it->approved_by);
  memcpy (event->certificate, in->certificate, sizeof event->certificate);
  memcpy (event->note, in->note, sizeof event->note);
  mns_text_copy (event->account, sizeof event->account, it->caller->account);
  event->recorded = it->now;
}

/* The event keeps the place of its day; by date of registration it counts where that lies now. */
static mns_rc_t keep_place_of_day (const registry_case_t *it, mns_event_entry_t *event) {
  if (it->land == it->in.place)
    return MNS_OK;
  if (event->place == it->land) {
    event->registered_place = it->land;
    event->place = it->in.place;
  }
  if (!event->residence)
    return MNS_OK;
  if (event->residence == it->land) {
    event->registered_residence = it->land;
    event->residence = it->in.place;
    return MNS_OK;
  }
  return registry_place_then (it->self, event->household, event->occurred, &event->residence);
}

static mns_rc_t write_event (registry_case_t *it, const mns_person_entry_t *person, mns_event_entry_t *event) {
  event->person = person->id;
  event->household = person->household;
  event->place = person->place;
  event->residence = person->residence;
  event->sex = person->sex;
  event->birth = person->birth;
  event->registration = person->registration;
  mns_rc_t rc = keep_place_of_day (it, event);
  if (rc == MNS_OK)
    rc = mns_db_take (it->self->db, "event", 1, &event->id);
  return rc == MNS_OK ? registry_event_insert (&it->self->events, event) : rc;
}

/* The stay of an incomer ends, told before it moves in. */
static mns_rc_t write_end_of_stay (registry_case_t *it, mns_turn_t *turn) {
  mns_event_entry_t event = it->event;
  event.kind = MNS_MOVE_OUT;
  event.other_place = it->in.place;
  mns_rc_t rc = write_event (it, &it->old, &event);
  return rc == MNS_OK ? registry_publish_event (it->self, turn, &it->old, &event) : rc;
}

/* The person of the event as it stands from that day on. */
static mns_rc_t write_standing (registry_case_t *it) {
  registry_change_t change = {.old = it->old, .person = it->person, .back = it->back};
  mns_rc_t rc = registry_change_write (it->self, &change, it->in.occurred, it->event.id, &it->error);
  it->current_place = it->back ? change.person.place : 0;
  return rc;
}

static mns_rc_t restate (registry_case_t *it, mns_turn_t *turn) {
  const registry_change_t moved = {.old = it->old, .person = it->person};
  if (!it->back || it->in.event != MNS_MOVE_WITHIN)
    return MNS_OK;
  return registry_restate_moved (it->self, turn, &moved, &it->event);
}

/* Whoever goes along has an event of its own; otherwise the one event changes others too. */
static mns_rc_t write_other (registry_case_t *it, mns_turn_t *turn, registry_change_t *other) {
  mns_event_entry_t event = it->event;
  if (!it->together)
    return registry_change_write (it->self, other, it->in.occurred, it->event.id, &it->error);
  event.certificate[0] = 0;
  if (it->in.event == MNS_MOVE_WITHIN)
    other->person.household = it->person.household;
  mns_rc_t rc = write_event (it, &other->person, &event);
  if (rc == MNS_OK)
    rc = registry_change_write (it->self, other, it->in.occurred, event.id, &it->error);
  return rc == MNS_OK ? registry_publish_event (it->self, turn, &other->person, &event) : rc;
}

static mns_rc_t tell (registry_case_t *it, mns_turn_t *turn) {
  switch (it->in.event) {
  case MNS_MARRIAGE:
  case MNS_DIVORCE:
    return registry_publish_couple (it->self, turn, &it->person, &it->event,
                                    it->other_count ? &it->others[0].person : NULL);
  case MNS_HOUSEHOLD_SPLIT:
  case MNS_HOUSEHOLD_JOIN:
  case MNS_HEAD_CHANGE:
    return registry_publish_membership (it->self, turn, &it->person, &it->event, it->others, it->other_count);
  case MNS_MOVE_WITHIN:
    return registry_publish_move_within (it->self, turn, &it->person, &it->event, it->current_place);
  default:
    return registry_publish_event (it->self, turn, &it->person, &it->event);
  }
}

static mns_rc_t write_remark (registry_case_t *it) {
  if (!*it->finding)
    return MNS_OK;
  return registry_remark (&it->self->findings, it->person.id, mns_code_word (&mns_life_event, it->in.event),
                          it->finding, it->now);
}

/* Findings about all it changed and their households, and the suspicion that the newcomer is one too many. */
static mns_rc_t write_findings (registry_case_t *it) {
  registry_review_t review = {.self = it->self, .today = it->today, .now = it->now, .account = it->caller->account};
  mns_rc_t rc = write_suspicion (it);
  registry_quality_tell (&it->breaches, it->finding);
  if (rc == MNS_OK)
    rc = registry_review_change (&review, it->is_new ? NULL : &it->old, &it->person, false);
  for (size_t i = 0; rc == MNS_OK && i < it->other_count; i++)
    rc = registry_review_change (&review, &it->others[i].old, &it->others[i].person, false);
  return rc;
}

mns_rc_t registry_case_write (registry_case_t *it, mns_turn_t *turn) {
  fill_event (it);
  mns_rc_t rc = write_household (it);
  if (rc == MNS_OK && it->is_new)
    rc = write_newcomer (it);
  if (rc == MNS_OK)
    rc = write_remark (it);
  if (rc == MNS_OK && it->ends_stay)
    rc = write_end_of_stay (it, turn);
  if (rc == MNS_OK)
    rc = write_event (it, &it->person, &it->event);
  if (rc == MNS_OK && !it->is_new)
    rc = write_standing (it);
  if (rc == MNS_OK)
    rc = tell (it, turn);
  if (rc == MNS_OK)
    rc = restate (it, turn);
  for (size_t i = 0; rc == MNS_OK && i < it->other_count; i++)
    rc = write_other (it, turn, &it->others[i]);
  return rc == MNS_OK ? write_findings (it) : rc;
}

void registry_case_init (registry_case_t *it, registry_t *self, mns_turn_t *turn, const mns_caller_t *caller) {
  it->self = self;
  it->caller = caller;
  it->approved_by = "";
  it->today = mns_turn_today (turn);
  it->now = mns_turn_now (turn);
}

/* ---- a second person --------------------------------------------------------------------------------------------- */

static bool waits (const registry_case_t *it) {
  return !it->exists && it->event.lateness == MNS_VERY_LATE && !*it->approved_by;
}

static mns_rc_t put_aside (registry_case_t *it, uint64_t *number) {
  mns_pending_info_t pending;
  mns_record_clear (&mns_pending_info_type, &pending);
  pending.place = it->in.place;
  pending.event_kind = it->in.event;
  pending.person = it->old.id;
  pending.occurred = it->in.occurred;
  snprintf (pending.why, sizeof pending.why, "told %d days after it happened",
            mns_date_days_between (it->in.occurred, it->in.registered));
  mns_text_copy (pending.account, sizeof pending.account, it->caller->account);
  pending.entered = it->now;
  mns_rc_t rc = registry_put_aside (it->self, &pending, &mns_life_return_type, &it->in);
  *number = pending.pending;
  return rc;
}

mns_rc_t registry_record_again (registry_t *self, mns_turn_t *turn, const registry_again_t *again,
                                const mns_life_return_t *in, mns_pending_outcome_t *outcome) {
  registry_case_t *it = mns_alloc (sizeof *it);
  registry_case_init (it, self, turn, &again->caller);
  it->approved_by = again->approved_by;
  it->in = *in;
  mns_rc_t rc = registry_case_decide (it);
  if (rc != MNS_OK)
    *mns_turn_error (turn) = it->error;
  if (rc == MNS_OK && !it->exists)
    rc = registry_case_write (it, turn);
  outcome->person = it->person.id;
  outcome->event = it->event.id;
  mns_text_copy (outcome->finding, sizeof outcome->finding, it->finding);
  free (it);
  return rc;
}

/* ---- commands --------------------------------------------------------------------------------------------------- */

static void reply (mns_turn_t *turn, const registry_case_t *it, uint64_t pending) {
  mns_record_outcome_t outcome;
  mns_record_clear (&mns_record_outcome_type, &outcome);
  outcome.result = it->exists ? MNS_ROW_EXISTS : pending ? MNS_ROW_WAITING : MNS_ROW_CREATED;
  outcome.event = it->event.id;
  outcome.person = it->person.id;
  outcome.household = it->person.household;
  outcome.place = pending ? it->in.place : it->person.place;
  outcome.pending = pending;
  mns_text_copy (outcome.finding, sizeof outcome.finding, it->finding);
  if (outcome.result == MNS_ROW_CREATED)
    mns_turn_last_event (turn, &outcome.epoch, &outcome.number);
  mns_turn_reply (turn, &mns_record_outcome_type, &outcome);
}

/* Written, put aside (*pending is its number then), or there already. */
static mns_rc_t settle (registry_case_t *it, mns_turn_t *turn, uint64_t *pending) {
  *pending = 0;
  if (it->exists)
    return MNS_OK;
  return waits (it) ? put_aside (it, pending) : registry_case_write (it, turn);
}

static mns_rc_t record (registry_case_t *it, mns_turn_t *turn) {
  uint64_t pending;
  mns_rc_t rc = registry_case_decide (it);
  if (rc != MNS_OK) {
    *mns_turn_error (turn) = it->error;
    return rc;
  }
  rc = settle (it, turn, &pending);
  if (rc == MNS_OK)
    reply (turn, it, pending);
  return rc;
}

mns_rc_t registry_handle_record (void *self, mns_turn_t *turn, const mns_request_t *request) {
  registry_case_t *it = mns_alloc (sizeof *it);
  registry_case_init (it, self, turn, &request->caller);
  it->in = *(const mns_life_return_t *)request->record;
  mns_rc_t rc = record (it, turn);
  free (it);
  return rc;
}

static void accept_row (const registry_case_t *it, registry_rows_t *rows, uint64_t pending) {
  char text[REGISTRY_FINDING_TEXT];
  if (!pending) {
    registry_rows_accept (rows, it->exists ? MNS_ROW_EXISTS : MNS_ROW_CREATED, it->person.id, it->event.id,
                          it->finding);
    return;
  }
  snprintf (text, sizeof text, "waits for a second person as number %" PRIu64 " (mns pending)", pending);
  registry_rows_accept (rows, MNS_ROW_WAITING, it->person.id, 0, text);
}

static mns_rc_t record_row (registry_case_t *it, mns_turn_t *turn, registry_rows_t *rows) {
  uint64_t pending;
  mns_rc_t rc = registry_case_decide (it);
  if (registry_is_refusal (rc)) {
    registry_rows_refuse (rows, &it->error, it->likely);
    return MNS_OK;
  }
  if (rc == MNS_OK)
    rc = settle (it, turn, &pending);
  if (rc == MNS_OK)
    accept_row (it, rows, pending);
  return rc;
}

mns_rc_t registry_handle_record_batch (void *self, mns_turn_t *turn, const mns_request_t *request) {
  registry_case_t *it = mns_alloc (sizeof *it);
  registry_rows_t rows;
  mns_rc_t rc = MNS_OK;
  registry_case_init (it, self, turn, &request->caller);
  registry_rows_begin (&rows, turn, request);
  while (rc == MNS_OK && (rc = registry_rows_next (&rows, &mns_life_return_type, &it->in)) == MNS_OK)
    rc = record_row (it, turn, &rows);
  free (it);
  return rc == MNS_GONE ? MNS_OK : rc;
}
