/* `mns exchange`: moves, verifications, floating residents and deaths between counties. */
#include "common/program.h"
#include "common/records/exchange_records.h"
#include "mns/asking.h"
#include "mns/courier.h"
#include <czmq.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const matter_columns[] = {"id",  "kind", "state",  "side",    "partner", "name", "person",
                                             "due", "day",  "result", "differs", "trouble", NULL};
static const char *const letter_columns[] = {"letter", "side", "state", "account", "recorded", "epoch", "number", NULL};
static const char *const partner_columns[] = {
    "county",  "name",     "connected",        "heard", "open_sent", "open_received", "overdue", "trouble", "asked",
    "in_time", "received", "received_in_time", NULL};

/* ---- looking ----------------------------------------------------------------------------------------------------- */

static int list (int argc, char **argv) {
  static const char *const fields[] = {"kind", "state", "side", "partner", "person", "after", "limit", NULL};
  static bool all;
  static const mns_option_t options[] = {
      {"all", 0, MNS_OPTION_FLAG, NULL, "also those in which nothing is left to do", &all}, {0, 0, 0, 0, 0, 0}};
  static const mns_asking_t asking = {
      .usage = "mns exchange list [options]",
      .summary = "The work list: matters with other counties in which somebody still has to do something, with the\n"
                 "day by which; or all of them.",
      .epilogue = "Examples:\n  mns exchange list --side received\n  mns exchange list --kind verification --all",
      .command = "registry.exchange",
      .in_type = &mns_matter_query_type,
      .fields = fields,
      .out_type = &mns_matter_info_type,
      .columns = matter_columns};
  mns_matter_query_t query;
  int done = mns_parse_asking (&asking, options, &query, &argc, argv);
  if (done >= 0)
    return done;
  query.open = all ? 0 : MNS_YES;
  return mns_print_asking (&asking, &query);
}

static int show (int argc, char **argv) {
  static const char *const none[] = {NULL};
  static const mns_asking_t asking = {.usage = "mns exchange show MATTER [options]",
                                      .summary = "Shows a matter with everything that is known of it.",
                                      .command = "registry.exchange",
                                      .in_type = &mns_matter_query_type,
                                      .fields = none,
                                      .positional = "id",
                                      .required = true,
                                      .out_type = &mns_matter_info_type};
  mns_matter_query_t query;
  int done = mns_parse_asking (&asking, NULL, &query, &argc, argv);
  if (done >= 0)
    return done;
  return mns_ask_and_print (asking.command, asking.in_type, &query, asking.out_type, NULL);
}

