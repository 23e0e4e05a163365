/* The baseline: the persons who were there at the start, up to 1,000 rows a request. They are in no flow; each village
 * of the request becomes one event. A row that is refused writes nothing; the others go on. */
#include "services/registry/handle.h"

#include "services/registry/match.h"
#include "services/registry/publish.h"
#include "services/registry/quality.h"
#include "services/registry/rules_birth.h"
#include "services/registry/rules_life.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the record of a loaded row stands among self->baselines. */
typedef struct {
  mns_place_t village;
  size_t index;
} load_slot_t;

/* One request on its way. */
typedef struct {
  registry_t *self;
  const mns_caller_t *caller;
  registry_rows_t rows;
  mns_date_t today;
  mns_time_t now;
  registry_ids_t persons, households, events;
  /* The household of the row before: rows of a file come household by household. */
  uint64_t household;
  mns_place_t household_place;
  char household_key[33];
  size_t loaded;
  load_slot_t slots[REGISTRY_ROWS_MAX];
} load_t;

/* What is found out about a row before anything is written. */
typedef struct {
  const mns_person_row_t *row;
  registry_number_t number;
  mns_place_t area;
  char finding[REGISTRY_FINDING_TEXT];
  registry_match_t match;
  mns_person_entry_t person; /* as it will be; the numbers are given out last */
  registry_breaches_t breaches;
  mns_error_t error;
} load_row_t;

static mns_rc_t check_places (load_t *load, load_row_t *it) {
  const mns_person_row_t *row = it->row;
  it->area = registry_area (load->self, row->place, row->residence);
  if (!it->area || !registry_is_local (load->self, it->area))
    return mns_fail (&it->error, MNS_INVALID, "place",
                     "neither the place of registration nor the residence lies in "
                     "this county");
  mns_rc_t rc = registry_covers (load->caller, it->area, &it->error);
  if (rc != MNS_OK)
    return rc;
  return registry_village_check (load->self, it->area == row->place ? "place" : "residence", it->area, row->effective,
                                 &it->error);
}

static mns_rc_t check_number (load_row_t *it) {
  it->number.text[0] = 0;
  if (!*it->row->citizen_number)
    return MNS_OK;
  mns_rc_t rc = registry_number_read (it->row->citizen_number, &it->number, &it->error);
  return rc;
}

/* The same person with other facts is not changed by a file: the difference is told. */
static void tell_differences (load_row_t *it) {
  const mns_person_row_t *row = it->row;
  const mns_person_entry_t *person = &it->match.person;
  const struct {
    const char *name;
    bool differs;
  } facts[] = {
      {"sex", row->sex != person->sex},
      {"place", row->place != person->place},
      {"ethnic", row->ethnic != person->ethnic},
      {"marital", row->marital != person->marital},
      {"registration", row->registration != person->registration},
  };
  it->finding[0] = 0;
  for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
    if (facts[i].differs)
      registry_finding_add (it->finding, "%s differs from the register", facts[i].name);
}

/* The household is a fact, too; it is looked for only when there is somebody to compare. */
static mns_rc_t match (load_t *load, load_row_t *it) {
  const mns_person_row_t *row = it->row;
  registry_identity_t identity = {.number = it->number.text,
                                  .name = row->name,
                                  .certificate = "",
                                  .sex = row->sex,
                                  .birth = row->birth,
                                  .precision = row->birth_precision,
                                  .place = row->place,
                                  .rank = MNS_NONE};
  mns_rc_t rc = registry_match (load->self, &identity, false, &it->match);
  if (rc != MNS_OK || it->match.verdict != REGISTRY_SUSPICION || !*row->household)
    return rc;
  rc = registry_household_find (&load->self->people, it->area, row->household, &identity.household);
  return rc == MNS_OK && identity.household ? registry_match (load->self, &identity, false, &it->match) : rc;
}

