/* Records of the broker itself: its commands bus.* and the tick of the feed. */
#ifndef MNS_RECORDS_BUS_RECORDS_H
#define MNS_RECORDS_BUS_RECORDS_H

#include "common/records/alarm.h"
#include "common/records/codes.h"

/* clang-format off */
#define MNS_FEED_TICK_FIELDS(F, T)                                                                                        \
  F (T, ID,   log_epoch,  0,   0, "Which log the numbers belong to", "日志世代")                                             \
  F (T, ID,   log_number, 0,   0, "Last number of the log", "日志末号")                                                      \
  F (T, ID,   open,       0,   0, "Last log number of stream open", "open 流末号")                                           \
  F (T, ID,   places,     0,   0, "Last log number of stream places", "places 流末号")                                       \
  F (T, ID,   catalogue,  0,   0, "Last log number of stream catalogue", "catalogue 流末号")                                 \
  F (T, ID,   system,     0,   0, "Last log number of stream system", "system 流末号")
MNS_RECORD_DECLARE (feed_tick, MNS_FEED_TICK_FIELDS)

/* system.directory.<county>.gone and .back: a service that was not stopped as planned is not there, or is again. */
#define MNS_DIRECTORY_CHANGE_FIELDS(F, T)                                                                                 \
  F (T, TEXT, account,    48,  MNS_REQUIRED, "Whose commands they are", "账户")                                              \
  F (T, CODE, answered,   mns_yes_no, MNS_REQUIRED, "Whether they are answered now", "是否有应答者")                           \
  F (T, INT,  commands,   (0, 1024),  MNS_REQUIRED, "How many commands", "命令数")                                          \
  F (T, TEXT, command,    48,  0, "The first of them", "首个命令")
MNS_RECORD_DECLARE (directory_change, MNS_DIRECTORY_CHANGE_FIELDS)

#define MNS_BUS_PREFIX_FIELDS(F, T)                                                                                       \
  F (T, TEXT, prefix,     96,  0, "Beginning of the topics that are meant", "主题前缀")
MNS_RECORD_DECLARE (bus_prefix, MNS_BUS_PREFIX_FIELDS)

#define MNS_BUS_READ_FIELDS(F, T)                                                                                         \
  F (T, LIST, prefixes,   (bus_prefix, 16), MNS_REQUIRED, "Prefixes of the topics wanted", "主题前缀")                        \
  F (T, ID,   after,      0,   0, "Records behind this log number", "起始号（不含）")                                          \
  F (T, ID,   to,         0,   0, "and up to this one; absent: the last", "截止号")                                           \
  F (T, ID,   count,      0,   0, "How many of them the asker has", "已有条数")                                               \
  F (T, ID,   sum,        0,   0, "The sum of their log numbers, modulo 2^64", "已有日志号之和")
MNS_RECORD_DECLARE (bus_read, MNS_BUS_READ_FIELDS)

#define MNS_BUS_LOG_FIELDS(F, T)                                                                                          \
  F (T, ID,   from,       0,   0, "First log number", "起始号")                                                              \
  F (T, ID,   count,      0,   0, "How many records at most", "最多条数")                                                     \
  F (T, TIME, recorded,   0,   0, "Instead of a number: from what was recorded then on", "起始时间")
MNS_RECORD_DECLARE (bus_log, MNS_BUS_LOG_FIELDS)

#define MNS_BUS_TRIM_FIELDS(F, T)                                                                                         \
  F (T, ID,   before,     0,   0, "Records below this log number", "此号之前")                                               \
  F (T, INT,  days,       (0, 36500), 0, "Records older than so many days", "早于若干天")                                     \
  F (T, CODE, force,      mns_yes_no, 0, "Also what a consumer has not read yet", "强制")
MNS_RECORD_DECLARE (bus_trim, MNS_BUS_TRIM_FIELDS)

#define MNS_BUS_TRIMMED_FIELDS(F, T)                                                                                      \
  F (T, ID,   records,    0,   0, "Records trimmed", "已清除条数")                                                           \
  F (T, ID,   rows,       0,   0, "Rows they were in", "已清除行数")                                                         \
  F (T, ID,   bytes,      0,   0, "Their bytes", "已清除字节数")                                                              \
  F (T, ID,   log_first,  0,   0, "First number that is kept", "日志首号")
MNS_RECORD_DECLARE (bus_trimmed, MNS_BUS_TRIMMED_FIELDS)

#define MNS_BUS_TRACE_FIELDS(F, T)                                                                                        \
  F (T, TEXT, event,      95,  0, "An event id: what caused it, what it caused", "事件编号")                                  \
  F (T, TEXT, entity,     48,  0, "Or an entity: its events", "或实体")
MNS_RECORD_DECLARE (bus_trace, MNS_BUS_TRACE_FIELDS)

#define MNS_BUS_VERIFY_FIELDS(F, T)                                                                                       \
  F (T, CODE, start,      mns_yes_no, 0, "Begin, unless it is going on", "是否开始")
MNS_RECORD_DECLARE (bus_verify, MNS_BUS_VERIFY_FIELDS)

