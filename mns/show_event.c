/* One event of the log for people or programs. */
#include "mns/show_event.h"

#include "common/records/events.h"
#include "common/records/streams.h"
#include "mns/json_body.h"
#include <inttypes.h>
#include <stdlib.h>

/* What of it may be shown: everything whose fields are known; an unknown body only where nothing personal can be. */
static bool may_show (const mns_event_t *event, bool reveal) {
  const mns_stream_t *stream = mns_stream_find (event->topic, event->topic_size);
  return reveal || mns_event_type (event->type) || !stream || !stream->personal;
}

static json_t *body_json (const mns_event_t *event, bool reveal) {
  json_t *list = NULL;
  if (may_show (event, reveal))
    mns_json_unpack (mns_event_type (event->type), event->body, event->body_size, reveal, &list, NULL);
  return list ? list : json_array ();
}

static void set_date (json_t *object, const char *name, mns_date_t date) {
  char text[MNS_DATE_TEXT];
  mns_date_format (date, text);
  if (date)
    json_object_set_new (object, name, json_string (text));
}

static void set_text (json_t *object, const char *name, const char *text) {
  if (text[0])
    json_object_set_new (object, name, json_string (text));
}

static json_t *event_json (const mns_event_t *event, bool reveal) {
  char time[MNS_TIME_TEXT];
  mns_time_format (event->recorded, time);
  json_t *object = json_pack (
      "{s:s, s:o, s:s, s:s, s:s, s:s%, s:o, s:i, s:I, s:I}", "specversion", "1.0", "id",
      json_sprintf ("%s-%" PRIu64 "-%" PRIu64, event->producer, event->producer_epoch, event->number), "source",
      event->producer, "type", event->type, "time", time, "subject", event->topic, event->topic_size, "dataschema",
      json_sprintf ("urn:minsheng:%s:%" PRIu64, event->type, event->version), "schemaversion", (int)event->version,
      "lognumber", (json_int_t)event->log_number, "logepoch", (json_int_t)event->log_epoch);
  set_date (object, "occurred", event->occurred);
  set_date (object, "registered", event->registered);
  set_text (object, "entity", event->entity);
  set_text (object, "cause", event->cause);
  set_text (object, "account", event->account);
  json_object_set_new (object, "data", body_json (event, reveal));
  return object;
}

/* The body on one line: fields of the first record, and how many more there are. */
static void print_body (const mns_event_t *event, bool reveal, FILE *out) {
  json_t *list = body_json (event, reveal);
  const char *name;
  json_t *value;
  json_object_foreach (json_array_get (list, 0), name, value) {
    char *text = json_is_string (value) ? NULL : json_dumps (value, JSON_ENCODE_ANY | JSON_COMPACT);
    fprintf (out, " %s=%s", name, text ? text : json_string_value (value));
    free (text);
  }
  if (json_array_size (list) > 1)
    fprintf (out, " … and %zu more", json_array_size (list) - 1);
  json_decref (list);
}

void mns_show_event (const mns_event_t *event, bool as_json, bool reveal, FILE *out) {
  if (as_json) {
    json_t *object = event_json (event, reveal);
    json_dumpf (object, out, JSON_COMPACT);
    json_decref (object);
  } else {
    char time[MNS_TIME_TEXT];
    mns_time_format (event->recorded, time);
    fprintf (out, "%" PRIu64 " %s %.*s", event->log_number, time, (int)event->topic_size, event->topic);
    print_body (event, reveal, out);
  }
  fputc ('\n', out);
}
