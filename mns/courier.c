/* The courier: one thread for each partner county, with a connection to its broker and one to the own.
 *
 *   partner's broker ──subscription, CURVE──► courier ──registry.exchange-deliver──► registry
 *                                                ▲         (letters, and where they stand in the partner's log)
 *                                                └── where it stood: registry.exchange-partners
 *
 * It keeps nothing: the register stores the offset with what a letter did. So wherever it is stopped, cut off or
 * killed, it goes on behind the last letter that was taken in; one that comes again is known there. */
#include "mns/courier.h"

#include "common/bus.h"
#include "common/clock.h"
#include "common/dir.h"
#include "common/log.h"
#include "common/partners.h"
#include "common/records/exchange_records.h"
#include "common/records/place.h"
#include "common/text.h"
#include <czmq.h>

enum {
  AT_ONCE = 100,        /* letters in one request */
  CONNECT_MS = 2000,    /* until a broker answers */
  LOOK_MS = 200,        /* between two looks at the parent */
  PAUSE_MS = 500,       /* after a failure */
  DELIVER_MS = 5000,    /* until the register answers */
  REPORT_MS = 60 * 1000 /* between two reports of a line that is as it was */
};

typedef struct {
  const mns_config_t *config;
  const mns_partner_t *partner;
  zsock_t *pipe;
  mns_config_t theirs; /* how to reach the partner's broker */
  mns_bus_t *home, *away;
  mns_buffer_t letters;
  size_t count;
  uint64_t delivered; /* number of the last letter, or the offset that was reported */
  bool told, was_connected;
  int64_t told_ms;
  char consumer[MNS_NAME_MAX + 1], prefix[64];
} line_t;

static bool is_called (const line_t *line) {
  return (zsock_events (line->pipe) & ZMQ_POLLIN) != 0;
}

static void note (const line_t *line, const char *event, const mns_error_t *error) {
  char detail[600];
  mns_log (MNS_LOG_WARN, "courier", event, "county=%lld error=%s detail=%s", (long long)line->partner->county,
           mns_error_word (error->rc), mns_log_quote (error->detail, detail, sizeof detail));
}

/* ---- the own side ------------------------------------------------------------------------------------------------ */

static mns_rc_t connect_home (line_t *line, mns_error_t *error) {
  return line->home ? MNS_OK : mns_bus_new (&line->home, line->config, "", CONNECT_MS, error);
}

static mns_rc_t report (line_t *line, bool connected, const char *detail, mns_error_t *error) {
  mns_partner_report_t record;
  mns_uuid_t key = mns_uuid_new ();
  mns_offset_t offset = line->away ? mns_bus_offset (line->away) : (mns_offset_t){0};
  mns_record_clear (&mns_partner_report_type, &record);
  record.county = line->partner->county;
  record.connected = connected ? MNS_YES : MNS_NO;
  record.heard = connected ? mns_clock.wall () : 0;
  if (connected && line->count == 0) {
    record.log_epoch = offset.epoch;
    record.log_number = offset.number;
    record.chain = (int64_t)offset.chain;
  }
  mns_text_copy (record.detail, sizeof record.detail, detail);
  mns_rc_t rc =
      mns_bus_call (line->home, "registry.exchange-heard", &key, &mns_partner_report_type, &record, NULL, NULL, error);
  if (rc != MNS_OK)
    return rc;
  line->told = true;
  line->was_connected = connected;
  line->told_ms = mns_clock.monotonic_ms ();
  if (record.log_number)
    mns_bus_durable (line->away, record.log_number);
  return MNS_OK;
}

/* A change is told at once, that nothing has changed now and then. */
static mns_rc_t tell (line_t *line, bool connected, const char *detail, mns_error_t *error) {
  bool changed = !line->told || connected != line->was_connected;
  if (!changed && mns_clock.monotonic_ms () - line->told_ms < REPORT_MS)
    return MNS_OK;
  mns_log (MNS_LOG_INFO, "courier", "line", "county=%lld connected=%s", (long long)line->partner->county,
           connected ? "yes" : "no");
  return report (line, connected, detail, error);
}

