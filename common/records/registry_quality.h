/* The quality of the register: rules, findings, the check of the whole. Commands:
 *
 *   registry.findings       finding_query  → finding_info …     query; the oldest first
 *   registry.close-finding  finding_close  → finding_info       it is right as it is, and why
 *   registry.check-quality  quality_check  → quality_checked    one slice of the check; the next begins where it ended
 *
 * Event: registry.quality.<village>.<yyyy-mm>, a quality_rate, when a check finds it changed. */
#ifndef MNS_RECORDS_REGISTRY_QUALITY_H
#define MNS_RECORDS_REGISTRY_QUALITY_H

#include "common/records/codes.h"
#include "common/records/place.h"

extern const mns_code_table_t mns_quality_rule, mns_quality_severity, mns_finding_state, mns_check_phase;

/* What is asked of the register; services/registry/catalogue/quality.yaml says how strictly. */
enum {
  MNS_RULE_REMARK = 1, /* noticed at entry; nothing is asked */
  MNS_RULE_DATE_ORDER,
  MNS_RULE_BALANCE,
  MNS_RULE_MOTHER_MISSING,
  MNS_RULE_MOTHER_AGE,
  MNS_RULE_MARITAL_AGE_MEN,
  MNS_RULE_MARITAL_AGE_WOMEN,
  MNS_RULE_NUMBER_BIRTH,
  MNS_RULE_NUMBER_SEX,
  MNS_RULE_NUMBER_SHARED,
  MNS_RULE_HOUSEHOLD_NO_HEAD,
  MNS_RULE_HOUSEHOLD_TWO_HEADS,
  MNS_RULE_PLACE_ENDED
};
#define MNS_RULE_COUNT MNS_RULE_PLACE_ENDED

enum { MNS_MUST = 1, MNS_QUESTION };
enum { MNS_FINDING_NOTED = 1, MNS_FINDING_OPEN, MNS_FINDING_CORRECTED, MNS_FINDING_CLOSED };
enum { MNS_CHECK_PERSONS = 1, MNS_CHECK_HOUSEHOLDS, MNS_CHECK_PLACES, MNS_CHECK_DUPLICATES, MNS_CHECK_RATES };

/* clang-format off */
#define MNS_FINDING_QUERY_FIELDS(F, T)                                                                                     \
  F (T, ID,    finding,        0,                0, "This finding", "问题编号")                                           \
  F (T, PLACE, place,          0,                0, "Findings of this place; default your division", "区划代码")            \
  F (T, CODE,  state,          mns_finding_state, 0, "open (default), corrected, closed or noted", "状态")                 \
  F (T, CODE,  rule,           mns_quality_rule, 0, "Of this rule", "规则")                                               \
  F (T, ID,    person,         0,                0, "About this person, in any state", "人员编号")                         \
  F (T, CODE,  overdue,        mns_yes_no,       0, "yes: only those whose deadline has passed", "是否逾期")               \
  F (T, ID,    after,          0,                0, "Begin behind this finding", "起始问题编号")                           \
  F (T, INT,   limit,          (1, 1000),        0, "At most so many; default 50", "最多条数")
MNS_RECORD_DECLARE (finding_query, MNS_FINDING_QUERY_FIELDS)

