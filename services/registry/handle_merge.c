/* Two entries become one, or two again: asked for by one, decided by another, undone as it was done. Each step is a new
 * event; both entries stay. */
#include "services/registry/handle.h"

#include "common/records/registry_duplicates.h"
#include "common/text.h"
#include "services/registry/match.h"
#include "services/registry/publish.h"
#include "services/registry/quality.h"
#include "services/registry/rules_merge.h"
#include "services/registry/standing.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LIST_DEFAULT 50

/* A step on its way. */
typedef struct {
  registry_t *self;
  mns_turn_t *turn;
  const mns_request_t *request;
  mns_error_t *error;
  mns_date_t today;
  registry_merge_entry_t merge;
  mns_person_entry_t survivor, merged;
  int64_t moved;
  char finding[REGISTRY_FINDING_TEXT];
} step_t;

static step_t step_begin (void *self, mns_turn_t *turn, const mns_request_t *request) {
  return (step_t){.self = self,
                  .turn = turn,
                  .request = request,
                  .error = mns_turn_error (turn),
                  .today = mns_turn_today (turn),
                  .moved = MNS_NONE};
}

static void reply_merge (mns_turn_t *turn, const registry_merge_entry_t *merge, const step_t *step) {
  mns_merge_info_t info;
  mns_record_clear (&mns_merge_info_type, &info);
  info.merge = merge->id;
  info.state = merge->state;
  info.survivor = merge->survivor;
  info.merged = merge->merged;
  info.place = merge->place;
  memcpy (info.reason, merge->reason, sizeof info.reason);
  info.asked = merge->asked;
  memcpy (info.asked_by, merge->asked_by, sizeof info.asked_by);
  info.decided = merge->decided;
  memcpy (info.decided_by, merge->decided_by, sizeof info.decided_by);
  info.undone = merge->undone;
  memcpy (info.undone_by, merge->undone_by, sizeof info.undone_by);
  memcpy (info.why, merge->why, sizeof info.why);
  if (step) {
    info.moved = step->moved;
    mns_text_copy (info.finding, sizeof info.finding, step->finding);
    if (step->moved != MNS_NONE)
      mns_turn_last_event (turn, &info.epoch, &info.number);
  }
  mns_turn_reply (turn, &mns_merge_info_type, &info);
}

/* ---- facts ------------------------------------------------------------------------------------------------------- */

static mns_place_t area_of (const step_t *step, const mns_person_entry_t *person) {
  return registry_area (step->self, person->place, person->residence);
}

static mns_rc_t load_entry (step_t *step, uint64_t person, mns_person_entry_t *entry) {
  mns_rc_t rc = registry_person_get (&step->self->people, person, entry, step->error);
  return rc == MNS_OK ? registry_covers (&step->request->caller, area_of (step, entry), step->error) : rc;
}

static mns_rc_t load_entries (step_t *step) {
  mns_rc_t rc = load_entry (step, step->merge.survivor, &step->survivor);
  return rc == MNS_OK ? load_entry (step, step->merge.merged, &step->merged) : rc;
}

static bool is_kin (const mns_person_entry_t *person, uint64_t other) {
  return person->mother == other || person->father == other || person->spouse == other ||
         person->adoptive_mother == other || person->adoptive_father == other;
}

static mns_rc_t check_entries (step_t *step) {
  char certificates[2][41];
  registry_identity_t survivor, merged;
  mns_rc_t rc = registry_identity_load (step->self, &step->survivor, certificates[0], &survivor);
  if (rc == MNS_OK)
    rc = registry_identity_load (step->self, &step->merged, certificates[1], &merged);
  if (rc != MNS_OK)
    return rc;
  registry_mergeable_t one = {.person = step->survivor.id,
                              .spouse = step->survivor.spouse,
                              .status = step->survivor.status,
                              .twins = registry_are_twins (&survivor, &merged),
                              .kin = is_kin (&step->survivor, step->merged.id)};
  registry_mergeable_t other = {.person = step->merged.id,
                                .spouse = step->merged.spouse,
                                .status = step->merged.status,
                                .kin = is_kin (&step->merged, step->survivor.id)};
  return registry_merge_check (&one, &other, step->error);
}

