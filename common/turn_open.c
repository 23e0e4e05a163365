/* Opening what a turn works on: store, migrations, outbox, answers, offset, and the service's own state; and closing
 * it. */
#include "common/clock.h"
#include "common/dir.h"
#include "common/text.h"
#include "common/turn.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mns_rc_t open_store (mns_turn_t *turn, mns_error_t *error) {
  const mns_service_t *service = turn->service;
  char folder[MNS_PATH_MAX], path[MNS_PATH_MAX], file[MNS_NAME_MAX + 8];
  mns_rc_t rc = mns_dir_join (folder, turn->config->data, service->name, error);
  snprintf (file, sizeof file, "%s.db", service->name);
  if (rc == MNS_OK)
    rc = mns_dir_make (folder, 0700, error);
  if (rc == MNS_OK)
    rc = mns_dir_join (path, folder, file, error);
  mns_db_options_t options = {.path = path, .cache_kib = service->cache_kib, .who = service->name};
  if (rc == MNS_OK)
    rc = mns_db_open (&turn->db, &options, error);
  if (rc == MNS_OK)
    rc = mns_db_add_functions (turn->db, error);
  if (rc == MNS_OK)
    rc = mns_db_migrate (turn->db, "common", mns_embedded_common, error);
  if (rc == MNS_OK && service->files)
    rc = mns_db_migrate (turn->db, service->name, service->files, error);
  return rc;
}

static mns_rc_t read_offset (mns_turn_t *turn, mns_error_t *error) {
  bool row;
  int64_t epoch = 0, number = 0, chain = 0;
  turn->read_offset =
      mns_db_prepare (turn->db, "SELECT epoch, number, chain, known_from, reread_until FROM consumer WHERE name = ?1");
  turn->save_offset = mns_db_prepare (turn->db, "INSERT INTO consumer (name, epoch, number, chain, reread_until)"
                                                " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO UPDATE SET"
                                                " epoch = excluded.epoch, number = excluded.number,"
                                                " chain = excluded.chain, reread_until = excluded.reread_until");
  mns_db_bind (turn->read_offset, "t", turn->service->name);
  mns_rc_t rc = mns_db_step (turn->db, turn->read_offset, &row);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "consumer", "the offset cannot be read: %s", mns_db_message (turn->db));
  if (row) {
    mns_db_read (turn->read_offset, "iiiuu", &epoch, &number, &chain, &turn->known_from, &turn->reread_until);
    sqlite3_reset (turn->read_offset);
  }
  turn->offset = (mns_offset_t){(uint64_t)epoch, (uint64_t)number, (uint64_t)chain};
  turn->stored_offset = turn->base_offset = turn->offset;
  return MNS_OK;
}

/* Room for the largest record that any command or topic decodes. */
static void *make_record (const mns_turn_t *turn) {
  size_t size = mns_command_record_size (&turn->commands);
  for (const mns_topic_t *topic = turn->service->topics; topic && topic->prefix; topic++)
    size = topic->type->size > size ? topic->type->size : size;
  return mns_alloc (size);
}

static void begin_status (mns_turn_t *turn) {
  mns_service_status_t *status = &turn->status;
  mns_record_clear (&mns_service_status_type, status);
  mns_text_copy (status->service, sizeof status->service, turn->service->name);
  mns_text_copy (status->software, sizeof status->software, "minsheng " MNS_VERSION);
  status->started = mns_clock.wall ();
  status->turns = status->redone = status->requests = status->refused = 0;
  status->events = status->skipped = 0;
  mns_turn_set_state (turn, MNS_STATE_CONNECTING);
}

mns_rc_t mns_turn_open (mns_turn_t **out, const mns_service_t *service, const mns_config_t *config,
                        mns_error_t *error) {
  if (sodium_init () < 0)
    return mns_fail (error, MNS_INTERNAL, "libsodium", "the library does not start");
  mns_turn_t *turn = mns_alloc (sizeof *turn);
  memset (turn, 0, sizeof *turn);
  turn->service = service;
  turn->config = config;
  turn->answers_expired = true;
  mns_command_index_init (&turn->commands, service);
  turn->record = make_record (turn);
  begin_status (turn);
  mns_rc_t rc = open_store (turn, error);
  if (rc == MNS_OK)
    rc = mns_outbox_init (&turn->outbox, turn->db, service->name, error);
  if (rc == MNS_OK)
    rc = read_offset (turn, error);
  if (rc == MNS_OK)
    rc = mns_vector_init (&turn->vector, turn->db, error);
  if (rc == MNS_OK)
    rc = mns_turn_read_interventions (turn, error);
  turn->outbox.keep_bytes = (uint64_t)config->outbox_keep_mib << 20;
  if (rc == MNS_OK) {
    mns_answers_init (&turn->answers, turn->db);
    rc = service->open (&turn->self, turn->db, config, error);
  }
  if (rc != MNS_OK)
    mns_turn_close (&turn);
  *out = turn;
  return rc;
}

void mns_turn_close (mns_turn_t **owner) {
  mns_turn_t *turn = *owner;
  if (!turn)
    return;
  if (turn->self)
    turn->service->close (&turn->self);
  mns_copy_destroy (&turn->copy);
  mns_outbox_fini (&turn->outbox);
  mns_vector_fini (&turn->vector);
  mns_db_destroy (&turn->db);
  mns_command_index_fini (&turn->commands);
  mns_buffer_fini (&turn->reply);
  mns_buffer_fini (&turn->out);
  mns_buffer_fini (&turn->body);
  mns_buffer_fini (&turn->skipped);
  free (turn->record);
  free (turn);
  *owner = NULL;
}
