/* Entries that may be one person: the work list, two entries side by side, and the decision that they are two. */
#include "services/registry/handle.h"

#include "common/records/registry_duplicates.h"
#include "common/text.h"
#include "services/registry/match.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LIST_DEFAULT 50

/* ---- the list ---------------------------------------------------------------------------------------------------- */

typedef struct {
  registry_t *self;
  mns_turn_t *turn;
  const mns_request_t *request;
  const mns_duplicate_query_t *asked;
  mns_place_t area;
  int64_t left;
} list_t;

static mns_rc_t fill_info (registry_t *self, const registry_pair_t *pair, mns_duplicate_info_t *info) {
  mns_person_entry_t first, second;
  mns_rc_t rc = registry_person_get (&self->people, pair->first, &first, NULL);
  if (rc == MNS_OK)
    rc = registry_person_get (&self->people, pair->second, &second, NULL);
  if (rc != MNS_OK)
    return rc;
  mns_record_clear (&mns_duplicate_info_type, info);
  info->pair = pair->id;
  info->state = pair->state;
  info->points = pair->score.points;
  info->first = pair->first;
  info->second = pair->second;
  memcpy (info->first_name, first.name, sizeof info->first_name);
  memcpy (info->second_name, second.name, sizeof info->second_name);
  info->place = pair->place;
  registry_score_explain (&self->catalogue, &pair->score, self->in_chinese, info->why, sizeof info->why);
  info->opened = pair->opened;
  info->closed = pair->closed;
  memcpy (info->account, pair->account, sizeof info->account);
  memcpy (info->reason, pair->reason, sizeof info->reason);
  return MNS_OK;
}

static mns_rc_t reply_pair (registry_t *self, mns_turn_t *turn, const mns_request_t *request,
                            const registry_pair_t *pair) {
  mns_duplicate_info_t info;
  mns_rc_t rc = fill_info (self, pair, &info);
  if (rc != MNS_OK)
    return rc;
  mns_turn_reply (turn, &mns_duplicate_info_type, &info);
  registry_readings_add (&self->readings, request, true, pair->first);
  registry_readings_add (&self->readings, request, true, pair->second);
  return MNS_OK;
}

static mns_rc_t list_pair (void *context, const registry_pair_t *pair) {
  list_t *list = context;
  if (!mns_place_covers (list->area, pair->place) || !mns_caller_covers (&list->request->caller, pair->place))
    return MNS_OK;
  if (list->left-- == 0)
    return MNS_GONE;
  return reply_pair (list->self, list->turn, list->request, pair);
}

mns_rc_t registry_handle_duplicates (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  const mns_duplicate_query_t *asked = request->record;
  list_t list = {.self = self,
                 .turn = turn,
                 .request = request,
                 .asked = asked,
                 .area = asked->place ? asked->place : request->caller.division,
                 .left = asked->limit == MNS_NONE ? LIST_DEFAULT : asked->limit};
  mns_rc_t rc = registry_covers (&request->caller, list.area, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  if (asked->person)
    return registry_pairs_of_person (&self->duplicates, asked->person, list_pair, &list);
  return registry_pairs_in_state (&self->duplicates, asked->state ? asked->state : MNS_DUPLICATE_OPEN,
                                  asked->points == MNS_NONE ? 0 : asked->points, list_pair, &list);
}

/* ---- side by side ------------------------------------------------------------------------------------------------ */

/* The facts of an entry that are shown, and the group of codes that compare them (0: only shown). */
static const struct {
  const char *field;
  mns_code_t first, last;
} lines[] = {
    {"id", 0, 0},
    {"name", MNS_FACT_NAME_SAME, MNS_FACT_NAME_OTHER},
    {"sex", MNS_FACT_SEX_SAME, MNS_FACT_SEX_OTHER},
    {"birth", MNS_FACT_BIRTH_SAME, MNS_FACT_BIRTH_OTHER},
    {"citizen_number", MNS_FACT_NUMBER_SAME, MNS_FACT_NUMBER_OTHER},
    {"status", 0, 0},
    {"since", 0, 0},
    {"place", MNS_FACT_PLACE_SAME, MNS_FACT_TOWNSHIP_SAME},
    {"residence", 0, 0},
    {"household", MNS_FACT_HOUSEHOLD_SAME, MNS_FACT_HOUSEHOLD_SAME},
    {"relation", 0, 0},
    {"mother", MNS_FACT_MOTHER_SAME, MNS_FACT_MOTHER_OTHER},
    {"ethnic", 0, 0},
    {"marital", 0, 0},
    {"registration", 0, 0},
};

typedef struct {
  mns_person_entry_t person;
  char certificate[41];
  registry_identity_t identity;
} side_t;

static void fill_fact (const registry_t *self, const registry_score_t *score, mns_code_t first, mns_code_t last,
                       mns_duplicate_fact_info_t *info) {
  for (mns_code_t fact = first; fact && fact <= last; fact++)
    if (score->facts & 1u << fact) {
      const registry_text_t *text = &self->catalogue.facts[fact];
      info->fact = fact;
      info->points = self->catalogue.weights.points[fact];
      mns_text_copy (info->text, sizeof info->text, self->in_chinese ? text->zh : text->en);
    }
}

static void reply_line (const registry_t *self, mns_turn_t *turn, const char *field, const char *first,
                        const char *second, const registry_score_t *score, mns_code_t from, mns_code_t to) {
  mns_duplicate_fact_info_t info;
  mns_record_clear (&mns_duplicate_fact_info_type, &info);
  mns_text_copy (info.field, sizeof info.field, field);
  mns_text_copy (info.first, sizeof info.first, first);
  mns_text_copy (info.second, sizeof info.second, second);
  fill_fact (self, score, from, to, &info);
  mns_turn_reply (turn, &mns_duplicate_fact_info_type, &info);
}

static void reply_sum (const registry_t *self, mns_turn_t *turn, registry_verdict_t verdict,
                       const registry_score_t *score) {
  static const char *const words[] = {[REGISTRY_OTHER] = "two persons",
                                      [REGISTRY_SUSPICION] = "a suspicion",
                                      [REGISTRY_LIKELY] = "likely one person",
                                      [REGISTRY_SAME] = "one person"};
  mns_duplicate_fact_info_t info;
  mns_record_clear (&mns_duplicate_fact_info_type, &info);
  strcpy (info.field, "points");
  info.points = score->points;
  snprintf (info.text, sizeof info.text, "%s; likely from %d, a suspicion from %d", words[verdict],
            self->catalogue.weights.likely, self->catalogue.weights.suspicion);
  mns_turn_reply (turn, &mns_duplicate_fact_info_type, &info);
}

static void reply_comparison (const registry_t *self, mns_turn_t *turn, const side_t *first, const side_t *second) {
  char one[256], other[256];
  registry_score_t unused, score = registry_score (&second->identity, &first->identity, &self->catalogue.weights);
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    const mns_field_t *field = mns_record_field (&mns_person_entry_type, lines[i].field);
    mns_field_format (field, &first->person, one, sizeof one);
    mns_field_format (field, &second->person, other, sizeof other);
    if (*one || *other)
      reply_line (self, turn, field->name, one, other, &score, lines[i].first, lines[i].last);
  }
  if (*first->certificate || *second->certificate)
    reply_line (self, turn, "certificate", first->certificate, second->certificate, &score, MNS_FACT_CERTIFICATE_SAME,
                MNS_FACT_CERTIFICATE_OTHER);
  if (score.facts & 1u << MNS_FACT_DELIVERY_SAME)
    reply_line (self, turn, "rank", "", "", &score, MNS_FACT_DELIVERY_SAME, MNS_FACT_DELIVERY_SAME);
  reply_sum (self, turn, registry_duplicate (&second->identity, &first->identity, &self->catalogue.weights, &unused),
             &score);
}

