/* The loop's turn without the loop. Emitted events are read back from the outbox, as the relay would. */
#include "tests/support/turn_harness.h"
#include "common/clock.h"
#include "common/records/codes.h"
#include "common/text.h"
#include "common/turn.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include <unistd.h>

#define START ((mns_time_t)1782864000 * 1000000) /* 2026-07-01T00:00:00Z */
#define EPOCH 1

struct harness {
  const mns_service_t *service;
  mns_config_t config;
  char folder[MNS_PATH_MAX];
  mns_turn_t *turn;
  mns_caller_t caller;
  mns_error_t error;
  size_t reply_at, reply_size;
  uint64_t log_number;    /* of the last event delivered */
  uint64_t emitted_after; /* outbox number before the last message */
  mns_buffer_t emitted, scratch;
  mns_event_t event;
};

static mns_time_t now = START;
static mns_time_t (*real_wall) (void);

static mns_time_t standing_wall (void) {
  return now;
}

static void end (const char *what, const mns_error_t *error) {
  fprintf (stderr, "harness: %s: %s: %s: %s\n", what, mns_error_word (error->rc), error->where, error->detail);
  exit (1);
}

static void open_turn (harness_t *harness) {
  mns_error_t error = {0};
  if (mns_turn_open (&harness->turn, harness->service, &harness->config, &error) != MNS_OK)
    end ("opening the service", &error);
  bool cuttable = sqlite3_vfs_find (CRASH_VFS) != NULL; /* without the store that loses power nothing need be flushed */
  if (!cuttable && mns_db_exec (harness->turn->db, "PRAGMA synchronous = OFF", &error) != MNS_OK)
    end ("opening the service", &error);
  if (harness->turn->outbox.stored.epoch == 0 && mns_outbox_begin_epoch (&harness->turn->outbox, EPOCH) != MNS_OK)
    end ("beginning the outbox", &error);
}

harness_t *harness_new_with (const mns_service_t *service, const mns_config_t *config) {
  harness_t *harness = mns_alloc (sizeof *harness);
  memset (harness, 0, sizeof *harness);
  now = START;
  if (mns_clock.wall != standing_wall)
    real_wall = mns_clock.wall;
  mns_clock.wall = standing_wall;
  harness->service = service;
  harness->config = *config;
  if (test_folder_make (harness->folder) != 0) {
    fprintf (stderr, "harness: no folder can be made\n");
    exit (1);
  }
  mns_text_copy (harness->config.data, sizeof harness->config.data, harness->folder);
  mns_text_copy (harness->caller.account, sizeof harness->caller.account, "tester");
  harness->caller.role = MNS_ADMINISTRATOR;
  open_turn (harness);
  return harness;
}

harness_t *harness_new (const mns_service_t *service) {
  mns_config_t config = {0};
  mns_config_defaults (&config);
  return harness_new_with (service, &config);
}

void harness_destroy (harness_t **owner) {
  harness_t *harness = *owner;
  if (!harness)
    return;
  mns_turn_close (&harness->turn);
  mns_clock.wall = real_wall;
  test_folder_remove (harness->folder);
  mns_buffer_fini (&harness->emitted);
  mns_buffer_fini (&harness->scratch);
  free (harness);
  *owner = NULL;
}

void harness_stop (harness_t *harness) {
  mns_turn_close (&harness->turn);
}

void harness_start (harness_t *harness) {
  open_turn (harness);
}

void harness_restart (harness_t *harness) {
  harness_stop (harness);
  harness_start (harness);
}

void harness_backup (harness_t *harness, const char *path) {
  mns_error_t error = {0};
  if (mns_db_backup (harness->turn->db, path, &error) != MNS_OK)
    end ("copying the store", &error);
}

