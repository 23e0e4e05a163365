/* Writing MessagePack into a buffer, each number in its shortest form (as msgpack-c does, to the byte). */
#ifndef MNS_COMMON_PACK_H
#define MNS_COMMON_PACK_H

#include "common/buffer.h"

void mns_pack_uint (mns_buffer_t *out, uint64_t value);
void mns_pack_int (mns_buffer_t *out, int64_t value);
void mns_pack_text (mns_buffer_t *out, const char *text, size_t size);
void mns_pack_bytes (mns_buffer_t *out, const void *bytes, size_t size);
void mns_pack_array (mns_buffer_t *out, uint32_t items); /* then pack the items */
void mns_pack_map (mns_buffer_t *out, uint32_t pairs);   /* then pack name, value, name, value … */

#endif
