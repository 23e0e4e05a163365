-- Protection of small numbers (services/statistics/rules_protect.h): the sum of the record keys of a cell's members.
ALTER TABLE cell ADD COLUMN key INTEGER NOT NULL DEFAULT 0;

-- From which the record keys are made. Never shown, in no export.
CREATE TABLE record_secret (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  secret BLOB NOT NULL
) STRICT;

-- The cells of a store of before have no keys: the log is counted anew from its beginning.
DELETE FROM cell;
DELETE FROM series;
DELETE FROM published;
DELETE FROM age;
DELETE FROM consumer;
DELETE FROM applied;
