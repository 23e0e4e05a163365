/* A bad network between two programs: a proxy in a thread of this process, over TCP or local sockets, that cuts, stops
 * one way, delays, trickles, resets, and (where ZMTP goes unencrypted) loses single messages of the bus by their kind.
 *
 * `up` is from who connected to whom it leads. Any thread may change how it behaves; what it holds back goes on when
 * it may. */
#ifndef MNS_TESTS_SUPPORT_PROXY_H
#define MNS_TESTS_SUPPORT_PROXY_H

#include "common/wire.h"

typedef struct proxy proxy_t;

typedef enum {
  PROXY_PASS,
  PROXY_CUT,       /* what is connected is closed, new connections too at once */
  PROXY_STOP_UP,   /* connections stay, nothing goes up */
  PROXY_STOP_DOWN, /* nothing comes down */
  PROXY_STOP,      /* neither */
  PROXY_DELAY,     /* everything comes `value` milliseconds late */
  PROXY_TRICKLE,   /* at most `value` bytes a second each way and connection */
  PROXY_MODES
} proxy_mode_t;

typedef enum { PROXY_UP, PROXY_DOWN } proxy_way_t;

/* Listens at `listen` (tcp://127.0.0.1:* chooses a port) and leads to `target`; NULL when it cannot. */
proxy_t *proxy_new (const char *listen, const char *target);
void proxy_destroy (proxy_t **proxy);
const char *proxy_endpoint (const proxy_t *proxy);

void proxy_set (proxy_t *proxy, proxy_mode_t mode, int value);
/* Closes what is connected, over TCP with RST, once. */
void proxy_reset (proxy_t *proxy);
/* Loses every `every`-th message of this kind on this way, `times` in all. every 0: none any more. */
void proxy_lose (proxy_t *proxy, proxy_way_t way, mns_frame_kind_t kind, uint64_t every, uint64_t times);

/* Since it began: messages lost, messages of the last lost kind seen, connections accepted. */
uint64_t proxy_lost (proxy_t *proxy);
uint64_t proxy_seen (proxy_t *proxy);
uint64_t proxy_connections (proxy_t *proxy);

#endif
