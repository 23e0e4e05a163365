/* Processes of a test: the program runs itself again as broker, toy service or whatever part the test adds, so that
 * each can be killed, stopped and started alone.
 *
 *   int main (int argc, char **argv) {
 *     int code = parts_main (argc, argv, own_parts);   // own_parts may be NULL
 *     return code >= 0 ? code : cmocka_run_group_tests (…);
 *   }
 *
 * A part is broker, toy, tally or echo (tests/support/toy.h), or one of `own_parts`. Its stores are on the file system
 * of tests/support/crash_vfs.h, which these signals put to work. */
#ifndef MNS_TESTS_SUPPORT_PARTS_H
#define MNS_TESTS_SUPPORT_PARTS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#define PART_DISK_FULL SIGRTMIN       /* every write fails from now on */
#define PART_DISK_FREE (SIGRTMIN + 1) /* and no longer */
#define PART_POWER_OFF (SIGRTMIN + 2) /* what was not flushed is gone, nothing works any more: it ends by itself */

typedef struct {
  const char *name; /* NULL ends the table */
  int (*run) (const char *folder, const char *argument);
} part_kind_t;

/* The exit code when this process was started as a part, otherwise −1. */
int parts_main (int argc, char **argv, const part_kind_t *own_parts);

typedef struct {
  const char *kind, *argument; /* argument: NULL, or a word for parts of the test's own */
  const char *environment[6];  /* "NAME=value" …, NULL ends it */
  pid_t pid;                   /* 0: does not run */
} part_t;

/* What it says goes to FOLDER/<kind>.log. */
void part_start (part_t *part, const char *folder);
/* Sends the signal and waits for the end; its status as of waitpid, 0 when it did not run. */
int part_stop (part_t *part, int number);
void part_signal (const part_t *part, int number);
/* True when it has ended by itself; *status as of waitpid. */
bool part_has_ended (part_t *part, int *status);

#endif
