/* What the registry takes in and what it tells the others.
 *
 * Input: `person_row` (one line of a baseline file), `life_return` (one line of a village or township return, and the
 * body of each registry.record request). Output: one event type per happening on stream `registry`, each telling in
 * full what happened; `place_info` and `reform` on stream `places`. */
#ifndef MNS_RECORDS_REGISTRY_H
#define MNS_RECORDS_REGISTRY_H

#include "common/records/codes.h"
#include "common/records/place.h"

/* clang-format off */

/* How well a birth date is known. `birth` is always a date of the solar calendar: the first day of a month or year of which
 * nothing more is known, an estimate when nothing is known. */
#define MNS_BIRTH_DETAIL_FIELDS(F, T)                                                                                      \
  F (T, CODE,  birth_precision, mns_precision,   0, "How well the birth date is known: day (default), month, year, unknown", "出生日期精度") \
  F (T, CODE,  birth_calendar, mns_calendar,     0, "lunar: the birth date was told in the lunar calendar", "历法")         \
  F (T, TEXT,  birth_text,     80,               MNS_PERSONAL, "The birth date as it was told or written; alone it may say 1950 or 1950-03", "出生日期原文")

/* ---- input ------------------------------------------------------------------------------------------------------- */
#define MNS_PERSON_ROW_FIELDS(F, T)                                                                                        \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Village of registration; of incomers the place they are registered in", "户籍地区划代码") \
  F (T, PLACE, residence,      0,                0, "Place the person lives in, when it is another", "现住地区划代码")          \
  F (T, TEXT,  household,      32,               0, "Household key of the file; the same key is the same household", "户编号")  \
  F (T, CODE,  relation,       mns_relation,     0, "Relation to the head (GB/T 4761); 02 is the head", "与户主关系")           \
  F (T, TEXT,  name,           200,              MNS_REQUIRED | MNS_PERSONAL, "Full name", "姓名")                          \
  F (T, CODE,  sex,            mns_sex,          MNS_REQUIRED, "Sex (GB/T 2261.1)", "性别")                                \
  F (T, DATE,  birth,          0,                MNS_REQUIRED, "Date of birth", "出生日期")                                 \
  F (T, TEXT,  citizen_number, 18,               MNS_PERSONAL, "Citizen number (GB 11643), 18 or 15 characters; empty when there is none yet", "公民身份号码") \
  F (T, CODE,  ethnic,         mns_ethnic,       0, "Ethnic group (GB 3304)", "民族")                                     \
  F (T, CODE,  marital,        mns_marital,      0, "Marital status (GB/T 2261.2)", "婚姻状况")                            \
  F (T, CODE,  registration,   mns_registration, 0, "Kind of registration: rural or urban", "户口性质")                    \
  F (T, DATE,  effective,      0,                MNS_REQUIRED, "The person counts from the beginning of this day", "起算日期") \
  MNS_BIRTH_DETAIL_FIELDS (F, T)                                                                                            \
  F (T, TEXT,  native_name,    200,              MNS_PERSONAL, "Name in its own script, when `name` is a transcription", "本民族文字姓名") \
  F (T, CODE,  confirm,        mns_yes_no,       0, "yes: really another person, although name, birth date and village, or the number, are those of one in the register", "确认为另一人")
MNS_RECORD_DECLARE (person_row, MNS_PERSON_ROW_FIELDS)

