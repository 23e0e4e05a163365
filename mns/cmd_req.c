/* `mns req`: one request to a service, its fields as options of the record. */
#include "mns/mns.h"
#include "mns/services.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int list_commands (void) {
  static const mns_column_t columns[] = {{"command", NULL, false}, {"does", NULL, false}, {0, 0, false}};
  mns_table_t *table = mns_table_new (columns);
  for (const mns_service_t *const *service = mns_services; *service; service++)
    for (const mns_command_t *command = (*service)->commands; command->name; command++)
      mns_table_addf (table, "%s\t%s", command->name, command->en);
  mns_table_print (&table, stdout, mns_form ());
  return 0;
}

static int unknown_command (const char *name) {
  const char *names[128];
  size_t count = 0;
  for (const mns_service_t *const *service = mns_services; *service; service++)
    for (const mns_command_t *command = (*service)->commands; command->name && count < 127; command++)
      names[count++] = command->name;
  names[count] = NULL;
  const char *near = mns_cli_nearest (name, names);
  fprintf (stderr, "mns req: there is no command '%s'%s%s%s `mns req --list` shows them all.\n", name,
           near ? "; did you mean '" : "", near ? near : "", near ? "'?" : ".");
  return 2;
}

static int ask (const mns_command_t *command, int argc, char **argv) {
  char program[96], usage[128];
  snprintf (program, sizeof program, "mns req %s", command->name);
  snprintf (usage, sizeof usage, "%s [options]", program);
  argv[0] = program;
  void *record = command->request ? mns_alloc (command->request->size) : NULL;
  const mns_option_t *options[] = {mns_common_options, NULL};
  mns_cli_t cli = {
      .usage = usage, .summary = command->en, .options = options, .type = command->request, .record = record};
  int done = mns_parse (&cli, &argc, argv);
  if (done < 0 && command->reply)
    done = mns_ask_and_print (command->name, command->request, record, command->reply, NULL);
  free (record);
  return done;
}

int mns_cmd_req (int argc, char **argv) {
  bool list = false;
  if (argc >= 2 && argv[1][0] != '-') {
    const mns_command_t *command = mns_service_command (argv[1]);
    return command ? ask (command, argc - 1, argv + 1) : unknown_command (argv[1]);
  }
  const mns_option_t req_options[] = {{"list", 'l', MNS_OPTION_FLAG, NULL, "list the commands", &list},
                                      {0, 0, 0, 0, 0, 0}};
  const mns_option_t *options[] = {req_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns req COMMAND [options], mns req --list",
                   .summary = "Sends one request and prints the answer. The options are the fields of the request:\n"
                              "`mns req COMMAND --help` lists them.",
                   .epilogue =
                       "Example: mns req statistics.figures --place 510322 --period 2026-S1 --basis registration",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  if (list)
    return list_commands ();
  fprintf (stderr, "mns req: name a command; `mns req --list` shows them all.\n");
  return 2;
}
