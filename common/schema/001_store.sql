-- What every service's store has: counters, the outbox, stored answers, subscription offsets.

CREATE TABLE counter (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The records of one turn (in rows of at most 256 KiB): `count` of them beginning at `number`, `chain` after the last.
CREATE TABLE outbox (
  number  INTEGER PRIMARY KEY,
  count   INTEGER NOT NULL CHECK (count > 0),
  chain   INTEGER NOT NULL,
  records BLOB NOT NULL
) STRICT;

-- The producer's place in the log: one row once it has said HELLO. The last acknowledged outbox row stays.
CREATE TABLE producer (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  epoch  INTEGER NOT NULL,
  number INTEGER NOT NULL,   -- last number given out
  chain  INTEGER NOT NULL,   -- after that record
  acked  INTEGER NOT NULL    -- last number acknowledged
) STRICT;

-- The answer of each command that was carried out or refused, under its idempotency key. `epoch` and `number` name the
-- last event of its effect (0: none).
CREATE TABLE answer (
  key     BLOB PRIMARY KEY,
  account TEXT NOT NULL,
  command TEXT NOT NULL,
  hash    BLOB NOT NULL,
  rc      INTEGER NOT NULL,
  body    BLOB NOT NULL,
  epoch   INTEGER NOT NULL,
  number  INTEGER NOT NULL,
  stored  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where this consumer stands in the log.
CREATE TABLE consumer (
  name   TEXT PRIMARY KEY,
  epoch  INTEGER NOT NULL,
  number INTEGER NOT NULL,
  chain  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
