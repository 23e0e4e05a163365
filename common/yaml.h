/* YAML into records, with every mistake told at once as `file:line:column: path: reason`.
 *
 * A document is walked as libyaml's node tree, whose nodes keep their place. Scalars go through mns_field_parse, so a
 * fen is a plain integer and nothing else. Unknown and repeated keys, wrong kinds of node, missing required keys,
 * aliases deeper than 16 levels and files over 1 MiB are errors. */
#ifndef MNS_COMMON_YAML_H
#define MNS_COMMON_YAML_H

#include "common/record.h"

typedef struct mns_yaml mns_yaml_t; /* a parsed file and the mistakes found in it */

/* Parses a file. Syntax errors are reported by mns_yaml_mistakes like all others. NULL only when the file cannot be
 * read (error says why). */
mns_yaml_t *mns_yaml_open (const char *path, mns_error_t *error);
mns_yaml_t *mns_yaml_from_text (const char *name, const char *text, size_t size); /* `name` stands for the file */
void mns_yaml_destroy (mns_yaml_t **yaml);

/* The root as one record. The keys are the record's field names; LIST fields are sequences of mappings. */
mns_rc_t mns_yaml_record (mns_yaml_t *yaml, const mns_record_type_t *type, void *record);
/* The sequence under root key `key` as records: `*records` is one malloc'd array of `*count` structs, the caller frees
 * it, also after mistakes; NULL and 0 when the key is not there. Every other root key must have been read by another
 * call before mns_yaml_finish. */
mns_rc_t mns_yaml_records (mns_yaml_t *yaml, const char *key, const mns_record_type_t *type, void **records,
                           size_t *count);
/* Notes a mistake of meaning at record `index` of `key` (NULL: the root record), field `field` (NULL: the record; also
 * "rates[2].amount" in a list field), at its place in the file. */
void mns_yaml_mistake (mns_yaml_t *yaml, const char *key, size_t index, const char *field, const char *format, ...)
    __attribute__ ((format (printf, 5, 6)));
/* Root keys nobody read become mistakes; MNS_OK when there is none at all. */
mns_rc_t mns_yaml_finish (mns_yaml_t *yaml, mns_error_t *error); /* error: the first mistake and how many */
/* All mistakes, one per line, in the order of the file. */
const char *mns_yaml_mistakes (mns_yaml_t *yaml);

#endif
