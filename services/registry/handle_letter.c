/* Letters of other counties, as the courier brings them: taken once, in whatever order, and what follows from each. */
#include "services/registry/handle.h"

#include "common/log.h"
#include "common/text.h"
#include "services/registry/exchange.h"
#include <string.h>

/* ---- what follows ------------------------------------------------------------------------------------------------ */

/* A refusal of the register is something for a clerk; a failure of the store fails the delivery, which comes again. */
static mns_rc_t trouble (registry_exchange_t *it, mns_rc_t rc) {
  if (!registry_is_refusal (rc))
    return rc;
  registry_exchange_trouble (it, "%s: %s", it->error.where, it->error.detail);
  return registry_exchange_save (it);
}

static bool is_gone (mns_code_t state) {
  return state == MNS_MATTER_RELEASED || state == MNS_MATTER_COMPLETED;
}

/* The person cannot be given away: the destination is told, as long as it has not taken the person in. */
static mns_rc_t keep (registry_exchange_t *it) {
  if (it->matter.state != MNS_MATTER_ACCEPTED)
    return trouble (it, it->error.rc);
  mns_text_copy (it->matter.note, sizeof it->matter.note, it->error.detail);
  mns_rc_t rc = registry_exchange_step (it, MNS_STEP_CANCEL);
  it->matter.closed = it->today;
  return rc == MNS_OK ? registry_exchange_send (it) : rc;
}

/* At the origin. Who was released already is not released again; a register that was put back to before that learns it
 * from the destination. */
static mns_rc_t follow_origin (registry_exchange_t *it) {
  mns_code_t state = it->matter.state;
  if (is_gone (it->before) || (state != MNS_MATTER_ACCEPTED && !is_gone (state)))
    return registry_exchange_save (it);
  mns_rc_t rc = registry_exchange_release (it);
  if (registry_is_refusal (rc))
    return keep (it);
  if (rc != MNS_OK || state != MNS_MATTER_ACCEPTED)
    return rc == MNS_OK ? registry_exchange_save (it) : rc;
  rc = registry_exchange_step (it, MNS_STEP_RELEASE);
  return rc == MNS_OK ? registry_exchange_send (it) : rc;
}

/* At the destination. */
static mns_rc_t follow_destination (registry_exchange_t *it) {
  mns_rc_t rc = MNS_OK;
  if (!is_gone (it->matter.state) || it->before == MNS_MATTER_COMPLETED)
    return registry_exchange_save (it);
  it->matter.state = MNS_MATTER_RELEASED;
  rc = registry_exchange_arrive (it);
  if (rc != MNS_OK)
    return trouble (it, rc);
  rc = registry_exchange_step (it, MNS_STEP_COMPLETE);
  return rc == MNS_OK ? registry_exchange_send (it) : rc;
}

static mns_rc_t follow_move (registry_exchange_t *it) {
  return it->matter.side == MNS_SIDE_SENT ? follow_origin (it) : follow_destination (it);
}

/* Nobody found without a number may be somebody whose village was not named: that is a clerk's to say. */
static mns_rc_t follow_verification (registry_exchange_t *it) {
  mns_matter_info_t *matter = &it->matter;
  bool asks = registry_exchange_is_open (matter->state) && matter->side == MNS_SIDE_RECEIVED;
  if (!asks || it->partner->answers != MNS_YES)
    return registry_exchange_save (it);
  mns_rc_t rc = registry_exchange_verify (it, 0);
  if (rc != MNS_OK)
    return rc;
  if (matter->result == MNS_UNKNOWN && !*matter->citizen_number) {
    matter->result = 0;
    return registry_exchange_save (it);
  }
  rc = registry_exchange_step (it, MNS_STEP_ANSWER);
  return rc == MNS_OK ? registry_exchange_send (it) : rc;
}

/* Where the person is registered: a link to the entry, or a question for a clerk. */
static mns_rc_t follow_stay_of_ours (registry_exchange_t *it) {
  mns_matter_info_t *matter = &it->matter;
  mns_person_entry_t person;
  mns_rc_t rc = registry_exchange_find (it, &person);
  bool same = person.id && person.birth == matter->birth && registry_name_equal (person.name, matter->name);
  matter->trouble[0] = 0;
  if (same)
    matter->person = person.id;
  else if (matter->state == MNS_MATTER_CURRENT || matter->state == MNS_MATTER_LAPSED)
    registry_exchange_trouble (it, "nobody who is registered here has these facts; compare with mns person search");
  return rc == MNS_OK ? registry_exchange_save (it) : rc;
}

