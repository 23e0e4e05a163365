/* The table plan from YAML. */
#include "services/statistics/plan.h"

#include <stdlib.h>
#include <string.h>

#include "common/catalogue.h"
#include "common/text.h"

#define FILE_PATH "catalogue/release.yaml"

/* clang-format off */
#define MNS_RELEASE_RULES_FIELDS(F, T)                                                                                     \
  F (T, INT,   flagged,        (0, 1000),        MNS_REQUIRED, "Rates on fewer events are flagged", "少事件标记界限")       \
  F (T, INT,   withheld,       (0, 1000),        MNS_REQUIRED, "Rates on fewer events are not printed", "率不发布界限")
MNS_RECORD_DECLARE (release_rules, MNS_RELEASE_RULES_FIELDS)
/* clang-format on */
MNS_RECORD_DEFINE (release_rules, 1, MNS_RELEASE_RULES_FIELDS, "Rules of the open tables", "公开通则")

const char *statistics_plan_measure (int measure) {
  return measure == STATISTICS_POPULATION ? "population" : statistics_measure_name ((statistics_measure_t)measure);
}

bool statistics_plan_find_measure (const char *word, size_t size, int *measure) {
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

/* NULL, or the first word that is wrong. */
static const char *read_measures (const mns_release_table_t *row, uint64_t *set) {
  bool county = row->level == MNS_RELEASE_COUNTY;
  *set = county && strcmp (row->measures, "*") == 0 ? UINT64_MAX : 0;
  for (const char *word = row->measures; *word && *set != UINT64_MAX; word += strspn (word, " ")) {
    size_t size = strcspn (word, " ");
    int measure = 0;
    if (!statistics_plan_find_measure (word, size, &measure) || (!county && !is_protected (measure)))
      return word;
    *set |= (uint64_t)1 << measure;
    word += size;
  }
  return NULL;
}

/* NULL, or the field that is wrong, and why. */
static const char *check_table (const statistics_table_t *table, const char **why) {
  uint64_t births = (uint64_t)1 << STATISTICS_BIRTHS, population = (uint64_t)1 << STATISTICS_POPULATION;
  *why = "only births have an order";
  if (table->by == STATISTICS_BY_ORDER && table->measures != births)
    return "by";
  *why = "the population is released in one";
  if (table->by != STATISTICS_BY_NONE && table->measures & population)
    return "by";
  *why = "years of births or deaths are pooled, nothing else";
  if (table->years > 0 && (table->every != STATISTICS_YEAR || table->measures & population))
    return "years";
  return NULL;
}

static const char *add_table (const mns_release_table_t *row, statistics_plan_t *plan, const char **why) {
  uint64_t measures;
  *why = "of a county any measure leaves the house; below it births, deaths and population do";
  if (read_measures (row, &measures))
    return "measures";
  if (row->level == MNS_RELEASE_COUNTY) {
    plan->county |= measures;
    return NULL;
  }
  *why = "there are too many tables";
  if (plan->count == MNS_RELEASE_TABLES_MAX)
    return "name";
  statistics_table_t *table = &plan->tables[plan->count++];
  table->level = (mns_code_t)(MNS_COUNTY + row->level - MNS_RELEASE_COUNTY);
  table->every = row->every == MNS_EVERY_QUARTER ? STATISTICS_QUARTER : STATISTICS_YEAR;
  table->years = row->years == MNS_NONE ? 0 : (int)row->years;
  table->measures = measures;
  table->by = (statistics_by_t)(row->by ? row->by - 1 : STATISTICS_BY_NONE);
  mns_text_copy (table->name, sizeof table->name, row->name);
  return check_table (table, why);
}

static uint64_t mix (uint64_t hash, uint64_t value) {
  return (hash ^ value) * 0x100000001b3u;
}

static uint64_t version_of (const statistics_plan_t *plan) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < plan->count; i++) {
    const statistics_table_t *table = &plan->tables[i];
    for (const char *name = table->name; *name; name++)
      hash = mix (hash, (uint8_t)*name);
    hash = mix (mix (mix (hash, (uint64_t)table->level), (uint64_t)table->every), (uint64_t)table->years);
    hash = mix (mix (hash, table->measures), (uint64_t)table->by);
  }
  return hash >> 1; /* a number of the records */
}

static mns_rc_t read_plan (mns_yaml_t *yaml, statistics_plan_t *plan, mns_error_t *error) {
  void *rows = NULL, *rules = NULL;
  size_t count = 0, rule_count = 0;
  mns_yaml_records (yaml, "tables", &mns_release_table_type, &rows, &count);
  mns_yaml_records (yaml, "rules", &mns_release_rules_type, &rules, &rule_count);
  for (size_t i = 0; i < count; i++) {
    const mns_release_table_t *row = &((const mns_release_table_t *)rows)[i];
    const char *why, *wrong = add_table (row, plan, &why);
    if (wrong)
      mns_yaml_mistake (yaml, "tables", i, wrong, "%s", why);
    else if (row->level != MNS_RELEASE_COUNTY)
      plan->rows[plan->count - 1] = *row;
  }
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

mns_rc_t statistics_plan_from_release (statistics_plan_t *plan, const mns_release_t *release, mns_error_t *error) {
  *plan = (statistics_plan_t){0};
  for (int i = 0; i < release->tables_count; i++) {
    const char *why, *wrong = add_table (&release->tables[i], plan, &why);
    if (wrong)
      return mns_fail (error, MNS_INVALID, wrong, "table %s: %s", release->tables[i].name, why);
  }
  return MNS_OK;
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
