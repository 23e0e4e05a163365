/* What assistance is asked and what it answers. Commands:
 *
 *   assistance.schemes          scheme_query        → scheme_info …      query
 *   assistance.apply            application_request → application
 *   assistance.decide           decision_request    → application        by another account than the applicant's
 *   assistance.applications     application_query   → application …      query
 *   assistance.entitlements     entitlement_query   → entitlement …      query
 *   assistance.exit             exit_request        → entitlement
 *   assistance.load-recipients  recipient_row …     → row_outcome …      bulk
 *   assistance.load-exits       exit_row …          → row_outcome …      bulk
 *   assistance.fund             fund_request        → ledger_account …
 *   assistance.load-funds       fund_request …      → row_outcome …      bulk; each with a document
 *   assistance.ledger                               → ledger_account …   query
 *   assistance.batch-prepare    batch_request       → batch
 *   assistance.batch-post       batch_number        → batch              by another account than the preparer's
 *   assistance.batch-cancel     batch_number        → batch
 *   assistance.batches          batch_query         → batch …            query
 *   assistance.batch-lines      line_query          → batch_line …       query
 *
 * Amounts are fen. A day of decision or payment never lies in the future of the service's clock. */
#ifndef MNS_RECORDS_ASSISTANCE_REQUESTS_H
#define MNS_RECORDS_ASSISTANCE_REQUESTS_H

#include "common/records/assistance_records.h"
#include "common/records/load_records.h"

extern const mns_code_table_t mns_application_state, mns_decision, mns_entitlement_state, mns_batch_state,
    mns_line_state, mns_rate_per, mns_beneficiary, mns_periodicity;

enum { MNS_APPLICATION_APPLIED = 1, MNS_APPLICATION_APPROVED, MNS_APPLICATION_REFUSED };
enum { MNS_DECISION_APPROVE = 1, MNS_DECISION_REFUSE };
enum { MNS_ENTITLEMENT_ACTIVE = 1, MNS_ENTITLEMENT_EXITED };
enum { MNS_BATCH_PREPARED = 1, MNS_BATCH_POSTED, MNS_BATCH_CANCELLED };
enum { MNS_LINE_RESERVED = 1, MNS_LINE_PAID, MNS_LINE_LEFT_OUT };
enum { MNS_PER_YEAR = 1, MNS_PER_MONTH };
enum { MNS_BENEFICIARY_PERSON = 1, MNS_BENEFICIARY_HOUSEHOLD, MNS_BENEFICIARY_CHILD };
enum { MNS_EVERY_MONTH = 1, MNS_EVERY_QUARTER, MNS_EVERY_HALF, MNS_EVERY_YEAR };

/* clang-format off */

/* ---- schemes ----------------------------------------------------------------------------------------------------- */
#define MNS_SCHEME_QUERY_FIELDS(F, T)                                                                                      \
  F (T, TEXT,  scheme,         32,               0, "Only this scheme", "项目")                                            \
  F (T, DATE,  day,            0,                0, "Rates in force on this day; default today", "日期")
MNS_RECORD_DECLARE (scheme_query, MNS_SCHEME_QUERY_FIELDS)

#define MNS_SCHEME_RATE_FIELDS(F, T)                                                                                       \
  F (T, DATE,  from_day,       0,                MNS_REQUIRED, "In force from this day", "起日")                           \
  F (T, CODE,  registration,   mns_registration, 0, "Only for this kind of registration", "户口性质")                      \
  F (T, FEN,   amount_fen,     (0, 100000000),   MNS_REQUIRED, "Amount in fen", "金额（分）")                              \
  F (T, CODE,  per,            mns_rate_per,     MNS_REQUIRED, "Per year or per month", "计发单位")
MNS_RECORD_DECLARE (scheme_rate, MNS_SCHEME_RATE_FIELDS)

#define MNS_SCHEME_CONDITION_FIELDS(F, T)                                                                                  \
  F (T, TEXT,  en,             200,              MNS_REQUIRED, "The condition in English", "条件（英文）")                  \
  F (T, TEXT,  zh,             200,              MNS_REQUIRED, "The condition in Chinese", "条件（中文）")
MNS_RECORD_DECLARE (scheme_condition, MNS_SCHEME_CONDITION_FIELDS)

