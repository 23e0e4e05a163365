/* Who is already there. */
#include "services/registry/match.h"

#include "common/text.h"
#include <inttypes.h>
#include <string.h>

static const char no_certificate[] = "";

static mns_rc_t read_birth (registry_t *self, uint64_t person, int64_t *rank, char *certificate) {
  mns_event_entry_t events[REGISTRY_EVENTS_MAX];
  size_t count;
  mns_rc_t rc = registry_events_of_person (&self->events, person, events, &count);
  if (rc == MNS_OK && count > 0 && events[0].kind == MNS_BIRTH) {
    *rank = events[0].rank;
    mns_text_copy (certificate, sizeof events[0].certificate, events[0].certificate);
  }
  return rc;
}

registry_identity_t registry_identity_of (const mns_person_entry_t *person) {
  return (registry_identity_t){.number = person->citizen_number,
                               .name = person->name,
                               .certificate = no_certificate,
                               .sex = person->sex,
                               .birth = person->birth,
                               .precision = person->birth_precision,
                               .place = person->place,
                               .mother = person->mother,
                               .household = person->household,
                               .rank = MNS_NONE};
}

mns_rc_t registry_identity_load (registry_t *self, const mns_person_entry_t *person, char *certificate,
                                 registry_identity_t *identity) {
  *identity = registry_identity_of (person);
  certificate[0] = 0;
  identity->certificate = certificate;
  return person->entry_day ? MNS_OK : read_birth (self, person->id, &identity->rank, certificate);
}

/* ---- candidates -------------------------------------------------------------------------------------------------- */

typedef struct {
  registry_t *self;
  const registry_identity_t *newcomer;
  registry_match_t *match;
} search_t;

/* An entry that was taken out stands back for another of the same person. */
static bool is_better (const registry_match_t *match, registry_verdict_t verdict, const registry_score_t *score) {
  if (verdict != match->verdict)
    return verdict > match->verdict;
  if (verdict == REGISTRY_SAME)
    return match->person.status == MNS_REMOVED;
  return verdict != REGISTRY_OTHER && score->points > match->score.points;
}

/* Who is the same as an entry that was merged is the one that stands for it. */
static mns_rc_t follow_merge (search_t *search) {
  mns_person_entry_t *person = &search->match->person;
  uint64_t survivor;
  if (person->status != MNS_REMOVED)
    return MNS_OK;
  mns_rc_t rc = registry_merge_survivor (&search->self->merges, person->id, &survivor);
  return rc == MNS_OK && survivor ? registry_person_get (&search->self->people, survivor, person, NULL) : rc;
}

static mns_rc_t compare (search_t *search, const mns_person_entry_t *person) {
  char certificate[41] = "";
  const registry_identity_t *newcomer = search->newcomer;
  registry_identity_t present = registry_identity_of (person);
  registry_score_t score;
  mns_rc_t rc = MNS_OK;
  if ((newcomer->mother && newcomer->mother == person->mother) || *newcomer->certificate)
    rc = registry_identity_load (search->self, person, certificate, &present);
  registry_verdict_t verdict = registry_duplicate (newcomer, &present, &search->self->catalogue.weights, &score);
  if (verdict != REGISTRY_SAME && person->status == MNS_REMOVED)
    verdict = REGISTRY_OTHER;
  if (rc != MNS_OK || !is_better (search->match, verdict, &score))
    return rc;
  search->match->verdict = verdict;
  search->match->score = score;
  search->match->person = *person;
  return follow_merge (search);
}

/* The same person, and not an entry that was taken out: beside that another may stand for the same person. */
static bool is_found (const registry_match_t *match) {
  return match->verdict == REGISTRY_SAME && match->person.status != MNS_REMOVED;
}

static mns_rc_t compare_all (search_t *search, const registry_found_t *found) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < found->count && !is_found (search->match); i++)
    rc = compare (search, &found->persons[i]);
  return rc;
}

static mns_rc_t by_number (search_t *search) {
  registry_found_t found;
  if (!*search->newcomer->number)
    return MNS_OK;
  mns_rc_t rc = registry_people_by_number (&search->self->people, search->newcomer->number, &found);
  for (size_t i = 0; rc == MNS_OK && i < found.count; i++)
    if (found.persons[i].status != MNS_REMOVED)
      search->match->sharer = found.persons[i].id;
  return rc == MNS_OK ? compare_all (search, &found) : rc;
}

