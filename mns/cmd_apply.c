/* `mns apply`: applications, decisions, entitlements, exits. */
#include "common/records/assistance_requests.h"
#include "mns/asking.h"

static const char *const application_columns[] = {"application", "state",       "scheme",  "tier",       "person",
                                                  "name",        "place",       "applied", "applied_by", "decided",
                                                  "decided_by",  "entitlement", NULL};
static const char *const entitlement_columns[] = {"entitlement",  "state",    "scheme",          "tier",     "person",
                                                  "name",         "place",    "from_day",        "last_day", "reason",
                                                  "account_tail", "paid_fen", "recoverable_fen", NULL};

static int new_one (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns apply new --scheme SCHEME --tier TIER (--person NUMBER | --citizen-number N --name NAME) [options]",
      .summary = "Enters an application. The conditions of the scheme are checked; another account decides.",
      .epilogue = "Example:\n  mns apply new --scheme rural-reward --tier national --person 1042 --children-living 1",
      .command = "assistance.apply",
      .in_type = &mns_application_request_type,
      .out_type = &mns_application_type,
      .columns = application_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int decide (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns apply decide APPLICATION --decision approve|refuse [--reason TEXT] [options]",
      .summary = "Approves or refuses an application, as another account than the one that entered it.",
      .epilogue = "Example:\n  mns apply decide 7 --decision approve --account checker",
      .command = "assistance.decide",
      .in_type = &mns_decision_request_type,
      .positional = "application",
      .out_type = &mns_application_type,
      .columns = application_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int list (int argc, char **argv) {
  static const mns_asking_t asking = {.usage = "mns apply list [APPLICATION] [options]",
                                      .summary = "Lists applications.",
                                      .command = "assistance.applications",
                                      .in_type = &mns_application_query_type,
                                      .positional = "application",
                                      .out_type = &mns_application_type,
                                      .columns = application_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int entitlements (int argc, char **argv) {
  static const mns_asking_t asking = {.usage = "mns apply entitlements [ENTITLEMENT] [options]",
                                      .summary = "Lists entitlements: of a person, a scheme, a state, a place.",
                                      .epilogue = "Example:\n  mns apply entitlements --scheme rural-reward "
                                                  "--state active --place 510322101",
                                      .command = "assistance.entitlements",
                                      .in_type = &mns_entitlement_query_type,
                                      .positional = "entitlement",
                                      .out_type = &mns_entitlement_type,
                                      .columns = entitlement_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int leave (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns apply exit ENTITLEMENT --reason REASON [--occurred DAY] [options]",
      .summary = "Ends an entitlement: condition_ended (the recipient's own declaration), wrong_finding or other.\n"
                 "Deaths and moves are recorded in the register (mns event), which ends entitlements by itself.",
      .epilogue = "Example:\n  mns apply exit 17 --reason wrong_finding",
      .command = "assistance.exit",
      .in_type = &mns_exit_request_type,
      .positional = "entitlement",
      .out_type = &mns_entitlement_type,
      .columns = entitlement_columns};
  return mns_run_asking (&asking, argc, argv);
}

int mns_cmd_apply (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"new", "enter an application", new_one},
                                           {"decide", "approve or refuse one", decide},
                                           {"list", "applications", list},
                                           {"entitlements", "who is entitled to what", entitlements},
                                           {"exit", "end an entitlement by hand", leave},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns apply", "Applications for assistance, and what came of them.", table, argc, argv);
}
