/* `mns pending`: what waits for a second person, and the decision. */
#include "common/records/registry_pending.h"
#include "mns/asking.h"

static const char *const pending_columns[] = {"pending",  "event_kind", "field",   "person",  "place",
                                              "occurred", "why",        "account", "entered", NULL};

static int list (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns pending list [PLACE] [options]",
      .summary = "Lists events told very late, and corrections of what stands in the register for long, that wait for\n"
                 "a second person; with --state those that were decided.",
      .command = "registry.pending",
      .in_type = &mns_pending_query_type,
      .positional = "place",
      .out_type = &mns_pending_info_type,
      .columns = pending_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int decide (int argc, char **argv, mns_code_t decision, const char *usage, const char *summary) {
  static const char *const fields[] = {"reason", NULL};
  mns_pending_decision_t request;
  const mns_asking_t asking = {.usage = usage,
                               .summary = summary,
                               .command = "registry.decide",
                               .in_type = &mns_pending_decision_type,
                               .fields = fields,
                               .positional = "pending",
                               .required = true,
                               .out_type = &mns_pending_outcome_type};
  int done = mns_parse_asking (&asking, NULL, &request, &argc, argv);
  if (done >= 0)
    return done;
  request.decision = decision;
  return mns_print_asking (&asking, &request);
}

static int approve (int argc, char **argv) {
  return decide (argc, argv, MNS_PENDING_APPROVE, "mns pending approve NUMBER [--reason TEXT] [options]",
                 "Writes it as if it were entered now, in the name of who entered it. Not for who entered it.");
}

static int refuse (int argc, char **argv) {
  return decide (argc, argv, MNS_PENDING_REFUSE, "mns pending refuse NUMBER --reason TEXT [options]",
                 "It does not go into the register. Not for who entered it.");
}

static int withdraw (int argc, char **argv) {
  return decide (argc, argv, MNS_PENDING_WITHDRAW, "mns pending withdraw NUMBER [--reason TEXT] [options]",
                 "Takes it back: for who entered it.");
}

int mns_cmd_pending (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "what waits, or was decided", list},
                                           {"approve", "into the register", approve},
                                           {"refuse", "not into the register", refuse},
                                           {"withdraw", "by who entered it", withdraw},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns pending", "What waits for a second person.", table, argc, argv);
}
