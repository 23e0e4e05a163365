-- What does not hold in the register, and what was noted about an entry. A finding is about a person, a household, or (neither) the
-- place alone. `restricted_until`: until that day only approvers and administrators see it.
CREATE TABLE quality_finding (
  id               INTEGER PRIMARY KEY,
  rule             TEXT NOT NULL,
  state            TEXT NOT NULL,
  place            INTEGER NOT NULL,
  person           INTEGER REFERENCES person (id),
  household        INTEGER REFERENCES household (id),
  field            TEXT,
  detail           TEXT NOT NULL,
  opened           INTEGER,
  deadline         INTEGER,
  restricted_until INTEGER,
  closed           INTEGER,
  account          TEXT,
  reason           TEXT,
  recorded         INTEGER NOT NULL
) STRICT;
INSERT INTO quality_finding (id, rule, state, place, person, field, detail, recorded)
  SELECT f.id, 'remark', 'noted', p.place, f.person, f.field, f.detail, f.recorded
  FROM finding f JOIN person p ON p.id = f.person;
DROP TABLE finding;
ALTER TABLE quality_finding RENAME TO finding;
CREATE INDEX finding_person ON finding (person) WHERE person IS NOT NULL;
CREATE INDEX finding_household ON finding (household) WHERE household IS NOT NULL;
CREATE INDEX finding_place ON finding (place, state);
CREATE INDEX finding_state ON finding (state);

-- The quality_rate of a village and month that was told last.
CREATE TABLE quality_told (
  place     INTEGER NOT NULL,
  month     INTEGER NOT NULL,
  persons   INTEGER NOT NULL,
  opened    INTEGER NOT NULL,
  corrected INTEGER NOT NULL,
  closed    INTEGER NOT NULL,
  standing  INTEGER NOT NULL,
  overdue   INTEGER NOT NULL,
  PRIMARY KEY (place, month)
) STRICT, WITHOUT ROWID;
