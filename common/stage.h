/* A snapshot on its way into a store: its rows wait in a table of their own and take the place of the state before in
 * one transaction, together with the offset. Whatever ends half-way leaves the state as it was.
 *
 *   begin ─► add … add ─► swap (forget the old, apply each row, the owner's offset)
 *     └──────── again after any interruption ────────┘                            */
#ifndef MNS_COMMON_STAGE_H
#define MNS_COMMON_STAGE_H

#include "common/db.h"
#include "common/wire.h"

typedef struct {
  mns_db_t *db; /* borrowed */
  sqlite3_stmt *clear, *insert, *next;
} mns_stage_t;

/* Makes its table `stage` when the store has none. */
mns_rc_t mns_stage_init (mns_stage_t *stage, mns_db_t *db, mns_error_t *error);
/* Drops rows that are left from an earlier attempt. */
mns_rc_t mns_stage_begin (mns_stage_t *stage, mns_error_t *error);
/* Keeps one page of rows (whole records), in a transaction of its own. */
mns_rc_t mns_stage_add (mns_stage_t *stage, const void *rows, size_t size, mns_error_t *error);

/* What the owner does within the transaction of the swap. */
typedef struct {
  void *self;
  mns_rc_t (*forget) (void *self, mns_error_t *error);
  mns_rc_t (*apply) (void *self, const mns_event_t *row, mns_error_t *error);
  mns_rc_t (*finish) (void *self, mns_error_t *error); /* the offset */
} mns_stage_owner_t;
/* On any error nothing has changed. */
mns_rc_t mns_stage_swap (mns_stage_t *stage, const mns_stage_owner_t *owner, mns_error_t *error);

#endif
