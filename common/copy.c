/* The thread that copies: its connection is handed over with the transaction open. */
#include "common/copy.h"
#include "common/dir.h"
#include "common/failpoint.h"
#include "common/handover.h"
#include "common/text.h"
#include <czmq.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct mns_copy {
  mns_db_t *db;
  char path[MNS_PATH_MAX];
  zactor_t *actor;
};

/* The owner says nothing but "$TERM". */
static bool owner_ends (void *pipe, int flags) {
  char word[8];
  return zmq_recv (pipe, word, sizeof word, flags) >= 0 || errno == ETERM;
}

static bool goes_on (void *pipe) {
  mns_failpoint ("store_copy");
  return !owner_ends (pipe, ZMQ_DONTWAIT);
}

static void run (zsock_t *actor_pipe, void *args) {
  mns_copy_t *copy = args;
  void *pipe = zsock_resolve (actor_pipe);
  mns_error_t error = {0};
  zsock_signal (actor_pipe, 0);
  mns_rc_t rc = mns_db_copy (copy->db, copy->path, goes_on, pipe, &error);
  mns_db_destroy (&copy->db);
  mns_handover_give ();
  zmq_send (pipe, &error, sizeof error, ZMQ_DONTWAIT);
  while (rc != MNS_UNAVAILABLE && !owner_ends (pipe, 0))
    ;
}

/* The transaction begins with its first read. */
static mns_rc_t open_at_once (mns_copy_t *copy, const char *store, const char *who, mns_error_t *error) {
  mns_db_options_t options = {.path = store, .read_only = true, .who = who};
  mns_rc_t rc = mns_db_open (&copy->db, &options, error);
  if (rc == MNS_OK)
    rc = mns_db_exec (copy->db, "BEGIN", error);
  if (rc == MNS_OK)
    rc = mns_db_exec (copy->db, "SELECT 1 FROM sqlite_schema LIMIT 1", error);
  return rc;
}

mns_rc_t mns_copy_begin (mns_copy_t **out, const char *store, const char *path, const char *who, mns_error_t *error) {
  mns_copy_t *copy = mns_alloc (sizeof *copy);
  memset (copy, 0, sizeof *copy);
  mns_text_copy (copy->path, sizeof copy->path, path);
  mns_rc_t rc = open_at_once (copy, store, who, error);
  if (rc == MNS_OK)
    copy->actor = zactor_new (run, copy);
  else
    mns_copy_destroy (&copy);
  *out = copy;
  return rc;
}

void mns_copy_destroy (mns_copy_t **owner) {
  mns_copy_t *copy = *owner;
  if (copy == NULL)
    return;
  zactor_destroy (&copy->actor);
  mns_handover_take ();
  mns_db_destroy (&copy->db);
  free (copy);
  *owner = NULL;
}

bool mns_copy_heard (mns_copy_t *copy, bool wait, mns_error_t *error) {
  if (zmq_recv (mns_copy_socket (copy), error, sizeof *error, wait ? 0 : ZMQ_DONTWAIT) != sizeof *error)
    return false;
  mns_handover_take ();
  return true;
}

void *mns_copy_socket (mns_copy_t *copy) {
  return zsock_resolve (copy->actor);
}
