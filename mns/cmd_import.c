/* `mns import`: CSV files into the running stack. */
#include "mns/import.h"
#include "mns/mns.h"

int mns_cmd_import (int argc, char **argv) {
  bool dry_run = false;
  const mns_option_t own[] = {
      {"dry-run", 'n', MNS_OPTION_FLAG, NULL, "try every row against the register and write nothing", &dry_run},
      {0, 0, 0, 0, 0, 0}};
  const mns_option_t *options[] = {own, mns_common_options, NULL};
  mns_cli_t cli = {
      .usage = "mns import FILE … [options]",
      .summary = "Imports CSV files: places, persons, returns, recipients or exits, told apart by their header.\n"
                 "Each row is created, already there, or refused with the reason; the same file again changes\n"
                 "nothing, and an import that was cut off goes on. Refused rows are kept in DATA/quarantine, to be\n"
                 "corrected and imported (mns quarantine).",
      .epilogue = "The exit code is 1 when rows were refused. docs/import.md has the templates.\n"
                  "Files put into DATA/inbox of a running stack are imported by themselves.",
      .options = options,
      .positional_min = 1,
      .positional_max = 1000};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  int worst = 0;
  for (int i = 1; i < argc; i++) {
    int code = mns_import_file (bus, &config, argv[i], dry_run);
    worst = code > worst ? code : worst;
  }
  mns_bus_destroy (&bus);
  return worst;
}
