/* What the registry is asked and what it answers. Commands:
 *
 *   registry.load-places   place_info …        → row_outcome …      bulk
 *   registry.load-successors reform …          → row_outcome …      bulk
 *   registry.reform        reform_row …        → reform_outcome …   bulk; all rows or none
 *   registry.load          person_row …        → row_outcome …      bulk
 *   registry.record        life_return         → record_outcome
 *   registry.record-batch  life_return …       → row_outcome …      bulk
 *   registry.correct       correct_request     → correct_outcome
 *   registry.places        place_query         → place_info …       query
 *   registry.place-history place_query         → place_step …       query; the oldest first
 *   registry.person        person_query        → person_info …      query; more than one when a number is shared
 *   registry.search        person_search       → person_info …      query; the next page is asked with `after`
 *   registry.household     household_query     → person_info …      query
 *   registry.residents     residents_query     → person_info …      query; as of any day
 *   registry.events        event_query         → event_info …       query; the oldest first
 *   registry.pending       pending_query       → pending_info …     query; registry_pending.h
 *   registry.decide        pending_decision    → pending_outcome    of another account than the one that entered it
 *   registry.recount       recount_request     → count …            query; statistics_records.h
 *
 * Persons are shown masked unless `reveal` is yes and the role may. Each reading is an event of the stream audit. */
#ifndef MNS_RECORDS_REGISTRY_REQUESTS_H
#define MNS_RECORDS_REGISTRY_REQUESTS_H

#include "common/records/load_records.h"
#include "common/records/registry_records.h"
#include "common/records/statistics_records.h"

#define MNS_SEARCH_MAX 100
#define MNS_LIST_MAX   1000 /* persons of a page of a list */

/* clang-format off */
#define MNS_RECORD_OUTCOME_FIELDS(F, T)                                                                                    \
  F (T, CODE,  result,         mns_row_result,   MNS_REQUIRED, "created; exists: the same event was recorded before; waiting: a second person decides", "结果") \
  F (T, ID,    event,          0,                0, "Register number of the event", "事项编号")                            \
  F (T, ID,    person,         0,                0, "Register number of the person; absent: a newcomer that waits", "人员编号")                 \
  F (T, ID,    household,      0,                0, "Register number of the household", "户编号")                          \
  F (T, PLACE, place,          0,                0, "Place it counts in", "所属地区划代码")                                \
  F (T, TEXT,  finding,        400,              0, "What was noticed but does not stand in the way", "疑点")              \
  F (T, ID,    epoch,          0,                0, "Producer epoch of the published event", "发布纪元")                   \
  F (T, ID,    number,         0,                0, "Producer number of the published event", "发布序号")                   \
  F (T, ID,    pending,        0,                0, "waiting: its number (mns pending)", "待审编号")
MNS_RECORD_DECLARE (record_outcome, MNS_RECORD_OUTCOME_FIELDS)

/* A fact of a person (name, native_name, sex, birth, birth_precision, birth_calendar, birth_text, citizen_number, ethnic,
 * marital, registration, mother, father) or, with `event`, of an event (occurred, birth_order). */
#define MNS_CORRECT_REQUEST_FIELDS(F, T)                                                                                   \
  F (T, ID,    person,         0,                0, "Register number of the person", "人员编号")                           \
  F (T, ID,    event,          0,                0, "Register number of the event, for a fact of an event", "事项编号")     \
  F (T, TEXT,  field,          32,               MNS_REQUIRED, "Which fact", "字段")                                      \
  F (T, TEXT,  value,          200,              MNS_PERSONAL, "The right value, as in CSV; empty takes a citizen number away", "更正值") \
  F (T, TEXT,  reason,         200,              MNS_REQUIRED, "Why; no names or numbers of persons", "原因")             \
  F (T, CODE,  confirm,        mns_yes_no,       0, "yes: it is right although another person has this citizen number", "确认") \
  F (T, DATE,  changed,        0,                0, "The fact changed on this day and was right before; absent: it was wrong from the beginning", "变更日期")
MNS_RECORD_DECLARE (correct_request, MNS_CORRECT_REQUEST_FIELDS)

