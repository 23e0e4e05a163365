/* What a connection may ask of the broker that brings nobody anything: greeting, subscribing, announcing again and
 * again, and mistakes. Each costs points of its bucket; when it is empty, such messages are dropped unread until it has
 * some again, and the peer is told so once. Events, requests, answers and credit cost nothing here.
 *
 * Only who comes over TCP: whoever is in this process, or may open our data directory, is one of us. */
#ifndef MNS_BROKER_PATIENCE_H
#define MNS_BROKER_PATIENCE_H

#include "services/broker/peers.h"

enum { BROKER_POINTS_GREETING = 20, BROKER_POINTS_MISTAKE = 5, BROKER_POINTS_SMALL = 2 };

/* Takes `points`; false: there are none left, *first when this is the first time since there were some. */
bool broker_patience_take (broker_peer_t *peer, int64_t points, int64_t now_ms, bool *first);

#endif
