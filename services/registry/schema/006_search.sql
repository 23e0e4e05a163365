-- What persons are searched by: village and name as it is compared (NULL: the name itself is), and those who live in another
-- village than they are registered in. The index by village and birth is there already.
ALTER TABLE person ADD COLUMN name_key TEXT;
UPDATE person SET name_key = mns_name_key (name) WHERE name <> mns_name_key (name);
CREATE INDEX person_name ON person (place, coalesce (name_key, name));
CREATE INDEX person_living_name ON person (residence, coalesce (name_key, name)) WHERE residence % 1000 > 0;
CREATE INDEX person_living_birth ON person (residence, birth) WHERE residence % 1000 > 0;
CREATE INDEX person_status ON person (place, status) WHERE status <> 'present';