#define MNS_BUS_VERIFIED_FIELDS(F, T)                                                                                     \
  F (T, CODE, running,    mns_yes_no, 0, "Whether it is going on", "是否进行中")                                              \
  F (T, ID,   verified,   0,   0, "Checked up to this log number", "已校验至")                                               \
  F (T, ID,   last,       0,   0, "Last number of the log", "日志末号")                                                      \
  F (T, ID,   rows,       0,   0, "Rows checked", "已校验行数")                                                              \
  F (T, ID,   records,    0,   0, "Records in them", "已校验条数")                                                           \
  F (T, ID,   trimmed,    0,   0, "Records that were trimmed", "已清除条数")                                                  \
  F (T, ID,   bytes,      0,   0, "Bytes checked", "已校验字节数")                                                            \
  F (T, ID,   damaged_rows, 0, 0, "Damaged rows", "损坏行数")                                                               \
  F (T, ID,   damaged_first, 0, 0, "First number of the first damaged row", "首个损坏行起始号")                                 \
  F (T, ID,   damaged_last, 0, 0, "Last number of it", "首个损坏行末号")
MNS_RECORD_DECLARE (bus_verified, MNS_BUS_VERIFIED_FIELDS)

#define MNS_BUS_BACKUP_FIELDS(F, T)                                                                                       \
  F (T, TEXT, path,       256, MNS_REQUIRED, "New file for the copy, inside the data directory", "备份文件路径")
MNS_RECORD_DECLARE (bus_backup, MNS_BUS_BACKUP_FIELDS)

#define MNS_BUS_HOLD_FIELDS(F, T)                                                                                         \
  F (T, INT,  seconds,    (1, 3600), MNS_REQUIRED, "How long at most", "最长秒数")
MNS_RECORD_DECLARE (bus_hold, MNS_BUS_HOLD_FIELDS)

#define MNS_BUS_ENTRY_FIELDS(F, T)                                                                                        \
  F (T, TEXT, command,    48,  MNS_REQUIRED, "Name of the command", "命令")                                                  \
  F (T, TEXT, account,    48,  0, "Service that answers it; absent: gone", "服务账户")
MNS_RECORD_DECLARE (bus_entry, MNS_BUS_ENTRY_FIELDS)

#define MNS_BUS_PRODUCER_FIELDS(F, T)                                                                                     \
  F (T, TEXT, name,       48,  MNS_REQUIRED, "Name of the producer", "发布者")                                               \
  F (T, ID,   epoch,      0,   0, "Its epoch", "世代")                                                                      \
  F (T, ID,   number,     0,   0, "Its last number in the log", "末号")                                                      \
  F (T, ID,   log_number, 0,   0, "Log number of that record", "对应日志号")                                                  \
  F (T, CODE, connected,  mns_yes_no, 0, "Whether it is connected", "是否在线")
MNS_RECORD_DECLARE (bus_producer, MNS_BUS_PRODUCER_FIELDS)

#define MNS_BUS_CONSUMER_FIELDS(F, T)                                                                                     \
  F (T, TEXT, consumer,   48,  0, "Durable name; absent: none", "消费者")                                                    \
  F (T, TEXT, account,    48,  0, "Its account", "账户")                                                                    \
  F (T, TEXT, prefix,     96,  0, "First of its prefixes", "前缀")                                                          \
  F (T, ID,   sent,       0,   0, "Log number it has been told of", "已发送至")                                               \
  F (T, ID,   durable,    0,   0, "Log number it says it has made durable", "已持久至")                                       \
  F (T, ID,   behind,     0,   0, "Log numbers from there to the end", "落后条数")                                            \
  F (T, INT,  credit,     (0, 1099511627776), 0, "Messages it still takes", "剩余信用")
MNS_RECORD_DECLARE (bus_consumer, MNS_BUS_CONSUMER_FIELDS)

#define MNS_BUS_DURABLE_FIELDS(F, T)                                                                                      \
  F (T, TEXT, consumer,   48,  MNS_REQUIRED, "Name of the consumer", "消费者")                                               \
  F (T, TEXT, account,    48,  0, "Account it belongs to", "账户")                                                          \
  F (T, LIST, prefixes,   (bus_prefix, 16), 0, "What it reads", "主题前缀")                                                 \
  F (T, ID,   number,     0,   0, "Log number up to which it has made durable what concerns it", "位移")                      \
  F (T, ID,   epoch,      0,   0, "Epoch of the log, then", "日志世代")                                                     \
  F (T, INT,  lag,        (0, INT64_MAX), 0, "Log numbers from there to the end", "落后条数")                                \
  F (T, INT,  age_s,      (0, INT64_MAX), 0, "Seconds that it has not been where the log ended then", "落后秒数")             \
  F (T, TIME, seen,       0,   0, "When it was last connected", "最近在线")                                                  \
  F (T, CODE, connected,  mns_yes_no, 0, "Whether it is connected", "是否在线")                                             \
  F (T, CODE, required,   mns_yes_no, 0, "Whether the log waits for it and its lag is an alarm", "是否必需")                  \
  F (T, CODE, alarm,      mns_yes_no, 0, "Whether it is too far behind", "是否告警")
