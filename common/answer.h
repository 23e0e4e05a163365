/* Stored answers: what makes a command happen once, however often it is sent.
 *
 * An answer stands under its idempotency key with the account, the command and a hash of the body, in the transaction
 * of the effect. A key of version 7 begins with its time: 30 days later the answer is purged, and a request with such a
 * key is refused instead of carried out again. Keys of version 8 (derived from a file's rows) stand for ever. */
#ifndef MNS_COMMON_ANSWER_H
#define MNS_COMMON_ANSWER_H

#include "common/db.h"
#include "common/id.h"

#define MNS_ANSWER_HASH    16
#define MNS_ANSWER_KEPT_US (30ll * 86400 * 1000000)

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *find, *insert, *old, *remove;
  mns_uuid_t purged; /* where the last purge came to */
} mns_answers_t;

/* What identifies a request beside its key. */
typedef struct {
  const char *account, *command;
  uint8_t hash[MNS_ANSWER_HASH];
} mns_asked_t;

typedef struct {
  mns_rc_t rc;
  uint64_t epoch, number;
  const uint8_t *body; /* of find: valid until mns_answers_done */
  size_t size;
} mns_answer_t;

void mns_answers_init (mns_answers_t *answers, mns_db_t *db);
void mns_asked_init (mns_asked_t *asked, const char *account, const char *command, const void *body, size_t size);

/* MNS_OK: found; MNS_NOT_FOUND; MNS_KEY_REUSED: found for another request; or the store's error. */
mns_rc_t mns_answers_find (mns_answers_t *answers, const mns_uuid_t *key, const mns_asked_t *asked,
                           mns_answer_t *answer);
void mns_answers_done (mns_answers_t *answers); /* ends what find began */
mns_rc_t mns_answers_store (mns_answers_t *answers, const mns_uuid_t *key, const mns_asked_t *asked,
                            const mns_answer_t *answer, mns_time_t now);

/* True when a key of version 7 is too old to be trusted with. */
bool mns_answers_expired (const mns_uuid_t *key, mns_time_t now);
/* Deletes a bounded number of expired answers in the open transaction; *more: there may be others. */
mns_rc_t mns_answers_purge (mns_answers_t *answers, mns_time_t now, bool *more);

#endif
