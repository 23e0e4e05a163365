/* Heads and records: everything goes round, and nothing that is cut, torn or lies is believed. */
#include "common/text.h"
#include "common/wire.h"
#include "tests/support/test.h"

/* ---- heads ------------------------------------------------------------------------------------------------------- */

static mns_head_t full_head (void) {
  mns_head_t head;
  mns_head_clear (&head);
  uint64_t n = 1000;
  strcpy (head.account, "clerk-1");
  strcpy (head.role, "clerk");
  head.division = 510322101203;
  strcpy (head.command, "registry.find-person");
  head.request = ++n;
  head.deadline_ms = ++n;
  memset (head.key.bytes, 0x5a, sizeof head.key.bytes);
  head.rc = MNS_NOT_FOUND;
  strcpy (head.where, "person");
  memset (head.detail, 'd', sizeof head.detail - 1);
  head.retry_after_ms = ++n;
  strcpy (head.producer, "registry");
  head.producer_epoch = ++n;
  head.number = UINT64_MAX;
  head.chain = 0x8000000000000000;
  head.count = ++n;
  head.log_epoch = ++n;
  head.log_number = ++n;
  head.log_chain = ++n;
  head.subscription = ++n;
  head.previous = ++n;
  head.last = ++n;
  head.credit_messages = ++n;
  head.credit_bytes = ++n;
  strcpy (head.consumer, "statistics");
  for (head.prefix_count = 0; head.prefix_count < MNS_PREFIXES_MAX; head.prefix_count++)
    strcpy (head.prefixes[head.prefix_count], "registry.birth.510322");
  head.commands_busy = 1;
  head.repeated = 1;
  strcpy (head.software, "test/1");
  strcpy (head.trace, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  return head;
}

static void test_head_goes_round (void **state) {
  (void)state;
  mns_buffer_t bytes = {0};
  mns_error_t error;
  mns_head_t head = full_head (), back;
  mns_head_pack (&head, &bytes);
  assert_int_equal (mns_head_unpack (&back, bytes.data, bytes.size, &error), MNS_OK);
  assert_memory_equal (&head, &back, sizeof head);
  mns_head_clear (&head);
  mns_head_pack (&head, &bytes);
  assert_int_equal (bytes.size, 1);
  assert_int_equal (mns_head_unpack (&back, bytes.data, bytes.size, &error), MNS_OK);
  assert_memory_equal (&head, &back, sizeof head);
  mns_buffer_fini (&bytes);
}

/* Cut anywhere it is refused; with any byte changed it is refused or read, never more. */
static void test_head_cut_and_torn (void **state) {
  (void)state;
  mns_buffer_t bytes = {0};
  mns_error_t error;
  mns_head_t head = full_head (), back;
  mns_head_pack (&head, &bytes);
  for (size_t size = 0; size < bytes.size; size++) {
    uint8_t *copy = malloc (size ? size : 1); /* exact, so that the sanitizer sees one byte too many */
    memcpy (copy, bytes.data, size);
    assert_int_not_equal (mns_head_unpack (&back, copy, size, &error), MNS_OK);
    free (copy);
  }
  for (size_t i = 0; i < bytes.size; i++)
    for (int bit = 0; bit < 8; bit++) {
      bytes.data[i] ^= (uint8_t)(1 << bit);
      mns_head_unpack (&back, bytes.data, bytes.size, &error);
      bytes.data[i] ^= (uint8_t)(1 << bit);
    }
  mns_buffer_fini (&bytes);
}

typedef struct {
  const char *bytes;
  size_t size;
  mns_rc_t rc;
} bytes_case_t;

static void test_heads_refused (void **state) {
  (void)state;
  static const bytes_case_t cases[] = {
      {"", 0, MNS_MALFORMED},
      {"\xc0", 1, MNS_MALFORMED},
      {"\x80\x00", 2, MNS_MALFORMED},                                      /* something behind it */
      {"\x81\x05", 2, MNS_MALFORMED},                                      /* no value */
      {"\xdf\xff\xff\xff\xff", 5, MNS_MALFORMED},                          /* four billion entries */
      {"\x82\x05\x01\x05\x01", 5, MNS_MALFORMED},                          /* twice */
      {"\x81\x05\xff", 3, MNS_MALFORMED},                                  /* negative */
      {"\x81\x05\xcb\x00\x00\x00\x00\x00\x00\x00\x00", 11, MNS_MALFORMED}, /* a double */
      {"\x81\xa1"
       "a\x01",
       4, MNS_MALFORMED},                                                              /* a key that is a text */
      {"\x81\x30\x01", 3, MNS_NEWER_PROTOCOL},                                         /* key 48, critical */
      {"\x81\x50\x01", 3, MNS_OK},                                                     /* key 80, optional */
      {"\x81\x50\x91\x91\x91\x01", 6, MNS_OK},                                         /* nested */
      {"\x81\x50\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x01", 14, MNS_MALFORMED}, /* too deep */
      {"\x81\x01\xa2\xc3\x28", 5, MNS_BAD_UTF8},
      {"\x81\x01\xa2"
       "a\x00",
       5, MNS_BAD_UTF8},
      {"\x81\x07\xc4\x0f"
       "123456789012345",
       19, MNS_MALFORMED},                                                    /* 15 bytes of a key */
      {"\x81\x03\xcf\x00\x00\x00\xe8\xd4\xa5\x10\x00", 11, MNS_OUT_OF_RANGE}, /* 13 digits */
      {"\x81\x05\xd3\x00\x00\x00\x00\x00\x00\x00\x05", 11, MNS_OK},           /* 5, signed and long */
  };
  mns_head_t head;
  mns_error_t error;
  for (size_t i = 0; i < COUNT_OF (cases); i++)
    assert_int_equal (mns_head_unpack (&head, cases[i].bytes, cases[i].size, &error), cases[i].rc);
}

static void test_head_bounds (void **state) {
  (void)state;
  uint8_t text[3 + 200];
  mns_head_t head;
  mns_error_t error;
  for (uint8_t size = 40; size < 60; size++) { /* {1: a text of that size} */
    memcpy (text, "\x81\x01\xd9", 3);
    text[3] = size;
    memset (text + 4, 'a', size);
    assert_int_equal (mns_head_unpack (&head, text, 4u + size, &error), size <= MNS_NAME_MAX ? MNS_OK : MNS_TOO_LONG);
  }
  uint8_t big[MNS_HEAD_MAX + 1] = {0};
  assert_int_equal (mns_head_unpack (&head, big, sizeof big, &error), MNS_TOO_LARGE);
}

static void test_kinds (void **state) {
  (void)state;
  uint8_t f0[4];
  for (mns_frame_kind_t kind = MNS_HELLO; kind < MNS_KIND_COUNT; kind++) {
    mns_frame_kind (kind, f0);
    assert_int_equal (mns_frame_read_kind (f0, 4), kind);
  }
  assert_int_equal (mns_frame_read_kind ("MN\x01\x01\x00", 5), 0);
  assert_int_equal (mns_frame_read_kind ("MN\x02\x01", 4), 0);
  assert_int_equal (mns_frame_read_kind ("MN\x01\x00", 4), 0);
  assert_int_equal (mns_frame_read_kind ("MN\x01\x7f", 4), 0);
}

/* ---- records ----------------------------------------------------------------------------------------------------- */

static mns_event_t full_event (void) {
  static const char topic[] = "registry.birth.510322101203.registered";
  mns_event_t event = {.topic = topic,
                       .topic_size = sizeof topic - 1,
                       .producer = "registry",
                       .producer_epoch = 3,
                       .number = UINT64_MAX,
                       .type = "birth",
                       .version = 2,
                       .items = 5,
                       .occurred = 20260628,
                       .registered = 20260701,
                       .hops = 2,
                       .entity = "person/1042",
                       .cause = "assistance-1-7",
                       .account = "clerk-1"};
  memset (event.correlation.bytes, 0x77, sizeof event.correlation.bytes);
  return event;
}

static void test_record_goes_round (void **state) {
  (void)state;
  mns_buffer_t bytes = {0};
  mns_error_t error;
  mns_event_t event = full_event (), back;
  size_t used, topic_size;
  mns_event_pack (&event, "body", 4, &bytes);
  mns_event_pack (&event, NULL, 0, &bytes); /* a second one behind it */
  assert_int_equal (mns_event_unpack (&back, bytes.data, bytes.size, &used, &error), MNS_OK);
  assert_int_equal (used, mns_event_size (bytes.data));
  assert_int_equal (back.log_number, 0);
  assert_memory_equal (back.body, "body", 4);
  assert_int_equal (back.body_size, 4);
  assert_memory_equal (back.topic, event.topic, event.topic_size);
  assert_int_equal (back.number, UINT64_MAX);
  assert_int_equal (back.items, 5);
  assert_int_equal (back.hops, 2);
  assert_string_equal (back.cause, "assistance-1-7");
  assert_memory_equal (&back.correlation, &event.correlation, 16);
  assert_memory_equal (mns_event_topic (bytes.data, &topic_size), event.topic, event.topic_size);
  assert_int_equal (topic_size, event.topic_size);
  mns_event_stamp (bytes.data, 12, 34, 56);
  assert_int_equal (mns_event_log_number (bytes.data), 12);
  assert_int_equal (mns_event_unpack (&back, bytes.data, bytes.size, &used, &error), MNS_OK);
  assert_int_equal (back.log_number, 12);
  assert_int_equal (back.recorded, 34);
  assert_int_equal (back.log_epoch, 56);
  assert_int_equal (mns_event_unpack (&back, bytes.data + used, bytes.size - used, &used, &error), MNS_OK);
  assert_int_equal (back.body_size, 0);
  mns_buffer_fini (&bytes);
}

static void test_record_cut_and_torn (void **state) {
  (void)state;
  mns_buffer_t bytes = {0};
  mns_error_t error;
  mns_event_t event = full_event (), back;
  size_t used;
  mns_event_pack (&event, "body", 4, &bytes);
  for (size_t size = 0; size < bytes.size; size++) {
    uint8_t *copy = malloc (size ? size : 1);
    memcpy (copy, bytes.data, size);
    assert_int_not_equal (mns_event_unpack (&back, copy, size, &used, &error), MNS_OK);
    free (copy);
  }
  for (size_t i = 0; i < bytes.size; i++)
    for (int bit = 0; bit < 8; bit++) {
      bytes.data[i] ^= (uint8_t)(1 << bit);
      mns_event_unpack (&back, bytes.data, bytes.size, &used, &error);
      bytes.data[i] ^= (uint8_t)(1 << bit);
    }
  mns_buffer_fini (&bytes);
}

/* A producer's chain does not see what the broker writes; the log's does; both see everything else. */
static void test_chains (void **state) {
  (void)state;
  mns_buffer_t bytes = {0};
  mns_event_t event = full_event ();
  mns_event_pack (&event, "body", 4, &bytes);
  uint64_t chain = mns_chain (0, bytes.data, bytes.size), log_chain = mns_log_chain (0, bytes.data, bytes.size);
  assert_true (chain == log_chain); /* while the values are zero */
  assert_true (mns_chain (1, bytes.data, bytes.size) != chain);
  mns_event_stamp (bytes.data, 1, 2, 3);
  assert_true (mns_chain (0, bytes.data, bytes.size) == chain);
  assert_true (mns_log_chain (0, bytes.data, bytes.size) != log_chain);
  for (size_t i = 0; i < bytes.size; i++) {
    bool stamped = (i >= 9 && i < 17) || (i >= 19 && i < 27) || (i >= 29 && i < 33);
    bytes.data[i] ^= 1;
    assert_int_equal (mns_chain (0, bytes.data, bytes.size) == chain, stamped);
    bytes.data[i] ^= 1;
  }
  mns_buffer_fini (&bytes);
}

static void test_records_refused (void **state) {
  (void)state;
  mns_buffer_t bytes = {0};
  mns_error_t error;
  mns_event_t event = full_event (), back;
  size_t used;
  event.type[0] = 0;
  mns_event_pack (&event, NULL, 0, &bytes);
  assert_int_equal (mns_event_unpack (&back, bytes.data, bytes.size, &used, &error), MNS_MISSING);
  assert_string_equal (error.where, "type");
  mns_buffer_clear (&bytes);
  event = full_event ();
  mns_event_pack (&event, NULL, 0, &bytes);
  bytes.data[33] = 5; /* the topic under another key */
  assert_int_equal (mns_event_unpack (&back, bytes.data, bytes.size, &used, &error), MNS_MALFORMED);
  memcpy (bytes.data, "\x7f\xff\xff\xff", 4);
  assert_int_equal (mns_event_unpack (&back, bytes.data, bytes.size, &used, &error), MNS_TOO_LARGE);
  mns_buffer_fini (&bytes);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_head_goes_round),
      cmocka_unit_test (test_head_cut_and_torn),
      cmocka_unit_test (test_heads_refused),
      cmocka_unit_test (test_head_bounds),
      cmocka_unit_test (test_kinds),
      cmocka_unit_test (test_record_goes_round),
      cmocka_unit_test (test_record_cut_and_torn),
      cmocka_unit_test (test_chains),
      cmocka_unit_test (test_records_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
