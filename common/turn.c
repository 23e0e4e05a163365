/* The transaction of a turn: all jobs together, and when that fails one by one. */
#include "common/turn.h"
#include "common/clock.h"
#include "common/failpoint.h"
#include "common/log.h"
#include "common/text.h"
#include <assert.h>
#include <string.h>

/* ---- one transaction --------------------------------------------------------------------------------------------- */

static mns_rc_t begin (mns_turn_t *turn) {
  turn->started = turn->now = mns_clock.wall ();
  turn->applied = 0;
  turn->begun = mns_db_changes (turn->db);
  turn->saved_offset = turn->stored_offset;
  return mns_db_begin (turn->db);
}

static bool offset_moved (const mns_turn_t *turn) {
  return memcmp (&turn->offset, &turn->stored_offset, sizeof turn->offset) != 0;
}

static mns_rc_t save_offset (mns_turn_t *turn) {
  const mns_offset_t *offset = &turn->offset;
  if (!offset_moved (turn))
    return MNS_OK;
  mns_db_bind (turn->save_offset, "tiiii", turn->service->name, (int64_t)offset->epoch, (int64_t)offset->number,
               (int64_t)offset->chain, (int64_t)turn->reread_until);
  turn->saved_offset = *offset;
  mns_rc_t rc = mns_db_run (turn->db, turn->save_offset);
  return rc == MNS_OK ? mns_vector_save (&turn->vector) : rc;
}

/* An offset that an IDLE moved can wait: a turn of mere queries writes nothing, so that it works on a full disk. */
static mns_rc_t save_offset_with_effects (mns_turn_t *turn) {
  return turn->applied > 0 || mns_db_changes (turn->db) != turn->begun ? save_offset (turn) : MNS_OK;
}

/* The transaction is durable: memory follows. */
static void committed (mns_turn_t *turn) {
  mns_outbox_committed (&turn->outbox);
  mns_vector_committed (&turn->vector);
  mns_turn_interventions_committed (turn);
  turn->stored_offset = turn->saved_offset;
  turn->base_offset = turn->offset;
  turn->status.turns++;
  turn->status.events += (int64_t)turn->applied;
  if (turn->service->committed)
    turn->service->committed (turn->self);
}

static void roll_back (mns_turn_t *turn) {
  mns_db_rollback (turn->db);
  mns_outbox_rolled_back (&turn->outbox);
  mns_vector_rolled_back (&turn->vector);
  turn->resumes = turn->reopens = turn->rehearses = false;
  turn->offset = turn->base_offset;
  if (turn->service->rolled_back)
    turn->service->rolled_back (turn->self);
}

bool mns_turn_is_lost (mns_turn_t *turn) {
  return !mns_db_in_turn (turn->db) && !mns_mutant ("no_autocommit_check");
}

static mns_rc_t commit (mns_turn_t *turn) {
  mns_failpoint ("service_before_commit");
  mns_rc_t rc = mns_db_in_turn (turn->db) ? mns_db_commit (turn->db) : mns_turn_is_lost (turn) ? MNS_BUSY : MNS_OK;
  mns_failpoint ("service_after_commit");
  turn->broken = turn->broken || rc == MNS_IO;
  return mns_mutant ("reply_before_commit") ? MNS_OK : rc;
}

/* The mistake a test must catch: the effect of the events is durable before the offset is. */
static mns_rc_t commit_offset_later (mns_turn_t *turn) {
  mns_rc_t rc = commit (turn);
  if (turn->applied > 0)
    mns_failpoint ("service_before_offset");
  if (rc == MNS_OK)
    rc = mns_db_begin (turn->db);
  if (rc == MNS_OK)
    rc = save_offset (turn);
  return rc == MNS_OK ? mns_db_commit (turn->db) : rc;
}

/* Ends the transaction, one way or the other. */
static mns_rc_t finish (mns_turn_t *turn) {
  if (turn->rehearses) {
    roll_back (turn);
    return MNS_OK;
  }
  bool mutant = offset_moved (turn) && mns_mutant ("offset_in_second_transaction");
  mns_rc_t rc = turn->service->finish ? turn->service->finish (turn->self, turn) : MNS_OK;
  if (rc == MNS_OK)
    rc = mns_outbox_finish (&turn->outbox);
  if (rc == MNS_OK && !mutant)
    rc = save_offset_with_effects (turn);
  if (rc == MNS_OK)
    rc = mutant ? commit_offset_later (turn) : commit (turn);
  if (rc == MNS_OK)
    committed (turn);
  else
    mns_fail (&turn->error, rc, "store", "%s (%s)", mns_error_en (rc), mns_db_message (turn->db));
  return rc;
}

/* ---- one job ----------------------------------------------------------------------------------------------------- */

static mns_job_end_t run_timer (mns_turn_t *turn, mns_job_t *job) {
  mns_rc_t rc = job->timer->handle (turn->self, turn);
  if (rc == MNS_OK && !mns_turn_is_lost (turn)) {
    mns_outbox_keep (&turn->outbox);
    return MNS_JOB_DONE;
  }
  if (turn->error.rc != rc || rc == MNS_OK)
    mns_fail (&turn->error, rc == MNS_OK ? MNS_BUSY : rc, job->timer->name, "%s", mns_db_message (turn->db));
  return MNS_JOB_SPOILED;
}

