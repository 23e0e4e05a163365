/* The error table in memory, and the sentence that goes with a result. */
#include "mns/error.h"
#include "common/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  mns_rc_t rc;
  bool retry;
  const char *word, *en, *zh;
} error_row_t;

static const error_row_t rows[] = {
#define MNS_ERROR(symbol, number, word, retry, en, zh) {MNS_##symbol, retry, word, en, zh},
#include "mns/error.def"
#undef MNS_ERROR
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static const error_row_t *row_of (mns_rc_t rc) {
  const error_row_t *internal = rows;
  for (size_t i = 0; i < ROW_COUNT; i++) {
    if (rows[i].rc == rc)
      return &rows[i];
    if (rows[i].rc == MNS_INTERNAL)
      internal = &rows[i];
  }
  return internal;
}

const char *mns_error_word (mns_rc_t rc) {
  return row_of (rc)->word;
}

const char *mns_error_en (mns_rc_t rc) {
  return row_of (rc)->en;
}

const char *mns_error_zh (mns_rc_t rc) {
  return row_of (rc)->zh;
}

bool mns_error_retry (mns_rc_t rc) {
  return row_of (rc)->retry;
}

mns_rc_t mns_error_from_word (const char *word) {
  for (size_t i = 0; i < ROW_COUNT; i++)
    if (word && !strcmp (rows[i].word, word))
      return rows[i].rc;
  return MNS_INTERNAL;
}

int mns_error_exit_code (mns_rc_t rc) {
  if (rc == MNS_OK)
    return 0;
  return rc == MNS_USAGE ? 2 : 1;
}

bool mns_error_at (size_t i, mns_rc_t *rc) {
  if (i >= ROW_COUNT)
    return false;
  *rc = rows[i].rc;
  return true;
}

/* The texts are made before the struct is touched: the arguments may point into it. */
mns_rc_t mns_fail (mns_error_t *error, mns_rc_t rc, const char *where, const char *format, ...) {
  char detail[2048];
  char place[sizeof error->where];
  va_list args;
  if (!error)
    return rc;
  va_start (args, format);
  if (vsnprintf (detail, sizeof detail, format, args) < 0)
    detail[0] = 0;
  va_end (args);
  mns_text_copy (place, sizeof place, where ? where : "");
  mns_text_repair (place);
  mns_text_repair (detail);
  error->rc = rc;
  mns_text_copy (error->where, sizeof error->where, place);
  mns_text_copy (error->detail, sizeof error->detail, detail);
  return rc;
}
