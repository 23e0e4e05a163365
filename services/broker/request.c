/* Requests: from who asks to who has announced the command, and the answer back; exactly one for each
 * (docs/protocol.md §7). */
#include "common/cursor.h"
#include "common/log.h"
#include "common/records/streams.h"
#include "common/text.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SNAPSHOT "snapshot." /* and the stream: the command under which a service announces snapshots of it */

enum {
  PENDING_MAX = 8192,
  ASKING_MAX = 1024,
  DEADLINE_MS = 5000,
  DEADLINE_MAX_MS = 600000,
  RETRY_MS = 500,
  GRACE_MS = 15000, /* within it, whoever was connected to the broker before this one is back */
  TAKEOVER_RETRY_MS = 1000,
  ENTRIES_MAX = 1024,
  COMMANDS_MAX = 256 /* in one READY */
};

/* ---- pending requests: a slot each, found by the low bits of our number ------------------------------------------ */

void broker_requests_init (broker_t *broker) {
  broker_requests_t *requests = &broker->requests;
  requests->pending = mns_alloc (PENDING_MAX * sizeof *requests->pending);
  requests->free_slots = mns_alloc (PENDING_MAX * sizeof *requests->free_slots);
  for (uint32_t i = 0; i < PENDING_MAX; i++)
    requests->free_slots[requests->free_count++] = PENDING_MAX - 1 - i;
  requests->last_number = randombytes_random (); /* an answer to the broker before this one fits none of ours */
}

void broker_requests_fini (broker_t *broker) {
  free (broker->requests.pending);
  free (broker->requests.free_slots);
  free (broker->requests.entries);
}

static broker_pending_t *take_slot (broker_requests_t *requests) {
  if (requests->free_count == 0)
    return NULL;
  uint32_t slot = requests->free_slots[--requests->free_count];
  broker_pending_t *pending = &requests->pending[slot];
  pending->number = ++requests->last_number * PENDING_MAX + slot;
  return pending;
}

static uint64_t time_allowed (const mns_head_t *head) {
  if (head->deadline_ms == 0)
    return DEADLINE_MS;
  return head->deadline_ms > DEADLINE_MAX_MS ? DEADLINE_MAX_MS : head->deadline_ms;
}

/* NULL: there are too many. */
static broker_pending_t *open_pending (broker_t *broker, const broker_message_t *message, broker_account_t *account,
                                       broker_peer_t *worker) {
  broker_pending_t *pending = take_slot (&broker->requests);
  if (pending == NULL)
    return NULL;
  pending->account = account;
  if (account != NULL)
    broker_account_hold (account);
  memcpy (pending->command, message->head.command, sizeof pending->command);
  pending->asker = message->peer;
  pending->worker = worker;
  pending->envelope = message->envelope;
  pending->request = message->head.request;
  pending->deadline_ms = broker->now_ms + (int64_t)time_allowed (&message->head);
  pending->asker->asking++;
  if (worker != NULL)
    worker->working++;
  return pending;
}

static broker_pending_t *find_pending (broker_requests_t *requests, uint64_t number) {
  broker_pending_t *pending = &requests->pending[number % PENDING_MAX];
  return number != 0 && pending->number == number ? pending : NULL;
}

static void free_pending (broker_requests_t *requests, broker_pending_t *pending) {
  pending->asker->asking--;
  if (pending->worker != NULL)
    pending->worker->working--;
  broker_account_drop (&pending->account);
  pending->number = 0;
  requests->free_slots[requests->free_count++] = (uint32_t)(pending - requests->pending);
}

/* Ends a request with an error of the broker. */
static void fail_pending (broker_t *broker, broker_pending_t *pending, mns_rc_t rc, const char *detail) {
  mns_head_t head;
  mns_head_clear (&head);
  head.request = pending->request;
  head.rc = rc;
  head.retry_after_ms = mns_error_retry (rc) ? RETRY_MS : 0;
  mns_text_copy (head.detail, sizeof head.detail, detail);
  broker_send (broker, pending->asker, &pending->envelope, MNS_ERR, &head, NULL);
  broker->counts.refused++;
  free_pending (&broker->requests, pending);
}

