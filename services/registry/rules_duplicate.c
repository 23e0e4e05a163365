/* When a row is somebody who is already there. */
#include "services/registry/rules_duplicate.h"

#include "common/text.h"
#include <stdlib.h>
#include <string.h>

#define KEY_SIZE 608

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

static bool are_twins (const registry_identity_t *a, const registry_identity_t *b) {
  return a->mother && a->mother == b->mother && a->birth == b->birth && a->rank != MNS_NONE && b->rank != MNS_NONE &&
         a->rank != b->rank;
}

/* A day apart, too: one of the dates may have been corrected. */
static bool same_delivery (const registry_identity_t *a, const registry_identity_t *b) {
  return a->mother && a->mother == b->mother && abs (mns_date_days_between (a->birth, b->birth)) <= 1 &&
         a->rank != MNS_NONE && a->rank == b->rank;
}

registry_verdict_t registry_duplicate (const registry_identity_t *newcomer, const registry_identity_t *present) {
  const registry_identity_t *a = newcomer, *b = present;
  bool same_birth = a->birth == b->birth;
  bool same_name = registry_name_equal (a->name, b->name);
  if (*a->number && strcmp (a->number, b->number) == 0)
    return same_birth && same_name ? REGISTRY_SAME : REGISTRY_LIKELY;
  if (are_twins (a, b))
    return REGISTRY_OTHER;
  if (same_delivery (a, b))
    return same_birth && same_name && a->sex == b->sex ? REGISTRY_SAME : REGISTRY_LIKELY;
  if (!same_birth || !same_name || a->place != b->place)
    return REGISTRY_OTHER;
  return !*a->number && !*b->number && a->sex == b->sex ? REGISTRY_SAME : REGISTRY_LIKELY;
}
