/* Money in integer fen: to and from text, and divided without losing one. */
#include "common/fen.h"
#include "common/text.h"
#include <assert.h>
#include <string.h>

__extension__ typedef __int128 wide_t; /* a product of two int64_t */

static uint64_t magnitude (mns_fen_t fen) {
  return fen < 0 ? -(uint64_t)fen : (uint64_t)fen;
}

/* Writes from the back, as numbers are made. */
static void format_fen (mns_fen_t fen, bool grouped, char *text) {
  char reversed[MNS_FEN_GROUPED];
  size_t size = 0, digits = 0;
  uint64_t rest = magnitude (fen);
  while (digits < 3 || rest) {
    if (digits == 2)
      reversed[size++] = '.';
    else if (grouped && digits > 2 && (digits - 2) % 3 == 0)
      reversed[size++] = ',';
    reversed[size++] = (char)('0' + rest % 10);
    rest /= 10;
    digits++;
  }
  if (fen < 0)
    reversed[size++] = '-';
  for (size_t i = 0; i < size; i++)
    text[i] = reversed[size - 1 - i];
  text[size] = 0;
}

void mns_fen_format (mns_fen_t fen, char text[MNS_FEN_TEXT]) {
  text[0] = 0;
  if (fen != MNS_NONE)
    format_fen (fen, false, text);
}

void mns_fen_format_grouped (mns_fen_t fen, char text[MNS_FEN_GROUPED]) {
  text[0] = 0;
  if (fen != MNS_NONE)
    format_fen (fen, true, text);
}

static bool is_digit (char c) {
  return c >= '0' && c <= '9';
}

bool mns_fen_parse_yuan (const char *text, mns_fen_t *fen) {
  if (!text)
    return false;
  bool minus = *text == '-';
  const char *at = text + minus;
  int64_t value = 0;
  int decimals = -1; /* digits behind the point, -1 before it */
  if (!is_digit (at[0]) || (at[0] == '0' && is_digit (at[1])))
    return false;
  for (; is_digit (*at) || (*at == '.' && decimals < 0); at++) {
    if (*at == '.') {
      decimals = 0;
      continue;
    }
    if (__builtin_mul_overflow (value, 10, &value) || __builtin_add_overflow (value, *at - '0', &value))
      return false;
    decimals += decimals >= 0;
  }
  if (*at || decimals == 0 || decimals > 2)
    return false;
  for (int scale = decimals < 0 ? 0 : decimals; scale < 2; scale++)
    if (__builtin_mul_overflow (value, 10, &value))
      return false;
  *fen = minus ? -value : value;
  return true;
}

bool mns_fen_parse (const char *text, mns_fen_t *fen) {
  int64_t value;
  if (!mns_text_parse_int (text, &value) || value == MNS_NONE)
    return false;
  *fen = value;
  return true;
}

/* The part that lost most by rounding down and has not been given its fen yet; the first of equals. */
static size_t largest_remainder (mns_fen_t total, const int64_t *weights, wide_t sum, size_t n,
                                 const mns_fen_t *parts) {
  size_t best = n;
  wide_t best_rest = -1;
  for (size_t i = 0; i < n; i++) {
    wide_t product = (wide_t)total * weights[i];
    if (parts[i] == (mns_fen_t)(product / sum) && product % sum > best_rest) {
      best = i;
      best_rest = product % sum;
    }
  }
  return best;
}

void mns_fen_split (mns_fen_t total, const int64_t *weights, size_t n, mns_fen_t *parts) {
  wide_t sum = 0;
  mns_fen_t left = total;
  assert (total >= 0);
  for (size_t i = 0; i < n; i++) {
    assert (weights[i] >= 0);
    sum += weights[i];
  }
  assert (sum > 0);
  for (size_t i = 0; i < n; i++) {
    parts[i] = (mns_fen_t)((wide_t)total * weights[i] / sum);
    left -= parts[i];
  }
  for (; left > 0; left--)
    parts[largest_remainder (total, weights, sum, n, parts)]++;
}