/* Where the person lives, a letter brings back what this register lost when it was put back. */
static mns_rc_t follow_stay (registry_exchange_t *it) {
  if (!registry_is_local (it->self, it->matter.destination))
    return follow_stay_of_ours (it);
  mns_rc_t rc = MNS_OK;
  if (it->matter.state == MNS_MATTER_CURRENT || it->matter.state == MNS_MATTER_LAPSED)
    rc = registry_exchange_settle (it);
  else if (it->matter.state == MNS_MATTER_ENDED)
    rc = registry_exchange_leave (it);
  return rc == MNS_OK ? registry_exchange_save (it) : trouble (it, rc);
}

/* Number, name and birth date together are taken for the person; anything less is shown to a clerk. */
static mns_rc_t find_dead (registry_exchange_t *it) {
  mns_matter_info_t *matter = &it->matter;
  mns_rc_t rc = registry_exchange_verify (it, 0);
  bool sure = matter->result == MNS_CONFIRMED && *matter->citizen_number && matter->birth;
  matter->result = 0;
  matter->differs[0] = 0;
  if (rc == MNS_OK && !sure)
    rc = mns_fail (&it->error, MNS_NOT_FOUND, "person",
                   "number, name and birth date do not together name one person registered here");
  return rc;
}

/* A register that was put back learns from the other county that the death had been recorded. */
static mns_rc_t follow_death (registry_exchange_t *it) {
  mns_code_t state = it->matter.state;
  bool asked = state == MNS_MATTER_NOTICED || state == MNS_MATTER_RECORDED;
  if (it->matter.side == MNS_SIDE_SENT || !asked)
    return registry_exchange_save (it);
  mns_rc_t rc = find_dead (it);
  if (rc == MNS_OK)
    rc = registry_exchange_bury (it);
  if (rc != MNS_OK)
    return trouble (it, rc);
  if (state == MNS_MATTER_RECORDED)
    return registry_exchange_save (it);
  rc = registry_exchange_step (it, MNS_STEP_RECORD);
  return rc == MNS_OK ? registry_exchange_send (it) : rc;
}

static mns_rc_t (*const followers[]) (registry_exchange_t *it) = {
    [MNS_MATTER_MOVE] = follow_move,
    [MNS_MATTER_VERIFICATION] = follow_verification,
    [MNS_MATTER_STAY] = follow_stay,
    [MNS_MATTER_DEATH] = follow_death,
};

/* ---- one letter -------------------------------------------------------------------------------------------------- */

static registry_standing_t standing_of (const mns_matter_info_t *matter) {
  return (registry_standing_t){matter->kind, matter->state, matter->revision};
}

static void take_file (registry_exchange_t *it, const mns_delivery_t *in) {
  mns_matter_info_t *matter = &it->matter;
  mns_record_copy_fields (&mns_matter_info_type, matter, &mns_delivery_type, in);
  matter->partner = in->county;
  matter->side = in->sender == in->county ? MNS_SIDE_RECEIVED : MNS_SIDE_SENT;
}

/* What was decided stands in the letters of both, so that each can learn it again from the other. */
static mns_rc_t confirm (registry_exchange_t *it) {
  bool decided = it->matter.kind == MNS_MATTER_STAY ? it->matter.state != MNS_MATTER_REPORTED
                                                    : !registry_exchange_is_open (it->matter.state);
  return decided && !it->sent ? registry_exchange_send (it) : MNS_OK;
}

static mns_rc_t note_letter (registry_exchange_t *it, const mns_delivery_t *in) {
  mns_letter_info_t row;
  mns_record_clear (&mns_letter_info_type, &row);
  row.state = in->state;
  row.epoch = in->epoch;
  row.number = in->number;
  mns_text_copy (row.account, sizeof row.account, it->caller->account);
  row.recorded = it->now;
  return registry_letter_put (&it->self->matters, it->matter.id, in->county, &row);
}

