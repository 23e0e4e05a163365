/* `mns place`: the places of the register. */
#include "common/records/place.h"
#include "common/records/registry_requests.h"
#include "mns/asking.h"
#include "mns/country.h"
#include "mns/import.h"
#include "mns/mns.h"
#include "mns/reform.h"

static const char *const list_fields[] = {"parent", "text", "as_of", "after", "limit", NULL};
static const char *const day_fields[] = {"as_of", NULL};
static const char *const no_fields[] = {NULL};
static const char *const list_columns[] = {"code",       "name",     "level", "registration", "sentinel", "stratum",
                                           "valid_from", "valid_to", NULL};
static const char *const step_columns[] = {"day", "change", "code", "name", "operation", "part", NULL};

static const mns_asking_t place_list = {.usage = "mns place list [options]",
                                        .summary = "Lists places: all, those under --parent, or those whose name holds "
                                                   "--text; as they were on a day with --as-of.",
                                        .command = "registry.places",
                                        .in_type = &mns_place_query_type,
                                        .fields = list_fields,
                                        .out_type = &mns_place_info_type,
                                        .columns = list_columns};
static const mns_asking_t place_show = {.usage = "mns place show CODE [options]",
                                        .summary = "Names a code as it was last, or on a day with --as-of.",
                                        .epilogue = "mns place show 512522 --as-of 1982-07-01",
                                        .command = "registry.places",
                                        .in_type = &mns_place_query_type,
                                        .fields = day_fields,
                                        .positional = "code",
                                        .required = true,
                                        .out_type = &mns_place_info_type,
                                        .columns = list_columns};
static const mns_asking_t place_history = {.usage = "mns place history CODE [options]",
                                           .summary = "When a code was valid, under which names, what its land was "
                                                      "before and became.",
                                           .command = "registry.place-history",
                                           .in_type = &mns_place_query_type,
                                           .fields = no_fields,
                                           .positional = "code",
                                           .required = true,
                                           .out_type = &mns_place_step_type,
                                           .columns = step_columns};

static int list (int argc, char **argv) {
  return mns_run_asking (&place_list, argc, argv);
}

static int show (int argc, char **argv) {
  return mns_run_asking (&place_show, argc, argv);
}

static int history (int argc, char **argv) {
  return mns_run_asking (&place_history, argc, argv);
}

static int load (int argc, char **argv) {
  bool country = false;
  const char *under = "";
  const mns_option_t own[] = {
      {"country", 0, MNS_OPTION_FLAG, NULL, "the divisions of the whole country, which this program holds", &country},
      {"under", 0, MNS_OPTION_TEXT, "CODE", "with --country: townships and villages of this division only", &under},
      {0}};
  const mns_option_t *const options[] = {own, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns place load FILE | --country [options]",
                   .summary =
                       "Loads a places file; what is equal stays, what differs is changed and told to everybody.",
                   .options = options,
                   .positional_max = 1};
  mns_place_t division = 0;
  mns_config_t config;
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  if (country == (argc == 2) || (*under && !mns_place_parse (under, &division)))
    return mns_complain (argv[0], &(mns_error_t){MNS_USAGE, "", "name a file, or say --country; --under takes a code"});
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  int code = country ? mns_load_country (bus, division) : mns_import_file (bus, &config, argv[1], false);
  mns_bus_destroy (&bus);
  return code;
}

static int reform (int argc, char **argv) {
  bool dry_run = false;
  const mns_option_t own[] = {
      {"dry-run", 0, MNS_OPTION_FLAG, NULL, "say what would be done, or every mistake; change nothing", &dry_run}, {0}};
  const mns_option_t *const options[] = {own, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns place reform FILE [options]",
                   .summary =
                       "Carries out a boundary reform, all of its rows or none: codes end and begin, persons and "
                       "households go\nwhere their land lies, events keep the place of their day. The same file "
                       "again changes nothing.",
                   .epilogue = "FILE is CSV: operation,code,successor,name,day,household\n"
                               "merge,510322101,510322102,,2026-07-01,\n"
                               "move,510322101201,510322102211,,2026-07-01,",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  return done >= 0 ? done : mns_run_reform (argv[1], dry_run);
}

int mns_cmd_place (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "list places", list},
                                           {"show", "name a code, as of any day", show},
                                           {"history", "when a code was valid, what came before and after", history},
                                           {"load", "load a places file, or the whole country", load},
                                           {"reform", "carry out a boundary reform from a file", reform},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns place", "Places: province, city, county, townships and villages.", table, argc, argv);
}
