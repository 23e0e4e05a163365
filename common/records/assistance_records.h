/* What assistance takes in by file and what it tells the others (stream `assistance`). */
#ifndef MNS_RECORDS_ASSISTANCE_H
#define MNS_RECORDS_ASSISTANCE_H

#include "common/records/codes.h"
#include "common/records/place.h"

/* clang-format off */
/* A line of a recipients file: who is entitled from when. `opening` yes: was there before the software, counts in the
 * opening stock of the day; no: entered on that day. */
#define MNS_RECIPIENT_ROW_FIELDS(F, T)                                                                                     \
  F (T, TEXT,  scheme,         32,               MNS_REQUIRED, "Scheme of the catalogue, e.g. rural-reward", "项目")        \
  F (T, TEXT,  tier,           32,               MNS_REQUIRED, "Tier of the scheme, e.g. national", "档次")               \
  F (T, TEXT,  citizen_number, 18,               MNS_REQUIRED | MNS_PERSONAL, "Citizen number", "公民身份号码")             \
  F (T, TEXT,  name,           200,              MNS_REQUIRED | MNS_PERSONAL, "Name", "姓名")                              \
  F (T, CODE,  opening,        mns_yes_no,       MNS_REQUIRED, "yes: in the opening stock; no: entered on the day", "期初在享") \
  F (T, DATE,  from_day,       0,                MNS_REQUIRED, "Entitled from this day", "享受起日")                       \
  F (T, DATE,  registered,     0,                0, "Day of the decision; default from_day", "批准日期")                   \
  F (T, INT,   children_living, (0, 20),         0, "Children living", "现存子女数")                                       \
  F (T, INT,   sons_living,    (0, 20),          0, "Sons living", "现存儿子数")                                           \
  F (T, INT,   children_deceased, (0, 20),       0, "Children deceased", "死亡子女数")                                     \
  F (T, INT,   child_disability_grade, (1, 4),   0, "Disability grade of the only child", "子女残疾等级")                   \
  F (T, TEXT,  bank_account,   34,               MNS_PERSONAL, "Account for payment", "银行账号")
MNS_RECORD_DECLARE (recipient_row, MNS_RECIPIENT_ROW_FIELDS)

/* A line of an exits file: someone leaves for a reason other than death or moving, which the register tells itself. */
#define MNS_EXIT_ROW_FIELDS(F, T)                                                                                          \
  F (T, TEXT,  scheme,         32,               MNS_REQUIRED, "Scheme", "项目")                                          \
  F (T, TEXT,  citizen_number, 18,               MNS_REQUIRED | MNS_PERSONAL, "Citizen number", "公民身份号码")             \
  F (T, TEXT,  name,           200,              MNS_REQUIRED | MNS_PERSONAL, "Name", "姓名")                              \
  F (T, CODE,  reason,         mns_exit_reason,  MNS_REQUIRED, "Reason", "退出原因")                                       \
  F (T, DATE,  occurred,       0,                MNS_REQUIRED, "Last day of entitlement", "退出日期")                      \
  F (T, DATE,  registered,     0,                0, "Day of the decision; default today", "登记日期")
MNS_RECORD_DECLARE (exit_row, MNS_EXIT_ROW_FIELDS)

/* assistance.entitlement.<place>.opening | started | ended */
#define MNS_ENTITLEMENT_CHANGE_FIELDS(F, T)                                                                                \
  F (T, ID,    entitlement,    0,                MNS_REQUIRED, "Number of the entitlement", "资格编号")                     \
  F (T, CODE,  happening,      mns_entitlement_event, MNS_REQUIRED, "opening, started or ended", "变动")                   \
  F (T, TEXT,  scheme,         32,               MNS_REQUIRED, "Scheme", "项目")                                          \
  F (T, TEXT,  tier,           32,               MNS_REQUIRED, "Tier", "档次")                                            \
  F (T, ID,    person,         0,                MNS_REQUIRED, "Register number of the person", "人员编号")                 \
  F (T, TEXT,  name,           200,              MNS_PERSONAL, "Name", "姓名")                                             \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Village the entitlement counts in", "所属地区划代码")       \
  F (T, CODE,  reason,         mns_exit_reason,  0, "ended: why", "退出原因")                                             \
  F (T, DATE,  occurred,       0,                MNS_REQUIRED, "First day of, or last day of entitlement", "发生日期")      \
  F (T, DATE,  registered,     0,                MNS_REQUIRED, "Day it was registered", "登记日期")
MNS_RECORD_DECLARE (entitlement_change, MNS_ENTITLEMENT_CHANGE_FIELDS)

/* assistance.recovery.<place>.opened: money was paid for a time after the death. */
#define MNS_RECOVERY_FIELDS(F, T)                                                                                          \
  F (T, ID,    recovery,       0,                MNS_REQUIRED, "Number of the recovery item", "追回编号")                   \
  F (T, ID,    entitlement,    0,                MNS_REQUIRED, "Number of the entitlement", "资格编号")                     \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Village", "所属地区划代码")                                \
  F (T, FEN,   amount_fen,     (0, 100000000000), MNS_REQUIRED, "Overpaid, in fen", "多付金额（分）")                       \
  F (T, DATE,  since,          0,                MNS_REQUIRED, "Day from which nothing was due", "自")                     \
  F (T, DATE,  registered,     0,                MNS_REQUIRED, "Day it was found", "登记日期")
MNS_RECORD_DECLARE (recovery, MNS_RECOVERY_FIELDS)

/* assistance.fund.<county>.received: money was paid in. */
#define MNS_FUNDED_FIELDS(F, T)                                                                                            \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "County", "区划代码")                                       \
  F (T, TEXT,  source,         32,               MNS_REQUIRED, "Source of the money", "资金来源")                          \
  F (T, FEN,   amount_fen,     (1, 1000000000000000), MNS_REQUIRED, "Paid in, in fen", "拨入金额（分）")                   \
  F (T, DATE,  occurred,       0,                MNS_REQUIRED, "Day it was paid in", "拨入日期")                           \
  F (T, DATE,  registered,     0,                MNS_REQUIRED, "Day it was booked", "登记日期")
MNS_RECORD_DECLARE (funded, MNS_FUNDED_FIELDS)

/* assistance.batch.<county>.<scheme year>: a batch was posted. */
#define MNS_BATCH_POSTED_FIELDS(F, T)                                                                                      \
  F (T, ID,    batch,          0,                MNS_REQUIRED, "Number of the batch", "批次编号")                           \
  F (T, TEXT,  scheme,         32,               MNS_REQUIRED, "Scheme", "项目")                                          \
  F (T, TEXT,  period,         8,                MNS_REQUIRED, "Period paid for", "发放期间")                              \
  F (T, INT,   lines,          (0, 10000000),    MNS_REQUIRED, "Lines", "笔数")                                           \
  F (T, FEN,   total_fen,      (0, 1000000000000000), MNS_REQUIRED, "Total in fen", "总金额（分）")                        \
  F (T, DATE,  registered,     0,                MNS_REQUIRED, "Day it was posted", "登记日期")
MNS_RECORD_DECLARE (batch_posted, MNS_BATCH_POSTED_FIELDS)
/* clang-format on */

#endif
