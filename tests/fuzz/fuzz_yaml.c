/* Any bytes as YAML: reading ends, a record without mistakes is within its bounds, mistakes have places. */
#include "common/yaml.h"
#include "tests/support/pet.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  mns_pet_t pet;
  void *rows;
  size_t count;
  mns_error_t error;
  mns_yaml_t *yaml = mns_yaml_from_text ("f", (const char *)data, size);
  mns_rc_t rc = mns_yaml_record (yaml, &mns_pet_type, &pet);
  assert (rc != MNS_OK || mns_record_validate (&mns_pet_type, &pet, &error) == MNS_OK);
  rc = mns_yaml_records (yaml, "rows", &mns_row_type, &rows, &count);
  for (size_t i = 0; rc == MNS_OK && i < count; i++)
    assert (mns_record_validate (&mns_row_type, (mns_row_t *)rows + i, &error) == MNS_OK);
  mns_yaml_mistake (yaml, "rows", 1, "name", "a mistake of meaning");
  assert (mns_yaml_finish (yaml, &error) == MNS_INVALID);
  assert (strncmp (mns_yaml_mistakes (yaml), "f:", 2) == 0);
  free (rows);
  mns_yaml_destroy (&yaml);
  return 0;
}
