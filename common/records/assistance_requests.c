/* Descriptors and codes of what is asked of assistance. */
#include "common/records/assistance_requests.h"

/* clang-format off */
#define TABLE(symbol, name) const mns_code_table_t symbol = { name, symbol##_rows, sizeof symbol##_rows / sizeof symbol##_rows[0] };

static const mns_code_row_t mns_application_state_rows[] = {
  { "applied", "", "applied, waits for a decision", "待审批" },
  { "approved", "", "approved", "已批准" },
  { "refused", "", "refused", "未批准" },
};
TABLE (mns_application_state, "application_state")
static const mns_code_row_t mns_decision_rows[] = {
  { "approve", "", "approve", "批准" },
  { "refuse", "", "refuse", "不批准" },
};
TABLE (mns_decision, "decision")
static const mns_code_row_t mns_entitlement_state_rows[] = {
  { "active", "", "active", "在享" },
  { "exited", "", "exited", "已退出" },
};
TABLE (mns_entitlement_state, "entitlement_state")
static const mns_code_row_t mns_batch_state_rows[] = {
  { "prepared", "", "prepared, money is reserved", "已编制" },
  { "posted", "", "posted", "已入账" },
  { "cancelled", "", "cancelled, money was given back", "已撤销" },
};
TABLE (mns_batch_state, "batch_state")
static const mns_code_row_t mns_line_state_rows[] = {
  { "reserved", "", "reserved", "已预留" },
  { "paid", "", "paid", "已发放" },
  { "left_out", "", "left out", "已剔除" },
};
TABLE (mns_line_state, "line_state")
static const mns_code_row_t mns_rate_per_rows[] = {
  { "year", "", "per year", "年" },
  { "month", "", "per month", "月" },
};
TABLE (mns_rate_per, "rate_per")
static const mns_code_row_t mns_beneficiary_rows[] = {
  { "person", "", "person", "个人" },
  { "household", "", "household", "家庭" },
  { "child", "", "child", "儿童" },
};
TABLE (mns_beneficiary, "beneficiary")
static const mns_code_row_t mns_periodicity_rows[] = {
  { "month", "", "every month", "每月" },
  { "quarter", "", "every quarter", "每季" },
  { "half", "", "every half year", "每半年" },
  { "year", "", "every year", "每年" },
};
TABLE (mns_periodicity, "periodicity")
/* clang-format on */

MNS_RECORD_DEFINE (scheme_query, 1, MNS_SCHEME_QUERY_FIELDS, "Which schemes", "项目查询")
MNS_RECORD_DEFINE (scheme_rate, 1, MNS_SCHEME_RATE_FIELDS, "A rate of a scheme", "标准")
MNS_RECORD_DEFINE (scheme_condition, 1, MNS_SCHEME_CONDITION_FIELDS, "A condition of a scheme", "条件")
MNS_RECORD_DEFINE (scheme_share, 1, MNS_SCHEME_SHARE_FIELDS, "A source's share", "分担比例")
MNS_RECORD_DEFINE (scheme_info, 1, MNS_SCHEME_INFO_FIELDS, "A tier of a scheme", "项目档次")
MNS_RECORD_DEFINE (application_request, 1, MNS_APPLICATION_REQUEST_FIELDS, "Apply for a benefit", "申请")
MNS_RECORD_DEFINE (decision_request, 1, MNS_DECISION_REQUEST_FIELDS, "Decide on an application", "审批")
MNS_RECORD_DEFINE (application, 1, MNS_APPLICATION_FIELDS, "An application", "申请记录")
MNS_RECORD_DEFINE (application_query, 1, MNS_APPLICATION_QUERY_FIELDS, "Which applications", "申请查询")
MNS_RECORD_DEFINE (entitlement_query, 1, MNS_ENTITLEMENT_QUERY_FIELDS, "Which entitlements", "资格查询")
MNS_RECORD_DEFINE (entitlement, 1, MNS_ENTITLEMENT_FIELDS, "An entitlement", "资格")
MNS_RECORD_DEFINE (exit_request, 1, MNS_EXIT_REQUEST_FIELDS, "End an entitlement", "退出申请")
MNS_RECORD_DEFINE (fund_request, 1, MNS_FUND_REQUEST_FIELDS, "Money is paid into a fund", "资金拨入")
MNS_RECORD_DEFINE (ledger_account, 1, MNS_LEDGER_ACCOUNT_FIELDS, "An account of the ledger", "科目余额")
MNS_RECORD_DEFINE (batch_request, 1, MNS_BATCH_REQUEST_FIELDS, "Prepare a batch", "编制批次")
MNS_RECORD_DEFINE (batch_number, 1, MNS_BATCH_NUMBER_FIELDS, "A batch by its number", "批次编号")
MNS_RECORD_DEFINE (batch_part, 1, MNS_BATCH_PART_FIELDS, "Part of a batch by tier and source", "批次分项")
MNS_RECORD_DEFINE (batch, 1, MNS_BATCH_FIELDS, "A batch", "发放批次")
MNS_RECORD_DEFINE (batch_query, 1, MNS_BATCH_QUERY_FIELDS, "Which batches", "批次查询")
MNS_RECORD_DEFINE (line_query, 1, MNS_LINE_QUERY_FIELDS, "Which lines of a batch", "明细查询")
MNS_RECORD_DEFINE (batch_line, 1, MNS_BATCH_LINE_FIELDS, "A line of a batch", "批次明细")
