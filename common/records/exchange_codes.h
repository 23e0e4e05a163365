/* The code tables of matters between counties. The enums are index + 1, in the order of exchange_codes.c;
 * tests/unit/test_codes.c holds them together. */
#ifndef MNS_RECORDS_EXCHANGE_CODES_H
#define MNS_RECORDS_EXCHANGE_CODES_H

#include "common/records/codes.h"

extern const mns_code_table_t mns_matter_kind, mns_matter_state, mns_matter_step, mns_matter_side, mns_verification,
    mns_stay_purpose;

enum { MNS_MATTER_MOVE = 1, MNS_MATTER_VERIFICATION, MNS_MATTER_STAY, MNS_MATTER_DEATH };
enum {
  MNS_MATTER_PROPOSED = 1,
  MNS_MATTER_ACCEPTED,
  MNS_MATTER_RELEASED,
  MNS_MATTER_COMPLETED,
  MNS_MATTER_REFUSED,
  MNS_MATTER_CANCELLED,
  MNS_MATTER_ASKED,
  MNS_MATTER_REMINDED,
  MNS_MATTER_OVERDUE,
  MNS_MATTER_ANSWERED,
  MNS_MATTER_REPORTED,
  MNS_MATTER_CURRENT,
  MNS_MATTER_LAPSED,
  MNS_MATTER_ENDED,
  MNS_MATTER_NOTICED,
  MNS_MATTER_RECORDED
};
enum {
  MNS_STEP_PROPOSE = 1,
  MNS_STEP_ACCEPT,
  MNS_STEP_REFUSE,
  MNS_STEP_CANCEL,
  MNS_STEP_RELEASE,
  MNS_STEP_COMPLETE,
  MNS_STEP_ASK,
  MNS_STEP_REMIND,
  MNS_STEP_ESCALATE,
  MNS_STEP_ANSWER,
  MNS_STEP_REPORT,
  MNS_STEP_BEGIN,
  MNS_STEP_RENEW,
  MNS_STEP_LAPSE,
  MNS_STEP_END,
  MNS_STEP_NOTIFY,
  MNS_STEP_RECORD
};
enum { MNS_SIDE_SENT = 1, MNS_SIDE_RECEIVED };
enum { MNS_CONFIRMED = 1, MNS_DIFFERS, MNS_UNKNOWN };

#endif
