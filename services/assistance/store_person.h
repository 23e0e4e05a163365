/* Persons as the registry tells them.
 *
 * There is no SQL index on the citizen number: a million random insertions into one would multiply what each turn of
 * the baseline writes to disk. It is found through common/id_index.h, filled at the first look-up. */
#ifndef MNS_ASSISTANCE_STORE_PERSON_H
#define MNS_ASSISTANCE_STORE_PERSON_H

#include "common/db.h"
#include "common/id_index.h"
#include "common/records/codes.h"
#include "common/records/place.h"

/* clang-format off */
#define MNS_ASSISTED_PERSON_FIELDS(F, T)                                                                               \
  F (T, ID,    id,                0,                 MNS_REQUIRED, "Register number", "人员编号")                        \
  F (T, TEXT,  name,              200,               MNS_REQUIRED | MNS_PERSONAL, "Name", "姓名")                       \
  F (T, TEXT,  citizen_number,    18,                MNS_PERSONAL, "Citizen number", "公民身份号码")                      \
  F (T, CODE,  sex,               mns_sex,           MNS_REQUIRED, "Sex", "性别")                                       \
  F (T, DATE,  birth,             0,                 MNS_REQUIRED, "Date of birth", "出生日期")                          \
  F (T, CODE,  registration,      mns_registration,  0, "Kind of registration", "户口性质")                              \
  F (T, PLACE, place,             0,                 MNS_REQUIRED, "Place of registration", "户籍地区划代码")             \
  F (T, PLACE, residence,         0,                 0, "Place lived in", "现住地区划代码")                              \
  F (T, CODE,  status,            mns_person_status, MNS_REQUIRED, "In the register or not", "在册状态")                 \
  F (T, DATE,  status_day,        0,                 0, "Not present since", "状态日期")                                \
  F (T, DATE,  status_registered, 0,                 0, "Day that was registered", "状态登记日期")
/* clang-format on */
MNS_RECORD_DECLARE (assisted_person, MNS_ASSISTED_PERSON_FIELDS)

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *put, *find, *numbers;
  mns_id_index_t index; /* by number, once it is built */
  bool indexed;
} person_store_t;

void person_store_init (person_store_t *store, mns_db_t *db);
void person_store_fini (person_store_t *store);

/* Inserts, or replaces the row of that id. MNS_OUT_OF_RANGE for an id above 2³² − 1. */
mns_rc_t person_store_put (person_store_t *store, const mns_assisted_person_t *person, mns_error_t *error);
/* MNS_NOT_FOUND when the registry has not told of that person yet. */
mns_rc_t person_store_find (person_store_t *store, uint64_t id, mns_assisted_person_t *person, mns_error_t *error);
/* By citizen number (15 or 18 characters) and name. A number that several persons share is told apart by the name.
 * MNS_NOT_FOUND: nobody has the number; MNS_CONFLICT: the name is another one. */
mns_rc_t person_store_find_number (person_store_t *store, const char *number, const char *name,
                                   mns_assisted_person_t *person, mns_error_t *error);

#endif
