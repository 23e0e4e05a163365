/* The handlers of the registry's commands, one file for each noun. */
#ifndef MNS_REGISTRY_HANDLE_H
#define MNS_REGISTRY_HANDLE_H

#include "services/registry/registry_state.h"

#define REGISTRY_HANDLER(name) mns_rc_t name (void *self, mns_turn_t *turn, const mns_request_t *request)

REGISTRY_HANDLER (registry_handle_load_places); /* handle_place.c */
REGISTRY_HANDLER (registry_handle_places);
REGISTRY_HANDLER (registry_handle_place_history);   /* handle_place_history.c */
REGISTRY_HANDLER (registry_handle_load_successors); /* handle_successor.c */
REGISTRY_HANDLER (registry_handle_reform);          /* handle_reform.c */
/* The snapshot of `places`. */
mns_rc_t registry_dump_places (mns_dump_t *dump, mns_db_t *db, const mns_config_t *config, mns_error_t *error);
REGISTRY_HANDLER (registry_handle_load);   /* handle_load.c */
REGISTRY_HANDLER (registry_handle_record); /* handle_record.c */
REGISTRY_HANDLER (registry_handle_record_batch);
REGISTRY_HANDLER (registry_handle_correct); /* handle_correct.c */
REGISTRY_HANDLER (registry_handle_person);  /* handle_query.c */
REGISTRY_HANDLER (registry_handle_search);
REGISTRY_HANDLER (registry_handle_household);
REGISTRY_HANDLER (registry_handle_events);
REGISTRY_HANDLER (registry_handle_residents);
REGISTRY_HANDLER (registry_handle_pending); /* handle_pending.c */
REGISTRY_HANDLER (registry_handle_decide);
REGISTRY_HANDLER (registry_handle_recount);    /* handle_recount.c */
REGISTRY_HANDLER (registry_handle_duplicates); /* handle_duplicate.c */
REGISTRY_HANDLER (registry_handle_export);     /* handle_export.c */
REGISTRY_HANDLER (registry_handle_duplicate);
REGISTRY_HANDLER (registry_handle_dismiss_duplicate);
REGISTRY_HANDLER (registry_handle_merges); /* handle_merge.c */
REGISTRY_HANDLER (registry_handle_merge);
REGISTRY_HANDLER (registry_handle_decide_merge);
REGISTRY_HANDLER (registry_handle_unmerge);
REGISTRY_HANDLER (registry_handle_findings); /* handle_finding.c */
REGISTRY_HANDLER (registry_handle_close_finding);
REGISTRY_HANDLER (registry_handle_check_quality); /* handle_check.c */

/* Who enters persons may see them; many at once in full are for those who answer for it. */
#define REGISTRY_ENTERING                                                                                              \
  (MNS_ROLE_BIT (MNS_CLERK) | MNS_ROLE_BIT (MNS_APPROVER) | MNS_ROLE_BIT (MNS_ADMINISTRATOR) |                         \
   MNS_ROLE_BIT (MNS_SERVICE))
#define REGISTRY_ANSWERING (MNS_ROLE_BIT (MNS_APPROVER) | MNS_ROLE_BIT (MNS_ADMINISTRATOR) | MNS_ROLE_BIT (MNS_SERVICE))
/* Whether the caller may see findings that are restricted. handle_finding.c */
bool registry_sees_restricted (const mns_caller_t *caller);

/* Matters with other counties: handle_exchange.c, handle_letter.c, handle_deadline.c */
REGISTRY_HANDLER (registry_handle_exchange_open);
REGISTRY_HANDLER (registry_handle_exchange_act);
REGISTRY_HANDLER (registry_handle_exchange);
REGISTRY_HANDLER (registry_handle_exchange_letters);
REGISTRY_HANDLER (registry_handle_exchange_partners);
REGISTRY_HANDLER (registry_handle_exchange_deliver);
REGISTRY_HANDLER (registry_handle_exchange_heard);
#define REGISTRY_EXCHANGE_MS 2000
mns_rc_t registry_exchange_look (void *self, mns_turn_t *turn);
/* Partners and working days. */
mns_rc_t registry_exchange_load (registry_t *self, const char *data, mns_error_t *error);

/* The walk over the rows of a bulk request, and the answer about those that were not simply created. */
typedef struct {
  mns_turn_t *turn;
  const uint8_t *data;
  size_t size;
  uint64_t row; /* of the row given last, from 1 */
} registry_rows_t;

void registry_rows_begin (registry_rows_t *rows, mns_turn_t *turn, const mns_request_t *request);
/* The next row, decoded: MNS_GONE at the end; MNS_TOO_LARGE above REGISTRY_ROWS_MAX. */
mns_rc_t registry_rows_next (registry_rows_t *rows, const mns_record_type_t *type, void *record);
void registry_rows_refuse (registry_rows_t *rows, const mns_error_t *error, uint64_t person);
/* created (only answered when there is a finding) or exists */
void registry_rows_accept (registry_rows_t *rows, mns_code_t result, uint64_t person, uint64_t event,
                           const char *finding);

#endif
