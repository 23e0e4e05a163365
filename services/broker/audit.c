/* The stream audit. */
#include "common/cursor.h"
#include "common/records/codes.h"
#include "common/text.h"
#include "services/broker/core.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void broker_audit_fini (broker_t *broker) {
  free (broker->audit.waiting);
  memset (&broker->audit, 0, sizeof broker->audit);
}

/* ---- what is to be told ------------------------------------------------------------------------------------------ */

static bool same_kind (const mns_audit_refusal_t *a, const mns_audit_refusal_t *b) {
  return strcmp (a->account, b->account) == 0 && strcmp (a->verb, b->verb) == 0 && strcmp (a->reason, b->reason) == 0;
}

void broker_audit_refusal (broker_t *broker, const mns_audit_refusal_t *refusal) {
  broker_audit_t *audit = &broker->audit;
  size_t at = 0;
  while (at < audit->kind_count && !same_kind (&audit->kinds[at], refusal))
    at++;
  if (at == AUDIT_KINDS) {
    audit->lost_refusals += refusal->count;
  } else if (at == audit->kind_count) {
    audit->kinds[audit->kind_count++] = *refusal;
  } else {
    audit->kinds[at].count += refusal->count;
  }
}

/* A free place; NULL when the log has taken nothing for so long that there is none. */
static broker_audit_record_t *wait_in (broker_audit_t *audit, broker_audit_kind_t kind) {
  if (audit->waiting == NULL)
    audit->waiting = mns_alloc (AUDIT_WAITING * sizeof *audit->waiting);
  if (audit->waiting_count >= AUDIT_WAITING - (kind == AUDIT_REFUSAL ? AUDIT_WAITING / 2 : 0))
    return NULL;
  broker_audit_record_t *record = &audit->waiting[audit->waiting_count++];
  memset (record, 0, sizeof *record);
  record->kind = kind;
  return record;
}

void broker_audit_action (broker_t *broker, const char *account, const char *command, const char *format, ...) {
  va_list arguments;
  broker_audit_record_t *record = wait_in (&broker->audit, AUDIT_ACTION);
  if (record == NULL) {
    broker->audit.lost++;
    return;
  }
  mns_audit_action_t *done = &record->done;
  mns_record_clear (&mns_audit_action_type, done);
  mns_text_copy (done->account, sizeof done->account, account);
  mns_text_copy (done->command, sizeof done->command, command);
  va_start (arguments, format);
  vsnprintf (done->what, sizeof done->what, format, arguments);
  va_end (arguments);
  mns_text_repair (done->what);
}

void broker_audit_directory (broker_t *broker, const mns_directory_change_t *change) {
  broker_audit_record_t *record = wait_in (&broker->audit, AUDIT_DIRECTORY);
  if (record != NULL)
    record->change = *change;
  else
    broker->audit.lost++;
}

static void tell_refusals (broker_audit_t *audit) {
  for (size_t i = 0; i < audit->kind_count; i++) {
    broker_audit_record_t *record = wait_in (audit, AUDIT_REFUSAL);
    if (record != NULL)
      record->refusal = audit->kinds[i];
    else
      audit->lost_refusals += audit->kinds[i].count;
  }
  audit->kind_count = 0;
}

/* What had no room is at least counted. */
static void tell_lost (broker_t *broker) {
  broker_audit_t *audit = &broker->audit;
  unsigned long long actions = audit->lost, refusals = audit->lost_refusals;
  if (audit->waiting_count > AUDIT_WAITING / 2 || actions + refusals == 0)
    return;
  audit->lost = audit->lost_refusals = 0;
  broker_audit_action (broker, AUDIT_PRODUCER, "audit.left-out", "%llu refusals and %llu actions had no room", refusals,
                       actions);
}

/* ---- into the log ------------------------------------------------------------------------------------------------ */

typedef struct {
  const mns_record_type_t *type;
  const char *stream, *subject, *account, *happening;
  const void *record;
} telling_t;

static telling_t telling_of (const broker_audit_record_t *record) {
  switch (record->kind) {
  case AUDIT_ACTION:
    return (telling_t){&mns_audit_action_type, "audit", "action", record->done.account, "done", &record->done};
  case AUDIT_DIRECTORY:
    return (telling_t){&mns_directory_change_type,
                       "system",
                       "directory",
                       record->change.account,
                       record->change.answered == MNS_YES ? "back" : "gone",
                       &record->change};
  case AUDIT_REFUSAL:
    break;
  }
  const mns_audit_refusal_t *refusal = &record->refusal;
  return (telling_t){&mns_audit_refusal_type, "audit", "refusal", refusal->account, refusal->verb, refusal};
}

