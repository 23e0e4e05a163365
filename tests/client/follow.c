/* A program of another system that keeps what it was told, and its offset, in one database of its own: each event
 * becomes a row in the transaction that stores the offset. follow DATABASE PREFIX FROM    over MNS_TEST_BUS, with
 * MNS_TEST_KEY, MNS_TEST_KEY_FILE, MNS_TEST_CONSUMER if set; with MNS_TEST_POLL it waits as an event loop does Prints
 * the word of each result that is no event; ends when the subscription does. */
#include <mns/client.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TURN = 50 };

static void must (sqlite3 *db, const char *sql) {
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return;
  fprintf (stderr, "%s: %s\n", sql, sqlite3_errmsg (db));
  exit (3);
}

static void run (sqlite3 *db, const char *sql, int64_t number, const char *text, const char *entity) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    exit (3);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_text (statement, 2, text, -1, SQLITE_STATIC);
  if (entity)
    sqlite3_bind_text (statement, 3, entity, -1, SQLITE_STATIC);
  if (sqlite3_step (statement) != SQLITE_DONE) {
    fprintf (stderr, "%s: %s\n", sql, sqlite3_errmsg (db));
    exit (3);
  }
  sqlite3_finalize (statement);
}

static sqlite3 *open_database (const char *path, char offset[MNS_OFFSET_SIZE], const char *from) {
  sqlite3 *db;
  sqlite3_stmt *statement;
  snprintf (offset, MNS_OFFSET_SIZE, "%s", from);
  if (sqlite3_open (path, &db) != SQLITE_OK)
    exit (3);
  sqlite3_busy_timeout (db, 10000);
  must (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE IF NOT EXISTS event (seen INTEGER PRIMARY KEY, log_number INTEGER, id TEXT, entity TEXT);"
            "CREATE TABLE IF NOT EXISTS offset (one INTEGER PRIMARY KEY, text TEXT)");
  if (sqlite3_prepare_v2 (db, "SELECT text FROM offset", -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    snprintf (offset, MNS_OFFSET_SIZE, "%s", (const char *)sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return db;
}

static void store_offset (sqlite3 *db, mns_client_t *client) {
  run (db, "INSERT INTO offset VALUES (?1, ?2) ON CONFLICT DO UPDATE SET text = excluded.text", 1,
       mns_client_offset (client), NULL);
}

/* One transaction: what can be had at once, at most TURN events. */
static mns_rc_t turn (sqlite3 *db, mns_client_t *client, mns_error_t *error) {
  const mns_received_t *event;
  bool polls = getenv ("MNS_TEST_POLL") != NULL;
  struct pollfd ready = {mns_client_fd (client), POLLIN, 0};
  if (polls)
    poll (&ready, 1, -1);
  mns_rc_t rc = mns_client_next (client, polls ? 0 : 100, &event, error);
  if (rc != MNS_OK)
    return rc;
  must (db, "BEGIN IMMEDIATE");
  for (int i = 0; rc == MNS_OK; i++) {
    run (db, "INSERT INTO event (log_number, id, entity) VALUES (?1, ?2, ?3)", (int64_t)event->log_number, event->id,
         event->entity);
    if (i + 1 == TURN)
      break;
    rc = mns_client_next (client, 0, &event, error);
  }
  /* A gap that follows is told again after a rollback, not after this commit: its offset is behind it. */
  store_offset (db, client);
  must (db, "COMMIT");
  return rc;
}

static void say (mns_rc_t rc, const mns_error_t *error) {
  printf ("%s %s\n", mns_error_word (rc), error->detail);
  fflush (stdout);
}

int main (int argc, char **argv) {
  char offset[MNS_OFFSET_SIZE];
  mns_error_t error = {MNS_OK, "", ""}, confirmed;
  if (argc != 4 || !getenv ("MNS_TEST_BUS"))
    return 2;
  sqlite3 *db = open_database (argv[1], offset, argv[3]);
  mns_client_t *client = mns_client_new (getenv ("MNS_TEST_BUS"));
  mns_client_set_keys (client, getenv ("MNS_TEST_KEY"), getenv ("MNS_TEST_KEY_FILE"));
  mns_client_set_consumer (client, getenv ("MNS_TEST_CONSUMER"));
  mns_rc_t rc = MNS_UNAVAILABLE;
  while (rc == MNS_UNAVAILABLE)
    rc = mns_client_connect (client, 1000, &error);
  const char *const prefixes[] = {argv[2]};
  do
    rc = rc == MNS_OK || rc == MNS_TIMEOUT || rc == MNS_IN_USE
             ? mns_client_subscribe (client, prefixes, 1, offset, &error)
             : rc;
  while (rc == MNS_TIMEOUT || rc == MNS_IN_USE);
  say (rc, &error);
  while (rc == MNS_OK || rc == MNS_TIMEOUT || rc == MNS_GONE) {
    rc = turn (db, client, &error);
    if (rc != MNS_OK && rc != MNS_TIMEOUT)
      say (rc, &error);
    mns_client_confirm (client, &confirmed);
  }
  mns_client_destroy (&client);
  sqlite3_close (db);
  return 1;
}
