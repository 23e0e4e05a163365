/* MNS/1 on the wire: frames, record headers, chain. docs/protocol.md is the normative text; this is its code.
 *
 * A message is an optional envelope up to the first empty frame, then exactly three frames:
 *   F0  'M' 'N' 1 kind
 *   F1  a MessagePack map with small integer keys (≤ 4096 bytes, flat): mns_head_t
 *   F2  the body
 * A record (one event) is  u32 big-endian length of what follows | header map | body,
 * whose header map begins with three entries of fixed width that the broker fills in place:
 *   de hi lo | 01 cf <log number, 8> | 02 cf <recorded µs, 8> | 03 ce <log epoch, 4> | 04 <topic> | …
 * and whose keys ascend.
 * The chain of a producer covers what the producer wrote: the record's bytes with these three values zero. */
#ifndef MNS_COMMON_WIRE_H
#define MNS_COMMON_WIRE_H

#include "common/record.h"
#include "mns/topic.h"

typedef enum {
  MNS_HELLO = 1,
  MNS_WELCOME,
  MNS_REFUSE,
  MNS_PING,
  MNS_PONG,
  MNS_PUB,
  MNS_PACK,
  MNS_PNAK,
  MNS_SUB,
  MNS_SUBOK,
  MNS_EVT,
  MNS_CREDIT,
  MNS_IDLE,
  MNS_GAP,
  MNS_SUBEND,
  MNS_SNAP,
  MNS_SNAPROW,
  MNS_SNAPEND, /* reserved */
  MNS_REQUEST,
  MNS_REPLY,
  MNS_READY,
  MNS_DIRECTORY,
  MNS_ERR,
  MNS_BYE,
  MNS_KIND_COUNT
} mns_frame_kind_t;

#define MNS_TOPIC_MAX    96
#define MNS_NAME_MAX     48        /* of an account, a producer, a consumer, a command */
#define MNS_HEAD_MAX     4096      /* bytes of F1 */
#define MNS_BODY_MAX     (1 << 20) /* soft limit of a record and of F2 told in WELCOME; the socket's limit is twice it */
#define MNS_PREFIXES_MAX 16

/* F1. Absent: 0, "", zero uuid. Keys in the comment; below 64 critical (an unknown one → MNS_NEWER_PROTOCOL), from 64
 * optional (skipped). Only ever added. */
typedef struct {
  char account[MNS_NAME_MAX + 1];  /*  1 who asks; set by the broker on what it forwards */
  char role[MNS_NAME_MAX + 1];     /*  2 its role word; set by the broker */
  mns_place_t division;            /*  3 its division; set by the broker (uint on the wire) */
  char command[MNS_NAME_MAX + 1];  /*  4 REQUEST, READY */
  uint64_t request;                /*  5 the sender's own number of a request, returned unchanged */
  uint64_t deadline_ms;            /*  6 how long the asker waits, from receipt */
  mns_uuid_t key;                  /*  7 idempotency key */
  uint64_t rc;                     /*  8 REPLY, ERR, REFUSE, PNAK, SUBEND: mns_rc_t, 0 is done */
  char where[96];                  /*  9 with rc */
  char detail[416];                /* 10 with rc */
  uint64_t retry_after_ms;         /* 11 with rc */
  char producer[MNS_NAME_MAX + 1]; /* 12 HELLO, WELCOME, PUB, PACK, REPLY */
  uint64_t producer_epoch;         /* 13 */
  uint64_t number;                 /* 14 PUB: producer number of the first record; PACK: of the last appended;
                                         PNAK: the one expected; HELLO: last given out; REPLY: last of the effect */
  uint64_t chain;                  /* 15 producer chain after `number` (PUB: before the first record) */
  uint64_t count;                  /* 16 records in F2 */
  uint64_t log_epoch;              /* 17 */
  uint64_t log_number;             /* 18 PACK, WELCOME, SUB (from, exclusive), SUBOK, GAP (to), REQUEST: "at least" */
  uint64_t log_chain;              /* 19 log chain after log_number (EVT, IDLE: after `last`) */
  uint64_t subscription;           /* 20 id chosen by the subscriber */
  uint64_t previous;               /* 21 EVT, IDLE: the subscriber's offset before this message */
  uint64_t last;                   /* 22 EVT, IDLE: its offset after it */
  uint64_t credit_messages;        /* 23 SUB, CREDIT */
  uint64_t credit_bytes;           /* 24 SUB, CREDIT */
  char consumer[MNS_NAME_MAX + 1]; /* 25 SUB: durable name, may be "" */
  char prefixes[MNS_PREFIXES_MAX][MNS_TOPIC_MAX + 1]; /* 26 SUB: array of str */
  uint64_t prefix_count;
  uint64_t commands_busy;          /* 27 PONG: 1 while working on something long */
  mns_time_t from_time;            /* 28 SUB: instead of log_number, from what was recorded then on */
  uint64_t gone;                   /* 29 REPLY of bus.read, bus.log: records in it that are missing for ever */
  uint64_t resume;                 /* 30 SUB: 1 where the broker has this consumer; log_number when it has not */
  char software[MNS_NAME_MAX + 1]; /* 64 HELLO, WELCOME: name and version */
  char trace[56];                  /* 65 W3C trace parent */
  uint64_t repeated; /* 66 REPLY: 1 when the command was carried out before and this is the stored answer */
  uint64_t covered;  /* 67 WELCOME, PACK: last number of the producer that a backup of the log holds */
  uint64_t acked;    /* 68 HELLO: last number that the producer knows to be acknowledged */
} mns_head_t;

