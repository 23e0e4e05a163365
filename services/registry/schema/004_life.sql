-- People over time. The person's row holds what is so now; a row of `history` holds what was so from one day up to (not
-- including) another, and the events that began and ended it.

ALTER TABLE person ADD COLUMN native_name TEXT;
ALTER TABLE person ADD COLUMN birth_precision TEXT;
ALTER TABLE person ADD COLUMN birth_calendar TEXT;
ALTER TABLE person ADD COLUMN birth_text TEXT;
ALTER TABLE person ADD COLUMN father INTEGER REFERENCES person (id);
ALTER TABLE person ADD COLUMN spouse INTEGER REFERENCES person (id);
ALTER TABLE person ADD COLUMN adoptive_mother INTEGER REFERENCES person (id);
ALTER TABLE person ADD COLUMN adoptive_father INTEGER REFERENCES person (id);

ALTER TABLE event ADD COLUMN origin TEXT;
ALTER TABLE event ADD COLUMN evidence TEXT;
ALTER TABLE event ADD COLUMN happened_at INTEGER;
ALTER TABLE event ADD COLUMN death_cause TEXT;
ALTER TABLE event ADD COLUMN death_site TEXT;
ALTER TABLE event ADD COLUMN partner INTEGER REFERENCES person (id);
ALTER TABLE event ADD COLUMN father_person INTEGER REFERENCES person (id);
ALTER TABLE event ADD COLUMN other_household INTEGER REFERENCES household (id);
ALTER TABLE event ADD COLUMN relation TEXT;
ALTER TABLE event ADD COLUMN lateness TEXT;
ALTER TABLE event ADD COLUMN approved_by TEXT;
CREATE INDEX event_partner ON event (partner) WHERE partner IS NOT NULL;

-- `changed`: the fact changed on that day; NULL: the old value had been wrong from the beginning.
ALTER TABLE correction ADD COLUMN changed INTEGER;
ALTER TABLE correction ADD COLUMN approved_by TEXT;

CREATE TABLE history (
  person          INTEGER NOT NULL REFERENCES person (id),
  valid_from      INTEGER NOT NULL,
  valid_to        INTEGER NOT NULL,
  begun_by        INTEGER REFERENCES event (id),
  ended_by        INTEGER NOT NULL REFERENCES event (id),
  household       INTEGER REFERENCES household (id),
  relation        TEXT,
  registration    TEXT,
  marital         TEXT,
  place           INTEGER NOT NULL,
  residence       INTEGER,
  status          TEXT NOT NULL,
  spouse          INTEGER REFERENCES person (id),
  adoptive_mother INTEGER REFERENCES person (id),
  adoptive_father INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX history_person ON history (person, valid_from);
CREATE INDEX history_place ON history (place);
CREATE INDEX history_residence ON history (residence) WHERE residence IS NOT NULL;
CREATE INDEX history_household ON history (household);
CREATE INDEX history_ended ON history (ended_by);

-- What the events that are here already say about the past: each but the first ends an interval. Before its first event a
-- person of the baseline was as it entered; in which household then is known unless it moved since.
INSERT INTO history (person, valid_from, valid_to, begun_by, ended_by, household, relation, registration, marital, place,
  residence, status)
SELECT person, valid_from, occurred, begun_by, id, household_before, relation, registration, marital, place_before,
  residence_before, status_before
FROM (
  SELECT e.person, e.occurred, e.id,
    coalesce (lag (e.occurred) OVER life, p.entry_day) AS valid_from,
    lag (e.id) OVER life AS begun_by,
    CASE WHEN lag (e.id) OVER life IS NOT NULL THEN lag (e.household) OVER life
      WHEN e.kind = 'move_within' THEN NULL ELSE e.household END AS household_before,
    p.relation, p.registration, p.marital,
    CASE WHEN lag (e.id) OVER life IS NOT NULL THEN lag (e.place) OVER life ELSE p.entry_place END AS place_before,
    CASE WHEN lag (e.id) OVER life IS NOT NULL THEN lag (e.residence) OVER life ELSE p.entry_residence END
      AS residence_before,
    CASE lag (CASE WHEN e.kind = 'adjustment' AND e.delta < 0 THEN 'removed' ELSE e.kind END) OVER life
      WHEN 'death' THEN 'dead' WHEN 'move_out' THEN 'moved_out' WHEN 'removed' THEN 'removed' ELSE 'present' END
      AS status_before
  FROM event e JOIN person p ON p.id = e.person
  WINDOW life AS (PARTITION BY e.person ORDER BY e.occurred, e.id))
WHERE valid_from IS NOT NULL AND place_before IS NOT NULL;
