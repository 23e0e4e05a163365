/* Counts by age: lists and tables of one month, and their bytes. */
#include "services/statistics/ages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cursor.h"
#include "common/pack.h"
#include "services/statistics/rules_period.h"

#define TABLE_MONTHS  1440 /* a life of 120 years; who is older stays in the list */
#define TABLE_SEXES   2
#define MANY          1024 /* people of a list above which a table is made */
#define STOCKS_MAX    16
#define WORTH_A_STOCK 8000 /* counts that need not be gone through then */
#define FIRST_EVENT   ((uint32_t)STATISTICS_DEATHS_AGE << 24)

/* ---- keys -------------------------------------------------------------------------------------------------------- */
uint32_t statistics_age_key (statistics_age_kind_t kind, unsigned group, int number) {
  return (uint32_t)kind << 24 | (group & 0xff) << 16 | ((uint32_t)number & 0xffff);
}

statistics_age_kind_t statistics_age_kind (uint32_t key) {
  return (statistics_age_kind_t)(key >> 24);
}

unsigned statistics_age_group (uint32_t key) {
  return key >> 16 & 0xff;
}

int statistics_age_number (uint32_t key) {
  return (int)(key & 0xffff);
}

int statistics_birth_month (mns_date_t birth) {
  return statistics_month_index (birth) - (birth % 100 == 1);
}

int statistics_age_on (int birth_month, int month) {
  return (month - birth_month - 1) / 12;
}

const char *statistics_age_measure (statistics_age_kind_t kind) {
  static const char *const names[STATISTICS_AGE_KINDS] = {"people", "apart", "deaths_age", "births_age"};
  return names[kind];
}

void statistics_age_dimension (uint32_t key, char text[MNS_DIMENSION_MAX + 1]) {
  statistics_age_kind_t kind = statistics_age_kind (key);
  unsigned group = statistics_age_group (key);
  int number = statistics_age_number (key);
  size_t size = MNS_DIMENSION_MAX + 1;
  if (kind == STATISTICS_BIRTHS_AGE)
    snprintf (text, size, "%u.%d", group, number);
  else if (kind == STATISTICS_DEATHS_AGE)
    snprintf (text, size, "%s.%d", mns_code_word (&mns_sex, (mns_code_t)group), number);
  else
    snprintf (text, size, "%s.%04d-%02d", mns_code_word (&mns_sex, (mns_code_t)group), number / 12, number % 12 + 1);
}

/* ---- months ------------------------------------------------------------------------------------------------------ */
void statistics_age_month_fini (statistics_age_month_t *at) {
  free (at->counts);
  free (at->table);
}

void statistics_ages_fini (statistics_ages_t *ages) {
  for (int i = 0; i < ages->count; i++)
    statistics_age_month_fini (&ages->months[i]);
  for (int i = 0; i < ages->stock_count; i++)
    statistics_age_month_fini (&ages->stocks[i].changes);
  free (ages->stocks);
  free (ages->months);
  *ages = (statistics_ages_t){0};
}