#define MNS_CORRECT_OUTCOME_FIELDS(F, T)                                                                                   \
  F (T, CODE,  result,         mns_row_result,   MNS_REQUIRED, "created; exists: the fact was so already; waiting: a second person decides", "结果")      \
  F (T, ID,    correction,     0,                0, "Register number of the correction", "更正编号")                       \
  F (T, ID,    person,         0,                MNS_REQUIRED, "Register number of the person", "人员编号")                 \
  F (T, INT,   restated,       (0, 1000000),     0, "Earlier events that count differently now", "重述事项数")             \
  F (T, TEXT,  finding,        400,              0, "What was noticed but does not stand in the way", "疑点")              \
  F (T, ID,    epoch,          0,                0, "Producer epoch of the last event published", "发布纪元")              \
  F (T, ID,    number,         0,                0, "Producer number of the last event published", "发布序号")              \
  F (T, ID,    pending,        0,                0, "waiting: its number (mns pending)", "待审编号")
MNS_RECORD_DECLARE (correct_outcome, MNS_CORRECT_OUTCOME_FIELDS)

#define MNS_PLACE_QUERY_FIELDS(F, T)                                                                                       \
  F (T, PLACE, code,           0,                0, "This place", "区划代码")                                              \
  F (T, DATE,  as_of,          0,                0, "As it was on this day; absent: each code as it was last", "日期")     \
  F (T, PLACE, parent,         0,                0, "The places straight under this one", "上级区划代码")                   \
  F (T, TEXT,  text,           132,              0, "A part of the name", "名称片段")                                      \
  F (T, PLACE, after,          0,                0, "Begin behind this code", "起始区划代码")                              \
  F (T, INT,   limit,          (1, 1000),        0, "At most so many; default 1000", "最多条数")
MNS_RECORD_DECLARE (place_query, MNS_PLACE_QUERY_FIELDS)

#define MNS_PLACE_STEP_FIELDS(F, T)                                                                                        \
  F (T, DATE,  day,            0,                0, "Day of the change; absent: before anything that is known", "日期")    \
  F (T, CODE,  change,         mns_place_change, MNS_REQUIRED, "What changed", "变化")                                    \
  F (T, PLACE, code,           0,                MNS_REQUIRED, "The code, or the other one", "区划代码")                   \
  F (T, TEXT,  name,           132,              0, "Name on that day", "名称")                                           \
  F (T, CODE,  operation,      mns_reform_operation, 0, "How the land came from one to the other", "调整方式")             \
  F (T, CODE,  part,           mns_yes_no,       0, "yes: only some households", "部分")
MNS_RECORD_DECLARE (place_step, MNS_PLACE_STEP_FIELDS)

/* A boundary reform: rows of one day that are done together. */
#define MNS_REFORM_ROW_FIELDS(F, T)                                                                                        \
  F (T, CODE,  operation,      mns_reform_operation, MNS_REQUIRED, "rename, move, merge or split", "调整方式")             \
  F (T, PLACE, code,           0,                MNS_REQUIRED, "The place as it was before", "原区划代码")                 \
  F (T, PLACE, successor,      0,                0, "move: its new code; merge: the place it becomes part of; split: where the household, or all the rest, goes", "新区划代码") \
  F (T, TEXT,  name,           132,              0, "New name; of a move the old one when left out", "新名称")              \
  F (T, DATE,  day,            0,                MNS_REQUIRED, "First day in the new boundaries", "生效日期")               \
  F (T, TEXT,  household,      32,               0, "split of a village: key or h<number> of one household that goes there; absent: all the rest", "户编号")
MNS_RECORD_DECLARE (reform_row, MNS_REFORM_ROW_FIELDS)

