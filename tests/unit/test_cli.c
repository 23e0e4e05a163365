/* Command lines: values stored, arguments moved, and one good sentence for each mistake. */
#include "common/cli.h"
#include "tests/support/capture.h"
#include "tests/support/test.h"

enum { CAT = 1, DOG };
static const mns_code_row_t kind_rows[] = {{"cat", "1", "Cat", "猫"}, {"dog", "2", "Dog", "狗"}};
static const mns_code_table_t kind_codes = {"kind", kind_rows, 2};

/* clang-format off */
#define TOY_FIELDS(F, T) \
  F (T, TEXT, given_name, 30,         MNS_REQUIRED, "Its name", "名字") \
  F (T, CODE, kind,       kind_codes, 0,            "What it is", "种类") \
  F (T, DATE, birth,      0,          0,            "Day of birth", "出生日期") \
  F (T, FEN,  price,      (0, 1000),  0,            "Price", "价格") \
  F (T, INT,  count,      (0, 9),     0,            "How many", "数量")
/* clang-format on */
MNS_RECORD_DECLARE (toy, TOY_FIELDS)
MNS_RECORD_DEFINE (toy, 1, TOY_FIELDS, "A toy", "玩具")

static struct {
  bool json;
  const char *data;
  int64_t count;
} given;
static mns_toy_t toy;
static mns_error_t error;

static const mns_option_t common_options[] = {
    {"json", 'j', MNS_OPTION_FLAG, NULL, "JSON instead of a table", &given.json},
    {"data", 'd', MNS_OPTION_TEXT, "DIR", "the data directory", &given.data},
    {0},
};
static const mns_option_t own_options[] = {{"count", 0, MNS_OPTION_INT, "N", "how many times", &given.count}, {0}};
static const mns_option_t *const options[] = {own_options, common_options, NULL};
static const mns_cli_t cli = {.usage = "toys buy [options] SHOP [TOWN]",
                              .summary = "Buys a toy.",
                              .epilogue = "Example: toys buy corner --kind cat",
                              .options = options,
                              .type = &mns_toy_type,
                              .record = &toy,
                              .positional_min = 1,
                              .positional_max = 2};

static int argc;
static char *argv[24];

/* Parses "a b c" as the words behind the program's name. */
static mns_rc_t parse (const mns_cli_t *what, const char *line) {
  static char words[256];
  memset (&given, 0, sizeof given);
  memset (&error, 0, sizeof error);
  snprintf (words, sizeof words, "toys %s", line);
  argc = 0;
  for (char *word = strtok (words, " "); word; word = strtok (NULL, " "))
    argv[argc++] = word;
  argv[argc] = NULL;
  return mns_cli_parse (what, &argc, argv, &error);
}

static void test_values (void **state) {
  (void)state;
  assert_int_equal (parse (&cli, "corner -j --given-name=Bo --kind dog --birth 2026/7/1 -d store town --count 12"),
                    MNS_OK);
  assert_true (given.json);
  assert_string_equal (given.data, "store");
  assert_int_equal (given.count, 12); /* the table's option, not the record's field of that name */
  assert_true (toy.count == MNS_NONE);
  assert_string_equal (toy.given_name, "Bo");
  assert_int_equal (toy.kind, DOG);
  assert_int_equal (toy.birth, 20260701);
  assert_true (toy.price == MNS_NONE);
  assert_int_equal (argc, 3);
  assert_string_equal (argv[1], "corner");
  assert_string_equal (argv[2], "town");
  assert_null (argv[3]);
}

static void test_each_parse_begins_afresh (void **state) {
  (void)state;
  assert_int_equal (parse (&cli, "corner --given-name Bo"), MNS_OK);
  assert_int_equal (parse (&cli, "corner -- --kind"), MNS_OK);
  assert_string_equal (toy.given_name, "");
  assert_string_equal (argv[2], "--kind");
}