/* The person is named by `person`, or by citizen number and name, or (none yet) by name, birth date and place. */
#define MNS_LIFE_RETURN_FIELDS(F, T)                                                                                       \
  F (T, CODE,  event,          mns_life_event,   MNS_REQUIRED, "birth, death, move_in, move_out, move_within, adjustment, marriage, divorce, adoption, adoption_end, split, join or head_change", "事项") \
  F (T, DATE,  occurred,       0,                MNS_REQUIRED, "Day it happened", "发生日期")                               \
  F (T, DATE,  registered,     0,                0, "Day it was registered; default today", "登记日期")                     \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Village it counts in: of the mother (birth), of the person (death, move_out), the new one (move_in, move_within, adjustment)", "所属村居代码") \
  F (T, ID,    person,         0,                0, "Register number of the person, when known", "人员编号")                 \
  F (T, TEXT,  citizen_number, 18,               MNS_PERSONAL, "Citizen number of the person", "公民身份号码")              \
  F (T, TEXT,  name,           200,              MNS_PERSONAL, "Full name", "姓名")                                        \
  F (T, CODE,  sex,            mns_sex,          0, "Sex", "性别")                                                         \
  F (T, DATE,  birth,          0,                0, "Date of birth; of a birth it is `occurred`", "出生日期")                \
  F (T, CODE,  ethnic,         mns_ethnic,       0, "Ethnic group", "民族")                                               \
  F (T, CODE,  registration,   mns_registration, 0, "Kind of registration", "户口性质")                                     \
  F (T, TEXT,  household,      32,               0, "Household key (as in the baseline file) or h<number> of the register; empty: birth – the mother's, others – a new one", "户编号") \
  F (T, CODE,  relation,       mns_relation,     0, "Relation to the head", "与户主关系")                                   \
  F (T, PLACE, other_place,    0,                0, "move_in: where from; move_out: where to; move_within: the village before", "来往地区划代码") \
  F (T, CODE,  move_reason,    mns_move_reason,  0, "Reason of a move", "迁移原因")                                        \
  F (T, CODE,  adjustment,     mns_adjustment,   0, "Cause of an adjustment: omitted adds, duplicate and annulment remove", "调整原因") \
  F (T, CODE,  mother,         mns_mother,       0, "birth: registered, elsewhere or foundling", "母亲情况")                 \
  F (T, TEXT,  mother_number,  18,               MNS_PERSONAL, "birth: citizen number of the mother", "母亲公民身份号码")    \
  F (T, TEXT,  mother_name,    200,              MNS_PERSONAL, "birth: name of the mother", "母亲姓名")                    \
  F (T, ID,    mother_person,  0,                0, "birth: register number of the mother, when known", "母亲人员编号")       \
  F (T, INT,   birth_order,    (1, 20),          0, "birth: 1 for the mother's first live-born child, 2 …", "孩次")          \
  F (T, INT,   plurality,      (1, 9),           0, "birth: children of this delivery; default 1", "胎数")                  \
  F (T, INT,   rank,           (1, 9),           0, "birth: which of them; default 1", "胎内顺序")                          \
  F (T, TEXT,  certificate,    40,               MNS_PERSONAL, "Number of the birth or death certificate", "证明编号")        \
  F (T, TEXT,  note,           400,              0, "Note; no names or numbers of persons", "备注") \
  F (T, CODE,  confirm,        mns_yes_no,       0, "yes: really another person or another delivery, although it looks like one in the register", "确认为另一人") \
  F (T, CODE,  origin,         mns_origin,       0, "Where the news comes from: own (default), business or shared", "信息来源") \
  F (T, CODE,  evidence,       mns_evidence,     0, "Which paper was seen", "证明材料")                                     \
  F (T, PLACE, happened_at,    0,                0, "Place where it happened, when that is another; never added to figures", "发生地区划代码") \
  F (T, CODE,  death_cause,    mns_death_cause,  0, "death: chapter of the cause (ICD-10)", "死因类别")                     \
  F (T, CODE,  death_site,     mns_death_site,   0, "death: kind of place", "死亡场所")                                     \
  F (T, ID,    partner_person, 0,                0, "marriage, divorce: register number of the other, when in the register", "配偶人员编号") \
  F (T, TEXT,  partner_number, 18,               MNS_PERSONAL, "marriage, divorce: citizen number of the other", "配偶公民身份号码") \
  F (T, TEXT,  partner_name,   200,              MNS_PERSONAL, "marriage, divorce: name of the other", "配偶姓名")          \
  F (T, ID,    father_person,  0,                0, "birth, adoption: register number of the father, when known", "父亲人员编号") \
  F (T, TEXT,  father_number,  18,               MNS_PERSONAL, "birth, adoption: citizen number of the father", "父亲公民身份号码") \
  F (T, TEXT,  father_name,    200,              MNS_PERSONAL, "birth, adoption: name of the father", "父亲姓名")           \
  F (T, CODE,  marital,        mns_marital,      0, "Marital status, of a newcomer", "婚姻状况")                           \
  MNS_BIRTH_DETAIL_FIELDS (F, T)                                                                                            \
  F (T, TEXT,  native_name,    200,              MNS_PERSONAL, "Name in its own script, of a newcomer", "本民族文字姓名")    \
  F (T, CODE,  whole_household, mns_yes_no,      0, "move_within, move_out, split, join: yes, with everybody of the household", "整户")
MNS_RECORD_DECLARE (life_return, MNS_LIFE_RETURN_FIELDS)

