-- Persons as the registry's events tell them; applications, entitlements; batches and the ledger.

CREATE TABLE person (
  id                INTEGER PRIMARY KEY,
  name              TEXT NOT NULL,
  citizen_number    TEXT,
  sex               TEXT NOT NULL,
  birth             INTEGER NOT NULL,
  registration      TEXT,
  place             INTEGER NOT NULL,
  residence         INTEGER,
  status            TEXT NOT NULL,
  status_day        INTEGER,             -- since when, unless present
  status_registered INTEGER
) STRICT;

CREATE TABLE application (
  id           INTEGER PRIMARY KEY,
  state        TEXT NOT NULL,
  scheme       TEXT NOT NULL,
  tier         TEXT NOT NULL,
  person       INTEGER NOT NULL,
  place        INTEGER NOT NULL,
  from_day     INTEGER NOT NULL,
  children_living        INTEGER,
  sons_living            INTEGER,
  children_deceased      INTEGER,
  child_disability_grade INTEGER,
  bank_account TEXT,
  applied      INTEGER NOT NULL,
  applied_by   TEXT NOT NULL,
  decided      INTEGER,
  decided_by   TEXT,
  reason       TEXT,
  entitlement  INTEGER
) STRICT;
CREATE UNIQUE INDEX application_open ON application (person, scheme) WHERE state = 'applied';

CREATE TABLE entitlement (
  id              INTEGER PRIMARY KEY,
  state           TEXT NOT NULL,
  scheme          TEXT NOT NULL,
  tier            TEXT NOT NULL,
  person          INTEGER NOT NULL,
  place           INTEGER NOT NULL,      -- village it counts in, from beginning to end
  opening         TEXT NOT NULL,
  from_day        INTEGER NOT NULL,
  registered      INTEGER NOT NULL,
  children_living        INTEGER,
  sons_living            INTEGER,
  children_deceased      INTEGER,
  child_disability_grade INTEGER,
  bank_account    TEXT,
  last_day        INTEGER,
  reason          TEXT,
  exit_registered INTEGER,
  CHECK ((state = 'active') = (last_day IS NULL))
) STRICT;
CREATE INDEX entitlement_person ON entitlement (person, scheme);
CREATE UNIQUE INDEX entitlement_once ON entitlement (person, scheme) WHERE state = 'active';
CREATE INDEX entitlement_active ON entitlement (scheme, id) WHERE state = 'active';

CREATE TABLE batch (
  id          INTEGER PRIMARY KEY,
  state       TEXT NOT NULL,
  scheme      TEXT NOT NULL,
  period      TEXT NOT NULL,
  from_month  INTEGER NOT NULL,
  to_month    INTEGER NOT NULL,
  cutoff      INTEGER NOT NULL,
  lines       INTEGER NOT NULL,          -- that are or will be paid
  total_fen   INTEGER NOT NULL CHECK (total_fen >= 0),
  left_out    INTEGER NOT NULL,
  prepared    INTEGER NOT NULL,
  prepared_by TEXT NOT NULL,
  posted      INTEGER,
  posted_by   TEXT,
  sha256      TEXT,
  file        TEXT                       -- once it has been written
) STRICT;
CREATE INDEX batch_unwritten ON batch (id) WHERE state = 'posted' AND file IS NULL;

CREATE TABLE batch_share (
  batch   INTEGER NOT NULL REFERENCES batch,
  tier    TEXT NOT NULL,
  place   INTEGER NOT NULL,              -- order in which the last fen are given
  source  TEXT NOT NULL,
  percent INTEGER NOT NULL,
  PRIMARY KEY (batch, tier, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch_line (
  batch       INTEGER NOT NULL REFERENCES batch,
  line        INTEGER NOT NULL,
  state       TEXT NOT NULL,
  entitlement INTEGER NOT NULL REFERENCES entitlement,
  tier        TEXT NOT NULL,
  period      TEXT NOT NULL,
  amount_fen  INTEGER NOT NULL CHECK (amount_fen >= 0),
  PRIMARY KEY (batch, line)
) STRICT, WITHOUT ROWID;
-- Nobody is paid twice for the same period, whatever the batch.
CREATE UNIQUE INDEX batch_line_once ON batch_line (entitlement, period) WHERE state <> 'left_out';

CREATE TABLE recovery (
  id          INTEGER PRIMARY KEY,
  entitlement INTEGER NOT NULL REFERENCES entitlement,
  batch       INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  amount_fen  INTEGER NOT NULL CHECK (amount_fen > 0),
  since       INTEGER NOT NULL,
  registered  INTEGER NOT NULL,
  UNIQUE (batch, line)
) STRICT;
CREATE INDEX recovery_entitlement ON recovery (entitlement);

CREATE TABLE account (
  name        TEXT PRIMARY KEY,
  balance_fen INTEGER NOT NULL,
  CHECK (balance_fen >= 0 OR name LIKE 'granted:%')
) STRICT, WITHOUT ROWID;

-- Entries of one posting add up to zero; a posting is never changed.
CREATE TABLE posting (
  id       INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,
  about    INTEGER,                      -- batch or recovery
  day      INTEGER NOT NULL,
  by       TEXT NOT NULL,
  document TEXT,                         -- source and number of the document, of money paid in
  note     TEXT
) STRICT;
CREATE UNIQUE INDEX posting_document ON posting (document) WHERE document IS NOT NULL;
CREATE TABLE entry (
  posting    INTEGER NOT NULL REFERENCES posting,
  place      INTEGER NOT NULL,
  account    TEXT NOT NULL REFERENCES account,
  amount_fen INTEGER NOT NULL,
  PRIMARY KEY (posting, place)
) STRICT, WITHOUT ROWID;
