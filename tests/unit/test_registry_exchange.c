/* Matters between two counties: each kind from end to end, and whatever may cross, repeat or be put back on the way
 * (docs/faults.md row 49). */
#include "common/db.h"
#include "common/log.h"
#include "tests/support/test.h"
#include "tests/support/two_counties.h"

enum { W, E };

static counties_t both;

static int open_both (void **state) {
  (void)state;
  counties_open (&both, false);
  return 0;
}

static int open_answering (void **state) {
  (void)state;
  counties_open (&both, true);
  return 0;
}

static int close_both (void **state) {
  (void)state;
  counties_close (&both);
  return 0;
}

/* Everybody has a name of their own, so that nobody is taken for another. */
static const char *name_of (int serial, char *name) {
  snprintf (name, 16, "王\xe4\xb8%c", 0x80 + serial % 64);
  return name;
}

/* ---- moves ------------------------------------------------------------------------------------------------------- */

static mns_matter_info_t propose (int at, uint64_t person) {
  mns_matter_info_t matter;
  mns_matter_request_t request = counties_request (MNS_MATTER_MOVE, at);
  request.person = person;
  request.move_reason = 1;
  assert_int_equal (counties_open_matter (&both, at, &request, &matter), MNS_OK);
  assert_int_equal (matter.state, MNS_MATTER_PROPOSED);
  return matter;
}

static mns_rc_t accept (int at, const mns_matter_info_t *sent, mns_matter_info_t *out) {
  mns_matter_info_t here = counties_matter (&both, at, sent);
  mns_matter_action_t action = counties_action (here.id, MNS_STEP_ACCEPT);
  action.place = at == W ? WEST_ONE : EAST_ONE;
  return counties_act (&both, at, &action, out);
}

static mns_rc_t act (int at, const mns_matter_info_t *matter, mns_code_t step) {
  mns_matter_info_t here = counties_matter (&both, at, matter);
  mns_matter_action_t action = counties_action (here.id, step);
  strcpy (action.note, "made up");
  return counties_act (&both, at, &action, NULL);
}

static void assert_states (const mns_matter_info_t *matter, mns_code_t west, mns_code_t east) {
  assert_string_equal (mns_code_word (&mns_matter_state, counties_matter (&both, W, matter).state),
                       mns_code_word (&mns_matter_state, west));
  assert_string_equal (mns_code_word (&mns_matter_state, counties_matter (&both, E, matter).state),
                       mns_code_word (&mns_matter_state, east));
}

static void assert_registered (int serial, int west, int east) {
  assert_int_equal (counties_registered (&both, W, serial), west);
  assert_int_equal (counties_registered (&both, E, serial), east);
}

static void test_move (void **state) {
  (void)state;
  mns_matter_info_t matter = propose (W, counties_person (&both, W, WEST_ONE, "王小一", 101)), east;
  counties_settle (&both);
  assert_states (&matter, MNS_MATTER_PROPOSED, MNS_MATTER_PROPOSED);
  assert_registered (101, 1, 0);
  assert_int_equal (accept (E, &matter, &east), MNS_OK);
  assert_states (&matter, MNS_MATTER_PROPOSED, MNS_MATTER_ACCEPTED);
  assert_registered (101, 1, 0); /* in transit it counts at the origin */
  counties_bring (&both, W, 1);
  assert_states (&matter, MNS_MATTER_RELEASED, MNS_MATTER_ACCEPTED);
  assert_registered (101, 0, 0);
  counties_settle (&both);
  assert_states (&matter, MNS_MATTER_COMPLETED, MNS_MATTER_COMPLETED);
  assert_registered (101, 0, 1);
  assert_int_equal (counties_matter (&both, W, &matter).day, 20260701);
  assert_int_equal (counties_matter (&both, E, &matter).day, 20260701);
  assert_int_equal (counties_matter (&both, E, &matter).open, MNS_NO);
  assert_int_equal (county_count (both.registers[W], WEST, 202607, 202607, MNS_BY_OCCURRENCE, "moves_out", "male"), 1);
  assert_int_equal (county_count (both.registers[E], EAST, 202607, 202607, MNS_BY_OCCURRENCE, "moves_in", "male"), 1);
}

