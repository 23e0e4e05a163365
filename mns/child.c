/* A program that is run for one request. */
#include "mns/child.h"

#include "common/dir.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMPLAINT_MAX = 4096, PIECE = 65536, PIPES = 3 };

extern char **environ;

/* ---- starting ---------------------------------------------------------------------------------------------------- */

static void close_one (int *handle) {
  if (*handle >= 0)
    close (*handle);
  *handle = -1;
}

static bool make_pipes (int pipes[PIPES][2]) {
  for (int i = 0; i < PIPES; i++)
    pipes[i][0] = pipes[i][1] = -1;
  for (int i = 0; i < PIPES; i++)
    if (pipe2 (pipes[i], O_CLOEXEC) != 0)
      return false;
  return true;
}

/* This program's environment with the additions in front, where the first of a name counts. */
static char **join_environment (char *const *more) {
  size_t count = 0, at = 0;
  for (char *const *one = more; *one; one++)
    count++;
  for (char **one = environ; *one; one++)
    count++;
  char **all = mns_alloc ((count + 1) * sizeof *all);
  for (char *const *one = more; *one; one++)
    all[at++] = *one;
  for (char **one = environ; *one; one++)
    all[at++] = *one;
  return all;
}

static int spawn (mns_child_t *child, char *const *words, char *const *environment, int pipes[PIPES][2]) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  char **joined = join_environment (environment);
  sigemptyset (&none);
  sigfillset (&all);
  posix_spawn_file_actions_init (&actions);
  posix_spawnattr_init (&attributes);
  posix_spawn_file_actions_adddup2 (&actions, pipes[0][0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2 (&actions, pipes[1][1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2 (&actions, pipes[2][1], STDERR_FILENO);
  posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask (&attributes, &none);
  posix_spawnattr_setsigdefault (&attributes, &all);
  int code = posix_spawnp (&child->pid, words[0], &actions, &attributes, words, joined);
  posix_spawnattr_destroy (&attributes);
  posix_spawn_file_actions_destroy (&actions);
  free (joined);
  if (code != 0)
    child->pid = 0;
  return code;
}

static void keep_ends (mns_child_t *child, int pipes[PIPES][2]) {
  child->in = pipes[0][1];
  child->out = pipes[1][0];
  child->err = pipes[2][0];
  close_one (&pipes[0][0]);
  close_one (&pipes[1][1]);
  close_one (&pipes[2][1]);
  int handles[] = {child->in, child->out, child->err};
  for (int i = 0; i < PIPES; i++)
    fcntl (handles[i], F_SETFL, O_NONBLOCK);
}

mns_rc_t mns_child_start (mns_child_t *child, char *const *words, char *const *environment, mns_buffer_t *input,
                          size_t output_max, mns_error_t *error) {
  int pipes[PIPES][2];
  *child = (mns_child_t){.in = -1, .out = -1, .err = -1, .handle = -1, .output_max = output_max, .input = *input};
  *input = (mns_buffer_t){0};
  int code = make_pipes (pipes) ? spawn (child, words, environment, pipes) : errno;
  if (code == 0) {
    keep_ends (child, pipes);
    child->handle = pidfd_open (child->pid, 0);
    return MNS_OK;
  }
  for (int i = 0; i < PIPES; i++) {
    close_one (&pipes[i][0]);
    close_one (&pipes[i][1]);
  }
  mns_child_fini (child);
  return mns_fail (error, code == ENOENT ? MNS_NOT_FOUND : mns_dir_errno (code), words[0],
                   "the program cannot be started: %s", strerror (code));
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

size_t mns_child_poll (const mns_child_t *child, zmq_pollitem_t items[MNS_CHILD_ITEMS]) {
  size_t count = 0;
  if (child->pid == 0)
    return 0;
  items[count++] = (zmq_pollitem_t){NULL, child->handle, ZMQ_POLLIN, 0};
  if (child->in >= 0)
    items[count++] = (zmq_pollitem_t){NULL, child->in, ZMQ_POLLOUT, 0};
  if (child->out >= 0)
    items[count++] = (zmq_pollitem_t){NULL, child->out, ZMQ_POLLIN, 0};
  if (child->err >= 0)
    items[count++] = (zmq_pollitem_t){NULL, child->err, ZMQ_POLLIN, 0};
  return count;
}

static void write_input (mns_child_t *child) {
  while (child->in >= 0) {
    ssize_t went = write (child->in, child->input.data + child->written, child->input.size - child->written);
    if (went < 0 && errno == EINTR)
      continue;
    if (went < 0 && errno == EAGAIN)
      return;
    child->written += went > 0 ? (size_t)went : 0;
    if (went <= 0 || child->written == child->input.size)
      close_one (&child->in); /* all is said, or it does not listen */
  }
}

/* Reads until there is nothing more now; what is above `max` is left out. */
static void read_output (int *handle, mns_buffer_t *output, size_t max, bool *too_large) {
  while (*handle >= 0) {
    ssize_t got = read (*handle, mns_buffer_reserve (output, PIECE), PIECE);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0 && errno == EAGAIN)
      return;
    if (got <= 0) {
      close_one (handle);
      return;
    }
    output->size += (size_t)got;
    if (output->size > max) {
      output->size = max;
      *too_large = true;
    }
  }
}

/* Ended, but not yet buried: its number and its group's are still its own. */
static bool has_ended (const mns_child_t *child) {
  siginfo_t info = {.si_pid = 0};
  return waitid (P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child->pid;
}

bool mns_child_step (mns_child_t *child) {
  bool cut = false, ended = has_ended (child);
  write_input (child);
  read_output (&child->out, &child->output, child->output_max, &child->too_large);
  read_output (&child->err, &child->complaint, COMPLAINT_MAX, &cut);
  if (ended || child->too_large)
    kill (-child->pid, SIGKILL); /* with what it has left behind */
  if (!ended)
    return false;
  waitpid (child->pid, &child->status, 0);
  child->pid = 0;
  return true;
}

void mns_child_fini (mns_child_t *child) {
  if (child->pid > 0) {
    kill (-child->pid, SIGKILL);
    waitpid (child->pid, NULL, 0);
  }
  child->pid = 0;
  close_one (&child->in);
  close_one (&child->out);
  close_one (&child->err);
  close_one (&child->handle);
  mns_buffer_fini (&child->input);
  mns_buffer_fini (&child->output);
  mns_buffer_fini (&child->complaint);
}