static mns_rc_t check_duplicate (load_t *load, load_row_t *it) {
  bool confirmed = it->row->confirm == MNS_YES;
  mns_rc_t rc = match (load, it);
  if (rc != MNS_OK || it->match.verdict == REGISTRY_OTHER)
    return rc;
  if (it->match.verdict == REGISTRY_SAME)
    tell_differences (it);
  else if (confirmed)
    registry_finding_add (it->finding, "confirmed as another person than register number %" PRIu64,
                          it->match.person.id);
  else if (it->match.verdict == REGISTRY_LIKELY)
    rc = registry_likely_fail (load->self, &it->match, &it->error);
  return rc;
}

static void fill_person (load_row_t *it) {
  const mns_person_row_t *row = it->row;
  mns_person_entry_t *person = &it->person;
  mns_record_clear (&mns_person_entry_type, person);
  memcpy (person->citizen_number, it->number.text, sizeof person->citizen_number);
  memcpy (person->name, row->name, sizeof person->name);
  person->sex = row->sex;
  person->birth = row->birth;
  person->ethnic = row->ethnic;
  person->marital = row->marital;
  person->relation = row->relation;
  person->birth_precision = row->birth_precision;
  person->birth_calendar = row->birth_calendar;
  memcpy (person->birth_text, row->birth_text, sizeof person->birth_text);
  memcpy (person->native_name, row->native_name, sizeof person->native_name);
  person->registration = row->registration;
  person->place = person->entry_place = row->place;
  person->residence = person->entry_residence = row->residence == row->place ? 0 : row->residence;
  person->status = MNS_PRESENT;
  person->entry_day = row->effective;
}

static mns_rc_t judge (load_t *load, load_row_t *it) {
  registry_person_facts_t facts;
  it->breaches.count = 0;
  if (it->match.verdict == REGISTRY_SAME)
    return MNS_OK;
  fill_person (it);
  mns_rc_t rc = registry_quality_facts (load->self, &it->person, NULL, 0, it->match.sharer, load->today, &facts);
  if (rc != MNS_OK)
    return rc;
  registry_quality_judge (load->self, &facts, &it->breaches);
  return registry_quality_guard (load->self, &it->breaches, &it->error);
}

