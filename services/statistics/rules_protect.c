/* The cell-key method. */
#include "services/statistics/rules_protect.h"

#include <sodium.h>
#include <string.h>

enum { RECORD = 1, CELL, MARK }; /* what a hash is of */

static uint64_t keyed_hash (const statistics_secret_t *secret, uint8_t of, uint64_t number) {
  uint8_t message[9] = {of}, hash[crypto_shorthash_BYTES];
  uint64_t value = 0;
  _Static_assert(crypto_shorthash_KEYBYTES == STATISTICS_SECRET_BYTES, "the secret is the key of the hash");
  for (int i = 0; i < 8; i++)
    message[1 + i] = (uint8_t)(number >> (8 * i));
  crypto_shorthash (hash, message, sizeof message, secret->bytes);
  for (int i = 0; i < 8; i++)
    value |= (uint64_t)hash[i] << (8 * i);
  return value;
}

uint32_t statistics_record_key (const statistics_secret_t *secret, uint64_t record) {
  uint32_t key = (uint32_t)keyed_hash (secret, RECORD, record);
  return key ? key : 1;
}

uint64_t statistics_secret_mark (const statistics_secret_t *secret) {
  return keyed_hash (secret, MARK, 0) >> 1 | 1; /* a number of the records */
}

/* By what is left over 5, and by column: of 5 columns that are as likely, as many go up as are left over. */
static const int8_t shifts[STATISTICS_BASE][STATISTICS_BASE] = {
    {0, 0, 0, 0, 0}, {4, -1, -1, -1, -1}, {-2, 3, -2, 3, -2}, {2, -3, 2, -3, 2}, {1, 1, 1, 1, -4},
};

/* Cell keys add up as the cells do, so the column is a hash of the key: columns of parts tell nothing of the whole's.
 */
int64_t statistics_protect (const statistics_secret_t *secret, int64_t count, uint32_t cell_key) {
  if (count <= 0)
    return 0;
  unsigned column = (unsigned)(keyed_hash (secret, CELL, cell_key) % STATISTICS_BASE);
  return count + shifts[count % STATISTICS_BASE][column];
}

/* ---- what a figure tells ----------------------------------------------------------------------------------------- */
statistics_interval_t statistics_protected_interval (int64_t figure) {
  int64_t low = figure - STATISTICS_BASE + 1;
  return (statistics_interval_t){low > 0 ? low : 0, figure + STATISTICS_BASE - 1};
}

bool statistics_gives_away (statistics_interval_t interval) {
  return interval.low < STATISTICS_SMALL && interval.high - interval.low + 1 < STATISTICS_BASE;
}
