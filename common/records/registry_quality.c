/* Descriptors of the records about quality, and their codes. */
#include "common/records/registry_quality.h"

/* clang-format off */
#define TABLE(symbol, name_) \
  const mns_code_table_t symbol = { .name = name_, .rows = symbol##_rows, .count = sizeof symbol##_rows / sizeof (mns_code_row_t) };

static const mns_code_row_t mns_quality_rule_rows[] = {
  { "remark", "", "noticed at entry", "登记时备注" },
  { "date_order", "", "impossible order of dates", "日期顺序不可能" },
  { "balance", "", "counted twice or not at all", "人口平衡不符" },
  { "mother_missing", "", "mother not in the register", "母亲不在册" },
  { "mother_age", "", "age of the mother at the birth", "母亲生育年龄异常" },
  { "marital_age_men", "", "marital status against age, men", "婚姻状况与年龄不符（男）" },
  { "marital_age_women", "", "marital status against age, women", "婚姻状况与年龄不符（女）" },
  { "number_birth", "", "citizen number against birth date", "公民身份号码与出生日期不符" },
  { "number_sex", "", "citizen number against sex", "公民身份号码与性别不符" },
  { "number_shared", "", "shared citizen number", "公民身份号码重号" },
  { "household_no_head", "", "household without a head", "户无户主" },
  { "household_two_heads", "", "household with two heads", "一户多户主" },
  { "place_ended", "", "persons in a place that has ended", "已撤销区划仍有人员" },
};
TABLE (mns_quality_rule, "quality_rule")
_Static_assert (sizeof mns_quality_rule_rows / sizeof (mns_code_row_t) == MNS_RULE_COUNT, "one row for each rule");

static const mns_code_row_t mns_quality_severity_rows[] = {
  { "must", "", "must hold: what breaks it is refused", "必须满足" },
  { "question", "", "may be questioned: a finding", "存疑" },
};
TABLE (mns_quality_severity, "quality_severity")

static const mns_code_row_t mns_finding_state_rows[] = {
  { "noted", "", "noted, nothing to do", "备注" },
  { "open", "", "to be answered", "待处理" },
  { "corrected", "", "the fact no longer holds", "已更正" },
  { "closed", "", "right as it is, closed by hand", "已说明" },
};
TABLE (mns_finding_state, "finding_state")

static const mns_code_row_t mns_check_phase_rows[] = {
  { "persons", "", "persons", "人员" },
  { "households", "", "households", "户" },
  { "places", "", "places", "区划" },
  { "duplicates", "", "duplicates", "重复" },
  { "rates", "", "rates", "差错率" },
};
TABLE (mns_check_phase, "check_phase")
/* clang-format on */

MNS_RECORD_DEFINE (finding_query, 1, MNS_FINDING_QUERY_FIELDS, "Which findings", "问题查询")
MNS_RECORD_DEFINE (finding_info, 1, MNS_FINDING_INFO_FIELDS, "A finding about the register", "数据质量问题")
MNS_RECORD_DEFINE (finding_close, 1, MNS_FINDING_CLOSE_FIELDS, "A finding is right as it is", "问题说明")
MNS_RECORD_DEFINE (quality_check, 1, MNS_QUALITY_CHECK_FIELDS, "A slice of the check", "检查请求")
MNS_RECORD_DEFINE (quality_checked, 1, MNS_QUALITY_CHECKED_FIELDS, "What a slice of the check found", "检查结果")
MNS_RECORD_DEFINE (quality_rate, 1, MNS_QUALITY_RATE_FIELDS, "Findings of a place in a month", "差错率")
