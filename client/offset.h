/* The offset of a subscription as text, and what a subscription may begin from. */
#ifndef MNS_CLIENT_OFFSET_H
#define MNS_CLIENT_OFFSET_H

#include "common/subscription.h"
#include "mns/client.h"

/* What a snapshot contained already: the records of a producer up to this number. Empty: nothing. */
typedef struct {
  char producer[MNS_NAME_MAX + 1];
  uint64_t epoch, number;
} mns_contained_t;

/* Where a subscription begins or stands: an offset, and what is to be skipped behind it; or (number UINT64_MAX) a time,
 * with the first record not older, 0: now. */
typedef struct {
  mns_offset_t offset;
  mns_contained_t contained;
  mns_time_t time;
} mns_from_t;

/* "<log epoch>/<number>/<chain in hexadecimal>", behind a snapshot with "/<producer>/<epoch>/<number>" */
void mns_offset_format (const mns_from_t *from, char text[MNS_OFFSET_SIZE]);
/* False when it is no such text. */
bool mns_offset_parse (const char *text, mns_from_t *from);

/* "start", "now", a number, a time, an offset; MNS_INVALID for anything else. */
mns_rc_t mns_from_parse (const char *text, mns_from_t *from, mns_error_t *error);

/* The offset in a file: MNS_NOT_FOUND when there is none, MNS_MALFORMED when it holds something else. */
mns_rc_t mns_offset_read (const char *path, char text[MNS_OFFSET_SIZE], mns_error_t *error);
mns_rc_t mns_offset_write (const char *path, const char *text, mns_error_t *error);

#endif
