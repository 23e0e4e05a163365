/* Terms and limits. */
#include "services/registry/rules_lateness.h"

#include <string.h>

MNS_RECORD_DEFINE (registry_term, 1, REGISTRY_TERM_FIELDS, "A legal term", "法定期限")
MNS_RECORD_DEFINE (registry_limit, 1, REGISTRY_LIMIT_FIELDS, "When a correction waits for a second person",
                   "更正复核期限")

static bool holds (const mns_registry_term_t *term, const registry_told_t *told) {
  return term->event == told->event && (!term->area || term->area == told->area) &&
         (!term->from || told->occurred >= term->from) && (!term->to || told->occurred < term->to);
}

/* The term of that kind of area before the one for any. */
static const mns_registry_term_t *find_term (const registry_legal_terms_t *terms, const registry_told_t *told) {
  const mns_registry_term_t *found = NULL;
  for (size_t i = 0; i < terms->term_count; i++)
    if (holds (&terms->terms[i], told) && (!found || (terms->terms[i].area && !found->area)))
      found = &terms->terms[i];
  return found;
}

/* A month after 31 January ends on the last of February. */
static mns_date_t add_months (mns_date_t day, int months) {
  mns_month_t month = mns_month_add (day / 100, months);
  mns_date_t same = month * 100 + day % 100, last = mns_date_last_of_month (month);
  return same < last ? same : last;
}

mns_code_t registry_lateness (const registry_legal_terms_t *terms, const registry_told_t *told) {
  const mns_registry_term_t *term = find_term (terms, told);
  if (!term)
    return 0;
  int32_t delay = mns_date_days_between (told->occurred, told->registered);
  if (term->second_person_days != MNS_NONE && delay > term->second_person_days)
    return MNS_VERY_LATE;
  mns_date_t end = term->months != MNS_NONE ? add_months (told->occurred, (int)term->months)
                                            : mns_date_add_days (told->occurred, (int32_t)term->days);
  return told->registered > end ? MNS_LATE : MNS_ON_TIME;
}

bool registry_correction_waits (const registry_legal_terms_t *terms, const char *field, mns_date_t since,
                                mns_date_t today) {
  for (size_t i = 0; i < terms->limit_count; i++)
    if (strcmp (terms->limits[i].field, field) == 0)
      return since && mns_date_days_between (since, today) > terms->limits[i].second_person_days;
  return false;
}
