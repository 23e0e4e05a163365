/* Failpoints and mutants by environment (failpoint.h). */
#include "common/failpoint.h"

#ifdef MNS_FAILPOINTS
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static once_flag once = ONCE_FLAG_INIT;
static char point[64], action[16] = "";
static unsigned long at = 1;
static const char *mutants = "", *go_on = "";
static atomic_ulong passages;

static void read_environment (void) {
  const char *text = getenv ("MNS_FAILPOINT");
  if (text != NULL)
    sscanf (text, "%63[^:]:%15[^@]@%lu", point, action, &at);
  text = getenv ("MNS_MUTANT");
  if (text != NULL)
    mutants = text;
  text = getenv ("MNS_FAILPOINT_GO_ON");
  if (text != NULL)
    go_on = text;
}

static void wait_for_file (void) {
  while (access (go_on, F_OK) != 0)
    thrd_sleep (&(struct timespec){.tv_nsec = 10000000}, NULL);
}

void mns_failpoint (const char *name) {
  call_once (&once, read_environment);
  if (strcmp (name, point) != 0 || atomic_fetch_add (&passages, 1) + 1 != at)
    return;
  if (strcmp (action, "kill") == 0)
    raise (SIGKILL);
  else if (strcmp (action, "stop") == 0)
    raise (SIGSTOP);
  else if (strcmp (action, "exit") == 0)
    _exit (3);
  else if (strcmp (action, "pause") == 0)
    wait_for_file ();
}

bool mns_mutant (const char *name) {
  call_once (&once, read_environment);
  size_t size = strlen (name);
  for (const char *at_name = mutants; *at_name; at_name += strcspn (at_name, ","), at_name += *at_name == ',')
    if (strcspn (at_name, ",") == size && memcmp (at_name, name, size) == 0)
      return true;
  return false;
}
#else
typedef int mns_no_failpoints_t; /* a translation unit is never empty */
#endif
