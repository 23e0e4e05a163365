/* A service as a program, and as an actor in another program's process. */
#include "common/service.h"
#include "common/exporter.h"
#include "common/log.h"
#include "common/loop.h"
#include "common/program.h"
#include <czmq.h>
#include <stdio.h>
#include <unistd.h>

#define DRAIN_MS 2000

/* ---- actor ------------------------------------------------------------------------------------------------------- */

static void tell_failed (zsock_t *pipe, const mns_error_t *error) {
  zstr_sendx (pipe, "FAILED", mns_error_word (error->rc), error->detail, NULL);
}

/* True when the owner wants the end. */
static bool owner_ends (zsock_t *pipe) {
  char *command = zstr_recv (pipe);
  bool ends = !command || streq (command, "$TERM");
  zstr_free (&command);
  return ends;
}

static void run_for_owner (mns_loop_t *loop, zsock_t *pipe) {
  zmq_pollitem_t items[] = {{zsock_resolve (pipe), 0, ZMQ_POLLIN, 0}};
  bool told = false;
  while (loop->failure.rc == MNS_OK) {
    mns_loop_round (loop, items, 1);
    if (loop->ready && !told)
      told = zstr_send (pipe, "READY") == 0;
    if (items[0].revents & ZMQ_POLLIN && owner_ends (pipe))
      break;
  }
  if (loop->failure.rc != MNS_OK)
    tell_failed (pipe, &loop->failure);
}

void mns_service_actor (void *pipe_zsock, void *args) {
  zsock_t *pipe = pipe_zsock;
  const mns_service_args_t *given = args;
  const mns_service_t *service = given->service;
  mns_error_t error = {0};
  mns_loop_t *loop = mns_alloc (sizeof *loop);
  zsock_set_sndtimeo (pipe, 0);
  zsock_signal (pipe, 0);
  if (mns_loop_open (loop, service, given->config, &error) == MNS_OK) {
    run_for_owner (loop, pipe);
    mns_loop_close (loop, DRAIN_MS);
  } else {
    tell_failed (pipe, &error);
  }
  free (loop);
}

/* ---- program ----------------------------------------------------------------------------------------------------- */

static void print_help (const void *context) {
  const mns_service_t *service = context;
  printf ("Usage: mns-%s [--data DIR]\n\n"
          "Runs the service '%s' of Minsheng in the foreground until SIGINT or SIGTERM.\n\n"
          "  --data DIR   data directory (default: MNS_DATA, or ~/.local/share/minsheng)\n"
          "  --help       this text\n"
          "  --version    version\n\n"
          "DIR/mns.yaml and variables MNS_<KEY> configure it; 'bus' says where the broker is.\n\nCommands:\n",
          service->name, service->name);
  for (const mns_command_t *command = service->commands; command && command->name; command++)
    printf ("  %-34s %s\n", command->name, command->en);
}

static int run_until_signal (const char *program, const mns_service_t *service, mns_loop_t *loop, int signals) {
  zmq_pollitem_t items[] = {{NULL, signals, ZMQ_POLLIN, 0}};
  bool told = false;
  while (loop->failure.rc == MNS_OK && !(items[0].revents & ZMQ_POLLIN)) {
    mns_loop_round (loop, items, 1);
    if (loop->ready && !told)
      mns_log (MNS_LOG_INFO, service->name, "ready", "version=%s", MNS_VERSION);
    told = told || loop->ready;
  }
  mns_error_t failure = loop->failure;
  mns_loop_close (loop, DRAIN_MS);
  mns_log (MNS_LOG_INFO, service->name, "stopped", "error=%s", mns_error_word (failure.rc));
  return failure.rc == MNS_OK ? 0 : mns_program_fail (program, &failure);
}

static int run_program (const char *program, const mns_service_t *service, const mns_config_t *config) {
  mns_error_t error = {0};
  int signals = mns_program_signals (), code;
  mns_loop_t *loop = mns_alloc (sizeof *loop);
  mns_exporter_t *exporter;
  mns_rc_t rc = mns_exporter_new (&exporter, config->metrics_listen, &error);
  if (rc == MNS_OK)
    rc = mns_loop_open (loop, service, config, &error);
  if (rc == MNS_OK)
    code = run_until_signal (program, service, loop, signals);
  else
    code = mns_program_fail (program, &error);
  mns_exporter_destroy (&exporter);
  free (loop);
  close (signals);
  zsys_shutdown ();
  return code;
}

int mns_service_main (const mns_service_t *service, int argc, char **argv) {
  char program[64];
  mns_config_t config;
  snprintf (program, sizeof program, "mns-%s", service->name);
  int code = mns_program_begin (program, print_help, service, argc, argv, &config);
  return code >= 0 ? code : run_program (program, service, &config);
}
