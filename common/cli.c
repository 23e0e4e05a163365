/* Command lines: the options of the tables and of the record in one list, getopt_long over it, and a sentence for every
 * mistake. getopt keeps its place in globals, so this belongs to the main thread. */
#include "common/cli.h"
#include "common/cli_private.h"
#include "common/text.h"
#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONG_BASE 256 /* getopt's value of entry i is LONG_BASE + i */

/* ---- the list ---------------------------------------------------------------------------------------------------- */

static mns_cli_entry_t *find_entry (mns_cli_entries_t *entries, const char *name) {
  for (size_t i = 0; i < entries->count; i++)
    if (!strcmp (entries->entries[i].name, name))
      return &entries->entries[i];
  return NULL;
}

static mns_cli_entry_t *add_entry (mns_cli_entries_t *entries, const char *name) {
  assert (entries->count < MNS_CLI_OPTIONS_MAX);
  mns_cli_entry_t *entry = &entries->entries[entries->count++];
  memset (entry, 0, sizeof *entry);
  bool fits = mns_text_copy (entry->name, sizeof entry->name, name);
  assert (fits);
  (void)fits;
  return entry;
}

static bool is_wanted (const mns_cli_t *cli, const char *field) {
  if (!cli->fields)
    return true;
  for (const char *const *name = cli->fields; *name; name++)
    if (!strcmp (*name, field))
      return true;
  return false;
}

static bool is_option (const mns_cli_t *cli, const char *name) {
  for (const mns_option_t *const *table = cli->options; table && *table; table++)
    for (const mns_option_t *option = *table; option->name; option++)
      if (!strcmp (option->name, name))
        return true;
  return false;
}

/* Field "birth_order" is --birth-order. A field whose name a table has taken is left to that table. */
static void add_fields (const mns_cli_t *cli, mns_cli_entries_t *entries) {
  for (size_t i = 0; cli->record && i < cli->type->field_count; i++) {
    char name[48];
    const mns_field_t *field = &cli->type->fields[i];
    mns_text_copy (name, sizeof name, field->name);
    for (char *at = name; *at; at++)
      *at = *at == '_' ? '-' : *at;
    if (is_wanted (cli, field->name) && !is_option (cli, name))
      add_entry (entries, name)->field = field;
  }
}

static void collect (const mns_cli_t *cli, mns_cli_entries_t *entries) {
  entries->count = entries->own = 0;
  add_fields (cli, entries);
  for (const mns_option_t *const *table = cli->options; table && *table; table++) {
    entries->own = entries->count;
    for (const mns_option_t *option = *table; option->name; option++)
      if (!find_entry (entries, option->name))
        add_entry (entries, option->name)->option = option;
  }
  add_entry (entries, MNS_CLI_HELP_NAME);
}

static bool takes_argument (const mns_cli_entry_t *entry) {
  return entry->field || (entry->option && entry->option->kind != MNS_OPTION_FLAG);
}

static char letter_of (const mns_cli_entry_t *entry) {
  if (entry->option)
    return entry->option->letter;
  return entry->field ? 0 : 'h';
}

/* The two descriptions getopt_long wants; a leading ':' makes it silent and tells a missing argument apart. */
static void describe (const mns_cli_entries_t *entries, struct option *longs, char *shorts) {
  *shorts++ = ':';
  for (size_t i = 0; i < entries->count; i++) {
    const mns_cli_entry_t *entry = &entries->entries[i];
    longs[i] = (struct option){entry->name, takes_argument (entry), NULL, LONG_BASE + (int)i};
    if (!letter_of (entry))
      continue;
    *shorts++ = letter_of (entry);
    if (takes_argument (entry))
      *shorts++ = ':';
  }
  longs[entries->count] = (struct option){0};
  *shorts = 0;
}

