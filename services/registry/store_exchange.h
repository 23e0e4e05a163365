/* Matters with other counties in the store. */
#ifndef MNS_REGISTRY_STORE_EXCHANGE_H
#define MNS_REGISTRY_STORE_EXCHANGE_H

#include "common/db.h"
#include "common/records/exchange_records.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *put, *get, *by_identity, *list, *of_person, *due;
  sqlite3_stmt *letter_put, *letter_known, *letters;
  sqlite3_stmt *line_put, *tally;
} registry_matters_t;

void registry_matters_init (registry_matters_t *matters, mns_db_t *db);

/* Inserts or replaces, by id. */
mns_rc_t registry_matter_put (registry_matters_t *matters, const mns_matter_info_t *matter);
/* MNS_NOT_FOUND when there is none. */
mns_rc_t registry_matter_get (registry_matters_t *matters, uint64_t id, mns_matter_info_t *matter, mns_error_t *error);
/* id 0 when there is none. */
mns_rc_t registry_matter_find (registry_matters_t *matters, const mns_uuid_t *identity, mns_matter_info_t *matter);

typedef mns_rc_t (*registry_each_matter_t) (void *context, const mns_matter_info_t *matter);
/* What `query` asks for, behind its `after`, in the order of their numbers, until `each` says MNS_GONE. */
mns_rc_t registry_matters_list (registry_matters_t *matters, const mns_matter_query_t *query,
                                registry_each_matter_t each, void *context);
/* The first matter of this kind and person that is not over: a stay that is current or lapsed, else one that is open.
 * id 0 when there is none. */
mns_rc_t registry_matter_of_person (registry_matters_t *matters, uint64_t person, mns_code_t kind,
                                    mns_matter_info_t *matter);
/* The first matter that is to be looked at by `today`; id 0 when there is none. */
mns_rc_t registry_matter_due (registry_matters_t *matters, mns_date_t today, mns_matter_info_t *matter);

/* `partner` 0: sent. */
mns_rc_t registry_letter_put (registry_matters_t *matters, uint64_t matter, mns_place_t partner,
                              const mns_letter_info_t *letter);
/* Has the letter of this event been taken? */
mns_rc_t registry_letter_known (registry_matters_t *matters, mns_place_t partner, uint64_t epoch, uint64_t number,
                                bool *known);
typedef mns_rc_t (*registry_each_letter_t) (void *context, const mns_letter_info_t *letter);
mns_rc_t registry_letters_of (registry_matters_t *matters, uint64_t matter, registry_each_letter_t each, void *context);

/* How the line to a partner is: absent fields keep what was there. */
mns_rc_t registry_line_put (registry_matters_t *matters, const mns_partner_report_t *report);
/* Line and figures of a partner; `county` and `name` are the caller's. */
mns_rc_t registry_partner_tally (registry_matters_t *matters, mns_date_t today, mns_partner_info_t *partner);

#endif
