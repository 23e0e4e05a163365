/* The stream audit: what the broker refused, and what was done to it. Producer `broker`, never on the feed. */
#ifndef MNS_RECORDS_AUDIT_RECORDS_H
#define MNS_RECORDS_AUDIT_RECORDS_H

#include "common/records/codes.h"

/* clang-format off */
#define MNS_AUDIT_REFUSAL_FIELDS(F, T)                                                                                    \
  F (T, TEXT, account,    48,  0, "Who; absent: nobody that is known", "账户")                                              \
  F (T, TEXT, door,       8,   0, "inproc, ipc or tcp", "接入方式")                                                          \
  F (T, TEXT, address,    80,  0, "From where: network address and beginning of the key, or user id", "来源")                \
  F (T, TEXT, verb,       16,  MNS_REQUIRED, "What was tried: connect, publish, subscribe, request, serve, snapshot, admin, message", "动作") \
  F (T, TEXT, what,       96,  0, "The first one: a topic, prefix, command or field", "对象")                                \
  F (T, TEXT, reason,     32,  MNS_REQUIRED, "Word of the error", "原因")                                                   \
  F (T, ID,   count,      0,   0, "How often since the last record of this kind", "次数")
#define MNS_AUDIT_ACTION_FIELDS(F, T)                                                                                     \
  F (T, TEXT, account,    48,  0, "Who; absent: whoever wrote the file", "账户")                                            \
  F (T, TEXT, command,    48,  MNS_REQUIRED, "What was done: a command of the broker, or account.added, .removed, .changed", "命令") \
  F (T, TEXT, what,       400, 0, "To what, and how", "内容")
/* clang-format on */
MNS_RECORD_DECLARE (audit_refusal, MNS_AUDIT_REFUSAL_FIELDS)
MNS_RECORD_DECLARE (audit_action, MNS_AUDIT_ACTION_FIELDS)

#endif