/* ---- events: common part ----------------------------------------------------------------------------------------- */
#define MNS_LIFE_EVENT_FIELDS(F, T)                                                                                        \
  F (T, ID,    event,          0,                MNS_REQUIRED, "Register number of the event", "事项编号")                  \
  F (T, ID,    person,         0,                MNS_REQUIRED, "Register number of the person", "人员编号")                 \
  F (T, ID,    household,      0,                0, "Register number of the household", "户编号")                          \
  F (T, TEXT,  name,           200,              MNS_REQUIRED | MNS_PERSONAL, "Full name", "姓名")                          \
  F (T, TEXT,  citizen_number, 18,               MNS_PERSONAL, "Citizen number", "公民身份号码")                            \
  F (T, CODE,  sex,            mns_sex,          MNS_REQUIRED, "Sex", "性别")                                              \
  F (T, DATE,  birth,          0,                MNS_REQUIRED, "Date of birth", "出生日期")                                 \
  F (T, CODE,  registration,   mns_registration, 0, "Kind of registration", "户口性质")                                     \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place it counts in; outside the county for incomers", "所属地区划代码") \
  F (T, PLACE, residence,      0,                0, "Place the person lives in, when it is another", "现住地区划代码")       \
  F (T, DATE,  occurred,       0,                MNS_REQUIRED, "Day it happened; of a baseline the effective day", "发生日期") \
  F (T, DATE,  registered,     0,                MNS_REQUIRED, "Day it was registered; of a baseline the effective day", "登记日期") \
  F (T, CODE,  origin,         mns_origin,       0, "Where the news came from, when it was not the office itself", "信息来源") \
  F (T, PLACE, happened_at,    0,                0, "Place where it happened, when that is another: a dimension of its own, never added in", "发生地区划代码") \
  F (T, PLACE, registered_place, 0,              0, "Where the place lies on the day of registration, when boundaries changed since the day it happened", "登记时所属区划代码") \
  F (T, PLACE, registered_residence, 0,          0, "The same for the residence", "登记时现住地区划代码")
MNS_RECORD_DECLARE (baseline, MNS_LIFE_EVENT_FIELDS) /* registry.baseline.<place>.loaded, a sequence of them */

#define MNS_BIRTH_FIELDS(F, T) MNS_LIFE_EVENT_FIELDS (F, T)                                                                \
  F (T, CODE,  mother,         mns_mother,       MNS_REQUIRED, "Mother in the register, from elsewhere, or foundling", "母亲情况") \
  F (T, ID,    mother_person,  0,                0, "Register number of the mother", "母亲人员编号")                         \
  F (T, INT,   birth_order,    (1, 20),          0, "The mother's how-manieth live-born child", "孩次")                     \
  F (T, INT,   plurality,      (1, 9),           MNS_REQUIRED, "Children of this delivery", "胎数")                        \
  F (T, INT,   rank,           (1, 9),           MNS_REQUIRED, "Which of them", "胎内顺序")                                \
  F (T, DATE,  mother_birth,   0,                0, "Date of birth of a mother who is in the register", "母亲出生日期")
MNS_RECORD_DECLARE (birth, MNS_BIRTH_FIELDS)         /* registry.birth.<place>.registered */

#define MNS_DEATH_FIELDS(F, T) MNS_LIFE_EVENT_FIELDS (F, T)                                                                \
  F (T, CODE,  death_cause,    mns_death_cause,  0, "Chapter of the cause (ICD-10)", "死因类别")                            \
  F (T, CODE,  death_site,     mns_death_site,   0, "Kind of place", "死亡场所")
MNS_RECORD_DECLARE (death, MNS_DEATH_FIELDS)         /* registry.death.<place>.registered */

#define MNS_MOVE_FIELDS(F, T) MNS_LIFE_EVENT_FIELDS (F, T)                                                                 \
  F (T, PLACE, other_place,    0,                0, "in: where from; out: where to; within: the village before", "来往地区划代码") \
  F (T, CODE,  move_reason,    mns_move_reason,  0, "Reason", "迁移原因") \
  F (T, PLACE, registered_other_place, 0,        0, "within: the same for the village before", "登记时来往地区划代码")
MNS_RECORD_DECLARE (move_in, MNS_MOVE_FIELDS)        /* registry.move-in.<place>.registered */
MNS_RECORD_DECLARE (move_out, MNS_MOVE_FIELDS)       /* registry.move-out.<place>.registered */

/* Told after later events of the same person, a move within does not say where the person is now: `current_place` does. */
#define MNS_MOVE_WITHIN_FIELDS(F, T) MNS_MOVE_FIELDS (F, T)                                                                \
  F (T, PLACE, current_place,  0,                0, "Where the person is registered now, when later events are known already", "现户籍地区划代码")
MNS_RECORD_DECLARE (move_within, MNS_MOVE_WITHIN_FIELDS) /* registry.move-within.<new place>.registered */