#define MNS_REFORM_OUTCOME_FIELDS(F, T)                                                                                    \
  F (T, ID,    row,            0,                0, "Row it speaks of, from 1", "行号")                                    \
  F (T, CODE,  result,         mns_row_result,   MNS_REQUIRED, "created: done, or would be; exists: was done before; refused", "结果") \
  F (T, CODE,  operation,      mns_reform_operation, 0, "What happens to the place", "调整方式")                           \
  F (T, PLACE, code,           0,                0, "The place as it was before", "原区划代码")                            \
  F (T, PLACE, successor,      0,                0, "Where its land lies from then on", "新区划代码")                       \
  F (T, TEXT,  name,           132,              0, "Its name from then on", "名称")                                       \
  F (T, INT,   households,     (0, 100000000),   0, "Households that go there", "户数")                                    \
  F (T, INT,   persons,        (0, 1000000000),  0, "Persons of the register that go there", "人数")                       \
  F (T, TEXT,  error,          48,               0, "refused: the word of the error", "错误")                              \
  F (T, TEXT,  field,          32,               0, "refused: the column", "字段")                                         \
  F (T, TEXT,  detail,         400,              0, "refused: what is wrong and what to do", "说明")
MNS_RECORD_DECLARE (reform_outcome, MNS_REFORM_OUTCOME_FIELDS)

#define MNS_PERSON_QUERY_FIELDS(F, T)                                                                                      \
  F (T, ID,    person,         0,                0, "Register number", "人员编号")                                        \
  F (T, TEXT,  citizen_number, 18,               MNS_PERSONAL, "Citizen number, 18 or 15 characters", "公民身份号码") \
  F (T, DATE,  as_of,          0,                0, "As it was at the end of this day; default as it is now", "查询日期") \
  F (T, CODE,  reveal,         mns_yes_no,       0, "yes: names and numbers in full, for who may; otherwise masked", "是否明文")
MNS_RECORD_DECLARE (person_query, MNS_PERSON_QUERY_FIELDS)

#define MNS_PERSON_SEARCH_FIELDS(F, T)                                                                                     \
  F (T, TEXT,  text,           200,              MNS_PERSONAL, "Name, or its beginning; forms of the dot are one", "姓名")  \
  F (T, CODE,  match,          mns_name_match,   0, "begins (default), exact, or part: slower in a large area", "匹配方式")  \
  F (T, TEXT,  citizen_number, 18,               MNS_PERSONAL, "Citizen number", "公民身份号码")                           \
  F (T, DATE,  birth,          0,                0, "Date of birth", "出生日期")                                          \
  F (T, INT,   age_from,       (0, 150),         0, "At least so many years old today", "最小年龄")                        \
  F (T, INT,   age_to,         (0, 150),         0, "At most so many years old today", "最大年龄")                         \
  F (T, CODE,  sex,            mns_sex,          0, "Sex", "性别")                                                        \
  F (T, CODE,  status,         mns_person_status, 0, "present, dead, moved_out or removed; default all", "状态")           \
  F (T, PLACE, place,          0,                0, "Village, township or county: registered or living there", "区划代码")   \
  F (T, ID,    household,      0,                0, "Register number of the household", "户编号")                          \
  F (T, ID,    after,          0,                0, "Go on behind this register number, the last of the page before", "起始人员编号") \
  F (T, INT,   limit,          (1, MNS_LIST_MAX), 0, "At most so many; default 20", "最多条数") \
  F (T, CODE,  reveal,         mns_yes_no,       0, "yes: names and numbers in full, for who may; otherwise masked", "是否明文")
MNS_RECORD_DECLARE (person_search, MNS_PERSON_SEARCH_FIELDS)

