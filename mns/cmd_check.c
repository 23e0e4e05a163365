/* `mns check`: one line for a monitoring system, with the exit codes that Nagios and Icinga read.
 *
 * A check is a row of a table: a name, and a function that gives a state, a sentence and a number. The worst state is
 * the answer: 0 ok, 1 warning, 2 critical, 3 unknown. */
#include "common/clock.h"
#include "common/dir.h"
#include "common/keys.h"
#include "common/records/bus_records.h"
#include "common/records/exchange_records.h"
#include "common/records/place.h"
#include "common/records/service_records.h"
#include "common/text.h"
#include "mns/mns.h"
#include "mns/services.h"
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

typedef enum { OK, WARNING, CRITICAL, UNKNOWN } state_t;

static const struct {
  const char *word;
  int rank; /* the worst wins */
} states[] = {[OK] = {"OK", 0}, [WARNING] = {"WARNING", 1}, [CRITICAL] = {"CRITICAL", 3}, [UNKNOWN] = {"UNKNOWN", 2}};

enum { TEXT = 300, PERF = 600, CHECKS_MAX = 16, MIB = 1 << 20, ASK_MS = 2000 };

typedef struct {
  state_t state;
  char text[TEXT], perf[PERF];
} result_t;

typedef struct {
  mns_config_t config;
  mns_bus_t *bus; /* NULL: it does not answer */
  mns_error_t error;
  int64_t connect_ms;
  mns_bus_status_t status;
  bool has_status;
} context_t;

/* ---- thresholds -------------------------------------------------------------------------------------------------- */

static struct {
  int64_t warning, critical;
} bus_ms = {1000, 5000}, lag = {10000, 100000}, outbox = {1000, 50000}, disk_mib = {2048, 512}, wal_mib = {64, 1024},
  backup_h = {48, 168}, clock_s = {60, 3600};
static const char *service_name;

static const mns_option_t check_options[] = {
    {"service", 's', MNS_OPTION_TEXT, "NAME", "services, lag, outbox: of this service alone", &service_name},
    {"bus-warning", 0, MNS_OPTION_INT, "MS", "the broker answers later than this (1000)", &bus_ms.warning},
    {"bus-critical", 0, MNS_OPTION_INT, "MS", "(5000)", &bus_ms.critical},
    {"lag-warning", 0, MNS_OPTION_INT, "N", "a consumer is so many records behind (10000)", &lag.warning},
    {"lag-critical", 0, MNS_OPTION_INT, "N", "(100000)", &lag.critical},
    {"outbox-warning", 0, MNS_OPTION_INT, "N", "so many events wait in an outbox (1000)", &outbox.warning},
    {"outbox-critical", 0, MNS_OPTION_INT, "N", "(50000)", &outbox.critical},
    {"disk-warning", 0, MNS_OPTION_INT, "MIB", "less is free where the data directory is (2048)", &disk_mib.warning},
    {"disk-critical", 0, MNS_OPTION_INT, "MIB", "(512)", &disk_mib.critical},
    {"wal-warning", 0, MNS_OPTION_INT, "MIB", "a write-ahead file is larger (64)", &wal_mib.warning},
    {"wal-critical", 0, MNS_OPTION_INT, "MIB", "(1024)", &wal_mib.critical},
    {"backup-warning", 0, MNS_OPTION_INT, "HOURS", "the newest backup is older (48)", &backup_h.warning},
    {"backup-critical", 0, MNS_OPTION_INT, "HOURS", "(168)", &backup_h.critical},
    {"clock-warning", 0, MNS_OPTION_INT, "SECONDS", "the clock is so far behind the last record (60)",
     &clock_s.warning},
    {"clock-critical", 0, MNS_OPTION_INT, "SECONDS", "(3600)", &clock_s.critical},
    {0, 0, 0, 0, 0, 0}};

/* ---- results ----------------------------------------------------------------------------------------------------- */

static void tell (result_t *result, state_t state, const char *format, ...) __attribute__ ((format (printf, 3, 4)));

