/* Records of the log for whoever asks: bus.read, bus.log (docs/protocol.md §7). */
#include "common/records/bus_records.h"
#include "services/broker/core.h"
#include <string.h>

enum { LOOK_BYTES = 8 << 20, ROW_COST = 1024 }; /* a row that is passed over costs a look, too */

/* Records behind `cursor` up to `to` that match: all are counted, the first 256 KiB are kept. */
typedef struct {
  const mns_bus_prefix_t *prefixes; /* NULL: everything */
  size_t prefix_count;
  uint64_t cursor, to, most; /* most: records kept at most */
  uint64_t count, sum, kept;
  uint64_t complete; /* what is kept is all up to this number */
  bool no_audit;     /* "everything" leaves the stream audit out */
  uint64_t streams;  /* that may match */
  uint64_t gone;     /* records up to `complete` that were trimmed and may have matched */
  mns_buffer_t *body;
  size_t looked;
} collect_t;

static bool may_hear (const collect_t *collect, const char *topic, size_t size) {
  return !collect->no_audit || !broker_rights_audit (topic, size);
}

static bool collects (const collect_t *collect, const uint8_t *record) {
  size_t size;
  const char *topic = mns_event_topic (record, &size);
  for (size_t i = 0; i < collect->prefix_count; i++)
    if (mns_topic_matches (topic, size, collect->prefixes[i].prefix))
      return may_hear (collect, topic, size);
  return collect->prefixes == NULL && may_hear (collect, topic, size);
}

static void collect_record (collect_t *collect, uint64_t number, const uint8_t *record, size_t size) {
  bool full = collect->body->size >= BROKER_EVT_BYTES || collect->kept >= collect->most;
  bool wanted = collects (collect, record);
  if (wanted) {
    collect->count++;
    collect->sum += number;
  }
  if (wanted && !full) {
    mns_buffer_add (collect->body, record, size);
    collect->kept++;
  }
  if (!full)
    collect->complete = number;
}

/* Trimmed, or of other streams. */
static void pass_row (collect_t *collect, const broker_row_t *row) {
  uint64_t end = row->first + row->count - 1;
  uint64_t from = row->first > collect->cursor + 1 ? row->first : collect->cursor + 1;
  uint64_t to = end < collect->to ? end : collect->to;
  bool full = collect->body->size >= BROKER_EVT_BYTES || collect->kept >= collect->most;
  if (!full && row->size == 0 && (row->streams & collect->streams) != 0)
    collect->gone += to - from + 1;
  if (!full)
    collect->complete = to;
  collect->cursor = to;
}

static bool collect_row (void *self, const broker_row_t *row) {
  collect_t *collect = self;
  if (row->records == NULL) {
    pass_row (collect, row);
    collect->looked += ROW_COST;
    return collect->cursor < collect->to && collect->looked < LOOK_BYTES;
  }
  const uint8_t *at = row->records, *end = at + row->size;
  uint64_t number = row->first;
  for (size_t size; number <= collect->to && (size = broker_record_next (&at, end)) > 0; number++)
    if (number > collect->cursor)
      collect_record (collect, number, at - size, size);
  collect->cursor = number - 1;
  collect->looked += row->size;
  return collect->cursor < collect->to && collect->looked < LOOK_BYTES;
}

static mns_rc_t collect_all (broker_t *broker, collect_t *collect, mns_error_t *error) {
  const broker_place_t *place = broker_tail_place (broker->tail);
  if (collect->to == 0 || collect->to > place->last)
    collect->to = place->last;
  if (collect->cursor + 1 < place->first)
    return mns_fail (error, MNS_GONE, "after", "the log is kept from number %llu on", (unsigned long long)place->first);
  for (size_t i = 0; i < collect->prefix_count; i++)
    collect->streams |= broker_streams_under (collect->prefixes[i].prefix);
  if (collect->prefixes == NULL)
    collect->streams = BROKER_STREAMS_ALL;
  collect->complete = collect->cursor;
  collect->body = &broker->scratch;
  mns_buffer_clear (collect->body);
  while (collect->cursor < collect->to && collect->looked < LOOK_BYTES) {
    mns_rc_t rc = broker_tail_read (broker->tail, collect->cursor, collect->streams, collect_row, collect);
    if (rc != MNS_OK)
      return mns_fail (error, rc, "log", "the log cannot be read behind number %llu",
                       (unsigned long long)collect->cursor);
  }
  return MNS_OK;
}

static void reply_collected (broker_t *broker, const broker_message_t *message, const collect_t *collect) {
  mns_head_t head;
  mns_head_clear (&head);
  head.log_number = collect->complete;
  head.log_epoch = broker_tail_place (broker->tail)->epoch;
  head.count = collect->kept;
  head.gone = collect->gone;
  broker_reply_bytes (broker, message, &head, collect->body);
}

static mns_rc_t check_prefixes (broker_t *broker, const mns_bus_read_t *request, const mns_caller_t *caller,
                                mns_error_t *error) {
  for (size_t i = 0; i < request->prefixes_count; i++) {
    const char *prefix = request->prefixes[i].prefix;
    mns_rc_t rc = mns_prefix_check (prefix, error);
    if (rc != MNS_OK)
      return rc;
    if (!broker_may_subscribe (broker, caller, prefix))
      return mns_fail (error, MNS_FORBIDDEN, "prefixes", "account '%s' may not read everything under '%s'",
                       caller->account, prefix);
  }
  return MNS_OK;
}

mns_rc_t broker_command_read (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                              mns_error_t *error) {
  mns_bus_read_t request;
  mns_rc_t rc = broker_read_request (message, &mns_bus_read_type, &request, error);
  if (rc == MNS_OK)
    rc = check_prefixes (broker, &request, caller, error);
  if (rc != MNS_OK)
    return rc;
  collect_t collect = {.prefixes = request.prefixes,
                       .prefix_count = request.prefixes_count,
                       .cursor = request.after,
                       .to = request.to,
                       .most = UINT64_MAX,
                       .no_audit = !broker_account (broker, caller)->hears_audit};
  rc = collect_all (broker, &collect, error);
  if (rc != MNS_OK)
    return rc;
  if (collect.cursor >= collect.to && collect.count == request.count && collect.sum == request.sum) {
    mns_buffer_clear (collect.body);
    collect.kept = 0;
    collect.complete = collect.to;
  }
  reply_collected (broker, message, &collect);
  return MNS_OK;
}

mns_rc_t broker_command_log (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                             mns_error_t *error) {
  mns_bus_log_t request;
  mns_rc_t rc = broker_read_request (message, &mns_bus_log_type, &request, error);
  if (rc == MNS_OK && request.recorded != 0)
    rc = broker_tail_before_time (broker->tail, request.recorded, &request.from);
  if (rc == MNS_OK && request.recorded != 0)
    request.from++;
  if (rc != MNS_OK)
    return rc;
  collect_t collect = {.cursor = request.from > 0 ? request.from - 1 : 0,
                       .most = request.count > 0 ? request.count : UINT64_MAX,
                       .no_audit = !broker_account (broker, caller)->hears_audit};
  if (request.count > 0 && collect.cursor <= UINT64_MAX - request.count)
    collect.to = collect.cursor + request.count;
  rc = collect_all (broker, &collect, error);
  if (rc == MNS_OK)
    reply_collected (broker, message, &collect);
  return rc;
}
