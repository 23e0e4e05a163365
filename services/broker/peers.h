/* Peers: the connections of the broker, found by door and routing id, and how long they have been silent.
 *
 *   first message ─► known ──HELLO──► greeted ──silent 5 s, holds something──► pinged ──15 s──► forgotten
 *
 * A peer holds a producer, commands, subscriptions, open requests; forgetting it gives all of them up. */
#ifndef MNS_BROKER_PEERS_H
#define MNS_BROKER_PEERS_H

#include "common/service.h"
#include "services/broker/unread.h"

typedef enum { BROKER_INPROC, BROKER_IPC, BROKER_TCP, BROKER_DOORS } broker_door_t;

enum {
  BROKER_PEERS_MAX = 8192,
  BROKER_SUBSCRIPTIONS_MAX = 16, /* of one peer */
  BROKER_PING_AFTER_MS = 5000,
  BROKER_FORGET_AFTER_MS = 15000,
  BROKER_BUSY_MS = 600000, /* so long for one that is at something long */
  BROKER_FORGET_IDLE_MS = 60000,
  BROKER_CHALLENGE_MS = 3000, /* a holder has so long to answer when another wants what it holds */
  BROKER_IDENTITY_MAX = 64
};

typedef struct broker_peer broker_peer_t;
typedef struct broker_producer broker_producer_t;
typedef struct broker_subscription broker_subscription_t;

struct broker_peer {
  broker_peer_t *next; /* in its bucket */
  size_t index;        /* in broker_peers_t.all */
  broker_door_t door;
  uint8_t route_size, route[255];
  char identity[BROKER_IDENTITY_MAX]; /* tcp: account by ZAP; ipc: user id of the peer; "" unknown */
  bool greeted, gone, busy;           /* busy: at something long, by its last PONG */
  bool dismissed;                 /* greeted once and told that this is over: it must say HELLO before anything else */
  mns_caller_t caller;            /* once greeted */
  struct broker_account *account; /* the same with its rights and limits; NULL before */
  char software[MNS_NAME_MAX + 1];
  int64_t heard_ms, asked_ms, pinged_ms, challenged_ms; /* 0: not; asked: first PING since it was heard */
  broker_producer_t *producer;
  broker_subscription_t *subscriptions[BROKER_SUBSCRIPTIONS_MAX];
  size_t subscription_count, command_count;
  size_t asking;              /* its requests that are open */
  size_t working;             /* requests of others that it has to answer */
  int64_t spent, refilled_ms; /* of the broker's patience (patience.h) */
  bool unheard;               /* it has been told that there is none left */
  broker_unread_t unread;
};

typedef struct {
  broker_peer_t **buckets, **all;
  size_t count;
} broker_peers_t;

void broker_peers_init (broker_peers_t *peers);
void broker_peers_fini (broker_peers_t *peers);
broker_peer_t *broker_peers_find (broker_peers_t *peers, broker_door_t door, const void *route, size_t size);
/* A new one; NULL when there are BROKER_PEERS_MAX. */
broker_peer_t *broker_peers_add (broker_peers_t *peers, broker_door_t door, const void *route, size_t size);
/* Frees it; what it held has been given up before. */
void broker_peers_remove (broker_peers_t *peers, broker_peer_t *peer);

#endif
