/* Readings as records: register numbers as ranges, "12,40-59", as many records as they need. */
#include "services/registry/reading.h"

#include "common/buffer.h"
#include "common/text.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RANGE_SIZE    44 /* of the longest */
#define RECORDS_EVENT 256

void registry_readings_fini (registry_readings_t *readings) {
  free (readings->groups);
  free (readings->persons);
  *readings = (registry_readings_t){0};
}

void registry_readings_clear (registry_readings_t *readings) {
  readings->group_count = readings->count = 0;
}

static bool is_of (const registry_reading_group_t *group, const mns_request_t *request, bool revealed) {
  return group->revealed == revealed && strcmp (group->account, request->caller.account) == 0 &&
         strcmp (group->command, request->command) == 0;
}

static void begin_group (registry_readings_t *readings, const mns_request_t *request, bool revealed) {
  if (readings->group_count == readings->group_room) {
    readings->group_room = 2 * readings->group_room + 16;
    readings->groups = mns_realloc (readings->groups, readings->group_room * sizeof *readings->groups);
  }
  registry_reading_group_t *group = &readings->groups[readings->group_count++];
  mns_text_copy (group->account, sizeof group->account, request->caller.account);
  mns_text_copy (group->command, sizeof group->command, request->command);
  group->revealed = revealed;
  group->first = readings->count;
}

void registry_readings_add (registry_readings_t *readings, const mns_request_t *request, bool revealed,
                            uint64_t person) {
  if (readings->group_count == 0 || !is_of (&readings->groups[readings->group_count - 1], request, revealed))
    begin_group (readings, request, revealed);
  if (readings->count == readings->room) {
    readings->room = 2 * readings->room + 128;
    readings->persons = mns_realloc (readings->persons, readings->room * sizeof *readings->persons);
  }
  readings->persons[readings->count++] = person;
}

/* ---- telling ----------------------------------------------------------------------------------------------------- */

typedef struct {
  mns_turn_t *turn;
  mns_place_t county;
  mns_audit_reading_t *records;
  size_t count;
} telling_t;

static int compare (const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static mns_rc_t emit (telling_t *telling) {
  mns_emit_t event = {.stream = "audit", .subject = "reading", .place = telling->county, .happening = "read"};
  size_t count = telling->count;
  telling->count = 0;
  return count == 0 ? MNS_OK : mns_turn_emit (telling->turn, &event, &mns_audit_reading_type, telling->records, count);
}

static mns_rc_t begin_record (telling_t *telling, const registry_reading_group_t *group, mns_audit_reading_t **record) {
  mns_rc_t rc = telling->count == RECORDS_EVENT ? emit (telling) : MNS_OK;
  *record = &telling->records[telling->count++];
  mns_record_clear (&mns_audit_reading_type, *record);
  mns_text_copy ((*record)->account, sizeof (*record)->account, group->account);
  mns_text_copy ((*record)->command, sizeof (*record)->command, group->command);
  (*record)->revealed = group->revealed ? MNS_YES : MNS_NO;
  (*record)->count = 0;
  return rc;
}

static void add_range (mns_audit_reading_t *record, uint64_t first, uint64_t last) {
  size_t used = strlen (record->persons), room = sizeof record->persons - used;
  const char *comma = used > 0 ? "," : "";
  if (first == last)
    snprintf (record->persons + used, room, "%s%" PRIu64, comma, first);
  else
    snprintf (record->persons + used, room, "%s%" PRIu64 "-%" PRIu64, comma, first, last);
  record->count += (int64_t)(last - first + 1);
}

static mns_rc_t tell_group (telling_t *telling, const registry_reading_group_t *group, uint64_t *persons,
                            size_t count) {
  mns_audit_reading_t *record;
  qsort (persons, count, sizeof *persons, compare);
  mns_rc_t rc = begin_record (telling, group, &record);
  for (size_t first = 0, next; rc == MNS_OK && first < count; first = next) {
    for (next = first + 1; next < count && persons[next] <= persons[next - 1] + 1; next++)
      ;
    if (strlen (record->persons) + RANGE_SIZE > sizeof record->persons)
      rc = begin_record (telling, group, &record);
    add_range (record, persons[first], persons[next - 1]);
  }
  return rc;
}

mns_rc_t registry_readings_tell (registry_readings_t *readings, mns_turn_t *turn, mns_place_t county) {
  telling_t telling = {.turn = turn, .county = county};
  mns_rc_t rc = MNS_OK;
  if (readings->count == 0)
    return MNS_OK;
  telling.records = mns_alloc (RECORDS_EVENT * sizeof *telling.records);
  for (size_t i = 0; rc == MNS_OK && i < readings->group_count; i++) {
    const registry_reading_group_t *group = &readings->groups[i];
    size_t end = i + 1 < readings->group_count ? group[1].first : readings->count;
    rc = tell_group (&telling, group, readings->persons + group->first, end - group->first);
  }
  if (rc == MNS_OK)
    rc = emit (&telling);
  free (telling.records);
  registry_readings_clear (readings);
  return rc;
}
