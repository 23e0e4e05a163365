/* Each step: what the model says to it, the register's answer, and what the model takes from it. */
#include "tests/support/life_play.h"

#include "common/log.h"
#include "services/registry/registry.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const mns_place_t villages[] = {HILL, LAKE, FIELD};

/* A step on its way. */
typedef struct {
  life_play_t *play;
  const life_step_t *step;
  life_person_t *who, *other;
  life_state_t state; /* of `who` on the day */
  mns_life_return_t row;
  life_verdict_t verdict;
  mns_record_outcome_t outcome;
} turn_t;

/* ---- the start --------------------------------------------------------------------------------------------------- */

static void load_baseline (life_play_t *play) {
  for (int i = 0; i < LIFE_BASELINE; i++) {
    char number[19];
    mns_code_t sex = i % 2 ? MNS_MALE : MNS_FEMALE;
    mns_person_row_t row =
        county_person (villages[i / 3 % 3], "", sex, 19800101 + i % 28, county_number (19800101 + i % 28, i, number));
    snprintf (row.name, sizeof row.name, "人%d", i);
    snprintf (row.household, sizeof row.household, "%d", i / 3);
    row.relation = mns_code_find (&mns_relation, i % 3 == 0 ? "02" : i % 3 == 1 ? "10" : "20");
    row.marital = i % 4 == 0 ? MNS_NEVER_MARRIED : 0;
    county_load (play->h, &row);
    life_person_t *person = life_person_add (&play->model, i - LIFE_BASELINE, (uint64_t)i + 1, sex);
    life_change_t change = {
        .event = MNS_BASELINE,
        .day = row.effective,
        .registered = row.effective,
        .own = true,
        .sets_place = true,
        .sets_household = true,
        .sets_marital = true,
        .sets_status = true,
        .to = {.status = MNS_PRESENT, .marital = row.marital, .place = row.place, .household = (uint64_t)i / 3 + 1}};
    life_change_add (person, &change);
    life_household_note (&play->model, (uint64_t)i / 3 + 1, row.place);
  }
}

void life_play_begin (life_play_t *play) {
  memset (play, 0, sizeof *play);
  mns_log_set_level (MNS_LOG_WARN);
  play->h = county_new (&mns_registry_service);
  mns_db_exec (harness_db (play->h), "PRAGMA synchronous = OFF", NULL); /* what the disk keeps is asked elsewhere */
  life_model_init (&play->model);
  load_baseline (play);
}

void life_play_end (life_play_t *play) {
  life_model_fini (&play->model);
  harness_destroy (&play->h);
}

/* ---- what the model says ----------------------------------------------------------------------------------------- */

static life_verdict_t when (bool allowed) {
  return allowed ? LIFE_ALLOWED : LIFE_REFUSED;
}

static bool present (const turn_t *turn) {
  return turn->state.status == MNS_PRESENT;
}

/* The state of now, and no event of its own after that day. */
static bool is_last (const turn_t *turn) {
  return turn->step->day >= life_last_day (turn->who, true);
}

static bool follows_all (const turn_t *turn) {
  return turn->step->day >= life_last_day (turn->who, false);
}

/* Calls `each` for the others in the household of that day. */
static size_t members (turn_t *turn, void (*each) (turn_t *turn, life_person_t *member)) {
  size_t count = 0;
  for (size_t i = 0; i < turn->play->model.count; i++) {
    life_person_t *member = &turn->play->model.persons[i];
    if (member == turn->who)
      continue;
    life_state_t state = life_state_at (member, turn->step->day);
    if (state.status != MNS_PRESENT || state.household != turn->state.household)
      continue;
    count++;
    if (each)
      each (turn, member);
  }
  return count;
}

static void refuse_if_late (turn_t *turn, life_person_t *member) {
  if (life_last_day (member, false) > turn->step->day)
    turn->verdict = LIFE_REFUSED;
}

