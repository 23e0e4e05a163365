/* What holds for every record whatever its format: absence, equality, bounds, code tables. */
#include "common/record.h"

#include "common/record_field.h"
#include "common/text.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TIME_MAX  INT64_C (253402300799999999) /* the last microsecond of the year 9999 */
#define PLACE_MIN INT64_C (100000000000)
#define PLACE_MAX INT64_C (999999999999)

/* ---- code tables ------------------------------------------------------------------------------------------------- */

mns_code_t mns_code_find (const mns_code_table_t *table, const char *text) {
  if (text[0] == '\0')
    return 0;
  for (uint16_t i = 0; i < table->count; i++) {
    const mns_code_row_t *row = &table->rows[i];
    if (strcmp (row->word, text) == 0 || strcmp (row->national, text) == 0 || strcmp (row->zh, text) == 0)
      return (mns_code_t)(i + 1);
  }
  return 0;
}

const char *mns_code_word (const mns_code_table_t *table, mns_code_t code) {
  return code == 0 || code > table->count ? "" : table->rows[code - 1].word;
}

const char *mns_code_zh (const mns_code_table_t *table, mns_code_t code) {
  return code == 0 || code > table->count ? "" : table->rows[code - 1].zh;
}

/* Character by character: words are short, and a zero byte in the text must not pass for the end of the word. */
static inline bool is_word (const char *word, const char *text, size_t size) {
  size_t at = 0;
  while (at < size && word[at] == text[at] && word[at] != '\0')
    at++;
  return at == size && word[at] == '\0';
}

/* The words alone, for a text that is not terminated and not empty. */
static mns_code_t find_word (const mns_code_table_t *table, const char *text, size_t size) {
  for (uint16_t i = 0; i < table->count; i++)
    if (is_word (table->rows[i].word, text, size))
      return (mns_code_t)(i + 1);
  return 0;
}

/* ---- one field --------------------------------------------------------------------------------------------------- */

uint16_t mns_field_count (const mns_field_t *field, const void *record) {
  uint16_t count;
  memcpy (&count, (const char *)record + field->count_offset, sizeof count);
  return count < field->capacity ? count : (uint16_t)field->capacity;
}

void mns_field_set_count (const mns_field_t *field, void *record, uint16_t count) {
  memcpy ((char *)record + field->count_offset, &count, sizeof count);
}

const void *mns_field_item (const mns_field_t *field, const void *record, size_t index) {
  return (const char *)record + field->offset + index * field->item->size;
}

void *mns_field_item_at (const mns_field_t *field, void *record, size_t index) {
  return (char *)record + field->offset + index * field->item->size;
}

int64_t mns_field_number (const mns_field_t *field, const void *record) {
  const void *at = mns_field_in (field, record);
  if (field->kind == MNS_KIND_DATE)
    return *(const mns_date_t *)at;
  if (field->kind == MNS_KIND_ID) {
    uint64_t id = *(const uint64_t *)at;
    return id > INT64_MAX ? -1 : (int64_t)id;
  }
  return *(const int64_t *)at;
}

/* 0 also for the kinds that are no numbers. */
static int64_t absent_number (const mns_field_t *field) {
  return field->kind == MNS_KIND_INT || field->kind == MNS_KIND_FEN ? MNS_NONE : 0;
}

static mns_rc_t within (const mns_field_t *field, int64_t number, int64_t min, int64_t max, mns_error_t *error) {
  if (number >= min && number <= max)
    return MNS_OK;
  if ((field->flags & MNS_PERSONAL) != 0)
    return mns_fail (error, MNS_OUT_OF_RANGE, field->name, "the number is outside %" PRId64 " to %" PRId64, min, max);
  return mns_fail (error, MNS_OUT_OF_RANGE, field->name, "%" PRId64 " is outside %" PRId64 " to %" PRId64, number, min,
                   max);
}

