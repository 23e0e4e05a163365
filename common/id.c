/* UUIDs of versions 7 and 8 (RFC 9562). Version 7 made in one process always grows, also within a millisecond and
 * when the wall clock steps back; version 8 of one file grows with the row, so that an index fills in order. */
#include "common/id.h"
#include "common/clock.h"
#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

static void start_sodium (void) {
  int ready = sodium_init ();
  assert (ready >= 0);
  (void)ready;
}

/* The next time stamp: milliseconds, then 12 bits of their fraction, above every one given before. */
static uint64_t next_stamp (void) {
  static _Atomic uint64_t last;
  uint64_t now_us = (uint64_t)mns_clock.wall ();
  uint64_t stamp = (now_us / 1000) << 12 | (now_us % 1000) * 4096 / 1000;
  uint64_t before = last;
  uint64_t next;
  do
    next = stamp > before ? stamp : before + 1;
  while (!atomic_compare_exchange_weak (&last, &before, next));
  return next;
}

static void put_big_endian (uint8_t *bytes, uint64_t value, int count) {
  for (int i = count - 1; i >= 0; i--, value >>= 8)
    bytes[i] = (uint8_t)value;
}

static void mark (mns_uuid_t *uuid, int version) {
  uuid->bytes[6] = (uint8_t)((uuid->bytes[6] & 0x0f) | version << 4);
  uuid->bytes[8] = (uint8_t)((uuid->bytes[8] & 0x3f) | 0x80);
}

mns_uuid_t mns_uuid_new (void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  mns_uuid_t uuid;
  pthread_once (&once, start_sodium);
  uint64_t stamp = next_stamp ();
  put_big_endian (uuid.bytes, stamp >> 12, 6);
  put_big_endian (uuid.bytes + 6, stamp & 0xfff, 2);
  randombytes_buf (uuid.bytes + 8, 8);
  mark (&uuid, 7);
  return uuid;
}

mns_uuid_t mns_uuid_derive (const uint8_t digest[32], uint64_t row) {
  mns_uuid_t uuid;
  assert (row >> 56 == 0);
  memcpy (uuid.bytes, digest, 9);
  put_big_endian (uuid.bytes + 9, row, 7);
  mark (&uuid, 8);
  return uuid;
}

bool mns_uuid_is_zero (const mns_uuid_t *uuid) {
  static const mns_uuid_t zero;
  return !memcmp (uuid, &zero, sizeof zero);
}

mns_time_t mns_uuid_time (const mns_uuid_t *uuid) {
  int64_t ms = 0;
  if (uuid->bytes[6] >> 4 != 7)
    return 0;
  for (int i = 0; i < 6; i++)
    ms = ms << 8 | uuid->bytes[i];
  return ms * 1000;
}

/* A hyphen stands before these bytes. */
static bool hyphen_before (size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void mns_uuid_format (const mns_uuid_t *uuid, char text[MNS_UUID_TEXT]) {
  static const char hex[] = "0123456789abcdef";
  for (size_t i = 0; i < sizeof uuid->bytes; i++) {
    if (hyphen_before (i))
      *text++ = '-';
    *text++ = hex[uuid->bytes[i] >> 4];
    *text++ = hex[uuid->bytes[i] & 15];
  }
  *text = 0;
}

static int hex_value (char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  c = (char)(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool mns_uuid_parse (const char *text, mns_uuid_t *uuid) {
  mns_uuid_t parsed;
  if (!text)
    return false;
  for (size_t i = 0; i < sizeof parsed.bytes; i++) {
    if (hyphen_before (i) && *text++ != '-')
      return false;
    int high = hex_value (text[0]);
    int low = high < 0 ? -1 : hex_value (text[1]);
    if (low < 0)
      return false;
    parsed.bytes[i] = (uint8_t)(high << 4 | low);
    text += 2;
  }
  if (*text)
    return false;
  *uuid = parsed;
  return true;
}
