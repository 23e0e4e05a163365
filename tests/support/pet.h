/* A record with every kind of field, for the tests of the record engine. */
#ifndef MNS_TESTS_SUPPORT_PET_H
#define MNS_TESTS_SUPPORT_PET_H

#include "common/record.h"

/* clang-format off */
#define MNS_OWNER_FIELDS(F, T)                                                                     \
  F (T, TEXT,  owner,   40,             MNS_REQUIRED | MNS_PERSONAL, "Name of the owner", "主人姓名") \
  F (T, DATE,  since,   0,              0,                           "Owner since", "起始日期")
#define MNS_PET_FIELDS(F, T)                                                                       \
  F (T, ID,    pet,     0,              MNS_REQUIRED,                "Number of the pet", "编号")     \
  F (T, TEXT,  name,    40,             MNS_REQUIRED | MNS_PERSONAL, "Its name", "名字")             \
  F (T, CODE,  sex,     mns_pet_sexes,  0,                           "Sex", "性别")                  \
  F (T, INT,   legs,    (-8, 8),        0,                           "Legs", "腿数")                 \
  F (T, FEN,   price,   (-1000000000000, 1000000000000), 0,          "Price", "价格")                \
  F (T, DATE,  birth,   0,              0,                           "Day of birth", "出生日期")       \
  F (T, TIME,  seen,    0,              0,                           "Last seen", "最后一次见到")       \
  F (T, PLACE, home,    0,              0,                           "Where it lives", "居住地")      \
  F (T, UUID,  chip,    0,              0,                           "Its chip", "芯片")             \
  F (T, TEXT,  phone,   20,             MNS_PERSONAL,                "Telephone", "电话")            \
  F (T, LIST,  owners,  (owner, 3),     0,                           "Owners", "主人")
/* The same without the list: for CSV and SQL. */
#define MNS_ROW_FIELDS(F, T)                                                                       \
  F (T, ID,    pet,     0,              MNS_REQUIRED,                "Number of the pet", "编号")     \
  F (T, TEXT,  name,    40,             MNS_REQUIRED | MNS_PERSONAL, "Its name", "名字")             \
  F (T, CODE,  sex,     mns_pet_sexes,  0,                           "Sex", "性别")                  \
  F (T, INT,   legs,    (-8, 8),        0,                           "Legs", "腿数")                 \
  F (T, FEN,   price,   (0, 1000000),   0,                           "Price", "价格")                \
  F (T, DATE,  birth,   0,              0,                           "Day of birth", "出生日期")       \
  F (T, TIME,  seen,    0,              0,                           "Last seen", "最后一次见到")       \
  F (T, PLACE, home,    0,              0,                           "Where it lives", "居住地")      \
  F (T, UUID,  chip,    0,              0,                           "Its chip", "芯片")
/* clang-format on */

extern const mns_code_table_t mns_pet_sexes;
MNS_RECORD_DECLARE (owner, MNS_OWNER_FIELDS)
MNS_RECORD_DECLARE (pet, MNS_PET_FIELDS)
MNS_RECORD_DECLARE (row, MNS_ROW_FIELDS)

#define PET_CHIP "0190a5e0-7c00-7000-8000-0000000000ff"

/* A pet with every field set, and the same as a row. */
mns_pet_t pet_sample (void);
mns_row_t row_sample (void);

#endif
