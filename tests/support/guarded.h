/* A broker in this process with TCP, keys and accounts, in a fresh folder, and peers that come through its doors. */
#ifndef MNS_TESTS_SUPPORT_GUARDED_H
#define MNS_TESTS_SUPPORT_GUARDED_H

#include "common/accounts.h"
#include "common/config.h"
#include "common/dir.h"
#include "common/keys.h"
#include "common/records/bus_records.h"
#include "tests/support/wire_peer.h"
#include <czmq.h>

#define GUARDED_COUNTY 510322000000

typedef struct {
  char data[MNS_PATH_MAX], bus[128], local[MNS_PATH_MAX + 16];
  mns_config_t config;
  mns_accounts_t accounts;
  mns_keys_t broker_keys;
  zactor_t *broker;
} guarded_t;

/* A folder, a configuration and the broker's keys; nothing runs. */
void guarded_init (guarded_t *guarded);
void guarded_fini (guarded_t *guarded); /* stops what runs, removes the folder */
/* Starts the broker and gives the first word it says. When that is READY, `bus` is the endpoint of TCP. */
void guarded_start (guarded_t *guarded, char word[16]);
void guarded_stop (guarded_t *guarded);

/* An account with a new key pair (keys may be NULL: no key). `rights`: "verb prefix[ division]" each, NULL-ended, or
 * NULL. */
void guarded_add (guarded_t *guarded, const char *name, mns_code_t role, mns_place_t division,
                  const char *const *rights, mns_keys_t *keys);
void guarded_rights (mns_account_t *account, const char *const *rights);

/* A connection over TCP with `keys` (NULL: without CURVE), over the local socket. */
void guarded_tcp (guarded_t *guarded, wire_peer_t *peer, const mns_keys_t *keys);
void guarded_local (guarded_t *guarded, wire_peer_t *peer);
/* SUB of one prefix with plenty of credit; the kind of the answer. */
mns_frame_kind_t guarded_subscribe (wire_peer_t *peer, uint64_t id, const char *prefix, uint64_t from);
/* bus.status, as the owner asks it. */
void guarded_status (guarded_t *guarded, mns_bus_status_t *status);

#endif
