/* Bodies of requests, answers and events as JSON: by the record type where it is known, loosely (loose.h) where not. */
#ifndef MNS_JSON_BODY_H
#define MNS_JSON_BODY_H

#include "common/record.h"
#include <jansson.h>

/* Reads JSON: the text itself, `-` for standard input, `@FILE` for a file. The caller owns it. MNS_INVALID with line
 * and column. */
mns_rc_t mns_json_read (const char *argument, json_t **json, mns_error_t *error);

/* Appends an object, or each of an array of objects, as one record after another. `type` NULL: loosely. Unknown
 * members, wrong kinds and missing fields are told with what is allowed. */
mns_rc_t mns_json_pack (const mns_record_type_t *type, const json_t *json, mns_buffer_t *out, mns_error_t *error);

/* A body as an array of objects. Personal fields are masked unless `reveal`. */
mns_rc_t mns_json_unpack (const mns_record_type_t *type, const void *data, size_t size, bool reveal, json_t **list,
                          mns_error_t *error);

#endif
