/* The examples of docs/protocol.md are what the code writes, byte for byte: neither can move alone. What the code
 * writes it also reads back. */
#include "common/dir.h"
#include "common/pack.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "common/wire.h"
#include "tests/support/test.h"
#include <ctype.h>
#include <stdio.h>

#define TOPIC     "registry.birth.510322101203.registered"
#define LOG_EPOCH 1782860400
#define CHAIN     0x2200a42ff4029921 /* after the example record: the block "chain" proves it */
#define LOG_CHAIN 0x7f3deb9369d7cf43
#define KEY                                                                                                            \
  {                                                                                                                    \
    { 0x01, 0x9a, 0xb3, 0xc0, 0x5a, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1 }                                            \
  }

typedef struct {
  const char *name;
  void (*make) (mns_buffer_t *out);
} example_t;

/* ---- the examples ------------------------------------------------------------------------------------------------ */

static void make_kind (mns_buffer_t *out) {
  uint8_t f0[4];
  mns_frame_kind (MNS_HELLO, f0);
  mns_buffer_add (out, f0, sizeof f0);
}

/* Every kind by its number, the last byte of F0. */
static void make_kinds (mns_buffer_t *out) {
  for (int kind = MNS_HELLO; kind < MNS_KIND_COUNT; kind++) {
    uint8_t f0[4];
    mns_frame_kind ((mns_frame_kind_t)kind, f0);
    assert_int_equal (mns_frame_read_kind (f0, sizeof f0), kind);
    mns_buffer_add (out, f0, sizeof f0);
  }
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
                       .correlation = KEY};
  make_body (&body);
  mns_event_pack (&event, body.data, body.size, out);
  mns_buffer_fini (&body);
}

static void make_stored (mns_buffer_t *out) {
  make_record (out);
  mns_event_stamp (out->data, 7, 1782864000000000, LOG_EPOCH);
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
    {"kind", make_kind},   {"kinds", make_kinds},         {"record", make_record}, {"stored", make_stored},
    {"chain", make_chain}, {"log-chain", make_log_chain}, {"ready", make_ready},   {"bus-read", make_bus_read},
};

/* F1 of each kind. */
static const struct {
  const char *name;
  mns_frame_kind_t kind;
  mns_head_t head;
} heads[] = {
    {"hello",
     MNS_HELLO,
     {.account = "registry", .producer = "registry", .producer_epoch = 1, .software = "example/1.0"}},
    {"welcome",
     MNS_WELCOME,
     {.account = "registry",
      .role = "service",
      .producer = "registry",
      .producer_epoch = 1,
      .log_epoch = LOG_EPOCH,
      .log_number = 6,
      .log_chain = 1,
      .software = "minsheng/0.1.0"}},
    {"refuse",
     MNS_REFUSE,
     {.rc = MNS_IN_USE, .where = "registry", .detail = "is it running twice?", .retry_after_ms = 1000}},
    {"ping", MNS_PING, {.rc = MNS_OK}},
    {"pong", MNS_PONG, {.commands_busy = 1}},
    {"pub", MNS_PUB, {.producer = "registry", .producer_epoch = 1, .number = 1, .count = 1}},
    {"pack",
     MNS_PACK,
     {.producer = "registry",
      .producer_epoch = 1,
      .number = 1,
      .chain = CHAIN,
      .log_epoch = LOG_EPOCH,
      .log_number = 7}},
    {"pnak",
     MNS_PNAK,
     {.producer = "registry",
      .producer_epoch = 1,
      .number = 2,
      .chain = CHAIN,
      .rc = MNS_DISK_FULL,
      .detail = "the disk of the log is full",
      .retry_after_ms = 1000}},
    {"sub",
     MNS_SUB,
     {.subscription = 1,
      .consumer = "statistics",
      .prefixes = {"registry.", "places."},
      .prefix_count = 2,
      .credit_messages = 256,
      .credit_bytes = 1 << 20}},
    {"subok", MNS_SUBOK, {.subscription = 1, .log_number = 6, .log_epoch = LOG_EPOCH}},
    {"evt",
     MNS_EVT,
     {.subscription = 1, .previous = 6, .last = 7, .count = 1, .log_epoch = LOG_EPOCH, .log_chain = LOG_CHAIN}},
    {"credit", MNS_CREDIT, {.subscription = 1, .credit_messages = 1, .credit_bytes = 173, .last = 7}},
    {"idle",
     MNS_IDLE,
     {.subscription = 1, .previous = 7, .last = 900, .log_chain = 2, .log_epoch = LOG_EPOCH, .log_number = 900}},
    {"gap", MNS_GAP, {.subscription = 1, .previous = 900, .last = 5000, .log_chain = 3, .log_epoch = LOG_EPOCH}},
    {"subend",
     MNS_SUBEND,
     {.subscription = 1, .rc = MNS_FORBIDDEN, .where = "prefixes", .detail = "the right is gone"}},
    {"snap", MNS_SNAP, {.request = 4, .command = "statistics", .deadline_ms = 5000, .number = 77, .previous = 262144}},
    {"snaprow", MNS_SNAPROW, {.request = 4, .number = 77, .last = 524000, .count = 640}},
    {"snapend",
     MNS_SNAPEND,
     {.request = 5,
      .producer = "statistics",
      .producer_epoch = 1,
      .number = 2988,
      .log_epoch = LOG_EPOCH,
      .log_number = 4406}},
    {"request", MNS_REQUEST, {.command = "registry.record-birth", .request = 3, .deadline_ms = 5000, .key = KEY}},
    {"reply", MNS_REPLY, {.request = 3, .producer = "registry", .producer_epoch = 1, .number = 1, .repeated = 1}},
    {"ready-head", MNS_READY, {.request = 1}},
    {"directory", MNS_DIRECTORY, {.request = 6, .count = 40}},
    {"err",
     MNS_ERR,
     {.request = 3,
      .rc = MNS_UNAVAILABLE,
      .where = "registry.record-birth",
      .detail = "the service of this command is not there now",
      .retry_after_ms = 500}},
    {"bye", MNS_BYE, {.rc = MNS_UNAVAILABLE, .detail = "the broker ends"}},
};

