/* registry.reform: a boundary reform, all of it in one turn, or every mistake in it.
 *
 * What was registered since the day of the reform has been counted in the old boundaries: it is taken back before the
 * reform is told, and told again behind it. */
#include "services/registry/handle.h"

#include "common/records/place.h"
#include "common/records/registry_requests.h"
#include "common/text.h"
#include "services/registry/publish.h"
#include "services/registry/restate.h"
#include "services/registry/rules_place.h"
#include "services/registry/rules_reform.h"
#include "services/registry/view.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX      20000
#define HOUSEHOLD_MAX 100000

typedef struct {
  registry_t *self;
  mns_turn_t *turn;
  const mns_caller_t *caller;
  mns_reform_row_t *rows;
  mns_place_info_t *places;
  size_t row_count, row_capacity, place_count, place_capacity;
  registry_reform_plan_t plan;
  uint64_t *touched;
  size_t touched_count, touched_capacity;
  mns_date_t day;
} reform_t;

static void *room (void *array, size_t count, size_t *capacity, size_t size) {
  if (count < *capacity)
    return array;
  *capacity = *capacity ? *capacity * 2 : 64;
  return mns_realloc (array, *capacity * size);
}

/* ---- the facts --------------------------------------------------------------------------------------------------- */

static mns_rc_t read_rows (reform_t *it, const mns_request_t *request) {
  const uint8_t *data = request->body;
  size_t size = request->body_size;
  mns_error_t *error = mns_turn_error (it->turn);
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK) {
    it->rows = room (it->rows, it->row_count, &it->row_capacity, sizeof *it->rows);
    rc = mns_sequence_next (&mns_reform_row_type, &it->rows[it->row_count], &data, &size, error);
    if (rc == MNS_OK)
      rc = mns_record_validate (&mns_reform_row_type, &it->rows[it->row_count], error);
    if (rc == MNS_OK && ++it->row_count > ROWS_MAX)
      return mns_fail (error, MNS_TOO_LARGE, "rows", "a reform has at most %d rows", ROWS_MAX);
  }
  if (rc != MNS_GONE)
    return rc;
  if (it->row_count == 0)
    return mns_fail (error, MNS_MISSING, "rows", "a reform has rows: operation, code, successor, name, day");
  it->day = it->rows[0].day;
  return MNS_OK;
}

static mns_rc_t add_place (void *context, const mns_place_info_t *place) {
  reform_t *it = context;
  it->places = room (it->places, it->place_count, &it->place_capacity, sizeof *it->places);
  it->places[it->place_count++] = *place;
  return MNS_OK;
}

static mns_rc_t add_code (reform_t *it, mns_place_t code) {
  mns_place_info_t place;
  bool found = false;
  mns_rc_t rc = code ? registry_place_get (&it->self->places, code, &place, &found) : MNS_OK;
  return rc == MNS_OK && found ? add_place (it, &place) : rc;
}

static int compare_places (const void *a, const void *b) {
  const mns_place_info_t *one = a, *other = b;
  return (one->code > other->code) - (one->code < other->code);
}

static mns_rc_t load_places (reform_t *it) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < it->row_count; i++) {
    const mns_reform_row_t *row = &it->rows[i];
    rc = registry_places_below (&it->self->places, row->code, add_place, it);
    if (rc == MNS_OK)
      rc = registry_places_below (&it->self->places, row->successor, add_place, it);
    if (rc == MNS_OK)
      rc = add_code (it, mns_place_parent (row->successor));
  }
  qsort (it->places, it->place_count, sizeof *it->places, compare_places);
  size_t kept = 0;
  for (size_t i = 0; i < it->place_count; i++)
    if (i == 0 || it->places[i].code != it->places[kept - 1].code)
      it->places[kept++] = it->places[i];
  it->place_count = kept;
  return rc;
}

/* Has exactly this been done before? */
static mns_rc_t is_known (reform_t *it, const mns_reform_row_t *row, bool *known) {
  mns_reform_t link;
  mns_record_clear (&mns_reform_type, &link);
  link.code = row->code;
  link.successor = row->operation == MNS_RENAME ? row->code : row->successor;
  link.operation = row->operation;
  link.day = row->day;
  link.part = *row->household ? MNS_YES : 0;
  return registry_successor_known (&it->self->places, &link, known);
}

