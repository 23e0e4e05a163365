/* The exporter: GET /metrics and GET /healthz over HTTP, for Prometheus and for whoever restarts what is stuck.
 *
 * A thread of libmicrohttpd's that reads the board and nothing else. No encryption and no authentication: it belongs on
 * the loopback or a network of its own; nothing personal is shown. At most 16 connections, 5 seconds each. */
#ifndef MNS_COMMON_EXPORTER_H
#define MNS_COMMON_EXPORTER_H

#include "mns/error.h"
#include <stdbool.h>

typedef struct mns_exporter mns_exporter_t;

/* `listen` is an address with a port: 127.0.0.1:5712, [::1]:5712; "" or "off" opens nothing and gives NULL.
 * MNS_INVALID, MNS_IN_USE. Signals must be blocked before. */
mns_rc_t mns_exporter_new (mns_exporter_t **exporter, const char *listen, mns_error_t *error);
void mns_exporter_destroy (mns_exporter_t **exporter);

/* True for a text that mns_exporter_new understands. */
bool mns_exporter_valid (const char *listen);

#endif