/* Who moved away and comes back keeps the register number. */
static void test_there_and_back (void **state) {
  (void)state;
  uint64_t person = counties_person (&both, W, WEST_ONE, "王小一", 101);
  mns_matter_info_t there = propose (W, person);
  counties_settle (&both);
  accept (E, &there, NULL);
  counties_settle (&both);
  mns_matter_info_t back = propose (E, counties_matter (&both, E, &there).person);
  counties_settle (&both);
  assert_int_equal (accept (W, &back, NULL), MNS_OK);
  counties_settle (&both);
  assert_states (&back, MNS_MATTER_COMPLETED, MNS_MATTER_COMPLETED);
  assert_registered (101, 1, 0);
  assert_int_equal (counties_matter (&both, W, &back).person, person);
}

static void test_refused_and_cancelled (void **state) {
  (void)state;
  mns_matter_info_t refused = propose (W, counties_person (&both, W, WEST_ONE, "王小一", 101));
  mns_matter_info_t cancelled = propose (W, counties_person (&both, W, WEST_ONE, "王小二", 102));
  counties_settle (&both);
  assert_int_equal (act (W, &refused, MNS_STEP_REFUSE), MNS_WRONG_STATE); /* not ours to refuse */
  assert_int_equal (act (E, &refused, MNS_STEP_REFUSE), MNS_OK);
  assert_int_equal (act (W, &cancelled, MNS_STEP_CANCEL), MNS_OK);
  assert_int_equal (accept (E, &cancelled, NULL), MNS_OK); /* the cancellation is still on its way */
  counties_settle (&both);
  assert_states (&refused, MNS_MATTER_REFUSED, MNS_MATTER_REFUSED);
  assert_states (&cancelled, MNS_MATTER_CANCELLED, MNS_MATTER_CANCELLED);
  assert_registered (101, 1, 0);
  assert_registered (102, 1, 0);
}

/* Whoever dies in between is not given away. */
static void test_death_in_transit (void **state) {
  (void)state;
  uint64_t person = counties_person (&both, W, WEST_ONE, "王小一", 101);
  mns_matter_info_t matter = propose (W, person);
  mns_life_return_t death = county_return (MNS_DEATH, 20260630, WEST_ONE);
  counties_settle (&both);
  assert_int_equal (accept (E, &matter, NULL), MNS_OK);
  death.person = person;
  assert_int_equal (counties_record (&both, W, &death), MNS_OK);
  counties_settle (&both);
  assert_states (&matter, MNS_MATTER_CANCELLED, MNS_MATTER_CANCELLED);
  assert_registered (101, 0, 0);
}

static void test_repeated_letters (void **state) {
  (void)state;
  mns_matter_info_t matter = propose (W, counties_person (&both, W, WEST_ONE, "王小一", 101));
  counties_settle (&both);
  accept (E, &matter, NULL);
  counties_settle (&both);
  size_t west = both.sent[W].count, east = both.sent[E].count;
  both.taken[W] = both.taken[E] = 0;
  counties_settle (&both);
  assert_int_equal (both.sent[W].count, west);
  assert_int_equal (both.sent[E].count, east);
  assert_registered (101, 0, 1);
}

/* The register of one side is put back to each point before the end; the letters of the other bring it up again. */
static void test_restored (void **state) {
  (void)state;
  for (int side = W; side <= E; side++)
    for (int point = 0; point < 4; point++) {
      int serial = 200 + 10 * side + 2 * point;
      char name[16];
      uint64_t person = counties_person (&both, W, WEST_ONE, name_of (serial, name), serial);
      if (point == 0)
        counties_backup (&both, side);
      mns_matter_info_t matter = propose (W, person);
      if (point == 1)
        counties_backup (&both, side);
      counties_settle (&both);
      if (point == 2)
        counties_backup (&both, side);
      assert_int_equal (accept (E, &matter, NULL), MNS_OK);
      if (point == 3)
        counties_backup (&both, side);
      counties_settle (&both);
      counties_restore (&both, side);
      counties_settle (&both);
      assert_registered (serial, 0, 1);
      assert_states (&matter, MNS_MATTER_COMPLETED, MNS_MATTER_COMPLETED);
    }
}

