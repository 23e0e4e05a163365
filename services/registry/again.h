/* What waited for a second person, decided and written again; and what is put aside to wait. */
#ifndef MNS_REGISTRY_AGAIN_H
#define MNS_REGISTRY_AGAIN_H

#include "common/records/registry_pending.h"
#include "services/registry/registry_state.h"

/* In whose name, and who approved it. */
typedef struct {
  mns_caller_t caller;
  const char *approved_by;
} registry_again_t;

/* person, event, finding of the outcome. handle_record.c */
mns_rc_t registry_record_again (registry_t *self, mns_turn_t *turn, const registry_again_t *again,
                                const mns_life_return_t *in, mns_pending_outcome_t *outcome);
/* person, correction, finding. handle_correct.c */
mns_rc_t registry_correct_again (registry_t *self, mns_turn_t *turn, const registry_again_t *again,
                                 const mns_correct_request_t *request, mns_pending_outcome_t *outcome);

/* Puts a request aside; `pending` says what it is about, and gets its number. handle_pending.c */
mns_rc_t registry_put_aside (registry_t *self, mns_pending_info_t *pending, const mns_record_type_t *type,
                             const void *request);

#endif
