/* What counties say to one another about persons, and what clerks say about it.
 *
 * A matter is one move, verification, floating resident or notice of death between two counties; both keep a file of
 * it. A letter carries the whole file as its sender has it, so that any letter alone puts the other file right:
 * exchange.letter.<county addressed>.<kind>-<state>. Commands:
 *
 *   registry.exchange-open      matter_request   → matter_info
 *   registry.exchange-act       matter_action    → matter_info
 *   registry.exchange           matter_query     → matter_info …     query
 *   registry.exchange-letters   letter_query     → letter_info …     query; the oldest first
 *   registry.exchange-partners  –                → partner_info …    query
 *   registry.exchange-deliver   delivery …       → –                 bulk; the courier brings letters
 *   registry.exchange-heard     partner_report   → –                 the courier says how a line is */
#ifndef MNS_RECORDS_EXCHANGE_H
#define MNS_RECORDS_EXCHANGE_H

#include "common/records/exchange_codes.h"

/* clang-format off */
#define MNS_LETTER_FIELDS(F, T)                                                                                            \
  F (T, UUID,  matter,         0,                MNS_REQUIRED, "The matter, the same at both ends", "事项标识")              \
  F (T, CODE,  kind,           mns_matter_kind,  MNS_REQUIRED, "move, verification, stay or death", "类别")                 \
  F (T, CODE,  state,          mns_matter_state, MNS_REQUIRED, "How it stands with the sender", "状态")                     \
  F (T, INT,   revision,       (1, 1000000),     MNS_REQUIRED, "stay: how often the file has changed", "版次")              \
  F (T, PLACE, sender,         0,                MNS_REQUIRED, "County that opened the matter", "发起县区划代码")            \
  F (T, PLACE, receiver,       0,                MNS_REQUIRED, "County it was opened with", "受理县区划代码")                \
  F (T, TEXT,  name,           200,              MNS_REQUIRED | MNS_PERSONAL, "Full name", "姓名")                          \
  F (T, TEXT,  citizen_number, 18,               MNS_PERSONAL, "Citizen number", "公民身份号码")                            \
  F (T, CODE,  sex,            mns_sex,          0, "Sex", "性别")                                                         \
  F (T, DATE,  birth,          0,                0, "Date of birth", "出生日期")                                           \
  F (T, CODE,  ethnic,         mns_ethnic,       0, "Ethnic group", "民族")                                               \
  F (T, CODE,  marital,        mns_marital,      0, "Marital status", "婚姻状况")                                          \
  F (T, CODE,  registration,   mns_registration, 0, "Kind of registration", "户口性质")                                     \
  F (T, PLACE, origin,         0,                0, "Place of registration; of a move the one before", "户籍地区划代码")     \
  F (T, PLACE, destination,    0,                0, "Where the person moves to, or lives", "目的地区划代码")                 \
  F (T, CODE,  move_reason,    mns_move_reason,  0, "move: reason", "迁移原因")                                            \
  F (T, CODE,  purpose,        mns_stay_purpose, 0, "stay: purpose", "流动原因")                                           \
  F (T, DATE,  opened,         0,                MNS_REQUIRED, "Day it was opened", "发起日期")                             \
  F (T, DATE,  due,            0,                0, "Last day for the answer", "答复期限")                                  \
  F (T, DATE,  day,            0,                0, "Day the move counts, the stay began, or the person died", "生效日期")   \
  F (T, DATE,  expected_end,   0,                0, "stay: expected last day", "预计离开日期")                               \
  F (T, DATE,  closed,         0,                0, "Day it was answered or ended", "办结日期")                             \
  F (T, CODE,  result,         mns_verification, 0, "verification: the answer", "核查结果")                                 \
  F (T, TEXT,  differs,        200,              MNS_PERSONAL, "verification: what differs, with the register's values", "不一致内容") \
  F (T, TEXT,  certificate,    40,               MNS_PERSONAL, "death: number of the certificate", "证明编号")               \
  F (T, TEXT,  note,           400,              0, "Note; no names or numbers of persons", "备注")
MNS_RECORD_DECLARE (letter, MNS_LETTER_FIELDS)