/* What the register cannot take in is shown to a clerk, who mends it. */
static void test_arrival_in_trouble (void **state) {
  (void)state;
  mns_matter_info_t matter = propose (W, counties_person (&both, W, WEST_ONE, "王小一", 101)), east;
  counties_settle (&both);
  mns_matter_action_t action = counties_action (counties_matter (&both, E, &matter).id, MNS_STEP_ACCEPT);
  action.place = EAST_ONE;
  strcpy (action.household, "h77777");
  assert_int_equal (counties_act (&both, E, &action, &east), MNS_OK);
  counties_settle (&both);
  east = counties_matter (&both, E, &matter);
  assert_int_equal (east.state, MNS_MATTER_RELEASED);
  assert_int_equal (east.open, MNS_YES);
  assert_true (strstr (east.trouble, "h77777") != NULL);
  action.household[0] = 0;
  assert_int_equal (counties_act (&both, E, &action, &east), MNS_OK);
  counties_settle (&both);
  assert_states (&matter, MNS_MATTER_COMPLETED, MNS_MATTER_COMPLETED);
  assert_string_equal (counties_matter (&both, E, &matter).trouble, "");
  assert_registered (101, 0, 1);
}

/* ---- verifications ----------------------------------------------------------------------------------------------- */

static mns_matter_info_t ask (int at, const char *name, int serial) {
  mns_matter_info_t matter;
  mns_matter_request_t request = counties_request (MNS_MATTER_VERIFICATION, at);
  strcpy (request.name, name);
  if (serial)
    county_number (19800101, serial, request.citizen_number);
  request.birth = 19800101;
  assert_int_equal (counties_open_matter (&both, at, &request, &matter), MNS_OK);
  assert_int_equal (matter.due, 20260715);
  return matter;
}

static void assert_answer (const mns_matter_info_t *asked, const char *result, const char *differs) {
  mns_matter_info_t matter = counties_matter (&both, W, asked);
  assert_int_equal (matter.state, MNS_MATTER_ANSWERED);
  assert_string_equal (mns_code_word (&mns_verification, matter.result), result);
  assert_string_equal (matter.differs, differs);
}

static void test_verified_by_the_register (void **state) {
  (void)state;
  counties_person (&both, E, EAST_ONE, "李小一", 301);
  mns_matter_info_t right = ask (W, "李小一", 301), other = ask (W, "李小二", 301), nobody = ask (W, "李小三", 303);
  mns_matter_info_t vague = ask (W, "李小三", 0);
  counties_settle (&both);
  assert_answer (&right, "confirmed", "");
  assert_answer (&other, "differs", "name: 李小一");
  assert_answer (&nobody, "unknown", "");
  assert_states (&vague, MNS_MATTER_ASKED, MNS_MATTER_ASKED); /* for a clerk */
}

static void test_verified_by_a_clerk (void **state) {
  (void)state;
  counties_person (&both, E, EAST_ONE, "李小一", 301);
  mns_matter_info_t asked = ask (W, "李小一", 301), said = ask (W, "李小四", 305);
  counties_settle (&both);
  assert_int_equal (act (E, &asked, MNS_STEP_ANSWER), MNS_OK);
  mns_matter_action_t action = counties_action (counties_matter (&both, E, &said).id, MNS_STEP_ANSWER);
  action.result = MNS_DIFFERS;
  assert_int_equal (counties_act (&both, E, &action, NULL), MNS_MISSING);
  strcpy (action.differs, "moved away in 2020");
  assert_int_equal (counties_act (&both, E, &action, NULL), MNS_OK);
  assert_int_equal (counties_act (&both, E, &action, NULL), MNS_WRONG_STATE); /* once */
  counties_settle (&both);
  assert_answer (&asked, "confirmed", "");
  assert_answer (&said, "differs", "moved away in 2020");
}

static mns_partner_info_t partner_of (int at) {
  mns_partner_info_t partner;
  assert_int_equal (harness_call (both.registers[at], "registry.exchange-partners", NULL, &partner), MNS_OK);
  return partner;
}

