/* Counting what came over the feed. */
#include "client/feed_check.h"
#include "common/buffer.h"
#include <stdlib.h>
#include <string.h>

void mns_feed_check_fini (mns_feed_check_t *check) {
  free (check->numbers);
  *check = (mns_feed_check_t){0};
}

bool mns_feed_check_has (const mns_feed_check_t *check, uint64_t number) {
  size_t low = 0, high = check->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (check->numbers[middle] < number)
      low = middle + 1;
    else
      high = middle;
  }
  return number <= check->after || (low < check->count && check->numbers[low] == number);
}

bool mns_feed_check_got (mns_feed_check_t *check, uint64_t number) {
  if (number <= check->after || (check->count > 0 && number <= check->numbers[check->count - 1]))
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
    check->count = same ? check->count : 0;
    uint64_t first = same && check->count > 0 ? check->numbers[0] - 1 : number;
    check->known = true;
    check->epoch = epoch;
    check->to = number;
    check->moved = false;
    mns_feed_check_done (check, first < number ? first : number);
  }
  if (number > check->to)
    check->to = number;
  for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
    if ((uint64_t)mns_value_get_int (tick, streams[i], 0) > check->after && wanted (streams[i], prefixes, count))
      check->moved = true;
  if (!check->moved)
    mns_feed_check_done (check, check->to);
  return same;
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
