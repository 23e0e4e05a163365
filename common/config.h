/* The configuration of a stack or a service: one record, read from DATA/mns.yaml, each key with a default, bounds, a
 * help text and an environment override MNS_<KEY IN CAPITALS>. */
#ifndef MNS_COMMON_CONFIG_H
#define MNS_COMMON_CONFIG_H

#include "common/record.h"

/* clang-format off */
#define MNS_CONFIG_FIELDS(F, T)                                                                                          \
  F (T, PLACE, county,          0,                     0, "12-digit code of the county", "本县区划代码")                    \
  F (T, INT,   utc_offset_s,    (-43200, 50400),       0, "the county's offset from UTC in seconds (28800 is +08:00)", "时区偏移（秒）") \
  F (T, INT,   clock_offset_s,  (-3155760000, 3155760000), 0, "seconds added to the wall clock, for demonstrations", "演示时钟偏移（秒）") \
  F (T, TEXT,  language,        8,                     0, "language of texts for people: en or zh", "界面语言")             \
  F (T, TEXT,  log_level,       8,                     0, "error, warn, info or debug", "日志级别")                        \
  F (T, TEXT,  bus,             128,                   0, "endpoint of the bus that a service or command connects to", "总线地址") \
  F (T, TEXT,  bus_listen,      128,                   0, "endpoint the broker opens for the bus over TCP with CURVE, off: none", "总线监听地址") \
  F (T, TEXT,  feed_listen,     128,                   0, "endpoint the broker opens for the open feed, off: none", "开放推送监听地址") \
  F (T, TEXT,  feed_curve,      8,                     0, "yes: the feed asks for CURVE as well", "开放推送是否加密")         \
  F (T, TEXT,  metrics_listen,  64,                    0, "address and port where this process shows its metrics over HTTP, without authentication; off: nowhere", "指标监听地址") \
  F (T, TEXT,  broker_key,      48,                    0, "public key of the broker (Z85), for TCP", "代理公钥")            \
  F (T, TEXT,  key_file,        256,                   0, "file with this program's CURVE key pair, for TCP", "密钥文件")    \
  F (T, TEXT,  log_keep_streams, 128,                  0, "streams of the log that are never trimmed", "永久保留的流")        \
  F (T, INT,   log_keep_days,   (0, 36500),            0, "days that the log keeps the other streams, 0: for ever", "其他流保留天数") \
  F (T, INT,   log_keep_mib,    (0, 16777216),         0, "MiB that it keeps of them, the oldest go; 0: no bound", "其他流保留上限（MiB）") \
  F (T, INT,   outbox_max,      (1000, 1000000),       0, "records in the outbox above which commands are put off", "发件箱上限") \
  F (T, INT,   outbox_keep_mib, (0, 65536),            0, "acknowledged records that an outbox keeps until a backup of the log has them, in MiB at most", "发件箱已确认保留上限（MiB）") \
  F (T, INT,   consumer_lag_records, (1, INT64_MAX),   0, "records that a required consumer may be behind without an alarm", "消费者落后条数告警") \
  F (T, INT,   consumer_lag_minutes, (1, 525600),      0, "minutes that it may be behind without an alarm", "消费者落后分钟告警") \
  F (T, INT,   figures_every_ms, (100, 60000),         0, "least time between two events for one place and period", "数字发布间隔（毫秒）") \
  F (T, INT,   closing_day,     (0, 28),               0, "day on which the month before is closed, after the first closing; 0: by command only", "结账日") \
  F (T, INT,   release_day,     (0, 28),               0, "day on which what is closed is released, after the first release; 0: by command only", "发布日") \
  F (T, TEXT,  smtp_url,        256,                   0, "mail server, smtp://host:port or smtps://host:port; empty: mail is spooled to files only", "邮件服务器") \
  F (T, TEXT,  smtp_from,       128,                   0, "sender address of mails", "发件人")                             \
  F (T, TEXT,  smtp_user,       128,                   0, "account at the mail server", "邮件账户")                        \
  F (T, TEXT,  smtp_password_file, 256,                0, "file with its password", "邮件密码文件")                        \
  F (T, INT,   account_subscriptions, (0, 1000000),    0, "subscriptions of one account at most, where accounts.yaml says nothing", "账户订阅上限") \
  F (T, INT,   account_connections, (0, 1000000),      0, "connections of one account at most, where accounts.yaml says nothing", "账户连接上限") \
  F (T, INT,   account_bytes_per_second, (1, 1099511627776), 0, "bytes one account may publish and request in a second, where accounts.yaml says nothing", "账户每秒字节上限") \
  F (T, INT,   import_batch,    (1, 1000),             0, "rows in one import request", "导入批量")
/* clang-format on */

typedef struct {
  char data[256]; /* the data directory, absolute */
#define MNS_CONFIG_STRUCT_(T, kind, name, arg, flags, en, zh) MNS_STRUCT_##kind (name, arg)
  MNS_CONFIG_FIELDS (MNS_CONFIG_STRUCT_, 0)
} mns_config_t;

extern const mns_record_type_t mns_config_type; /* over mns_config_t, `data` not among its fields */

/* Every key at its default; `data` stays, and the bus is the local one of it. */
void mns_config_defaults (mns_config_t *config);
/* Defaults, then DATA/mns.yaml when it exists (all mistakes at once in `mistakes`, which may be NULL, appended), then
 * the environment. Applies the log level and the clock offset when `apply`. */
mns_rc_t mns_config_load (mns_config_t *config, const char *data, bool apply, mns_buffer_t *mistakes,
                          mns_error_t *error);
/* The data directory by option, MNS_DATA, or ~/.local/share/minsheng. */
void mns_config_data (const char *option, char data[256]);
/* Writes DATA/mns.yaml with the keys that differ from the defaults, commented. */
mns_rc_t mns_config_save (const mns_config_t *config, mns_error_t *error);

#endif
