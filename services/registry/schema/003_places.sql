-- The dated tree: `place` holds each code as it was last, `place_past` its earlier spans; `successor` says in what place the
-- land of a code lies from a day on.

ALTER TABLE place ADD COLUMN stratum TEXT;

CREATE TABLE place_past (
  code         INTEGER NOT NULL,
  name         TEXT NOT NULL,
  level        INTEGER NOT NULL,
  parent       INTEGER,
  registration TEXT,
  sentinel     TEXT,
  valid_from   INTEGER,
  valid_to     INTEGER NOT NULL,
  stratum      TEXT,
  PRIMARY KEY (code, valid_to)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_past_parent ON place_past (parent);

CREATE VIEW place_span AS
  SELECT code, name, level, parent, registration, sentinel, valid_from, valid_to, stratum FROM place
  UNION ALL
  SELECT code, name, level, parent, registration, sentinel, valid_from, valid_to, stratum FROM place_past;

CREATE TABLE successor (
  code      INTEGER NOT NULL,
  successor INTEGER NOT NULL,
  operation TEXT NOT NULL,
  day       INTEGER NOT NULL,
  part      TEXT,
  PRIMARY KEY (code, day, successor)
) STRICT, WITHOUT ROWID;
CREATE INDEX successor_back ON successor (successor, day);
