/* The search over persons, in a million of them within milliseconds.
 *
 * Persons are filed by village, so that a load writes its indexes in one place: (place, name), (place, birth), and two
 * small ones of those who live in another village than they are registered in. A search of a larger area walks its
 * villages, each with one step down an index. */
#ifndef MNS_REGISTRY_STORE_SEARCH_H
#define MNS_REGISTRY_STORE_SEARCH_H

#include "services/registry/store_person.h"

enum { REGISTRY_WAYS = 4 };

typedef struct {
  registry_people_t *people;
  sqlite3_stmt *statements[REGISTRY_WAYS][2]; /* of those registered in a village; of those who only live there */
  sqlite3_stmt *next[2];                      /* the next village with one of them */
} registry_finder_t;

void registry_finder_init (registry_finder_t *finder, registry_people_t *people);

/* "" and zeros are not asked for. */
typedef struct {
  const char *text;
  mns_code_t match;         /* mns_name_match; 0: begins */
  mns_date_t born_from, to; /* both included */
  mns_code_t sex, status;
  mns_place_t place;         /* whoever is registered or lives there; must be given unless `household` is */
  uint64_t household, after; /* `after`: behind this person, as the search has ordered them */
  size_t limit;
} registry_search_t;

/* Calls `each` for the persons that answer the question, up to `limit` of them: of a household in the order of their
 * numbers, otherwise village by village, in the order of names when a name is asked for, of numbers when a status other
 * than present is, else of birth. MNS_NOT_FOUND: nobody has the number `after`. */
mns_rc_t registry_people_search (registry_finder_t *finder, const registry_search_t *search, registry_each_t each,
                                 void *context);

#endif
