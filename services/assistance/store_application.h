/* Applications in the store. */
#ifndef MNS_ASSISTANCE_STORE_APPLICATION_H
#define MNS_ASSISTANCE_STORE_APPLICATION_H

#include "common/db.h"
#include "common/records/assistance_requests.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *find, *claim, *decide, *open, *list;
} application_store_t;

void application_store_init (application_store_t *store, mns_db_t *db);

/* `request` gives what was claimed; the number of the new application goes to application->application. */
mns_rc_t application_store_insert (application_store_t *store, mns_application_t *application,
                                   const mns_application_request_t *request);
mns_rc_t application_store_find (application_store_t *store, uint64_t id, mns_application_t *application,
                                 mns_error_t *error);
/* What was claimed in it. */
mns_rc_t application_store_claim (application_store_t *store, uint64_t id, mns_application_request_t *request);
mns_rc_t application_store_decide (application_store_t *store, const mns_application_t *application);
/* The number of the application of this person for this scheme that waits for a decision, 0: none. */
mns_rc_t application_store_open (application_store_t *store, uint64_t person, const char *scheme, uint64_t *id);

/* Steps through what the query asks for; *more is false at the end. */
void application_store_list (application_store_t *store, const mns_application_query_t *query);
mns_rc_t application_store_next (application_store_t *store, mns_application_t *application, bool *more,
                                 mns_error_t *error);

#endif
