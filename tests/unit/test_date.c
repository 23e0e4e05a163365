/* Civil dates and instants: every day there is, ages, offsets, and what may and may not be written as a date. */
#include "common/clock.h"
#include "common/date.h"
#include "tests/support/test.h"

#define BEIJING (8 * 3600)

/* Counts through all years by the calendar's own rule, beside the arithmetic under test. */
static void test_every_day_goes_round (void **state) {
  (void)state;
  int32_t number = 0;
  for (int year = 1; year <= 9999; year++)
    for (int month = 1; month <= 12; month++) {
      int length = month == 2 ? 28 : 30 + ((month + month / 8) & 1);
      if (month == 2 && year % 4 == 0 && (year % 100 || year % 400 == 0))
        length = 29;
      assert_int_equal (mns_date_last_of_month (year * 100 + month), year * 10000 + month * 100 + length);
      for (int day = 1; day <= length; day++) {
        mns_date_t date = year * 10000 + month * 100 + day;
        number++;
        if (mns_date_day_number (date) != number || mns_date_from_day_number (number) != date)
          fail_msg ("day %d is not %d", number, date);
      }
      assert_false (mns_date_valid (year * 10000 + month * 100 + length + 1));
    }
  assert_int_equal (number, 3652059);
  assert_int_equal (mns_date_from_day_number (0), 0);
  assert_int_equal (mns_date_from_day_number (number + 1), 0);
}

static void test_what_is_no_date (void **state) {
  (void)state;
  static const mns_date_t wrong[] = {0,        -20260701, 20260229, 19000229, 20261301,
                                     20260001, 20260100,  20260431, 101,      100000101};
  for (size_t i = 0; i < COUNT_OF (wrong); i++) {
    assert_false (mns_date_valid (wrong[i]));
    assert_int_equal (mns_date_day_number (wrong[i]), 0);
    assert_int_equal (mns_date_add_days (wrong[i], 1), 0);
  }
  assert_int_equal (mns_date_make (2024, 2, 29), 20240229);
  assert_int_equal (mns_date_make (10000, 1, 1), 0);
  assert_int_equal (mns_date_make (0, 1, 1), 0);
}

static void test_arithmetic (void **state) {
  (void)state;
  assert_int_equal (mns_date_add_days (20240228, 1), 20240229);
  assert_int_equal (mns_date_add_days (20230228, 1), 20230301);
  assert_int_equal (mns_date_add_days (20260101, -1), 20251231);
  assert_int_equal (mns_date_add_days (20260101, INT32_MAX), 0);
  assert_int_equal (mns_date_add_days (20260101, INT32_MIN), 0);
  assert_int_equal (mns_date_days_between (20240101, 20250101), 366);
  assert_int_equal (mns_date_days_between (20250101, 20240101), -366);
  assert_int_equal (mns_month_add (202601, -1), 202512);
  assert_int_equal (mns_month_add (202612, 1), 202701);
  assert_int_equal (mns_month_add (202607, -24), 202407);
  assert_int_equal (mns_month_add (101, -1), 0);
  assert_int_equal (mns_month_add (999912, 1), 0);
  assert_int_equal (mns_month_add (202613, 1), 0);
  assert_int_equal (mns_month_add (202601, INT32_MAX), 0);
}

static void test_born (void **state) {
  (void)state;
  static const mns_date_t days[] = {20260228, 20260227, 20240229, 20240228, 20260301, 20260701, 20231231};
  for (size_t i = 0; i < sizeof days / sizeof *days; i++)
    for (int years = 0; years < 120; years++) {
      mns_date_t born = mns_date_born (days[i], years);
      assert_true (mns_date_valid (born));
      assert_int_equal (mns_date_age (born, days[i]), years);
      if (born < days[i])
        assert_int_equal (mns_date_age (mns_date_add_days (born, 1), days[i]), years - 1);
    }
}

static void test_ages (void **state) {
  (void)state;
  static const struct {
    mns_date_t birth, day;
    int age;
  } rows[] = {
      {19660701, 20260630, 59}, {19660701, 20260701, 60},  {20260701, 20260701, 0}, {20260701, 20270630, 0},
      {20000229, 20010227, 0},  {20000229, 20010228, 1},   {20000229, 20040228, 3}, {20000229, 20040229, 4},
      {20260702, 20260701, -1}, {19000101, 20260101, 126},
  };
  for (size_t i = 0; i < COUNT_OF (rows); i++)
    assert_int_equal (mns_date_age (rows[i].birth, rows[i].day), rows[i].age);
}

static void test_parse_strict (void **state) {
  (void)state;
  static const char *const wrong[] = {
      "",           "2026-7-1",    "2026-07-1",   "20260701",    "2026-07-01 ", " 2026-07-01", "2026-02-29",
      "2026/07/01", "2026-07-01x", "-2026-07-01", "02026-07-01", "2026-+7-01",  "0000-01-01",  "２０２６-07-01"};
  mns_date_t date = 1;
  for (size_t i = 0; i < COUNT_OF (wrong); i++)
    assert_false (mns_date_parse (wrong[i], &date));
  assert_false (mns_date_parse (NULL, &date));
  assert_int_equal (date, 1);
  assert_true (mns_date_parse ("2026-07-01", &date));
  assert_int_equal (date, 20260701);
}

