/* The catalogue of schemes, schemes.yaml: names, dated rates, conditions in words and SQL, and who pays which share.
 *
 * Loaded once at start and never changed while the service runs. */
#ifndef MNS_ASSISTANCE_CATALOGUE_H
#define MNS_ASSISTANCE_CATALOGUE_H

#include "common/records/assistance_requests.h"
#include "common/yaml.h"

#define ASSISTANCE_SOURCES_MAX 8 /* of one tier */
#define ASSISTANCE_TIERS_MAX   8 /* of one scheme */

/* clang-format off */
#define MNS_CATALOGUE_SCHEME_FIELDS(F, T)                                                                              \
  F (T, TEXT,  id,           32,               MNS_REQUIRED, "Word of the scheme", "项目代码")                           \
  F (T, TEXT,  en,           120,              MNS_REQUIRED, "Name in English", "英文名称")                              \
  F (T, TEXT,  zh,           120,              MNS_REQUIRED, "Name in Chinese", "中文名称")                              \
  F (T, CODE,  unit,         mns_beneficiary,  MNS_REQUIRED, "person, household or child", "对象")                       \
  F (T, CODE,  periodicity,  mns_periodicity,  MNS_REQUIRED, "Period of a batch", "发放周期")                            \
  F (T, CODE,  closed,       mns_yes_no,       0, "yes: nobody new is taken in", "停止新增")
MNS_RECORD_DECLARE (catalogue_scheme, MNS_CATALOGUE_SCHEME_FIELDS)

#define MNS_CATALOGUE_TIER_FIELDS(F, T)                                                                                \
  F (T, TEXT,  scheme,       32,               MNS_REQUIRED, "Scheme", "项目代码")                                      \
  F (T, TEXT,  id,           32,               MNS_REQUIRED, "Word of the tier", "档次代码")                             \
  F (T, TEXT,  en,           120,              MNS_REQUIRED, "Name in English", "英文名称")                              \
  F (T, TEXT,  zh,           120,              MNS_REQUIRED, "Name in Chinese", "中文名称")
MNS_RECORD_DECLARE (catalogue_tier, MNS_CATALOGUE_TIER_FIELDS)

#define MNS_CATALOGUE_RATE_FIELDS(F, T)                                                                                \
  F (T, TEXT,  scheme,       32,               MNS_REQUIRED, "Scheme", "项目代码")                                      \
  F (T, TEXT,  tier,         32,               MNS_REQUIRED, "Tier", "档次代码")                                        \
  F (T, DATE,  from_day,     0,                MNS_REQUIRED, "In force from this day", "起日")                          \
  F (T, FEN,   amount_fen,   (0, 100000000),   MNS_REQUIRED, "Amount in fen", "金额（分）")                             \
  F (T, CODE,  per,          mns_rate_per,     MNS_REQUIRED, "year or month", "计发单位")                               \
  F (T, CODE,  registration, mns_registration, 0, "Only for this kind of registration", "户口性质")
MNS_RECORD_DECLARE (catalogue_rate, MNS_CATALOGUE_RATE_FIELDS)

#define MNS_CATALOGUE_CONDITION_FIELDS(F, T)                                                                           \
  F (T, TEXT,  scheme,       32,               MNS_REQUIRED, "Scheme", "项目代码")                                      \
  F (T, TEXT,  tier,         32,               0, "Only for this tier", "档次代码")                                     \
  F (T, TEXT,  en,           200,              MNS_REQUIRED, "The condition in English: 'is 60 or over'", "条件（英文）") \
  F (T, TEXT,  zh,           200,              MNS_REQUIRED, "The condition in Chinese", "条件（中文）")                 \
  F (T, TEXT,  sql,          1000,             MNS_REQUIRED, "One expression over the facts", "表达式")
MNS_RECORD_DECLARE (catalogue_condition, MNS_CATALOGUE_CONDITION_FIELDS)

#define MNS_CATALOGUE_SOURCE_FIELDS(F, T)                                                                              \
  F (T, TEXT,  scheme,       32,               MNS_REQUIRED, "Scheme", "项目代码")                                      \
  F (T, TEXT,  tier,         32,               MNS_REQUIRED, "Tier", "档次代码")                                        \
  F (T, TEXT,  source,       32,               MNS_REQUIRED, "Source of the money", "资金来源")                         \
  F (T, INT,   percent,      (0, 100),         MNS_REQUIRED, "Its share", "比例（%）")
MNS_RECORD_DECLARE (catalogue_source, MNS_CATALOGUE_SOURCE_FIELDS)
/* clang-format on */

typedef struct {
  mns_catalogue_scheme_t *schemes;
  mns_catalogue_tier_t *tiers;
  mns_catalogue_rate_t *rates;
  mns_catalogue_condition_t *conditions;
  mns_catalogue_source_t *sources;
  size_t scheme_count, tier_count, rate_count, condition_count, source_count;
} assistance_catalogue_t;

/* Reads DATA/catalogue/schemes.yaml; when there is none the default one is written there first. A file with mistakes is
 * refused: all of them go to the log, the first and their number into `error`. */
mns_rc_t assistance_catalogue_load (assistance_catalogue_t *catalogue, const char *data, mns_error_t *error);
/* The same from an open document, which is finished here. */
mns_rc_t assistance_catalogue_read (assistance_catalogue_t *catalogue, mns_yaml_t *yaml, mns_error_t *error);
void assistance_catalogue_fini (assistance_catalogue_t *catalogue);

const mns_catalogue_scheme_t *assistance_scheme_find (const assistance_catalogue_t *catalogue, const char *scheme);
const mns_catalogue_tier_t *assistance_tier_find (const assistance_catalogue_t *catalogue, const char *scheme,
                                                  const char *tier);
/* Scheme and tier as somebody names them; MNS_NOT_FOUND tells what there is instead. */
mns_rc_t assistance_tier_check (const assistance_catalogue_t *catalogue, const char *scheme, const char *tier,
                                mns_error_t *error);
bool assistance_condition_holds_for (const mns_catalogue_condition_t *condition, const char *scheme, const char *tier);
bool assistance_source_known (const assistance_catalogue_t *catalogue, const char *source);

/* The shares of a tier in the order of the file: sources and percentages; returns their number. */
size_t assistance_shares (const assistance_catalogue_t *catalogue, const char *scheme, const char *tier,
                          const char *sources[ASSISTANCE_SOURCES_MAX], int64_t percents[ASSISTANCE_SOURCES_MAX]);

#endif