static void open_if_relation_open (turn_t *turn, life_person_t *member) {
  if (turn->verdict == LIFE_ALLOWED && life_relation_open_since (member, turn->step->day))
    turn->verdict = LIFE_OPEN;
}

static life_verdict_t couple_verdict (turn_t *turn) {
  const life_person_t *who = turn->who, *other = turn->other;
  mns_date_t day = turn->step->day;
  bool marriage = turn->step->kind == LIFE_MARRIAGE;
  life_state_t them = other ? life_state_at (other, day) : (life_state_t){.status = MNS_PRESENT};
  bool there = them.status == MNS_PRESENT || them.status == MNS_MOVED_OUT;
  bool free = marriage
                  ? life_married (who, day, other ? other->id : 0) && (!other || life_married (other, day, who->id))
                  : life_is_married (turn->state.marital) && (!other || life_is_married (them.marital));
  bool sexes = !other || who->sex != other->sex;
  bool kin = other && (turn->state.adoptive_mother == other->id || turn->state.adoptive_father == other->id ||
                       them.adoptive_mother == who->id || them.adoptive_father == who->id);
  bool late = life_marital_changed_since (who, day) || (other && life_marital_changed_since (other, day));
  bool died = life_state_after (who, who->count).status == MNS_DEAD ||
              (other && life_state_after (other, other->count).status == MNS_DEAD);
  if (!present (turn) || !there || !free || !sexes || kin || late || died)
    return LIFE_REFUSED;
  return marriage ? LIFE_OPEN : LIFE_ALLOWED; /* a child by birth is not known to the model */
}

static void refuse_if_joins_later (turn_t *turn, life_person_t *member) {
  uint64_t household = life_state_at (turn->other, turn->step->day).household;
  if (life_joins_it_later (member, turn->step->day, household))
    turn->verdict = LIFE_REFUSED;
}

static life_verdict_t household_verdict (turn_t *turn) {
  turn->verdict = when (present (turn));
  switch (turn->step->kind) {
  case LIFE_SPLIT:
    if (members (turn, NULL) == 0)
      return LIFE_REFUSED;
    break;
  case LIFE_JOIN:
  case LIFE_JOIN_TOGETHER: {
    life_state_t them = turn->other ? life_state_at (turn->other, turn->step->day) : (life_state_t){0};
    if (!them.household || life_household_place (&turn->play->model, them.household) != turn->state.place ||
        them.household == turn->state.household)
      return LIFE_REFUSED;
    if (them.status != MNS_PRESENT)
      return present (turn) ? LIFE_OPEN : LIFE_REFUSED; /* others may be in it */
    if (turn->step->kind == LIFE_JOIN_TOGETHER) {
      members (turn, open_if_relation_open);
      members (turn, refuse_if_joins_later);
    }
    refuse_if_joins_later (turn, turn->who);
    break;
  }
  default:
    return present (turn) ? LIFE_OPEN : LIFE_REFUSED;
  }
  open_if_relation_open (turn, turn->who);
  return turn->verdict;
}

static life_verdict_t move_verdict (turn_t *turn) {
  if (!present (turn) || turn->row.place == turn->state.place)
    return LIFE_REFUSED;
  turn->verdict = life_move_verdict (turn->who, turn->step->day, turn->row.place);
  if (turn->step->kind == LIFE_MOVE_TOGETHER)
    members (turn, refuse_if_late);
  return turn->verdict;
}

/* A divorce from somebody who had died before cannot be. */
static life_verdict_t death_verdict (turn_t *turn) {
  const life_person_t *spouse = life_person_by_id (&turn->play->model, turn->state.spouse);
  life_state_t them = spouse ? life_state_at (spouse, turn->step->day) : (life_state_t){0};
  bool widowed = spouse && them.spouse == turn->who->id && life_is_married (them.marital);
  return when (present (turn) && is_last (turn) && !(widowed && life_marital_changed_since (spouse, turn->step->day)));
}

