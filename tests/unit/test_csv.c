/* CSV: cells, lines and bytes of each row; broken rows told and passed over; columns by either name; writing. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "common/csv.h"
#include "tests/support/pet.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file of these bytes, in memory. */
static mns_rc_t open_bytes (mns_csv_reader_t **reader, const char *bytes, size_t size, mns_error_t *error) {
  char path[64];
  int descriptor = memfd_create ("csv", 0);
  assert_true (descriptor >= 0);
  assert_int_equal (write (descriptor, bytes, size), size);
  snprintf (path, sizeof path, "/proc/self/fd/%d", descriptor);
  mns_rc_t rc = mns_csv_open (reader, path, error);
  close (descriptor);
  return rc;
}

static mns_csv_reader_t *reader_of (const char *text) {
  mns_csv_reader_t *reader;
  assert_int_equal (open_bytes (&reader, text, strlen (text), NULL), MNS_OK);
  return reader;
}

static void assert_row (mns_csv_reader_t *reader, uint64_t line, uint64_t number, const char *raw, const char *cells) {
  mns_csv_row_t row;
  mns_error_t error;
  char joined[256] = "";
  if (mns_csv_next (reader, &row, &error) != MNS_OK)
    fail_msg ("%s: %s", raw, error.detail);
  for (size_t i = 0; i < row.count; i++) {
    strcat (joined, row.cells[i]);
    strcat (joined, "|");
  }
  assert_string_equal (joined, cells);
  assert_int_equal (row.line, line);
  assert_int_equal (row.row, number);
  assert_int_equal (row.raw_size, strlen (raw));
  assert_memory_equal (row.raw, raw, row.raw_size);
}

static void assert_broken (mns_csv_reader_t *reader, uint64_t line, const char *raw, const char *why) {
  mns_csv_row_t row;
  mns_error_t error;
  assert_int_equal (mns_csv_next (reader, &row, &error), MNS_INVALID);
  assert_int_equal (row.line, line);
  assert_int_equal (row.raw_size, strlen (raw));
  assert_memory_equal (row.raw, raw, row.raw_size);
  if (strstr (error.detail, why) == NULL)
    fail_msg ("%s: %s", raw, error.detail);
}

static void assert_end (mns_csv_reader_t *reader) {
  mns_csv_row_t row;
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_GONE);
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_GONE);
}

static void cells_lines_and_bytes (void **state) {
  (void)state;
  const char *text = "\xef\xbb\xbf"
                     "a,b,c\r\n"
                     "1,2,3\n"
                     " x ,\" y \" , \"z,z\" \r\n"
                     "\r\n"
                     "\n"
                     "\"one\ntwo\",\"\"\"q\"\"\",\n"
                     "名,,\"\"\n"
                     "last,1,2";
  mns_csv_reader_t *reader = reader_of (text);
  assert_int_equal (mns_csv_header (reader)->count, 3);
  assert_string_equal (mns_csv_header (reader)->cells[0], "a");
  assert_row (reader, 2, 1, "1,2,3", "1|2|3|");
  assert_row (reader, 3, 2, " x ,\" y \" , \"z,z\" ", "x|y|z,z|");
  assert_row (reader, 6, 3, "\"one\ntwo\",\"\"\"q\"\"\",", "one\ntwo|\"q\"||");
  assert_row (reader, 8, 4, "名,,\"\"", "名|||");
  assert_row (reader, 9, 5, "last,1,2", "last|1|2|");
  assert_int_equal (mns_csv_position (reader), strlen (text));
  assert_end (reader);
  assert_string_equal (mns_csv_header (reader)->cells[2], "c");
  mns_csv_destroy (&reader);
  assert_null (reader);
}

static void a_broken_row_is_told_and_the_next_line_is_read (void **state) {
  (void)state;
  mns_csv_reader_t *reader = reader_of ("a,b\n"
                                        "\"open,1\n"
                                        "2,good\n"
                                        "5\" pipe,3\r\n"
                                        "\"x\"y,4\n"
                                        "\"Zhang,5\n"
                                        "\"Li\",6\n"
                                        "7,8\n"
                                        "\"never closed,9\n"
                                        "10,11\n");
  assert_broken (reader, 2, "\"open,1", "behind the closing quote");
  assert_row (reader, 3, 2, "2,good", "2|good|");
  assert_broken (reader, 4, "5\" pipe,3", "does not begin with one");
  assert_broken (reader, 5, "\"x\"y,4", "behind the closing quote");
  assert_broken (reader, 6, "\"Zhang,5", "behind the closing quote");
  assert_row (reader, 7, 6, "\"Li\",6", "Li|6|");
  assert_row (reader, 8, 7, "7,8", "7|8|");
  assert_broken (reader, 9, "\"never closed,9", "not closed");
  assert_row (reader, 10, 9, "10,11", "10|11|");
  assert_end (reader);
  mns_csv_destroy (&reader);
}

