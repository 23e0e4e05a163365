-- What may be forgotten one day. A row names its streams and its time before its records, so that it is passed over
-- without reading them; a row whose records were trimmed stays as a tombstone: numbers and chain, no records.
-- log_streams and log_recorded are functions of the broker (log_schema.c).
CREATE TABLE kept_batch (
  first    INTEGER PRIMARY KEY,                    -- log number of the first record
  count    INTEGER NOT NULL CHECK (count > 0),
  chain    INTEGER NOT NULL,                       -- of the log, after the last record
  streams  INTEGER NOT NULL,                       -- set of bits: the streams of its records
  recorded INTEGER NOT NULL,                       -- µs UTC, of the last record
  records  BLOB NOT NULL                           -- empty: trimmed
) STRICT;
INSERT INTO kept_batch (first, count, chain, streams, recorded, records)
  SELECT first, count, chain, log_streams (records), log_recorded (records), records FROM batch ORDER BY first;
DROP TABLE batch;
ALTER TABLE kept_batch RENAME TO batch;