size_t broker_requests_open (const broker_t *broker) {
  return PENDING_MAX - broker->requests.free_count;
}

uint64_t broker_request_hold (broker_t *broker, const broker_message_t *message) {
  broker_pending_t *pending = open_pending (broker, message, NULL, NULL);
  return pending != NULL ? pending->number : 0;
}

void broker_request_answer_with (broker_t *broker, uint64_t number, const mns_error_t *error, mns_head_t *head,
                                 const mns_buffer_t *body) {
  mns_head_t own;
  zmq_msg_t frame;
  broker_pending_t *pending = find_pending (&broker->requests, number);
  if (pending == NULL)
    return;
  if (head == NULL)
    mns_head_clear (head = &own);
  head->request = pending->request;
  head->rc = error->rc;
  mns_text_copy (head->where, sizeof head->where, error->where);
  mns_text_copy (head->detail, sizeof head->detail, error->detail);
  bool done = error->rc == MNS_OK;
  if (done && body != NULL)
    broker_frame_init (&frame, body->data, body->size);
  broker_send (broker, pending->asker, &pending->envelope, done ? MNS_REPLY : MNS_ERR, head,
               done && body != NULL ? &frame : NULL);
  free_pending (&broker->requests, pending);
}

void broker_request_answer (broker_t *broker, uint64_t number, const mns_error_t *error) {
  broker_request_answer_with (broker, number, error, NULL, NULL);
}

/* ---- the directory ----------------------------------------------------------------------------------------------- */

static broker_entry_t *find_entry (broker_requests_t *requests, const char *command) {
  for (size_t i = 0; i < requests->entry_count; i++)
    if (strcmp (requests->entries[i].name, command) == 0)
      return &requests->entries[i];
  return NULL;
}

static broker_entry_t *add_entry (broker_requests_t *requests, const char *command) {
  broker_entry_t *entry = find_entry (requests, command);
  if (entry != NULL || requests->entry_count == ENTRIES_MAX)
    return entry;
  if (requests->entry_count == requests->entry_capacity) {
    requests->entry_capacity = requests->entry_capacity ? 2 * requests->entry_capacity : 64;
    requests->entries = mns_realloc (requests->entries, requests->entry_capacity * sizeof *requests->entries);
  }
  entry = &requests->entries[requests->entry_count++];
  memset (entry, 0, sizeof *entry);
  mns_text_copy (entry->name, sizeof entry->name, command);
  return entry;
}

/* Tells of the commands of a peer that are missed from now on, or no longer. */
static void tell_missed (broker_t *broker, const broker_peer_t *peer, bool missed) {
  mns_directory_change_t change;
  mns_record_clear (&mns_directory_change_type, &change);
  mns_text_copy (change.account, sizeof change.account, peer->caller.account);
  change.answered = missed ? MNS_NO : MNS_YES;
  change.commands = 0;
  for (size_t i = 0; i < broker->requests.entry_count; i++) {
    broker_entry_t *entry = &broker->requests.entries[i];
    if (entry->holder != peer || entry->missed == missed)
      continue;
    entry->missed = missed;
    if (change.commands++ == 0)
      mns_text_copy (change.command, sizeof change.command, entry->name);
  }
  if (change.commands > 0)
    broker_audit_directory (broker, &change);
}

void broker_requests_missed (broker_t *broker, broker_peer_t *peer) {
  tell_missed (broker, peer, true);
}

