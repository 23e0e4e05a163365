/* What the programs mns-broker, mns-registry … have in common: options, configuration, signals, the last word. */
#ifndef MNS_COMMON_PROGRAM_H
#define MNS_COMMON_PROGRAM_H

#include "common/config.h"

/* Reads --data, --help (prints by `help`), --version, then the configuration of the data directory. −1: go on;
 * otherwise the exit code, with everything said that there is to say. `name` is "mns-registry". */
int mns_program_begin (const char *name, void (*help) (const void *context), const void *context, int argc, char **argv,
                       mns_config_t *config);

/* SIGINT, SIGTERM and SIGHUP as a file descriptor: blocked before any thread is there, taken from czmq; SIGPIPE
 * ignored. Call before the first socket. */
int mns_program_signals (void);

/* Says why on stderr; returns the exit code. */
int mns_program_fail (const char *name, const mns_error_t *error);

#endif
