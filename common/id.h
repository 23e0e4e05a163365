/* Identifiers.
 *
 * Rows of a service are numbered by counters of its own store (common/db.h). What a client makes up (idempotency
 * keys, event keys of other systems) is a 16-byte UUID: version 7 begins with the time, so that keys made later sort
 * later; version 8 is derived from a file's hash and a row, so that the same rows give the same key for ever. */
#ifndef MNS_COMMON_ID_H
#define MNS_COMMON_ID_H

#include "common/date.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint8_t bytes[16];
} mns_uuid_t;

mns_uuid_t mns_uuid_new (void);                                      /* version 7, from mns_clock.wall */
mns_uuid_t mns_uuid_derive (const uint8_t digest[32], uint64_t row); /* version 8; row < 2^56 */
bool mns_uuid_is_zero (const mns_uuid_t *uuid);
mns_time_t mns_uuid_time (const mns_uuid_t *uuid); /* 0 unless version 7 */
#define MNS_UUID_TEXT 37
void mns_uuid_format (const mns_uuid_t *uuid, char text[MNS_UUID_TEXT]);
bool mns_uuid_parse (const char *text, mns_uuid_t *uuid);

#endif
