/* The command of clerks and operators: `mns COMMAND …`. This file is the table of commands. */
#include "mns/mns.h"
#include <czmq.h>
#include <stdio.h>
#include <string.h>

static const mns_subcommand_t commands[] = {
    {"up", "run the whole stack in one process", mns_cmd_up},
    {"status", "what runs, how far it is, what is wrong", mns_cmd_status},
    {"check", "one line for a monitoring system", mns_cmd_check},
    {"sample", "the sample county: write its files, load it", mns_cmd_sample},
    {"import", "load a CSV file: persons, returns, places, recipients, exits", mns_cmd_import},
    {"export", "lists into CSV or XLSX: persons, residents, findings, places, entitlements", mns_cmd_export},
    {"quarantine", "rows that imports refused: see, correct, import them", mns_cmd_quarantine},
    {"person", "find and show persons and households, correct a fact", mns_cmd_person},
    {"event", "record a birth, a death, a move, an adjustment", mns_cmd_event},
    {"pending", "what waits for a second person: list, approve, refuse", mns_cmd_pending},
    {"duplicate", "entries that may be one person: list, compare, decide", mns_cmd_duplicate},
    {"quality", "findings about the register: list, close, check", mns_cmd_quality},
    {"exchange", "moves, verifications, floating residents with other counties", mns_cmd_exchange},
    {"place", "show and load places", mns_cmd_place},
    {"stats", "figures: report, show, compare, verify", mns_cmd_stats},
    {"scheme", "schemes of assistance, their rates and conditions", mns_cmd_scheme},
    {"apply", "applications, decisions, entitlements, exits", mns_cmd_apply},
    {"batch", "payment batches, bank files, ledger", mns_cmd_batch},
    {"notify", "messages: list, retry", mns_cmd_notify},
    {"sub", "watch events, live or from a number", mns_cmd_sub},
    {"snapshot", "the state of a stream at one moment", mns_cmd_snapshot},
    {"pub", "publish events from lines of JSON", mns_cmd_pub},
    {"req", "send one request to a service", mns_cmd_req},
    {"serve", "answer a command by running a program", mns_cmd_serve},
    {"bench", "measure the bus", mns_cmd_bench},
    {"log", "the event log: state, records, trim, verify", mns_cmd_log},
    {"consumer", "who reads the log: list, reset, remove, require, skip", mns_cmd_consumer},
    {"outbox", "what services have said: show, bury", mns_cmd_outbox},
    {"trace", "an event, its cause and its effects", mns_cmd_trace},
    {"completion", "what bash offers behind Tab", mns_cmd_completion},
    {"schema", "records, topics, commands: reference and JSON Schema", mns_cmd_schema},
    {"errors", "the error table", mns_cmd_errors},
    {"backup", "copy every store while running", mns_cmd_backup},
    {"restore", "put a backup into place, in a stack that is stopped", mns_cmd_restore},
    {"account", "accounts: list, show, add, change, revoke", mns_cmd_account},
    {"keys", "CURVE keys: make, show, rotate, finish", mns_cmd_keys},
    {0, 0, 0}};

int main (int argc, char **argv) {
  zsys_handler_set (NULL); /* Ctrl-C ends a command at once; one that has to tidy up takes the signals itself */
  if (argc == 2 && (strcmp (argv[1], "--version") == 0 || strcmp (argv[1], "-V") == 0)) {
    puts ("mns " MNS_VERSION);
    return 0;
  }
  return mns_run_subcommand ("mns", "Minsheng: registry, statistics, assistance and notifications of a county.",
                             commands, argc, argv);
}
