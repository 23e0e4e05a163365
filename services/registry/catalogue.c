/* The registry's catalogues. */
#include "services/registry/catalogue.h"

#include "common/catalogue.h"
#include "common/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DUPLICATES "catalogue/duplicates.yaml"
#define QUALITY    "catalogue/quality.yaml"
#define TERMS      "catalogue/terms.yaml"

/* clang-format off */
#define MNS_DUPLICATE_RULES_FIELDS(F, T)                                                                                   \
  F (T, INT,   likely,         (1, 1000),        MNS_REQUIRED, "Points from which a pair is likely one person", "重复分数线") \
  F (T, INT,   suspicion,      (1, 1000),        MNS_REQUIRED, "Points from which it is put on the work list", "疑似分数线") \
  F (T, INT,   window_days,    (0, 31),          MNS_REQUIRED, "Birth dates so many days apart are near", "日期相近天数")
MNS_RECORD_DECLARE (duplicate_rules, MNS_DUPLICATE_RULES_FIELDS)

#define MNS_DUPLICATE_WEIGHT_FIELDS(F, T)                                                                                  \
  F (T, CODE,  fact,           mns_duplicate_fact, MNS_REQUIRED, "What the comparison shows", "比较结果")                  \
  F (T, INT,   points,         (-500, 500),      MNS_REQUIRED, "For or against", "分数")                                  \
  F (T, TEXT,  en,             REGISTRY_TEXT_MAX, MNS_REQUIRED, "In English", "英文")                                     \
  F (T, TEXT,  zh,             REGISTRY_TEXT_MAX, MNS_REQUIRED, "In Chinese", "中文")
MNS_RECORD_DECLARE (duplicate_weight, MNS_DUPLICATE_WEIGHT_FIELDS)

#define MNS_QUALITY_ROW_FIELDS(F, T)                                                                                       \
  F (T, CODE,  rule,           mns_quality_rule, MNS_REQUIRED, "Which rule", "规则")                                      \
  F (T, CODE,  severity,       mns_quality_severity, MNS_REQUIRED, "must or question", "程度")                            \
  F (T, INT,   days,           (1, 3650),        MNS_REQUIRED, "Days to answer a finding", "期限天数")                     \
  F (T, CODE,  restricted,     mns_yes_no,       0, "yes: for approvers and administrators only", "是否限制查看")          \
  F (T, INT,   from,           (0, 150),         0, "Lower bound in years of age", "下限（岁）")                           \
  F (T, INT,   to,             (0, 150),         0, "Upper bound in years of age", "上限（岁）")                           \
  F (T, TEXT,  en,             REGISTRY_TEXT_MAX, MNS_REQUIRED, "In English", "英文")                                     \
  F (T, TEXT,  zh,             REGISTRY_TEXT_MAX, MNS_REQUIRED, "In Chinese", "中文")
MNS_RECORD_DECLARE (quality_row, MNS_QUALITY_ROW_FIELDS)
/* clang-format on */
MNS_RECORD_DEFINE (duplicate_rules, 1, MNS_DUPLICATE_RULES_FIELDS, "When a pair is likely one person", "重复判定规则")
MNS_RECORD_DEFINE (duplicate_weight, 1, MNS_DUPLICATE_WEIGHT_FIELDS, "What a fact weighs", "比较项权重")
MNS_RECORD_DEFINE (quality_row, 1, MNS_QUALITY_ROW_FIELDS, "A rule of quality", "数据质量规则")

/* ---- duplicates -------------------------------------------------------------------------------------------------- */

static void take_weights (mns_yaml_t *yaml, const mns_duplicate_weight_t *rows, size_t count,
                          registry_catalogue_t *catalogue) {
  bool known[MNS_FACT_COUNT + 1] = {false};
  for (size_t i = 0; i < count; i++) {
    mns_code_t fact = rows[i].fact;
    if (known[fact])
      mns_yaml_mistake (yaml, "facts", i, "fact", "this fact stands here twice");
    known[fact] = true;
    catalogue->weights.points[fact] = rows[i].points == MNS_NONE ? 0 : (int)rows[i].points;
    mns_text_copy (catalogue->facts[fact].en, sizeof catalogue->facts[fact].en, rows[i].en);
    mns_text_copy (catalogue->facts[fact].zh, sizeof catalogue->facts[fact].zh, rows[i].zh);
  }
  for (mns_code_t fact = 1; fact <= MNS_FACT_COUNT; fact++)
    if (!known[fact])
      mns_yaml_mistake (yaml, NULL, 0, NULL, "'facts' does not say what %s weighs",
                        mns_code_word (&mns_duplicate_fact, fact));
}

static void take_rules (mns_yaml_t *yaml, const mns_duplicate_rules_t *rows, size_t count,
                        registry_weights_t *weights) {
  if (count != 1) {
    mns_yaml_mistake (yaml, NULL, 0, NULL, "'rules' has exactly one row");
    return;
  }
  weights->likely = (int)rows->likely;
  weights->suspicion = (int)rows->suspicion;
  weights->window_days = (int)rows->window_days;
  if (rows->suspicion > rows->likely)
    mns_yaml_mistake (yaml, "rules", 0, "suspicion", "a suspicion takes no more points than what is likely");
}

static void read_duplicates (mns_yaml_t *yaml, registry_catalogue_t *catalogue) {
  void *rules = NULL, *weights = NULL;
  size_t rule_count = 0, weight_count = 0;
  if (mns_yaml_records (yaml, "rules", &mns_duplicate_rules_type, &rules, &rule_count) == MNS_OK)
    take_rules (yaml, rules, rule_count, &catalogue->weights);
  if (mns_yaml_records (yaml, "facts", &mns_duplicate_weight_type, &weights, &weight_count) == MNS_OK)
    take_weights (yaml, weights, weight_count, catalogue);
  free (rules);
  free (weights);
}

