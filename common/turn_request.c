/* A request in a turn: who may, was it asked before, is it well formed; then the handler, then the stored answer.
 *
 * Only what a handler decided is stored. What is refused before it (no right, a missing key, a malformed record) costs
 * nothing to refuse again, and may be put right meanwhile. */
#include "common/records/codes.h"
#include "common/turn.h"
#include <string.h>

#define BUSY_RETRY_MS 200

bool mns_turn_store_error (mns_rc_t rc) {
  return rc == MNS_DISK_FULL || rc == MNS_IO || rc == MNS_MEMORY || rc == MNS_CORRUPT;
}

void mns_turn_answer_error (mns_turn_t *turn, mns_job_t *job, const mns_error_t *error) {
  job->outcome = (mns_outcome_t){.rc = error->rc, .at = turn->out.size};
  mns_buffer_add (&turn->out, error->where, strlen (error->where) + 1);
  mns_buffer_add (&turn->out, error->detail, strlen (error->detail) + 1);
  if (turn->reply.size > 0)
    mns_buffer_add (&turn->out, turn->reply.data, turn->reply.size);
  job->outcome.size = turn->out.size - job->outcome.at;
  if (mns_error_retry (error->rc))
    job->outcome.retry_after_ms = BUSY_RETRY_MS;
}

static void answer_done (mns_turn_t *turn, mns_job_t *job, bool copied) {
  job->outcome = (mns_outcome_t){.rc = MNS_OK, .at = turn->out.size, .size = turn->reply.size};
  job->outcome.later = turn->copy && !copied;
  if (turn->reply.size > 0)
    mns_buffer_add (&turn->out, turn->reply.data, turn->reply.size);
  if (turn->event_number > 0) {
    job->outcome.epoch = turn->event_epoch;
    job->outcome.number = turn->event_number;
  }
}

/* ---- before the handler ------------------------------------------------------------------------------------------ */

static mns_rc_t check_right (mns_turn_t *turn, const mns_command_t *command, const mns_job_t *job) {
  if (command->roles & MNS_ROLE_BIT (job->caller.role))
    return MNS_OK;
  return mns_fail (&turn->error, MNS_FORBIDDEN, command->name, "the role %s may not do this; ask for another account",
                   job->caller.role ? mns_code_word (&mns_role, job->caller.role) : "(none)");
}

static mns_rc_t check_key (mns_turn_t *turn, const mns_job_t *job) {
  if (mns_uuid_is_zero (&job->key))
    return mns_fail (&turn->error, MNS_INVALID, "key", "a command needs an idempotency key (16 bytes, UUID version 7)");
  if (mns_answers_expired (&job->key, turn->now))
    return mns_fail (&turn->error, MNS_GONE, "key",
                     "the key is older than 30 days: whether it was carried out is no longer known; "
                     "look whether the effect is there, then ask with a new key");
  return MNS_OK;
}

/* A store that was put back says nothing more in its old epoch but that a record is buried (loop.c). */
static mns_rc_t check_room (mns_turn_t *turn, const mns_command_t *command) {
  if (turn->forked)
    return mns_fail (&turn->error, MNS_STOPPED, "outbox",
                     "the outbox and the log disagree about what was sent; commands wait until the store is restored");
  if (turn->outbox.stored.next > 0 && command->handle != mns_turn_bury)
    return mns_fail (
        &turn->error, MNS_STOPPED, "outbox",
        "the store was put back, and the broker refuses record %llu of what waited in it: bury it, or take "
        "the cause away and start again; commands wait until then",
        (unsigned long long)turn->refused);
  if (mns_outbox_full (&turn->outbox, (uint64_t)turn->config->outbox_max))
    return mns_fail (&turn->error, MNS_BUSY, "outbox", "%llu events wait for the broker",
                     (unsigned long long)mns_outbox_pending (&turn->outbox));
  return MNS_OK;
}

static mns_rc_t decode (mns_turn_t *turn, const mns_command_t *command, const mns_job_t *job) {
  if (!command->request || command->flags & MNS_BULK)
    return MNS_OK;
  if (job->size == 0)
    return mns_fail (&turn->error, MNS_MISSING, command->request->name, "the request has no record");
  mns_rc_t rc = mns_record_unpack (command->request, turn->record, job->body, job->size, NULL, &turn->error);
  if (rc == MNS_OK)
    rc = mns_record_validate (command->request, turn->record, &turn->error);
  return rc;
}

/* ---- the handler ------------------------------------------------------------------------------------------------- */

static mns_rc_t call (mns_turn_t *turn, const mns_command_t *command, const mns_job_t *job) {
  bool decoded = command->request && !(command->flags & MNS_BULK);
  mns_request_t request = {.command = command->name,
                           .caller = job->caller,
                           .key = job->key,
                           .body = job->body,
                           .body_size = job->size,
                           .record = decoded ? turn->record : NULL};
  void *self = mns_command_is_common (&turn->commands, command) ? turn : turn->self;
  turn->request = &request;
  turn->changes = mns_db_changes (turn->db);
  mns_rc_t rc = command->handle (self, turn, &request);
  turn->request = NULL;
  if (rc == MNS_OK && turn->reply.size > MNS_BODY_MAX) {
    rc = mns_fail (&turn->error, MNS_TOO_LARGE, command->name, "the answer has %zu bytes, %d are allowed: ask for less",
                   turn->reply.size, MNS_BODY_MAX);
    mns_buffer_clear (&turn->reply);
  }
  if (rc != MNS_OK && turn->error.rc != rc)
    mns_fail (&turn->error, rc, "", "%s", mns_error_en (rc));
  return rc;
}

