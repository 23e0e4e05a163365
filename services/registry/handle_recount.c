/* registry.recount: what the register itself counts, for whoever doubts a figure. */
#include "services/registry/handle.h"

#include "common/records/registry_requests.h"

static mns_rc_t reply (void *turn, const mns_count_t *count) {
  mns_turn_reply (turn, &mns_count_type, count);
  return MNS_OK;
}

mns_rc_t registry_handle_recount (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  const mns_recount_request_t *asked = request->record;
  mns_rc_t rc = registry_covers (&request->caller, asked->place, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  if (asked->from_month != MNS_NONE && asked->to_month != MNS_NONE && asked->from_month > asked->to_month)
    return mns_fail (mns_turn_error (turn), MNS_DATE_ORDER, "to_month", "the last month is before the first");
  return registry_recount (&self->recount, asked, self->county, reply, turn);
}
