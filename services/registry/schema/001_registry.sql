-- The register: places, households, persons as they are now, events as they happened, corrections, findings.
-- Dates are yyyymmdd, places 12-digit codes, codes the words of the wire.

CREATE TABLE place (
  code         INTEGER PRIMARY KEY,
  name         TEXT NOT NULL,
  level        INTEGER NOT NULL,
  parent       INTEGER,
  registration TEXT,
  sentinel     TEXT,
  valid_from   INTEGER,
  valid_to     INTEGER
) STRICT;
CREATE INDEX place_parent ON place (parent);

-- `key` is the household's key in the files of its village; NULL when the register made it itself.
CREATE TABLE household (
  id    INTEGER PRIMARY KEY,
  place INTEGER NOT NULL REFERENCES place (code),
  key   TEXT
) STRICT;
CREATE UNIQUE INDEX household_key ON household (place, key) WHERE key IS NOT NULL;

-- One row a person. A person of the baseline carries how it entered in the columns entry_* (there is no event row for it);
-- of others they are NULL. `since` is the day of the last event, NULL as long as there is none. Citizen numbers have no index
-- here: they come in random order, and the service keeps one in memory.
CREATE TABLE person (
  id              INTEGER PRIMARY KEY,
  household       INTEGER NOT NULL REFERENCES household (id),
  citizen_number  TEXT,
  name            TEXT NOT NULL,
  sex             TEXT NOT NULL,
  birth           INTEGER NOT NULL,
  ethnic          TEXT,
  marital         TEXT,
  relation        TEXT,
  registration    TEXT,
  place           INTEGER NOT NULL,
  residence       INTEGER,
  status          TEXT NOT NULL,
  since           INTEGER,
  mother          INTEGER REFERENCES person (id),
  entry_event     INTEGER,
  entry_day       INTEGER,
  entry_place     INTEGER,
  entry_residence INTEGER
) STRICT;
CREATE INDEX person_household ON person (household);
CREATE INDEX person_place ON person (place, birth);
CREATE INDEX person_mother ON person (mother) WHERE mother IS NOT NULL;

-- What happened, with the facts as they count. Rows are added; a correction changes a fact and keeps the old one in its own
-- row.
CREATE TABLE event (
  id            INTEGER PRIMARY KEY,
  kind          TEXT NOT NULL,
  person        INTEGER NOT NULL REFERENCES person (id),
  household     INTEGER,
  place         INTEGER NOT NULL,
  other_place   INTEGER,
  residence     INTEGER,
  occurred      INTEGER NOT NULL,
  registered    INTEGER NOT NULL,
  sex           TEXT NOT NULL,
  birth         INTEGER NOT NULL,
  registration  TEXT,
  move_reason   TEXT,
  mother        TEXT,
  mother_person INTEGER,
  birth_order   INTEGER,
  plurality     INTEGER,
  rank          INTEGER,
  adjustment    TEXT,
  delta         INTEGER,
  certificate   TEXT,
  note          TEXT,
  account       TEXT NOT NULL,
  recorded      INTEGER NOT NULL
) STRICT;
CREATE INDEX event_person ON event (person);
CREATE INDEX event_certificate ON event (certificate) WHERE certificate IS NOT NULL;

CREATE TABLE correction (
  id         INTEGER PRIMARY KEY,
  person     INTEGER NOT NULL REFERENCES person (id),
  event      INTEGER,
  place      INTEGER NOT NULL,
  field      TEXT NOT NULL,
  old_value  TEXT,
  new_value  TEXT,
  reason     TEXT NOT NULL,
  registered INTEGER NOT NULL,
  account    TEXT NOT NULL,
  recorded   INTEGER NOT NULL
) STRICT;
CREATE INDEX correction_person ON correction (person);

-- What was noticed about an entry and did not stand in its way.
CREATE TABLE finding (
  id       INTEGER PRIMARY KEY,
  person   INTEGER NOT NULL REFERENCES person (id),
  field    TEXT NOT NULL,
  detail   TEXT NOT NULL,
  recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX finding_person ON finding (person);