static life_verdict_t reinstate_verdict (turn_t *turn) {
  const life_person_t *spouse = life_person_by_id (&turn->play->model, turn->state.spouse);
  bool dead = turn->state.status == MNS_DEAD;
  if ((!dead && turn->state.status != MNS_REMOVED) || !follows_all (turn))
    return LIFE_REFUSED;
  if (!dead || !spouse)
    return LIFE_ALLOWED;
  life_state_t them = life_state_at (spouse, turn->step->day);
  return when (them.spouse || them.marital != MNS_WIDOWED || !life_marital_changed_since (spouse, turn->step->day));
}

static life_verdict_t verdict_of (turn_t *turn) {
  switch (turn->step->kind) {
  case LIFE_BIRTH:
    return turn->other ? LIFE_OPEN : LIFE_ALLOWED;
  case LIFE_MOVE_IN:
  case LIFE_OMITTED:
    return LIFE_ALLOWED;
  case LIFE_RETURN:
    return when (turn->state.status == MNS_MOVED_OUT && follows_all (turn));
  case LIFE_REINSTATE:
    return reinstate_verdict (turn);
  case LIFE_DEATH:
    return death_verdict (turn);
  case LIFE_MOVE_OUT:
  case LIFE_REMOVE:
    return when (present (turn) && is_last (turn));
  case LIFE_MOVE_WITHIN:
  case LIFE_MOVE_TOGETHER:
    return move_verdict (turn);
  case LIFE_MARRIAGE:
  case LIFE_DIVORCE:
    return couple_verdict (turn);
  default:
    return household_verdict (turn);
  }
}

/* ---- the row ----------------------------------------------------------------------------------------------------- */

static const mns_code_t events[LIFE_KINDS] = {
    [LIFE_BIRTH] = MNS_BIRTH,
    [LIFE_MOVE_IN] = MNS_MOVE_IN,
    [LIFE_OMITTED] = MNS_ADJUSTMENT,
    [LIFE_RETURN] = MNS_MOVE_IN,
    [LIFE_REINSTATE] = MNS_ADJUSTMENT,
    [LIFE_DEATH] = MNS_DEATH,
    [LIFE_MOVE_OUT] = MNS_MOVE_OUT,
    [LIFE_REMOVE] = MNS_ADJUSTMENT,
    [LIFE_MOVE_WITHIN] = MNS_MOVE_WITHIN,
    [LIFE_MOVE_TOGETHER] = MNS_MOVE_WITHIN,
    [LIFE_MARRIAGE] = MNS_MARRIAGE,
    [LIFE_DIVORCE] = MNS_DIVORCE,
    [LIFE_ADOPTION] = MNS_ADOPTION,
    [LIFE_ADOPTION_END] = MNS_ADOPTION_END,
    [LIFE_SPLIT] = MNS_HOUSEHOLD_SPLIT,
    [LIFE_JOIN] = MNS_HOUSEHOLD_JOIN,
    [LIFE_JOIN_TOGETHER] = MNS_HOUSEHOLD_JOIN,
    [LIFE_HEAD] = MNS_HEAD_CHANGE,
};

static bool is_arrival (life_kind_t kind) {
  return kind <= LIFE_OMITTED;
}

static void fill_newcomer (turn_t *turn) {
  mns_life_return_t *row = &turn->row;
  const life_step_t *step = turn->step;
  snprintf (row->name, sizeof row->name, "新%d", step->number);
  row->sex = step->value % 2 ? MNS_MALE : MNS_FEMALE;
  if (step->kind != LIFE_BIRTH) {
    row->birth = mns_date_add_days (19600101, step->number);
    return;
  }
  row->birth_order = 1 + step->value % 5;
  row->mother = turn->other ? MNS_MOTHER_REGISTERED : MNS_MOTHER_ELSEWHERE;
  row->mother_person = turn->other ? turn->other->id : 0;
}

