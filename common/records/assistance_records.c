/* Descriptors of assistance's records. */
#include "common/records/assistance_records.h"

MNS_RECORD_DEFINE (recipient_row, 1, MNS_RECIPIENT_ROW_FIELDS, "A recipient", "受益人")
MNS_RECORD_DEFINE (exit_row, 1, MNS_EXIT_ROW_FIELDS, "A recipient leaves", "退出")
MNS_RECORD_DEFINE (entitlement_change, 1, MNS_ENTITLEMENT_CHANGE_FIELDS, "An entitlement began or ended", "资格变动")
MNS_RECORD_DEFINE (recovery, 1, MNS_RECOVERY_FIELDS, "Money is to be recovered", "追回")
MNS_RECORD_DEFINE (funded, 1, MNS_FUNDED_FIELDS, "Money was paid in", "资金拨入")
MNS_RECORD_DEFINE (batch_posted, 1, MNS_BATCH_POSTED_FIELDS, "A batch was posted", "批次入账")