static const mns_cli_entry_t *entry_of (const mns_cli_entries_t *entries, int value) {
  if (value >= LONG_BASE)
    return &entries->entries[value - LONG_BASE];
  for (size_t i = 0; i < entries->count; i++)
    if (value && letter_of (&entries->entries[i]) == value)
      return &entries->entries[i];
  return NULL;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static mns_rc_t refuse (mns_error_t *error, const mns_cli_entry_t *entry, const char *why) {
  char where[64];
  snprintf (where, sizeof where, "--%s", entry->name);
  return mns_fail (error, MNS_USAGE, where, "%s", why);
}

static mns_rc_t set_option (const mns_cli_entry_t *entry, const char *value, mns_error_t *error) {
  const mns_option_t *option = entry->option;
  char why[160];
  switch (option->kind) {
  case MNS_OPTION_FLAG:
    *(bool *)option->target = true;
    return MNS_OK;
  case MNS_OPTION_TEXT:
    *(const char **)option->target = value;
    return MNS_OK;
  case MNS_OPTION_INT:
    if (mns_text_parse_int (value, option->target))
      return MNS_OK;
  }
  snprintf (why, sizeof why, "'%.60s' is not a whole number", value);
  return refuse (error, entry, why);
}

/* A list is given as a JSON array: it is read as a record of that one member, and taken over from there. */
static mns_rc_t set_list (const mns_cli_t *cli, const mns_field_t *field, const char *value, mns_error_t *error) {
  uint8_t *record = cli->record, *read = mns_alloc (cli->type->size);
  json_t *list = json_loads (value, JSON_REJECT_DUPLICATES, NULL);
  json_t *object = json_object ();
  json_object_set_new (object, field->name, list);
  mns_rc_t rc = list ? mns_record_from_json (cli->type, read, object, error)
                     : mns_fail (error, MNS_INVALID, field->name, "this is not a JSON array");
  if (rc == MNS_OK) {
    memcpy (record + field->offset, read + field->offset, field->size);
    memcpy (record + field->count_offset, read + field->count_offset, sizeof (uint16_t));
  }
  json_decref (object);
  free (read);
  return rc;
}

static mns_rc_t set_field (const mns_cli_t *cli, const mns_cli_entry_t *entry, const char *value, mns_error_t *error) {
  mns_error_t reason = {0};
  mns_rc_t rc = entry->field->kind == MNS_KIND_LIST ? set_list (cli, entry->field, value, &reason)
                                                    : mns_field_parse (entry->field, cli->record, value, &reason);
  if (rc == MNS_UNKNOWN_CODE) /* say which there are */
    mns_cli_list_codes (entry->field->codes, reason.detail, sizeof reason.detail);
  return rc == MNS_OK ? MNS_OK : refuse (error, entry, reason.detail[0] ? reason.detail : mns_error_en (rc));
}

/* ---- mistakes ---------------------------------------------------------------------------------------------------- */

static size_t smallest (size_t a, size_t b, size_t c) {
  size_t ab = a < b ? a : b;
  return ab < c ? ab : c;
}

/* Insertions, deletions and replacements of bytes from one name to the other. */
static size_t distance (const char *a, const char *b) {
  size_t row[64], length = strlen (b);
  for (size_t j = 0; j <= length; j++)
    row[j] = j;
  for (size_t i = 1; *a; a++, i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= length; j++) {
      size_t above = row[j];
      row[j] = smallest (above + 1, row[j - 1] + 1, diagonal + (*a != b[j - 1]));
      diagonal = above;
    }
  }
  return row[length];
}

const char *mns_cli_nearest (const char *name, const char *const *names) {
  const char *nearest = NULL;
  size_t best = strlen (name) / 3 + 2;
  for (; *names; names++) {
    if (strlen (*names) >= 64)
      continue;
    size_t away = distance (name, *names);
    if (away < best && away < strlen (*names)) {
      nearest = *names;
      best = away;
    }
  }
  return nearest;
}

