/* Money: what is written as yuan and fen, and that a division never loses or makes one. */
#include "common/fen.h"
#include "tests/support/test.h"

static void test_format (void **state) {
  (void)state;
  static const struct {
    mns_fen_t fen;
    const char *plain, *grouped;
  } rows[] = {
      {0, "0.00", "0.00"},
      {5, "0.05", "0.05"},
      {-5, "-0.05", "-0.05"},
      {96000, "960.00", "960.00"},
      {100000, "1000.00", "1,000.00"},
      {369024000, "3690240.00", "3,690,240.00"},
      {-99999999, "-999999.99", "-999,999.99"},
      {INT64_MAX, "92233720368547758.07", "92,233,720,368,547,758.07"},
      {-INT64_MAX, "-92233720368547758.07", "-92,233,720,368,547,758.07"},
      {MNS_NONE, "", ""},
  };
  for (size_t i = 0; i < COUNT_OF (rows); i++) {
    char plain[MNS_FEN_TEXT], grouped[MNS_FEN_GROUPED];
    mns_fen_format (rows[i].fen, plain);
    mns_fen_format_grouped (rows[i].fen, grouped);
    assert_string_equal (plain, rows[i].plain);
    assert_string_equal (grouped, rows[i].grouped);
  }
}

static void test_parse_yuan (void **state) {
  (void)state;
  static const struct {
    const char *text;
    mns_fen_t fen;
  } right[] = {{"960", 96000}, {"960.5", 96050}, {"960.50", 96050}, {"0", 0},
               {"0.01", 1},    {"-0.01", -1},    {"-12", -1200},    {"92233720368547758.07", INT64_MAX}};
  static const char *const wrong[] = {"",
                                      "-",
                                      ".5",
                                      "960.",
                                      "960.505",
                                      "0960",
                                      "00",
                                      "+1",
                                      "--1",
                                      "1,000",
                                      "1e3",
                                      " 1",
                                      "1 ",
                                      "1.2.3",
                                      "1元",
                                      "0x10",
                                      "1.-5",
                                      "１",
                                      "92233720368547758.08",
                                      "99999999999999999999"};
  mns_fen_t fen = 7;
  for (size_t i = 0; i < COUNT_OF (wrong); i++)
    assert_false (mns_fen_parse_yuan (wrong[i], &fen));
  assert_false (mns_fen_parse_yuan (NULL, &fen));
  assert_true (fen == 7);
  for (size_t i = 0; i < COUNT_OF (right); i++) {
    assert_true (mns_fen_parse_yuan (right[i].text, &fen));
    assert_true (fen == right[i].fen);
  }
}

static void test_parse_fen (void **state) {
  (void)state;
  static const char *const wrong[] = {
      "", "600.00", "060000", "60000abc", "+1", " 1", "1 ", "-", "-0", "9223372036854775808", "-9223372036854775808"};
  mns_fen_t fen = 7;
  for (size_t i = 0; i < COUNT_OF (wrong); i++)
    assert_false (mns_fen_parse (wrong[i], &fen));
  assert_true (fen == 7);
  assert_true (mns_fen_parse ("60000", &fen) && fen == 60000);
  assert_true (mns_fen_parse ("-1", &fen) && fen == -1);
}

static void test_split_known (void **state) {
  (void)state;
  mns_fen_t parts[4];
  mns_fen_split (100, (const int64_t[]){1, 1, 1}, 3, parts);
  assert_true (parts[0] == 34 && parts[1] == 33 && parts[2] == 33);
  mns_fen_split (101, (const int64_t[]){50, 30, 20}, 3, parts); /* 50.5, 30.3, 20.2: the first has the largest rest */
  assert_true (parts[0] == 51 && parts[1] == 30 && parts[2] == 20);
  mns_fen_split (99, (const int64_t[]){20, 30, 50}, 3, parts); /* 19.8, 29.7, 49.5 */
  assert_true (parts[0] == 20 && parts[1] == 30 && parts[2] == 49);
  mns_fen_split (7, (const int64_t[]){0, 5, 0}, 3, parts);
  assert_true (parts[0] == 0 && parts[1] == 7 && parts[2] == 0);
  mns_fen_split (0, (const int64_t[]){3, 4}, 2, parts);
  assert_true (parts[0] == 0 && parts[1] == 0);
  mns_fen_split (INT64_MAX, (const int64_t[]){INT64_MAX, INT64_MAX}, 2, parts);
  assert_true (parts[0] == INT64_MAX / 2 + 1 && parts[1] == INT64_MAX / 2);
}

/* Whatever the weights: the parts add up, and none is a whole fen away from its share. */
static void test_split_adds_up (void **state) {
  (void)state;
  uint64_t seed = 20260701;
  for (int round = 0; round < 20000; round++) {
    int64_t weights[12], sum = 0;
    mns_fen_t parts[12], total, added = 0;
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    size_t n = 1 + (seed >> 33) % 12;
    total = (mns_fen_t)(seed >> 35) % 1000000;
    for (size_t i = 0; i < n; i++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      weights[i] = (int64_t)(seed >> 40) % 100 + (i == 0);
      sum += weights[i];
    }
    mns_fen_split (total, weights, n, parts);
    for (size_t i = 0; i < n; i++) {
      int64_t off = parts[i] * sum - total * weights[i];
      assert_true (off > -sum && off < sum);
      added += parts[i];
    }
    assert_true (added == total);
  }
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_format),      cmocka_unit_test (test_parse_yuan),    cmocka_unit_test (test_parse_fen),
      cmocka_unit_test (test_split_known), cmocka_unit_test (test_split_adds_up),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
