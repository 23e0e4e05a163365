/* The history of a code: its spans, what came before and after. */
#include "services/registry/handle.h"

#include "common/records/place.h"
#include "common/records/registry_requests.h"
#include "common/text.h"
#include <stdlib.h>

#define STEPS_MAX 256

typedef struct {
  registry_t *self;
  mns_place_t code;
  size_t count;
  mns_place_step_t steps[STEPS_MAX];
} history_t;

static mns_place_step_t *next_step (history_t *history, mns_date_t day, mns_code_t change, mns_place_t code) {
  mns_place_step_t *step = &history->steps[history->count < STEPS_MAX ? history->count++ : STEPS_MAX - 1];
  mns_record_clear (&mns_place_step_type, step);
  step->day = day;
  step->change = change;
  step->code = code;
  return step;
}

static mns_rc_t add_span (void *context, const mns_place_info_t *place) {
  history_t *history = context;
  mns_place_step_t *step = next_step (history, place->valid_from, MNS_PLACE_BEGINS, place->code);
  mns_text_copy (step->name, sizeof step->name, place->name);
  if (place->valid_to) {
    step = next_step (history, place->valid_to, MNS_PLACE_ENDS, place->code);
    mns_text_copy (step->name, sizeof step->name, place->name);
  }
  return MNS_OK;
}

/* A name is looked up on the last day before, or the first day of, what is told. */
static mns_rc_t add_reform (history_t *history, const mns_reform_t *reform, mns_code_t change, mns_place_t other,
                            mns_date_t named_on) {
  mns_place_info_t place;
  bool found;
  mns_place_step_t *step = next_step (history, reform->day, change, other);
  step->operation = reform->operation;
  step->part = reform->part;
  mns_rc_t rc = registry_place_on (&history->self->places, other, named_on, &place, &found);
  if (rc == MNS_OK && found)
    mns_text_copy (step->name, sizeof step->name, place.name);
  return rc;
}

static mns_rc_t add_successor (void *context, const mns_reform_t *reform) {
  return add_reform (context, reform, MNS_PLACE_SUCCESSOR, reform->successor, reform->day);
}

static mns_rc_t add_predecessor (void *context, const mns_reform_t *reform) {
  if (reform->code == reform->successor)
    return MNS_OK;
  return add_reform (context, reform, MNS_PLACE_PREDECESSOR, reform->code, mns_date_add_days (reform->day, -1));
}

/* By day; what ends goes before what begins. */
static int compare_steps (const void *a, const void *b) {
  static const int rank[] = {
      [MNS_PLACE_ENDS] = 0, [MNS_PLACE_SUCCESSOR] = 1, [MNS_PLACE_PREDECESSOR] = 2, [MNS_PLACE_BEGINS] = 3};
  const mns_place_step_t *one = a, *other = b;
  if (one->day != other->day)
    return one->day < other->day ? -1 : 1;
  return rank[one->change] != rank[other->change] ? rank[one->change] - rank[other->change]
                                                  : (one->code > other->code) - (one->code < other->code);
}

static mns_rc_t collect_history (history_t *history) {
  registry_places_t *places = &history->self->places;
  mns_rc_t rc = registry_place_spans (places, history->code, add_span, history);
  if (rc == MNS_OK)
    rc = registry_predecessors (places, history->code, add_predecessor, history);
  return rc == MNS_OK ? registry_successors (places, history->code, add_successor, history) : rc;
}

mns_rc_t registry_handle_place_history (void *state, mns_turn_t *turn, const mns_request_t *request) {
  const mns_place_query_t *query = request->record;
  char text[MNS_PLACE_TEXT];
  if (!query->code)
    return mns_fail (mns_turn_error (turn), MNS_MISSING, "code", "the code of a place is needed");
  history_t *history = mns_alloc (sizeof *history);
  history->self = state;
  history->code = query->code;
  history->count = 0;
  mns_rc_t rc = collect_history (history);
  mns_place_format (query->code, text);
  if (rc == MNS_OK && history->count == 0)
    rc = mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "code", "no place with the code %s is loaded", text);
  qsort (history->steps, history->count, sizeof history->steps[0], compare_steps);
  for (size_t i = 0; rc == MNS_OK && i < history->count; i++)
    mns_turn_reply (turn, &mns_place_step_type, &history->steps[i]);
  free (history);
  return rc;
}
