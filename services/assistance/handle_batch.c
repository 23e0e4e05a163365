/* Batches: prepared by one account, which reserves the money, and posted by another, which pays it. */
#include "common/text.h"
#include "services/assistance/entitle.h"
#include "services/assistance/handlers.h"
#include "services/assistance/rules_rate.h"
#include "services/assistance/rules_steps.h"
#include <stdio.h>
#include <string.h>

/* ---- amounts ----------------------------------------------------------------------------------------------------- */

#define REMEMBERED 64

/* Amounts found so far: most people of a batch get one of very few. */
typedef struct {
  const assistance_t *self;
  const mns_batch_t *batch;
  assistance_period_t period;
  struct {
    char tier[ASSISTANCE_WORD_MAX + 1];
    mns_code_t registration;
    mns_month_t from;
    mns_fen_t amount_fen;
  } known[REMEMBERED];
  size_t count;
} amounts_t;

static mns_rc_t amount_of (amounts_t *amounts, const batch_candidate_t *candidate, mns_fen_t *amount_fen,
                           mns_error_t *error) {
  const assistance_catalogue_t *catalogue = &amounts->self->catalogue;
  mns_date_t cutoff = amounts->batch->cutoff;
  assistance_rated_t rated = {amounts->batch->scheme, candidate->tier, candidate->registration};
  mns_date_t from_day = assistance_unpaid_from (catalogue, &rated, cutoff, candidate->from_day, candidate->paid_to);
  mns_month_t from = from_day / 100 > amounts->period.from ? from_day / 100 : amounts->period.from;
  *amount_fen = 0;
  if (!from_day)
    return MNS_OK;
  for (size_t i = 0; i < amounts->count; i++)
    if (amounts->known[i].from == from && amounts->known[i].registration == candidate->registration &&
        !strcmp (amounts->known[i].tier, candidate->tier)) {
      *amount_fen = amounts->known[i].amount_fen;
      return MNS_OK;
    }
  mns_rc_t rc = assistance_amount_due (catalogue, &rated, &amounts->period, cutoff, from_day, amount_fen, error);
  if (rc != MNS_OK || amounts->count == REMEMBERED)
    return rc;
  size_t at = amounts->count++;
  mns_text_copy (amounts->known[at].tier, sizeof amounts->known[at].tier, candidate->tier);
  amounts->known[at].registration = candidate->registration;
  amounts->known[at].from = from;
  amounts->known[at].amount_fen = *amount_fen;
  return MNS_OK;
}

/* ---- preparing --------------------------------------------------------------------------------------------------- */

static mns_rc_t check_division (const assistance_t *self, mns_turn_t *turn, const mns_caller_t *caller) {
  if (mns_caller_covers (caller, self->county))
    return MNS_OK;
  return mns_fail (mns_turn_error (turn), MNS_FORBIDDEN, "account",
                   "a batch pays the whole county; '%s' works in a part", caller->account);
}

static mns_rc_t may_prepare (assistance_t *self, mns_turn_t *turn, const mns_request_t *request, mns_batch_t *batch,
                             assistance_period_t *period) {
  const mns_batch_request_t *asked = request->record;
  mns_error_t *error = mns_turn_error (turn);
  const mns_catalogue_scheme_t *scheme = assistance_scheme_find (&self->catalogue, asked->scheme);
  uint64_t other;
  if (!scheme)
    return assistance_tier_check (&self->catalogue, asked->scheme, "", error);
  mns_rc_t rc = check_division (self, turn, &request->caller);
  if (rc == MNS_OK)
    rc = assistance_period_for_batch (asked->period, scheme->periodicity, batch->prepared, &batch->cutoff, period,
                                      error);
  if (rc != MNS_OK)
    return rc;
  if ((rc = batch_store_prepared (&self->batches, asked->scheme, &other)) != MNS_OK)
    return assistance_store_failed (turn, rc);
  if (other)
    return mns_fail (error, MNS_WRONG_STATE, "scheme", "batch %llu of %s is prepared; post or cancel it first",
                     (unsigned long long)other, asked->scheme);
  return mns_machine_next (&assistance_batch_machine, 0, ASSISTANCE_BATCH_PREPARE, NULL, NULL, &batch->state, error);
}

