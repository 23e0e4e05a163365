-- Two entries of one person: `merged` stands for `survivor` from the decision on. Both stay; what was moved is in merge_moved, so that
-- it can be moved back.
CREATE TABLE merge (
  id         INTEGER PRIMARY KEY,
  state      TEXT NOT NULL,
  survivor   INTEGER NOT NULL REFERENCES person (id),
  merged     INTEGER NOT NULL REFERENCES person (id),
  place      INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  asked      INTEGER NOT NULL,
  asked_by   TEXT NOT NULL,
  decided    INTEGER,
  decided_by TEXT,
  undone     INTEGER,
  undone_by  TEXT,
  why        TEXT,                -- of the refusal, or of the undoing
  CHECK (survivor <> merged)
) STRICT;
CREATE UNIQUE INDEX merge_once ON merge (merged) WHERE state IN ('asked', 'merged');
CREATE INDEX merge_survivor ON merge (survivor);

CREATE TABLE merge_moved (
  merge     INTEGER NOT NULL REFERENCES merge (id),
  reference TEXT NOT NULL,
  id        INTEGER NOT NULL,
  before    TEXT,                 -- of what was not a reference to the merged entry
  PRIMARY KEY (merge, reference, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX person_father ON person (father) WHERE father IS NOT NULL;
CREATE INDEX person_spouse ON person (spouse) WHERE spouse IS NOT NULL;
CREATE INDEX person_adoptive_mother ON person (adoptive_mother) WHERE adoptive_mother IS NOT NULL;
CREATE INDEX person_adoptive_father ON person (adoptive_father) WHERE adoptive_father IS NOT NULL;