void mns_head_clear (mns_head_t *head);
/* Encodes what is present into `out` (cleared first). */
void mns_head_pack (const mns_head_t *head, mns_buffer_t *out);
mns_rc_t mns_head_unpack (mns_head_t *head, const void *data, size_t size, mns_error_t *error);

void mns_frame_kind (mns_frame_kind_t kind, uint8_t f0[4]);
/* The kind of an F0, or 0 when it is not one of MNS/1. */
mns_frame_kind_t mns_frame_read_kind (const void *f0, size_t size);

/* A record's header. Pointers point into the record's bytes. */
typedef struct {
  uint64_t log_number; /*  1 given by the broker */
  mns_time_t recorded; /*  2 given by the broker */
  uint64_t log_epoch;  /*  3 given by the broker */
  const char *topic;   /*  4 not terminated */
  size_t topic_size;
  char producer[MNS_NAME_MAX + 1]; /* 5 */
  uint64_t producer_epoch;         /*  6 */
  uint64_t number;                 /*  7 producer number */
  char type[MNS_NAME_MAX + 1];     /*  8 name of the record type in the body */
  uint64_t version;                /*  9 its version */
  uint64_t items;                  /* 10 records in the body, absent: 1 */
  mns_date_t occurred;             /* 11 civil date it happened on ("2026-07-01") */
  mns_date_t registered;           /* 12 civil date it was registered on */
  uint64_t hops;                   /* 13 refused above 8 */
  char
      entity[MNS_NAME_MAX + 1]; /* 64 what it is about, e.g. "person/1042": an id, never a name or number of a person */
  char cause[96];               /* 65 event id of the event that caused it, "<producer>-<epoch>-<number>" */
  char account[MNS_NAME_MAX + 1]; /* 66 who did it */
  mns_uuid_t correlation;         /* 67 idempotency key of the request behind it */
  const uint8_t *body;            /* behind the header */
  size_t body_size;
  const uint8_t *bytes; /* the whole record, length included */
  size_t size;
} mns_event_t;

/* Appends the bytes of a record: header from `event` (topic, type … correlation; log fields are written as zero) and
 * its body. */
void mns_event_pack (const mns_event_t *event, const void *body, size_t body_size, mns_buffer_t *out);
/* Reads the record at `data`; *used gets its bytes. Bounds everything; the body is not looked into. */
mns_rc_t mns_event_unpack (mns_event_t *event, const void *data, size_t size, size_t *used, mns_error_t *error);
/* Fills the broker's three values in place. The record must have been accepted by mns_event_unpack. */
void mns_event_stamp (uint8_t *record, uint64_t log_number, mns_time_t recorded, uint32_t log_epoch);
/* Of a record that mns_event_unpack has accepted, without decoding it: topic, bytes with the length, log number. */
const char *mns_event_topic (const uint8_t *record, size_t *size);
size_t mns_event_size (const uint8_t *record);
uint64_t mns_event_log_number (const uint8_t *record);

/* chain' = crc64 (chain as 8 bytes big endian, then the record's bytes with the broker's values as zero). */
uint64_t mns_chain (uint64_t chain, const uint8_t *record, size_t size);
/* The log's own chain: the same over the stamped bytes. */
uint64_t mns_log_chain (uint64_t chain, const uint8_t *record, size_t size);

/* The grammar of topics and prefixes: mns/topic.h. */
void mns_topic_format (char topic[MNS_TOPIC_MAX + 1], const char *stream, const char *subject, mns_place_t place,
                       const char *happening);
bool mns_topic_matches (const char *topic, size_t topic_size, const char *prefix);

#endif
