/* `mns status`: what runs, how far it is, what is wrong; with --check for monitoring and health checks. */
#include "common/clock.h"
#include "common/records/bus_records.h"
#include "common/records/service_records.h"
#include "mns/mns.h"
#include "mns/services.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *check_text;

static const mns_option_t status_options[] = {
    {"check", 0, MNS_OPTION_TEXT, "WHAT",
     "print one line and end with 0 or 1: bus, a service, all, or caught-up (all of the log is applied)", &check_text},
    {0, 0, 0, 0, 0, 0}};

enum { ASK_MS = 2000 }; /* for a service that is not there: whoever looks asks again */

static mns_rc_t ask_service (mns_bus_t *bus, const char *service, mns_service_status_t *status, mns_error_t *error) {
  char command[MNS_NAME_MAX + 1];
  snprintf (command, sizeof command, "%s.status", service);
  mns_buffer_t reply = {0};
  size_t used;
  int timeout_ms = mns_globals.timeout_s * 1000 < ASK_MS ? (int)mns_globals.timeout_s * 1000 : ASK_MS;
  mns_rc_t rc = mns_bus_request (bus, command, NULL, NULL, 0, timeout_ms, &reply, NULL, error);
  if (rc == MNS_OK)
    rc = mns_record_unpack (&mns_service_status_type, status, reply.data, reply.size, &used, error);
  mns_buffer_fini (&reply);
  return rc;
}

static mns_rc_t ask_bus (mns_bus_t *bus, mns_bus_status_t *status, mns_error_t *error) {
  return mns_bus_call (bus, "bus.status", NULL, NULL, NULL, &mns_bus_status_type, status, error);
}

/* ---- for monitoring ---------------------------------------------------------------------------------------------- */

static mns_rc_t check_service (mns_bus_t *bus, const char *service, uint64_t log_number, mns_error_t *error) {
  mns_service_status_t status;
  mns_rc_t rc = ask_service (bus, service, &status, error);
  if (rc == MNS_OK && status.state != MNS_STATE_RUNNING)
    rc = mns_fail (error, MNS_UNAVAILABLE, service, "it is %s; %s %s", mns_code_word (&mns_service_state, status.state),
                   status.error, status.error_detail);
  bool behind = status.log_epoch > 0 && (uint64_t)status.log_number < log_number; /* epoch 0: it reads no events */
  if (rc == MNS_OK && behind)
    rc = mns_fail (error, MNS_BUSY, service, "at %" PRId64 " of %" PRIu64, status.log_number, log_number);
  return rc;
}

static mns_rc_t check_all (mns_bus_t *bus, bool caught_up, mns_error_t *error) {
  mns_bus_status_t status = {0};
  mns_rc_t rc = caught_up ? ask_bus (bus, &status, error) : MNS_OK;
  for (const mns_service_t *const *service = mns_services; *service && rc == MNS_OK; service++)
    rc = check_service (bus, (*service)->name, status.log_number, error);
  return rc;
}

/* The log number behind everything that is in the register now; MNS_BUSY while some of it is still on its way there. */
static mns_rc_t registered_up_to (mns_bus_t *bus, uint64_t *log_number, mns_error_t *error) {
  static mns_bus_status_t broker;
  mns_service_status_t registry;
  mns_rc_t rc = ask_service (bus, "registry", &registry, error);
  if (rc == MNS_OK && registry.outbox_records > 0)
    return mns_fail (error, MNS_BUSY, "registry", "%" PRId64 " records to send", registry.outbox_records);
  if (rc == MNS_OK)
    rc = ask_bus (bus, &broker, error);
  *log_number = broker.log_number;
  return rc;
}

mns_rc_t mns_wait_applied (mns_bus_t *bus, int64_t timeout_ms, mns_error_t *error) {
  int64_t until = mns_clock.monotonic_ms () + timeout_ms;
  uint64_t log_number = 0;
  mns_rc_t rc = MNS_BUSY;
  while (rc == MNS_BUSY && mns_clock.monotonic_ms () < until) {
    rc = log_number == 0 ? registered_up_to (bus, &log_number, error) : MNS_OK;
    for (const mns_service_t *const *service = mns_services; *service && rc == MNS_OK; service++)
      rc = check_service (bus, (*service)->name, log_number, error);
    if (rc == MNS_BUSY)
      nanosleep (&(struct timespec){.tv_nsec = 10 * 1000000}, NULL);
  }
  return rc;
}

static mns_rc_t know_check (const char *what, mns_error_t *error) {
  static const char *const words[] = {"bus", "all", "caught-up", NULL};
  for (const char *const *word = words; *word; word++)
    if (strcmp (*word, what) == 0)
      return MNS_OK;
  for (const mns_service_t *const *service = mns_services; *service; service++)
    if (strcmp ((*service)->name, what) == 0)
      return MNS_OK;
  return mns_fail (error, MNS_USAGE, "--check", "'%s' is none of bus, all, caught-up, or a service's name", what);
}

static mns_rc_t check (mns_bus_t *bus, mns_error_t *error) {
  if (strcmp (check_text, "bus") == 0)
    return MNS_OK; /* WELCOME has come */
  if (strcmp (check_text, "all") == 0 || strcmp (check_text, "caught-up") == 0)
    return check_all (bus, check_text[0] == 'c', error);
  return check_service (bus, check_text, 0, error);
}

/* ---- for people -------------------------------------------------------------------------------------------------- */