#define MNS_PERSON_INFO_FIELDS(F, T)                                                                                       \
  F (T, ID,    person,         0,                MNS_REQUIRED, "Register number", "人员编号")                              \
  F (T, ID,    household,      0,                0, "Register number of the household", "户编号")                          \
  F (T, TEXT,  name,           200,              MNS_REQUIRED | MNS_PERSONAL, "Full name", "姓名")                        \
  F (T, CODE,  sex,            mns_sex,          MNS_REQUIRED, "Sex", "性别")                                             \
  F (T, DATE,  birth,          0,                MNS_REQUIRED, "Date of birth", "出生日期")                                \
  F (T, TEXT,  citizen_number, 18,               MNS_PERSONAL, "Citizen number", "公民身份号码")                           \
  F (T, CODE,  status,         mns_person_status, MNS_REQUIRED, "present, dead, moved_out or removed", "状态")             \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of registration", "户籍地区划代码")                   \
  F (T, PLACE, residence,      0,                0, "Place lived in, when it is another", "现住地区划代码")                 \
  F (T, CODE,  registration,   mns_registration, 0, "Kind of registration", "户口性质")                                    \
  F (T, CODE,  relation,       mns_relation,     0, "Relation to the head", "与户主关系")                                  \
  F (T, CODE,  ethnic,         mns_ethnic,       0, "Ethnic group", "民族")                                              \
  F (T, CODE,  marital,        mns_marital,      0, "Marital status", "婚姻状况")                                         \
  F (T, ID,    mother,         0,                0, "Register number of the mother", "母亲人员编号")                        \
  F (T, DATE,  since,          0,                0, "Day of the last event of life; of a baseline the effective day", "状态日期") \
  F (T, TEXT,  finding,        400,              0, "What was noticed about this entry", "疑点")                      \
  MNS_BIRTH_DETAIL_FIELDS (F, T)                                                                                            \
  F (T, TEXT,  native_name,    200,              MNS_PERSONAL, "Name in its own script", "本民族文字姓名")                 \
  F (T, ID,    father,         0,                0, "Register number of the father", "父亲人员编号")                        \
  F (T, ID,    spouse,         0,                0, "Register number of husband or wife", "配偶人员编号")                   \
  F (T, ID,    adoptive_mother, 0,               0, "Register number of the adoptive mother", "养母人员编号")               \
  F (T, ID,    adoptive_father, 0,               0, "Register number of the adoptive father", "养父人员编号")               \
  F (T, DATE,  valid_from,     0,                0, "as of a day: it was so from this day", "起")                           \
  F (T, DATE,  valid_to,       0,                0, "as of a day: and no longer on this one", "止")
MNS_RECORD_DECLARE (person_info, MNS_PERSON_INFO_FIELDS)

#define MNS_HOUSEHOLD_QUERY_FIELDS(F, T)                                                                                   \
  F (T, ID,    household,      0,                0, "Register number of the household", "户编号")                          \
  F (T, ID,    person,         0,                0, "or of a person in it", "户内人员编号")                                 \
  F (T, DATE,  as_of,          0,                0, "As it was at the end of this day; default as it is now", "查询日期") \
  F (T, CODE,  reveal,         mns_yes_no,       0, "yes: names and numbers in full, for who may; otherwise masked", "是否明文")
MNS_RECORD_DECLARE (household_query, MNS_HOUSEHOLD_QUERY_FIELDS)

/* Whoever was registered in or lived in the place at the end of a day, in the order of register numbers. */
#define MNS_RESIDENTS_QUERY_FIELDS(F, T)                                                                                   \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Village, township or county", "区划代码")                   \
  F (T, DATE,  as_of,          0,                0, "At the end of this day; default today", "查询日期")                    \
  F (T, ID,    after,          0,                0, "Begin behind this register number", "起始人员编号")                    \
  F (T, INT,   limit,          (1, MNS_SEARCH_MAX), 0, "At most so many; default 20", "最多条数") \
  F (T, CODE,  reveal,         mns_yes_no,       0, "yes: names and numbers in full, for who may; otherwise masked", "是否明文")
MNS_RECORD_DECLARE (residents_query, MNS_RESIDENTS_QUERY_FIELDS)

#define MNS_EVENT_QUERY_FIELDS(F, T)                                                                                       \
  F (T, ID,    person,         0,                MNS_REQUIRED, "Register number of the person", "人员编号") \
  F (T, CODE,  reveal,         mns_yes_no,       0, "yes: names and numbers in full, for who may; otherwise masked", "是否明文")
MNS_RECORD_DECLARE (event_query, MNS_EVENT_QUERY_FIELDS)

