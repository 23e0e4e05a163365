/* The enums of codes.h name the rows of codes.c. */
#include "common/records/exchange_codes.h"
#include "tests/support/test.h"
#include <string.h>

static const struct {
  const mns_code_table_t *table;
  mns_code_t code;
  const char *word;
} rows[] = {{&mns_sex, MNS_MALE, "male"},
            {&mns_sex, MNS_FEMALE, "female"},
            {&mns_sex, MNS_SEX_UNKNOWN, "unknown"},
            {&mns_sex, MNS_SEX_UNSTATED, "unstated"},
            {&mns_registration, MNS_RURAL, "rural"},
            {&mns_registration, MNS_URBAN, "urban"},
            {&mns_life_event, MNS_BASELINE, "baseline"},
            {&mns_life_event, MNS_BIRTH, "birth"},
            {&mns_life_event, MNS_DEATH, "death"},
            {&mns_life_event, MNS_MOVE_IN, "move_in"},
            {&mns_life_event, MNS_MOVE_OUT, "move_out"},
            {&mns_life_event, MNS_MOVE_WITHIN, "move_within"},
            {&mns_life_event, MNS_ADJUSTMENT, "adjustment"},
            {&mns_adjustment, MNS_OMITTED, "omitted"},
            {&mns_adjustment, MNS_DUPLICATE, "duplicate"},
            {&mns_adjustment, MNS_ANNULMENT, "annulment"},
            {&mns_adjustment, MNS_MERGE, "merge"},
            {&mns_adjustment, MNS_BOUNDARY, "boundary"},
            {&mns_adjustment, MNS_ADJUSTMENT_OTHER, "other"},
            {&mns_mother, MNS_MOTHER_REGISTERED, "registered"},
            {&mns_mother, MNS_MOTHER_ELSEWHERE, "elsewhere"},
            {&mns_mother, MNS_FOUNDLING, "foundling"},
            {&mns_person_status, MNS_PRESENT, "present"},
            {&mns_person_status, MNS_DEAD, "dead"},
            {&mns_person_status, MNS_MOVED_OUT, "moved_out"},
            {&mns_person_status, MNS_REMOVED, "removed"},
            {&mns_role, MNS_CLERK, "clerk"},
            {&mns_role, MNS_APPROVER, "approver"},
            {&mns_role, MNS_OFFICIAL, "official"},
            {&mns_role, MNS_OPERATOR, "operator"},
            {&mns_role, MNS_ADMINISTRATOR, "administrator"},
            {&mns_role, MNS_SYSTEM, "system"},
            {&mns_role, MNS_SERVICE, "service"},
            {&mns_basis, MNS_BY_REGISTRATION, "registration"},
            {&mns_basis, MNS_BY_OCCURRENCE, "occurrence"},
            {&mns_population_base, MNS_BASE_REGISTERED, "registered"},
            {&mns_population_base, MNS_BASE_RESIDENT, "resident"},
            {&mns_exit_reason, MNS_EXIT_DEATH, "death"},
            {&mns_exit_reason, MNS_EXIT_MOVED, "moved"},
            {&mns_exit_reason, MNS_EXIT_CONDITION_ENDED, "condition_ended"},
            {&mns_exit_reason, MNS_EXIT_WRONG_FINDING, "wrong_finding"},
            {&mns_exit_reason, MNS_EXIT_OTHER, "other"},
            {&mns_entitlement_event, MNS_ENTITLEMENT_OPENING, "opening"},
            {&mns_entitlement_event, MNS_ENTITLEMENT_STARTED, "started"},
            {&mns_entitlement_event, MNS_ENTITLEMENT_ENDED, "ended"},
            {&mns_stratum, MNS_STREET, "street"},
            {&mns_stratum, MNS_NEAR_TOWN, "near_town"},
            {&mns_stratum, MNS_HILL_TOWN, "hill_town"},
            {&mns_reform_operation, MNS_RENAME, "rename"},
            {&mns_reform_operation, MNS_RECODE, "move"},
            {&mns_reform_operation, MNS_JOIN, "merge"},
            {&mns_reform_operation, MNS_SPLIT, "split"},
            {&mns_place_change, MNS_PLACE_BEGINS, "begins"},
            {&mns_place_change, MNS_PLACE_ENDS, "ends"},
            {&mns_place_change, MNS_PLACE_PREDECESSOR, "predecessor"},
            {&mns_place_change, MNS_PLACE_SUCCESSOR, "successor"},
            {&mns_matter_kind, MNS_MATTER_MOVE, "move"},
            {&mns_matter_kind, MNS_MATTER_VERIFICATION, "verification"},
            {&mns_matter_kind, MNS_MATTER_STAY, "stay"},
            {&mns_matter_kind, MNS_MATTER_DEATH, "death"},
            {&mns_matter_state, MNS_MATTER_PROPOSED, "proposed"},
            {&mns_matter_state, MNS_MATTER_ACCEPTED, "accepted"},
            {&mns_matter_state, MNS_MATTER_RELEASED, "released"},
            {&mns_matter_state, MNS_MATTER_COMPLETED, "completed"},
            {&mns_matter_state, MNS_MATTER_REFUSED, "refused"},
            {&mns_matter_state, MNS_MATTER_CANCELLED, "cancelled"},
            {&mns_matter_state, MNS_MATTER_ASKED, "asked"},
            {&mns_matter_state, MNS_MATTER_REMINDED, "reminded"},
            {&mns_matter_state, MNS_MATTER_OVERDUE, "overdue"},
            {&mns_matter_state, MNS_MATTER_ANSWERED, "answered"},
            {&mns_matter_state, MNS_MATTER_REPORTED, "reported"},
            {&mns_matter_state, MNS_MATTER_CURRENT, "current"},
            {&mns_matter_state, MNS_MATTER_LAPSED, "lapsed"},
            {&mns_matter_state, MNS_MATTER_ENDED, "ended"},
            {&mns_matter_state, MNS_MATTER_NOTICED, "noticed"},
            {&mns_matter_state, MNS_MATTER_RECORDED, "recorded"},
            {&mns_matter_step, MNS_STEP_PROPOSE, "propose"},
            {&mns_matter_step, MNS_STEP_ACCEPT, "accept"},
            {&mns_matter_step, MNS_STEP_REFUSE, "refuse"},
            {&mns_matter_step, MNS_STEP_CANCEL, "cancel"},
            {&mns_matter_step, MNS_STEP_RELEASE, "release"},
            {&mns_matter_step, MNS_STEP_COMPLETE, "complete"},
            {&mns_matter_step, MNS_STEP_ASK, "ask"},
            {&mns_matter_step, MNS_STEP_REMIND, "remind"},
            {&mns_matter_step, MNS_STEP_ESCALATE, "escalate"},
            {&mns_matter_step, MNS_STEP_ANSWER, "answer"},
            {&mns_matter_step, MNS_STEP_REPORT, "report"},
            {&mns_matter_step, MNS_STEP_BEGIN, "begin"},
            {&mns_matter_step, MNS_STEP_RENEW, "renew"},
            {&mns_matter_step, MNS_STEP_LAPSE, "lapse"},
            {&mns_matter_step, MNS_STEP_END, "end"},
            {&mns_matter_step, MNS_STEP_NOTIFY, "notify"},
            {&mns_matter_step, MNS_STEP_RECORD, "record"},
            {&mns_matter_side, MNS_SIDE_SENT, "sent"},
            {&mns_matter_side, MNS_SIDE_RECEIVED, "received"},
            {&mns_verification, MNS_CONFIRMED, "confirmed"},
            {&mns_verification, MNS_DIFFERS, "differs"},
            {&mns_verification, MNS_UNKNOWN, "unknown"},
            {&mns_yes_no, MNS_NO, "no"},
            {&mns_yes_no, MNS_YES, "yes"},
            {&mns_verb, MNS_MAY_PUBLISH, "publish"},
            {&mns_verb, MNS_MAY_SUBSCRIBE, "subscribe"},
            {&mns_verb, MNS_MAY_REQUEST, "request"},
            {&mns_verb, MNS_MAY_SERVE, "serve"},
            {&mns_verb, MNS_MAY_SNAPSHOT, "snapshot"},
            {&mns_verb, MNS_MAY_ADMIN, "admin"}};

