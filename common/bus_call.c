/* What programs of the house have beyond the bus client itself: the context of the process, and records as arguments.
 */
#include "common/bus_private.h"
#include <czmq.h>

mns_rc_t mns_bus_new (mns_bus_t **bus, const mns_config_t *config, const char *account, int timeout_ms,
                      mns_error_t *error) {
  const mns_bus_options_t options = {.context = zsys_init (), .account = account};
  return mns_bus_open (bus, config, &options, timeout_ms, error);
}

mns_rc_t mns_bus_call (mns_bus_t *bus, const char *command, const mns_uuid_t *key, const mns_record_type_t *in_type,
                       const void *in, const mns_record_type_t *out_type, void *out, mns_error_t *error) {
  mns_buffer_t body = {0}, reply = {0};
  size_t used;
  if (in_type)
    mns_record_pack (in_type, in, &body);
  if (out_type)
    mns_record_clear (out_type, out);
  mns_rc_t rc = mns_bus_request (bus, command, key, body.data, body.size, MNS_BUS_CALL_MS, &reply, NULL, error);
  if (rc == MNS_OK && out_type && reply.size > 0)
    rc = mns_record_unpack (out_type, out, reply.data, reply.size, &used, error);
  else if (rc == MNS_OK && out_type)
    rc = mns_fail (error, MNS_NOT_FOUND, command, "the answer has no record");
  mns_buffer_fini (&body);
  mns_buffer_fini (&reply);
  return rc;
}
