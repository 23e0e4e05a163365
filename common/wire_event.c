/* A record: one event as it is sent, stored and delivered (docs/protocol.md).
 *
 *   length u32 | de hi lo | 01 cf log number | 02 cf recorded | 03 ce log epoch | 04 str topic | other keys | body
 *
 * The first four entries stand at fixed places, so that the broker stamps and filters without decoding. */
#include "common/cursor.h"
#include "common/pack.h"
#include "common/text.h"
#include "common/wire.h"
#include <assert.h>
#include <string.h>

typedef enum { EVENT_UINT, EVENT_TEXT, EVENT_DATE, EVENT_UUID } event_kind_t;

typedef struct {
  uint8_t key, kind;
  bool required;
  uint16_t offset, size;
  const char *name;
} event_field_t;

#define FIELD(key, kind, required, name)                                                                               \
  { key, kind, required, offsetof (mns_event_t, name), sizeof (((mns_event_t *)0)->name), #name }
static const event_field_t event_fields[] = {
    FIELD (5, EVENT_TEXT, true, producer),      FIELD (6, EVENT_UINT, true, producer_epoch),
    FIELD (7, EVENT_UINT, true, number),        FIELD (8, EVENT_TEXT, true, type),
    FIELD (9, EVENT_UINT, true, version),       FIELD (10, EVENT_UINT, false, items),
    FIELD (11, EVENT_DATE, false, occurred),    FIELD (12, EVENT_DATE, false, registered),
    FIELD (13, EVENT_UINT, false, hops),        FIELD (64, EVENT_TEXT, false, entity),
    FIELD (65, EVENT_TEXT, false, cause),       FIELD (66, EVENT_TEXT, false, account),
    FIELD (67, EVENT_UUID, false, correlation),
};
#undef FIELD
enum {
  EVENT_FIELDS = sizeof event_fields / sizeof *event_fields,
  AT_MAP = 4,       /* de hi lo */
  AT_NUMBER = 9,    /* behind 01 cf */
  AT_RECORDED = 19, /* behind 02 cf */
  AT_EPOCH = 29,    /* behind 03 ce */
  AT_TOPIC = 33,    /* 04, then the text */
  FIXED_ENTRIES = 4,
  EVENT_HEADER_MAX = MNS_HEAD_MAX,
  FIRST_OPTIONAL = 64,
  EVENT_ENTRIES = 64
};

static void put_be (uint8_t *at, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; i--, value >>= 8)
    at[i] = (uint8_t)value;
}

static uint64_t get_be (const uint8_t *at, int bytes) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; i++)
    value = value << 8 | at[i];
  return value;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static bool present (const event_field_t *field, const mns_event_t *event) {
  static const uint8_t nothing[16];
  const char *at = (const char *)event + field->offset;
  return field->kind == EVENT_TEXT ? *at != 0 : memcmp (at, nothing, field->size) != 0;
}

static void pack_field (mns_buffer_t *out, const event_field_t *field, const mns_event_t *event) {
  const char *at = (const char *)event + field->offset;
  char date[MNS_DATE_TEXT];
  mns_date_t day;
  uint64_t number;
  mns_pack_uint (out, field->key);
  switch ((event_kind_t)field->kind) {
  case EVENT_TEXT:
    mns_pack_text (out, at, strlen (at));
    return;
  case EVENT_UUID:
    mns_pack_bytes (out, at, field->size);
    return;
  case EVENT_DATE:
    memcpy (&day, at, sizeof day);
    mns_date_format (day, date);
    mns_pack_text (out, date, strlen (date));
    return;
  case EVENT_UINT:
    memcpy (&number, at, sizeof number);
    mns_pack_uint (out, number);
  }
}

void mns_event_pack (const mns_event_t *event, const void *body, size_t body_size, mns_buffer_t *out) {
  uint8_t fixed[AT_TOPIC + 1] = {
      [AT_MAP] = 0xde,          [AT_NUMBER - 2] = 1, [AT_NUMBER - 1] = 0xcf, [AT_RECORDED - 2] = 2,
      [AT_RECORDED - 1] = 0xcf, [AT_EPOCH - 2] = 3,  [AT_EPOCH - 1] = 0xce,  [AT_TOPIC] = 4};
  uint64_t count = FIXED_ENTRIES;
  for (size_t i = 0; i < EVENT_FIELDS; i++)
    count += present (&event_fields[i], event);
  put_be (fixed + AT_MAP + 1, count, 2);
  size_t start = out->size;
  mns_buffer_add (out, fixed, sizeof fixed);
  mns_pack_text (out, event->topic, event->topic_size);
  for (size_t i = 0; i < EVENT_FIELDS; i++)
    if (present (&event_fields[i], event))
      pack_field (out, &event_fields[i], event);
  if (body_size > 0)
    mns_buffer_add (out, body, body_size);
  put_be (out->data + start, out->size - start - 4, 4);
}

