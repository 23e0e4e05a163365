/* The catalogue from YAML: rows as records, expressions parsed once. */
#include "services/statistics/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "common/catalogue.h"
#include "common/text.h"

#define FILE_PATH "catalogue/indicators.yaml"

/* clang-format off */
#define MNS_INDICATOR_RULES_FIELDS(F, T)                                                                                   \
  F (T, INT,   few_events,     (0, 100000),      MNS_REQUIRED, "Rates on fewer events are flagged", "少事件界限")           \
  F (T, INT,   break_per_mille, (0, 1000),       MNS_REQUIRED, "Register checks above this share of the stock break the series", "序列中断界限（‰）")
MNS_RECORD_DECLARE (indicator_rules, MNS_INDICATOR_RULES_FIELDS)
/* clang-format on */
MNS_RECORD_DEFINE (indicator_rules, 1, MNS_INDICATOR_RULES_FIELDS, "Rules of all indicators", "指标通则")

static const struct {
  const char *word;
  mns_code_t kind, at;
} populations[] = {{"mean_population", MNS_DENOMINATOR_MEAN, MNS_AT_MEAN},
                   {"opening_population", MNS_DENOMINATOR_OPENING, MNS_AT_OPENING},
                   {"closing_population", MNS_DENOMINATOR_CLOSING, MNS_AT_CLOSING},
                   {"mid_year_population", MNS_DENOMINATOR_MID_YEAR, MNS_AT_MID_YEAR},
                   {"year_end_population", MNS_DENOMINATOR_YEAR_END, MNS_AT_YEAR_END},
                   {"person_years", MNS_DENOMINATOR_PERSON_YEARS, MNS_AT_PERSON_YEARS}};

/* Parses one side; a mistake is told at its field. */
static void compile_side (mns_yaml_t *yaml, size_t index, const char *field, const char *text, mns_code_t at,
                          statistics_expression_t *expression) {
  mns_error_t error = {0};
  if (!statistics_expression_parse (text, expression, &error))
    mns_yaml_mistake (yaml, "indicators", index, field, "%s", error.detail);
  else if (!statistics_expression_fits (expression, at))
    mns_yaml_mistake (
        yaml, "indicators", index, field,
        "'%s' cannot be taken at '%s': events are a flow, stocks by sex or age are known at the ends of a "
        "period, and only the whole population at other times",
        text, mns_code_word (&mns_indicator_at, at));
}

static void compile_denominator (mns_yaml_t *yaml, size_t index, const mns_indicator_t *row,
                                 statistics_indicator_t *indicator) {
  indicator->denominator_kind = MNS_DENOMINATOR_NONE;
  indicator->denominator_at = MNS_AT_FLOW;
  if (!*row->denominator)
    return;
  indicator->denominator_kind = MNS_DENOMINATOR_COUNTS;
  indicator->denominator_at = row->denominator_at ? row->denominator_at : MNS_AT_FLOW;
  const char *text = row->denominator;
  for (size_t i = 0; i < sizeof populations / sizeof *populations; i++)
    if (strcmp (text, populations[i].word) == 0) {
      indicator->denominator_kind = populations[i].kind;
      indicator->denominator_at = populations[i].at;
      text = "population";
    }
  compile_side (yaml, index, "denominator", text, indicator->denominator_at, &indicator->denominator);
}

static void compile_method (mns_yaml_t *yaml, size_t index, const mns_indicator_t *row,
                            statistics_indicator_t *indicator) {
  indicator->denominator_kind = MNS_DENOMINATOR_METHOD;
  indicator->denominator_at = MNS_AT_FLOW;
  indicator->by_age = true;
  indicator->numerator.terms[0].group = row->sex ? row->sex : STATISTICS_ANY;
  if (*row->numerator || *row->denominator)
    mns_yaml_mistake (yaml, "indicators", index, *row->numerator ? "numerator" : "denominator",
                      "the method '%s' knows what it counts: leave it out",
                      mns_code_word (&mns_indicator_method, row->method));
}

