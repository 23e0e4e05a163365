/* The sums of a batch: by tier and source, and what is posted for them. Pure. */
#ifndef MNS_ASSISTANCE_RULES_BATCH_H
#define MNS_ASSISTANCE_RULES_BATCH_H

#include "services/assistance/catalogue.h"
#include "services/assistance/rules_ledger.h"

#define ASSISTANCE_WORD_MAX 32

/* Lines of one tier and amount. */
typedef struct {
  char tier[ASSISTANCE_WORD_MAX + 1];
  mns_fen_t amount_fen;
  int64_t lines;
} assistance_group_t;
typedef struct {
  assistance_group_t *groups; /* freed by _fini */
  size_t count, capacity;
} assistance_groups_t;

void assistance_groups_add (assistance_groups_t *groups, const char *tier, mns_fen_t amount_fen, int64_t lines);
void assistance_groups_fini (assistance_groups_t *groups);

/* Who pays which share of each tier, as it stood when the batch was prepared. */
typedef struct {
  char tier[ASSISTANCE_WORD_MAX + 1];
  char sources[ASSISTANCE_SOURCES_MAX][ASSISTANCE_WORD_MAX + 1];
  int64_t percents[ASSISTANCE_SOURCES_MAX];
  size_t count;
} assistance_tier_shares_t;
typedef struct {
  assistance_tier_shares_t tiers[ASSISTANCE_TIERS_MAX];
  size_t count;
} assistance_batch_shares_t;

/* The shares of a scheme as the catalogue has them. */
void assistance_batch_shares (const assistance_catalogue_t *catalogue, const char *scheme,
                              assistance_batch_shares_t *shares);

/* Fills lines, total_fen and parts. Each line is split for itself, by largest remainder, so that a line taken out later
 * takes out exactly what it put in. */
void assistance_batch_sum (const assistance_groups_t *groups, const assistance_batch_shares_t *shares,
                           mns_batch_t *batch);

/* fund → payable. */
void assistance_batch_reserve (const mns_batch_t *batch, assistance_posting_t *posting);
/* payable → paid for what `after` still has, payable → fund for the rest of `before`; nothing is paid when `pay` is
 * false. */
void assistance_batch_settle (const mns_batch_t *before, const mns_batch_t *after, bool pay,
                              assistance_posting_t *posting);

#endif
