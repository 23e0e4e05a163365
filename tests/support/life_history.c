/* Histories as text. */
#include "tests/support/life_history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[LIFE_KINDS] = {"birth",    "move_in",       "omitted",  "return",       "reinstate",
                                              "death",    "move_out",      "remove",   "move_within",  "move_together",
                                              "marriage", "divorce",       "adoption", "adoption_end", "split",
                                              "join",     "join_together", "head",     "sex",          "redate"};

static bool read_step (const char *line, life_step_t *step) {
  char word[32], day[16];
  if (sscanf (line, "%d %31s who=%d other=%d day=%15s delay=%d village=%d value=%d", &step->number, word, &step->who,
              &step->other, day, &step->delay, &step->village, &step->value) != 8)
    return false;
  for (step->kind = 0; step->kind < LIFE_KINDS && strcmp (words[step->kind], word) != 0; step->kind++)
    ;
  return step->kind < LIFE_KINDS && mns_date_parse (day, &step->day);
}

life_step_t *life_history_read (const char *path, size_t *count) {
  char line[256];
  size_t room = 0, number = 0;
  life_step_t *steps = NULL;
  FILE *file = fopen (path, "r");
  *count = 0;
  while (file && fgets (line, sizeof line, file)) {
    number++;
    if (line[0] == '#' || line[0] == '\n')
      continue;
    if (*count == room)
      steps = realloc (steps, (room = room * 2 + 64) * sizeof *steps);
    if (!read_step (line, &steps[(*count)++])) {
      fprintf (stderr, "%s:%zu: no step\n", path, number);
      exit (1);
    }
  }
  if (file)
    fclose (file);
  return steps;
}

bool life_history_write (const char *path, const life_step_t *steps, size_t count, const char *why) {
  char day[MNS_DATE_TEXT];
  FILE *file = fopen (path, "w");
  if (!file)
    return false;
  fprintf (file, "# %s\n", why);
  for (size_t i = 0; i < count; i++) {
    mns_date_format (steps[i].day, day);
    fprintf (file, "%d %s who=%d other=%d day=%s delay=%d village=%d value=%d\n", steps[i].number, words[steps[i].kind],
             steps[i].who, steps[i].other, day, steps[i].delay, steps[i].village, steps[i].value);
  }
  return fclose (file) == 0;
}
