/* Tracing over the index. Causes are followed up to the first, effects breadth first; each record is read in the log
 * and compared with what it was looked up by. */
#include "services/broker/trace.h"
#include "common/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAUSES_MAX = 32, ID_MAX = 96 };

typedef struct {
  uint64_t number;
  uint8_t *bytes;
  size_t size;
} found_t;

typedef struct {
  broker_index_t *index;
  broker_log_t *log;
  found_t found[BROKER_TRACE_EVENTS];
  size_t count, bytes;
  uint64_t gone;
  mns_rc_t rc;
  /* of the look-up at hand */
  broker_mark_t mark;
  const void *value;
  size_t size;
} tracer_t;

/* ---- reading one record ------------------------------------------------------------------------------------------ */

typedef struct {
  uint64_t number;
  uint8_t *bytes;
  size_t size;
  bool gone;
} one_t;

static bool pick (void *self, const broker_row_t *row) {
  one_t *one = self;
  const uint8_t *at = row->records;
  if (one->number < row->first || one->number >= row->first + row->count)
    return true;
  one->gone = row->records == NULL;
  for (size_t size; row->records && (size = broker_record_next (&at, row->records + row->size)) > 0;)
    if (mns_event_log_number (at - size) == one->number) {
      one->bytes = mns_alloc (size);
      memcpy (one->bytes, at - size, size);
      one->size = size;
    }
  return false;
}

/* Whether the record has the value that it was found by. */
static bool has_value (const tracer_t *tracer, const mns_event_t *event) {
  const char *text = tracer->mark == BROKER_BY_ENTITY ? event->entity : event->cause;
  if (tracer->mark == BROKER_BY_CORRELATION)
    return memcmp (&event->correlation, tracer->value, tracer->size) == 0;
  return strlen (text) == tracer->size && memcmp (text, tracer->value, tracer->size) == 0;
}

static bool is_known (const tracer_t *tracer, uint64_t number) {
  for (size_t i = 0; i < tracer->count; i++)
    if (tracer->found[i].number == number)
      return true;
  return false;
}

static bool has_room (const tracer_t *tracer) {
  return tracer->count < BROKER_TRACE_EVENTS && tracer->bytes < BROKER_TRACE_BYTES;
}

/* Adds the record of that number; with `mark` 0 whatever it is. The event points into what is kept. */
static bool add (tracer_t *tracer, uint64_t number, mns_event_t *event) {
  one_t one = {.number = number};
  size_t used;
  tracer->rc = broker_log_read (tracer->log, number - 1, number, BROKER_STREAMS_ALL, pick, &one);
  tracer->gone += one.gone;
  if (tracer->rc != MNS_OK || one.bytes == NULL)
    return false;
  if (mns_event_unpack (event, one.bytes, one.size, &used, NULL) != MNS_OK ||
      (tracer->mark != 0 && !has_value (tracer, event))) {
    free (one.bytes);
    return false;
  }
  tracer->found[tracer->count++] = (found_t){number, one.bytes, one.size};
  tracer->bytes += one.size;
  return true;
}

/* ---- following --------------------------------------------------------------------------------------------------- */

/* "<producer>-<epoch>-<number>": a producer may have hyphens of its own. */
static bool parse_id (const char *id, char producer[MNS_NAME_MAX + 1], uint64_t *epoch, uint64_t *number) {
  char text[ID_MAX];
  int64_t values[2] = {0, 0};
  if (!mns_text_copy (text, sizeof text, id))
    return false;
  for (int i = 1; i >= 0; i--) {
    char *dash = strrchr (text, '-');
    if (dash == NULL || !mns_text_parse_int (dash + 1, &values[i]) || values[i] < 1)
      return false;
    *dash = 0;
  }
  *epoch = (uint64_t)values[0];
  *number = (uint64_t)values[1];
  return text[0] != 0 && mns_text_copy (producer, MNS_NAME_MAX + 1, text);
}

static bool add_marked (void *self, uint64_t number) {
  tracer_t *tracer = self;
  mns_event_t event;
  if (!is_known (tracer, number))
    add (tracer, number, &event);
  return tracer->rc == MNS_OK && has_room (tracer);
}

