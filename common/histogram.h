/* How values are spread, in a bounded table: counts per class, each octave cut into 128, so that a percentile is right
 * to less than 1 per cent. For latencies in µs: from 0 to 2^36 (19 hours), 30 KB. */
#ifndef MNS_COMMON_HISTOGRAM_H
#define MNS_COMMON_HISTOGRAM_H

#include <stdint.h>

#define MNS_HISTOGRAM_STEPS   128
#define MNS_HISTOGRAM_OCTAVES 30 /* above the first 128 values, which are exact */
#define MNS_HISTOGRAM_CLASSES (MNS_HISTOGRAM_STEPS * (MNS_HISTOGRAM_OCTAVES + 1))

typedef struct {
  uint64_t classes[MNS_HISTOGRAM_CLASSES];
  uint64_t count, sum, max; /* max and sum are exact */
} mns_histogram_t;

/* Negative counts as 0; what is too large counts in the last class. */
void mns_histogram_add (mns_histogram_t *histogram, int64_t value);
void mns_histogram_merge (mns_histogram_t *into, const mns_histogram_t *from);
/* The value that `share` (0 … 1) of all do not exceed, rounded up by less than 1 per cent; 0 when empty. */
uint64_t mns_histogram_at (const mns_histogram_t *histogram, double share);

#endif