/* 2026-07-01 is a Wednesday: the answer is due on the 15th, the reminder goes on the 10th. */
static void test_reminded_and_escalated (void **state) {
  (void)state;
  counties_person (&both, E, EAST_ONE, "李小一", 301);
  mns_matter_info_t late = ask (W, "李小一", 301), early = ask (W, "李小一", 301);
  counties_settle (&both);
  assert_int_equal (act (E, &early, MNS_STEP_ANSWER), MNS_OK);
  counties_settle (&both);
  counties_pass (&both, W, 20260709);
  assert_states (&late, MNS_MATTER_ASKED, MNS_MATTER_ASKED);
  counties_pass (&both, W, 20260710);
  counties_settle (&both);
  assert_states (&late, MNS_MATTER_REMINDED, MNS_MATTER_REMINDED);
  counties_pass (&both, W, 20260715);
  assert_states (&late, MNS_MATTER_REMINDED, MNS_MATTER_REMINDED);
  counties_pass (&both, W, 20260716);
  counties_settle (&both);
  assert_states (&late, MNS_MATTER_OVERDUE, MNS_MATTER_OVERDUE);
  assert_int_equal (partner_of (W).overdue, 1);
  assert_int_equal (partner_of (W).asked, 2);
  assert_int_equal (partner_of (W).in_time, 1);
  assert_int_equal (act (E, &late, MNS_STEP_ANSWER), MNS_OK);
  counties_settle (&both);
  assert_states (&late, MNS_MATTER_ANSWERED, MNS_MATTER_ANSWERED);
  assert_int_equal (partner_of (W).overdue, 0);
  assert_int_equal (partner_of (W).asked, 2);
  assert_int_equal (partner_of (W).in_time, 1);
  assert_int_equal (partner_of (E).received, 2);
  assert_int_equal (partner_of (E).received_in_time, 1);
}

/* ---- floating residents ------------------------------------------------------------------------------------------ */

static mns_matter_info_t take_in (void) {
  mns_matter_info_t matter;
  mns_matter_request_t request = counties_request (MNS_MATTER_STAY, E);
  strcpy (request.name, "王小一");
  county_number (19800101, 101, request.citizen_number);
  request.sex = MNS_MALE;
  request.birth = 19800101;
  request.place = EAST_TWO;
  request.other_place = WEST_ONE;
  request.purpose = 1;
  request.expected_end = 20260720;
  assert_int_equal (counties_open_matter (&both, E, &request, &matter), MNS_OK);
  assert_int_equal (matter.state, MNS_MATTER_CURRENT);
  return matter;
}

static void test_stay (void **state) {
  (void)state;
  uint64_t person = counties_person (&both, W, WEST_ONE, "王小一", 101);
  mns_matter_info_t stay = take_in ();
  assert_int_equal (counties_present (&both, E, 101), 1);
  counties_settle (&both);
  assert_int_equal (counties_matter (&both, W, &stay).person, person);
  assert_registered (101, 1, 0); /* lives there, is registered here */
  counties_pass (&both, E, 20260721);
  counties_settle (&both);
  assert_states (&stay, MNS_MATTER_LAPSED, MNS_MATTER_LAPSED);
  mns_matter_action_t action = counties_action (stay.id, MNS_STEP_RENEW);
  action.expected_end = 20261231;
  assert_int_equal (counties_act (&both, E, &action, NULL), MNS_OK);
  counties_settle (&both);
  assert_states (&stay, MNS_MATTER_CURRENT, MNS_MATTER_CURRENT);
  assert_int_equal (act (W, &stay, MNS_STEP_END), MNS_WRONG_STATE); /* the file is theirs */
  assert_int_equal (act (E, &stay, MNS_STEP_END), MNS_OK);
  counties_settle (&both);
  assert_states (&stay, MNS_MATTER_ENDED, MNS_MATTER_ENDED);
  assert_int_equal (counties_present (&both, E, 101), 0);
}

/* What the stay does to the stocks is told to the own county, at both ends. */
static void test_stay_is_counted (void **state) {
  (void)state;
  mns_matter_change_t change;
  counties_person (&both, W, WEST_ONE, "王小一", 101);
  take_in ();
  size_t last = harness_emitted_count (both.registers[E]) - 2;
  harness_emitted_record (both.registers[E], last, 0, &mns_matter_change_type, &change);
  assert_int_equal (change.incomers, 1);
  assert_int_equal (change.place, EAST_TWO);
  counties_bring (&both, W, 1);
  harness_emitted_record (both.registers[W], 0, 0, &mns_matter_change_type, &change);
  assert_int_equal (change.away, 1);
  assert_int_equal (change.place, WEST_ONE);
}

static void test_stay_of_nobody (void **state) {
  (void)state;
  mns_matter_info_t stay = take_in ();
  counties_settle (&both);
  mns_matter_info_t here = counties_matter (&both, W, &stay);
  assert_int_equal (here.open, MNS_YES);
  assert_true (here.trouble[0] != 0);
}

