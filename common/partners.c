/* The counties this one exchanges letters with. */
#include "common/partners.h"

#include "common/dir.h"
#include "common/keys.h"
#include "common/yaml.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

MNS_RECORD_DEFINE (partner, 1, MNS_PARTNER_FIELDS, "A county that letters are exchanged with", "往来县")

enum { ANSWER_DAYS = 10, REMIND_DAYS = 3 };

static void complete (mns_partner_t *partner) {
  if (!*partner->key_file)
    strcpy (partner->key_file, "keys/exchange.key");
  if (partner->answer_days == MNS_NONE)
    partner->answer_days = ANSWER_DAYS;
  if (partner->remind_days == MNS_NONE)
    partner->remind_days = REMIND_DAYS;
}

static void check (mns_yaml_t *yaml, const mns_partners_t *partners, size_t index, mns_place_t county) {
  const mns_partner_t *partner = &partners->rows[index];
  if (partner->county % 1000000 != 0)
    mns_yaml_mistake (yaml, "partners", index, "county", "the code of a county is meant, as 440305");
  if (partner->county == county)
    mns_yaml_mistake (yaml, "partners", index, "county", "this is the own county");
  for (size_t i = 0; i < index; i++)
    if (partners->rows[i].county == partner->county)
      mns_yaml_mistake (yaml, "partners", index, "county", "this county stands here already");
  if (*partner->broker_key && !mns_keys_public_valid (partner->broker_key))
    mns_yaml_mistake (yaml, "partners", index, "broker_key",
                      "not a public key: 40 characters of Z85, as 'mns keys' prints it");
}

mns_rc_t mns_partners_load (mns_partners_t *partners, const char *data, mns_place_t county, mns_error_t *error) {
  char path[MNS_PATH_MAX];
  void *rows = NULL;
  *partners = (mns_partners_t){0};
  mns_rc_t rc = mns_dir_join (path, data, "partners.yaml", error);
  if (rc != MNS_OK || access (path, F_OK) != 0)
    return rc;
  mns_yaml_t *yaml = mns_yaml_open (path, error);
  if (!yaml)
    return error->rc;
  mns_yaml_records (yaml, "partners", &mns_partner_type, &rows, &partners->count);
  partners->rows = rows;
  for (size_t i = 0; i < partners->count; i++) {
    check (yaml, partners, i, county);
    complete (&partners->rows[i]);
  }
  rc = mns_yaml_finish (yaml, error);
  mns_yaml_destroy (&yaml);
  if (rc != MNS_OK)
    mns_partners_fini (partners);
  return rc;
}

void mns_partners_fini (mns_partners_t *partners) {
  free (partners->rows);
  *partners = (mns_partners_t){0};
}

const mns_partner_t *mns_partners_find (const mns_partners_t *partners, mns_place_t county) {
  for (size_t i = 0; i < partners->count; i++)
    if (partners->rows[i].county == county)
      return &partners->rows[i];
  return NULL;
}
