/* What a matter does to the register: events of life, decided and written as if a clerk had recorded them. */
#include "services/registry/exchange.h"

#include "common/text.h"
#include "services/registry/record_case.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- one event --------------------------------------------------------------------------------------------------- */

static void begin_return (const registry_exchange_t *it, mns_code_t event, mns_life_return_t *in) {
  const mns_matter_info_t *matter = &it->matter;
  mns_record_clear (&mns_life_return_type, in);
  in->event = event;
  in->occurred = matter->day;
  in->registered = it->today > matter->day ? it->today : matter->day;
  in->move_reason = matter->move_reason;
  in->origin = MNS_SHARED;
  memcpy (in->note, matter->note, sizeof in->note);
}

static void describe_newcomer (const mns_matter_info_t *matter, mns_life_return_t *in) {
  memcpy (in->name, matter->name, sizeof in->name);
  memcpy (in->citizen_number, matter->citizen_number, sizeof in->citizen_number);
  in->sex = matter->sex;
  in->birth = matter->birth;
  in->ethnic = matter->ethnic;
  in->marital = matter->marital;
  in->registration = matter->registration;
}

static mns_rc_t carry_out (registry_exchange_t *it, registry_case_t *event, mns_place_t registered_in) {
  mns_rc_t rc = registry_case_decide (event);
  if (rc != MNS_OK) {
    it->error = event->error;
    return rc;
  }
  it->matter.person = event->person.id;
  if (event->exists)
    return MNS_OK;
  if (registered_in) {
    event->person.residence = event->in.place;
    event->person.place = registered_in;
  }
  rc = registry_case_write (event, it->turn);
  it->matter.person = event->person.id;
  return rc;
}

/* One event of life, decided, and written unless it is there; `registered_in`: of an incomer. The day came from another
 * county, whose clock may be a little ahead. */
static mns_rc_t record (registry_exchange_t *it, const mns_life_return_t *in, mns_place_t registered_in) {
  registry_case_t *event = mns_alloc (sizeof *event);
  registry_case_init (event, it->self, it->turn, it->caller);
  event->in = *in;
  if (event->today < in->occurred)
    event->today = in->occurred;
  mns_rc_t rc = carry_out (it, event, registered_in);
  free (event);
  return rc;
}

/* A day that the register can take: never before the person's last event. */
static void settle_day (registry_exchange_t *it, const mns_person_entry_t *person) {
  if (!it->matter.day)
    it->matter.day = it->today;
  if (it->matter.day < person->since)
    it->matter.day = person->since;
}

static mns_rc_t load_person (registry_exchange_t *it, mns_person_entry_t *person) {
  if (it->matter.person)
    return registry_person_get (&it->self->people, it->matter.person, person, &it->error);
  return registry_exchange_find (it, person);
}

/* ---- the move ---------------------------------------------------------------------------------------------------- */

static mns_rc_t not_here (registry_exchange_t *it, const mns_person_entry_t *person) {
  return mns_fail (&it->error, MNS_WRONG_STATE, "person", "the person is not registered here any more (%s)",
                   person->id ? mns_code_word (&mns_person_status, person->status) : "not in the register");
}

mns_rc_t registry_exchange_release (registry_exchange_t *it) {
  mns_person_entry_t person;
  mns_life_return_t in;
  mns_rc_t rc = load_person (it, &person);
  if (rc != MNS_OK)
    return rc;
  it->matter.person = person.id;
  if (person.status != MNS_PRESENT || !registry_is_local (it->self, person.place))
    return not_here (it, &person);
  settle_day (it, &person);
  begin_return (it, MNS_MOVE_OUT, &in);
  in.person = person.id;
  in.place = person.place;
  in.other_place = it->matter.destination;
  return record (it, &in, 0);
}