static mns_job_end_t run_upkeep (mns_turn_t *turn) {
  mns_rc_t rc = MNS_OK;
  if (mns_outbox_untrimmed (&turn->outbox))
    rc = mns_outbox_trim (&turn->outbox);
  if (rc == MNS_OK && turn->answers_expired)
    rc = mns_answers_purge (&turn->answers, turn->started, &turn->answers_expired);
  if (rc == MNS_OK)
    rc = save_offset (turn);
  if (rc == MNS_OK)
    return MNS_JOB_DONE;
  mns_fail (&turn->error, rc, "store", "%s", mns_db_message (turn->db));
  return MNS_JOB_SPOILED;
}

static mns_job_end_t run_job (mns_turn_t *turn, mns_job_t *job) {
  turn->error.rc = MNS_OK;
  turn->now = turn->started;
  turn->event_epoch = turn->event_number = 0;
  mns_buffer_clear (&turn->reply);
  switch (job->kind) {
  case MNS_JOB_REQUEST:
    return mns_turn_request (turn, job);
  case MNS_JOB_EVENTS:
    return mns_turn_events (turn, job);
  case MNS_JOB_TIMER:
    return run_timer (turn, job);
  case MNS_JOB_UPKEEP:
    break;
  }
  return run_upkeep (turn);
}

/* ---- one job alone ----------------------------------------------------------------------------------------------- */

/* What may go away by itself, or needs an operator, but not another message. */
static bool is_passing (mns_rc_t rc) {
  return mns_turn_store_error (rc) || rc == MNS_BUSY;
}

/* The job's error becomes its answer, stored like any other refusal. */
static void refuse (mns_turn_t *turn, mns_job_t *job) {
  const mns_error_t error = turn->error;
  size_t mark = turn->out.size;
  if (!is_passing (error.rc) && begin (turn) == MNS_OK) {
    if (mns_turn_refuse (turn, job, &error) == MNS_JOB_DONE && finish (turn) == MNS_OK)
      return;
    roll_back (turn);
  }
  turn->out.size = mark;
  mns_turn_answer_error (turn, job, &error);
}

/* What came before the event that cannot be applied is applied, in a turn of its own. */
static void apply_before (mns_turn_t *turn, mns_job_t *job) {
  const mns_error_t error = turn->error;
  char failed_event[sizeof turn->failed_event];
  uint64_t failed_number = turn->failed_number;
  memcpy (failed_event, turn->failed_event, sizeof failed_event);
  turn->until = turn->failed_number;
  if (begin (turn) != MNS_OK || run_job (turn, job) != MNS_JOB_DONE || finish (turn) != MNS_OK)
    roll_back (turn);
  turn->until = 0;
  turn->error = error;
  memcpy (turn->failed_event, failed_event, sizeof failed_event);
  turn->failed_number = failed_number;
}

static void stop_line (mns_turn_t *turn) {
  turn->stopped = true;
  mns_turn_set_state (turn, MNS_STATE_STOPPED);
  memcpy (turn->status.stopped_at, turn->failed_event, sizeof turn->status.stopped_at);
  mns_turn_alarm_raise (turn, "line_stopped",
                        "the line stands at event %s (log number %llu): %.200s; take the cause away and start the "
                        "service again, or `mns consumer skip`",
                        turn->failed_event, (unsigned long long)turn->failed_number, turn->error.detail);
  mns_turn_note (turn, "line.stopped", &turn->error);
}

/* True: the failing event is to be left out, the job runs again. */
static bool skip_event (mns_turn_t *turn, mns_job_t *job) {
  if (!is_passing (turn->error.rc) && !turn->service->stops_the_line && turn->failed_number > 0) {
    mns_turn_note (turn, "event.skipped", &turn->error);
    mns_buffer_add (&turn->skipped, &turn->failed_number, sizeof turn->failed_number);
    turn->status.skipped++;
    return true;
  }
  job->outcome.rc = turn->error.rc;
  turn->events_failed = true;
  if (!is_passing (turn->error.rc)) {
    if (turn->failed_number > 0)
      apply_before (turn, job);
    stop_line (turn);
  }
  return false;
}

/* Decides about a job that failed alone. True: run it again. */
static bool resolve (mns_turn_t *turn, mns_job_t *job) {
  if (job->kind == MNS_JOB_EVENTS)
    return skip_event (turn, job);
  if (job->kind == MNS_JOB_REQUEST) {
    refuse (turn, job);
    return false;
  }
  mns_turn_note (turn, job->kind == MNS_JOB_TIMER ? "timer.failed" : "upkeep.failed", &turn->error);
  job->outcome.rc = turn->error.rc;
  return false;
}

