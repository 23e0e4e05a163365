/* `mns event`: events of life typed in by hand; one subcommand for each kind, with the fields it takes. */
#include "common/records/registry_requests.h"
#include "mns/mns.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const char *name, *summary;
  mns_code_t event;
  const char *const *fields;
  const char *example;
} event_command_t;

#define WHEN_WHERE "occurred", "registered", "place"
#define WHO        "person", "citizen_number", "name", "birth"
#define HOW        "origin", "evidence", "happened_at", "certificate"
#define LAST       HOW, "note", "confirm", NULL
#define BORN       "birth_precision", "birth_calendar", "birth_text", "native_name"
#define MOTHER     "mother_person", "mother_number", "mother_name"
#define FATHER     "father_person", "father_number", "father_name"

static const char *const birth_fields[] = {
    WHEN_WHERE, "name",      "sex",      MOTHER,         "mother", FATHER,           "birth_order", "plurality",
    "rank",     "household", "relation", "registration", "ethnic", "citizen_number", "native_name", LAST};
static const char *const death_fields[] = {WHEN_WHERE, WHO, "death_cause", "death_site", LAST};
static const char *const in_fields[] = {WHEN_WHERE, WHO,           "sex",          BORN,
                                        "ethnic",   "marital",     "registration", "household",
                                        "relation", "other_place", "move_reason",  LAST};
static const char *const out_fields[] = {WHEN_WHERE, WHO, "other_place", "move_reason", "whole_household", LAST};
static const char *const within_fields[] = {WHEN_WHERE,     WHO,           "other_place",     "household", "relation",
                                            "registration", "move_reason", "whole_household", LAST};
static const char *const adjustment_fields[] = {WHEN_WHERE, "adjustment",   WHO,         "sex",      BORN, "ethnic",
                                                "marital",  "registration", "household", "relation", LAST};
static const char *const couple_fields[] = {WHEN_WHERE, WHO, "partner_person", "partner_number", "partner_name", LAST};
static const char *const adoption_fields[] = {WHEN_WHERE, WHO, MOTHER, FATHER, "relation", LAST};
static const char *const adoption_end_fields[] = {WHEN_WHERE, WHO, "household", LAST};
static const char *const household_fields[] = {WHEN_WHERE, WHO, "household", "relation", LAST};
static const char *const join_fields[] = {WHEN_WHERE, WHO, "household", "relation", "whole_household", LAST};
static const char *const head_fields[] = {WHEN_WHERE, WHO, LAST};

static const event_command_t events[] = {
    {"birth", "a live birth, in the mother's village", MNS_BIRTH, birth_fields,
     "mns event birth --occurred 2026-06-30 --place 510322101203 --name 张小一 --sex female --mother-person 1042 \\\n"
     "    --birth-order 1"},
    {"death", "a death, in the village of the person", MNS_DEATH, death_fields,
     "mns event death --occurred 2026-06-29 --place 510322101203 --person 1042"},
    {"move-in", "somebody moves into the county, or an incomer becomes registered here", MNS_MOVE_IN, in_fields,
     "mns event move-in --occurred 2026-06-01 --place 510322101203 --name 李四 --sex male --birth 1990-05-04 \\\n"
     "    --other-place 510107 --move-reason work"},
    {"move-out", "somebody moves out of the county", MNS_MOVE_OUT, out_fields,
     "mns event move-out --occurred 2026-06-01 --place 510322101203 --person 1042 --other-place 440305"},
    {"move-within", "somebody moves to another village of the county", MNS_MOVE_WITHIN, within_fields,
     "mns event move-within --occurred 2026-06-01 --place 510322102201 --person 1042"},
    {"adjustment", "an omitted person is added, a duplicate or wrong entry removed", MNS_ADJUSTMENT, adjustment_fields,
     "mns event adjustment --adjustment duplicate --occurred 2026-06-30 --place 510322101203 --person 1042"},
    {"marriage", "a marriage, in the village of one of the two", MNS_MARRIAGE, couple_fields,
     "mns event marriage --occurred 2026-06-01 --place 510322101203 --person 1042 --partner-person 2077"},
    {"divorce", "a divorce, in the village of one of the two", MNS_DIVORCE, couple_fields,
     "mns event divorce --occurred 2026-06-01 --place 510322101203 --person 1042"},
    {"adoption", "a child is adopted, in its village", MNS_ADOPTION, adoption_fields,
     "mns event adoption --occurred 2026-06-01 --place 510322101203 --person 3001 --mother-person 1042"},
    {"adoption-end", "an adoption ends", MNS_ADOPTION_END, adoption_end_fields,
     "mns event adoption-end --occurred 2026-06-01 --place 510322101203 --person 3001"},
    {"split", "somebody leaves the household for a new one in the same village", MNS_HOUSEHOLD_SPLIT, household_fields,
     "mns event split --occurred 2026-06-01 --place 510322101203 --person 1042 --household 12b"},
    {"join", "somebody joins another household of the same village", MNS_HOUSEHOLD_JOIN, join_fields,
     "mns event join --occurred 2026-06-01 --place 510322101203 --person 1042 --household h388 --relation 30"},
    {"head", "somebody becomes head of the household", MNS_HEAD_CHANGE, head_fields,
     "mns event head --occurred 2026-06-01 --place 510322101203 --person 1042"},
};

static const event_command_t *find_event (const char *program) {
  const char *name = strrchr (program, ' ') + 1;
  for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
    if (strcmp (events[i].name, name) == 0)
      return &events[i];
  return NULL;
}

static int record (int argc, char **argv) {
  const event_command_t *event = find_event (argv[0]);
  const mns_option_t *options[] = {mns_common_options, NULL};
  mns_life_return_t row;
  char usage[96], summary[96], epilogue[400];
  snprintf (usage, sizeof usage, "%s [options]", argv[0]);
  snprintf (summary, sizeof summary, "%c%s.", toupper (event->summary[0]), event->summary + 1);
  snprintf (epilogue, sizeof epilogue,
            "Who it is: --person, or --citizen-number and --name, or --name, --birth and --place.\nExample:\n  %s",
            event->example);
  mns_cli_t cli = {.usage = usage,
                   .summary = summary,
                   .epilogue = epilogue,
                   .options = options,
                   .type = &mns_life_return_type,
                   .fields = event->fields,
                   .record = &row};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  row.event = event->event;
  return mns_ask_and_print ("registry.record", &mns_life_return_type, &row, &mns_record_outcome_type, NULL);
}

int mns_cmd_event (int argc, char **argv) {
  static mns_subcommand_t table[sizeof events / sizeof events[0] + 1];
  for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
    table[i] = (mns_subcommand_t){events[i].name, events[i].summary, record};
  return mns_run_subcommand ("mns event", "Records an event of life; the figures follow within a second.", table, argc,
                             argv);
}
