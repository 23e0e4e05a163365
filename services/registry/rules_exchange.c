/* The rules of matters between two counties. */
#include "services/registry/rules_exchange.h"

#include "common/text.h"
#include "services/registry/rules_duplicate.h"
#include <stdio.h>
#include <string.h>

/* ---- states ------------------------------------------------------------------------------------------------------ */

enum { OPENER = 1, OTHER, HOME };

static const mns_code_row_t guard_rows[] = {
    {"opener", "", "this county opened the matter", "本县发起"},
    {"other", "", "the other county opened the matter", "对方发起"},
    {"home", "", "the person lives in this county", "现住本县"},
};
static const mns_code_table_t guards = {.name = "matter_guard", .rows = guard_rows, .count = 3};

static const mns_transition_t transitions[] = {
    {0, MNS_STEP_PROPOSE, MNS_MATTER_PROPOSED, 0},
    {MNS_MATTER_PROPOSED, MNS_STEP_ACCEPT, MNS_MATTER_ACCEPTED, OTHER},
    {MNS_MATTER_PROPOSED, MNS_STEP_REFUSE, MNS_MATTER_REFUSED, OTHER},
    {MNS_MATTER_PROPOSED, MNS_STEP_CANCEL, MNS_MATTER_CANCELLED, OPENER},
    {MNS_MATTER_ACCEPTED, MNS_STEP_CANCEL, MNS_MATTER_CANCELLED, OPENER},
    {MNS_MATTER_ACCEPTED, MNS_STEP_RELEASE, MNS_MATTER_RELEASED, OPENER},
    {MNS_MATTER_RELEASED, MNS_STEP_COMPLETE, MNS_MATTER_COMPLETED, OTHER},
    {MNS_MATTER_RELEASED, MNS_STEP_ACCEPT, MNS_MATTER_RELEASED, OTHER},
    {0, MNS_STEP_ASK, MNS_MATTER_ASKED, 0},
    {MNS_MATTER_ASKED, MNS_STEP_REMIND, MNS_MATTER_REMINDED, OPENER},
    {MNS_MATTER_ASKED, MNS_STEP_ESCALATE, MNS_MATTER_OVERDUE, OPENER},
    {MNS_MATTER_REMINDED, MNS_STEP_ESCALATE, MNS_MATTER_OVERDUE, OPENER},
    {MNS_MATTER_ASKED, MNS_STEP_ANSWER, MNS_MATTER_ANSWERED, OTHER},
    {MNS_MATTER_REMINDED, MNS_STEP_ANSWER, MNS_MATTER_ANSWERED, OTHER},
    {MNS_MATTER_OVERDUE, MNS_STEP_ANSWER, MNS_MATTER_ANSWERED, OTHER},
    {MNS_MATTER_ASKED, MNS_STEP_CANCEL, MNS_MATTER_CANCELLED, OPENER},
    {MNS_MATTER_REMINDED, MNS_STEP_CANCEL, MNS_MATTER_CANCELLED, OPENER},
    {MNS_MATTER_OVERDUE, MNS_STEP_CANCEL, MNS_MATTER_CANCELLED, OPENER},
    {0, MNS_STEP_REPORT, MNS_MATTER_REPORTED, 0},
    {0, MNS_STEP_BEGIN, MNS_MATTER_CURRENT, 0},
    {MNS_MATTER_REPORTED, MNS_STEP_BEGIN, MNS_MATTER_CURRENT, HOME},
    {MNS_MATTER_REPORTED, MNS_STEP_REFUSE, MNS_MATTER_REFUSED, HOME},
    {MNS_MATTER_REPORTED, MNS_STEP_CANCEL, MNS_MATTER_CANCELLED, OPENER},
    {MNS_MATTER_CURRENT, MNS_STEP_RENEW, MNS_MATTER_CURRENT, HOME},
    {MNS_MATTER_LAPSED, MNS_STEP_RENEW, MNS_MATTER_CURRENT, HOME},
    {MNS_MATTER_CURRENT, MNS_STEP_LAPSE, MNS_MATTER_LAPSED, HOME},
    {MNS_MATTER_CURRENT, MNS_STEP_END, MNS_MATTER_ENDED, HOME},
    {MNS_MATTER_LAPSED, MNS_STEP_END, MNS_MATTER_ENDED, HOME},
    {0, MNS_STEP_NOTIFY, MNS_MATTER_NOTICED, 0},
    {MNS_MATTER_NOTICED, MNS_STEP_RECORD, MNS_MATTER_RECORDED, OTHER},
    {MNS_MATTER_NOTICED, MNS_STEP_REFUSE, MNS_MATTER_REFUSED, OTHER},
    {MNS_MATTER_NOTICED, MNS_STEP_CANCEL, MNS_MATTER_CANCELLED, OPENER},
};

const mns_machine_t registry_exchange_machine = {
    .name = "matter",
    .states = &mns_matter_state,
    .events = &mns_matter_step,
    .guards = &guards,
    .rows = transitions,
    .count = sizeof transitions / sizeof transitions[0],
};

static bool lives_with_opener (const mns_matter_info_t *matter) {
  return matter->destination / 1000000 == matter->sender / 1000000;
}

static bool guard_holds (mns_code_t guard, const void *facts) {
  const mns_matter_info_t *matter = facts;
  bool opener = matter->side == MNS_SIDE_SENT;
  if (guard == HOME)
    return opener == lives_with_opener (matter);
  return opener == (guard == OPENER);
}

mns_rc_t registry_exchange_next (const mns_matter_info_t *matter, mns_code_t step, mns_code_t *next,
                                 mns_error_t *error) {
  return mns_machine_next (&registry_exchange_machine, matter->state, step, guard_holds, matter, next, error);
}

