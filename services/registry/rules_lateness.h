/* How late an event is told, and when a second person decides. Pure over the catalogue's rows.
 *
 * A legal term holds from one day to another, for events of a kind that happened in places of a kind; it ends so many
 * months or days after the event. What is told more than `second_person_days` after it happened waits for a second
 * person; so does the correction of a fact that stands in the register longer than its limit. */
#ifndef MNS_REGISTRY_RULES_LATENESS_H
#define MNS_REGISTRY_RULES_LATENESS_H

#include "common/records/registry_records.h"
#include <stdbool.h>

#define REGISTRY_TERMS_MAX  64
#define REGISTRY_LIMITS_MAX 32

/* clang-format off */
#define REGISTRY_TERM_FIELDS(F, T)                                                                                         \
  F (T, CODE,  event,          mns_life_event,   MNS_REQUIRED, "Kind of event", "事项")                                    \
  F (T, CODE,  area,           mns_registration, 0, "Kind of area; absent: any", "地区类型")                               \
  F (T, INT,   months,         (0, 120),         0, "The term ends so many months after the event", "期限月数")            \
  F (T, INT,   days,           (0, 3650),        0, "… or so many days", "期限天数")                                       \
  F (T, INT,   second_person_days, (0, 36500),   0, "More days after the event: a second person decides; absent: never", "复核天数") \
  F (T, DATE,  from,           0,                0, "Events from this day", "起")                                          \
  F (T, DATE,  to,             0,                0, "… and before this one", "止")                                         \
  F (T, TEXT,  en,             160,              MNS_REQUIRED, "In English", "英文")                                       \
  F (T, TEXT,  zh,             160,              MNS_REQUIRED, "In Chinese", "中文")
MNS_RECORD_DECLARE (registry_term, REGISTRY_TERM_FIELDS)

#define REGISTRY_LIMIT_FIELDS(F, T)                                                                                        \
  F (T, TEXT,  field,          32,               MNS_REQUIRED, "The fact that is corrected", "字段")                       \
  F (T, INT,   second_person_days, (0, 36500),   MNS_REQUIRED, "Days in the register after which a second person decides", "复核天数")
MNS_RECORD_DECLARE (registry_limit, REGISTRY_LIMIT_FIELDS)
/* clang-format on */

typedef struct {
  size_t term_count, limit_count;
  mns_registry_term_t terms[REGISTRY_TERMS_MAX];
  mns_registry_limit_t limits[REGISTRY_LIMITS_MAX];
} registry_legal_terms_t;

typedef struct {
  mns_code_t event, area; /* area 0: not known, only terms for any hold */
  mns_date_t occurred, registered;
} registry_told_t;

/* mns_lateness; 0: there is no term for it. */
mns_code_t registry_lateness (const registry_legal_terms_t *terms, const registry_told_t *told);

/* Whether the correction of a fact that stands in the register since that day waits for a second person. */
bool registry_correction_waits (const registry_legal_terms_t *terms, const char *field, mns_date_t since,
                                mns_date_t today);

#endif
