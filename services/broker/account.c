/* The accounts as the broker works with them. */
#include "services/broker/account.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 256, IDLE_MAX = 1024, SECOND_MS = 1000, MESSAGE_LEAST = 256 };

struct broker_accounts {
  const mns_config_t *config;
  const mns_accounts_t *file;
  broker_account_t *buckets[BUCKETS];
  size_t count;
};

broker_accounts_t *broker_accounts_new (const mns_config_t *config, const mns_accounts_t *file) {
  broker_accounts_t *accounts = mns_alloc (sizeof *accounts);
  accounts->config = config;
  accounts->file = file;
  return accounts;
}

static void free_account (broker_account_t *account) {
  broker_rights_fini (&account->rights);
  free (account);
}

void broker_accounts_destroy (broker_accounts_t **owner) {
  broker_accounts_t *accounts = *owner;
  if (accounts == NULL)
    return;
  for (size_t i = 0; i < BUCKETS; i++)
    for (broker_account_t *account = accounts->buckets[i], *next; account != NULL; account = next) {
      next = account->next;
      free_account (account);
    }
  free (accounts);
  *owner = NULL;
}

/* ---- rights and limits ------------------------------------------------------------------------------------------- */

/* A limit of the file, else the default; services of the house and administrators have none by default. */
static int64_t limit (const mns_account_t *row, int64_t own, int64_t usual, mns_code_t role) {
  if (row != NULL && own != MNS_NONE)
    return own;
  return role == MNS_SERVICE || role == MNS_ADMINISTRATOR || usual == MNS_NONE ? INT64_MAX : usual;
}

static void compile (const broker_accounts_t *accounts, broker_account_t *account) {
  const mns_config_t *config = accounts->config;
  const mns_caller_t *caller = &account->caller;
  const mns_account_t *row = mns_accounts_by_name (accounts->file, caller->account);
  if (row != NULL && row->role != caller->role)
    row = NULL;
  if (row != NULL)
    account->caller.division = row->division;
  broker_rights_fini (&account->rights);
  broker_rights_init (&account->rights, caller->account, caller->role, caller->division, row, config->county);
  account->hears_audit = broker_rights_subscribe (&account->rights, "audit.");
  account->most_subscriptions =
      (uint64_t)limit (row, row ? row->subscriptions : 0, config->account_subscriptions, caller->role);
  account->most_connections =
      (uint64_t)limit (row, row ? row->connections : 0, config->account_connections, caller->role);
  int64_t bytes = limit (row, row ? row->bytes_per_second : 0, config->account_bytes_per_second, caller->role);
  account->bytes_per_second = bytes == INT64_MAX ? 0 : bytes;
  if (account->tokens > account->bytes_per_second)
    account->tokens = account->bytes_per_second;
}

void broker_accounts_compile (broker_accounts_t *accounts) {
  for (size_t i = 0; i < BUCKETS; i++)
    for (broker_account_t *account = accounts->buckets[i]; account != NULL; account = account->next)
      compile (accounts, account);
}

bool broker_account_spend (broker_account_t *account, size_t bytes, int64_t now_ms, uint64_t *retry_ms) {
  int64_t rate = account->bytes_per_second, passed = now_ms - account->filled_ms;
  if (rate == 0)
    return true;
  account->filled_ms = now_ms;
  account->tokens += passed >= SECOND_MS ? rate : rate * passed / SECOND_MS;
  if (account->tokens > rate)
    account->tokens = rate;
  if (account->tokens > 0) {
    account->tokens -= bytes > MESSAGE_LEAST ? (int64_t)bytes : MESSAGE_LEAST;
    return true;
  }
  account->limited++;
  *retry_ms = (uint64_t)(-account->tokens * SECOND_MS / rate) + 1;
  return false;
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

/* FNV-1a. */
static size_t bucket_of (const mns_caller_t *caller) {
  uint32_t hash = 2166136261u ^ caller->role;
  for (const char *at = caller->account; *at; at++)
    hash = (hash ^ (uint8_t)*at) * 16777619u;
  return (hash ^ hash >> 16) % BUCKETS;
}

/* Those that nobody holds are made again when they are asked for. */
static void sweep (broker_accounts_t *accounts) {
  for (size_t i = 0; i < BUCKETS; i++)
    for (broker_account_t **at = &accounts->buckets[i]; *at != NULL;) {
      broker_account_t *account = *at;
      if (account->holders > 0 || account->tokens < account->bytes_per_second) {
        at = &account->next;
        continue;
      }
      *at = account->next;
      free_account (account);
      accounts->count--;
    }
}

broker_account_t *broker_account_find (broker_accounts_t *accounts, const mns_caller_t *caller) {
  size_t bucket = bucket_of (caller);
  broker_account_t *account = accounts->buckets[bucket];
  while (account != NULL &&
         (account->caller.role != caller->role || strcmp (account->caller.account, caller->account) != 0))
    account = account->next;
  if (account != NULL)
    return account;
  if (accounts->count >= IDLE_MAX)
    sweep (accounts);
  account = mns_alloc (sizeof *account);
  account->caller = *caller;
  account->tokens = INT64_MAX;
  compile (accounts, account);
  account->next = accounts->buckets[bucket];
  accounts->buckets[bucket] = account;
  accounts->count++;
  return account;
}

void broker_account_hold (broker_account_t *account) {
  account->holders++;
}

void broker_account_drop (broker_account_t **account) {
  if (*account != NULL)
    (*account)->holders--;
  *account = NULL;
}

void broker_accounts_walk (broker_accounts_t *accounts, void (*each) (void *self, const broker_account_t *account),
                           void *self) {
  for (size_t i = 0; i < BUCKETS; i++)
    for (const broker_account_t *account = accounts->buckets[i]; account != NULL; account = account->next)
      if (account->holders > 0)
        each (self, account);
}