static void enums_name_their_rows (void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    assert_string_equal (mns_code_word (rows[i].table, rows[i].code), rows[i].word);
    assert_int_equal (mns_code_find (rows[i].table, rows[i].word), rows[i].code);
  }
}

static void every_word_is_unique_and_found_in_all_its_forms (void **state) {
  (void)state;
  for (const mns_code_table_t *const *table = mns_code_tables; *table; table++)
    for (mns_code_t code = 1; code <= (*table)->count; code++) {
      const mns_code_row_t *row = &(*table)->rows[code - 1];
      assert_int_equal (mns_code_find (*table, row->word), code);
      assert_int_equal (mns_code_find (*table, row->zh), code);
      if (row->national[0])
        assert_int_equal (mns_code_find (*table, row->national), code);
    }
  assert_int_equal (mns_code_find (&mns_sex, "3"), 0);
  assert_int_equal (mns_code_find (&mns_sex, ""), 0);
}

static void standard_tables_are_whole (void **state) {
  (void)state;
  assert_int_equal (mns_ethnic.count, 58);
  assert_string_equal (mns_code_zh (&mns_ethnic, mns_code_find (&mns_ethnic, "01")), "汉族");
  assert_int_not_equal (mns_code_find (&mns_ethnic, "98"), 0);
  assert_string_equal (mns_code_zh (&mns_relation, mns_code_find (&mns_relation, "02")), "户主");
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (enums_name_their_rows),
                                     cmocka_unit_test (every_word_is_unique_and_found_in_all_its_forms),
                                     cmocka_unit_test (standard_tables_are_whole)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
