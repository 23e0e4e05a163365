/* The prefixes of a scope. */
#include "mns/topic.h"
#include <stdio.h>
#include <string.h>

enum { DIGITS = 12, LEVELS = 6 };
static const size_t widths[LEVELS] = {0, 2, 4, 6, 9, 12}; /* country, province, prefecture, county, township, village */

/* The code with zeros to 12 digits; false when it has another length or other characters. */
static bool complete (const char *division, char code[DIGITS + 1]) {
  size_t size = strlen (division), level = 0;
  if (strcmp (division, "0") == 0)
    size = 0;
  while (level < LEVELS && widths[level] != size)
    level++;
  if (level == LEVELS || strspn (division, "0123456789") != strlen (division))
    return false;
  memset (code, '0', DIGITS);
  memcpy (code, division, size);
  code[DIGITS] = 0;
  return true;
}

static size_t level_of (const char *code) {
  size_t level = 0;
  while (strspn (code + widths[level], "0") != DIGITS - widths[level])
    level++;
  return level;
}

/* One prefix: the division of this level alone, or with all below it. */
static void add (char prefixes[][MNS_TOPIC_SIZE], size_t *count, const char *subject, const char *code, size_t level,
                 bool below) {
  char digits[DIGITS + 1];
  memset (digits, '0', DIGITS);
  memcpy (digits, code, widths[level]);
  digits[below ? widths[level] : DIGITS] = 0;
  snprintf (prefixes[(*count)++], MNS_TOPIC_SIZE, "%s.%s%s", subject, digits, below && level < LEVELS - 1 ? "" : ".");
}

mns_rc_t mns_topic_prefixes (const char *subject, const char *division, mns_topic_scope_t scope,
                             char prefixes[][MNS_TOPIC_SIZE], size_t *count, mns_error_t *error) {
  char code[DIGITS + 1];
  const char *dot = strchr (subject, '.');
  *count = 0;
  if (!dot || strchr (dot + 1, '.') || dot == subject || !dot[1] || strlen (subject) + DIGITS + 3 > MNS_TOPIC_SIZE)
    return mns_fail (error, MNS_INVALID, "subject", "'%s' is no <stream>.<subject>", subject);
  if (!complete (division, code))
    return mns_fail (error, MNS_INVALID, "division", "'%s' is no code of 2, 4, 6, 9 or 12 digits", division);
  size_t own = level_of (code);
  bool below = scope == MNS_TOPIC_DOWN || scope == MNS_TOPIC_DOWN_UP;
  add (prefixes, count, subject, code, own, below);
  if (scope == MNS_TOPIC_UP || scope == MNS_TOPIC_DOWN_UP)
    for (size_t level = own; level-- > 0;)
      add (prefixes, count, subject, code, level, false);
  return mns_prefix_check (prefixes[0], error);
}