static void too_many_cells_and_zero_bytes_are_broken (void **state) {
  (void)state;
  char text[256] = "a\n";
  for (int i = 0; i < 64; i++)
    strcat (text, ",");
  strcat (text, "\nz?z\nok\n");
  size_t size = strlen (text);
  *strchr (text, '?') = '\0';
  mns_csv_reader_t *reader;
  assert_int_equal (open_bytes (&reader, text, size, NULL), MNS_OK);
  mns_csv_row_t row;
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_INVALID);
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_INVALID);
  assert_int_equal (row.raw_size, 3);
  assert_row (reader, 4, 3, "ok", "ok|");
  mns_csv_destroy (&reader);
}

/* Lines around the bound: each is either given whole or told as too long, and the one behind it is read. */
static void long_rows_are_told (void **state) {
  (void)state;
  static const size_t sizes[] = {MNS_CSV_ROW_MAX - 1, MNS_CSV_ROW_MAX, MNS_CSV_ROW_MAX + 1, 3 * MNS_CSV_ROW_MAX,
                                 9 * MNS_CSV_ROW_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    char *text = malloc (sizes[i] + 16);
    memcpy (text, "a\n", 2);
    memset (text + 2, 'x', sizes[i]);
    memcpy (text + 2 + sizes[i], "\nnext\n", 6);
    mns_csv_reader_t *reader;
    mns_csv_row_t row;
    assert_int_equal (open_bytes (&reader, text, sizes[i] + 8, NULL), MNS_OK);
    mns_rc_t rc = mns_csv_next (reader, &row, NULL);
    assert_int_equal (rc, sizes[i] <= MNS_CSV_ROW_MAX ? MNS_OK : MNS_TOO_LONG);
    assert_int_equal (row.raw_size, sizes[i] <= MNS_CSV_ROW_MAX ? sizes[i] : MNS_CSV_ROW_MAX);
    assert_memory_equal (row.raw, text + 2, row.raw_size);
    assert_row (reader, 3, 2, "next", "next|");
    assert_int_equal (mns_csv_position (reader), sizes[i] + 8);
    assert_end (reader);
    mns_csv_destroy (&reader);
    free (text);
  }
}

/* More than the window holds: rows that lie across its borders are whole. */
static void many_rows_keep_their_numbers (void **state) {
  (void)state;
  enum { ROWS = 50000 };
  mns_buffer_t text = {0};
  mns_buffer_printf (&text, "n,t\n");
  for (int i = 1; i <= ROWS; i++)
    mns_buffer_printf (&text, "%d,\"row\n%d\"\n", i, i);
  mns_csv_reader_t *reader;
  mns_csv_row_t row;
  assert_int_equal (open_bytes (&reader, (const char *)text.data, text.size, NULL), MNS_OK);
  for (int i = 1; i <= ROWS; i++) {
    char number[16];
    snprintf (number, sizeof number, "%d", i);
    assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_OK);
    assert_string_equal (row.cells[0], number);
    assert_string_equal (row.cells[1] + 4, number);
    assert_int_equal (row.line, 2 * i);
  }
  assert_end (reader);
  mns_csv_destroy (&reader);
  mns_buffer_fini (&text);
}

static void what_is_no_csv_is_refused (void **state) {
  (void)state;
  mns_csv_reader_t *reader;
  mns_error_t error;
  assert_int_equal (mns_csv_open (&reader, "nowhere.csv", &error), MNS_NOT_FOUND);
  assert_int_equal (mns_csv_open (&reader, ".", &error), MNS_IO);
  assert_int_equal (open_bytes (&reader, "", 0, &error), MNS_INVALID);
  assert_int_equal (open_bytes (&reader, "\"a\n1\n", 5, &error), MNS_INVALID);
  assert_int_equal (open_bytes (&reader, "a,\xff\n1,2\n", 8, &error), MNS_BAD_UTF8);
  assert_null (reader);
}

static void other_kinds_of_file_get_advice (void **state) {
  (void)state;
  static const char *const files[][2] = {{"PK\x03\x04 and more", "spreadsheet (.xlsx)"},
                                         {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet (.xls)"},
                                         {"\xff\xfe\x20", "UTF-16"},
                                         {"\xfe\xff\x20", "UTF-16"},
                                         {"pet;name\n1;2\n", "not set apart by commas"},
                                         {"pet\tname\n1\t2\n", "not set apart by commas"}};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    mns_csv_reader_t *reader;
    mns_error_t error;
    assert_int_equal (open_bytes (&reader, files[i][0], strlen (files[i][0]), &error), MNS_INVALID);
    assert_non_null (strstr (error.detail, files[i][1]));
    assert_non_null (strstr (error.detail, "CSV UTF-8"));
  }
}