enum { EXAMPLES = COUNT_OF (examples), ALL = EXAMPLES + COUNT_OF (heads) };

static const char *name_of (size_t i) {
  return i < EXAMPLES ? examples[i].name : heads[i - EXAMPLES].name;
}

static void make (size_t i, mns_buffer_t *out) {
  if (i < EXAMPLES)
    examples[i].make (out);
  else
    mns_head_pack (&heads[i - EXAMPLES].head, out);
}

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
  for (size_t i = 0; i < ALL; i++) {
    if (strlen (name_of (i)) != name_size || memcmp (name_of (i), name, name_size) != 0)
      continue;
    read_hex (text, end, &written);
    make (i, &made);
    seen[i] = written.size == made.size && memcmp (written.data, made.data, made.size) == 0;
    mns_buffer_fini (&written);
    mns_buffer_fini (&made);
    return;
  }
  fail_msg ("the document has an example '%.*s' that the test does not know", (int)name_size, name);
}

static void read_document (mns_buffer_t *document) {
  mns_error_t error;
  assert_int_equal (mns_dir_read_file (MNS_SOURCE_DIR "/docs/protocol.md", 1 << 20, document, &error), 0);
}

static void test_examples (void **state) {
  (void)state;
  bool seen[ALL] = {0}, good = true;
  mns_buffer_t document = {0};
  read_document (&document);
  for (const char *at = (const char *)document.data; (at = strstr (at, "\n```hex ")) != NULL;) {
    const char *name = at + strlen ("\n```hex ");
    const char *text = strchr (name, '\n');
    at = strstr (text, "\n```");
    assert_non_null (at);
    check_block (name, (size_t)(text - name), text, at, seen);
    at++;
  }
  for (size_t i = 0; i < ALL; i++) {
    mns_buffer_t made = {0};
    make (i, &made);
    if (!seen[i])
      print_hex (name_of (i), &made);
    good = good && seen[i];
    mns_buffer_fini (&made);
  }
  mns_buffer_fini (&document);
  assert_true (good); /* what is printed above is missing from the document, or other than the code writes it */
}

/* Every kind has an example, and what is written is read back. */
static void test_heads_read_back (void **state) {
  (void)state;
  bool has[MNS_KIND_COUNT] = {0};
  for (size_t i = 0; i < COUNT_OF (heads); i++) {
    mns_head_t head;
    mns_error_t error;
    mns_buffer_t bytes = {0}, again = {0};
    mns_head_pack (&heads[i].head, &bytes);
    assert_int_equal (mns_head_unpack (&head, bytes.data, bytes.size, &error), 0);
    mns_head_pack (&head, &again);
    assert_int_equal (again.size, bytes.size);
    assert_memory_equal (again.data, bytes.data, bytes.size);
    has[heads[i].kind] = true;
    mns_buffer_fini (&bytes);
    mns_buffer_fini (&again);
  }
  for (int kind = MNS_HELLO; kind < MNS_KIND_COUNT; kind++)
    assert_true (has[kind]);
}

/* Every key of F1 that the code knows is in the table of §1 under its name: a value of the wrong type is refused by
 * name. */
static void test_keys (void **state) {
  (void)state;
  size_t known = 0;
  bool good = true;
  mns_buffer_t document = {0};
  read_document (&document);
  for (uint8_t key = 1; key < 128; key++) {
    mns_head_t head;
    mns_error_t error = {0};
    char row[128];
    if (mns_head_unpack (&head, (const uint8_t[]){0x81, key, 0xc0}, 3, &error) != MNS_MALFORMED)
      continue;
    snprintf (row, sizeof row, "| %d | %s | ", key, error.where);
    bool there = strstr ((const char *)document.data, row) != NULL;
    if (!there)
      print_message ("%s\n", row);
    good = good && there;
    known++;
  }
  mns_buffer_fini (&document);
  assert_true (known > 30);
  assert_true (good); /* the keys printed above are missing from docs/protocol.md §1 */
}

/* The rows of the table of errors, §11, are those of error.def, each with whether it is final. */
static void test_errors (void **state) {
  (void)state;
  mns_rc_t rc;
  bool good = true;
  mns_buffer_t document = {0};
  read_document (&document);
  for (size_t i = 0; mns_error_at (i, &rc); i++) {
    char row[256];
    snprintf (row, sizeof row, "\n| %d | `%s` | %s | %s |\n", (int)rc, mns_error_word (rc),
              rc == MNS_OK           ? ""
              : mns_error_retry (rc) ? "no"
                                     : "yes",
              mns_error_en (rc));
    bool there = strstr ((const char *)document.data, row) != NULL;
    if (!there)
      print_message ("%s", row + 1);
    good = good && there;
  }
  mns_buffer_fini (&document);
  assert_true (good); /* the rows printed above are missing from docs/protocol.md §11 */
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
      cmocka_unit_test (test_examples), cmocka_unit_test (test_heads_read_back),   cmocka_unit_test (test_errors),
      cmocka_unit_test (test_keys),     cmocka_unit_test (test_record_reads_back), cmocka_unit_test (test_check_value),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
