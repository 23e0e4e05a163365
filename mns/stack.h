/* The whole stack in one process: the broker and every service as actors, started in order, ended in
 * the reverse one. */
#ifndef MNS_STACK_H
#define MNS_STACK_H

#include "common/config.h"

typedef struct mns_stack mns_stack_t;

/* Prepares an empty data directory (folders, mns.yaml, keys, accounts), takes its lock, starts the broker, then the
 * services, and waits until each is ready. Errors name the part that failed. Signals must be blocked and czmq's
 * handlers off before. */
mns_rc_t mns_stack_new (mns_stack_t **stack, const mns_config_t *config, mns_error_t *error);

/* Waits up to timeout_ms (-1: for ever) for a file descriptor to become readable or a part to die. MNS_OK: the
 * descriptor; MNS_TIMEOUT; anything else: a part died, told in `error`. */
mns_rc_t mns_stack_wait (mns_stack_t *stack, int fd, int timeout_ms, mns_error_t *error);

/* Stops the services, then the broker; what was acknowledged is on disk. */
void mns_stack_destroy (mns_stack_t **stack);

#endif