#define MNS_SCHEME_SHARE_FIELDS(F, T)                                                                                      \
  F (T, TEXT,  source,         32,               MNS_REQUIRED, "Source of the money", "资金来源")                          \
  F (T, INT,   percent,        (0, 100),         MNS_REQUIRED, "Its share in per cent", "比例（%）")
MNS_RECORD_DECLARE (scheme_share, MNS_SCHEME_SHARE_FIELDS)

/* One tier of a scheme. */
#define MNS_SCHEME_INFO_FIELDS(F, T)                                                                                       \
  F (T, TEXT,  scheme,         32,               MNS_REQUIRED, "Scheme", "项目")                                          \
  F (T, TEXT,  tier,           32,               MNS_REQUIRED, "Tier", "档次")                                            \
  F (T, TEXT,  en,             120,              MNS_REQUIRED, "Name of the scheme in English", "项目名称（英文）")         \
  F (T, TEXT,  zh,             120,              MNS_REQUIRED, "Name of the scheme in Chinese", "项目名称（中文）")         \
  F (T, TEXT,  tier_en,        120,              MNS_REQUIRED, "Name of the tier in English", "档次名称（英文）")           \
  F (T, TEXT,  tier_zh,        120,              MNS_REQUIRED, "Name of the tier in Chinese", "档次名称（中文）")           \
  F (T, CODE,  unit,           mns_beneficiary,  MNS_REQUIRED, "Who gets it", "对象")                                     \
  F (T, CODE,  periodicity,    mns_periodicity,  MNS_REQUIRED, "Period of a batch", "发放周期")                            \
  F (T, FEN,   amount_fen,     (0, 100000000),   0, "Amount in force on the day", "当日标准（分）")                         \
  F (T, CODE,  per,            mns_rate_per,     0, "Per year or per month", "计发单位")                                  \
  F (T, LIST,  rates,          (scheme_rate, 32), 0, "All rates", "标准")                                                \
  F (T, LIST,  conditions,     (scheme_condition, 16), 0, "All of them must be met", "条件")                              \
  F (T, LIST,  shares,         (scheme_share, 8), 0, "Where the money comes from", "资金分担")
MNS_RECORD_DECLARE (scheme_info, MNS_SCHEME_INFO_FIELDS)

/* ---- applications ------------------------------------------------------------------------------------------------ */
/* The person is named by `person`, or by citizen number and name. */
#define MNS_APPLICATION_REQUEST_FIELDS(F, T)                                                                               \
  F (T, TEXT,  scheme,         32,               MNS_REQUIRED, "Scheme of the catalogue, e.g. rural-reward", "项目")        \
  F (T, TEXT,  tier,           32,               MNS_REQUIRED, "Tier of the scheme, e.g. national", "档次")               \
  F (T, ID,    person,         0,                0, "Register number of the person", "人员编号")                           \
  F (T, TEXT,  citizen_number, 18,               MNS_PERSONAL, "Citizen number", "公民身份号码")                            \
  F (T, TEXT,  name,           200,              MNS_PERSONAL, "Name", "姓名")                                             \
  F (T, DATE,  from_day,       0,                0, "Entitled from this day; default today", "享受起日")                    \
  F (T, INT,   children_living, (0, 20),         0, "Children living", "现存子女数")                                       \
  F (T, INT,   sons_living,    (0, 20),          0, "Sons living", "现存儿子数")                                           \
  F (T, INT,   children_deceased, (0, 20),       0, "Children deceased", "死亡子女数")                                     \
  F (T, INT,   child_disability_grade, (1, 4),   0, "Disability grade of the only child", "子女残疾等级")                   \
  F (T, TEXT,  bank_account,   34,               MNS_PERSONAL, "Account for payment", "银行账号")
MNS_RECORD_DECLARE (application_request, MNS_APPLICATION_REQUEST_FIELDS)

#define MNS_DECISION_REQUEST_FIELDS(F, T)                                                                                  \
  F (T, ID,    application,    0,                MNS_REQUIRED, "Number of the application", "申请编号")                     \
  F (T, CODE,  decision,       mns_decision,     MNS_REQUIRED, "approve or refuse", "决定")                               \
  F (T, TEXT,  reason,         200,              0, "Reason; needed for a refusal", "理由")
MNS_RECORD_DECLARE (decision_request, MNS_DECISION_REQUEST_FIELDS)