MNS_RECORD_DECLARE (bus_durable, MNS_BUS_DURABLE_FIELDS)

#define MNS_BUS_CONSUMER_RESET_FIELDS(F, T)                                                                               \
  F (T, TEXT, consumer,   48,  MNS_REQUIRED, "Name of the consumer", "消费者")                                               \
  F (T, ID,   number,     0,   0, "Log number behind which it goes on", "位移")                                             \
  F (T, TIME, time,       0,   0, "or: from the first record of this time on", "时间")
MNS_RECORD_DECLARE (bus_consumer_reset, MNS_BUS_CONSUMER_RESET_FIELDS)

#define MNS_BUS_CONSUMER_REMOVE_FIELDS(F, T)                                                                              \
  F (T, TEXT, consumer,   48,  MNS_REQUIRED, "Name of the consumer", "消费者")
MNS_RECORD_DECLARE (bus_consumer_remove, MNS_BUS_CONSUMER_REMOVE_FIELDS)

#define MNS_BUS_CONSUMER_REQUIRE_FIELDS(F, T)                                                                             \
  F (T, TEXT, consumer,   48,  MNS_REQUIRED, "Name of the consumer", "消费者")                                               \
  F (T, CODE, required,   mns_yes_no, MNS_REQUIRED, "Whether the log waits for it and its lag is an alarm", "是否必需")
MNS_RECORD_DECLARE (bus_consumer_require, MNS_BUS_CONSUMER_REQUIRE_FIELDS)

#define MNS_BUS_PEER_FIELDS(F, T)                                                                                         \
  F (T, TEXT, account,    48,  0, "Its account", "账户")                                                                    \
  F (T, TEXT, software,   48,  0, "Name and version of its program", "程序")                                                 \
  F (T, TEXT, door,       8,   0, "inproc, ipc or tcp", "接入方式")                                                          \
  F (T, ID,   commands,   0,   0, "Commands it answers", "命令数")                                                          \
  F (T, ID,   working,    0,   0, "Requests it is at", "处理中请求")                                                         \
  F (T, ID,   asking,     0,   0, "Requests of its own that are open", "未答请求")                                            \
  F (T, ID,   silent_ms,  0,   0, "Milliseconds since it was heard", "静默毫秒")
MNS_RECORD_DECLARE (bus_peer, MNS_BUS_PEER_FIELDS)

#define MNS_BUS_STATUS_FIELDS(F, T)                                                                                       \
  F (T, TEXT, software,   48,  0, "Name and version of the broker", "程序")                                                  \
  F (T, ID,   up_s,       0,   0, "Seconds since it began", "运行秒数")                                                      \
  F (T, ID,   log_epoch,  0,   0, "Which log this is", "日志世代")                                                           \
  F (T, ID,   log_first,  0,   0, "First number kept", "日志首号")                                                           \
  F (T, ID,   log_number, 0,   0, "Last number", "日志末号")                                                                 \
  F (T, ID,   log_bytes,  0,   0, "Bytes of the store", "日志字节数")                                                         \
  F (T, TIME, recorded,   0,   0, "When the last record was written", "末条时间")                                             \
  F (T, TEXT, bus,        128, 0, "Endpoint of the bus over TCP, if open", "总线地址")                                        \
  F (T, TEXT, feed,       128, 0, "Endpoint of the feed, if open", "推送地址")                                               \
  F (T, ID,   peers,      0,   0, "Connections", "连接数")                                                                  \
  F (T, ID,   requests,   0,   0, "Requests open", "未答请求")                                                              \
  F (T, ID,   received,   0,   0, "Messages received", "收到消息")                                                           \
  F (T, ID,   sent,       0,   0, "Messages sent", "发出消息")                                                              \
  F (T, ID,   refused,    0,   0, "Messages answered with an error", "拒绝消息")                                              \
  F (T, ID,   malformed,  0,   0, "Messages that were no MNS/1", "格式错误")                                                 \
  F (T, ID,   dropped,    0,   0, "Answers that a full or lost connection did not take", "丢弃消息")                           \
  F (T, ID,   late,       0,   0, "Answers that came too late", "迟到应答")                                                  \
  F (T, ID,   groups,     0,   0, "Commits", "提交次数")                                                                    \
  F (T, ID,   appended,   0,   0, "Records appended", "写入条数")                                                            \
  F (T, ID,   repeated,   0,   0, "Records sent again and left out", "重复条数")                                              \
  F (T, ID,   delivered,  0,   0, "Records delivered to subscriptions", "投递条数")                                           \
  F (T, LIST, producers,  (bus_producer, 64), 0, "Producers", "发布者")                                                     \
  F (T, LIST, consumers,  (bus_consumer, 64), 0, "Subscriptions", "订阅")                                                   \
  F (T, LIST, connections, (bus_peer, 64),    0, "Connections that said HELLO", "连接")                                     \
  F (T, LIST, alarms,     (alarm, 32),       0, "What is wrong now", "告警")
MNS_RECORD_DECLARE (bus_status, MNS_BUS_STATUS_FIELDS)
/* clang-format on */

#endif
