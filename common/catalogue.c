/* Catalogues: rules as YAML that an administrator may change. */
#include "common/catalogue.h"

#include "common/log.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

mns_yaml_t *mns_catalogue_open (const char *data, const mns_embedded_t *files, const char *path, mns_error_t *error) {
  char full[320];
  snprintf (full, sizeof full, "%s/%s", data, path);
  if (*data && access (full, F_OK) == 0)
    return mns_yaml_open (full, error);
  const mns_embedded_t *file = mns_embedded_find (files, path);
  if (!file)
    mns_fail (error, MNS_INTERNAL, path, "the built-in catalogue is not there");
  return file ? mns_yaml_from_text (path, file->text, file->size) : NULL;
}

void mns_catalogue_refused (const char *service, mns_yaml_t *yaml) {
  char line[512], quoted[640];
  for (const char *mistake = mns_yaml_mistakes (yaml); *mistake;) {
    size_t size = strcspn (mistake, "\n");
    snprintf (line, sizeof line, "%.*s", (int)size, mistake);
    mns_log (MNS_LOG_ERROR, service, "catalogue.refused", "mistake=%s", mns_log_quote (line, quoted, sizeof quoted));
    mistake += size + (mistake[size] == '\n');
  }
}