#define MNS_ADJUSTMENT_FIELDS(F, T) MNS_LIFE_EVENT_FIELDS (F, T)                                                           \
  F (T, CODE,  adjustment,     mns_adjustment,   MNS_REQUIRED, "Cause", "调整原因")                                        \
  F (T, INT,   delta,          (-1, 1),          MNS_REQUIRED, "+1 added to the stock, -1 taken from it", "增减") \
  F (T, PLACE, other_place,    0,                0, "boundary: the place before; the person counts in the new one instead, delta is 0", "原区划代码")
MNS_RECORD_DECLARE (adjustment, MNS_ADJUSTMENT_FIELDS) /* registry.adjustment.<place>.registered */

/* One record a couple, whether one of them is in the register or both. Counts where `person` counts. */
#define MNS_COUPLE_FIELDS(F, T) MNS_LIFE_EVENT_FIELDS (F, T)                                                               \
  F (T, CODE,  marital,        mns_marital,      MNS_REQUIRED, "Marital status of the person from that day on", "婚姻状况") \
  F (T, ID,    partner,        0,                0, "Register number of the other; absent: not in the register", "配偶人员编号") \
  F (T, CODE,  partner_marital, mns_marital,     0, "Marital status of the other from that day on", "配偶婚姻状况")          \
  F (T, PLACE, partner_place,  0,                0, "Place the other counts in", "配偶所属地区划代码")
MNS_RECORD_DECLARE (marriage, MNS_COUPLE_FIELDS)       /* registry.marriage.<place>.registered */
MNS_RECORD_DECLARE (divorce, MNS_COUPLE_FIELDS)        /* registry.divorce.<place>.registered */

#define MNS_ADOPTION_FIELDS(F, T) MNS_LIFE_EVENT_FIELDS (F, T)                                                             \
  F (T, ID,    adoptive_mother, 0,               0, "Register number of the adoptive mother", "养母人员编号")                \
  F (T, ID,    adoptive_father, 0,               0, "Register number of the adoptive father", "养父人员编号")
MNS_RECORD_DECLARE (adoption, MNS_ADOPTION_FIELDS)     /* registry.adoption.<place>.registered */
MNS_RECORD_DECLARE (adoption_end, MNS_ADOPTION_FIELDS) /* registry.adoption-end.<place>.registered */

/* Who is in which household, and how related to its head: one record for each person for whom that changed by a split, a
 * join or a change of head, a sequence. registry.household.<place>.registered */
#define MNS_MEMBERSHIP_FIELDS(F, T) MNS_LIFE_EVENT_FIELDS (F, T)                                                           \
  F (T, CODE,  event_kind,     mns_life_event,   MNS_REQUIRED, "split, join or head_change", "事项")                       \
  F (T, CODE,  relation,       mns_relation,     0, "Relation to the head from that day on", "与户主关系")                  \
  F (T, ID,    other_household, 0,               0, "The household before, when it is another", "原户编号")
MNS_RECORD_DECLARE (membership, MNS_MEMBERSHIP_FIELDS)

/* A correction of a person's facts; tells who holds copies what to change. registry.correction.<place>.registered */
#define MNS_CORRECTION_FIELDS(F, T)                                                                                        \
  F (T, ID,    correction,     0,                MNS_REQUIRED, "Register number of the correction", "更正编号")              \
  F (T, ID,    person,         0,                MNS_REQUIRED, "Register number of the person", "人员编号")                 \
  F (T, ID,    event,          0,                0, "The event corrected, when it is a fact of an event", "事项编号")        \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of the person", "所属地区划代码")                      \
  F (T, TEXT,  field,          32,               MNS_REQUIRED, "Name of the field", "字段")                                \
  F (T, TEXT,  old_value,      200,              MNS_PERSONAL, "Value before, as in CSV", "原值")                           \
  F (T, TEXT,  new_value,      200,              MNS_PERSONAL, "Value after, as in CSV", "新值")                           \
  F (T, TEXT,  reason,         200,              MNS_REQUIRED, "Reason", "原因")                                          \
  F (T, DATE,  registered,     0,                MNS_REQUIRED, "Day of the correction", "登记日期")
MNS_RECORD_DECLARE (correction, MNS_CORRECTION_FIELDS)

/* What a correction changes in the figures: each earlier event of the person that counts differently now, once with its
 * old facts (sign -1) and once with its new ones (sign +1). A sequence, right behind the correction in the same turn.
 * registry.restatement.<place>.registered */