/* The worst state stays, with its sentence. */
static void tell (result_t *result, state_t state, const char *format, ...) {
  va_list arguments;
  if (result->text[0] && states[state].rank <= states[result->state].rank)
    return;
  result->state = state;
  va_start (arguments, format);
  vsnprintf (result->text, sizeof result->text, format, arguments);
  va_end (arguments);
}

static void measure (result_t *result, const char *name, int64_t value, const char *unit, const char *below,
                     int64_t warning, int64_t critical) {
  size_t used = strlen (result->perf);
  snprintf (result->perf + used, sizeof result->perf - used, "%s'%s'=%" PRId64 "%s;%" PRId64 "%s;%" PRId64 "%s;0",
            used > 0 ? " " : "", name, value, unit, warning, below, critical, below);
}

static state_t above (int64_t value, int64_t warning, int64_t critical) {
  return value >= critical ? CRITICAL : value >= warning ? WARNING : OK;
}

static bool wanted (const char *service) {
  return !service_name || strcmp (service_name, service) == 0;
}

/* ---- the broker and the services --------------------------------------------------------------------------------- */

static void check_bus (context_t *context, result_t *result) {
  if (!context->bus)
    tell (result, CRITICAL, "%s", context->error.detail);
  else
    tell (result, above (context->connect_ms, bus_ms.warning, bus_ms.critical),
          "the broker answers after %" PRId64 " ms", context->connect_ms);
  if (context->bus)
    measure (result, "bus", context->connect_ms, "ms", "", bus_ms.warning, bus_ms.critical);
}

static bool has_bus (const context_t *context, result_t *result) {
  if (!context->bus)
    tell (result, UNKNOWN, "the broker does not answer");
  return context->bus != NULL;
}

/* One record of an answer, without waiting long for a service that is not there: whoever watches asks again. */
static mns_rc_t ask (context_t *context, const char *command, const mns_record_type_t *type, void *record,
                     mns_error_t *error) {
  mns_buffer_t reply = {0};
  size_t used;
  int timeout_ms = mns_globals.timeout_s * 1000 < ASK_MS ? (int)mns_globals.timeout_s * 1000 : ASK_MS;
  mns_rc_t rc = mns_bus_request (context->bus, command, NULL, NULL, 0, timeout_ms, &reply, NULL, error);
  if (rc == MNS_OK)
    rc = mns_record_unpack (type, record, reply.data, reply.size, &used, error);
  mns_buffer_fini (&reply);
  return rc;
}

static bool has_status (context_t *context, result_t *result) {
  mns_error_t error = {0};
  if (!has_bus (context, result))
    return false;
  if (!context->has_status)
    context->has_status = ask (context, "bus.status", &mns_bus_status_type, &context->status, &error) == MNS_OK;
  if (!context->has_status)
    tell (result, UNKNOWN, "bus.status: %s", error.detail);
  return context->has_status;
}

static bool ask_service (context_t *context, const char *name, mns_service_status_t *status, state_t otherwise,
                         result_t *result) {
  char command[MNS_NAME_MAX + 1];
  mns_error_t error = {0};
  snprintf (command, sizeof command, "%s.status", name);
  if (ask (context, command, &mns_service_status_type, status, &error) == MNS_OK)
    return true;
  tell (result, error.rc == MNS_FORBIDDEN ? UNKNOWN : otherwise, "%s: %s", name, error.detail);
  return false;
}

static void check_services (context_t *context, result_t *result) {
  mns_service_status_t status;
  int64_t running = 0, asked = 0;
  if (!has_bus (context, result))
    return;
  for (const mns_service_t *const *service = mns_services; *service; service++) {
    const char *name = (*service)->name;
    asked += wanted (name);
    if (!wanted (name) || !ask_service (context, name, &status, CRITICAL, result))
      continue;
    if (status.state == MNS_STATE_RUNNING)
      running++;
    else
      tell (result, CRITICAL, "%s is %s %s: %.150s", name, mns_code_word (&mns_service_state, status.state),
            status.stopped_at, status.error_detail);
  }
  tell (result, OK, "%" PRId64 " of %" PRId64 " services run", running, asked);
  measure (result, "services", running, "", ":", asked, asked);
}

