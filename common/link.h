/* One connection to the broker: a DEALER that says HELLO, answers PING, and begins again when it must.
 *
 *   CLOSED ──pause──► CONNECTING ──writable──► GREETING ──WELCOME──► UP
 *      ▲                  │ not in time            │ REFUSE, 3 s        │ no longer writable, silent for 15 s,
 *      └──────────────────┴────────────────────────┴────────────────────┘ BYE, ERR need_hello
 *
 * A socket is a session: it never reconnects by itself, so that nothing is ever said to a broker that does not know us.
 * Pauses grow from 50 ms to 5 s, unevenly, and start again after a WELCOME. One thread. */
#ifndef MNS_COMMON_LINK_H
#define MNS_COMMON_LINK_H

#include "common/config.h"
#include "common/wire.h"
#include <zmq.h>

typedef enum { MNS_LINK_CLOSED, MNS_LINK_CONNECTING, MNS_LINK_GREETING, MNS_LINK_UP } mns_link_state_t;

typedef struct {
  void *context; /* of ZeroMQ */
  const mns_config_t *config;
  char who[MNS_NAME_MAX + 1]; /* for the log; "": says nothing there */
  mns_head_t hello;           /* what the next HELLO says; the owner's to fill */
  mns_head_t welcome;         /* what the last WELCOME said */
  mns_error_t error;          /* why it is not up */
  mns_link_state_t state;
  void *socket;
  int64_t since_ms;           /* of this state */
  int64_t heard_ms, asked_ms; /* last message; last PING, 0 answered */
  int64_t said_ms, unwritable_ms, complained_ms;
  int pause_ms;
  mns_buffer_t head_bytes;
} mns_link_t;

/* `context` is ZeroMQ's, the owner's to keep: zsys_init () for inproc. */
void mns_link_init (mns_link_t *link, void *context, const mns_config_t *config, const char *who);
void mns_link_fini (mns_link_t *link); /* says BYE; what was sent has a second to go out */

/* Does what is due: opens, greets, PINGs, gives up. To be called after each poll, when what came has been received, and
 * at least every wait_ms. */
void mns_link_tick (mns_link_t *link);
int64_t mns_link_wait_ms (const mns_link_t *link);
/* What to poll the socket for; 0 and a NULL socket when there is none. */
short mns_link_poll (const mns_link_t *link);

/* The next message that is the owner's business: WELCOME, REFUSE and BYE (also when the link itself gave up) among
 * them; 0 when there is none. `body` is an initialised message that is replaced. */
mns_frame_kind_t mns_link_receive (mns_link_t *link, mns_head_t *head, zmq_msg_t *body);

/* MNS_UNAVAILABLE: not up, or the peer takes nothing more; nothing was sent. */
mns_rc_t mns_link_send (mns_link_t *link, mns_frame_kind_t kind, const mns_head_t *head, const void *body, size_t size);
/* The same with a message, which is taken over when it was sent. */
mns_rc_t mns_link_send_message (mns_link_t *link, mns_frame_kind_t kind, const mns_head_t *head, zmq_msg_t *body);

/* Drops the connection; a new one begins after a pause. */
void mns_link_restart (mns_link_t *link);
/* The same without a pause: HELLO says something else now. */
void mns_link_greet_again (mns_link_t *link);

#endif
