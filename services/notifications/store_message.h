/* Messages and names of places in the store. */
#ifndef MNS_NOTIFICATIONS_STORE_MESSAGE_H
#define MNS_NOTIFICATIONS_STORE_MESSAGE_H

#include "common/db.h"
#include "common/records/notifications_requests.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *exists, *find, *due, *update, *list, *retry, *restart, *place, *place_name, *began;
} message_store_t;

void message_store_init (message_store_t *store, mns_db_t *db);
/* Since when this store sends: `now` when it is new. Messages that were on their way wait again. In a transaction of
 * its own. */
mns_rc_t message_store_begin (message_store_t *store, mns_time_t now, mns_time_t *began, mns_error_t *error);

mns_rc_t message_store_exists (message_store_t *store, const char *key, const char *address, bool *exists);
/* The number goes to message->message. `name` is that of the office. */
mns_rc_t message_store_insert (message_store_t *store, mns_message_t *message, const char *name);
/* MNS_NOT_FOUND. `name` gets that of the office and may be NULL. */
mns_rc_t message_store_find (message_store_t *store, uint64_t id, mns_message_t *message, char *name, size_t size);
/* The waiting message that has been due longest; 0: none is due. */
mns_rc_t message_store_due (message_store_t *store, mns_time_t now, uint64_t *id);
/* Writes state, attempts, due, sent and error. */
mns_rc_t message_store_update (message_store_t *store, const mns_message_t *message);

void message_store_list (message_store_t *store, const mns_message_query_t *query);
mns_rc_t message_store_next (message_store_t *store, mns_message_t *message, bool *more, mns_error_t *error);
/* Dead letters wait again, now, with their attempts counted anew. */
mns_rc_t message_store_retry_dead (message_store_t *store, mns_time_t now, int64_t *count);

/* The name of a span that has ended is only taken as long as the code has none. */
mns_rc_t message_store_put_place (message_store_t *store, mns_place_t code, const char *name, bool ended);
/* The code itself when the name is not known. */
mns_rc_t message_store_place_name (message_store_t *store, mns_place_t code, char *name, size_t size);

#endif