void harness_restore (harness_t *harness, const char *path) {
  char store[MNS_PATH_MAX * 2], beside[MNS_PATH_MAX * 2 + 8], renew[256];
  mns_buffer_t bytes = {0};
  mns_error_t error = {0};
  uint64_t epoch = harness->turn->outbox.stored.epoch;
  harness_stop (harness);
  snprintf (store, sizeof store, "%s/%s/%s.db", harness->folder, harness->service->name, harness->service->name);
  for (const char *const *end_of = (const char *const[]){"-wal", "-shm", "", NULL}; *end_of; end_of++) {
    snprintf (beside, sizeof beside, "%s%s", store, *end_of);
    unlink (beside);
  }
  if (mns_dir_read_file (path, SIZE_MAX / 2, &bytes, &error) != MNS_OK ||
      mns_dir_write_file (store, bytes.data, bytes.size, 0600, &error) != MNS_OK)
    end ("putting the store back", &error);
  mns_buffer_fini (&bytes);
  harness_start (harness);
  snprintf (renew, sizeof renew,
            "DELETE FROM outbox; UPDATE producer SET epoch = %llu, number = 0, chain = 0, acked = 0, "
            "covered = 0, next_epoch = 0 WHERE id = 1",
            (unsigned long long)epoch + 1);
  if (mns_db_exec (harness->turn->db, renew, &error) != MNS_OK)
    end ("beginning the next epoch", &error);
  harness_restart (harness);
}

mns_db_t *harness_db (harness_t *harness) {
  return harness->turn->db;
}

void *harness_self (harness_t *harness) {
  return harness->turn->self;
}

mns_config_t *harness_config (harness_t *harness) {
  return &harness->config;
}

const mns_error_t *harness_error (harness_t *harness) {
  return &harness->error;
}

void harness_set_caller (harness_t *harness, mns_code_t role, mns_place_t division) {
  harness->caller.role = role;
  harness->caller.division = division;
}

void harness_set_account (harness_t *harness, const char *account) {
  mns_text_copy (harness->caller.account, sizeof harness->caller.account, account);
}

