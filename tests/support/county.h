/* A county of three villages and rows to put into its register, for tests. Citizen numbers begin with 519999, a county
 * code that was never assigned. */
#ifndef MNS_TESTS_SUPPORT_COUNTY_H
#define MNS_TESTS_SUPPORT_COUNTY_H

#include "common/records/registry_requests.h"
#include "tests/support/turn_harness.h"

#define COUNTY   510322000000
#define TOWN     510322101000
#define TOWN_TWO 510322102000
#define HILL     510322101201 /* villages of TOWN */
#define LAKE     510322101202
#define FIELD    510322102201 /* of TOWN_TWO */
#define AWAY     440305000000 /* a district of another province */

/* The registry over an empty store of that county, with its places loaded. Today is 2026-07-01. */
harness_t *county_new (const mns_service_t *registry);

/* Puts a store of an older version in the place of the registry's, which has the schema files before `first`
 * ("schema/004") and these rows, and starts it again. */
void county_restart_old (harness_t *harness, const char *first, const char *rows);

/* A valid citizen number for that birth date; `serial` 0 … 999, odd for men. */
const char *county_number (mns_date_t birth, int serial, char number[19]);

/* A person of the baseline of 2025-01-01, and an event of life registered on the day it occurred; the
 * rest is absent. */
mns_person_row_t county_person (mns_place_t place, const char *name, mns_code_t sex, mns_date_t birth,
                                const char *number);
mns_life_return_t county_return (mns_code_t event, mns_date_t occurred, mns_place_t place);
mns_life_return_t county_birth (mns_date_t occurred, mns_place_t place, const char *name, mns_code_t sex,
                                uint64_t mother);

/* Sends rows as one bulk request with a new key. */
mns_rc_t county_bulk (harness_t *harness, const char *command, const mns_record_type_t *type, const void *rows,
                      size_t count);
/* Loads one person, which must succeed without remark; gives the register number (the next one that is free). */
void county_load (harness_t *harness, const mns_person_row_t *row);

/* The recount of a place and months by name: "births male.1". 0 when it is left out. */
int64_t county_count (harness_t *harness, mns_place_t place, int64_t from_month, int64_t to_month, mns_code_t basis,
                      const char *measure, const char *dimension);

#endif
