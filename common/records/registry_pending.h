/* What waits in the registry for a second person: events told very late, corrections of what stands there for long. */
#ifndef MNS_RECORDS_REGISTRY_PENDING_H
#define MNS_RECORDS_REGISTRY_PENDING_H

#include "common/records/registry_requests.h"

extern const mns_code_table_t mns_pending_state, mns_pending_step;
enum { MNS_PENDING_WAITING = 1, MNS_PENDING_APPROVED, MNS_PENDING_REFUSED, MNS_PENDING_WITHDRAWN };
enum { MNS_PENDING_APPROVE = 1, MNS_PENDING_REFUSE, MNS_PENDING_WITHDRAW };

/* clang-format off */
#define MNS_PENDING_QUERY_FIELDS(F, T)                                                                                     \
  F (T, PLACE, place,          0,                0, "In this place; default the whole division", "区划代码")                \
  F (T, CODE,  state,          mns_pending_state, 0, "In this state; default waiting", "状态")                             \
  F (T, ID,    after,          0,                0, "Begin behind this number", "起始编号")                                \
  F (T, INT,   limit,          (1, 1000),        0, "At most so many; default 50", "最多条数")
MNS_RECORD_DECLARE (pending_query, MNS_PENDING_QUERY_FIELDS)

#define MNS_PENDING_INFO_FIELDS(F, T)                                                                                      \
  F (T, ID,    pending,        0,                MNS_REQUIRED, "Number", "待审编号")                                        \
  F (T, CODE,  state,          mns_pending_state, MNS_REQUIRED, "waiting, approved, refused or withdrawn", "状态")         \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place it counts in", "所属地区划代码")                      \
  F (T, CODE,  event_kind,     mns_life_event,   0, "Kind of the event; absent: a correction", "事项")                      \
  F (T, TEXT,  field,          32,               0, "correction: which fact", "字段")                                     \
  F (T, ID,    person,         0,                0, "Register number of the person, when it is in the register", "人员编号") \
  F (T, DATE,  occurred,       0,                0, "Day it happened", "发生日期")                                        \
  F (T, TEXT,  why,            160,              MNS_REQUIRED, "Why it waits", "待审原因")                                  \
  F (T, TEXT,  account,        48,               MNS_REQUIRED, "Who entered it", "经办账户")                               \
  F (T, TIME,  entered,        0,                MNS_REQUIRED, "When", "录入时间")                                         \
  F (T, TEXT,  decided_by,     48,               0, "The second person", "复核账户")                                      \
  F (T, TIME,  decided,        0,                0, "When it was decided", "复核时间")                                     \
  F (T, TEXT,  reason,         200,              0, "Why it was decided so", "复核意见")
MNS_RECORD_DECLARE (pending_info, MNS_PENDING_INFO_FIELDS)

#define MNS_PENDING_DECISION_FIELDS(F, T)                                                                                  \
  F (T, ID,    pending,        0,                MNS_REQUIRED, "Number", "待审编号")                                        \
  F (T, CODE,  decision,       mns_pending_step, MNS_REQUIRED, "approve, refuse, or withdraw (by who entered it)", "决定") \
  F (T, TEXT,  reason,         200,              0, "Why; required of a refusal; no names or numbers of persons", "意见")
MNS_RECORD_DECLARE (pending_decision, MNS_PENDING_DECISION_FIELDS)

#define MNS_PENDING_OUTCOME_FIELDS(F, T)                                                                                   \
  F (T, ID,    pending,        0,                MNS_REQUIRED, "Number", "待审编号")                                        \
  F (T, CODE,  state,          mns_pending_state, MNS_REQUIRED, "State after the decision", "状态")                        \
  F (T, ID,    person,         0,                0, "Register number of the person", "人员编号")                           \
  F (T, ID,    event,          0,                0, "Register number of the event", "事项编号")                            \
  F (T, ID,    correction,     0,                0, "Register number of the correction", "更正编号")                       \
  F (T, TEXT,  finding,        400,              0, "What was noticed but does not stand in the way", "疑点")
MNS_RECORD_DECLARE (pending_outcome, MNS_PENDING_OUTCOME_FIELDS)
/* clang-format on */

#endif
