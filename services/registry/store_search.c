/* The search over persons: one statement for each way through a village, and the walk from village to village. */
#include "services/registry/store_search.h"

#include "common/records/place.h"
#include "common/text.h"
#include "services/registry/store_sql.h"
#include <string.h>

#define KEY_SIZE 608
#define LAST_KEY "\xf4\x8f\xbf\xbf" /* behind every name */

enum { REGISTERED, LIVING, STREAMS };
typedef enum { BY_NAME, BY_PART, BY_BIRTH, BY_STATUS } way_t;

static const char *const villages[STREAMS] = {"place = ?1", "residence = ?1 AND residence % 1000 > 0"};
/* ?2 … ?3 what is looked for, (?4, ?5) behind which it goes on: ?2 is not before ?4. ("name_key > ?4 OR name_key = ?4
 * AND …" would make SQLite begin at ?4 instead of ?2.) */
static const char *const ways[REGISTRY_WAYS] = {
    [BY_NAME] = "name_key >= ?2 AND name_key <= ?3 AND (name_key > ?4 OR id > ?5) ORDER BY name_key, id",
    [BY_PART] = "name_key >= ?4 AND instr (name_key, ?2) > 0 AND (name_key > ?4 OR id > ?5) ORDER BY name_key, id",
    [BY_BIRTH] = "birth >= ?2 AND birth <= ?3 AND (birth > ?4 OR id > ?5) ORDER BY birth, id",
    [BY_STATUS] = "status <> 'present' AND status = ?2 AND id > ?5 ORDER BY id",
};

void registry_finder_init (registry_finder_t *finder, registry_people_t *people) {
  finder->people = people;
  for (int way = 0; way < REGISTRY_WAYS; way++)
    for (int stream = 0; stream < STREAMS; stream++) {
      mns_buffer_t rest = {0};
      mns_buffer_printf (&rest, "WHERE %s AND %s", villages[stream], ways[way]);
      mns_buffer_add (&rest, "", 1);
      finder->statements[way][stream] =
          registry_prepare_select (people->db, "person", &mns_person_entry_type, (const char *)rest.data);
      mns_buffer_fini (&rest);
    }
  finder->next[REGISTERED] =
      mns_db_prepare (people->db, "SELECT min (place) FROM person WHERE place BETWEEN ?1 AND ?2");
  finder->next[LIVING] =
      mns_db_prepare (people->db, "SELECT min (residence) FROM person WHERE residence BETWEEN ?1 AND "
                                  "?2 AND residence % 1000 > 0");
}

/* ---- one search -------------------------------------------------------------------------------------------------- */

typedef struct {
  registry_finder_t *finder;
  const registry_search_t *asked;
  registry_each_t each;
  void *context;
  way_t way;
  char key[KEY_SIZE], last_key[KEY_SIZE + sizeof LAST_KEY];
  mns_place_t last;  /* of the area */
  mns_place_t at[2]; /* the next village of each stream; `last` + 1: none */
  size_t count;      /* given out */
  char after_key[KEY_SIZE];
  mns_date_t after_birth;
  uint64_t after; /* 0: from the beginning of the village */
} search_t;

static bool is_in (const search_t *search, mns_place_t place) {
  return place >= search->asked->place && place <= search->last;
}

static bool answers (const registry_search_t *asked, const mns_person_entry_t *person) {
  return (!asked->born_from || person->birth >= asked->born_from) && (!asked->to || person->birth <= asked->to) &&
         (!asked->sex || person->sex == asked->sex) && (!asked->status || person->status == asked->status);
}

static mns_rc_t give_rows (search_t *search, sqlite3_stmt *statement, int stream) {
  mns_db_t *db = search->finder->people->db;
  mns_person_entry_t person;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && search->count < search->asked->limit) {
    rc = mns_db_step (db, statement, &row);
    if (rc != MNS_OK || !row)
      break;
    rc = mns_record_read (&mns_person_entry_type, &person, statement, 0, NULL);
    bool was_given = stream == LIVING && is_in (search, person.place);
    if (rc == MNS_OK && !was_given && answers (search->asked, &person)) {
      rc = search->each (search->context, &person);
      search->count++;
    }
  }
  sqlite3_reset (statement);
  return rc;
}

/* ---- villages ---------------------------------------------------------------------------------------------------- */

