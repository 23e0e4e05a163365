/* The registry: its commands, and its state over an open store. It hears nothing: facts enter it by request only. Its
 * one timer lets deadlines of matters with other counties pass. */
#include "services/registry/registry.h"

#include "common/records/registry_duplicates.h"
#include "common/records/registry_pending.h"
#include "common/records/registry_quality.h"
#include "common/records/registry_requests.h"
#include "services/registry/handle.h"
#include <stdlib.h>
#include <string.h>

#define CACHE_KIB (64 * 1024)

#define ENTERING REGISTRY_ENTERING
#define DECIDING (MNS_ROLE_BIT (MNS_APPROVER) | MNS_ROLE_BIT (MNS_ADMINISTRATOR))
#define CHECKING                                                                                                       \
  (MNS_ROLE_BIT (MNS_APPROVER) | MNS_ROLE_BIT (MNS_OPERATOR) | MNS_ROLE_BIT (MNS_ADMINISTRATOR) |                      \
   MNS_ROLE_BIT (MNS_SERVICE))
#define COUNTING       (ENTERING | MNS_ROLE_BIT (MNS_OFFICIAL) | MNS_ROLE_BIT (MNS_OPERATOR))
#define LOADING_PLACES (MNS_ROLE_BIT (MNS_ADMINISTRATOR) | MNS_ROLE_BIT (MNS_SERVICE))

/* clang-format off */
static const mns_command_t commands[] = {
    {"registry.load-places", MNS_BULK, LOADING_PLACES, &mns_place_info_type, &mns_row_outcome_type,
     registry_handle_load_places, "load places of the division files", "导入区划"},
    {"registry.reform", MNS_BULK, MNS_ROLE_BIT (MNS_ADMINISTRATOR), &mns_reform_row_type, &mns_reform_outcome_type,
     registry_handle_reform, "carry out a boundary reform", "区划调整"},
    {"registry.load-successors", MNS_BULK, LOADING_PLACES, &mns_reform_type, &mns_row_outcome_type,
     registry_handle_load_successors, "load what became of codes in the past", "导入区划沿革"},
    {"registry.places", MNS_QUERY, MNS_ROLES_ALL, &mns_place_query_type, &mns_place_info_type,
     registry_handle_places, "list places", "查询区划"},
    {"registry.place-history", MNS_QUERY, MNS_ROLES_ALL, &mns_place_query_type, &mns_place_step_type,
     registry_handle_place_history, "what a code was, what became of it", "查询区划沿革"},
    {"registry.load", MNS_BULK, ENTERING, &mns_person_row_type, &mns_row_outcome_type,
     registry_handle_load, "load persons who were there at the start", "导入初始人员"},
    {"registry.record", 0, ENTERING, &mns_life_return_type, &mns_record_outcome_type,
     registry_handle_record, "record a birth, death, move or adjustment", "登记事项"},
    {"registry.record-batch", MNS_BULK, ENTERING, &mns_life_return_type, &mns_row_outcome_type,
     registry_handle_record_batch, "record the rows of a return", "批量登记事项"},
    {"registry.correct", 0, ENTERING, &mns_correct_request_type, &mns_correct_outcome_type,
     registry_handle_correct, "correct a fact of a person or event", "更正"},
    {"registry.person", MNS_QUERY, ENTERING, &mns_person_query_type, &mns_person_info_type,
     registry_handle_person, "show a person", "查询人员"},
    {"registry.search", MNS_QUERY, ENTERING, &mns_person_search_type, &mns_person_info_type,
     registry_handle_search, "find persons", "搜索人员"},
    {"registry.household", MNS_QUERY, ENTERING, &mns_household_query_type, &mns_person_info_type,
     registry_handle_household, "show the persons of a household", "查询户"},
    {"registry.residents", MNS_QUERY, ENTERING, &mns_residents_query_type, &mns_person_info_type,
     registry_handle_residents, "list who was in a place on a day", "查询某日在册人员"},
    {"registry.export", 0, ENTERING, &mns_audit_export_type, NULL,
     registry_handle_export, "tell that a list of persons is taken out", "登记清单导出"},
    {"registry.events", MNS_QUERY, ENTERING, &mns_event_query_type, &mns_event_info_type,
     registry_handle_events, "show the events and corrections of a person", "查询事项"},
    {"registry.pending", MNS_QUERY, ENTERING, &mns_pending_query_type, &mns_pending_info_type,
     registry_handle_pending, "list what waits for a second person", "查询待复核事项"},
    {"registry.decide", 0, ENTERING, &mns_pending_decision_type, &mns_pending_outcome_type,
     registry_handle_decide, "approve, refuse or withdraw what waits", "复核"},
    {"registry.recount", MNS_QUERY, COUNTING, &mns_recount_request_type, &mns_count_type,
     registry_handle_recount, "count again from the register's own tables", "重新计数"},
    {"registry.exchange-open", 0, ENTERING, &mns_matter_request_type, &mns_matter_info_type,
     registry_handle_exchange_open, "open a matter with another county", "发起往来事项"},
    {"registry.exchange-act", 0, ENTERING, &mns_matter_action_type, &mns_matter_info_type,
     registry_handle_exchange_act, "deal with a matter: accept, refuse, answer …", "办理往来事项"},
    {"registry.exchange", MNS_QUERY, ENTERING, &mns_matter_query_type, &mns_matter_info_type,
     registry_handle_exchange, "list matters with other counties", "查询往来事项"},
    {"registry.exchange-letters", MNS_QUERY, ENTERING, &mns_letter_query_type, &mns_letter_info_type,
     registry_handle_exchange_letters, "list the letters of a matter", "查询函件"},
    {"registry.exchange-partners", MNS_QUERY, COUNTING, NULL, &mns_partner_info_type,
     registry_handle_exchange_partners, "list the partner counties", "查询往来县"},
    {"registry.exchange-deliver", MNS_BULK, LOADING_PLACES, &mns_delivery_type, NULL,
     registry_handle_exchange_deliver, "take letters in (the courier)", "收取函件"},
    {"registry.exchange-heard", 0, LOADING_PLACES, &mns_partner_report_type, NULL,
     registry_handle_exchange_heard, "take down how a line is (the courier)", "记录联络情况"},
    {"registry.duplicates", MNS_QUERY, ENTERING, &mns_duplicate_query_type, &mns_duplicate_info_type,
     registry_handle_duplicates, "list entries that may be one person", "查询疑似重复"},
    {"registry.duplicate", MNS_QUERY, ENTERING, &mns_duplicate_select_type, &mns_duplicate_fact_info_type,
     registry_handle_duplicate, "compare two entries", "比较两条登记"},
    {"registry.dismiss-duplicate", 0, ENTERING, &mns_duplicate_dismiss_type, &mns_duplicate_info_type,
     registry_handle_dismiss_duplicate, "say that two entries are two persons", "认定非重复"},
    {"registry.merges", MNS_QUERY, ENTERING, &mns_merge_query_type, &mns_merge_info_type,
     registry_handle_merges, "list merges of entries", "查询合并"},
    {"registry.merge", 0, ENTERING, &mns_merge_request_type, &mns_merge_info_type,
     registry_handle_merge, "ask that two entries be merged", "申请合并"},
    {"registry.decide-merge", 0, DECIDING, &mns_merge_decision_type, &mns_merge_info_type,
     registry_handle_decide_merge, "decide on a merge that another asked for", "复核合并"},
    {"registry.unmerge", 0, DECIDING, &mns_unmerge_request_type, &mns_merge_info_type,
     registry_handle_unmerge, "undo a merge", "撤销合并"},
    {"registry.findings", MNS_QUERY, ENTERING, &mns_finding_query_type, &mns_finding_info_type,
     registry_handle_findings, "list findings about the register", "查询数据质量问题"},
    {"registry.close-finding", 0, ENTERING, &mns_finding_close_type, &mns_finding_info_type,
     registry_handle_close_finding, "say that a finding is right as it is", "说明问题"},
    {"registry.check-quality", 0, CHECKING, &mns_quality_check_type, &mns_quality_checked_type,
     registry_handle_check_quality, "check a slice of the register", "检查登记簿"},
    {0, 0, 0, 0, 0, 0, 0, 0}};
