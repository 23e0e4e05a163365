/* mns snapshot: the state that the events of a stream have led to, at one moment, joined to the events behind it. It is
 * printed, or kept in a file where it takes the place of the one before in one transaction. */
#include "common/bus_snapshot.h"
#include "mns/mns.h"
#include "mns/show_event.h"
#include <inttypes.h>
#include <stdio.h>

static const char *store = ":memory:";
static const mns_option_t snapshot_options[] = {
    {"store", 's', MNS_OPTION_TEXT, "FILE",
     "keep it in the tables `state` and `snapshot` of this SQLite file instead of printing it", &store},
    {0, 0, 0, 0, 0, 0}};

static const char tables[] =
    "CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, record BLOB NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS snapshot (id INTEGER PRIMARY KEY CHECK (id = 1), stream TEXT NOT NULL,"
    " producer TEXT NOT NULL, producer_epoch INTEGER NOT NULL, number INTEGER NOT NULL, log_epoch INTEGER NOT NULL,"
    " log_number INTEGER NOT NULL, rows INTEGER NOT NULL) STRICT";

typedef struct {
  mns_db_t *db;
  mns_stage_t stage;
  sqlite3_stmt *forget, *put, *end;
  const char *stream;
  mns_snapshot_end_t snapshot;
  int64_t rows;
} keeper_t;

static mns_rc_t told (keeper_t *keeper, mns_rc_t rc, mns_error_t *error) {
  return rc == MNS_OK ? rc : mns_fail (error, rc, store, "%s", mns_db_message (keeper->db));
}

static mns_rc_t open_keeper (keeper_t *keeper, mns_error_t *error) {
  mns_db_options_t options = {.path = store, .who = "snapshot"};
  mns_rc_t rc = mns_db_open (&keeper->db, &options, error);
  if (rc == MNS_OK)
    rc = mns_stage_init (&keeper->stage, keeper->db, error);
  if (rc == MNS_OK)
    rc = mns_db_exec (keeper->db, tables, error);
  if (rc != MNS_OK)
    return rc;
  keeper->forget = mns_db_prepare (keeper->db, "DELETE FROM state");
  keeper->put = mns_db_prepare (keeper->db, "INSERT INTO state (topic, record) VALUES (?1, ?2)");
  keeper->end = mns_db_prepare (keeper->db, "INSERT OR REPLACE INTO snapshot VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  return MNS_OK;
}

/* ---- the swap ---------------------------------------------------------------------------------------------------- */

static mns_rc_t forget (void *self, mns_error_t *error) {
  keeper_t *keeper = self;
  keeper->rows = 0;
  mns_db_bind (keeper->forget, "");
  return told (keeper, mns_db_run (keeper->db, keeper->forget), error);
}

static mns_rc_t keep_row (void *self, const mns_event_t *row, mns_error_t *error) {
  keeper_t *keeper = self;
  char topic[MNS_TOPIC_MAX + 1];
  snprintf (topic, sizeof topic, "%.*s", (int)row->topic_size, row->topic);
  keeper->rows++;
  mns_db_bind (keeper->put, "tb", topic, row->bytes, row->size);
  return told (keeper, mns_db_run (keeper->db, keeper->put), error);
}

static mns_rc_t print_row (void *self, const mns_event_t *row, mns_error_t *error) {
  keeper_t *keeper = self;
  (void)error;
  keeper->rows++;
  mns_show_event (row, true, mns_globals.reveal, stdout);
  return MNS_OK;
}

static mns_rc_t keep_end (void *self, mns_error_t *error) {
  keeper_t *keeper = self;
  const mns_snapshot_end_t *end = &keeper->snapshot;
  mns_db_bind (keeper->end, "ttiiiii", keeper->stream, end->producer, (int64_t)end->epoch, (int64_t)end->number,
               (int64_t)end->from.epoch, (int64_t)end->from.number, keeper->rows);
  return told (keeper, mns_db_run (keeper->db, keeper->end), error);
}

static mns_rc_t take (keeper_t *keeper, mns_bus_t *bus, const char *const *prefixes, size_t count, mns_error_t *error) {
  bool prints = store[0] == ':';
  mns_stage_owner_t owner = {keeper, forget, prints ? print_row : keep_row, keep_end};
  mns_rc_t rc = mns_bus_snapshot (bus, keeper->stream, prefixes, count, (int)mns_globals.timeout_s * 1000,
                                  &keeper->stage, &keeper->snapshot, error);
  if (rc == MNS_OK)
    rc = mns_stage_swap (&keeper->stage, &owner, error);
  if (rc == MNS_OK)
    fprintf (stderr,
             "%" PRId64 " rows, up to event %s-%" PRIu64 "-%" PRIu64 "; what follows: mns sub … --from %" PRIu64 "\n",
             keeper->rows, keeper->snapshot.producer, keeper->snapshot.epoch, keeper->snapshot.number,
             keeper->snapshot.from.number);
  return rc;
}

int mns_cmd_snapshot (int argc, char **argv) {
  const mns_option_t *options[] = {snapshot_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns snapshot STREAM [PREFIX …] [options]",
                   .summary =
                       "Takes a snapshot of a stream: one row for each thing its events tell of, in the form of\n"
                       "an event, as JSON lines. stderr says from which log number the events behind it come.",
                   .epilogue = "Streams with snapshots: statistics, places.\n"
                               "Examples: mns snapshot places    mns snapshot statistics statistics.figures.510322101",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = 1 + MNS_PREFIXES_MAX};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_error_t error = {0};
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  keeper_t keeper = {.stream = argv[1]};
  mns_rc_t rc = open_keeper (&keeper, &error);
  if (rc == MNS_OK)
    rc = take (&keeper, bus, (const char *const *)argv + 2, (size_t)argc - 2, &error);
  mns_db_destroy (&keeper.db);
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? 0 : mns_complain ("mns snapshot", &error);
}
