/* Catalogues: rules as YAML that an administrator may change. DATA/<path> takes the place of the file inside the
 * program. */
#ifndef MNS_COMMON_CATALOGUE_H
#define MNS_COMMON_CATALOGUE_H

#include "common/embedded.h"
#include "common/yaml.h"

/* "catalogue/indicators.yaml" of the data directory, or else of `files`. NULL: error says why. `data` "" has none. */
mns_yaml_t *mns_catalogue_open (const char *data, const mns_embedded_t *files, const char *path, mns_error_t *error);

/* One line of the log for each mistake. */
void mns_catalogue_refused (const char *service, mns_yaml_t *yaml);

#endif