#define MNS_APPLICATION_FIELDS(F, T)                                                                                       \
  F (T, ID,    application,    0,                MNS_REQUIRED, "Number of the application", "申请编号")                     \
  F (T, CODE,  state,          mns_application_state, MNS_REQUIRED, "Where it stands", "状态")                             \
  F (T, TEXT,  scheme,         32,               MNS_REQUIRED, "Scheme", "项目")                                          \
  F (T, TEXT,  tier,           32,               MNS_REQUIRED, "Tier", "档次")                                            \
  F (T, ID,    person,         0,                MNS_REQUIRED, "Register number of the person", "人员编号")                 \
  F (T, TEXT,  name,           200,              MNS_PERSONAL, "Name", "姓名")                                             \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Village", "所属地区划代码")                                \
  F (T, DATE,  from_day,       0,                MNS_REQUIRED, "Entitled from this day", "享受起日")                       \
  F (T, DATE,  applied,        0,                MNS_REQUIRED, "Day of the application", "申请日期")                       \
  F (T, TEXT,  applied_by,     48,               MNS_REQUIRED, "Account that entered it", "录入账户")                      \
  F (T, DATE,  decided,        0,                0, "Day of the decision", "决定日期")                                    \
  F (T, TEXT,  decided_by,     48,               0, "Account that decided", "决定账户")                                   \
  F (T, TEXT,  reason,         200,              0, "Reason of the decision", "理由")                                     \
  F (T, ID,    entitlement,    0,                0, "Entitlement that came of it", "资格编号")
MNS_RECORD_DECLARE (application, MNS_APPLICATION_FIELDS)

#define MNS_APPLICATION_QUERY_FIELDS(F, T)                                                                                 \
  F (T, ID,    application,    0,                0, "This one", "申请编号")                                               \
  F (T, TEXT,  scheme,         32,               0, "Only this scheme", "项目")                                            \
  F (T, CODE,  state,          mns_application_state, 0, "Only in this state", "状态")                                     \
  F (T, PLACE, place,          0,                0, "Only of this place and what lies in it", "区划代码")                  \
  F (T, ID,    after,          0,                0, "Only numbers above this one", "起始编号（不含）")                      \
  F (T, INT,   limit,          (1, 1000),        0, "At most so many; default 100", "条数上限")
MNS_RECORD_DECLARE (application_query, MNS_APPLICATION_QUERY_FIELDS)

/* ---- entitlements ------------------------------------------------------------------------------------------------ */
#define MNS_ENTITLEMENT_QUERY_FIELDS(F, T)                                                                                 \
  F (T, ID,    entitlement,    0,                0, "This one", "资格编号")                                               \
  F (T, ID,    person,         0,                0, "Only of this person", "人员编号")                                     \
  F (T, TEXT,  scheme,         32,               0, "Only this scheme", "项目")                                            \
  F (T, CODE,  state,          mns_entitlement_state, 0, "Only in this state", "状态")                                     \
  F (T, PLACE, place,          0,                0, "Only of this place and what lies in it", "区划代码")                  \
  F (T, ID,    after,          0,                0, "Only numbers above this one", "起始编号（不含）")                      \
  F (T, INT,   limit,          (1, 1000),        0, "At most so many; default 100", "条数上限")
MNS_RECORD_DECLARE (entitlement_query, MNS_ENTITLEMENT_QUERY_FIELDS)

#define MNS_ENTITLEMENT_FIELDS(F, T)                                                                                       \
  F (T, ID,    entitlement,    0,                MNS_REQUIRED, "Number of the entitlement", "资格编号")                     \
  F (T, CODE,  state,          mns_entitlement_state, MNS_REQUIRED, "active or exited", "状态")                            \
  F (T, TEXT,  scheme,         32,               MNS_REQUIRED, "Scheme", "项目")                                          \
  F (T, TEXT,  tier,           32,               MNS_REQUIRED, "Tier", "档次")                                            \
  F (T, ID,    person,         0,                MNS_REQUIRED, "Register number of the person", "人员编号")                 \
  F (T, TEXT,  name,           200,              MNS_PERSONAL, "Name", "姓名")                                             \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Village the entitlement counts in", "所属地区划代码")       \
  F (T, CODE,  opening,        mns_yes_no,       MNS_REQUIRED, "In the opening stock", "期初在享")                         \
  F (T, DATE,  from_day,       0,                MNS_REQUIRED, "Entitled from this day", "享受起日")                       \
  F (T, DATE,  registered,     0,                MNS_REQUIRED, "Day it was registered", "登记日期")                        \
  F (T, DATE,  last_day,       0,                0, "Last day of entitlement", "享受止日")                                 \
  F (T, CODE,  reason,         mns_exit_reason,  0, "Why it ended", "退出原因")                                           \
  F (T, DATE,  exit_registered, 0,               0, "Day the end was registered", "退出登记日期")                          \
  F (T, TEXT,  account_tail,   4,                0, "Last digits of the bank account", "账号尾号")                         \
  F (T, FEN,   paid_fen,       (0, 100000000000), MNS_REQUIRED, "Paid so far", "累计已发（分）")                           \
  F (T, FEN,   recoverable_fen, (0, 100000000000), MNS_REQUIRED, "To be recovered", "待追回（分）")