static mns_rc_t all_known (reform_t *it, bool *all) {
  mns_rc_t rc = MNS_OK;
  *all = true;
  for (size_t i = 0; rc == MNS_OK && *all && i < it->row_count; i++)
    rc = is_known (it, &it->rows[i], all);
  return rc;
}

/* ---- what only the store knows ----------------------------------------------------------------------------------- */

static mns_rc_t find_household (reform_t *it, const mns_reform_row_t *row, uint64_t *household) {
  int64_t number;
  mns_place_t place = row->code;
  mns_rc_t rc = registry_household_find (&it->self->people, row->code, row->household, household);
  if (rc != MNS_OK || *household || row->household[0] != 'h' || !mns_text_parse_int (row->household + 1, &number))
    return rc;
  rc = registry_household_get (&it->self->people, (uint64_t)number, &place);
  *household = rc == MNS_OK && place == row->code ? (uint64_t)number : 0;
  return rc;
}

static mns_rc_t check_household (reform_t *it, size_t row) {
  uint64_t household;
  mns_rc_t rc = find_household (it, &it->rows[row], &household);
  if (rc == MNS_OK && !household)
    registry_reform_mistake (&it->plan, row, MNS_NOT_FOUND, "household", "there is no household %s in %012lld",
                             it->rows[row].household, (long long)it->rows[row].code);
  return rc;
}

static mns_rc_t check_past (reform_t *it, size_t row) {
  bool loaded = false, later = false;
  mns_place_t code = it->rows[row].code;
  mns_rc_t rc = registry_reform_loaded_after (&it->self->reforms, code, it->day, &loaded);
  if (rc == MNS_OK)
    rc = registry_reform_later (&it->self->reforms, code, it->day, &later);
  if (loaded)
    registry_reform_mistake (&it->plan, row, MNS_DATE_ORDER, "day",
                             "persons were loaded there who count from a later day on: the reform lies before the "
                             "register begins");
  if (later)
    registry_reform_mistake (&it->plan, row, MNS_DATE_ORDER, "day",
                             "another reform of that day or later has touched it; mns place history %012lld",
                             (long long)code);
  return rc;
}

static mns_rc_t check_rights (reform_t *it, size_t row) {
  mns_error_t error = {0};
  mns_place_t places[] = {it->rows[row].code, it->rows[row].successor};
  for (size_t i = 0; i < 2; i++)
    if (places[i] && registry_covers (it->caller, places[i], &error) != MNS_OK) {
      registry_reform_mistake (&it->plan, row, MNS_FORBIDDEN, i == 0 ? "code" : "successor", "%s", error.detail);
      return MNS_OK;
    }
  return MNS_OK;
}

static mns_rc_t check_store (reform_t *it) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < it->row_count; i++) {
    rc = check_rights (it, i);
    if (rc == MNS_OK)
      rc = check_past (it, i);
    if (rc == MNS_OK && *it->rows[i].household)
      rc = check_household (it, i);
  }
  return rc;
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

static int compare_mistakes (const void *a, const void *b) {
  const registry_reform_mistake_t *one = a, *other = b;
  return (one->row > other->row) - (one->row < other->row);
}

static void reply_mistakes (reform_t *it) {
  mns_reform_outcome_t out;
  qsort (it->plan.mistakes, it->plan.mistake_count, sizeof *it->plan.mistakes, compare_mistakes);
  for (size_t i = 0; i < it->plan.mistake_count; i++) {
    const registry_reform_mistake_t *mistake = &it->plan.mistakes[i];
    mns_record_clear (&mns_reform_outcome_type, &out);
    out.row = mistake->row + 1;
    out.result = MNS_ROW_REFUSED;
    out.code = it->rows[mistake->row].code;
    out.successor = it->rows[mistake->row].successor;
    mns_text_copy (out.error, sizeof out.error, mns_error_word (mistake->rc));
    mns_text_copy (out.field, sizeof out.field, mistake->field);
    mns_text_copy (out.detail, sizeof out.detail, mistake->detail);
    mns_turn_reply (it->turn, &mns_reform_outcome_type, &out);
  }
}