/* The county of registration knows first, the other confirms. */
static void test_stay_reported (void **state) {
  (void)state;
  mns_matter_info_t stay;
  mns_matter_request_t request = counties_request (MNS_MATTER_STAY, W);
  request.person = counties_person (&both, W, WEST_ONE, "王小一", 101);
  request.purpose = 1;
  assert_int_equal (counties_open_matter (&both, W, &request, &stay), MNS_OK);
  counties_settle (&both);
  assert_states (&stay, MNS_MATTER_REPORTED, MNS_MATTER_REPORTED);
  mns_matter_action_t action = counties_action (counties_matter (&both, E, &stay).id, MNS_STEP_BEGIN);
  action.place = EAST_ONE;
  assert_int_equal (counties_act (&both, E, &action, NULL), MNS_OK);
  counties_settle (&both);
  assert_states (&stay, MNS_MATTER_CURRENT, MNS_MATTER_CURRENT);
  assert_int_equal (counties_present (&both, E, 101), 1);
}

/* A floating resident who is registered where it lives: one person there, and the file is closed. */
static void test_settlement (void **state) {
  (void)state;
  uint64_t person = counties_person (&both, W, WEST_ONE, "王小一", 101);
  mns_matter_info_t stay = take_in (), move;
  counties_settle (&both);
  move = propose (W, person);
  counties_settle (&both);
  assert_int_equal (accept (E, &move, NULL), MNS_OK);
  counties_settle (&both);
  assert_states (&move, MNS_MATTER_COMPLETED, MNS_MATTER_COMPLETED);
  assert_states (&stay, MNS_MATTER_ENDED, MNS_MATTER_ENDED);
  assert_registered (101, 0, 1);
  assert_int_equal (counties_present (&both, E, 101), 1);
}

/* ---- deaths ------------------------------------------------------------------------------------------------------ */

static mns_matter_info_t notify (const char *name, int serial) {
  mns_matter_info_t matter;
  mns_matter_request_t request = counties_request (MNS_MATTER_DEATH, E);
  strcpy (request.name, name);
  county_number (19800101, serial, request.citizen_number);
  request.birth = 19800101;
  request.day = 20260620;
  assert_int_equal (counties_open_matter (&both, E, &request, &matter), MNS_OK);
  return matter;
}

static void test_death_elsewhere (void **state) {
  (void)state;
  counties_person (&both, W, WEST_ONE, "王小一", 101);
  uint64_t person = counties_person (&both, W, WEST_ONE, "王小二", 102);
  mns_matter_info_t sure = notify ("王小一", 101), vague = notify ("王小三", 102);
  counties_settle (&both);
  assert_states (&sure, MNS_MATTER_RECORDED, MNS_MATTER_RECORDED);
  assert_registered (101, 0, 0);
  assert_int_equal (county_count (both.registers[W], WEST, 202606, 202606, MNS_BY_OCCURRENCE, "deaths", "male"), 1);
  assert_int_equal (county_count (both.registers[E], EAST, 202606, 202606, MNS_BY_OCCURRENCE, "deaths", "male"), 0);
  assert_states (&vague, MNS_MATTER_NOTICED, MNS_MATTER_NOTICED);
  assert_registered (102, 1, 0);
  mns_matter_action_t action = counties_action (counties_matter (&both, W, &vague).id, MNS_STEP_RECORD);
  action.person = person;
  assert_int_equal (counties_act (&both, W, &action, NULL), MNS_OK);
  counties_settle (&both);
  assert_states (&vague, MNS_MATTER_RECORDED, MNS_MATTER_RECORDED);
  assert_registered (102, 0, 0);
}

/* ---- who may ----------------------------------------------------------------------------------------------------- */

static void test_rights (void **state) {
  (void)state;
  uint64_t person = counties_person (&both, W, WEST_ONE, "王小一", 101);
  mns_matter_info_t matter = propose (W, person);
  mns_matter_request_t request = counties_request (MNS_MATTER_MOVE, W);
  request.person = person;
  assert_int_equal (counties_open_matter (&both, W, &request, NULL), MNS_WRONG_STATE); /* one at a time */
  request.partner = 110101000000;
  assert_int_equal (counties_open_matter (&both, W, &request, NULL), MNS_NOT_FOUND);
  harness_set_caller (both.registers[W], MNS_CLERK, 510322102000);
  mns_matter_action_t action = counties_action (matter.id, MNS_STEP_CANCEL);
  assert_int_equal (counties_act (&both, W, &action, NULL), MNS_FORBIDDEN);
  assert_int_equal (counties_matter (&both, W, &matter).id, 0); /* not even seen */
  assert_int_equal (harness_call (both.registers[W], "registry.exchange-deliver", NULL, NULL), MNS_FORBIDDEN);
}