void mns_event_stamp (uint8_t *record, uint64_t log_number, mns_time_t recorded, uint32_t log_epoch) {
  put_be (record + AT_NUMBER, log_number, 8);
  put_be (record + AT_RECORDED, (uint64_t)recorded, 8);
  put_be (record + AT_EPOCH, log_epoch, 4);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static mns_rc_t wrong (const char *name, mns_error_t *error) {
  return mns_fail (error, MNS_MALFORMED, name, "a value in the record's header is missing or has another type");
}

static mns_rc_t read_text (mns_cursor_t *read, const event_field_t *field, char *target, mns_error_t *error) {
  const char *text;
  size_t size;
  if (!mns_cursor_text (read, &text, &size))
    return wrong (field->name, error);
  if (size >= field->size)
    return mns_fail (error, MNS_TOO_LONG, field->name, "%zu bytes where at most %d are allowed", size, field->size - 1);
  if (!mns_text_valid (text, size))
    return mns_fail (error, MNS_BAD_UTF8, field->name, "the text in the record's header is not UTF-8");
  memcpy (target, text, size);
  target[size] = 0;
  return MNS_OK;
}

static mns_rc_t read_date (mns_cursor_t *read, const event_field_t *field, void *target, mns_error_t *error) {
  const char *text;
  size_t size;
  char copy[MNS_DATE_TEXT] = "";
  mns_date_t date;
  if (!mns_cursor_text (read, &text, &size) || size >= sizeof copy)
    return wrong (field->name, error);
  memcpy (copy, text, size);
  if (!mns_date_parse (copy, &date))
    return mns_fail (error, MNS_INVALID, field->name, "not a date like 2026-07-01");
  memcpy (target, &date, sizeof date);
  return MNS_OK;
}

static mns_rc_t read_field (mns_cursor_t *read, const event_field_t *field, mns_event_t *event, mns_error_t *error) {
  char *target = (char *)event + field->offset;
  const uint8_t *data;
  size_t size;
  uint64_t number;
  switch ((event_kind_t)field->kind) {
  case EVENT_TEXT:
    return read_text (read, field, target, error);
  case EVENT_DATE:
    return read_date (read, field, target, error);
  case EVENT_UUID:
    if (!mns_cursor_bytes (read, &data, &size) || size != field->size)
      return wrong (field->name, error);
    memcpy (target, data, size);
    return MNS_OK;
  case EVENT_UINT:
    break;
  }
  if (!mns_cursor_uint (read, UINT64_MAX, &number))
    return wrong (field->name, error);
  memcpy (target, &number, sizeof number);
  return MNS_OK;
}

static const event_field_t *find_field (uint64_t key) {
  for (size_t i = 0; i < EVENT_FIELDS; i++)
    if (event_fields[i].key == key)
      return &event_fields[i];
  return NULL;
}

static mns_rc_t read_entry (mns_cursor_t *read, mns_event_t *event, uint64_t *before, mns_error_t *error) {
  uint64_t key;
  if (!mns_cursor_uint (read, 127, &key))
    return mns_fail (error, MNS_MALFORMED, "record", "a key of the record's header is not a number from 1 to 127");
  if (key <= *before)
    return mns_fail (error, MNS_MALFORMED, "record", "the keys of the record's header do not ascend at %d", (int)key);
  *before = key;
  const event_field_t *field = find_field (key);
  if (field != NULL)
    return read_field (read, field, event, error);
  if (key < FIRST_OPTIONAL)
    return mns_fail (error, MNS_NEWER_PROTOCOL, "record", "key %d is not known to this version", (int)key);
  if (!mns_cursor_skip (read))
    return mns_fail (error, MNS_MALFORMED, "record", "the value of an optional key is broken or too deep");
  return MNS_OK;
}

/* The four entries at their fixed places. */
static bool read_fixed (const uint8_t *bytes, mns_event_t *event, uint64_t *entries) {
  if (bytes[AT_MAP] != 0xde || bytes[AT_NUMBER - 2] != 1 || bytes[AT_NUMBER - 1] != 0xcf ||
      bytes[AT_RECORDED - 2] != 2 || bytes[AT_RECORDED - 1] != 0xcf || bytes[AT_EPOCH - 2] != 3 ||
      bytes[AT_EPOCH - 1] != 0xce || bytes[AT_TOPIC] != 4)
    return false;
  *entries = get_be (bytes + AT_MAP + 1, 2);
  event->log_number = get_be (bytes + AT_NUMBER, 8);
  event->recorded = (mns_time_t)get_be (bytes + AT_RECORDED, 8);
  event->log_epoch = get_be (bytes + AT_EPOCH, 4);
  return *entries >= FIXED_ENTRIES && *entries <= EVENT_ENTRIES && event->recorded >= 0;
}

static mns_rc_t check_required (const mns_event_t *event, mns_error_t *error) {
  for (size_t i = 0; i < EVENT_FIELDS; i++)
    if (event_fields[i].required && !present (&event_fields[i], event))
      return mns_fail (error, MNS_MISSING, event_fields[i].name, "the record's header lacks this value");
  return MNS_OK;
}

/* The bytes that the length promises, or an error. */
static mns_rc_t frame (const void *data, size_t size, mns_event_t *event, mns_error_t *error) {
  if (size < 4)
    return mns_fail (error, MNS_MALFORMED, "record", "%zu bytes are too few for a record", size);
  uint64_t whole = get_be (data, 4) + 4;
  if (whole > MNS_BODY_MAX)
    return mns_fail (error, MNS_TOO_LARGE, "record", "a record of %llu bytes where at most %d are allowed",
                     (unsigned long long)whole, MNS_BODY_MAX);
  if (whole > size || whole < AT_TOPIC + 2)
    return mns_fail (error, MNS_MALFORMED, "record", "the length of the record, %llu, does not fit its %zu bytes",
                     (unsigned long long)whole, size);
  event->bytes = data;
  event->size = (size_t)whole;
  return MNS_OK;
}

static mns_rc_t read_topic (mns_cursor_t *read, mns_event_t *event, mns_error_t *error) {
  if (!mns_cursor_text (read, &event->topic, &event->topic_size) || event->topic_size == 0)
    return wrong ("topic", error);
  if (event->topic_size > MNS_TOPIC_MAX)
    return mns_fail (error, MNS_TOO_LONG, "topic", "%zu bytes where at most %d are allowed", event->topic_size,
                     MNS_TOPIC_MAX);
  return MNS_OK;
}

mns_rc_t mns_event_unpack (mns_event_t *event, const void *data, size_t size, size_t *used, mns_error_t *error) {
  memset (event, 0, sizeof *event);
  uint64_t entries, before = FIXED_ENTRIES;
  mns_rc_t rc = frame (data, size, event, error);
  if (rc != MNS_OK)
    return rc;
  if (!read_fixed (event->bytes, event, &entries))
    return mns_fail (error, MNS_MALFORMED, "record",
                     "the header does not begin with keys 1, 2, 3 and 4 in fixed width");
  mns_cursor_t read = mns_cursor_init (event->bytes + AT_TOPIC + 1, event->size - AT_TOPIC - 1);
  rc = read_topic (&read, event, error);
  for (uint64_t i = FIXED_ENTRIES; rc == MNS_OK && i < entries; i++)
    rc = read_entry (&read, event, &before, error);
  if (rc == MNS_OK)
    rc = check_required (event, error);
  if (rc != MNS_OK)
    return rc;
  if (read.at - event->bytes > EVENT_HEADER_MAX)
    return mns_fail (error, MNS_TOO_LARGE, "record", "the header has more than %d bytes", EVENT_HEADER_MAX);
  if (event->items == 0)
    event->items = 1;
  event->body = read.at;
  event->body_size = mns_cursor_left (&read);
  *used = event->size;
  return MNS_OK;
}

const char *mns_event_topic (const uint8_t *record, size_t *size) {
  const uint8_t *text = record + AT_TOPIC + 1;
  if ((*text & 0xe0) == 0xa0) {
    *size = *text & 0x1f;
    return (const char *)text + 1;
  }
  int width = 1 << (*text - 0xd9); /* str 8, 16, 32 */
  *size = (size_t)get_be (text + 1, width);
  return (const char *)text + 1 + width;
}

size_t mns_event_size (const uint8_t *record) {
  return (size_t)get_be (record, 4) + 4;
}

uint64_t mns_event_log_number (const uint8_t *record) {
  return get_be (record + AT_NUMBER, 8);
}

/* ---- chain ------------------------------------------------------------------------------------------------------- */

uint64_t mns_chain (uint64_t chain, const uint8_t *record, size_t size) {
  uint8_t head[8 + AT_TOPIC];
  assert (size >= AT_TOPIC);
  put_be (head, chain, 8);
  memcpy (head + 8, record, AT_TOPIC);
  mns_event_stamp (head + 8, 0, 0, 0);
  return mns_crc64 (mns_crc64 (0, head, sizeof head), record + AT_TOPIC, size - AT_TOPIC);
}

uint64_t mns_log_chain (uint64_t chain, const uint8_t *record, size_t size) {
  uint8_t head[8];
  put_be (head, chain, 8);
  return mns_crc64 (mns_crc64 (0, head, sizeof head), record, size);
}
