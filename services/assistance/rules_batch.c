/* Sums of a batch and their postings. */
#include "services/assistance/rules_batch.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

void assistance_groups_add (assistance_groups_t *groups, const char *tier, mns_fen_t amount_fen, int64_t lines) {
  for (size_t i = 0; i < groups->count; i++)
    if (groups->groups[i].amount_fen == amount_fen && !strcmp (groups->groups[i].tier, tier)) {
      groups->groups[i].lines += lines;
      return;
    }
  if (groups->count == groups->capacity) {
    groups->capacity = groups->capacity ? groups->capacity * 2 : 16;
    groups->groups = mns_realloc (groups->groups, groups->capacity * sizeof *groups->groups);
  }
  assistance_group_t *group = &groups->groups[groups->count++];
  mns_text_copy (group->tier, sizeof group->tier, tier);
  group->amount_fen = amount_fen;
  group->lines = lines;
}

void assistance_groups_fini (assistance_groups_t *groups) {
  free (groups->groups);
  *groups = (assistance_groups_t){0};
}

void assistance_batch_shares (const assistance_catalogue_t *catalogue, const char *scheme,
                              assistance_batch_shares_t *shares) {
  *shares = (assistance_batch_shares_t){0};
  for (size_t i = 0; i < catalogue->tier_count && shares->count < ASSISTANCE_TIERS_MAX; i++) {
    const char *sources[ASSISTANCE_SOURCES_MAX];
    if (strcmp (catalogue->tiers[i].scheme, scheme))
      continue;
    assistance_tier_shares_t *tier = &shares->tiers[shares->count++];
    mns_text_copy (tier->tier, sizeof tier->tier, catalogue->tiers[i].id);
    tier->count = assistance_shares (catalogue, scheme, tier->tier, sources, tier->percents);
    for (size_t j = 0; j < tier->count; j++)
      mns_text_copy (tier->sources[j], sizeof tier->sources[j], sources[j]);
  }
}

static const assistance_tier_shares_t *shares_of (const assistance_batch_shares_t *shares, const char *tier) {
  for (size_t i = 0; i < shares->count; i++)
    if (!strcmp (shares->tiers[i].tier, tier))
      return &shares->tiers[i];
  return NULL;
}

static mns_batch_part_t *part_of (mns_batch_t *batch, const char *tier, const char *source) {
  for (size_t i = 0; i < batch->parts_count; i++)
    if (!strcmp (batch->parts[i].tier, tier) && !strcmp (batch->parts[i].source, source))
      return &batch->parts[i];
  mns_batch_part_t *part = &batch->parts[batch->parts_count++];
  mns_record_clear (&mns_batch_part_type, part);
  mns_text_copy (part->tier, sizeof part->tier, tier);
  mns_text_copy (part->source, sizeof part->source, source);
  part->lines = 0;
  part->amount_fen = 0;
  return part;
}

static void add_group (mns_batch_t *batch, const assistance_group_t *group, const assistance_tier_shares_t *shares) {
  mns_fen_t parts[ASSISTANCE_SOURCES_MAX];
  mns_fen_split (group->amount_fen, shares->percents, shares->count, parts);
  for (size_t i = 0; i < shares->count; i++) {
    mns_batch_part_t *part = part_of (batch, group->tier, shares->sources[i]);
    part->lines += group->lines;
    part->amount_fen += parts[i] * group->lines;
  }
  batch->lines += group->lines;
  batch->total_fen += group->amount_fen * group->lines;
}

void assistance_batch_sum (const assistance_groups_t *groups, const assistance_batch_shares_t *shares,
                           mns_batch_t *batch) {
  batch->lines = 0;
  batch->total_fen = 0;
  batch->parts_count = 0;
  for (size_t i = 0; i < groups->count; i++) {
    const assistance_tier_shares_t *tier = shares_of (shares, groups->groups[i].tier);
    if (tier && tier->count)
      add_group (batch, &groups->groups[i], tier);
  }
}

void assistance_batch_reserve (const mns_batch_t *batch, assistance_posting_t *posting) {
  for (size_t i = 0; i < batch->parts_count; i++)
    assistance_posting_add (posting, ASSISTANCE_FUND, batch->parts[i].source, -batch->parts[i].amount_fen);
  assistance_posting_add (posting, ASSISTANCE_PAYABLE, batch->scheme, batch->total_fen);
}

void assistance_batch_settle (const mns_batch_t *before, const mns_batch_t *after, bool pay,
                              assistance_posting_t *posting) {
  assistance_posting_add (posting, ASSISTANCE_PAYABLE, before->scheme, -before->total_fen);
  for (size_t i = 0; i < before->parts_count; i++)
    assistance_posting_add (posting, ASSISTANCE_FUND, before->parts[i].source, before->parts[i].amount_fen);
  if (!pay)
    return;
  for (size_t i = 0; i < after->parts_count; i++)
    assistance_posting_add (posting, ASSISTANCE_FUND, after->parts[i].source, -after->parts[i].amount_fen);
  assistance_posting_add (posting, ASSISTANCE_PAID, before->scheme, after->total_fen);
}
