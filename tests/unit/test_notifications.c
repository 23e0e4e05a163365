/* Notifications: which event tells whom what, mails as bytes, and that nothing goes out twice. */
#include "tests/support/test.h"
/* cmocka needs its headers first */
#include "common/dir.h"
#include "common/records/assistance_records.h"
#include "common/records/registry_records.h"
#include "common/text.h"
#include "services/notifications/mail.h"
#include "services/notifications/notifications.h"
#include "services/notifications/rules_notice.h"
#include "tests/support/turn_harness.h"
#include <time.h>

#define VILLAGE INT64_C (510322101203)
#define TOPIC   "assistance.entitlement.510322101203.ended"
#define NOW     INT64_C (1782864000000000) /* 2026-07-01T00:00:00Z, the harness's clock */

static harness_t *h;

static int set_up_with (const char *smtp_url) {
  mns_config_t config;
  memset (&config, 0, sizeof config);
  mns_record_clear (&mns_config_type, &config);
  config.utc_offset_s = 28800;
  config.outbox_max = 1000;
  strcpy (config.language, "en");
  strcpy (config.smtp_url, smtp_url);
  strcpy (config.smtp_from, "county@example.org");
  h = harness_new_with (&mns_notifications_service, &config);
  return 0;
}

static int set_up (void **state) {
  (void)state;
  return set_up_with ("");
}

static int set_up_deaf (void **state) {
  (void)state;
  return set_up_with ("smtp://127.0.0.1:9"); /* the discard port: nobody listens */
}

static int tear_down (void **state) {
  (void)state;
  harness_destroy (&h);
  return 0;
}

/* ---- events ---------------------------------------------------------------------------------------------------- */

static mns_entitlement_change_t change_of (uint64_t entitlement) {
  mns_entitlement_change_t change;
  mns_record_clear (&mns_entitlement_change_type, &change);
  change.entitlement = entitlement;
  change.happening = MNS_ENTITLEMENT_ENDED;
  strcpy (change.scheme, "rural-reward");
  strcpy (change.tier, "national");
  change.person = 42;
  strcpy (change.name, "王小明");
  change.place = VILLAGE;
  change.reason = MNS_EXIT_DEATH;
  change.occurred = 20260630;
  change.registered = 20260701;
  return change;
}

static void tell (const mns_entitlement_change_t *change) {
  assert_int_equal (
      harness_event_with (h, TOPIC, &mns_entitlement_change_type, change, 1, change->occurred, change->registered),
      MNS_OK);
}

/* Message number `id`, or a cleared record. */
static mns_message_t message_of (uint64_t id) {
  mns_message_query_t query;
  mns_message_t message;
  mns_record_clear (&mns_message_query_type, &query);
  query.message = id;
  assert_int_equal (harness_call (h, "notifications.messages", &query, &message), MNS_OK);
  return message;
}

static bool read_spool (uint64_t id, mns_buffer_t *mail) {
  char path[MNS_PATH_MAX];
  snprintf (path, sizeof path, "%s/spool/%012llu.eml", harness_config (h)->data, (unsigned long long)id);
  return mns_dir_read_file (path, 1 << 20, mail, NULL) == MNS_OK;
}

