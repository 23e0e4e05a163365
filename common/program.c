/* What the programs have in common. */
#include "common/program.h"

#include <czmq.h>
#include <getopt.h>
#include <signal.h>
#include <sys/signalfd.h>

int mns_program_fail (const char *name, const mns_error_t *error) {
  fprintf (stderr, "%s: %s%s%s\n", name, error->where, error->where[0] ? ": " : "", error->detail);
  return mns_error_exit_code (error->rc);
}

static int read_options (const char *name, void (*help) (const void *context), const void *context, int argc,
                         char **argv, const char **data) {
  static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'v'},
                                          {0}};
  int option;
  while ((option = getopt_long (argc, argv, "", options, NULL)) != -1) {
    if (option == 'd') {
      *data = optarg;
    } else if (option == 'h') {
      help (context);
      return 0;
    } else if (option == 'v') {
      printf ("%s %s\n", name, MNS_VERSION);
      return 0;
    } else {
      fprintf (stderr, "Try %s --help\n", name);
      return 2;
    }
  }
  if (optind == argc)
    return -1;
  fprintf (stderr, "%s: '%s' is not understood; try --help\n", name, argv[optind]);
  return 2;
}

int mns_program_begin (const char *name, void (*help) (const void *context), const void *context, int argc, char **argv,
                       mns_config_t *config) {
  const char *option = NULL;
  char data[256];
  mns_error_t error = {0};
  mns_buffer_t mistakes = {0};
  int code = read_options (name, help, context, argc, argv, &option);
  if (code >= 0)
    return code;
  mns_config_data (option, data);
  mns_rc_t rc = mns_config_load (config, data, true, &mistakes, &error);
  if (rc != MNS_OK && mistakes.size > 0)
    fprintf (stderr, "%.*s", (int)mistakes.size, (const char *)mistakes.data);
  mns_buffer_fini (&mistakes);
  return rc == MNS_OK ? -1 : mns_program_fail (name, &error);
}

int mns_program_signals (void) {
  sigset_t set;
  sigemptyset (&set);
  sigaddset (&set, SIGINT);
  sigaddset (&set, SIGTERM);
  sigaddset (&set, SIGHUP);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  signal (SIGPIPE, SIG_IGN);
  zsys_handler_set (NULL);
  return signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}
