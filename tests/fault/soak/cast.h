/* Who takes part in a soak: the broker, three services, two askers and a reader, each a process; the lines between
 * them; and what the faults do to either. */
#ifndef MNS_TESTS_SOAK_CAST_H
#define MNS_TESTS_SOAK_CAST_H

#include "common/config.h"
#include "common/dir.h"
#include "tests/fault/soak/schedule.h"
#include "tests/support/parts.h"

typedef struct {
  part_t part;
  char environment[3][MNS_PATH_MAX + 64];
  int64_t start_ms, go_ms, free_ms; /* when it is to be started, may go on, has disk again; 0: not waiting for that */
  bool dies;                        /* its power went: its end is expected */
} soak_member_t;

typedef struct {
  uint64_t kills, powers, stops, fulls, nets, resets, losses, ended; /* ended: by themselves, unasked */
} soak_counts_t;

typedef struct {
  char folder[MNS_PATH_MAX];
  mns_config_t config; /* of the parent: the local bus */
  soak_member_t members[SOAK_PARTS];
  proxy_t *lines[SOAK_LINES];
  int64_t pass_ms[SOAK_LINES], keep_ms[SOAK_LINES]; /* when the line passes, and keeps its messages, again */
  soak_counts_t counts;
} soak_cast_t;

/* Files, keys, lines in a fresh folder; then everybody is started. */
void soak_cast_begin (soak_cast_t *cast);
void soak_cast_strike (soak_cast_t *cast, const soak_fault_t *fault);
/* Ends what has lasted long enough, starts who is to be started, notices who ended unasked. */
void soak_cast_tend (soak_cast_t *cast);
/* Ends every fault at once; whoever does not run is started. */
void soak_cast_heal (soak_cast_t *cast);
void soak_cast_end (soak_cast_t *cast); /* kills who is left, closes the lines; the folder stays */

#endif