static mns_rc_t load_side (registry_t *self, mns_turn_t *turn, const mns_request_t *request, uint64_t person,
                           side_t *side) {
  mns_error_t *error = mns_turn_error (turn);
  mns_rc_t rc = registry_person_get (&self->people, person, &side->person, error);
  if (rc == MNS_OK)
    rc = registry_covers (&request->caller, registry_area (self, side->person.place, side->person.residence), error);
  if (rc == MNS_OK)
    rc = registry_identity_load (self, &side->person, side->certificate, &side->identity);
  if (rc == MNS_OK)
    registry_readings_add (&self->readings, request, true, person);
  return rc;
}

mns_rc_t registry_handle_duplicate (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  const mns_duplicate_select_t *asked = request->record;
  registry_pair_t pair = {.first = asked->first, .second = asked->second};
  side_t first, second;
  mns_rc_t rc = MNS_OK;
  if (asked->pair)
    rc = registry_pair_get (&self->duplicates, asked->pair, &pair, mns_turn_error (turn));
  else if (!pair.first || !pair.second)
    rc = mns_fail (mns_turn_error (turn), MNS_MISSING, "pair", "give the number of a pair, or two register numbers");
  if (rc == MNS_OK)
    rc = load_side (self, turn, request, pair.first, &first);
  if (rc == MNS_OK)
    rc = load_side (self, turn, request, pair.second, &second);
  if (rc == MNS_OK)
    reply_comparison (self, turn, &first, &second);
  return rc;
}

/* ---- the decision ------------------------------------------------------------------------------------------------ */

static mns_rc_t check_open (const registry_pair_t *pair, mns_error_t *error) {
  if (pair->state == MNS_DUPLICATE_OPEN)
    return MNS_OK;
  return mns_fail (error, MNS_WRONG_STATE, "pair", "pair %" PRIu64 " was decided already (%s)", pair->id,
                   mns_code_word (&mns_duplicate_state, pair->state));
}

mns_rc_t registry_handle_dismiss_duplicate (void *state, mns_turn_t *turn, const mns_request_t *request) {
  registry_t *self = state;
  const mns_duplicate_dismiss_t *asked = request->record;
  mns_error_t *error = mns_turn_error (turn);
  registry_pair_t pair;
  mns_rc_t rc = registry_pair_get (&self->duplicates, asked->pair, &pair, error);
  if (rc == MNS_OK)
    rc = registry_covers (&request->caller, pair.place, error);
  if (rc == MNS_OK)
    rc = check_open (&pair, error);
  if (rc != MNS_OK)
    return rc;
  pair.state = MNS_DUPLICATE_DISMISSED;
  pair.closed = mns_turn_today (turn);
  mns_text_copy (pair.account, sizeof pair.account, request->caller.account);
  mns_text_copy (pair.reason, sizeof pair.reason, asked->reason);
  rc = registry_pair_close (&self->duplicates, &pair);
  return rc == MNS_OK ? reply_pair (self, turn, request, &pair) : rc;
}
