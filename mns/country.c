/* Bulk requests of places and of what became of them, a few on their way at once. */
#include "mns/country.h"

#include "common/progress.h"
#include "common/records/load_records.h"
#include "common/service.h"
#include "divisions/divisions.h"
#include "mns/mns.h"
#include <stdio.h>
#include <stdlib.h>

#define ROWS      1000
#define IN_FLIGHT 4
#define ANSWER_MS 60000
#define SHOWN_MAX 10

typedef struct {
  mns_bus_t *bus;
  const mns_record_type_t *type; /* of the rows in `body` */
  mns_buffer_t body, reply;
  size_t rows, in_flight;
  uint64_t sent, exists, refused;
  mns_progress_t *progress;
  mns_error_t error;
} country_t;

static mns_rc_t settle (country_t *country) {
  mns_row_outcome_t outcome;
  const uint8_t *data = country->reply.data;
  size_t size = country->reply.size;
  mns_rc_t rc;
  while ((rc = mns_sequence_next (&mns_row_outcome_type, &outcome, &data, &size, &country->error)) == MNS_OK) {
    if (outcome.result == MNS_ROW_EXISTS)
      country->exists++;
    else if (outcome.result == MNS_ROW_REFUSED && country->refused++ < SHOWN_MAX)
      fprintf (stderr, "refused: %s: %s\n", outcome.field, outcome.detail);
  }
  return rc == MNS_GONE ? MNS_OK : rc;
}

static mns_rc_t take (country_t *country) {
  uint64_t request;
  mns_head_t head;
  mns_rc_t rc = mns_bus_take (country->bus, ANSWER_MS, &request, &country->reply, &head, &country->error);
  if (rc != MNS_OK)
    return rc;
  country->in_flight--;
  if (head.rc != MNS_OK)
    return mns_fail (&country->error, (mns_rc_t)head.rc, head.where, "%s", head.detail);
  return settle (country);
}

static mns_rc_t send_rows (country_t *country) {
  uint64_t request;
  mns_uuid_t key = mns_uuid_new ();
  mns_rc_t rc = MNS_OK;
  const char *command = country->type == &mns_reform_type ? "registry.load-successors" : "registry.load-places";
  if (country->rows == 0)
    return MNS_OK;
  while (rc == MNS_OK && country->in_flight >= IN_FLIGHT)
    rc = take (country);
  if (rc == MNS_OK)
    rc = mns_bus_send (country->bus, command, &key, country->body.data, country->body.size, ANSWER_MS, &request,
                       &country->error);
  country->in_flight += rc == MNS_OK;
  country->sent += country->rows;
  country->rows = 0;
  mns_buffer_clear (&country->body);
  mns_progress_set (country->progress, country->sent, country->sent);
  return rc;
}

static mns_rc_t add (country_t *country, const mns_record_type_t *type, const void *record) {
  mns_rc_t rc = country->type != type || country->rows == ROWS ? send_rows (country) : MNS_OK;
  country->type = type;
  mns_record_pack (type, record, &country->body);
  country->rows++;
  return rc;
}

static mns_rc_t add_place (void *country, const mns_place_info_t *place) {
  return add (country, &mns_place_info_type, place);
}

static mns_rc_t add_reform (void *country, const mns_reform_t *reform) {
  return add (country, &mns_reform_type, reform);
}

static mns_rc_t send_all (country_t *country, mns_place_t under) {
  divisions_to_t to = {add_place, add_reform, country};
  mns_rc_t rc = divisions_walk (&to, under, &country->error);
  if (rc == MNS_OK)
    rc = send_rows (country);
  while (rc == MNS_OK && country->in_flight > 0)
    rc = take (country);
  return rc;
}

int mns_load_country (mns_bus_t *bus, mns_place_t under) {
  country_t country = {.bus = bus};
  country.progress = mns_progress_new ("the country", "rows", under ? 0 : DIVISIONS_TOWNSHIPS_AND_VILLAGES);
  mns_rc_t rc = send_all (&country, under);
  mns_progress_destroy (&country.progress);
  mns_buffer_fini (&country.body);
  mns_buffer_fini (&country.reply);
  if (rc != MNS_OK)
    return mns_cli_fail ("mns", &country.error);
  printf ("the country: %llu rows: %llu taken in, %llu there already, %llu refused\n", (unsigned long long)country.sent,
          (unsigned long long)(country.sent - country.exists - country.refused), (unsigned long long)country.exists,
          (unsigned long long)country.refused);
  return country.refused ? 1 : 0;
}
