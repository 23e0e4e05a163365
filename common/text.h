/* Text: UTF-8 inside, always. */
#ifndef MNS_COMMON_TEXT_H
#define MNS_COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Well-formed UTF-8 without a zero byte (surrogates and overlong forms are refused). */
bool mns_text_valid (const char *text, size_t size);

/* Bytes of the character at the start of a terminated text; 0 at its end and where no character begins. */
size_t mns_text_step (const char *text);

/* The code point of the character at the start of a text; 0 where none begins. */
uint32_t mns_text_point (const char *text);

/* The first character that nobody can see or that stands for a lost one: control characters but tab and line break,
 * zero-width spaces, marks of direction, U+FFFD, joiners behind a Chinese character; NULL: there is none. */
const char *mns_text_hidden (const char *text);

/* Makes a terminated text valid in place: each byte that belongs to no character becomes '?'. */
void mns_text_repair (char *text);

/* Copies `text` into `target` of `size` bytes, cut at a character, always terminated.
 * True when everything fitted. */
bool mns_text_copy (char *target, size_t size, const char *text);

/* Columns on a terminal (wide characters take 2), control characters 0. */
int mns_text_width (const char *text);

/* The form under which names are compared: NFC, the five dot forms (U+00B7, 2022, 30FB, 2027, FF0E) as one,
 * spaces dropped, ASCII in lower case. `size` of 3 × strlen + 1 always suffices. */
bool mns_text_name_key (const char *name, char *key, size_t size);

/* "张三丰" → "张**" / "John Li" → "J*** **": the first character stands, the others are stars. */
void mns_text_mask_name (const char *name, char *masked, size_t size);

/* A decimal integer and nothing else ("-12", "0"; not "012", "1 ", "+1"); false otherwise or on overflow. */
bool mns_text_parse_int (const char *text, int64_t *value);

/* 64-bit checksum CRC-64/XZ of `data`, continued from `crc` (0 to begin). */
uint64_t mns_crc64 (uint64_t crc, const void *data, size_t size);

/* SHA-256. */
void mns_sha256 (const void *data, size_t size, uint8_t digest[32]);

#endif