static void pack (const broker_t *broker, const broker_audit_record_t *record, const broker_place_of_t *place,
                  mns_buffer_t *out) {
  char topic[MNS_TOPIC_MAX + 1];
  mns_buffer_t body = {0};
  telling_t telling = telling_of (record);
  mns_topic_format (topic, telling.stream, telling.subject, broker->config->county, telling.happening);
  mns_event_t event = {.topic = topic,
                       .topic_size = strlen (topic),
                       .producer = AUDIT_PRODUCER,
                       .producer_epoch = place->epoch,
                       .number = place->number + 1,
                       .version = telling.type->version};
  mns_text_copy (event.type, sizeof event.type, telling.type->name);
  mns_text_copy (event.account, sizeof event.account, telling.account);
  mns_record_pack (telling.type, telling.record, &body);
  mns_event_pack (&event, body.data, body.size, out);
  mns_buffer_fini (&body);
}

/* Those that the log has are done with; those that it had to give back are written again. */
static void settle (broker_audit_t *audit, const broker_producer_t *producer) {
  size_t done = 0;
  const broker_place_of_t *committed = &producer->committed, *accepted = &producer->accepted;
  while (committed->epoch == audit->epoch && done < audit->waiting_count && audit->waiting[done].number != 0 &&
         audit->waiting[done].number <= committed->number)
    done++;
  audit->waiting_count -= done;
  memmove (audit->waiting, audit->waiting + done, audit->waiting_count * sizeof *audit->waiting);
  for (size_t i = 0; i < audit->waiting_count; i++)
    if (accepted->epoch != audit->epoch || audit->waiting[i].number > accepted->number)
      audit->waiting[i].number = 0;
}

/* One epoch of the producer for each epoch of the log: one that was put back gives no number twice. */
static broker_place_of_t next_place (const broker_t *broker, const broker_producer_t *producer) {
  broker_place_of_t place = producer->accepted;
  uint64_t epoch = broker_tail_place (broker->tail)->epoch;
  if (place.epoch >= epoch)
    return place;
  place.epoch = epoch;
  place.number = place.chain = place.log_number = 0;
  return place;
}

static void hand_over (broker_t *broker, broker_producer_t *producer) {
  broker_audit_t *audit = &broker->audit;
  broker_place_of_t place = next_place (broker, producer);
  mns_buffer_t records = {0};
  if (audit->waiting_count > 0 && audit->waiting[0].number != 0 && place.epoch != audit->epoch)
    return; /* those of the epoch before are still on their way */
  uint64_t count = 0;
  for (size_t i = 0; i < audit->waiting_count; i++) {
    broker_audit_record_t *record = &audit->waiting[i];
    size_t at = records.size;
    if (record->number != 0)
      continue;
    pack (broker, record, &place, &records);
    place.chain = mns_chain (place.chain, records.data + at, records.size - at);
    record->number = ++place.number;
    count++;
  }
  if (count > 0) {
    audit->epoch = place.epoch;
    broker_publish_own (broker, producer, &place, &records, count);
  }
  mns_buffer_fini (&records);
}

void broker_audit_flush (broker_t *broker) {
  broker_audit_t *audit = &broker->audit;
  tell_refusals (audit);
  tell_lost (broker);
  if (audit->waiting_count == 0)
    return;
  broker_producer_t *producer = broker_producer_find (broker, AUDIT_PRODUCER);
  if (producer == NULL)
    return; /* the broker has no room for a producer; what waits is bounded */
  settle (audit, producer);
  hand_over (broker, producer);
}

void broker_audit_tick (broker_t *broker) {
  if (broker->now_ms - broker->audit.told_ms < AUDIT_EVERY_MS)
    return;
  broker->audit.told_ms = broker->now_ms;
  broker_audit_flush (broker);
}

/* ---- messages that were refused ---------------------------------------------------------------------------------- */

static const char *const verbs[MNS_KIND_COUNT] = {
    [MNS_HELLO] = "connect",   [MNS_PUB] = "publish", [MNS_SUB] = "subscribe",
    [MNS_REQUEST] = "request", [MNS_READY] = "serve", [MNS_SNAP] = "snapshot",
};

static bool is_told (const mns_error_t *error, const char *account) {
  switch (error->rc) {
  case MNS_UNAUTHENTICATED:
  case MNS_FORBIDDEN:
  case MNS_MALFORMED:
  case MNS_TOO_LARGE:
  case MNS_NEWER_PROTOCOL:
    return true;
  case MNS_BUSY: /* a limit of the account names it */
    return *account && strcmp (error->where, account) == 0;
  default:
    return false;
  }
}

/* What was wanted: the first prefix, the command, the producer, or where the error is. */
static const char *wanted (const broker_message_t *message, const mns_error_t *error) {
  const mns_head_t *head = &message->head;
  if (message->kind == MNS_SUB && head->prefix_count > 0)
    return head->prefixes[0];
  if (message->kind == MNS_REQUEST || message->kind == MNS_SNAP)
    return head->command;
  if (message->kind == MNS_HELLO && head->producer[0])
    return head->producer;
  return message->kind == MNS_HELLO ? head->account : error->where;
}