static void tell_alarms (const char *who, const mns_alarm_t *alarms, size_t count, int64_t *total, result_t *result) {
  for (size_t i = 0; i < count; i++)
    tell (result, CRITICAL, "%s: %s: %.200s", who, alarms[i].code, alarms[i].text);
  *total += (int64_t)count;
}

static void check_alarms (context_t *context, result_t *result) {
  mns_service_status_t status;
  int64_t total = 0;
  if (!has_status (context, result))
    return;
  tell_alarms ("broker", context->status.alarms, context->status.alarms_count, &total, result);
  for (const mns_service_t *const *service = mns_services; *service; service++)
    if (wanted ((*service)->name) && ask_service (context, (*service)->name, &status, UNKNOWN, result))
      tell_alarms ((*service)->name, status.alarms, status.alarms_count, &total, result);
  tell (result, OK, "no alarm");
  measure (result, "alarms", total, "", "", 1, 1);
}

static void check_lag (context_t *context, result_t *result) {
  int64_t worst = 0;
  if (!has_status (context, result))
    return;
  for (size_t i = 0; i < context->status.consumers_count; i++) {
    const mns_bus_consumer_t *consumer = &context->status.consumers[i];
    int64_t behind = (int64_t)consumer->behind;
    if (!consumer->consumer[0] || !wanted (consumer->consumer))
      continue;
    worst = behind > worst ? behind : worst;
    if (above (behind, lag.warning, lag.critical) != OK)
      tell (result, above (behind, lag.warning, lag.critical), "%s is %" PRId64 " records behind", consumer->consumer,
            behind);
  }
  tell (result, OK, "no consumer is more than %" PRId64 " records behind", worst);
  measure (result, "lag", worst, "", "", lag.warning, lag.critical);
}

static void check_outbox (context_t *context, result_t *result) {
  mns_service_status_t status;
  if (!has_bus (context, result))
    return;
  for (const mns_service_t *const *service = mns_services; *service; service++) {
    const char *name = (*service)->name;
    if (!wanted (name) || !ask_service (context, name, &status, UNKNOWN, result))
      continue;
    int64_t pending = status.outbox_records > 0 ? status.outbox_records : 0;
    state_t state = above (pending, outbox.warning, outbox.critical);
    if (state != OK)
      tell (result, state, "%" PRId64 " events wait in the outbox of %s", pending, name);
    measure (result, name, pending, "", "", outbox.warning, outbox.critical);
  }
  tell (result, OK, "the outboxes are sent");
}

static void tell_partner (const mns_partner_info_t *partner, result_t *result) {
  char county[MNS_PLACE_TEXT];
  mns_place_format (partner->county, county);
  county[6] = 0;
  if (partner->connected != MNS_YES)
    tell (result, WARNING, "county %s does not answer", county);
  if (partner->overdue > 0)
    tell (result, WARNING, "%" PRId64 " matters with county %s are past their day", partner->overdue, county);
  if (partner->trouble > 0)
    tell (result, WARNING, "%" PRId64 " matters with county %s need a clerk", partner->trouble, county);
  measure (result, county, partner->overdue + partner->trouble, "", "", 1, 1);
}

static void check_exchange (context_t *context, result_t *result) {
  mns_buffer_t reply = {0};
  mns_partner_info_t partner;
  size_t at = 0, used;
  if (!has_bus (context, result))
    return;
  mns_rc_t rc = mns_bus_request (context->bus, "registry.exchange-partners", NULL, NULL, 0, ASK_MS, &reply, NULL,
                                 &context->error);
  while (rc == MNS_OK && at < reply.size) {
    rc = mns_record_unpack (&mns_partner_info_type, &partner, reply.data + at, reply.size - at, &used, &context->error);
    at += used;
    if (rc == MNS_OK)
      tell_partner (&partner, result);
  }
  if (rc != MNS_OK)
    tell (result, UNKNOWN, "the registry does not say: %s", context->error.detail);
  tell (result, OK, reply.size > 0 ? "the partner counties answer, nothing is overdue" : "there is no partner county");
  mns_buffer_fini (&reply);
}

