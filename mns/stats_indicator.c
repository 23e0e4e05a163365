/* `mns stats indicator`: what the indicators are, and what those of another file would be before it counts. */
#include "mns/stats.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

#define FILE_MAX MNS_REHEARSAL_TEXT_MAX

/* ---- list and describe ------------------------------------------------------------------------------------------- */

/* "births ÷ mean_population × 1000", or the method. */
static const char *made_of (const mns_indicator_t *row, char *text, size_t size) {
  char factor[32] = "";
  if (row->method && row->method != MNS_METHOD_RATIO) {
    snprintf (text, size, "%s%s%s", mns_code_word (&mns_indicator_method, row->method), row->sex ? " " : "",
              row->sex ? mns_code_word (&mns_sex, row->sex) : "");
    return text;
  }
  if (row->factor != MNS_NONE && row->factor != 1)
    snprintf (factor, sizeof factor, " × %lld", (long long)row->factor);
  snprintf (text, size, "%s%s%s%s%s%s%s%s", row->numerator, row->at ? " @" : "",
            row->at ? mns_code_word (&mns_indicator_at, row->at) : "", *row->denominator ? " ÷ " : "", row->denominator,
            row->denominator_at ? " @" : "",
            row->denominator_at ? mns_code_word (&mns_indicator_at, row->denominator_at) : "", factor);
  return text;
}

typedef struct {
  mns_table_t *table;
  bool chinese;
} listing_t;

static void list_row (void *context, const void *record) {
  const listing_t *listing = context;
  const mns_indicator_t *row = record;
  char made[700];
  const char *cells[] = {row->name, listing->chinese ? row->zh : row->en,
                         mns_code_word (&mns_indicator_unit, row->unit ? row->unit : MNS_UNIT_COUNT),
                         made_of (row, made, sizeof made), NULL};
  mns_table_add (listing->table, cells);
}

static int run_list (int argc, char **argv) {
  static const char *const none[] = {NULL};
  static const mns_column_t columns[] = {{"indicator", NULL, false},
                                         {"name", NULL, false},
                                         {"unit", NULL, false},
                                         {"made_of", "made of", false},
                                         {0, 0, false}};
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats indicator list [options]",
                   .summary = "Prints every indicator of the catalogue and what it is made of."};
  int done = stats_begin (&stats, &cli, NULL, none, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_indicator_t row;
  mns_catalogue_query_t query = {{0}};
  listing_t listing = {mns_table_new (columns), stats_in_chinese (&stats)};
  mns_rc_t rc = mns_ask (stats.bus, "statistics.catalogue", &mns_catalogue_query_type, &query, &mns_indicator_type,
                         &row, list_row, &listing, &error);
  return stats_finish (&stats, &listing.table, rc, &error);
}

/* One line for each field that is there. */
static void describe_row (void *context, const void *record) {
  const mns_record_type_t *type = &mns_indicator_type;
  for (uint16_t i = 0; i < type->field_count; i++) {
    char value[256];
    const mns_field_t *field = &type->fields[i];
    mns_field_format (field, record, value, sizeof value);
    const char *cells[] = {field->name, value, field->en, NULL};
    if (*value)
      mns_table_add (context, cells);
  }
}

static int run_describe (int argc, char **argv) {
  static const char *const none[] = {NULL};
  static const mns_column_t columns[] = {
      {"field", NULL, false}, {"value", NULL, false}, {"meaning", NULL, false}, {0, 0, false}};
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats indicator describe NAME [options]",
                   .summary = "Prints how one indicator is made.",
                   .positional_min = 1,
                   .positional_max = 1};
  int done = stats_begin (&stats, &cli, NULL, none, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_indicator_t row;
  mns_catalogue_query_t query = {{0}};
  mns_table_t *table = mns_table_new (columns);
  mns_rc_t rc = MNS_OK;
  if (!mns_text_copy (query.indicator, sizeof query.indicator, argv[1]))
    rc = mns_fail (&error, MNS_USAGE, argv[1], "no indicator has so long a name");
  if (rc == MNS_OK)
    rc = mns_ask (stats.bus, "statistics.catalogue", &mns_catalogue_query_type, &query, &mns_indicator_type, &row,
                  describe_row, table, &error);
  return stats_finish (&stats, &table, rc, &error);
}

/* ---- rehearse ---------------------------------------------------------------------------------------------------- */

static const char *places, *periods;
static const mns_option_t rehearse_options[] = {
    {"places", 0, MNS_OPTION_TEXT, "CODE,…", "instead of --place: several", &places},
    {"periods", 0, MNS_OPTION_TEXT, "PERIOD,…", "instead of --period: several", &periods},
    {0, 0, 0, 0, 0, 0}};

static mns_rc_t read_file (const char *path, mns_rehearsal_t *rehearsal, mns_error_t *error) {
  FILE *file = fopen (path, "r");
  if (!file)
    return mns_fail (error, MNS_USAGE, path, "the file cannot be read: %s", strerror (errno));
  size_t size = fread (rehearsal->catalogue, 1, FILE_MAX, file);
  rehearsal->catalogue[size] = 0;
  bool whole = feof (file) || fgetc (file) == EOF;
  fclose (file);
  if (!whole)
    return mns_fail (error, MNS_TOO_LARGE, path, "a catalogue has at most %d bytes", FILE_MAX);
  return MNS_OK;
}

