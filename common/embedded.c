/* Looks up a file that was compiled into the program. */
#include "common/embedded.h"

#include <string.h>

const mns_embedded_t *mns_embedded_find (const mns_embedded_t *table, const char *path) {
  for (const mns_embedded_t *file = table; file->path != NULL; file++)
    if (strcmp (file->path, path) == 0)
      return file;
  return NULL;
}
