/* What a soak has left: whether everything has come through, and whether every book agrees. */
#ifndef MNS_TESTS_SOAK_VERDICT_H
#define MNS_TESTS_SOAK_VERDICT_H

#include "tests/fault/soak/cast.h"
#include "tests/support/history.h"

/* The journals of askers and reader, read on as they grow. */
typedef struct {
  history_t *history;
  long at[3];
} soak_journals_t;

void soak_journals_read (soak_journals_t *journals, const char *folder);

/* True when the outbox of every service is empty and every consumer has come to the end of the log. Else `why` says who
 * is behind. */
bool soak_is_drained (const mns_config_t *config, const char *folder, char *why, size_t size);

/* The broker's own verification of its log finds nothing damaged. */
bool soak_log_is_sound (const mns_config_t *config, char *why, size_t size);

/* The stores once everybody has ended: each is whole, the log's numbers and chains lead from its first record to its
 * last, outboxes agree with it, and what they hold goes into the history as readings. False: `why` says what is wrong.
 */
bool soak_stores_read (history_t *history, const char *folder, char *why, size_t size);

#endif