static void test_death_is_told_once (void **state) {
  (void)state;
  mns_entitlement_change_t change = change_of (7);
  mns_place_info_t place;
  mns_buffer_t mail = {0};
  mns_record_clear (&mns_place_info_type, &place);
  place.code = VILLAGE;
  place.level = 5;
  strcpy (place.name, "Stone Bridge");
  assert_int_equal (harness_event (h, "places.place.510322101203.valid", &mns_place_info_type, &place), MNS_OK);
  tell (&change);
  mns_message_t message = message_of (1);
  assert_int_equal (message.state, MNS_MESSAGE_WAITING);
  assert_string_equal (message.rule, "recipient-died");
  assert_string_equal (message.key, "recipient-died/entitlement=7");
  assert_int_equal (message.place, INT64_C (510322101000));
  assert_string_equal (message.subject, "A recipient has died: rural-reward has ended (Stone Bridge)");
  assert_non_null (strstr (message.body, "王小明 of Stone Bridge (510322101203)"));
  assert_non_null (strstr (message.body, "ended on 2026-06-30; registered on 2026-07-01"));
  tell (&change); /* once more, as a replay would */
  assert_int_equal (message_of (2).message, 0);

  assert_int_equal (harness_timer (h, "send"), MNS_OK);
  message = message_of (1);
  assert_int_equal (message.state, MNS_MESSAGE_SENT);
  assert_int_equal (message.attempts, 1);
  assert_true (read_spool (1, &mail));
  assert_non_null (strstr ((const char *)mail.data, "To: =?UTF-8?B?"));
  assert_non_null (strstr ((const char *)mail.data, " <office@localhost>\r\n"));
  tell (&change);
  assert_int_equal (harness_timer (h, "send"), MNS_OK);
  assert_false (read_spool (2, &mail));
  mns_buffer_fini (&mail);
}

static void test_only_what_the_rule_says (void **state) {
  (void)state;
  mns_entitlement_change_t change = change_of (1);
  change.reason = MNS_EXIT_MOVED;
  tell (&change);
  change.happening = MNS_ENTITLEMENT_STARTED;
  change.reason = 0;
  assert_int_equal (
      harness_event (h, "assistance.entitlement.510322101203.started", &mns_entitlement_change_type, &change), MNS_OK);
  assert_int_equal (message_of (1).message, 0);
}

static void test_history_is_not_sent (void **state) {
  (void)state;
  mns_entitlement_change_t change = change_of (1);
  harness_set_now (h, NOW - 1);
  tell (&change);
  assert_int_equal (message_of (1).state, MNS_MESSAGE_HISTORY);
  harness_set_now (h, NOW + 1);
  change = change_of (2);
  change.registered = 20260620; /* eleven days before it was recorded; the rule says seven */
  tell (&change);
  assert_int_equal (message_of (2).state, MNS_MESSAGE_HISTORY);
  change = change_of (3);
  change.registered = 20260624;
  tell (&change);
  assert_int_equal (message_of (3).state, MNS_MESSAGE_WAITING);
  /* when sending began is kept in the store */
  harness_set_now (h, NOW + INT64_C (86400000000));
  harness_restart (h);
  harness_set_now (h, NOW + 2);
  change = change_of (4);
  tell (&change);
  assert_int_equal (message_of (4).state, MNS_MESSAGE_WAITING);
}

static void test_batch_goes_to_the_county (void **state) {
  (void)state;
  mns_batch_posted_t posted;
  mns_record_clear (&mns_batch_posted_type, &posted);
  posted.batch = 3;
  strcpy (posted.scheme, "rural-reward");
  strcpy (posted.period, "2026");
  posted.lines = 3844;
  posted.total_fen = 369024000;
  posted.registered = 20260701;
  assert_int_equal (
      harness_event (h, "assistance.batch.510322000000.rural-reward-2026", &mns_batch_posted_type, &posted), MNS_OK);
  mns_message_t message = message_of (1);
  assert_string_equal (message.subject, "rural-reward 2026 was posted: 3844 lines, 3,690,240.00 yuan");
  assert_string_equal (message.address, "finance@localhost");
}

/* ---- a mail server that is away --------------------------------------------------------------------------------- */

/* Runs the timer until the message is in the state; the sender's thread needs a moment. */
static mns_message_t await (uint64_t id, mns_code_t wanted) {
  for (int i = 0; i < 1000; i++) {
    assert_int_equal (harness_timer (h, "send"), MNS_OK);
    mns_message_t message = message_of (id);
    if (message.state == wanted && message.attempts > 0)
      return message;
    struct timespec moment = {0, 10000000};
    nanosleep (&moment, NULL);
  }
  fail_msg ("message %llu does not become %s", (unsigned long long)id, mns_code_word (&mns_message_state, wanted));
  return (mns_message_t){0};
}

