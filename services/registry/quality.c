/* Quality at the moment of writing. */
#include "services/registry/quality.h"

#include "common/text.h"
#include <stdlib.h>
#include <string.h>

/* ---- facts ------------------------------------------------------------------------------------------------------- */

static void add_happening (registry_person_facts_t *facts, mns_code_t kind, mns_date_t occurred, mns_date_t registered,
                           mns_place_t place, mns_place_t other_place, int64_t delta) {
  if (facts->count < REGISTRY_HISTORY_MAX)
    facts->history[facts->count++] =
        (registry_happening_t){kind, occurred, registered, place, other_place, delta == MNS_NONE ? 0 : delta};
}

static mns_rc_t add_mother (registry_t *self, uint64_t id, registry_person_facts_t *facts) {
  mns_person_entry_t mother;
  if (!id)
    return MNS_OK;
  mns_rc_t rc = registry_person_get (&self->people, id, &mother, NULL);
  if (rc != MNS_OK)
    return rc == MNS_NOT_FOUND ? MNS_OK : rc;
  facts->mother_there = mother.status != MNS_REMOVED;
  facts->mother_birth = mother.birth;
  return MNS_OK;
}

mns_rc_t registry_quality_facts (registry_t *self, const mns_person_entry_t *person, const mns_event_entry_t *events,
                                 size_t count, uint64_t sharer, mns_date_t today, registry_person_facts_t *facts) {
  *facts = (registry_person_facts_t){.today = today,
                                     .birth = person->birth,
                                     .sex = person->sex,
                                     .marital = person->marital,
                                     .status = person->status,
                                     .precision = person->birth_precision,
                                     .place = person->place,
                                     .sharer = sharer,
                                     .mother = person->mother};
  if (!*person->citizen_number || registry_number_read (person->citizen_number, &facts->number, NULL) != MNS_OK)
    facts->number.text[0] = 0;
  if (person->entry_day)
    add_happening (facts, MNS_BASELINE, person->entry_day, person->entry_day, person->entry_place, 0, 1);
  for (size_t i = 0; i < count; i++) {
    const mns_event_entry_t *event = &events[i];
    add_happening (facts, event->kind, event->occurred, event->registered, event->place, event->other_place,
                   event->delta);
    if (event->kind == MNS_BIRTH && event->mother == MNS_MOTHER_REGISTERED)
      facts->mother_expected = true;
  }
  return add_mother (self, person->mother, facts);
}

mns_rc_t registry_quality_sharer (registry_t *self, const mns_person_entry_t *person, uint64_t *sharer) {
  registry_found_t found;
  *sharer = 0;
  if (!*person->citizen_number || !registry_number_may_be_shared (&self->people, person->citizen_number, person->id))
    return MNS_OK;
  mns_rc_t rc = registry_people_by_number (&self->people, person->citizen_number, &found);
  for (size_t i = 0; rc == MNS_OK && i < found.count && !*sharer; i++)
    if (found.persons[i].id != person->id && found.persons[i].status != MNS_REMOVED)
      *sharer = found.persons[i].id;
  return rc;
}

/* ---- judgement --------------------------------------------------------------------------------------------------- */

void registry_quality_judge (const registry_t *self, const registry_person_facts_t *facts,
                             registry_breaches_t *breaches) {
  breaches->count = registry_person_quality (&self->catalogue.quality, facts, breaches->items);
}

mns_rc_t registry_quality_guard (const registry_t *self, const registry_breaches_t *breaches, mns_error_t *error) {
  for (size_t i = 0; i < breaches->count; i++) {
    const registry_breach_t *it = &breaches->items[i];
    const registry_text_t *text = &self->catalogue.rules[it->rule];
    if (self->catalogue.quality.rules[it->rule].severity == MNS_MUST)
      return mns_fail (error, MNS_CONFLICT, mns_code_word (&mns_quality_rule, it->rule), "%s: %s",
                       self->in_chinese ? text->zh : text->en, it->detail);
  }
  return MNS_OK;
}

void registry_quality_tell (const registry_breaches_t *breaches, char *finding) {
  for (size_t i = 0; i < breaches->count; i++)
    registry_finding_add (finding, "%s", breaches->items[i].detail);
}

/* ---- findings ---------------------------------------------------------------------------------------------------- */

typedef struct {
  registry_review_t *review;
  const registry_breaches_t *breaches;
  bool known[MNS_RULE_COUNT]; /* there is a finding for this breach, or it was explained */
  registry_finding_t gone[MNS_RULE_COUNT], changed[MNS_RULE_COUNT];
  size_t gone_count, changed_count;
} comparison_t;

static void compare_open (comparison_t *it, const registry_finding_t *finding, size_t i) {
  if (i == it->breaches->count) {
    if (it->gone_count < MNS_RULE_COUNT)
      it->gone[it->gone_count++] = *finding;
    return;
  }
  it->known[i] = true;
  if (strcmp (finding->detail, it->breaches->items[i].detail) == 0 || it->changed_count == MNS_RULE_COUNT)
    return;
  registry_finding_t *changed = &it->changed[it->changed_count++];
  *changed = *finding;
  mns_text_copy (changed->detail, sizeof changed->detail, it->breaches->items[i].detail);
}

static mns_rc_t compare (void *context, const registry_finding_t *finding) {
  comparison_t *it = context;
  size_t i = 0;
  while (i < it->breaches->count && it->breaches->items[i].rule != finding->rule)
    i++;
  if (finding->state == MNS_FINDING_OPEN)
    compare_open (it, finding, i);
  else if (finding->state == MNS_FINDING_CLOSED && i < it->breaches->count &&
           strcmp (finding->detail, it->breaches->items[i].detail) == 0)
    it->known[i] = true;
  return MNS_OK;
}

