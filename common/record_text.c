/* One field from and to plain text: what a person types in a cell, a flag or a configuration file, and what a table
 * prints. Reading is generous with forms (dates, codes) and exact with values. */
#include "common/record.h"

#include "common/record_field.h"
#include "common/text.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static mns_rc_t refuse (const mns_field_t *field, const char *text, const char *why, mns_error_t *error) {
  char shown[MNS_FIELD_SHOWN];
  return mns_fail (error, MNS_INVALID, field->name, "%s %s", mns_field_shown (field, text, strlen (text), shown), why);
}

static mns_rc_t parse_id (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  int64_t number;
  if (!mns_text_parse_int (text, &number) || number < 1)
    return refuse (field, text, "is not a number from 1 up", error);
  return mns_field_put_number (field, record, number, error);
}

static mns_rc_t parse_int (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  int64_t number;
  if (!mns_text_parse_int (text, &number))
    return refuse (field, text, "is not a whole number", error);
  return mns_field_put_number (field, record, number, error);
}

static mns_rc_t parse_fen (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  mns_fen_t fen;
  if (!mns_fen_parse (text, &fen))
    return refuse (field, text, "is not a whole number of fen; 600 yuan is written 60000", error);
  return mns_field_put_number (field, record, fen, error);
}

static mns_rc_t parse_date (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  mns_date_t date;
  if (!mns_date_parse_loose (text, &date))
    return refuse (field, text, "is not a date; write it as 2026-07-01", error);
  return mns_field_put_number (field, record, date, error);
}

static mns_rc_t parse_time (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  mns_time_t time;
  if (!mns_time_parse (text, &time))
    return refuse (field, text, "is not a time; write it as 2026-07-01T08:00:00+08:00", error);
  return mns_field_put_number (field, record, time, error);
}

static mns_rc_t parse_code (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  char shown[MNS_FIELD_SHOWN];
  mns_code_t code = mns_code_find (field->codes, text);
  if (code == 0)
    return mns_fail (error, MNS_UNKNOWN_CODE, field->name, "%s is not in the table %s",
                     mns_field_shown (field, text, strlen (text), shown), field->codes->name);
  *(mns_code_t *)mns_field_at (field, record) = code;
  return MNS_OK;
}

static mns_rc_t parse_uuid (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  mns_uuid_t uuid;
  if (!mns_uuid_parse (text, &uuid))
    return refuse (field, text, "is not a UUID", error);
  *(mns_uuid_t *)mns_field_at (field, record) = uuid;
  return MNS_OK;
}

static mns_rc_t parse_wire (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  return mns_field_put_text (field, record, text, strlen (text), error);
}

/* The digits of a level are enough: 510322 is 510322000000. */
static mns_rc_t parse_place (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  char whole[] = "000000000000";
  size_t size = strlen (text);
  if (size != 2 && size != 4 && size != 6 && size != 9)
    return parse_wire (field, record, text, error);
  memcpy (whole, text, size);
  return parse_wire (field, record, whole, error);
}

static mns_rc_t parse_list (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  (void)record, (void)text;
  return mns_fail (error, MNS_INVALID, field->name, "a list cannot be given as one text");
}

mns_rc_t mns_field_parse (const mns_field_t *field, void *record, const char *text, mns_error_t *error) {
  static mns_rc_t (*const parsers[]) (const mns_field_t *, void *, const char *, mns_error_t *) = {
      [MNS_KIND_TEXT] = parse_wire,   [MNS_KIND_ID] = parse_id,     [MNS_KIND_INT] = parse_int,
      [MNS_KIND_FEN] = parse_fen,     [MNS_KIND_DATE] = parse_date, [MNS_KIND_TIME] = parse_time,
      [MNS_KIND_PLACE] = parse_place, [MNS_KIND_CODE] = parse_code, [MNS_KIND_UUID] = parse_uuid,
      [MNS_KIND_LIST] = parse_list,
  };
  if (text[0] == '\0' && field->kind != MNS_KIND_LIST) {
    mns_field_clear (field, record);
    return MNS_OK;
  }
  if (!mns_text_valid (text, strlen (text)))
    return mns_fail (error, MNS_BAD_UTF8, field->name, "the text is not UTF-8");
  return parsers[field->kind](field, record, text, error);
}

const char *mns_field_format (const mns_field_t *field, const void *record, char *text, size_t size) {
  char room[64] = "";
  const char *full = room;
  size_t length;
  if (mns_field_absent (field, record) || field->kind == MNS_KIND_LIST)
    full = "";
  else if (field->kind == MNS_KIND_TIME)
    mns_time_format (mns_field_number (field, record), room);
  else if (field->kind == MNS_KIND_UUID)
    mns_uuid_format (mns_field_in (field, record), room);
  else if (field->kind == MNS_KIND_ID || field->kind == MNS_KIND_INT || field->kind == MNS_KIND_FEN)
    snprintf (room, sizeof room, "%" PRId64, mns_field_number (field, record));
  else
    full = mns_field_text (field, record, room, &length);
  mns_text_copy (text, size, full);
  return text;
}
