/* The log of a library: what common/log.h would write goes to the program's own function, or nowhere. */
#include "common/log.h"
#include "common/text.h"
#include "mns/client.h"
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

enum { LINE_BYTES = 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static mns_client_log_t *told;
static void *told_context;

void mns_client_set_log (mns_client_log_t *log, void *context) {
  pthread_mutex_lock (&lock);
  told = log;
  told_context = context;
  pthread_mutex_unlock (&lock);
}

static void clean (char *line) {
  mns_text_repair (line);
  for (; *line; line++)
    if ((unsigned char)*line < ' ' || *line == 0x7f)
      *line = '?';
}

void mns_log (mns_log_level_t level, const char *who, const char *event, const char *format, ...) {
  char line[LINE_BYTES];
  pthread_mutex_lock (&lock);
  mns_client_log_t *log = told;
  void *context = told_context;
  pthread_mutex_unlock (&lock);
  if (!log || level > MNS_LOG_INFO)
    return;
  int made = snprintf (line, sizeof line, "%s %s ", who, event);
  va_list args;
  va_start (args, format);
  if (made > 0 && (size_t)made < sizeof line &&
      vsnprintf (line + made, sizeof line - (size_t)made, format, args) >= 0) {
    clean (line);
    log ((int)level, line, context);
  }
  va_end (args);
}

const char *mns_log_quote (const char *text, char *buffer, unsigned long size) {
  mns_text_copy (buffer, size, text);
  clean (buffer);
  return buffer;
}
