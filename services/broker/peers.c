/* Peers: a hash table by door and routing id, and an array to walk. */
#include "services/broker/peers.h"
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };

void broker_peers_init (broker_peers_t *peers) {
  peers->buckets = mns_alloc (BUCKETS * sizeof *peers->buckets);
  peers->all = mns_alloc (BROKER_PEERS_MAX * sizeof *peers->all);
  peers->count = 0;
}

void broker_peers_fini (broker_peers_t *peers) {
  while (peers->count > 0)
    broker_peers_remove (peers, peers->all[0]);
  free (peers->buckets);
  free (peers->all);
  memset (peers, 0, sizeof *peers);
}

/* FNV-1a. */
static size_t bucket_of (broker_door_t door, const uint8_t *route, size_t size) {
  uint32_t hash = 2166136261u ^ (uint32_t)door;
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ route[i]) * 16777619u;
  return (hash ^ hash >> 16) % BUCKETS;
}

broker_peer_t *broker_peers_find (broker_peers_t *peers, broker_door_t door, const void *route, size_t size) {
  broker_peer_t *peer = peers->buckets[bucket_of (door, route, size)];
  while (peer != NULL && (peer->door != door || peer->route_size != size || memcmp (peer->route, route, size) != 0))
    peer = peer->next;
  return peer;
}

broker_peer_t *broker_peers_add (broker_peers_t *peers, broker_door_t door, const void *route, size_t size) {
  if (peers->count == BROKER_PEERS_MAX || size > UINT8_MAX)
    return NULL;
  size_t bucket = bucket_of (door, route, size);
  broker_peer_t *peer = mns_alloc (sizeof *peer);
  peer->door = door;
  peer->route_size = (uint8_t)size;
  memcpy (peer->route, route, size);
  peer->next = peers->buckets[bucket];
  peers->buckets[bucket] = peer;
  peer->index = peers->count;
  peers->all[peers->count++] = peer;
  return peer;
}

void broker_peers_remove (broker_peers_t *peers, broker_peer_t *peer) {
  broker_peer_t **at = &peers->buckets[bucket_of (peer->door, peer->route, peer->route_size)];
  while (*at != peer)
    at = &(*at)->next;
  *at = peer->next;
  broker_peer_t *last = peers->all[--peers->count];
  peers->all[peer->index] = last;
  last->index = peer->index;
  free (peer);
}
