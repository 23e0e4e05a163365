/* Places: loaded from the division files, told to the others, listed. */
#include "services/registry/handle.h"

#include "common/records/place.h"
#include "common/records/registry_requests.h"
#include "common/text.h"
#include "services/registry/rules_place.h"

/* The places of a request that are new or changed, in the order of the rows; told at its end. */
typedef struct {
  registry_t *self;
  const mns_caller_t *caller;
  registry_rows_t rows;
  size_t changed;
} loading_t;

/* ---- telling ----------------------------------------------------------------------------------------------------- */

static mns_rc_t tell_places (mns_turn_t *turn, mns_place_t under, const mns_place_info_t *places, size_t count) {
  mns_date_t today = mns_turn_today (turn);
  mns_emit_t emit = {.stream = "places",
                     .subject = "place",
                     .place = under,
                     .happening = "valid",
                     .occurred = places->valid_from ? places->valid_from : today,
                     .registered = today};
  return mns_turn_emit (turn, &emit, &mns_place_info_type, places, count);
}

/* Villages of one township that were loaded together go in one event under the township's code: a country has 620,000.
 */
static mns_rc_t tell_changed (loading_t *loading) {
  const mns_place_info_t *places = loading->self->loaded;
  mns_rc_t rc = MNS_OK;
  for (size_t first = 0, next; rc == MNS_OK && first < loading->changed; first = next) {
    const mns_place_info_t *place = &places[first];
    for (next = first + 1; next < loading->changed && place->level == MNS_VILLAGE &&
                           places[next].level == MNS_VILLAGE && places[next].parent == place->parent;
         next++)
      ;
    rc = tell_places (loading->rows.turn, next == first + 1 ? place->code : place->parent, place, next - first);
  }
  return rc;
}

/* ---- loading ----------------------------------------------------------------------------------------------------- */

static mns_rc_t keep (loading_t *loading, const mns_place_info_t *place, bool past) {
  registry_places_t *places = &loading->self->places;
  loading->self->loaded[loading->changed++] = *place;
  return past ? registry_place_put_past (places, place) : registry_place_put (places, place);
}

static mns_rc_t keep_past (loading_t *loading, const mns_place_info_t *place, mns_error_t *error) {
  mns_place_info_t old;
  bool found, overlaps = false;
  char code[MNS_PLACE_TEXT];
  mns_rc_t rc = registry_place_past (&loading->self->places, place->code, place->valid_to, &old, &found);
  if (rc == MNS_OK && found && mns_record_equal (&mns_place_info_type, &old, place)) {
    registry_rows_accept (&loading->rows, MNS_ROW_EXISTS, 0, 0, "");
    return MNS_OK;
  }
  if (rc == MNS_OK)
    rc = registry_place_overlaps (&loading->self->places, place, &overlaps);
  mns_place_format (place->code, code);
  if (rc == MNS_OK && overlaps)
    rc = mns_fail (error, MNS_DATE_ORDER, "valid_from", "%s has another span in these days; mns place history %s", code,
                   code);
  return rc == MNS_OK ? keep (loading, place, true) : rc;
}

static mns_rc_t apply (loading_t *loading, const registry_place_decision_t *decision, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  switch (decision->step) {
  case REGISTRY_PLACE_SAME:
    registry_rows_accept (&loading->rows, MNS_ROW_EXISTS, 0, 0, "");
    return MNS_OK;
  case REGISTRY_PLACE_PAST:
    return keep_past (loading, &decision->place, error);
  case REGISTRY_PLACE_FOLLOWS:
    rc = registry_place_put_past (&loading->self->places, &decision->closed);
    if (rc == MNS_OK)
      rc = tell_places (loading->rows.turn, decision->closed.code, &decision->closed, 1);
    break;
  case REGISTRY_PLACE_CURRENT:
    break;
  }
  return rc == MNS_OK ? keep (loading, &decision->place, false) : rc;
}

static mns_rc_t load_place (loading_t *loading, mns_place_info_t *row) {
  registry_place_decision_t decision;
  mns_place_info_t current;
  mns_error_t error = {0};
  bool found = false;
  mns_rc_t rc = mns_record_validate (&mns_place_info_type, row, &error);
  if (rc == MNS_OK)
    rc = registry_place_check (row, &error);
  if (rc == MNS_OK)
    rc = registry_covers (loading->caller, row->code, &error);
  if (rc == MNS_OK)
    rc = registry_place_get (&loading->self->places, row->code, &current, &found);
  if (rc == MNS_OK)
    rc = registry_place_decide (row, found ? &current : NULL, &decision, &error);
  if (rc == MNS_OK)
    rc = apply (loading, &decision, &error);
  if (!registry_is_refusal (rc))
    return rc;
  registry_rows_refuse (&loading->rows, &error, 0);
  return MNS_OK;
}