void harness_set_now (harness_t *harness, mns_time_t time) {
  (void)harness;
  now = time;
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

static void read_emitted (harness_t *harness) {
  mns_outbox_batch_t batch;
  uint64_t after = harness->emitted_after;
  mns_buffer_clear (&harness->emitted);
  while (mns_outbox_read (&harness->turn->outbox, after, SIZE_MAX, &harness->emitted, &batch) == MNS_OK)
    after = batch.last;
}

static void run (harness_t *harness, mns_job_t *job) {
  memset (&harness->error, 0, sizeof harness->error);
  harness->emitted_after = harness->turn->outbox.stored.number;
  harness->reply_size = 0;
  mns_turn_run (harness->turn, job, 1);
  read_emitted (harness);
}

/* The loop answers when the copy is done. */
static mns_rc_t await_copy (harness_t *harness) {
  mns_copy_heard (harness->turn->copy, true, &harness->error);
  mns_copy_destroy (&harness->turn->copy);
  return harness->error.rc;
}

/* An error's answer begins with where and detail. */
static void take_answer (harness_t *harness, const mns_outcome_t *outcome) {
  const char *text = (const char *)harness->turn->out.data + outcome->at;
  size_t skip = 0;
  if (outcome->rc != MNS_OK) {
    const char *detail = text + strlen (text) + 1;
    mns_fail (&harness->error, outcome->rc, text, "%s", detail);
    skip = (size_t)(detail - text) + strlen (detail) + 1;
  }
  harness->reply_at = outcome->at + skip;
  harness->reply_size = outcome->size - skip;
}

mns_rc_t harness_call_body (harness_t *harness, const char *command, const mns_uuid_t *key, const void *body,
                            size_t size) {
  mns_job_t job = {.kind = MNS_JOB_REQUEST, .body = body, .size = size, .caller = harness->caller};
  mns_text_copy (job.command, sizeof job.command, command);
  if (key)
    job.key = *key;
  run (harness, &job);
  take_answer (harness, &job.outcome);
  return job.outcome.later ? await_copy (harness) : job.outcome.rc;
}

mns_rc_t harness_call (harness_t *harness, const char *name, const void *in, void *out) {
  const mns_command_t *command = mns_command_find (&harness->turn->commands, name);
  mns_uuid_t key = mns_uuid_new ();
  mns_buffer_clear (&harness->scratch);
  if (command && command->request && in)
    mns_record_pack (command->request, in, &harness->scratch);
  mns_rc_t rc = harness_call_body (harness, name, &key, harness->scratch.data, harness->scratch.size);
  if (out && command && command->reply && !harness_reply (harness, 0, command->reply, out))
    mns_record_clear (command->reply, out);
  return rc;
}

const uint8_t *harness_reply_body (harness_t *harness, size_t *size) {
  *size = harness->reply_size;
  return harness->turn->out.data + harness->reply_at;
}

bool harness_reply (harness_t *harness, size_t index, const mns_record_type_t *type, void *record) {
  size_t size;
  const uint8_t *data = harness_reply_body (harness, &size);
  for (size_t i = 0;; i++) {
    mns_rc_t rc = mns_sequence_next (type, record, &data, &size, &harness->error);
    if (rc != MNS_OK || i == index)
      return rc == MNS_OK;
  }
}

/* The packed record in `scratch` becomes the next event of the log. */
static mns_rc_t deliver (harness_t *harness) {
  mns_offset_t offset = {.epoch = 1, .number = ++harness->log_number};
  mns_event_stamp (harness->scratch.data, offset.number, now, 1);
  mns_job_t job = {
      .kind = MNS_JOB_EVENTS, .body = harness->scratch.data, .size = harness->scratch.size, .offset = offset};
  run (harness, &job);
  if (!job.outcome.applied)
    harness->error = harness->turn->error;
  return job.outcome.rc;
}

mns_rc_t harness_event_with (harness_t *harness, const char *topic, const mns_record_type_t *type, const void *records,
                             size_t count, mns_date_t occurred, mns_date_t registered) {
  mns_event_t event = {.topic = topic, .topic_size = strlen (topic), .producer_epoch = 1, .version = type->version};
  mns_buffer_t body = {0};
  mns_text_copy (event.producer, sizeof event.producer, "tester");
  mns_text_copy (event.type, sizeof event.type, type->name);
  event.number = harness->log_number + 1;
  event.items = count;
  event.occurred = occurred;
  event.registered = registered;
  for (size_t i = 0; i < count; i++)
    mns_record_pack (type, (const char *)records + i * type->size, &body);
  mns_buffer_clear (&harness->scratch);
  mns_event_pack (&event, body.data, body.size, &harness->scratch);
  mns_buffer_fini (&body);
  return deliver (harness);
}

mns_rc_t harness_event (harness_t *harness, const char *topic, const mns_record_type_t *type, const void *record) {
  mns_date_t today = mns_time_date (now, (int32_t)harness->config.utc_offset_s);
  return harness_event_with (harness, topic, type, record, 1, today, today);
}

mns_rc_t harness_deliver (harness_t *harness, const mns_event_t *emitted) {
  mns_buffer_clear (&harness->scratch);
  mns_buffer_add (&harness->scratch, emitted->bytes, emitted->size);
  return deliver (harness);
}

mns_rc_t harness_timer (harness_t *harness, const char *name) {
  const mns_timer_t *timer = harness->service->timers;
  while (timer && timer->name && strcmp (timer->name, name) != 0)
    timer++;
  assert_true (timer && timer->name);
  mns_job_t job = {.kind = MNS_JOB_TIMER, .timer = timer};
  run (harness, &job);
  if (job.outcome.rc != MNS_OK)
    harness->error = harness->turn->error;
  return job.outcome.rc;
}

/* ---- what was emitted -------------------------------------------------------------------------------------------- */

/* Unpacks emitted event `index` into harness->event; false past the end. */
static bool find_emitted (harness_t *harness, size_t index) {
  const uint8_t *data = harness->emitted.data;
  size_t size = harness->emitted.size, used;
  for (size_t i = 0; size > 0; i++) {
    if (mns_event_unpack (&harness->event, data, size, &used, &harness->error) != MNS_OK)
      return false;
    if (i == index)
      return true;
    data += used;
    size -= used;
  }
  return false;
}

size_t harness_emitted_count (harness_t *harness) {
  size_t count = 0;
  while (find_emitted (harness, count))
    count++;
  return count;
}

const mns_event_t *harness_emitted (harness_t *harness, size_t index) {
  assert_true (find_emitted (harness, index));
  return &harness->event;
}

void harness_emitted_record (harness_t *harness, size_t index, size_t item, const mns_record_type_t *type,
                             void *record) {
  const mns_event_t *event = harness_emitted (harness, index);
  const uint8_t *data = event->body;
  size_t size = event->body_size;
  assert_string_equal (event->type, type->name);
  for (size_t i = 0; i <= item; i++)
    assert_int_equal (mns_sequence_next (type, record, &data, &size, &harness->error), MNS_OK);
}
