/* The register's events: who there is, and who has died or left. */
#include "common/records/registry_duplicates.h"
#include "common/records/registry_records.h"
#include "common/text.h"
#include "services/assistance/entitle.h"
#include "services/assistance/handlers.h"
#include <string.h>

/* Events of life share their first fields, so one macro copies them from any. */
#define PERSON_OF(event_record, status_)                                                                               \
  person_of ((event_record)->person, (event_record)->name, (event_record)->citizen_number, (event_record)->sex,        \
             (event_record)->birth, (event_record)->registration,                                                      \
             (event_record)->registered_place ? (event_record)->registered_place : (event_record)->place,              \
             (event_record)->registered_residence ? (event_record)->registered_residence : (event_record)->residence,  \
             (status_))
#define LEFT(person_, event_record)                                                                                    \
  ((person_).status_day = (event_record)->occurred, (person_).status_registered = (event_record)->registered)

static mns_assisted_person_t person_of (uint64_t id, const char *name, const char *citizen_number, mns_code_t sex,
                                        mns_date_t birth, mns_code_t registration, mns_place_t place,
                                        mns_place_t residence, mns_code_t status) {
  mns_assisted_person_t person;
  mns_record_clear (&mns_assisted_person_type, &person);
  person.id = id;
  mns_text_copy (person.name, sizeof person.name, name);
  mns_text_copy (person.citizen_number, sizeof person.citizen_number, citizen_number);
  person.sex = sex;
  person.birth = birth;
  person.registration = registration;
  person.place = place;
  person.residence = residence;
  person.status = status;
  return person;
}

static mns_rc_t put (assistance_t *self, mns_turn_t *turn, const mns_assisted_person_t *person) {
  return person_store_put (&self->persons, person, mns_turn_error (turn));
}

/* The person is gone: written, and every entitlement ends. */
static mns_rc_t put_gone (assistance_t *self, mns_turn_t *turn, const mns_event_t *event,
                          const mns_assisted_person_t *person, mns_code_t reason) {
  exit_t exit = {.reason = reason,
                 .last_day = person->status_day,
                 .registered = person->status_registered,
                 .by = event->account[0] ? event->account : event->producer,
                 .cause = event};
  mns_rc_t rc = put (self, turn, person);
  return rc == MNS_OK ? assistance_end_all (self, turn, person->id, &exit) : rc;
}

mns_rc_t assistance_on_baseline (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_baseline_t *baseline = record;
  mns_assisted_person_t person = PERSON_OF (baseline, MNS_PRESENT);
  (void)event;
  return put (self, turn, &person);
}

mns_rc_t assistance_on_birth (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_birth_t *birth = record;
  mns_assisted_person_t person = PERSON_OF (birth, MNS_PRESENT);
  (void)event;
  return put (self, turn, &person);
}

mns_rc_t assistance_on_death (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_death_t *death = record;
  mns_assisted_person_t person = PERSON_OF (death, MNS_DEAD);
  LEFT (person, death);
  return put_gone (self, turn, event, &person, MNS_EXIT_DEATH);
}

mns_rc_t assistance_on_move_in (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_move_in_t *move = record;
  mns_assisted_person_t person = PERSON_OF (move, MNS_PRESENT);
  (void)event;
  return put (self, turn, &person);
}

mns_rc_t assistance_on_move_out (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_move_out_t *move = record;
  mns_assisted_person_t person = PERSON_OF (move, MNS_MOVED_OUT);
  LEFT (person, move);
  return put_gone (self, turn, event, &person, MNS_EXIT_MOVED);
}

/* A move that was told late says where the person is now; whether it lives is known from the later events. */
static mns_rc_t put_current_place (assistance_t *self, mns_turn_t *turn, const mns_move_within_t *move) {
  mns_assisted_person_t person;
  mns_rc_t rc = person_store_find (&self->persons, move->person, &person, mns_turn_error (turn));
  person.place = move->current_place;
  return rc == MNS_OK ? put (self, turn, &person) : rc;
}

mns_rc_t assistance_on_move_within (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_move_within_t *move = record;
  mns_assisted_person_t person = PERSON_OF (move, MNS_PRESENT);
  (void)event;
  return move->current_place ? put_current_place (self, turn, move) : put (self, turn, &person);
}

/* The land of a household lies in another village: so does what its persons are entitled to. */
static mns_rc_t follow (assistance_t *self, mns_turn_t *turn, const mns_assisted_person_t *person) {
  mns_rc_t rc = put (self, turn, person);
  return rc == MNS_OK ? boundary_store_follow (&self->boundaries, person->id, person->place) : rc;
}

