/* The tables of the assistance service: its commands, the topics it follows, its timer, and its state. */
#include "services/assistance/assistance.h"
#include "common/records/registry_duplicates.h"
#include "common/records/registry_records.h"
#include "common/text.h"
#include "services/assistance/handlers.h"
#include "services/assistance/state.h"
#include <stdlib.h>

#define DECIDERS (MNS_ROLE_BIT (MNS_APPROVER) | MNS_ROLE_BIT (MNS_ADMINISTRATOR))
#define CLERKS   (MNS_ROLE_BIT (MNS_CLERK) | DECIDERS)
#define READERS  (MNS_ROLE_BIT (MNS_OFFICIAL) | CLERKS)

/* clang-format off */
static const mns_command_t commands[] = {
  {"assistance.schemes", MNS_QUERY, MNS_ROLES_ALL, &mns_scheme_query_type, &mns_scheme_info_type, assistance_schemes,
   "The catalogue of schemes: rates, conditions, sources", "项目目录"},
  {"assistance.apply", 0, CLERKS, &mns_application_request_type, &mns_application_type, assistance_apply,
   "Apply for a benefit", "申请"},
  {"assistance.decide", 0, DECIDERS, &mns_decision_request_type, &mns_application_type, assistance_decide,
   "Approve or refuse an application", "审批"},
  {"assistance.applications", MNS_QUERY, CLERKS, &mns_application_query_type, &mns_application_type,
   assistance_applications, "List applications", "申请列表"},
  {"assistance.entitlements", MNS_QUERY, CLERKS, &mns_entitlement_query_type, &mns_entitlement_type,
   assistance_entitlements, "List entitlements", "资格列表"},
  {"assistance.exit", 0, DECIDERS, &mns_exit_request_type, &mns_entitlement_type, assistance_exit,
   "End an entitlement", "退出"},
  {"assistance.load-recipients", MNS_BULK, DECIDERS, &mns_recipient_row_type, &mns_row_outcome_type,
   assistance_load_recipients, "Take in recipients from a file", "导入受益人"},
  {"assistance.load-exits", MNS_BULK, DECIDERS, &mns_exit_row_type, &mns_row_outcome_type, assistance_load_exits,
   "Take in exits from a file", "导入退出名单"},
  {"assistance.fund", 0, DECIDERS, &mns_fund_request_type, &mns_ledger_account_type, assistance_fund,
   "Pay money of a source in", "资金拨入"},
  {"assistance.load-funds", MNS_BULK, DECIDERS, &mns_fund_request_type, &mns_row_outcome_type, assistance_load_funds,
   "Take in money paid in from a file", "导入资金拨入"},
  {"assistance.ledger", MNS_QUERY, READERS, NULL, &mns_ledger_account_type, assistance_ledger,
   "The accounts of the ledger and their balances", "科目余额"},
  {"assistance.batch-prepare", 0, CLERKS, &mns_batch_request_type, &mns_batch_type, assistance_batch_prepare,
   "Prepare a batch and reserve its money", "编制批次"},
  {"assistance.batch-post", 0, DECIDERS, &mns_batch_number_type, &mns_batch_type, assistance_batch_post,
   "Post a batch and write the bank's file", "批次入账"},
  {"assistance.batch-cancel", 0, CLERKS, &mns_batch_number_type, &mns_batch_type, assistance_batch_cancel,
   "Cancel a prepared batch", "撤销批次"},
  {"assistance.batches", MNS_QUERY, READERS, &mns_batch_query_type, &mns_batch_type, assistance_batches,
   "List batches", "批次列表"},
  {"assistance.batch-lines", MNS_QUERY, CLERKS, &mns_line_query_type, &mns_batch_line_type, assistance_batch_lines,
   "List the lines of a batch", "批次明细"},
  {0}};
/* clang-format on */

static const mns_topic_t topics[] = {{"registry.baseline.", &mns_baseline_type, assistance_on_baseline},
                                     {"registry.birth.", &mns_birth_type, assistance_on_birth},
                                     {"registry.death.", &mns_death_type, assistance_on_death},
                                     {"registry.move-in.", &mns_move_in_type, assistance_on_move_in},
                                     {"registry.move-out.", &mns_move_out_type, assistance_on_move_out},
                                     {"registry.move-within.", &mns_move_within_type, assistance_on_move_within},
                                     {"registry.adjustment.", &mns_adjustment_type, assistance_on_adjustment},
                                     {"registry.merge.", &mns_merge_type, assistance_on_merge},
                                     {"registry.correction.", &mns_correction_type, assistance_on_correction},
                                     {"places.reform.", &mns_reform_type, assistance_on_reform},
                                     {0}};

static const mns_timer_t timers[] = {{"export", 500, assistance_export}, {0}};

static void close_state (void **owner) {
  assistance_t *self = *owner;
  if (!self)
    return;
  assistance_eligibility_destroy (&self->eligibility);
  assistance_catalogue_fini (&self->catalogue);
  person_store_fini (&self->persons);
  free (self);
  *owner = NULL;
}

static mns_rc_t open_state (void **owner, mns_db_t *db, const mns_config_t *config, mns_error_t *error) {
  assistance_t *self = mns_alloc (sizeof *self);
  *self = (assistance_t){.county = config->county};
  mns_text_copy (self->data, sizeof self->data, config->data);
  person_store_init (&self->persons, db);
  boundary_store_init (&self->boundaries, db);
  application_store_init (&self->applications, db);
  entitlement_store_init (&self->entitlements, db);
  batch_store_init (&self->batches, db);
  ledger_store_init (&self->ledger, db);
  mns_rc_t rc = assistance_catalogue_load (&self->catalogue, config->data, error);
  if (rc == MNS_OK)
    rc = assistance_eligibility_new (&self->eligibility, &self->catalogue, error);
  *owner = self;
  if (rc != MNS_OK)
    close_state (owner);
  return rc;
}

static mns_rc_t finish (void *owner, mns_turn_t *turn) {
  assistance_t *self = owner;
  (void)turn;
  return boundary_store_finish (&self->boundaries);
}

static void rolled_back (void *owner) {
  assistance_t *self = owner;
  self->boundaries.noted = false;
}

const mns_service_t mns_assistance_service = {.name = "assistance",
                                              .files = mns_embedded_assistance,
                                              .commands = commands,
                                              .topics = topics,
                                              .timers = timers,
                                              .stops_the_line = true,
                                              .keeps_facts = true,
                                              .open = open_state,
                                              .close = close_state,
                                              .finish = finish,
                                              .rolled_back = rolled_back};
