/* A set of checksums: many are added, then sorted once and asked. */
#ifndef MNS_TESTS_SUPPORT_KEY_SET_H
#define MNS_TESTS_SUPPORT_KEY_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialised is empty; `_fini` frees it. */
typedef struct {
  uint64_t *items;
  size_t count, capacity;
} key_set_t;

uint64_t key_set_text (const char *text);
void key_set_add (key_set_t *set, uint64_t key);
void key_set_sort (key_set_t *set);
/* Of a sorted set. */
bool key_set_has (const key_set_t *set, uint64_t key);
bool key_set_is_unique (const key_set_t *set);
void key_set_fini (key_set_t *set);

#endif