void broker_requests_forget (broker_t *broker, broker_peer_t *peer) {
  broker_requests_t *requests = &broker->requests;
  for (size_t i = 0; i < requests->entry_count; i++)
    if (requests->entries[i].holder == peer)
      requests->entries[i].holder = NULL;
  peer->command_count = 0;
  for (size_t i = 0; (peer->asking > 0 || peer->working > 0) && i < PENDING_MAX; i++) {
    broker_pending_t *pending = &requests->pending[i];
    if (pending->number == 0)
      continue;
    if (pending->asker == peer)
      free_pending (requests, pending);
    else if (pending->worker == peer)
      fail_pending (broker, pending, MNS_UNAVAILABLE,
                    "the service went while it was at this request: ask again with the same key");
  }
}

/* ---- REQUEST ----------------------------------------------------------------------------------------------------- */

/* Another system's service that this broker has heard of: it has an account, or records in the log. */
static bool is_heard_of (const broker_t *broker, const char *command, size_t size) {
  char name[MNS_NAME_MAX + 1];
  snprintf (name, sizeof name, "%.*s", (int)size, command);
  for (size_t i = 0; i < broker->publishing.producer_count; i++)
    if (strcmp (broker->publishing.producers[i]->committed.name, name) == 0)
      return true;
  return mns_accounts_by_name (&broker->accounts, name) != NULL;
}

/* Nobody has announced this command, but it is of a service that has not come yet and may know it: one of the house; or
 * another that is connecting again, after a start of the broker. */
static bool may_come (const broker_t *broker, const char *command) {
  const broker_requests_t *requests = &broker->requests;
  if (strncmp (command, SNAPSHOT, strlen (SNAPSHOT)) == 0) {
    const mns_stream_t *stream = mns_stream_find (command + strlen (SNAPSHOT), strlen (command) - strlen (SNAPSHOT));
    command = stream ? stream->producer : "";
  }
  size_t size = strcspn (command, ".");
  for (size_t i = 0; i < requests->entry_count; i++) {
    const broker_entry_t *entry = &requests->entries[i];
    if (entry->holder != NULL && strncmp (entry->name, command, size) == 0 && entry->name[size] == '.')
      return false;
  }
  return broker_is_of_the_house (command, size) ||
         (broker->now_ms - broker->started_ms < GRACE_MS && is_heard_of (broker, command, size));
}

static mns_rc_t find_worker (broker_t *broker, const broker_message_t *message, broker_peer_t **worker, uint64_t *retry,
                             mns_error_t *error) {
  const char *command = message->head.command;
  broker_entry_t *entry = find_entry (&broker->requests, command);
  *retry = 0;
  if (entry == NULL && !may_come (broker, command))
    return mns_fail (error, MNS_UNKNOWN_COMMAND, command, "no service has announced this command");
  *retry = RETRY_MS;
  if (entry == NULL || entry->holder == NULL || entry->holder->gone)
    return mns_fail (error, MNS_UNAVAILABLE, command, "the service of this command is not there now");
  if (message->peer->asking >= ASKING_MAX)
    return mns_fail (error, MNS_BUSY, command, "this connection has %d requests open", ASKING_MAX);
  *worker = entry->holder;
  return MNS_OK;
}

/* The request as the service gets it: the asker's own words about itself are replaced by what the
 * broker vouches for. */
static void vouch (const mns_head_t *asked, const mns_caller_t *caller, uint64_t number, mns_head_t *head) {
  mns_head_clear (head);
  mns_text_copy (head->account, sizeof head->account, caller->account);
  mns_text_copy (head->role, sizeof head->role, mns_code_word (&mns_role, caller->role));
  mns_text_copy (head->command, sizeof head->command, asked->command);
  mns_text_copy (head->trace, sizeof head->trace, asked->trace);
  head->request = number;
  head->deadline_ms = time_allowed (asked);
  head->key = asked->key;
  head->log_number = asked->log_number;
}

