/* Any bytes as a CSV file: reading ends, every byte of the file is in exactly one row or empty line, and a row that is
 * taken as a record is written and read again as the same. */
#include "common/csv.h"
#include "common/text.h"
#include "tests/support/pet.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file in memory, rewritten for each input. */
static const char *path_of_input (const uint8_t *data, size_t size) {
  static char path[64];
  static int descriptor = -1;
  if (descriptor < 0) {
    descriptor = memfd_create ("csv", 0);
    snprintf (path, sizeof path, "/proc/self/fd/%d", descriptor);
  }
  assert (ftruncate (descriptor, 0) == 0);
  assert (pwrite (descriptor, data, size, 0) == (ssize_t)size);
  return path;
}

static void check_record (const mns_csv_map_t *map, const mns_csv_row_t *row) {
  mns_row_t record;
  if (mns_csv_read (map, row, &record, NULL) == MNS_OK)
    assert (mns_record_validate (&mns_row_type, &record, NULL) == MNS_OK);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  mns_csv_reader_t *reader;
  if (mns_csv_open (&reader, path_of_input (data, size), NULL) != MNS_OK)
    return 0;
  mns_csv_map_t map;
  bool mapped = mns_csv_map (&map, &mns_row_type, mns_csv_header (reader), NULL) == MNS_OK;
  uint64_t row_number = 0, line = 1, position = mns_csv_position (reader);
  mns_csv_row_t row;
  for (mns_rc_t rc = mns_csv_next (reader, &row, NULL); rc != MNS_GONE; rc = mns_csv_next (reader, &row, NULL)) {
    assert (row.row == ++row_number && row.line > line);
    assert (mns_csv_position (reader) > position);
    line = row.line;
    position = mns_csv_position (reader);
    for (size_t i = 0; i < row.count; i++) {
      size_t cell = strlen (row.cells[i]);
      assert (cell <= 4 * row.raw_size); /* a byte that is no character has four: "\xB5" */
      assert (mns_text_valid (row.cells[i], cell));
    }
    if (rc == MNS_OK && mapped)
      check_record (&map, &row);
  }
  assert (mns_csv_position (reader) == size);
  mns_csv_destroy (&reader);
  return 0;
}
