/* A sequence of records from a stranger: whatever the bytes, each is refused or read within its bounds; one that was
 * accepted can be stamped, filtered and chained without looking again. */
#include "common/wire.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void use (const mns_event_t *event) {
  mns_event_t again;
  size_t used, topic_size;
  mns_error_t error;
  uint8_t *copy = malloc (event->size); /* exact, so that the sanitizer sees one byte too many */
  memcpy (copy, event->bytes, event->size);
  assert (mns_event_size (copy) == event->size);
  const char *topic = mns_event_topic (copy, &topic_size);
  assert (topic_size == event->topic_size && memcmp (topic, event->topic, topic_size) == 0);
  uint64_t chain = mns_chain (1, copy, event->size);
  mns_event_stamp (copy, 7, 8, 9);
  assert (mns_chain (1, copy, event->size) == chain);
  assert (mns_event_unpack (&again, copy, event->size, &used, &error) == MNS_OK && used == event->size);
  assert (again.log_number == 7 && again.recorded == 8 && again.log_epoch == 9);
  mns_topic_check (event->topic, event->topic_size, &error);
  free (copy);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  mns_error_t error;
  mns_event_t event;
  size_t used;
  while (size > 0 && mns_event_unpack (&event, data, size, &used, &error) == MNS_OK) {
    assert (used > 0 && used <= size);
    assert (event.body + event.body_size == event.bytes + event.size);
    use (&event);
    data += used;
    size -= used;
  }
  return 0;
}
