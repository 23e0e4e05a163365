/* Values of a body: reading the fields of a record, and writing records, without another library.
 *
 * A body is a sequence of records; a record is a MessagePack map of names. A mns_value_t is a piece of such bytes and
 * belongs to whoever gave it: it is valid as long as the event or the answer it came from. Reading never goes outside
 * of it, whatever the bytes claim. The records and their fields: docs/records.md. */
#ifndef MNS_VALUE_H
#define MNS_VALUE_H

#include "mns/error.h"
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A value, a record, or a sequence of records. `data` NULL: absent. */
typedef struct {
  const void *data;
  size_t size;
} mns_value_t;

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* Takes the first value off `rest`: the records of a body one after another. False at the end, or where the bytes are
 * no MessagePack. */
MNS_API bool mns_value_next (mns_value_t *rest, mns_value_t *value);
/* The field of a record; absent when it has none of this name, or is no record. */
MNS_API mns_value_t mns_value_field (mns_value_t record, const char *name);
/* The items of a list, to be taken off by mns_value_next; absent for anything else. */
MNS_API mns_value_t mns_value_items (mns_value_t list);

/* The number; `absent` when it is absent, no whole number, or does not fit. */
MNS_API int64_t mns_value_int (mns_value_t value, int64_t absent);
/* Copies the text, cut at a character where it does not fit, always terminated; "" when it is absent, no text, or not
 * UTF-8. Returns `text`. */
MNS_API const char *mns_value_text (mns_value_t value, char *text, size_t size);

/* Both by name, of a record. */
MNS_API int64_t mns_value_get_int (mns_value_t record, const char *name, int64_t absent);
MNS_API const char *mns_value_get_text (mns_value_t record, const char *name, char *text, size_t size);

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* A body that is being written: records, each with its fields. */
typedef struct mns_body mns_body_t;

MNS_API mns_body_t *mns_body_new (void);
MNS_API void mns_body_destroy (mns_body_t **body); /* NULL is allowed, the caller's pointer is cleared */
MNS_API void mns_body_clear (mns_body_t *body);

MNS_API void mns_body_record (mns_body_t *body); /* begins the next record; fields belong to the last one */
MNS_API void mns_body_int (mns_body_t *body, const char *name, int64_t number);
MNS_API void mns_body_text (mns_body_t *body, const char *name, const char *text);
/* A list: all records of `items`, which stays as it is. */
MNS_API void mns_body_list (mns_body_t *body, const char *name, const mns_body_t *items);
/* What has been written; valid until the body changes. */
MNS_API mns_value_t mns_body_value (const mns_body_t *body);

#ifdef __cplusplus
}
#endif

#endif