/* What the entry that stays does not know and the other does: to be corrected by hand, with a paper. */
static void tell_missing (step_t *step) {
  static const char *const fields[] = {"citizen_number", "mother", "father", "marital", "ethnic", "native_name"};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    const mns_field_t *field = mns_record_field (&mns_person_entry_type, fields[i]);
    if (mns_field_absent (field, &step->survivor) && !mns_field_absent (field, &step->merged))
      registry_finding_add (step->finding, "only the merged entry has its %s", fields[i]);
  }
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

/* The same asked again is the same; another one that stands in the way is told. */
static mns_rc_t find_asked (step_t *step, bool *exists) {
  registry_merge_entry_t known;
  const mns_merge_request_t *asked = step->request->record;
  mns_rc_t rc = registry_merge_of (&step->self->merges, asked->merged, &known);
  *exists = rc == MNS_OK && known.id && known.survivor == asked->survivor;
  if (rc != MNS_OK || !known.id)
    return rc;
  if (*exists) {
    step->merge = known;
    return MNS_OK;
  }
  return mns_fail (step->error, MNS_CONFLICT, "merged",
                   "person %" PRIu64 " is the subject of merge %" PRIu64 " already, with person %" PRIu64,
                   asked->merged, known.id, known.survivor);
}

static mns_rc_t write_asked (step_t *step) {
  registry_merge_entry_t *merge = &step->merge;
  const mns_merge_request_t *asked = step->request->record;
  merge->place = registry_common_area (area_of (step, &step->survivor), area_of (step, &step->merged));
  merge->asked = step->today;
  memcpy (merge->reason, asked->reason, sizeof merge->reason);
  mns_text_copy (merge->asked_by, sizeof merge->asked_by, step->request->caller.account);
  mns_rc_t rc = registry_merge_next (0, REGISTRY_ASK, &merge->state, step->error);
  return rc == MNS_OK ? registry_merge_insert (&step->self->merges, merge) : rc;
}

mns_rc_t registry_handle_merge (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const mns_merge_request_t *asked = request->record;
  step_t step = step_begin (self, turn, request);
  bool exists = false;
  step.merge.survivor = asked->survivor;
  step.merge.merged = asked->merged;
  mns_rc_t rc = load_entries (&step);
  if (rc == MNS_OK)
    rc = find_asked (&step, &exists);
  if (rc == MNS_OK && !exists) {
    rc = check_entries (&step);
    if (rc == MNS_OK)
      rc = write_asked (&step);
    tell_missing (&step);
  }
  if (rc == MNS_OK)
    reply_merge (turn, &step.merge, &step);
  return rc;
}

/* ---- doing and undoing ------------------------------------------------------------------------------------------- */

/* The adjustment that takes the merged entry out of the stock, or puts it back. */
static mns_rc_t write_adjustment (step_t *step, int64_t delta) {
  registry_t *self = step->self;
  mns_event_entry_t event;
  registry_change_t change = {.old = step->merged, .person = step->merged};
  mns_record_clear (&mns_event_entry_type, &event);
  event.kind = MNS_ADJUSTMENT;
  event.person = step->merged.id;
  event.household = step->merged.household;
  event.place = step->merged.place;
  event.residence = step->merged.residence;
  event.occurred = event.registered = step->today;
  event.sex = step->merged.sex;
  event.birth = step->merged.birth;
  event.registration = step->merged.registration;
  event.adjustment = MNS_MERGE;
  event.delta = delta;
  event.origin = MNS_OWN;
  snprintf (event.note, sizeof event.note, "%s register number %" PRIu64, delta < 0 ? "merged into" : "two again, not",
            step->survivor.id);
  mns_text_copy (event.account, sizeof event.account, step->merge.asked_by);
  mns_text_copy (event.approved_by, sizeof event.approved_by, step->request->caller.account);
  event.recorded = mns_turn_now (step->turn);
  change.person.status = delta < 0 ? MNS_REMOVED : MNS_PRESENT;
  mns_rc_t rc = mns_db_take (self->db, "event", 1, &event.id);
  if (rc == MNS_OK)
    rc = registry_event_insert (&self->events, &event);
  if (rc == MNS_OK)
    rc = registry_change_write (self, &change, step->today, event.id, step->error);
  step->merged = change.person;
  return rc == MNS_OK ? registry_publish_event (self, step->turn, &step->merged, &event) : rc;
}

