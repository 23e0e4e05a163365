-- What waits for a second person; `body` is the request as it was sent.
CREATE TABLE pending (
  id         INTEGER PRIMARY KEY,
  state      TEXT NOT NULL,
  place      INTEGER NOT NULL,
  event_kind TEXT,
  field      TEXT,
  person     INTEGER REFERENCES person (id),
  occurred   INTEGER,
  why        TEXT NOT NULL,
  account    TEXT NOT NULL,
  entered    INTEGER NOT NULL,
  decided_by TEXT,
  decided    INTEGER,
  reason     TEXT,
  body       BLOB NOT NULL
) STRICT;
CREATE INDEX pending_list ON pending (state, place);
