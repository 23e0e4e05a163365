/* Intervals through equations. */
#include "services/statistics/rules_audit.h"

#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"

#define UNBOUNDED  1000000000000
#define PASSES_MAX 200
#define SEXES      4
#define ORDERS     4
#define YEAR       12
#define QUARTER    3
#define ROOM       4

typedef struct {
  statistics_figure_key_t key;
  statistics_interval_t known, figure; /* figure: what the new one tells */
  statistics_interval_t given;         /* without the new figures */
  bool recalled;                       /* an earlier release told of it */
  statistics_interval_t past, first;   /* as it was at the release before, at the first one */
  int64_t rise, fall;                  /* of the county's count since the release before */
  int64_t first_rise, first_fall;      /* since the first one */
} unknown_t;

struct statistics_audit {
  const mns_place_t *places;
  size_t place_count;
  mns_place_t county;
  statistics_whole_t *whole;
  void *context;
  unknown_t *unknowns;
  int count, capacity, linked; /* the first `linked` have their equations */
  int *slots, slot_count;      /* open addressing: index + 1 */
  int *terms;                  /* equation: number of parts, the whole, the parts */
  size_t term_count, term_capacity;
};

bool statistics_figure_key_equal (const statistics_figure_key_t *a, const statistics_figure_key_t *b) {
  return a->place == b->place && a->first == b->first && a->end == b->end && a->measure == b->measure &&
         a->by == b->by && a->code == b->code;
}

statistics_audit_t *statistics_audit_new (const mns_place_t *places, size_t count, mns_place_t county,
                                          statistics_whole_t *whole, void *context) {
  statistics_audit_t *audit = mns_alloc (sizeof *audit);
  *audit = (statistics_audit_t){
      .places = places, .place_count = count, .county = county, .whole = whole, .context = context, .slot_count = 1024};
  audit->slots = mns_alloc ((size_t)audit->slot_count * sizeof (int));
  memset (audit->slots, 0, (size_t)audit->slot_count * sizeof (int));
  return audit;
}

void statistics_audit_destroy (statistics_audit_t **self) {
  statistics_audit_t *audit = *self;
  if (!audit)
    return;
  free (audit->unknowns);
  free (audit->slots);
  free (audit->terms);
  free (audit);
  *self = NULL;
}

/* ---- unknowns ---------------------------------------------------------------------------------------------------- */
static int slot_of (const statistics_audit_t *audit, const statistics_figure_key_t *key) {
  uint64_t hash = (uint64_t)key->place * 0x9e3779b97f4a7c15u;
  hash = (hash ^ (uint64_t)(key->first * 8192 + key->end)) * 0x9e3779b97f4a7c15u;
  hash = (hash ^ (uint64_t)(key->measure * 64 + (int)key->by * 16 + key->code)) * 0x9e3779b97f4a7c15u;
  int slot = (int)(hash >> 33) & (audit->slot_count - 1);
  while (audit->slots[slot] && !statistics_figure_key_equal (&audit->unknowns[audit->slots[slot] - 1].key, key))
    slot = (slot + 1) & (audit->slot_count - 1);
  return slot;
}

static void grow (statistics_audit_t *audit) {
  audit->slot_count *= 2;
  audit->slots = mns_realloc (audit->slots, (size_t)audit->slot_count * sizeof (int));
  memset (audit->slots, 0, (size_t)audit->slot_count * sizeof (int));
  for (int i = 0; i < audit->count; i++)
    audit->slots[slot_of (audit, &audit->unknowns[i].key)] = i + 1;
}

static int unknown_of (statistics_audit_t *audit, const statistics_figure_key_t *key) {
  int slot = slot_of (audit, key);
  if (audit->slots[slot])
    return audit->slots[slot] - 1;
  if (audit->count == audit->capacity) {
    audit->capacity = audit->capacity ? audit->capacity * 2 : 512;
    audit->unknowns = mns_realloc (audit->unknowns, (size_t)audit->capacity * sizeof (unknown_t));
  }
  static const statistics_interval_t nothing = {0, UNBOUNDED};
  unknown_t *unknown = &audit->unknowns[audit->count];
  *unknown = (unknown_t){.key = *key, .known = nothing, .figure = nothing};
  if (key->place == audit->county)
    unknown->known.low = unknown->known.high = audit->whole (audit->context, key);
  audit->slots[slot] = ++audit->count;
  if (audit->count * 2 > audit->slot_count)
    grow (audit);
  return audit->count - 1;
}

static int64_t whole_of (statistics_audit_t *audit, const statistics_figure_key_t *key) {
  statistics_figure_key_t whole = *key;
  whole.place = audit->county;
  int index = unknown_of (audit, &whole);
  return audit->unknowns[index].known.low;
}