static void test_parse_loose (void **state) {
  (void)state;
  static const char *const right[] = {"2026-07-01", "2026-7-1",   "20260701",     "2026/7/1",      "2026/07/01",
                                      "2026.7.1",   "2026.07.01", "2026年7月1日", "2026年07月01日"};
  static const char *const wrong[] = {"2026/7-1",  "2026071",  "202607011", "26/7/1", "2026年7月1", "2026/7/32",
                                      "2026/2/29", "1/7/2026", "2026/7/1/", "七月",   "2026-7-001"};
  mns_date_t date;
  for (size_t i = 0; i < COUNT_OF (right); i++) {
    date = 0;
    assert_true (mns_date_parse_loose (right[i], &date));
    assert_int_equal (date, 20260701);
  }
  for (size_t i = 0; i < COUNT_OF (wrong); i++)
    assert_false (mns_date_parse_loose (wrong[i], &date));
}

static void test_format (void **state) {
  (void)state;
  char text[MNS_DATE_TEXT];
  mns_date_format (20260701, text);
  assert_string_equal (text, "2026-07-01");
  mns_date_format (10101, text);
  assert_string_equal (text, "0001-01-01");
  mns_date_format (0, text);
  assert_string_equal (text, "");
}

static void test_instants (void **state) {
  (void)state;
  static const struct {
    const char *text;
    mns_time_t time;
    const char *utc;
  } rows[] = {
      {"2026-07-01T00:00:00Z", INT64_C (1782864000000000), "2026-07-01T00:00:00.000000Z"},
      {"2026-07-01T00:00:00+08:00", INT64_C (1782835200000000), "2026-06-30T16:00:00.000000Z"},
      {"2026-07-01t23:59:59.5-01:30", INT64_C (1782955799500000), "2026-07-02T01:29:59.500000Z"},
      {"1969-12-31 23:59:59.9999999z", -1, "1969-12-31T23:59:59.999999Z"},
      {"1900-01-01T00:00:00.000001Z", INT64_C (-2208988799999999), "1900-01-01T00:00:00.000001Z"},
  };
  for (size_t i = 0; i < COUNT_OF (rows); i++) {
    char text[MNS_TIME_TEXT];
    mns_time_t time = 0;
    assert_true (mns_time_parse (rows[i].text, &time));
    assert_true (time == rows[i].time);
    mns_time_format (time, text);
    assert_string_equal (text, rows[i].utc);
  }
}

static void test_what_is_no_instant (void **state) {
  (void)state;
  static const char *const wrong[] = {"",
                                      "2026-07-01",
                                      "2026-07-01T00:00:00",
                                      "2026-07-01T00:00Z",
                                      "2026-07-01T24:00:00Z",
                                      "2026-07-01T00:60:00Z",
                                      "2026-07-01T00:00:60Z",
                                      "2026-07-01T00:00:00.Z",
                                      "2026-07-01T00:00:00+0800",
                                      "2026-07-01T00:00:00+24:00",
                                      "2026-07-01T00:00:00Zx",
                                      "2026-02-30T00:00:00Z"};
  mns_time_t time = 7;
  for (size_t i = 0; i < COUNT_OF (wrong); i++)
    assert_false (mns_time_parse (wrong[i], &time));
  assert_false (mns_time_parse (NULL, &time));
  assert_true (time == 7);
}

static void test_day_of_an_instant (void **state) {
  (void)state;
  mns_time_t start = mns_date_start (20260701, BEIJING);
  assert_int_equal (mns_time_date (start, BEIJING), 20260701);
  assert_int_equal (mns_time_date (start - 1, BEIJING), 20260630);
  assert_int_equal (mns_time_date (start, 0), 20260630);
  assert_int_equal (mns_time_date (-1, 0), 19691231);
  assert_int_equal (mns_time_date (0, BEIJING), 0);
  assert_true (mns_date_start (0, BEIJING) == 0);
  assert_int_equal (mns_time_date (INT64_MAX, 0), 0);
  assert_int_equal (mns_time_date (INT64_MIN, -BEIJING), 0);
}

static mns_time_t fixed_wall (void) {
  return INT64_C (1782835199999999);
}

static void test_clock (void **state) {
  (void)state;
  mns_clock_t real = mns_clock;
  mns_time_t before = mns_clock.wall ();
  mns_clock_set_offset (86400);
  assert_true (mns_clock.wall () - before >= INT64_C (86400000000));
  mns_clock_set_offset (0);
  assert_true (mns_clock.monotonic_ms () <= mns_clock.monotonic_ms ());
  mns_clock.wall = fixed_wall;
  assert_int_equal (mns_clock_today (BEIJING), 20260630);
  mns_clock = real;
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_every_day_goes_round),
      cmocka_unit_test (test_what_is_no_date),
      cmocka_unit_test (test_arithmetic),
      cmocka_unit_test (test_born),
      cmocka_unit_test (test_ages),
      cmocka_unit_test (test_parse_strict),
      cmocka_unit_test (test_parse_loose),
      cmocka_unit_test (test_format),
      cmocka_unit_test (test_instants),
      cmocka_unit_test (test_what_is_no_instant),
      cmocka_unit_test (test_day_of_an_instant),
      cmocka_unit_test (test_clock),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
