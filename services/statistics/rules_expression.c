/* Expressions: a word is looked up once, when the catalogue is read. */
#include "services/statistics/rules_expression.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"

static const struct {
  const char *word;
  statistics_term_kind_t kind;
} words[] = {{"population", STATISTICS_TERM_POPULATION},
             {"residents", STATISTICS_TERM_RESIDENTS},
             {"deaths_age", STATISTICS_TERM_DEATHS_AGE},
             {"births_age", STATISTICS_TERM_BIRTHS_AGE}};

/* ---- parsing ----------------------------------------------------------------------------------------------------- */
static bool find_word (const char *text, size_t size, statistics_term_t *term) {
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strlen (words[i].word) == size && memcmp (words[i].word, text, size) == 0) {
      term->kind = words[i].kind;
      return true;
    }
  term->kind = STATISTICS_TERM_MEASURE;
  return statistics_measure_find (text, size, &term->measure);
}

static bool parse_group (const char *text, size_t size, statistics_term_t *term) {
  char word[16];
  if (size == 1 && *text == '*')
    return true;
  if (term->kind == STATISTICS_TERM_BIRTHS_AGE) {
    term->group = *text - '0';
    return size == 1 && term->group >= 0 && term->group < STATISTICS_ORDERS;
  }
  if (size >= sizeof word)
    return false;
  memcpy (word, text, size);
  word[size] = 0;
  term->group = mns_code_find (&mns_sex, word);
  return term->group > 0;
}

/* Digits up to three; false when there are none. */
static bool parse_age (const char **text, int *age) {
  int digits = 0;
  for (*age = 0; **text >= '0' && **text <= '9' && digits < 3; ++*text, digits++)
    *age = *age * 10 + (**text - '0');
  return digits > 0;
}

static bool parse_ages (const char *text, statistics_term_t *term) {
  if (strcmp (text, "*") == 0)
    return true;
  if (!parse_age (&text, &term->from))
    return false;
  term->to = term->from;
  if (*text == '-' && (term->to = STATISTICS_AGE_TOP, *++text) && !parse_age (&text, &term->to))
    return false;
  return !*text && term->from <= term->to;
}

static bool parse_pattern (statistics_term_t *term, mns_error_t *error) {
  size_t group = strcspn (term->pattern, ".");
  if (!*term->pattern || term->kind == STATISTICS_TERM_MEASURE)
    return true;
  term->whole = false;
  if (parse_group (term->pattern, group, term) &&
      (!term->pattern[group] || parse_ages (term->pattern + group + 1, term)))
    return true;
  return !mns_fail (error, MNS_INVALID, "", "'%s' is no %s and ages, such as %s", term->pattern,
                    term->kind == STATISTICS_TERM_BIRTHS_AGE ? "order" : "sex",
                    term->kind == STATISTICS_TERM_BIRTHS_AGE ? "*.20-24 or 1.*" : "female.15-49, *.65- or male");
}

static bool parse_term (const char *text, size_t size, statistics_term_t *term, mns_error_t *error) {
  const char *colon = memchr (text, ':', size);
  size_t name = colon ? (size_t)(colon - text) : size, pattern = colon ? size - name - 1 : 0;
  if (pattern >= sizeof term->pattern)
    return !mns_fail (error, MNS_TOO_LONG, "", "the pattern behind ':' is longer than %d bytes", MNS_DIMENSION_MAX);
  memcpy (term->pattern, colon ? colon + 1 : "", pattern);
  term->pattern[pattern] = 0;
  term->whole = true;
  term->group = STATISTICS_ANY;
  term->to = STATISTICS_AGE_TOP;
  if (!find_word (text, name, term))
    return !mns_fail (error, MNS_UNKNOWN_CODE, "", "'%.*s' is no measure", (int)(name > 40 ? 40 : name), text);
  return parse_pattern (term, error);
}

bool statistics_expression_parse (const char *text, statistics_expression_t *expression, mns_error_t *error) {
  int sign = 1;
  expression->count = 0;
  for (;;) {
    size_t size = strcspn (text, " ");
    if (expression->count == STATISTICS_TERMS_MAX)
      return !mns_fail (error, MNS_TOO_LARGE, "", "more than %d terms", STATISTICS_TERMS_MAX);
    statistics_term_t *term = &expression->terms[expression->count++];
    *term = (statistics_term_t){.sign = sign};
    if (!parse_term (text, size, term, error))
      return false;
    text += size;
    if (!*text)
      return true;
    if (strncmp (text, " + ", 3) != 0 && strncmp (text, " - ", 3) != 0)
      return !mns_fail (error, MNS_INVALID, "", "terms are joined by ' + ' or ' - '");
    sign = text[1] == '+' ? 1 : -1;
    text += 3;
  }
}

