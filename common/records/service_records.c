/* What every service answers about itself. */
#include "common/records/service_records.h"

static const mns_code_row_t state_rows[] = {
    {"connecting", "", "waiting for the broker", "连接中"},
    {"running", "", "at work", "运行中"},
    {"stopped", "", "stopped at an event it cannot apply", "已停线"},
    {"forked", "", "its outbox and the log disagree", "发件箱分叉"},
    {"stopping", "", "shutting down", "停止中"},
};
const mns_code_table_t mns_service_state = {"service_state", state_rows, sizeof state_rows / sizeof state_rows[0]};

/* clang-format off */
MNS_RECORD_DEFINE (service_status, 1, MNS_SERVICE_STATUS_FIELDS, "How a service is", "服务状态")
MNS_RECORD_DEFINE (service_backup, 1, MNS_SERVICE_BACKUP_FIELDS, "A copy of a service's store", "服务备份")
MNS_RECORD_DEFINE (service_skip, 1, MNS_SERVICE_SKIP_FIELDS, "An event to be left out", "跳过事件")
MNS_RECORD_DEFINE (service_bury, 1, MNS_SERVICE_BURY_FIELDS, "A refused record to be replaced", "替换被拒事件")
MNS_RECORD_DEFINE (service_rehearse, 1, MNS_SERVICE_REHEARSE_FIELDS, "Rows to be tried and taken back", "试运行")
MNS_RECORD_DEFINE (intervention, 1, MNS_INTERVENTION_FIELDS, "What an administrator took out of the way", "人工处置")
MNS_RECORD_DEFINE (buried, 1, MNS_BURIED_FIELDS, "Stands for a record that the log did not take", "替代事件")
/* clang-format on */
