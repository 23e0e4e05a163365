/* `<service>.rehearse`: a bulk command is carried out as ever, in a turn of its own, and the turn is rolled back. So
 * what it answers is what it would have answered, by the same code and the same rules; nothing is stored and nothing is
 * told. Rows see those before them in the request, not those of a rehearsal before. */
#include "common/records/codes.h"
#include "common/records/service_records.h"
#include "common/turn.h"

static mns_rc_t find (mns_turn_t *turn, const char *name, mns_code_t role, const mns_command_t **found) {
  const mns_command_t *command = mns_command_find (&turn->commands, name);
  bool fits = command && command->flags & MNS_BULK && !(command->flags & MNS_QUERY);
  *found = command;
  if (!fits)
    return mns_fail (&turn->error, MNS_UNKNOWN_COMMAND, "command", "%s has no bulk command '%s' to rehearse",
                     turn->service->name, name);
  if (command->roles & MNS_ROLE_BIT (role))
    return MNS_OK;
  return mns_fail (&turn->error, MNS_FORBIDDEN, name, "the role %s may not do this; ask for another account",
                   role ? mns_code_word (&mns_role, role) : "(none)");
}

mns_rc_t mns_turn_rehearse (void *self, mns_turn_t *turn, const mns_request_t *request) {
  (void)self;
  mns_service_rehearse_t asked;
  const mns_command_t *command;
  mns_request_t inner = *request;
  mns_rc_t rc = mns_sequence_next (&mns_service_rehearse_type, &asked, &inner.body, &inner.body_size, &turn->error);
  if (rc == MNS_GONE)
    return mns_fail (&turn->error, MNS_MISSING, "service_rehearse", "the request has no record");
  if (rc == MNS_OK)
    rc = find (turn, asked.command, request->caller.role, &command);
  if (rc != MNS_OK)
    return rc;
  inner.command = command->name;
  turn->rehearses = true;
  rc = command->handle (turn->self, turn, &inner);
  turn->event_epoch = turn->event_number = 0;
  return rc;
}
