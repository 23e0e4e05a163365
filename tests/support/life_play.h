/* Plays a history on a register and a model side by side: what the model knows to be possible must be accepted, what it
 * knows to be impossible must be refused, and in the end the two must agree. */
#ifndef MNS_TESTS_SUPPORT_LIFE_PLAY_H
#define MNS_TESTS_SUPPORT_LIFE_PLAY_H

#include "tests/support/county.h"
#include "tests/support/life_model.h"

#define LIFE_BASELINE 90 /* persons at the start, in households of three; their numbers are below 0 */
#define LIFE_FIRST    20250101
#define LIFE_LAST     20260630

typedef struct {
  harness_t *h;
  life_model_t model;
  size_t accepted;
  char why[512]; /* "" while the two agree */
} life_play_t;

void life_play_begin (life_play_t *play);
void life_play_end (life_play_t *play);
/* False, and `why`, when register and model disagree. */
bool life_play_step (life_play_t *play, const life_step_t *step);
/* Figures by both dates, who was where on which day, households, husbands and wives. life_compare.c */
bool life_play_compare (life_play_t *play);

#endif
