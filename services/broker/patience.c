/* The patience of the broker with one connection. */
#include "services/broker/patience.h"

/* Five hundred greetings or subscriptions at once, a hundred a second; four times as many mistakes. */
enum { POINTS_MAX = 10000, POINTS_PER_SECOND = 2000, SECOND_MS = 1000 };

/* `spent` instead of what is left: a new peer has all of it. */
static void refill (broker_peer_t *peer, int64_t now_ms) {
  int64_t passed = now_ms - peer->refilled_ms, back = passed * POINTS_PER_SECOND / SECOND_MS;
  peer->refilled_ms = now_ms;
  peer->spent = back >= peer->spent ? 0 : peer->spent - back;
}

bool broker_patience_take (broker_peer_t *peer, int64_t points, int64_t now_ms, bool *first) {
  *first = false;
  if (points == 0 || peer->door != BROKER_TCP)
    return true;
  refill (peer, now_ms);
  if (peer->spent >= POINTS_MAX) {
    *first = !peer->unheard;
    peer->unheard = true;
    return false;
  }
  peer->spent += points;
  peer->unheard = peer->unheard && peer->spent > POINTS_MAX / 2;
  return true;
}
