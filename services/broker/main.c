/* The broker as a program of its own. */
#include "common/exporter.h"
#include "common/log.h"
#include "common/program.h"
#include "services/broker/broker.h"
#include <czmq.h>
#include <unistd.h>

static const char help[] = "Usage: mns-broker [--data DIR]\n\n"
                           "Runs the broker of Minsheng in the foreground until SIGINT or SIGTERM: the log of events,\n"
                           "subscriptions, requests between services, and the open feed.\n\n"
                           "  --data DIR   data directory (default: MNS_DATA, or ~/.local/share/minsheng)\n"
                           "  --help       this text\n"
                           "  --version    version\n\n"
                           "DIR/mns.yaml and variables MNS_<KEY> configure it: bus_listen, feed_listen, feed_curve,\n"
                           "key_file. DIR/accounts.yaml says who may speak; changes are taken up while it runs.\n";

static const char name[] = "mns-broker";

static void print_help (const void *context) {
  (void)context;
  fputs (help, stdout);
}

static int fail (mns_rc_t rc, const char *where, const char *detail) {
  mns_error_t error = {0};
  mns_fail (&error, rc, where, "%s", detail);
  return mns_program_fail (name, &error);
}

/* What the broker says on its pipe: READY (goes on, −1) or FAILED (exit code). */
static int hear (zactor_t *broker) {
  char *said = NULL, *word = NULL, *where = NULL, *detail = NULL;
  int code = -1;
  zstr_recvx (broker, &said, &word, &where, &detail, NULL);
  if (said == NULL || strcmp (said, "READY") != 0)
    code = fail (mns_error_from_word (word ? word : ""), where ? where : "", detail ? detail : "it has ended");
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
  int signals = mns_program_signals ();
  mns_error_t error = {0};
  mns_exporter_t *exporter;
  int code;
  if (mns_exporter_new (&exporter, config->metrics_listen, &error) == MNS_OK) {
    zactor_t *broker = zactor_new ((zactor_fn *)mns_broker_actor, config);
    code = broker != NULL ? run_until_signal (broker, signals) : fail (MNS_MEMORY, "", "it cannot start");
    zactor_destroy (&broker);
  } else {
    code = mns_program_fail (name, &error);
  }
  mns_exporter_destroy (&exporter);
  close (signals);
  zsys_shutdown ();
  mns_log (MNS_LOG_INFO, "broker", "broker.stopped", "code=%d", code);
  return code;
}

int main (int argc, char **argv) {
  mns_config_t config;
  int code = mns_program_begin (name, print_help, NULL, argc, argv, &config);
  return code >= 0 ? code : run (&config);
}
