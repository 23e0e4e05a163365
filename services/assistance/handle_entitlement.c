/* Entitlements: listed and ended by hand. */
#include "services/assistance/entitle.h"
#include "services/assistance/handlers.h"

/* A query for a place outside the caller's division is refused; none is the whole division. */
static mns_rc_t narrow (const mns_caller_t *caller, mns_place_t *place, mns_error_t *error) {
  if (!*place)
    *place = caller->division;
  else if (!mns_caller_covers (caller, *place))
    return mns_fail (error, MNS_FORBIDDEN, "place", "the place lies outside the division of this account");
  return MNS_OK;
}

mns_rc_t assistance_entitlements (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  mns_entitlement_query_t query = *(const mns_entitlement_query_t *)request->record;
  mns_entitlement_t entitlement;
  bool more;
  mns_rc_t rc = narrow (&request->caller, &query.place, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  entitlement_store_list (&state->entitlements, &query);
  while ((rc = entitlement_store_next (&state->entitlements, &entitlement, &more, mns_turn_error (turn))) == MNS_OK &&
         more)
    mns_turn_reply (turn, &mns_entitlement_type, &entitlement);
  return rc;
}

mns_rc_t assistance_applications (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  mns_application_query_t query = *(const mns_application_query_t *)request->record;
  mns_application_t application;
  bool more;
  mns_rc_t rc = narrow (&request->caller, &query.place, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  application_store_list (&state->applications, &query);
  while ((rc = application_store_next (&state->applications, &application, &more, mns_turn_error (turn))) == MNS_OK &&
         more)
    mns_turn_reply (turn, &mns_application_type, &application);
  return rc;
}

mns_rc_t assistance_exit (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  const mns_exit_request_t *asked = request->record;
  mns_error_t *error = mns_turn_error (turn);
  mns_date_t today = mns_turn_today (turn);
  mns_entitlement_t entitlement;
  exit_t exit = {.reason = asked->reason,
                 .last_day = asked->occurred ? asked->occurred : today,
                 .registered = today,
                 .by = request->caller.account};
  if (asked->reason == MNS_EXIT_DEATH || asked->reason == MNS_EXIT_MOVED)
    return mns_fail (error, MNS_INVALID, "reason", "deaths and moves are registered in the register, which tells them");
  mns_rc_t rc = entitlement_store_find (&state->entitlements, asked->entitlement, &entitlement, error);
  if (rc != MNS_OK)
    return rc;
  if (!mns_caller_covers (&request->caller, entitlement.place))
    return mns_fail (error, MNS_FORBIDDEN, "entitlement", "it lies outside the division of this account");
  if ((rc = assistance_may_end (turn, &entitlement, &exit)) != MNS_OK ||
      (rc = assistance_end (state, turn, &entitlement, &exit)) != MNS_OK)
    return rc;
  if ((rc = entitlement_store_find (&state->entitlements, asked->entitlement, &entitlement, error)) == MNS_OK)
    mns_turn_reply (turn, &mns_entitlement_type, &entitlement);
  return rc;
}
