/* What a soak has left. */
#include "tests/fault/soak/verdict.h"
#include "common/bus.h"
#include "common/records/bus_records.h"
#include "common/records/service_records.h"
#include "services/broker/log.h"
#include "tests/support/toy.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 2000 };

static bool fail (char *why, size_t size, const char *who, const char *what) {
  snprintf (why, size, "%s: %s", who, what);
  return false;
}

/* ---- journals ---------------------------------------------------------------------------------------------------- */

/* Whole lines behind *at. */
static void read_on (history_t *history, const char *path, long *at) {
  static char text[1 << 16];
  FILE *file = fopen (path, "r");
  size_t size;
  if (!file)
    return;
  while (fseek (file, *at, SEEK_SET) == 0 && (size = fread (text, 1, sizeof text - 1, file)) > 0) {
    text[size] = 0;
    char *end = strrchr (text, '\n');
    if (!end)
      break;
    end[1] = 0;
    if (!history_text (history, text))
      fprintf (stderr, "soak: %s has a line that is none\n", path);
    *at += end + 1 - text;
  }
  fclose (file);
}

void soak_journals_read (soak_journals_t *journals, const char *folder) {
  static const char *const names[] = {"journal-asker-1.txt", "journal-asker-2.txt", "journal-reader.txt"};
  char path[MNS_PATH_MAX + 64];
  for (int i = 0; i < 3; i++) {
    snprintf (path, sizeof path, "%s/%s", folder, names[i]);
    read_on (journals->history, path, &journals->at[i]);
  }
}

/* ---- drained ----------------------------------------------------------------------------------------------------- */

static bool is_idle (mns_bus_t *bus, const char *name, uint64_t last, char *why, size_t size) {
  char command[64], text[200];
  mns_service_status_t status;
  mns_error_t error = {0};
  snprintf (command, sizeof command, "%s.status", name);
  if (mns_bus_call (bus, command, NULL, NULL, NULL, &mns_service_status_type, &status, &error) != MNS_OK)
    return fail (why, size, name, error.detail);
  if (status.outbox_records == 0 && (!strcmp (name, "toy") || status.log_number >= (int64_t)last))
    return true;
  snprintf (text, sizeof text, "%s %" PRId64 " records wait, at %" PRId64 " of %" PRIu64,
            mns_code_word (&mns_service_state, status.state), status.outbox_records, status.log_number, last);
  return fail (why, size, name, text);
}

/* The log number at the end of the reader's journal. */
static uint64_t reader_at (const char *folder) {
  char path[MNS_PATH_MAX + 64], line[256];
  uint64_t number = 0;
  snprintf (path, sizeof path, "%s/journal-reader.txt", folder);
  FILE *file = fopen (path, "r");
  if (!file)
    return 0;
  fseek (file, -200, SEEK_END);
  while (fgets (line, sizeof line, file)) {
    const char *space = strrchr (line, ' ');
    number = space ? strtoull (space, NULL, 10) : number;
  }
  fclose (file);
  return number;
}

bool soak_is_drained (const mns_config_t *config, const char *folder, char *why, size_t size) {
  static const char *const names[] = {"toy", "tally", "echo"};
  static mns_bus_status_t status;
  mns_bus_t *bus = NULL;
  mns_error_t error = {0};
  bool idle = mns_bus_new (&bus, config, "local", CONNECT_MS, &error) == MNS_OK &&
              mns_bus_call (bus, "bus.status", NULL, NULL, NULL, &mns_bus_status_type, &status, &error) == MNS_OK;
  if (!idle)
    fail (why, size, "broker", error.detail);
  uint64_t last = (uint64_t)status.log_number;
  for (int i = 0; idle && i < 3; i++)
    idle = is_idle (bus, names[i], last, why, size);
  if (idle && reader_at (folder) < last)
    idle = fail (why, size, "reader", "is behind");
  mns_bus_destroy (&bus);
  return idle;
}

bool soak_log_is_sound (const mns_config_t *config, char *why, size_t size) {
  mns_bus_verify_t ask = {.start = MNS_YES};
  mns_bus_verified_t verified = {0};
  mns_bus_t *bus = NULL;
  mns_error_t error = {0};
  mns_rc_t rc = mns_bus_new (&bus, config, "local", CONNECT_MS, &error);
  do {
    if (rc == MNS_OK)
      rc =
          mns_bus_call (bus, "bus.verify", NULL, &mns_bus_verify_type, &ask, &mns_bus_verified_type, &verified, &error);
    ask.start = MNS_NO;
  } while (rc == MNS_OK && verified.running == MNS_YES);
  mns_bus_destroy (&bus);
  if (rc != MNS_OK)
    return fail (why, size, "verification of the log", error.detail);
  return verified.damaged_rows == 0 || fail (why, size, "log", "rows are damaged");
}

/* ---- stores ------------------------------------------------------------------------------------------------------ */

typedef struct {
  history_t *history;
  uint64_t number, numbers[2], chains[2]; /* of the log; of toy and echo */
  uint64_t log_chain;
  const char *wrong;
} audit_t;

