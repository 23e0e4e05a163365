/* A list of persons is going to be taken out: who, what and whether in full is told before the first page is read. */
#include "services/registry/handle.h"

#include "common/records/audit_records.h"
#include "common/text.h"

mns_rc_t registry_handle_export (void *state, mns_turn_t *turn, const mns_request_t *request) {
  const registry_t *self = state;
  mns_audit_export_t told = *(const mns_audit_export_t *)request->record;
  bool answering = MNS_ROLE_BIT (request->caller.role) & REGISTRY_ANSWERING;
  if (told.revealed == MNS_YES && !answering)
    return mns_fail (mns_turn_error (turn), MNS_FORBIDDEN, "revealed",
                     "lists with names and numbers in full are for approvers and administrators");
  mns_text_copy (told.account, sizeof told.account, request->caller.account);
  mns_emit_t event = {.stream = "audit", .subject = "reading", .place = self->county, .happening = "exported"};
  return mns_turn_emit (turn, &event, &mns_audit_export_type, &told, 1);
}
