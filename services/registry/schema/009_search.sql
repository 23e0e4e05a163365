-- What persons are searched by: village and name in the form in which names are compared, and those who live in another
-- village than they are registered in. The index by village and birth is there already.
ALTER TABLE person ADD COLUMN name_key TEXT;
UPDATE person SET name_key = mns_name_key (name);
CREATE INDEX person_name ON person (place, name_key);
CREATE INDEX person_living_name ON person (residence, name_key) WHERE residence % 1000 > 0;
CREATE INDEX person_living_birth ON person (residence, birth) WHERE residence % 1000 > 0;
CREATE INDEX person_status ON person (place, status) WHERE status <> 'present';
