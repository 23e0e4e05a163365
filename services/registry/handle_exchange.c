/* What clerks do with matters between counties: open one, deal with one. */
#include "services/registry/handle.h"

#include "common/records/place.h"
#include "services/registry/exchange.h"
#include <inttypes.h>
#include <string.h>

static mns_rc_t fail (mns_turn_t *turn, const registry_exchange_t *it, mns_rc_t rc) {
  if (it->error.rc == rc)
    *mns_turn_error (turn) = it->error;
  return rc;
}

static mns_rc_t reply (registry_exchange_t *it) {
  mns_turn_reply (it->turn, &mns_matter_info_type, &it->matter);
  return MNS_OK;
}

static mns_rc_t check_village (registry_exchange_t *it, mns_place_t place) {
  mns_rc_t rc = registry_covers (it->caller, place, &it->error);
  return rc == MNS_OK ? registry_village_check (it->self, "place", place, it->today, &it->error) : rc;
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static mns_rc_t missing (registry_exchange_t *it, const char *field, const char *why) {
  return mns_fail (&it->error, MNS_MISSING, field, "%s", why);
}

/* A person of this register, present and registered here. */
static mns_rc_t take_person (registry_exchange_t *it, uint64_t id) {
  mns_person_entry_t person;
  mns_rc_t rc = registry_person_get (&it->self->people, id, &person, &it->error);
  if (rc == MNS_OK)
    rc = registry_covers (it->caller, registry_area (it->self, person.place, person.residence), &it->error);
  if (rc != MNS_OK)
    return rc;
  if (person.status != MNS_PRESENT || !registry_is_local (it->self, person.place))
    return mns_fail (&it->error, MNS_WRONG_STATE, "person", "register number %" PRIu64 " is not registered here (%s)",
                     id, mns_code_word (&mns_person_status, person.status));
  registry_exchange_describe (it, &person);
  it->matter.origin = person.place;
  return MNS_OK;
}

static mns_rc_t check_not_moving (registry_exchange_t *it) {
  mns_matter_info_t other;
  mns_rc_t rc = registry_matter_of_person (&it->self->matters, it->matter.person, it->matter.kind, &other);
  if (rc == MNS_OK && other.id)
    rc = mns_fail (&it->error, MNS_WRONG_STATE, "person", "matter %" PRIu64 " of this person is still open (%s)",
                   other.id, mns_code_word (&mns_matter_state, other.state));
  return rc;
}

static mns_rc_t open_move (registry_exchange_t *it, const mns_matter_request_t *in) {
  if (!in->person)
    return missing (it, "person", "say who moves: the register number");
  mns_rc_t rc = take_person (it, in->person);
  it->matter.destination = in->other_place ? in->other_place : in->partner;
  return rc == MNS_OK ? check_not_moving (it) : rc;
}

/* Somebody who is registered there. */
static mns_rc_t take_facts (registry_exchange_t *it, const mns_matter_request_t *in) {
  if (!*in->name)
    return missing (it, "name", "say who it is: the name, and the citizen number or the birth date");
  if (!*in->citizen_number && !in->birth)
    return missing (it, "citizen_number", "a name alone names nobody: give the citizen number or the birth date");
  it->matter.origin = in->other_place ? in->other_place : in->partner;
  it->matter.destination = in->place ? in->place : it->self->county;
  return registry_covers (it->caller, it->matter.destination, &it->error);
}

static mns_rc_t open_stay_here (registry_exchange_t *it, const mns_matter_request_t *in) {
  mns_rc_t rc = take_facts (it, in);
  if (rc == MNS_OK && (!in->sex || !in->birth))
    rc = missing (it, in->sex ? "birth" : "sex", "a floating resident is entered with sex and birth date");
  if (rc == MNS_OK)
    rc = check_village (it, in->place);
  if (rc == MNS_OK)
    rc = registry_exchange_settle (it);
  return rc == MNS_OK ? check_not_moving (it) : rc;
}

static mns_rc_t open_stay (registry_exchange_t *it, const mns_matter_request_t *in) {
  if (!it->matter.day)
    it->matter.day = it->today;
  if (!in->person)
    return open_stay_here (it, in);
  mns_rc_t rc = take_person (it, in->person);
  it->matter.destination = in->other_place ? in->other_place : in->partner;
  return rc == MNS_OK ? check_not_moving (it) : rc;
}

static mns_rc_t open_death (registry_exchange_t *it, const mns_matter_request_t *in) {
  return in->day ? take_facts (it, in) : missing (it, "day", "say the day of the death");
}

static mns_rc_t (*const openers[]) (registry_exchange_t *it, const mns_matter_request_t *in) = {
    [MNS_MATTER_MOVE] = open_move,
    [MNS_MATTER_VERIFICATION] = take_facts,
    [MNS_MATTER_STAY] = open_stay,
    [MNS_MATTER_DEATH] = open_death,
};

static mns_rc_t check_other (registry_exchange_t *it, const mns_matter_request_t *in) {
  if (!it->self->county)
    return mns_fail (&it->error, MNS_WRONG_STATE, "county", "say in mns.yaml which county this is, first");
  if (in->other_place && !mns_place_covers (in->partner, in->other_place))
    return mns_fail (&it->error, MNS_INVALID, "other_place", "this place is not in the partner county");
  if (in->day > it->today)
    return mns_fail (&it->error, MNS_OUT_OF_RANGE, "day", "this day lies after today");
  return registry_exchange_partner (it, in->partner);
}

static void begin_matter (registry_exchange_t *it, const mns_matter_request_t *in, const mns_uuid_t *key) {
  mns_matter_info_t *matter = &it->matter;
  mns_record_copy_fields (&mns_matter_info_type, matter, &mns_matter_request_type, in);
  matter->matter = *key;
  matter->side = MNS_SIDE_SENT;
  matter->sender = it->self->county;
  matter->receiver = in->partner;
  matter->opened = it->today;
  matter->revision = 0;
  matter->person = 0;
}

static void set_deadline (registry_exchange_t *it) {
  registry_terms_t terms = {it->partner->answer_days, it->partner->remind_days};
  registry_deadline_t deadline = registry_deadline (&it->self->calendar, it->matter.opened, &terms);
  it->matter.due = deadline.due;
  it->matter.weekdays_only = deadline.guessed ? MNS_YES : 0;
}

mns_rc_t registry_handle_exchange_open (void *self, mns_turn_t *turn, const mns_request_t *request) {
  registry_exchange_t it;
  const mns_matter_request_t *in = request->record;
  registry_exchange_begin (&it, self, turn, &request->caller);
  mns_rc_t rc = check_other (&it, in);
  begin_matter (&it, in, &request->key);
  if (rc == MNS_OK)
    rc = openers[in->kind](&it, in);
  bool lives_here = registry_is_local (self, it.matter.destination);
  if (rc == MNS_OK)
    rc = registry_exchange_step (&it, registry_exchange_opening (in->kind, lives_here));
  if (rc == MNS_OK && registry_exchange_is_open (it.matter.state))
    set_deadline (&it);
  if (rc == MNS_OK)
    rc = registry_exchange_send (&it);
  return rc == MNS_OK ? reply (&it) : fail (turn, &it, rc);
}

/* ---- dealing ----------------------------------------------------------------------------------------------------- */

static void take_note (registry_exchange_t *it, const mns_matter_action_t *in) {
  if (*in->note)
    memcpy (it->matter.note, in->note, sizeof it->matter.note);
}

/* Somebody who was released and could not come in gets another village or household, and comes. */
static mns_rc_t accept (registry_exchange_t *it, const mns_matter_action_t *in) {
  mns_matter_info_t *matter = &it->matter;
  bool released = matter->state == MNS_MATTER_RELEASED;
  mns_rc_t rc = check_village (it, in->place);
  if (rc == MNS_OK && (in->day > it->today || (in->day && in->day < matter->opened)))
    rc = mns_fail (&it->error, MNS_OUT_OF_RANGE, "day", "a move counts from a day between the proposal and today");
  if (rc != MNS_OK)
    return rc;
  matter->destination = in->place;
  memcpy (matter->household, in->household, sizeof matter->household);
  matter->relation = in->relation;
  matter->trouble[0] = 0;
  if (!released) {
    matter->day = in->day ? in->day : it->today;
    return registry_exchange_step (it, MNS_STEP_ACCEPT);
  }
  rc = registry_exchange_arrive (it);
  return rc == MNS_OK ? registry_exchange_step (it, MNS_STEP_COMPLETE) : rc;
}

static mns_rc_t refuse (registry_exchange_t *it, const mns_matter_action_t *in) {
  return *in->note ? registry_exchange_step (it, MNS_STEP_REFUSE) : missing (it, "note", "say why it is refused");
}

static mns_rc_t cancel (registry_exchange_t *it, const mns_matter_action_t *in) {
  (void)in;
  mns_rc_t rc = registry_exchange_step (it, MNS_STEP_CANCEL);
  it->matter.closed = it->today;
  return rc;
}

static mns_rc_t answer (registry_exchange_t *it, const mns_matter_action_t *in) {
  mns_rc_t rc = registry_exchange_step (it, MNS_STEP_ANSWER);
  if (rc == MNS_OK && !in->result)
    return registry_exchange_verify (it, in->person);
  it->matter.result = in->result;
  it->matter.person = in->person;
  memcpy (it->matter.differs, in->differs, sizeof it->matter.differs);
  if (rc == MNS_OK && in->result == MNS_DIFFERS && !*in->differs)
    rc = missing (it, "differs", "say what differs");
  return rc;
}

static mns_rc_t begin_stay (registry_exchange_t *it, const mns_matter_action_t *in) {
  mns_rc_t rc = check_village (it, in->place);
  if (rc == MNS_OK)
    rc = registry_exchange_step (it, MNS_STEP_BEGIN);
  it->matter.destination = in->place;
  if (in->expected_end)
    it->matter.expected_end = in->expected_end;
  return rc == MNS_OK ? registry_exchange_settle (it) : rc;
}

static mns_rc_t renew (registry_exchange_t *it, const mns_matter_action_t *in) {
  if (in->expected_end <= it->today)
    return mns_fail (&it->error, MNS_OUT_OF_RANGE, "expected_end", "say until when: a day after today");
  it->matter.expected_end = in->expected_end;
  return registry_exchange_step (it, MNS_STEP_RENEW);
}

static mns_rc_t end_stay (registry_exchange_t *it, const mns_matter_action_t *in) {
  if (in->day > it->today || (in->day && in->day < it->matter.day))
    return mns_fail (&it->error, MNS_OUT_OF_RANGE, "day", "a stay ends between its first day and today");
  it->matter.closed = in->day ? in->day : it->today;
  mns_rc_t rc = registry_exchange_step (it, MNS_STEP_END);
  return rc == MNS_OK ? registry_exchange_leave (it) : rc;
}

static mns_rc_t record_death (registry_exchange_t *it, const mns_matter_action_t *in) {
  it->matter.person = in->person;
  it->matter.trouble[0] = 0;
  mns_rc_t rc = registry_exchange_step (it, MNS_STEP_RECORD);
  return rc == MNS_OK ? registry_exchange_bury (it) : rc;
}

static const struct {
  mns_code_t step;
  mns_rc_t (*act) (registry_exchange_t *it, const mns_matter_action_t *in);
} actions[] = {
    {MNS_STEP_ACCEPT, accept},    {MNS_STEP_REFUSE, refuse}, {MNS_STEP_CANCEL, cancel}, {MNS_STEP_ANSWER, answer},
    {MNS_STEP_BEGIN, begin_stay}, {MNS_STEP_RENEW, renew},   {MNS_STEP_END, end_stay},  {MNS_STEP_RECORD, record_death},
};

static mns_rc_t act (registry_exchange_t *it, const mns_matter_action_t *in) {
  for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
    if (actions[i].step == in->step)
      return actions[i].act (it, in);
  return mns_fail (&it->error, MNS_INVALID, "step",
                   "'%s' comes by itself; a clerk can accept, refuse, cancel, answer, begin, renew, end or record",
                   mns_code_word (&mns_matter_step, in->step));
}

mns_rc_t registry_handle_exchange_act (void *self, mns_turn_t *turn, const mns_request_t *request) {
  registry_exchange_t it;
  const mns_matter_action_t *in = request->record;
  registry_exchange_begin (&it, self, turn, &request->caller);
  mns_rc_t rc = registry_matter_get (&it.self->matters, in->id, &it.matter, &it.error);
  it.before = it.matter.state;
  if (rc == MNS_OK)
    rc = registry_exchange_partner (&it, it.matter.partner);
  if (rc == MNS_OK)
    rc = registry_covers (it.caller, registry_exchange_place (&it), &it.error);
  if (rc == MNS_OK)
    rc = act (&it, in);
  take_note (&it, in);
  if (rc == MNS_OK)
    rc = registry_exchange_send (&it);
  return rc == MNS_OK ? reply (&it) : fail (turn, &it, rc);
}