static void fill_row (turn_t *turn) {
  const life_step_t *step = turn->step;
  mns_life_return_t *row = &turn->row;
  bool goes = step->kind == LIFE_MOVE_WITHIN || step->kind == LIFE_MOVE_TOGETHER || step->kind == LIFE_RETURN ||
              step->kind == LIFE_REINSTATE || is_arrival (step->kind);
  *row = county_return (events[step->kind], step->day, goes ? villages[step->village % 3] : turn->state.place);
  row->registered = mns_date_add_days (step->day, step->delay);
  if (row->registered > LIFE_LAST)
    row->registered = LIFE_LAST;
  if (turn->who)
    row->person = turn->who->id;
  else
    fill_newcomer (turn);
  if (row->event == MNS_ADJUSTMENT)
    row->adjustment = step->kind == LIFE_REMOVE ? MNS_DUPLICATE : MNS_OMITTED;
  if (step->kind == LIFE_MOVE_TOGETHER || step->kind == LIFE_JOIN_TOGETHER)
    row->whole_household = MNS_YES;
  if (step->kind == LIFE_MARRIAGE && turn->other)
    row->partner_person = turn->other->id;
  if (step->kind == LIFE_MARRIAGE && !turn->other)
    strcpy (row->partner_name, "外地人");
  if (step->kind == LIFE_ADOPTION && turn->other)
    *(turn->other->sex == MNS_FEMALE ? &row->mother_person : &row->father_person) = turn->other->id;
  if ((step->kind == LIFE_JOIN || step->kind == LIFE_JOIN_TOGETHER) && turn->other)
    snprintf (row->household, sizeof row->household, "h%" PRIu64, life_state_at (turn->other, step->day).household);
}

/* ---- what the model takes from it -------------------------------------------------------------------------------- */

static life_change_t change_of (const turn_t *turn) {
  return (life_change_t){.step = turn->step->number,
                         .event = turn->row.event,
                         .adjustment = turn->row.adjustment,
                         .day = turn->row.occurred,
                         .registered = turn->row.registered,
                         .order = turn->row.birth_order == MNS_NONE ? 0 : turn->row.birth_order,
                         .own = true};
}

static void touch (turn_t *turn, life_person_t *member) {
  life_change_t change = change_of (turn);
  change.own = false;
  change.may_set_relation = true;
  life_change_add (member, &change);
}

static void go_along (turn_t *turn, life_person_t *member) {
  life_change_t change = change_of (turn);
  change.own = turn->step->kind == LIFE_MOVE_TOGETHER;
  change.sets_place = change.own;
  change.sets_household = true;
  change.to.place = turn->row.place;
  change.to.household = turn->outcome.household;
  life_change_add (member, &change);
}

static void take_couple (turn_t *turn, life_change_t *change) {
  life_person_t *other = turn->other;
  bool marriage = change->event == MNS_MARRIAGE;
  change->sets_marital = true;
  if (other) {
    life_change_t theirs = *change;
    theirs.to.spouse = marriage ? turn->who->id : 0;
    theirs.to.marital = marriage ? life_married (other, change->day, turn->who->id) : MNS_DIVORCED;
    change->to.marital = marriage ? life_married (turn->who, change->day, other->id) : MNS_DIVORCED;
    life_change_add (other, &theirs);
  } else {
    change->to.marital = marriage ? life_married (turn->who, change->day, 0) : MNS_DIVORCED;
  }
  change->to.spouse = marriage && other ? other->id : 0;
}

static void take_widow (turn_t *turn) {
  life_person_t *spouse = life_person_by_id (&turn->play->model, turn->state.spouse);
  life_state_t state = spouse ? life_state_at (spouse, turn->step->day) : (life_state_t){0};
  if (!spouse || state.spouse != turn->who->id || !life_is_married (state.marital))
    return;
  life_change_t change = change_of (turn);
  change.own = false;
  change.sets_marital = true;
  change.to.marital = MNS_WIDOWED;
  life_change_add (spouse, &change);
}

