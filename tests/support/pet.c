/* A record with every kind of field, for the tests of the record engine. */
#include "tests/support/pet.h"

#include <string.h>

static const mns_code_row_t sex_rows[] = {
    {"unknown", "0", "unknown", "未知"},
    {"male", "1", "male", "男"},
    {"female", "2", "female", "女"},
};
const mns_code_table_t mns_pet_sexes = {"pet_sexes", sex_rows, 3};

MNS_RECORD_DEFINE (owner, 1, MNS_OWNER_FIELDS, "An owner", "主人")
MNS_RECORD_DEFINE (pet, 2, MNS_PET_FIELDS, "A pet", "宠物")
MNS_RECORD_DEFINE (row, 1, MNS_ROW_FIELDS, "A row", "行")

mns_pet_t pet_sample (void) {
  mns_pet_t pet;
  mns_record_clear (&mns_pet_type, &pet);
  pet.pet = 42;
  strcpy (pet.name, "阿黄·Rex");
  pet.sex = 2;
  pet.legs = -4;
  pet.price = 369024000;
  pet.birth = 20240229;
  pet.seen = INT64_C (1782864000000001);
  pet.home = INT64_C (510322101203);
  mns_uuid_parse (PET_CHIP, &pet.chip);
  strcpy (pet.phone, "13800001234");
  pet.owners_count = 2;
  for (size_t i = 0; i < 2; i++)
    mns_record_clear (&mns_owner_type, &pet.owners[i]);
  strcpy (pet.owners[0].owner, "张三丰");
  pet.owners[0].since = 20240301;
  strcpy (pet.owners[1].owner, "Li");
  return pet;
}

mns_row_t row_sample (void) {
  mns_pet_t pet = pet_sample ();
  mns_row_t row;
  mns_record_clear (&mns_row_type, &row);
  row.pet = pet.pet;
  strcpy (row.name, pet.name);
  row.sex = pet.sex;
  row.legs = pet.legs;
  row.price = 60000;
  row.birth = pet.birth;
  row.seen = pet.seen;
  row.home = pet.home;
  row.chip = pet.chip;
  return row;
}