void broker_audit_message (broker_t *broker, const broker_message_t *message, const mns_error_t *error) {
  static const char *const doors[BROKER_DOORS] = {"inproc", "ipc", "tcp"};
  const broker_peer_t *peer = message->peer;
  const char *account = peer->greeted ? peer->caller.account : peer->door == BROKER_TCP ? peer->identity : "";
  mns_audit_refusal_t refusal;
  if (!is_told (error, *account ? account : error->where))
    return;
  mns_record_clear (&mns_audit_refusal_type, &refusal);
  const char *verb = message->kind < MNS_KIND_COUNT ? verbs[message->kind] : NULL;
  if (message->kind == MNS_REQUEST && strncmp (message->head.command, "bus.", 4) == 0)
    verb = "admin";
  mns_text_copy (refusal.account, sizeof refusal.account, account);
  mns_text_copy (refusal.door, sizeof refusal.door, doors[peer->door]);
  if (peer->door == BROKER_IPC)
    snprintf (refusal.address, sizeof refusal.address, "uid %s", peer->identity);
  mns_text_copy (refusal.verb, sizeof refusal.verb, verb != NULL ? verb : "message");
  mns_text_copy (refusal.what, sizeof refusal.what, wanted (message, error));
  mns_text_repair (refusal.what);
  mns_text_copy (refusal.reason, sizeof refusal.reason, mns_error_word (error->rc));
  refusal.count = 1;
  broker_audit_refusal (broker, &refusal);
}

/* ---- accounts that were changed ---------------------------------------------------------------------------------- */

/* Which fields differ, with their values where they are one word. */
static void describe (const mns_account_t *before, const mns_account_t *after, char text[256]) {
  size_t used = 0;
  text[0] = 0;
  for (uint16_t i = 0; i < mns_account_type.field_count && used < 256; i++) {
    char old[128], new[128];
    const mns_field_t *field = &mns_account_type.fields[i];
    mns_record_type_t one = {.fields = field, .field_count = 1, .size = mns_account_type.size};
    if (mns_record_equal (&one, before, after))
      continue;
    mns_field_format (field, before, old, sizeof old);
    mns_field_format (field, after, new, sizeof new);
    used += (size_t)snprintf (text + used, 256 - used, "%s%s", used > 0 ? ", " : "", field->name);
    if (used < 256 && field->kind != MNS_KIND_LIST)
      used += (size_t)snprintf (text + used, 256 - used, " '%s' to '%s'", old, new);
  }
}

static const mns_account_t *find_row (const mns_account_t *rows, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp (rows[i].name, name) == 0)
      return &rows[i];
  return NULL;
}

void broker_audit_accounts (broker_t *broker, const mns_account_t *before, size_t count) {
  char text[256];
  const mns_accounts_t *now = &broker->accounts;
  for (size_t i = 0; i < now->count; i++) {
    const mns_account_t *row = &now->rows[i], *old = find_row (before, count, row->name);
    if (old == NULL)
      broker_audit_action (broker, "", "account.added", "%s, role %s", row->name, mns_code_word (&mns_role, row->role));
    else if (!mns_record_equal (&mns_account_type, old, row)) {
      describe (old, row, text);
      broker_audit_action (broker, "", "account.changed", "%s: %s", row->name, text);
    }
  }
  for (size_t i = 0; i < count; i++)
    if (find_row (now->rows, now->count, before[i].name) == NULL)
      broker_audit_action (broker, "", "account.removed", "%s", before[i].name);
}

/* ---- commands that changed something ----------------------------------------------------------------------------- */

/* The names and values of a request's one record, as far as they fit. */
static void describe_body (zmq_msg_t *body, char text[256]) {
  mns_cursor_t cursor = mns_cursor_init (zmq_msg_data (body), zmq_msg_size (body));
  uint32_t pairs = 0;
  size_t used = 0, size, value_size;
  const char *name, *value;
  int64_t number;
  text[0] = 0;
  if (!mns_cursor_map (&cursor, &pairs))
    return;
  for (uint32_t i = 0; i < pairs && used < 256 && mns_cursor_text (&cursor, &name, &size); i++) {
    used += (size_t)snprintf (text + used, 256 - used, "%s%.*s", i > 0 ? ", " : "", (int)size, name);
    if (mns_cursor_text (&cursor, &value, &value_size) && used < 256)
      used += (size_t)snprintf (text + used, 256 - used, " '%.*s'", (int)value_size, value);
    else if (mns_cursor_int (&cursor, INT64_MIN, INT64_MAX, &number) && used < 256)
      used += (size_t)snprintf (text + used, 256 - used, " %lld", (long long)number);
    else if (!mns_cursor_skip (&cursor))
      return;
  }
}

void broker_audit_command (broker_t *broker, const broker_message_t *message, const mns_caller_t *caller) {
  char text[256];
  describe_body ((zmq_msg_t *)&message->body, text);
  broker_audit_action (broker, caller->account, message->head.command, "%s", text);
}
