/* The catalogue, told to who asks. */
#include "common/text.h"
#include "services/assistance/handlers.h"
#include "services/assistance/rules_rate.h"
#include "services/assistance/state.h"
#include <string.h>

#define ROOM(list) (sizeof (list) / sizeof (list)[0])

static void add_rates (const assistance_catalogue_t *catalogue, mns_scheme_info_t *info) {
  for (size_t i = 0; i < catalogue->rate_count && info->rates_count < ROOM (info->rates); i++) {
    const mns_catalogue_rate_t *rate = &catalogue->rates[i];
    if (strcmp (rate->scheme, info->scheme) || strcmp (rate->tier, info->tier))
      continue;
    info->rates[info->rates_count++] = (mns_scheme_rate_t){.from_day = rate->from_day,
                                                           .registration = rate->registration,
                                                           .amount_fen = rate->amount_fen,
                                                           .per = rate->per};
  }
}

static void add_conditions (const assistance_catalogue_t *catalogue, mns_scheme_info_t *info) {
  for (size_t i = 0; i < catalogue->condition_count && info->conditions_count < ROOM (info->conditions); i++) {
    const mns_catalogue_condition_t *condition = &catalogue->conditions[i];
    if (!assistance_condition_holds_for (condition, info->scheme, info->tier))
      continue;
    mns_scheme_condition_t *told = &info->conditions[info->conditions_count++];
    mns_text_copy (told->en, sizeof told->en, condition->en);
    mns_text_copy (told->zh, sizeof told->zh, condition->zh);
  }
}

static void add_shares (const assistance_catalogue_t *catalogue, mns_scheme_info_t *info) {
  const char *sources[ASSISTANCE_SOURCES_MAX];
  int64_t percents[ASSISTANCE_SOURCES_MAX];
  size_t count = assistance_shares (catalogue, info->scheme, info->tier, sources, percents);
  for (size_t i = 0; i < count; i++) {
    mns_text_copy (info->shares[i].source, sizeof info->shares[i].source, sources[i]);
    info->shares[i].percent = percents[i];
  }
  info->shares_count = (uint16_t)count;
}

static void add_rate_of_day (const assistance_catalogue_t *catalogue, mns_scheme_info_t *info, mns_date_t day) {
  assistance_rated_t rated = {info->scheme, info->tier, 0};
  const mns_catalogue_rate_t *rate = assistance_rate_on (catalogue, &rated, day);
  if (!rate)
    return;
  info->amount_fen = rate->amount_fen;
  info->per = rate->per;
}

mns_rc_t assistance_schemes (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const assistance_catalogue_t *catalogue = &((assistance_t *)self)->catalogue;
  const mns_scheme_query_t *query = request->record;
  mns_date_t day = query->day ? query->day : mns_turn_today (turn);
  mns_scheme_info_t info;
  for (size_t i = 0; i < catalogue->tier_count; i++) {
    const mns_catalogue_tier_t *tier = &catalogue->tiers[i];
    const mns_catalogue_scheme_t *scheme = assistance_scheme_find (catalogue, tier->scheme);
    if (query->scheme[0] && strcmp (query->scheme, tier->scheme) != 0)
      continue;
    mns_record_clear (&mns_scheme_info_type, &info);
    mns_text_copy (info.scheme, sizeof info.scheme, tier->scheme);
    mns_text_copy (info.tier, sizeof info.tier, tier->id);
    mns_text_copy (info.en, sizeof info.en, scheme->en);
    mns_text_copy (info.zh, sizeof info.zh, scheme->zh);
    mns_text_copy (info.tier_en, sizeof info.tier_en, tier->en);
    mns_text_copy (info.tier_zh, sizeof info.tier_zh, tier->zh);
    info.unit = scheme->unit;
    info.periodicity = scheme->periodicity;
    add_rate_of_day (catalogue, &info, day);
    add_rates (catalogue, &info);
    add_conditions (catalogue, &info);
    add_shares (catalogue, &info);
    mns_turn_reply (turn, &mns_scheme_info_type, &info);
  }
  return MNS_OK;
}
