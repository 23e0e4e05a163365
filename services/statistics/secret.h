/* The secret from which the record keys are made. It is made once, and never shown.
 *
 * It stands in the store, so that a backup has it, and in DATA/statistics/record.key, so that a store that is counted
 * anew from the log gives the same figures. */
#ifndef MNS_STATISTICS_SECRET_H
#define MNS_STATISTICS_SECRET_H

#include "common/db.h"
#include "services/statistics/rules_protect.h"

/* Reads or makes it; what is missing on one side is written from the other. MNS_CONFLICT when the two differ. */
mns_rc_t statistics_secret_load (statistics_secret_t *secret, mns_db_t *db, const char *data, mns_error_t *error);

#endif
