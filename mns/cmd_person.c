/* `mns person`: persons and households of the register, their events, and corrections. */
#include "common/records/registry_requests.h"
#include "common/text.h"
#include "mns/asking.h"
#include <string.h>

#define REGISTER_DIGITS_MAX 14 /* longer ones are citizen numbers */

static const mns_option_t *const common_only[] = {mns_common_options, NULL};

/* On the screen the columns that fit; all of them in JSON and CSV. */
static const char *const *columns (const char *const *shown) {
  return mns_form () == MNS_TABLE_TEXT ? shown : NULL;
}

static const char *const person_columns[] = {"person", "name",      "sex",       "birth",    "citizen_number", "status",
                                             "place",  "residence", "household", "relation", "finding",        NULL};
static const char *const event_columns[] = {"event",       "event_kind",  "occurred",   "registered", "place",
                                            "other_place", "birth_order", "adjustment", "field",      "old_value",
                                            "new_value",   "note",        "account",    NULL};

static bool register_number (const char *text, uint64_t *number) {
  int64_t value;
  if (strlen (text) > REGISTER_DIGITS_MAX || !mns_text_parse_int (text, &value) || value <= 0)
    return false;
  *number = (uint64_t)value;
  return true;
}

static int not_a_number (const char *command, const char *text) {
  mns_error_t error;
  mns_fail (&error, MNS_USAGE, "PERSON", "'%s' is not a register number", text);
  return mns_complain (command, &error);
}

static int show (int argc, char **argv) {
  static const char *const fields[] = {"as_of", NULL};
  mns_person_query_t query;
  mns_cli_t cli = {.usage = "mns person show PERSON [--as-of DATE] [options]",
                   .summary =
                       "Shows the person of that register number or citizen number, as it is now or as it was at\n"
                       "the end of a day.",
                   .options = common_only,
                   .type = &mns_person_query_type,
                   .fields = fields,
                   .record = &query,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  if (!register_number (argv[1], &query.person))
    mns_text_copy (query.citizen_number, sizeof query.citizen_number, argv[1]);
  return mns_ask_and_print ("registry.person", &mns_person_query_type, &query, &mns_person_info_type,
                            columns (person_columns));
}

static int search (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns person search [TEXT] [options]",
      .summary = "Finds persons of your division by name or its beginning, citizen number, birth date, age, sex,\n"
                 "status, place of any level or household. The next page: --after LAST_NUMBER_SHOWN.",
      .epilogue = "Examples:\n  mns person search 王小明 --match exact\n"
                  "  mns person search --place 510322101 --age-from 60 --status present --limit 100",
      .command = "registry.search",
      .in_type = &mns_person_search_type,
      .positional = "text",
      .out_type = &mns_person_info_type,
      .columns = person_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int household (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns person household [PERSON] [options]",
      .summary = "Shows everybody in the household of a person, or in --household NUMBER; with --as-of\n"
                 "DATE those who were in it at the end of that day.",
      .command = "registry.household",
      .in_type = &mns_household_query_type,
      .positional = "person",
      .out_type = &mns_person_info_type,
      .columns = person_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int residents (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns person residents PLACE [--as-of DATE] [options]",
      .summary = "Lists who is registered in or lives in a place, or was at the end of a day. The next page begins\n"
                 "behind the last number shown: --after NUMBER.",
      .command = "registry.residents",
      .in_type = &mns_residents_query_type,
      .positional = "place",
      .required = true,
      .out_type = &mns_person_info_type,
      .columns = person_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int events (int argc, char **argv) {
  static const char *const none[] = {NULL};
  static const mns_asking_t asking = {.usage = "mns person events PERSON [options]",
                                      .summary = "Shows what the register knows of a life: events and corrections.",
                                      .command = "registry.events",
                                      .in_type = &mns_event_query_type,
                                      .fields = none,
                                      .positional = "person",
                                      .required = true,
                                      .out_type = &mns_event_info_type,
                                      .columns = event_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int correct (int argc, char **argv) {
  mns_correct_request_t request;
  mns_cli_t cli = {
      .usage = "mns person correct [PERSON] --field FIELD --value VALUE --reason TEXT [options]",
      .summary = "Corrects a fact of a person: name, native_name, sex, birth, birth_precision, birth_calendar,\n"
                 "birth_text, citizen_number, ethnic, marital, registration, mother, father; or, with --event, of an\n"
                 "event: occurred, birth_order. The old value is kept, and figures that change are restated. With\n"
                 "--changed DATE the old value was right until that day: a new name, a new number.",
      .epilogue = "Example:\n  mns person correct 1042 --field birth --value 1960-01-03 --reason 'identity card seen'",
      .options = common_only,
      .type = &mns_correct_request_type,
      .record = &request,
      .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  if (argc > 1 && !register_number (argv[1], &request.person))
    return not_a_number (argv[0], argv[1]);
  return mns_ask_and_print ("registry.correct", &mns_correct_request_type, &request, &mns_correct_outcome_type, NULL);
}

int mns_cmd_person (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"show", "one person, by register number or citizen number", show},
                                           {"search", "by name, number, birth date, place or household", search},
                                           {"household", "everybody in a household", household},
                                           {"residents", "everybody in a place, also on a day of the past", residents},
                                           {"events", "events and corrections of a person", events},
                                           {"correct", "correct a fact of a person or event", correct},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns person", "Persons of the register. Each reading is logged.", table, argc, argv);
}
