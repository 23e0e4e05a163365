/* F0 and F1 from a stranger: whatever the bytes, the head is refused or read; what was read goes round. */
#include "common/wire.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  static mns_buffer_t bytes;
  mns_error_t error;
  mns_head_t head, back;
  if (size >= 4)
    mns_frame_read_kind (data, 4);
  if (mns_head_unpack (&head, data, size, &error) != MNS_OK)
    return 0;
  mns_head_pack (&head, &bytes);
  assert (mns_head_unpack (&back, bytes.data, bytes.size, &error) == MNS_OK);
  assert (memcmp (&head, &back, sizeof head) == 0);
  return 0;
}
