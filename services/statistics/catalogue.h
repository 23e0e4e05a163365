/* The catalogue of indicators: catalogue/indicators.yaml, or DATA/catalogue/indicators.yaml in its place. */
#ifndef MNS_STATISTICS_CATALOGUE_H
#define MNS_STATISTICS_CATALOGUE_H

#include "common/yaml.h"
#include "services/statistics/rules_indicator.h"

typedef struct {
  size_t count;
  mns_indicator_t *rows; /* as they stand in the file */
  statistics_indicator_t *indicators;
  statistics_indicator_rules_t rules;
} statistics_catalogue_t;

/* Every mistake of the file is told in the error's detail as far as it fits; the log has them all. `data` is the data
 * directory, or "" for the built-in catalogue. */
mns_rc_t statistics_catalogue_load (statistics_catalogue_t *catalogue, const char *data, mns_error_t *error);
/* The same from an open file; `fallback` are the rules of one that has none (NULL: it must). */
mns_rc_t statistics_catalogue_read (statistics_catalogue_t *catalogue, mns_yaml_t *yaml,
                                    const statistics_indicator_rules_t *fallback, mns_error_t *error);
void statistics_catalogue_fini (statistics_catalogue_t *catalogue);
const statistics_indicator_t *statistics_catalogue_find (const statistics_catalogue_t *catalogue, const char *name);

#endif