#define MNS_FINDING_INFO_FIELDS(F, T)                                                                                      \
  F (T, ID,    finding,        0,                MNS_REQUIRED, "Number of the finding", "问题编号")                        \
  F (T, CODE,  rule,           mns_quality_rule, MNS_REQUIRED, "Rule that does not hold", "规则")                          \
  F (T, CODE,  severity,       mns_quality_severity, 0, "must or question", "程度")                                       \
  F (T, CODE,  state,          mns_finding_state, MNS_REQUIRED, "open, corrected, closed or noted", "状态")               \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place it is about", "区划代码")                            \
  F (T, PLACE, owner,          0,                0, "Division that answers for it", "责任区划代码")                         \
  F (T, ID,    person,         0,                0, "Person it is about", "人员编号")                                     \
  F (T, ID,    household,      0,                0, "Household it is about", "户编号")                                     \
  F (T, TEXT,  text,           160,              0, "The rule in words", "规则说明")                                      \
  F (T, TEXT,  detail,         400,              0, "What was found", "疑点")                                             \
  F (T, CODE,  restricted,     mns_yes_no,       0, "yes: for approvers and administrators only", "是否限制查看")          \
  F (T, DATE,  opened,         0,                0, "Day it was found", "发现日期")                                       \
  F (T, DATE,  deadline,       0,                0, "Day by which it is to be answered", "期限")                          \
  F (T, DATE,  closed,         0,                0, "Day it was corrected or closed", "关闭日期")                          \
  F (T, TEXT,  account,        48,               0, "Who corrected or closed it", "处理账户")                              \
  F (T, TEXT,  reason,         200,              0, "Why it was closed", "原因")
MNS_RECORD_DECLARE (finding_info, MNS_FINDING_INFO_FIELDS)

#define MNS_FINDING_CLOSE_FIELDS(F, T)                                                                                     \
  F (T, ID,    finding,        0,                MNS_REQUIRED, "Number of the finding", "问题编号")                        \
  F (T, TEXT,  reason,         200,              MNS_REQUIRED, "Why it is right as it is; no names or numbers of persons", "原因")
MNS_RECORD_DECLARE (finding_close, MNS_FINDING_CLOSE_FIELDS)

#define MNS_QUALITY_CHECK_FIELDS(F, T)                                                                                     \
  F (T, CODE,  phase,          mns_check_phase,  0, "Part of the check; absent: the first", "检查阶段")                    \
  F (T, ID,    after,          0,                0, "Where the slice before ended", "起始位置")
MNS_RECORD_DECLARE (quality_check, MNS_QUALITY_CHECK_FIELDS)

#define MNS_QUALITY_CHECKED_FIELDS(F, T)                                                                                   \
  F (T, CODE,  phase,          mns_check_phase,  0, "What comes next; absent: nothing, the check is done", "下一阶段")      \
  F (T, ID,    after,          0,                0, "Where the next slice begins", "下一位置")                            \
  F (T, INT,   total,          (0, INT64_MAX),   0, "Where this part ends, in the measure of `after`", "本阶段总数")        \
  F (T, INT,   checked,        (0, INT64_MAX),   0, "Looked at in this slice", "已查数")                                  \
  F (T, INT,   opened,         (0, INT64_MAX),   0, "Findings and pairs that are new", "新增问题数")                        \
  F (T, INT,   corrected,      (0, INT64_MAX),   0, "Findings whose fact no longer holds", "已更正数")
MNS_RECORD_DECLARE (quality_checked, MNS_QUALITY_CHECKED_FIELDS)

/* The state of a place's findings in a month as of the last check; a later event takes the place of an earlier one. */
#define MNS_QUALITY_RATE_FIELDS(F, T)                                                                                      \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Village", "区划代码")                                      \
  F (T, INT,   month,          (101, 999912),    MNS_REQUIRED, "Month, yyyymm", "月份")                                   \
  F (T, INT,   persons,        (0, INT64_MAX),   MNS_REQUIRED, "Persons in the register there", "在册人数")                \
  F (T, INT,   opened,         (0, INT64_MAX),   MNS_REQUIRED, "Findings of the month", "新增问题数")                      \
  F (T, INT,   corrected,      (0, INT64_MAX),   MNS_REQUIRED, "Corrected in the month", "已更正数")                       \
  F (T, INT,   closed,         (0, INT64_MAX),   MNS_REQUIRED, "Closed by hand in the month", "已说明数")                  \
  F (T, INT,   standing,       (0, INT64_MAX),   MNS_REQUIRED, "Open now", "未处理数")                                     \
  F (T, INT,   overdue,        (0, INT64_MAX),   MNS_REQUIRED, "Open now, the deadline has passed", "逾期数")
MNS_RECORD_DECLARE (quality_rate, MNS_QUALITY_RATE_FIELDS)
/* clang-format on */

#endif
