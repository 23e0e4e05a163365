-- The stratum of a place.

ALTER TABLE place ADD COLUMN stratum TEXT;
