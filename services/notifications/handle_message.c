/* Messages: listed, and tried again. */
#include "common/records/place.h"
#include "services/notifications/handlers.h"
#include "services/notifications/rules_notice.h"

mns_rc_t notifications_messages (void *self, mns_turn_t *turn, const mns_request_t *request) {
  notifications_t *state = self;
  mns_message_query_t query = *(const mns_message_query_t *)request->record;
  mns_error_t *error = mns_turn_error (turn);
  bool sees_persons = request->caller.role != MNS_OPERATOR;
  mns_message_t message;
  bool more;
  mns_rc_t rc;
  if (query.place && !mns_caller_covers (&request->caller, query.place))
    return mns_fail (error, MNS_FORBIDDEN, "place", "the place lies outside the division of this account");
  query.place = query.place ? query.place : request->caller.division;
  message_store_list (&state->messages, &query);
  while ((rc = message_store_next (&state->messages, &message, &more, error)) == MNS_OK && more) {
    if (!query.message || !sees_persons)
      message.body[0] = 0;
    mns_turn_reply (turn, &mns_message_type, &message);
  }
  return rc;
}

/* One that waits is tried at once, too. */
static mns_rc_t retry_one (notifications_t *self, mns_turn_t *turn, const mns_request_t *request, uint64_t id) {
  mns_error_t *error = mns_turn_error (turn);
  mns_message_t message;
  mns_rc_t rc = message_store_find (&self->messages, id, &message, NULL, 0);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "message", "there is no message with this number");
  if (!mns_caller_covers (&request->caller, message.place))
    return mns_fail (error, MNS_FORBIDDEN, "message", "it lies outside the division of this account");
  rc = mns_machine_next (&notifications_machine, message.state, NOTIFICATIONS_RETRY, NULL, NULL, &message.state, error);
  if (rc != MNS_OK)
    return rc;
  message.attempts = 0;
  message.due = mns_turn_now (turn);
  message.error[0] = 0;
  rc = message_store_update (&self->messages, &message);
  return rc == MNS_OK ? rc : mns_fail (error, rc, "store", "%s", mns_error_en (rc));
}

mns_rc_t notifications_retry (void *self, mns_turn_t *turn, const mns_request_t *request) {
  notifications_t *state = self;
  const mns_message_retry_t *asked = request->record;
  mns_message_retried_t retried = {.messages = 1};
  mns_error_t *error = mns_turn_error (turn);
  mns_rc_t rc;
  if (asked->message)
    rc = retry_one (state, turn, request, asked->message);
  else if (request->caller.division)
    return mns_fail (error, MNS_FORBIDDEN, "message", "all dead letters are those of every place; name one");
  else if ((rc = message_store_retry_dead (&state->messages, mns_turn_now (turn), &retried.messages)) != MNS_OK)
    mns_fail (error, rc, "store", "%s", mns_error_en (rc));
  if (rc == MNS_OK)
    mns_turn_reply (turn, &mns_message_retried_type, &retried);
  return rc;
}
