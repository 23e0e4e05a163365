/* How values are spread, in a bounded table. */
#include "common/histogram.h"

enum { FIRST_BITS = 7 };
_Static_assert(1 << FIRST_BITS == MNS_HISTOGRAM_STEPS, "an octave has as many classes as the first values");

/* The first 128 values have a class each; above, the seven bits behind the highest one tell the class. */
static uint64_t class_of (uint64_t value) {
  if (value < MNS_HISTOGRAM_STEPS)
    return value;
  unsigned octave = 63u - (unsigned)__builtin_clzll (value) - FIRST_BITS;
  uint64_t step = (value >> octave) - MNS_HISTOGRAM_STEPS;
  uint64_t at = (uint64_t)MNS_HISTOGRAM_STEPS * (octave + 1) + step;
  return at < MNS_HISTOGRAM_CLASSES ? at : MNS_HISTOGRAM_CLASSES - 1;
}

static uint64_t top_of (uint64_t at) {
  if (at < MNS_HISTOGRAM_STEPS)
    return at;
  uint64_t octave = at / MNS_HISTOGRAM_STEPS - 1, step = at % MNS_HISTOGRAM_STEPS;
  return ((MNS_HISTOGRAM_STEPS + step + 1) << octave) - 1;
}

void mns_histogram_add (mns_histogram_t *histogram, int64_t value) {
  uint64_t positive = value > 0 ? (uint64_t)value : 0;
  histogram->classes[class_of (positive)]++;
  histogram->count++;
  histogram->sum += positive;
  histogram->max = positive > histogram->max ? positive : histogram->max;
}

void mns_histogram_merge (mns_histogram_t *into, const mns_histogram_t *from) {
  for (int i = 0; i < MNS_HISTOGRAM_CLASSES; i++)
    into->classes[i] += from->classes[i];
  into->count += from->count;
  into->sum += from->sum;
  into->max = from->max > into->max ? from->max : into->max;
}

uint64_t mns_histogram_at (const mns_histogram_t *histogram, double share) {
  uint64_t seen = 0, wanted = (uint64_t)(share * (double)histogram->count + 0.999999);
  wanted = wanted < 1 ? 1 : wanted > histogram->count ? histogram->count : wanted;
  for (uint64_t at = 0; at < MNS_HISTOGRAM_CLASSES && histogram->count > 0; at++) {
    seen += histogram->classes[at];
    if (seen >= wanted)
      return at == MNS_HISTOGRAM_CLASSES - 1 || top_of (at) > histogram->max ? histogram->max : top_of (at);
  }
  return 0;
}
