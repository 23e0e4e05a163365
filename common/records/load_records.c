/* Descriptors of what bulk commands answer. */
#include "common/records/load_records.h"

static const mns_code_row_t mns_row_result_rows[] = {
    {"created", "", "created", "新建"},
    {"exists", "", "already there", "已存在"},
    {"refused", "", "refused", "拒收"},
    {"waiting", "", "waits for a second person", "待复核"},
};
const mns_code_table_t mns_row_result = {
    .name = "row_result", .rows = mns_row_result_rows, .count = sizeof mns_row_result_rows / sizeof (mns_code_row_t)};

MNS_RECORD_DEFINE (row_outcome, 1, MNS_ROW_OUTCOME_FIELDS, "What became of one row of a bulk request", "批量行结果")
