/* What waits for a second person: put aside by registry.record and registry.correct, listed, decided. What is approved
 * is decided and written as if it were entered now, in the name of who entered it. */
#include "services/registry/handle.h"

#include "common/text.h"
#include "services/registry/again.h"
#include "services/registry/rules_pending.h"
#include <string.h>

/* ---- putting aside ----------------------------------------------------------------------------------------------- */

mns_rc_t registry_put_aside (registry_t *self, mns_pending_info_t *pending, const mns_record_type_t *type,
                             const void *request) {
  mns_buffer_t body = {0};
  pending->state = MNS_PENDING_WAITING;
  mns_record_pack (type, request, &body);
  mns_rc_t rc = registry_pending_insert (&self->pendings, pending, body.data, body.size);
  mns_buffer_fini (&body);
  return rc;
}

/* ---- listing ----------------------------------------------------------------------------------------------------- */

static mns_rc_t reply_pending (void *turn, const mns_pending_info_t *pending) {
  mns_turn_reply (turn, &mns_pending_info_type, pending);
  return MNS_OK;
}

mns_rc_t registry_handle_pending (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  const mns_pending_query_t *asked = request->record;
  mns_place_t area = asked->place ? asked->place : request->caller.division;
  mns_rc_t rc = registry_covers (&request->caller, area, mns_turn_error (turn));
  return rc == MNS_OK ? registry_pending_list (&self->pendings, asked, area, reply_pending, turn) : rc;
}

/* ---- deciding ---------------------------------------------------------------------------------------------------- */

/* A decision on its way. */
typedef struct {
  registry_t *self;
  mns_turn_t *turn;
  const mns_request_t *request;
  const mns_pending_decision_t *asked;
  mns_pending_info_t pending;
  mns_buffer_t body;
  mns_pending_outcome_t outcome;
} deciding_t;

static mns_rc_t check (deciding_t *it) {
  mns_error_t *error = mns_turn_error (it->turn);
  const mns_caller_t *caller = &it->request->caller;
  registry_deciding_t deciding = {.entered_by = it->pending.account, .decided_by = caller->account};
  bool withdraws = it->asked->decision == MNS_PENDING_WITHDRAW;
  mns_rc_t rc = registry_covers (caller, it->pending.place, error);
  if (rc == MNS_OK && !withdraws && caller->role != MNS_APPROVER && caller->role != MNS_ADMINISTRATOR)
    rc = mns_fail (error, MNS_FORBIDDEN, "decision", "approvers and administrators decide; %s is neither",
                   caller->account);
  if (rc == MNS_OK && it->asked->decision == MNS_PENDING_REFUSE && !*it->asked->reason)
    rc = mns_fail (error, MNS_MISSING, "reason", "say why it is refused");
  if (rc == MNS_OK)
    rc = registry_pending_next (it->pending.state, it->asked->decision, &deciding, &it->pending.state, error);
  return rc;
}

static mns_rc_t carry_out (deciding_t *it) {
  registry_again_t again = {.caller = it->request->caller, .approved_by = it->request->caller.account};
  mns_life_return_t row;
  mns_correct_request_t correction;
  mns_error_t *error = mns_turn_error (it->turn);
  mns_text_copy (again.caller.account, sizeof again.caller.account, it->pending.account);
  if (it->pending.event_kind) {
    mns_rc_t rc = mns_record_unpack (&mns_life_return_type, &row, it->body.data, it->body.size, NULL, error);
    return rc == MNS_OK ? registry_record_again (it->self, it->turn, &again, &row, &it->outcome) : rc;
  }
  mns_rc_t rc = mns_record_unpack (&mns_correct_request_type, &correction, it->body.data, it->body.size, NULL, error);
  return rc == MNS_OK ? registry_correct_again (it->self, it->turn, &again, &correction, &it->outcome) : rc;
}

static mns_rc_t write_decision (deciding_t *it) {
  it->pending.decided = mns_turn_now (it->turn);
  mns_text_copy (it->pending.decided_by, sizeof it->pending.decided_by, it->request->caller.account);
  mns_text_copy (it->pending.reason, sizeof it->pending.reason, it->asked->reason);
  mns_rc_t rc = registry_pending_decide (&it->self->pendings, &it->pending);
  if (rc != MNS_OK)
    return rc;
  it->outcome.pending = it->pending.pending;
  it->outcome.state = it->pending.state;
  mns_turn_reply (it->turn, &mns_pending_outcome_type, &it->outcome);
  return MNS_OK;
}

mns_rc_t registry_handle_decide (void *self, mns_turn_t *turn, const mns_request_t *request) {
  deciding_t it = {.self = self, .turn = turn, .request = request, .asked = request->record};
  mns_record_clear (&mns_pending_outcome_type, &it.outcome);
  mns_rc_t rc =
      registry_pending_get (&it.self->pendings, it.asked->pending, &it.pending, &it.body, mns_turn_error (turn));
  if (rc == MNS_OK)
    rc = check (&it);
  if (rc == MNS_OK && it.pending.state == MNS_PENDING_APPROVED)
    rc = carry_out (&it);
  if (rc == MNS_OK)
    rc = write_decision (&it);
  mns_buffer_fini (&it.body);
  return rc;
}
