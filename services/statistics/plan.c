/* The table plan from YAML. */
#include "services/statistics/plan.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/catalogue.h"

#define FILE_PATH "catalogue/release.yaml"
#define POOLED_MAX 10

/* clang-format off */
static const mns_code_row_t level_rows[] = {
  { "county", "", "the county", "县" }, { "township", "", "townships", "乡镇" }, { "village", "", "villages", "村" },
};
static const mns_code_row_t every_rows[] = { { "quarter", "", "each quarter", "季" }, { "year", "", "each year", "年" } };
static const mns_code_row_t by_rows[] = {
  { "none", "", "in one", "合计" }, { "sex", "", "by sex", "分性别" }, { "order", "", "by birth order", "分孩次" },
};
#define TABLE(symbol, name_) \
  static const mns_code_table_t symbol = { .name = name_, .rows = symbol##_rows, .count = sizeof symbol##_rows / sizeof (mns_code_row_t) };
TABLE (level, "release_level")
TABLE (every, "release_every")
TABLE (by, "release_by")
enum { LEVEL_COUNTY = 1 };

#define MNS_RELEASE_TABLE_FIELDS(F, T)                                                                                     \
  F (T, TEXT,  name,           32,               MNS_REQUIRED, "Stable name", "名称")                                      \
  F (T, CODE,  level,          level,            MNS_REQUIRED, "county, township or village", "级别")                      \
  F (T, CODE,  every,          every,            0, "quarter or year", "周期")                                             \
  F (T, INT,   years,          (0, POOLED_MAX),  0, "Years pooled", "合并年数")                                            \
  F (T, TEXT,  measures,       240,              MNS_REQUIRED, "What is counted", "指标")                                  \
  F (T, CODE,  by,             by,               0, "none, sex or order", "分组")                                          \
  F (T, TEXT,  en,             80,               MNS_REQUIRED, "English name", "英文名称")                                 \
  F (T, TEXT,  zh,             80,               MNS_REQUIRED, "Chinese name", "中文名称")
MNS_RECORD_DECLARE (release_table, MNS_RELEASE_TABLE_FIELDS)
#define MNS_RELEASE_RULES_FIELDS(F, T)                                                                                     \
  F (T, INT,   flagged,        (0, 1000),        MNS_REQUIRED, "Rates on fewer events are flagged", "少事件标记界限")       \
  F (T, INT,   withheld,       (0, 1000),        MNS_REQUIRED, "Rates on fewer events are not printed", "率不发布界限")
MNS_RECORD_DECLARE (release_rules, MNS_RELEASE_RULES_FIELDS)
/* clang-format on */
MNS_RECORD_DEFINE (release_table, 1, MNS_RELEASE_TABLE_FIELDS, "A table of the open audience", "公开表")
MNS_RECORD_DEFINE (release_rules, 1, MNS_RELEASE_RULES_FIELDS, "Rules of the open tables", "公开通则")

const char *statistics_plan_measure (int measure) {
  return measure == STATISTICS_POPULATION ? "population" : statistics_measure_name ((statistics_measure_t)measure);
}

static bool find_measure (const char *word, size_t size, int *measure) {
  statistics_measure_t found;
  *measure = STATISTICS_POPULATION;
  if (size == strlen ("population") && memcmp (word, "population", size) == 0)
    return true;
  bool known = statistics_measure_find (word, size, &found);
  *measure = (int)found;
  return known;
}

/* Below the county only these: their counts are of persons, each in one cell of a table. */
static bool is_protected (int measure) {
  return measure == STATISTICS_POPULATION || measure == STATISTICS_BIRTHS || measure == STATISTICS_DEATHS;
}

static uint64_t read_measures (mns_yaml_t *yaml, size_t index, const mns_release_table_t *row) {
  uint64_t set = 0;
  if (strcmp (row->measures, "*") == 0 && row->level == LEVEL_COUNTY)
    return UINT64_MAX;
  for (const char *word = row->measures; *word; word += strspn (word, " ")) {
    size_t size = strcspn (word, " ");
    int measure = 0;
    if (!find_measure (word, size, &measure))
      mns_yaml_mistake (yaml, "tables", index, "measures", "'%.*s' is no measure", (int)size, word);
    else if (row->level != LEVEL_COUNTY && !is_protected (measure))
      mns_yaml_mistake (yaml, "tables", index, "measures",
                        "%s leaves the house for the county only; below it births, deaths and population do",
                        statistics_plan_measure (measure));
    else
      set |= (uint64_t)1 << measure;
    word += size;
  }
  return set;
}

static void check_table (mns_yaml_t *yaml, size_t index, const statistics_table_t *table) {
  uint64_t births = (uint64_t)1 << STATISTICS_BIRTHS, population = (uint64_t)1 << STATISTICS_POPULATION;
  if (table->by == STATISTICS_BY_ORDER && table->measures != births)
    mns_yaml_mistake (yaml, "tables", index, "by", "only births have an order");
  if (table->by != STATISTICS_BY_NONE && table->measures & population)
    mns_yaml_mistake (yaml, "tables", index, "by", "the population is released in one");
  if (table->years > 0 && (table->every != STATISTICS_YEAR || table->measures & population))
    mns_yaml_mistake (yaml, "tables", index, "years", "years of births or deaths are pooled, nothing else");
}

static void add_table (mns_yaml_t *yaml, size_t index, const mns_release_table_t *row, statistics_plan_t *plan) {
  uint64_t measures = read_measures (yaml, index, row);
  if (row->level == LEVEL_COUNTY) {
    plan->county |= measures;
    return;
  }
  if (plan->count == STATISTICS_TABLES_MAX) {
    mns_yaml_mistake (yaml, "tables", index, NULL, "more than %d tables", STATISTICS_TABLES_MAX);
    return;
  }
  statistics_table_t *table = &plan->tables[plan->count++];
  table->level = (mns_code_t)(MNS_COUNTY + row->level - LEVEL_COUNTY);
  table->every = row->every == 1 ? STATISTICS_QUARTER : STATISTICS_YEAR;
  table->years = row->years == MNS_NONE ? 0 : (int)row->years;
  table->measures = measures;
  table->by = (statistics_by_t)(row->by ? row->by - 1 : STATISTICS_BY_NONE);
  mns_text_copy (table->name, sizeof table->name, row->name);
  mns_text_copy (table->en, sizeof table->en, row->en);
  mns_text_copy (table->zh, sizeof table->zh, row->zh);
  check_table (yaml, index, table);
}

static uint64_t mix (uint64_t hash, uint64_t value) {
  return (hash ^ value) * 0x100000001b3u;
}

static uint64_t version_of (const statistics_plan_t *plan) {
  uint64_t hash = mix (mix (mix (0xcbf29ce484222325u, plan->county), (uint64_t)plan->flagged), (uint64_t)plan->withheld);
  for (size_t i = 0; i < plan->count; i++) {
    const statistics_table_t *table = &plan->tables[i];
    for (const char *name = table->name; *name; name++)
      hash = mix (hash, (uint8_t)*name);
    hash = mix (mix (mix (hash, (uint64_t)table->level), (uint64_t)table->every), (uint64_t)table->years);
    hash = mix (mix (hash, table->measures), (uint64_t)table->by);
  }
  return hash >> 1;
}

static mns_rc_t read_plan (mns_yaml_t *yaml, statistics_plan_t *plan, mns_error_t *error) {
  void *rows = NULL, *rules = NULL;
  size_t count = 0, rule_count = 0;
  mns_yaml_records (yaml, "tables", &mns_release_table_type, &rows, &count);
  mns_yaml_records (yaml, "rules", &mns_release_rules_type, &rules, &rule_count);
  for (size_t i = 0; i < count; i++)
    add_table (yaml, i, &((const mns_release_table_t *)rows)[i], plan);
  mns_rc_t rc = mns_yaml_finish (yaml, error);
  if (rc == MNS_OK && rule_count != 1)
    rc = mns_fail (error, MNS_INVALID, FILE_PATH, "'rules' has exactly one row");
  if (rc == MNS_OK) {
    plan->flagged = ((const mns_release_rules_t *)rules)->flagged;
    plan->withheld = ((const mns_release_rules_t *)rules)->withheld;
    plan->version = version_of (plan);
  }
  free (rows);
  free (rules);
  return rc;
}

mns_rc_t statistics_plan_load (statistics_plan_t *plan, const char *data, mns_error_t *error) {
  *plan = (statistics_plan_t){0};
  mns_yaml_t *yaml = mns_catalogue_open (data, mns_embedded_statistics, FILE_PATH, error);
  if (!yaml)
    return error->rc;
  mns_rc_t rc = read_plan (yaml, plan, error);
  if (rc)
    mns_catalogue_refused ("statistics", yaml);
  mns_yaml_destroy (&yaml);
  return rc;
}
