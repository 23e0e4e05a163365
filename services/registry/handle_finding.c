/* Findings about the register: the work list, and closing one by hand. */
#include "services/registry/handle.h"

#include "common/records/registry_quality.h"
#include "common/text.h"
#include "services/registry/quality.h"
#include <inttypes.h>
#include <string.h>

#define LIST_DEFAULT 50

typedef struct {
  registry_t *self;
  mns_turn_t *turn;
  const mns_request_t *request;
  const mns_finding_query_t *asked;
  mns_place_t area;
  int64_t left;
} list_t;

bool registry_sees_restricted (const mns_caller_t *caller) {
  return (MNS_ROLE_BIT (caller->role) & REGISTRY_ANSWERING) != 0;
}

static bool is_restricted (const registry_finding_t *finding, mns_date_t today) {
  return finding->restricted_until > today;
}

/* Who may see it: of the division, and where it points at a minor only who decides. */
static mns_rc_t check_may_see (mns_turn_t *turn, const mns_request_t *request, const registry_finding_t *finding) {
  mns_error_t *error = mns_turn_error (turn);
  mns_rc_t rc = registry_covers (&request->caller, finding->about.place, error);
  if (rc == MNS_OK && is_restricted (finding, mns_turn_today (turn)) && !registry_sees_restricted (&request->caller))
    return mns_fail (error, MNS_FORBIDDEN, "finding", "finding %" PRIu64 " is for approvers and administrators",
                     finding->id);
  return rc;
}

static void reply_finding (const registry_t *self, mns_turn_t *turn, const registry_finding_t *finding) {
  const registry_rule_t *rule = &self->catalogue.quality.rules[finding->rule];
  const registry_text_t *text = &self->catalogue.rules[finding->rule];
  mns_finding_info_t info;
  mns_record_clear (&mns_finding_info_type, &info);
  info.finding = finding->id;
  info.rule = finding->rule;
  info.severity = rule->severity;
  info.state = finding->state;
  info.place = finding->about.place;
  info.owner = mns_place_at (finding->about.place, MNS_TOWNSHIP);
  info.person = finding->about.person;
  info.household = finding->about.household;
  mns_text_copy (info.text, sizeof info.text, self->in_chinese ? text->zh : text->en);
  memcpy (info.detail, finding->detail, sizeof info.detail);
  info.restricted = is_restricted (finding, mns_turn_today (turn)) ? MNS_YES : 0;
  info.opened = finding->opened;
  info.deadline = finding->deadline;
  info.closed = finding->closed;
  memcpy (info.account, finding->account, sizeof info.account);
  memcpy (info.reason, finding->reason, sizeof info.reason);
  mns_turn_reply (turn, &mns_finding_info_type, &info);
}

/* ---- the list ---------------------------------------------------------------------------------------------------- */

static bool is_asked (const list_t *list, const registry_finding_t *finding) {
  const mns_finding_query_t *asked = list->asked;
  if (asked->rule && finding->rule != asked->rule)
    return false;
  if (asked->person && asked->state && finding->state != asked->state)
    return false;
  if (finding->id <= asked->after)
    return false;
  bool overdue = finding->deadline && finding->deadline < mns_turn_today (list->turn);
  return (asked->overdue != MNS_YES || overdue) && mns_place_covers (list->area, finding->about.place);
}

static mns_rc_t list_finding (void *context, const registry_finding_t *finding) {
  list_t *list = context;
  if (!is_asked (list, finding) || check_may_see (list->turn, list->request, finding) != MNS_OK)
    return MNS_OK;
  if (list->left-- == 0)
    return MNS_GONE;
  reply_finding (list->self, list->turn, finding);
  return MNS_OK;
}

static mns_rc_t show_one (list_t *list) {
  registry_finding_t finding;
  mns_rc_t rc =
      registry_finding_get (&list->self->findings, list->asked->finding, &finding, mns_turn_error (list->turn));
  if (rc == MNS_OK)
    rc = check_may_see (list->turn, list->request, &finding);
  if (rc == MNS_OK)
    reply_finding (list->self, list->turn, &finding);
  return rc;
}

mns_rc_t registry_handle_findings (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  const mns_finding_query_t *asked = request->record;
  list_t list = {.self = self,
                 .turn = turn,
                 .request = request,
                 .asked = asked,
                 .area = asked->place ? asked->place : request->caller.division,
                 .left = asked->limit == MNS_NONE ? LIST_DEFAULT : asked->limit};
  if (asked->finding)
    return show_one (&list);
  mns_rc_t rc = registry_covers (&request->caller, list.area, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  registry_subject_t about = {.person = asked->person};
  if (asked->person)
    return registry_findings_about (&self->findings, &about, list_finding, &list);
  return registry_findings_in_state (&self->findings, asked->state ? asked->state : MNS_FINDING_OPEN, asked->after,
                                     list_finding, &list);
}

/* ---- closing ----------------------------------------------------------------------------------------------------- */

static mns_rc_t check_may_close (const registry_t *self, const registry_finding_t *finding, mns_error_t *error) {
  if (finding->state != MNS_FINDING_OPEN)
    return mns_fail (error, MNS_WRONG_STATE, "finding", "finding %" PRIu64 " is not open (%s)", finding->id,
                     mns_code_word (&mns_finding_state, finding->state));
  if (self->catalogue.quality.rules[finding->rule].severity == MNS_MUST)
    return mns_fail (error, MNS_WRONG_STATE, "finding",
                     "this rule must hold: correct the entry (mns person correct), and the finding closes by itself");
  return MNS_OK;
}

mns_rc_t registry_handle_close_finding (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  const mns_finding_close_t *asked = request->record;
  mns_error_t *error = mns_turn_error (turn);
  registry_finding_t finding;
  mns_rc_t rc = registry_finding_get (&self->findings, asked->finding, &finding, error);
  if (rc == MNS_OK)
    rc = check_may_see (turn, request, &finding);
  if (rc == MNS_OK)
    rc = check_may_close (self, &finding, error);
  if (rc != MNS_OK)
    return rc;
  finding.state = MNS_FINDING_CLOSED;
  finding.closed = mns_turn_today (turn);
  mns_text_copy (finding.account, sizeof finding.account, request->caller.account);
  mns_text_copy (finding.reason, sizeof finding.reason, asked->reason);
  rc = registry_finding_close (&self->findings, &finding);
  if (rc == MNS_OK)
    reply_finding (self, turn, &finding);
  return rc;
}
