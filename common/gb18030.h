/* Text in GB18030, the encoding of Chinese offices' spreadsheets and banks, from and to UTF-8, by the C library's
 * iconv.
 *
 * Rare characters survive both ways: two-byte ones of the 2022 edition become their own code points, the whole of
 * Unicode outside its private areas has four bytes. What the library knows no character for is an error with its place,
 * never a substitute. */
#ifndef MNS_COMMON_GB18030_H
#define MNS_COMMON_GB18030_H

#include "common/buffer.h"
#include <stdbool.h>

typedef struct mns_gb18030 mns_gb18030_t;
mns_gb18030_t *mns_gb18030_new (void);
void mns_gb18030_destroy (mns_gb18030_t **gb18030);

/* Appends the text in the other encoding. False: nothing is appended, and *bad_at is the offset of the first byte that
 * begins no character. */
bool mns_gb18030_to_utf8 (mns_gb18030_t *gb18030, const char *text, size_t size, mns_buffer_t *out, size_t *bad_at);
bool mns_gb18030_from_utf8 (mns_gb18030_t *gb18030, const char *text, size_t size, mns_buffer_t *out, size_t *bad_at);

/* Could these bytes be GB18030? Looks at the form alone: one, two or four bytes in their ranges. */
bool mns_gb18030_valid (const char *text, size_t size);

#endif