/* ---- quality ----------------------------------------------------------------------------------------------------- */

static void take_quality_rule (mns_yaml_t *yaml, const mns_quality_row_t *row, size_t i,
                               registry_catalogue_t *catalogue) {
  registry_rule_t *rule = &catalogue->quality.rules[row->rule];
  if (rule->asked)
    mns_yaml_mistake (yaml, "rules", i, "rule", "this rule stands here twice");
  if (row->rule == MNS_RULE_REMARK)
    mns_yaml_mistake (yaml, "rules", i, "rule", "a remark is no rule");
  if (row->from != MNS_NONE && row->to != MNS_NONE && row->from > row->to)
    mns_yaml_mistake (yaml, "rules", i, "to", "the upper bound is below the lower one");
  *rule = (registry_rule_t){.asked = true,
                            .severity = row->severity,
                            .days = row->days,
                            .from = row->from,
                            .to = row->to,
                            .restricted = row->restricted == MNS_YES};
  mns_text_copy (catalogue->rules[row->rule].en, sizeof catalogue->rules[row->rule].en, row->en);
  mns_text_copy (catalogue->rules[row->rule].zh, sizeof catalogue->rules[row->rule].zh, row->zh);
}

static void read_quality (mns_yaml_t *yaml, registry_catalogue_t *catalogue) {
  void *rows = NULL;
  size_t count = 0;
  if (mns_yaml_records (yaml, "rules", &mns_quality_row_type, &rows, &count) == MNS_OK)
    for (size_t i = 0; i < count; i++)
      take_quality_rule (yaml, &((const mns_quality_row_t *)rows)[i], i, catalogue);
  free (rows);
}

/* ---- terms ------------------------------------------------------------------------------------------------------- */

static void take_term (mns_yaml_t *yaml, const mns_registry_term_t *row, size_t i, registry_legal_terms_t *terms) {
  if ((row->months == MNS_NONE) == (row->days == MNS_NONE))
    mns_yaml_mistake (yaml, "terms", i, NULL, "a term ends after months or after days: say one of them");
  if (row->from && row->to && row->from >= row->to)
    mns_yaml_mistake (yaml, "terms", i, "to", "the term would end before it begins");
  if (i < REGISTRY_TERMS_MAX)
    terms->terms[terms->term_count++] = *row;
  else
    mns_yaml_mistake (yaml, "terms", i, NULL, "there are more than %d terms", REGISTRY_TERMS_MAX);
}

static void take_limit (mns_yaml_t *yaml, const mns_registry_limit_t *row, size_t i, registry_legal_terms_t *terms) {
  if (i < REGISTRY_LIMITS_MAX)
    terms->limits[terms->limit_count++] = *row;
  else
    mns_yaml_mistake (yaml, "corrections", i, NULL, "there are more than %d limits", REGISTRY_LIMITS_MAX);
}

static void read_terms (mns_yaml_t *yaml, registry_catalogue_t *catalogue) {
  void *terms = NULL, *limits = NULL;
  size_t term_count = 0, limit_count = 0;
  if (mns_yaml_records (yaml, "terms", &mns_registry_term_type, &terms, &term_count) == MNS_OK)
    for (size_t i = 0; i < term_count; i++)
      take_term (yaml, &((const mns_registry_term_t *)terms)[i], i, &catalogue->terms);
  if (mns_yaml_records (yaml, "corrections", &mns_registry_limit_type, &limits, &limit_count) == MNS_OK)
    for (size_t i = 0; i < limit_count; i++)
      take_limit (yaml, &((const mns_registry_limit_t *)limits)[i], i, &catalogue->terms);
  free (terms);
  free (limits);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static const struct {
  const char *path;
  void (*read) (mns_yaml_t *yaml, registry_catalogue_t *catalogue);
} files[] = {{DUPLICATES, read_duplicates}, {QUALITY, read_quality}, {TERMS, read_terms}};

mns_rc_t registry_catalogue_load (registry_catalogue_t *catalogue, const char *data, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  *catalogue = (registry_catalogue_t){0};
  for (size_t i = 0; rc == MNS_OK && i < sizeof files / sizeof files[0]; i++) {
    mns_yaml_t *yaml = mns_catalogue_open (data, mns_embedded_registry, files[i].path, error);
    if (!yaml)
      return error->rc;
    files[i].read (yaml, catalogue);
    rc = mns_yaml_finish (yaml, error);
    if (rc != MNS_OK)
      mns_catalogue_refused ("registry", yaml);
    mns_yaml_destroy (&yaml);
  }
  return rc;
}

/* ---- in words ---------------------------------------------------------------------------------------------------- */

void registry_score_explain (const registry_catalogue_t *catalogue, const registry_score_t *score, bool in_chinese,
                             char *text, size_t size) {
  char line[1024];
  size_t used = (size_t)snprintf (line, sizeof line, in_chinese ? "%d分：" : "%d points: ", score->points);
  const char *separator = "";
  for (mns_code_t fact = 1; fact <= MNS_FACT_COUNT; fact++) {
    if (!(score->facts & 1u << fact) || used >= sizeof line)
      continue;
    const registry_text_t *words = &catalogue->facts[fact];
    used += (size_t)snprintf (line + used, sizeof line - used, "%s%s %+d", separator,
                              in_chinese ? words->zh : words->en, catalogue->weights.points[fact]);
    separator = in_chinese ? "；" : "; ";
  }
  mns_text_copy (text, size, line);
}
