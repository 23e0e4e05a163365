/* Those who mean harm. An attack runs in a process of its own until it is killed. */
#ifndef MNS_TESTS_FAULT_ATTACKS_H
#define MNS_TESTS_FAULT_ATTACKS_H

#include "common/keys.h"
#include <stddef.h>
#include <stdint.h>

typedef struct {
  int port;
  size_t connections; /* to have open at a time */
  char broker_key[MNS_KEY_TEXT];
  mns_keys_t keys; /* of the account "mallory"; a keyless attacker does not look at it */
} attack_target_t;

typedef struct {
  const char *name;
  void (*run) (const attack_target_t *target); /* does not return */
} attack_t;

extern const attack_t attacks_keyless[], attacks_keyed[]; /* end with a NULL name */

/* ---- what they share: wire.c ------------------------------------------------------------------------------------- */

int attack_connect (int port); /* a TCP connection; −1 none */
/* Sends all of it, waiting up to a second each time; false when the other side has closed or takes nothing. */
int attack_send (int file, const void *bytes, size_t size);
/* The greeting of ZMTP 3 of that mechanism: "NULL" or "CURVE". */
int attack_greet (int file, const char *mechanism);
void attack_fill (uint8_t *bytes, size_t size); /* random */

/* A CURVE client by hand, which may do what libzmq would not. */
typedef struct {
  int file;
  uint8_t key[32]; /* precomputed, for messages to the broker */
  uint64_t nonce;
} attack_curve_t;

/* Completes the handshake; 0 or −1. */
int attack_curve_open (attack_curve_t *curve, const attack_target_t *target);
/* One frame of a message; `more`: the message goes on. */
int attack_curve_send (attack_curve_t *curve, const void *bytes, size_t size, int more);

#endif
