/* Small services for tests of the loop. */
#include "tests/support/toy.h"
#include "common/records/codes.h"
#include <stdlib.h>
#include <string.h>

/* clang-format off */
MNS_RECORD_DEFINE (toy_entry, 1, MNS_TOY_ENTRY_FIELDS, "An entry", "条目")
MNS_RECORD_DEFINE (toy_total, 1, MNS_TOY_TOTAL_FIELDS, "A total", "合计")
/* clang-format on */

static const char schema[] = "CREATE TABLE entry (id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount INTEGER NOT NULL,"
                             " number INTEGER NOT NULL) STRICT;";
static const mns_embedded_t files[] = {{"schema/001_entries.sql", schema, sizeof schema - 1}, {0}};

/* `entries` is what memory believes; it must follow the store through commits and roll-backs. */
typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *total;
  int64_t entries, turn_entries;
} toy_t;

static mns_rc_t read_total (toy_t *toy, mns_toy_total_t *total) {
  bool row;
  mns_record_clear (&mns_toy_total_type, total);
  mns_db_bind (toy->total, "");
  mns_rc_t rc = mns_db_step (toy->db, toy->total, &row);
  if (rc != MNS_OK || !row)
    return rc;
  mns_db_read (toy->total, "ii", &total->entries, &total->amount);
  sqlite3_reset (toy->total);
  return MNS_OK;
}

static mns_rc_t toy_open (void **self, mns_db_t *db, const mns_config_t *config, mns_error_t *error) {
  (void)config;
  mns_toy_total_t total;
  toy_t *toy = mns_alloc (sizeof *toy);
  memset (toy, 0, sizeof *toy);
  toy->db = db;
  toy->insert = mns_db_prepare (db, "INSERT INTO entry (id, name, amount, number) VALUES (?1, ?2, ?3, ?4)");
  toy->total = mns_db_prepare (db, "SELECT count(*), coalesce (sum (amount), 0) FROM entry");
  *self = toy;
  mns_rc_t rc = read_total (toy, &total);
  toy->entries = toy->turn_entries = total.entries;
  return rc == MNS_OK ? rc : mns_fail (error, rc, "entry", "%s", mns_db_message (db));
}

static void toy_close (void **self) {
  free (*self);
  *self = NULL;
}

static void toy_committed (void *self) {
  toy_t *toy = self;
  toy->entries = toy->turn_entries;
}

static void toy_rolled_back (void *self) {
  toy_t *toy = self;
  toy->turn_entries = toy->entries;
}

static mns_rc_t write_entry (toy_t *toy, mns_turn_t *turn, mns_toy_entry_t *entry, uint64_t number) {
  mns_rc_t rc = mns_db_take (toy->db, "entry", 1, &entry->id);
  if (rc == MNS_OK) {
    mns_db_bind (toy->insert, "utii", entry->id, entry->name, entry->amount, (int64_t)number);
    rc = mns_db_run (toy->db, toy->insert);
  }
  if (rc != MNS_OK)
    return mns_fail (mns_turn_error (turn), rc, "entry", "%s", mns_db_message (toy->db));
  toy->turn_entries++;
  return MNS_OK;
}

static mns_rc_t add_entry (toy_t *toy, mns_turn_t *turn, const mns_toy_entry_t *asked) {
  mns_toy_entry_t entry = *asked;
  mns_date_t today = mns_turn_today (turn);
  mns_emit_t emit = {
      .subject = "entry", .place = TOY_PLACE, .happening = "added", .occurred = today, .registered = today};
  if (entry.amount == 0)
    return mns_fail (mns_turn_error (turn), MNS_NOT_ELIGIBLE, "amount", "an entry of nothing is not kept");
  mns_rc_t rc = write_entry (toy, turn, &entry, 0);
  if (rc == MNS_OK)
    rc = mns_turn_emit (turn, &emit, &mns_toy_entry_type, &entry, 1);
  if (rc == MNS_OK)
    mns_turn_reply (turn, &mns_toy_entry_type, &entry);
  return rc;
}

static mns_rc_t handle_add (void *self, mns_turn_t *turn, const mns_request_t *request) {
  return add_entry (self, turn, request->record);
}

static mns_rc_t handle_spoil (void *self, mns_turn_t *turn, const mns_request_t *request) {
  mns_rc_t rc = add_entry (self, turn, request->record);
  return rc == MNS_OK ? mns_fail (mns_turn_error (turn), MNS_CONFLICT, "name", "spoilt on purpose") : rc;
}

