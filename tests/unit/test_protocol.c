/* The examples of docs/protocol.md are what the code writes, byte for byte: neither can move alone. What the code
 * writes it also reads back. */
#include "common/dir.h"
#include "common/pack.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "common/wire.h"
#include "tests/support/test.h"
#include <ctype.h>

#define TOPIC "registry.birth.510322101203.registered"

typedef struct {
  const char *name;
  void (*make) (mns_buffer_t *out);
} example_t;

/* ---- the examples ------------------------------------------------------------------------------------------------ */

static mns_uuid_t example_key (void) {
  mns_uuid_t key;
  assert_true (mns_uuid_parse ("019ab3c0-5a00-7000-8000-000000000001", &key));
  return key;
}

static void make_kind (mns_buffer_t *out) {
  uint8_t f0[4];
  mns_frame_kind (MNS_HELLO, f0);
  mns_buffer_add (out, f0, sizeof f0);
}

static void make_hello (mns_buffer_t *out) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.account, "registry");
  strcpy (head.producer, "registry");
  head.producer_epoch = 1;
  strcpy (head.software, "example/1.0");
  mns_head_pack (&head, out);
}

static void make_body (mns_buffer_t *out) {
  mns_pack_map (out, 1);
  mns_pack_text (out, "person", 6);
  mns_pack_uint (out, 1042);
}

static void make_record (mns_buffer_t *out) {
  mns_buffer_t body = {0};
  mns_event_t event = {.topic = TOPIC,
                       .topic_size = strlen (TOPIC),
                       .producer = "registry",
                       .producer_epoch = 1,
                       .number = 1,
                       .type = "birth",
                       .version = 1,
                       .occurred = 20260628,
                       .registered = 20260701,
                       .entity = "person/1042",
                       .account = "clerk-1",
                       .correlation = example_key ()};
  make_body (&body);
  mns_event_pack (&event, body.data, body.size, out);
  mns_buffer_fini (&body);
}

static void make_stored (mns_buffer_t *out) {
  make_record (out);
  mns_event_stamp (out->data, 7, 1782864000000000, 1782860400);
}

static void make_number (mns_buffer_t *out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8)
    mns_buffer_add (out, &(uint8_t){(uint8_t)(value >> shift)}, 1);
}

static uint64_t chain_of (void (*make) (mns_buffer_t *), uint64_t (*chain) (uint64_t, const uint8_t *, size_t)) {
  mns_buffer_t record = {0};
  make (&record);
  uint64_t value = chain (0, record.data, record.size);
  mns_buffer_fini (&record);
  return value;
}

static void make_chain (mns_buffer_t *out) {
  make_number (out, chain_of (make_record, mns_chain));
}

static void make_log_chain (mns_buffer_t *out) {
  make_number (out, chain_of (make_stored, mns_log_chain));
}

static void make_pub (mns_buffer_t *out) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.producer, "registry");
  head.producer_epoch = 1;
  head.number = 1;
  head.count = 1;
  mns_head_pack (&head, out);
}

static void make_pack (mns_buffer_t *out) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.producer, "registry");
  head.producer_epoch = 1;
  head.number = 1;
  head.chain = chain_of (make_record, mns_chain);
  head.log_epoch = 1782860400;
  head.log_number = 7;
  mns_head_pack (&head, out);
}

static void make_sub (mns_buffer_t *out) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  strcpy (head.consumer, "statistics");
  strcpy (head.prefixes[0], "registry.");
  strcpy (head.prefixes[1], "places.");
  head.prefix_count = 2;
  head.credit_messages = 256;
  head.credit_bytes = 1 << 20;
  mns_head_pack (&head, out);
}

static void make_evt (mns_buffer_t *out) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.previous = 6;
  head.last = 7;
  head.count = 1;
  head.log_epoch = 1782860400;
  head.log_chain = chain_of (make_stored, mns_log_chain);
  mns_head_pack (&head, out);
}

static void make_request (mns_buffer_t *out) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.command, "registry.record-birth");
  head.request = 3;
  head.deadline_ms = 5000;
  head.key = example_key ();
  mns_head_pack (&head, out);
}

static void make_error (mns_buffer_t *out) {
  mns_head_t head;
  mns_head_clear (&head);
  head.request = 3;
  head.rc = MNS_UNAVAILABLE;
  strcpy (head.where, "registry.record-birth");
  strcpy (head.detail, "the service of this command is not there now");
  head.retry_after_ms = 500;
  mns_head_pack (&head, out);
}

static void make_ready (mns_buffer_t *out) {
  mns_pack_array (out, 2);
  mns_pack_text (out, "registry.find-person", 20);
  mns_pack_text (out, "registry.record-birth", 21);
}

