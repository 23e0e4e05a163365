/* Files compiled into the program: schemas, catalogues, sample data (cmake/Embed.cmake). */
#ifndef MNS_COMMON_EMBEDDED_H
#define MNS_COMMON_EMBEDDED_H

#include <stddef.h>

typedef struct {
  const char *path; /* "schema/001_store.sql", relative to the owner's folder; NULL ends a table */
  const char *text; /* terminated; `size` does not count the terminator */
  size_t size;
} mns_embedded_t;

extern const mns_embedded_t mns_embedded_common[], mns_embedded_broker[], mns_embedded_registry[],
    mns_embedded_statistics[], mns_embedded_assistance[], mns_embedded_notifications[], mns_embedded_sample[];

/* The file of that path, or NULL. */
const mns_embedded_t *mns_embedded_find (const mns_embedded_t *table, const char *path);

#endif