void statistics_audit_recall (statistics_audit_t *audit, const statistics_knowledge_t *known) {
  int64_t change = whole_of (audit, &known->key) - known->whole;
  int index = unknown_of (audit, &known->key);
  unknown_t *unknown = &audit->unknowns[index];
  unknown->recalled = true;
  unknown->past = known->interval;
  unknown->first = known->first;
  unknown->rise = change > 0 ? change : 0;
  unknown->fall = change < 0 ? -change : 0;
  unknown->first_rise = known->rise + unknown->rise;
  unknown->first_fall = known->fall + unknown->fall;
  unknown->known.low = known->interval.low > unknown->fall ? known->interval.low - unknown->fall : 0;
  unknown->known.high = known->interval.high + unknown->rise;
}

void statistics_audit_figure (statistics_audit_t *audit, const statistics_figure_key_t *key, int64_t figure) {
  int index = unknown_of (audit, key);
  if (figure != MNS_NONE)
    audit->unknowns[index].figure = statistics_protected_interval (figure);
}

/* ---- equations --------------------------------------------------------------------------------------------------- */
static void add_term (statistics_audit_t *audit, int term) {
  if (audit->term_count == audit->term_capacity) {
    audit->term_capacity = audit->term_capacity ? audit->term_capacity * 2 : 4096;
    audit->terms = mns_realloc (audit->terms, audit->term_capacity * sizeof (int));
  }
  audit->terms[audit->term_count++] = term;
}

static size_t begin_equation (statistics_audit_t *audit, const statistics_figure_key_t *whole) {
  size_t at = audit->term_count;
  add_term (audit, 0);
  add_term (audit, unknown_of (audit, whole));
  return at;
}

static void add_part (statistics_audit_t *audit, size_t equation, const statistics_figure_key_t *part) {
  add_term (audit, unknown_of (audit, part));
  audit->terms[equation]++;
}

static void split_time (statistics_audit_t *audit, const statistics_figure_key_t *key, int months) {
  size_t equation = begin_equation (audit, key);
  statistics_figure_key_t part = *key;
  for (part.first = key->first; part.first < key->end; part.first += months) {
    part.end = part.first + months;
    add_part (audit, equation, &part);
  }
}

/* Once for all codes: by the first of them. */
static void split_codes (statistics_audit_t *audit, const statistics_figure_key_t *key) {
  statistics_figure_key_t whole = *key, part = *key;
  whole.by = STATISTICS_BY_NONE;
  whole.code = 0;
  size_t equation = begin_equation (audit, &whole);
  for (part.code = 1; part.code <= (key->by == STATISTICS_BY_SEX ? SEXES : ORDERS); part.code++)
    add_part (audit, equation, &part);
}

/* The parts of `area` right below it, once for all of them. */
static void split_place (statistics_audit_t *audit, const statistics_figure_key_t *key, mns_place_t area) {
  statistics_figure_key_t whole = *key, part = *key;
  int level = mns_place_level (area) + 1;
  whole.place = area;
  size_t equation = begin_equation (audit, &whole);
  for (size_t i = 0; i < audit->place_count; i++)
    if (mns_place_level (audit->places[i]) == level && mns_place_covers (area, audit->places[i])) {
      part.place = audit->places[i];
      add_part (audit, equation, &part);
    }
}

/* True for the first of the parts of `area` in the order of their codes. */
static bool is_first_of (const statistics_audit_t *audit, mns_place_t place, mns_place_t area) {
  for (size_t i = 0; i < audit->place_count; i++)
    if (mns_place_level (audit->places[i]) == mns_place_level (place) && mns_place_covers (area, audit->places[i]))
      return audit->places[i] == place;
  return true;
}

static void year_of_quarter (statistics_audit_t *audit, const statistics_figure_key_t *key) {
  statistics_figure_key_t year = *key;
  year.first -= key->first % YEAR;
  year.end = year.first + YEAR;
  unknown_of (audit, &year);
}

/* The unknowns beside this one, so that the first of them, which brings the equation, is there. */
static void link (statistics_audit_t *audit, int index) {
  statistics_figure_key_t key = audit->unknowns[index].key, first = key;
  int level = mns_place_level (key.place), months = key.end - key.first;
  if (key.place == audit->county)
    return;
  if (months == QUARTER)
    year_of_quarter (audit, &key);
  if (months > YEAR)
    split_time (audit, &key, YEAR);
  if (months == YEAR && level == MNS_TOWNSHIP && key.by == STATISTICS_BY_NONE)
    split_time (audit, &key, QUARTER);
  if (key.by != STATISTICS_BY_NONE && key.code == 1)
    split_codes (audit, &key);
  first.code = 1;
  if (key.by != STATISTICS_BY_NONE && key.code != 1)
    unknown_of (audit, &first);
  mns_place_t area = mns_place_at (key.place, level - 1);
  if (is_first_of (audit, key.place, area)) {
    split_place (audit, &key, area);
    return;
  }
  first = key;
  for (size_t i = 0; i < audit->place_count; i++)
    if (mns_place_level (audit->places[i]) == level && mns_place_covers (area, audit->places[i])) {
      first.place = audit->places[i];
      unknown_of (audit, &first);
      return;
    }
}

