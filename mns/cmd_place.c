/* `mns place`: the places of the register. */
#include "common/records/registry_requests.h"
#include "mns/import.h"
#include "mns/mns.h"

static const mns_option_t *const common_only[] = {mns_common_options, NULL};

static int list (int argc, char **argv) {
  static const char *const shown[] = {"code", "name", "level", "registration", "sentinel", "valid_to", NULL};
  mns_place_query_t query;
  mns_cli_t cli = {.usage = "mns place list [options]",
                   .summary = "Lists places: all, those under --parent, or those whose name holds --text.",
                   .options = common_only,
                   .type = &mns_place_query_type,
                   .record = &query};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  return mns_ask_and_print ("registry.places", &mns_place_query_type, &query, &mns_place_info_type,
                            mns_form () == MNS_TABLE_TEXT ? shown : NULL);
}

static int load (int argc, char **argv) {
  mns_cli_t cli = {.usage = "mns place load FILE [options]",
                   .summary =
                       "Loads a places file; what is equal stays, what differs is changed and told to everybody.",
                   .options = common_only,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  int code = mns_import_file (bus, &config, argv[1]);
  mns_bus_destroy (&bus);
  return code;
}

int mns_cmd_place (int argc, char **argv) {
  static const mns_subcommand_t table[] = {
      {"list", "list places", list}, {"load", "load a places file", load}, {0, 0, 0}};
  return mns_run_subcommand ("mns place", "Places: province, city, county, townships and villages.", table, argc, argv);
}
