/* Requests of a client. */
#include "client/client_private.h"

void mns_client_key (char key[MNS_KEY_SIZE]) {
  mns_uuid_t uuid = mns_uuid_new ();
  mns_uuid_format (&uuid, key);
}

/* No key: zero. */
static mns_rc_t read_key (const char *text, mns_uuid_t *key, mns_error_t *error) {
  *key = (mns_uuid_t){{0}};
  if (!text || !*text || mns_uuid_parse (text, key))
    return MNS_OK;
  return mns_fail (error, MNS_INVALID, "key", "'%s' is no key as mns_client_key makes them", text);
}

static const mns_reply_t *show (mns_client_t *client, uint64_t request) {
  const mns_head_t *head = &client->reply_head;
  client->reply = (mns_reply_t){.request = request,
                                .rc = (mns_rc_t)head->rc,
                                .where = head->where,
                                .detail = head->detail,
                                .body = {client->reply_body.data, client->reply_body.size},
                                .repeated = head->repeated == 1,
                                .producer = head->producer,
                                .producer_epoch = head->producer_epoch,
                                .number = head->number};
  return &client->reply;
}

mns_rc_t mns_client_request (mns_client_t *client, const char *command, const char *key, mns_value_t body,
                             int timeout_ms, const mns_reply_t **reply, mns_error_t *error) {
  mns_uuid_t uuid;
  mns_rc_t rc = mns_client_ready (client, error);
  if (rc == MNS_OK)
    rc = read_key (key, &uuid, error);
  if (rc != MNS_OK)
    return rc;
  mns_head_clear (&client->reply_head);
  rc = mns_bus_request (client->bus, command, &uuid, body.data, body.size, mns_client_timeout (timeout_ms),
                        &client->reply_body, &client->reply_head, error);
  const mns_reply_t *shown = show (client, client->reply_head.request);
  if (reply)
    *reply = shown;
  return mns_client_done (client, rc);
}

mns_rc_t mns_client_send (mns_client_t *client, const char *command, const char *key, mns_value_t body, int timeout_ms,
                          uint64_t *request, mns_error_t *error) {
  mns_uuid_t uuid;
  mns_rc_t rc = mns_client_ready (client, error);
  if (rc == MNS_OK)
    rc = read_key (key, &uuid, error);
  if (rc == MNS_OK)
    rc = mns_bus_send (client->bus, command, &uuid, body.data, body.size, mns_client_timeout (timeout_ms), request,
                       error);
  return rc == MNS_OK ? mns_client_done (client, rc) : rc;
}

mns_rc_t mns_client_take (mns_client_t *client, int timeout_ms, const mns_reply_t **reply, mns_error_t *error) {
  uint64_t request;
  mns_rc_t rc = mns_client_ready (client, error);
  if (rc != MNS_OK)
    return rc;
  rc = mns_bus_take (client->bus, mns_client_timeout (timeout_ms), &request, &client->reply_body, &client->reply_head,
                     error);
  if (rc == MNS_OK)
    *reply = show (client, request);
  return mns_client_done (client, rc);
}
