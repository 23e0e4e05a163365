/* The attacker. */
#include "tests/support/attacker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"

#define MEASURES  2
#define CODES     4
#define UNBOUNDED 1000000000
#define PASSES    100

typedef enum { QUARTER, YEAR, SEX, ORDER, POOLED, STOCK, KINDS } kind_t;
static const int per_year[KINDS] = {4, 1, CODES, CODES, 1, 4};

typedef struct {
  int64_t low, high, truth, figure;
  bool given;
} unknown_t;

typedef struct {
  int months;
  unknown_t *unknowns;
} vintage_t;

struct attacker {
  mns_place_t county;
  int townships, villages, start, years, places, per_place;
  vintage_t *vintages;
  int count;
};

attacker_t *attacker_new (mns_place_t county, int townships, int villages, int start, int years) {
  attacker_t *attacker = mns_alloc (sizeof *attacker);
  *attacker =
      (attacker_t){.county = county, .townships = townships, .villages = villages, .start = start, .years = years};
  attacker->places = 1 + townships + townships * villages;
  for (int kind = 0; kind < KINDS; kind++)
    attacker->per_place += per_year[kind] * years;
  return attacker;
}

void attacker_destroy (attacker_t **self) {
  attacker_t *attacker = *self;
  for (int i = 0; i < attacker->count; i++)
    free (attacker->vintages[i].unknowns);
  free (attacker->vintages);
  free (attacker);
  *self = NULL;
}

/* ---- where a count stands ---------------------------------------------------------------------------------------- */
/* Place 0 is the county, then the townships, then the villages, township by township. */
static int index_of (const attacker_t *attacker, int measure, int place, kind_t kind, int number) {
  int at = (measure * attacker->places + place) * attacker->per_place + number;
  for (int before = 0; before < (int)kind; before++)
    at += per_year[before] * attacker->years;
  return at;
}

static int unknown_count (const attacker_t *attacker) {
  return MEASURES * attacker->places * attacker->per_place;
}

static mns_place_t code_of (const attacker_t *attacker, int place) {
  if (place == 0)
    return attacker->county;
  bool township = place <= attacker->townships;
  int at = township ? place - 1 : (place - 1 - attacker->townships) / attacker->villages;
  mns_place_t code = attacker->county + (101 + at) * 1000;
  return township ? code : code + 201 + (place - 1 - attacker->townships) % attacker->villages;
}

/* The key of a count; false: there is no such period, or it has not ended. */
static bool key_of (const attacker_t *attacker, int months, int measure, int place, kind_t kind, int number,
                    statistics_figure_key_t *key) {
  static const statistics_by_t by[KINDS] = {[SEX] = STATISTICS_BY_SEX, [ORDER] = STATISTICS_BY_ORDER};
  int year = number / per_year[kind], part = number % per_year[kind], first = attacker->start + 12 * year;
  bool quarter = kind == QUARTER || kind == STOCK;
  *key = (statistics_figure_key_t){.place = code_of (attacker, place),
                                   .first = quarter          ? first + 3 * part
                                            : kind == POOLED ? first - 24
                                                             : first,
                                   .end = quarter ? first + 3 * part + 3 : first + 12,
                                   .measure = measure == 0 ? STATISTICS_BIRTHS : STATISTICS_DEATHS,
                                   .by = by[kind],
                                   .code = by[kind] ? part + 1 : 0};
  if (kind == STOCK) {
    key->first = key->end;
    key->measure = STATISTICS_POPULATION;
  }
  return key->end <= attacker->start + months && (kind == STOCK || key->first >= attacker->start) &&
         !(measure == 1 && (kind == ORDER || kind == STOCK));
}

/* What this release says of a count: a figure that stands from before says nothing of the count now. */
static int64_t figure_of (const statistics_release_t *release, const statistics_figure_key_t *key) {
  for (size_t i = 0; i < release->count; i++) {
    const statistics_open_figure_t *figure = &release->figures[i];
    bool said = figure->fate == STATISTICS_FIGURE_NEW || figure->fate == STATISTICS_FIGURE_REVISED;
    if (figure->table >= 0 && said && statistics_figure_key_equal (&figure->key, key))
      return figure->figure;
  }
  return MNS_NONE;
}

