/* A made-up history of a county as text: one step a line, so that it can be kept, read and shortened.
 *
 *   17 marriage who=3 other=21 day=2025-03-04 delay=0 village=1 value=0
 *
 * Persons are named by the number of the step that brought them into the register; those of the start have the numbers
 * below the first step. A step whose person is not there is left out by whoever plays it, so that what is left of a
 * history after steps were taken away is a history. */
#ifndef MNS_TESTS_SUPPORT_LIFE_HISTORY_H
#define MNS_TESTS_SUPPORT_LIFE_HISTORY_H

#include "common/date.h"
#include <stdbool.h>
#include <stddef.h>

typedef enum {
  LIFE_BIRTH,
  LIFE_MOVE_IN,
  LIFE_OMITTED,
  LIFE_RETURN,
  LIFE_REINSTATE,
  LIFE_DEATH,
  LIFE_MOVE_OUT,
  LIFE_REMOVE,
  LIFE_MOVE_WITHIN,
  LIFE_MOVE_TOGETHER,
  LIFE_MARRIAGE,
  LIFE_DIVORCE,
  LIFE_ADOPTION,
  LIFE_ADOPTION_END,
  LIFE_SPLIT,
  LIFE_JOIN,
  LIFE_JOIN_TOGETHER,
  LIFE_HEAD,
  LIFE_SEX,
  LIFE_REDATE,
  LIFE_KINDS
} life_kind_t;

typedef struct {
  life_kind_t kind;
  int number, who, other, village, delay, value;
  mns_date_t day;
} life_step_t;

/* The steps of a file, which the caller frees; a line that cannot be read ends the program with its place. */
life_step_t *life_history_read (const char *path, size_t *count);
/* Writes a file with `why` as a comment. */
bool life_history_write (const char *path, const life_step_t *steps, size_t count, const char *why);

#endif