/* What a SNAP says besides. */
static void vouch_snap (const mns_head_t *asked, mns_head_t *head) {
  head->number = asked->number;
  head->previous = asked->previous;
  head->prefix_count = asked->prefix_count;
  memcpy (head->prefixes, asked->prefixes, sizeof head->prefixes);
}

/* `division`: what the service is told. */
static mns_rc_t forward (broker_t *broker, broker_message_t *message, broker_account_t *account, mns_place_t division,
                         uint64_t *retry, mns_error_t *error) {
  mns_head_t head;
  broker_peer_t *worker = NULL;
  mns_rc_t rc = find_worker (broker, message, &worker, retry, error);
  if (rc != MNS_OK)
    return rc;
  broker_pending_t *pending = open_pending (broker, message, account, worker);
  if (pending == NULL)
    return mns_fail (error, MNS_BUSY, message->head.command, "the broker has %d requests open", PENDING_MAX);
  vouch (&message->head, &account->caller, pending->number, &head);
  head.division = division;
  if (message->kind == MNS_SNAP)
    vouch_snap (&message->head, &head);
  rc = broker_send (broker, worker, NULL, message->kind, &head, &message->body);
  zmq_msg_init (&message->body);
  if (rc == MNS_OK)
    return MNS_OK;
  free_pending (&broker->requests, pending);
  return mns_fail (error, rc == MNS_BUSY ? MNS_BUSY : MNS_UNAVAILABLE, message->head.command,
                   "the service of this command takes no request now");
}

/* Who asks: what the connection said in HELLO, unless it has said none or names another. */
static mns_rc_t find_asker (broker_t *broker, const broker_message_t *message, broker_account_t **account,
                            mns_error_t *error) {
  mns_caller_t caller;
  const broker_peer_t *peer = message->peer;
  *account = peer->account;
  if (peer->greeted && (!message->head.account[0] || strcmp (message->head.account, peer->caller.account) == 0))
    return MNS_OK;
  mns_rc_t rc = broker_identify (broker, peer, message->head.account, "", &caller, error);
  if (rc == MNS_OK)
    *account = broker_account (broker, &caller);
  return rc;
}

static mns_rc_t check_asker (const broker_message_t *message, const broker_account_t *account, mns_place_t *division,
                             mns_error_t *error) {
  const char *command = message->head.command;
  if (strncmp (command, SNAPSHOT, strlen (SNAPSHOT)) == 0)
    return mns_fail (error, MNS_UNKNOWN_COMMAND, command, "a snapshot is asked for by SNAP");
  if (!broker_rights_request (&account->rights, command, division))
    return mns_fail (error, MNS_FORBIDDEN, command, "account '%s' has no right to ask this", account->caller.account);
  return MNS_OK;
}

void broker_handle_request (broker_t *broker, broker_message_t *message) {
  mns_error_t error;
  broker_account_t *account;
  mns_place_t division;
  uint64_t retry = 0;
  mns_rc_t rc = find_asker (broker, message, &account, &error);
  if (rc == MNS_OK && !broker_account_spend (account, zmq_msg_size (&message->body), broker->now_ms, &retry))
    rc =
        mns_fail (&error, MNS_BUSY, account->caller.account, "account '%s' has asked for more than %lld bytes a second",
                  account->caller.account, (long long)account->bytes_per_second);
  if (rc == MNS_OK && broker_own_command (broker, message, &account->caller))
    return;
  if (rc == MNS_OK)
    rc = check_asker (message, account, &division, &error);
  if (rc == MNS_OK)
    rc = forward (broker, message, account, division, &retry, &error);
  if (rc != MNS_OK)
    broker_answer_error (broker, message, MNS_ERR, &error, retry);
}

/* ---- SNAP -------------------------------------------------------------------------------------------------------- */

