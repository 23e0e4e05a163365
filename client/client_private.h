/* What the source files of the client library share; nobody else includes it. */
#ifndef MNS_CLIENT_CLIENT_PRIVATE_H
#define MNS_CLIENT_CLIENT_PRIVATE_H

#include "client/offset.h"
#include "client/received.h"
#include "client/wakeup.h"
#include "common/bus.h"
#include "mns/client.h"
#include <sys/types.h>

#define MNS_CLIENT_PATH 256

struct mns_client {
  pid_t process; /* that made it */
  void *context; /* of ZeroMQ */
  mns_config_t config;
  char account[MNS_NAME_MAX + 1], software[MNS_NAME_MAX + 1], consumer[MNS_NAME_MAX + 1];
  char offset_file[MNS_CLIENT_PATH];
  mns_error_t wrong; /* a mistake in a setter, told by connect */
  mns_bus_t *bus;    /* NULL: not connected */
  bool subscribed;
  mns_contained_t contained;       /* by the snapshot that the subscription follows */
  char confirmed[MNS_OFFSET_SIZE]; /* as the offset file says */
  char offset[MNS_OFFSET_SIZE];    /* as asked for */
  mns_wakeup_t wakeup;
  mns_receiver_t receiver;
  mns_reply_t reply;
  mns_head_t reply_head;
  mns_buffer_t reply_body;
};

/* MNS_WRONG_STATE after a fork; after connect. */
mns_rc_t mns_client_here (const mns_client_t *client, mns_error_t *error);
mns_rc_t mns_client_check (const mns_client_t *client, mns_error_t *error); /* the settings too */
mns_rc_t mns_client_ready (const mns_client_t *client, mns_error_t *error);
/* The file descriptor tells again: to be called at the end of each call that uses the connection; returns rc. */
mns_rc_t mns_client_done (mns_client_t *client, mns_rc_t rc);
/* −1 is for ever. */
int mns_client_timeout (int timeout_ms);

#endif
