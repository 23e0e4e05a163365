/* The broker's own commands: bus.status, bus.directory, bus.read, bus.log, bus.backup (docs/protocol.md §7). */
#include "common/dir.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <string.h>

enum { LIST_MAX = 64 };

typedef struct {
  const char *name;
  broker_command_fn *handle;
} command_t;

void broker_reply_bytes (broker_t *broker, const broker_message_t *message, mns_head_t *head,
                         const mns_buffer_t *bytes) {
  zmq_msg_t body;
  broker_frame_init (&body, bytes->data, bytes->size);
  broker_answer (broker, message, MNS_REPLY, head, &body);
}

mns_rc_t broker_read_request (const broker_message_t *message, const mns_record_type_t *type, void *record,
                              mns_error_t *error) {
  zmq_msg_t *body = (zmq_msg_t *)&message->body;
  mns_rc_t rc = mns_record_unpack (type, record, zmq_msg_data (body), zmq_msg_size (body), NULL, error);
  return rc == MNS_OK ? mns_record_validate (type, record, error) : rc;
}

/* ---- bus.status -------------------------------------------------------------------------------------------------- */

static void fill_producers (const broker_t *broker, mns_bus_status_t *status) {
  for (size_t i = 0; i < broker->publishing.producer_count && i < LIST_MAX; i++) {
    const broker_producer_t *producer = broker->publishing.producers[i];
    mns_bus_producer_t *row = &status->producers[status->producers_count++];
    mns_text_copy (row->name, sizeof row->name, producer->committed.name);
    row->epoch = producer->committed.epoch;
    row->number = producer->committed.number;
    row->log_number = producer->committed.log_number;
    row->connected = producer->holder != NULL ? MNS_YES : MNS_NO;
  }
}

static void fill_consumers (const broker_t *broker, mns_bus_status_t *status) {
  for (size_t i = 0; i < broker->subscriptions.count && i < LIST_MAX; i++) {
    const broker_subscription_t *subscription = broker->subscriptions.all[i];
    mns_bus_consumer_t *row = &status->consumers[status->consumers_count++];
    mns_text_copy (row->consumer, sizeof row->consumer, subscription->consumer);
    mns_text_copy (row->account, sizeof row->account, subscription->peer->caller.account);
    mns_text_copy (row->prefix, sizeof row->prefix, subscription->prefixes[0]);
    row->sent = subscription->told;
    row->durable = subscription->durable;
    row->behind = broker_tail_place (broker->tail)->last - subscription->told;
    row->credit = subscription->messages > 0 ? subscription->messages : 0;
  }
}

static void fill_connections (const broker_t *broker, mns_bus_status_t *status) {
  static const char *const doors[BROKER_DOORS] = {"inproc", "ipc", "tcp"};
  for (size_t i = 0; i < broker->peers.count && status->connections_count < LIST_MAX; i++) {
    const broker_peer_t *peer = broker->peers.all[i];
    if (!peer->greeted)
      continue;
    mns_bus_peer_t *row = &status->connections[status->connections_count++];
    mns_text_copy (row->account, sizeof row->account, peer->caller.account);
    mns_text_copy (row->software, sizeof row->software, peer->software);
    mns_text_copy (row->door, sizeof row->door, doors[peer->door]);
    row->commands = peer->command_count;
    row->working = peer->working;
    row->asking = peer->asking;
    row->silent_ms = (uint64_t)(broker->now_ms - peer->heard_ms);
  }
}

static void fill_alarms (const broker_t *broker, mns_bus_status_t *status) {
  status->alarms_count = (uint16_t)broker->alarms.count;
  memcpy (status->alarms, broker->alarms.all, broker->alarms.count * sizeof *status->alarms);
}

static void fill_counts (const broker_t *broker, mns_bus_status_t *status) {
  const broker_counts_t *counts = &broker->counts;
  status->received = counts->received;
  status->sent = counts->sent;
  status->refused = counts->refused;
  status->malformed = counts->malformed;
  status->dropped = counts->dropped;
  status->late = counts->late;
  status->groups = counts->groups;
  status->appended = counts->appended;
  status->repeated = counts->repeated;
  status->delivered = counts->delivered;
}

