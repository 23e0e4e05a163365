/* What became of codes before this register began: told to the others, moves nobody. */
#include "services/registry/handle.h"

#include "common/records/place.h"
#include "services/registry/publish.h"

static mns_rc_t check (const mns_reform_t *row, mns_date_t today, mns_error_t *error) {
  if (mns_place_level (row->code) != mns_place_level (row->successor))
    return mns_fail (error, MNS_INVALID, "successor", "a place is succeeded by one of its own level");
  if ((row->code == row->successor) != (row->operation == MNS_RENAME))
    return mns_fail (error, MNS_INVALID, "operation", "a rename keeps the code, every other operation changes it");
  if (row->day > today)
    return mns_fail (error, MNS_OUT_OF_RANGE, "day", "what became of a place is known when the day has come");
  return MNS_OK;
}

/* Where the register has persons, a reform must move them, too. */
static mns_rc_t check_empty (registry_t *self, mns_place_t code, mns_error_t *error) {
  bool inhabited;
  char text[MNS_PLACE_TEXT];
  mns_place_format (code, text);
  mns_rc_t rc = registry_place_inhabited (&self->places, code, &inhabited);
  if (rc != MNS_OK || !inhabited)
    return rc;
  return mns_fail (error, MNS_CONFLICT, "code", "the register has persons in %s: mns place reform moves them, too",
                   text);
}

static mns_rc_t load_row (registry_t *self, registry_rows_t *rows, const mns_caller_t *caller,
                          const mns_reform_t *row) {
  mns_error_t error = {0};
  bool known = false;
  mns_rc_t rc = mns_record_validate (&mns_reform_type, row, &error);
  if (rc == MNS_OK)
    rc = check (row, mns_turn_today (rows->turn), &error);
  if (rc == MNS_OK)
    rc = registry_covers (caller, row->code, &error);
  if (rc == MNS_OK)
    rc = registry_successor_known (&self->places, row, &known);
  if (rc == MNS_OK && !known)
    rc = check_empty (self, row->code, &error);
  if (registry_is_refusal (rc)) {
    registry_rows_refuse (rows, &error, 0);
    return MNS_OK;
  }
  if (rc != MNS_OK)
    return rc;
  if (known) {
    registry_rows_accept (rows, MNS_ROW_EXISTS, 0, 0, "");
    return MNS_OK;
  }
  rc = registry_successor_put (&self->places, row);
  return rc == MNS_OK ? registry_publish_reform (rows->turn, row) : rc;
}

mns_rc_t registry_handle_load_successors (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  registry_rows_t rows;
  mns_reform_t row;
  mns_rc_t rc = MNS_OK;
  registry_rows_begin (&rows, turn, request);
  while (rc == MNS_OK && (rc = registry_rows_next (&rows, &mns_reform_type, &row)) == MNS_OK)
    rc = load_row (self, &rows, &request->caller, &row);
  return rc == MNS_GONE ? MNS_OK : rc;
}
