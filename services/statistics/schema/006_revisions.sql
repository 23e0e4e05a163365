-- The journal of revisions: each fact that counts in a month which was closed before the fact came, so that what stood
-- on any day can be had by taking the later ones away, and why a figure moved by reading them.
CREATE TABLE revision (
  number INTEGER NOT NULL,          -- log number of the event that brought it
  part   INTEGER NOT NULL,          -- an event may have several
  cause  TEXT NOT NULL,
  fact   BLOB NOT NULL,             -- restatement, in MessagePack
  PRIMARY KEY (number, part)
) STRICT, WITHOUT ROWID;

-- What is known of a count as it was at the first release that told of it, and how far the county's rose and fell since.
ALTER TABLE open_knowledge ADD COLUMN first_low INTEGER NOT NULL DEFAULT 0;
ALTER TABLE open_knowledge ADD COLUMN first_high INTEGER NOT NULL DEFAULT 0;
ALTER TABLE open_knowledge ADD COLUMN rise INTEGER NOT NULL DEFAULT 0;
ALTER TABLE open_knowledge ADD COLUMN fall INTEGER NOT NULL DEFAULT 0;

-- What was closed before had no journal: the log is counted anew from its beginning. Whatever lets it be counted anew empties
-- all of these, and never record_secret.
DELETE FROM cell;
DELETE FROM series;
DELETE FROM published;
DELETE FROM age;
DELETE FROM closing;
DELETE FROM open_figure;
DELETE FROM open_knowledge;
DELETE FROM release;
DELETE FROM consumer;
DELETE FROM applied;