/* clang-format on */

static const mns_topic_t topics[] = {{0, 0, 0}};
static const mns_timer_t timers[] = {{"exchange", REGISTRY_EXCHANGE_MS, registry_exchange_look}, {0, 0, 0}};
static const mns_snapshot_t snapshots[] = {{"places", registry_dump_places}, {0, 0}};

static mns_rc_t open_state (void **state, mns_db_t *db, const mns_config_t *config, mns_error_t *error) {
  registry_t *self = mns_alloc (sizeof *self);
  self->db = db;
  self->county = config->county;
  registry_people_init (&self->people, db);
  registry_finder_init (&self->finder, &self->people);
  registry_past_init (&self->past, db);
  registry_events_init (&self->events, db);
  registry_pendings_init (&self->pendings, db);
  registry_places_init (&self->places, db);
  registry_recount_init (&self->recount, db);
  registry_reforms_init (&self->reforms, db);
  registry_duplicates_init (&self->duplicates, db);
  registry_findings_init (&self->findings, db);
  registry_check_init (&self->check, db);
  registry_merges_init (&self->merges, db);
  self->in_chinese = strcmp (config->language, "zh") == 0;
  self->baselines = mns_alloc (REGISTRY_ROWS_MAX * sizeof *self->baselines);
  self->grouped = mns_alloc (REGISTRY_ROWS_MAX * sizeof *self->grouped);
  self->loaded = mns_alloc (REGISTRY_ROWS_MAX * sizeof *self->loaded);
  registry_forget (self);
  *state = self;
  registry_matters_init (&self->matters, db);
  self->partners = (mns_partners_t){0};
  self->calendar = (mns_calendar_t){0};
  mns_rc_t rc = registry_catalogue_load (&self->catalogue, config->data, error);
  if (rc == MNS_OK)
    rc = registry_exchange_load (self, config->data, error);
  if (rc == MNS_OK)
    rc = registry_counties_load (self);
  return rc == MNS_OK ? registry_people_fill (&self->people, error) : rc;
}

static void close_state (void **state) {
  registry_t *self = *state;
  if (!self)
    return;
  registry_people_fini (&self->people);
  mns_partners_fini (&self->partners);
  mns_calendar_fini (&self->calendar);
  registry_readings_fini (&self->readings);
  free (self->baselines);
  free (self->grouped);
  free (self->loaded);
  free (self);
  *state = NULL;
}

static mns_rc_t finish (void *self, mns_turn_t *turn) {
  registry_t *registry = self;
  return registry_readings_tell (&registry->readings, turn, registry->county);
}

static void rolled_back (void *self) {
  registry_t *registry = self;
  registry_readings_clear (&registry->readings);
  registry_forget (self);
  registry_counties_load (self);
}

const mns_service_t mns_registry_service = {
    .name = "registry",
    .files = mns_embedded_registry,
    .commands = commands,
    .topics = topics,
    .timers = timers,
    .snapshots = snapshots,
    .cache_kib = CACHE_KIB,
    .stops_the_line = true,
    .keeps_facts = true,
    .open = open_state,
    .close = close_state,
    .finish = finish,
    .rolled_back = rolled_back,
};
