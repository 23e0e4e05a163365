/* The structured log: one line per happening on standard error, key=value pairs after a fixed event name.
 *
 *   2026-07-01T00:00:00.000000Z info registry turn.slow ms=212 messages=256
 *
 * Values with spaces are quoted and escaped; a control character never reaches the terminal.
 * No personal data, ever: ids, counts, places and codes only. Safe from any thread. */
#ifndef MNS_COMMON_LOG_H
#define MNS_COMMON_LOG_H

typedef enum { MNS_LOG_ERROR, MNS_LOG_WARN, MNS_LOG_INFO, MNS_LOG_DEBUG } mns_log_level_t;

void mns_log_set_level (mns_log_level_t level);

/* `who` is the service ("registry"), `event` a dotted name, `format` a printf format that gives
 * "key=value key=value" with values already safe, or "" for none. */
void mns_log (mns_log_level_t level, const char *who, const char *event, const char *format, ...)
    __attribute__ ((format (printf, 4, 5)));

/* Escapes a text for a log line or a terminal: quotes where needed, \xNN for control characters.
 * Returns `buffer`. */
const char *mns_log_quote (const char *text, char *buffer, unsigned long size);

#endif
