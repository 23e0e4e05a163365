/* The books of an outbox: what any cut, kill or full disk must leave in order. */
#ifndef MNS_TESTS_SUPPORT_OUTBOX_CHECK_H
#define MNS_TESTS_SUPPORT_OUTBOX_CHECK_H

#include "common/db.h"

/* Fails the test unless the rows of the outbox hold records with dense numbers whose chain leads to the one of each row
 * and, with the last, to the producer's place. Gives the last number. */
uint64_t outbox_check (mns_db_t *db);

#endif