static int letters (int argc, char **argv) {
  static const char *const none[] = {NULL};
  static const mns_asking_t asking = {.usage = "mns exchange letters MATTER [options]",
                                      .summary = "Lists the letters of a matter, the oldest first.",
                                      .command = "registry.exchange-letters",
                                      .in_type = &mns_letter_query_type,
                                      .fields = none,
                                      .positional = "id",
                                      .required = true,
                                      .out_type = &mns_letter_info_type,
                                      .columns = letter_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int partners (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns exchange partners [options]",
      .summary = "Lists the partner counties: whether their broker answers and when it was heard last, what is open,\n"
                 "overdue or in trouble, and how many verifications were answered in time, both ways.",
      .command = "registry.exchange-partners",
      .out_type = &mns_partner_info_type,
      .columns = partner_columns};
  return mns_run_asking (&asking, argc, argv);
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *name, *argument, *summary;
  mns_code_t code; /* kind of an opening, step of an action */
  const char *const *fields;
  const char *epilogue;
} work_t;

#define PERSON "name", "citizen_number", "sex", "birth"

static const char *const move_fields[] = {"partner", "other_place", "move_reason", "note", NULL};
static const char *const verify_fields[] = {"partner", PERSON, "other_place", "place", "note", NULL};
static const char *const stay_fields[] = {"partner", "person", "place",        "other_place", PERSON,
                                          "purpose", "day",    "expected_end", "note",        NULL};
static const char *const death_fields[] = {"partner",     PERSON,        "day",  "place",
                                           "other_place", "certificate", "note", NULL};

static const work_t openings[] = {
    {"move", "PERSON",
     "Proposes to the partner county that a person of this register moves there. The person counts here\n"
     "until the partner has accepted.",
     MNS_MATTER_MOVE, move_fields, "Example:\n  mns exchange move 1042 --partner 440305 --move-reason work"},
    {"verify", NULL, "Asks the partner county whether a person is registered there with these facts.",
     MNS_MATTER_VERIFICATION, verify_fields,
     "Example:\n  mns exchange verify --partner 440305 --name 李小一 --citizen-number 519999198001013014"},
    {"stay", NULL,
     "Opens the file of a floating resident: of somebody who lives here and is registered in the partner\n"
     "county; or, with --person, of somebody who is registered here and lives there.",
     MNS_MATTER_STAY, stay_fields,
     "Examples:\n  mns exchange stay --partner 440305 --place 510322101203 --name 李小一 --sex male --birth 1980-01-01 "
     "\\\n"
     "      --citizen-number 519999198001013014 --purpose work --expected-end 2026-12-31\n"
     "  mns exchange stay --partner 440305 --person 1042 --purpose study"},
    {"death", NULL,
     "Gives notice of the death, in this county, of somebody who is registered in the partner county: it\n"
     "alone records and counts it.",
     MNS_MATTER_DEATH, death_fields,
     "Example:\n  mns exchange death --partner 440305 --name 李小一 --citizen-number 519999198001013014 --birth "
     "1980-01-01 \\\n"
     "      --day 2026-06-20"},
};

static const char *const accept_fields[] = {"place", "household", "relation", "day", "note", NULL};
static const char *const refuse_fields[] = {"note", NULL};
static const char *const answer_fields[] = {"result", "differs", "person", "note", NULL};
static const char *const begin_fields[] = {"place", "expected_end", "note", NULL};
static const char *const renew_fields[] = {"expected_end", "note", NULL};
static const char *const end_fields[] = {"day", "note", NULL};
static const char *const record_fields[] = {"person", "note", NULL};

static const work_t actions[] = {
    {"accept", "MATTER", "Accepts a move into this county: the village, and the household when it is one that exists.",
     MNS_STEP_ACCEPT, accept_fields, "Example:\n  mns exchange accept 7 --place 510322101203 --household h55"},
    {"refuse", "MATTER", "Refuses a move, a report or a notice, with the reason.", MNS_STEP_REFUSE, refuse_fields,
     "Example:\n  mns exchange refuse 7 --note 'no permit to move'"},
    {"cancel", "MATTER", "Takes back what this county opened; a person who was released already stays released.",
     MNS_STEP_CANCEL, refuse_fields, NULL},
    {"answer", "MATTER", "Answers a verification: what the register says, or what --result says.", MNS_STEP_ANSWER,
     answer_fields,
     "Examples:\n  mns exchange answer 8\n  mns exchange answer 9 --result differs --differs 'moved away in 2020'"},
    {"begin", "MATTER", "Takes in a floating resident whom the county of registration reported.", MNS_STEP_BEGIN,
     begin_fields, NULL},
    {"renew", "MATTER", "Renews the file of a floating resident.", MNS_STEP_RENEW, renew_fields,
     "Example:\n  mns exchange renew 9 --expected-end 2027-06-30"},
    {"end", "MATTER", "Closes the file of a floating resident who has left.", MNS_STEP_END, end_fields, NULL},
    {"record", "MATTER", "Records a death that another county gave notice of, of the person named.", MNS_STEP_RECORD,
     record_fields, "Example:\n  mns exchange record 9 --person 1042"},
};

static const work_t *find_work (const work_t *works, size_t count, const char *program) {
  const char *name = strrchr (program, ' ') + 1;
  size_t i = 0;
  while (i + 1 < count && strcmp (works[i].name, name) != 0)
    i++;
  return &works[i];
}

static int do_work (const work_t *work, const char *command, const mns_record_type_t *type, const char *positional,
                    void *in, int argc, char **argv) {
  char usage[96];
  snprintf (usage, sizeof usage, "%s %s%s[options]", argv[0], work->argument ? work->argument : "",
            work->argument ? " " : "");
  mns_asking_t asking = {.usage = usage,
                         .summary = work->summary,
                         .epilogue = work->epilogue,
                         .command = command,
                         .in_type = type,
                         .fields = work->fields,
                         .positional = work->argument ? positional : NULL,
                         .required = work->argument != NULL,
                         .out_type = &mns_matter_info_type,
                         .columns = matter_columns};
  int done = mns_parse_asking (&asking, NULL, in, &argc, argv);
  if (done >= 0)
    return done;
  mns_field_parse (mns_record_field (type, positional[0] == 'i' ? "step" : "kind"), in,
                   mns_code_word (positional[0] == 'i' ? &mns_matter_step : &mns_matter_kind, work->code), NULL);
  return mns_print_asking (&asking, in);
}

static int open_matter (int argc, char **argv) {
  mns_matter_request_t request;
  const work_t *work = find_work (openings, sizeof openings / sizeof openings[0], argv[0]);
  return do_work (work, "registry.exchange-open", &mns_matter_request_type, "person", &request, argc, argv);
}

static int act (int argc, char **argv) {
  mns_matter_action_t action;
  const work_t *work = find_work (actions, sizeof actions / sizeof actions[0], argv[0]);
  return do_work (work, "registry.exchange-act", &mns_matter_action_type, "id", &action, argc, argv);
}

/* ---- the courier alone ------------------------------------------------------------------------------------------- */

static void courier_part (zsock_t *pipe, void *args) {
  mns_courier_actor (pipe, args);
}

static mns_rc_t stand_by (zactor_t *courier, int signals, mns_error_t *error) {
  char *word = NULL, *code = NULL, *detail = NULL;
  mns_rc_t rc = MNS_OK;
  zsock_recv (courier, "sss", &word, &code, &detail);
  if (!word || strcmp (word, "READY") != 0)
    rc = mns_fail (error, code ? mns_error_from_word (code) : MNS_INTERNAL, "partners.yaml", "%s",
                   detail ? detail : "the courier ended without a word");
  zstr_free (&word);
  zstr_free (&code);
  zstr_free (&detail);
  if (rc != MNS_OK)
    return rc;
  puts ("ready");
  fflush (stdout);
  zpoller_t *poller = zpoller_new (&signals, NULL);
  zpoller_wait (poller, -1);
  zpoller_destroy (&poller);
  return MNS_OK;
}

static int run_courier (int argc, char **argv) {
  const mns_option_t *options[] = {mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns exchange courier [options]",
                   .summary =
                       "Brings the letters of the partner counties (partners.yaml of the data directory) into the\n"
                       "register, until Ctrl-C. `mns up` does this by itself; this is for services that run each\n"
                       "on their own. Its account needs the role service.",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  int signals = mns_program_signals ();
  mns_config_t config;
  mns_error_t error = {0};
  mns_rc_t rc = mns_configure (&config, &error);
  zactor_t *courier = rc == MNS_OK ? zactor_new (courier_part, &config) : NULL;
  if (courier)
    rc = stand_by (courier, signals, &error);
  zactor_destroy (&courier);
  close (signals);
  zsys_shutdown ();
  return rc == MNS_OK ? 0 : mns_complain ("mns exchange courier", &error);
}

int mns_cmd_exchange (int argc, char **argv) {
  static const mns_subcommand_t table[] = {
      {"list", "the work list, with the days by which", list},
      {"show", "one matter with everything known of it", show},
      {"letters", "what was written and came about a matter", letters},
      {"partners", "the partner counties and how the lines are", partners},
      {"move", "propose a move into another county", open_matter},
      {"verify", "ask another county about a person", open_matter},
      {"stay", "open the file of a floating resident", open_matter},
      {"death", "give notice of a death to the county of registration", open_matter},
      {"accept", "accept a move into this county", act},
      {"refuse", "refuse a move, a report or a notice", act},
      {"cancel", "take back what this county opened", act},
      {"answer", "answer a verification", act},
      {"begin", "take in a floating resident who was reported", act},
      {"renew", "renew the file of a floating resident", act},
      {"end", "close it", act},
      {"record", "record a death that another county gave notice of", act},
      {"courier", "bring the letters (where services run each on their own)", run_courier},
      {0, 0, 0}};
  return mns_run_subcommand ("mns exchange", "Moves, verifications, floating residents and deaths between counties.",
                             table, argc, argv);
}
