/* A service as a program, and as an actor in another program's process. */
#include "common/service.h"
#include "common/log.h"
#include "common/loop.h"
#include <czmq.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
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

static int print_error (const char *name, const mns_error_t *error) {
  fprintf (stderr, "mns-%s: %s%s%s\n", name, error->where, error->where[0] ? ": " : "", error->detail);
  return mns_error_exit_code (error->rc);
}

static void print_help (const mns_service_t *service) {
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

/* What the command line asks for: −1 to go on, otherwise the exit code. */
static int read_options (const mns_service_t *service, int argc, char **argv, const char **data) {
  static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'v'},
                                          {0}};
  int option;
  while ((option = getopt_long (argc, argv, "", options, NULL)) != -1) {
    if (option == 'd') {
      *data = optarg;
    } else if (option == 'h') {
      print_help (service);
      return 0;
    } else if (option == 'v') {
      printf ("mns-%s %s\n", service->name, MNS_VERSION);
      return 0;
    } else {
      fprintf (stderr, "Try mns-%s --help\n", service->name);
      return 2;
    }
  }
  if (optind == argc)
    return -1;
  fprintf (stderr, "mns-%s: '%s' is not understood; try --help\n", service->name, argv[optind]);
  return 2;
}

/* SIGINT and SIGTERM as a file descriptor: blocked before any thread is there, taken from czmq. */
static int open_signals (void) {
  sigset_t set;
  sigemptyset (&set);
  sigaddset (&set, SIGINT);
  sigaddset (&set, SIGTERM);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  signal (SIGPIPE, SIG_IGN);
  zsys_handler_set (NULL);
  return signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int run_until_signal (const mns_service_t *service, mns_loop_t *loop, int signals) {
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
  return failure.rc == MNS_OK ? 0 : print_error (service->name, &failure);
}

static int run_program (const mns_service_t *service, const mns_config_t *config) {
  mns_error_t error = {0};
  int signals = open_signals (), code;
  mns_loop_t *loop = mns_alloc (sizeof *loop);
  if (mns_loop_open (loop, service, config, &error) == MNS_OK)
    code = run_until_signal (service, loop, signals);
  else
    code = print_error (service->name, &error);
  free (loop);
  close (signals);
  zsys_shutdown ();
  return code;
}

int mns_service_main (const mns_service_t *service, int argc, char **argv) {
  const char *option = NULL;
  char data[256];
  mns_config_t config;
  mns_error_t error = {0};
  mns_buffer_t mistakes = {0};
  int code = read_options (service, argc, argv, &option);
  if (code >= 0)
    return code;
  mns_config_data (option, data);
  mns_rc_t rc = mns_config_load (&config, data, true, &mistakes, &error);
  if (rc != MNS_OK && mistakes.size > 0)
    fprintf (stderr, "%.*s", (int)mistakes.size, (const char *)mistakes.data);
  mns_buffer_fini (&mistakes);
  return rc == MNS_OK ? run_program (service, &config) : print_error (service->name, &error);
}