static void assert_cells (mns_csv_reader_t *reader, mns_rc_t expected, const char *cells) {
  mns_csv_row_t row;
  char joined[256] = "";
  assert_int_equal (mns_csv_next (reader, &row, NULL), expected);
  for (size_t i = 0; i < row.count; i++) {
    strcat (joined, row.cells[i]);
    strcat (joined, "|");
  }
  assert_string_equal (joined, cells);
}

/* 名,性别; 王,女; 㩷 (of four bytes) and 䶮 (of two, its own code point), a number; then a byte that is none. */
static void gb18030_is_found_out (void **state) {
  (void)state;
  mns_csv_reader_t *reader = reader_of ("\xc3\xfb,\xd0\xd4\xb1\xf0\r\n\xcd\xf5,\xc5\xae\n"
                                        "\x82\x31\x97\x33\xfe\x9f,1\n\xcd\xf5\xff,\"a\n\xb1\xf0\"\nplain,2\n");
  assert_string_equal (mns_csv_header (reader)->cells[0], "名");
  assert_string_equal (mns_csv_header (reader)->cells[1], "性别");
  assert_cells (reader, MNS_OK, "王|女|");
  assert_cells (reader, MNS_OK, "㩷䶮|1|");
  assert_cells (reader, MNS_BAD_UTF8, "王\\xFF|a\n别|");
  assert_cells (reader, MNS_OK, "plain|2|");
  assert_end (reader);
  mns_csv_destroy (&reader);
}

/* One line in another encoding does not change what the file is, not even the first that is not ASCII. */
static void most_lines_decide (void **state) {
  (void)state;
  mns_csv_reader_t *reader = reader_of ("a,b\n1,\xcd\xf5\n2,王\n3,李\n");
  assert_cells (reader, MNS_BAD_UTF8, "1|\\xCD\\xF5|");
  assert_cells (reader, MNS_OK, "2|王|");
  mns_csv_destroy (&reader);
  reader = reader_of ("a,b\n1,王\n2,\xcd\xf5\n3,\xc0\xee\n");
  mns_csv_row_t row;
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_BAD_UTF8); /* three bytes: one character and a half */
  assert_cells (reader, MNS_OK, "2|王|");
  assert_cells (reader, MNS_OK, "3|李|");
  mns_csv_destroy (&reader);
}

static void a_broken_row_has_pieces (void **state) {
  (void)state;
  mns_csv_reader_t *reader = reader_of ("a,b\nx,\"y\nz,\xcd\xf5\"q\n1,2\n");
  assert_cells (reader, MNS_INVALID, "x|\"y|");
  assert_cells (reader, MNS_INVALID, "z|王\"q|");
  assert_cells (reader, MNS_OK, "1|2|");
  mns_csv_destroy (&reader);
}

/* Blanks around a cell go, full-width figures are figures, what nobody can see is refused inside a name. */
static void cells_as_they_are_typed (void **state) {
  (void)state;
  mns_csv_reader_t *reader = reader_of ("pet,birth,sex\n\xe3\x80\x80７\xc2\xa0,２０２４－０２－２９,　女\xe2\x80\x8b\n"
                                        "'8,'20240229,\n");
  mns_csv_map_t map = {.type = &mns_row_type, .count = 3};
  mns_csv_row_t row;
  mns_row_t record;
  for (size_t i = 0; i < 3; i++)
    map.fields[i] = mns_record_field (&mns_row_type, mns_csv_header (reader)->cells[i]);
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_OK);
  assert_int_equal (mns_csv_read (&map, &row, &record, NULL), MNS_MISSING); /* the name alone */
  assert_int_equal (record.pet, 7);
  assert_int_equal (record.birth, 20240229);
  assert_int_equal (record.sex, 3);
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_OK);
  assert_int_equal (mns_csv_read (&map, &row, &record, NULL), MNS_MISSING);
  assert_int_equal (record.pet, 8);
  mns_csv_destroy (&reader);
}

static mns_csv_map_t map_of (mns_csv_reader_t *reader) {
  mns_csv_map_t map;
  mns_error_t error;
  if (mns_csv_map (&map, &mns_row_type, mns_csv_header (reader), &error) != MNS_OK)
    fail_msg ("%s", error.detail);
  return map;
}

