/* The walks of the check of the whole register, slice by slice. */
#ifndef MNS_REGISTRY_STORE_CHECK_H
#define MNS_REGISTRY_STORE_CHECK_H

#include "services/registry/store_person.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *persons, *households, *places, *population, *born, *months;
} registry_check_t;

void registry_check_init (registry_check_t *check, mns_db_t *db);

typedef mns_rc_t (*registry_each_code_t) (void *context, int64_t number);

/* Persons above `after` in the order of their numbers, at most `limit`. */
mns_rc_t registry_check_persons (registry_check_t *check, uint64_t after, int64_t limit, registry_each_t each,
                                 void *context);
/* The numbers of households above `after`, at most `limit`. */
mns_rc_t registry_check_households (registry_check_t *check, uint64_t after, int64_t limit, registry_each_code_t each,
                                    void *context);
/* Places above `after` in which anybody is registered or was, at most `limit`. */
mns_rc_t registry_check_places (registry_check_t *check, mns_place_t after, int64_t limit, registry_each_code_t each,
                                void *context);
/* Those who are present in a place. */
mns_rc_t registry_check_population (registry_check_t *check, mns_place_t place, int64_t *persons);

/* Persons of all places born from … to, those who were taken out left out. */
mns_rc_t registry_check_born (registry_check_t *check, mns_date_t from, mns_date_t to, registry_each_t each,
                              void *context);
/* The first and the last birth date there is; 0 when nobody is there. */
mns_rc_t registry_check_months (registry_check_t *check, mns_date_t *first, mns_date_t *last);

#endif
