/* Earlier events that count otherwise now. */
#include "services/registry/restate.h"

#include "services/registry/publish.h"
#include <stdlib.h>

void registry_restatement_fill (const mns_person_entry_t *person, const mns_event_entry_t *event, int64_t sign,
                                mns_date_t mother_birth, mns_restatement_t *out) {
  mns_record_clear (&mns_restatement_type, out);
  out->sign = sign;
  out->event_kind = event ? event->kind : MNS_BASELINE;
  out->event = event ? event->id : person->entry_event;
  out->sex = event ? event->sex : person->sex;
  out->birth = event ? event->birth : person->birth;
  out->place = event ? event->place : person->entry_place;
  out->residence = event ? event->residence : person->entry_residence;
  out->occurred = event ? event->occurred : person->entry_day;
  out->registered = event ? event->registered : person->entry_day;
  if (!event)
    return;
  out->other_place = event->other_place;
  out->mother = event->mother;
  out->mother_birth = event->mother_person ? mother_birth : 0;
  out->birth_order = event->birth_order;
  out->plurality = event->plurality;
  out->rank = event->rank;
  out->adjustment = event->adjustment;
  out->delta = event->delta;
  out->registered_place = event->registered_place;
  out->registered_residence = event->registered_residence;
  out->registered_other_place = event->registered_other_place;
}

/* ---- a move that was told late ----------------------------------------------------------------------------------- */

typedef struct {
  size_t count, restated;
  mns_event_entry_t events[REGISTRY_EVENTS_MAX];
  mns_restatement_t restatements[2 * REGISTRY_EVENTS_MAX];
} moved_t;

/* False: the next move already says where it went from there on. */
static bool carry (mns_event_entry_t *event, const registry_change_t *change) {
  if (event->kind == MNS_MOVE_WITHIN) {
    if (event->other_place == change->old.place)
      event->other_place = change->person.place;
    return false;
  }
  if (event->place == change->old.place)
    event->place = change->person.place;
  if (event->household == change->old.household)
    event->household = change->person.household;
  if (event->residence == event->place)
    event->residence = 0;
  return true;
}

static mns_rc_t restate_event (registry_t *self, moved_t *it, const mns_event_entry_t *old,
                               const mns_event_entry_t *event) {
  mns_restatement_t *pair = &it->restatements[it->restated];
  if (event->kind <= MNS_ADJUSTMENT) {
    registry_restatement_fill (NULL, old, -1, 0, &pair[0]);
    registry_restatement_fill (NULL, event, 1, 0, &pair[1]);
    it->restated += 2;
  }
  return registry_event_update (&self->events, event);
}

mns_rc_t registry_restate_moved (registry_t *self, mns_turn_t *turn, const registry_change_t *change,
                                 const mns_event_entry_t *move) {
  moved_t *it = mns_alloc (sizeof *it);
  bool goes_on = true;
  it->restated = 0;
  mns_rc_t rc = registry_events_of_person (&self->events, move->person, it->events, &it->count);
  for (size_t i = 0; rc == MNS_OK && goes_on && i < it->count; i++) {
    mns_event_entry_t event = it->events[i];
    if (event.person != move->person || event.id == move->id || event.occurred < move->occurred ||
        (event.occurred == move->occurred && event.id < move->id))
      continue;
    goes_on = carry (&event, change);
    if (!mns_record_equal (&mns_event_entry_type, &event, &it->events[i]))
      rc = restate_event (self, it, &it->events[i], &event);
  }
  if (rc == MNS_OK && it->restated)
    rc = registry_publish_restatements (self, turn, &change->person, it->restatements, it->restated);
  free (it);
  return rc;
}
