/* What every service answers about itself: `<service>.status` and `<service>.backup`. */
#ifndef MNS_RECORDS_SERVICE_RECORDS_H
#define MNS_RECORDS_SERVICE_RECORDS_H

#include "common/records/alarm.h"

extern const mns_code_table_t mns_service_state;
enum { MNS_STATE_CONNECTING = 1, MNS_STATE_RUNNING, MNS_STATE_STOPPED, MNS_STATE_FORKED, MNS_STATE_STOPPING };

/* clang-format off */
#define MNS_SERVICE_STATUS_FIELDS(F, T)                                                                               \
  F (T, TEXT, service,        48,                  MNS_REQUIRED, "Name of the service", "服务名称")                       \
  F (T, CODE, state,          mns_service_state,   MNS_REQUIRED, "What it is doing", "状态")                             \
  F (T, TIME, since,          0,                   0, "Since when it is in this state", "此状态起始时间")                    \
  F (T, TIME, started,        0,                   0, "When it was started", "启动时间")                                   \
  F (T, TEXT, software,       48,                  0, "Its version", "版本")                                             \
  F (T, INT,  turns,          (0, INT64_MAX),      0, "Transactions committed since the start", "已提交事务数")              \
  F (T, INT,  redone,         (0, INT64_MAX),      0, "Turns rolled back and done again one by one", "回滚重做次数")         \
  F (T, INT,  requests,       (0, INT64_MAX),      0, "Requests answered since the start", "已应答请求数")                  \
  F (T, INT,  refused,        (0, INT64_MAX),      0, "Of these, with an error", "其中拒绝数")                             \
  F (T, INT,  events,         (0, INT64_MAX),      0, "Events applied since the start", "已处理事件数")                     \
  F (T, INT,  skipped,        (0, INT64_MAX),      0, "Events skipped after an error", "跳过事件数")                       \
  F (T, INT,  log_epoch,      (0, INT64_MAX),      0, "Epoch of the log it reads", "日志纪元")                             \
  F (T, INT,  log_number,     (0, INT64_MAX),      0, "Number of the last event applied", "已处理日志号")                   \
  F (T, INT,  producer_epoch, (0, INT64_MAX),      0, "Its epoch as a producer", "发布纪元")                               \
  F (T, INT,  published,      (0, INT64_MAX),      0, "Number of its last event", "最后事件号")                            \
  F (T, INT,  outbox_records, (0, INT64_MAX),      0, "Events that the broker has not acknowledged", "发件箱未确认条数")      \
  F (T, INT,  outbox_bytes,   (0, INT64_MAX),      0, "Their bytes", "发件箱未确认字节数")                                  \
  F (T, INT,  outbox_first,   (0, INT64_MAX),      0, "Number of the first event that the outbox keeps", "发件箱首号")     \
  F (T, INT,  outbox_acked,   (0, INT64_MAX),      0, "Number up to which the broker has acknowledged", "已确认至")        \
  F (T, INT,  outbox_covered, (0, INT64_MAX),      0, "Number up to which a backup of the log has its events", "备份覆盖至") \
  F (T, INT,  outbox_kept,    (0, INT64_MAX),      0, "Bytes of acknowledged events that are kept", "已确认保留字节数")     \
  F (T, INT,  outbox_refused, (0, INT64_MAX),      0, "Number of the event that the broker refuses for good", "被拒事件号") \
  F (T, TEXT, error,          48,                  0, "Word of the last error of its own", "最近错误")                     \
  F (T, TEXT, error_where,    96,                  0, "Where it was", "错误位置")                                         \
  F (T, TEXT, error_detail,   416,                 0, "What it was", "错误说明")                                          \
  F (T, TIME, error_at,       0,                   0, "When it was", "错误时间")                                          \
  F (T, TEXT, stopped_at,     96,                  0, "The event it cannot apply", "停线事件")                         \
  F (T, LIST, alarms,         (alarm, 16),         0, "What is wrong now", "告警")
#define MNS_SERVICE_BACKUP_FIELDS(F, T)                                                                               \
  F (T, TEXT, path,           400,                 MNS_REQUIRED, "File to be made, in the backup folder of the data directory or in the service's own", "备份文件路径")
#define MNS_SERVICE_SKIP_FIELDS(F, T)                                                                                 \
  F (T, TEXT, event,          96,                  MNS_REQUIRED, "The event at which the line stands", "停线事件")        \
  F (T, TEXT, reason,         400,                 MNS_REQUIRED, "Why it may be left out", "原因")
#define MNS_SERVICE_BURY_FIELDS(F, T)                                                                                 \
  F (T, ID,   number,         0,                   MNS_REQUIRED, "Number of the record that the broker refuses", "被拒事件号") \
  F (T, TEXT, reason,         400,                 MNS_REQUIRED, "Why it may be replaced", "原因")
#define MNS_SERVICE_REHEARSE_FIELDS(F, T)                                                                             \
  F (T, TEXT, command,        48,                  MNS_REQUIRED, "A bulk command of the service; its rows follow", "命令")
#define MNS_INTERVENTION_FIELDS(F, T)                                                                                 \
  F (T, TEXT, service,        48,                  MNS_REQUIRED, "Name of the service", "服务名称")                       \
  F (T, TEXT, what,           16,                  MNS_REQUIRED, "skipped or buried", "处置")                           \
  F (T, TEXT, event,          96,                  MNS_REQUIRED, "The event", "事件")                                   \
  F (T, TEXT, account,        48,                  MNS_REQUIRED, "Who decided", "决定者")                               \
  F (T, TEXT, reason,         400,                 MNS_REQUIRED, "Why", "原因")
#define MNS_BURIED_FIELDS(F, T)                                                                                       \
  F (T, TEXT, producer,       48,                  MNS_REQUIRED, "Producer whose record this stands for", "发布者")       \
  F (T, ID,   number,         0,                   MNS_REQUIRED, "Its number", "事件号")
/* clang-format on */
MNS_RECORD_DECLARE (service_status, MNS_SERVICE_STATUS_FIELDS)
MNS_RECORD_DECLARE (service_backup, MNS_SERVICE_BACKUP_FIELDS)
MNS_RECORD_DECLARE (service_skip, MNS_SERVICE_SKIP_FIELDS)
MNS_RECORD_DECLARE (service_bury, MNS_SERVICE_BURY_FIELDS)
MNS_RECORD_DECLARE (service_rehearse, MNS_SERVICE_REHEARSE_FIELDS)
MNS_RECORD_DECLARE (intervention, MNS_INTERVENTION_FIELDS)
MNS_RECORD_DECLARE (buried, MNS_BURIED_FIELDS)

#endif
