/* Descriptors and codes of what waits for a second person. */
#include "common/records/registry_pending.h"

/* clang-format off */
static const mns_code_row_t state_rows[] = {
  { "waiting", "", "waits for a second person", "待复核" },
  { "approved", "", "approved and in the register", "已通过" },
  { "refused", "", "refused", "未通过" },
  { "withdrawn", "", "withdrawn by who entered it", "已撤回" },
};
const mns_code_table_t mns_pending_state = { .name = "pending_state", .rows = state_rows, .count = 4 };

static const mns_code_row_t step_rows[] = {
  { "approve", "", "approve", "通过" },
  { "refuse", "", "refuse", "不通过" },
  { "withdraw", "", "withdraw", "撤回" },
};
const mns_code_table_t mns_pending_step = { .name = "pending_step", .rows = step_rows, .count = 3 };
/* clang-format on */

MNS_RECORD_DEFINE (pending_query, 1, MNS_PENDING_QUERY_FIELDS, "What waits for a second person", "待复核事项查询")
MNS_RECORD_DEFINE (pending_info, 1, MNS_PENDING_INFO_FIELDS, "An event or correction that waits", "待复核事项")
MNS_RECORD_DEFINE (pending_decision, 1, MNS_PENDING_DECISION_FIELDS, "What the second person says", "复核决定")
MNS_RECORD_DEFINE (pending_outcome, 1, MNS_PENDING_OUTCOME_FIELDS, "What became of it", "复核结果")
