/* The lock on a data directory: one stack at a time. It is a flock on a file of its own, so that it goes with the
 * process however that ends, and no file of SQLite's is ever touched. */
#ifndef MNS_COMMON_LOCK_H
#define MNS_COMMON_LOCK_H

#include "mns/error.h"

typedef struct mns_lock mns_lock_t;

/* Takes "<data>/lock" and writes this process's number into it. MNS_IN_USE names the process that has it. Children that
 * replace themselves by another program do not inherit it. */
mns_rc_t mns_lock_new (mns_lock_t **lock, const char *data, mns_error_t *error);
/* Gives it back. The file stays: removing it would let two stacks lock two files of the same name. */
void mns_lock_destroy (mns_lock_t **lock);

#endif
