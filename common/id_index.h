/* Ids by a text, in memory: a hash table of 32-bit fingerprints, 8 bytes an entry, that only ever proposes. What it
 * proposes is compared with the row itself, so an entry whose row was rolled back, changed or removed does no harm and
 * need not be taken out.
 *
 * It stands in for an SQL index on a text that comes in random order, such as citizen numbers: there each turn of 1,000
 * rows would change a thousand pages and write them twice. It is filled from the table at start. */
#ifndef MNS_COMMON_ID_INDEX_H
#define MNS_COMMON_ID_INDEX_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint64_t *slots; /* fingerprint << 32 | id; 0: free */
  size_t capacity, count;
} mns_id_index_t;

/* Begins as {0}. */
void mns_id_index_fini (mns_id_index_t *index);

/* `id` is 1 to 2³² − 1. The same text and id twice is one entry. */
void mns_id_index_add (mns_id_index_t *index, const char *text, uint64_t id);

typedef struct {
  uint64_t fingerprint;
  size_t at;
} mns_id_search_t;
mns_id_search_t mns_id_index_find (const mns_id_index_t *index, const char *text);
/* The next id that may have the text, in no order; 0: there are no more. */
uint64_t mns_id_index_next (const mns_id_index_t *index, mns_id_search_t *search);

#endif