/* Goes through the candidates; adds them to `groups`, or (NULL) writes their lines. Nothing due is no line. */
static mns_rc_t go_through (assistance_t *self, mns_turn_t *turn, amounts_t *amounts, assistance_groups_t *groups) {
  const mns_batch_t *batch = amounts->batch;
  batch_candidate_t candidate;
  bool first = true, more;
  int64_t line = 0;
  mns_rc_t rc;
  for (; (rc = batch_store_candidate (&self->batches, batch, first, &candidate, &more)) == MNS_OK && more;
       first = false) {
    mns_fen_t amount_fen;
    if ((rc = amount_of (amounts, &candidate, &amount_fen, mns_turn_error (turn))) != MNS_OK)
      return rc;
    if (!amount_fen)
      continue;
    if (groups)
      assistance_groups_add (groups, candidate.tier, amount_fen, 1);
    else if ((rc = batch_store_add_line (&self->batches, batch, ++line, &candidate, amount_fen)) != MNS_OK)
      break;
  }
  return rc == MNS_OK ? rc : assistance_store_failed (turn, rc);
}

static mns_rc_t add_up (assistance_t *self, mns_turn_t *turn, amounts_t *amounts,
                        const assistance_batch_shares_t *shares, mns_batch_t *batch) {
  assistance_groups_t groups = {0};
  mns_rc_t rc = go_through (self, turn, amounts, &groups);
  if (rc == MNS_OK)
    assistance_batch_sum (&groups, shares, batch);
  assistance_groups_fini (&groups);
  if (rc == MNS_OK && !batch->lines)
    rc = mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "period", "nobody is to be paid for %s who is not paid yet",
                   batch->period);
  return rc;
}

