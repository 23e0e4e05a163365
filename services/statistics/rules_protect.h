/* Protection of small numbers: the cell-key method of Fraser and Wooton (2005) with rounding to base 5
 * (docs/decisions/0023-small-numbers-and-releases.md). Pure.
 *
 *   record → record key, by a keyed hash of its number and the secret of the installation
 *   cell   → cell key, the sum of the record keys of its members modulo 2^32
 *   (cell key, count) → figure, by a fixed table
 *
 * The same records give the same figure in every table and every release. The figure is the count on average over the
 * keys, a multiple of 5, and less than 5 away; a count of 0 stays 0. */
#ifndef MNS_STATISTICS_RULES_PROTECT_H
#define MNS_STATISTICS_RULES_PROTECT_H

#include <stdbool.h>
#include <stdint.h>

#define STATISTICS_BASE         5
#define STATISTICS_SMALL        10 /* counts below this are protected */
#define STATISTICS_SECRET_BYTES 16

typedef struct {
  uint8_t bytes[STATISTICS_SECRET_BYTES];
} statistics_secret_t;

/* Never 0 for a record. */
uint32_t statistics_record_key (const statistics_secret_t *secret, uint64_t record);
int64_t statistics_protect (const statistics_secret_t *secret, int64_t count, uint32_t cell_key);
/* What whoever holds the secret can be told by, and nobody can find the secret from. */
uint64_t statistics_secret_mark (const statistics_secret_t *secret);

/* What a reader knows of a count: low ≤ count ≤ high. */
typedef struct {
  int64_t low, high;
} statistics_interval_t;

statistics_interval_t statistics_protected_interval (int64_t figure);
/* True when an interval gives a small count away: fewer than 5 values are left. */
bool statistics_gives_away (statistics_interval_t interval);

#endif