static void test_retry_and_dead_letter (void **state) {
  (void)state;
  mns_entitlement_change_t change = change_of (1);
  mns_time_t now = NOW;
  tell (&change);
  mns_message_t message = await (1, MNS_MESSAGE_WAITING);
  assert_int_equal (message.attempts, 1);
  assert_true (message.due > now + 7000000 && message.due <= now + 10000000);
  assert_non_null (strstr (message.error, "connect"));
  /* nothing is tried before it is due */
  assert_int_equal (harness_timer (h, "send"), MNS_OK);
  assert_int_equal (message_of (1).state, MNS_MESSAGE_WAITING);
  for (int attempt = 2; attempt <= NOTIFICATIONS_ATTEMPTS_MAX; attempt++) {
    harness_set_now (h, now = message.due);
    assert_int_equal (harness_timer (h, "send"), MNS_OK);
    assert_int_equal (message_of (1).state, MNS_MESSAGE_SENDING);
    message = await (1, attempt < NOTIFICATIONS_ATTEMPTS_MAX ? MNS_MESSAGE_WAITING : MNS_MESSAGE_DEAD);
    assert_int_equal (message.attempts, attempt);
  }
  mns_message_retry_t retry = {0};
  mns_message_retried_t retried;
  assert_int_equal (harness_call (h, "notifications.retry", &retry, &retried), MNS_OK);
  assert_int_equal (retried.messages, 1);
  message = message_of (1);
  assert_int_equal (message.state, MNS_MESSAGE_WAITING);
  assert_int_equal (message.attempts, 0);
  /* what was on its way when the service ended is tried again */
  assert_int_equal (harness_timer (h, "send"), MNS_OK);
  assert_int_equal (message_of (1).state, MNS_MESSAGE_SENDING);
  harness_restart (h);
  assert_int_equal (message_of (1).state, MNS_MESSAGE_WAITING);
}

static void test_rights (void **state) {
  (void)state;
  mns_entitlement_change_t change = change_of (1);
  mns_message_retry_t retry = {.message = 9};
  tell (&change);
  assert_int_equal (harness_call (h, "notifications.retry", &retry, NULL), MNS_NOT_FOUND);
  harness_set_caller (h, MNS_OPERATOR, 0);
  assert_string_equal (message_of (1).body, "");
  assert_null (strstr (message_of (1).subject, "王"));
  harness_set_caller (h, MNS_CLERK, INT64_C (510322102000));
  assert_int_equal (message_of (1).message, 0);
  retry.message = 1;
  assert_int_equal (harness_call (h, "notifications.retry", &retry, NULL), MNS_FORBIDDEN);
}

/* ---- the catalogue ----------------------------------------------------------------------------------------------- */

static void expect_mistakes (const char *key, const char *text, const char *const *wanted) {
  static const char templates[] =
      "templates:\n"
      "  - {id: t, language: en, subject: s, body: 'for {{name}}'}\n"
      "  - {id: ok, language: en, subject: s, body: b}\n"
      "  - {id: n, language: en, allow_personal: yes, subject: s, body: '{{citizen_number}}'}\n"
      "  - {id: u, language: en, subject: '{{nobody}}', body: b}\n"
      "  - {id: p, language: en, allow_personal: yes, subject: '{{name}}', body: b}\n"
      "  - {id: o, language: en, subject: s, body: '{{scheme'}\n";
  notifications_catalogue_t catalogue = {0};
  mns_error_t error = {0};
  mns_yaml_t *first = mns_yaml_from_text ("templates.yaml", templates, strlen (templates));
  assert_int_equal (notifications_catalogue_read (&catalogue, "templates", first, &error), MNS_OK);
  mns_yaml_t *yaml = mns_yaml_from_text ("x.yaml", text, strlen (text));
  mns_rc_t rc = notifications_catalogue_read (&catalogue, key, yaml, &error);
  if (!*wanted && rc != MNS_OK)
    fail_msg ("%s", mns_yaml_mistakes (yaml));
  for (; *wanted; wanted++)
    if (!strstr (mns_yaml_mistakes (yaml), *wanted))
      fail_msg ("not told: %s\n%s", *wanted, mns_yaml_mistakes (yaml));
  mns_yaml_destroy (&yaml);
  mns_yaml_destroy (&first);
  notifications_catalogue_fini (&catalogue);
}