static mns_rc_t by_birth_and_name (search_t *search, mns_date_t birth) {
  registry_found_t found;
  const registry_identity_t *newcomer = search->newcomer;
  mns_rc_t rc = registry_people_by_birth (&search->self->people, newcomer->place, birth, newcomer->name, &found);
  return rc == MNS_OK ? compare_all (search, &found) : rc;
}

static mns_rc_t by_birth (search_t *search) {
  return by_birth_and_name (search, search->newcomer->birth);
}

static mns_rc_t by_mother (search_t *search) {
  registry_found_t found;
  if (!search->newcomer->mother)
    return MNS_OK;
  mns_rc_t rc = registry_people_by_mother (&search->self->people, search->newcomer->mother, &found);
  return rc == MNS_OK ? compare_all (search, &found) : rc;
}

static mns_rc_t by_near_birth (search_t *search) {
  registry_found_t found;
  const registry_identity_t *newcomer = search->newcomer;
  int days = search->self->catalogue.weights.window_days;
  mns_rc_t rc =
      registry_people_born (&search->self->people, newcomer->place, mns_date_add_days (newcomer->birth, -days),
                            mns_date_add_days (newcomer->birth, days), &found);
  return rc == MNS_OK ? compare_all (search, &found) : rc;
}

static mns_rc_t by_slips (search_t *search) {
  mns_date_t slips[REGISTRY_SLIPS_MAX];
  mns_rc_t rc = MNS_OK;
  size_t count = registry_birth_slips (search->newcomer->birth, slips);
  for (size_t i = 0; rc == MNS_OK && i < count && !is_found (search->match); i++)
    rc = by_birth_and_name (search, slips[i]);
  return rc;
}

static mns_rc_t (*const ways[]) (search_t *search) = {by_number, by_birth, by_mother, by_near_birth, by_slips};
#define NARROW_WAYS 3

mns_rc_t registry_match (registry_t *self, const registry_identity_t *newcomer, bool wide, registry_match_t *match) {
  search_t search = {self, newcomer, match};
  size_t count = wide ? sizeof ways / sizeof ways[0] : NARROW_WAYS;
  mns_rc_t rc = MNS_OK;
  match->verdict = REGISTRY_OTHER;
  match->score = (registry_score_t){0, 0};
  match->sharer = 0;
  for (size_t i = 0; rc == MNS_OK && i < count && !is_found (match); i++)
    rc = ways[i](&search);
  return rc;
}

/* ---- in words ---------------------------------------------------------------------------------------------------- */

mns_rc_t registry_likely_fail (const registry_t *self, const registry_match_t *match, mns_error_t *error) {
  char why[300];
  bool shared = match->score.facts & 1u << MNS_FACT_NUMBER_SAME;
  registry_score_explain (&self->catalogue, &match->score, self->in_chinese, why, sizeof why);
  return mns_fail (error, MNS_LIKELY_DUPLICATE, shared ? "citizen_number" : "name",
                   "likely the same as register number %" PRIu64 " (%s); compare the two, and when this is really "
                   "another person say confirm=yes",
                   match->person.id, why);
}

mns_rc_t registry_suspect (registry_t *self, const mns_person_entry_t *newcomer, const registry_match_t *match,
                           mns_date_t today, const char *confirmed, char *finding) {
  const mns_person_entry_t *other = &match->person;
  bool is_new;
  registry_pair_t pair = {.first = other->id,
                          .second = newcomer->id,
                          .state = confirmed ? MNS_DUPLICATE_DISMISSED : MNS_DUPLICATE_OPEN,
                          .place = registry_common_area (registry_area (self, newcomer->place, newcomer->residence),
                                                         registry_area (self, other->place, other->residence)),
                          .score = match->score,
                          .opened = today};
  if (confirmed) {
    pair.closed = today;
    mns_text_copy (pair.account, sizeof pair.account, confirmed);
    mns_text_copy (pair.reason, sizeof pair.reason, "confirmed as another person at entry");
  } else if (finding) {
    registry_finding_add (finding, "may be register number %" PRIu64 " (%d points): see `mns duplicate list`",
                          other->id, match->score.points);
  }
  return registry_pair_put (&self->duplicates, &pair, &is_new);
}
