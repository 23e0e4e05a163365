/* A growing byte buffer. Zero-initialised is empty and valid; `_fini` frees it.
 * Memory that cannot be had ends the process with a message: nothing acknowledged depends on it. */
#ifndef MNS_COMMON_BUFFER_H
#define MNS_COMMON_BUFFER_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint8_t *data;
  size_t size, capacity;
} mns_buffer_t;

void mns_buffer_fini (mns_buffer_t *buffer);
void mns_buffer_clear (mns_buffer_t *buffer);                    /* size 0, memory kept */
uint8_t *mns_buffer_reserve (mns_buffer_t *buffer, size_t size); /* room behind the end; does not change size */
void mns_buffer_add (mns_buffer_t *buffer, const void *data, size_t size);
void mns_buffer_printf (mns_buffer_t *buffer, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* Zeroed memory, realloc and strdup that end the process with a message instead of returning NULL. */
void *mns_alloc (size_t size);
void *mns_realloc (void *old, size_t size);
char *mns_strdup (const char *text);

#endif