void attacker_release (attacker_t *attacker, const statistics_release_t *release, int months) {
  attacker->vintages = mns_realloc (attacker->vintages, (size_t)(attacker->count + 1) * sizeof (vintage_t));
  vintage_t *vintage = &attacker->vintages[attacker->count++];
  *vintage = (vintage_t){months, mns_alloc ((size_t)unknown_count (attacker) * sizeof (unknown_t))};
  for (int measure = 0; measure < MEASURES; measure++)
    for (int place = 0; place < attacker->places; place++)
      for (int kind = 0; kind < KINDS; kind++)
        for (int number = 0; number < per_year[kind] * attacker->years; number++) {
          statistics_figure_key_t key;
          uint32_t cell_key;
          unknown_t *unknown = &vintage->unknowns[index_of (attacker, measure, place, (kind_t)kind, number)];
          *unknown = (unknown_t){.high = UNBOUNDED, .truth = MNS_NONE, .figure = MNS_NONE};
          if (!key_of (attacker, months, measure, place, (kind_t)kind, number, &key))
            continue;
          unknown->truth = statistics_release_count (release->cube, &key, &cell_key);
          if (place == 0)
            unknown->low = unknown->high = unknown->truth;
          else
            unknown->figure = figure_of (release, &key);
        }
}

/* ---- narrowing --------------------------------------------------------------------------------------------------- */
static bool at_least (unknown_t *unknown, int64_t low) {
  if (low <= unknown->low || low > unknown->high)
    return false;
  unknown->low = low;
  return true;
}

static bool at_most (unknown_t *unknown, int64_t high) {
  if (high >= unknown->high || high < unknown->low)
    return false;
  unknown->high = high;
  return true;
}

/* whole = Σ parts, which stand `step` apart. */
static bool add_up (unknown_t *unknowns, int whole, int first, int step, int count) {
  bool moved = false;
  int64_t low = 0, high = 0;
  for (int i = 0; i < count; i++) {
    low += unknowns[first + i * step].low;
    high += unknowns[first + i * step].high;
  }
  moved |= at_least (&unknowns[whole], low) | at_most (&unknowns[whole], high);
  for (int i = 0; i < count; i++) {
    unknown_t *part = &unknowns[first + i * step], was = *part;
    moved |= at_least (part, unknowns[whole].low - (high - was.high));
    moved |= at_most (part, unknowns[whole].high - (low - was.low));
    low += part->low - was.low;
    high += part->high - was.high;
  }
  return moved;
}

static bool parts_of_time (const attacker_t *attacker, const vintage_t *vintage, int measure, int place, int year) {
  unknown_t *unknowns = vintage->unknowns;
  int whole = index_of (attacker, measure, place, YEAR, year);
  bool moved = false;
  if (place <= attacker->townships)
    moved |= add_up (unknowns, whole, index_of (attacker, measure, place, QUARTER, 4 * year), 1, 4);
  moved |= add_up (unknowns, whole, index_of (attacker, measure, place, SEX, CODES * year), 1, CODES);
  if (measure == 0)
    moved |= add_up (unknowns, whole, index_of (attacker, measure, place, ORDER, CODES * year), 1, CODES);
  if (year >= 2)
    moved |= add_up (unknowns, index_of (attacker, measure, place, POOLED, year),
                     index_of (attacker, measure, place, YEAR, year - 2), 1, 3);
  return moved;
}

/* Of every count of the year: the county's townships, and each township's villages. */
static bool parts_of_place (const attacker_t *attacker, const vintage_t *vintage, int measure, kind_t kind,
                            int number) {
  int whole = index_of (attacker, measure, 0, kind, number), step = attacker->per_place;
  int first = index_of (attacker, measure, 1, kind, number);
  bool moved = add_up (vintage->unknowns, whole, first, step, attacker->townships);
  for (int i = 0; i < attacker->townships; i++)
    moved |= add_up (vintage->unknowns, first + i * step, first + (attacker->townships + i * attacker->villages) * step,
                     step, attacker->villages);
  return moved;
}