static void fill_status (broker_t *broker, mns_bus_status_t *status) {
  const broker_place_t *place = broker_tail_place (broker->tail);
  size_t size = sizeof status->bus;
  mns_record_clear (&mns_bus_status_type, status);
  mns_text_copy (status->software, sizeof status->software, BROKER_SOFTWARE);
  mns_text_copy (status->feed, sizeof status->feed, broker->feed.endpoint);
  if (broker->doors[BROKER_TCP] != NULL)
    zmq_getsockopt (broker->doors[BROKER_TCP], ZMQ_LAST_ENDPOINT, status->bus, &size);
  status->up_s = (uint64_t)(broker->now_ms - broker->started_ms) / 1000;
  status->log_epoch = place->epoch;
  status->log_first = broker_log_kept (broker->reader);
  status->log_number = place->last;
  status->log_bytes = broker_log_bytes (broker->reader);
  status->recorded = place->recorded;
  status->peers = broker->peers.count;
  status->requests = broker_requests_open (broker);
  fill_counts (broker, status);
  fill_producers (broker, status);
  fill_consumers (broker, status);
  fill_connections (broker, status);
  fill_alarms (broker, status);
}

static mns_rc_t handle_status (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                               mns_error_t *error) {
  (void)caller;
  (void)error;
  mns_head_t head;
  mns_bus_status_t *status = mns_alloc (sizeof *status);
  fill_status (broker, status);
  mns_head_clear (&head);
  mns_buffer_clear (&broker->scratch);
  mns_record_pack (&mns_bus_status_type, status, &broker->scratch);
  broker_reply_bytes (broker, message, &head, &broker->scratch);
  free (status);
  return MNS_OK;
}

/* ---- bus.directory ----------------------------------------------------------------------------------------------- */

static void fill_directory (broker_t *broker, mns_head_t *head) {
  mns_head_clear (head);
  mns_buffer_clear (&broker->scratch);
  for (size_t i = 0; i < broker->requests.entry_count; i++) {
    const broker_entry_t *entry = &broker->requests.entries[i];
    mns_bus_entry_t row;
    mns_record_clear (&mns_bus_entry_type, &row);
    mns_text_copy (row.command, sizeof row.command, entry->name);
    if (entry->holder != NULL)
      mns_text_copy (row.account, sizeof row.account, entry->holder->caller.account);
    mns_record_pack (&mns_bus_entry_type, &row, &broker->scratch);
    head->count++;
  }
}

static mns_rc_t handle_directory (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                                  mns_error_t *error) {
  (void)caller;
  (void)error;
  mns_head_t head;
  fill_directory (broker, &head);
  broker_reply_bytes (broker, message, &head, &broker->scratch);
  return MNS_OK;
}

void broker_handle_directory (broker_t *broker, broker_message_t *message) {
  mns_head_t head;
  zmq_msg_t body;
  fill_directory (broker, &head);
  broker_frame_init (&body, broker->scratch.data, broker->scratch.size);
  broker_answer (broker, message, MNS_DIRECTORY, &head, &body);
}

/* ---- bus.backup -------------------------------------------------------------------------------------------------- */

static mns_rc_t copy_path (const broker_t *broker, const char *asked, char path[MNS_PATH_MAX], mns_error_t *error) {
  const char *data = broker->config->data;
  size_t size = strlen (data);
  if (strstr (asked, "..") != NULL || (asked[0] == '/' && (strncmp (asked, data, size) != 0 || asked[size] != '/')))
    return mns_fail (error, MNS_INVALID, "path", "the copy goes into a file inside the data directory %s", data);
  if (asked[0] != '/')
    return mns_dir_join (path, data, asked, error);
  mns_text_copy (path, MNS_PATH_MAX, asked);
  return MNS_OK;
}

static mns_rc_t make_backup_folder (const broker_t *broker, mns_error_t *error) {
  char folder[MNS_PATH_MAX];
  mns_rc_t rc = mns_dir_join (folder, broker->config->data, "backup", error);
  return rc == MNS_OK ? mns_dir_make (folder, 0700, error) : rc;
}