/* ---- the version before ------------------------------------------------------------------------------------------ */

#define OLD_SCHEMA "schema/007"
#define OLD_FILES  8

static void make_old_store (const char *path) {
  mns_db_options_t options = {.path = path};
  mns_embedded_t files[OLD_FILES] = {0};
  mns_db_t *db;
  size_t count = 0;
  for (const mns_embedded_t *file = mns_embedded_registry; file->path; file++)
    if (strncmp (file->path, "schema/", 7) == 0 && strcmp (file->path, OLD_SCHEMA) < 0)
      files[count++] = *file;
  assert_true (count > 0 && count < OLD_FILES);
  assert_int_equal (mns_db_open (&db, &options, NULL), MNS_OK);
  assert_int_equal (mns_db_migrate (db, "common", mns_embedded_common, NULL), MNS_OK);
  assert_int_equal (mns_db_migrate (db, "registry", files, NULL), MNS_OK);
  mns_db_destroy (&db);
}

/* A store made before there were letters is opened, and exchanges them. */
static void test_a_store_of_the_version_before (void **state) {
  (void)state;
  char path[MNS_PATH_MAX * 2];
  snprintf (path, sizeof path, "%s/old.db", both.folder);
  make_old_store (path);
  memcpy (both.backups[E], path, MNS_PATH_MAX);
  counties_restore (&both, E);
  mns_matter_info_t asked = ask (W, "李小一", 301);
  counties_settle (&both);
  assert_int_equal (counties_matter (&both, E, &asked).state, MNS_MATTER_ASKED);
}

/* ---- anything in any order --------------------------------------------------------------------------------------- */

enum { PEOPLE = 12, STEPS = 250, HISTORIES = 4 };

static uint64_t random_state;

static unsigned pick (unsigned below) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (unsigned)(random_state >> 33) % below;
}

static uint64_t number_of (int at, int serial) {
  char number[19];
  mns_person_query_t query;
  mns_person_info_t info;
  mns_record_clear (&mns_person_query_type, &query);
  strcpy (query.citizen_number, county_number (19800101, serial, number));
  mns_rc_t rc = harness_call (both.registers[at], "registry.person", &query, &info);
  return rc == MNS_OK ? info.person : 0;
}

/* Commands that the state of things refuses are part of it. */
static void any_matter (int at, const mns_code_t *steps, unsigned count) {
  mns_matter_query_t query;
  mns_matter_info_t matter;
  mns_record_clear (&mns_matter_query_type, &query);
  query.limit = 1000;
  query.open = MNS_YES;
  harness_call (both.registers[at], "registry.exchange", &query, NULL);
  if (!harness_reply (both.registers[at], pick (4), &mns_matter_info_type, &matter))
    return;
  mns_matter_action_t action = counties_action (matter.id, steps[pick (count)]);
  action.place = at == W ? WEST_ONE : EAST_ONE;
  strcpy (action.note, "made up");
  counties_act (&both, at, &action, NULL);
}

static void any_step (void) {
  static const mns_code_t steps[] = {MNS_STEP_ACCEPT, MNS_STEP_ACCEPT, MNS_STEP_REFUSE, MNS_STEP_CANCEL,
                                     MNS_STEP_ANSWER};
  int at = (int)pick (2), serial = 400 + (int)pick (PEOPLE);
  unsigned what = pick (100);
  mns_matter_request_t request = counties_request (what < 20 ? MNS_MATTER_MOVE : MNS_MATTER_VERIFICATION, at);
  if (what < 30) {
    request.person = what < 20 ? number_of (at, serial) : 0;
    name_of (serial, request.name);
    county_number (19800101, serial, request.citizen_number);
    counties_open_matter (&both, at, &request, NULL);
  } else if (what < 60) {
    any_matter (at, steps, COUNT_OF (steps));
  } else if (what < 90) {
    counties_bring (&both, at, 1 + pick (4));
  } else if (what < 94) {
    both.taken[at] -= both.taken[at] > 3 ? pick (4) : 0;
  } else if (what < 97) {
    counties_backup (&both, at);
  } else if (both.backups[at][0]) {
    counties_restore (&both, at);
  }
}