static void take_alive (turn_t *turn, life_change_t *change) {
  life_person_t *spouse = life_person_by_id (&turn->play->model, turn->state.spouse);
  life_state_t state = spouse ? life_state_at (spouse, change->day) : (life_state_t){0};
  if (!spouse || turn->state.status != MNS_DEAD)
    return;
  if (state.spouse || state.marital != MNS_WIDOWED) {
    change->sets_marital = true;
    return;
  }
  life_change_t theirs = change_of (turn);
  theirs.own = false;
  theirs.sets_marital = true;
  theirs.to.spouse = turn->who->id;
  for (size_t i = 0; i < spouse->count; i++)
    if (spouse->changes[i].sets_marital && spouse->changes[i].to.spouse == turn->who->id)
      theirs.to.marital = spouse->changes[i].to.marital;
  life_change_add (spouse, &theirs);
}

static void take_adoption (turn_t *turn, life_change_t *change) {
  change->sets_adoption = true;
  if (turn->step->kind == LIFE_ADOPTION) {
    change->to.adoptive_mother = turn->row.mother_person;
    change->to.adoptive_father = turn->row.father_person;
  }
  change->may_set_relation = true;
  change->sets_household = turn->outcome.household != turn->state.household;
  change->to.household = turn->outcome.household;
}

static void take_status (turn_t *turn, life_change_t *change) {
  change->sets_status = true;
  change->to.status = turn->row.event == MNS_DEATH      ? MNS_DEAD
                      : turn->row.event == MNS_MOVE_OUT ? MNS_MOVED_OUT
                      : turn->step->kind == LIFE_REMOVE ? MNS_REMOVED
                                                        : MNS_PRESENT;
}

static void take (turn_t *turn) {
  life_change_t change = change_of (turn);
  life_kind_t kind = turn->step->kind;
  bool settles = is_arrival (kind) || kind == LIFE_RETURN || kind == LIFE_REINSTATE || kind == LIFE_MOVE_WITHIN ||
                 kind == LIFE_MOVE_TOGETHER;
  if (kind == LIFE_MOVE_TOGETHER || kind == LIFE_JOIN_TOGETHER)
    members (turn, go_along);
  if (kind == LIFE_HEAD)
    members (turn, touch);
  if (kind == LIFE_DEATH)
    take_widow (turn);
  if (kind == LIFE_REINSTATE)
    take_alive (turn, &change);
  if (kind <= LIFE_REMOVE)
    take_status (turn, &change);
  if (kind == LIFE_MARRIAGE || kind == LIFE_DIVORCE)
    take_couple (turn, &change);
  if (kind == LIFE_ADOPTION || kind == LIFE_ADOPTION_END)
    take_adoption (turn, &change);
  change.sets_place = settles && !(kind == LIFE_REINSTATE && turn->row.place == turn->state.place);
  change.to.place = turn->row.place;
  change.may_set_relation |= kind == LIFE_HEAD;
  if (settles || kind == LIFE_SPLIT || kind == LIFE_JOIN || kind == LIFE_JOIN_TOGETHER) {
    bool stays = kind == LIFE_REINSTATE && turn->outcome.household == turn->state.household;
    change.sets_household = !stays;
    change.may_set_relation |= stays;
    change.to.household = turn->outcome.household;
    life_household_note (&turn->play->model, turn->outcome.household, turn->outcome.place);
  }
  life_person_t *person =
      turn->who ? turn->who
                : life_person_add (&turn->play->model, turn->step->number, turn->outcome.person, turn->row.sex);
  life_change_add (person, &change);
}

/* ---- corrections ------------------------------------------------------------------------------------------------- */

static bool correct (life_play_t *play, uint64_t person, uint64_t event, const char *field, const char *value) {
  mns_correct_request_t request;
  mns_record_clear (&mns_correct_request_type, &request);
  request.person = person;
  request.event = event;
  strcpy (request.field, field);
  strcpy (request.value, value);
  strcpy (request.reason, "test");
  return harness_call (play->h, "registry.correct", &request, NULL) == MNS_OK;
}