static void test_catalogue_mistakes (void **state) {
  (void)state;
#define RULE(id, topic, template, rest)                                                                                \
  "  - {id: " id ", topic: " topic ", template: " template ", role: r, level: county, channel: mail, " rest "}\n"
  const char *rules = "rules:\n" RULE ("a", "assistance.entitlement.", "t", "key: entitlement")
      RULE ("b", "registry.death.", "n", "key: person") RULE ("c", "assistance.batch.", "u", "key: batch")
          RULE ("d", "assistance.entitlement.", "o", "key: 'name, nothing'") RULE ("d", "registry.baseline.", "ok",
                                                                                   "key: person")
              RULE ("e", "assistance.entitlement.", "gone", "key: entitlement, when: [{field: reason, value: dead}]")
                  RULE ("f", "assistance.batch.", "ok", "key: batch")
                      RULE ("g", "assistance.entitlement.", "p", "key: entitlement");
  static const char *const wanted[] = {"template \"t\" in en: \"name\" identifies a person",
                                       "template \"n\" in en: \"citizen_number\" is never sent",
                                       "template \"u\" in en: the event batch_posted has no field \"nobody\"",
                                       "template \"o\" in en: \"{{\" is not closed",
                                       "key: \"name\" identifies a person",
                                       "no field \"nothing\"",
                                       "x.yaml:6:10: rules[4].id: there is another rule \"d\"",
                                       "\"registry.baseline.\" is not watched; possible are assistance.entitlement.",
                                       "there is no template \"gone\"",
                                       "when: reason: ",
                                       "template \"p\" in en: \"name\" identifies a person",
                                       NULL};
  expect_mistakes ("rules", rules, wanted);
  static const char *const addresses[] = {"\"a b@c\" is not", "\"nobody\" is not", NULL};
  expect_mistakes ("recipients",
                   "recipients:\n  - {role: r, name: n, address: 'a b@c'}\n"
                   "  - {role: r, name: n, address: nobody}\n  - {role: r, name: n, address: a.b+c@d.example}\n",
                   addresses);
  static const char *const none[] = {NULL};
  expect_mistakes ("rules", "rules:\n" RULE ("f", "assistance.batch.510322", "ok", "key: batch"), none);
}

static void test_nearest_recipient (void **state) {
  (void)state;
  mns_notice_recipient_t recipients[] = {{0, "office", "everywhere", "e@x"},
                                         {INT64_C (510322000000), "office", "county", "c@x"},
                                         {INT64_C (510322101000), "office", "town", "t@x"},
                                         {INT64_C (510322101000), "office", "town too", "u@x"},
                                         {0, "finance", "money", "m@x"}};
  notifications_catalogue_t catalogue = {.recipients = recipients, .recipient_count = COUNT_OF (recipients)};
  size_t at = 0;
  assert_string_equal (notifications_recipient (&catalogue, INT64_C (510322101000), "office", &at)->name, "town");
  assert_string_equal (notifications_recipient (&catalogue, INT64_C (510322101000), "office", &at)->name, "town too");
  assert_null (notifications_recipient (&catalogue, INT64_C (510322101000), "office", &at));
  at = 0;
  assert_string_equal (notifications_recipient (&catalogue, INT64_C (510322102000), "office", &at)->name, "county");
  at = 0;
  assert_string_equal (notifications_recipient (&catalogue, INT64_C (510323102000), "office", &at)->name, "everywhere");
  at = 0;
  assert_null (notifications_recipient (&catalogue, VILLAGE, "nobody", &at));
}

static void test_steps_and_delays (void **state) {
  (void)state;
  mns_error_t error;
  if (mns_machine_check (&notifications_machine, &error) != MNS_OK)
    fail_msg ("%s", error.detail);
  for (int64_t attempt = 1; attempt < 20; attempt++) {
    int64_t whole = attempt > 9 ? 3600000000 : (INT64_C (10000000) << (attempt - 1));
    int64_t delay = notifications_delay_us (17, attempt);
    assert_true (delay > whole * 3 / 4 - 1 && delay <= whole);
  }
  assert_int_not_equal (notifications_delay_us (1, 3), notifications_delay_us (2, 3));
}