static void keep_value (void *context, const void *record) {
  stats_indicators_t *values = context;
  values->values = mns_realloc (values->values, (values->count + 1) * sizeof *values->values);
  memcpy (&values->values[values->count++], record, sizeof *values->values);
}

/* Old beside new; what is new has nothing beside it. */
static void add_values (mns_table_t *table, const stats_t *stats, const stats_indicators_t *old,
                        const stats_indicators_t *rehearsed) {
  char place[MNS_PLACE_TEXT], was[STATS_TEXT], is[STATS_TEXT];
  mns_place_format (stats->query.place, place);
  for (size_t i = 0; i < rehearsed->count; i++) {
    const mns_indicator_value_t *value = &rehearsed->values[i], *before = stats_find (old, value->indicator);
    const char *cells[] = {place,
                           stats->query.period,
                           value->indicator,
                           before ? stats_plain (before->value, stats_decimals (before), was) : NULL,
                           stats_plain (value->value, stats_decimals (value), is),
                           mns_code_word (&mns_indicator_flag, value->flag),
                           NULL};
    mns_table_add (table, cells);
  }
}

static mns_rc_t rehearse_one (stats_t *stats, mns_rehearsal_t *rehearsal, mns_table_t *table, mns_error_t *error) {
  stats_indicators_t old = {0}, rehearsed = {0};
  mns_indicator_value_t value;
  rehearsal->place = stats->query.place;
  rehearsal->basis = stats->query.basis;
  strcpy (rehearsal->period, stats->query.period);
  mns_rc_t rc = stats_indicators (stats, stats->period, &old, error);
  if (rc == MNS_OK)
    rc = mns_ask (stats->bus, "statistics.rehearse-indicators", &mns_rehearsal_type, rehearsal,
                  &mns_indicator_value_type, &value, keep_value, &rehearsed, error);
  if (rc == MNS_OK)
    add_values (table, stats, &old, &rehearsed);
  stats_indicators_fini (&old);
  stats_indicators_fini (&rehearsed);
  return rc;
}

static mns_rc_t rehearse_periods (stats_t *stats, mns_rehearsal_t *rehearsal, mns_table_t *table, mns_error_t *error) {
  stats_words_t words;
  if (!stats_words (periods ? periods : stats->query.period, &words))
    return mns_fail (error, MNS_USAGE, "--periods", "at most %d, parted by commas", STATS_WORDS_MAX);
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; i < words.count && rc == MNS_OK; i++) {
    if (!stats_period (stats, words.words[i], &stats->period))
      return mns_fail (error, MNS_USAGE, "--periods", "'%s' is no period", words.words[i]);
    statistics_period_format (stats->period, stats->query.period);
    rc = rehearse_one (stats, rehearsal, table, error);
  }
  return rc;
}

static int run_rehearse (int argc, char **argv) {
  static const char *const fields[] = {"place", "period", "basis", NULL};
  static const mns_column_t columns[] = {{"place", NULL, false}, {"period", NULL, false}, {"indicator", NULL, false},
                                         {"old", NULL, true},    {"new", NULL, true},     {"flag", NULL, false},
                                         {0, 0, false}};
  stats_t stats;
  mns_cli_t cli = {.usage = "mns stats indicator rehearse FILE [options]",
                   .summary =
                       "Prints what the indicators of a file would be, old beside new. Nothing is changed; `rules` may "
                       "be left out. When it\nis right, the file goes to DATA/catalogue/indicators.yaml, and the "
                       "service is started anew.",
                   .positional_min = 1,
                   .positional_max = 1};
  int done = stats_begin (&stats, &cli, rehearse_options, fields, argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  stats_words_t codes = {0};
  mns_table_t *table = mns_table_new (columns);
  mns_rehearsal_t *rehearsal = mns_alloc (sizeof *rehearsal);
  mns_record_clear (&mns_rehearsal_type, rehearsal);
  mns_rc_t rc = read_file (argv[1], rehearsal, &error);
  if (rc == MNS_OK && places && !stats_words (places, &codes))
    rc = mns_fail (&error, MNS_USAGE, "--places", "at most %d, parted by commas", STATS_WORDS_MAX);
  for (size_t i = 0; rc == MNS_OK && (i < codes.count || (i == 0 && !places)); i++) {
    if (places && !mns_place_parse (codes.words[i], &stats.query.place))
      rc = mns_fail (&error, MNS_USAGE, "--places", "'%s' is no division code", codes.words[i]);
    if (rc == MNS_OK)
      rc = rehearse_periods (&stats, rehearsal, table, &error);
  }
  free (rehearsal);
  return stats_finish (&stats, &table, rc, &error);
}

int stats_run_indicator (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "every indicator and what it is made of", run_list},
                                           {"describe", "one of them, field by field", run_describe},
                                           {"rehearse", "what those of another file would be", run_rehearse},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns stats indicator", "The catalogue of indicators (DATA/catalogue/indicators.yaml).",
                             table, argc, argv);
}
