/* The catalogue from YAML: rows as records, expressions parsed once. */
#include "services/statistics/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "common/catalogue.h"
#include "common/text.h"

#define FILE_PATH "catalogue/indicators.yaml"

/* clang-format off */
#define MNS_INDICATOR_FIELDS(F, T)                                                                                         \
  F (T, TEXT,  name,           48,               MNS_REQUIRED, "Stable name", "名称")                                      \
  F (T, TEXT,  en,             80,               MNS_REQUIRED, "English name", "英文名称")                                 \
  F (T, TEXT,  zh,             80,               MNS_REQUIRED, "Chinese name", "中文名称")                                 \
  F (T, TEXT,  numerator,      240,              MNS_REQUIRED, "Expression over measures", "分子")                         \
  F (T, CODE,  at,             mns_indicator_at, 0, "flow (default), opening, closing or mean", "时点")                    \
  F (T, TEXT,  denominator,    240,              0, "mean_population, opening_population, an expression, or empty", "分母")                     \
  F (T, INT,   factor,         (1, 1000000),     0, "Multiplier, default 1", "乘数")                                       \
  F (T, INT,   decimals,       (0, 6),           0, "Decimals printed, default 0", "小数位数")                             \
  F (T, CODE,  unit,           mns_indicator_unit, 0, "count (default), per_mille, per_hundred or percent", "单位")        \
  F (T, CODE,  annualised,     mns_yes_no,       0, "Also print it for a whole year", "是否年化")
MNS_RECORD_DECLARE (indicator, MNS_INDICATOR_FIELDS)
#define MNS_INDICATOR_RULES_FIELDS(F, T)                                                                                   \
  F (T, INT,   few_events,     (0, 100000),      MNS_REQUIRED, "Rates on fewer events are flagged", "少事件界限")           \
  F (T, INT,   break_per_mille, (0, 1000),       MNS_REQUIRED, "Register checks above this share of the stock break the series", "序列中断界限（‰）")
MNS_RECORD_DECLARE (indicator_rules, MNS_INDICATOR_RULES_FIELDS)
/* clang-format on */
MNS_RECORD_DEFINE (indicator, 1, MNS_INDICATOR_FIELDS, "An indicator of the catalogue", "指标定义")
MNS_RECORD_DEFINE (indicator_rules, 1, MNS_INDICATOR_RULES_FIELDS, "Rules of all indicators", "指标通则")

static void compile_denominator (mns_yaml_t *yaml, size_t index, const mns_indicator_t *row,
                                 statistics_indicator_t *indicator) {
  mns_error_t error = {0};
  indicator->denominator_kind = MNS_DENOMINATOR_NONE;
  if (!*row->denominator)
    return;
  indicator->denominator_kind = MNS_DENOMINATOR_COUNTS;
  if (strcmp (row->denominator, "mean_population") == 0)
    indicator->denominator_kind = MNS_DENOMINATOR_MEAN;
  else if (strcmp (row->denominator, "opening_population") == 0)
    indicator->denominator_kind = MNS_DENOMINATOR_OPENING;
  else if (!statistics_expression_parse (row->denominator, &indicator->denominator, &error))
    mns_yaml_mistake (yaml, "indicators", index, "denominator", "%s", error.detail);
}

static void compile (mns_yaml_t *yaml, size_t index, const mns_indicator_t *row, statistics_indicator_t *indicator) {
  mns_error_t error = {0};
  *indicator = (statistics_indicator_t){.at = row->at ? row->at : MNS_AT_FLOW,
                                        .unit = row->unit ? row->unit : MNS_UNIT_COUNT,
                                        .factor = row->factor == MNS_NONE ? 1 : row->factor,
                                        .decimals = row->decimals == MNS_NONE ? 0 : (int)row->decimals,
                                        .annualised = row->annualised == MNS_YES};
  mns_text_copy (indicator->name, sizeof indicator->name, row->name);
  mns_text_copy (indicator->en, sizeof indicator->en, row->en);
  mns_text_copy (indicator->zh, sizeof indicator->zh, row->zh);
  if (*row->numerator && !statistics_expression_parse (row->numerator, &indicator->numerator, &error))
    mns_yaml_mistake (yaml, "indicators", index, "numerator", "%s", error.detail);
  compile_denominator (yaml, index, row, indicator);
}

static void check_names (mns_yaml_t *yaml, const statistics_catalogue_t *catalogue) {
  for (size_t i = 0; i < catalogue->count; i++)
    if (statistics_catalogue_find (catalogue, catalogue->indicators[i].name) != &catalogue->indicators[i])
      mns_yaml_mistake (yaml, "indicators", i, "name", "the indicator '%s' stands here twice",
                        catalogue->indicators[i].name);
}

static mns_rc_t read_catalogue (mns_yaml_t *yaml, statistics_catalogue_t *catalogue, mns_error_t *error) {
  void *rows = NULL, *rules = NULL;
  size_t count = 0, rule_count = 0;
  mns_yaml_records (yaml, "indicators", &mns_indicator_type, &rows, &count);
  mns_yaml_records (yaml, "rules", &mns_indicator_rules_type, &rules, &rule_count);
  catalogue->indicators = mns_alloc ((count + 1) * sizeof (statistics_indicator_t));
  catalogue->count = count;
  for (size_t i = 0; i < count; i++)
    compile (yaml, i, &((const mns_indicator_t *)rows)[i], &catalogue->indicators[i]);
  check_names (yaml, catalogue);
  mns_rc_t rc = mns_yaml_finish (yaml, error);
  if (rc == MNS_OK && rule_count != 1)
    rc = mns_fail (error, MNS_INVALID, FILE_PATH, "'rules' has exactly one row");
  if (rc == MNS_OK) {
    const mns_indicator_rules_t *row = rules;
    catalogue->rules = (statistics_indicator_rules_t){row->few_events, row->break_per_mille};
  }
  free (rows);
  free (rules);
  return rc;
}

mns_rc_t statistics_catalogue_load (statistics_catalogue_t *catalogue, const char *data, mns_error_t *error) {
  *catalogue = (statistics_catalogue_t){0};
  mns_yaml_t *yaml = mns_catalogue_open (data, mns_embedded_statistics, FILE_PATH, error);
  if (!yaml)
    return error->rc;
  mns_rc_t rc = read_catalogue (yaml, catalogue, error);
  if (rc)
    mns_catalogue_refused ("statistics", yaml);
  mns_yaml_destroy (&yaml);
  if (rc)
    statistics_catalogue_fini (catalogue);
  return rc;
}

void statistics_catalogue_fini (statistics_catalogue_t *catalogue) {
  free (catalogue->indicators);
  *catalogue = (statistics_catalogue_t){0};
}

const statistics_indicator_t *statistics_catalogue_find (const statistics_catalogue_t *catalogue, const char *name) {
  for (size_t i = 0; i < catalogue->count; i++)
    if (strcmp (catalogue->indicators[i].name, name) == 0)
      return &catalogue->indicators[i];
  return NULL;
}
