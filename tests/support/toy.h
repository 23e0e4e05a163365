/* Small services for tests of the loop: `toy` keeps entries and says so, `tally` adds up what toy says, `echo` does so
 * too and says it again.
 *
 *   toy.add     {name, amount}  writes an entry, emits toy.entry…added, answers {id}; amount 0 is refused before
 *                               anything is written
 *   toy.spoil   {name, amount}  writes an entry and emits, then fails with `conflict`
 *   toy.lose    {name, amount}  writes an entry and emits, then a statement takes the transaction with it, and it goes
 * on as if nothing had happened toy.load    bulk of entries: one answer and one event each toy.total   query: {entries,
 * amount} tally.total query: {entries, amount} as of the events applied; an event with the name "poison" cannot be
 * applied echo.total  query: as tally.total; each event makes one of its own, echo.entry…added with its number as id */
#ifndef MNS_TESTS_SUPPORT_TOY_H
#define MNS_TESTS_SUPPORT_TOY_H

#include "common/service.h"

/* clang-format off */
#define MNS_TOY_ENTRY_FIELDS(F, T)                                    \
  F (T, ID,   id,     0,              0,            "Number", "编号")  \
  F (T, TEXT, name,   80,             MNS_REQUIRED, "Name", "名称")    \
  F (T, INT,  amount, (-1000, 1000),  MNS_REQUIRED, "Amount", "数量")
#define MNS_TOY_TOTAL_FIELDS(F, T)                                    \
  F (T, INT,  entries, (0, INT64_MAX), 0, "Entries", "条数")           \
  F (T, INT,  amount,  (INT64_MIN, INT64_MAX), 0, "Sum of amounts", "合计")
/* clang-format on */
MNS_RECORD_DECLARE (toy_entry, MNS_TOY_ENTRY_FIELDS)
MNS_RECORD_DECLARE (toy_total, MNS_TOY_TOTAL_FIELDS)

#define TOY_PLACE 510322101203

extern const mns_service_t toy_service, tally_service, echo_service;
/* toy, but its store must not be lost. */
extern const mns_service_t keeping_toy_service;
/* tally, but an event it cannot apply is left out. */
extern const mns_service_t lenient_tally_service;

#endif
