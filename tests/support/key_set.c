/* A sorted array. */
#include "tests/support/key_set.h"

#include "common/buffer.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

uint64_t key_set_text (const char *text) {
  return mns_crc64 (0, text, strlen (text));
}

void key_set_add (key_set_t *set, uint64_t key) {
  if (set->count == set->capacity) {
    set->capacity = set->capacity ? set->capacity * 2 : 1024;
    set->items = mns_realloc (set->items, set->capacity * sizeof *set->items);
  }
  set->items[set->count++] = key;
}

static int compare (const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

void key_set_sort (key_set_t *set) {
  if (set->count > 0)
    qsort (set->items, set->count, sizeof *set->items, compare);
}

bool key_set_has (const key_set_t *set, uint64_t key) {
  return set->count > 0 && bsearch (&key, set->items, set->count, sizeof key, compare) != NULL;
}

bool key_set_is_unique (const key_set_t *set) {
  for (size_t i = 1; i < set->count; i++)
    if (set->items[i] == set->items[i - 1])
      return false;
  return true;
}

void key_set_fini (key_set_t *set) {
  free (set->items);
  *set = (key_set_t){0};
}
