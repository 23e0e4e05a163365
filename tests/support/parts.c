/* Processes of a test. */
#include "tests/support/parts.h"
#include "common/dir.h"
#include "common/program.h"
#include "services/broker/broker.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/toy.h"
#include <assert.h>
#include <czmq.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define PART_WORD "part" /* argv[1] of a process that is one */

/* ---- inside a part ----------------------------------------------------------------------------------------------- */

static void disk_signals (sigset_t *set) {
  sigemptyset (set);
  sigaddset (set, PART_DISK_FULL);
  sigaddset (set, PART_DISK_FREE);
  sigaddset (set, PART_POWER_OFF);
}

static void *watch_disk (void *nothing) {
  sigset_t set;
  int number;
  disk_signals (&set);
  while (sigwait (&set, &number) == 0) {
    if (number == PART_DISK_FULL)
      crash_vfs_plan (CRASH_FULL, 1);
    else if (number == PART_DISK_FREE)
      crash_vfs_plan (CRASH_NOTHING, 0);
    else
      crash_vfs_cut ();
  }
  return nothing;
}

/* Before any other thread is there: they all leave these signals alone, and this one leaves all others. */
static void begin_disk (void) {
  sigset_t all, before, set;
  pthread_t thread;
  crash_vfs_register_default ();
  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  int failed = pthread_create (&thread, NULL, watch_disk, NULL);
  assert (!failed);
  disk_signals (&set);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
}

static void run_broker_actor (zsock_t *pipe, void *args) {
  mns_broker_actor (pipe, args);
}

/* Until a signal, or until the broker says that it has failed. */
static int wait_end (zactor_t *broker, int signals) {
  zmq_pollitem_t items[] = {{zsock_resolve (broker), 0, ZMQ_POLLIN, 0}, {NULL, signals, ZMQ_POLLIN, 0}};
  for (;;) {
    if (zmq_poll (items, 2, -1) > 0 && items[1].revents)
      return 0;
    if (!items[0].revents)
      continue;
    char *said = zstr_recv (broker);
    bool ready = said && !strcmp (said, "READY");
    zstr_free (&said);
    if (!ready)
      return 1;
  }
}

static int run_broker (const char *folder, const char *argument) {
  mns_config_t config;
  mns_error_t error = {0};
  (void)argument;
  if (mns_config_load (&config, folder, true, NULL, &error) != MNS_OK)
    return mns_program_fail ("broker", &error);
  int signals = mns_program_signals ();
  zactor_t *broker = zactor_new (run_broker_actor, &config);
  int code = wait_end (broker, signals);
  zactor_destroy (&broker);
  zsys_shutdown ();
  return code;
}

static int run_service (const mns_service_t *service, const char *folder) {
  char data[] = "--data", path[MNS_PATH_MAX], name[64];
  char *argv[] = {name, data, path, NULL};
  snprintf (name, sizeof name, "%s", service->name);
  snprintf (path, sizeof path, "%s", folder);
  return mns_service_main (service, 3, argv);
}

static int run_toy (const char *folder, const char *argument) {
  (void)argument;
  return run_service (&toy_service, folder);
}

static int run_tally (const char *folder, const char *argument) {
  (void)argument;
  return run_service (&tally_service, folder);
}

static int run_echo (const char *folder, const char *argument) {
  (void)argument;
  return run_service (&echo_service, folder);
}

static const part_kind_t kinds[] = {
    {"broker", run_broker}, {"toy", run_toy}, {"tally", run_tally}, {"echo", run_echo}, {0}};

static const part_kind_t *find (const part_kind_t *kind, const char *name) {
  while (kind && kind->name && strcmp (kind->name, name) != 0)
    kind++;
  return kind && kind->name ? kind : NULL;
}

int parts_main (int argc, char **argv, const part_kind_t *own_parts) {
  if (argc < 4 || strcmp (argv[1], PART_WORD) != 0)
    return -1;
  const part_kind_t *kind = find (own_parts, argv[2]);
  kind = kind ? kind : find (kinds, argv[2]);
  assert (kind);
  zsys_handler_set (NULL);
  begin_disk ();
  return kind->run (argv[3], argc > 4 ? argv[4] : "");
}

/* ---- outside ----------------------------------------------------------------------------------------------------- */

/* Our environment, and the part's own behind it; the caller frees the array. */
static char **environment_of (const part_t *part) {
  size_t count = 0, own = 0;
  while (environ[count])
    count++;
  while (part->environment[own])
    own++;
  char **all = mns_alloc ((count + own + 1) * sizeof *all);
  for (size_t i = 0; i < own; i++)
    all[i] = (char *)(uintptr_t)part->environment[i]; /* the first of a name counts */
  memcpy (all + own, environ, count * sizeof *all);
  all[count + own] = NULL;
  return all;
}

void part_start (part_t *part, const char *folder) {
  char log[MNS_PATH_MAX + 64];
  char *argv[] = {"/proc/self/exe",
                  PART_WORD,
                  (char *)(uintptr_t)part->kind,
                  (char *)(uintptr_t)folder,
                  (char *)(uintptr_t)part->argument,
                  NULL};
  posix_spawn_file_actions_t actions;
  char **environment = environment_of (part);
  snprintf (log, sizeof log, "%s/%s.log", folder, part->kind);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  int failed = posix_spawn (&part->pid, argv[0], &actions, NULL, argv, environment);
  assert (!failed);
  posix_spawn_file_actions_destroy (&actions);
  free (environment);
}

int part_stop (part_t *part, int number) {
  int status = 0;
  if (part->pid == 0)
    return 0;
  kill (part->pid, number);
  waitpid (part->pid, &status, 0);
  part->pid = 0;
  return status;
}

void part_signal (const part_t *part, int number) {
  if (part->pid > 0)
    kill (part->pid, number);
}

bool part_has_ended (part_t *part, int *status) {
  if (part->pid == 0 || waitpid (part->pid, status, WNOHANG) != part->pid)
    return false;
  part->pid = 0;
  return true;
}