static void take_record (audit_t *audit, const mns_event_t *event) {
  bool echo = !strcmp (event->producer, "echo");
  mns_toy_entry_t entry;
  uint64_t client = 0, n = 0;
  if (event->log_number != ++audit->number)
    audit->wrong = "its numbers are not dense";
  if (!echo && strcmp (event->producer, "toy") != 0)
    return; /* what the broker itself says */
  if (event->number != ++audit->numbers[echo])
    audit->wrong = "the numbers of a producer are not dense";
  audit->chains[echo] = mns_chain (audit->chains[echo], event->bytes, event->size);
  if (mns_record_unpack (&mns_toy_entry_type, &entry, event->body, event->body_size, NULL, NULL) == MNS_OK)
    sscanf (entry.name, "%" SCNu64 "/%" SCNu64, &client, &n);
  history_read (audit->history, echo ? "log-echo" : "log-toy", event->producer, event->number, client, n, 0);
}

static bool take_row (void *self, const broker_row_t *row) {
  audit_t *audit = self;
  mns_event_t event;
  const uint8_t *at = row->records;
  size_t left = row->size, used;
  for (; left > 0; at += used, left -= used) {
    if (mns_event_unpack (&event, at, left, &used, NULL) != MNS_OK) {
      audit->wrong = "a record cannot be read";
      return false;
    }
    audit->log_chain = mns_log_chain (audit->log_chain, at, used);
    take_record (audit, &event);
  }
  if (audit->log_chain != row->chain)
    audit->wrong = "its chain does not lead on";
  return audit->wrong == NULL;
}

static void check_producer (void *self, const broker_place_of_t *place) {
  audit_t *audit = self;
  bool echo = !strcmp (place->name, "echo");
  if ((echo || !strcmp (place->name, "toy")) &&
      (place->number != audit->numbers[echo] || place->chain != audit->chains[echo]))
    audit->wrong = "a producer's place does not fit its records";
}

static bool read_log (audit_t *audit, const char *folder, char *why, size_t size) {
  char path[MNS_PATH_MAX + 32];
  broker_log_t *log = NULL;
  mns_error_t error = {0};
  snprintf (path, sizeof path, "%s/broker/log.db", folder);
  if (broker_log_open (&log, path, NULL, true, &error) != MNS_OK)
    return fail (why, size, "log", error.detail);
  uint64_t last = broker_log_place (log)->last;
  mns_rc_t rc = MNS_OK;
  for (uint64_t before = 1; rc == MNS_OK && !audit->wrong && audit->number < last && audit->number != before;) {
    before = audit->number;
    rc = broker_log_read (log, audit->number, last, UINT64_MAX, take_row, audit);
  }
  if (rc == MNS_OK && !audit->wrong && audit->number != last)
    audit->wrong = "it ends early";
  if (rc == MNS_OK && !audit->wrong)
    rc = broker_log_producers (log, check_producer, audit);
  broker_log_destroy (&log);
  if (rc != MNS_OK || audit->wrong)
    return fail (why, size, "log", rc != MNS_OK ? mns_error_en (rc) : audit->wrong);
  return true;
}

static void read_entries (history_t *history, mns_db_t *db, const char *name) {
  uint64_t id, number, client, n;
  char text[96];
  bool row;
  sqlite3_stmt *entries = mns_db_prepare (db, "SELECT id, number, name FROM entry ORDER BY id");
  history_reader (history, name);
  while (mns_db_step (db, entries, &row) == MNS_OK && row) {
    mns_db_read (entries, "uut", &id, &number, text, sizeof text);
    client = n = 0;
    sscanf (text, "%" SCNu64 "/%" SCNu64, &client, &n);
    history_read (history, name, "toy", number ? number : id, client, n, 0);
  }
}

/* The last number given out and its chain are those the log has. */
static bool check_outbox (mns_db_t *db, const audit_t *audit, bool echo) {
  uint64_t number = 0;
  int64_t chain = 0;
  bool row;
  sqlite3_stmt *place = mns_db_prepare (db, "SELECT number, chain FROM producer");
  if (mns_db_step (db, place, &row) == MNS_OK && row)
    mns_db_read (place, "ui", &number, &chain);
  return number == audit->numbers[echo] && (uint64_t)chain == audit->chains[echo];
}

static bool read_store (audit_t *audit, const char *folder, const char *name, char *why, size_t size) {
  char path[MNS_PATH_MAX + 64];
  mns_db_t *db = NULL;
  mns_error_t error = {0};
  bool publishes = strcmp (name, "tally") != 0;
  snprintf (path, sizeof path, "%s/%s/%s.db", folder, name, name);
  const mns_db_options_t options = {.path = path, .who = name};
  if (mns_db_open (&db, &options, &error) != MNS_OK)
    return fail (why, size, name, error.detail);
  bool good = mns_db_check (db, &error) == MNS_OK || fail (why, size, name, error.detail);
  if (good && strcmp (name, "broker") != 0) {
    read_entries (audit->history, db, name);
    good = !publishes || check_outbox (db, audit, !strcmp (name, "echo")) ||
           fail (why, size, name, "its outbox and the log disagree");
  }
  mns_db_destroy (&db);
  return good;
}

bool soak_stores_read (history_t *history, const char *folder, char *why, size_t size) {
  audit_t audit = {.history = history};
  history_reader (history, "log-toy");
  history_reader (history, "log-echo");
  return read_log (&audit, folder, why, size) && read_store (&audit, folder, "toy", why, size) &&
         read_store (&audit, folder, "tally", why, size) && read_store (&audit, folder, "echo", why, size);
}
