-- A correction of a mother's birth date changes the age at which she is counted with the births of her children.
CREATE INDEX event_mother ON event (mother_person) WHERE mother_person IS NOT NULL;
