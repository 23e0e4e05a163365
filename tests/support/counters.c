/* Every value is a fraction made from counts, rounded once, half away from zero, when it is printed. */
#include "tests/support/counters.h"

#include "tests/support/test.h"

const char *const counters_periods[COUNTERS_PERIODS] = {"earlier", "2025-S1", "2025-S2", "2026-S1"};

#define YEAR_BEFORE 2 /* periods */
#define YEAR_DAYS   365
#define HALF_DAYS   181 /* the first half of a common year */

typedef struct {
  int64_t numerator, denominator;
} fraction_t;

/* ---- counts ------------------------------------------------------------------------------------------------------ */

int counters_period (mns_date_t day) {
  return day < 20250101 ? COUNTERS_EARLIER : (day / 10000 - 2025) * 2 + (day % 10000 > 630) + 1;
}

static counter_t *find (const counters_t *counters, const char *name) {
  for (size_t i = 0; i < counters->count; i++)
    if (strcmp (counters->counters[i].name, name) == 0)
      return (counter_t *)&counters->counters[i];
  return NULL;
}

void counters_add (counters_t *counters, const char *name, mns_date_t registered, mns_date_t occurred, int64_t number) {
  counter_t *counter = find (counters, name);
  if (counter == NULL) {
    assert_true (counters->count < COUNTERS_MAX);
    counter = &counters->counters[counters->count++];
    snprintf (counter->name, sizeof counter->name, "%s", name);
  }
  counter->counts[counters_period (registered)][MNS_BY_REGISTRATION - 1] += number;
  counter->counts[counters_period (occurred)][MNS_BY_OCCURRENCE - 1] += number;
}

int64_t counters_get (const counters_t *counters, const char *name, int period, mns_code_t basis) {
  const counter_t *counter = find (counters, name);
  return counter != NULL ? counter->counts[period][basis - 1] : 0;
}

/* ---- stocks ------------------------------------------------------------------------------------------------------ */

/* What a stock begins with (in "earlier"), and what is added to it in each period. */
typedef struct {
  const char *stock, *terms[6];
} stock_t;

static const stock_t stocks[] = {
    {"population", {"baseline", "births", "-deaths", "moves_in", "-moves_out", "adjustments"}},
    {"away", {"away_change"}},
    {"incomers", {"incomers_change"}},
    {"residents", {"@population", "-@away", "@incomers"}},
    {"rural_reward", {"rural_reward_begun", "rural_reward_entrants", "-rural_reward_leavers"}},
    {"rural_reward_national",
     {"rural_reward_begun_national", "rural_reward_entrants_national", "-rural_reward_leavers_national"}},
    {"rural_reward_provincial",
     {"rural_reward_begun_provincial", "rural_reward_entrants_provincial", "-rural_reward_leavers_provincial"}},
};

static int64_t stock_at_end (const counters_t *counters, const char *name, int period, mns_code_t basis);

/* A term is a count of the period, or another stock (behind @); with a minus it is taken away. */
static int64_t term_in (const counters_t *counters, const char *term, int period, mns_code_t basis) {
  int sign = *term == '-' ? -1 : 1;
  term += *term == '-';
  if (*term == '@')
    return sign * (stock_at_end (counters, term + 1, period, basis) -
                   (period > 0 ? stock_at_end (counters, term + 1, period - 1, basis) : 0));
  return sign * counters_get (counters, term, period, basis);
}

