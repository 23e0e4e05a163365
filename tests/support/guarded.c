/* A broker with TCP, keys and accounts. */
#include "tests/support/guarded.h"
#include "common/records/place.h"
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"

void guarded_init (guarded_t *guarded) {
  char path[MNS_PATH_MAX + 32];
  memset (guarded, 0, sizeof *guarded);
  assert_int_equal (test_folder_make (guarded->data), 0);
  mns_text_copy (guarded->config.data, sizeof guarded->config.data, guarded->data);
  mns_config_defaults (&guarded->config);
  guarded->config.county = GUARDED_COUNTY;
  strcpy (guarded->config.bus_listen, "tcp://127.0.0.1:*");
  strcpy (guarded->config.feed_listen, "off");
  snprintf (guarded->local, sizeof guarded->local, "ipc://%s/run/bus", guarded->data);
  snprintf (path, sizeof path, "%s/keys", guarded->data);
  assert_int_equal (mns_dir_make (path, 0700, NULL), MNS_OK);
  snprintf (path, sizeof path, "%s/keys/broker.key", guarded->data);
  assert_int_equal (mns_keys_make (&guarded->broker_keys, NULL), MNS_OK);
  assert_int_equal (mns_keys_save (&guarded->broker_keys, path, NULL), MNS_OK);
  assert_int_equal (mns_accounts_open (&guarded->accounts, guarded->data, NULL), MNS_OK);
}

void guarded_fini (guarded_t *guarded) {
  guarded_stop (guarded);
  mns_accounts_fini (&guarded->accounts);
  assert_int_equal (test_folder_remove (guarded->data), 0);
}

void guarded_start (guarded_t *guarded, char word[16]) {
  guarded->broker = zactor_new ((zactor_fn *)mns_broker_actor, &guarded->config);
  zmsg_t *message = zmsg_recv (guarded->broker);
  char *said = zmsg_popstr (message);
  mns_text_copy (word, 16, said);
  zstr_free (&said);
  zmsg_destroy (&message);
  if (strcmp (word, "READY") != 0)
    return;
  mns_bus_status_t *status = malloc (sizeof *status);
  guarded_status (guarded, status);
  strcpy (guarded->bus, status->bus);
  free (status);
}

void guarded_stop (guarded_t *guarded) {
  zactor_destroy (&guarded->broker);
}

/* ---- accounts ---------------------------------------------------------------------------------------------------- */

void guarded_rights (mns_account_t *account, const char *const *rights) {
  account->rights_count = 0;
  for (; rights != NULL && *rights != NULL; rights++) {
    char verb[16] = "", prefix[97] = "", division[16] = "";
    mns_account_right_t *right = &account->rights[account->rights_count++];
    mns_record_clear (&mns_account_right_type, right);
    assert_true (sscanf (*rights, "%15s %96s %15s", verb, prefix, division) >= 2);
    right->verb = mns_code_find (&mns_verb, verb);
    strcpy (right->prefix, strcmp (prefix, "*") == 0 ? "" : prefix);
    assert_true (!*division || mns_place_parse (division, &right->division));
  }
}

void guarded_add (guarded_t *guarded, const char *name, mns_code_t role, mns_place_t division,
                  const char *const *rights, mns_keys_t *keys) {
  mns_error_t error = {0};
  mns_account_t account;
  mns_record_clear (&mns_account_type, &account);
  strcpy (account.name, name);
  account.role = role;
  account.division = division;
  guarded_rights (&account, rights);
  if (keys != NULL) {
    assert_int_equal (mns_keys_make (keys, NULL), MNS_OK);
    strcpy (account.key, keys->public_key);
  }
  if (mns_accounts_add (&guarded->accounts, &account, &error) != MNS_OK)
    fail_msg ("%s: %s", error.where, error.detail);
}

/* ---- peers ------------------------------------------------------------------------------------------------------- */

void guarded_tcp (guarded_t *guarded, wire_peer_t *peer, const mns_keys_t *keys) {
  const int linger = 0;
  memset (peer, 0, sizeof *peer);
  peer->socket = zmq_socket (zsys_init (), ZMQ_DEALER);
  zmq_setsockopt (peer->socket, ZMQ_LINGER, &linger, sizeof linger);
  if (keys) {
    zmq_setsockopt (peer->socket, ZMQ_CURVE_SERVERKEY, guarded->broker_keys.public_key, MNS_KEY_TEXT);
    zmq_setsockopt (peer->socket, ZMQ_CURVE_PUBLICKEY, keys->public_key, MNS_KEY_TEXT);
    zmq_setsockopt (peer->socket, ZMQ_CURVE_SECRETKEY, keys->secret_key, MNS_KEY_TEXT);
  }
  assert_int_equal (zmq_connect (peer->socket, guarded->bus), 0);
}

void guarded_local (guarded_t *guarded, wire_peer_t *peer) {
  wire_peer_init (peer, zsys_init (), ZMQ_DEALER, guarded->local);
}

mns_frame_kind_t guarded_subscribe (wire_peer_t *peer, uint64_t id, const char *prefix, uint64_t from) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = id;
  head.credit_messages = 4096;
  head.credit_bytes = 8 << 20;
  head.prefix_count = 1;
  head.log_number = from;
  strcpy (head.prefixes[0], prefix);
  wire_peer_send (peer, MNS_SUB, &head, NULL, 0);
  do
    wire_peer_receive (peer, PEER_WAIT_MS);
  while (peer->kind == MNS_EVT || peer->kind == MNS_IDLE);
  return peer->kind;
}

void guarded_status (guarded_t *guarded, mns_bus_status_t *status) {
  mns_head_t head;
  wire_peer_t peer;
  mns_head_clear (&head);
  strcpy (head.command, "bus.status");
  guarded_local (guarded, &peer);
  wire_peer_send (&peer, MNS_REQUEST, &head, NULL, 0);
  wire_peer_expect (&peer, MNS_REPLY);
  assert_int_equal (mns_record_unpack (&mns_bus_status_type, status, peer.body.data, peer.body.size, NULL, NULL), 0);
  wire_peer_fini (&peer);
}
