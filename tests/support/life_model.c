/* The model: changes in order, replayed for every question. */
#include "tests/support/life_model.h"

#include "common/records/place.h"
#include <stdlib.h>
#include <string.h>

void life_model_init (life_model_t *model) {
  memset (model, 0, sizeof *model);
}

void life_model_fini (life_model_t *model) {
  free (model->persons);
  free (model->households);
}

/* ---- persons ----------------------------------------------------------------------------------------------------- */

life_person_t *life_person_add (life_model_t *model, int number, uint64_t id, mns_code_t sex) {
  if (model->count == model->room)
    model->persons = realloc (model->persons, (model->room = model->room * 2 + 64) * sizeof *model->persons);
  life_person_t *person = &model->persons[model->count++];
  memset (person, 0, sizeof *person);
  person->number = number;
  person->id = id;
  person->sex = sex;
  return person;
}

/* Numbers and register numbers both grow from person to person. */
static life_person_t *search (const life_model_t *model, int number, uint64_t id) {
  size_t low = 0, high = model->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    life_person_t *person = &model->persons[middle];
    if (id ? person->id == id : person->number == number)
      return person;
    if (id ? person->id < id : person->number < number)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

life_person_t *life_person_find (const life_model_t *model, int number) {
  return search (model, number, 0);
}

life_person_t *life_person_by_id (const life_model_t *model, uint64_t id) {
  return id ? search (model, 0, id) : NULL;
}

void life_change_add (life_person_t *person, const life_change_t *change) {
  if (person->count == LIFE_CHANGES_MAX)
    abort ();
  size_t at = person->count++;
  for (; at > 0 && person->changes[at - 1].day > change->day; at--)
    person->changes[at] = person->changes[at - 1];
  person->changes[at] = *change;
}

static life_change_t *change_of (life_person_t *person, int step) {
  for (size_t i = 0; i < person->count; i++)
    if (person->changes[i].step == step)
      return &person->changes[i];
  return NULL;
}

bool life_day_taken (const life_model_t *model, int step, mns_date_t day) {
  for (size_t i = 0; i < model->count; i++) {
    life_person_t *person = &model->persons[i];
    for (size_t j = 0; change_of (person, step) && j < person->count; j++)
      if (person->changes[j].day == day)
        return true;
  }
  return false;
}

void life_redate (life_model_t *model, life_person_t *person, int step, mns_date_t day) {
  bool alone = change_of (person, step)->event == MNS_MOVE_WITHIN;
  for (size_t i = 0; i < model->count; i++) {
    life_change_t *change = change_of (&model->persons[i], step);
    if (change && (!alone || &model->persons[i] == person))
      change->day = day;
  }
}

/* ---- states ------------------------------------------------------------------------------------------------------ */

static void apply (life_state_t *state, const life_change_t *change) {
  if (change->sets_status)
    state->status = change->to.status;
  if (change->sets_place)
    state->place = change->to.place;
  if (change->sets_household)
    state->household = change->to.household;
  if (change->sets_marital) {
    state->marital = change->to.marital;
    state->spouse = change->to.spouse;
  }
  if (change->sets_adoption) {
    state->adoptive_mother = change->to.adoptive_mother;
    state->adoptive_father = change->to.adoptive_father;
  }
}

life_state_t life_state_after (const life_person_t *person, size_t count) {
  life_state_t state = {0};
  for (size_t i = 0; i < count; i++)
    apply (&state, &person->changes[i]);
  return state;
}

/* How many changes lie on that day or before. */
static size_t changes_until (const life_person_t *person, mns_date_t day) {
  size_t count = 0;
  while (count < person->count && person->changes[count].day <= day)
    count++;
  return count;
}

life_state_t life_state_at (const life_person_t *person, mns_date_t day) {
  return life_state_after (person, changes_until (person, day));
}

mns_date_t life_last_day (const life_person_t *person, bool own) {
  for (size_t i = person->count; i > 0; i--)
    if (person->changes[i - 1].event != MNS_BASELINE && (person->changes[i - 1].own || !own))
      return person->changes[i - 1].day;
  return 0;
}

/* ---- households -------------------------------------------------------------------------------------------------- */

mns_place_t life_household_place (const life_model_t *model, uint64_t id) {
  for (size_t i = 0; i < model->household_count; i++)
    if (model->households[i].id == id)
      return model->households[i].place;
  return 0;
}

void life_household_note (life_model_t *model, uint64_t id, mns_place_t place) {
  if (life_household_place (model, id))
    return;
  model->households = realloc (model->households, (model->household_count + 1) * sizeof *model->households);
  model->households[model->household_count].id = id;
  model->households[model->household_count++].place = place;
}

/* ---- what comes late --------------------------------------------------------------------------------------------- */

life_verdict_t life_move_verdict (const life_person_t *person, mns_date_t day, mns_place_t to) {
  size_t at = changes_until (person, day);
  life_state_t then = life_state_after (person, at);
  life_verdict_t verdict = LIFE_ALLOWED;
  for (size_t i = at; i < person->count; i++) {
    life_state_t later = life_state_after (person, i + 1);
    if (later.place != then.place)
      return later.place == to ? LIFE_REFUSED : verdict;
    if (later.household != then.household)
      return LIFE_REFUSED;
    if (person->changes[i].may_set_relation)
      verdict = LIFE_OPEN;
  }
  return verdict;
}

bool life_joins_it_later (const life_person_t *person, mns_date_t day, uint64_t household) {
  size_t at = changes_until (person, day);
  life_state_t then = life_state_after (person, at);
  for (size_t i = at; i < person->count; i++) {
    life_state_t later = life_state_after (person, i + 1);
    if (later.household != then.household)
      return later.household == household;
  }
  return false;
}

bool life_marital_changed_since (const life_person_t *person, mns_date_t day) {
  life_state_t then = life_state_at (person, day);
  for (size_t i = changes_until (person, day); i < person->count; i++) {
    life_state_t later = life_state_after (person, i + 1);
    if (later.marital != then.marital || later.spouse != then.spouse)
      return true;
  }
  return false;
}

bool life_adoption_changed_since (const life_person_t *person, mns_date_t day) {
  for (size_t i = changes_until (person, day); i < person->count; i++)
    if (person->changes[i].sets_adoption)
      return true;
  return false;
}

bool life_relation_open_since (const life_person_t *person, mns_date_t day) {
  size_t at = changes_until (person, day);
  life_state_t then = life_state_after (person, at);
  for (size_t i = at; i < person->count; i++) {
    if (life_state_after (person, i + 1).household != then.household)
      return false;
    if (person->changes[i].may_set_relation)
      return true;
  }
  return false;
}

bool life_is_married (mns_code_t marital) {
  return marital >= MNS_MARRIED && marital <= MNS_MARRIAGE_RESTORED;
}

mns_code_t life_married (const life_person_t *person, mns_date_t day, uint64_t to) {
  life_state_t state = life_state_at (person, day);
  bool again = false;
  for (size_t i = 0; to && i < person->count; i++)
    again |= person->changes[i].sets_marital && person->changes[i].to.spouse == to;
  if (state.marital == 0)
    return MNS_MARRIED;
  if (state.marital == MNS_NEVER_MARRIED)
    return MNS_FIRST_MARRIAGE;
  if (state.marital == MNS_DIVORCED)
    return again ? MNS_MARRIAGE_RESTORED : MNS_REMARRIED;
  return state.marital == MNS_WIDOWED ? MNS_REMARRIED : 0;
}

/* ---- figures ----------------------------------------------------------------------------------------------------- */

static void count_change (life_tally_t *tally, const life_change_t *change, const life_state_t *before,
                          const life_state_t *after, mns_place_t area) {
  bool here = mns_place_covers (area, after->place), was = before->place && mns_place_covers (area, before->place);
  tally->baseline += change->event == MNS_BASELINE && here;
  if (change->event == MNS_BIRTH && here)
    tally->births[change->order > 3 ? 3 : change->order]++;
  tally->deaths += change->event == MNS_DEATH && here;
  tally->in += (change->event == MNS_MOVE_IN && here) || (change->event == MNS_MOVE_WITHIN && here && !was);
  tally->out += (change->event == MNS_MOVE_OUT && here) || (change->event == MNS_MOVE_WITHIN && was && !here);
  if (change->event == MNS_ADJUSTMENT && here)
    *(change->adjustment == MNS_OMITTED ? &tally->omitted : &tally->duplicate) +=
        change->adjustment == MNS_OMITTED ? 1 : -1;
}

static int month_of (const life_change_t *change, bool by_registration) {
  mns_date_t day = by_registration ? change->registered : change->day;
  if (change->event == MNS_BASELINE)
    day = mns_date_add_days (day, -1);
  return day / 100;
}

void life_model_tally (const life_model_t *model, mns_place_t area, mns_code_t sex, int from, int to,
                       bool by_registration, life_tally_t *tally) {
  memset (tally, 0, sizeof *tally);
  for (size_t i = 0; i < model->count; i++) {
    const life_person_t *person = &model->persons[i];
    life_state_t before = {0}, after = {0};
    for (size_t j = 0; person->sex == sex && j < person->count; j++, before = after) {
      apply (&after, &person->changes[j]);
      int month = month_of (&person->changes[j], by_registration);
      if (person->changes[j].own && month >= from && month <= to)
        count_change (tally, &person->changes[j], &before, &after, area);
    }
  }
}
