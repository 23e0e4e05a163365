/* The rows of a bulk request and the answer about them. */
#include "services/registry/handle.h"

#include "common/records/load_records.h"
#include "common/text.h"

void registry_rows_begin (registry_rows_t *rows, mns_turn_t *turn, const mns_request_t *request) {
  *rows = (registry_rows_t){.turn = turn, .data = request->body, .size = request->body_size};
}

mns_rc_t registry_rows_next (registry_rows_t *rows, const mns_record_type_t *type, void *record) {
  mns_rc_t rc = mns_sequence_next (type, record, &rows->data, &rows->size, mns_turn_error (rows->turn));
  if (rc == MNS_OK && ++rows->row > REGISTRY_ROWS_MAX)
    return mns_fail (mns_turn_error (rows->turn), MNS_TOO_LARGE, "rows", "a request holds at most %d rows",
                     REGISTRY_ROWS_MAX);
  return rc;
}

void registry_rows_refuse (registry_rows_t *rows, const mns_error_t *error, uint64_t person) {
  mns_row_outcome_t outcome;
  mns_record_clear (&mns_row_outcome_type, &outcome);
  outcome.row = rows->row;
  outcome.result = MNS_ROW_REFUSED;
  outcome.person = person;
  mns_text_copy (outcome.error, sizeof outcome.error, mns_error_word (error->rc));
  mns_text_copy (outcome.field, sizeof outcome.field, error->where);
  mns_text_copy (outcome.detail, sizeof outcome.detail, *error->detail ? error->detail : mns_error_en (error->rc));
  mns_turn_reply (rows->turn, &mns_row_outcome_type, &outcome);
}

void registry_rows_accept (registry_rows_t *rows, mns_code_t result, uint64_t person, uint64_t event,
                           const char *finding) {
  mns_row_outcome_t outcome;
  if (result == MNS_ROW_CREATED && !*finding)
    return;
  mns_record_clear (&mns_row_outcome_type, &outcome);
  outcome.row = rows->row;
  outcome.result = result;
  outcome.person = person;
  outcome.event = event;
  mns_text_copy (outcome.detail, sizeof outcome.detail, finding);
  mns_turn_reply (rows->turn, &mns_row_outcome_type, &outcome);
}