static mns_rc_t find_offset (line_t *line, mns_offset_t *offset, mns_error_t *error) {
  mns_buffer_t reply = {0};
  mns_partner_info_t info;
  size_t at = 0, used;
  mns_rc_t rc =
      mns_bus_request (line->home, "registry.exchange-partners", NULL, NULL, 0, DELIVER_MS, &reply, NULL, error);
  *offset = (mns_offset_t){0};
  while (rc == MNS_OK && at < reply.size) {
    rc = mns_record_unpack (&mns_partner_info_type, &info, reply.data + at, reply.size - at, &used, error);
    at += used;
    if (rc == MNS_OK && info.county == line->partner->county)
      *offset = (mns_offset_t){info.log_epoch, info.log_number, info.chain == MNS_NONE ? 0 : (uint64_t)info.chain};
  }
  mns_buffer_fini (&reply);
  return rc;
}

/* ---- the other side ---------------------------------------------------------------------------------------------- */

/* A log that was put back, or another one: from its beginning; the register knows what it has taken. */
static mns_rc_t subscribe (line_t *line, mns_error_t *error) {
  const char *prefixes[] = {line->prefix};
  mns_offset_t offset;
  mns_rc_t rc = find_offset (line, &offset, error);
  if (rc == MNS_OK)
    rc = mns_bus_subscribe_from (line->away, prefixes, 1, offset, 0, line->consumer, error);
  if (rc != MNS_OFFSET_MISMATCH)
    return rc;
  note (line, "log.reread", error);
  return mns_bus_subscribe_from (line->away, prefixes, 1, (mns_offset_t){0}, 0, line->consumer, error);
}

static mns_rc_t connect_away (line_t *line, mns_error_t *error) {
  const mns_bus_options_t options = {.context = zsys_init (), .account = ""};
  if (line->away)
    return MNS_OK;
  mns_rc_t rc = mns_bus_open (&line->away, &line->theirs, &options, CONNECT_MS, error);
  if (rc == MNS_OK)
    rc = subscribe (line, error);
  if (rc != MNS_OK)
    mns_bus_destroy (&line->away);
  return rc;
}

/* ---- letters ----------------------------------------------------------------------------------------------------- */

static mns_rc_t take (line_t *line, const mns_event_t *event, mns_error_t *error) {
  mns_letter_t letter;
  mns_delivery_t delivery;
  if (strcmp (event->type, mns_letter_type.name) != 0)
    return MNS_OK;
  mns_rc_t rc = mns_record_unpack (&mns_letter_type, &letter, event->body, event->body_size, NULL, error);
  if (rc != MNS_OK)
    return rc;
  mns_offset_t offset = mns_bus_offset (line->away);
  mns_record_clear (&mns_delivery_type, &delivery);
  mns_record_copy_fields (&mns_delivery_type, &delivery, &mns_letter_type, &letter);
  delivery.county = line->partner->county;
  delivery.epoch = event->producer_epoch;
  delivery.number = event->number;
  delivery.log_epoch = offset.epoch;
  delivery.log_number = offset.number;
  delivery.chain = (int64_t)offset.chain;
  mns_record_pack (&mns_delivery_type, &delivery, &line->letters);
  line->delivered = offset.number;
  line->count++;
  return MNS_OK;
}

static mns_rc_t deliver (line_t *line, mns_error_t *error) {
  mns_uuid_t key = mns_uuid_new ();
  if (line->count == 0)
    return MNS_OK;
  mns_rc_t rc = mns_bus_request (line->home, "registry.exchange-deliver", &key, line->letters.data, line->letters.size,
                                 DELIVER_MS, NULL, NULL, error);
  mns_buffer_clear (&line->letters);
  line->count = 0;
  if (rc == MNS_OK)
    mns_bus_durable (line->away, line->delivered);
  return rc;
}

/* What is there, up to a request full. Letters that are gone for ever are told; the next ones go on. */
static mns_rc_t collect (line_t *line, mns_error_t *error) {
  mns_event_t event;
  mns_rc_t rc = MNS_OK;
  for (int wait_ms = LOOK_MS; rc == MNS_OK && line->count < AT_ONCE; wait_ms = 0) {
    rc = mns_bus_next (line->away, wait_ms, &event, error);
    if (rc == MNS_OK)
      rc = take (line, &event, error);
    else if (rc == MNS_GONE) {
      note (line, "letters.lost", error);
      rc = MNS_OK;
    }
  }
  return rc == MNS_TIMEOUT ? MNS_OK : rc;
}

