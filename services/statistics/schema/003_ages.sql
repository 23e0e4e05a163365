-- Counts by age (services/statistics/ages.h). A row is what one month changed at a place; `counts` are pairs of a key, as the
-- step from the one before, and a value, in MessagePack.
CREATE TABLE age (
  place  INTEGER NOT NULL,
  month  INTEGER NOT NULL,          -- yyyymm
  basis  TEXT NOT NULL,             -- registration, occurrence
  counts BLOB NOT NULL,
  UNIQUE (place, month, basis)
) STRICT;

-- A store of before has only counts without age: the log is counted anew from its beginning.
DELETE FROM cell;
DELETE FROM series;
DELETE FROM published;
DELETE FROM consumer;
DELETE FROM applied;
