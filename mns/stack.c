/* The whole stack in one process.
 *
 * Order matters twice: the broker binds before a service connects, and it ends after the last service has drained its
 * outbox into it. A part that dies makes the process end with an error: half a stack is worse than none. */
#include "mns/stack.h"

#include "common/exporter.h"
#include "common/lock.h"
#include "common/service.h"
#include "common/text.h"
#include "mns/courier.h"
#include "mns/inbox.h"
#include "mns/services.h"
#include "services/broker/broker.h"
#include <czmq.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 16 };

typedef struct {
  const char *name;
  zactor_t *actor;
  mns_service_args_t args;
} part_t;

struct mns_stack {
  mns_config_t config; /* of the embedded services: bus is inproc */
  mns_config_t outer;  /* of programs beside them */
  mns_lock_t *lock;
  mns_exporter_t *exporter; /* one for all parts */
  part_t parts[PARTS_MAX];
  size_t count;
};

static void broker_part (zsock_t *pipe, void *args) {
  mns_broker_actor (pipe, args);
}

static void service_part (zsock_t *pipe, void *args) {
  mns_service_actor (pipe, args);
}

static void inbox_part (zsock_t *pipe, void *args) {
  mns_inbox_actor (pipe, args);
}

static void courier_part (zsock_t *pipe, void *args) {
  mns_courier_actor (pipe, args);
}

/* Reads the one message that ends a start, or tells of a death later: "READY", or "FAILED", word, detail. */
static mns_rc_t part_message (const part_t *part, mns_error_t *error) {
  char *word = NULL, *code = NULL, *detail = NULL;
  mns_rc_t rc = MNS_OK;
  if (zsock_recv (part->actor, "sss", &word, &code, &detail) != 0 || !word)
    rc = mns_fail (error, MNS_INTERNAL, part->name, "the part ended without a word");
  else if (strcmp (word, "READY") != 0) {
    rc = code ? mns_error_from_word (code) : MNS_INTERNAL;
    mns_fail (error, rc, part->name, "%s", detail ? detail : "the part stopped");
  }
  zstr_free (&word);
  zstr_free (&code);
  zstr_free (&detail);
  return rc;
}

static mns_rc_t start (mns_stack_t *stack, const char *name, zactor_fn *function, void *args, mns_error_t *error) {
  part_t *part = &stack->parts[stack->count];
  part->name = name;
  part->actor = zactor_new (function, args);
  if (!part->actor)
    return mns_fail (error, MNS_INTERNAL, name, "the thread could not be started");
  stack->count++;
  return part_message (part, error);
}

static mns_rc_t start_parts (mns_stack_t *stack, mns_error_t *error) {
  mns_rc_t rc = start (stack, "broker", broker_part, &stack->config, error);
  for (const mns_service_t *const *service = mns_services; *service && rc == MNS_OK; service++) {
    mns_service_args_t *args = &stack->parts[stack->count].args;
    *args = (mns_service_args_t){.service = *service, .config = &stack->config};
    rc = start (stack, (*service)->name, service_part, args, error);
  }
  if (rc == MNS_OK)
    rc = start (stack, "courier", courier_part, &stack->outer, error);
  return rc == MNS_OK ? start (stack, "inbox", inbox_part, &stack->outer, error) : rc;
}

mns_rc_t mns_stack_new (mns_stack_t **stack_p, const mns_config_t *config, mns_error_t *error) {
  mns_stack_t *stack = mns_alloc (sizeof *stack);
  memset (stack, 0, sizeof *stack);
  stack->config = *config;
  stack->outer = *config;
  mns_text_copy (stack->config.bus, sizeof stack->config.bus, "inproc://bus");
  mns_rc_t rc = mns_lock_new (&stack->lock, config->data, error);
  if (rc == MNS_OK)
    rc = mns_exporter_new (&stack->exporter, config->metrics_listen, error);
  if (rc == MNS_OK)
    rc = start_parts (stack, error);
  if (rc != MNS_OK)
    mns_stack_destroy (&stack);
  *stack_p = stack;
  return rc;
}

mns_rc_t mns_stack_wait (mns_stack_t *stack, int fd, int timeout_ms, mns_error_t *error) {
  zpoller_t *poller = zpoller_new (&fd, NULL);
  for (size_t i = 0; i < stack->count; i++)
    zpoller_add (poller, stack->parts[i].actor);
  void *which = zpoller_wait (poller, timeout_ms);
  mns_rc_t rc = which == &fd ? MNS_OK : MNS_TIMEOUT;
  for (size_t i = 0; which && i < stack->count; i++)
    if (which == stack->parts[i].actor)
      rc = part_message (&stack->parts[i], error);
  zpoller_destroy (&poller);
  return rc;
}

void mns_stack_destroy (mns_stack_t **stack_p) {
  mns_stack_t *stack = *stack_p;
  if (!stack)
    return;
  /* inbox, courier and services, last started first; the broker was the first */
  while (stack->count > 0)
    zactor_destroy (&stack->parts[--stack->count].actor);
  mns_exporter_destroy (&stack->exporter);
  mns_lock_destroy (&stack->lock);
  free (stack);
  *stack_p = NULL;
}
