/* Entries of the register that may be one person: what they have in common, and the work list. Commands:
 *
 *   registry.duplicates         duplicate_query    → duplicate_info …    query; the likeliest first
 *   registry.duplicate          duplicate_select   → duplicate_fact …    query; two entries side by side
 *   registry.dismiss-duplicate  duplicate_dismiss  → duplicate_info      they are two persons, and why
 *   registry.merges             merge_query        → merge_info …        query; what was asked for, and what came of it
 *   registry.merge              merge_request      → merge_info          they are one: asked for, to be decided by
 * another registry.decide-merge       merge_decision     → merge_info          by somebody else than who asked
 *   registry.unmerge            unmerge_request    → merge_info          undoes it, both ways
 *
 * Event: registry.merge.<village>.registered, a merge; behind it in the same turn the adjustment of the merged entry.
 */
#ifndef MNS_RECORDS_REGISTRY_DUPLICATES_H
#define MNS_RECORDS_REGISTRY_DUPLICATES_H

#include "common/records/codes.h"
#include "common/records/place.h"

extern const mns_code_table_t mns_duplicate_fact, mns_duplicate_state, mns_merge_state;

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

enum { MNS_MERGE_ASKED = 1, MNS_MERGE_MERGED, MNS_MERGE_REFUSED, MNS_MERGE_UNDONE };
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

#define MNS_MERGE_REQUEST_FIELDS(F, T)                                                                                     \
  F (T, ID,    survivor,       0,                MNS_REQUIRED, "Register number of the entry that stays", "保留人员编号")    \
  F (T, ID,    merged,         0,                MNS_REQUIRED, "Register number of the entry that is merged into it", "并入人员编号") \
  F (T, TEXT,  reason,         200,              MNS_REQUIRED, "Why they are one person; no names or numbers of persons", "原因")
MNS_RECORD_DECLARE (merge_request, MNS_MERGE_REQUEST_FIELDS)

#define MNS_MERGE_DECISION_FIELDS(F, T)                                                                                    \
  F (T, ID,    merge,          0,                MNS_REQUIRED, "Number of the merge", "合并编号")                          \
  F (T, CODE,  approved,       mns_yes_no,       MNS_REQUIRED, "yes: they are merged; no: they stay two", "是否同意")      \
  F (T, TEXT,  reason,         200,              0, "Why; of a refusal it is required", "原因")
MNS_RECORD_DECLARE (merge_decision, MNS_MERGE_DECISION_FIELDS)

#define MNS_UNMERGE_REQUEST_FIELDS(F, T)                                                                                   \
  F (T, ID,    merge,          0,                MNS_REQUIRED, "Number of the merge", "合并编号")                          \
  F (T, TEXT,  reason,         200,              MNS_REQUIRED, "Why they are two persons after all", "原因")
MNS_RECORD_DECLARE (unmerge_request, MNS_UNMERGE_REQUEST_FIELDS)

#define MNS_MERGE_QUERY_FIELDS(F, T)                                                                                       \
  F (T, CODE,  state,          mns_merge_state,  0, "asked, merged, refused or undone; absent: all", "状态")               \
  F (T, ID,    person,         0,                0, "Merges of this person", "人员编号")                                  \
  F (T, INT,   limit,          (1, 1000),        0, "At most so many; default 50", "最多条数")
MNS_RECORD_DECLARE (merge_query, MNS_MERGE_QUERY_FIELDS)

#define MNS_MERGE_INFO_FIELDS(F, T)                                                                                        \
  F (T, ID,    merge,          0,                MNS_REQUIRED, "Number of the merge", "合并编号")                          \
  F (T, CODE,  state,          mns_merge_state,  MNS_REQUIRED, "asked, merged, refused or undone", "状态")                \
  F (T, ID,    survivor,       0,                MNS_REQUIRED, "The entry that stays", "保留人员编号")                     \
  F (T, ID,    merged,         0,                MNS_REQUIRED, "The entry that is merged into it", "并入人员编号")          \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "The smallest division that holds both", "区划代码")         \
  F (T, TEXT,  reason,         200,              0, "Why", "原因")                                                       \
  F (T, DATE,  asked,          0,                0, "Day it was asked for", "申请日期")                                   \
  F (T, TEXT,  asked_by,       48,               0, "By whom", "申请账户")                                               \
  F (T, DATE,  decided,        0,                0, "Day of the decision", "决定日期")                                    \
  F (T, TEXT,  decided_by,     48,               0, "By whom", "决定账户")                                               \
  F (T, DATE,  undone,         0,                0, "Day it was undone", "撤销日期")                                      \
  F (T, TEXT,  undone_by,      48,               0, "By whom", "撤销账户")                                               \
  F (T, TEXT,  why,            200,              0, "Why it was refused or undone", "不同意或撤销原因")                    \
  F (T, INT,   moved,          (0, INT64_MAX),   0, "References that went from one entry to the other", "转移引用数")      \
  F (T, TEXT,  finding,        400,              0, "What was noticed but does not stand in the way", "疑点")              \
  F (T, ID,    epoch,          0,                0, "Producer epoch of the last event published", "发布纪元")              \
  F (T, ID,    number,         0,                0, "Producer number of the last event published", "发布序号")
MNS_RECORD_DECLARE (merge_info, MNS_MERGE_INFO_FIELDS)

/* registry.merge.<village>.registered: two entries are one person, or are two again. */
#define MNS_MERGE_FIELDS(F, T)                                                                                             \
  F (T, ID,    merge,          0,                MNS_REQUIRED, "Number of the merge", "合并编号")                          \
  F (T, ID,    survivor,       0,                MNS_REQUIRED, "The entry that stays", "保留人员编号")                     \
  F (T, ID,    merged,         0,                MNS_REQUIRED, "The entry that is merged into it", "并入人员编号")          \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of the merged entry", "所属地区划代码")               \
  F (T, CODE,  undone,         mns_yes_no,       0, "yes: it is undone, everything goes back", "是否撤销")                \
  F (T, TEXT,  reason,         200,              MNS_REQUIRED, "Why", "原因")                                            \
  F (T, DATE,  registered,     0,                MNS_REQUIRED, "Day of the decision", "登记日期")
MNS_RECORD_DECLARE (merge, MNS_MERGE_FIELDS)
/* clang-format on */

#endif
