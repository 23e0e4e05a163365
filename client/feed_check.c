/* Counting what came over the feed. */
#include "client/feed_check.h"
#include "common/buffer.h"
#include <stdlib.h>
#include <string.h>

void mns_feed_check_fini (mns_feed_check_t *check) {
  free (check->numbers);
  *check = (mns_feed_check_t){0};
}

/* Repeated ones are among the last that came, or have been read from the log. */
static bool has (const mns_feed_check_t *check, uint64_t number) {
  for (size_t i = check->count; i-- > 0;)
    if (check->numbers[i] == number)
      return true;
  return false;
}

bool mns_feed_check_got (mns_feed_check_t *check, uint64_t number) {
  bool old = check->known && number <= check->after;
  bool later = check->count == 0 || number > check->numbers[check->count - 1];
  if (old || (!later && has (check, number)))
    return false;
  if (check->count == MNS_FEED_CHECK_MAX)
    return true;
  if (check->count == check->capacity) {
    check->capacity = check->capacity > 0 ? check->capacity * 2 : 256;
    check->numbers = mns_realloc (check->numbers, check->capacity * sizeof *check->numbers);
  }
  check->numbers[check->count++] = number;
  return true;
}

void mns_feed_check_done (mns_feed_check_t *check, uint64_t number) {
  size_t kept = 0;
  for (size_t i = 0; i < check->count; i++)
    if (check->numbers[i] > number)
      check->numbers[kept++] = check->numbers[i];
  check->count = kept;
  check->after = number;
  check->moved = check->moved && number < check->to;
}

/* A prefix that a topic of this stream can begin with. */
static bool wanted (const char *stream, const char *const *prefixes, size_t count) {
  size_t size = strlen (stream);
  for (size_t i = 0; i < count; i++) {
    size_t part = strcspn (prefixes[i], ".");
    if (strncmp (prefixes[i], stream, part) == 0 && (part == size || !prefixes[i][part]))
      return true;
  }
  return false;
}

bool mns_feed_check_tick (mns_feed_check_t *check, mns_value_t tick, const char *const *prefixes, size_t count) {
  static const char *const streams[] = {"open", "places", "catalogue", "system"};
  uint64_t epoch = (uint64_t)mns_value_get_int (tick, "log_epoch", 0);
  uint64_t number = (uint64_t)mns_value_get_int (tick, "log_number", 0);
  bool same = !check->known || epoch == check->epoch;
  if (!check->known || !same) {
    check->known = true;
    check->epoch = epoch;
    check->to = number;
    check->moved = false;
    mns_feed_check_done (check, number);
    return same;
  }
  if (number > check->to)
    check->to = number;
  for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
    if ((uint64_t)mns_value_get_int (tick, streams[i], 0) > check->after && wanted (streams[i], prefixes, count))
      check->moved = true;
  if (!check->moved)
    mns_feed_check_done (check, check->to);
  return true;
}

bool mns_feed_check_due (const mns_feed_check_t *check, uint64_t *count, uint64_t *sum) {
  *count = *sum = 0;
  for (size_t i = 0; i < check->count; i++)
    if (check->numbers[i] <= check->to) {
      ++*count;
      *sum += check->numbers[i];
    }
  return check->known && check->moved && check->to > check->after;
}