static mns_rc_t handle_backup (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                               mns_error_t *error) {
  (void)caller;
  const char what = BROKER_COPY;
  char path[MNS_PATH_MAX];
  mns_bus_backup_t request;
  mns_rc_t rc = broker_read_request (message, &mns_bus_backup_type, &request, error);
  if (rc == MNS_OK)
    rc = copy_path (broker, request.path, path, error);
  if (rc == MNS_OK)
    rc = make_backup_folder (broker, error);
  if (rc == MNS_OK && broker->copy_request != 0)
    rc = mns_fail (error, MNS_BUSY, "", "another copy is being made");
  if (rc == MNS_OK && (broker->copy_request = broker_request_hold (broker, message)) == 0)
    rc = mns_fail (error, MNS_BUSY, "", "the broker has too many requests open");
  if (rc != MNS_OK)
    return rc;
  broker_frame_send_bytes (broker->log_pipe, &what, 1, true);
  broker_frame_send_bytes (broker->log_pipe, path, strlen (path), false);
  return MNS_OK;
}

/* What was appended after the copy is answered after it: all that is committed now is in it. */
void broker_copy_answered (broker_t *broker, const broker_copied_t *copied) {
  if (copied->error.rc == MNS_OK)
    broker_publish_covered (broker);
  broker_request_answer (broker, broker->copy_request, &copied->error);
  broker->copy_request = 0;
}

/* ---- bus.hold, bus.release ------------------------------------------------------------------------------------- */

static mns_rc_t reply_empty (broker_t *broker, const broker_message_t *message) {
  mns_head_t head;
  const mns_buffer_t nothing = {0};
  mns_head_clear (&head);
  broker_reply_bytes (broker, message, &head, &nothing);
  return MNS_OK;
}

static mns_rc_t handle_hold (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                             mns_error_t *error) {
  (void)caller;
  mns_bus_hold_t request;
  mns_rc_t rc = broker_read_request (message, &mns_bus_hold_type, &request, error);
  if (rc != MNS_OK)
    return rc;
  if (broker->now_ms < broker->held_until_ms)
    return mns_fail (error, MNS_BUSY, "",
                     "the log is held for another backup; when there is none, bus.release ends it");
  broker->held_until_ms = broker->now_ms + request.seconds * 1000;
  broker->hold_peer = message->peer->greeted ? message->peer : NULL;
  return reply_empty (broker, message);
}

static mns_rc_t handle_release (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                                mns_error_t *error) {
  (void)caller;
  bool held = broker->now_ms < broker->held_until_ms;
  broker->held_until_ms = 0;
  broker->hold_peer = NULL;
  broker_publish_group (broker);
  if (!held)
    return mns_fail (error, MNS_CONFLICT, "",
                     "the log was not held any more: copies made since bus.hold may not agree, make them again");
  return reply_empty (broker, message);
}

/* ---- dispatch ---------------------------------------------------------------------------------------------------- */

/* Who may give which: rights.c. */
static const command_t commands[] = {
    {"bus.status", handle_status},
    {"bus.directory", handle_directory},
    {"bus.read", broker_command_read},
    {"bus.log", broker_command_log},
    {"bus.backup", handle_backup},
    {"bus.hold", handle_hold},
    {"bus.consumers", broker_command_consumers},
    {"bus.consumer-reset", broker_command_consumer_reset},
    {"bus.consumer-remove", broker_command_consumer_remove},
    {"bus.consumer-require", broker_command_consumer_require},
    {"bus.trim", broker_command_trim},
    {"bus.trace", broker_command_trace},
    {"bus.verify", broker_command_verify},
    {"bus.release", handle_release},
};

bool broker_own_command (broker_t *broker, broker_message_t *message, const mns_caller_t *caller) {
  mns_error_t error;
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    const command_t *command = &commands[i];
    if (strcmp (command->name, message->head.command) != 0)
      continue;
    mns_rc_t rc = MNS_OK;
    if (!broker_rights_command (&broker_account (broker, caller)->rights, command->name))
      rc = mns_fail (&error, MNS_FORBIDDEN, caller->account,
                     "%s takes an account with role operator or administrator, or a right of its own", command->name);
    if (rc == MNS_OK)
      rc = command->handle (broker, message, caller, &error);
    if (rc == MNS_OK && broker_rights_changes (command->name))
      broker_audit_command (broker, message, caller);
    if (rc != MNS_OK)
      broker_answer_error (broker, message, MNS_ERR, &error, 0);
    return true;
  }
  return false;
}