/* The words of the screen; JSON and CSV have the same in every language. */
typedef struct {
  mns_column_t columns[11];
  const char *broker, *bus, *never, *off, *local, *alarm;
} words_t;

static const words_t english = {.columns = {{"service", NULL, false},
                                            {"state", NULL, false},
                                            {"log_number", "at", true},
                                            {"behind", NULL, true},
                                            {"outbox", NULL, true},
                                            {"requests", NULL, true},
                                            {"refused", NULL, true},
                                            {"events", NULL, true},
                                            {"alarms", NULL, true},
                                            {"trouble", NULL, false},
                                            {0, 0, false}},
                                .broker = "broker   up %" PRIu64 " s, log %" PRIu64 "–%" PRIu64
                                          " (%.1f MB), last record %s\n",
                                .bus = "bus      %s, %" PRIu64 " connections; feed %s\n\n",
                                .never = "never",
                                .off = "off",
                                .local = "local only",
                                .alarm = "ALARM    %s: %s, since %s\n         %s\n\n"};

static const words_t chinese = {.columns = {{"service", "服务", false},
                                            {"state", "状态", false},
                                            {"log_number", "日志号", true},
                                            {"behind", "落后", true},
                                            {"outbox", "待发", true},
                                            {"requests", "请求", true},
                                            {"refused", "拒绝", true},
                                            {"events", "事件", true},
                                            {"alarms", "告警", true},
                                            {"trouble", "问题", false},
                                            {0, 0, false}},
                                .broker = "代理     已运行 %" PRIu64 " 秒，日志 %" PRIu64 "–%" PRIu64
                                          "（%.1f MB），末条记录 %s\n",
                                .bus = "总线     %s，%" PRIu64 " 个连接；推送 %s\n\n",
                                .never = "无",
                                .off = "关闭",
                                .local = "仅本机",
                                .alarm = "告警     %s：%s，自 %s\n         %s\n\n"};

typedef struct {
  mns_bus_t *bus;
  const words_t *words;
  mns_bus_status_t broker;
  mns_service_status_t service;
  mns_table_t *table;
} screen_t;

static void print_alarms (const words_t *words, const char *who, const mns_alarm_t *alarms, size_t count) {
  char since[MNS_TIME_TEXT];
  for (size_t i = 0; i < count && mns_form () == MNS_TABLE_TEXT; i++) {
    mns_time_format (alarms[i].since, since);
    printf (words->alarm, who, alarms[i].code, since, alarms[i].text);
  }
}

static void add_service (screen_t *screen, const char *name) {
  mns_service_status_t *status = &screen->service;
  mns_error_t error = {0};
  if (ask_service (screen->bus, name, status, &error) != MNS_OK) {
    mns_table_addf (screen->table, "%s\t%s\t\t\t\t\t\t\t\t%s", name, mns_error_word (error.rc), error.detail);
    return;
  }
  bool zh = screen->words == &chinese && mns_form () == MNS_TABLE_TEXT;
  int64_t behind = status->log_epoch > 0 ? (int64_t)screen->broker.log_number - status->log_number : 0;
  mns_table_addf (
      screen->table, "%s\t%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%d\t%s%s%s",
      name, zh ? mns_code_zh (&mns_service_state, status->state) : mns_code_word (&mns_service_state, status->state),
      status->log_number, behind > 0 ? behind : 0, status->outbox_records, status->requests, status->refused,
      status->events, status->alarms_count, status->stopped_at, status->stopped_at[0] ? ": " : "", status->error);
  print_alarms (screen->words, name, status->alarms, status->alarms_count);
}

static void print_broker (const screen_t *screen) {
  const mns_bus_status_t *status = &screen->broker;
  const words_t *words = screen->words;
  char recorded[MNS_TIME_TEXT];
  mns_time_format (status->recorded, recorded);
  printf (words->broker, status->up_s, status->log_first, status->log_number, (double)status->log_bytes / 1e6,
          recorded[0] ? recorded : words->never);
  printf (words->bus, status->bus[0] ? status->bus : words->local, status->peers,
          status->feed[0] ? status->feed : words->off);
}

static int show (mns_bus_t *bus, const char *language) {
  mns_error_t error = {0};
  screen_t *screen = mns_alloc (sizeof *screen);
  screen->bus = bus;
  screen->words = strcmp (language, "zh") == 0 ? &chinese : &english;
  if (ask_bus (bus, &screen->broker, &error) != MNS_OK) {
    free (screen);
    return mns_complain ("mns status", &error);
  }
  if (mns_form () == MNS_TABLE_TEXT)
    print_broker (screen);
  print_alarms (screen->words, "broker", screen->broker.alarms, screen->broker.alarms_count);
  screen->table = mns_table_new (screen->words->columns);
  for (const mns_service_t *const *service = mns_services; *service; service++)
    add_service (screen, (*service)->name);
  mns_table_print (&screen->table, stdout, mns_form ());
  free (screen);
  return 0;
}

int mns_cmd_status (int argc, char **argv) {
  const mns_option_t *options[] = {status_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns status [options]",
                   .summary =
                       "What runs, how far each service is in the log, what waits, what is wrong (alarms, since when).",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_error_t error = {0};
  if (check_text && know_check (check_text, &error) != MNS_OK)
    return mns_complain ("mns status", &error);
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  int code;
  if (check_text) {
    code = check (bus, &error) == MNS_OK ? 0 : mns_complain ("mns status", &error);
    if (code == 0)
      printf ("%s: ok\n", check_text);
  } else {
    code = show (bus, config.language);
  }
  mns_bus_destroy (&bus);
  return code;
}
