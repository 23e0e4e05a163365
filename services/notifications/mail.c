/* Writes mails. */
#include "services/notifications/mail.h"
#include "common/text.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* An encoded word is at most 75 characters: 12 of frame and 60 of base64, 45 bytes of text. */
#define WORD_BYTES 45
#define LINE_BYTES 57 /* 76 characters of base64 */

static bool is_plain (const char *text) {
  for (const char *c = text; *c; c++)
    if ((unsigned char)*c >= 0x7f || ((unsigned char)*c < ' ' && *c != '\n'))
      return false;
  return true;
}

static void add_base64 (const char *data, size_t size, mns_buffer_t *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const unsigned char *bytes = (const unsigned char *)data;
  for (size_t i = 0; i < size; i += 3) {
    uint32_t group = (uint32_t)bytes[i] << 16;
    group |= i + 1 < size ? (uint32_t)bytes[i + 1] << 8 : 0;
    group |= i + 2 < size ? bytes[i + 2] : 0;
    char text[4] = {digits[group >> 18], digits[group >> 12 & 63], i + 1 < size ? digits[group >> 6 & 63] : '=',
                    i + 2 < size ? digits[group & 63] : '='};
    mns_buffer_add (out, text, sizeof text);
  }
}

/* As many whole characters as fit into one encoded word. */
static size_t word_size (const char *text) {
  size_t size = 0, step;
  while ((step = mns_text_step (text + size)) && size + step <= WORD_BYTES)
    size += step;
  return size;
}

/* A text as it may stand in a header: control characters would begin another one. */
static void clean (const char *text, char *cleaned, size_t size) {
  mns_text_copy (cleaned, size, text);
  for (char *c = cleaned; *c; c++)
    if ((unsigned char)*c < ' ' || *c == 0x7f)
      *c = ' ';
}

static void add_words (const char *text, mns_buffer_t *out) {
  char cleaned[512];
  clean (text, cleaned, sizeof cleaned);
  if (is_plain (cleaned) && strlen (cleaned) <= 60 && !strstr (cleaned, "=?")) {
    mns_buffer_printf (out, "%s", cleaned);
    return;
  }
  mns_text_repair (cleaned);
  const char *at = cleaned;
  for (size_t size; (size = word_size (at)); at += size) {
    mns_buffer_printf (out, "%s=?UTF-8?B?", at == cleaned ? "" : "\r\n ");
    add_base64 (at, size, out);
    mns_buffer_printf (out, "?=");
  }
}

static bool is_atoms (const char *name) {
  return name[strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -")] == 0;
}

static void add_mailbox (const char *name, const char *address, mns_buffer_t *out) {
  char cleaned[512];
  clean (name, cleaned, sizeof cleaned);
  if (is_plain (cleaned) && !is_atoms (cleaned))
    mns_buffer_printf (out, "<%s>", address);
  else {
    add_words (cleaned, out);
    mns_buffer_printf (out, " <%s>", address);
  }
}

static void add_date (const mail_t *mail, mns_buffer_t *out) {
  static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  int32_t offset = mail->utc_offset_s;
  mns_date_t date = mns_time_date (mail->date, offset);
  int64_t second = (mail->date - mns_date_start (date, offset)) / 1000000;
  int minutes = (offset < 0 ? -offset : offset) / 60;
  mns_buffer_printf (out, "Date: %s, %d %s %d %02d:%02d:%02d %c%02d%02d\r\n",
                     days[(mns_date_day_number (date) - 1) % 7], date % 100, months[date / 100 % 100 - 1], date / 10000,
                     (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60), offset < 0 ? '-' : '+',
                     minutes / 60, minutes % 60);
}

void mail_id (const mail_t *mail, char id[MAIL_ID_MAX]) {
  char text[400];
  uint8_t digest[32];
  const char *at = strchr (mail->from, '@');
  int size = snprintf (text, sizeof text, "%s %s", mail->key, mail->address);
  mns_sha256 (text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1, digest);
  for (size_t i = 0; i < sizeof digest; i++)
    snprintf (id + 2 * i, 3, "%02x", digest[i]);
  snprintf (id + 64, MAIL_ID_MAX - 64, "@%s", at && at[1] ? at + 1 : "localhost");
}

static bool lines_fit (const char *body) {
  for (const char *line = body; *line;) {
    size_t size = strcspn (line, "\n");
    if (size > 900)
      return false;
    line += size + (line[size] == '\n');
  }
  return true;
}

/* Plain lines; CR LF at their ends. (Dots are doubled by who speaks SMTP.) */
static void add_plain_body (const char *body, mns_buffer_t *out) {
  for (const char *line = body; *line;) {
    size_t size = strcspn (line, "\n");
    mns_buffer_add (out, line, size);
    mns_buffer_add (out, "\r\n", 2);
    line += size + (line[size] == '\n');
  }
}

/* The text inside base64 has CR LF as well. */
static void add_base64_body (const char *body, mns_buffer_t *out) {
  mns_buffer_t text = {0};
  add_plain_body (body, &text);
  for (size_t at = 0; at < text.size; at += LINE_BYTES) {
    size_t size = text.size - at < LINE_BYTES ? text.size - at : LINE_BYTES;
    add_base64 ((const char *)text.data + at, size, out);
    mns_buffer_add (out, "\r\n", 2);
  }
  mns_buffer_fini (&text);
}

void mail_write (const mail_t *mail, mns_buffer_t *out) {
  char id[MAIL_ID_MAX];
  bool plain = is_plain (mail->body) && lines_fit (mail->body);
  mail_id (mail, id);
  mns_buffer_printf (out, "From: Minsheng <%s>\r\nTo: ", mail->from);
  add_mailbox (mail->name, mail->address, out);
  mns_buffer_printf (out, "\r\nSubject: ");
  add_words (mail->subject, out);
  mns_buffer_printf (out, "\r\n");
  add_date (mail, out);
  mns_buffer_printf (out,
                     "Message-ID: <%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                     "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: %s\r\n\r\n",
                     id, plain ? "7bit" : "base64");
  if (plain)
    add_plain_body (mail->body, out);
  else
    add_base64_body (mail->body, out);
}
