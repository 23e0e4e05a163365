/* Places: loaded from the division files, told to the others, listed. */
#include "services/registry/handle.h"

#include "common/records/place.h"
#include "common/records/registry_requests.h"

/* A place says its level twice and its parent may be left out: both follow from the code. */
static mns_rc_t check_place (mns_place_info_t *place, mns_error_t *error) {
  char text[MNS_PLACE_TEXT];
  mns_place_format (place->code, text);
  int level = mns_place_level (place->code);
  mns_place_t parent = mns_place_parent (place->code);
  if (level == MNS_COUNTRY || place->level != level)
    return mns_fail (error, MNS_INVALID, "level", "the code %s is one of level %d", text, level);
  if (place->parent && place->parent != parent)
    return mns_fail (error, MNS_INVALID, "parent", "the division above %s has another code", text);
  if (place->valid_from && place->valid_to && place->valid_to <= place->valid_from)
    return mns_fail (error, MNS_DATE_ORDER, "valid_to", "%s ends before it begins", text);
  place->parent = parent;
  return MNS_OK;
}

static mns_rc_t put_place (registry_t *self, mns_turn_t *turn, const mns_place_info_t *place) {
  mns_date_t today = mns_turn_today (turn);
  mns_emit_t emit = {.stream = "places",
                     .subject = "place",
                     .place = place->code,
                     .happening = "valid",
                     .occurred = place->valid_from ? place->valid_from : today,
                     .registered = today};
  mns_rc_t rc = registry_place_put (&self->places, place);
  return rc == MNS_OK ? mns_turn_emit (turn, &emit, &mns_place_info_type, place, 1) : rc;
}

static mns_rc_t load_place (registry_t *self, registry_rows_t *rows, const mns_caller_t *caller,
                            mns_place_info_t *place) {
  mns_place_info_t old;
  mns_error_t error = {0};
  bool found = false;
  mns_rc_t rc = mns_record_validate (&mns_place_info_type, place, &error);
  if (rc == MNS_OK)
    rc = check_place (place, &error);
  if (rc == MNS_OK)
    rc = registry_covers (caller, place->code, &error);
  if (rc != MNS_OK) {
    registry_rows_refuse (rows, &error, 0);
    return MNS_OK;
  }
  rc = registry_place_get (&self->places, place->code, &old, &found);
  if (rc != MNS_OK)
    return rc;
  if (found && mns_record_equal (&mns_place_info_type, &old, place)) {
    registry_rows_accept (rows, MNS_ROW_EXISTS, 0, 0, "");
    return MNS_OK;
  }
  return put_place (self, rows->turn, place);
}

mns_rc_t registry_handle_load_places (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  registry_rows_t rows;
  mns_place_info_t place;
  mns_rc_t rc;
  registry_forget (self);
  registry_rows_begin (&rows, turn, request);
  while ((rc = registry_rows_next (&rows, &mns_place_info_type, &place)) == MNS_OK) {
    rc = load_place (self, &rows, &request->caller, &place);
    if (rc != MNS_OK)
      return rc;
  }
  return rc == MNS_GONE ? MNS_OK : rc;
}

/* ---- queries ----------------------------------------------------------------------------------------------------- */

static mns_rc_t reply_place (void *turn, const mns_place_info_t *place) {
  mns_turn_reply (turn, &mns_place_info_type, place);
  return MNS_OK;
}

static mns_rc_t one_place (registry_t *self, mns_turn_t *turn, mns_place_t code) {
  mns_place_info_t place;
  char text[MNS_PLACE_TEXT];
  bool found;
  mns_rc_t rc = registry_place_get (&self->places, code, &place, &found);
  if (rc != MNS_OK)
    return rc;
  mns_place_format (code, text);
  if (!found)
    return mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "code", "no place with the code %s is loaded", text);
  return reply_place (turn, &place);
}

mns_rc_t registry_handle_places (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  const mns_place_query_t *query = request->record;
  if (query->code)
    return one_place (self, turn, query->code);
  int64_t limit = query->limit == MNS_NONE ? REGISTRY_ROWS_MAX : query->limit;
  return registry_places_list (&self->places, query->parent, query->after, query->text, limit, reply_place, turn);
}

/* ---- snapshot ---------------------------------------------------------------------------------------------------- */

typedef struct {
  mns_dump_t *dump;
  mns_error_t *error;
} dumping_t;

/* As put_place tells it, but for the day of registration, which the register does not keep. */
static mns_rc_t dump_place (void *context, const mns_place_info_t *place) {
  dumping_t *dumping = context;
  mns_emit_t emit = {.stream = "places",
                     .subject = "place",
                     .place = place->code,
                     .happening = "valid",
                     .occurred = place->valid_from};
  return mns_dump_row (dumping->dump, &emit, &mns_place_info_type, place, 1, dumping->error);
}

mns_rc_t registry_dump_places (mns_dump_t *dump, mns_db_t *db, const mns_config_t *config, mns_error_t *error) {
  (void)config;
  registry_places_t places;
  dumping_t dumping = {dump, error};
  error->rc = MNS_OK;
  registry_places_init (&places, db);
  mns_rc_t rc = registry_places_list (&places, 0, 0, "", INT64_MAX, dump_place, &dumping);
  return rc != MNS_OK && error->rc == MNS_OK ? mns_fail (error, rc, "registry.db", "%s", mns_db_message (db)) : rc;
}
