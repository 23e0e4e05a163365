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
/* clang-format on */
