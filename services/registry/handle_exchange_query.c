/* Reading matters between counties: work lists, letters, partners. Each reading is logged, never what was read. */
#include "services/registry/handle.h"

#include "common/log.h"
#include "common/text.h"
#include "services/registry/exchange.h"
#include <inttypes.h>

#define LIST_DEFAULT 100

typedef struct {
  registry_t *self;
  mns_turn_t *turn;
  const mns_request_t *request;
  int64_t left;
} list_t;

static void log_reading (const list_t *list, uint64_t matter) {
  char account[3 * MNS_NAME_MAX];
  mns_log (MNS_LOG_INFO, "registry", "matter.read", "account=%s command=%s matter=%" PRIu64,
           mns_log_quote (list->request->caller.account, account, sizeof account), list->request->command, matter);
}

static mns_place_t place_of (registry_t *self, const mns_matter_info_t *matter) {
  registry_exchange_t it = {.self = self, .matter = *matter};
  return registry_exchange_place (&it);
}

static mns_rc_t show (void *context, const mns_matter_info_t *matter) {
  list_t *list = context;
  if (list->left == 0)
    return MNS_GONE;
  if (!mns_caller_covers (&list->request->caller, place_of (list->self, matter)))
    return MNS_OK;
  mns_turn_reply (list->turn, &mns_matter_info_type, matter);
  log_reading (list, matter->id);
  list->left--;
  return MNS_OK;
}

mns_rc_t registry_handle_exchange (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const mns_matter_query_t *query = request->record;
  list_t list = {.self = self, .turn = turn, .request = request, .left = query->limit};
  if (query->limit == MNS_NONE)
    list.left = LIST_DEFAULT;
  mns_rc_t rc = registry_matters_list (&list.self->matters, query, show, &list);
  if (rc == MNS_OK && query->id && list.left > 0 &&
      list.left == (query->limit == MNS_NONE ? LIST_DEFAULT : query->limit))
    rc = mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "id", "there is no such matter in your division");
  return rc;
}

static mns_rc_t show_letter (void *context, const mns_letter_info_t *letter) {
  mns_turn_reply (context, &mns_letter_info_type, letter);
  return MNS_OK;
}

mns_rc_t registry_handle_exchange_letters (void *self, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *registry = self;
  const mns_letter_query_t *query = request->record;
  mns_matter_info_t matter;
  mns_rc_t rc = registry_matter_get (&registry->matters, query->id, &matter, mns_turn_error (turn));
  if (rc == MNS_OK)
    rc = registry_covers (&request->caller, place_of (registry, &matter), mns_turn_error (turn));
  return rc == MNS_OK ? registry_letters_of (&registry->matters, query->id, show_letter, turn) : rc;
}

mns_rc_t registry_handle_exchange_partners (void *self, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *registry = self;
  mns_rc_t rc = MNS_OK;
  (void)request;
  for (size_t i = 0; rc == MNS_OK && i < registry->partners.count; i++) {
    mns_partner_info_t info;
    mns_record_clear (&mns_partner_info_type, &info);
    info.county = registry->partners.rows[i].county;
    mns_text_copy (info.name, sizeof info.name, registry->partners.rows[i].name);
    rc = registry_partner_tally (&registry->matters, mns_turn_today (turn), &info);
    if (rc == MNS_OK)
      mns_turn_reply (turn, &mns_partner_info_type, &info);
  }
  return rc;
}
