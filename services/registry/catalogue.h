/* The registry's catalogues: what the rules weigh and ask, as data. */
#ifndef MNS_REGISTRY_CATALOGUE_H
#define MNS_REGISTRY_CATALOGUE_H

#include "services/registry/rules_duplicate.h"
#include "services/registry/rules_lateness.h"
#include "services/registry/rules_quality.h"

#define REGISTRY_TEXT_MAX 160

typedef struct {
  char en[REGISTRY_TEXT_MAX + 1], zh[REGISTRY_TEXT_MAX + 1];
} registry_text_t;

typedef struct {
  registry_weights_t weights;
  registry_text_t facts[MNS_FACT_COUNT + 1]; /* by mns_duplicate_fact */
  registry_quality_t quality;
  registry_text_t rules[MNS_RULE_COUNT + 1]; /* by mns_quality_rule */
  registry_legal_terms_t terms;
} registry_catalogue_t;

/* Reads catalogue/…yaml of the data directory `data`, or else the files inside the program. All mistakes are logged;
 * the first is the error. */
mns_rc_t registry_catalogue_load (registry_catalogue_t *catalogue, const char *data, mns_error_t *error);

/* "75 points: the same name +25; another citizen number -10", in the order of the facts. */
void registry_score_explain (const registry_catalogue_t *catalogue, const registry_score_t *score, bool in_chinese,
                             char *text, size_t size);

#endif
