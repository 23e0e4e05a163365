/* Test cases as text: one row is one case or one step, words separated by blanks, `#` to the end of the line is a
 * comment. A word `key=value` is looked up by its key. Rows live until the next one is read. */
#ifndef MNS_TESTS_SUPPORT_RULES_TABLE_H
#define MNS_TESTS_SUPPORT_RULES_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#define RULES_WORDS_MAX 40

typedef struct {
  FILE *file;
  const char *path;
  int line, count;
  char *words[RULES_WORDS_MAX];
  char text[1024];
} rules_table_t;

/* Opens MNS_SOURCE_DIR "/tests/rules/…"; ends the program when it cannot. */
void rules_table_open (rules_table_t *table, const char *path);
/* The next row with words; false, and closed, at the end. */
bool rules_table_next (rules_table_t *table);
/* The value of `key=value`, or NULL. */
const char *rules_table_value (const rules_table_t *table, const char *key);
/* Fails the test at this row. */
void rules_table_fail (const rules_table_t *table, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

#endif
