/* Descriptors and code tables of closings and releases. */
#include "common/records/release_records.h"

/* clang-format off */
#define TABLE(symbol, name_) \
  const mns_code_table_t symbol = { .name = name_, .rows = symbol##_rows, .count = sizeof symbol##_rows / sizeof (mns_code_row_t) };

static const mns_code_row_t mns_release_level_rows[] = {
  { "county", "", "the county", "县" },
  { "township", "", "townships", "乡镇" },
  { "village", "", "villages", "村" },
};
TABLE (mns_release_level, "release_level")

static const mns_code_row_t mns_release_every_rows[] = {
  { "quarter", "", "each quarter", "季" },
  { "year", "", "each year", "年" },
};
TABLE (mns_release_every, "release_every")

static const mns_code_row_t mns_release_by_rows[] = {
  { "none", "", "in one", "合计" },
  { "sex", "", "by sex", "分性别" },
  { "order", "", "by birth order", "分孩次" },
};
TABLE (mns_release_by, "release_by")

static const mns_code_row_t mns_revision_cause_rows[] = {
  { "late_registration", "", "registered late", "迟报" },
  { "correction", "", "corrected", "更正" },
  { "reform", "", "boundaries were reformed", "区划调整" },
  { "retroactive_move", "", "a move told late", "补报迁移" },
};
TABLE (mns_revision_cause, "revision_cause")

static const mns_code_row_t mns_figure_status_rows[] = {
  { "running", "", "not closed yet", "进行中" },
  { "provisional", "", "closed, may be revised", "初步" },
  { "final", "", "a year after it ended", "最终" },
  { "withdrawn", "", "taken back", "撤回" },
};
TABLE (mns_figure_status, "figure_status")
/* clang-format on */

MNS_RECORD_DEFINE (period_closing, 1, MNS_PERIOD_CLOSING_FIELDS, "A month was closed, or opened again", "结账")
MNS_RECORD_DEFINE (release_table, 1, MNS_RELEASE_TABLE_FIELDS, "A table of the open audience", "公开表")
MNS_RECORD_DEFINE (release, 1, MNS_RELEASE_FIELDS, "Figures leave the house", "发布")
MNS_RECORD_DEFINE (released, 1, MNS_RELEASED_FIELDS, "Released figures of a place and period", "已发布数字")
MNS_RECORD_DEFINE (closing_request, 1, MNS_CLOSING_REQUEST_FIELDS, "Asks to close a month, or to open it again",
                   "结账请求")
MNS_RECORD_DEFINE (closing_info, 1, MNS_CLOSING_INFO_FIELDS, "A closing", "结账记录")
MNS_RECORD_DEFINE (release_request, 1, MNS_RELEASE_REQUEST_FIELDS, "Asks for a release", "发布请求")
MNS_RECORD_DEFINE (release_info, 1, MNS_RELEASE_INFO_FIELDS, "A release of the ledger", "发布台账")
MNS_RECORD_DEFINE (released_query, 1, MNS_RELEASED_QUERY_FIELDS, "Asks for released figures", "查询已发布数字")
MNS_RECORD_DEFINE (released_figure, 1, MNS_RELEASED_FIGURE_FIELDS, "A released figure", "已发布的数")
MNS_RECORD_DEFINE (diff_query, 1, MNS_DIFF_QUERY_FIELDS, "Asks why figures moved", "查询修订原因")
MNS_RECORD_DEFINE (difference, 1, MNS_DIFFERENCE_FIELDS, "Why a figure moved", "修订原因")