/* The prefixes, or the whole stream when there are none, lie in the stream and in the account's rights. */
static mns_rc_t check_snap (broker_t *broker, const broker_message_t *message, mns_error_t *error) {
  char whole[MNS_NAME_MAX + 2];
  const mns_head_t *head = &message->head;
  const mns_caller_t *caller = &message->peer->caller;
  snprintf (whole, sizeof whole, "%s.", head->command);
  for (size_t i = 0; i < head->prefix_count || i == 0; i++) {
    const char *prefix = head->prefix_count > 0 ? head->prefixes[i] : whole;
    mns_rc_t rc = mns_prefix_check (prefix, error);
    if (rc != MNS_OK)
      return rc;
    if (strncmp (prefix, whole, strlen (whole)) != 0)
      return mns_fail (error, MNS_INVALID, "prefixes", "'%s' is not under '%s'", prefix, whole);
    if (!broker_may_snapshot (broker, caller, prefix))
      return mns_fail (error, MNS_FORBIDDEN, "prefixes", "account '%s' may not have all that is under '%s'",
                       caller->account, prefix);
  }
  return MNS_OK;
}

void broker_handle_snap (broker_t *broker, broker_message_t *message) {
  mns_error_t error;
  char command[MNS_NAME_MAX + 1];
  uint64_t retry = 0;
  mns_rc_t rc = check_snap (broker, message, &error);
  snprintf (command, sizeof command, "%s%.*s", SNAPSHOT, (int)(MNS_NAME_MAX - strlen (SNAPSHOT)),
            message->head.command);
  memcpy (message->head.command, command, sizeof command);
  if (rc == MNS_OK)
    rc = forward (broker, message, message->peer->account, message->peer->caller.division, &retry, &error);
  if (rc != MNS_OK)
    broker_answer_error (broker, message, MNS_ERR, &error, retry);
}

/* ---- a change of the accounts ------------------------------------------------------------------------------------ */

bool broker_may_serve_all (const broker_t *broker, const broker_peer_t *peer) {
  for (size_t i = 0; peer->command_count > 0 && i < broker->requests.entry_count; i++) {
    const broker_entry_t *entry = &broker->requests.entries[i];
    if (entry->holder == peer && !broker_rights_serve (&peer->account->rights, entry->name))
      return false;
  }
  return true;
}

/* Snapshots are asked for again, and looked at anew. */
static mns_rc_t recheck_pending (broker_t *broker, const broker_pending_t *pending) {
  mns_caller_t caller;
  mns_place_t division;
  mns_rc_t rc = broker_identify (broker, pending->asker, pending->account->caller.account, "", &caller, NULL);
  if (rc != MNS_OK)
    return rc;
  if (strncmp (pending->command, SNAPSHOT, strlen (SNAPSHOT)) == 0)
    return MNS_UNAVAILABLE;
  return broker_rights_request (&broker_account (broker, &caller)->rights, pending->command, &division) ? MNS_OK
                                                                                                        : MNS_FORBIDDEN;
}

