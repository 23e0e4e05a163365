/* What an administrator takes out of the way of a service, and answers for: `<service>.skip` an event at which its line
 * stands, `<service>.bury` a record of its own that the broker refuses for good. Either is kept with its reason in the
 * store and told as an event of the service's own stream; neither happens by itself. */
#include "common/records/service_records.h"
#include "common/text.h"
#include "common/turn.h"
#include <stdio.h>
#include <string.h>

/* Both lists in the store's words. */
#define SKIPPED "skipped"
#define BURIED  "buried"

mns_rc_t mns_turn_read_interventions (mns_turn_t *turn, mns_error_t *error) {
  bool row;
  turn->left_out = mns_db_prepare (turn->db, "SELECT 1 FROM intervention WHERE event = ?1 AND what = '" SKIPPED "'");
  sqlite3_stmt *count = mns_db_prepare (turn->db, "SELECT count (*) FROM intervention WHERE what = '" SKIPPED "'");
  mns_rc_t rc = mns_db_step (turn->db, count, &row);
  if (rc == MNS_OK && row)
    mns_db_read (count, "u", &turn->left_out_count);
  sqlite3_finalize (count);
  return rc == MNS_OK ? rc : mns_fail (error, rc, "intervention", "%s", mns_db_message (turn->db));
}

bool mns_turn_is_left_out (mns_turn_t *turn, const mns_event_t *event) {
  bool row = false;
  char id[96];
  if (turn->left_out_count == 0)
    return false;
  snprintf (id, sizeof id, "%s-%llu-%llu", event->producer, (unsigned long long)event->producer_epoch,
            (unsigned long long)event->number);
  mns_db_bind (turn->left_out, "t", id);
  mns_rc_t rc = mns_db_step (turn->db, turn->left_out, &row);
  sqlite3_reset (turn->left_out);
  return rc == MNS_OK && row;
}

static mns_rc_t keep (mns_turn_t *turn, const mns_intervention_t *said, const mns_buffer_t *records) {
  sqlite3_stmt *insert =
      mns_db_prepare (turn->db, "INSERT INTO intervention (event, what, account, reason, records, decided)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  mns_db_bind (insert, "ttttbi", said->event, said->what, said->account, said->reason, records->data, records->size,
               turn->now);
  mns_rc_t rc = mns_db_run (turn->db, insert);
  sqlite3_finalize (insert);
  return rc == MNS_OK ? rc : mns_fail (&turn->error, rc, "intervention", "%s", mns_db_message (turn->db));
}

static mns_rc_t tell (mns_turn_t *turn, const mns_intervention_t *said) {
  mns_emit_t emit = {.subject = "line", .place = turn->config->county, .happening = said->what};
  return mns_turn_emit (turn, &emit, &mns_intervention_type, said, 1);
}

static void describe (mns_turn_t *turn, const mns_request_t *request, const char *what, const char *event,
                      const char *reason, mns_intervention_t *said) {
  mns_record_clear (&mns_intervention_type, said);
  mns_text_copy (said->service, sizeof said->service, turn->service->name);
  mns_text_copy (said->what, sizeof said->what, what);
  mns_text_copy (said->event, sizeof said->event, event);
  mns_text_copy (said->account, sizeof said->account, request->caller.account);
  mns_text_copy (said->reason, sizeof said->reason, reason);
}

mns_rc_t mns_turn_skip (void *self, mns_turn_t *turn, const mns_request_t *request) {
  (void)self;
  const mns_service_skip_t *skip = request->record;
  const mns_buffer_t nothing = {0};
  mns_intervention_t said;
  if (!turn->stopped || turn->status.stopped_at[0] == 0)
    return mns_fail (&turn->error, MNS_WRONG_STATE, "event", "the line of %s does not stand at an event",
                     turn->service->name);
  if (strcmp (turn->status.stopped_at, skip->event) != 0)
    return mns_fail (&turn->error, MNS_CONFLICT, "event", "the line stands at %s, not at %s", turn->status.stopped_at,
                     skip->event);
  describe (turn, request, SKIPPED, skip->event, skip->reason, &said);
  mns_rc_t rc = keep (turn, &said, &nothing);
  if (rc == MNS_OK)
    rc = tell (turn, &said);
  turn->resumes = rc == MNS_OK;
  return rc;
}

/* What was refused is said by its type and size only: its content may be why. */
static mns_rc_t replace (mns_turn_t *turn, uint64_t number, mns_buffer_t *replaced) {
  char topic[MNS_TOPIC_MAX + 1];
  mns_buried_t buried;
  mns_event_t event;
  mns_buffer_t body = {0};
  memset (&event, 0, sizeof event);
  mns_record_clear (&mns_buried_type, &buried);
  mns_text_copy (buried.producer, sizeof buried.producer, turn->service->name);
  buried.number = number;
  mns_topic_format (topic, "system", "buried", 0, turn->service->name);
  event.topic = topic;
  event.topic_size = strlen (topic);
  mns_text_copy (event.type, sizeof event.type, mns_buried_type.name);
  event.version = mns_buried_type.version;
  mns_record_pack (&mns_buried_type, &buried, &body);
  mns_rc_t rc = mns_outbox_replace (&turn->outbox, number, &event, body.data, body.size, replaced, &turn->error);
  mns_buffer_fini (&body);
  return rc;
}

mns_rc_t mns_turn_bury (void *self, mns_turn_t *turn, const mns_request_t *request) {
  (void)self;
  const mns_service_bury_t *bury = request->record;
  char id[96];
  mns_buffer_t replaced = {0};
  mns_intervention_t said;
  if (turn->refused == 0)
    return mns_fail (&turn->error, MNS_WRONG_STATE, "number", "the broker refuses no record of %s",
                     turn->service->name);
  if (turn->refused != bury->number)
    return mns_fail (&turn->error, MNS_CONFLICT, "number", "the broker refuses record %llu of %s, not %llu",
                     (unsigned long long)turn->refused, turn->service->name, (unsigned long long)bury->number);
  snprintf (id, sizeof id, "%s-%llu-%llu", turn->service->name, (unsigned long long)turn->outbox.stored.epoch,
            (unsigned long long)bury->number);
  describe (turn, request, BURIED, id, bury->reason, &said);
  mns_rc_t rc = replace (turn, bury->number, &replaced);
  if (rc == MNS_OK)
    rc = keep (turn, &said, &replaced);
  if (rc == MNS_OK && turn->outbox.stored.next == 0) /* in an epoch that is over, `system.buried` says it alone */
    rc = tell (turn, &said);
  turn->reopens = rc == MNS_OK;
  mns_buffer_fini (&replaced);
  return rc;
}

void mns_turn_interventions_committed (mns_turn_t *turn) {
  if (turn->resumes) {
    turn->stopped = false;
    turn->left_out_count++;
    turn->status.stopped_at[0] = 0;
    mns_turn_alarm_clear (turn, "line_stopped");
    mns_turn_set_state (turn, MNS_STATE_RUNNING);
  }
  if (turn->reopens) {
    turn->refused = 0;
    turn->reopen = true;
    mns_turn_alarm_clear (turn, "relay_stopped");
  }
  turn->resumes = turn->reopens = false;
}