#define MNS_EVENT_INFO_FIELDS(F, T)                                                                                        \
  F (T, ID,    event,          0,                MNS_REQUIRED, "Register number of the event", "事项编号")                  \
  F (T, CODE,  event_kind,     mns_life_event,   0, "Kind of the event; absent: a correction", "事项")                      \
  F (T, DATE,  occurred,       0,                MNS_REQUIRED, "Day it happened", "发生日期")                              \
  F (T, DATE,  registered,     0,                MNS_REQUIRED, "Day it was registered", "登记日期")                         \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place it counts in", "所属地区划代码")                      \
  F (T, PLACE, other_place,    0,                0, "The other place of a move", "来往地区划代码")                          \
  F (T, CODE,  move_reason,    mns_move_reason,  0, "Reason of a move", "迁移原因")                                        \
  F (T, CODE,  mother,         mns_mother,       0, "birth: mother", "母亲情况")                                          \
  F (T, INT,   birth_order,    (1, 20),          0, "birth: order", "孩次")                                              \
  F (T, INT,   plurality,      (1, 9),           0, "birth: children of the delivery", "胎数")                             \
  F (T, INT,   rank,           (1, 9),           0, "birth: which of them", "胎内顺序")                                    \
  F (T, CODE,  adjustment,     mns_adjustment,   0, "adjustment: cause", "调整原因")                                       \
  F (T, INT,   delta,          (-1, 1),          0, "adjustment: +1 or -1", "增减")                                       \
  F (T, TEXT,  certificate,    40,               MNS_PERSONAL, "Number of the certificate", "证明编号")                    \
  F (T, TEXT,  field,          32,               0, "correction: which fact", "字段")                                     \
  F (T, TEXT,  old_value,      200,              MNS_PERSONAL, "correction: value before", "原值")                        \
  F (T, TEXT,  new_value,      200,              MNS_PERSONAL, "correction: value after", "新值")                         \
  F (T, TEXT,  note,           400,              0, "Note, or the reason of a correction", "备注")                         \
  F (T, TEXT,  account,        48,               0, "Who entered it", "经办账户")                                         \
  F (T, TIME,  recorded,       0,                0, "When it was entered", "录入时间")                                      \
  F (T, CODE,  origin,         mns_origin,       0, "Where the news came from", "信息来源")                                 \
  F (T, CODE,  evidence,       mns_evidence,     0, "Which paper was seen", "证明材料")                                     \
  F (T, PLACE, happened_at,    0,                0, "Place where it happened, when that is another", "发生地区划代码")       \
  F (T, CODE,  death_cause,    mns_death_cause,  0, "death: chapter of the cause", "死因类别")                              \
  F (T, CODE,  death_site,     mns_death_site,   0, "death: kind of place", "死亡场所")                                     \
  F (T, ID,    partner,        0,                0, "marriage, divorce: the other", "配偶人员编号")                         \
  F (T, ID,    mother_person,  0,                0, "birth, adoption: mother", "母亲人员编号")                              \
  F (T, ID,    father_person,  0,                0, "birth, adoption: father", "父亲人员编号")                              \
  F (T, ID,    household,      0,                0, "Household from that day on", "户编号")                                 \
  F (T, ID,    other_household, 0,               0, "Household before, when it is another", "原户编号")                     \
  F (T, CODE,  lateness,       mns_lateness,     0, "Against the legal term", "逾期情况")                                   \
  F (T, TEXT,  approved_by,    48,               0, "The second person", "复核账户")                                        \
  F (T, DATE,  changed,        0,                0, "correction: the fact changed on this day; absent: it was wrong before", "变更日期") \
  F (T, ID,    merged,         0,                0, "The entry it stands at, when that was merged into this one", "并入人员编号")
MNS_RECORD_DECLARE (event_info, MNS_EVENT_INFO_FIELDS)

/* Counts of a place over the months from … to, both included, straight from the registry's own tables: a second opinion
 * on the figures of statistics. Measures that count nothing are left out. */
#define MNS_RECOUNT_REQUEST_FIELDS(F, T)                                                                                   \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of any level", "区划代码")                           \
  F (T, INT,   from_month,     (101, 999912),    0, "First month, yyyymm; absent: from the beginning", "起始月份")          \
  F (T, INT,   to_month,       (101, 999912),    0, "Last month, yyyymm; absent: to the end", "截止月份")                  \
  F (T, CODE,  basis,          mns_basis,        MNS_REQUIRED, "By date of registration or of occurrence", "日期口径")      \
  F (T, CODE,  ages,           mns_yes_no,       0, "Also by month of birth and by age", "是否含年龄")
MNS_RECORD_DECLARE (recount_request, MNS_RECOUNT_REQUEST_FIELDS)
/* clang-format on */

#endif
