/* Register and model side by side: figures by both dates, who was where on which day, and what must hold in the store.
 */
#include "tests/support/life_play.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool differ (life_play_t *play, const char *what, int64_t model, int64_t found) {
  snprintf (play->why, sizeof play->why, "%s: the model has %" PRId64 ", the register %" PRId64, what, model, found);
  return false;
}

/* ---- figures ----------------------------------------------------------------------------------------------------- */

static int64_t *cell (life_tally_t *tally, const char *sex, const mns_count_t *count) {
  static const char *const births = "births";
  size_t size = strlen (sex);
  const char *dimension = count->dimension;
  if (strcmp (count->measure, births) == 0 && strncmp (dimension, sex, size) == 0)
    return &tally->births[dimension[size + 1] - '0'];
  if (strcmp (count->measure, "adjustments") == 0) {
    bool omitted = strncmp (dimension, "omitted.", 8) == 0;
    return strcmp (strchr (dimension, '.') + 1, sex) == 0 ? omitted ? &tally->omitted : &tally->duplicate : NULL;
  }
  if (strcmp (dimension, sex) != 0)
    return NULL;
  return strcmp (count->measure, "baseline") == 0    ? &tally->baseline
         : strcmp (count->measure, "deaths") == 0    ? &tally->deaths
         : strcmp (count->measure, "moves_in") == 0  ? &tally->in
         : strcmp (count->measure, "moves_out") == 0 ? &tally->out
                                                     : NULL;
}

static void recount (life_play_t *play, const mns_recount_request_t *request, const char *sex, life_tally_t *tally) {
  mns_count_t count;
  memset (tally, 0, sizeof *tally);
  harness_call (play->h, "registry.recount", request, NULL);
  for (size_t i = 0; harness_reply (play->h, i, &mns_count_type, &count); i++) {
    int64_t *value = cell (tally, sex, &count);
    if (value)
      *value += count.value;
  }
}

static int64_t stock (const life_tally_t *tally) {
  return tally->baseline + tally->births[0] + tally->births[1] + tally->births[2] + tally->births[3] - tally->deaths +
         tally->in - tally->out + tally->omitted + tally->duplicate;
}

static bool compare_figures (life_play_t *play, mns_place_t area, int from, int to, mns_code_t basis) {
  mns_recount_request_t request;
  char what[128];
  mns_record_clear (&mns_recount_request_type, &request);
  request.place = area;
  request.from_month = from;
  request.to_month = to;
  request.basis = basis;
  for (mns_code_t sex = MNS_MALE; sex <= MNS_FEMALE; sex++) {
    life_tally_t model, found;
    life_model_tally (&play->model, area, sex, from, to, basis == MNS_BY_REGISTRATION, &model);
    recount (play, &request, mns_code_word (&mns_sex, sex), &found);
    snprintf (what, sizeof what, "%" PRId64 " %d-%d by %s, %s", area, from, to, mns_code_word (&mns_basis, basis),
              mns_code_word (&mns_sex, sex));
    if (memcmp (&model, &found, sizeof model) != 0)
      return differ (play, what, stock (&model), stock (&found));
  }
  return true;
}

static bool compare_all_figures (life_play_t *play) {
  static const mns_place_t areas[] = {HILL, LAKE, FIELD, TOWN, COUNTY};
  static const int ranges[][2] = {{202412, 202606}, {202412, 202503}, {202505, 202505}, {202601, 202603}};
  for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++)
    for (size_t j = 0; j < sizeof ranges / sizeof ranges[0]; j++)
      for (mns_code_t basis = MNS_BY_REGISTRATION; basis <= MNS_BY_OCCURRENCE; basis++)
        if (!compare_figures (play, areas[i], ranges[j][0], ranges[j][1], basis))
          return false;
  return true;
}

/* ---- as of a day ------------------------------------------------------------------------------------------------- */

static bool compare_state (life_play_t *play, const life_person_t *person, mns_date_t day,
                           const mns_person_info_t *info) {
  life_state_t state = life_state_at (person, day);
  char what[96];
  snprintf (what, sizeof what, "person %d on %d: its ", person->number, day);
  char *end = what + strlen (what);
  const struct {
    const char *name;
    uint64_t model, found;
  } facts[] = {{"status", state.status, info->status},
               {"place", (uint64_t)state.place, (uint64_t)info->place},
               {"household", state.household, info->household},
               {"marital status", state.marital, info->marital},
               {"spouse", state.spouse, info->spouse},
               {"adoptive mother", state.adoptive_mother, info->adoptive_mother},
               {"adoptive father", state.adoptive_father, info->adoptive_father}};
  for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
    if (facts[i].model != facts[i].found) {
      strcpy (end, facts[i].name);
      return differ (play, what, (int64_t)facts[i].model, (int64_t)facts[i].found);
    }
  return true;
}