static mns_rc_t open_finding (registry_review_t *review, const registry_subject_t *about, mns_date_t birth,
                              const registry_breach_t *breach) {
  const registry_rule_t *rule = &review->self->catalogue.quality.rules[breach->rule];
  registry_finding_t finding = {.rule = breach->rule,
                                .state = MNS_FINDING_OPEN,
                                .about = *about,
                                .opened = review->today,
                                .deadline = mns_date_add_days (review->today, (int32_t)rule->days),
                                .restricted_until = registry_restricted_until (rule, birth, review->today)};
  mns_text_copy (finding.detail, sizeof finding.detail, breach->detail);
  review->opened++;
  return registry_finding_insert (&review->self->findings, &finding, review->now);
}

static mns_rc_t close_corrected (registry_review_t *review, registry_finding_t *finding) {
  finding->state = MNS_FINDING_CORRECTED;
  finding->closed = review->today;
  mns_text_copy (finding->account, sizeof finding->account, review->account);
  review->corrected++;
  return registry_finding_close (&review->self->findings, finding);
}

mns_rc_t registry_review (registry_review_t *review, const registry_subject_t *about, mns_date_t birth,
                          const registry_breaches_t *breaches) {
  comparison_t it = {.review = review, .breaches = breaches};
  mns_rc_t rc = registry_findings_about (&review->self->findings, about, compare, &it);
  for (size_t i = 0; rc == MNS_OK && i < it.gone_count; i++)
    rc = close_corrected (review, &it.gone[i]);
  for (size_t i = 0; rc == MNS_OK && i < it.changed_count; i++)
    rc = registry_finding_restate (&review->self->findings, &it.changed[i]);
  for (size_t i = 0; rc == MNS_OK && i < breaches->count; i++)
    if (!it.known[i])
      rc = open_finding (review, about, birth, &breaches->items[i]);
  return rc;
}

/* ---- entries ----------------------------------------------------------------------------------------------------- */

mns_rc_t registry_review_person (registry_review_t *review, const mns_person_entry_t *person) {
  registry_t *self = review->self;
  mns_event_entry_t events[REGISTRY_EVENTS_MAX];
  registry_person_facts_t facts;
  registry_breaches_t breaches;
  uint64_t sharer = 0;
  size_t count;
  mns_rc_t rc = registry_events_of_person (&self->events, person->id, events, &count);
  if (rc == MNS_OK)
    rc = registry_quality_sharer (self, person, &sharer);
  if (rc == MNS_OK)
    rc = registry_quality_facts (self, person, events, count, sharer, review->today, &facts);
  if (rc != MNS_OK)
    return rc;
  registry_quality_judge (self, &facts, &breaches);
  registry_subject_t about = {.person = person->id, .place = registry_area (self, person->place, person->residence)};
  return registry_review (review, &about, person->birth, &breaches);
}

mns_rc_t registry_review_household (registry_review_t *review, uint64_t household) {
  registry_t *self = review->self;
  registry_breaches_t breaches;
  registry_subject_t about = {.household = household};
  int64_t members, heads;
  mns_rc_t rc = registry_household_get (&self->people, household, &about.place);
  if (rc != MNS_OK || !about.place)
    return rc;
  rc = registry_household_count (&self->people, household, &members, &heads);
  if (rc != MNS_OK)
    return rc;
  breaches.count = registry_household_quality (&self->catalogue.quality, members, heads, breaches.items);
  return registry_review (review, &about, 0, &breaches);
}

static mns_rc_t review_all (registry_review_t *review, const registry_found_t *found, uint64_t but) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < found->count; i++)
    if (found->persons[i].id != but)
      rc = registry_review_person (review, &found->persons[i]);
  return rc;
}

static mns_rc_t review_sharers (registry_review_t *review, const char *number, uint64_t but) {
  registry_found_t *found = mns_alloc (sizeof *found);
  mns_rc_t rc = *number ? registry_people_by_number (&review->self->people, number, found) : MNS_GONE;
  if (rc == MNS_OK)
    rc = review_all (review, found, but);
  free (found);
  return rc == MNS_GONE ? MNS_OK : rc;
}

static mns_rc_t review_children (registry_review_t *review, uint64_t mother) {
  registry_found_t *found = mns_alloc (sizeof *found);
  mns_rc_t rc = registry_people_by_mother (&review->self->people, mother, found);
  if (rc == MNS_OK)
    rc = review_all (review, found, 0);
  free (found);
  return rc;
}

mns_rc_t registry_review_change (registry_review_t *review, const mns_person_entry_t *old,
                                 const mns_person_entry_t *person, bool facts) {
  mns_rc_t rc = registry_review_person (review, person);
  if (rc == MNS_OK)
    rc = registry_review_household (review, person->household);
  if (rc == MNS_OK && old && old->household != person->household)
    rc = registry_review_household (review, old->household);
  if (rc == MNS_OK && facts)
    rc = review_children (review, person->id);
  if (rc == MNS_OK && facts)
    rc = review_sharers (review, person->citizen_number, person->id);
  if (rc == MNS_OK && facts && old && strcmp (old->citizen_number, person->citizen_number) != 0)
    rc = review_sharers (review, old->citizen_number, person->id);
  return rc;
}
