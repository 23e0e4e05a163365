-- Where the land of a code lies from a day on, and moves between two villages, which a recast in other boundaries needs: they
-- cross no border of what holds both.

CREATE TABLE reform (
  code      INTEGER NOT NULL,
  successor INTEGER NOT NULL,
  day       INTEGER NOT NULL,
  part      INTEGER NOT NULL,         -- 1: only some households
  begins    INTEGER NOT NULL,         -- 1: the successor was no place before
  PRIMARY KEY (code, day, successor)
) STRICT, WITHOUT ROWID;

CREATE TABLE crossing (
  basis       TEXT NOT NULL,
  month       INTEGER NOT NULL,       -- yyyymm
  origin      INTEGER NOT NULL,
  destination INTEGER NOT NULL,
  sex         TEXT NOT NULL,
  value       INTEGER NOT NULL,
  PRIMARY KEY (basis, month, origin, destination, sex)
) STRICT, WITHOUT ROWID;

-- A store of before did not keep which villages a move crossed between: the log is counted anew from its beginning.
DELETE FROM cell;
DELETE FROM series;
DELETE FROM published;
DELETE FROM age;
DELETE FROM consumer;
DELETE FROM applied;
