/* xoshiro256** by Blackman and Vigna, from its published description; a bound by multiplication. The slight bias of
 * that (below 2^-11 for any count here) does not matter for made-up people. */
#include "sample/random.h"

#include <assert.h>
#include <string.h>

uint64_t sample_mix (uint64_t value) {
  value += 0x9e3779b97f4a7c15u;
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
  value = (value ^ value >> 27) * 0x94d049bb133111ebu;
  return value ^ value >> 31;
}

void sample_random_init (sample_random_t *random, uint64_t seed) {
  for (size_t i = 0; i < 4; i++)
    random->state[i] = sample_mix (seed + i * 0x9e3779b97f4a7c15u);
}

static uint64_t rotate (uint64_t value, int bits) {
  return value << bits | value >> (64 - bits);
}

static uint64_t next (sample_random_t *random) {
  uint64_t *s = random->state;
  uint64_t result = rotate (s[1] * 5, 7) * 9;
  uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate (s[3], 45);
  return result;
}

uint32_t sample_below (sample_random_t *random, uint32_t bound) {
  return (uint32_t)((next (random) >> 32) * bound >> 32);
}

uint32_t sample_between (sample_random_t *random, uint32_t first, uint32_t last) {
  return first + sample_below (random, last - first + 1);
}

void sample_shuffle (sample_random_t *random, void *items, size_t count, size_t size) {
  unsigned char *bytes = items, kept[32];
  assert (size <= sizeof kept);
  for (size_t left = count; left > 1; left--) {
    size_t other = sample_below (random, (uint32_t)left);
    memcpy (kept, bytes + (left - 1) * size, size);
    memmove (bytes + (left - 1) * size, bytes + other * size, size);
    memcpy (bytes + other * size, kept, size);
  }
}

size_t sample_weighted (sample_random_t *random, const uint32_t *weights, size_t count) {
  uint32_t sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += weights[i];
  assert (sum > 0);
  uint32_t point = sample_below (random, sum);
  size_t at = 0;
  for (; point >= weights[at]; at++)
    point -= weights[at];
  return at;
}
