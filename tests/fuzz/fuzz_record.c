/* Any bytes as a record: what is accepted is within its bounds, and packs and unpacks to itself. */
#include "tests/support/pet.h"
#include <assert.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  mns_pet_t pet, again;
  mns_error_t error;
  size_t used;
  if (mns_record_unpack (&mns_pet_type, &pet, data, size, &used, &error) != MNS_OK) {
    assert (error.detail[0] != '\0');
    return 0;
  }
  assert (used <= size);
  mns_rc_t rc = mns_record_validate (&mns_pet_type, &pet, &error);
  assert (rc == MNS_OK || rc == MNS_MISSING);
  mns_buffer_t out = {0};
  mns_record_pack (&mns_pet_type, &pet, &out);
  assert (mns_record_unpack (&mns_pet_type, &again, out.data, out.size, NULL, &error) == MNS_OK);
  assert (mns_record_equal (&mns_pet_type, &pet, &again));
  json_t *json = mns_record_to_json (&mns_pet_type, &pet, false);
  assert (mns_record_from_json (&mns_pet_type, &again, json, &error) == MNS_OK);
  assert (mns_record_equal (&mns_pet_type, &pet, &again));
  json_decref (json);
  json_decref (mns_record_to_json (&mns_pet_type, &pet, true));
  mns_buffer_fini (&out);
  return 0;
}
