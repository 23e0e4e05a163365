/* A copy of a store, made by a thread while the store goes on being written.
 *
 *   _begin: reading connection, its transaction ──► thread: pages ──► file ──► _heard
 *
 * What is in the copy was decided in _begin: everything committed by then, nothing later. */
#ifndef MNS_COMMON_COPY_H
#define MNS_COMMON_COPY_H

#include "common/db.h"

typedef struct mns_copy mns_copy_t;

/* Begins a copy of the store in the file `store` into the new file `path`; `who` is for the log. */
mns_rc_t mns_copy_begin (mns_copy_t **copy, const char *store, const char *path, const char *who, mns_error_t *error);
/* Ends the thread first; a copy that is not whole is removed. */
void mns_copy_destroy (mns_copy_t **copy);

/* True when it is over: `error` says how, and the copy can be destroyed. With `wait` it comes back when it is. */
bool mns_copy_heard (mns_copy_t *copy, bool wait, mns_error_t *error);
/* The socket to poll for that (of ZeroMQ). */
void *mns_copy_socket (mns_copy_t *copy);

#endif