static bool within_release (const attacker_t *attacker, const vintage_t *vintage) {
  bool moved = false;
  for (int measure = 0; measure < MEASURES; measure++) {
    for (int place = 0; place < attacker->places; place++)
      for (int year = 0; 12 * year + 12 <= vintage->months; year++)
        moved |= parts_of_time (attacker, vintage, measure, place, year);
    for (int kind = 0; kind < KINDS; kind++)
      for (int number = 0; number < per_year[kind] * attacker->years; number++) {
        statistics_figure_key_t key;
        if (key_of (attacker, vintage->months, measure, 0, (kind_t)kind, number, &key))
          moved |= parts_of_place (attacker, vintage, measure, (kind_t)kind, number);
      }
  }
  return moved;
}

/* Guesses that no count moved against the county's, nor further than it, and always guesses right. */
static bool between_releases (const attacker_t *attacker, const vintage_t *before, const vintage_t *after) {
  bool moved = false;
  int count = attacker->places * attacker->per_place;
  for (int i = 0; i < unknown_count (attacker); i++) {
    unknown_t *old = &before->unknowns[i], *new = &after->unknowns[i];
    int county = i / count * count + i % attacker->per_place;
    if (old->truth == MNS_NONE || i % count < attacker->per_place)
      continue;
    int64_t change = after->unknowns[county].truth - before->unknowns[county].truth;
    int64_t up = change > 0 ? change : 0, down = change < 0 ? change : 0;
    if (new->truth < old->truth + down || new->truth > old->truth + up)
      continue;
    moved |= at_least (new, old->low + down) | at_most (new, old->high + up);
    moved |= at_least (old, new->low - up) | at_most (old, new->high - down);
  }
  return moved;
}

static void narrow_all (attacker_t *attacker) {
  bool moved = true;
  for (int pass = 0; moved && pass < PASSES; pass++) {
    moved = false;
    for (int i = 0; i < attacker->count; i++)
      moved |= within_release (attacker, &attacker->vintages[i]);
    for (int i = 1; i < attacker->count; i++)
      moved |= between_releases (attacker, &attacker->vintages[i - 1], &attacker->vintages[i]);
  }
}

/* ---- the attack -------------------------------------------------------------------------------------------------- */
static bool is_pinned (const unknown_t *unknown) {
  return unknown->truth != MNS_NONE && unknown->truth < STATISTICS_SMALL &&
         unknown->high - unknown->low + 1 < STATISTICS_BASE && unknown->truth >= unknown->low &&
         unknown->truth <= unknown->high;
}

static void take_figures (attacker_t *attacker, int64_t spread) {
  for (int i = 0; i < attacker->count; i++)
    for (int at = 0; at < unknown_count (attacker); at++) {
      unknown_t *unknown = &attacker->vintages[i].unknowns[at];
      unknown->given = is_pinned (unknown);
      if (unknown->figure == MNS_NONE)
        continue;
      at_least (unknown, unknown->figure - spread);
      at_most (unknown, unknown->figure + spread);
    }
}

static void tell (const attacker_t *attacker, int vintage, int at) {
  const unknown_t *unknown = &attacker->vintages[vintage].unknowns[at];
  int place = at / attacker->per_place % attacker->places, kind = 0, number = at % attacker->per_place;
  for (; number >= per_year[kind] * attacker->years; kind++)
    number -= per_year[kind] * attacker->years;
  printf ("pinned: release %d of %d, place %lld, measure %d, kind %d number %d: %lld … %lld, true %lld, figure %lld\n",
          vintage, attacker->count, (long long)code_of (attacker, place), at / attacker->per_place / attacker->places,
          kind, number, (long long)unknown->low, (long long)unknown->high, (long long)unknown->truth,
          (long long)(unknown->figure == MNS_NONE ? -1 : unknown->figure));
}

int attacker_attack (attacker_t *attacker, int64_t spread, bool loud) {
  int pinned = 0, per_measure = attacker->places * attacker->per_place;
  narrow_all (attacker);
  take_figures (attacker, spread);
  narrow_all (attacker);
  for (int i = 0; i < attacker->count; i++)
    for (int at = 0; at < unknown_count (attacker); at++) {
      const unknown_t *unknown = &attacker->vintages[i].unknowns[at];
      if (at % per_measure < attacker->per_place || unknown->given || !is_pinned (unknown))
        continue;
      if (loud && pinned == 0)
        tell (attacker, i, at);
      pinned++;
    }
  return pinned;
}