static void run_alone (mns_turn_t *turn, mns_job_t *job) {
  size_t mark = turn->out.size;
  mns_buffer_clear (&turn->skipped);
  job->outcome = (mns_outcome_t){0};
  if (job->kind == MNS_JOB_EVENTS && (turn->events_failed || turn->stopped))
    return;
  do {
    turn->out.size = mark;
    mns_rc_t rc = begin (turn);
    if (rc != MNS_OK)
      mns_fail (&turn->error, rc, "store", "%s", mns_db_message (turn->db));
    else if (run_job (turn, job) == MNS_JOB_DONE && finish (turn) == MNS_OK) {
      job->outcome.applied = true;
      return;
    }
    roll_back (turn);
    turn->out.size = mark;
  } while (resolve (turn, job));
}

/* ---- many jobs --------------------------------------------------------------------------------------------------- */

static bool comes_alone (const mns_turn_t *turn, const mns_job_t *job) {
  return job->kind == MNS_JOB_TIMER || job->kind == MNS_JOB_UPKEEP ||
         (job->kind == MNS_JOB_REQUEST && mns_command_comes_alone (&turn->commands, job->command));
}

/* Runs jobs in one transaction until time is up; *done counts them, the spoiling one included. */
static bool run_together (mns_turn_t *turn, mns_job_t *jobs, size_t count, size_t *done) {
  int64_t start = mns_clock.monotonic_ms ();
  *done = 0;
  if (begin (turn) != MNS_OK) {
    *done = count;
    return false;
  }
  while (*done < count && !(*done > 0 && comes_alone (turn, &jobs[*done]))) {
    mns_job_t *job = &jobs[(*done)++];
    job->outcome = (mns_outcome_t){0};
    if (job->kind == MNS_JOB_EVENTS && turn->stopped)
      continue;
    if (run_job (turn, job) == MNS_JOB_SPOILED)
      return false;
    job->outcome.applied = true;
    int64_t allowed_ms = job->kind == MNS_JOB_EVENTS ? MNS_TURN_EVENTS_MS : MNS_TURN_MS;
    if (mns_clock.monotonic_ms () - start >= allowed_ms || turn->out.size >= MNS_TURN_OUT_MAX)
      break;
  }
  return finish (turn) == MNS_OK;
}

static void count_answers (mns_turn_t *turn, const mns_job_t *jobs, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (jobs[i].kind != MNS_JOB_REQUEST)
      continue;
    turn->status.requests++;
    turn->status.refused += jobs[i].outcome.rc != MNS_OK;
  }
}

size_t mns_turn_run (mns_turn_t *turn, mns_job_t *jobs, size_t count) {
  size_t done = 1;
  assert (count > 0);
  mns_buffer_clear (&turn->out);
  turn->events_failed = false;
  if (count == 1 || comes_alone (turn, &jobs[0])) {
    run_alone (turn, &jobs[0]);
  } else if (!run_together (turn, jobs, count, &done)) {
    roll_back (turn);
    mns_buffer_clear (&turn->out);
    turn->status.redone++;
    for (size_t i = 0; i < done && !turn->broken; i++)
      run_alone (turn, &jobs[i]);
  }
  count_answers (turn, jobs, done);
  return done;
}

void mns_turn_idle (mns_turn_t *turn, mns_offset_t offset) {
  turn->offset = turn->base_offset = offset;
  turn->caught_up = true;
}

mns_rc_t mns_turn_rewind (mns_turn_t *turn, uint64_t until, mns_error_t *error) {
  if (turn->known_from > 0)
    return mns_fail (error, MNS_OFFSET_MISMATCH, "consumer",
                     "the log is another one, and this store, which an older version made, does not know what it "
                     "applied up to number %llu: restore the log and the store from one backup",
                     (unsigned long long)turn->known_from);
  turn->offset = turn->base_offset = (mns_offset_t){0};
  turn->caught_up = false;
  turn->reread_until = until;
  mns_vector_rewind (&turn->vector);
  mns_log (MNS_LOG_WARN, turn->service->name, "log.reread", "until=%llu", (unsigned long long)until);
  return MNS_OK;
}

bool mns_turn_rereads (const mns_turn_t *turn) {
  return turn->offset.number < turn->reread_until;
}

/* ---- status ------------------------------------------------------------------------------------------------------ */

void mns_turn_set_state (mns_turn_t *turn, mns_code_t state) {
  if (turn->status.state == state)
    return;
  turn->status.state = state;
  turn->status.since = mns_clock.wall ();
}

void mns_turn_note (mns_turn_t *turn, const char *event, const mns_error_t *error) {
  mns_service_status_t *status = &turn->status;
  char where[128], detail[600];
  mns_text_copy (status->error_where, sizeof status->error_where, error->where);
  mns_text_copy (status->error_detail, sizeof status->error_detail, error->detail);
  mns_text_copy (status->error, sizeof status->error, mns_error_word (error->rc));
  status->error_at = mns_clock.wall ();
  mns_log (MNS_LOG_ERROR, turn->service->name, event, "error=%s where=%s event=%s detail=%s", status->error,
           mns_log_quote (error->where, where, sizeof where), turn->failed_number ? turn->failed_event : "-",
           mns_log_quote (error->detail, detail, sizeof detail));
}
