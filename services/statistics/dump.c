/* Dumps in temporary files. */
#include "services/statistics/dump.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"

#define KEPT_US (10 * 60 * INT64_C (1000000))

static mns_rc_t write_error (void) {
  return errno == ENOSPC || errno == EDQUOT ? MNS_DISK_FULL : MNS_IO;
}

void statistics_dump_drop (statistics_dump_t *dump) {
  if (!dump->kind)
    return;
  close (dump->file);
  free (dump->ends);
  mns_buffer_fini (&dump->page);
  *dump = (statistics_dump_t){0};
}

void statistics_dumps_fini (statistics_dumps_t *dumps) {
  for (int i = 0; i < STATISTICS_DUMPS; i++)
    statistics_dump_drop (&dumps->slots[i]);
}

statistics_dump_t *statistics_dump_find (statistics_dumps_t *dumps, statistics_dump_kind_t kind, const char *account,
                                         mns_time_t now) {
  statistics_dump_t *found = NULL;
  for (int i = 0; i < STATISTICS_DUMPS; i++) {
    statistics_dump_t *dump = &dumps->slots[i];
    if (dump->kind && now - dump->used > KEPT_US)
      statistics_dump_drop (dump);
    if (dump->kind == kind && strcmp (dump->account, account) == 0)
      found = dump;
  }
  if (found)
    found->used = now;
  return found;
}

static statistics_dump_t *free_slot (statistics_dumps_t *dumps) {
  statistics_dump_t *oldest = &dumps->slots[0];
  for (int i = 0; i < STATISTICS_DUMPS; i++) {
    if (!dumps->slots[i].kind)
      return &dumps->slots[i];
    if (dumps->slots[i].used < oldest->used)
      oldest = &dumps->slots[i];
  }
  statistics_dump_drop (oldest);
  return oldest;
}

mns_rc_t statistics_dump_begin (statistics_dumps_t *dumps, statistics_dump_kind_t kind, const char *account,
                                const char *folder, size_t page_max, mns_time_t now, statistics_dump_t **out,
                                mns_error_t *error) {
  statistics_dump_t *dump = statistics_dump_find (dumps, kind, account, now);
  if (dump)
    statistics_dump_drop (dump);
  else
    dump = free_slot (dumps);
  char path[320];
  snprintf (path, sizeof path, "%s/dump-XXXXXX", folder);
  int file = mkstemp (path);
  if (file < 0)
    return mns_fail (error, write_error (), folder, "no temporary file can be made here: %s", strerror (errno));
  unlink (path);
  *dump = (statistics_dump_t){.kind = kind, .file = file, .used = now, .page_max = page_max};
  mns_text_copy (dump->account, sizeof dump->account, account);
  *out = dump;
  return MNS_OK;
}

static mns_rc_t write_page (statistics_dump_t *dump) {
  for (size_t done = 0; done < dump->page.size;) {
    ssize_t n = write (dump->file, dump->page.data + done, dump->page.size - done);
    if (n < 0 && errno != EINTR)
      return write_error ();
    done += n > 0 ? (size_t)n : 0;
  }
  if (dump->page_count == dump->page_capacity) {
    dump->page_capacity = dump->page_capacity ? dump->page_capacity * 2 : 64;
    dump->ends = mns_realloc (dump->ends, dump->page_capacity * sizeof (uint64_t));
  }
  dump->bytes += dump->page.size;
  dump->ends[dump->page_count++] = dump->bytes;
  mns_buffer_clear (&dump->page);
  return MNS_OK;
}

mns_rc_t statistics_dump_add (statistics_dump_t *dump, const void *piece, size_t size) {
  mns_rc_t rc = MNS_OK;
  if (dump->page.size && dump->page.size + size > dump->page_max)
    rc = write_page (dump);
  mns_buffer_add (&dump->page, piece, size);
  return rc;
}

mns_rc_t statistics_dump_end (statistics_dump_t *dump) {
  mns_rc_t rc = dump->page.size || !dump->page_count ? write_page (dump) : MNS_OK;
  mns_buffer_fini (&dump->page);
  return rc;
}

mns_rc_t statistics_dump_read (const statistics_dump_t *dump, uint64_t page, mns_buffer_t *out) {
  mns_buffer_clear (out);
  if (page < 1 || page > dump->page_count)
    return MNS_NOT_FOUND;
  uint64_t start = page == 1 ? 0 : dump->ends[page - 2];
  size_t size = (size_t)(dump->ends[page - 1] - start);
  uint8_t *target = mns_buffer_reserve (out, size);
  for (size_t done = 0; done < size;) {
    ssize_t n = pread (dump->file, target + done, size - done, (off_t)(start + done));
    if (n == 0 || (n < 0 && errno != EINTR))
      return MNS_IO;
    done += n > 0 ? (size_t)n : 0;
  }
  out->size = size;
  return MNS_OK;
}
