/* What the source files of the store share; nobody else includes it. */
#ifndef MNS_COMMON_DB_PRIVATE_H
#define MNS_COMMON_DB_PRIVATE_H

#include "common/db.h"

/* A counter that the open turn has taken numbers from. */
typedef struct {
  char name[32];
  int64_t value;
} mns_db_counter_t;

#define MNS_DB_COUNTERS 16

struct mns_db {
  sqlite3 *handle;
  sqlite3_stmt *begin, *commit, *rollback;
  sqlite3_stmt *read_counter, *write_counter; /* prepared at the first use: their table comes with a migration */
  mns_db_counter_t counters[MNS_DB_COUNTERS];
  size_t counter_count;
  char who[32], path[512], vfs[32];
  char message[256]; /* of the last failure */
  bool guest;
  mns_rc_t unprepared; /* the first failure of a guest's mns_db_prepare */
};

/* Translates a SQLite code of `handle`'s last call. */
mns_rc_t mns_db_translate (sqlite3 *handle, int code);
/* The same for the store's own connection, with the message kept and the failure logged. */
mns_rc_t mns_db_note (mns_db_t *db, int code);
/* The same once more, as an error at the store's path: `what` was tried. */
mns_rc_t mns_db_fail (mns_db_t *db, int code, const char *what, mns_error_t *error);

/* Writes the counters of the open turn and forgets them. */
mns_rc_t mns_db_write_counters (mns_db_t *db);

#endif
