/* MessagePack ⇄ JSON without a record type: for events and commands of other systems, which this program does not know.
 *
 * Texts, whole numbers, lists, maps with text names, true, false and null go both ways. Bytes become {"hex": "…"}.
 * Fractions are shown but not written: on the bus numbers are whole (fen, per mille …). */
#ifndef MNS_LOOSE_H
#define MNS_LOOSE_H

#include "common/buffer.h"
#include "mns/error.h"
#include <jansson.h>

/* The values that stand one after another at `data`, as an array the caller owns. MNS_MALFORMED: not MessagePack, or
 * nested deeper than 16. */
mns_rc_t mns_loose_read (const void *data, size_t size, json_t **list, mns_error_t *error);

/* Appends one value. MNS_INVALID: a fraction, or nested deeper than 16; `where` names the member. */
mns_rc_t mns_loose_write (const json_t *value, mns_buffer_t *out, mns_error_t *error);

#endif