static mns_rc_t check_number (const mns_field_t *field, int64_t number, mns_error_t *error) {
  if (number == absent_number (field))
    return MNS_OK;
  switch (field->kind) {
  case MNS_KIND_ID:
    return within (field, number, 1, INT64_MAX, error);
  case MNS_KIND_TIME:
    return within (field, number, 1, TIME_MAX, error);
  case MNS_KIND_PLACE:
    return within (field, number, PLACE_MIN, PLACE_MAX, error);
  case MNS_KIND_DATE:
    if (number < INT32_MIN || number > INT32_MAX || !mns_date_valid ((mns_date_t)number))
      return mns_fail (error, MNS_OUT_OF_RANGE, field->name, "there is no such day; a date is written 2026-07-01");
    return MNS_OK;
  default:
    return within (field, number, field->min, field->max, error);
  }
}

mns_rc_t mns_field_put_number (const mns_field_t *field, void *record, int64_t number, mns_error_t *error) {
  mns_rc_t rc = check_number (field, number, error);
  if (rc != MNS_OK)
    return rc;
  void *at = mns_field_at (field, record);
  if (field->kind == MNS_KIND_DATE)
    *(mns_date_t *)at = (mns_date_t)number;
  else if (field->kind == MNS_KIND_ID)
    *(uint64_t *)at = (uint64_t)number;
  else
    *(int64_t *)at = number;
  return MNS_OK;
}

/* Passes over eight plain ASCII characters at a time: most texts are numbers and words. */
static size_t ascii_size (const char *text, size_t size) {
  size_t at = 0;
  for (uint64_t eight; at + sizeof eight <= size; at += sizeof eight) {
    memcpy (&eight, text + at, sizeof eight);
    bool high = (eight & UINT64_C (0x8080808080808080)) != 0;
    bool zero = ((eight - UINT64_C (0x0101010101010101)) & UINT64_C (0x8080808080808080)) != 0;
    if (high || zero)
      break;
  }
  return at;
}

static mns_rc_t check_text (const mns_field_t *field, const char *text, size_t size, mns_error_t *error) {
  if (size > (size_t)field->max)
    return mns_fail (error, MNS_TOO_LONG, field->name, "the text has %zu bytes, at most %" PRId64 " are allowed", size,
                     field->max);
  size_t ascii = ascii_size (text, size);
  if (!mns_text_valid (text + ascii, size - ascii))
    return mns_fail (error, MNS_BAD_UTF8, field->name, "the text is not UTF-8, or has a zero byte");
  return MNS_OK;
}

/* Exactly 12 digits; 0 for anything else. */
static int64_t place_of_text (const char *text, size_t size) {
  int64_t place = 0;
  if (size != 12)
    return 0;
  for (size_t i = 0; i < size; i++) {
    if (text[i] < '0' || text[i] > '9')
      return 0;
    place = place * 10 + (text[i] - '0');
  }
  return place;
}

static mns_date_t date_of_text (const char *text, size_t size) {
  char terminated[MNS_DATE_TEXT];
  mns_date_t date;
  if (size != MNS_DATE_TEXT - 1)
    return 0;
  memcpy (terminated, text, size);
  terminated[size] = '\0';
  return mns_date_parse (terminated, &date) ? date : 0;
}

mns_rc_t mns_field_put_text (const mns_field_t *field, void *record, const char *text, size_t size,
                             mns_error_t *error) {
  char shown[MNS_FIELD_SHOWN];
  char *target = mns_field_at (field, record);
  if (field->kind == MNS_KIND_TEXT) {
    mns_rc_t rc = check_text (field, text, size, error);
    if (rc != MNS_OK)
      return rc;
    memcpy (target, text, size);
    target[size] = '\0';
  } else if (field->kind == MNS_KIND_CODE) {
    mns_code_t code = size > 0 ? find_word (field->codes, text, size) : 0;
    if (code == 0)
      return mns_fail (error, MNS_UNKNOWN_CODE, field->name, "%s is not in the table %s",
                       mns_field_shown (field, text, size, shown), field->codes->name);
    *(mns_code_t *)(void *)target = code;
  } else if (field->kind == MNS_KIND_DATE) {
    mns_date_t date = date_of_text (text, size);
    if (date == 0)
      return mns_fail (error, MNS_INVALID, field->name, "%s is not a date; write it as 2026-07-01",
                       mns_field_shown (field, text, size, shown));
    *(mns_date_t *)(void *)target = date;
  } else {
    int64_t place = place_of_text (text, size);
    if (place < PLACE_MIN)
      return mns_fail (error, MNS_INVALID, field->name, "%s is not a division code of 12 digits",
                       mns_field_shown (field, text, size, shown));
    *(mns_place_t *)(void *)target = place;
  }
  return MNS_OK;
}