static mns_rc_t write_batch (assistance_t *self, mns_turn_t *turn, amounts_t *amounts,
                             const assistance_batch_shares_t *shares, mns_batch_t *batch) {
  assistance_posting_t posting = {0};
  ledger_cause_t cause = {.kind = "reserve", .day = batch->prepared, .by = batch->prepared_by};
  assistance_batch_reserve (batch, &posting);
  mns_rc_t rc = ledger_store_check (&self->ledger, &posting, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  if ((rc = batch_store_insert (&self->batches, batch, &amounts->period, shares)) != MNS_OK)
    return assistance_store_failed (turn, rc);
  cause.about = batch->batch;
  rc = go_through (self, turn, amounts, NULL);
  return rc == MNS_OK ? ledger_store_post (&self->ledger, &posting, &cause, mns_turn_error (turn)) : rc;
}

mns_rc_t assistance_batch_prepare (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  const mns_batch_request_t *asked = request->record;
  assistance_batch_shares_t shares;
  mns_batch_t batch;
  amounts_t amounts = {.self = state, .batch = &batch};
  mns_record_clear (&mns_batch_type, &batch);
  mns_text_copy (batch.scheme, sizeof batch.scheme, asked->scheme);
  mns_text_copy (batch.period, sizeof batch.period, asked->period);
  mns_text_copy (batch.prepared_by, sizeof batch.prepared_by, request->caller.account);
  batch.cutoff = asked->cutoff;
  batch.left_out = 0;
  batch.prepared = mns_turn_today (turn);
  mns_rc_t rc = may_prepare (state, turn, request, &batch, &amounts.period);
  if (rc != MNS_OK)
    return rc;
  assistance_batch_shares (&state->catalogue, batch.scheme, &shares);
  if ((rc = add_up (state, turn, &amounts, &shares, &batch)) != MNS_OK ||
      (rc = write_batch (state, turn, &amounts, &shares, &batch)) != MNS_OK)
    return rc;
  mns_turn_reply (turn, &mns_batch_type, &batch);
  return MNS_OK;
}

/* ---- posting and cancelling -------------------------------------------------------------------------------------- */

static mns_rc_t find_for (assistance_t *self, mns_turn_t *turn, const mns_request_t *request, mns_code_t step,
                          mns_batch_t *batch) {
  const mns_batch_number_t *asked = request->record;
  mns_error_t *error = mns_turn_error (turn);
  mns_rc_t rc = check_division (self, turn, &request->caller);
  if (rc == MNS_OK)
    rc = batch_store_find (&self->batches, asked->batch, batch, error);
  if (rc == MNS_OK)
    rc = mns_machine_next (&assistance_batch_machine, batch->state, step, NULL, NULL, &batch->state, error);
  return rc;
}

static mns_rc_t tell_posted (const assistance_t *self, mns_turn_t *turn, const mns_batch_t *batch) {
  char happening[48], entity[32];
  mns_batch_posted_t posted;
  mns_record_clear (&mns_batch_posted_type, &posted);
  posted.batch = batch->batch;
  mns_text_copy (posted.scheme, sizeof posted.scheme, batch->scheme);
  mns_text_copy (posted.period, sizeof posted.period, batch->period);
  posted.lines = batch->lines;
  posted.total_fen = batch->total_fen;
  posted.registered = batch->posted;
  snprintf (happening, sizeof happening, "%s-%s", batch->scheme, batch->period);
  snprintf (entity, sizeof entity, "batch/%llu", (unsigned long long)batch->batch);
  mns_emit_t emit = {.subject = "batch",
                     .place = self->county,
                     .happening = happening,
                     .occurred = batch->posted,
                     .registered = batch->posted,
                     .entity = entity};
  return mns_turn_emit (turn, &emit, &mns_batch_posted_type, &posted, 1);
}

/* The reserved money goes to those who are still entitled; what is left goes back to the funds. */
static mns_rc_t settle (assistance_t *self, mns_turn_t *turn, mns_batch_t *batch, bool pay, const char *by) {
  mns_batch_t before = *batch, after;
  assistance_posting_t posting = {0};
  ledger_cause_t cause = {
      .kind = pay ? "pay" : "cancel", .about = batch->batch, .day = mns_turn_today (turn), .by = by};
  mns_error_t *error = mns_turn_error (turn);
  int64_t left_out;
  mns_rc_t rc = batch_store_leave_out (&self->batches, batch->batch, !pay, &left_out);
  if (rc != MNS_OK)
    return assistance_store_failed (turn, rc);
  if ((rc = batch_store_find (&self->batches, batch->batch, &after, error)) != MNS_OK)
    return rc;
  if (pay && !after.lines)
    return mns_fail (error, MNS_WRONG_STATE, "batch", "nobody of it is entitled any longer; cancel it");
  batch->lines = after.lines;
  batch->total_fen = after.total_fen;
  memcpy (batch->parts, after.parts, sizeof after.parts);
  batch->parts_count = after.parts_count;
  batch->left_out = pay ? left_out : 0;
  if (pay && (rc = batch_store_settle (&self->batches, batch->batch)) != MNS_OK)
    return assistance_store_failed (turn, rc);
  assistance_batch_settle (&before, &after, pay, &posting);
  if ((rc = ledger_store_post (&self->ledger, &posting, &cause, error)) != MNS_OK)
    return rc;
  rc = batch_store_update (&self->batches, batch);
  return rc == MNS_OK ? rc : assistance_store_failed (turn, rc);
}

mns_rc_t assistance_batch_post (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  mns_batch_t batch;
  mns_rc_t rc = find_for (state, turn, request, ASSISTANCE_BATCH_POST, &batch);
  if (rc == MNS_OK)
    rc = assistance_two_people (batch.prepared_by, request->caller.account, "posting a batch", mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  batch.posted = mns_turn_today (turn);
  mns_text_copy (batch.posted_by, sizeof batch.posted_by, request->caller.account);
  if ((rc = settle (state, turn, &batch, true, request->caller.account)) != MNS_OK ||
      (rc = tell_posted (state, turn, &batch)) != MNS_OK)
    return rc;
  mns_turn_reply (turn, &mns_batch_type, &batch);
  return MNS_OK;
}

mns_rc_t assistance_batch_cancel (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  mns_batch_t batch;
  mns_rc_t rc = find_for (state, turn, request, ASSISTANCE_BATCH_CANCEL, &batch);
  if (rc == MNS_OK)
    rc = settle (state, turn, &batch, false, request->caller.account);
  if (rc == MNS_OK)
    mns_turn_reply (turn, &mns_batch_type, &batch);
  return rc;
}

/* ---- listing ----------------------------------------------------------------------------------------------------- */

mns_rc_t assistance_batches (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  mns_batch_t batch;
  uint64_t id = 0;
  for (;;) {
    mns_rc_t rc = batch_store_next (&state->batches, request->record, id, &id);
    if (rc != MNS_OK)
      return assistance_store_failed (turn, rc);
    if (!id)
      return MNS_OK;
    if ((rc = batch_store_find (&state->batches, id, &batch, mns_turn_error (turn))) != MNS_OK)
      return rc;
    mns_turn_reply (turn, &mns_batch_type, &batch);
  }
}

mns_rc_t assistance_batch_lines (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  mns_batch_line_t line;
  bool more;
  mns_rc_t rc = check_division (state, turn, &request->caller);
  if (rc != MNS_OK)
    return rc;
  batch_store_lines (&state->batches, request->record);
  while ((rc = batch_store_next_line (&state->batches, &line, &more, mns_turn_error (turn))) == MNS_OK && more)
    mns_turn_reply (turn, &mns_batch_line_type, &line);
  return rc;
}
