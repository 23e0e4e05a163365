/* The broker: log, subscriptions, requests, feed, access. */
#ifndef MNS_BROKER_BROKER_H
#define MNS_BROKER_BROKER_H

#include "common/config.h"

/* The broker as an actor in this process (czmq zactor function); `args` is a const mns_config_t *. Opens
 * DATA/broker/log.db, binds inproc://bus, ipc://DATA/run/bus, and TCP and feed when configured; sends "READY", or
 * "FAILED", word, detail on its pipe; ends on "$TERM" after the last commit. Destroy services first,
 * the broker last. */
void mns_broker_actor (void *pipe_zsock, void *args);

#endif
