/* The broker as a program of its own. */
#include "common/log.h"
#include "services/broker/broker.h"
#include <czmq.h>
#include <getopt.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const char help[] = "Usage: mns-broker [--data DIR]\n\n"
                           "Runs the broker of Minsheng in the foreground until SIGINT or SIGTERM: the log of events,\n"
                           "subscriptions, requests between services, and the open feed.\n\n"
                           "  --data DIR   data directory (default: MNS_DATA, or ~/.local/share/minsheng)\n"
                           "  --help       this text\n"
                           "  --version    version\n\n"
                           "DIR/mns.yaml and variables MNS_<KEY> configure it: bus_listen, feed_listen, feed_curve,\n"
                           "key_file. DIR/accounts.yaml says who may speak; changes are taken up while it runs.\n";

static int print_error (mns_rc_t rc, const char *where, const char *detail) {
  fprintf (stderr, "mns-broker: %s%s%s\n", where, where[0] ? ": " : "", detail);
  return mns_error_exit_code (rc);
}

/* What the command line asks for: −1 to go on, otherwise the exit code. */
static int read_options (int argc, char **argv, const char **data) {
  static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'v'},
                                          {0}};
  int option;
  while ((option = getopt_long (argc, argv, "", options, NULL)) != -1) {
    if (option == 'd') {
      *data = optarg;
    } else if (option == 'h') {
      fputs (help, stdout);
      return 0;
    } else if (option == 'v') {
      puts ("mns-broker " MNS_VERSION);
      return 0;
    } else {
      fputs ("Try mns-broker --help\n", stderr);
      return 2;
    }
  }
  if (optind == argc)
    return -1;
  fprintf (stderr, "mns-broker: '%s' is not understood; try --help\n", argv[optind]);
  return 2;
}

/* Blocked before any thread is there, so that only the descriptor gets them. */
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

/* What the broker says on its pipe: READY (goes on, −1) or FAILED (exit code). */
static int hear (zactor_t *broker) {
  char *said = NULL, *word = NULL, *where = NULL, *detail = NULL;
  int code = -1;
  zstr_recvx (broker, &said, &word, &where, &detail, NULL);
  if (said == NULL || strcmp (said, "READY") != 0)
    code = print_error (mns_error_from_word (word ? word : ""), where ? where : "", detail ? detail : "it has ended");
  zstr_free (&said);
  zstr_free (&word);
  zstr_free (&where);
  zstr_free (&detail);
  return code;
}

static int run_until_signal (zactor_t *broker, int signals) {
  zmq_pollitem_t items[] = {{zsock_resolve (broker), 0, ZMQ_POLLIN, 0}, {NULL, signals, ZMQ_POLLIN, 0}};
  int code = -1;
  while (code < 0) {
    if (zmq_poll (items, 2, -1) < 0)
      continue;
    if (items[0].revents)
      code = hear (broker);
    if (items[1].revents && code < 0)
      code = 0;
  }
  return code;
}

static int run (mns_config_t *config) {
  int signals = open_signals ();
  zactor_t *broker = zactor_new ((zactor_fn *)mns_broker_actor, config);
  int code = broker != NULL ? run_until_signal (broker, signals) : print_error (MNS_MEMORY, "", "it cannot start");
  zactor_destroy (&broker);
  close (signals);
  zsys_shutdown ();
  mns_log (MNS_LOG_INFO, "broker", "broker.stopped", "code=%d", code);
  return code;
}

int main (int argc, char **argv) {
  const char *option = NULL;
  char data[256];
  mns_config_t config;
  mns_error_t error = {0};
  mns_buffer_t mistakes = {0};
  int code = read_options (argc, argv, &option);
  if (code >= 0)
    return code;
  mns_config_data (option, data);
  mns_rc_t rc = mns_config_load (&config, data, true, &mistakes, &error);
  if (rc != MNS_OK && mistakes.size > 0)
    fprintf (stderr, "%.*s", (int)mistakes.size, (const char *)mistakes.data);
  mns_buffer_fini (&mistakes);
  return rc == MNS_OK ? run (&config) : print_error (rc, error.where, error.detail);
}
