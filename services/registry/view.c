/* A person as it was at the end of a day. */
#include "services/registry/view.h"

#include <inttypes.h>
#include <string.h>

/* ---- the standing ------------------------------------------------------------------------------------------------ */

typedef struct {
  mns_date_t day;
  bool found;
  mns_history_entry_t interval;
} past_search_t;

static mns_rc_t keep_if_holds (void *context, const mns_history_entry_t *interval) {
  past_search_t *search = context;
  if (interval->valid_from <= search->day && search->day < interval->valid_to) {
    search->found = true;
    search->interval = *interval;
  }
  return MNS_OK;
}

static mns_rc_t find_standing (registry_t *self, past_search_t *search, const mns_person_entry_t *person,
                               mns_error_t *error) {
  char day[MNS_DATE_TEXT];
  mns_rc_t rc = registry_past_of (&self->past, person->id, keep_if_holds, search);
  if (rc != MNS_OK || search->found)
    return rc;
  registry_standing_of (person, &search->interval);
  if (search->interval.valid_from <= search->day)
    return MNS_OK;
  mns_date_format (search->day, day);
  return mns_fail (error, MNS_NOT_FOUND, "as_of", "person %" PRIu64 " was not in the register on %s", person->id, day);
}

/* ---- facts that changed since -------------------------------------------------------------------------------------
 */

typedef struct {
  mns_date_t day;
  mns_person_entry_t *person;
  mns_date_t since[64]; /* of each field: the day of the change whose old value it has */
} facts_search_t;

/* Of the changes after the day the earliest says what was so on it. */
static mns_rc_t take_old_value (void *context, const mns_correction_entry_t *correction) {
  facts_search_t *search = context;
  const mns_field_t *field = mns_record_field (&mns_person_entry_type, correction->field);
  if (!field || correction->event || correction->changed <= search->day)
    return MNS_OK;
  mns_date_t *since = &search->since[field - mns_person_entry_type.fields];
  if (*since && *since <= correction->changed)
    return MNS_OK;
  *since = correction->changed;
  return mns_field_parse (field, search->person, correction->old_value, NULL);
}

mns_rc_t registry_view_as_of (registry_t *self, mns_date_t day, mns_person_entry_t *person, mns_date_t *from,
                              mns_date_t *to, mns_error_t *error) {
  past_search_t past = {.day = day};
  facts_search_t facts = {.day = day, .person = person};
  mns_rc_t rc = find_standing (self, &past, person, error);
  if (rc != MNS_OK)
    return rc;
  registry_standing_put (&past.interval, person);
  rc = registry_place_then (self, person->household, day, &person->place);
  if (rc == MNS_OK && person->residence)
    rc = registry_place_then (self, person->household, day, &person->residence);
  if (rc != MNS_OK)
    return rc;
  person->since = past.interval.valid_from;
  *from = past.interval.valid_from;
  *to = past.interval.valid_to;
  return registry_corrections_of_person (&self->events, person->id, take_old_value, &facts);
}

/* ---- showing ----------------------------------------------------------------------------------------------------- */

void registry_view_fill (const mns_person_entry_t *person, mns_person_info_t *info) {
  mns_record_clear (&mns_person_info_type, info);
  info->person = person->id;
  info->household = person->household;
  memcpy (info->name, person->name, sizeof info->name);
  memcpy (info->native_name, person->native_name, sizeof info->native_name);
  info->sex = person->sex;
  info->birth = person->birth;
  info->birth_precision = person->birth_precision;
  info->birth_calendar = person->birth_calendar;
  memcpy (info->birth_text, person->birth_text, sizeof info->birth_text);
  memcpy (info->citizen_number, person->citizen_number, sizeof info->citizen_number);
  info->status = person->status;
  info->place = person->place;
  info->residence = person->residence;
  info->registration = person->registration;
  info->relation = person->relation;
  info->ethnic = person->ethnic;
  info->marital = person->marital;
  info->spouse = person->spouse;
  info->mother = person->mother;
  info->father = person->father;
  info->adoptive_mother = person->adoptive_mother;
  info->adoptive_father = person->adoptive_father;
  info->since = person->since ? person->since : person->entry_day;
}
