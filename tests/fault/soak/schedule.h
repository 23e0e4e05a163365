/* The faults of a run, drawn from a seed: the same seed, the same faults at the same times. */
#ifndef MNS_TESTS_SOAK_SCHEDULE_H
#define MNS_TESTS_SOAK_SCHEDULE_H

#include "tests/support/proxy.h"

enum { SOAK_BROKER, SOAK_TOY, SOAK_TALLY, SOAK_ECHO, SOAK_ASKER_1, SOAK_ASKER_2, SOAK_READER, SOAK_PARTS };
/* Proxies: toy and tally come over local sockets, the others over TCP. */
enum { SOAK_LINE_TOY, SOAK_LINE_TALLY, SOAK_LINE_ECHO, SOAK_LINE_ASKER, SOAK_LINE_READER, SOAK_LINES };

extern const char *const soak_part_names[SOAK_PARTS], *const soak_line_names[SOAK_LINES];

typedef enum {
  SOAK_KILL,  /* SIGKILL */
  SOAK_POWER, /* the disk keeps only what was flushed, and the part ends */
  SOAK_STOP,  /* SIGSTOP, later SIGCONT */
  SOAK_FULL,  /* its disk is full for a while */
  SOAK_NET,   /* its line is in some mode for a while */
  SOAK_RESET, /* its line is reset */
  SOAK_LOSE   /* its line loses every n-th message of a kind for a while */
} soak_kind_t;

typedef struct {
  uint64_t number;
  int64_t at_ms; /* since the run began */
  soak_kind_t kind;
  int target; /* a part, or a line */
  int lasts_ms;
  proxy_mode_t mode;
  int value; /* of the mode, or n */
  proxy_way_t way;
  mns_frame_kind_t message;
} soak_fault_t;

typedef struct {
  uint64_t state, drawn;
  int64_t at_ms;
  int gap_ms; /* on average between two faults */
} soak_schedule_t;

void soak_schedule_init (soak_schedule_t *schedule, uint64_t seed, int gap_ms);
soak_fault_t soak_schedule_next (soak_schedule_t *schedule);
/* In words, without a line end. */
void soak_fault_text (const soak_fault_t *fault, char *text, size_t size);

#endif