static void bind (search_t *search, sqlite3_stmt *statement, mns_place_t village) {
  const registry_search_t *asked = search->asked;
  const char *from = strcmp (search->after_key, search->key) > 0 ? search->after_key : search->key;
  mns_date_t born = search->after_birth > asked->born_from ? search->after_birth : asked->born_from;
  switch (search->way) {
  case BY_NAME:
    mns_db_bind (statement, "ittti", village, from, search->last_key, search->after_key, (int64_t)search->after);
    break;
  case BY_PART:
    mns_db_bind (statement, "ittti", village, search->key, "", search->after_key, (int64_t)search->after);
    break;
  case BY_BIRTH:
    mns_db_bind (statement, "iiiii", village, (int64_t)born, asked->to ? (int64_t)asked->to : INT64_MAX,
                 (int64_t)search->after_birth, (int64_t)search->after);
    break;
  case BY_STATUS:
    mns_db_bind (statement, "itiii", village, mns_code_word (&mns_person_status, asked->status), INT64_C (0),
                 INT64_C (0), (int64_t)search->after);
  }
}

static mns_rc_t search_village (search_t *search, int stream, mns_place_t village) {
  sqlite3_stmt *statement = search->finder->statements[search->way][stream];
  bind (search, statement, village);
  mns_rc_t rc = give_rows (search, statement, stream);
  search->after = 0;
  search->after_birth = 0;
  search->after_key[0] = '\0';
  return rc;
}

static mns_rc_t find_next (search_t *search, int stream, mns_place_t from) {
  sqlite3_stmt *next = search->finder->next[stream];
  bool row;
  mns_db_bind (next, "ii", from, search->last);
  mns_rc_t rc = mns_db_step (search->finder->people->db, next, &row);
  search->at[stream] = rc == MNS_OK && row && sqlite3_column_type (next, 0) != SQLITE_NULL
                           ? sqlite3_column_int64 (next, 0)
                           : search->last + 1;
  sqlite3_reset (next);
  return rc;
}

/* Of one village first those who are registered there, then those who only live there. */
static mns_rc_t walk (search_t *search) {
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && search->count < search->asked->limit) {
    int stream = search->at[LIVING] < search->at[REGISTERED] ? LIVING : REGISTERED;
    mns_place_t village = search->at[stream];
    if (village > search->last)
      break;
    rc = search_village (search, stream, village);
    if (rc == MNS_OK)
      rc = find_next (search, stream, village + 1);
  }
  return rc;
}

/* ---- beginning --------------------------------------------------------------------------------------------------- */

static way_t way_of (const registry_search_t *asked) {
  if (*asked->text)
    return asked->match == MNS_NAME_PART ? BY_PART : BY_NAME;
  return asked->status > MNS_PRESENT ? BY_STATUS : BY_BIRTH;
}

static bool set_keys (search_t *search) {
  const registry_search_t *asked = search->asked;
  bool fits = mns_text_name_key (asked->text, search->key, sizeof search->key);
  strcpy (search->last_key, search->key);
  if (asked->match != MNS_NAME_EXACT)
    strcat (search->last_key, LAST_KEY);
  return fits;
}

/* Where the person stands in the order of this search: the walk goes on behind it. */
static mns_rc_t begin_after (search_t *search) {
  mns_person_entry_t person;
  mns_rc_t rc = registry_person_get (search->finder->people, search->asked->after, &person, NULL);
  if (rc != MNS_OK)
    return rc;
  int stream = is_in (search, person.place) ? REGISTERED : LIVING;
  mns_place_t village = stream == REGISTERED ? person.place : person.residence;
  search->after = person.id;
  search->after_birth = person.birth;
  mns_text_name_key (person.name, search->after_key, sizeof search->after_key);
  search->at[stream] = village;
  return find_next (search, !stream, stream == REGISTERED ? village : village + 1);
}

static mns_rc_t begin (search_t *search) {
  if (search->asked->after)
    return begin_after (search);
  mns_rc_t rc = find_next (search, REGISTERED, search->asked->place);
  return rc == MNS_OK ? find_next (search, LIVING, search->asked->place) : rc;
}

static mns_rc_t search_household (search_t *search) {
  sqlite3_stmt *statement = search->finder->people->by_household;
  mns_db_bind (statement, "ui", search->asked->household, (int64_t)search->asked->after);
  return give_rows (search, statement, REGISTERED);
}

mns_rc_t registry_people_search (registry_finder_t *finder, const registry_search_t *asked, registry_each_t each,
                                 void *context) {
  search_t search = {.finder = finder, .asked = asked, .each = each, .context = context, .way = way_of (asked)};
  search.last = asked->place ? mns_place_last (asked->place) : INT64_MAX - 1;
  if (asked->household)
    return search_household (&search);
  if (!set_keys (&search))
    return MNS_OK; /* longer than any name */
  mns_rc_t rc = begin (&search);
  return rc == MNS_OK ? walk (&search) : rc;
}