static void make_bus_read (mns_buffer_t *out) {
  mns_bus_read_t request;
  mns_record_clear (&mns_bus_read_type, &request);
  strcpy (request.prefixes[0].prefix, "open.");
  request.prefixes_count = 1;
  request.after = 100;
  request.to = 120;
  request.count = 2;
  request.sum = 221;
  mns_record_pack (&mns_bus_read_type, &request, out);
}

static const example_t examples[] = {
    {"kind", make_kind},     {"hello", make_hello},       {"record", make_record},
    {"stored", make_stored}, {"chain", make_chain},       {"log-chain", make_log_chain},
    {"pub", make_pub},       {"pack", make_pack},         {"sub", make_sub},
    {"evt", make_evt},       {"request", make_request},   {"err", make_error},
    {"ready", make_ready},   {"bus-read", make_bus_read},
};

/* ---- reading the document ---------------------------------------------------------------------------------------- */

static int digit (char c) {
  return isdigit ((unsigned char)c) ? c - '0' : c - 'a' + 10;
}

/* The bytes of a block: pairs of hex digits; what follows a '#' is a comment. */
static void read_hex (const char *text, const char *end, mns_buffer_t *out) {
  for (const char *at = text; at < end; at++) {
    if (*at == '#')
      at += strcspn (at, "\n");
    if (isspace ((unsigned char)*at))
      continue;
    assert_true (isxdigit ((unsigned char)at[0]) && isxdigit ((unsigned char)at[1]));
    mns_buffer_add (out, &(uint8_t){(uint8_t)(digit (at[0]) * 16 + digit (at[1]))}, 1);
    at++;
  }
}

static void print_hex (const char *name, const mns_buffer_t *bytes) {
  print_message ("```hex %s", name);
  for (size_t i = 0; i < bytes->size; i++)
    print_message ("%s%02x", i % 24 ? " " : "\n", bytes->data[i]);
  print_message ("\n```\n");
}

static void check_block (const char *name, size_t name_size, const char *text, const char *end, bool *seen) {
  mns_buffer_t written = {0}, made = {0};
  for (size_t i = 0; i < COUNT_OF (examples); i++) {
    if (strlen (examples[i].name) != name_size || memcmp (examples[i].name, name, name_size) != 0)
      continue;
    read_hex (text, end, &written);
    examples[i].make (&made);
    seen[i] = written.size == made.size && memcmp (written.data, made.data, made.size) == 0;
    mns_buffer_fini (&written);
    mns_buffer_fini (&made);
    return;
  }
  fail_msg ("the document has an example '%.*s' that the test does not know", (int)name_size, name);
}

static void test_examples (void **state) {
  (void)state;
  bool seen[COUNT_OF (examples)] = {0}, good = true;
  mns_error_t error;
  mns_buffer_t document = {0};
  assert_int_equal (mns_dir_read_file (MNS_SOURCE_DIR "/docs/protocol.md", 1 << 20, &document, &error), 0);
  for (const char *at = (const char *)document.data; (at = strstr (at, "\n```hex ")) != NULL;) {
    const char *name = at + strlen ("\n```hex ");
    const char *text = strchr (name, '\n');
    at = strstr (text, "\n```");
    assert_non_null (at);
    check_block (name, (size_t)(text - name), text, at, seen);
    at++;
  }
  for (size_t i = 0; i < COUNT_OF (examples); i++) {
    mns_buffer_t made = {0};
    examples[i].make (&made);
    if (!seen[i])
      print_hex (examples[i].name, &made);
    good = good && seen[i];
    mns_buffer_fini (&made);
  }
  mns_buffer_fini (&document);
  assert_true (good); /* what is printed above is missing from the document, or other than the code writes it */
}

static void test_record_reads_back (void **state) {
  (void)state;
  mns_error_t error;
  mns_event_t event;
  size_t used;
  mns_buffer_t record = {0};
  make_stored (&record);
  assert_int_equal (mns_event_unpack (&event, record.data, record.size, &used, &error), 0);
  assert_int_equal (used, record.size);
  assert_int_equal (event.log_number, 7);
  assert_int_equal (event.recorded, 1782864000000000);
  assert_int_equal (event.log_epoch, 1782860400);
  assert_int_equal (event.topic_size, strlen (TOPIC));
  assert_string_equal (event.producer, "registry");
  assert_int_equal (event.items, 1);
  assert_int_equal (event.occurred, 20260628);
  assert_int_equal (event.registered, 20260701);
  assert_string_equal (event.entity, "person/1042");
  assert_string_equal (event.account, "clerk-1");
  assert_int_equal (event.body_size, 11);
  assert_true (chain_of (make_stored, mns_chain) == chain_of (make_record, mns_chain));
  mns_buffer_fini (&record);
}

static void test_check_value (void **state) {
  (void)state;
  assert_true (mns_crc64 (0, "123456789", 9) == 0x995dc9bbdf1939fa);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_examples),
      cmocka_unit_test (test_record_reads_back),
      cmocka_unit_test (test_check_value),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