/* A matter as one county has it: what the letters say, and behind it what only this county knows. */
#define MNS_MATTER_INFO_FIELDS(F, T)                                                                                       \
  F (T, ID,    id,             0,                MNS_REQUIRED, "Number of the matter in this county", "编号")               \
  MNS_LETTER_FIELDS (F, T)                                                                                                 \
  F (T, CODE,  side,           mns_matter_side,  MNS_REQUIRED, "sent or received", "方向")                                 \
  F (T, PLACE, partner,        0,                MNS_REQUIRED, "The other county", "对方区划代码")                          \
  F (T, ID,    person,         0,                0, "Register number of the person here", "人员编号")                       \
  F (T, TEXT,  household,      32,               0, "move: household the person comes into", "户编号")                      \
  F (T, CODE,  relation,       mns_relation,     0, "move: relation to its head", "与户主关系")                             \
  F (T, TEXT,  trouble,        400,              0, "What stands in the way and needs a clerk", "待处理问题")               \
  F (T, CODE,  weekdays_only,  mns_yes_no,       0, "yes: the calendar does not know a year before `due`; Monday to Friday were counted", "期限按周一至周五推算") \
  F (T, DATE,  act_on,         0,                0, "Day on which the registry itself looks again", "下次处理日期")          \
  F (T, CODE,  open,           mns_yes_no,       MNS_REQUIRED, "yes: somebody still has to do something", "未办结")         \
  F (T, TEXT,  account,        48,               MNS_REQUIRED, "Who acted last", "经办账户")                               \
  F (T, TIME,  changed,        0,                MNS_REQUIRED, "When", "更新时间")
MNS_RECORD_DECLARE (matter_info, MNS_MATTER_INFO_FIELDS)

#define MNS_MATTER_REQUEST_FIELDS(F, T)                                                                                    \
  F (T, CODE,  kind,           mns_matter_kind,  MNS_REQUIRED, "move, verification, stay or death", "类别")                 \
  F (T, PLACE, partner,        0,                MNS_REQUIRED, "The other county", "对方区划代码")                          \
  F (T, ID,    person,         0,                0, "Register number of the person, when it is in this register", "人员编号") \
  F (T, TEXT,  name,           200,              MNS_PERSONAL, "Full name, otherwise", "姓名")                              \
  F (T, TEXT,  citizen_number, 18,               MNS_PERSONAL, "Citizen number", "公民身份号码")                            \
  F (T, CODE,  sex,            mns_sex,          0, "Sex", "性别")                                                         \
  F (T, DATE,  birth,          0,                0, "Date of birth", "出生日期")                                           \
  F (T, PLACE, place,          0,                0, "Village here: of the person (stay in this county: where it lives)", "本县村居代码") \
  F (T, PLACE, other_place,    0,                0, "Place in the other county, as far as it is known", "对方区划代码（详细）") \
  F (T, CODE,  move_reason,    mns_move_reason,  0, "move: reason", "迁移原因")                                            \
  F (T, CODE,  purpose,        mns_stay_purpose, 0, "stay: purpose", "流动原因")                                           \
  F (T, DATE,  day,            0,                0, "stay: since when, default today; death: day it happened", "日期")       \
  F (T, DATE,  expected_end,   0,                0, "stay: expected last day", "预计离开日期")                               \
  F (T, TEXT,  certificate,    40,               MNS_PERSONAL, "death: number of the certificate", "证明编号")               \
  F (T, TEXT,  note,           400,              0, "Note; no names or numbers of persons", "备注")
MNS_RECORD_DECLARE (matter_request, MNS_MATTER_REQUEST_FIELDS)

#define MNS_MATTER_ACTION_FIELDS(F, T)                                                                                     \
  F (T, ID,    id,             0,                MNS_REQUIRED, "Number of the matter", "编号")                              \
  F (T, CODE,  step,           mns_matter_step,  MNS_REQUIRED, "What is done with it", "操作")                             \
  F (T, PLACE, place,          0,                0, "accept, begin: village the person comes into", "本县村居代码")          \
  F (T, TEXT,  household,      32,               0, "accept: household, by key or h<number>; empty: a new one", "户编号")    \
  F (T, CODE,  relation,       mns_relation,     0, "accept: relation to its head", "与户主关系")                           \
  F (T, DATE,  day,            0,                0, "accept: day the move counts, default today; end: last day", "日期")     \
  F (T, DATE,  expected_end,   0,                0, "begin, renew: expected last day", "预计离开日期")                       \
  F (T, CODE,  result,         mns_verification, 0, "answer: confirmed, differs or unknown; empty: what the register says", "核查结果") \
  F (T, TEXT,  differs,        200,              MNS_PERSONAL, "answer: what differs", "不一致内容")                        \
  F (T, ID,    person,         0,                0, "answer, record: register number of the person", "人员编号")            \
  F (T, TEXT,  note,           400,              0, "Note or reason; no names or numbers of persons", "备注")