static bool compare_persons (life_play_t *play, mns_date_t day) {
  mns_person_query_t query;
  mns_record_clear (&mns_person_query_type, &query);
  query.as_of = day;
  for (size_t i = 0; i < play->model.count; i++) {
    const life_person_t *person = &play->model.persons[i];
    mns_person_info_t info;
    query.person = person->id;
    mns_record_clear (&mns_person_info_type, &info);
    harness_call (play->h, "registry.person", &query, &info);
    if (!compare_state (play, person, day, &info))
      return false;
  }
  return true;
}

static int64_t residents (life_play_t *play, mns_place_t place, mns_date_t day) {
  mns_residents_query_t query;
  mns_person_info_t info;
  int64_t count = 0;
  mns_record_clear (&mns_residents_query_type, &query);
  query.place = place;
  query.as_of = day;
  query.limit = MNS_SEARCH_MAX;
  do {
    harness_call (play->h, "registry.residents", &query, NULL);
    query.limit = 0;
    for (size_t i = 0; harness_reply (play->h, i, &mns_person_info_type, &info); i++, count++, query.limit++)
      query.after = info.person;
  } while (query.limit == MNS_SEARCH_MAX);
  return count;
}

/* At the end of a month those who were there are what the balance by occurrence says. */
static bool compare_stock (life_play_t *play, mns_place_t place, int month) {
  int64_t balance = 0;
  char what[96];
  mns_recount_request_t request;
  mns_record_clear (&mns_recount_request_type, &request);
  request.place = place;
  request.to_month = month;
  request.basis = MNS_BY_OCCURRENCE;
  for (mns_code_t sex = MNS_MALE; sex <= MNS_FEMALE; sex++) {
    life_tally_t tally;
    recount (play, &request, mns_code_word (&mns_sex, sex), &tally);
    balance += stock (&tally);
  }
  int64_t there = residents (play, place, mns_date_last_of_month (month));
  snprintf (what, sizeof what, "%" PRId64 " at the end of %d, balance (as model) and persons", place, month);
  return balance == there || differ (play, what, balance, there);
}

static bool compare_days (life_play_t *play) {
  static const mns_date_t days[] = {20250101, 20250228, 20250815, 20260101, 20260630};
  static const mns_place_t places[] = {HILL, LAKE, FIELD, COUNTY};
  static const int months[] = {202502, 202510, 202606};
  for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
    if (!compare_persons (play, days[i]))
      return false;
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
    for (size_t j = 0; j < sizeof months / sizeof months[0]; j++)
      if (!compare_stock (play, places[i], months[j]))
        return false;
  return true;
}

/* ---- what must hold ---------------------------------------------------------------------------------------------- */

static const struct {
  const char *what, *sql;
} laws[] = {
    {"persons whose household is in another village",
     "SELECT count(*) FROM person p JOIN household h ON h.id = p.household WHERE p.status = 'present' AND "
     "h.place <> p.place"},
    {"intervals in which the household was in another village",
     "SELECT count(*) FROM history p JOIN household h ON h.id = p.household WHERE p.status = 'present' AND "
     "p.valid_from < p.valid_to AND h.place <> p.place"},
    {"gaps between intervals",
     "SELECT count(*) FROM (SELECT h.valid_to, coalesce (lead (h.valid_from) OVER (PARTITION BY h.person ORDER BY "
     "h.valid_from, h.rowid), p.since) AS next FROM history h JOIN person p ON p.id = h.person) WHERE valid_to <> "
     "next"},
    {"husbands and wives of whom the other does not know",
     "SELECT count(*) FROM person p JOIN person s ON s.id = p.spouse WHERE s.spouse IS NOT p.id AND "
     "p.status <> 'dead'"},
    {"households with two heads",
     "SELECT count(*) FROM (SELECT household FROM person WHERE status = 'present' AND relation = '02' "
     "GROUP BY household HAVING count(*) > 1)"},
    {"mothers and fathers who are not there",
     "SELECT count(*) FROM person c WHERE (c.mother IS NOT NULL AND NOT EXISTS (SELECT 1 FROM person WHERE "
     "id = c.mother)) OR (c.father IS NOT NULL AND NOT EXISTS (SELECT 1 FROM person WHERE id = c.father))"},
};

static bool compare_laws (life_play_t *play) {
  for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
    int64_t broken = 0;
    bool row;
    sqlite3_stmt *statement = mns_db_prepare (harness_db (play->h), laws[i].sql);
    if (mns_db_step (harness_db (play->h), statement, &row) == MNS_OK && row)
      mns_db_read (statement, "i", &broken);
    sqlite3_reset (statement);
    if (broken)
      return differ (play, laws[i].what, 0, broken);
  }
  return true;
}

bool life_play_compare (life_play_t *play) {
  return compare_laws (play) && compare_all_figures (play) && compare_days (play);
}