/* Everybody in a place, and what is open for them, goes where its land lies. */
mns_rc_t assistance_on_reform (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_reform_t *reform = record;
  assistance_t *state = self;
  (void)turn;
  (void)event;
  if (reform->operation == MNS_RENAME || reform->part == MNS_YES)
    return MNS_OK;
  return boundary_store_note (&state->boundaries, reform->code, reform->successor);
}

mns_rc_t assistance_on_adjustment (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_adjustment_t *adjustment = record;
  mns_assisted_person_t person = PERSON_OF (adjustment, adjustment->delta >= 0 ? MNS_PRESENT : MNS_REMOVED);
  if (adjustment->adjustment == MNS_BOUNDARY)
    return follow (self, turn, &person);
  if (adjustment->delta > 0)
    return put (self, turn, &person);
  LEFT (person, adjustment);
  return put_gone (self, turn, event, &person, MNS_EXIT_OTHER);
}

/* Of the days of events only the one on which somebody died or left is kept here. */
static mns_rc_t correct_day (assistance_t *self, mns_turn_t *turn, const mns_event_t *event,
                             const mns_correction_t *correction) {
  mns_assisted_person_t person;
  mns_date_t before, after;
  exit_t exit = {
      .registered = correction->registered, .by = event->account[0] ? event->account : event->producer, .cause = event};
  mns_rc_t rc = person_store_find (&self->persons, correction->person, &person, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  if (!mns_date_parse (correction->old_value, &before) || !mns_date_parse (correction->new_value, &after) ||
      before == after || person.status == MNS_PRESENT || person.status_day != before)
    return MNS_OK;
  person.status_day = after;
  rc = put (self, turn, &person);
  return rc == MNS_OK ? assistance_correct_end (self, turn, &person, before, &exit) : rc;
}

/* A corrected fact has the name it has here; other facts (ethnic group, marital status…) are of no concern. */
mns_rc_t assistance_on_correction (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  static const char *const kept[] = {"name", "citizen_number", "sex", "birth", "registration", "place", "residence"};
  const mns_correction_t *correction = record;
  assistance_t *state = self;
  mns_assisted_person_t person;
  const mns_field_t *field = NULL;
  if (!strcmp (correction->field, "occurred"))
    return correct_day (state, turn, event, correction);
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
    if (!strcmp (kept[i], correction->field))
      field = mns_record_field (&mns_assisted_person_type, kept[i]);
  if (!field)
    return MNS_OK;
  mns_rc_t rc = person_store_find (&state->persons, correction->person, &person, mns_turn_error (turn));
  if (rc == MNS_OK)
    rc = mns_field_parse (field, &person, correction->new_value, mns_turn_error (turn));
  return rc == MNS_OK ? put (state, turn, &person) : rc;
}

/* ---- two entries, one person ------------------------------------------------------------------------------------- */

/* Who has died or left gets nothing by way of the other entry either. */
static mns_rc_t end_of_survivor (assistance_t *self, mns_turn_t *turn, const mns_event_t *event,
                                 const mns_merge_t *merge) {
  mns_assisted_person_t survivor;
  mns_rc_t rc = person_store_find (&self->persons, merge->survivor, &survivor, mns_turn_error (turn));
  if (rc != MNS_OK || survivor.status == MNS_PRESENT)
    return rc;
  exit_t exit = {.reason = survivor.status == MNS_DEAD ? MNS_EXIT_DEATH : MNS_EXIT_MOVED,
                 .last_day = survivor.status_day,
                 .registered = merge->registered,
                 .by = event->account[0] ? event->account : event->producer,
                 .cause = event};
  return assistance_end_all (self, turn, survivor.id, &exit);
}

/* Entitlements go to the entry that stays. Of two for one scheme the merged entry's stays with it, and ends with it by
 * the adjustment that follows. */
mns_rc_t assistance_on_merge (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  assistance_t *state = self;
  const mns_merge_t *merge = record;
  if (merge->undone == MNS_YES)
    return entitlement_store_move_back (&state->entitlements, merge->merge, merge->merged, merge->survivor);
  mns_rc_t rc = entitlement_store_move (&state->entitlements, merge->merge, merge->merged, merge->survivor);
  return rc == MNS_OK ? end_of_survivor (state, turn, event, merge) : rc;
}
