-- What statistics knows: places, and the cube of counts. The tables place, series and cell follow from the log alone;
-- `published` follows from the hour at which figures were told, and stays out of the export.

CREATE TABLE place (
  code         INTEGER PRIMARY KEY,   -- 12-digit division code
  name         TEXT NOT NULL,
  level        INTEGER NOT NULL,
  parent       INTEGER,
  registration TEXT,
  sentinel     TEXT,
  valid_from   INTEGER,
  valid_to     INTEGER
) STRICT;

CREATE TABLE series (
  id        INTEGER PRIMARY KEY,
  measure   TEXT NOT NULL,
  dimension TEXT NOT NULL,
  UNIQUE (measure, dimension)
) STRICT;

CREATE TABLE cell (
  id       INTEGER PRIMARY KEY,
  place    INTEGER NOT NULL,
  month    INTEGER NOT NULL,          -- yyyymm
  basis    TEXT NOT NULL,             -- registration, occurrence
  series   INTEGER NOT NULL,
  value    INTEGER NOT NULL,
  revision INTEGER NOT NULL           -- log number of the last event that changed it
) STRICT;

CREATE TABLE published (
  cell  INTEGER PRIMARY KEY,
  value INTEGER NOT NULL              -- as last told on the bus
) STRICT;

-- The county whose persons are our own: the counts are only right for the county they were made for.
CREATE TABLE own_county (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  code INTEGER NOT NULL               -- 0: every county
) STRICT;

-- The cube as people read it.
CREATE VIEW figure AS
  SELECT cell.place, cell.month, cell.basis, series.measure, series.dimension, cell.value, cell.revision
    FROM cell JOIN series ON series.id = cell.series;