static void columns_go_by_either_name_in_any_order (void **state) {
  (void)state;
  mns_csv_reader_t *reader =
      reader_of ("名字,pet,性别,birth,价格\n阿黄,7,女,2024/2/29,60000\n,8,,,\n9,9,1,,600.00\n9,9\n");
  mns_csv_map_t map = map_of (reader);
  mns_csv_row_t row;
  mns_row_t record;
  mns_error_t error;
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_OK);
  assert_int_equal (mns_csv_read (&map, &row, &record, NULL), MNS_OK);
  assert_int_equal (record.pet, 7);
  assert_string_equal (record.name, "阿黄");
  assert_int_equal (record.sex, 3);
  assert_int_equal (record.birth, 20240229);
  assert_int_equal (record.price, 60000);
  assert_true (record.legs == MNS_NONE);
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_OK);
  assert_int_equal (mns_csv_read (&map, &row, &record, &error), MNS_MISSING);
  assert_string_equal (error.where, "name");
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_OK);
  assert_int_equal (mns_csv_read (&map, &row, &record, &error), MNS_INVALID);
  assert_string_equal (error.where, "price");
  assert_int_equal (mns_csv_next (reader, &row, NULL), MNS_OK);
  assert_int_equal (mns_csv_read (&map, &row, &record, &error), MNS_INVALID);
  assert_string_equal (error.detail, "the row has 2 cells, the header has 5");
  mns_csv_destroy (&reader);
}

static void all_that_is_wrong_with_a_header_is_told_at_once (void **state) {
  (void)state;
  mns_csv_reader_t *reader = reader_of ("sex,colour,性别,,home\n");
  mns_csv_map_t map;
  mns_error_t error;
  assert_int_equal (mns_csv_map (&map, &mns_row_type, mns_csv_header (reader), &error), MNS_INVALID);
  assert_string_equal (error.detail, "unknown columns: colour, (no name); repeated columns: 性别; missing columns: pet "
                                     "(编号), name (名字)");
  mns_csv_destroy (&reader);
}

static void what_is_written_is_read_again (void **state) {
  (void)state;
  mns_row_t row = row_sample (), again;
  strcpy (row.name, "a \"b\", c\nd");
  mns_buffer_t out = {0};
  mns_csv_write_header (&mns_row_type, &out);
  mns_csv_write (&mns_row_type, &row, &out);
  mns_csv_reader_t *reader;
  mns_csv_row_t cells;
  assert_int_equal (open_bytes (&reader, (const char *)out.data, out.size, NULL), MNS_OK);
  mns_csv_map_t map = map_of (reader);
  assert_int_equal (mns_csv_next (reader, &cells, NULL), MNS_OK);
  assert_int_equal (mns_csv_read (&map, &cells, &again, NULL), MNS_OK);
  assert_true (mns_record_equal (&mns_row_type, &row, &again));
  mns_csv_destroy (&reader);
  mns_buffer_fini (&out);
}

static void cells_are_quoted_only_where_needed (void **state) {
  (void)state;
  mns_buffer_t out = {0};
  mns_csv_write_cell ("plain", false, &out);
  mns_csv_write_cell ("=1+1", false, &out);
  mns_csv_write_cell ("", false, &out);
  mns_csv_write_cell ("a,b", false, &out);
  mns_csv_write_cell (" a", false, &out);
  mns_csv_write_cell ("\"", true, &out);
  const char *expected = "plain,=1+1,,\"a,b\",\" a\",\"\"\"\"\n";
  assert_int_equal (out.size, strlen (expected));
  assert_memory_equal (out.data, expected, out.size);
  mns_buffer_clear (&out);
  mns_csv_write_header (&mns_pet_type, &out);
  expected = "pet,name,sex,legs,price,birth,seen,home,chip,phone\n";
  assert_int_equal (out.size, strlen (expected));
  assert_memory_equal (out.data, expected, out.size);
  mns_buffer_fini (&out);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (cells_lines_and_bytes),
      cmocka_unit_test (a_broken_row_is_told_and_the_next_line_is_read),
      cmocka_unit_test (too_many_cells_and_zero_bytes_are_broken),
      cmocka_unit_test (long_rows_are_told),
      cmocka_unit_test (many_rows_keep_their_numbers),
      cmocka_unit_test (what_is_no_csv_is_refused),
      cmocka_unit_test (other_kinds_of_file_get_advice),
      cmocka_unit_test (gb18030_is_found_out),
      cmocka_unit_test (most_lines_decide),
      cmocka_unit_test (a_broken_row_has_pieces),
      cmocka_unit_test (cells_as_they_are_typed),
      cmocka_unit_test (columns_go_by_either_name_in_any_order),
      cmocka_unit_test (all_that_is_wrong_with_a_header_is_told_at_once),
      cmocka_unit_test (what_is_written_is_read_again),
      cmocka_unit_test (cells_are_quoted_only_where_needed),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
