/* How alike two names are. */
#include "services/registry/rules_name.h"

#include "common/text.h"
#include <stdlib.h>
#include <string.h>

#define KEY_SIZE       608
#define PARTS_MAX      8
#define CHARACTERS_MAX 64 /* longer names are not compared character by character */
#define DOT            "\xc2\xb7"

/* Most names consist of common ideographs (U+4000 to U+9FFF), small letters and digits, which are their own key. */
bool registry_name_is_key (const char *name) {
  for (const unsigned char *at = (const unsigned char *)name; *at; at++) {
    if (*at >= 0xe4 && *at <= 0xe9 && at[1] && at[2])
      at += 2;
    else if (!(*at >= 'a' && *at <= 'z') && !(*at >= '0' && *at <= '9'))
      return false;
  }
  return true;
}

bool registry_name_equal (const char *a, const char *b) {
  char key_a[KEY_SIZE], key_b[KEY_SIZE];
  if (strcmp (a, b) == 0)
    return true;
  if (registry_name_is_key (a) && registry_name_is_key (b))
    return false;
  return mns_text_name_key (a, key_a, sizeof key_a) && mns_text_name_key (b, key_b, sizeof key_b) &&
         strcmp (key_a, key_b) == 0;
}

/* ---- parts ------------------------------------------------------------------------------------------------------- */

typedef struct {
  char key[KEY_SIZE]; /* the parts, each ended by a zero byte */
  const char *parts[PARTS_MAX];
  size_t count;
} parts_t;

static int compare_parts (const void *a, const void *b) {
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Splits at dots of any form and at blanks, and sorts. */
static bool split (const char *name, parts_t *parts) {
  char dotted[KEY_SIZE];
  size_t used = 0;
  parts->count = 0;
  for (; *name && used + sizeof DOT < sizeof dotted; name++)
    if (*name == ' ') {
      memcpy (dotted + used, DOT, 2);
      used += 2;
    } else
      dotted[used++] = *name;
  dotted[used] = 0;
  if (*name || !mns_text_name_key (dotted, parts->key, sizeof parts->key))
    return false;
  for (char *at = parts->key, *dot; at && *at && parts->count < PARTS_MAX; at = dot) {
    dot = strstr (at, DOT);
    if (dot) {
      *dot = 0;
      dot += sizeof DOT - 1;
    }
    if (*at)
      parts->parts[parts->count++] = at;
  }
  qsort (parts->parts, parts->count, sizeof parts->parts[0], compare_parts);
  return true;
}

static bool same_parts (const parts_t *a, const parts_t *b) {
  if (a->count != b->count)
    return false;
  for (size_t i = 0; i < a->count; i++)
    if (strcmp (a->parts[i], b->parts[i]) != 0)
      return false;
  return true;
}

/* A single part, of at least two characters, that the other name has among its own. */
static bool is_one_of (const parts_t *one, const parts_t *several) {
  if (one->count != 1 || several->count < 2 || !one->parts[0][mns_text_step (one->parts[0])])
    return false;
  for (size_t i = 0; i < several->count; i++)
    if (strcmp (one->parts[0], several->parts[i]) == 0)
      return true;
  return false;
}

/* The name without its dots and blanks, in the order written. */
static bool join (const char *name, char *joined) {
  char key[KEY_SIZE];
  if (!mns_text_name_key (name, key, sizeof key))
    return false;
  for (const char *at = key; *at;)
    if (strncmp (at, DOT, sizeof DOT - 1) == 0)
      at += sizeof DOT - 1;
    else
      *joined++ = *at++;
  *joined = 0;
  return true;
}

static bool is_variant (const char *a, const char *b) {
  parts_t one, other;
  char joined_one[KEY_SIZE], joined_other[KEY_SIZE];
  if (!split (a, &one) || !split (b, &other))
    return false;
  if (same_parts (&one, &other) || is_one_of (&one, &other) || is_one_of (&other, &one))
    return true;
  return join (a, joined_one) && join (b, joined_other) && strcmp (joined_one, joined_other) == 0;
}

bool registry_name_sort_key (const char *name, char *key, size_t size) {
  parts_t parts;
  if (registry_name_is_key (name))
    return mns_text_copy (key, size, name);
  size_t used = 0;
  if (size == 0 || !split (name, &parts))
    return false;
  key[0] = 0;
  for (size_t i = 0; i < parts.count; i++) {
    size_t bytes = strlen (parts.parts[i]);
    if (used + bytes + sizeof DOT > size)
      return false;
    memcpy (key + used, parts.parts[i], bytes);
    memcpy (key + used + bytes, DOT, sizeof DOT);
    used += bytes + sizeof DOT - 1;
  }
  return true;
}

/* ---- characters -------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *at[CHARACTERS_MAX];
  size_t bytes[CHARACTERS_MAX];
  size_t count;
} characters_t;

static bool read_characters (const char *key, characters_t *characters) {
  characters->count = 0;
  for (size_t bytes; *key; key += bytes) {
    bytes = mns_text_step (key);
    if (bytes == 0 || characters->count == CHARACTERS_MAX)
      return false;
    characters->at[characters->count] = key;
    characters->bytes[characters->count++] = bytes;
  }
  return true;
}

static bool equal (const characters_t *a, size_t i, const characters_t *b, size_t j) {
  return a->bytes[i] == b->bytes[j] && memcmp (a->at[i], b->at[j], a->bytes[i]) == 0;
}

static bool tails_equal (const characters_t *a, size_t i, const characters_t *b, size_t j) {
  if (a->count - i != b->count - j)
    return false;
  for (; i < a->count; i++, j++)
    if (!equal (a, i, b, j))
      return false;
  return true;
}

/* At the first difference: one character other, two exchanged, one more here or there. */
static bool is_close (const characters_t *a, const characters_t *b) {
  size_t i = 0;
  while (i < a->count && i < b->count && equal (a, i, b, i))
    i++;
  bool room = i < a->count && i < b->count;
  if (room && tails_equal (a, i + 1, b, i + 1))
    return true;
  bool exchanged = i + 1 < a->count && i + 1 < b->count && equal (a, i, b, i + 1) && equal (a, i + 1, b, i);
  if (exchanged && tails_equal (a, i + 2, b, i + 2))
    return true;
  return (i < a->count && tails_equal (a, i + 1, b, i)) || (i < b->count && tails_equal (a, i, b, i + 1));
}

registry_likeness_t registry_name_compare (const char *a, const char *b) {
  char key_a[KEY_SIZE], key_b[KEY_SIZE];
  characters_t one, other;
  if (registry_name_equal (a, b))
    return REGISTRY_NAME_SAME;
  bool plain = registry_name_is_key (a) && registry_name_is_key (b); /* one part each, and not the same */
  if (!plain && is_variant (a, b))
    return REGISTRY_NAME_VARIANT;
  if (!mns_text_name_key (a, key_a, sizeof key_a) || !mns_text_name_key (b, key_b, sizeof key_b) ||
      !read_characters (key_a, &one) || !read_characters (key_b, &other) || one.count < 2 || other.count < 2)
    return REGISTRY_NAME_OTHER;
  return is_close (&one, &other) ? REGISTRY_NAME_CLOSE : REGISTRY_NAME_OTHER;
}