static void add_all (tracer_t *tracer, broker_mark_t mark, const void *value, size_t size) {
  tracer->mark = mark;
  tracer->value = value;
  tracer->size = size;
  mns_rc_t rc = broker_index_marked (tracer->index, mark, value, size, add_marked, tracer);
  if (tracer->rc == MNS_OK)
    tracer->rc = rc;
  tracer->mark = 0;
}

static void add_effects (tracer_t *tracer, size_t from) {
  char id[ID_MAX];
  mns_event_t event;
  size_t used;
  for (size_t i = from; i < tracer->count && tracer->rc == MNS_OK && has_room (tracer); i++) {
    mns_event_unpack (&event, tracer->found[i].bytes, tracer->found[i].size, &used, NULL);
    snprintf (id, sizeof id, "%s-%llu-%llu", event.producer, (unsigned long long)event.producer_epoch,
              (unsigned long long)event.number);
    add_all (tracer, BROKER_BY_CAUSE, id, strlen (id));
  }
}

static void add_causes (tracer_t *tracer, const mns_event_t *event) {
  char producer[MNS_NAME_MAX + 1], cause[ID_MAX];
  uint64_t epoch, number, log_number;
  mns_event_t next;
  mns_text_copy (cause, sizeof cause, event->cause);
  for (int i = 0; i < CAUSES_MAX && parse_id (cause, producer, &epoch, &number) && has_room (tracer); i++) {
    tracer->rc = broker_index_find (tracer->index, producer, epoch, number, &log_number);
    if (tracer->rc != MNS_OK || log_number == 0 || is_known (tracer, log_number) || !add (tracer, log_number, &next))
      return;
    mns_text_copy (cause, sizeof cause, next.cause);
  }
}

static mns_rc_t trace_event (tracer_t *tracer, const char *id, broker_traced_t *traced, mns_error_t *error) {
  char producer[MNS_NAME_MAX + 1];
  uint64_t epoch, number;
  mns_event_t event;
  mns_uuid_t key;
  if (!parse_id (id, producer, &epoch, &number))
    return mns_fail (error, MNS_INVALID, "event", "'%s' is no event id like registry-1-1042", id);
  mns_rc_t rc = broker_index_find (tracer->index, producer, epoch, number, &traced->number);
  if (rc == MNS_OK && traced->number == 0)
    rc = mns_fail (error, MNS_NOT_FOUND, "event", "the log has no event %s", id);
  if (rc != MNS_OK)
    return rc;
  if (!add (tracer, traced->number, &event))
    return tracer->gone > 0 ? mns_fail (error, MNS_GONE, "event", "event %s had number %llu, which is no longer kept",
                                        id, (unsigned long long)traced->number)
                            : tracer->rc;
  key = event.correlation;
  add_effects (tracer, 0);
  if (tracer->rc == MNS_OK && !mns_uuid_is_zero (&key))
    add_all (tracer, BROKER_BY_CORRELATION, &key, sizeof key);
  if (tracer->rc == MNS_OK)
    add_causes (tracer, &event);
  return tracer->rc;
}

/* ---- the answer -------------------------------------------------------------------------------------------------- */

static int compare (const void *a, const void *b) {
  const found_t *x = a, *y = b;
  return (x->number > y->number) - (x->number < y->number);
}

mns_rc_t broker_trace (broker_index_t *index, broker_log_t *log, const char *event, const char *entity,
                       mns_buffer_t *records, broker_traced_t *traced, mns_error_t *error) {
  tracer_t *tracer = mns_alloc (sizeof *tracer);
  *traced = (broker_traced_t){0};
  *error = (mns_error_t){0};
  tracer->index = index;
  tracer->log = log;
  mns_rc_t rc = MNS_OK;
  if (event[0]) {
    rc = trace_event (tracer, event, traced, error);
  } else {
    add_all (tracer, BROKER_BY_ENTITY, entity, strlen (entity));
    rc = tracer->rc;
  }
  if (rc != MNS_OK && error->rc == MNS_OK)
    mns_fail (error, rc, "index", "the index or the log cannot be read: %s", mns_error_en (rc));
  if (tracer->count > 0)
    qsort (tracer->found, tracer->count, sizeof *tracer->found, compare);
  for (size_t i = 0; i < tracer->count; i++) {
    mns_buffer_add (records, tracer->found[i].bytes, tracer->found[i].size);
    free (tracer->found[i].bytes);
  }
  traced->count = tracer->count;
  traced->gone = tracer->gone;
  free (tracer);
  return rc;
}
