-- The log. A row is a run of records that were committed together: the bytes of the wire, one record after another,
-- stamped. Only the primary key: every other index would cost more than the log itself.
CREATE TABLE batch (
  first   INTEGER PRIMARY KEY,                    -- log number of the first record
  count   INTEGER NOT NULL CHECK (count > 0),
  chain   INTEGER NOT NULL,                       -- of the log, after the last record
  records BLOB NOT NULL
) STRICT;

-- How far each producer has come, changed in the transaction that appends.
CREATE TABLE producer (
  name       TEXT PRIMARY KEY,
  epoch      INTEGER NOT NULL,
  number     INTEGER NOT NULL,   -- of its last record in the log
  chain      INTEGER NOT NULL,   -- its own chain after that record
  log_number INTEGER NOT NULL    -- of that record
) STRICT, WITHOUT ROWID;

-- The last log number of each stream of the feed, for the tick.
CREATE TABLE stream (
  name       TEXT PRIMARY KEY,
  log_number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which log this is: another one, or one that was put back, has another epoch.
CREATE TABLE log (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL
) STRICT;