static bool correct_sex (life_play_t *play, life_person_t *person) {
  mns_code_t sex = person->sex == MNS_MALE ? MNS_FEMALE : MNS_MALE;
  if (!correct (play, person->id, 0, "sex", mns_code_word (&mns_sex, sex)))
    snprintf (play->why, sizeof play->why, "the sex of person %d is not corrected", person->number);
  person->sex = sex;
  return !*play->why;
}

/* The register's number of a change; 0: not exactly one event looks like it. */
static uint64_t event_of (life_play_t *play, const life_person_t *person, const life_change_t *change) {
  mns_event_query_t query;
  mns_event_info_t info;
  uint64_t found = 0;
  mns_record_clear (&mns_event_query_type, &query);
  query.person = person->id;
  if (harness_call (play->h, "registry.events", &query, NULL) != MNS_OK)
    return 0;
  for (size_t i = 0; harness_reply (play->h, i, &mns_event_info_type, &info); i++) {
    if (info.event_kind != change->event || info.occurred != change->day || info.registered != change->registered)
      continue;
    if (found)
      return 0;
    found = info.event;
  }
  return found;
}

/* The day of an event of the person is corrected, one that is not its birth, to a day on which nothing else happens. */
static bool redate (life_play_t *play, life_person_t *person, const life_step_t *step) {
  char day[MNS_DATE_TEXT];
  const life_change_t change = person->changes[(size_t)step->value % person->count];
  if (!change.own || change.event == MNS_BASELINE || change.event == MNS_BIRTH ||
      life_day_taken (&play->model, change.step, step->day))
    return true;
  uint64_t event = event_of (play, person, &change);
  mns_date_format (step->day, day);
  if (event && correct (play, 0, event, "occurred", day))
    life_redate (&play->model, person, change.step, step->day);
  return true;
}

/* ---- a step ------------------------------------------------------------------------------------------------------ */

static bool disagree (turn_t *turn, mns_rc_t rc) {
  const mns_error_t *error = harness_error (turn->play->h);
  snprintf (turn->play->why, sizeof turn->play->why, "step %d is %s, although it is %s%s%.300s", turn->step->number,
            rc == MNS_OK ? "accepted" : "refused", turn->verdict == LIFE_ALLOWED ? "possible" : "impossible",
            rc == MNS_OK ? "" : ": ", rc == MNS_OK ? "" : error->detail);
  return false;
}

static bool play_event (turn_t *turn) {
  if (turn->step->kind == LIFE_DIVORCE)
    turn->other = life_person_by_id (&turn->play->model, turn->state.spouse);
  fill_row (turn);
  turn->verdict = verdict_of (turn);
  mns_rc_t rc = harness_call (turn->play->h, "registry.record", &turn->row, &turn->outcome);
  if (rc == MNS_OK && turn->outcome.result == MNS_ROW_EXISTS)
    return true; /* by chance the same event again */
  if (turn->verdict != LIFE_OPEN && (rc == MNS_OK) != (turn->verdict == LIFE_ALLOWED))
    return disagree (turn, rc);
  if (rc != MNS_OK)
    return true;
  turn->play->accepted++;
  take (turn);
  return true;
}

bool life_play_step (life_play_t *play, const life_step_t *step) {
  turn_t turn = {.play = play,
                 .step = step,
                 .who = is_arrival (step->kind) ? NULL : life_person_find (&play->model, step->who),
                 .other = step->other ? life_person_find (&play->model, step->other) : NULL};
  if (!is_arrival (step->kind) && !turn.who)
    return true;
  if (step->kind == LIFE_SEX)
    return correct_sex (play, turn.who);
  if (step->kind == LIFE_REDATE)
    return redate (play, turn.who, step);
  if (turn.who)
    turn.state = life_state_at (turn.who, step->day);
  return (turn.who && !turn.state.status) || play_event (&turn);
}