static mns_rc_t publish (step_t *step, const char *reason, bool undone) {
  mns_merge_t merge;
  mns_record_clear (&mns_merge_type, &merge);
  merge.merge = step->merge.id;
  merge.survivor = step->merge.survivor;
  merge.merged = step->merge.merged;
  merge.place = step->merged.place;
  merge.undone = undone ? MNS_YES : 0;
  mns_text_copy (merge.reason, sizeof merge.reason, reason);
  merge.registered = step->today;
  return registry_publish_merge (step->turn, area_of (step, &step->merged), &merge);
}

/* The pair leaves the work list; undone, the two are two persons. */
static mns_rc_t close_pair (step_t *step, mns_code_t state, const char *reason) {
  registry_pair_t pair;
  mns_rc_t rc = registry_pair_find (&step->self->duplicates, step->merge.survivor, step->merge.merged, &pair);
  if (rc != MNS_OK || !pair.id)
    return rc;
  pair.state = state;
  pair.closed = step->today;
  mns_text_copy (pair.account, sizeof pair.account, step->request->caller.account);
  mns_text_copy (pair.reason, sizeof pair.reason, reason);
  return registry_pair_close (&step->self->duplicates, &pair);
}

static mns_rc_t review (step_t *step) {
  registry_review_t it = {.self = step->self,
                          .today = step->today,
                          .now = mns_turn_now (step->turn),
                          .account = step->request->caller.account};
  mns_person_entry_t survivor;
  mns_rc_t rc = registry_person_get (&step->self->people, step->survivor.id, &survivor, step->error);
  if (rc == MNS_OK)
    rc = registry_review_change (&it, NULL, &step->merged, true);
  return rc == MNS_OK ? registry_review_change (&it, NULL, &survivor, true) : rc;
}

/* The survivor takes the merged entry's place as head of their household, and its marriage. */
static mns_rc_t take_own (step_t *step) {
  const mns_code_t head = mns_code_find (&mns_relation, "02");
  const mns_person_entry_t *survivor = &step->survivor, *merged = &step->merged;
  mns_rc_t rc = MNS_OK;
  if (survivor->household == merged->household && merged->relation == head && survivor->relation != head)
    rc = registry_relation_take (&step->self->merges, &step->merge, mns_code_word (&mns_relation, survivor->relation));
  if (rc == MNS_OK && merged->spouse && !survivor->spouse)
    rc = registry_spouse_take (&step->self->merges, &step->merge, merged->spouse);
  return rc;
}

static mns_rc_t merge (step_t *step) {
  mns_rc_t rc = check_entries (step);
  if (rc == MNS_OK)
    rc = take_own (step);
  if (rc == MNS_OK)
    rc = registry_references_move (&step->self->merges, &step->merge, &step->moved);
  if (rc == MNS_OK)
    rc = publish (step, step->merge.reason, false);
  if (rc == MNS_OK)
    rc = write_adjustment (step, -1);
  if (rc == MNS_OK)
    rc = close_pair (step, MNS_DUPLICATE_MERGED, step->merge.reason);
  tell_missing (step);
  return rc == MNS_OK ? review (step) : rc;
}

/* What was merged last is undone first. */
static mns_rc_t check_last (step_t *step) {
  registry_merge_entry_t later;
  mns_rc_t rc = registry_merge_of (&step->self->merges, step->merge.survivor, &later);
  if (rc != MNS_OK || !later.id || later.state != MNS_MERGE_MERGED)
    return rc;
  return mns_fail (step->error, MNS_WRONG_STATE, "merge",
                   "person %" PRIu64 " was itself merged, by merge %" PRIu64 ": undo that one first",
                   step->merge.survivor, later.id);
}

