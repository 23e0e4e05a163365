-- What a restore of the log needs: which events of each producer are in this store, wherever they stand in the log.
-- `seen` follows `number`, but falls behind it while a log that was restored is read again from its beginning.
CREATE TABLE applied (
  producer    TEXT PRIMARY KEY,
  epoch       INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  seen_epoch  INTEGER NOT NULL,
  seen_number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A store that was at work before this table: it knows only what it applied behind this log number.
ALTER TABLE consumer ADD COLUMN known_from INTEGER NOT NULL DEFAULT 0;
UPDATE consumer SET known_from = number;

-- Acknowledged records up to this number are in a backup of the log.
ALTER TABLE producer ADD COLUMN covered INTEGER NOT NULL DEFAULT 0;

-- What an administrator took out of the way, and why: an event that this service does not apply, or a record of its own
-- that the log did not take. `records` are the bytes of the latter.
CREATE TABLE intervention (
  event   TEXT PRIMARY KEY,
  what    TEXT NOT NULL,   -- skipped, buried
  account TEXT NOT NULL,
  reason  TEXT NOT NULL,
  records BLOB NOT NULL,
  decided INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
