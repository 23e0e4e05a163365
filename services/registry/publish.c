/* What the registry tells the others. */
#include "services/registry/publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All life events begin with the same fields; `moved` stands for the three moves, which are alike. */
typedef union {
  mns_baseline_t life;
  mns_birth_t birth;
  mns_death_t death;
  mns_move_in_t moved;
  mns_move_within_t within;
  mns_adjustment_t adjusted;
  mns_marriage_t couple; /* divorces too */
  mns_adoption_t adoption;
  mns_membership_t membership;
} message_t;

typedef struct {
  const char *subject;
  const mns_record_type_t *type;
} subject_t;

static const subject_t subjects[] = {
    [MNS_BASELINE] = {"baseline", &mns_baseline_type},
    [MNS_BIRTH] = {"birth", &mns_birth_type},
    [MNS_DEATH] = {"death", &mns_death_type},
    [MNS_MOVE_IN] = {"move-in", &mns_move_in_type},
    [MNS_MOVE_OUT] = {"move-out", &mns_move_out_type},
    [MNS_MOVE_WITHIN] = {"move-within", &mns_move_within_type},
    [MNS_ADJUSTMENT] = {"adjustment", &mns_adjustment_type},
    [MNS_MARRIAGE] = {"marriage", &mns_marriage_type},
    [MNS_DIVORCE] = {"divorce", &mns_divorce_type},
    [MNS_ADOPTION] = {"adoption", &mns_adoption_type},
    [MNS_ADOPTION_END] = {"adoption-end", &mns_adoption_end_type},
    [MNS_HOUSEHOLD_SPLIT] = {"household", &mns_membership_type},
    [MNS_HOUSEHOLD_JOIN] = {"household", &mns_membership_type},
    [MNS_HEAD_CHANGE] = {"household", &mns_membership_type},
};

static void fill_person (const mns_person_entry_t *person, mns_baseline_t *life) {
  life->person = person->id;
  life->household = person->household;
  memcpy (life->name, person->name, sizeof life->name);
  memcpy (life->citizen_number, person->citizen_number, sizeof life->citizen_number);
  life->sex = person->sex;
  life->birth = person->birth;
  life->registration = person->registration;
}

void registry_fill_baseline (const mns_person_entry_t *person, mns_baseline_t *baseline) {
  baseline->event = person->entry_event;
  fill_person (person, baseline);
  baseline->place = person->entry_place;
  baseline->residence = person->entry_residence;
  baseline->occurred = baseline->registered = person->entry_day;
}

static void fill_event (const mns_person_entry_t *person, const mns_event_entry_t *event, mns_baseline_t *life) {
  life->event = event->id;
  fill_person (person, life);
  life->place = event->place;
  life->residence = event->residence;
  life->occurred = event->occurred;
  life->registered = event->registered;
  life->registered_place = event->registered_place;
  life->registered_residence = event->registered_residence;
  life->origin = event->origin == MNS_OWN ? 0 : event->origin;
  life->happened_at = event->happened_at;
}

static void fill_more (const mns_event_entry_t *event, message_t *message) {
  switch (event->kind) {
  case MNS_BIRTH:
    message->birth.mother = event->mother;
    message->birth.mother_person = event->mother_person;
    message->birth.birth_order = event->birth_order;
    message->birth.plurality = event->plurality;
    message->birth.rank = event->rank;
    break;
  case MNS_DEATH:
    message->death.death_cause = event->death_cause;
    message->death.death_site = event->death_site;
    break;
  case MNS_MOVE_IN:
  case MNS_MOVE_OUT:
  case MNS_MOVE_WITHIN:
    message->moved.other_place = event->other_place;
    message->moved.move_reason = event->move_reason;
    message->moved.registered_other_place = event->registered_other_place;
    break;
  case MNS_ADJUSTMENT:
    message->adjusted.adjustment = event->adjustment;
    message->adjusted.delta = event->delta;
    message->adjusted.other_place = event->other_place;
    break;
  case MNS_ADOPTION:
  case MNS_ADOPTION_END:
    message->adoption.adoptive_mother = event->mother_person;
    message->adoption.adoptive_father = event->father_person;
    break;
  default:
    break;
  }
}

/* Statistics asks how old mothers are; the register keeps that with the mother. */
static mns_rc_t fill_mother (registry_t *self, const mns_event_entry_t *event, message_t *message) {
  mns_person_entry_t mother;
  if (event->kind != MNS_BIRTH || !event->mother_person)
    return MNS_OK;
  mns_rc_t rc = registry_person_get (&self->people, event->mother_person, &mother, NULL);
  message->birth.mother_birth = rc == MNS_OK ? mother.birth : 0;
  return rc;
}

static mns_rc_t emit (registry_t *self, mns_turn_t *turn, const mns_event_entry_t *event, const void *records,
                      size_t count) {
  char entity[32];
  const subject_t *subject = &subjects[event->kind];
  snprintf (entity, sizeof entity, "person/%" PRIu64, event->person);
  mns_emit_t about = {.subject = subject->subject,
                      .place = registry_area (self, event->place, event->residence),
                      .happening = "registered",
                      .occurred = event->occurred,
                      .registered = event->registered,
                      .entity = entity};
  return mns_turn_emit (turn, &about, subject->type, records, count);
}

mns_rc_t registry_publish_event (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                 const mns_event_entry_t *event) {
  message_t message;
  mns_record_clear (subjects[event->kind].type, &message);
  fill_event (person, event, &message.life);
  fill_more (event, &message);
  mns_rc_t rc = fill_mother (self, event, &message);
  return rc == MNS_OK ? emit (self, turn, event, &message, 1) : rc;
}

