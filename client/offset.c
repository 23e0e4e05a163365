/* Offsets in text and in files. */
#include "client/offset.h"
#include "common/dir.h"
#include "common/text.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mns_offset_format (const mns_from_t *from, char text[MNS_OFFSET_SIZE]) {
  const mns_offset_t *offset = &from->offset;
  const mns_contained_t *contained = &from->contained;
  int size = snprintf (text, MNS_OFFSET_SIZE, "%" PRIu64 "/%" PRIu64 "/%" PRIx64, offset->epoch, offset->number,
                       offset->chain);
  if (contained->producer[0])
    snprintf (text + size, MNS_OFFSET_SIZE - (size_t)size, "/%s/%" PRIu64 "/%" PRIu64, contained->producer,
              contained->epoch, contained->number);
}

/* Digits of this base up to a slash, which is passed, or the end; at most 20 of them. */
static bool take_number (const char **at, int base, uint64_t *number) {
  char *behind;
  if (!isxdigit ((unsigned char)**at))
    return false;
  *number = strtoull (*at, &behind, base);
  if ((*behind && *behind != '/') || behind - *at > 20)
    return false;
  *at = behind + (*behind != 0);
  return true;
}

static bool take_contained (const char **at, mns_contained_t *contained) {
  size_t size = strcspn (*at, "/");
  if (size == 0 || size > MNS_NAME_MAX || !(*at)[size])
    return false;
  memcpy (contained->producer, *at, size);
  *at += size + 1;
  return take_number (at, 10, &contained->epoch) && take_number (at, 10, &contained->number);
}

bool mns_offset_parse (const char *text, mns_from_t *from) {
  mns_offset_t *offset = &from->offset;
  memset (from, 0, sizeof *from);
  return take_number (&text, 10, &offset->epoch) && take_number (&text, 10, &offset->number) &&
         take_number (&text, 16, &offset->chain) && (!*text || take_contained (&text, &from->contained)) && !*text &&
         offset->epoch > 0;
}

mns_rc_t mns_from_parse (const char *text, mns_from_t *from, mns_error_t *error) {
  int64_t number;
  memset (from, 0, sizeof *from);
  if (strcmp (text, "start") == 0)
    return MNS_OK;
  if (strcmp (text, "now") == 0) {
    from->offset.number = UINT64_MAX;
    return MNS_OK;
  }
  if (mns_text_parse_int (text, &number) && number >= 0) {
    from->offset.number = (uint64_t)number;
    return MNS_OK;
  }
  if (mns_offset_parse (text, from))
    return MNS_OK;
  memset (from, 0, sizeof *from);
  from->offset.number = UINT64_MAX;
  if (mns_time_parse (text, &from->time) && from->time > 0)
    return MNS_OK;
  return mns_fail (error, MNS_INVALID, "from",
                   "'%s' is none of: start, now, a log number, a time with its offset from UTC, an offset", text);
}

/* ---- in a file --------------------------------------------------------------------------------------------------- */

mns_rc_t mns_offset_read (const char *path, char text[MNS_OFFSET_SIZE], mns_error_t *error) {
  mns_from_t from;
  mns_buffer_t content = {0};
  mns_rc_t rc = mns_dir_read_file (path, MNS_OFFSET_SIZE, &content, error);
  if (rc == MNS_OK) {
    char *line = (char *)content.data;
    line[strcspn (line, "\n")] = 0;
    if (!mns_text_copy (text, MNS_OFFSET_SIZE, line) || !mns_offset_parse (text, &from))
      rc = mns_fail (error, MNS_MALFORMED, path, "this is no offset file: move it away to begin anew");
  }
  mns_buffer_fini (&content);
  return rc;
}

mns_rc_t mns_offset_write (const char *path, const char *text, mns_error_t *error) {
  char line[MNS_OFFSET_SIZE + 1];
  int size = snprintf (line, sizeof line, "%s\n", text);
  return mns_dir_write_file (path, line, (size_t)size, 0600, error);
}