MNS_RECORD_DECLARE (matter_action, MNS_MATTER_ACTION_FIELDS)

#define MNS_MATTER_QUERY_FIELDS(F, T)                                                                                      \
  F (T, ID,    id,             0,                0, "This matter", "编号")                                                 \
  F (T, CODE,  kind,           mns_matter_kind,  0, "Only of this kind", "类别")                                           \
  F (T, CODE,  state,          mns_matter_state, 0, "Only in this state", "状态")                                          \
  F (T, CODE,  side,           mns_matter_side,  0, "Only sent, or only received", "方向")                                 \
  F (T, PLACE, partner,        0,                0, "Only with this county", "对方区划代码")                                \
  F (T, ID,    person,         0,                0, "Only of this person", "人员编号")                                     \
  F (T, CODE,  open,           mns_yes_no,       0, "yes: only what is still to be done; no: only what is over", "未办结")   \
  F (T, ID,    after,          0,                0, "Begin behind this number", "起始编号")                                 \
  F (T, INT,   limit,          (1, 1000),        0, "At most so many; default 100", "最多条数")
MNS_RECORD_DECLARE (matter_query, MNS_MATTER_QUERY_FIELDS)

#define MNS_LETTER_QUERY_FIELDS(F, T)                                                                                      \
  F (T, ID,    id,             0,                MNS_REQUIRED, "Number of the matter", "编号")
MNS_RECORD_DECLARE (letter_query, MNS_LETTER_QUERY_FIELDS)

#define MNS_LETTER_INFO_FIELDS(F, T)                                                                                       \
  F (T, ID,    letter,         0,                MNS_REQUIRED, "Number of the letter in this county", "编号")               \
  F (T, CODE,  side,           mns_matter_side,  MNS_REQUIRED, "sent or received", "方向")                                 \
  F (T, CODE,  state,          mns_matter_state, MNS_REQUIRED, "What it said", "状态")                                     \
  F (T, ID,    epoch,          0,                MNS_REQUIRED, "Epoch of its event", "发布纪元")                            \
  F (T, ID,    number,         0,                MNS_REQUIRED, "Number of its event", "发布序号")                           \
  F (T, TEXT,  account,        48,               MNS_REQUIRED, "Who sent or brought it", "经办账户")                        \
  F (T, TIME,  recorded,       0,                MNS_REQUIRED, "When", "时间")
MNS_RECORD_DECLARE (letter_info, MNS_LETTER_INFO_FIELDS)

/* A letter on its way in: the event it came in, and where the courier stands behind it. */
#define MNS_DELIVERY_FIELDS(F, T)                                                                                          \
  F (T, PLACE, county,         0,                MNS_REQUIRED, "County whose broker it comes from", "来源县区划代码")         \
  F (T, ID,    epoch,          0,                MNS_REQUIRED, "Producer epoch of the event", "发布纪元")                   \
  F (T, ID,    number,         0,                MNS_REQUIRED, "Producer number of the event", "发布序号")                  \
  F (T, ID,    log_epoch,      0,                0, "Epoch of that broker's log", "日志纪元")                               \
  F (T, ID,    log_number,     0,                MNS_REQUIRED, "Log number there", "日志序号")                              \
  F (T, INT,   chain,          (INT64_MIN, INT64_MAX), 0, "Chain behind it", "链值")                                             \
  MNS_LETTER_FIELDS (F, T)
MNS_RECORD_DECLARE (delivery, MNS_DELIVERY_FIELDS)

#define MNS_PARTNER_REPORT_FIELDS(F, T)                                                                                    \
  F (T, PLACE, county,         0,                MNS_REQUIRED, "The partner", "对方区划代码")                               \
  F (T, CODE,  connected,      mns_yes_no,       MNS_REQUIRED, "Its broker answers", "已连接")                             \
  F (T, TIME,  heard,          0,                0, "When it was heard last", "最近联络时间")                               \
  F (T, ID,    log_epoch,      0,                0, "Epoch of its log", "日志纪元")                                        \
  F (T, ID,    log_number,     0,                0, "Log number up to which its letters are here", "日志序号")               \
  F (T, INT,   chain,          (INT64_MIN, INT64_MAX), 0, "Chain behind it", "链值")                                             \
  F (T, TEXT,  detail,         400,              0, "Why it is not connected", "原因")
