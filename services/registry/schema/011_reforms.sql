-- Boundary reforms. An event that happened before one and was registered after it counts, by date of registration, where its
-- land lies then. Of households whose village became part of another, the village that they came from.

ALTER TABLE event ADD COLUMN registered_place INTEGER;
ALTER TABLE event ADD COLUMN registered_other_place INTEGER;
ALTER TABLE event ADD COLUMN registered_residence INTEGER;

CREATE TABLE household_past (
  household INTEGER NOT NULL REFERENCES household (id),
  until     INTEGER NOT NULL,
  place     INTEGER NOT NULL,
  PRIMARY KEY (household, until)
) STRICT, WITHOUT ROWID;
