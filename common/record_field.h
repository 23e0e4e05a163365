/* One field of a record: how the walkers over a descriptor read and store it. Private to common/record*.c, csv.c and
 * yaml.c; each walker only says how its format spells a value. */
#ifndef MNS_COMMON_RECORD_FIELD_H
#define MNS_COMMON_RECORD_FIELD_H

#include "common/record.h"

static inline void *mns_field_at (const mns_field_t *field, void *record) {
  return (char *)record + field->offset;
}

static inline const void *mns_field_in (const mns_field_t *field, const void *record) {
  return (const char *)record + field->offset;
}

void mns_field_clear (const mns_field_t *field, void *record); /* makes it absent */

/* LIST: the number of items, and where item `index` stands. */
uint16_t mns_field_count (const mns_field_t *field, const void *record);
void mns_field_set_count (const mns_field_t *field, void *record, uint16_t count);
const void *mns_field_item (const mns_field_t *field, const void *record, size_t index);
void *mns_field_item_at (const mns_field_t *field, void *record, size_t index);

/* ID, INT, FEN, DATE, TIME, PLACE as one number. */
int64_t mns_field_number (const mns_field_t *field, const void *record);
/* Checks bounds (also that a date is one) and stores. The kind's absent value is always allowed. */
mns_rc_t mns_field_put_number (const mns_field_t *field, void *record, int64_t number, mns_error_t *error);

/* TEXT, CODE, DATE, PLACE from their wire text (exactly that form), which need not be terminated. */
mns_rc_t mns_field_put_text (const mns_field_t *field, void *record, const char *text, size_t size, mns_error_t *error);

/* The wire text of a TEXT, CODE, DATE or PLACE that is not absent; `space` is room for the last two. */
#define MNS_FIELD_SPACE 16
const char *mns_field_text (const mns_field_t *field, const void *record, char space[MNS_FIELD_SPACE], size_t *size);

/* The bounds of one field, as mns_record_validate checks them. */
mns_rc_t mns_field_check (const mns_field_t *field, const void *record, mns_error_t *error);

/* That nothing required is absent: the part of mns_record_validate that putting values one by one does not cover. */
mns_rc_t mns_record_require (const mns_record_type_t *type, const void *record, mns_error_t *error);

/* An error inside item `index` of a list: "owner" becomes "owners[index].owner". Returns error->rc's `rc`. */
mns_rc_t mns_field_nest (const mns_field_t *field, size_t index, mns_rc_t rc, mns_error_t *error);

/* `text` as an error may show it: in quotes, short, without control characters; personal values are not shown. */
#define MNS_FIELD_SHOWN 80
const char *mns_field_shown (const mns_field_t *field, const char *text, size_t size, char shown[MNS_FIELD_SHOWN]);

#endif
