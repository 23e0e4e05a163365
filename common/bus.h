/* A connection to the bus for programs that ask: the mns command, importers, tests. (Services have their own, in
 * service.c, over the same endpoint.)
 *
 * One thread, one connection. Requests may be kept in flight; answers come in any order. */
#ifndef MNS_COMMON_BUS_H
#define MNS_COMMON_BUS_H

#include "common/config.h"
#include "common/subscription.h"

typedef struct mns_bus mns_bus_t;

/* Connects by config->bus: inproc://, ipc://, or tcp:// with CURVE (broker_key, key_file). `account` is whom a local
 * connection acts for ("" : the account of this user); over TCP the key decides. Waits for WELCOME up to timeout_ms:
 * MNS_UNAVAILABLE with what to do when nobody answers, MNS_UNAUTHENTICATED when refused. */
mns_rc_t mns_bus_new (mns_bus_t **bus, const mns_config_t *config, const char *account, int timeout_ms,
                      mns_error_t *error);
typedef struct {
  void *context;        /* of ZeroMQ, the caller's; outlives the connection */
  const char *account;  /* as above */
  const char *software; /* NULL: this release */
  const char *who;      /* for the log; NULL: says nothing there */
} mns_bus_options_t;
mns_rc_t mns_bus_open (mns_bus_t **bus, const mns_config_t *config, const mns_bus_options_t *options, int timeout_ms,
                       mns_error_t *error);
void mns_bus_destroy (mns_bus_t **bus);
const mns_head_t *mns_bus_welcome (const mns_bus_t *bus);

/* One request, one answer. `key` zero: a query (a command without one gets a new key). `reply` (cleared first) gets the
 * answer's body, `head` (may be NULL) its head. Repeats the same request with the same key while the error may be
 * retried and time is left. */
mns_rc_t mns_bus_request (mns_bus_t *bus, const char *command, const mns_uuid_t *key, const void *body, size_t size,
                          int timeout_ms, mns_buffer_t *reply, mns_head_t *head, mns_error_t *error);
/* The same with one record in and the first record of the answer out (either type may be NULL). */
mns_rc_t mns_bus_call (mns_bus_t *bus, const char *command, const mns_uuid_t *key, const mns_record_type_t *in_type,
                       const void *in, const mns_record_type_t *out_type, void *out, mns_error_t *error);

/* In flight: sends and returns the request's number; take waits for any answer up to timeout_ms. */
mns_rc_t mns_bus_send (mns_bus_t *bus, const char *command, const mns_uuid_t *key, const void *body, size_t size,
                       int timeout_ms, uint64_t *request, mns_error_t *error);
mns_rc_t mns_bus_take (mns_bus_t *bus, int timeout_ms, uint64_t *request, mns_buffer_t *reply, mns_head_t *head,
                       mns_error_t *error); /* the answer's own error is head->rc */

/* A subscription of one connection, from log number `from` (exclusive; UINT64_MAX: only what comes from now on). */
mns_rc_t mns_bus_subscribe (mns_bus_t *bus, const char *const *prefixes, size_t count, uint64_t from,
                            const char *consumer, mns_error_t *error);
/* The same from an offset (epoch 0, chain 0: do not check); with its number UINT64_MAX and a time, from the first
 * record not older than that. */
mns_rc_t mns_bus_subscribe_from (mns_bus_t *bus, const char *const *prefixes, size_t count, mns_offset_t from,
                                 mns_time_t from_time, const char *consumer, mns_error_t *error);
/* The next event up to timeout_ms (MNS_TIMEOUT). Valid until the next call on this connection. Repairs gaps and
 * reconnects by itself. MNS_GONE: records before the next event are missing for ever (the error says which); the call
 * after it goes on behind them. Other errors are the end of the subscription. */
mns_rc_t mns_bus_next (mns_bus_t *bus, int timeout_ms, mns_event_t *event, mns_error_t *error);
/* The offset behind everything that mns_bus_next has given, gaps told included. */
mns_offset_t mns_bus_offset (const mns_bus_t *bus);
/* The caller's offset is durable up to `number`: the broker is told with the next credit, or within a second. */
void mns_bus_durable (mns_bus_t *bus, uint64_t number);
/* Ends the subscription, and what has come of it. */
void mns_bus_unsubscribe (mns_bus_t *bus);

/* One SNAP, one SNAPROW or SNAPEND: mns_bus_request with the number, previous and prefixes of `snap`. */
mns_rc_t mns_bus_snap (mns_bus_t *bus, const char *stream, const mns_head_t *snap, int timeout_ms, mns_buffer_t *rows,
                       mns_head_t *head, mns_error_t *error);

/* For event loops: what to wait for (NULL: no connection now) and how long at most; whether something can be taken
 * without waiting; does what is due. */
void *mns_bus_socket (const mns_bus_t *bus);
int64_t mns_bus_wait_ms (mns_bus_t *bus);
bool mns_bus_ready (const mns_bus_t *bus);
void mns_bus_work (mns_bus_t *bus, int timeout_ms);
/* MNS_OK: the connection stands; otherwise why it does not. */
mns_rc_t mns_bus_state (const mns_bus_t *bus, mns_error_t *error);

#endif
