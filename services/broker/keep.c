/* What is kept of the log: the retention of the configuration, and bus.trim (docs/protocol.md §7). */
#include "services/broker/keep.h"
#include "common/log.h"
#include "common/records/bus_records.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <string.h>

enum { LOOK_MS = 60000, DAY_S = 86400 };

#define US_PER_DAY (INT64_C (1000000) * DAY_S)
#define ANY_TIME   INT64_MAX

mns_rc_t broker_keeping_init (broker_t *broker, mns_error_t *error) {
  return broker_streams_named (broker->config->log_keep_streams, &broker->keeping.streams, error);
}

/* ---- asking the log thread --------------------------------------------------------------------------------------- */

static void ask (broker_t *broker, bool standing, const broker_trim_t *trim) {
  const char what = BROKER_TRIM;
  broker_trim_ask_t message = {.standing = standing, .trim = *trim};
  broker_frame_send_bytes (broker->log_pipe, &what, 1, true);
  broker_frame_send_bytes (broker->log_pipe, &message, sizeof message, false);
  broker->keeping.under_way = true;
}

/* Age and size in turn, each when the configuration has it. */
static void keep_to_config (broker_t *broker) {
  const mns_config_t *config = broker->config;
  broker_keeping_t *keeping = &broker->keeping;
  broker_trim_t trim = {.before = broker_log_floor (broker), .recorded = ANY_TIME};
  keeping->by_size = config->log_keep_days <= 0 || (!keeping->by_size && config->log_keep_mib > 0);
  if (keeping->by_size && config->log_keep_mib <= 0)
    return;
  if (keeping->by_size)
    trim.bytes = (uint64_t)config->log_keep_mib << 20;
  else
    trim.recorded = mns_clock.wall () - config->log_keep_days * US_PER_DAY;
  ask (broker, true, &trim);
}

void broker_keeping_tick (broker_t *broker) {
  broker_keeping_t *keeping = &broker->keeping;
  if (broker->now_ms - keeping->looked_ms < LOOK_MS || keeping->under_way)
    return;
  keeping->looked_ms = broker->now_ms;
  keep_to_config (broker);
}

/* ---- bus.trim ---------------------------------------------------------------------------------------------------- */

static mns_rc_t check_trim (const mns_bus_trim_t *request, mns_error_t *error) {
  if (request->before != 0 || request->days != MNS_NONE)
    return MNS_OK;
  return mns_fail (error, MNS_MISSING, "before", "what is to go is said by `before` (a log number), `days`, or both");
}

mns_rc_t broker_command_trim (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                              mns_error_t *error) {
  broker_keeping_t *keeping = &broker->keeping;
  mns_bus_trim_t request;
  mns_rc_t rc = broker_read_request (message, &mns_bus_trim_type, &request, error);
  if (rc == MNS_OK)
    rc = check_trim (&request, error);
  if (rc == MNS_OK && keeping->under_way)
    rc = mns_fail (error, MNS_BUSY, "", "the log is being trimmed already");
  if (rc != MNS_OK)
    return rc;
  uint64_t floor = request.force == MNS_YES ? UINT64_MAX : broker_log_floor (broker);
  broker_trim_t trim = {.before = request.before != 0 && request.before < floor ? request.before : floor,
                        .recorded = ANY_TIME};
  if (request.days != MNS_NONE)
    trim.recorded = mns_clock.wall () - request.days * US_PER_DAY;
  keeping->request = broker_request_hold (broker, message);
  if (keeping->request == 0)
    return mns_fail (error, MNS_BUSY, "", "the broker has too many requests open");
  mns_log (MNS_LOG_WARN, "broker", "log.trim", "account=%s before=%llu days=%lld force=%d", caller->account,
           (unsigned long long)request.before, request.days == MNS_NONE ? -1 : (long long)request.days,
           request.force == MNS_YES);
  ask (broker, false, &trim);
  return MNS_OK;
}

static void reply_trimmed (broker_t *broker, const broker_trim_done_t *done) {
  mns_bus_trimmed_t answer;
  mns_error_t error = {0};
  mns_record_clear (&mns_bus_trimmed_type, &answer);
  answer.rows = done->trimmed.rows;
  answer.records = done->trimmed.records;
  answer.bytes = done->trimmed.bytes;
  answer.log_first = broker_log_kept (broker->reader);
  mns_buffer_clear (&broker->scratch);
  mns_record_pack (&mns_bus_trimmed_type, &answer, &broker->scratch);
  if (done->rc != MNS_OK)
    mns_fail (&error, done->rc, "log", "the log could not be trimmed: %s (%s)", mns_error_en (done->rc), done->detail);
  broker_request_answer_with (broker, broker->keeping.request, &error, NULL, &broker->scratch);
}

void broker_trim_answered (broker_t *broker, const broker_trim_done_t *done) {
  broker_keeping_t *keeping = &broker->keeping;
  const broker_trimmed_t *trimmed = &done->trimmed;
  keeping->under_way = false;
  if (trimmed->rows > 0) {
    broker_tail_clear (broker->tail);
    mns_log (MNS_LOG_INFO, "broker", "log.trimmed", "rows=%llu records=%llu bytes=%llu",
             (unsigned long long)trimmed->rows, (unsigned long long)trimmed->records,
             (unsigned long long)trimmed->bytes);
  }
  if (!done->standing)
    reply_trimmed (broker, done);
  keeping->request = 0;
  if (done->rc != MNS_OK && !mns_error_retry (done->rc))
    mns_fail (&broker->failure, done->rc, "log", "the log could not be trimmed: %s", done->detail);
}
