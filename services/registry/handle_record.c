/* registry.record and registry.record-batch: events of life, one by one or up to 1,000 rows of a return. One path for
 * both: decide, then write, then tell. */
#include "services/registry/handle.h"

#include "common/records/registry_requests.h"
#include "common/text.h"
#include "services/registry/publish.h"
#include "services/registry/record_case.h"
#include "services/registry/rules_life.h"
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
    [MNS_BASELINE] = decide_baseline,        [MNS_BIRTH] = registry_decide_birth,
    [MNS_DEATH] = registry_decide_change,    [MNS_MOVE_IN] = registry_decide_move_in,
    [MNS_MOVE_OUT] = registry_decide_change, [MNS_MOVE_WITHIN] = registry_decide_change,
    [MNS_ADJUSTMENT] = decide_adjustment,
};

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
  if (rc == MNS_OK && *in->citizen_number)
    rc = registry_number_read (in->citizen_number, &it->number, &it->error);
  return rc;
}

static void begin (registry_case_t *it) {
  it->number.text[0] = 0;
  it->number.birth = 0;
  it->number.sex = 0;
  it->is_new = it->exists = false;
  it->old.id = it->person.id = 0;
  it->old.since = 0;
  it->household_key[0] = it->finding[0] = 0;
  it->likely = 0;
  it->suspect.verdict = REGISTRY_OTHER;
  it->error = (mns_error_t){0};
  mns_record_clear (&mns_event_entry_type, &it->event);
}

static mns_rc_t decide (registry_case_t *it) {
  begin (it);
  mns_rc_t rc = check_input (it);
  return rc == MNS_OK ? deciders[it->in.event](it) : rc;
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

static mns_rc_t write_person (registry_case_t *it) {
  mns_person_entry_t *person = &it->person;
  registry_people_t *people = &it->self->people;
  if (it->is_new) {
    mns_rc_t rc = mns_db_take (it->self->db, "person", 1, &person->id);
    return rc == MNS_OK ? registry_person_insert (people, person) : rc;
  }
  bool stays = person->place == it->old.place && person->household == it->old.household &&
               person->residence == it->old.residence && person->registration == it->old.registration &&
               person->relation == it->old.relation && person->marital == it->old.marital;
  return stays ? registry_person_update_life (people, person) : registry_person_update_standing (people, person);
}

static mns_rc_t write_suspicion (registry_case_t *it) {
  if (!it->is_new || it->suspect.verdict == REGISTRY_OTHER)
    return MNS_OK;
  return registry_suspect (it->self, &it->person, &it->suspect, it->today,
                           it->in.confirm == MNS_YES ? it->caller->account : NULL, it->finding);
}

static void fill_event (registry_case_t *it) {
  const mns_life_return_t *in = &it->in;
  const mns_person_entry_t *person = &it->person;
  mns_event_entry_t *event = &it->event;
  event->kind = in->event;
  event->person = person->id;
  event->household = person->household;
  event->place = person->place;
  event->residence = person->residence;
  event->occurred = in->occurred;
  event->registered = in->registered;
  event->sex = person->sex;
  event->birth = person->birth;
  event->registration = person->registration;
  event->origin = in->origin ? in->origin : MNS_OWN;
  event->evidence = in->evidence;
  event->happened_at = in->happened_at;
  memcpy (event->certificate, in->certificate, sizeof event->certificate);
  memcpy (event->note, in->note, sizeof event->note);
  mns_text_copy (event->account, sizeof event->account, it->caller->account);
  event->recorded = it->now;
}

static mns_rc_t write_case (registry_case_t *it, mns_turn_t *turn) {
  mns_rc_t rc = write_household (it);
  if (rc == MNS_OK)
    rc = write_person (it);
  if (rc == MNS_OK)
    rc = write_suspicion (it);
  if (rc == MNS_OK)
    rc = mns_db_take (it->self->db, "event", 1, &it->event.id);
  fill_event (it);
  if (rc == MNS_OK)
    rc = registry_event_insert (&it->self->events, &it->event);
  if (rc == MNS_OK && !it->is_new)
    rc = registry_past_close (&it->self->past, &it->old, it->in.occurred, it->event.id);
  if (rc == MNS_OK && *it->finding)
    rc = registry_finding_insert (&it->self->people, it->person.id, mns_code_word (&mns_life_event, it->in.event),
                                  it->finding, it->now);
  return rc == MNS_OK ? registry_publish_event (it->self, turn, &it->person, &it->event) : rc;
}

static void init (registry_case_t *it, registry_t *self, mns_turn_t *turn, const mns_request_t *request) {
  it->self = self;
  it->caller = &request->caller;
  it->today = mns_turn_today (turn);
  it->now = mns_turn_now (turn);
}

/* ---- commands --------------------------------------------------------------------------------------------------- */

static void reply (mns_turn_t *turn, const registry_case_t *it) {
  mns_record_outcome_t outcome;
  mns_record_clear (&mns_record_outcome_type, &outcome);
  outcome.result = it->exists ? MNS_ROW_EXISTS : MNS_ROW_CREATED;
  outcome.event = it->event.id;
  outcome.person = it->person.id;
  outcome.household = it->person.household;
  outcome.place = it->person.place;
  mns_text_copy (outcome.finding, sizeof outcome.finding, it->finding);
  if (!it->exists)
    mns_turn_last_event (turn, &outcome.epoch, &outcome.number);
  mns_turn_reply (turn, &mns_record_outcome_type, &outcome);
}

mns_rc_t registry_handle_record (void *self, mns_turn_t *turn, const mns_request_t *request) {
  registry_case_t it;
  init (&it, self, turn, request);
  it.in = *(const mns_life_return_t *)request->record;
  mns_rc_t rc = decide (&it);
  if (rc != MNS_OK) {
    *mns_turn_error (turn) = it.error;
    return rc;
  }
  if (!it.exists)
    rc = write_case (&it, turn);
  if (rc == MNS_OK)
    reply (turn, &it);
  return rc;
}

static mns_rc_t record_row (registry_case_t *it, mns_turn_t *turn, registry_rows_t *rows) {
  mns_rc_t rc = decide (it);
  if (registry_is_refusal (rc)) {
    registry_rows_refuse (rows, &it->error, it->likely);
    return MNS_OK;
  }
  if (rc == MNS_OK && !it->exists)
    rc = write_case (it, turn);
  if (rc == MNS_OK)
    registry_rows_accept (rows, it->exists ? MNS_ROW_EXISTS : MNS_ROW_CREATED, it->person.id, it->event.id,
                          it->finding);
  return rc;
}

mns_rc_t registry_handle_record_batch (void *self, mns_turn_t *turn, const mns_request_t *request) {
  registry_case_t it;
  registry_rows_t rows;
  mns_rc_t rc;
  init (&it, self, turn, request);
  registry_rows_begin (&rows, turn, request);
  while ((rc = registry_rows_next (&rows, &mns_life_return_type, &it.in)) == MNS_OK) {
    rc = record_row (&it, turn, &rows);
    if (rc != MNS_OK)
      return rc;
  }
  return rc == MNS_GONE ? MNS_OK : rc;
}