static void compile (mns_yaml_t *yaml, size_t index, const mns_indicator_t *row,
                     const statistics_indicator_rules_t *rules, statistics_indicator_t *indicator) {
  *indicator = (statistics_indicator_t){.at = row->at ? row->at : MNS_AT_FLOW,
                                        .method = row->method ? row->method : MNS_METHOD_RATIO,
                                        .unit = row->unit ? row->unit : MNS_UNIT_COUNT,
                                        .factor = row->factor == MNS_NONE ? 1 : row->factor,
                                        .minimum = row->minimum == MNS_NONE ? rules->few_events : row->minimum,
                                        .decimals = row->decimals == MNS_NONE ? 0 : (int)row->decimals,
                                        .annualised = row->annualised == MNS_YES};
  mns_text_copy (indicator->name, sizeof indicator->name, row->name);
  mns_text_copy (indicator->en, sizeof indicator->en, row->en);
  mns_text_copy (indicator->zh, sizeof indicator->zh, row->zh);
  if (indicator->method != MNS_METHOD_RATIO) {
    compile_method (yaml, index, row, indicator);
    return;
  }
  if (!*row->numerator)
    mns_yaml_mistake (yaml, "indicators", index, "name", "'%s' needs a numerator or a method", row->name);
  else
    compile_side (yaml, index, "numerator", row->numerator, indicator->at, &indicator->numerator);
  compile_denominator (yaml, index, row, indicator);
  indicator->by_age =
      statistics_expression_by_age (&indicator->numerator) || statistics_expression_by_age (&indicator->denominator);
}

static void check_names (mns_yaml_t *yaml, const statistics_catalogue_t *catalogue) {
  for (size_t i = 0; i < catalogue->count; i++)
    if (statistics_catalogue_find (catalogue, catalogue->indicators[i].name) != &catalogue->indicators[i])
      mns_yaml_mistake (yaml, "indicators", i, "name", "the indicator '%s' stands here twice",
                        catalogue->indicators[i].name);
}

/* One row, or none when there is a fallback. */
static void read_rules (mns_yaml_t *yaml, const statistics_indicator_rules_t *fallback,
                        statistics_indicator_rules_t *rules) {
  void *rows = NULL;
  size_t count = 0;
  mns_yaml_records (yaml, "rules", &mns_indicator_rules_type, &rows, &count);
  if (count == 1) {
    const mns_indicator_rules_t *row = rows;
    *rules = (statistics_indicator_rules_t){row->few_events, row->break_per_mille};
  } else if (count == 0 && fallback) {
    *rules = *fallback;
  } else {
    mns_yaml_mistake (yaml, "rules", count, NULL, "'rules' has exactly one row");
  }
  free (rows);
}

mns_rc_t statistics_catalogue_read (statistics_catalogue_t *catalogue, mns_yaml_t *yaml,
                                    const statistics_indicator_rules_t *fallback, mns_error_t *error) {
  void *rows = NULL;
  *catalogue = (statistics_catalogue_t){0};
  read_rules (yaml, fallback, &catalogue->rules);
  mns_yaml_records (yaml, "indicators", &mns_indicator_type, &rows, &catalogue->count);
  catalogue->rows = rows;
  catalogue->indicators = mns_alloc ((catalogue->count + 1) * sizeof (statistics_indicator_t));
  for (size_t i = 0; i < catalogue->count; i++)
    compile (yaml, i, &catalogue->rows[i], &catalogue->rules, &catalogue->indicators[i]);
  check_names (yaml, catalogue);
  mns_rc_t rc = mns_yaml_finish (yaml, error);
  if (rc)
    statistics_catalogue_fini (catalogue);
  return rc;
}

mns_rc_t statistics_catalogue_load (statistics_catalogue_t *catalogue, const char *data, mns_error_t *error) {
  *catalogue = (statistics_catalogue_t){0};
  mns_yaml_t *yaml = mns_catalogue_open (data, mns_embedded_statistics, FILE_PATH, error);
  if (!yaml)
    return error->rc;
  mns_rc_t rc = statistics_catalogue_read (catalogue, yaml, NULL, error);
  if (rc)
    mns_catalogue_refused ("statistics", yaml);
  mns_yaml_destroy (&yaml);
  return rc;
}

void statistics_catalogue_fini (statistics_catalogue_t *catalogue) {
  free (catalogue->indicators);
  free (catalogue->rows);
  *catalogue = (statistics_catalogue_t){0};
}

const statistics_indicator_t *statistics_catalogue_find (const statistics_catalogue_t *catalogue, const char *name) {
  for (size_t i = 0; i < catalogue->count; i++)
    if (strcmp (catalogue->indicators[i].name, name) == 0)
      return &catalogue->indicators[i];
  return NULL;
}
