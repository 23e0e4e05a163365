/* Marriage and divorce: two persons, of whom one may be elsewhere; and husband or wife left behind by a death. */
#include "services/registry/record_case.h"

#include "services/registry/rules_family.h"
#include <inttypes.h>

/* ---- the other --------------------------------------------------------------------------------------------------- */

static mns_rc_t find_partner (registry_case_t *it, mns_person_entry_t *partner) {
  const mns_life_return_t *in = &it->in;
  const registry_named_t named = {"partner", in->partner_person, in->partner_number, in->partner_name,
                                  "when the other is not in the register, give the name alone"};
  mns_rc_t rc = registry_case_find_named (it, &named, partner);
  if (rc != MNS_OK || in->event == MNS_MARRIAGE)
    return rc;
  if (partner->id && it->old.spouse && partner->id != it->old.spouse)
    return mns_fail (&it->error, MNS_CONFLICT, "partner_person",
                     "the register has person %" PRIu64 " married to person %" PRIu64, it->old.id, it->old.spouse);
  if (!partner->id && it->old.spouse)
    rc = registry_person_get (&it->self->people, it->old.spouse, partner, &it->error);
  return rc;
}

/* Somebody who has died since has left nobody widowed. */
static mns_rc_t check_lives (registry_case_t *it, uint64_t id) {
  mns_person_entry_t now;
  mns_rc_t rc = registry_person_get (&it->self->people, id, &now, &it->error);
  if (rc == MNS_OK && now.status == MNS_DEAD)
    rc = mns_fail (&it->error, MNS_DATE_ORDER, "occurred",
                   "person %" PRIu64
                   " has died since; take the death back (adjustment omitted), record this, and then the "
                   "death again",
                   id);
  return rc;
}

static mns_rc_t check_partner (registry_case_t *it, const mns_person_entry_t *partner) {
  if (partner->status == MNS_PRESENT || partner->status == MNS_MOVED_OUT)
    return registry_couple_check (&it->old, partner, &it->error);
  return mns_fail (&it->error, MNS_WRONG_STATE, "partner_person", "person %" PRIu64 " was %s on that day", partner->id,
                   mns_code_word (&mns_person_status, partner->status));
}

/* The marital status in which a person was married to that partner last; 0: never. */
typedef struct {
  uint64_t partner;
  mns_code_t marital;
} marriage_search_t;

static mns_rc_t look_at (void *context, const mns_history_entry_t *interval) {
  marriage_search_t *search = context;
  if (interval->spouse == search->partner)
    search->marital = interval->marital;
  return MNS_OK;
}

static mns_rc_t find_marriage (registry_case_t *it, uint64_t person, uint64_t partner, mns_code_t *marital) {
  marriage_search_t search = {.partner = partner};
  mns_rc_t rc = partner ? registry_past_of (&it->self->past, person, look_at, &search) : MNS_OK;
  *marital = search.marital;
  return rc;
}

static mns_rc_t change_marital (registry_case_t *it, mns_person_entry_t *person, uint64_t spouse, bool again) {
  char who[MNS_NAME_MAX];
  mns_error_t reason = {0};
  mns_rc_t rc = registry_marital_next (person->marital, it->in.event, again, &person->marital, &reason);
  person->spouse = it->in.event == MNS_MARRIAGE ? spouse : 0;
  if (rc == MNS_OK)
    return rc;
  snprintf (who, sizeof who, "person %" PRIu64, person->id);
  return mns_fail (&it->error, rc, "event", "%s: %s", who, reason.detail);
}

/* ---- the same again ---------------------------------------------------------------------------------------------- */

static mns_rc_t find_same (registry_case_t *it, uint64_t partner) {
  uint64_t event;
  mns_rc_t rc =
      registry_event_same_couple (&it->self->events, it->old.id, partner, it->in.event, it->in.occurred, &event);
  it->exists = rc == MNS_OK && event;
  if (it->exists)
    it->event.id = event;
  return rc;
}

/* ---- the events -------------------------------------------------------------------------------------------------- */

mns_rc_t registry_decide_couple (registry_case_t *it) {
  mns_person_entry_t partner;
  registry_change_t *other = NULL;
  mns_code_t before;
  mns_rc_t rc = find_partner (it, &partner);
  if (rc == MNS_OK)
    rc = find_same (it, partner.id);
  if (rc != MNS_OK || it->exists)
    return rc;
  rc = find_marriage (it, it->old.id, partner.id, &before);
  if (rc == MNS_OK && partner.id)
    rc = registry_case_add_other (it, partner.id, &other);
  if (rc == MNS_OK && other)
    rc = check_partner (it, &other->old);
  if (rc == MNS_OK && it->back)
    rc = check_lives (it, it->old.id);
  if (rc == MNS_OK && other && other->back)
    rc = check_lives (it, other->old.id);
  if (rc == MNS_OK)
    rc = change_marital (it, &it->person, partner.id, before > 0);
  if (rc == MNS_OK && other)
    rc = change_marital (it, &other->person, it->old.id, before > 0);
  it->event.partner = partner.id;
  return rc;
}

mns_rc_t registry_decide_widowed (registry_case_t *it) {
  registry_change_t *other;
  if (!it->old.spouse)
    return MNS_OK;
  mns_rc_t rc = registry_case_add_other (it, it->old.spouse, &other);
  if (rc != MNS_OK)
    return rc;
  if (other->old.spouse != it->old.id || !registry_is_married (other->old.marital)) {
    it->other_count--;
    return MNS_OK;
  }
  it->event.partner = other->old.id;
  return change_marital (it, &other->person, 0, false);
}

/* The widow is one no longer, unless she has married again: then it is to be told what the marital status is. */
mns_rc_t registry_decide_alive (registry_case_t *it) {
  registry_change_t *other;
  if (it->old.status != MNS_DEAD || !it->old.spouse)
    return MNS_OK;
  mns_rc_t rc = registry_case_add_other (it, it->old.spouse, &other);
  if (rc != MNS_OK)
    return rc;
  if (other->old.spouse || other->old.marital != MNS_WIDOWED) {
    it->other_count--;
    it->person.spouse = 0;
    it->person.marital = 0;
    registry_finding_add (it->finding, "the marital status is to be told: husband or wife is not waiting");
    return MNS_OK;
  }
  it->event.partner = other->old.id;
  other->person.spouse = it->old.id;
  return find_marriage (it, other->old.id, it->old.id, &other->person.marital);
}