/* In two halves, because short numbers divide faster. */
static size_t place_to_text (int64_t place, char space[MNS_FIELD_SPACE]) {
  uint32_t high = (uint32_t)(place / 1000000 % 1000000), low = (uint32_t)(place % 1000000);
  for (int i = 5; i >= 0; i--, high /= 10, low /= 10) {
    space[i] = (char)('0' + high % 10);
    space[i + 6] = (char)('0' + low % 10);
  }
  space[12] = '\0';
  return 12;
}

const char *mns_field_text (const mns_field_t *field, const void *record, char space[MNS_FIELD_SPACE], size_t *size) {
  const void *at = mns_field_in (field, record);
  const char *text = space;
  if (field->kind == MNS_KIND_DATE) {
    mns_date_format (*(const mns_date_t *)at, space);
    *size = MNS_DATE_TEXT - 1;
  } else if (field->kind == MNS_KIND_PLACE) {
    *size = place_to_text (*(const mns_place_t *)at, space);
  } else {
    text = field->kind == MNS_KIND_CODE ? mns_code_word (field->codes, *(const mns_code_t *)at) : at;
    *size = strlen (text);
  }
  return text;
}

const char *mns_field_shown (const mns_field_t *field, const char *text, size_t size, char shown[MNS_FIELD_SHOWN]) {
  char clean[MNS_FIELD_SHOWN - 8];
  if ((field->flags & MNS_PERSONAL) != 0 || !mns_text_valid (text, size))
    return "the value";
  size_t n = size < sizeof clean ? size : sizeof clean - 1;
  for (size_t i = 0; i < n; i++)
    clean[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ? '?' : text[i];
  clean[n] = '\0';
  size_t whole = n;
  while (whole > 0 && !mns_text_valid (clean, whole))
    whole--;
  clean[whole] = '\0';
  snprintf (shown, MNS_FIELD_SHOWN, "\"%s%s\"", clean, whole < size ? "…" : "");
  return shown;
}

mns_rc_t mns_field_nest (const mns_field_t *field, size_t index, mns_rc_t rc, mns_error_t *error) {
  if (error != NULL) {
    char inner[sizeof error->where];
    mns_text_copy (inner, sizeof inner, error->where);
    char outer[sizeof error->where + 48];
    snprintf (outer, sizeof outer, "%s[%zu]%s%s", field->name, index, inner[0] != '\0' ? "." : "", inner);
    mns_text_copy (error->where, sizeof error->where, outer);
  }
  return rc;
}

bool mns_field_absent (const mns_field_t *field, const void *record) {
  const void *at = mns_field_in (field, record);
  switch (field->kind) {
  case MNS_KIND_TEXT:
    return *(const char *)at == '\0';
  case MNS_KIND_CODE:
    return *(const mns_code_t *)at == 0;
  case MNS_KIND_UUID:
    return mns_uuid_is_zero (at);
  case MNS_KIND_LIST:
    return mns_field_count (field, record) == 0;
  default:
    return mns_field_number (field, record) == absent_number (field);
  }
}

void mns_field_clear (const mns_field_t *field, void *record) {
  if (field->kind == MNS_KIND_LIST)
    mns_field_set_count (field, record, 0);
  memset (mns_field_at (field, record), 0, field->size);
  if (absent_number (field) != 0)
    *(int64_t *)mns_field_at (field, record) = MNS_NONE;
}

/* ---- the whole record -------------------------------------------------------------------------------------------- */

void mns_record_clear (const mns_record_type_t *type, void *record) {
  memset (record, 0, type->size);
  for (uint16_t i = 0; i < type->field_count; i++)
    if (absent_number (&type->fields[i]) != 0)
      *(int64_t *)mns_field_at (&type->fields[i], record) = MNS_NONE;
}

static bool equal_lists (const mns_field_t *field, const void *a, const void *b) {
  uint16_t count = mns_field_count (field, a);
  if (count != mns_field_count (field, b))
    return false;
  for (uint16_t i = 0; i < count; i++)
    if (!mns_record_equal (field->item, mns_field_item (field, a, i), mns_field_item (field, b, i)))
      return false;
  return true;
}

bool mns_record_equal (const mns_record_type_t *type, const void *a, const void *b) {
  for (uint16_t i = 0; i < type->field_count; i++) {
    const mns_field_t *field = &type->fields[i];
    const void *in_a = mns_field_in (field, a), *in_b = mns_field_in (field, b);
    bool equal = field->kind == MNS_KIND_TEXT   ? strcmp (in_a, in_b) == 0
                 : field->kind == MNS_KIND_LIST ? equal_lists (field, a, b)
                                                : memcmp (in_a, in_b, field->size) == 0;
    if (!equal)
      return false;
  }
  return true;
}

void mns_record_copy_fields (const mns_record_type_t *to_type, void *to, const mns_record_type_t *from_type,
                             const void *from) {
  for (uint16_t i = 0; i < from_type->field_count; i++) {
    const mns_field_t *field = &from_type->fields[i], *target = mns_record_field (to_type, field->name);
    if (!target || target->kind != field->kind || target->size != field->size)
      continue;
    memcpy ((char *)to + target->offset, (const char *)from + field->offset, field->size);
    if (field->kind == MNS_KIND_LIST)
      memcpy ((char *)to + target->count_offset, (const char *)from + field->count_offset, sizeof (uint16_t));
  }
}

const mns_field_t *mns_record_field (const mns_record_type_t *type, const char *name) {
  for (uint16_t i = 0; i < type->field_count; i++)
    if (strcmp (type->fields[i].name, name) == 0)
      return &type->fields[i];
  return NULL;
}

static mns_rc_t check_list (const mns_field_t *field, const void *record, mns_error_t *error) {
  uint16_t count;
  memcpy (&count, (const char *)record + field->count_offset, sizeof count);
  if (count > field->capacity)
    return mns_fail (error, MNS_TOO_LONG, field->name, "the list has %u items, at most %u are allowed", count,
                     field->capacity);
  for (uint16_t i = 0; i < count; i++) {
    mns_rc_t rc = mns_record_validate (field->item, mns_field_item (field, record, i), error);
    if (rc != MNS_OK)
      return mns_field_nest (field, i, rc, error);
  }
  return MNS_OK;
}

mns_rc_t mns_field_check (const mns_field_t *field, const void *record, mns_error_t *error) {
  const char *at = mns_field_in (field, record);
  switch (field->kind) {
  case MNS_KIND_TEXT:
    return check_text (field, at, strnlen (at, field->size), error);
  case MNS_KIND_CODE:
    if (*(const mns_code_t *)(const void *)at > field->codes->count)
      return mns_fail (error, MNS_UNKNOWN_CODE, field->name, "the code is not in the table %s", field->codes->name);
    return MNS_OK;
  case MNS_KIND_UUID:
    return MNS_OK;
  case MNS_KIND_LIST:
    return check_list (field, record, error);
  default:
    return check_number (field, mns_field_number (field, record), error);
  }
}

static mns_rc_t require (const mns_field_t *field, const void *record, mns_error_t *error) {
  if ((field->flags & MNS_REQUIRED) != 0 && mns_field_absent (field, record))
    return mns_fail (error, MNS_MISSING, field->name, "%s (%s) must be given", field->en, field->zh);
  return MNS_OK;
}

mns_rc_t mns_record_require (const mns_record_type_t *type, const void *record, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  for (uint16_t i = 0; i < type->field_count && rc == MNS_OK; i++)
    rc = require (&type->fields[i], record, error);
  return rc;
}

mns_rc_t mns_record_validate (const mns_record_type_t *type, const void *record, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  for (uint16_t i = 0; i < type->field_count && rc == MNS_OK; i++) {
    rc = mns_field_check (&type->fields[i], record, error);
    if (rc == MNS_OK)
      rc = require (&type->fields[i], record, error);
  }
  return rc;
}
