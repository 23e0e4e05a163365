/* Who is asking. TCP: the account of the connection's key. ipc: by the kernel's user id of the
 * peer. inproc: trusted. */
#include "common/failpoint.h"
#include "common/text.h"
#include "services/broker/core.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fill (mns_caller_t *caller, const char *name, mns_code_t role, mns_place_t division) {
  mns_text_copy (caller->account, sizeof caller->account, name);
  caller->role = role;
  caller->division = division;
}

static mns_rc_t take_row (const mns_account_t *row, const char *name, mns_caller_t *caller, mns_error_t *error) {
  if (row == NULL)
    return mns_fail (error, MNS_UNAUTHENTICATED, name,
                     "there is no account of this name or key: an administrator makes it with 'mns account add'");
  fill (caller, row->name, row->role, row->division);
  return MNS_OK;
}

bool broker_is_of_the_house (const char *name, size_t size) {
  static const char *const services[] = {"registry", "statistics", "assistance", "notifications"};
  for (size_t i = 0; i < sizeof services / sizeof *services; i++)
    if (strlen (services[i]) == size && memcmp (services[i], name, size) == 0)
      return true;
  return false;
}

/* A service of the house, or a producer that says who it is, needs no row in the file when it runs as the owner. */
static bool is_service (const char *name, const char *producer) {
  return broker_is_of_the_house (name, strlen (name)) || (*name && strcmp (name, producer) == 0);
}

static mns_rc_t identify_owner (broker_t *broker, const char *account, const char *producer, int64_t uid,
                                mns_caller_t *caller, mns_error_t *error) {
  const char *name = *account ? account : producer;
  const mns_account_t *row =
      *name ? mns_accounts_by_name (&broker->accounts, name) : mns_accounts_by_uid (&broker->accounts, uid);
  if (row == NULL && is_service (name, producer))
    fill (caller, name, MNS_SERVICE, 0);
  else if (row == NULL && (!*name || strcmp (name, "local") == 0))
    fill (caller, "local", MNS_ADMINISTRATOR, 0);
  else
    return take_row (row, name, caller, error);
  return MNS_OK;
}

static mns_rc_t identify_local (broker_t *broker, const broker_peer_t *peer, const char *account, const char *producer,
                                mns_caller_t *caller, mns_error_t *error) {
  int64_t uid;
  if (!mns_text_parse_int (peer->identity, &uid))
    return mns_fail (error, MNS_UNAUTHENTICATED, "", "the user id of this local connection is not known");
  if (uid == 0 || uid == (int64_t)geteuid ())
    return identify_owner (broker, account, producer, uid, caller, error);
  const mns_account_t *row = mns_accounts_by_uid (&broker->accounts, uid);
  if (row != NULL && *account && strcmp (row->name, account) != 0)
    return mns_fail (error, MNS_FORBIDDEN, account, "your user of this machine may only act for account '%s'",
                     row->name);
  return take_row (row, account, caller, error);
}

static mns_rc_t identify (broker_t *broker, const broker_peer_t *peer, const char *account, const char *producer,
                          mns_caller_t *caller, mns_error_t *error) {
  memset (caller, 0, sizeof *caller);
  if (mns_mutant ("trust_missing_user_id") && !peer->identity[0])
    return identify_owner (broker, account, producer, 0, caller, error);
  if (peer->door == BROKER_TCP)
    return take_row (mns_accounts_by_name (&broker->accounts, peer->identity), peer->identity, caller, error);
  if (peer->door == BROKER_IPC)
    return identify_local (broker, peer, account, producer, caller, error);
  fill (caller, *account ? account : *producer ? producer : "service", MNS_SERVICE, 0);
  return MNS_OK;
}

mns_rc_t broker_identify (broker_t *broker, const broker_peer_t *peer, const char *account, const char *producer,
                          mns_caller_t *caller, mns_error_t *error) {
  bool changed;
  mns_rc_t rc = identify (broker, peer, account, producer, caller, error);
  if (rc != MNS_UNAUTHENTICATED || mns_accounts_refresh (&broker->accounts, &changed, NULL) != MNS_OK || !changed)
    return rc;
  broker->accounts_changed = true; /* one that was added this second */
  return identify (broker, peer, account, producer, caller, error);
}

/* ---- what it may ------------------------------------------------------------------------------------------------- */

broker_account_t *broker_account (const broker_t *broker, const mns_caller_t *caller) {
  return broker_account_find (broker->access, caller);
}

bool broker_may_subscribe (const broker_t *broker, const mns_caller_t *caller, const char *prefix) {
  return broker_rights_subscribe (&broker_account (broker, caller)->rights, prefix);
}

bool broker_may_snapshot (const broker_t *broker, const mns_caller_t *caller, const char *prefix) {
  return broker_rights_snapshot (&broker_account (broker, caller)->rights, prefix);
}

bool broker_may_publish (const broker_t *broker, const mns_caller_t *caller, const char *producer) {
  return strcmp (caller->account, producer) == 0 && strcmp (producer, "broker") != 0 &&
         broker_rights_publisher (&broker_account (broker, caller)->rights);
}
