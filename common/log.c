/* The structured log. A line is built in memory and written at once, so that lines of several threads never mix.
 * Whatever reaches a line, it stays one line: control characters become '?'. */
#include "common/log.h"
#include "common/clock.h"
#include "common/text.h"
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static _Atomic int max_level = MNS_LOG_INFO;
static const char *const level_words[] = {"error", "warn", "info", "debug"};

void mns_log_set_level (mns_log_level_t level) {
  max_level = (int)level;
}

static void blank_controls (char *line) {
  for (; *line; line++)
    if ((unsigned char)*line < ' ' || *line == 0x7f)
      *line = '?';
}

void mns_log (mns_log_level_t level, const char *who, const char *event, const char *format, ...) {
  char detail[LINE_MAX_BYTES], line[LINE_MAX_BYTES], now[MNS_TIME_TEXT];
  va_list args;
  if ((int)level > max_level)
    return;
  va_start (args, format);
  if (vsnprintf (detail, sizeof detail, format, args) < 0)
    detail[0] = 0;
  va_end (args);
  mns_time_format (mns_clock.wall (), now);
  int made = snprintf (line, sizeof line - 1, "%s %s %s %s%s%s", now, level_words[level], who, event,
                       detail[0] ? " " : "", detail);
  if (made < 0)
    return;
  mns_text_repair (line);
  blank_controls (line);
  size_t size = strlen (line);
  line[size++] = '\n';
  /* A log that cannot be written has nowhere to complain to. */
  if (write (STDERR_FILENO, line, size) < 0)
    return;
}

/* ---- quoting ----------------------------------------------------------------------------------------------------- */

static bool needs_quotes (const char *text) {
  for (const char *at = text; *at; at++) {
    unsigned char c = (unsigned char)*at;
    if (c <= ' ' || c == 0x7f || c == '"' || c == '\\' || c == '=')
      return true;
  }
  return !*text || !mns_text_valid (text, strlen (text));
}

/* The form of the next character into `out` (at most 5 bytes, terminated); returns the bytes it took. */
static size_t quote_next (const char *at, char out[5]) {
  static const char hex[] = "0123456789abcdef";
  unsigned char c = (unsigned char)*at;
  size_t size = mns_text_step (at);
  bool c1_control = size == 2 && c == 0xc2 && (unsigned char)at[1] < 0xa0;
  if (c == '"' || c == '\\') {
    memcpy (out, (const char[]){'\\', (char)c, 0}, 3);
  } else if (size == 0 || c < ' ' || c == 0x7f || c1_control) {
    memcpy (out, (const char[]){'\\', 'x', hex[c >> 4], hex[c & 15], 0}, 5);
    return 1;
  } else {
    memcpy (out, at, size);
    out[size] = 0;
  }
  return size;
}

const char *mns_log_quote (const char *text, char *buffer, unsigned long size) {
  char form[5];
  if (size < 3) {
    if (size)
      buffer[0] = 0;
    return buffer;
  }
  if (!needs_quotes (text)) {
    mns_text_copy (buffer, size, text);
    return buffer;
  }
  unsigned long used = 0;
  buffer[used++] = '"';
  while (*text) {
    text += quote_next (text, form);
    if (used + strlen (form) + 2 > size)
      break;
    memcpy (buffer + used, form, strlen (form));
    used += strlen (form);
  }
  buffer[used++] = '"';
  buffer[used] = 0;
  return buffer;
}
