/* Batches, their shares and their lines in the store. */
#ifndef MNS_ASSISTANCE_STORE_BATCH_H
#define MNS_ASSISTANCE_STORE_BATCH_H

#include "common/db.h"
#include "services/assistance/rules_batch.h"
#include "services/assistance/rules_period.h"

/* Somebody who may be paid. */
typedef struct {
  uint64_t entitlement;
  char tier[ASSISTANCE_WORD_MAX + 1];
  mns_date_t from_day;
  mns_date_t paid_to; /* last day of an earlier entitlement that was paid for the period and keeps it; 0: none */
  mns_code_t registration;
} batch_candidate_t;

/* A line as the bank gets it. */
typedef struct {
  int64_t line;
  char name[201], account[35];
  mns_fen_t amount_fen;
} batch_payment_t;

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *candidates, *insert, *share, *line, *find, *shares, *groups, *leave_out, *settle, *update, *list,
      *lines, *payments, *unwritten, *written, *other;
} batch_store_t;

void batch_store_init (batch_store_t *store, mns_db_t *db);

/* Steps through the active entitlements of the scheme that began by the cut-off day and have no line for the period, in
 * the order of their numbers. `first` begins anew. */
mns_rc_t batch_store_candidate (batch_store_t *store, const mns_batch_t *batch, bool first,
                                batch_candidate_t *candidate, bool *more);

/* Inserts batch and shares; the number goes to batch->batch. */
mns_rc_t batch_store_insert (batch_store_t *store, mns_batch_t *batch, const assistance_period_t *period,
                             const assistance_batch_shares_t *shares);
mns_rc_t batch_store_add_line (batch_store_t *store, const mns_batch_t *batch, int64_t line,
                               const batch_candidate_t *candidate, mns_fen_t amount_fen);

/* A prepared batch of the scheme, 0: none. */
mns_rc_t batch_store_prepared (batch_store_t *store, const char *scheme, uint64_t *id);

/* With the sums of its lines as they are now. */
mns_rc_t batch_store_find (batch_store_t *store, uint64_t id, mns_batch_t *batch, mns_error_t *error);

/* Takes out the reserved lines whose entitlement has ended, or (`all`) every reserved line; *count: how many. */
mns_rc_t batch_store_leave_out (batch_store_t *store, uint64_t id, bool all, int64_t *count);
/* The reserved lines are paid. */
mns_rc_t batch_store_settle (batch_store_t *store, uint64_t id);
/* Writes state, lines, total_fen, left_out, posted and posted_by. */
mns_rc_t batch_store_update (batch_store_t *store, const mns_batch_t *batch);

/* The numbers of batches that fit the query, above `after`; 0: no further one. */
mns_rc_t batch_store_next (batch_store_t *store, const mns_batch_query_t *query, uint64_t after, uint64_t *id);
void batch_store_lines (batch_store_t *store, const mns_line_query_t *query);
mns_rc_t batch_store_next_line (batch_store_t *store, mns_batch_line_t *line, bool *more, mns_error_t *error);

/* The lines that are not left out, in order. `first` begins anew. */
mns_rc_t batch_store_payment (batch_store_t *store, uint64_t id, bool first, batch_payment_t *payment, bool *more);
/* A posted batch whose bank file is not written yet, 0: none. */
mns_rc_t batch_store_unwritten (batch_store_t *store, uint64_t *id);
/* Writes file and sha256. */
mns_rc_t batch_store_written (batch_store_t *store, const mns_batch_t *batch);

#endif
