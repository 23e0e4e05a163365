/* A client's life: settings, connection, the descriptor for event loops. */
#include "client/client_private.h"
#include "common/keys.h"
#include "common/text.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

const char *mns_client_version (void) {
  return MNS_VERSION;
}

static void set (mns_client_t *client, const char *name, char *target, size_t size, const char *text) {
  if (!mns_text_copy (target, size, text ? text : "") && client->wrong.rc == MNS_OK)
    mns_fail (&client->wrong, MNS_TOO_LONG, name, "%zu bytes where at most %zu are allowed", strlen (text), size - 1);
}

mns_client_t *mns_client_new (const char *endpoint) {
  mns_client_t *client = mns_alloc (sizeof *client);
  client->process = getpid ();
  client->context = zmq_ctx_new ();
  if (!client->context)
    mns_fail (&client->wrong, MNS_INTERNAL, "", "ZeroMQ cannot begin: %s", zmq_strerror (zmq_errno ()));
  set (client, "endpoint", client->config.bus, sizeof client->config.bus, endpoint);
  return client;
}

void mns_client_destroy (mns_client_t **owner) {
  mns_client_t *client = *owner;
  *owner = NULL;
  if (!client || client->process != getpid ())
    return;
  mns_bus_destroy (&client->bus);
  mns_wakeup_fini (&client->wakeup);
  if (client->context)
    zmq_ctx_term (client->context);
  mns_buffer_fini (&client->reply_body);
  free (client);
}

mns_rc_t mns_client_make_keys (const char *key_file, char public_key[MNS_PUBLIC_KEY_SIZE], mns_error_t *error) {
  mns_keys_t keys = {0};
  mns_rc_t rc = mns_keys_make (&keys, error);
  if (rc == MNS_OK)
    rc = mns_keys_save (&keys, key_file, error);
  mns_text_copy (public_key, MNS_PUBLIC_KEY_SIZE, rc == MNS_OK ? keys.public_key : "");
  mns_keys_clear (&keys);
  return rc;
}

void mns_client_set_keys (mns_client_t *client, const char *broker_key, const char *key_file) {
  set (client, "broker_key", client->config.broker_key, sizeof client->config.broker_key, broker_key);
  set (client, "key_file", client->config.key_file, sizeof client->config.key_file, key_file);
}

void mns_client_set_account (mns_client_t *client, const char *account) {
  set (client, "account", client->account, sizeof client->account, account);
}

void mns_client_set_software (mns_client_t *client, const char *software) {
  set (client, "software", client->software, sizeof client->software, software);
}

void mns_client_set_consumer (mns_client_t *client, const char *consumer) {
  set (client, "consumer", client->consumer, sizeof client->consumer, consumer);
}

void mns_client_set_offset_file (mns_client_t *client, const char *path) {
  set (client, "offset_file", client->offset_file, sizeof client->offset_file, path);
}

/* ---- what each call begins and ends with ------------------------------------------------------------------------- */

mns_rc_t mns_client_here (const mns_client_t *client, mns_error_t *error) {
  if (client->process == getpid ())
    return MNS_OK;
  return mns_fail (error, MNS_WRONG_STATE, "client",
                   "this client belongs to the process that forked this one: make a new one here");
}

mns_rc_t mns_client_ready (const mns_client_t *client, mns_error_t *error) {
  mns_rc_t rc = mns_client_here (client, error);
  if (rc == MNS_OK && !client->bus)
    rc = mns_fail (error, MNS_WRONG_STATE, "client", "not connected: call mns_client_connect first");
  return rc;
}

mns_rc_t mns_client_done (mns_client_t *client, mns_rc_t rc) {
  if (client->wakeup.open && client->bus)
    mns_wakeup_set (&client->wakeup, mns_bus_socket (client->bus), mns_bus_ready (client->bus),
                    mns_bus_wait_ms (client->bus));
  return rc;
}

int mns_client_timeout (int timeout_ms) {
  return timeout_ms < 0 ? INT_MAX : timeout_ms;
}

/* ---- connection -------------------------------------------------------------------------------------------------- */

mns_rc_t mns_client_check (const mns_client_t *client, mns_error_t *error) {
  const char *bus = client->config.bus;
  mns_rc_t rc = mns_client_here (client, error);
  if (rc != MNS_OK)
    return rc;
  if (client->wrong.rc != MNS_OK)
    return mns_fail (error, client->wrong.rc, client->wrong.where, "%s", client->wrong.detail);
  if (strncmp (bus, "tcp://", 6) != 0 && strncmp (bus, "ipc://", 6) != 0)
    return mns_fail (error, MNS_INVALID, "endpoint", "'%s' is neither tcp://HOST:PORT nor ipc://PATH", bus);
  return MNS_OK;
}

mns_rc_t mns_client_connect (mns_client_t *client, int timeout_ms, mns_error_t *error) {
  mns_rc_t rc = mns_client_check (client, error);
  if (rc != MNS_OK || client->bus)
    return rc;
  const mns_bus_options_t options = {.context = client->context,
                                     .account = client->account,
                                     .software = client->software[0] ? client->software : "libmns/" MNS_VERSION,
                                     .who = "client"};
  rc = mns_bus_open (&client->bus, &client->config, &options, mns_client_timeout (timeout_ms), error);
  return mns_client_done (client, rc);
}

mns_rc_t mns_client_state (const mns_client_t *client, mns_error_t *error) {
  mns_rc_t rc = mns_client_ready (client, error);
  return rc == MNS_OK ? mns_bus_state (client->bus, error) : rc;
}

const char *mns_client_account (const mns_client_t *client) {
  return client->bus ? mns_bus_welcome (client->bus)->account : "";
}

int mns_client_fd (mns_client_t *client) {
  if (mns_client_here (client, NULL) != MNS_OK)
    return -1;
  int file = mns_wakeup_fd (&client->wakeup);
  mns_client_done (client, MNS_OK);
  return file;
}

mns_rc_t mns_client_work (mns_client_t *client, int timeout_ms, mns_error_t *error) {
  mns_rc_t rc = mns_client_ready (client, error);
  if (rc != MNS_OK)
    return rc;
  mns_bus_work (client->bus, mns_client_timeout (timeout_ms));
  return mns_client_done (client, mns_bus_state (client->bus, error));
}
