/* Entitlements and recovery items in the store. */
#ifndef MNS_ASSISTANCE_STORE_ENTITLEMENT_H
#define MNS_ASSISTANCE_STORE_ENTITLEMENT_H

#include "common/db.h"
#include "common/records/assistance_requests.h"

/* What a line of a batch paid to an entitlement, for finding what was paid too much. */
typedef struct {
  uint64_t batch;
  int64_t line;
  char period[9];
  mns_date_t cutoff;
  mns_fen_t amount_fen;
} entitlement_payment_t;

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *find, *active, *ended, *end, *overlap, *list, *payments, *recover, *note_moved, *move,
      *move_back;
} entitlement_store_t;

void entitlement_store_init (entitlement_store_t *store, mns_db_t *db);

/* `claim` gives the facts claimed and the bank account; the number goes to entitlement->entitlement. */
mns_rc_t entitlement_store_insert (entitlement_store_t *store, mns_entitlement_t *entitlement,
                                   const mns_application_request_t *claim);
mns_rc_t entitlement_store_find (entitlement_store_t *store, uint64_t id, mns_entitlement_t *entitlement,
                                 mns_error_t *error);
/* An active entitlement of the person above number `after`, of any scheme when it is ""; 0: none. */
mns_rc_t entitlement_store_active (entitlement_store_t *store, uint64_t person, const char *scheme, uint64_t after,
                                   uint64_t *id);
/* The latest entitlement of this person and scheme that is active, lasted to `from_day` or began then or later; 0:
 * none. */
mns_rc_t entitlement_store_overlap (entitlement_store_t *store, uint64_t person, const char *scheme,
                                    mns_date_t from_day, uint64_t *id);
/* The latest entitlement of this person that ended on `last_day` for `reason`, of any scheme when it is ""; 0: none. */
mns_rc_t entitlement_store_ended (entitlement_store_t *store, uint64_t person, const char *scheme, mns_date_t last_day,
                                  mns_code_t reason, uint64_t *id);
/* Writes state, last_day, reason and exit_registered. */
mns_rc_t entitlement_store_end (entitlement_store_t *store, const mns_entitlement_t *entitlement);

/* The line of the lowest batch above `after` that was paid and has no recovery item; *more false: none. */
mns_rc_t entitlement_store_payment (entitlement_store_t *store, uint64_t entitlement, uint64_t after,
                                    entitlement_payment_t *payment, bool *more);
/* Inserts; the number goes to recovery->recovery. */
mns_rc_t entitlement_store_recover (entitlement_store_t *store, mns_recovery_t *recovery,
                                    const entitlement_payment_t *payment);

/* The entitlements of one person are another's from now on, and which is noted under `merge`; one that is active stays
 * where the other has an active one of the same scheme. And back again. */
mns_rc_t entitlement_store_move (entitlement_store_t *store, uint64_t merge, uint64_t from, uint64_t to);
mns_rc_t entitlement_store_move_back (entitlement_store_t *store, uint64_t merge, uint64_t from, uint64_t to);

void entitlement_store_list (entitlement_store_t *store, const mns_entitlement_query_t *query);
mns_rc_t entitlement_store_next (entitlement_store_t *store, mns_entitlement_t *entitlement, bool *more,
                                 mns_error_t *error);

#endif