static mns_rc_t check_row (load_t *load, load_row_t *it) {
  mns_rc_t rc = mns_record_validate (&mns_person_row_type, it->row, &it->error);
  if (rc == MNS_OK)
    rc = check_number (it);
  if (rc == MNS_OK)
    rc = registry_baseline_dates_check (it->row->birth, it->row->effective, load->today, &it->error);
  if (rc == MNS_OK)
    rc = check_places (load, it);
  if (rc == MNS_OK)
    rc = check_duplicate (load, it);
  return rc == MNS_OK ? judge (load, it) : rc;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static mns_rc_t put_household (load_t *load, const load_row_t *it) {
  const char *key = it->row->household;
  registry_people_t *people = &load->self->people;
  if (*key && load->household_place == it->area && strcmp (load->household_key, key) == 0)
    return MNS_OK;
  uint64_t id = 0;
  mns_rc_t rc = *key ? registry_household_find (people, it->area, key, &id) : MNS_OK;
  if (rc == MNS_OK && id == 0) {
    id = load->households.next++;
    rc = registry_household_insert (people, id, it->area, key);
  }
  load->household = id;
  load->household_place = it->area;
  memcpy (load->household_key, key, sizeof load->household_key);
  return rc;
}

/* What was noticed: the suspicion that it is one too many, and the rules that do not hold. */
static mns_rc_t write_findings (load_t *load, load_row_t *it) {
  registry_t *self = load->self;
  registry_review_t review = {.self = self, .today = load->today, .now = load->now, .account = load->caller->account};
  mns_rc_t rc = MNS_OK;
  if (it->match.verdict != REGISTRY_OTHER)
    rc = registry_suspect (self, &it->person, &it->match, load->today,
                           it->row->confirm == MNS_YES ? load->caller->account : NULL, it->finding);
  if (rc != MNS_OK || it->breaches.count == 0)
    return rc;
  registry_subject_t about = {.person = it->person.id, .place = it->area};
  registry_quality_tell (&it->breaches, it->finding);
  return registry_review (&review, &about, it->person.birth, &it->breaches);
}

static mns_rc_t write_row (load_t *load, load_row_t *it) {
  mns_person_entry_t *person = &it->person;
  mns_rc_t rc = put_household (load, it);
  if (rc != MNS_OK)
    return rc;
  person->id = load->persons.next++;
  person->entry_event = load->events.next++;
  person->household = load->household;
  rc = registry_person_insert (&load->self->people, person);
  if (rc == MNS_OK)
    rc = write_findings (load, it);
  if (rc != MNS_OK)
    return rc;
  registry_fill_baseline (person, &load->self->baselines[load->loaded]);
  load->slots[load->loaded] = (load_slot_t){.village = it->area, .index = load->loaded};
  load->loaded++;
  registry_rows_accept (&load->rows, MNS_ROW_CREATED, person->id, person->entry_event, it->finding);
  return MNS_OK;
}

static mns_rc_t load_row (load_t *load, mns_person_row_t *row) {
  load_row_t it;
  if (!row->birth)
    registry_birth_read (row->birth_text, &row->birth, &row->birth_precision);
  it.row = row;
  it.finding[0] = 0;
  it.match.verdict = REGISTRY_OTHER;
  it.error = (mns_error_t){0};
  mns_rc_t rc = check_row (load, &it);
  if (registry_is_refusal (rc)) {
    registry_rows_refuse (&load->rows, &it.error, it.match.verdict == REGISTRY_LIKELY ? it.match.person.id : 0);
    return MNS_OK;
  }
  if (rc != MNS_OK)
    return rc;
  if (it.match.verdict == REGISTRY_SAME) {
    registry_rows_accept (&load->rows, MNS_ROW_EXISTS, it.match.person.id, it.match.person.entry_event, it.finding);
    return MNS_OK;
  }
  return write_row (load, &it);
}

/* ---- telling ----------------------------------------------------------------------------------------------------- */

static int compare_slots (const void *a, const void *b) {
  const load_slot_t *one = a, *other = b;
  if (one->village != other->village)
    return one->village < other->village ? -1 : 1;
  return one->index < other->index ? -1 : 1;
}

/* One event for each village, its persons in the order of the rows. */
static mns_rc_t publish (load_t *load) {
  registry_t *self = load->self;
  mns_rc_t rc = MNS_OK;
  qsort (load->slots, load->loaded, sizeof (load_slot_t), compare_slots);
  for (size_t first = 0, next; rc == MNS_OK && first < load->loaded; first = next) {
    mns_place_t village = load->slots[first].village;
    for (next = first; next < load->loaded && load->slots[next].village == village; next++)
      self->grouped[next - first] = self->baselines[load->slots[next].index];
    rc = registry_publish_baselines (load->rows.turn, village, self->grouped, next - first);
  }
  return rc;
}

static mns_rc_t begin (load_t *load) {
  registry_people_t *people = &load->self->people;
  mns_rc_t rc = registry_ids_begin (people, &load->persons, "person");
  if (rc == MNS_OK)
    rc = registry_ids_begin (people, &load->households, "household");
  return rc == MNS_OK ? registry_ids_begin (people, &load->events, "event") : rc;
}

static mns_rc_t end (load_t *load) {
  registry_people_t *people = &load->self->people;
  mns_rc_t rc = registry_ids_end (people, &load->persons);
  if (rc == MNS_OK)
    rc = registry_ids_end (people, &load->households);
  if (rc == MNS_OK)
    rc = registry_ids_end (people, &load->events);
  return rc == MNS_OK ? publish (load) : rc;
}

mns_rc_t registry_handle_load (void *state, mns_turn_t *turn, const mns_request_t *request) {
  load_t load;
  mns_person_row_t row;
  load.self = state;
  load.caller = &request->caller;
  load.today = mns_turn_today (turn);
  load.now = mns_turn_now (turn);
  load.household_place = 0;
  load.loaded = 0;
  registry_rows_begin (&load.rows, turn, request);
  mns_rc_t rc = begin (&load);
  while (rc == MNS_OK && (rc = registry_rows_next (&load.rows, &mns_person_row_type, &row)) == MNS_OK)
    rc = load_row (&load, &row);
  return rc == MNS_GONE ? end (&load) : rc;
}
