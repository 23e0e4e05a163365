/* A MessagePack packer over a buffer. Internal to the wire_*.c files. */
#ifndef MNS_COMMON_WIRE_WRITE_H
#define MNS_COMMON_WIRE_WRITE_H

#include "common/buffer.h"
#include <msgpack.h>
#include <string.h>

static inline int mns_write_bytes (void *buffer, const char *data, size_t size) {
  mns_buffer_add (buffer, data, size);
  return 0;
}

static inline void mns_write_str (msgpack_packer *packer, const char *text, size_t size) {
  msgpack_pack_str (packer, size);
  msgpack_pack_str_body (packer, text, size);
}

static inline void mns_write_bin (msgpack_packer *packer, const void *data, size_t size) {
  msgpack_pack_bin (packer, size);
  msgpack_pack_bin_body (packer, data, size);
}

#endif