/* A failure here begins anew from where the register stands. */
static mns_rc_t work (line_t *line, mns_error_t *error) {
  mns_error_t why = {0};
  mns_rc_t rc = collect (line, error);
  if (rc == MNS_OK)
    rc = deliver (line, error);
  if (rc != MNS_OK)
    return rc;
  bool connected = mns_bus_state (line->away, &why) == MNS_OK;
  return tell (line, connected, why.detail, error);
}

static void let_go (line_t *line, const mns_error_t *error) {
  mns_error_t ignored;
  if (!line->told || line->was_connected)
    note (line, "line.failed", error);
  mns_bus_destroy (&line->away);
  mns_buffer_clear (&line->letters);
  line->count = 0;
  if (line->home && tell (line, false, error->detail, &ignored) != MNS_OK)
    mns_bus_destroy (&line->home);
}

static void serve (line_t *line) {
  zpoller_t *poller = zpoller_new (line->pipe, NULL);
  while (!is_called (line)) {
    mns_error_t error = {0};
    mns_rc_t rc = connect_home (line, &error);
    if (rc == MNS_OK)
      rc = connect_away (line, &error);
    if (rc == MNS_OK)
      rc = work (line, &error);
    if (rc == MNS_OK)
      continue;
    let_go (line, &error);
    zpoller_wait (poller, PAUSE_MS);
  }
  zpoller_destroy (&poller);
}

/* ---- actors ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const mns_config_t *config;
  const mns_partner_t *partner;
} line_args_t;

static void prepare (line_t *line, const line_args_t *args) {
  char county[MNS_PLACE_TEXT];
  mns_place_format (args->config->county, county);
  line->config = args->config;
  line->partner = args->partner;
  line->theirs = *args->config;
  mns_text_copy (line->theirs.bus, sizeof line->theirs.bus, args->partner->endpoint);
  mns_text_copy (line->theirs.broker_key, sizeof line->theirs.broker_key, args->partner->broker_key);
  if (args->partner->key_file[0] == '/')
    mns_text_copy (line->theirs.key_file, sizeof line->theirs.key_file, args->partner->key_file);
  else
    snprintf (line->theirs.key_file, sizeof line->theirs.key_file, "%.*s/%s", 200, args->config->data,
              args->partner->key_file);
  snprintf (line->consumer, sizeof line->consumer, "county-%.6s", county);
  snprintf (line->prefix, sizeof line->prefix, "exchange.letter.%s.", county);
}

static void line_actor (zsock_t *pipe, void *args) {
  line_t *line = mns_alloc (sizeof *line);
  *line = (line_t){.pipe = pipe};
  prepare (line, args);
  zsock_signal (pipe, 0);
  serve (line);
  mns_bus_destroy (&line->away);
  mns_bus_destroy (&line->home);
  mns_buffer_fini (&line->letters);
  free (line);
}

static void stand_by (zsock_t *pipe, const mns_config_t *config, const mns_partners_t *partners) {
  zactor_t **lines = mns_alloc ((partners->count + 1) * sizeof (zactor_t *));
  line_args_t *args = mns_alloc ((partners->count + 1) * sizeof *args);
  for (size_t i = 0; i < partners->count; i++) {
    args[i] = (line_args_t){config, &partners->rows[i]};
    lines[i] = zactor_new (line_actor, &args[i]);
  }
  zstr_send (pipe, "READY");
  zpoller_t *poller = zpoller_new (pipe, NULL);
  zpoller_wait (poller, -1);
  zpoller_destroy (&poller);
  for (size_t i = 0; i < partners->count; i++)
    zactor_destroy (&lines[i]);
  free (lines);
  free (args);
}

void mns_courier_actor (void *pipe_zsock, void *args) {
  zsock_t *pipe = pipe_zsock;
  const mns_config_t *config = args;
  mns_partners_t partners;
  mns_error_t error = {0};
  zsock_signal (pipe, 0);
  if (mns_partners_load (&partners, config->data, config->county, &error) == MNS_OK)
    stand_by (pipe, config, &partners);
  else
    zstr_sendx (pipe, "FAILED", mns_error_word (error.rc), error.detail, NULL);
  mns_partners_fini (&partners);
}