MNS_RECORD_DECLARE (entitlement, MNS_ENTITLEMENT_FIELDS)

#define MNS_EXIT_REQUEST_FIELDS(F, T)                                                                                      \
  F (T, ID,    entitlement,    0,                MNS_REQUIRED, "Number of the entitlement", "资格编号")                     \
  F (T, CODE,  reason,         mns_exit_reason,  MNS_REQUIRED, "Reason other than death and moving, which the register tells", "退出原因") \
  F (T, DATE,  occurred,       0,                0, "Last day of entitlement; default today", "退出日期")
MNS_RECORD_DECLARE (exit_request, MNS_EXIT_REQUEST_FIELDS)

/* ---- money ------------------------------------------------------------------------------------------------------- */
#define MNS_FUND_REQUEST_FIELDS(F, T)                                                                                      \
  F (T, TEXT,  source,         32,               MNS_REQUIRED, "Source of the money, e.g. centre", "资金来源")             \
  F (T, FEN,   amount_fen,     (1, 1000000000000000), MNS_REQUIRED, "Paid in, in fen", "拨入金额（分）")                   \
  F (T, TEXT,  document,       80,               0, "Number of the document: the same source and document are booked once", "文号") \
  F (T, DATE,  day,            0,                0, "Day it was paid in; default today", "拨入日期")                        \
  F (T, TEXT,  note,           200,              0, "Note", "备注")
MNS_RECORD_DECLARE (fund_request, MNS_FUND_REQUEST_FIELDS)

/* An account of the ledger. The balances of all accounts add up to zero. */
#define MNS_LEDGER_ACCOUNT_FIELDS(F, T)                                                                                    \
  F (T, TEXT,  account,        80,               MNS_REQUIRED, "fund, granted: by source; payable, paid, recoverable: by scheme", "科目") \
  F (T, FEN,   balance_fen,    (-1000000000000000000, 1000000000000000000), MNS_REQUIRED, "Balance in fen", "余额（分）")
MNS_RECORD_DECLARE (ledger_account, MNS_LEDGER_ACCOUNT_FIELDS)

#define MNS_BATCH_REQUEST_FIELDS(F, T)                                                                                     \
  F (T, TEXT,  scheme,         32,               MNS_REQUIRED, "Scheme", "项目")                                          \
  F (T, TEXT,  period,         8,                MNS_REQUIRED, "Period paid for: 2026, 2026-S1, 2026-Q2, 2026-06", "发放期间") \
  F (T, DATE,  cutoff,         0,                0, "Entitled on this day; default the last day of the period, or today when that is earlier", "截止日")
MNS_RECORD_DECLARE (batch_request, MNS_BATCH_REQUEST_FIELDS)

#define MNS_BATCH_NUMBER_FIELDS(F, T)                                                                                      \
  F (T, ID,    batch,          0,                MNS_REQUIRED, "Number of the batch", "批次编号")
MNS_RECORD_DECLARE (batch_number, MNS_BATCH_NUMBER_FIELDS)

#define MNS_BATCH_PART_FIELDS(F, T)                                                                                        \
  F (T, TEXT,  tier,           32,               MNS_REQUIRED, "Tier", "档次")                                            \
  F (T, TEXT,  source,         32,               MNS_REQUIRED, "Source of the money", "资金来源")                          \
  F (T, INT,   lines,          (0, 10000000),    MNS_REQUIRED, "Lines of the tier", "笔数")                               \
  F (T, FEN,   amount_fen,     (0, 1000000000000000), MNS_REQUIRED, "From this source, in fen", "金额（分）")
