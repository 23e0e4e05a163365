/* The search over persons: SQL narrows down by number, place, household or birth date, names are compared here. */
#include "services/registry/store_person.h"

#include "common/records/place.h"
#include "common/text.h"
#include "services/registry/rules_duplicate.h"
#include <string.h>

#define KEY_SIZE 608

static bool in_area (const mns_person_entry_t *person, mns_place_t area) {
  return mns_place_covers (area, person->place) || (person->residence && mns_place_covers (area, person->residence));
}

static bool name_has (const char *name, const registry_search_t *search, const char *text_key) {
  char key[KEY_SIZE];
  if (!*search->text || strstr (name, search->text))
    return true;
  if (registry_name_is_key (name))
    return strstr (name, text_key) != NULL;
  return mns_text_name_key (name, key, sizeof key) && strstr (key, text_key);
}

static bool answers (const registry_search_t *search, const mns_person_entry_t *person) {
  return in_area (person, search->place) && (!search->birth || person->birth == search->birth);
}

static sqlite3_stmt *statement_for (registry_people_t *people, const registry_search_t *search) {
  mns_place_t last = search->place ? mns_place_last (search->place) : INT64_MAX;
  if (search->household) {
    mns_db_bind (people->by_household, "ui", search->household, (int64_t)search->after);
    return people->by_household;
  }
  if (search->birth) {
    mns_db_bind (people->search_birth, "iiid", (int64_t)search->after, search->place, last, search->birth);
    return people->search_birth;
  }
  mns_db_bind (people->search_all, "iii", (int64_t)search->after, search->place, last);
  return people->search_all;
}

mns_rc_t registry_people_search (registry_people_t *people, const registry_search_t *search, registry_each_t each,
                                 void *context) {
  char text_key[KEY_SIZE];
  mns_person_entry_t person;
  bool row = true;
  size_t count = 0;
  mns_rc_t rc = MNS_OK;
  if (!mns_text_name_key (search->text, text_key, sizeof text_key))
    text_key[0] = 0;
  sqlite3_stmt *statement = statement_for (people, search);
  while (rc == MNS_OK && count < search->limit) {
    rc = mns_db_step (people->db, statement, &row);
    if (rc != MNS_OK || !row)
      break;
    const char *name = (const char *)sqlite3_column_text (statement, REGISTRY_NAME_COLUMN);
    if (name && !name_has (name, search, text_key))
      continue; /* most rows end here: they need not be read */
    rc = mns_record_read (&mns_person_entry_type, &person, statement, 0, NULL);
    if (rc == MNS_OK && answers (search, &person)) {
      rc = each (context, &person);
      count++;
    }
  }
  sqlite3_reset (statement);
  return rc;
}