/* `given` is the word as typed: "--birht-order=2". */
static mns_rc_t fail_unknown (const mns_cli_entries_t *entries, const char *given, mns_error_t *error) {
  char name[64];
  const char *names[MNS_CLI_OPTIONS_MAX + 1];
  mns_text_copy (name, sizeof name, given);
  name[strcspn (name, "=")] = 0;
  for (size_t i = 0; i < entries->count; i++)
    names[i] = entries->entries[i].name;
  names[entries->count] = NULL;
  const char *nearest = mns_cli_nearest (name + strspn (name, "-"), names);
  if (nearest)
    return mns_fail (error, MNS_USAGE, name, "there is no such option, did you mean --%s?", nearest);
  return mns_fail (error, MNS_USAGE, name, "there is no such option");
}

/* getopt says ':' when an argument is missing and '?' when an option is unknown or has one it does not take. */
static mns_rc_t fail_option (const mns_cli_entries_t *entries, int sign, char **argv, mns_error_t *error) {
  char letter[3] = {'-', (char)optopt, 0};
  const mns_cli_entry_t *entry = entry_of (entries, optopt);
  if (entry)
    return refuse (error, entry, sign == ':' ? "a value is missing behind this option" : "this option takes no value");
  return fail_unknown (entries, optopt ? letter : argv[optind - 1], error);
}

static mns_rc_t check_count (const mns_cli_t *cli, int count, char **arguments, mns_error_t *error) {
  if (count < cli->positional_min)
    return mns_fail (error, MNS_USAGE, "", "an argument is missing: %s", cli->usage);
  if (count > cli->positional_max)
    return mns_fail (error, MNS_USAGE, arguments[cli->positional_max], "this argument is one too many: %s", cli->usage);
  return MNS_OK;
}

/* ---- parsing ----------------------------------------------------------------------------------------------------- */

static mns_rc_t parse_options (const mns_cli_t *cli, const mns_cli_entries_t *entries, int argc, char **argv,
                               mns_error_t *error) {
  struct option longs[MNS_CLI_OPTIONS_MAX + 1];
  char shorts[2 * MNS_CLI_OPTIONS_MAX + 2];
  mns_rc_t rc = MNS_OK;
  describe (entries, longs, shorts);
  optind = 0; /* begin afresh */
  for (int value; rc == MNS_OK && (value = getopt_long (argc, argv, shorts, longs, NULL)) != -1;) {
    if (value == '?' || value == ':')
      return fail_option (entries, value, argv, error);
    const mns_cli_entry_t *entry = entry_of (entries, value);
    if (!entry->option && !entry->field) {
      mns_cli_help (cli, entries);
      return MNS_GONE;
    }
    rc = entry->option ? set_option (entry, optarg, error) : set_field (cli, entry, optarg, error);
  }
  return rc;
}

mns_rc_t mns_cli_parse (const mns_cli_t *cli, int *argc, char **argv, mns_error_t *error) {
  mns_cli_entries_t entries;
  if (cli->record)
    mns_record_clear (cli->type, cli->record);
  collect (cli, &entries);
  mns_rc_t rc = parse_options (cli, &entries, *argc, argv, error);
  if (rc != MNS_OK)
    return rc;
  int count = *argc - optind;
  rc = check_count (cli, count, argv + optind, error);
  if (rc != MNS_OK)
    return rc;
  memmove (argv + 1, argv + optind, (size_t)count * sizeof *argv);
  argv[count + 1] = NULL;
  *argc = count + 1;
  return MNS_OK;
}

int mns_cli_fail (const char *program, const mns_error_t *error) {
  fprintf (stderr, "error: %s", mns_error_en (error->rc));
  if (error->where[0])
    fprintf (stderr, " (%s)", error->where);
  if (error->detail[0])
    fprintf (stderr, ": %s", error->detail);
  fputc ('\n', stderr);
  if (error->rc == MNS_USAGE)
    fprintf (stderr, "see '%s --help'\n", program);
  else if (mns_error_retry (error->rc))
    fprintf (stderr, "the same may succeed when it is tried again\n");
  return mns_error_exit_code (error->rc);
}