static void test_mistakes (void **state) {
  (void)state;
  static const struct {
    const char *line, *where, *detail;
  } rows[] = {
      {"corner --knid cat", "--knid", "there is no such option, did you mean --kind?"},
      {"corner --given_name=Bo", "--given_name", "there is no such option, did you mean --given-name?"},
      {"corner --zzzzzz", "--zzzzzz", "there is no such option"},
      {"corner -x", "-x", "there is no such option"},
      {"corner -jx", "-x", "there is no such option"},
      {"corner --json=yes", "--json", "this option takes no value"},
      {"corner --kind", "--kind", "a value is missing behind this option"},
      {"corner -d", "--data", "a value is missing behind this option"},
      {"corner --count 1x", "--count", "'1x' is not a whole number"},
      {"--json", "", "an argument is missing: toys buy [options] SHOP [TOWN]"},
      {"a b c", "c", "this argument is one too many: toys buy [options] SHOP [TOWN]"},
  };
  for (size_t i = 0; i < COUNT_OF (rows); i++) {
    assert_int_equal (parse (&cli, rows[i].line), MNS_USAGE);
    assert_string_equal (error.where, rows[i].where);
    assert_string_equal (error.detail, rows[i].detail);
  }
}

static void test_refused_values (void **state) {
  (void)state;
  static const char *const lines[][2] = {{"corner --kind fish", "--kind"},
                                         {"corner --birth 2026-02-30", "--birth"},
                                         {"corner --price 600.00", "--price"},
                                         {"corner --price 0600", "--price"}};
  for (size_t i = 0; i < COUNT_OF (lines); i++) {
    assert_int_equal (parse (&cli, lines[i][0]), MNS_USAGE);
    assert_string_equal (error.where, lines[i][1]);
    assert_true (strlen (error.detail) > 5);
  }
}

static void test_only_named_fields (void **state) {
  (void)state;
  static const char *const fields[] = {"kind", NULL};
  mns_cli_t some = cli;
  some.fields = fields;
  assert_int_equal (parse (&some, "corner --kind cat"), MNS_OK);
  assert_int_equal (parse (&some, "corner --birth 2026-07-01"), MNS_USAGE);
}

static void test_help (void **state) {
  (void)state;
  char text[4096];
  capture_begin (1);
  mns_rc_t rc = parse (&cli, "--help");
  capture_end (text, sizeof text);
  assert_int_equal (rc, MNS_GONE);
  assert_string_equal (text, "Usage: toys buy [options] SHOP [TOWN]\n"
                             "\n"
                             "Buys a toy.\n"
                             "\n"
                             "Options:\n"
                             "      --given-name TEXT         Its name (required)\n"
                             "      --kind CODE               What it is: cat, dog\n"
                             "      --birth YYYY-MM-DD        Day of birth\n"
                             "      --price FEN               Price\n"
                             "      --count N                 how many times\n"
                             "\n"
                             "  -j, --json                    JSON instead of a table\n"
                             "  -d, --data DIR                the data directory\n"
                             "  -h, --help                    this help\n"
                             "\n"
                             "Example: toys buy corner --kind cat\n");
}

static void test_nearest (void **state) {
  (void)state;
  static const char *const names[] = {"event", "person", "errors", "up", NULL};
  assert_string_equal (mns_cli_nearest ("evnet", names), "event");
  assert_string_equal (mns_cli_nearest ("persons", names), "person");
  assert_string_equal (mns_cli_nearest ("error", names), "errors");
  assert_null (mns_cli_nearest ("backup", names));
  assert_null (mns_cli_nearest ("", names));
}

static void test_fail (void **state) {
  (void)state;
  char text[512];
  mns_error_t usage = {MNS_USAGE, "--knid", "there is no such option"}, bare = {MNS_NOT_FOUND, "", ""};
  capture_begin (2);
  int code = mns_cli_fail ("toys buy", &usage);
  capture_end (text, sizeof text);
  assert_int_equal (code, 2);
  assert_string_equal (text, "error: the command line is wrong (--knid): there is no such option\n"
                             "see 'toys buy --help'\n");
  capture_begin (2);
  code = mns_cli_fail ("toys buy", &bare);
  capture_end (text, sizeof text);
  assert_int_equal (code, 1);
  assert_string_equal (text, "error: there is no such thing\n");
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_values),
      cmocka_unit_test (test_each_parse_begins_afresh),
      cmocka_unit_test (test_mistakes),
      cmocka_unit_test (test_refused_values),
      cmocka_unit_test (test_only_named_fields),
      cmocka_unit_test (test_help),
      cmocka_unit_test (test_nearest),
      cmocka_unit_test (test_fail),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