static mns_rc_t unmerge (step_t *step, const char *reason) {
  mns_rc_t rc = check_last (step);
  if (rc == MNS_OK)
    rc = registry_references_back (&step->self->merges, &step->merge, &step->moved);
  if (rc == MNS_OK)
    rc = publish (step, reason, true);
  if (rc == MNS_OK)
    rc = write_adjustment (step, 1);
  if (rc == MNS_OK)
    rc = close_pair (step, MNS_DUPLICATE_DISMISSED, reason);
  return rc == MNS_OK ? review (step) : rc;
}

/* ---- deciding ---------------------------------------------------------------------------------------------------- */

static mns_rc_t load_merge (step_t *step, uint64_t id, mns_code_t way) {
  mns_rc_t rc = registry_merge_get (&step->self->merges, id, &step->merge, step->error);
  if (rc == MNS_OK)
    rc = registry_covers (&step->request->caller, step->merge.place, step->error);
  if (rc == MNS_OK)
    rc = registry_merge_next (step->merge.state, way, &step->merge.state, step->error);
  return rc == MNS_OK ? load_entries (step) : rc;
}

mns_rc_t registry_handle_decide_merge (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const mns_merge_decision_t *asked = request->record;
  step_t step = step_begin (self, turn, request);
  bool approved = asked->approved == MNS_YES;
  if (!approved && !*asked->reason)
    return mns_fail (step.error, MNS_MISSING, "reason", "say why they are not merged");
  mns_rc_t rc = load_merge (&step, asked->merge, approved ? REGISTRY_APPROVE : REGISTRY_REFUSE);
  if (rc == MNS_OK)
    rc = registry_merge_second_person (step.merge.asked_by, request->caller.account, step.error);
  if (rc != MNS_OK)
    return rc;
  step.merge.decided = step.today;
  mns_text_copy (step.merge.decided_by, sizeof step.merge.decided_by, request->caller.account);
  memcpy (step.merge.why, asked->reason, sizeof step.merge.why);
  if (approved)
    rc = merge (&step);
  if (rc == MNS_OK)
    rc = registry_merge_decide (&step.self->merges, &step.merge);
  if (rc == MNS_OK)
    reply_merge (turn, &step.merge, &step);
  return rc;
}

mns_rc_t registry_handle_unmerge (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const mns_unmerge_request_t *asked = request->record;
  step_t step = step_begin (self, turn, request);
  mns_rc_t rc = load_merge (&step, asked->merge, REGISTRY_UNDO);
  if (rc != MNS_OK)
    return rc;
  step.merge.undone = step.today;
  mns_text_copy (step.merge.undone_by, sizeof step.merge.undone_by, request->caller.account);
  memcpy (step.merge.why, asked->reason, sizeof step.merge.why);
  rc = unmerge (&step, asked->reason);
  if (rc == MNS_OK)
    rc = registry_merge_decide (&step.self->merges, &step.merge);
  if (rc == MNS_OK)
    reply_merge (turn, &step.merge, &step);
  return rc;
}

/* ---- the list ---------------------------------------------------------------------------------------------------- */

typedef struct {
  mns_turn_t *turn;
  const mns_request_t *request;
  int64_t left;
} list_t;

static mns_rc_t list_merge (void *context, const registry_merge_entry_t *merge) {
  list_t *list = context;
  const mns_merge_query_t *asked = list->request->record;
  bool is_asked = (!asked->state || merge->state == asked->state) &&
                  (!asked->person || merge->survivor == asked->person || merge->merged == asked->person);
  if (!is_asked || !mns_caller_covers (&list->request->caller, merge->place))
    return MNS_OK;
  if (list->left-- == 0)
    return MNS_GONE;
  reply_merge (list->turn, merge, NULL);
  return MNS_OK;
}

mns_rc_t registry_handle_merges (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  const mns_merge_query_t *asked = request->record;
  list_t list = {turn, request, asked->limit == MNS_NONE ? LIST_DEFAULT : asked->limit};
  return registry_merges_list (&self->merges, list_merge, &list);
}
