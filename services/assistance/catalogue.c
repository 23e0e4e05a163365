/* Reads and checks the catalogue of schemes, telling every mistake at its place in the file. */
#include "services/assistance/catalogue.h"
#include "common/dir.h"
#include "common/embedded.h"
#include "common/log.h"
#include "services/assistance/eligibility.h"
#include <stdlib.h>
#include <string.h>

#define WHO "assistance"

MNS_RECORD_DEFINE (catalogue_scheme, 1, MNS_CATALOGUE_SCHEME_FIELDS, "A scheme", "项目")
MNS_RECORD_DEFINE (catalogue_tier, 1, MNS_CATALOGUE_TIER_FIELDS, "A tier of a scheme", "档次")
MNS_RECORD_DEFINE (catalogue_rate, 1, MNS_CATALOGUE_RATE_FIELDS, "A dated rate", "标准")
MNS_RECORD_DEFINE (catalogue_condition, 1, MNS_CATALOGUE_CONDITION_FIELDS, "A condition", "条件")
MNS_RECORD_DEFINE (catalogue_source, 1, MNS_CATALOGUE_SOURCE_FIELDS, "A share of a source", "资金分担")

/* ---- looking up -------------------------------------------------------------------------------------------------- */

const mns_catalogue_scheme_t *assistance_scheme_find (const assistance_catalogue_t *catalogue, const char *scheme) {
  for (size_t i = 0; i < catalogue->scheme_count; i++)
    if (!strcmp (catalogue->schemes[i].id, scheme))
      return &catalogue->schemes[i];
  return NULL;
}

const mns_catalogue_tier_t *assistance_tier_find (const assistance_catalogue_t *catalogue, const char *scheme,
                                                  const char *tier) {
  for (size_t i = 0; i < catalogue->tier_count; i++)
    if (!strcmp (catalogue->tiers[i].scheme, scheme) && !strcmp (catalogue->tiers[i].id, tier))
      return &catalogue->tiers[i];
  return NULL;
}

static const char *list_schemes (const assistance_catalogue_t *catalogue, mns_buffer_t *list) {
  for (size_t i = 0; i < catalogue->scheme_count; i++)
    mns_buffer_printf (list, "%s%s", i ? ", " : "", catalogue->schemes[i].id);
  mns_buffer_add (list, "", 1);
  return (const char *)list->data;
}

static const char *list_tiers (const assistance_catalogue_t *catalogue, const char *scheme, mns_buffer_t *list) {
  for (size_t i = 0; i < catalogue->tier_count; i++)
    if (!strcmp (catalogue->tiers[i].scheme, scheme))
      mns_buffer_printf (list, "%s%s", list->size ? ", " : "", catalogue->tiers[i].id);
  mns_buffer_add (list, "", 1);
  return (const char *)list->data;
}

mns_rc_t assistance_tier_check (const assistance_catalogue_t *catalogue, const char *scheme, const char *tier,
                                mns_error_t *error) {
  mns_buffer_t list = {0};
  mns_rc_t rc = MNS_OK;
  if (!assistance_scheme_find (catalogue, scheme))
    rc = mns_fail (error, MNS_NOT_FOUND, "scheme", "there is no scheme \"%s\"; the catalogue has %s", scheme,
                   list_schemes (catalogue, &list));
  else if (!assistance_tier_find (catalogue, scheme, tier))
    rc = mns_fail (error, MNS_NOT_FOUND, "tier", "%s has no tier \"%s\"; it has %s", scheme, tier,
                   list_tiers (catalogue, scheme, &list));
  mns_buffer_fini (&list);
  return rc;
}

bool assistance_condition_holds_for (const mns_catalogue_condition_t *condition, const char *scheme, const char *tier) {
  return !strcmp (condition->scheme, scheme) && (!condition->tier[0] || !strcmp (condition->tier, tier));
}