static const char *name_then (const reform_t *it, size_t row) {
  for (size_t i = 0; i < it->plan.step_count; i++)
    if (it->plan.steps[i].row == row)
      return it->plan.steps[i].name;
  return it->rows[row].name;
}

static mns_rc_t reply_row (reform_t *it, size_t row, mns_code_t result) {
  mns_reform_outcome_t out;
  const mns_reform_row_t *said = &it->rows[row];
  mns_record_clear (&mns_reform_outcome_type, &out);
  out.row = row + 1;
  out.result = result;
  out.operation = said->operation;
  out.code = said->code;
  out.successor = said->operation == MNS_RENAME ? said->code : said->successor;
  mns_text_copy (out.name, sizeof out.name, name_then (it, row));
  mns_rc_t rc = MNS_OK;
  if (result == MNS_ROW_CREATED && !*said->household)
    rc = registry_reform_count (&it->self->reforms, said->code, &out.persons, &out.households);
  mns_turn_reply (it->turn, &mns_reform_outcome_type, &out);
  return rc;
}

static mns_rc_t reply_rows (reform_t *it, mns_code_t result) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < it->row_count; i++)
    rc = reply_row (it, i, result);
  return rc;
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

static mns_rc_t tell_place (reform_t *it, const mns_place_info_t *place) {
  mns_emit_t emit = {.stream = "places",
                     .subject = "place",
                     .place = place->code,
                     .happening = "valid",
                     .occurred = it->day,
                     .registered = mns_turn_today (it->turn)};
  return mns_turn_emit (it->turn, &emit, &mns_place_info_type, place, 1);
}

/* A row of a places file would do the same. */
static mns_rc_t put_span (reform_t *it, mns_place_info_t *row) {
  registry_place_decision_t decision;
  mns_place_info_t current;
  bool found;
  mns_rc_t rc = registry_place_get (&it->self->places, row->code, &current, &found);
  if (rc == MNS_OK)
    rc = registry_place_decide (row, found ? &current : NULL, &decision, mns_turn_error (it->turn));
  if (rc == MNS_OK && decision.step == REGISTRY_PLACE_FOLLOWS) {
    rc = registry_place_put_past (&it->self->places, &decision.closed);
    if (rc == MNS_OK)
      rc = tell_place (it, &decision.closed);
  }
  if (rc == MNS_OK)
    rc = registry_place_put (&it->self->places, &decision.place);
  return rc == MNS_OK ? tell_place (it, &decision.place) : rc;
}

static const mns_place_info_t *place_before (const reform_t *it, mns_place_t code) {
  const mns_place_info_t key = {.code = code};
  return bsearch (&key, it->places, it->place_count, sizeof *it->places, compare_places);
}

static mns_rc_t begin_place (reform_t *it, const registry_reform_step_t *step) {
  mns_place_info_t row = *place_before (it, step->link.code);
  row.code = step->link.successor;
  row.parent = mns_place_parent (row.code);
  row.valid_from = it->day;
  row.valid_to = 0;
  mns_text_copy (row.name, sizeof row.name, step->name);
  return put_span (it, &row);
}

static mns_rc_t end_place (reform_t *it, const registry_reform_step_t *step) {
  mns_place_info_t row = *place_before (it, step->link.code);
  row.valid_to = it->day;
  return put_span (it, &row);
}

static bool begins_before (const reform_t *it, size_t step) {
  for (size_t i = 0; i < step; i++)
    if (it->plan.steps[i].begins && it->plan.steps[i].link.successor == it->plan.steps[step].link.successor)
      return true;
  return false;
}

static mns_rc_t write_places (reform_t *it) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < it->plan.step_count; i++) {
    const registry_reform_step_t *step = &it->plan.steps[i];
    if (step->begins && !begins_before (it, i))
      rc = begin_place (it, step);
    if (rc == MNS_OK && step->link.operation != MNS_RENAME && step->link.part != MNS_YES)
      rc = end_place (it, step);
  }
  return rc;
}

/* Of the households that one village gives to another, one link is enough. */
static bool is_repeated (const reform_t *it, size_t step) {
  const mns_reform_t *link = &it->plan.steps[step].link;
  for (size_t i = 0; link->part == MNS_YES && i < step; i++)
    if (mns_record_equal (&mns_reform_type, &it->plan.steps[i].link, link))
      return true;
  return false;
}