MNS_RECORD_DECLARE (partner_report, MNS_PARTNER_REPORT_FIELDS)

#define MNS_PARTNER_INFO_FIELDS(F, T)                                                                                      \
  F (T, PLACE, county,         0,                MNS_REQUIRED, "The partner", "对方区划代码")                               \
  F (T, TEXT,  name,           132,              0, "Its name", "名称")                                                   \
  F (T, CODE,  connected,      mns_yes_no,       MNS_REQUIRED, "Its broker answers", "已连接")                             \
  F (T, TIME,  heard,          0,                0, "When it was heard last", "最近联络时间")                               \
  F (T, INT,   open_sent,      (0, INT64_MAX),   MNS_REQUIRED, "Matters that it still has to deal with", "待对方办理")        \
  F (T, INT,   open_received,  (0, INT64_MAX),   MNS_REQUIRED, "Matters that we still have to deal with", "待本县办理")       \
  F (T, INT,   overdue,        (0, INT64_MAX),   MNS_REQUIRED, "of all of them past their day", "已逾期")                   \
  F (T, INT,   trouble,        (0, INT64_MAX),   MNS_REQUIRED, "of all of them in need of a clerk here", "有问题")           \
  F (T, INT,   asked,          (0, INT64_MAX),   MNS_REQUIRED, "Verifications we asked it for that are answered or past their day", "发函数") \
  F (T, INT,   in_time,        (0, INT64_MAX),   MNS_REQUIRED, "of these answered in time", "按期答复数")                    \
  F (T, INT,   received,       (0, INT64_MAX),   MNS_REQUIRED, "The same for those it asked us for", "收函数")              \
  F (T, INT,   received_in_time, (0, INT64_MAX), MNS_REQUIRED, "of these answered in time", "按期答复对方数")                \
  F (T, ID,    log_epoch,      0,                0, "Epoch of its log", "日志纪元")                                        \
  F (T, ID,    log_number,     0,                0, "Log number up to which its letters are here", "日志序号")               \
  F (T, INT,   chain,          (INT64_MIN, INT64_MAX), 0, "Chain behind it", "链值")                                             \
  F (T, TEXT,  detail,         400,              0, "Why it is not connected", "原因")
MNS_RECORD_DECLARE (partner_info, MNS_PARTNER_INFO_FIELDS)

/* A matter has changed, told to the own county without names: registry.matter.<place>.<kind>-<state> */
#define MNS_MATTER_CHANGE_FIELDS(F, T)                                                                                     \
  F (T, ID,    id,             0,                MNS_REQUIRED, "Number of the matter in this county", "编号")               \
  F (T, CODE,  kind,           mns_matter_kind,  MNS_REQUIRED, "Kind", "类别")                                             \
  F (T, CODE,  state,          mns_matter_state, MNS_REQUIRED, "State now", "状态")                                        \
  F (T, CODE,  before,         mns_matter_state, 0, "State before", "原状态")                                              \
  F (T, CODE,  side,           mns_matter_side,  MNS_REQUIRED, "sent or received", "方向")                                 \
  F (T, PLACE, partner,        0,                MNS_REQUIRED, "The other county", "对方区划代码")                          \
  F (T, ID,    person,         0,                0, "Register number of the person here", "人员编号")                       \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of the person in this county, or the county", "本县区划代码") \
  F (T, CODE,  purpose,        mns_stay_purpose, 0, "stay: purpose", "流动原因")                                           \
  F (T, INT,   incomers,       (-1, 1),          0, "stay here: what it does to the stock of incomers", "流入人口增减")       \
  F (T, INT,   away,           (-1, 1),          0, "stay elsewhere: what it does to the stock of residents who live elsewhere", "外出人口增减") \
  F (T, DATE,  opened,         0,                MNS_REQUIRED, "Day it was opened", "发起日期")                             \
  F (T, DATE,  due,            0,                0, "Last day for the answer", "答复期限")                                  \
  F (T, DATE,  closed,         0,                0, "Day it was answered or ended", "办结日期")                             \
  F (T, CODE,  in_time,        mns_yes_no,       0, "answered: by the day it was due", "是否按期")
MNS_RECORD_DECLARE (matter_change, MNS_MATTER_CHANGE_FIELDS)
/* clang-format on */

#endif
