/* The help text of a command line, from the same list that is parsed. */
#include "common/cli_private.h"
#include "common/text.h"
#include <stdio.h>
#include <string.h>

#define HELP_COLUMN 32
#define HELP_END    110
#define CODES_SHOWN 20 /* of a longer list only the ends */

static const char *const placeholders[] = {
    [MNS_KIND_TEXT] = "TEXT",       [MNS_KIND_ID] = "NUMBER", [MNS_KIND_INT] = "N",       [MNS_KIND_FEN] = "FEN",
    [MNS_KIND_DATE] = "YYYY-MM-DD", [MNS_KIND_TIME] = "TIME", [MNS_KIND_PLACE] = "PLACE", [MNS_KIND_CODE] = "CODE",
    [MNS_KIND_UUID] = "UUID",       [MNS_KIND_LIST] = "JSON",
};

static const char *placeholder (const mns_cli_entry_t *entry) {
  if (entry->field)
    return placeholders[entry->field->kind];
  return entry->option && entry->option->argument ? entry->option->argument : "";
}

/* Breaks at blanks; every line but the first is indented to the help column. */
static void print_wrapped (const char *text) {
  int column = HELP_COLUMN;
  while (*text) {
    char word[512];
    size_t size = strcspn (text, " ");
    snprintf (word, sizeof word, "%.*s", (int)size, text);
    int width = mns_text_width (word);
    if (column > HELP_COLUMN && column + 1 + width > HELP_END) {
      printf ("\n%*s", HELP_COLUMN, "");
      column = HELP_COLUMN;
    }
    printf ("%s%s", column > HELP_COLUMN ? " " : "", word);
    column += width + (column > HELP_COLUMN);
    text += size;
    text += strspn (text, " ");
  }
  putchar ('\n');
}

void mns_cli_list_codes (const mns_code_table_t *codes, char *text, size_t size) {
  uint16_t last = codes->count - 1, step = codes->count > CODES_SHOWN ? last : 1;
  for (uint16_t i = 0; i <= last; i += step) {
    size_t used = strlen (text);
    snprintf (text + used, size - used, "%s%s", i == 0 ? ": " : step > 1 ? " … " : ", ", codes->rows[i].word);
  }
}

/* "Sex: male, female (required)" */
static void describe_field (const mns_field_t *field, char *text, size_t size) {
  mns_text_copy (text, size, field->en);
  if (field->kind == MNS_KIND_CODE)
    mns_cli_list_codes (field->codes, text, size);
  size_t used = strlen (text);
  snprintf (text + used, size - used, "%s", field->flags & MNS_REQUIRED ? " (required)" : "");
}

static void print_entry (const mns_cli_entry_t *entry) {
  char left[128], help[1024] = "this help";
  char letter = entry->option ? entry->option->letter : (char)(entry->field ? 0 : 'h');
  const char *argument = placeholder (entry);
  snprintf (left, sizeof left, "  %c%c%s --%s%s%s", letter ? '-' : ' ', letter ? letter : ' ', letter ? "," : " ",
            entry->name, *argument ? " " : "", argument);
  if (entry->field)
    describe_field (entry->field, help, sizeof help);
  else if (entry->option)
    mns_text_copy (help, sizeof help, entry->option->help);
  int pad = HELP_COLUMN - mns_text_width (left);
  if (pad < 2)
    printf ("%s\n%*s", left, HELP_COLUMN, "");
  else
    printf ("%s%*s", left, pad, "");
  print_wrapped (help);
}

void mns_cli_help (const mns_cli_t *cli, const mns_cli_entries_t *entries) {
  printf ("Usage: %s\n", cli->usage);
  if (cli->summary)
    printf ("\n%s\n", cli->summary);
  printf ("\nOptions:\n");
  for (size_t i = 0; i < entries->count; i++) {
    if (i == entries->own && i)
      putchar ('\n');
    print_entry (&entries->entries[i]);
  }
  if (cli->epilogue)
    printf ("\n%s\n", cli->epilogue);
}