/* A matter that is not known here is written first, for its letter to refer to. */
static mns_rc_t begin_file (registry_exchange_t *it) {
  mns_matter_info_t *matter = &it->matter;
  mns_rc_t rc = mns_db_take (it->self->db, "matter", 1, &matter->id);
  matter->open = MNS_YES;
  matter->changed = it->now;
  mns_text_copy (matter->account, sizeof matter->account, it->caller->account);
  return rc == MNS_OK ? registry_matter_put (&it->self->matters, matter) : rc;
}

/* The file that is further on is right; a letter of somebody who is behind is answered with ours. */
static mns_rc_t compare (registry_exchange_t *it, const mns_delivery_t *in) {
  registry_standing_t theirs = {in->kind, in->state, in->revision}, ours = standing_of (&it->matter);
  it->before = it->matter.state;
  bool newer = !it->matter.id || registry_exchange_newer (&theirs, &ours);
  mns_rc_t rc = MNS_OK;
  if (newer)
    take_file (it, in);
  if (!it->matter.id)
    rc = begin_file (it);
  if (rc == MNS_OK)
    rc = note_letter (it, in);
  if (rc == MNS_OK && newer)
    rc = followers[in->kind](it);
  if (rc == MNS_OK && newer)
    return confirm (it);
  return rc == MNS_OK && registry_exchange_newer (&ours, &theirs) ? registry_exchange_send (it) : rc;
}

/* A letter that is not between these two counties, or about another's matter, is none. */
static bool is_ours (const registry_exchange_t *it, const mns_delivery_t *in) {
  mns_place_t county = it->self->county;
  bool between =
      (in->sender == county && in->receiver == in->county) || (in->sender == in->county && in->receiver == county);
  bool same = !it->matter.id || (it->matter.partner == in->county && it->matter.kind == in->kind);
  if (!between || !same)
    mns_log (MNS_LOG_WARN, "registry", "letter.strange", "county=%lld epoch=%llu number=%llu", (long long)in->county,
             (unsigned long long)in->epoch, (unsigned long long)in->number);
  return between && same;
}

static mns_rc_t take_letter (registry_exchange_t *it, const mns_delivery_t *in) {
  bool known = false;
  mns_rc_t rc = mns_record_validate (&mns_delivery_type, in, &it->error);
  if (rc == MNS_OK)
    rc = registry_exchange_partner (it, in->county);
  if (rc == MNS_OK)
    rc = registry_letter_known (&it->self->matters, in->county, in->epoch, in->number, &known);
  if (rc != MNS_OK || known)
    return rc;
  rc = registry_matter_find (&it->self->matters, &in->matter, &it->matter);
  if (rc != MNS_OK || !is_ours (it, in))
    return rc;
  return compare (it, in);
}

/* ---- commands of the courier ------------------------------------------------------------------------------------- */

static mns_rc_t note_offset (registry_t *self, const mns_delivery_t *in, mns_time_t now) {
  mns_partner_report_t report;
  mns_record_clear (&mns_partner_report_type, &report);
  report.county = in->county;
  report.connected = MNS_YES;
  report.heard = now;
  report.log_epoch = in->log_epoch;
  report.log_number = in->log_number;
  report.chain = in->chain;
  return registry_line_put (&self->matters, &report);
}

mns_rc_t registry_handle_exchange_deliver (void *self, mns_turn_t *turn, const mns_request_t *request) {
  registry_exchange_t it;
  registry_rows_t rows;
  mns_delivery_t in;
  mns_rc_t rc;
  bool any = false;
  registry_rows_begin (&rows, turn, request);
  while ((rc = registry_rows_next (&rows, &mns_delivery_type, &in)) == MNS_OK) {
    registry_exchange_begin (&it, self, turn, &request->caller);
    rc = take_letter (&it, &in);
    if (rc != MNS_OK) {
      if (it.error.rc == rc)
        *mns_turn_error (turn) = it.error;
      return rc;
    }
    any = true;
  }
  if (rc != MNS_GONE)
    return rc;
  return any ? note_offset (self, &in, mns_turn_now (turn)) : MNS_OK;
}

mns_rc_t registry_handle_exchange_heard (void *self, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *registry = self;
  registry_exchange_t it;
  const mns_partner_report_t *report = request->record;
  registry_exchange_begin (&it, registry, turn, &request->caller);
  mns_rc_t rc = registry_exchange_partner (&it, report->county);
  if (rc == MNS_OK)
    return registry_line_put (&registry->matters, report);
  *mns_turn_error (turn) = it.error;
  return rc;
}