bool assistance_source_known (const assistance_catalogue_t *catalogue, const char *source) {
  for (size_t i = 0; i < catalogue->source_count; i++)
    if (!strcmp (catalogue->sources[i].source, source))
      return true;
  return false;
}

size_t assistance_shares (const assistance_catalogue_t *catalogue, const char *scheme, const char *tier,
                          const char *sources[ASSISTANCE_SOURCES_MAX], int64_t percents[ASSISTANCE_SOURCES_MAX]) {
  size_t count = 0;
  for (size_t i = 0; i < catalogue->source_count && count < ASSISTANCE_SOURCES_MAX; i++) {
    const mns_catalogue_source_t *source = &catalogue->sources[i];
    if (strcmp (source->scheme, scheme) || strcmp (source->tier, tier))
      continue;
    sources[count] = source->source;
    percents[count++] = source->percent;
  }
  return count;
}

/* ---- checking ---------------------------------------------------------------------------------------------------- */

/* Words of the catalogue become parts of topics and account names. */
static void check_word (mns_yaml_t *yaml, const char *key, size_t index, const char *field, const char *word) {
  if (word[0] && strspn (word, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen (word))
    mns_yaml_mistake (yaml, key, index, field, "\"%s\" may only have a–z, 0–9 and '-'", word);
}

static size_t count_tiers (const assistance_catalogue_t *catalogue, const char *scheme) {
  size_t count = 0;
  for (size_t i = 0; i < catalogue->tier_count; i++)
    count += !strcmp (catalogue->tiers[i].scheme, scheme);
  return count;
}

static void check_schemes (const assistance_catalogue_t *catalogue, mns_yaml_t *yaml) {
  for (size_t i = 0; i < catalogue->scheme_count; i++) {
    const mns_catalogue_scheme_t *scheme = &catalogue->schemes[i];
    check_word (yaml, "schemes", i, "id", scheme->id);
    if (assistance_scheme_find (catalogue, scheme->id) != scheme)
      mns_yaml_mistake (yaml, "schemes", i, "id", "there is another scheme \"%s\" above", scheme->id);
    if (count_tiers (catalogue, scheme->id) > ASSISTANCE_TIERS_MAX)
      mns_yaml_mistake (yaml, "schemes", i, "id", "%s has more than %d tiers", scheme->id, ASSISTANCE_TIERS_MAX);
    if (scheme->unit && scheme->unit != MNS_BENEFICIARY_PERSON)
      mns_yaml_mistake (yaml, "schemes", i, "unit", "only schemes for persons are carried out");
  }
}

static bool has_rate (const assistance_catalogue_t *catalogue, const mns_catalogue_tier_t *tier) {
  for (size_t i = 0; i < catalogue->rate_count; i++)
    if (!strcmp (catalogue->rates[i].scheme, tier->scheme) && !strcmp (catalogue->rates[i].tier, tier->id))
      return true;
  return false;
}

static int64_t sum_of_shares (const assistance_catalogue_t *catalogue, const mns_catalogue_tier_t *tier,
                              size_t *count) {
  int64_t sum = 0;
  *count = 0;
  for (size_t i = 0; i < catalogue->source_count; i++)
    if (!strcmp (catalogue->sources[i].scheme, tier->scheme) && !strcmp (catalogue->sources[i].tier, tier->id)) {
      sum += catalogue->sources[i].percent;
      ++*count;
    }
  return sum;
}

static void check_tiers (const assistance_catalogue_t *catalogue, mns_yaml_t *yaml) {
  for (size_t i = 0; i < catalogue->tier_count; i++) {
    const mns_catalogue_tier_t *tier = &catalogue->tiers[i];
    size_t count;
    int64_t sum = sum_of_shares (catalogue, tier, &count);
    check_word (yaml, "tiers", i, "id", tier->id);
    if (!assistance_scheme_find (catalogue, tier->scheme))
      mns_yaml_mistake (yaml, "tiers", i, "scheme", "there is no scheme \"%s\"", tier->scheme);
    if (assistance_tier_find (catalogue, tier->scheme, tier->id) != tier)
      mns_yaml_mistake (yaml, "tiers", i, "id", "there is another tier \"%s\" of %s above", tier->id, tier->scheme);
    if (!has_rate (catalogue, tier))
      mns_yaml_mistake (yaml, "tiers", i, "id", "\"%s\" of %s has no rate", tier->id, tier->scheme);
    if (sum != 100)
      mns_yaml_mistake (yaml, "tiers", i, "id", "the shares of \"%s\" of %s add up to %lld %%, not 100", tier->id,
                        tier->scheme, (long long)sum);
    if (count > ASSISTANCE_SOURCES_MAX)
      mns_yaml_mistake (yaml, "tiers", i, "id", "\"%s\" of %s has %zu sources, at most %d are allowed", tier->id,
                        tier->scheme, count, ASSISTANCE_SOURCES_MAX);
  }
}

static void check_reference (const assistance_catalogue_t *catalogue, mns_yaml_t *yaml, const char *key, size_t index,
                             const char *scheme, const char *tier) {
  if (!assistance_scheme_find (catalogue, scheme))
    mns_yaml_mistake (yaml, key, index, "scheme", "there is no scheme \"%s\"", scheme);
  else if (tier[0] && !assistance_tier_find (catalogue, scheme, tier))
    mns_yaml_mistake (yaml, key, index, "tier", "%s has no tier \"%s\"", scheme, tier);
}

static bool same_rate (const mns_catalogue_rate_t *a, const mns_catalogue_rate_t *b) {
  return !strcmp (a->scheme, b->scheme) && !strcmp (a->tier, b->tier) && a->from_day == b->from_day &&
         a->registration == b->registration;
}

static void check_rates (const assistance_catalogue_t *catalogue, mns_yaml_t *yaml) {
  for (size_t i = 0; i < catalogue->rate_count; i++) {
    const mns_catalogue_rate_t *rate = &catalogue->rates[i];
    check_reference (catalogue, yaml, "rates", i, rate->scheme, rate->tier);
    if (rate->from_day % 100 != 1)
      mns_yaml_mistake (yaml, "rates", i, "from_day", "a rate begins on the first day of a month");
    for (size_t j = 0; j < i; j++)
      if (same_rate (rate, &catalogue->rates[j]))
        mns_yaml_mistake (yaml, "rates", i, "from_day", "there is another rate from this day above");
  }
}

static void check_conditions (const assistance_catalogue_t *catalogue, mns_yaml_t *yaml) {
  for (size_t i = 0; i < catalogue->condition_count; i++) {
    const mns_catalogue_condition_t *condition = &catalogue->conditions[i];
    mns_error_t why = {0};
    check_reference (catalogue, yaml, "conditions", i, condition->scheme, condition->tier);
    if (condition->sql[0] && assistance_expression_check (condition->sql, &why) != MNS_OK)
      mns_yaml_mistake (yaml, "conditions", i, "sql", "%s", why.detail);
  }
}

static void check_sources (const assistance_catalogue_t *catalogue, mns_yaml_t *yaml) {
  for (size_t i = 0; i < catalogue->source_count; i++) {
    const mns_catalogue_source_t *source = &catalogue->sources[i];
    check_word (yaml, "sources", i, "source", source->source);
    check_reference (catalogue, yaml, "sources", i, source->scheme, source->tier);
    for (size_t j = 0; j < i; j++)
      if (!strcmp (source->scheme, catalogue->sources[j].scheme) &&
          !strcmp (source->tier, catalogue->sources[j].tier) && !strcmp (source->source, catalogue->sources[j].source))
        mns_yaml_mistake (yaml, "sources", i, "source", "\"%s\" stands above already", source->source);
  }
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static mns_rc_t read_lists (assistance_catalogue_t *catalogue, mns_yaml_t *yaml) {
  const struct {
    const char *key;
    const mns_record_type_t *type;
    void **records;
    size_t *count;
  } lists[] = {
      {"schemes", &mns_catalogue_scheme_type, (void **)&catalogue->schemes, &catalogue->scheme_count},
      {"tiers", &mns_catalogue_tier_type, (void **)&catalogue->tiers, &catalogue->tier_count},
      {"rates", &mns_catalogue_rate_type, (void **)&catalogue->rates, &catalogue->rate_count},
      {"conditions", &mns_catalogue_condition_type, (void **)&catalogue->conditions, &catalogue->condition_count},
      {"sources", &mns_catalogue_source_type, (void **)&catalogue->sources, &catalogue->source_count},
  };
  mns_rc_t first = MNS_OK;
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
    mns_rc_t rc = mns_yaml_records (yaml, lists[i].key, lists[i].type, lists[i].records, lists[i].count);
    first = first == MNS_OK ? rc : first;
  }
  return first;
}

mns_rc_t assistance_catalogue_read (assistance_catalogue_t *catalogue, mns_yaml_t *yaml, mns_error_t *error) {
  *catalogue = (assistance_catalogue_t){0};
  if (read_lists (catalogue, yaml) == MNS_OK) {
    check_schemes (catalogue, yaml);
    check_tiers (catalogue, yaml);
    check_rates (catalogue, yaml);
    check_conditions (catalogue, yaml);
    check_sources (catalogue, yaml);
  }
  mns_rc_t rc = mns_yaml_finish (yaml, error);
  if (rc != MNS_OK)
    assistance_catalogue_fini (catalogue);
  return rc;
}

/* The log gets each mistake on a line of its own. */
static void log_mistakes (const char *mistakes) {
  char quoted[600];
  for (const char *line = mistakes; *line;) {
    size_t size = strcspn (line, "\n");
    char text[480];
    size_t shown = size < sizeof text ? size : sizeof text - 1;
    memcpy (text, line, shown);
    text[shown] = 0;
    mns_log (MNS_LOG_ERROR, WHO, "catalogue.mistake", "at=%s", mns_log_quote (text, quoted, sizeof quoted));
    line += size + (line[size] == '\n');
  }
}

static mns_rc_t write_default (const char *folder, const char *path, mns_error_t *error) {
  const mns_embedded_t *file = mns_embedded_find (mns_embedded_assistance, "catalogue/schemes.yaml");
  mns_rc_t rc = mns_dir_make (folder, 0700, error);
  return rc == MNS_OK ? mns_dir_write_file (path, file->text, file->size, 0600, error) : rc;
}

mns_rc_t assistance_catalogue_load (assistance_catalogue_t *catalogue, const char *data, mns_error_t *error) {
  char folder[MNS_PATH_MAX], path[MNS_PATH_MAX];
  mns_error_t missing = {0};
  mns_yaml_t *yaml = NULL;
  mns_rc_t rc = mns_dir_join (folder, data, "catalogue", error);
  if (rc == MNS_OK)
    rc = mns_dir_join (path, folder, "schemes.yaml", error);
  if (rc != MNS_OK)
    return rc;
  yaml = mns_yaml_open (path, &missing);
  if (!yaml && missing.rc == MNS_NOT_FOUND) {
    if ((rc = write_default (folder, path, error)) != MNS_OK)
      return rc;
    yaml = mns_yaml_open (path, &missing);
  }
  if (!yaml)
    return mns_fail (error, missing.rc, missing.where, "%s", missing.detail);
  rc = assistance_catalogue_read (catalogue, yaml, error);
  if (rc != MNS_OK)
    log_mistakes (mns_yaml_mistakes (yaml));
  mns_yaml_destroy (&yaml);
  return rc;
}

void assistance_catalogue_fini (assistance_catalogue_t *catalogue) {
  free (catalogue->schemes);
  free (catalogue->tiers);
  free (catalogue->rates);
  free (catalogue->conditions);
  free (catalogue->sources);
  *catalogue = (assistance_catalogue_t){0};
}
