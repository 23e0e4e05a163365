/* A growing byte buffer, and allocation that cannot fail: the process ends with a message instead. */
#include "common/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 256 };

static void *have (void *memory, size_t size) {
  if (memory == NULL) {
    fprintf (stderr, "no memory for %zu bytes; the program ends here, nothing acknowledged is lost\n", size);
    abort ();
  }
  return memory;
}

void *mns_alloc (size_t size) {
  size_t n = size > 0 ? size : 1;
  return have (calloc (1, n), n);
}

void *mns_realloc (void *old, size_t size) {
  size_t n = size > 0 ? size : 1;
  return have (realloc (old, n), n);
}

char *mns_strdup (const char *text) {
  return have (strdup (text), strlen (text) + 1);
}

void mns_buffer_fini (mns_buffer_t *buffer) {
  free (buffer->data);
  *buffer = (mns_buffer_t){0};
}

void mns_buffer_clear (mns_buffer_t *buffer) {
  buffer->size = 0;
}

uint8_t *mns_buffer_reserve (mns_buffer_t *buffer, size_t size) {
  if (size > buffer->capacity - buffer->size) {
    if (size > SIZE_MAX / 4 || buffer->size > SIZE_MAX / 4)
      have (NULL, size);
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : SMALLEST;
    while (capacity - buffer->size < size)
      capacity *= 2;
    buffer->data = mns_realloc (buffer->data, capacity);
    buffer->capacity = capacity;
  }
  return buffer->data + buffer->size;
}

void mns_buffer_add (mns_buffer_t *buffer, const void *data, size_t size) {
  if (size == 0)
    return;
  memcpy (mns_buffer_reserve (buffer, size), data, size);
  buffer->size += size;
}

/* The terminator is written behind the end, so that a buffer of text may be used as a string until it changes. */
void mns_buffer_printf (mns_buffer_t *buffer, const char *format, ...) {
  va_list arguments;
  size_t room = 128;
  for (;;) {
    char *target = (char *)mns_buffer_reserve (buffer, room);
    va_start (arguments, format);
    int written = vsnprintf (target, room, format, arguments);
    va_end (arguments);
    if (written < 0)
      return;
    if ((size_t)written < room) {
      buffer->size += (size_t)written;
      return;
    }
    room = (size_t)written + 1;
  }
}
