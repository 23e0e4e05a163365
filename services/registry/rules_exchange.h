/* The rules of matters between two counties. Pure.
 *
 *   move          proposed ──accept──► accepted ──release──► released ──complete──► completed
 *                  │    │   (there)       │      (origin)               (there)
 *        refuse ◄──┘    └──cancel─────────┴──► cancelled
 *       (there)                 (origin)
 *   verification  asked ──remind──► reminded ──escalate──► overdue          (who asked)
 *                    └───────────────┴─── answer ───────────┴──► answered   (who was asked)
 *   stay          reported ──begin──► current ◄──renew/lapse──► lapsed, both ──end──► ended   (where the person lives)
 *   death         noticed ──record──► recorded, or ──refuse──► refused
 *
 * The person is moved by the origin alone: until it releases, it counts the person; it releases once, and not somebody
 * who is no longer there. So nobody is in two registers, whatever crosses on the way. A letter holds the whole file: of
 * two files of one matter the one that is further on is right (registry_exchange_newer), in whatever order and however
 * often letters come. */
#ifndef MNS_REGISTRY_RULES_EXCHANGE_H
#define MNS_REGISTRY_RULES_EXCHANGE_H

#include "common/calendar.h"
#include "common/machine.h"
#include "common/records/exchange_records.h"
#include "common/records/registry_records.h"

/* Guarded by who does it: whoever opened the matter, whoever it was opened with, or where the person lives. */
extern const mns_machine_t registry_exchange_machine;
mns_rc_t registry_exchange_next (const mns_matter_info_t *matter, mns_code_t step, mns_code_t *next,
                                 mns_error_t *error);
/* The step that opens a matter of this kind; a stay: by whether the person lives here. */
mns_code_t registry_exchange_opening (mns_code_t kind, bool lives_here);

/* Is the first of two files of one matter further on? */
typedef struct {
  mns_code_t kind, state;
  int64_t revision;
} registry_standing_t;
bool registry_exchange_newer (const registry_standing_t *theirs, const registry_standing_t *ours);

/* Somebody still has to do something. */
bool registry_exchange_is_open (mns_code_t state);
/* The state has been answered for by this day, or after it. */
bool registry_exchange_answers (mns_code_t state);

/* Days to answer in, and how many working days before the end a reminder goes; by partner. */
typedef struct {
  int64_t answer_days, remind_days;
} registry_terms_t;
typedef struct {
  mns_date_t due, remind;
  bool guessed; /* the calendar does not know a year on the way */
} registry_deadline_t;
registry_deadline_t registry_deadline (const mns_calendar_t *calendar, mns_date_t opened,
                                       const registry_terms_t *terms);
/* The step that is due on `today` without anybody asking for it, 0: none; and the day to look again, 0: never. */
mns_code_t registry_exchange_due (const mns_matter_info_t *matter, const registry_deadline_t *deadline,
                                  mns_date_t today, mns_date_t *act_on);

/* What the register says to a verification: `differs` names what is not the same, with the register's value. */
mns_code_t registry_verify (const mns_letter_t *asked, const char *name, mns_code_t sex, mns_date_t birth,
                            mns_code_t status, char *differs, size_t size);

#endif