/* ---- this machine ------------------------------------------------------------------------------------------------ */

static void check_disk (context_t *context, result_t *result) {
  struct statvfs found;
  if (statvfs (context->config.data, &found) != 0) {
    tell (result, UNKNOWN, "%s: %s", context->config.data, strerror (errno));
    return;
  }
  int64_t mib = (int64_t)(found.f_bavail * found.f_frsize / MIB);
  state_t state = mib < disk_mib.critical ? CRITICAL : mib < disk_mib.warning ? WARNING : OK;
  tell (result, state, "%" PRId64 " MiB are free in %s", mib, context->config.data);
  measure (result, "disk", mib, "MB", ":", disk_mib.warning, disk_mib.critical);
}

static bool ends_with (const char *name, const char *end) {
  size_t size = strlen (name), tail = strlen (end);
  return size >= tail && strcmp (name + size - tail, end) == 0;
}

/* Calls `each` for the files of DATA/<folder> whose name ends so. They are looked at, never opened. */
static void each_file (const char *data, const char *folder, const char *end,
                       void (*each) (void *self, const char *path, const struct stat *found), void *self) {
  char path[MNS_PATH_MAX], file[MNS_PATH_MAX];
  struct stat found;
  struct dirent *entry;
  if (mns_dir_join (path, data, folder, NULL) != MNS_OK)
    return;
  DIR *entries = opendir (path);
  while (entries && (entry = readdir (entries)))
    if (ends_with (entry->d_name, end) && mns_dir_join (file, path, entry->d_name, NULL) == MNS_OK &&
        stat (file, &found) == 0 && S_ISREG (found.st_mode))
      each (self, file, &found);
  if (entries)
    closedir (entries);
}

typedef struct {
  int64_t bytes;
  char path[MNS_PATH_MAX];
} largest_t;

static void find_largest (void *self, const char *path, const struct stat *found) {
  largest_t *largest = self;
  if (found->st_size <= largest->bytes)
    return;
  largest->bytes = found->st_size;
  mns_text_copy (largest->path, sizeof largest->path, path);
}

static void check_wal (context_t *context, result_t *result) {
  largest_t largest = {.bytes = 0};
  each_file (context->config.data, "broker", "-wal", find_largest, &largest);
  for (const mns_service_t *const *service = mns_services; *service; service++)
    each_file (context->config.data, (*service)->name, "-wal", find_largest, &largest);
  int64_t mib = largest.bytes / MIB;
  tell (result, above (mib, wal_mib.warning, wal_mib.critical), "the largest write-ahead file has %" PRId64 " MiB%s%s",
        mib, mib >= wal_mib.warning ? ": " : "", mib >= wal_mib.warning ? largest.path : "");
  measure (result, "wal", mib, "MB", "", wal_mib.warning, wal_mib.critical);
}

static void find_newest (void *self, const char *path, const struct stat *found) {
  int64_t *newest = self;
  (void)path;
  if (found->st_mtime > *newest)
    *newest = found->st_mtime;
}

static int64_t now_s (void) {
  return mns_clock.wall () / 1000000;
}

/* Without a backup what counts is the age of the log, whose epoch is the second it began in. */
static void check_backup (context_t *context, result_t *result) {
  int64_t newest = 0, age;
  each_file (context->config.data, "backup", ".db", find_newest, &newest);
  if (newest > 0)
    age = (int64_t)time (NULL) - newest;
  else if (has_status (context, result))
    age = now_s () - (int64_t)context->status.log_epoch;
  else
    return;
  int64_t hours = age > 0 ? age / 3600 : 0;
  tell (result, above (hours, backup_h.warning, backup_h.critical),
        newest > 0 ? "the newest backup is %" PRId64 " h old" : "no backup yet; the log is %" PRId64 " h old", hours);
  measure (result, "backup", hours, "h", "", backup_h.warning, backup_h.critical);
}