/* The file of a floating resident who is registered here now is closed; the event that ended the stay is written. */
static mns_rc_t close_stay (registry_exchange_t *it) {
  registry_exchange_t stay;
  registry_exchange_begin (&stay, it->self, it->turn, it->caller);
  mns_rc_t rc = registry_matter_of_person (&it->self->matters, it->matter.person, MNS_MATTER_STAY, &stay.matter);
  stay.before = stay.matter.state;
  if (rc != MNS_OK || !stay.matter.id || !registry_is_local (it->self, stay.matter.destination) ||
      registry_exchange_partner (&stay, stay.matter.partner) != MNS_OK)
    return rc;
  stay.matter.closed = it->matter.day;
  rc = registry_exchange_step (&stay, MNS_STEP_END);
  return rc == MNS_OK ? registry_exchange_send (&stay) : rc;
}

static mns_rc_t move_in (registry_exchange_t *it) {
  const mns_matter_info_t *matter = &it->matter;
  mns_life_return_t in;
  begin_return (it, MNS_MOVE_IN, &in);
  in.place = matter->destination;
  in.other_place = matter->origin;
  describe_newcomer (matter, &in);
  memcpy (in.household, matter->household, sizeof in.household);
  in.relation = matter->relation;
  in.confirm = MNS_YES;
  return record (it, &in, 0);
}

/* Who is registered here already, whoever did it, has arrived; an incomer settles. */
mns_rc_t registry_exchange_arrive (registry_exchange_t *it) {
  mns_person_entry_t person;
  mns_rc_t rc = registry_exchange_find (it, &person);
  bool same = person.id && person.birth == it->matter.birth && registry_name_equal (person.name, it->matter.name);
  if (rc != MNS_OK)
    return rc;
  settle_day (it, &person);
  if (!same || person.status != MNS_PRESENT || !registry_is_local (it->self, person.place))
    rc = move_in (it);
  else
    it->matter.person = person.id;
  return rc == MNS_OK ? close_stay (it) : rc;
}

/* ---- death ------------------------------------------------------------------------------------------------------- */

mns_rc_t registry_exchange_bury (registry_exchange_t *it) {
  mns_person_entry_t person;
  mns_life_return_t in;
  mns_rc_t rc = load_person (it, &person);
  if (rc != MNS_OK)
    return rc;
  if (!person.id || !registry_is_local (it->self, person.place))
    return mns_fail (&it->error, MNS_NOT_FOUND, "person", "nobody who is registered here has these facts");
  it->matter.person = person.id;
  begin_return (it, MNS_DEATH, &in);
  in.person = person.id;
  in.place = person.place;
  memcpy (in.certificate, it->matter.certificate, sizeof in.certificate);
  return record (it, &in, 0);
}

/* ---- floating residents ------------------------------------------------------------------------------------------ */

mns_rc_t registry_exchange_settle (registry_exchange_t *it) {
  const mns_matter_info_t *matter = &it->matter;
  mns_person_entry_t person;
  mns_life_return_t in;
  mns_rc_t rc = load_person (it, &person);
  if (rc != MNS_OK)
    return rc;
  it->matter.person = person.id;
  if (person.id && person.status == MNS_PRESENT)
    return registry_is_local (it->self, person.place)
               ? mns_fail (&it->error, MNS_WRONG_STATE, "person",
                           "register number %" PRIu64 " is registered in this county", person.id)
               : MNS_OK;
  settle_day (it, &person);
  begin_return (it, MNS_MOVE_IN, &in);
  in.place = matter->destination;
  describe_newcomer (matter, &in);
  in.confirm = MNS_YES;
  return record (it, &in, matter->origin);
}

mns_rc_t registry_exchange_leave (registry_exchange_t *it) {
  mns_person_entry_t person;
  mns_life_return_t in;
  mns_rc_t rc = load_person (it, &person);
  if (rc != MNS_OK || person.status != MNS_PRESENT || registry_is_local (it->self, person.place))
    return rc;
  begin_return (it, MNS_MOVE_OUT, &in);
  in.occurred = it->matter.closed < person.since ? person.since : it->matter.closed;
  in.person = person.id;
  in.place = person.residence;
  in.other_place = person.place;
  return record (it, &in, 0);
}
