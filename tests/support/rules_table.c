/* Reading tables of test cases. */
#include "tests/support/rules_table.h"

#include "tests/support/test.h"

void rules_table_open (rules_table_t *table, const char *path) {
  *table = (rules_table_t){.file = fopen (path, "r"), .path = path};
  if (!table->file) {
    perror (path);
    exit (1);
  }
}

bool rules_table_next (rules_table_t *table) {
  while (fgets (table->text, sizeof table->text, table->file)) {
    char *rest = table->text, *word;
    table->line++;
    table->text[strcspn (table->text, "#\n")] = 0;
    table->count = 0;
    while ((word = strtok_r (rest, " \t", &rest)) && table->count < RULES_WORDS_MAX)
      table->words[table->count++] = word;
    if (table->count > 0)
      return true;
  }
  fclose (table->file);
  return false;
}

const char *rules_table_value (const rules_table_t *table, const char *key) {
  size_t size = strlen (key);
  for (int i = 0; i < table->count; i++)
    if (strncmp (table->words[i], key, size) == 0 && table->words[i][size] == '=')
      return table->words[i] + size + 1;
  return NULL;
}

void rules_table_fail (const rules_table_t *table, const char *format, ...) {
  va_list args;
  va_start (args, format);
  fprintf (stderr, "%s:%d: ", table->path, table->line);
  vfprintf (stderr, format, args);
  fprintf (stderr, "\n");
  va_end (args);
  fail ();
}
