/* Two counties with a register each, and the letters between them: what a courier does, without a line. Letters are
 * kept as the log of their sender has them, and are taken from any of them on again. */
#ifndef MNS_TESTS_SUPPORT_TWO_COUNTIES_H
#define MNS_TESTS_SUPPORT_TWO_COUNTIES_H

#include "common/records/exchange_records.h"
#include "tests/support/county.h"
#include "tests/support/folder.h"

#define WEST     510322000000
#define WEST_ONE 510322101201
#define WEST_TWO 510322102201
#define EAST     440305000000
#define EAST_ONE 440305001001
#define EAST_TWO 440305002001

typedef struct {
  mns_delivery_t *rows;
  size_t count, capacity;
} letters_t;

typedef struct {
  harness_t *registers[2]; /* WEST, EAST */
  letters_t sent[2];
  size_t taken[2]; /* of the other's letters */
  char backups[2][MNS_PATH_MAX];
  size_t taken_then[2];
  char folder[MNS_PATH_MAX];
} counties_t;

/* `answers`: each answers the other's verifications by itself. */
void counties_open (counties_t *counties, bool answers);
void counties_close (counties_t *counties);

/* A person of the baseline of that county; `serial` gives the number. The register number. */
uint64_t counties_person (counties_t *counties, int at, mns_place_t village, const char *name, int serial);

/* Commands; what they publish for the other goes into sent[at]. */
mns_rc_t counties_open_matter (counties_t *counties, int at, const mns_matter_request_t *in, mns_matter_info_t *out);
mns_rc_t counties_act (counties_t *counties, int at, const mns_matter_action_t *in, mns_matter_info_t *out);
mns_rc_t counties_record (counties_t *counties, int at, const mns_life_return_t *in);
/* The timer of the deadlines. */
void counties_pass (counties_t *counties, int at, mns_date_t today);

/* The courier of `at` brings up to `most` letters of the other, from where it stands. */
void counties_bring (counties_t *counties, int at, size_t most);
/* The couriers bring everything, until nobody writes any more. */
void counties_settle (counties_t *counties);

void counties_backup (counties_t *counties, int at);
void counties_restore (counties_t *counties, int at);

mns_matter_request_t counties_request (mns_code_t kind, int at);
mns_matter_action_t counties_action (uint64_t id, mns_code_t step);
/* The matter of `other` as the county `at` has it; id 0: it does not. */
mns_matter_info_t counties_matter (counties_t *counties, int at, const mns_matter_info_t *other);

/* How often the person of that number is registered: present, and registered in the county whose register says so. */
int counties_registered (counties_t *counties, int at, int serial);
int counties_present (counties_t *counties, int at, int serial);

#endif
