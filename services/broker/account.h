/* The accounts as the broker works with them: what each may (rights.h), how much, and how much it has now. One object
 * for each name and role that has spoken; it lives as long as somebody holds it or it stands in accounts.yaml.
 *
 * Bytes are a token bucket of one second: a message is taken while it is not empty, and may overdraw it. */
#ifndef MNS_BROKER_ACCOUNT_H
#define MNS_BROKER_ACCOUNT_H

#include "common/config.h"
#include "common/service.h"
#include "services/broker/rights.h"

typedef struct broker_account broker_account_t;
struct broker_account {
  broker_account_t *next; /* in its bucket */
  mns_caller_t caller;
  broker_rights_t rights;
  bool hears_audit; /* may subscribe to the stream audit */
  uint64_t most_subscriptions, most_connections;
  int64_t bytes_per_second;            /* 0: any number */
  uint64_t subscriptions, connections; /* now */
  size_t holders;                      /* who keeps a pointer to it */
  int64_t tokens, filled_ms;
  uint64_t limited; /* messages put off because of a limit */
};

typedef struct broker_accounts broker_accounts_t;

/* `config` and `file` are borrowed: defaults of the limits, and the accounts of the file. */
broker_accounts_t *broker_accounts_new (const mns_config_t *config, const mns_accounts_t *file);
void broker_accounts_destroy (broker_accounts_t **accounts);

/* The object of this name and role, made when new. Valid until the next call, unless held. */
broker_account_t *broker_account_find (broker_accounts_t *accounts, const mns_caller_t *caller);
void broker_account_hold (broker_account_t *account);
void broker_account_drop (broker_account_t **account); /* may be NULL */
/* The file has changed: rights and limits are compiled anew. */
void broker_accounts_compile (broker_accounts_t *accounts);
/* Calls `each` for every account that somebody holds. */
void broker_accounts_walk (broker_accounts_t *accounts, void (*each) (void *self, const broker_account_t *account),
                           void *self);

/* Takes `bytes`, for a small message 256, out of the bucket. False: it is empty; *retry_ms says when it will not be. */
bool broker_account_spend (broker_account_t *account, size_t bytes, int64_t now_ms, uint64_t *retry_ms);

#endif