/* ---- mails ------------------------------------------------------------------------------------------------------ */

static mail_t sample_mail (void) {
  return (mail_t){.from = "county@example.org",
                  .name = "Office 1",
                  .address = "office@example.org",
                  .key = "recipient-died/entitlement=7",
                  .subject = "Plain",
                  .body = "One.\nTwo.",
                  .date = NOW,
                  .utc_offset_s = 28800};
}

static const char *written (const mail_t *mail, mns_buffer_t *out) {
  mns_buffer_clear (out);
  mail_write (mail, out);
  mns_buffer_add (out, "", 1);
  return (const char *)out->data;
}

static void test_plain_mail (void **state) {
  (void)state;
  mail_t mail = sample_mail ();
  mns_buffer_t out = {0};
  char id[MAIL_ID_MAX], expected[700];
  mail_id (&mail, id);
  assert_int_equal (strlen (id), 64 + 1 + 11);
  snprintf (expected, sizeof expected,
            "From: Minsheng <county@example.org>\r\nTo: Office 1 <office@example.org>\r\nSubject: Plain\r\n"
            "Date: Wed, 1 Jul 2026 08:00:00 +0800\r\nMessage-ID: <%s>\r\nAuto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
            "One.\r\nTwo.\r\n",
            id);
  assert_string_equal (written (&mail, &out), expected);
  mail.address = "other@example.org";
  char other[MAIL_ID_MAX];
  mail_id (&mail, other);
  assert_string_not_equal (id, other);
  mns_buffer_fini (&out);
}

static void test_chinese_mail (void **state) {
  (void)state;
  mail_t mail = sample_mail ();
  mns_buffer_t out = {0};
  mail.subject = "受益人死亡，农村奖励扶助资格已终止（石桥村）";
  mail.name = "民政办";
  mail.body = "石桥村\n";
  const char *text = written (&mail, &out);
  assert_non_null (strstr (text, "To: =?UTF-8?B?5rCR5pS/5Yqe?= <office@example.org>\r\n"));
  assert_non_null (strstr (text, "Content-Transfer-Encoding: base64\r\n\r\n55+z5qGl5p2RDQo=\r\n"));
  for (const char *line = text; (line = strstr (line, "\r\n")); line += 2)
    assert_true (strcspn (line + 2, "\r") <= 92);
  const char *subject = strstr (text, "Subject: ");
  assert_int_equal (strcspn (subject, "\r"), 9 + 12 + 60); /* words of at most 75 characters, cut between characters */
  assert_memory_equal (subject + strcspn (subject, "\r"), "\r\n =?UTF-8?B?", 13);
  mns_buffer_fini (&out);
}

static void test_headers_cannot_be_added (void **state) {
  (void)state;
  mail_t mail = sample_mail ();
  mns_buffer_t out = {0};
  mail.subject = "x\r\nBcc: all@example.org";
  mail.name = "y\r\nBcc: all@example.org";
  assert_null (strstr (written (&mail, &out), "\nBcc"));
  mns_buffer_fini (&out);
}

int main (void) {
#define CASE(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      CASE (test_death_is_told_once),
      CASE (test_only_what_the_rule_says),
      CASE (test_history_is_not_sent),
      CASE (test_batch_goes_to_the_county),
      cmocka_unit_test_setup_teardown (test_retry_and_dead_letter, set_up_deaf, tear_down),
      CASE (test_rights),
      cmocka_unit_test (test_catalogue_mistakes),
      cmocka_unit_test (test_nearest_recipient),
      cmocka_unit_test (test_steps_and_delays),
      cmocka_unit_test (test_plain_mail),
      cmocka_unit_test (test_chinese_mail),
      cmocka_unit_test (test_headers_cannot_be_added),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
