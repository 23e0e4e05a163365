/* Errors: one enum for every function, file, wire and screen of Minsheng.
 *
 * The table is error.def. MNS_OK is 0, all others are positive. Words and numbers are stable;
 * programs may branch on either. Codes of SQLite, errno and ZeroMQ are translated where they are
 * met and never travel further. */
#ifndef MNS_ERROR_H
#define MNS_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/* What the shared library libmns exports. */
#ifndef MNS_API
#define MNS_API __attribute__ ((visibility ("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
#define MNS_ERROR(symbol, number, word, retry, en, zh) MNS_##symbol = number,
#include "mns/error.def"
#undef MNS_ERROR
} mns_rc_t;

/* The stable word ("not_found"), the sentence in English and in Chinese, and whether trying the same
 * again may help. A number that is not in the table gives the row of MNS_INTERNAL. Never NULL. */
MNS_API const char *mns_error_word (mns_rc_t rc);
MNS_API const char *mns_error_en (mns_rc_t rc);
MNS_API const char *mns_error_zh (mns_rc_t rc);
MNS_API bool mns_error_retry (mns_rc_t rc);

/* The error of a wire word; MNS_INTERNAL when the word is not known. */
MNS_API mns_rc_t mns_error_from_word (const char *word);

/* The process exit code for a result: 0 done, 1 refused or failed, 2 wrong command line. */
MNS_API int mns_error_exit_code (mns_rc_t rc);

/* Walks the table: the i-th row's number, MNS_OK first; false past the end. */
MNS_API bool mns_error_at (size_t i, mns_rc_t *rc);

/* A result with its circumstances, as a person should read it: what is wrong, where, what to do.
 * `detail` is UTF-8, never NULL, and holds no personal data unless the caller asked about that person. */
typedef struct {
  mns_rc_t rc;
  char where[96];   /* a field, a file:line:column, a topic; may be "" */
  char detail[416]; /* one sentence, may be "" */
} mns_error_t;

/* Fills `error` (ignored when NULL) and returns rc, so that `return mns_fail (error, MNS_INVALID, "birth",
 * "…%s…", x)` reads well. Text that does not fit is cut at a character. */
MNS_API mns_rc_t mns_fail (mns_error_t *error, mns_rc_t rc, const char *where, const char *format, ...)
    __attribute__ ((format (printf, 4, 5)));

#ifdef __cplusplus
}
#endif

#endif
