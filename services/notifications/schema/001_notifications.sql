-- Messages, the names of places, and since when this store sends.

CREATE TABLE instance (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  began INTEGER NOT NULL                  -- µs; what was recorded before is history and never sent
) STRICT;

CREATE TABLE place (
  code INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE message (
  id       INTEGER PRIMARY KEY,
  state    TEXT NOT NULL,
  rule     TEXT NOT NULL,
  key      TEXT NOT NULL,
  place    INTEGER NOT NULL,
  address  TEXT NOT NULL,
  channel  TEXT NOT NULL,
  created  INTEGER NOT NULL,              -- µs, when the event was recorded
  attempts INTEGER NOT NULL,
  due      INTEGER,                       -- µs, when it is tried next
  sent     INTEGER,
  error    TEXT,
  subject  TEXT NOT NULL,
  body     TEXT NOT NULL,
  name     TEXT NOT NULL,                 -- of the office
  UNIQUE (key, address)                   -- whatever is replayed, nobody is told twice
) STRICT;
CREATE INDEX message_due ON message (due) WHERE state = 'waiting';
CREATE INDEX message_sending ON message (id) WHERE state = 'sending';