mns_rc_t registry_publish_move_within (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                       const mns_event_entry_t *event, mns_place_t current) {
  message_t message;
  mns_record_clear (&mns_move_within_type, &message);
  fill_event (person, event, &message.life);
  fill_more (event, &message);
  message.within.current_place = current;
  return emit (self, turn, event, &message, 1);
}

mns_rc_t registry_publish_couple (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                  const mns_event_entry_t *event, const mns_person_entry_t *partner) {
  message_t message;
  mns_record_clear (&mns_marriage_type, &message);
  fill_event (person, event, &message.life);
  message.couple.marital = person->marital;
  if (partner) {
    message.couple.partner = partner->id;
    message.couple.partner_marital = partner->marital;
    message.couple.partner_place = registry_area (self, partner->place, partner->residence);
  }
  return emit (self, turn, event, &message, 1);
}

static mns_membership_t membership_of (const mns_person_entry_t *person, const mns_event_entry_t *event,
                                       uint64_t before) {
  message_t message;
  mns_record_clear (&mns_membership_type, &message);
  fill_event (person, event, &message.life);
  message.life.place = person->place;
  message.life.residence = person->residence;
  message.membership.event_kind = event->kind;
  message.membership.relation = person->relation;
  message.membership.other_household = before == person->household ? 0 : before;
  return message.membership;
}

mns_rc_t registry_publish_membership (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                      const mns_event_entry_t *event, const registry_change_t *others, size_t count) {
  mns_membership_t *records = mns_alloc ((count + 1) * sizeof *records);
  records[0] = membership_of (person, event, event->other_household);
  for (size_t i = 0; i < count; i++)
    records[i + 1] = membership_of (&others[i].person, event, others[i].old.household);
  mns_rc_t rc = emit (self, turn, event, records, count + 1);
  free (records);
  return rc;
}

mns_rc_t registry_publish_baselines (mns_turn_t *turn, mns_place_t village, const mns_baseline_t *baselines,
                                     size_t count) {
  mns_emit_t about = {.subject = subjects[MNS_BASELINE].subject,
                      .place = village,
                      .happening = "loaded",
                      .occurred = baselines->occurred,
                      .registered = baselines->registered};
  return mns_turn_emit (turn, &about, &mns_baseline_type, baselines, count);
}

static void fill_correction (const mns_correction_entry_t *row, mns_correction_t *correction) {
  mns_record_clear (&mns_correction_type, correction);
  correction->correction = row->id;
  correction->person = row->person;
  correction->event = row->event;
  correction->place = row->place;
  memcpy (correction->field, row->field, sizeof correction->field);
  memcpy (correction->old_value, row->old_value, sizeof correction->old_value);
  memcpy (correction->new_value, row->new_value, sizeof correction->new_value);
  memcpy (correction->reason, row->reason, sizeof correction->reason);
  correction->registered = row->registered;
}

mns_rc_t registry_publish_restatements (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                        const mns_restatement_t *restatements, size_t count) {
  char entity[32];
  snprintf (entity, sizeof entity, "person/%" PRIu64, person->id);
  mns_date_t today = mns_turn_today (turn);
  mns_emit_t about = {.subject = "restatement",
                      .place = registry_area (self, person->place, person->residence),
                      .happening = "registered",
                      .occurred = today,
                      .registered = today,
                      .entity = entity};
  return mns_turn_emit (turn, &about, &mns_restatement_type, restatements, count);
}

mns_rc_t registry_publish_correction (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                      const mns_correction_entry_t *row, const mns_restatement_t *restatements,
                                      size_t count) {
  mns_correction_t correction;
  char entity[32];
  snprintf (entity, sizeof entity, "person/%" PRIu64, person->id);
  mns_emit_t about = {.subject = "correction",
                      .place = registry_area (self, person->place, person->residence),
                      .happening = "registered",
                      .occurred = row->registered,
                      .registered = row->registered,
                      .entity = entity};
  fill_correction (row, &correction);
  mns_rc_t rc = mns_turn_emit (turn, &about, &mns_correction_type, &correction, 1);
  return rc == MNS_OK && count > 0 ? registry_publish_restatements (self, turn, person, restatements, count) : rc;
}

mns_rc_t registry_publish_rate (mns_turn_t *turn, const mns_quality_rate_t *rate) {
  char month[16];
  snprintf (month, sizeof month, "%04d-%02d", (int)(rate->month / 100), (int)(rate->month % 100));
  mns_date_t today = mns_turn_today (turn);
  mns_emit_t emit = {
      .subject = "quality", .place = rate->place, .happening = month, .occurred = today, .registered = today};
  return mns_turn_emit (turn, &emit, &mns_quality_rate_type, rate, 1);
}

mns_rc_t registry_publish_merge (mns_turn_t *turn, mns_place_t area, const mns_merge_t *merge) {
  char entity[32];
  snprintf (entity, sizeof entity, "person/%" PRIu64, merge->survivor);
  mns_emit_t emit = {.subject = "merge",
                     .place = area,
                     .happening = "registered",
                     .occurred = merge->registered,
                     .registered = merge->registered,
                     .entity = entity};
  return mns_turn_emit (turn, &emit, &mns_merge_type, merge, 1);
}

mns_rc_t registry_publish_reform (mns_turn_t *turn, const mns_reform_t *reform) {
  mns_emit_t emit = {.stream = "places",
                     .subject = "reform",
                     .place = reform->code,
                     .happening = mns_code_word (&mns_reform_operation, reform->operation),
                     .occurred = reform->day,
                     .registered = mns_turn_today (turn)};
  return mns_turn_emit (turn, &emit, &mns_reform_type, reform, 1);
}
