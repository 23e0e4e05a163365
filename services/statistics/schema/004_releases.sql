-- Protection of small numbers (rules_protect.h): the sum of the record keys of a cell's members.
ALTER TABLE cell ADD COLUMN key INTEGER NOT NULL DEFAULT 0;

-- From which the record keys are made. Never shown, in no export.
CREATE TABLE record_secret (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  secret BLOB NOT NULL
) STRICT;

-- What was decided about months. `number`: log number of the decision, everything before it is counted.
CREATE TABLE closing (
  number   INTEGER PRIMARY KEY,
  month    INTEGER NOT NULL,        -- yyyymm
  reopened INTEGER NOT NULL,        -- 1: it is open again
  day      INTEGER NOT NULL,
  reason   TEXT NOT NULL
) STRICT;

-- The ledger of releases: what left the house, when, and up to which log number it is counted.
CREATE TABLE release (
  number   INTEGER PRIMARY KEY,     -- log number of the decision
  month    INTEGER NOT NULL,        -- yyyymm, the last one it covers
  day      INTEGER NOT NULL,
  plan     INTEGER NOT NULL,
  figures  INTEGER NOT NULL,        -- new
  revised  INTEGER NOT NULL,
  withheld INTEGER NOT NULL,        -- new, and would have told too much
  held     INTEGER NOT NULL         -- revised, and would have told too much
) STRICT;

-- Each figure as it was told, and told again; what stands is the last row. `value` NULL: withheld.
CREATE TABLE open_figure (
  place   INTEGER NOT NULL,
  measure TEXT NOT NULL,
  kind    TEXT NOT NULL,            -- none, sex, order
  code    INTEGER NOT NULL,
  first   INTEGER NOT NULL,         -- yyyymm; of the population the month behind, as `behind`
  behind  INTEGER NOT NULL,
  release INTEGER NOT NULL REFERENCES release (number),
  tab     TEXT NOT NULL,
  value   INTEGER,
  PRIMARY KEY (place, measure, kind, code, first, behind, release)
) STRICT, WITHOUT ROWID;

-- What a reader of all releases can know of a count at most (rules_audit.h).
CREATE TABLE open_knowledge (
  place   INTEGER NOT NULL,
  measure TEXT NOT NULL,
  kind    TEXT NOT NULL,
  code    INTEGER NOT NULL,
  first   INTEGER NOT NULL,
  behind  INTEGER NOT NULL,
  low     INTEGER NOT NULL,
  high    INTEGER NOT NULL,
  whole   INTEGER NOT NULL,         -- the county's count then
  PRIMARY KEY (place, measure, kind, code, first, behind)
) STRICT, WITHOUT ROWID;

-- The cells of a store of before have no keys: the log is counted anew from its beginning.
DELETE FROM cell;
DELETE FROM series;
DELETE FROM published;
DELETE FROM age;
DELETE FROM consumer;
DELETE FROM applied;
