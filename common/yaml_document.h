/* A loaded YAML document and its nodes. Private to yaml.c (loading, mistakes) and yaml_record.c (reading). */
#ifndef MNS_COMMON_YAML_DOCUMENT_H
#define MNS_COMMON_YAML_DOCUMENT_H

#include "common/yaml.h"
#include <yaml.h>

#define MNS_YAML_KEYS_MAX 256 /* of one mapping */

typedef struct {
  size_t line, column, order;
  char *text; /* "path: reason" */
} mns_yaml_mistake_t;

struct mns_yaml {
  char *name;
  yaml_document_t document;
  bool loaded; /* there is a root, it is a mapping, and it is fit to be walked */
  bool broken; /* it is not, and a mistake says why; false for an empty file */
  mns_yaml_mistake_t *mistakes;
  size_t mistake_count;
  mns_buffer_t known;           /* the root keys that were asked for, "a, b" */
  bool read[MNS_YAML_KEYS_MAX]; /* root pairs that were asked for */
  mns_buffer_t rendered;        /* what mns_yaml_mistakes gave */
};

/* Notes a mistake where `node` begins (NULL: at the beginning of the file). */
void mns_yaml_blame (mns_yaml_t *yaml, const yaml_node_t *node, const char *path, const char *format, ...)
    __attribute__ ((format (printf, 4, 5)));
void mns_yaml_vblame (mns_yaml_t *yaml, const yaml_node_t *node, const char *path, const char *format,
                      va_list arguments) __attribute__ ((format (printf, 4, 0)));

const yaml_node_t *mns_yaml_root (mns_yaml_t *yaml); /* NULL: none, or unfit */
size_t mns_yaml_pairs (const yaml_node_t *mapping);
size_t mns_yaml_items (const yaml_node_t *sequence);
const yaml_node_t *mns_yaml_key (mns_yaml_t *yaml, const yaml_node_t *mapping, size_t pair);
const yaml_node_t *mns_yaml_value (mns_yaml_t *yaml, const yaml_node_t *mapping, size_t pair);
const yaml_node_t *mns_yaml_item (mns_yaml_t *yaml, const yaml_node_t *sequence, size_t index);
/* The first pair of that key, or the number of pairs. */
size_t mns_yaml_find (mns_yaml_t *yaml, const yaml_node_t *mapping, const char *key);
/* A scalar's text, or NULL when it is no scalar or has a zero character. */
const char *mns_yaml_text (const yaml_node_t *node);
bool mns_yaml_is_null (const yaml_node_t *node); /* nothing, ~ or null without quotes */

/* Both note what is wrong. */
bool mns_yaml_expect (mns_yaml_t *yaml, const yaml_node_t *node, yaml_node_type_t type, const char *path,
                      const char *expected);
bool mns_yaml_check_keys (mns_yaml_t *yaml, const yaml_node_t *mapping,
                          const char *path); /* too many, twice, no text */

#endif
