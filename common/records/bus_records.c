/* Records of the broker itself. */
#include "common/records/bus_records.h"

/* clang-format off */
MNS_RECORD_DEFINE (feed_tick, 1, MNS_FEED_TICK_FIELDS, "Tick of the feed: what was the last", "推送节拍")
MNS_RECORD_DEFINE (directory_change, 1, MNS_DIRECTORY_CHANGE_FIELDS, "Commands that nobody answers any more, or somebody again", "命令应答变动")
MNS_RECORD_DEFINE (bus_prefix, 1, MNS_BUS_PREFIX_FIELDS, "A topic prefix", "主题前缀")
MNS_RECORD_DEFINE (bus_read, 1, MNS_BUS_READ_FIELDS, "bus.read: records missed on the feed", "补读推送")
MNS_RECORD_DEFINE (bus_log, 1, MNS_BUS_LOG_FIELDS, "bus.log: records of the log", "读取日志")
MNS_RECORD_DEFINE (bus_trim, 1, MNS_BUS_TRIM_FIELDS, "bus.trim: forget old records", "清理日志")
MNS_RECORD_DEFINE (bus_trimmed, 1, MNS_BUS_TRIMMED_FIELDS, "What was trimmed", "清理结果")
MNS_RECORD_DEFINE (bus_trace, 1, MNS_BUS_TRACE_FIELDS, "bus.trace: events that belong together", "追踪事件")
MNS_RECORD_DEFINE (bus_verify, 1, MNS_BUS_VERIFY_FIELDS, "bus.verify: check every row of the log", "校验日志")
MNS_RECORD_DEFINE (bus_verified, 1, MNS_BUS_VERIFIED_FIELDS, "What was checked", "校验结果")
MNS_RECORD_DEFINE (bus_backup, 1, MNS_BUS_BACKUP_FIELDS, "bus.backup: a copy of the log", "备份日志")
MNS_RECORD_DEFINE (bus_hold, 1, MNS_BUS_HOLD_FIELDS, "Append nothing for a while", "暂停写入")
MNS_RECORD_DEFINE (bus_entry, 1, MNS_BUS_ENTRY_FIELDS, "bus.directory: a command and who answers it", "命令目录")
MNS_RECORD_DEFINE (bus_producer, 1, MNS_BUS_PRODUCER_FIELDS, "A producer of the log", "发布者")
MNS_RECORD_DEFINE (bus_consumer, 1, MNS_BUS_CONSUMER_FIELDS, "A subscription", "订阅")
MNS_RECORD_DEFINE (bus_durable, 1, MNS_BUS_DURABLE_FIELDS, "A named consumer", "命名消费者")
MNS_RECORD_DEFINE (bus_consumer_reset, 1, MNS_BUS_CONSUMER_RESET_FIELDS, "Another offset for a consumer", "重设消费者位移")
MNS_RECORD_DEFINE (bus_consumer_remove, 1, MNS_BUS_CONSUMER_REMOVE_FIELDS, "A consumer that is gone for good", "删除消费者")
MNS_RECORD_DEFINE (bus_consumer_require, 1, MNS_BUS_CONSUMER_REQUIRE_FIELDS, "Whether a consumer is required", "设为必需消费者")
MNS_RECORD_DEFINE (bus_peer, 1, MNS_BUS_PEER_FIELDS, "A connection", "连接")
MNS_RECORD_DEFINE (bus_status, 1, MNS_BUS_STATUS_FIELDS, "bus.status: how the broker is", "总线状态")
/* clang-format on */
