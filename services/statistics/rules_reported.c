/* The checks of reported rates, in hundredths throughout. */
#include "services/statistics/rules_reported.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/text.h"
#include "services/statistics/rules_ratio.h"

#define TOLERANCE    1
#define SUSPECT_NONE (-1)

typedef struct {
  int64_t value[3]; /* birth, death, natural */
  const char *const *fields;
  bool changes;
} triple_t;

typedef struct {
  mns_reported_finding_t *rows;
  size_t count;
} findings_t;

static const char *const rate_fields[] = {"birth_rate", "death_rate", "natural_rate"};
static const char *const change_fields[] = {"birth_change", "death_change", "natural_change"};

static bool complete (const int64_t value[3]) {
  return value[0] != MNS_NONE && value[1] != MNS_NONE && value[2] != MNS_NONE;
}

static mns_reported_finding_t *add (findings_t *findings, mns_code_t kind) {
  mns_reported_finding_t *row = &findings->rows[findings->count++];
  mns_record_clear (&mns_reported_finding_type, row);
  row->finding = kind;
  return row;
}

static void suggest (mns_reported_finding_t *row, const triple_t *triple, int which, int64_t suggestion) {
  mns_text_copy (row->field, sizeof row->field, triple->fields[which]);
  row->printed = triple->value[which];
  row->suggestion = suggestion;
}

/* ---- which figure is the likely slip ----------------------------------------------------------------------------- */
static int farthest (const int64_t printed[3], const int64_t computed[3]) {
  int worst = SUSPECT_NONE;
  int64_t most = TOLERANCE;
  for (int i = 0; i < 3 && complete (computed) && complete (printed); i++)
    if (llabs (printed[i] - computed[i]) > most) {
      most = llabs (printed[i] - computed[i]);
      worst = i;
    }
  return worst;
}

/* The populations for which `count` events print as `rate`: low to high. False when that says nothing. */
static bool population_range (int64_t count, int64_t rate, int64_t *low, int64_t *high) {
  if (count < 0 && rate < 0) {
    count = -count;
    rate = -rate;
  }
  if (count <= 0 || rate <= 0)
    return false;
  *low = count * 200000 / (2 * rate + 1);
  *high = count * 200000 / (2 * rate - 1) + 1;
  return true;
}

typedef struct {
  bool known, meet;
  int64_t low[3], high[3];
} populations_t;

static populations_t populations_of (const int64_t rate[3], const statistics_known_t *known) {
  populations_t all = {0};
  if (known->births == MNS_NONE || known->deaths == MNS_NONE || !complete (rate))
    return all;
  int64_t counts[3] = {known->births, known->deaths, known->births - known->deaths};
  int64_t low = 0, high = INT64_MAX;
  all.known = true;
  for (int i = 0; i < 3; i++) {
    all.known = all.known && population_range (counts[i], rate[i], &all.low[i], &all.high[i]);
    low = all.low[i] > low ? all.low[i] : low;
    high = all.high[i] < high ? all.high[i] : high;
  }
  all.meet = low <= high;
  return all;
}

/* The one that is left out by the two populations nearest to each other. */
static int odd_one (const populations_t *all) {
  int odd = SUSPECT_NONE;
  int64_t nearest = INT64_MAX;
  for (int i = 0; i < 3 && all->known && !all->meet; i++) {
    int a = (i + 1) % 3, b = (i + 2) % 3;
    int64_t distance = llabs (all->low[a] + all->high[a] - all->low[b] - all->high[b]);
    if (distance < nearest) {
      nearest = distance;
      odd = i;
    }
  }
  return odd;
}

/* ---- the checks -------------------------------------------------------------------------------------------------- */
/* What the suspect would have to be for birth − death = natural. */
static int64_t solved (const int64_t value[3], int which) {
  return which == 0 ? value[2] + value[1] : which == 1 ? value[0] - value[2] : value[0] - value[1];
}

static bool check_sum (const triple_t *triple, int suspect, findings_t *findings) {
  if (!complete (triple->value))
    return true;
  int64_t difference = triple->value[0] - triple->value[1];
  if (llabs (difference - triple->value[2]) <= TOLERANCE)
    return true;
  mns_reported_finding_t *row = add (findings, triple->changes ? MNS_FINDING_CHANGES : MNS_FINDING_RATES);
  char a[STATISTICS_SCALED_TEXT], b[STATISTICS_SCALED_TEXT], c[STATISTICS_SCALED_TEXT], d[STATISTICS_SCALED_TEXT];
  snprintf (row->detail, sizeof row->detail, "%s − %s = %s, printed is %s",
            statistics_scaled_format (triple->value[0], 2, triple->changes, a),
            statistics_scaled_format (triple->value[1], 2, false, b),
            statistics_scaled_format (difference, 2, triple->changes, c),
            statistics_scaled_format (triple->value[2], 2, triple->changes, d));
  if (suspect != SUSPECT_NONE)
    suggest (row, triple, suspect, solved (triple->value, suspect));
  return false;
}

static bool check_populations (const triple_t *rates, const populations_t *all, int suspect, findings_t *findings) {
  if (!all->known || all->meet)
    return true;
  mns_reported_finding_t *row = add (findings, MNS_FINDING_POPULATIONS);
  snprintf (row->detail, sizeof row->detail,
            "births stand for %lld to %lld persons, deaths for %lld to %lld, natural increase for %lld to %lld",
            (long long)all->low[0], (long long)all->high[0], (long long)all->low[1], (long long)all->high[1],
            (long long)all->low[2], (long long)all->high[2]);
  if (suspect != SUSPECT_NONE) {
    mns_text_copy (row->field, sizeof row->field, rates->fields[suspect]);
    row->printed = rates->value[suspect];
  }
  return false;
}

static void check_counts (const triple_t *triple, const int64_t computed[3], findings_t *findings) {
  for (int i = 0; i < 3; i++) {
    if (triple->value[i] == MNS_NONE || computed[i] == MNS_NONE || llabs (triple->value[i] - computed[i]) <= TOLERANCE)
      continue;
    mns_reported_finding_t *row = add (findings, MNS_FINDING_COUNTS);
    char a[STATISTICS_SCALED_TEXT], b[STATISTICS_SCALED_TEXT];
    snprintf (row->detail, sizeof row->detail, "printed is %s, the counts give %s",
              statistics_scaled_format (triple->value[i], 2, triple->changes, a),
              statistics_scaled_format (computed[i], 2, triple->changes, b));
    suggest (row, triple, i, computed[i]);
  }
}

size_t statistics_check_reported (const mns_reported_figures_t *printed, const statistics_known_t *known,
                                  mns_reported_finding_t rows[STATISTICS_FINDINGS_MAX]) {
  triple_t rates = {{printed->birth_rate, printed->death_rate, printed->natural_rate}, rate_fields, false};
  triple_t changes = {{printed->birth_change, printed->death_change, printed->natural_change}, change_fields, true};
  findings_t findings = {.rows = rows};
  populations_t all = populations_of (rates.value, known);
  int suspect = farthest (rates.value, known->rate), odd = odd_one (&all);
  suspect = suspect == SUSPECT_NONE ? odd : suspect;
  int changed = farthest (changes.value, known->change);
  bool rates_add = check_sum (&rates, suspect, &findings);
  bool changes_add = check_sum (&changes, changed == SUSPECT_NONE ? suspect : changed, &findings);
  bool meet = check_populations (&rates, &all, suspect, &findings);
  if (rates_add && meet)
    check_counts (&rates, known->rate, &findings);
  if (changes_add)
    check_counts (&changes, known->change, &findings);
  return findings.count;
}
