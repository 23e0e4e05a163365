/* `mns scheme`: the catalogue of assistance. */
#include "common/records/assistance_requests.h"
#include "mns/asking.h"
#include <stdio.h>

static const char *const columns[] = {"scheme", "tier", "zh", "tier_zh", "periodicity", "amount_fen", "per", NULL};

static const mns_asking_t list_asking = {.usage = "mns scheme list [SCHEME] [options]",
                                         .summary = "Lists the schemes and tiers with the rates in force.",
                                         .command = "assistance.schemes",
                                         .in_type = &mns_scheme_query_type,
                                         .positional = "scheme",
                                         .out_type = &mns_scheme_info_type,
                                         .columns = columns};

static int list (int argc, char **argv) {
  return mns_run_asking (&list_asking, argc, argv);
}

/* ---- one scheme in full ------------------------------------------------------------------------------------------ */

static void print_tier (void *context, const void *record) {
  const mns_scheme_info_t *info = record;
  bool *any = context;
  printf ("%s%s %s, %s (%s, %s)\n", *any ? "\n" : "", info->zh, info->tier_zh, info->en, info->scheme, info->tier);
  *any = true;
  for (size_t i = 0; i < info->conditions_count; i++)
    printf ("  condition  %s（%s）\n", info->conditions[i].en, info->conditions[i].zh);
  for (size_t i = 0; i < info->rates_count; i++) {
    const mns_scheme_rate_t *rate = &info->rates[i];
    char day[MNS_DATE_TEXT], yuan[MNS_FEN_GROUPED];
    mns_date_format (rate->from_day, day);
    mns_fen_format_grouped (rate->amount_fen, yuan);
    printf ("  rate       from %s: %s yuan a %s%s%s\n", day, yuan, mns_code_word (&mns_rate_per, rate->per),
            rate->registration ? ", " : "", mns_code_word (&mns_registration, rate->registration));
  }
  for (size_t i = 0; i < info->shares_count; i++)
    printf ("  source     %s %lld %%\n", info->shares[i].source, (long long)info->shares[i].percent);
}

static int print_scheme (const mns_asking_t *asking, const mns_scheme_query_t *query) {
  mns_config_t config;
  mns_error_t error = {0};
  mns_scheme_info_t info;
  bool any = false;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_rc_t rc =
      mns_ask (bus, asking->command, asking->in_type, query, asking->out_type, &info, print_tier, &any, &error);
  mns_bus_destroy (&bus);
  if (rc == MNS_OK && !any)
    rc = mns_fail (&error, MNS_NOT_FOUND, "SCHEME", "there is no scheme '%s'; `mns scheme list` shows them",
                   query->scheme);
  return rc == MNS_OK ? 0 : mns_cli_fail ("mns", &error);
}

static int show (int argc, char **argv) {
  static const char *const none[] = {NULL};
  mns_asking_t asking = list_asking;
  mns_scheme_query_t query;
  asking.usage = "mns scheme show SCHEME [options]";
  asking.summary = "Shows a scheme in full: conditions, all rates, and who pays which share.";
  asking.epilogue = "Example:\n  mns scheme show rural-reward";
  asking.fields = none;
  asking.required = true;
  mns_record_clear (&mns_scheme_query_type, &query);
  int done = mns_parse_asking (&asking, NULL, &query, &argc, argv);
  if (done >= 0)
    return done;
  return mns_form () == MNS_TABLE_TEXT ? print_scheme (&asking, &query) : mns_print_asking (&asking, &query);
}

int mns_cmd_scheme (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "schemes and tiers with the rates in force", list},
                                           {"show", "conditions, rates and sources of a scheme", show},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns scheme", "The catalogue of assistance (DATA/catalogue/schemes.yaml).", table, argc,
                             argv);
}
