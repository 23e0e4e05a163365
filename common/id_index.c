/* Open addressing, a power of two of slots, at most three quarters of them taken. */
#include "common/id_index.h"
#include "common/buffer.h"
#include "common/text.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 4096

static uint64_t fingerprint (const char *text) {
  return mns_crc64 (0, text, strlen (text)) & UINT32_MAX;
}

static size_t slot_of (const mns_id_index_t *index, uint64_t print) {
  return (size_t)(print * UINT64_C (0x9e3779b97f4a7c15) >> 20) & (index->capacity - 1);
}

static void put (mns_id_index_t *index, uint64_t entry) {
  size_t at = slot_of (index, entry >> 32);
  while (index->slots[at] && index->slots[at] != entry)
    at = (at + 1) & (index->capacity - 1);
  index->count += !index->slots[at];
  index->slots[at] = entry;
}

static void grow (mns_id_index_t *index) {
  mns_id_index_t old = *index;
  index->capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
  index->count = 0;
  index->slots = mns_alloc (index->capacity * sizeof *index->slots);
  memset (index->slots, 0, index->capacity * sizeof *index->slots);
  for (size_t i = 0; i < old.capacity; i++)
    if (old.slots[i])
      put (index, old.slots[i]);
  free (old.slots);
}

void mns_id_index_fini (mns_id_index_t *index) {
  free (index->slots);
  *index = (mns_id_index_t){0};
}

void mns_id_index_add (mns_id_index_t *index, const char *text, uint64_t id) {
  assert (id > 0 && id <= UINT32_MAX);
  if (index->count * 4 >= index->capacity * 3)
    grow (index);
  put (index, fingerprint (text) << 32 | id);
}

mns_id_search_t mns_id_index_find (const mns_id_index_t *index, const char *text) {
  uint64_t print = fingerprint (text);
  return (mns_id_search_t){.fingerprint = print, .at = index->capacity > 0 ? slot_of (index, print) : 0};
}

uint64_t mns_id_index_next (const mns_id_index_t *index, mns_id_search_t *search) {
  while (index->capacity > 0 && index->slots[search->at]) {
    uint64_t entry = index->slots[search->at];
    search->at = (search->at + 1) & (index->capacity - 1);
    if (entry >> 32 == search->fingerprint)
      return entry & UINT32_MAX;
  }
  return 0;
}