static mns_rc_t handle_lose (void *self, mns_turn_t *turn, const mns_request_t *request) {
  toy_t *toy = self;
  mns_rc_t rc = add_entry (toy, turn, request->record);
  mns_db_exec (toy->db,
               "INSERT OR ROLLBACK INTO entry (id, name, amount, number) SELECT id, name, 1, 1 FROM entry LIMIT 1",
               NULL);
  return rc;
}

static mns_rc_t handle_load (void *self, mns_turn_t *turn, const mns_request_t *request) {
  mns_toy_entry_t entry;
  const uint8_t *data = request->body;
  size_t size = request->body_size;
  mns_rc_t rc;
  while ((rc = mns_sequence_next (&mns_toy_entry_type, &entry, &data, &size, mns_turn_error (turn))) == MNS_OK) {
    rc = add_entry (self, turn, &entry);
    if (rc != MNS_OK)
      return rc;
  }
  return rc == MNS_GONE ? MNS_OK : rc;
}

static mns_rc_t handle_total (void *self, mns_turn_t *turn, const mns_request_t *request) {
  (void)request;
  mns_toy_total_t total;
  mns_rc_t rc = read_total (self, &total);
  if (rc == MNS_OK)
    mns_turn_reply (turn, &mns_toy_total_type, &total);
  return rc;
}

static mns_rc_t handle_added (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  mns_toy_entry_t entry = *(const mns_toy_entry_t *)record;
  mns_rc_t rc = write_entry (self, turn, &entry, event->number);
  if (rc == MNS_OK && !strcmp (entry.name, "poison"))
    return mns_fail (mns_turn_error (turn), MNS_CONFLICT, "name", "poison cannot be added up");
  return rc;
}

static mns_rc_t handle_echo (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  mns_toy_entry_t entry = *(const mns_toy_entry_t *)record;
  mns_emit_t emit = {.subject = "entry",
                     .place = TOY_PLACE,
                     .happening = "added",
                     .occurred = event->occurred,
                     .registered = event->registered,
                     .cause = event};
  mns_rc_t rc = handle_added (self, turn, event, record);
  return rc == MNS_OK ? mns_turn_emit (turn, &emit, &mns_toy_entry_type, &entry, 1) : rc;
}

static const mns_command_t toy_commands[] = {
    {"toy.add", 0, MNS_ROLES_ALL, &mns_toy_entry_type, &mns_toy_entry_type, handle_add, "Add an entry", "添加"},
    {"toy.spoil", 0, MNS_ROLES_ALL, &mns_toy_entry_type, NULL, handle_spoil, "Fail after writing", "写后失败"},
    {"toy.lose", 0, MNS_ROLES_ALL, &mns_toy_entry_type, &mns_toy_entry_type, handle_lose, "Lose a turn", "丢失事务"},
    {"toy.load", MNS_BULK, MNS_ROLES_ALL, &mns_toy_entry_type, &mns_toy_entry_type, handle_load, "Many", "批量"},
    {"toy.locked", 0, MNS_ROLE_BIT (MNS_OPERATOR), &mns_toy_entry_type, NULL, handle_add, "Operators only", "仅运维"},
    {"toy.total", MNS_QUERY, MNS_ROLES_ALL, NULL, &mns_toy_total_type, handle_total, "The total", "合计"},
    {0}};
static const mns_command_t tally_commands[] = {
    {"tally.total", MNS_QUERY, MNS_ROLES_ALL, NULL, &mns_toy_total_type, handle_total, "The total", "合计"}, {0}};
static const mns_command_t echo_commands[] = {
    {"echo.total", MNS_QUERY, MNS_ROLES_ALL, NULL, &mns_toy_total_type, handle_total, "The total", "合计"}, {0}};
static const mns_topic_t echo_topics[] = {{"toy.entry.", &mns_toy_entry_type, handle_echo}, {0}};
static const mns_topic_t tally_topics[] = {{"toy.entry.", &mns_toy_entry_type, handle_added}, {0}};

#define TOY_STATE                                                                                                      \
  .files = files, .open = toy_open, .close = toy_close, .committed = toy_committed, .rolled_back = toy_rolled_back

const mns_service_t toy_service = {.name = "toy", .commands = toy_commands, .stops_the_line = true, TOY_STATE};
const mns_service_t keeping_toy_service = {
    .name = "toy", .commands = toy_commands, .stops_the_line = true, .keeps_facts = true, TOY_STATE};
const mns_service_t tally_service = {
    .name = "tally", .commands = tally_commands, .topics = tally_topics, .stops_the_line = true, TOY_STATE};
const mns_service_t echo_service = {
    .name = "echo", .commands = echo_commands, .topics = echo_topics, .stops_the_line = true, TOY_STATE};
const mns_service_t lenient_tally_service = {
    .name = "tally", .commands = tally_commands, .topics = tally_topics, .stops_the_line = false, TOY_STATE};