static mns_rc_t put_links (reform_t *it) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < it->plan.step_count; i++)
    if (!is_repeated (it, i))
      rc = registry_successor_put (&it->self->places, &it->plan.steps[i].link);
  return rc;
}

static mns_rc_t tell_links (reform_t *it) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < it->plan.step_count; i++)
    if (!is_repeated (it, i))
      rc = registry_publish_reform (it->turn, &it->plan.steps[i].link);
  return rc;
}

/* ---- persons ----------------------------------------------------------------------------------------------------- */

typedef struct {
  reform_t *it;
  mns_place_t from, to;
} transfer_t;

static void go (const transfer_t *transfer, mns_person_entry_t *person) {
  if (person->place == transfer->from)
    person->place = transfer->to;
  if (person->residence == transfer->from)
    person->residence = transfer->to;
}

static void fill_transfer (const transfer_t *transfer, const mns_person_entry_t *person, mns_event_entry_t *event) {
  const reform_t *it = transfer->it;
  mns_record_clear (&mns_event_entry_type, event);
  event->kind = MNS_ADJUSTMENT;
  event->adjustment = MNS_BOUNDARY;
  event->delta = 0;
  event->person = person->id;
  event->household = person->household;
  event->place = person->place;
  event->residence = person->residence;
  event->other_place = transfer->from;
  event->occurred = event->registered = it->day;
  event->sex = person->sex;
  event->birth = person->birth;
  event->registration = person->registration;
  event->origin = MNS_OWN;
  event->recorded = mns_turn_now (it->turn);
  mns_text_copy (event->account, sizeof event->account, it->caller->account);
}

/* `then` is the person on the day before, already in the new village. */
static mns_rc_t tell_transfer (const transfer_t *transfer, const mns_person_entry_t *then, uint64_t *event_id) {
  mns_event_entry_t event;
  registry_t *self = transfer->it->self;
  fill_transfer (transfer, then, &event);
  mns_rc_t rc = mns_db_take (self->db, "event", 1, &event.id);
  if (rc == MNS_OK)
    rc = registry_event_insert (&self->events, &event);
  *event_id = event.id;
  return rc == MNS_OK ? registry_publish_event (self, transfer->it->turn, then, &event) : rc;
}

/* Was the person in the village when the day began? Who came since comes to the new village at once. */
static mns_rc_t look_back (const transfer_t *transfer, mns_person_entry_t *then, bool *was_there) {
  mns_date_t from, to;
  mns_error_t error = {0};
  mns_rc_t rc =
      registry_view_as_of (transfer->it->self, mns_date_add_days (transfer->it->day, -1), then, &from, &to, &error);
  *was_there = rc == MNS_OK && then->status == MNS_PRESENT &&
               (then->place == transfer->from || then->residence == transfer->from);
  return registry_is_refusal (rc) ? MNS_OK : rc;
}

static mns_rc_t transfer_person (void *context, const mns_person_entry_t *old) {
  const transfer_t *transfer = context;
  registry_t *self = transfer->it->self;
  mns_date_t day = transfer->it->day;
  mns_person_entry_t person = *old, then = *old;
  bool was_there;
  uint64_t event;
  go (transfer, &person);
  mns_rc_t rc = look_back (transfer, &then, &was_there);
  bool goes_on = was_there && old->status == MNS_PRESENT && (old->since ? old->since : old->entry_day) <= day;
  if (goes_on)
    person.since = day;
  if (rc == MNS_OK)
    rc = registry_person_update_standing (&self->people, &person);
  if (rc != MNS_OK || !was_there)
    return rc;
  go (transfer, &then);
  rc = tell_transfer (transfer, &then, &event);
  return rc == MNS_OK && goes_on ? registry_past_close (&self->past, old, day, event) : rc;
}

static mns_rc_t transfer_household (reform_t *it, const mns_reform_row_t *row) {
  uint64_t household;
  transfer_t transfer = {it, row->code, row->successor};
  mns_rc_t rc = find_household (it, row, &household);
  registry_search_t search = {.text = "", .household = household, .limit = HOUSEHOLD_MAX};
  if (rc == MNS_OK)
    rc = registry_people_search (&it->self->finder, &search, transfer_person, &transfer);
  return rc == MNS_OK
             ? registry_reform_move_household (&it->self->reforms, household, row->code, row->successor, it->day)
             : rc;
}

