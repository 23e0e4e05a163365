-- Matters with other counties, the letters of each, and how far the letters of each partner are here.

-- `matter` is the identity at both ends, a UUID that the county which opened it drew once, so that a store that was put back
-- never gives one twice.
CREATE TABLE matter (
  id             INTEGER PRIMARY KEY,
  matter         BLOB NOT NULL UNIQUE,
  kind           TEXT NOT NULL,
  state          TEXT NOT NULL,
  revision       INTEGER NOT NULL,
  sender         INTEGER NOT NULL,
  receiver       INTEGER NOT NULL,
  name           TEXT NOT NULL,
  citizen_number TEXT,
  sex            TEXT,
  birth          INTEGER,
  ethnic         TEXT,
  marital        TEXT,
  registration   TEXT,
  origin         INTEGER,
  destination    INTEGER,
  move_reason    TEXT,
  purpose        TEXT,
  opened         INTEGER NOT NULL,
  due            INTEGER,
  day            INTEGER,
  expected_end   INTEGER,
  closed         INTEGER,
  result         TEXT,
  differs        TEXT,
  certificate    TEXT,
  note           TEXT,
  side           TEXT NOT NULL,
  partner        INTEGER NOT NULL,
  person         INTEGER REFERENCES person (id),
  household      TEXT,
  relation       TEXT,
  trouble        TEXT,
  weekdays_only  TEXT,
  act_on         INTEGER,
  open           TEXT NOT NULL,
  account        TEXT NOT NULL,
  changed        INTEGER NOT NULL
) STRICT;
CREATE INDEX matter_open ON matter (partner, id) WHERE open = 'yes';
CREATE INDEX matter_person ON matter (person) WHERE person IS NOT NULL;
CREATE INDEX matter_act_on ON matter (act_on) WHERE act_on IS NOT NULL;

-- (partner, epoch, number) is the event a received letter came in: it is taken once. `partner` of a sent one is NULL.
CREATE TABLE letter (
  letter   INTEGER PRIMARY KEY,
  matter   INTEGER NOT NULL REFERENCES matter (id),
  partner  INTEGER,
  state    TEXT NOT NULL,
  epoch    INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  account  TEXT NOT NULL,
  recorded INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX letter_event ON letter (partner, epoch, number) WHERE partner IS NOT NULL;
CREATE INDEX letter_matter ON letter (matter);

CREATE TABLE partner_line (
  county     INTEGER PRIMARY KEY,
  connected  TEXT NOT NULL,
  heard      INTEGER,
  log_epoch  INTEGER,
  log_number INTEGER,
  chain      INTEGER,
  detail     TEXT
) STRICT;