mns_rc_t registry_handle_load_places (void *state, mns_turn_t *turn, const mns_request_t *request) {
  loading_t loading = {.self = state, .caller = &request->caller};
  mns_place_info_t row;
  mns_rc_t rc = MNS_OK;
  registry_forget (loading.self);
  registry_rows_begin (&loading.rows, turn, request);
  while (rc == MNS_OK && (rc = registry_rows_next (&loading.rows, &mns_place_info_type, &row)) == MNS_OK)
    rc = load_place (&loading, &row);
  return rc == MNS_GONE ? tell_changed (&loading) : rc;
}

/* ---- queries ----------------------------------------------------------------------------------------------------- */

static mns_rc_t reply_place (void *turn, const mns_place_info_t *place) {
  mns_turn_reply (turn, &mns_place_info_type, place);
  return MNS_OK;
}

static mns_rc_t not_found (mns_turn_t *turn, mns_place_t code, mns_date_t day, bool known) {
  char text[MNS_PLACE_TEXT], date[MNS_DATE_TEXT];
  mns_place_format (code, text);
  mns_date_format (day, date);
  if (!known)
    return mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "code", "no place with the code %s is loaded", text);
  return mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "as_of",
                   "%s was no code on %s; mns place history %s tells when it was", text, date, text);
}

static mns_rc_t one_place (registry_t *self, mns_turn_t *turn, mns_place_t code, mns_date_t as_of) {
  mns_place_info_t place;
  bool known = false, found = false;
  mns_rc_t rc = registry_place_get (&self->places, code, &place, &known);
  found = known && (!as_of || registry_place_valid_on (&place, as_of));
  if (rc == MNS_OK && known && !found)
    rc = registry_place_on (&self->places, code, as_of, &place, &found);
  if (rc == MNS_OK)
    rc = found ? reply_place (turn, &place) : not_found (turn, code, as_of, known);
  return rc;
}

mns_rc_t registry_handle_places (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  const mns_place_query_t *query = request->record;
  if (query->code)
    return one_place (self, turn, query->code, query->as_of);
  registry_place_list_t list = {.parent = query->parent,
                                .after = query->after,
                                .text = query->text,
                                .as_of = query->as_of,
                                .limit = query->limit == MNS_NONE ? REGISTRY_ROWS_MAX : query->limit};
  return registry_places_list (&self->places, &list, reply_place, turn);
}

/* ---- snapshot ---------------------------------------------------------------------------------------------------- */

typedef struct {
  mns_dump_t *dump;
  mns_error_t *error;
} dumping_t;

/* As tell_places does, each alone, but for the day of registration, which the register does not keep. */
static mns_rc_t dump_place (void *context, const mns_place_info_t *place) {
  dumping_t *dumping = context;
  mns_emit_t emit = {.stream = "places",
                     .subject = "place",
                     .place = place->code,
                     .happening = "valid",
                     .occurred = place->valid_from};
  return mns_dump_row (dumping->dump, &emit, &mns_place_info_type, place, 1, dumping->error);
}

static mns_rc_t dump_reform (void *context, const mns_reform_t *reform) {
  dumping_t *dumping = context;
  mns_emit_t emit = {.stream = "places",
                     .subject = "reform",
                     .place = reform->code,
                     .happening = mns_code_word (&mns_reform_operation, reform->operation),
                     .occurred = reform->day};
  return mns_dump_row (dumping->dump, &emit, &mns_reform_type, reform, 1, dumping->error);
}

/* The past first, so that what is told last of a code is how it is now. */
mns_rc_t registry_dump_places (mns_dump_t *dump, mns_db_t *db, const mns_config_t *config, mns_error_t *error) {
  (void)config;
  registry_places_t places;
  dumping_t dumping = {dump, error};
  error->rc = MNS_OK;
  registry_places_init (&places, db);
  registry_place_list_t all = {.text = "", .limit = INT64_MAX};
  mns_rc_t rc = registry_places_past (&places, dump_place, &dumping);
  if (rc == MNS_OK)
    rc = registry_places_list (&places, &all, dump_place, &dumping);
  if (rc == MNS_OK)
    rc = registry_successors (&places, 0, dump_reform, &dumping);
  return rc != MNS_OK && error->rc == MNS_OK ? mns_fail (error, rc, "registry.db", "%s", mns_db_message (db)) : rc;
}