bool statistics_expression_fits (const statistics_expression_t *expression, mns_code_t at) {
  for (int i = 0; i < expression->count; i++) {
    const statistics_term_t *term = &expression->terms[i];
    bool whole = term->kind == STATISTICS_TERM_POPULATION && term->whole;
    bool flow = term->kind == STATISTICS_TERM_DEATHS_AGE || term->kind == STATISTICS_TERM_BIRTHS_AGE;
    if ((at > MNS_AT_MEAN && !whole) || (at != MNS_AT_FLOW && flow))
      return false;
  }
  return true;
}

bool statistics_expression_by_age (const statistics_expression_t *expression) {
  for (int i = 0; i < expression->count; i++) {
    const statistics_term_t *term = &expression->terms[i];
    if (term->kind != STATISTICS_TERM_MEASURE && !(term->kind == STATISTICS_TERM_POPULATION && term->whole))
      return true;
  }
  return false;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */
static int64_t at_point (mns_code_t at, int64_t opening, int64_t flow) {
  switch (at) {
  case MNS_AT_OPENING:
    return opening;
  case MNS_AT_CLOSING:
    return opening + flow;
  case MNS_AT_MEAN:
    return 2 * opening + flow; /* opening + closing: twice the mean */
  default:
    return flow;
  }
}

static int64_t population (const statistics_sums_t *sums, mns_code_t at) {
  switch (at) {
  case MNS_AT_MID_YEAR:
    return sums->population_mid_year;
  case MNS_AT_YEAR_END:
    return sums->population_year_end;
  case MNS_AT_PERSON_YEARS:
    return sums->person_days;
  default:
    return at_point (at, sums->population_opening, sums->population_closing - sums->population_opening);
  }
}

static int64_t sum_ages (const int64_t (*groups)[STATISTICS_AGES], int count, const statistics_term_t *term) {
  int64_t sum = 0;
  for (int group = 0; group < count; group++)
    for (int age = term->from; (term->group == STATISTICS_ANY || term->group == group) && age <= term->to; age++)
      sum += groups[group][age];
  return sum;
}

static int64_t stock_by_age (const statistics_term_t *term, const statistics_by_age_t *by_age, int end) {
  int64_t sum = sum_ages (by_age->people[end], STATISTICS_SEXES, term);
  return term->kind == STATISTICS_TERM_RESIDENTS ? sum + sum_ages (by_age->apart[end], STATISTICS_SEXES, term) : sum;
}

static int64_t measured (const statistics_term_t *term, const statistics_sums_t *sums, mns_code_t at) {
  int64_t value = 0;
  for (int i = 0; i < sums->count; i++)
    if (sums->series[i].measure == term->measure &&
        statistics_dimension_matches (sums->series[i].dimension, term->pattern))
      value += at_point (at, sums->opening[i], sums->flow[i]);
  return value;
}

static int64_t term_value (const statistics_term_t *term, const statistics_sums_t *sums, mns_code_t at) {
  const statistics_by_age_t *by_age = sums->by_age;
  switch (term->kind) {
  case STATISTICS_TERM_MEASURE:
    return measured (term, sums, at);
  case STATISTICS_TERM_DEATHS_AGE:
    return sum_ages (by_age->deaths, STATISTICS_SEXES, term);
  case STATISTICS_TERM_BIRTHS_AGE:
    return sum_ages (by_age->births, STATISTICS_ORDERS, term);
  case STATISTICS_TERM_POPULATION:
    if (term->whole)
      return population (sums, at);
    break;
  default:
    break;
  }
  int64_t beginning = stock_by_age (term, by_age, STATISTICS_BEGINNING);
  return at_point (at, beginning, stock_by_age (term, by_age, STATISTICS_END) - beginning);
}

int64_t statistics_expression_value (const statistics_expression_t *expression, const statistics_sums_t *sums,
                                     mns_code_t at, int64_t *gross) {
  int64_t value = 0;
  for (int i = 0; i < expression->count; i++) {
    int64_t term = term_value (&expression->terms[i], sums, at);
    value += expression->terms[i].sign * term;
    *gross += llabs (term);
  }
  return value;
}

int64_t statistics_at_divisor (mns_code_t at, statistics_period_t period) {
  return at == MNS_AT_MEAN ? 2 : at == MNS_AT_PERSON_YEARS ? statistics_period_days (period) : 1;
}