#define MNS_RESTATEMENT_FIELDS(F, T)                                                                                       \
  F (T, INT,   sign,           (-1, 1),          MNS_REQUIRED, "-1 the event as it counted, +1 as it counts now", "符号")   \
  F (T, CODE,  event_kind,     mns_life_event,   MNS_REQUIRED, "Kind of the event", "事项")                                \
  F (T, ID,    event,          0,                MNS_REQUIRED, "Register number of the event", "事项编号")                  \
  F (T, CODE,  sex,            mns_sex,          MNS_REQUIRED, "Sex", "性别")                                              \
  F (T, DATE,  birth,          0,                MNS_REQUIRED, "Date of birth", "出生日期")                                 \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place it counts in", "所属地区划代码")                      \
  F (T, PLACE, residence,      0,                0, "Place lived in, when it is another", "现住地区划代码")                 \
  F (T, PLACE, other_place,    0,                0, "The other place of a move", "来往地区划代码")                           \
  F (T, DATE,  occurred,       0,                MNS_REQUIRED, "Day it happened", "发生日期")                               \
  F (T, DATE,  registered,     0,                MNS_REQUIRED, "Day it was registered", "登记日期")                         \
  F (T, CODE,  mother,         mns_mother,       0, "birth: mother", "母亲情况")                                           \
  F (T, INT,   birth_order,    (1, 20),          0, "birth: order", "孩次")                                               \
  F (T, INT,   plurality,      (1, 9),           0, "birth: children of the delivery", "胎数")                              \
  F (T, INT,   rank,           (1, 9),           0, "birth: which of them", "胎内顺序")                                     \
  F (T, CODE,  adjustment,     mns_adjustment,   0, "adjustment: cause", "调整原因")                                       \
  F (T, INT,   delta,          (-1, 1),          0, "adjustment: +1 or -1", "增减")                                       \
  F (T, DATE,  mother_birth,   0,                0, "birth: date of birth of a mother who is in the register", "母亲出生日期") \
  F (T, PLACE, registered_place, 0,              0, "Where the place lies on the day of registration", "登记时所属区划代码") \
  F (T, PLACE, registered_other_place, 0,        0, "The same for the other place", "登记时来往地区划代码") \
  F (T, PLACE, registered_residence, 0,          0, "The same for the residence", "登记时现住地区划代码")
MNS_RECORD_DECLARE (restatement, MNS_RESTATEMENT_FIELDS)

/* A place in one of its spans, published on stream `places` when it is loaded or changes: places.place.<code>.valid.
 * A code may be valid in several spans, with different names. Villages that were loaded together are a sequence under
 * the code of the township that holds them. */
#define MNS_PLACE_FIELDS(F, T)                                                                                             \
  F (T, PLACE, code,           0,                MNS_REQUIRED, "Division code, 12 digits", "区划代码")                      \
  F (T, TEXT,  name,           132,              MNS_REQUIRED, "Name", "名称")                                            \
  F (T, INT,   level,          (1, 5),           MNS_REQUIRED, "1 province … 5 village", "级别")                            \
  F (T, PLACE, parent,         0,                0, "Division above", "上级区划代码")                                       \
  F (T, CODE,  registration,   mns_registration, 0, "rural (village) or urban (residents' committee)", "城乡")               \
  F (T, CODE,  sentinel,       mns_yes_no,       0, "Watched more closely", "监测点")                                      \
  F (T, DATE,  valid_from,     0,                0, "First day the code is valid", "启用日期")                               \
  F (T, DATE,  valid_to,       0,                0, "First day it is no longer valid", "停用日期")                       \
  F (T, CODE,  stratum,        mns_stratum,      0, "street, near_town or hill_town", "分层")
MNS_RECORD_DECLARE (place_info, MNS_PLACE_FIELDS)

/* Where the land of a code lies from a day on, published on stream `places`: places.reform.<code>.<operation> */
#define MNS_REFORM_FIELDS(F, T)                                                                                            \
  F (T, PLACE, code,           0,                MNS_REQUIRED, "The place that ends, or changes its name", "原区划代码")     \
  F (T, PLACE, successor,      0,                MNS_REQUIRED, "The place in which its land lies from that day on", "新区划代码") \
  F (T, CODE,  operation,      mns_reform_operation, MNS_REQUIRED, "rename, move, merge or split", "调整方式")             \
  F (T, DATE,  day,            0,                MNS_REQUIRED, "First day in the new boundaries", "生效日期")               \
  F (T, CODE,  part,           mns_yes_no,       0, "yes: only the households told by adjustments, boundary; absent: all the rest", "部分")
MNS_RECORD_DECLARE (reform, MNS_REFORM_FIELDS)

/* clang-format on */
#endif
