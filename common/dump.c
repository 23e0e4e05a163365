/* The thread that dumps: one read transaction, rows into a file, word of it to the loop. */
#include "common/dump.h"
#include "common/dir.h"
#include "common/handover.h"
#include "common/text.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WRITE_BYTES = 64 * 1024 };

struct mns_dump {
  const mns_dump_args_t *args;
  void *pipe;
  mns_dump_said_t said;
  mns_buffer_t bytes, body; /* records to write; of the record being made */
  bool ended;               /* the owner wants no more of it */
};

/* ---- words ------------------------------------------------------------------------------------------------------- */

static void say (mns_dump_t *dump) {
  mns_handover_give ();
  zmq_send (dump->pipe, &dump->said, sizeof dump->said, ZMQ_DONTWAIT);
}

/* The owner says nothing but "$TERM". */
static bool owner_ends (mns_dump_t *dump, int flags) {
  char word[8];
  dump->ended = dump->ended || zmq_recv (dump->pipe, word, sizeof word, flags) >= 0 || errno == ETERM;
  return dump->ended;
}

bool mns_dump_heard (zactor_t *actor, mns_dump_said_t *said) {
  mns_dump_said_t word;
  bool heard = false;
  while (zmq_recv (zsock_resolve (actor), &word, sizeof word, ZMQ_DONTWAIT) == sizeof word) {
    mns_handover_take ();
    *said = word;
    heard = true;
  }
  return heard;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static mns_rc_t write_bytes (mns_dump_t *dump, mns_error_t *error) {
  for (size_t at = 0; at < dump->bytes.size;) {
    ssize_t n = write (dump->args->file, dump->bytes.data + at, dump->bytes.size - at);
    if (n < 0 && errno != EINTR)
      return mns_fail (error, errno == ENOSPC || errno == EDQUOT ? MNS_DISK_FULL : MNS_IO, dump->args->service->name,
                       "the file of the snapshot cannot be written: %s", strerror (errno));
    at += n > 0 ? (size_t)n : 0;
  }
  dump->said.written += dump->bytes.size;
  mns_buffer_clear (&dump->bytes);
  if (owner_ends (dump, ZMQ_DONTWAIT))
    return mns_fail (error, MNS_UNAVAILABLE, dump->args->service->name, "the service ends");
  return MNS_OK;
}

static bool matches (const mns_dump_args_t *args, const char *topic, size_t size) {
  for (size_t i = 0; i < args->prefix_count; i++)
    if (mns_topic_matches (topic, size, args->prefixes[i]))
      return true;
  return args->prefix_count == 0;
}

bool mns_dump_wants (const mns_dump_t *dump, const char *stream, const char *subject, mns_place_t place) {
  char topic[MNS_TOPIC_MAX + 1];
  const mns_dump_args_t *args = dump->args;
  mns_topic_format (topic, stream, subject, place, "");
  size_t size = strlen (topic);
  for (size_t i = 0; i < args->prefix_count; i++)
    if (strncmp (args->prefixes[i], topic, size) == 0)
      return true; /* the prefix says more than these parts */
  return matches (args, topic, size);
}

static void describe (const mns_dump_t *dump, const mns_emit_t *emit, const mns_record_type_t *type, size_t count,
                      mns_event_t *event) {
  memset (event, 0, sizeof *event);
  mns_text_copy (event->producer, sizeof event->producer, dump->args->service->name);
  event->producer_epoch = dump->said.epoch;
  event->number = dump->said.number;
  mns_text_copy (event->type, sizeof event->type, type->name);
  event->version = type->version;
  event->items = count;
  event->occurred = emit->occurred;
  event->registered = emit->registered;
  mns_text_copy (event->entity, sizeof event->entity, emit->entity ? emit->entity : "");
}

mns_rc_t mns_dump_row (mns_dump_t *dump, const mns_emit_t *emit, const mns_record_type_t *type, const void *records,
                       size_t count, mns_error_t *error) {
  char topic[MNS_TOPIC_MAX + 1];
  mns_event_t event;
  mns_topic_format (topic, emit->stream ? emit->stream : dump->args->service->name, emit->subject, emit->place,
                    emit->happening);
  if (!matches (dump->args, topic, strlen (topic)))
    return MNS_OK;
  describe (dump, emit, type, count, &event);
  event.topic = topic;
  event.topic_size = strlen (topic);
  mns_buffer_clear (&dump->body);
  for (size_t i = 0; i < count; i++)
    mns_record_pack (type, (const char *)records + i * type->size, &dump->body);
  mns_event_pack (&event, dump->body.data, dump->body.size, &dump->bytes);
  if (dump->bytes.size < WRITE_BYTES)
    return MNS_OK;
  mns_rc_t rc = write_bytes (dump, error);
  say (dump);
  return rc;
}

/* ---- one dump ---------------------------------------------------------------------------------------------------- */

static mns_rc_t open_store (const mns_dump_args_t *args, mns_db_t **db, mns_error_t *error) {
  char folder[MNS_PATH_MAX], path[MNS_PATH_MAX], file[MNS_NAME_MAX + 8];
  snprintf (file, sizeof file, "%s.db", args->service->name);
  mns_rc_t rc = mns_dir_join (folder, args->config->data, args->service->name, error);
  if (rc == MNS_OK)
    rc = mns_dir_join (path, folder, file, error);
  mns_db_options_t options = {.path = path, .read_only = true, .who = args->service->name};
  return rc == MNS_OK ? mns_db_open (db, &options, error) : rc;
}

/* The transaction begins with its first read: what the producer had given out then is what the dump contains. */
static mns_rc_t begin (mns_dump_t *dump, mns_db_t *db, mns_error_t *error) {
  bool row;
  mns_rc_t rc = mns_db_exec (db, "BEGIN", error);
  if (rc != MNS_OK)
    return rc;
  sqlite3_stmt *place = mns_db_prepare (db, "SELECT epoch, number FROM producer");
  rc = mns_db_step (db, place, &row);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "producer", "%s", mns_db_message (db));
  if (row)
    mns_db_read (place, "uu", &dump->said.epoch, &dump->said.number);
  sqlite3_reset (place);
  return MNS_OK;
}

static mns_rc_t make (mns_dump_t *dump, mns_error_t *error) {
  mns_db_t *db = NULL;
  mns_rc_t rc = open_store (dump->args, &db, error);
  if (rc == MNS_OK)
    rc = begin (dump, db, error);
  if (rc == MNS_OK)
    rc = dump->args->snapshot->dump (dump, db, dump->args->config, error);
  if (rc == MNS_OK)
    rc = write_bytes (dump, error);
  mns_db_destroy (&db);
  return rc;
}

void mns_dump_actor (zsock_t *pipe, void *args) {
  mns_dump_t dump = {.args = args, .pipe = zsock_resolve (pipe)};
  zsock_signal (pipe, 0);
  make (&dump, &dump.said.error);
  dump.said.done = true;
  say (&dump);
  while (!owner_ends (&dump, 0))
    ;
  mns_buffer_fini (&dump.bytes);
  mns_buffer_fini (&dump.body);
}