/* Everything that is still open and may be accepted or answered is. */
static void finish_at (int at) {
  static const mns_code_t steps[] = {MNS_STEP_ACCEPT, MNS_STEP_ANSWER};
  mns_matter_query_t query;
  mns_matter_info_t matter;
  uint64_t after = 0;
  mns_record_clear (&mns_matter_query_type, &query);
  query.open = MNS_YES;
  query.side = MNS_SIDE_RECEIVED;
  for (;; after = matter.id) {
    query.after = after;
    if (harness_call (both.registers[at], "registry.exchange", &query, &matter) != MNS_OK || !matter.id)
      return;
    mns_matter_action_t action = counties_action (matter.id, steps[matter.kind == MNS_MATTER_VERIFICATION]);
    action.place = at == W ? WEST_ONE : EAST_ONE;
    counties_act (&both, at, &action, NULL);
  }
}

static void finish_all (void) {
  for (int i = 0; i < 4; i++) {
    counties_settle (&both);
    finish_at (W);
    finish_at (E);
  }
  counties_settle (&both);
}

static void assert_agreed (uint64_t seed) {
  mns_matter_query_t query;
  mns_matter_info_t matter, other;
  mns_record_clear (&mns_matter_query_type, &query);
  query.limit = 1000;
  for (int at = W; at <= E; at++)
    for (size_t i = 0;; i++) {
      harness_call (both.registers[at], "registry.exchange", &query, NULL);
      if (!harness_reply (both.registers[at], i, &mns_matter_info_type, &matter))
        break;
      other = counties_matter (&both, 1 - at, &matter);
      if (!other.id && matter.state == MNS_MATTER_PROPOSED)
        continue;
      if (other.state != matter.state)
        fail_msg ("seed %llu: matter %llu of %d is %s here, %s there", (unsigned long long)seed,
                  (unsigned long long)matter.id, at, mns_code_word (&mns_matter_state, matter.state),
                  mns_code_word (&mns_matter_state, other.state));
    }
}

static void run_history (uint64_t seed) {
  char name[16];
  random_state = seed * 2654435761u + 1;
  for (int i = 0; i < PEOPLE; i++)
    counties_person (&both, i % 2, i % 2 ? EAST_ONE : WEST_ONE, name_of (400 + i, name), 400 + i);
  for (int i = 0; i < STEPS; i++)
    any_step ();
  finish_all ();
  for (int person = 0; person < PEOPLE; person++) {
    int count = counties_registered (&both, W, 400 + person) + counties_registered (&both, E, 400 + person);
    if (count != 1)
      fail_msg ("seed %llu: person %d is registered %d times", (unsigned long long)seed, person, count);
  }
  assert_agreed (seed);
}

static void test_any_history (void **state) {
  (void)state;
  const char *chosen = getenv ("MNS_SEED");
  uint64_t first = chosen ? strtoull (chosen, NULL, 10) : 1, last = chosen ? first : HISTORIES;
  for (uint64_t seed = first; seed <= last; seed++) {
    run_history (seed);
    counties_close (&both);
    counties_open (&both, false);
  }
}

#define WITH_BOTH(test)      cmocka_unit_test_setup_teardown (test, open_both, close_both)
#define WITH_ANSWERING(test) cmocka_unit_test_setup_teardown (test, open_answering, close_both)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH_BOTH (test_move),
      WITH_BOTH (test_there_and_back),
      WITH_BOTH (test_refused_and_cancelled),
      WITH_BOTH (test_death_in_transit),
      WITH_BOTH (test_repeated_letters),
      WITH_BOTH (test_restored),
      WITH_BOTH (test_arrival_in_trouble),
      WITH_ANSWERING (test_verified_by_the_register),
      WITH_BOTH (test_verified_by_a_clerk),
      WITH_BOTH (test_reminded_and_escalated),
      WITH_BOTH (test_stay),
      WITH_BOTH (test_stay_is_counted),
      WITH_BOTH (test_stay_of_nobody),
      WITH_BOTH (test_stay_reported),
      WITH_BOTH (test_settlement),
      WITH_BOTH (test_death_elsewhere),
      WITH_BOTH (test_rights),
      WITH_BOTH (test_a_store_of_the_version_before),
      WITH_BOTH (test_any_history),
  };
  mns_log_set_level (MNS_LOG_ERROR);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