/* ---- narrowing --------------------------------------------------------------------------------------------------- */
/* A bound that would leave nothing is left out: then the reader takes for equal what is not. */
static bool raise_low (statistics_interval_t *known, int64_t low) {
  if (low <= known->low || low > known->high)
    return false;
  known->low = low;
  return true;
}

static bool lower_high (statistics_interval_t *known, int64_t high) {
  if (high >= known->high || high < known->low)
    return false;
  known->high = high;
  return true;
}

static bool narrow (statistics_audit_t *audit, const int *equation) {
  int count = equation[0];
  const int *parts = equation + 2;
  statistics_interval_t *whole = &audit->unknowns[equation[1]].known, sum = {0, 0};
  for (int i = 0; i < count; i++) {
    sum.low += audit->unknowns[parts[i]].known.low;
    sum.high += audit->unknowns[parts[i]].known.high;
  }
  bool moved = raise_low (whole, sum.low);
  moved = lower_high (whole, sum.high) || moved;
  for (int i = 0; i < count; i++) {
    statistics_interval_t *part = &audit->unknowns[parts[i]].known,
                          others = {sum.low - part->low, sum.high - part->high};
    if (raise_low (part, whole->low - others.high) | lower_high (part, whole->high - others.low)) {
      sum = (statistics_interval_t){others.low + part->low, others.high + part->high};
      moved = true;
    }
  }
  return moved;
}

static void narrow_all (statistics_audit_t *audit) {
  bool moved = true;
  for (int pass = 0; moved && pass < PASSES_MAX; pass++) {
    moved = false;
    for (size_t at = 0; at < audit->term_count; at += (size_t)audit->terms[at] + 2)
      moved = narrow (audit, &audit->terms[at]) || moved;
  }
}

/* The count as it was, by what is known of it now. */
static statistics_interval_t seen_from_now (const unknown_t *unknown, statistics_interval_t then, int64_t rise,
                                            int64_t fall) {
  raise_low (&then, unknown->known.low - rise);
  lower_high (&then, unknown->known.high + fall);
  return then;
}

static statistics_interval_t first_from_now (const unknown_t *unknown) {
  return seen_from_now (unknown, unknown->first, unknown->first_rise, unknown->first_fall);
}

/* As it was at the release before, or at the first one. */
static bool past_is_given_away (const unknown_t *unknown) {
  return unknown->recalled &&
         (statistics_gives_away (seen_from_now (unknown, unknown->past, unknown->rise, unknown->fall)) ||
          statistics_gives_away (first_from_now (unknown)));
}

static bool is_within (statistics_interval_t interval, statistics_interval_t of) {
  return interval.low > of.low || interval.high < of.high;
}

/* Later releases may tell a little more of what is narrower than its own figure: some room is left for that. */
static bool is_given_away (const unknown_t *unknown) {
  statistics_interval_t known = unknown->known;
  if (is_within (known, unknown->figure))
    known.high -= ROOM;
  return is_within (unknown->known, unknown->given) && (statistics_gives_away (known) || past_is_given_away (unknown));
}

void statistics_audit_run (statistics_audit_t *audit,
                           void (*given_away) (void *context, const statistics_figure_key_t *key), void *context) {
  while (audit->linked < audit->count)
    link (audit, audit->linked++);
  narrow_all (audit);
  for (int i = 0; i < audit->count; i++) {
    unknown_t *unknown = &audit->unknowns[i];
    unknown->given = unknown->known;
    raise_low (&unknown->known, unknown->figure.low);
    lower_high (&unknown->known, unknown->figure.high);
  }
  narrow_all (audit);
  for (int i = 0; i < audit->count; i++)
    if (audit->unknowns[i].key.place != audit->county && is_given_away (&audit->unknowns[i]))
      given_away (context, &audit->unknowns[i].key);
}

void statistics_audit_visit (statistics_audit_t *audit,
                             void (*visit) (void *context, const statistics_knowledge_t *known), void *context) {
  for (int i = 0; i < audit->count; i++) {
    const unknown_t *unknown = &audit->unknowns[i];
    if (unknown->key.place == audit->county || (unknown->known.low == 0 && unknown->known.high >= UNBOUNDED))
      continue;
    statistics_knowledge_t known = {.key = unknown->key, .interval = unknown->known, .first = unknown->known};
    if (unknown->recalled) {
      known.first = first_from_now (unknown);
      known.rise = unknown->first_rise;
      known.fall = unknown->first_fall;
    }
    known.whole = whole_of (audit, &known.key);
    visit (context, &known);
  }
}
