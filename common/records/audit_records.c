/* Records of the stream audit. */
#include "common/records/audit_records.h"

/* clang-format off */
MNS_RECORD_DEFINE (audit_refusal, 1, MNS_AUDIT_REFUSAL_FIELDS, "Something the broker refused", "被拒绝的操作")
MNS_RECORD_DEFINE (audit_action, 1, MNS_AUDIT_ACTION_FIELDS, "Something done to the broker", "管理操作")
MNS_RECORD_DEFINE (audit_reading, 1, MNS_AUDIT_READING_FIELDS, "Persons whose records were read", "人员查阅记录")
MNS_RECORD_DEFINE (audit_export, 1, MNS_AUDIT_EXPORT_FIELDS, "A list that was exported", "清单导出记录")
/* clang-format on */