static int place_of_month (const statistics_ages_t *ages, int month) {
  int low = 0, high = ages->count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (ages->months[middle].month < month)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

statistics_age_month_t *statistics_ages_month (statistics_ages_t *ages, int month) {
  if (ages->last < ages->count && ages->months[ages->last].month == month)
    return &ages->months[ages->last];
  int at = ages->last = place_of_month (ages, month);
  if (at < ages->count && ages->months[at].month == month)
    return &ages->months[at];
  if (ages->count == ages->capacity) {
    ages->capacity += ages->capacity / 2 + 4;
    ages->months = mns_realloc (ages->months, (size_t)ages->capacity * sizeof *ages->months);
  }
  memmove (&ages->months[at + 1], &ages->months[at], (size_t)(ages->count++ - at) * sizeof *ages->months);
  ages->months[at] = (statistics_age_month_t){.month = month};
  return &ages->months[at];
}

/* ---- one month --------------------------------------------------------------------------------------------------- */
/* Where a key stands in the table; NULL when it is in the list. */
static int32_t *in_table (const statistics_age_month_t *at, uint32_t key) {
  unsigned sex = statistics_age_group (key) - 1;
  int months = at->month - statistics_age_number (key);
  if (!at->table || statistics_age_kind (key) != STATISTICS_PEOPLE || sex >= TABLE_SEXES || months < 0 ||
      months >= TABLE_MONTHS)
    return NULL;
  return &at->table[sex * TABLE_MONTHS + (unsigned)months];
}

static uint32_t place_in_list (const statistics_age_month_t *at, uint32_t key) {
  uint32_t low = 0, high = at->count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (at->counts[middle].key < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void make_table (statistics_age_month_t *at) {
  uint32_t kept = 0;
  at->table = mns_alloc (TABLE_SEXES * TABLE_MONTHS * sizeof *at->table);
  for (uint32_t i = 0; i < at->count; i++) {
    int32_t *cell = in_table (at, at->counts[i].key);
    if (cell)
      *cell = at->counts[i].value;
    else
      at->counts[kept++] = at->counts[i];
  }
  at->count = at->capacity = kept;
  at->counts = mns_realloc (at->counts, (kept ? kept : 1) * sizeof *at->counts);
}

static void insert (statistics_age_month_t *at, uint32_t place, uint32_t key, int32_t value) {
  if (at->count == at->capacity) {
    at->capacity += at->capacity / 2 + 2;
    at->counts = mns_realloc (at->counts, at->capacity * sizeof *at->counts);
  }
  memmove (&at->counts[place + 1], &at->counts[place], (at->count++ - place) * sizeof *at->counts);
  at->counts[place] = (statistics_age_count_t){key, value};
  if (!at->table && at->count > MANY && statistics_age_kind (key) == STATISTICS_PEOPLE)
    make_table (at);
}

void statistics_age_add (statistics_age_month_t *at, uint32_t key, int32_t value) {
  int32_t *cell = in_table (at, key);
  if (cell) {
    *cell += value;
    return;
  }
  uint32_t place = place_in_list (at, key);
  if (place < at->count && at->counts[place].key == key)
    at->counts[place].value += value;
  else
    insert (at, place, key, value);
}

static bool is_stock (uint32_t key) {
  return key < FIRST_EVENT;
}

statistics_age_month_t *statistics_ages_add (statistics_ages_t *ages, int month, uint32_t key, int32_t value) {
  statistics_age_month_t *at = statistics_ages_month (ages, month);
  statistics_age_add (at, key, value);
  for (int i = 0; i < ages->stock_count && is_stock (key); i++)
    if (ages->stocks[i].month > month)
      statistics_age_add (&ages->stocks[i].changes, key, value);
  return at;
}

static void visit_list (const statistics_age_month_t *at, uint32_t *i, uint32_t end, statistics_age_each_t each,
                        void *context) {
  for (; *i < at->count && at->counts[*i].key < end; ++*i)
    if (at->counts[*i].value)
      each (context, at->counts[*i].key, at->counts[*i].value);
}

void statistics_age_visit_stock (const statistics_age_month_t *at, statistics_age_each_t each, void *context) {
  uint32_t i = 0;
  for (unsigned sex = 0; at->table && sex < TABLE_SEXES; sex++)
    for (int months = TABLE_MONTHS - 1; months >= 0; months--) {
      int32_t value = at->table[sex * TABLE_MONTHS + (unsigned)months];
      if (!value)
        continue;
      uint32_t key = statistics_age_key (STATISTICS_PEOPLE, sex + 1, at->month - months);
      visit_list (at, &i, key, each, context);
      each (context, key, value);
    }
  visit_list (at, &i, FIRST_EVENT, each, context);
}

void statistics_age_visit_events (const statistics_age_month_t *at, statistics_age_each_t each, void *context) {
  uint32_t i = place_in_list (at, FIRST_EVENT);
  visit_list (at, &i, UINT32_MAX, each, context);
}

void statistics_age_visit (const statistics_age_month_t *at, statistics_age_each_t each, void *context) {
  statistics_age_visit_stock (at, each, context);
  statistics_age_visit_events (at, each, context);
}

static void add_visited (void *sum, uint32_t key, int32_t value) {
  statistics_age_add (sum, key, value);
}

void statistics_ages_sum (const statistics_ages_t *ages, int first, int end, statistics_age_month_t *sum) {
  for (int i = place_of_month (ages, first); i < ages->count && ages->months[i].month < end; i++)
    statistics_age_visit (&ages->months[i], add_visited, sum);
}

static size_t counts_before (const statistics_ages_t *ages, int month) {
  size_t counts = 0;
  for (int i = 0; i < ages->count && ages->months[i].month < month; i++)
    counts += ages->months[i].table ? TABLE_SEXES * TABLE_MONTHS : ages->months[i].count;
  return counts;
}

const statistics_age_month_t *statistics_ages_stock (statistics_ages_t *ages, int month) {
  for (int i = 0; i < ages->stock_count; i++)
    if (ages->stocks[i].month == month)
      return &ages->stocks[i].changes;
  if (counts_before (ages, month) < WORTH_A_STOCK)
    return NULL;
  if (!ages->stocks)
    ages->stocks = mns_alloc (STOCKS_MAX * sizeof *ages->stocks);
  if (ages->stock_count == STOCKS_MAX) {
    statistics_age_month_fini (&ages->stocks[0].changes);
    memmove (ages->stocks, ages->stocks + 1, (size_t)--ages->stock_count * sizeof *ages->stocks);
  }
  statistics_age_stock_t *stock = &ages->stocks[ages->stock_count++];
  *stock = (statistics_age_stock_t){.month = month, .changes = {.month = month - 1}};
  for (int i = 0; i < ages->count && ages->months[i].month < month; i++)
    statistics_age_visit_stock (&ages->months[i], add_visited, &stock->changes);
  return &stock->changes;
}

/* ---- bytes: for each count how far its key lies behind the one before, and its value ----------------------------- */
typedef struct {
  uint32_t key;
  mns_buffer_t *out;
} packing_t;

static void pack_count (void *context, uint32_t key, int32_t value) {
  packing_t *packing = context;
  mns_pack_uint (packing->out, key - packing->key);
  mns_pack_int (packing->out, value);
  packing->key = key;
}

void statistics_age_pack (const statistics_age_month_t *at, mns_buffer_t *out) {
  packing_t packing = {0, out};
  statistics_age_visit (at, pack_count, &packing);
}

bool statistics_age_unpack (statistics_age_month_t *at, const void *data, size_t size) {
  mns_cursor_t cursor = mns_cursor_init (data, size);
  uint64_t step;
  int64_t value;
  for (uint64_t key = 0; mns_cursor_left (&cursor) > 0;) {
    if (!mns_cursor_uint (&cursor, UINT32_MAX, &step) || !mns_cursor_int (&cursor, INT32_MIN, INT32_MAX, &value))
      return false;
    key += step;
    if (key >> 24 >= STATISTICS_AGE_KINDS)
      return false;
    statistics_age_add (at, (uint32_t)key, (int32_t)value);
  }
  return true;
}