MNS_RECORD_DECLARE (batch_part, MNS_BATCH_PART_FIELDS)

#define MNS_BATCH_FIELDS(F, T)                                                                                             \
  F (T, ID,    batch,          0,                MNS_REQUIRED, "Number of the batch", "批次编号")                           \
  F (T, CODE,  state,          mns_batch_state,  MNS_REQUIRED, "prepared, posted or cancelled", "状态")                    \
  F (T, TEXT,  scheme,         32,               MNS_REQUIRED, "Scheme", "项目")                                          \
  F (T, TEXT,  period,         8,                MNS_REQUIRED, "Period paid for", "发放期间")                              \
  F (T, DATE,  cutoff,         0,                MNS_REQUIRED, "Entitled on this day", "截止日")                           \
  F (T, INT,   lines,          (0, 10000000),    MNS_REQUIRED, "Lines to pay", "笔数")                                    \
  F (T, FEN,   total_fen,      (0, 1000000000000000), MNS_REQUIRED, "Total in fen", "总金额（分）")                        \
  F (T, INT,   left_out,       (0, 10000000),    MNS_REQUIRED, "Lines left out between preparing and posting", "剔除笔数")  \
  F (T, DATE,  prepared,       0,                MNS_REQUIRED, "Day it was prepared", "编制日期")                          \
  F (T, TEXT,  prepared_by,    48,               MNS_REQUIRED, "Account that prepared it", "编制账户")                     \
  F (T, DATE,  posted,         0,                0, "Day it was posted", "入账日期")                                      \
  F (T, TEXT,  posted_by,      48,               0, "Account that posted it", "复核账户")                                 \
  F (T, TEXT,  file,           128,              0, "Bank file under the data directory, once written", "银行文件")         \
  F (T, TEXT,  sha256,         64,               0, "SHA-256 of the bank file", "文件校验值")                              \
  F (T, LIST,  parts,          (batch_part, 64), 0, "By tier and source", "分档分来源")
MNS_RECORD_DECLARE (batch, MNS_BATCH_FIELDS)

#define MNS_BATCH_QUERY_FIELDS(F, T)                                                                                       \
  F (T, ID,    batch,          0,                0, "This one", "批次编号")                                               \
  F (T, TEXT,  scheme,         32,               0, "Only this scheme", "项目")                                            \
  F (T, CODE,  state,          mns_batch_state,  0, "Only in this state", "状态")
MNS_RECORD_DECLARE (batch_query, MNS_BATCH_QUERY_FIELDS)

#define MNS_LINE_QUERY_FIELDS(F, T)                                                                                        \
  F (T, ID,    batch,          0,                MNS_REQUIRED, "Number of the batch", "批次编号")                           \
  F (T, INT,   after,          (0, 10000000),    0, "Only lines above this one", "起始行（不含）")                          \
  F (T, INT,   limit,          (1, 1000),        0, "At most so many; default 100", "条数上限")
MNS_RECORD_DECLARE (line_query, MNS_LINE_QUERY_FIELDS)

#define MNS_BATCH_LINE_FIELDS(F, T)                                                                                        \
  F (T, ID,    batch,          0,                MNS_REQUIRED, "Number of the batch", "批次编号")                           \
  F (T, INT,   line,           (1, 10000000),    MNS_REQUIRED, "Number of the line", "行号")                               \
  F (T, CODE,  state,          mns_line_state,   MNS_REQUIRED, "reserved, paid or left_out", "状态")                       \
  F (T, ID,    entitlement,    0,                MNS_REQUIRED, "Number of the entitlement", "资格编号")                     \
  F (T, TEXT,  tier,           32,               MNS_REQUIRED, "Tier", "档次")                                            \
  F (T, ID,    person,         0,                MNS_REQUIRED, "Register number of the person", "人员编号")                 \
  F (T, TEXT,  name,           200,              MNS_PERSONAL, "Name", "姓名")                                             \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Village", "所属地区划代码")                                \
  F (T, TEXT,  account_tail,   4,                0, "Last digits of the bank account", "账号尾号")                         \
  F (T, FEN,   amount_fen,     (0, 100000000000), MNS_REQUIRED, "Amount in fen", "金额（分）")
MNS_RECORD_DECLARE (batch_line, MNS_BATCH_LINE_FIELDS)
/* clang-format on */

#endif
