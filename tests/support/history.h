/* A history checker after the queue and log workloads of Jepsen. Told who attempted what, what was acknowledged and
 * what each reader read, in which order, it says what is wrong with it:
 *
 *   lost        acknowledged, and a reader that has read on behind it never read it
 *   duplicated  read twice by one reader, or acknowledged under two numbers
 *   phantom     read, and never attempted
 *   reordered   of one producer, read behind a higher number
 *   stuck       attempted and never acknowledged, or acknowledged and not read although nothing behind it was either
 *
 * and how long the longest wait between an acknowledgement and its first reading was (unseen).
 *
 * An operation is named by (client, n): the n-th of that client. As text, which processes that are killed can append
 * line by line; times are microseconds of the monotonic clock, the same for all processes of a machine:
 *
 *   s READER                                  there is such a reader
 *   a CLIENT N TIME                           attempted (again: harmless)
 *   k CLIENT N NUMBER TIME                    acknowledged as that number of its producer (0: not known)
 *   r READER PRODUCER NUMBER CLIENT N TIME    read (TIME 0: not to be counted as seen) */
#ifndef MNS_TESTS_SUPPORT_HISTORY_H
#define MNS_TESTS_SUPPORT_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct history history_t;

typedef struct {
  uint64_t count;
  char first[160]; /* the first one in words */
} history_fault_t;

typedef struct {
  uint64_t attempts, acks, reads; /* different operations; readings */
  history_fault_t lost, duplicated, phantom, reordered, stuck;
  int64_t unseen_ms; /* the longest; 0 when nothing with a time was read */
} history_report_t;

history_t *history_new (void);
void history_destroy (history_t **history);

/* Readers and producers: at most 8 of each, by name. Times in microseconds. */
void history_reader (history_t *history, const char *reader);
void history_attempt (history_t *history, uint64_t client, uint64_t n, int64_t time);
void history_ack (history_t *history, uint64_t client, uint64_t n, uint64_t number, int64_t time);
void history_read (history_t *history, const char *reader, const char *producer, uint64_t number, uint64_t client,
                   uint64_t n, int64_t time);
/* Lines as above; a line cut short at the end of the text is left out. False: a line is none of these. */
bool history_text (history_t *history, const char *text);

/* True when nothing is wrong. */
bool history_check (history_t *history, history_report_t *report);

#endif
