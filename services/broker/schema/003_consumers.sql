-- Named consumers: how far each has come, as it last said; written at most once a second, so a lower bound.
CREATE TABLE consumer (
  name     TEXT PRIMARY KEY,
  account  TEXT NOT NULL,
  prefixes TEXT NOT NULL,    -- separated by a blank
  number   INTEGER NOT NULL, -- log number up to which it has made durable what concerns it
  epoch    INTEGER NOT NULL, -- of the log, then
  seen     INTEGER NOT NULL, -- µs UTC
  required INTEGER NOT NULL CHECK (required IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Up to which record of each producer a backup of the log has been made.
CREATE TABLE covered (
  producer TEXT PRIMARY KEY,
  epoch    INTEGER NOT NULL,
  number   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The epochs of this log, each with its first number: one that was put back goes on in a new epoch.
CREATE TABLE epoch (
  epoch INTEGER PRIMARY KEY,
  first INTEGER NOT NULL
) STRICT;
INSERT INTO epoch (epoch, first) SELECT epoch, 1 FROM log;
