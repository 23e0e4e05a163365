/* The sample's own random numbers (xoshiro256**, seeded through splitmix64): the same on every machine. */
#ifndef MNS_SAMPLE_RANDOM_H
#define MNS_SAMPLE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint64_t state[4];
} sample_random_t;

void sample_random_init (sample_random_t *random, uint64_t seed);
uint32_t sample_below (sample_random_t *random, uint32_t bound);                  /* 0 … bound − 1; bound > 0 */
uint32_t sample_between (sample_random_t *random, uint32_t first, uint32_t last); /* both included */
void sample_shuffle (sample_random_t *random, void *items, size_t count, size_t size); /* size ≤ 32 */

/* The index of a weight, each as likely as it is heavy. The sum must not be 0. */
size_t sample_weighted (sample_random_t *random, const uint32_t *weights, size_t count);

/* A number that only depends on `value`, well mixed. */
uint64_t sample_mix (uint64_t value);

#endif
