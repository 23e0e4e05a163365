-- Pairs of entries that may be one person, `first` the older. `facts` are the words of what the comparison showed.
CREATE TABLE duplicate (
  id      INTEGER PRIMARY KEY,
  state   TEXT NOT NULL,
  first   INTEGER NOT NULL REFERENCES person (id),
  second  INTEGER NOT NULL REFERENCES person (id),
  place   INTEGER NOT NULL,      -- the smallest division that holds both
  points  INTEGER NOT NULL,
  facts   TEXT NOT NULL,
  opened  INTEGER NOT NULL,
  closed  INTEGER,
  account TEXT,
  reason  TEXT,
  CHECK (first < second)
) STRICT;
CREATE UNIQUE INDEX duplicate_pair ON duplicate (first, second);
CREATE INDEX duplicate_second ON duplicate (second);
CREATE INDEX duplicate_list ON duplicate (state, points);