/* Half an effect must not be committed, nor an answer to what is lost. */
static bool spoiled (mns_turn_t *turn, mns_rc_t rc) {
  if (mns_turn_is_lost (turn)) {
    if (rc == MNS_OK)
      mns_fail (&turn->error, MNS_BUSY, "store", "the store gave up the transaction: %s", mns_db_message (turn->db));
    return true;
  }
  return rc != MNS_OK && (mns_turn_store_error (rc) || mns_db_changes (turn->db) != turn->changes);
}

/* ---- stored answers ---------------------------------------------------------------------------------------------- */

static mns_job_end_t repeat (mns_turn_t *turn, mns_job_t *job, const mns_answer_t *answer) {
  job->outcome = (mns_outcome_t){.rc = answer->rc,
                                 .repeated = true,
                                 .at = turn->out.size,
                                 .size = answer->size,
                                 .epoch = answer->epoch,
                                 .number = answer->number};
  mns_buffer_add (&turn->out, answer->body, answer->size);
  mns_answers_done (&turn->answers);
  return MNS_JOB_DONE;
}

static mns_job_end_t store (mns_turn_t *turn, mns_job_t *job, const mns_asked_t *asked) {
  const mns_outcome_t *outcome = &job->outcome;
  mns_answer_t answer = {.rc = outcome->rc,
                         .epoch = outcome->epoch,
                         .number = outcome->number,
                         .body = turn->out.data + outcome->at,
                         .size = outcome->size};
  mns_rc_t rc = mns_answers_store (&turn->answers, &job->key, asked, &answer, turn->started);
  if (rc == MNS_OK)
    return MNS_JOB_DONE;
  mns_fail (&turn->error, rc, "store", "the answer cannot be stored: %s", mns_db_message (turn->db));
  return MNS_JOB_SPOILED;
}

static bool is_stored (mns_rc_t rc) {
  return rc == MNS_OK || (rc < MNS_INTERNAL && !mns_error_retry (rc));
}

/* Calls the handler and puts its answer into turn->out. */
static mns_job_end_t carry_out (mns_turn_t *turn, const mns_command_t *command, mns_job_t *job) {
  bool copied = turn->copy != NULL;
  mns_rc_t rc = call (turn, command, job);
  if (spoiled (turn, rc))
    return MNS_JOB_SPOILED;
  if (rc == MNS_OK) {
    mns_outbox_keep (&turn->outbox);
    answer_done (turn, job, copied);
  } else {
    mns_outbox_drop (&turn->outbox);
    mns_turn_answer_error (turn, job, &turn->error);
  }
  return MNS_JOB_DONE;
}

static mns_job_end_t run_query (mns_turn_t *turn, const mns_command_t *command, mns_job_t *job) {
  if (decode (turn, command, job) == MNS_OK)
    return carry_out (turn, command, job);
  mns_turn_answer_error (turn, job, &turn->error);
  return MNS_JOB_DONE;
}

/* A command that was not asked before. */
static mns_job_end_t run_new (mns_turn_t *turn, const mns_command_t *command, mns_job_t *job,
                              const mns_asked_t *asked) {
  mns_rc_t rc = check_room (turn, command);
  if (rc == MNS_OK)
    rc = decode (turn, command, job);
  if (rc != MNS_OK) {
    mns_turn_answer_error (turn, job, &turn->error);
    return MNS_JOB_DONE;
  }
  mns_job_end_t end = carry_out (turn, command, job);
  return end == MNS_JOB_DONE && is_stored (job->outcome.rc) ? store (turn, job, asked) : end;
}

static mns_job_end_t run_command (mns_turn_t *turn, const mns_command_t *command, mns_job_t *job) {
  mns_asked_t asked;
  mns_answer_t answer;
  mns_asked_init (&asked, job->caller.account, command->name, job->body, job->size);
  mns_rc_t rc = mns_answers_find (&turn->answers, &job->key, &asked, &answer);
  if (rc == MNS_OK)
    return repeat (turn, job, &answer);
  if (rc == MNS_NOT_FOUND)
    return run_new (turn, command, job, &asked);
  if (rc == MNS_KEY_REUSED) {
    mns_fail (&turn->error, rc, "key", "the key was used for another request; make a new key for each request");
    mns_turn_answer_error (turn, job, &turn->error);
    return MNS_JOB_DONE;
  }
  mns_fail (&turn->error, rc, "store", "stored answers cannot be read: %s", mns_db_message (turn->db));
  return MNS_JOB_SPOILED;
}

mns_job_end_t mns_turn_request (mns_turn_t *turn, mns_job_t *job) {
  const mns_command_t *command = mns_command_find (&turn->commands, job->command);
  mns_rc_t rc = MNS_OK;
  turn->now = turn->started;
  if (!command)
    rc = mns_fail (&turn->error, MNS_UNKNOWN_COMMAND, "command", "%s has no command of that name", turn->service->name);
  else
    rc = check_right (turn, command, job);
  bool query = command && command->flags & MNS_QUERY;
  if (rc == MNS_OK && !query)
    rc = check_key (turn, job);
  if (rc == MNS_OK)
    return query ? run_query (turn, command, job) : run_command (turn, command, job);
  mns_turn_answer_error (turn, job, &turn->error);
  return MNS_JOB_DONE;
}

mns_job_end_t mns_turn_refuse (mns_turn_t *turn, mns_job_t *job, const mns_error_t *error) {
  mns_asked_t asked;
  mns_turn_answer_error (turn, job, error);
  if (!is_stored (error->rc) || mns_uuid_is_zero (&job->key))
    return MNS_JOB_DONE;
  mns_asked_init (&asked, job->caller.account, job->command, job->body, job->size);
  return store (turn, job, &asked);
}
