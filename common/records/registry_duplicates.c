/* Descriptors of the records about duplicates, and their codes. */
#include "common/records/registry_duplicates.h"

/* clang-format off */
#define TABLE(symbol, name_) \
  const mns_code_table_t symbol = { .name = name_, .rows = symbol##_rows, .count = sizeof symbol##_rows / sizeof (mns_code_row_t) };

static const mns_code_row_t mns_duplicate_fact_rows[] = {
  { "number_same", "", "the same citizen number", "公民身份号码相同" },
  { "number_slip", "", "citizen numbers nearly the same", "公民身份号码相近" },
  { "number_other", "", "another citizen number", "公民身份号码不同" },
  { "certificate_same", "", "the same certificate", "证明编号相同" },
  { "certificate_other", "", "another certificate", "证明编号不同" },
  { "name_same", "", "the same name", "姓名相同" },
  { "name_variant", "", "the same name in another form", "姓名异写" },
  { "name_close", "", "names nearly the same", "姓名相近" },
  { "name_other", "", "another name", "姓名不同" },
  { "birth_same", "", "the same birth date", "出生日期相同" },
  { "birth_near", "", "birth dates near each other", "出生日期相近" },
  { "birth_slip", "", "birth dates that differ by a slip", "出生日期笔误" },
  { "birth_other", "", "another birth date", "出生日期不同" },
  { "sex_same", "", "the same sex", "性别相同" },
  { "sex_other", "", "another sex", "性别不同" },
  { "mother_same", "", "the same mother", "母亲相同" },
  { "mother_other", "", "another mother", "母亲不同" },
  { "delivery_same", "", "the same delivery and rank", "同次分娩同一胎序" },
  { "place_same", "", "the same village", "同村居" },
  { "township_same", "", "the same township", "同乡镇" },
  { "household_same", "", "the same household", "同户" },
};
TABLE (mns_duplicate_fact, "duplicate_fact")
_Static_assert (sizeof mns_duplicate_fact_rows / sizeof (mns_code_row_t) == MNS_FACT_COUNT, "one row for each fact");

static const mns_code_row_t mns_duplicate_state_rows[] = {
  { "open", "", "to be decided", "待处理" },
  { "dismissed", "", "two persons", "非重复" },
  { "merged", "", "merged", "已合并" },
};
TABLE (mns_duplicate_state, "duplicate_state")

static const mns_code_row_t mns_merge_state_rows[] = {
  { "asked", "", "to be decided", "待复核" },
  { "merged", "", "merged", "已合并" },
  { "refused", "", "refused", "未同意" },
  { "undone", "", "undone", "已撤销" },
};
TABLE (mns_merge_state, "merge_state")
/* clang-format on */

MNS_RECORD_DEFINE (duplicate_query, 1, MNS_DUPLICATE_QUERY_FIELDS, "Which pairs of entries", "疑似重复查询")
MNS_RECORD_DEFINE (duplicate_info, 1, MNS_DUPLICATE_INFO_FIELDS, "Two entries that may be one person", "疑似重复")
MNS_RECORD_DEFINE (duplicate_select, 1, MNS_DUPLICATE_SELECT_FIELDS, "Two entries to be compared", "比较请求")
MNS_RECORD_DEFINE (duplicate_fact_info, 1, MNS_DUPLICATE_FACT_FIELDS, "One fact of two entries side by side", "比较项")
MNS_RECORD_DEFINE (duplicate_dismiss, 1, MNS_DUPLICATE_DISMISS_FIELDS, "Two entries are two persons", "非重复认定")
MNS_RECORD_DEFINE (merge_request, 1, MNS_MERGE_REQUEST_FIELDS, "Two entries are to be merged", "合并申请")
MNS_RECORD_DEFINE (merge_decision, 1, MNS_MERGE_DECISION_FIELDS, "The decision about a merge", "合并决定")
MNS_RECORD_DEFINE (unmerge_request, 1, MNS_UNMERGE_REQUEST_FIELDS, "A merge is to be undone", "撤销合并申请")
MNS_RECORD_DEFINE (merge_query, 1, MNS_MERGE_QUERY_FIELDS, "Which merges", "合并查询")
MNS_RECORD_DEFINE (merge_info, 1, MNS_MERGE_INFO_FIELDS, "A merge", "合并")
MNS_RECORD_DEFINE (merge, 1, MNS_MERGE_FIELDS, "Two entries are one person, or two again", "条目合并")
