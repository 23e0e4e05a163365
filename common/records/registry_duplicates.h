/* Entries of the register that may be one person: what they have in common, and the work list. Commands:
 *
 *   registry.duplicates         duplicate_query    → duplicate_info …    query; the likeliest first
 *   registry.duplicate          duplicate_select   → duplicate_fact …    query; two entries side by side
 *   registry.dismiss-duplicate  duplicate_dismiss  → duplicate_info      they are two persons, and why */
#ifndef MNS_RECORDS_REGISTRY_DUPLICATES_H
#define MNS_RECORDS_REGISTRY_DUPLICATES_H

#include "common/records/codes.h"
#include "common/records/place.h"

extern const mns_code_table_t mns_duplicate_fact, mns_duplicate_state;

/* What a comparison of two entries can show; services/registry/catalogue/duplicates.yaml says what it weighs. */
enum {
  MNS_FACT_NUMBER_SAME = 1,
  MNS_FACT_NUMBER_SLIP,
  MNS_FACT_NUMBER_OTHER,
  MNS_FACT_CERTIFICATE_SAME,
  MNS_FACT_CERTIFICATE_OTHER,
  MNS_FACT_NAME_SAME,
  MNS_FACT_NAME_VARIANT,
  MNS_FACT_NAME_CLOSE,
  MNS_FACT_NAME_OTHER,
  MNS_FACT_BIRTH_SAME,
  MNS_FACT_BIRTH_NEAR,
  MNS_FACT_BIRTH_SLIP,
  MNS_FACT_BIRTH_OTHER,
  MNS_FACT_SEX_SAME,
  MNS_FACT_SEX_OTHER,
  MNS_FACT_MOTHER_SAME,
  MNS_FACT_MOTHER_OTHER,
  MNS_FACT_DELIVERY_SAME,
  MNS_FACT_PLACE_SAME,
  MNS_FACT_TOWNSHIP_SAME,
  MNS_FACT_HOUSEHOLD_SAME
};
#define MNS_FACT_COUNT MNS_FACT_HOUSEHOLD_SAME

enum { MNS_DUPLICATE_OPEN = 1, MNS_DUPLICATE_DISMISSED, MNS_DUPLICATE_MERGED };

/* clang-format off */
#define MNS_DUPLICATE_QUERY_FIELDS(F, T)                                                                                   \
  F (T, PLACE, place,          0,                0, "Pairs of this place; default your division", "区划代码")               \
  F (T, CODE,  state,          mns_duplicate_state, 0, "open (default), dismissed or merged", "状态")                     \
  F (T, ID,    person,         0,                0, "Pairs with this person, in any state", "人员编号")                    \
  F (T, INT,   points,         (0, 1000),        0, "With at least so many points", "最低分")                              \
  F (T, INT,   limit,          (1, 1000),        0, "At most so many; default 50", "最多条数")
MNS_RECORD_DECLARE (duplicate_query, MNS_DUPLICATE_QUERY_FIELDS)

#define MNS_DUPLICATE_INFO_FIELDS(F, T)                                                                                    \
  F (T, ID,    pair,           0,                MNS_REQUIRED, "Number of the pair", "疑似重复编号")                        \
  F (T, CODE,  state,          mns_duplicate_state, MNS_REQUIRED, "open, dismissed or merged", "状态")                    \
  F (T, INT,   points,         (-1000, 1000),    MNS_REQUIRED, "How likely they are one person", "分数")                  \
  F (T, ID,    first,          0,                MNS_REQUIRED, "Register number of the older entry", "人员编号一")          \
  F (T, TEXT,  first_name,     200,              MNS_PERSONAL, "Its name", "姓名一")                                      \
  F (T, ID,    second,         0,                MNS_REQUIRED, "Register number of the newer entry", "人员编号二")          \
  F (T, TEXT,  second_name,    200,              MNS_PERSONAL, "Its name", "姓名二")                                      \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "The smallest division that holds both", "区划代码")         \
  F (T, TEXT,  why,            600,              0, "Which facts speak for and against it, with their points", "理由")      \
  F (T, DATE,  opened,         0,                MNS_REQUIRED, "Day it was found", "发现日期")                            \
  F (T, DATE,  closed,         0,                0, "Day it was decided", "处理日期")                                    \
  F (T, TEXT,  account,        48,               0, "Who decided it", "处理账户")                                        \
  F (T, TEXT,  reason,         200,              0, "Why", "处理原因")
MNS_RECORD_DECLARE (duplicate_info, MNS_DUPLICATE_INFO_FIELDS)

/* A pair of the list, or any two entries. */
#define MNS_DUPLICATE_SELECT_FIELDS(F, T)                                                                                  \
  F (T, ID,    pair,           0,                0, "Number of the pair", "疑似重复编号")                                  \
  F (T, ID,    first,          0,                0, "or the register number of an entry", "人员编号一")                    \
  F (T, ID,    second,         0,                0, "and of another", "人员编号二")
MNS_RECORD_DECLARE (duplicate_select, MNS_DUPLICATE_SELECT_FIELDS)

/* One line of the comparison. */
#define MNS_DUPLICATE_FACT_FIELDS(F, T)                                                                                    \
  F (T, TEXT,  field,          32,               MNS_REQUIRED, "Which fact", "字段")                                      \
  F (T, TEXT,  first,          200,              MNS_PERSONAL, "Of the older entry", "条目一")                             \
  F (T, TEXT,  second,         200,              MNS_PERSONAL, "Of the newer entry", "条目二")                             \
  F (T, CODE,  fact,           mns_duplicate_fact, 0, "What the comparison shows", "比较结果")                            \
  F (T, INT,   points,         (-1000, 1000),    0, "What it weighs; of the last line the sum", "分数")                   \
  F (T, TEXT,  text,           160,              0, "The same in words", "说明")
MNS_RECORD_DECLARE (duplicate_fact_info, MNS_DUPLICATE_FACT_FIELDS)

#define MNS_DUPLICATE_DISMISS_FIELDS(F, T)                                                                                 \
  F (T, ID,    pair,           0,                MNS_REQUIRED, "Number of the pair", "疑似重复编号")                        \
  F (T, TEXT,  reason,         200,              MNS_REQUIRED, "Why they are two persons; no names or numbers of persons", "原因")
MNS_RECORD_DECLARE (duplicate_dismiss, MNS_DUPLICATE_DISMISS_FIELDS)
/* clang-format on */

#endif
