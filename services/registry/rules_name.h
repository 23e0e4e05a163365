/* How alike two names are. Pure. Names are compared by mns_text_name_key: dot forms, spaces and case are one. */
#ifndef MNS_REGISTRY_RULES_NAME_H
#define MNS_REGISTRY_RULES_NAME_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
  REGISTRY_NAME_SAME,
  REGISTRY_NAME_VARIANT, /* the same parts in another order or written together, or one of several parts alone */
  REGISTRY_NAME_CLOSE,   /* one character more, less or other, or two neighbours exchanged */
  REGISTRY_NAME_OTHER
} registry_likeness_t;

registry_likeness_t registry_name_compare (const char *a, const char *b);

/* The key under which variants with the same parts stand together: the parts in their order of bytes. False: `size`
 * does not suffice (608 always does). */
bool registry_name_sort_key (const char *name, char *key, size_t size);

bool registry_name_equal (const char *a, const char *b);
/* The name is what mns_text_name_key would make of it, for most; false when that is not seen at once. */
bool registry_name_is_key (const char *name);

#endif
