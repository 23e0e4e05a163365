/* A state machine as a table of transitions: what may happen in which state, under which guard, and what comes of it.
 *
 * States, events and guards are code tables, so that rows are stored, sent and shown like any other code. The machine
 * holds nothing: the state is a field of the caller's record. */
#ifndef MNS_COMMON_MACHINE_H
#define MNS_COMMON_MACHINE_H

#include "common/record.h"

/* Rows of one (state, event) are tried in their order; the first whose guard holds is taken. State 0 is "not there
 * yet", guard 0 is "always". */
typedef struct {
  mns_code_t state, event, next, guard;
} mns_transition_t;

typedef struct {
  const char *name;
  const mns_code_table_t *states, *events, *guards; /* guards may be NULL */
  const mns_transition_t *rows;
  size_t count;
} mns_machine_t;

/* Whether guard number `guard` holds for `facts`. Pure. */
typedef bool (*mns_guard_t) (mns_code_t guard, const void *facts);

/* The next state, or MNS_WRONG_STATE with a sentence that names the state and what is possible in it, or the guard that
 * was in the way. `guard` may be NULL for a machine without guards. */
mns_rc_t mns_machine_next (const mns_machine_t *machine, mns_code_t state, mns_code_t event, mns_guard_t guard,
                           const void *facts, mns_code_t *next, mns_error_t *error);

/* Looks for mistakes of the table itself, for tests: codes outside their tables, a row that an earlier one hides, a
 * state that is never reached. */
mns_rc_t mns_machine_check (const mns_machine_t *machine, mns_error_t *error);

/* A heading and the table, for the reference. */
void mns_machine_markdown (const mns_machine_t *machine, mns_buffer_t *out);

#endif
