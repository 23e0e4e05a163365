/* Money: integer fen, 1 yuan = 100 fen. MNS_NONE is "absent". */
#ifndef MNS_COMMON_FEN_H
#define MNS_COMMON_FEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MNS_NONE INT64_MIN
typedef int64_t mns_fen_t;

/* "3690240.00": always two decimals, a leading minus, no grouping. Room for any value; "" for MNS_NONE. */
#define MNS_FEN_TEXT 24
void mns_fen_format (mns_fen_t fen, char text[MNS_FEN_TEXT]);
/* "3,690,240.00": for people. */
#define MNS_FEN_GROUPED 32
void mns_fen_format_grouped (mns_fen_t fen, char text[MNS_FEN_GROUPED]);

/* Yuan as people and banks write them: "960", "960.5", "960.50". Refuses more than two decimals, leading zeros
 * ("0960"), signs other than one minus, grouping, exponents, spaces, anything behind. */
bool mns_fen_parse_yuan (const char *text, mns_fen_t *fen);
/* Fen as configuration writes them: a plain integer. "600.00", "060000", "60000abc", "+1" are refused. */
bool mns_fen_parse (const char *text, mns_fen_t *fen);

/* Splits `total` (≥ 0) by non-negative weights (at least one positive) so that the parts add up to the fen:
 * largest remainder, ties to the earlier part. `parts` has room for `n`; meant for tens of parts. */
void mns_fen_split (mns_fen_t total, const int64_t *weights, size_t n, mns_fen_t *parts);

#endif