static int64_t stock_at_end (const counters_t *counters, const char *name, int period, mns_code_t basis) {
  int64_t sum = 0;
  for (size_t i = 0; i < COUNT_OF (stocks); i++)
    for (size_t j = 0; strcmp (stocks[i].stock, name) == 0 && j < COUNT_OF (stocks[i].terms); j++)
      for (int p = 0; p <= period && stocks[i].terms[j] != NULL; p++)
        sum += term_in (counters, stocks[i].terms[j], p, basis);
  return sum;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

typedef enum { COUNT, OPENING, CLOSING, MEAN, RATE, RATIO } form_t;

typedef struct {
  const char *name;
  form_t form;
  int decimals;
  const char *of, *less; /* RATIO: less is the denominator */
} value_t;

static const value_t values[] = {
    {"population_opening", OPENING, 0, "population", NULL},
    {"population_closing", CLOSING, 0, "population", NULL},
    {"population_mean", MEAN, 1, "population", NULL},
    {"natural_increase", COUNT, 0, "births", "deaths"},
    {"birth_rate", RATE, 2, "births", NULL},
    {"death_rate", RATE, 2, "deaths", NULL},
    {"natural_rate", RATE, 2, "births", "deaths"},
    {"sex_ratio_at_birth", RATIO, 2, "births_male", "births_female"},
    {"away", CLOSING, 0, "away", NULL},
    {"incomers", CLOSING, 0, "incomers", NULL},
    {"residents", CLOSING, 0, "residents", NULL},
    {"rural_reward_opening", OPENING, 0, "rural_reward", NULL},
    {"rural_reward_opening_national", OPENING, 0, "rural_reward_national", NULL},
    {"rural_reward_opening_provincial", OPENING, 0, "rural_reward_provincial", NULL},
    {"rural_reward_closing", CLOSING, 0, "rural_reward", NULL},
    {"rural_reward_closing_national", CLOSING, 0, "rural_reward_national", NULL},
    {"rural_reward_closing_provincial", CLOSING, 0, "rural_reward_provincial", NULL},
};

static const value_t *value_named (const char *name) {
  for (size_t i = 0; i < COUNT_OF (values); i++)
    if (strcmp (values[i].name, name) == 0)
      return &values[i];
  return NULL;
}

static int64_t flow (const counters_t *counters, const value_t *value, int period, mns_code_t basis) {
  int64_t less = value->less != NULL ? counters_get (counters, value->less, period, basis) : 0;
  return counters_get (counters, value->of, period, basis) - less;
}

static fraction_t evaluate (const counters_t *counters, const value_t *value, int period, mns_code_t basis) {
  int64_t before = stock_at_end (counters, "population", period - 1, basis);
  int64_t after = stock_at_end (counters, "population", period, basis);
  switch (value->form) {
  case OPENING:
    return (fraction_t){stock_at_end (counters, value->of, period - 1, basis), 1};
  case CLOSING:
    return (fraction_t){stock_at_end (counters, value->of, period, basis), 1};
  case MEAN:
    return (fraction_t){before + after, 2};
  case RATE:
    return (fraction_t){flow (counters, value, period, basis) * 2000, before + after};
  case RATIO:
    return (fraction_t){counters_get (counters, value->of, period, basis) * 100,
                        counters_get (counters, value->less, period, basis)};
  default:
    return (fraction_t){flow (counters, value, period, basis), 1};
  }
}

/* Half away from zero. */
static void print (fraction_t fraction, int decimals, char text[COUNTERS_VALUE]) {
  int64_t unit = 1;
  for (int i = 0; i < decimals; i++)
    unit *= 10;
  if (fraction.denominator == 0) {
    strcpy (text, "none");
    return;
  }
  int64_t twice = llabs (fraction.numerator) * unit * 2;
  int64_t scaled = (twice / fraction.denominator + 1) / 2;
  const char *sign = fraction.numerator < 0 && scaled > 0 ? "-" : "";
  if (decimals == 0)
    snprintf (text, COUNTERS_VALUE, "%s%lld", sign, (long long)scaled);
  else
    snprintf (text, COUNTERS_VALUE, "%s%lld.%0*lld", sign, (long long)(scaled / unit), decimals,
              (long long)(scaled % unit));
}

static fraction_t minus (fraction_t a, fraction_t b) {
  return (fraction_t){a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator};
}

void counters_value (const counters_t *counters, const char *name, int period, mns_code_t basis,
                     char text[COUNTERS_VALUE]) {
  char base[COUNTERS_NAME];
  snprintf (base, sizeof base, "%.*s", (int)strcspn (name, "."), name);
  const char *part = name + strlen (base);
  const value_t *known = value_named (base), count = {base, COUNT, 0, base, NULL};
  const value_t *value = known != NULL ? known : &count;
  fraction_t now = evaluate (counters, value, period, basis);
  text[0] = '\0';
  if (*part == '\0')
    print (now, value->decimals, text);
  if (strcmp (part, ".annualised") == 0)
    print ((fraction_t){now.numerator * YEAR_DAYS, now.denominator * HALF_DAYS}, value->decimals, text);
  if (period - YEAR_BEFORE < 0 || (strcmp (part, ".change") != 0 && strcmp (part, ".more") != 0))
    return;
  fraction_t change = minus (now, evaluate (counters, value, period - YEAR_BEFORE, basis));
  if (value->form == COUNT && strcmp (part, ".change") == 0)
    change = (fraction_t){change.numerator * 100, flow (counters, value, period - YEAR_BEFORE, basis)};
  print (change, strcmp (part, ".more") == 0 ? 0 : 2, text);
}