mns_code_t registry_exchange_opening (mns_code_t kind, bool lives_here) {
  static const mns_code_t steps[] = {[MNS_MATTER_MOVE] = MNS_STEP_PROPOSE,
                                     [MNS_MATTER_VERIFICATION] = MNS_STEP_ASK,
                                     [MNS_MATTER_DEATH] = MNS_STEP_NOTIFY};
  return kind == MNS_MATTER_STAY ? lives_here ? MNS_STEP_BEGIN : MNS_STEP_REPORT : steps[kind];
}

/* ---- which file is right ----------------------------------------------------------------------------------------- */

/* How far on a matter is. Where two ends may have decided at once, the higher one holds: an answer that crossed a
 * cancellation was given, and a person who was released or has come is so, whatever an older file says. */
static const struct {
  int rank;
  bool open, answers;
} standings[] = {
    [MNS_MATTER_PROPOSED] = {1, true, false}, [MNS_MATTER_ACCEPTED] = {2, true, true},
    [MNS_MATTER_REFUSED] = {5, false, true},  [MNS_MATTER_CANCELLED] = {4, false, false},
    [MNS_MATTER_RELEASED] = {6, true, true},  [MNS_MATTER_COMPLETED] = {7, false, true},
    [MNS_MATTER_ASKED] = {1, true, false},    [MNS_MATTER_REMINDED] = {2, true, false},
    [MNS_MATTER_OVERDUE] = {3, true, false},  [MNS_MATTER_ANSWERED] = {5, false, true},
    [MNS_MATTER_REPORTED] = {1, true, false}, [MNS_MATTER_CURRENT] = {5, false, false},
    [MNS_MATTER_LAPSED] = {5, true, false},   [MNS_MATTER_ENDED] = {5, false, false},
    [MNS_MATTER_NOTICED] = {1, true, false},  [MNS_MATTER_RECORDED] = {5, false, true},
};

/* The file of a floating resident goes to and fro: there, what was changed more often is further on. */
bool registry_exchange_newer (const registry_standing_t *theirs, const registry_standing_t *ours) {
  if (theirs->kind == MNS_MATTER_STAY && theirs->revision != ours->revision)
    return theirs->revision > ours->revision;
  return standings[theirs->state].rank > standings[ours->state].rank;
}

bool registry_exchange_is_open (mns_code_t state) {
  return standings[state].open;
}

bool registry_exchange_answers (mns_code_t state) {
  return standings[state].answers;
}

/* ---- deadlines --------------------------------------------------------------------------------------------------- */

registry_deadline_t registry_deadline (const mns_calendar_t *calendar, mns_date_t opened,
                                       const registry_terms_t *terms) {
  registry_deadline_t deadline;
  int64_t before = terms->answer_days - terms->remind_days;
  bool guessed;
  deadline.due = mns_calendar_add (calendar, opened, terms->answer_days, &deadline.guessed);
  deadline.remind = before > 0 ? mns_calendar_add (calendar, opened, before, &guessed) : 0;
  return deadline;
}

static mns_code_t due_of_question (const mns_matter_info_t *matter, const registry_deadline_t *deadline,
                                   mns_date_t today, mns_date_t *act_on) {
  if (matter->side != MNS_SIDE_SENT)
    return 0;
  if (today > matter->due)
    return MNS_STEP_ESCALATE;
  bool remind = matter->state == MNS_MATTER_ASKED && deadline->remind;
  if (remind && today >= deadline->remind)
    return MNS_STEP_REMIND;
  *act_on = remind ? deadline->remind : mns_date_add_days (matter->due, 1);
  return 0;
}

static mns_code_t due_of_stay (const mns_matter_info_t *matter, mns_date_t today, mns_date_t *act_on) {
  if (!matter->expected_end || !guard_holds (HOME, matter))
    return 0;
  if (today > matter->expected_end)
    return MNS_STEP_LAPSE;
  *act_on = mns_date_add_days (matter->expected_end, 1);
  return 0;
}

mns_code_t registry_exchange_due (const mns_matter_info_t *matter, const registry_deadline_t *deadline,
                                  mns_date_t today, mns_date_t *act_on) {
  *act_on = 0;
  switch (matter->state) {
  case MNS_MATTER_ASKED:
  case MNS_MATTER_REMINDED:
    return due_of_question (matter, deadline, today, act_on);
  case MNS_MATTER_CURRENT:
    return due_of_stay (matter, today, act_on);
  default:
    return 0;
  }
}

/* ---- verification ------------------------------------------------------------------------------------------------ */

static void differ (char *differs, size_t size, const char *field, const char *value) {
  size_t used = strlen (differs);
  snprintf (differs + used, size - used, "%s%s: %s", used ? "; " : "", field, value);
}

mns_code_t registry_verify (const mns_letter_t *asked, const char *name, mns_code_t sex, mns_date_t birth,
                            mns_code_t status, char *differs, size_t size) {
  char date[MNS_DATE_TEXT];
  differs[0] = 0;
  if (!registry_name_equal (asked->name, name))
    differ (differs, size, "name", name);
  if (asked->sex && asked->sex != sex)
    differ (differs, size, "sex", mns_code_word (&mns_sex, sex));
  if (asked->birth && asked->birth != birth) {
    mns_date_format (birth, date);
    differ (differs, size, "birth", date);
  }
  if (status != MNS_PRESENT)
    differ (differs, size, "status", mns_code_word (&mns_person_status, status));
  return *differs ? MNS_DIFFERS : MNS_CONFIRMED;
}