void broker_requests_recheck (broker_t *broker) {
  broker_requests_t *requests = &broker->requests;
  for (size_t i = 0; requests->free_count < PENDING_MAX && i < PENDING_MAX; i++) {
    broker_pending_t *pending = &requests->pending[i];
    mns_rc_t rc = pending->number != 0 && pending->account != NULL ? recheck_pending (broker, pending) : MNS_OK;
    if (rc != MNS_OK)
      fail_pending (broker, pending, rc,
                    "the accounts were changed while the service was at this request; it may have been carried out");
  }
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

void broker_handle_reply (broker_t *broker, broker_message_t *message) {
  broker_pending_t *pending = find_pending (&broker->requests, message->head.request);
  if (pending == NULL || pending->worker != message->peer) {
    broker->counts.late++;
    return;
  }
  message->head.request = pending->request;
  message->head.account[0] = message->head.role[0] = 0;
  message->head.division = 0;
  broker_send (broker, pending->asker, &pending->envelope, message->kind, &message->head, &message->body);
  zmq_msg_init (&message->body);
  free_pending (&broker->requests, pending);
}

void broker_requests_tick (broker_t *broker) {
  broker_requests_t *requests = &broker->requests;
  for (size_t i = 0; requests->free_count < PENDING_MAX && i < PENDING_MAX; i++) {
    broker_pending_t *pending = &requests->pending[i];
    if (pending->number != 0 && pending->deadline_ms <= broker->now_ms)
      fail_pending (broker, pending, MNS_TIMEOUT,
                    "no answer within the time allowed; it may have been carried out: ask again with the same key");
  }
}

/* ---- READY ------------------------------------------------------------------------------------------------------- */

/* The next command of the list, terminated. */
static bool next_command (mns_cursor_t *list, char command[MNS_NAME_MAX + 1]) {
  const char *text;
  size_t size;
  if (!mns_cursor_text (list, &text, &size) || size == 0 || size > MNS_NAME_MAX || !mns_text_valid (text, size))
    return false;
  memcpy (command, text, size);
  command[size] = 0;
  return strncmp (command, "bus.", 4) != 0;
}

/* The command must be free, its own, or its holder must be dead. */
static mns_rc_t claim (broker_t *broker, broker_peer_t *peer, const char *command, uint64_t *retry,
                       mns_error_t *error) {
  broker_entry_t *entry = add_entry (&broker->requests, command);
  if (entry == NULL)
    return mns_fail (error, MNS_BUSY, command, "the broker knows %d commands already", ENTRIES_MAX);
  if (entry->holder == peer || entry->holder == NULL || broker_challenge (broker, entry->holder))
    return MNS_OK;
  *retry = TAKEOVER_RETRY_MS;
  return mns_fail (error, MNS_IN_USE, command, "another instance of this service answers it");
}

/* All or nothing: `commit` false only looks. */
static mns_rc_t walk_commands (broker_t *broker, broker_message_t *message, bool commit, uint64_t *retry,
                               mns_error_t *error) {
  char command[MNS_NAME_MAX + 1];
  uint32_t count;
  mns_rc_t rc = MNS_OK;
  broker_peer_t *peer = message->peer;
  mns_cursor_t list = mns_cursor_init (zmq_msg_data (&message->body), zmq_msg_size (&message->body));
  if (!mns_cursor_array (&list, &count) || count == 0 || count > COMMANDS_MAX)
    return mns_fail (error, MNS_MALFORMED, "body", "READY takes an array of 1 to %d command names", COMMANDS_MAX);
  for (uint32_t i = 0; rc == MNS_OK && i < count; i++) {
    if (!next_command (&list, command))
      return mns_fail (error, MNS_MALFORMED, "body", "entry %u is not the name of a command a service may have", i);
    if (!broker_rights_serve (&peer->account->rights, command))
      return mns_fail (error, MNS_FORBIDDEN, command, "account '%s' has no right to answer this command",
                       peer->caller.account);
    if (!commit) {
      rc = claim (broker, peer, command, retry, error);
      continue;
    }
    broker_entry_t *entry = find_entry (&broker->requests, command);
    peer->command_count += entry->holder != peer;
    entry->holder = peer;
  }
  return rc;
}

void broker_handle_ready (broker_t *broker, broker_message_t *message) {
  mns_error_t error;
  mns_head_t head;
  uint64_t retry = 0;
  mns_rc_t rc = walk_commands (broker, message, false, &retry, &error);
  if (rc == MNS_OK)
    rc = walk_commands (broker, message, true, &retry, &error);
  if (rc != MNS_OK) {
    broker_answer_error (broker, message, MNS_ERR, &error, retry);
    return;
  }
  tell_missed (broker, message->peer, false);
  mns_log (MNS_LOG_INFO, "broker", "service.ready", "account=%s commands=%zu", message->peer->caller.account,
           message->peer->command_count);
  mns_head_clear (&head);
  broker_answer (broker, message, MNS_REPLY, &head, NULL);
}
