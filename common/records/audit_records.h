/* The stream audit: what the broker refused, what was done to it, and who read whose record. Producers are the broker
 * and the registry; never on the feed. */
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
/* audit.reading.<county>.read, a sequence of them */
#define MNS_AUDIT_READING_FIELDS(F, T)                                                                                    \
  F (T, TEXT, account,    48,  MNS_REQUIRED, "Who", "账户")                                                                \
  F (T, TEXT, command,    48,  MNS_REQUIRED, "What was asked", "命令")                                                     \
  F (T, CODE, revealed,   mns_yes_no, MNS_REQUIRED, "yes: with names and numbers in full", "是否明文")                      \
  F (T, TEXT, persons,    400, MNS_REQUIRED, "Register numbers of the persons shown: 12,40-59", "人员编号")                 \
  F (T, INT,  count,      (1, INT64_MAX), MNS_REQUIRED, "How many", "人数")
/* audit.reading.<county>.exported */
#define MNS_AUDIT_EXPORT_FIELDS(F, T)                                                                                     \
  F (T, TEXT, account,    48,  MNS_REQUIRED, "Who", "账户")                                                                \
  F (T, TEXT, list,       32,  MNS_REQUIRED, "Which list", "清单")                                                         \
  F (T, CODE, revealed,   mns_yes_no, MNS_REQUIRED, "yes: with names and numbers in full", "是否明文")                      \
  F (T, TEXT, columns,    600, MNS_REQUIRED, "Its columns", "列")                                                          \
  F (T, TEXT, filter,     400, 0, "What it was narrowed down to; names and numbers of persons left out", "筛选条件")         \
  F (T, TEXT, reason,     200, 0, "Why", "原因")
/* clang-format on */
MNS_RECORD_DECLARE (audit_refusal, MNS_AUDIT_REFUSAL_FIELDS)
MNS_RECORD_DECLARE (audit_action, MNS_AUDIT_ACTION_FIELDS)
MNS_RECORD_DECLARE (audit_reading, MNS_AUDIT_READING_FIELDS)
MNS_RECORD_DECLARE (audit_export, MNS_AUDIT_EXPORT_FIELDS)

#endif