static void check_clock (context_t *context, result_t *result) {
  if (!has_status (context, result))
    return;
  int64_t behind = context->status.recorded > 0 ? context->status.recorded / 1000000 - now_s () : 0;
  behind = behind > 0 ? behind : 0;
  tell (result, above (behind, clock_s.warning, clock_s.critical),
        behind > 0 ? "the clock is %" PRId64 " s behind the last record of the log"
                   : "the clock is right (%" PRId64 " s)",
        behind);
  measure (result, "clock", behind, "s", "", clock_s.warning, clock_s.critical);
}

typedef struct {
  int64_t count;
  result_t *result;
} keys_seen_t;

static void look_at_key (void *self, const char *path, const struct stat *found) {
  keys_seen_t *seen = self;
  mns_keys_t keys;
  mns_error_t error = {0};
  (void)found;
  seen->count++;
  if (mns_keys_load (&keys, path, &error) != MNS_OK)
    tell (seen->result, CRITICAL, "%.120s: %.150s", path, error.detail);
  mns_keys_clear (&keys);
}

static void check_keys (context_t *context, result_t *result) {
  keys_seen_t seen = {.result = result};
  const mns_config_t *config = &context->config;
  struct stat found = {0};
  each_file (config->data, "keys", ".key", look_at_key, &seen);
  if (strncmp (config->bus, "tcp://", 6) == 0 && !config->key_file[0])
    tell (result, CRITICAL, "the bus is over TCP and no key_file is configured");
  else if (config->key_file[0])
    look_at_key (&seen, config->key_file, &found);
  tell (result, OK, "%" PRId64 " key files are in order", seen.count);
  measure (result, "keys", seen.count, "", "", 0, 0);
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static const struct check {
  const char *name, *en;
  void (*run) (context_t *context, result_t *result);
  bool asks; /* the broker */
} checks[] = {
    {"bus", "the broker answers, and how soon", check_bus, true},
    {"services", "every service runs and has not stopped its line", check_services, true},
    {"alarms", "no alarm of broker or services is on", check_alarms, true},
    {"lag", "no named consumer is far behind", check_lag, true},
    {"outbox", "what services say is sent", check_outbox, true},
    {"exchange", "partner counties answer, and nothing is overdue", check_exchange, true},
    {"disk", "room where the data directory is", check_disk, false},
    {"wal", "the write-ahead files are bounded", check_wal, false},
    {"backup", "there is a backup, and how old it is", check_backup, true},
    {"clock", "the clock is not behind the log", check_clock, true},
    {"keys", "key files are whole and nobody else's to read", check_keys, false},
};
#define CHECKS (sizeof checks / sizeof *checks)

static const struct check *find_check (const char *name) {
  for (size_t i = 0; i < CHECKS; i++)
    if (strcmp (checks[i].name, name) == 0)
      return &checks[i];
  return NULL;
}

static int list_checks (void) {
  static const mns_column_t columns[] = {{"check", NULL, false}, {"looks", "looks whether", false}, {0, 0, false}};
  mns_table_t *table = mns_table_new (columns);
  for (size_t i = 0; i < CHECKS; i++)
    mns_table_addf (table, "%s\t%s", checks[i].name, checks[i].en);
  mns_table_print (&table, stdout, mns_form ());
  return 0;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

typedef struct {
  const struct check *list[CHECKS_MAX];
  result_t results[CHECKS_MAX];
  size_t count;
} run_t;

static void connect_bus (context_t *context, const run_t *run) {
  bool asks = false;
  for (size_t i = 0; i < run->count; i++)
    asks = asks || run->list[i]->asks;
  int64_t begun = mns_clock.monotonic_ms ();
  if (asks)
    mns_bus_new (&context->bus, &context->config, mns_globals.account ? mns_globals.account : "",
                 (int)mns_globals.timeout_s * 1000, &context->error);
  context->connect_ms = mns_clock.monotonic_ms () - begun;
}

static state_t worst_of (const run_t *run) {
  state_t worst = OK;
  for (size_t i = 0; i < run->count; i++)
    if (states[run->results[i].state].rank > states[worst].rank)
      worst = run->results[i].state;
  return worst;
}

/* What is wrong first; when nothing is, how it is. A bar would begin the numbers. */
static void print_line (run_t *run, state_t worst) {
  const char *separator = ": ";
  printf ("MINSHENG %s", states[worst].word);
  for (size_t i = 0; i < run->count; i++) {
    result_t *result = &run->results[i];
    if (worst != OK && result->state == OK)
      continue;
    for (char *at = result->text; *at; at++)
      if (*at == '|' || *at == '\n')
        *at = ' ';
    printf ("%s%s: %s", separator, run->list[i]->name, result->text);
    separator = "; ";
  }
  separator = " | ";
  for (size_t i = 0; i < run->count; i++)
    if (run->results[i].perf[0]) {
      printf ("%s%s", separator, run->results[i].perf);
      separator = " ";
    }
  putchar ('\n');
}

static void print_json (const run_t *run, state_t worst) {
  json_t *list = json_array ();
  for (size_t i = 0; i < run->count; i++)
    json_array_append_new (list, json_pack ("{s:s, s:s, s:i, s:s, s:s}", "check", run->list[i]->name, "state",
                                            states[run->results[i].state].word, "code", (int)run->results[i].state,
                                            "text", run->results[i].text, "perfdata", run->results[i].perf));
  json_t *object = json_pack ("{s:s, s:i, s:o}", "state", states[worst].word, "code", (int)worst, "checks", list);
  json_dumpf (object, stdout, JSON_INDENT (2));
  putchar ('\n');
  json_decref (object);
}

static int run_checks (context_t *context, run_t *run) {
  connect_bus (context, run);
  for (size_t i = 0; i < run->count; i++)
    run->list[i]->run (context, &run->results[i]);
  mns_bus_destroy (&context->bus);
  state_t worst = worst_of (run);
  if (mns_globals.json)
    print_json (run, worst);
  else
    print_line (run, worst);
  return (int)worst;
}

static mns_rc_t choose (run_t *run, int argc, char **argv, mns_error_t *error) {
  for (size_t i = 0; argc == 1 && i < CHECKS; i++)
    run->list[run->count++] = &checks[i];
  for (int i = 1; i < argc && run->count < CHECKS_MAX; i++) {
    const struct check *check = find_check (argv[i]);
    if (!check)
      return mns_fail (error, MNS_USAGE, "CHECK", "there is no check '%s'; `mns check --list` shows them", argv[i]);
    run->list[run->count++] = check;
  }
  return service_name ? mns_service_know (service_name, error) : MNS_OK;
}

/* A monitoring system takes 2 for critical: what could not be looked at is unknown. */
static int unknown (const mns_error_t *error) {
  printf ("MINSHENG UNKNOWN: %s%s%s\n", error->where, error->where[0] ? ": " : "", error->detail);
  return UNKNOWN;
}

static int check_all (int argc, char **argv) {
  mns_error_t error = {0};
  context_t *context = mns_alloc (sizeof *context);
  run_t *run = mns_alloc (sizeof *run);
  mns_rc_t rc = choose (run, argc, argv, &error);
  if (rc == MNS_OK)
    rc = mns_configure (&context->config, &error);
  int code = rc == MNS_OK ? run_checks (context, run) : unknown (&error);
  free (run);
  free (context);
  return code;
}

int mns_cmd_check (int argc, char **argv) {
  bool list = false;
  const mns_option_t list_options[] = {{"list", 'l', MNS_OPTION_FLAG, NULL, "list the checks", &list},
                                       {0, 0, 0, 0, 0, 0}};
  const mns_option_t *options[] = {list_options, check_options, mns_common_options, NULL};
  mns_cli_t cli = {
      .usage = "mns check [CHECK …] [options]",
      .summary = "Prints one line about the stack for a monitoring system such as Nagios or Icinga, with\n"
                 "its numbers behind a bar. Exit code 0: ok, 1: warning, 2: critical, 3: unknown. Without\n"
                 "CHECK all are made.",
      .epilogue = "disk, wal, backup and keys look at the data directory of this machine.\n"
                  "Examples: mns check    mns check bus services --timeout 5    mns check lag --lag-critical 50000",
      .options = options,
      .positional_max = (int)CHECKS_MAX};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done == 0 ? 0 : UNKNOWN;
  return list ? list_checks () : check_all (argc, argv);
}
