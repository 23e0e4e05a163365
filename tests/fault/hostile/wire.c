/* ZMTP and CurveZMQ by hand, for those who do not keep to libzmq's manners. */
#include "tests/fault/hostile/attacks.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sodium.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

enum { GREETING = 64, WAIT_MS = 3000, FRAME_MAX = 8192 };

int attack_connect (int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  address.sin_port = htons ((uint16_t)port);
  int file = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file >= 0 && connect (file, (struct sockaddr *)&address, sizeof address) == 0)
    return file;
  if (file >= 0)
    close (file);
  return -1;
}

int attack_send (int file, const void *bytes, size_t size) {
  const uint8_t *at = bytes;
  while (size > 0) {
    struct pollfd item = {file, POLLOUT, 0};
    if (poll (&item, 1, WAIT_MS) != 1)
      return 0;
    ssize_t sent = send (file, at, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0)
      return 0;
    at += sent;
    size -= (size_t)sent;
  }
  return 1;
}

void attack_fill (uint8_t *bytes, size_t size) {
  randombytes_buf (bytes, size);
}

int attack_greet (int file, const char *mechanism) {
  uint8_t greeting[GREETING] = {[0] = 0xff, [9] = 0x7f, [10] = 3};
  memcpy (greeting + 12, mechanism, strlen (mechanism));
  return attack_send (file, greeting, sizeof greeting);
}

/* ---- CURVE ------------------------------------------------------------------------------------------------------- */

static int receive (int file, uint8_t *bytes, size_t size) {
  while (size > 0) {
    struct pollfd item = {file, POLLIN, 0};
    ssize_t got = poll (&item, 1, WAIT_MS) == 1 ? recv (file, bytes, size, 0) : -1;
    if (got <= 0)
      return 0;
    bytes += got;
    size -= (size_t)got;
  }
  return 1;
}

/* A short or long frame of a command; its size, 0 on trouble. */
static size_t receive_frame (int file, uint8_t bytes[FRAME_MAX]) {
  uint8_t head[2];
  if (!receive (file, head, 2) || !receive (file, bytes, head[1]))
    return 0;
  return head[1];
}

static int send_frame (int file, uint8_t flags, const uint8_t *bytes, size_t size) {
  uint8_t frame[FRAME_MAX + 9] = {flags};
  size_t head = 2;
  frame[1] = (uint8_t)size;
  if (size > 255) {
    frame[0] = (uint8_t)(flags | 2);
    head = 9;
    for (size_t i = 0, left = size; i < 8; i++, left >>= 8)
      frame[8 - i] = (uint8_t)left;
  }
  memcpy (frame + head, bytes, size);
  return attack_send (file, frame, head + size);
}

typedef struct {
  uint8_t server[32], long_public[32], long_secret[32], public[32], secret[32];
  uint8_t server_short[32], cookie[96];
} handshake_t;

static int say_hello (int file, handshake_t *shake) {
  uint8_t hello[200] = "\5HELLO\1", zeros[64] = {0}, nonce[24] = "CurveZMQHELLO---";
  crypto_box_keypair (shake->public, shake->secret);
  memcpy (hello + 80, shake->public, 32);
  hello[119] = nonce[23] = 1;
  return crypto_box_easy (hello + 120, zeros, sizeof zeros, nonce, shake->server, shake->secret) == 0 &&
         send_frame (file, 4, hello, sizeof hello);
}

static int hear_welcome (int file, handshake_t *shake) {
  uint8_t frame[FRAME_MAX], plain[128], nonce[24] = "WELCOME-";
  if (receive_frame (file, frame) != 168)
    return 0;
  memcpy (nonce + 8, frame + 8, 16);
  if (crypto_box_open_easy (plain, frame + 24, 144, nonce, shake->server, shake->secret) != 0)
    return 0;
  memcpy (shake->server_short, plain, 32);
  memcpy (shake->cookie, plain + 32, 96);
  return 1;
}

static int initiate (int file, handshake_t *shake) {
  static const char metadata[] = "\13Socket-Type\0\0\0\6DEALER\10Identity\0\0\0";
  uint8_t plain[128 + sizeof metadata], frame[113 + 16 + sizeof plain] = "\10INITIATE";
  uint8_t vouched[64], nonce[24] = "VOUCH---";
  attack_fill (nonce + 8, 16);
  memcpy (plain, shake->long_public, 32);
  memcpy (plain + 32, nonce + 8, 16);
  memcpy (vouched, shake->public, 32);
  memcpy (vouched + 32, shake->server, 32);
  if (crypto_box_easy (plain + 48, vouched, sizeof vouched, nonce, shake->server_short, shake->long_secret) != 0)
    return 0;
  memcpy (plain + 128, metadata, sizeof metadata);
  memcpy (frame + 9, shake->cookie, 96);
  memcpy (nonce, "CurveZMQINITIATE\0\0\0\0\0\0\0\2", 24);
  memcpy (frame + 105, nonce + 16, 8);
  return crypto_box_easy (frame + 113, plain, sizeof plain, nonce, shake->server_short, shake->secret) == 0 &&
         send_frame (file, 4, frame, sizeof frame);
}

static int shake_hands (attack_curve_t *curve, const attack_target_t *target) {
  uint8_t greeting[GREETING], ready[FRAME_MAX];
  handshake_t shake;
  zmq_z85_decode (shake.server, target->broker_key);
  zmq_z85_decode (shake.long_public, target->keys.public_key);
  zmq_z85_decode (shake.long_secret, target->keys.secret_key);
  curve->nonce = 2;
  return attack_greet (curve->file, "CURVE") && receive (curve->file, greeting, sizeof greeting) &&
         say_hello (curve->file, &shake) && hear_welcome (curve->file, &shake) && initiate (curve->file, &shake) &&
         receive_frame (curve->file, ready) > 6 && memcmp (ready, "\5READY", 6) == 0 &&
         crypto_box_beforenm (curve->key, shake.server_short, shake.secret) == 0;
}

int attack_curve_open (attack_curve_t *curve, const attack_target_t *target) {
  curve->file = attack_connect (target->port);
  if (curve->file >= 0 && shake_hands (curve, target))
    return 0;
  if (curve->file >= 0)
    close (curve->file);
  return -1;
}

int attack_curve_send (attack_curve_t *curve, const void *bytes, size_t size, int more) {
  uint8_t plain[FRAME_MAX - 32], frame[FRAME_MAX] = "\7MESSAGE", nonce[24] = "CurveZMQMESSAGEC";
  if (size > sizeof plain - 1)
    return 0;
  curve->nonce++;
  for (size_t i = 0, left = curve->nonce; i < 8; i++, left >>= 8)
    nonce[23 - i] = (uint8_t)left;
  memcpy (frame + 8, nonce + 16, 8);
  plain[0] = more != 0;
  memcpy (plain + 1, bytes, size);
  return crypto_box_easy_afternm (frame + 16, plain, size + 1, nonce, curve->key) == 0 &&
         send_frame (curve->file, 0, frame, 16 + 16 + size + 1);
}
