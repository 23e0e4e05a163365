/* A broker and the toy services in this process, over inproc, in a fresh folder; and a connection that asks. */
#ifndef MNS_TESTS_SUPPORT_TOY_STACK_H
#define MNS_TESTS_SUPPORT_TOY_STACK_H

#include "common/bus.h"
#include "common/dir.h"
#include "common/service.h"
#include <czmq.h>

enum { TOY_PATIENCE_MS = 60000 };

typedef struct {
  char folder[MNS_PATH_MAX];
  mns_config_t config;
  mns_service_args_t args[4];
  zactor_t *broker, *services[4];
  size_t count;
  mns_bus_t *bus;
} toy_stack_t;

/* A fresh folder and a configuration; nothing runs. */
void toy_stack_init (toy_stack_t *stack);
/* Each waits for "READY"; a failure fails the test. */
void toy_stack_broker (toy_stack_t *stack);
void toy_stack_service (toy_stack_t *stack, const mns_service_t *service);
/* The word an actor sends next, and frees what it sends: "READY", or the error's word of "FAILED". */
void toy_stack_wait (zactor_t *actor, char word[64]);
void toy_stack_connect (toy_stack_t *stack);
void toy_stack_stop_services (toy_stack_t *stack);
void toy_stack_stop_broker (toy_stack_t *stack);
void toy_stack_fini (toy_stack_t *stack); /* stops what runs and removes the folder */

/* toy.add of one entry. */
mns_rc_t toy_stack_add (toy_stack_t *stack, const mns_uuid_t *key, const char *name, int64_t amount,
                        mns_error_t *error);
/* `query` until it tells `entries` (a minute, then the test fails); then its amount must be `amount`. */
void toy_stack_expect (toy_stack_t *stack, const char *query, int64_t entries, int64_t amount);

#endif
