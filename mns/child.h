/* A program that is run for one request: its input is written, its output and complaints are read, none of it blocks.
 *
 * Never a shell: the words are the program and its arguments. It is the leader of a process group of its own, so that
 * killing it takes its children too. */
#ifndef MNS_CHILD_H
#define MNS_CHILD_H

#include "common/buffer.h"
#include "mns/error.h"
#include <sys/types.h>
#include <zmq.h>

enum { MNS_CHILD_ITEMS = 4 };

typedef struct {
  pid_t pid;  /* 0: none */
  int handle; /* readable when it has ended */
  int in, out, err;
  mns_buffer_t input, output, complaint; /* output is cut above `output_max` by killing it */
  size_t written, output_max;
  bool too_large;
  int status; /* of waitpid, once it has ended */
} mns_child_t;

/* Starts it. `input` is taken over; `environment` (NULL-ended, "NAME=value") goes beside this program's own. */
mns_rc_t mns_child_start (mns_child_t *child, char *const *words, char *const *environment, mns_buffer_t *input,
                          size_t output_max, mns_error_t *error);
/* What to poll for; returns how many. */
size_t mns_child_poll (const mns_child_t *child, zmq_pollitem_t items[MNS_CHILD_ITEMS]);
/* Moves what can be moved. True: it has ended, `status` says how; call _fini. */
bool mns_child_step (mns_child_t *child);
/* Kills it if it lives, and frees all. */
void mns_child_fini (mns_child_t *child);

#endif