static mns_rc_t transfer_households (reform_t *it) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < it->row_count; i++)
    if (*it->rows[i].household)
      rc = transfer_household (it, &it->rows[i]);
  return rc;
}

/* ---- what was counted in the old boundaries ---------------------------------------------------------------------- */

static mns_rc_t note_touched (void *context, uint64_t id) {
  reform_t *it = context;
  it->touched = room (it->touched, it->touched_count, &it->touched_capacity, sizeof *it->touched);
  it->touched[it->touched_count++] = id;
  return MNS_OK;
}

static mns_rc_t restate_event (reform_t *it, const mns_event_entry_t *event, int64_t sign) {
  mns_restatement_t restatement;
  mns_person_entry_t person, mother = {.birth = 0};
  mns_error_t *error = mns_turn_error (it->turn);
  registry_people_t *people = &it->self->people;
  mns_rc_t rc = registry_person_get (people, event->person, &person, error);
  if (rc == MNS_OK && event->mother_person)
    rc = registry_person_get (people, event->mother_person, &mother, error);
  if (rc != MNS_OK)
    return rc;
  registry_restatement_fill (&person, event, sign, mother.birth, &restatement);
  return registry_publish_restatements (it->self, it->turn, &person, &restatement, 1);
}

static mns_rc_t restate (reform_t *it, int64_t sign) {
  mns_event_entry_t event;
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < it->touched_count; i++) {
    rc = registry_event_get (&it->self->events, it->touched[i], &event, mns_turn_error (it->turn));
    if (rc == MNS_OK)
      rc = restate_event (it, &event, sign);
  }
  return rc;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

/* Links first into the store, so that the events they touch are known; told behind what is taken back. */
static mns_rc_t carry_out (reform_t *it) {
  mns_error_t *error = mns_turn_error (it->turn);
  mns_rc_t rc = put_links (it);
  if (rc == MNS_OK)
    rc = registry_reform_touched (&it->self->reforms, it->day, note_touched, it);
  if (rc == MNS_OK)
    rc = restate (it, -1);
  if (rc == MNS_OK)
    rc = write_places (it);
  if (rc == MNS_OK)
    rc = transfer_households (it);
  if (rc == MNS_OK)
    rc = tell_links (it);
  if (rc == MNS_OK)
    rc = registry_reform_move_all (&it->self->reforms, it->day, error);
  if (rc == MNS_OK)
    rc = restate (it, 1);
  registry_forget (it->self);
  return rc == MNS_OK ? registry_counties_load (it->self) : rc;
}

static mns_rc_t prepare (reform_t *it, const mns_request_t *request, bool *known) {
  registry_reform_facts_t facts = {.today = mns_turn_today (it->turn)};
  mns_rc_t rc = read_rows (it, request);
  if (rc == MNS_OK)
    rc = all_known (it, known);
  if (rc != MNS_OK || *known)
    return rc;
  rc = load_places (it);
  facts.rows = it->rows;
  facts.row_count = it->row_count;
  facts.places = it->places;
  facts.place_count = it->place_count;
  if (rc != MNS_OK)
    return rc;
  registry_reform_make (&facts, &it->plan);
  return check_store (it);
}

mns_rc_t registry_handle_reform (void *self, mns_turn_t *turn, const mns_request_t *request) {
  reform_t it = {.self = self, .turn = turn, .caller = &request->caller};
  bool known = false;
  mns_rc_t rc = prepare (&it, request, &known);
  if (rc == MNS_OK && it.plan.mistake_count > 0)
    reply_mistakes (&it);
  else if (rc == MNS_OK)
    rc = reply_rows (&it, known ? MNS_ROW_EXISTS : MNS_ROW_CREATED);
  if (rc == MNS_OK && !known && it.plan.mistake_count == 0)
    rc = carry_out (&it);
  registry_reform_fini (&it.plan);
  free (it.rows);
  free (it.places);
  free (it.touched);
  return rc;
}
